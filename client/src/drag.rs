//! Cards in hand: by mouse, pen and touch, over Pointer Events.
//!
//! A press becomes a drag after six pixels, on a touch screen after a quarter of a second, so that a finger can
//! scroll. While a card is in hand nothing on the board changes its layout: what moves is a copy and a line, both
//! by `transform` alone.

mod ghost;
mod target;

use std::time::Duration;

use leptos::{ev, prelude::*};
use plumbline_shared::{board::Pile, ids::ProjectId};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AddEventListenerOptions, Element, Event, HtmlElement, MouseEvent, PointerEvent};

use crate::{
    desk::{Desk, pile_key},
    dom,
    text::text,
};
use ghost::Ghost;
use target::Target;

/// How far a mouse or a pen goes before it drags, in pixels.
const THRESHOLD: f64 = 6.0;
/// How far a finger may tremble while it is held, in pixels.
const TREMBLE: f64 = 10.0;
/// How long a finger is held before it drags.
const HOLD: Duration = Duration::from_millis(250);

/// For how long after a drop a click is part of it, in milliseconds.
const AFTER_DROP: u64 = 80;

/// A card that is pressed, or in hand.
struct Hold {
    pointer: i32,
    touch: bool,
    /// A pen drags at once, and never scrolls.
    pen: bool,
    card: HtmlElement,
    project: ProjectId,
    from: (f64, f64),
    at: (f64, f64),
    timer: Option<TimeoutHandle>,
    drag: Option<Drag>,
}

/// A card in hand.
struct Drag {
    projects: Vec<ProjectId>,
    ghost: Ghost,
    target: Option<Target>,
    frame: bool,
}

/// The hand of this page.
#[derive(Clone, Copy)]
pub(crate) struct Hands {
    desk: Desk,
    hold: StoredValue<Option<Hold>, LocalStorage>,
    dropped_at: StoredValue<u64>,
}

/// The card that an event is on.
fn card_of(event: &Event) -> Option<(HtmlElement, ProjectId)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let card = target.closest("[data-project]").ok()??.dyn_into::<HtmlElement>().ok()?;
    let project = card.get_attribute("data-project")?.parse().ok()?;
    Some((card, project))
}

impl Hands {
    /// Takes cards of `board` for as long as the current owner lives.
    pub(crate) fn listen(desk: Desk, board: &HtmlElement) {
        let hands = Self { desk, hold: StoredValue::new_local(None), dropped_at: StoredValue::new(0) };
        let moved = window_event_listener(ev::pointermove, move |event| hands.moved(&event));
        let up = window_event_listener(ev::pointerup, move |event| hands.up(&event));
        let cancelled = window_event_listener(ev::pointercancel, move |event| {
            if hands.is_mine(&event) {
                hands.let_go();
            }
        });
        let left = window_event_listener(ev::blur, move |_| hands.let_go());
        let key = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && hands.is_dragging() {
                event.prevent_default();
                hands.let_go();
            }
        });
        on_cleanup(move || {
            hands.let_go();
            for listener in [moved, up, cancelled, left, key] {
                listener.remove();
            }
        });
        hands.listen_on(board);
    }

    fn listen_on(self, board: &HtmlElement) {
        let down = Closure::<dyn FnMut(PointerEvent)>::new(move |event: PointerEvent| self.down(&event));
        board.add_event_listener_with_callback("pointerdown", down.as_ref().unchecked_ref()).ok();
        let clicked = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| self.clicked(&event));
        board.add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref()).ok();
        // A browser scrolls unless the first move after the hold is refused, which a passive listener cannot do.
        let touched = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if self.is_dragging() || self.hold.with_value(|hold| hold.as_ref().is_some_and(|hold| hold.pen)) {
                event.prevent_default();
            }
        });
        let active = AddEventListenerOptions::new();
        active.set_passive(false);
        board
            .add_event_listener_with_callback_and_add_event_listener_options(
                "touchmove",
                touched.as_ref().unchecked_ref(),
                &active,
            )
            .ok();
        // A long press asks for a menu on touch screens; here it lifts the card.
        let menu = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if self.hold.with_value(|hold| hold.as_ref().is_some_and(|hold| hold.touch)) {
                event.prevent_default();
            }
        });
        board.add_event_listener_with_callback("contextmenu", menu.as_ref().unchecked_ref()).ok();
        let kept = StoredValue::new_local(Some((down, clicked, touched, menu)));
        let board = StoredValue::new_local(board.clone());
        on_cleanup(move || {
            let closures = kept.try_update_value(Option::take).flatten();
            if let (Some((down, clicked, touched, menu)), Some(board)) = (closures, board.try_get_value()) {
                board.remove_event_listener_with_callback("pointerdown", down.as_ref().unchecked_ref()).ok();
                board.remove_event_listener_with_callback("click", clicked.as_ref().unchecked_ref()).ok();
                board.remove_event_listener_with_callback("touchmove", touched.as_ref().unchecked_ref()).ok();
                board.remove_event_listener_with_callback("contextmenu", menu.as_ref().unchecked_ref()).ok();
            }
        });
    }

    fn is_mine(self, event: &PointerEvent) -> bool {
        self.hold.with_value(|hold| hold.as_ref().is_some_and(|hold| hold.pointer == event.pointer_id()))
    }

    fn is_dragging(self) -> bool {
        self.hold.with_value(|hold| hold.as_ref().is_some_and(|hold| hold.drag.is_some()))
    }

    fn down(self, event: &PointerEvent) {
        if event.button() != 0 || !event.is_primary() || self.hold.with_value(Option::is_some) {
            return;
        }
        let Some((card, project)) = card_of(event) else { return };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let touch = event.pointer_type() == "touch";
        let timer = touch.then(|| set_timeout_with_handle(move || self.lift(), HOLD).ok()).flatten();
        self.hold.set_value(Some(Hold {
            pointer: event.pointer_id(),
            touch,
            pen: event.pointer_type() == "pen",
            card,
            project,
            from: at,
            at,
            timer,
            drag: None,
        }));
    }

    fn moved(self, event: &PointerEvent) {
        if !self.is_mine(event) {
            return;
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        enum Next {
            Nothing,
            Lift,
            Draw,
            LetGo,
        }
        let next = self.hold.try_update_value(|hold| {
            let Some(hold) = hold else { return Next::Nothing };
            hold.at = at;
            let far = (at.0 - hold.from.0).hypot(at.1 - hold.from.1);
            match &mut hold.drag {
                Some(drag) if drag.frame => Next::Nothing,
                Some(drag) => {
                    drag.frame = true;
                    Next::Draw
                }
                // The finger scrolls.
                None if hold.touch && far > TREMBLE => Next::LetGo,
                None if !hold.touch && far > THRESHOLD => Next::Lift,
                None => Next::Nothing,
            }
        });
        match next {
            Some(Next::Lift) => self.lift(),
            Some(Next::Draw) => request_animation_frame(move || self.draw()),
            Some(Next::LetGo) => self.let_go(),
            _ => {}
        }
    }

    /// Takes the pressed card into the hand.
    fn lift(self) {
        let desk = self.desk;
        let held = self.hold.with_value(|hold| hold.as_ref().map(|hold| (hold.project, hold.card.clone())));
        let Some((project, card)) = held else { return };
        let intent = plumbline_sync::Intent::Place { projects: vec![project], pile: Pile::Off, before: None };
        if !desk.live.may(&intent) {
            // The rules say why.
            desk.live.say_why_not(&intent);
            return self.let_go();
        }
        let selected = desk.selected.get_untracked();
        let projects = if selected.contains(&project) { selected } else { vec![project] };
        let lifted = self.hold.try_update_value(|hold| {
            let Some(hold) = hold else { return false };
            let Some(ghost) = Ghost::lift(&card, hold.at, projects.len(), hold.touch) else { return false };
            if let Some(root) = document().document_element() {
                root.set_pointer_capture(hold.pointer).ok();
                // On a narrow screen all piles come up in the half where the finger is not.
                let upper = window()
                    .inner_height()
                    .ok()
                    .and_then(|height| height.as_f64())
                    .is_some_and(|height| hold.at.1 < height / 2.0);
                root.set_attribute("data-dragging", if upper { "upper" } else { "lower" }).ok();
            }
            card.class_list().add_1("lifted").ok();
            hold.drag = Some(Drag { projects, ghost, target: None, frame: true });
            true
        });
        if lifted != Some(true) {
            return self.let_go();
        }
        desk.dragging.set(true);
        let name = desk.live.board.card(project).map(|card| card.project.with_untracked(|p| p.name.clone()));
        desk.live.notices().say((text().spoken.picked_up)(&name.unwrap_or_default()));
        desk.live.presence(|presence| presence.holding = Some(project));
        self.draw();
    }

    /// One frame of a drag: first everything is read, then everything is written. Goes on by itself while the
    /// pointer is at an edge and the board scrolls under it.
    fn draw(self) {
        let desk = self.desk;
        let drawn = self.hold.try_update_value(|hold| {
            let hold = hold.as_mut()?;
            let drag = hold.drag.as_mut()?;
            drag.frame = false;
            let target = Target::at(hold.at, &drag.projects);
            let scrolls = target::scroll_at(hold.at);
            drag.ghost.follow(hold.at, target.as_ref());
            drag.frame = scrolls;
            drag.target.clone_from(&target);
            Some((target.map(|target| target.pile), scrolls))
        });
        let Some(Some((over, scrolls))) = drawn else { return };
        if desk.over.get_untracked() != over {
            desk.over.set(over);
            desk.live.presence(|presence| presence.over = over.map(pile_key));
        }
        if scrolls {
            request_animation_frame(move || self.draw());
        }
    }

    fn up(self, event: &PointerEvent) {
        if !self.is_mine(event) {
            return;
        }
        // The last move may not have been drawn yet.
        if self.is_dragging() {
            self.draw();
        }
        let desk = self.desk;
        let dropped = self.hold.with_value(|hold| {
            let drag = hold.as_ref()?.drag.as_ref()?;
            Some((drag.projects.clone(), drag.target.clone()))
        });
        self.let_go_quietly();
        let Some((projects, target)) = dropped else { return };
        self.dropped_at.set_value(dom::now());
        if let Some(target) = target {
            desk.place(projects, target.pile, target.before);
        }
    }

    /// A card was clicked: by the pointer, by a tap, or by what a screen reader does in place of them. Not when the
    /// pointer goes up: a sheet that came up then would get the click.
    fn clicked(self, event: &MouseEvent) {
        if dom::now().saturating_sub(self.dropped_at.get_value()) < AFTER_DROP {
            return;
        }
        let Some((_, project)) = card_of(event) else { return };
        if event.shift_key() {
            self.desk.pick_through(project);
        } else if event.ctrl_key() || event.meta_key() {
            self.desk.pick(project);
        } else {
            self.desk.open_card(project);
        }
        if let Some(card) = dom::card(project).filter(|_| !dom::is_narrow()) {
            dom::focus_quietly(&card);
        }
    }

    /// Puts the card back where it was.
    fn let_go(self) {
        let project = self
            .hold
            .try_with_value(|hold| hold.as_ref().and_then(|hold| hold.drag.as_ref().map(|_| hold.project)));
        if let Some(Some(project)) = project
            && let Some(card) = self.desk.live.board.card(project)
            && let Some(name) = card.project.try_with_untracked(|project| project.name.clone())
        {
            self.desk.live.notices().say((text().spoken.put_back)(&name));
        }
        self.let_go_quietly();
    }

    fn let_go_quietly(self) {
        let Some(Some(hold)) = self.hold.try_update_value(Option::take) else { return };
        if let Some(timer) = hold.timer {
            timer.clear();
        }
        if hold.drag.is_some() {
            hold.card.class_list().remove_1("lifted").ok();
            if let Some(root) = document().document_element() {
                root.release_pointer_capture(hold.pointer).ok();
                root.remove_attribute("data-dragging").ok();
            }
            self.desk.dragging.try_set(false);
            self.desk.over.try_set(None);
            self.desk.live.presence(|presence| {
                presence.holding = None;
                presence.over = None;
            });
        }
    }
}
