//! What is asked about: a project with its details, a pillar, a statement, or the session.

use leptos::prelude::*;
use plumbline_shared::{answer::Item, board::Project};

use super::answering::Answering;
use crate::{format, text::text};

/// What is known of an item, below its name.
#[component]
pub(super) fn Subject(
    /// The ballot.
    answering: Answering,
    /// The item.
    item: Item,
) -> impl IntoView {
    if let Some(card) = answering.card(&item) {
        let board = answering.live.board;
        let facts = move || {
            let currency = board.session.with(|session| session.currency.clone());
            card.project.with(|project| facts(project, &currency))
        };
        let summary = move || card.project.with(|project| project.summary.clone());
        return view! {
            <p class="subject-summary">{summary}</p>
            <dl class="subject-facts">
                {move || {
                    facts()
                        .into_iter()
                        .map(|(heading, value)| view! { <dt>{heading}</dt> <dd>{value}</dd> })
                        .collect_view()
                }}
            </dl>
        }
        .into_any();
    }
    let pillar = move || {
        answering
            .live
            .board
            .pillars
            .with(|pillars| pillars.iter().find(|pillar| pillar.id.to_string() == item.as_str()).cloned())
    };
    view! {
        {move || {
            pillar()
                .map(|pillar| {
                    view! {
                        <p class="subject-summary">{pillar.intent}</p>
                        <ul class="subject-goals">
                            {pillar.goals.into_iter().map(|goal| view! { <li>{goal}</li> }).collect_view()}
                        </ul>
                    }
                })
        }}
    }
    .into_any()
}

/// What stands on a project's card, as far as it is known.
fn facts(project: &Project, currency: &str) -> Vec<(String, String)> {
    let words = &text().card;
    let mut facts = Vec::new();
    let mut fact = |heading: &str, value: String| {
        if !value.is_empty() {
            facts.push((heading.to_owned(), value));
        }
    };
    fact(words.sponsor, project.sponsor.clone());
    if project.owner != project.sponsor {
        fact(words.owner, project.owner.clone());
    }
    fact(words.cost, project.cost.map(|cost| format::money(cost, currency)).unwrap_or_default());
    fact(words.people, project.people.map(format::number).unwrap_or_default());
    for (heading, value) in &project.more {
        fact(heading, value.clone());
    }
    facts
}
