//! A field that looks like what stands in it, for values of the board that one person sets at a time.

use leptos::{html, prelude::*};
use web_sys::{Element, Event, FocusEvent, KeyboardEvent};

use super::following::{follow, read, write};

/// A field of the board. What others set shows at once, but never under the hand of who is typing in it.
#[component]
pub(crate) fn PlainField(
    /// The name by which tests know it.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What stands on the board.
    value: Signal<String>,
    /// What is typed for it, where that is not how it is shown.
    #[prop(optional)]
    typed: Option<Signal<String>>,
    /// Sets it; gives whether that was taken.
    save: Callback<String, bool>,
    /// Whether it has several lines.
    #[prop(optional)]
    long: bool,
    /// The longest it may be, in characters.
    most: usize,
    /// The id of a list of suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    /// What stands in it while it is empty.
    #[prop(optional)]
    placeholder: &'static str,
    /// The kind of keyboard on a touch screen.
    #[prop(default = "text")]
    mode: &'static str,
) -> impl IntoView {
    let (input, area) = (NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
    let field = move || {
        let field = input.try_get().flatten().map(|input| Element::from((*input).clone()));
        field.or_else(|| area.try_get().flatten().map(|area| Element::from((*area).clone())))
    };
    let left = follow(field, value);
    let as_typed = typed.unwrap_or(value);
    let changed = move |event: Event| {
        let field = event_target::<Element>(&event);
        let now = read(&field);
        let now = now.trim();
        let same = as_typed.with_untracked(|before| before == now);
        if !same && !save.run(now.to_owned()) {
            write(&field, &as_typed.get_untracked());
        }
    };
    let entered = move |event: FocusEvent| {
        if typed.is_some() {
            write(&event_target::<Element>(&event), &as_typed.get_untracked());
        }
    };
    let key = move |event: KeyboardEvent| {
        let field = event_target::<web_sys::HtmlElement>(&event);
        match event.key().as_str() {
            "Enter" if !long => {
                event.prevent_default();
                field.blur().ok();
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                write(&field, &as_typed.get_untracked());
                field.blur().ok();
            }
            _ => {}
        }
    };
    if long {
        view! {
            <textarea
                node_ref=area
                class="plain-field"
                rows="2"
                data-testid=name
                aria-label=label
                placeholder=placeholder
                maxlength=most.to_string()
                on:change=changed
                on:keydown=key
                on:focus=entered
                on:blur=left
            />
        }
        .into_any()
    } else {
        view! {
            <input
                node_ref=input
                class="plain-field"
                data-testid=name
                aria-label=label
                placeholder=placeholder
                maxlength=most.to_string()
                inputmode=mode
                list=list
                autocomplete="off"
                on:change=changed
                on:keydown=key
                on:focus=entered
                on:blur=left
            />
        }
        .into_any()
    }
}
