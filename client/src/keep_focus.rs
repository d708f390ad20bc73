//! What has the focus may go: its step is over, its button has done its work. The browser then gives the focus to
//! nobody, and who goes by keyboard begins anew at the top of the page. Here what took its place gets it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Array;
use leptos::{
    ev,
    prelude::{document, request_animation_frame, window_event_listener},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

use crate::dom;

/// What may take the focus in the place of something else: nothing that would bring up a phone's keyboard.
const TAKES: &str = "h1[tabindex], h2[tabindex], button:not(:disabled):not([tabindex='-1']), summary, \
                     a[href], input[type=checkbox]:not(:disabled), [tabindex='0']";
/// The top of what the page is about.
const TOP: &str = "h1[tabindex], h2[tabindex]";
/// So many frames go by before the focus is given on: who has taken something away may be about to give the focus to
/// something else.
const FRAMES: u8 = 3;

/// What had the focus last.
#[derive(Clone, Default)]
struct Last {
    /// It, and what stood around it, from the inside out: of what is gone the page no longer knows where it was.
    chain: Rc<RefCell<Vec<Element>>>,
    /// Whether a pointer has been at work since.
    pointed: Rc<Cell<bool>>,
    /// Whether it is about to be looked after.
    due: Rc<Cell<bool>>,
}

/// Watches over the focus for as long as the page is there.
pub(crate) fn watch() {
    let last = Last::default();
    let (seen, pointed, left) = (last.clone(), last.clone(), last.clone());
    let _ = window_event_listener(ev::focusin, move |_| {
        if let Some(element) = dom::focused() {
            seen.pointed.set(false);
            *seen.chain.borrow_mut() = around(element);
        }
    });
    let _ = window_event_listener(ev::pointerdown, move |_| pointed.pointed.set(true));
    let _ = window_event_listener(ev::focusout, move |_| left.look());
    let changed = Closure::<dyn FnMut()>::new(move || last.look());
    let how = MutationObserverInit::new();
    how.set_child_list(true);
    how.set_subtree(true);
    how.set_attribute_filter(&["disabled", "hidden"].map(JsValue::from).into_iter().collect::<Array>());
    if let (Ok(observer), Some(body)) =
        (MutationObserver::new(changed.as_ref().unchecked_ref()), document().body())
    {
        observer.observe_with_options(&body, &how).ok();
    }
    changed.forget();
}

fn after(frames: u8, act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    request_animation_frame(move || if frames > 1 { after(frames - 1, act) } else { act() });
}

/// An element, and what stands around it, from the inside out.
fn around(element: Element) -> Vec<Element> {
    std::iter::successors(Some(element), |inner| inner.parent_element()).collect()
}

/// Whether an element is on the page and drawn.
fn is_drawn(element: &Element) -> bool {
    element.is_connected() && element.get_bounding_client_rect().width() > 0.0
}

/// The first one of these in `area` that is drawn.
fn first(area: &Element, selector: &str) -> Option<HtmlElement> {
    let all = area.query_selector_all(selector).ok()?;
    let drawn = |at| all.item(at)?.dyn_into::<HtmlElement>().ok().filter(|found| is_drawn(found));
    (0..all.length()).find_map(drawn)
}

impl Last {
    /// Looks after it in a moment.
    fn look(&self) {
        if self.chain.borrow().is_empty() || self.due.replace(true) {
            return;
        }
        let last = self.clone();
        after(FRAMES, move || {
            last.due.set(false);
            last.give_on();
        });
    }

    /// Gives the focus on, where what had it has lost it and nobody else has it.
    fn give_on(&self) {
        if dom::focused().is_some() {
            return;
        }
        let chain = self.chain.borrow().clone();
        let Some(last) = chain.first() else { return };
        let heir = if !is_drawn(last) || last.matches(":disabled").unwrap_or(false) {
            heir(&chain)
        } else if self.pointed.get() || last.matches("input, textarea, select").unwrap_or(false) {
            // Somebody has clicked beside it, or is done with a field.
            None
        } else {
            // It was drawn anew in its place, which takes the focus from it.
            last.clone().dyn_into().ok()
        };
        if let Some(heir) = heir {
            dom::focus_quietly(&heir);
        }
    }
}

/// What takes the place of the first of `chain`: a card that lies elsewhere now, else what stands where it stood, and
/// where all of that is gone the top of what the page shows.
fn heir(chain: &[Element]) -> Option<HtmlElement> {
    let card = chain.iter().find_map(|around| around.get_attribute("data-project")?.parse().ok());
    if let Some(card) = card.and_then(dom::card).filter(|card| is_drawn(card)) {
        return Some(card);
    }
    let main = document().get_element_by_id("content");
    let holds_main = |around: &Element| main.as_ref().is_some_and(|main| around.contains(Some(main)));
    let near =
        chain.iter().skip(1).filter(|around| is_drawn(around)).take_while(|around| !holds_main(around));
    let near = near.filter_map(|around| first(around, TAKES)).next();
    near.or_else(|| {
        let main = main.clone()?;
        first(&main, TOP).or_else(|| main.dyn_into().ok())
    })
}
