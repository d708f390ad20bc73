//! A labelled field of one line.

use leptos::{html, prelude::*};

use crate::{effect::effect, text::text};

/// A field with its label, a hint, and what is wrong with it.
#[component]
pub(crate) fn Field(
    /// Its label.
    label: &'static str,
    /// What stands in it.
    value: RwSignal<String>,
    /// The name by which tests and the browser's memory know it.
    name: &'static str,
    /// What it is good for.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// An example, shown while it is empty.
    #[prop(optional)]
    placeholder: &'static str,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// How the browser may fill it in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The longest it may be, in characters.
    #[prop(default = plumbline_shared::limits::TITLE)]
    most: usize,
    /// Another class.
    #[prop(optional)]
    class: &'static str,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    focus: bool,
    /// The keyboard of a touch screen.
    #[prop(default = "text")]
    mode: &'static str,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    if focus {
        effect(move || {
            if let Some(input) = input.get() {
                request_animation_frame(move || {
                    input.focus().ok();
                });
            }
        });
    }
    let hint_id = format!("{name}-hint");
    let described = hint_id.clone();
    view! {
        <div class=format!("field {class}")>
            <label for=name>
                {label}
                {optional.then(|| view! { <span class="quiet">" " {text().general.optional}</span> })}
            </label>
            <input
                node_ref=input
                id=name
                name=name
                data-testid=name
                type="text"
                inputmode=mode
                autocomplete=autocomplete
                maxlength=most.to_string()
                placeholder=placeholder
                required=!optional
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
            <p class="hint" id=hint_id>
                {move || match error.get() {
                    Some(error) => view! { <span class="error">{error}</span> }.into_any(),
                    None => hint.into_any(),
                }}
            </p>
        </div>
    }
}
