//! Fields of the form that are more than one line of text.

use leptos::prelude::*;

use crate::{request::Choice, text::text};

/// A labelled field of several lines.
#[component]
pub(crate) fn Paragraph(
    /// Its label.
    label: &'static str,
    /// What it is good for.
    hint: &'static str,
    /// The name by which tests know it.
    name: &'static str,
    /// What stands in it.
    value: RwSignal<String>,
    /// The longest it may be, in characters.
    most: usize,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let described = hint_id.clone();
    view! {
        <div class="field">
            <label for=name>
                {label}
                {optional.then(|| view! { <span class="quiet">" " {text().general.optional}</span> })}
            </label>
            <textarea
                id=name
                name=name
                data-testid=name
                rows="4"
                maxlength=most.to_string()
                aria-describedby=described
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
            <p class="hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}

/// One of several, or none of them.
#[component]
pub(crate) fn Question(
    /// What is asked.
    legend: &'static str,
    /// What it is good for.
    #[prop(optional)]
    hint: &'static str,
    /// The name by which tests know it.
    name: &'static str,
    /// What is chosen.
    value: RwSignal<Choice>,
    /// What can be chosen: a choice, its name, and what it means.
    choices: Vec<(Choice, String, String)>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// What belongs to a choice.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let described = hint_id.clone();
    let same = |one: &Choice, other: &Choice| match (one, other) {
        // Whatever is being typed for it.
        (Choice::One(one), Choice::One(other)) => one.is_empty() || one == other,
        (one, other) => one == other,
    };
    view! {
        <fieldset class="ask-question" aria-describedby=described data-testid=name>
            <legend>{legend}</legend>
            <p class="hint" id=hint_id>
                {move || match error.get() {
                    Some(error) => view! { <span class="error">{error}</span> }.into_any(),
                    None => hint.into_any(),
                }}
            </p>
            {choices
                .into_iter()
                .map(|(choice, title, says)| {
                    let (shown, chosen) = (choice.clone(), choice);
                    let known = match &shown {
                        Choice::Open | Choice::None => "none".to_owned(),
                        Choice::One(name) if name.is_empty() => "one".to_owned(),
                        Choice::One(name) => name.clone(),
                    };
                    view! {
                        <label class="ask-choice">
                            <input
                                type="radio"
                                name=name
                                data-testid=format!("{name}-choice")
                                data-choice=known
                                prop:checked=move || value.with(|value| same(&shown, value))
                                on:change=move |_| value.set(chosen.clone())
                            />
                            <span class="ask-choice-text">
                                <b>{title}</b>
                                {(!says.is_empty()).then(|| view! { <span class="ask-choice-says">{says}</span> })}
                            </span>
                        </label>
                    }
                })
                .collect_view()}
            {children.map(|children| children())}
        </fieldset>
    }
}
