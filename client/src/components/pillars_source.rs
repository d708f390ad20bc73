//! Where pillars come from: typed, the sample's, or nowhere yet.

use leptos::prelude::*;
use plumbline_shared::limits;

use crate::{text::text, typed};

/// Where from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PillarsChoice {
    Typed,
    Sample,
    Nothing,
}

/// The choice, and the names.
#[component]
pub(crate) fn PillarsSource(
    /// What is chosen.
    choice: RwSignal<PillarsChoice>,
    /// What was typed.
    typed: RwSignal<String>,
) -> impl IntoView {
    let words = &text().setup;
    let offers = [
        (PillarsChoice::Typed, words.pillars_typed, "pillars-typed"),
        (PillarsChoice::Sample, words.pillars_sample, "pillars-sample"),
        (PillarsChoice::Nothing, words.pillars_none, "pillars-none"),
    ];
    view! {
        <div class="source">
            <div class="segments" role="radiogroup" aria-label=words.pillars>
                {offers
                    .map(|(offer, label, id)| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name="pillars-source"
                                    data-testid=id
                                    prop:checked=move || choice.get() == offer
                                    on:change=move |_| choice.set(offer)
                                />
                                <span>{label}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
            {move || match choice.get() {
                PillarsChoice::Typed => view! { <TypedPillars typed=typed /> }.into_any(),
                PillarsChoice::Sample => {
                    view! { <p class="hint roomy">{words.pillars_sample_hint}</p> }.into_any()
                }
                PillarsChoice::Nothing => {
                    view! { <p class="hint roomy">{words.pillars_none_hint}</p> }.into_any()
                }
            }}
        </div>
    }
}

/// Pillars, one a line, and how many that makes.
#[component]
pub(crate) fn TypedPillars(
    /// What was typed.
    typed: RwSignal<String>,
) -> impl IntoView {
    let words = &text().setup;
    let counted = move || {
        let count = typed.with(|typed| typed::names(typed).len());
        if count > limits::PILLARS {
            view! { <span class="error">{(words.pillars_too_many)(limits::PILLARS)}</span> }.into_any()
        } else {
            (count > 0).then(|| (words.pillars_counted)(count)).into_any()
        }
    };
    view! {
        <div class="field">
            <label class="unseen" for="pillars-lines">
                {words.pillars}
            </label>
            <textarea
                id="pillars-lines"
                data-testid="pillars-lines"
                rows="6"
                placeholder=words.pillars_placeholder
                prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())
            />
            <p class="hint">{counted}</p>
        </div>
    }
}
