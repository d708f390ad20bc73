//! Fields that follow what others set, but never under the hand of who is typing in them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlInputElement, HtmlTextAreaElement};

use crate::{dom, effect::effect};

/// Keeps the field that `field` gives at `value` while it has not the focus. The handler belongs on its `blur`: what
/// others set meanwhile shows once it is left.
pub(super) fn follow(
    field: impl Fn() -> Option<Element> + Copy + 'static,
    value: Signal<String>,
) -> impl Fn(FocusEvent) + Copy {
    let follow = move || {
        // It is asked two frames after the field is left, by when the form may be closed and the field gone.
        if let (Some(field), Some(value)) = (field(), value.try_get())
            && dom::focused().as_ref() != Some(&field)
        {
            write(&field, &value);
        }
    };
    effect(follow);
    // What was typed is on the board by then.
    move |_| request_animation_frame(move || request_animation_frame(move || untrack(follow)))
}

/// What stands in a field of one or several lines.
pub(super) fn read(field: &Element) -> String {
    match field.dyn_ref::<HtmlInputElement>() {
        Some(input) => input.value(),
        None => field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default(),
    }
}

/// Puts `value` into a field, unless it stands there.
pub(super) fn write(field: &Element, value: &str) {
    if read(field) == value {
        return;
    }
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    }
}
