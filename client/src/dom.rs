//! Small dealings with the browser that several parts need.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Milliseconds since 1970, by this device's clock.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a date of this century")]
pub(crate) fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// `text` as it can stand between double quotes in a selector. Ids and words of ours need no more.
fn quoted(text: &str) -> String {
    text.replace(['"', '\\'], "")
}

/// The first element whose attribute `name` is `value`.
pub(crate) fn by_attribute(name: &str, value: &str) -> Option<HtmlElement> {
    document().query_selector(&format!("[{name}=\"{}\"]", quoted(value))).ok().flatten()?.dyn_into().ok()
}

/// The element that has the focus, unless it is the page itself.
pub(crate) fn focused() -> Option<Element> {
    document().active_element().filter(|element| element.tag_name() != "BODY")
}

/// The project on whose card the focus is.
pub(crate) fn focused_card() -> Option<plumbline_shared::ids::ProjectId> {
    let card = focused()?.closest("[data-project]").ok()??;
    card.get_attribute("data-project")?.parse().ok()
}

/// Whether keys go into a field, where they are letters and no commands.
pub(crate) fn is_typing() -> bool {
    focused().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
            || (element.tag_name() == "INPUT"
                && !matches!(
                    element.get_attribute("type").as_deref(),
                    Some("checkbox" | "radio" | "button" | "range" | "file")
                ))
            || element.get_attribute("contenteditable").is_some()
    })
}

/// Whether a dialog is open, to which all keys belong.
pub(crate) fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Whether the screen is as narrow as a phone's; the width at which `phone.css` begins.
pub(crate) fn is_narrow() -> bool {
    matches("(max-width: 700px)")
}

/// Whether the person wants things not to move.
pub(crate) fn wants_calm() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// Gives `element` the focus without scrolling the page under the person.
pub(crate) fn focus_quietly(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    element.focus_with_options(&options).ok();
}

/// Brings `element` into sight with the least scrolling.
pub(crate) fn bring_into_sight(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The button of a project's card.
pub(crate) fn card(id: plumbline_shared::ids::ProjectId) -> Option<HtmlElement> {
    let card = by_attribute("data-project", &id.to_string())?;
    card.query_selector("button").ok().flatten()?.dyn_into().ok()
}

/// Scrolls `area`, and nothing around it, until `element` stands `below` pixels under its top.
pub(crate) fn bring_to_top(area: &Element, element: &Element, below: f64) {
    let way = element.get_bounding_client_rect().top() - area.get_bounding_client_rect().top() - below;
    // A screen is a few thousand pixels long.
    area.set_scroll_top(area.scroll_top() + way as i32);
}

/// Scrolls sideways until `element` stands at the start.
pub(crate) fn bring_to_start(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Start);
    if !wants_calm() {
        options.set_behavior(web_sys::ScrollBehavior::Smooth);
    }
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
