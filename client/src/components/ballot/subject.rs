//! What is asked about: a project with its details, a pillar, a statement, or the session.

use leptos::prelude::*;
use plumbline_shared::{
    agenda::{Asks, asks},
    answer::Item,
    board::Project,
    day::Day,
    ids::ProjectId,
};

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
        let promised = move || {
            card.project.track();
            promised(answering, card.id)
        };
        return view! {
            <dl class="subject-facts subject-promised" data-testid="subject-promised">
                {move || {
                    promised()
                        .into_iter()
                        .map(|(heading, value)| view! { <dt>{heading}</dt> <dd>{value}</dd> })
                        .collect_view()
                }}
            </dl>
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

/// What was agreed about it, where a checkpoint asks what became of that: of a move its target, or its assumptions; of a stop
/// its end.
fn promised(answering: Answering, project: ProjectId) -> Vec<(&'static str, String)> {
    let board = answering.live.board;
    let asked = board.agenda.with(|agenda| {
        let step = agenda.iter().find(|step| step.id == answering.step)?;
        asks(&step.options)
    });
    let names: &[&str] = match asked {
        Some(Asks::Target) => &["measure", "measure_due", "outcome"],
        Some(Asks::Assumptions) => &["assumptions"],
        Some(Asks::Seen) => &["ends", "first_step", "frees"],
        None => return Vec::new(),
    };
    let board = board.board();
    let Some(earlier) = board.earlier.get(&project) else { return Vec::new() };
    let said = |name: &&str| {
        let said = earlier.field(name).trim();
        let said = Day::parse(said).map_or_else(|| said.to_owned(), format::calendar_day);
        (!said.is_empty()).then(|| ((text().decide.form.field)(name), said))
    };
    names.iter().filter_map(said).collect()
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
