//! Figures of pillars in words, and what is not known of sessions.

use leptos::prelude::*;

use crate::{
    api::{PileSum, SightSession},
    format,
    text::pillars::pillars,
};

/// The colour of a pillar; that of no pile where it is not known.
pub(crate) fn of_pillar(colour: &str) -> String {
    let known =
        colour.len() == 2 && colour.starts_with('p') && colour.ends_with(|c: char| c.is_ascii_digit());
    format!("var(--{})", if known { colour } else { "edge" })
}

/// What a pile weighs, in a line: projects, cost and people, with of how many that is known.
pub(crate) fn weighed(sum: PileSum, currency: &str) -> String {
    let words = pillars();
    let part = |amount: String, known: usize| match (known, (words.known)(known, sum.projects)) {
        (0, _) => None,
        (_, of) if of.is_empty() => Some(amount),
        (_, of) => Some(format!("{amount} ({of})")),
    };
    let people = format!("{} {}", format::number(sum.people.sum), words.people.to_lowercase());
    let parts = [
        Some((words.counted)(sum.projects, sum.stopped)),
        part(format::short_money(sum.cost.sum, currency), sum.cost.known),
        part(people, sum.people.known),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What is not known of the sessions, and how many are left out.
#[component]
pub(crate) fn Caveats(
    /// The sessions.
    sessions: Vec<SightSession>,
    /// How many older ones are left out.
    left_out: usize,
) -> impl IntoView {
    let words = pillars();
    let says = sessions.iter().filter(|session| !session.whole).map(|session| {
        if session.erased { (words.erased)(&session.title) } else { (words.resumed)(&session.title) }
    });
    let says: Vec<String> = says.chain((left_out > 0).then(|| (words.left_out)(left_out))).collect();
    (!says.is_empty()).then(|| {
        let says = says.into_iter().map(|says| view! { <li>{says}</li> }).collect_view();
        view! {
            <ul class="sight-caveats" data-testid="sight-caveats">
                {says}
            </ul>
        }
    })
}
