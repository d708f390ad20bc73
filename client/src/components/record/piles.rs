//! Where a project came from and where it stands, with the pillar's text as it was when that was decided.

use leptos::prelude::*;

use crate::{
    record::{Pile, Record},
    text::record::record,
};

/// From where to where.
#[component]
pub(crate) fn Piles(of: Record) -> impl IntoView {
    let words = &record().decision;
    view! {
        <section class="decision-part" aria-labelledby="decision-place">
            <h2 id="decision-place">{words.place}</h2>
            <div class="decision-piles">
                {pile("decision-from", words.from, of.from)}
                {pile("decision-to", words.to, of.to)}
            </div>
        </section>
    }
}

fn pile(test: &'static str, heading: &'static str, of: Pile) -> AnyView {
    let words = &record().decision;
    let name = match of.name.filter(|_| of.pile == "pillar") {
        Some(name) => name,
        None => (words.pile)(&of.pile).to_owned(),
    };
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let goals: Vec<String> = of.goals.into_iter().filter(|goal| !goal.trim().is_empty()).collect();
    let measure = given(of.measure)
        .map(|says| view! { <p><span class="hint">{words.pillar_measure}" "</span>{says}</p> });
    let rules_out = given(of.rules_out)
        .map(|says| view! { <p><span class="hint">{words.pillar_rules_out}" "</span>{says}</p> });
    view! {
        <div class="decision-pile" data-testid=test data-pile=of.pile>
            <h3>{heading}</h3>
            <p class="decision-pile-name">{name}</p>
            {given(of.intent).map(|says| view! { <p>{says}</p> })}
            {(!goals.is_empty())
                .then(|| {
                    view! {
                        <ul class="decision-goals">
                            {goals.into_iter().map(|goal| view! { <li>{goal}</li> }).collect_view()}
                        </ul>
                    }
                })}
            {measure}
            {rules_out}
        </div>
    }
    .into_any()
}
