//! What the room said in private, in counts, and how it differs from what it signs.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    deciding::{Carried, carried},
    methods::quartiles,
    results::{Counts, StepResults},
};

use super::commit::called;
use crate::{effect::memo, format, session::Live, text::text};

/// What the current step came to; tracked.
pub(super) fn results_here(live: Live) -> StepResults {
    let step = live.board.session.with(|session| session.step);
    live.board.results.with(|results| step.and_then(|step| results.get(&step)).cloned().unwrap_or_default())
}

/// How far `about` is carried, as a memo.
pub(super) fn carried_here(live: Live, about: Item) -> Memo<Carried> {
    memo(move |_| carried(&results_here(live), &about))
}

/// A row of six counts for each thing that was asked about, with the round before beside it.
#[component]
pub(super) fn Confidence(live: Live) -> impl IntoView {
    let words = &text().decide.commit;
    let rows = move || {
        let results = results_here(live);
        let mut rounds = results.rounds.iter().rev().filter(|(_, round)| round.tally.is_some());
        let (_, round) = rounds.next()?;
        let tally = round.tally.as_ref()?;
        let rows = round
            .items
            .iter()
            .zip(&tally.items)
            .map(|(item, tally)| {
                let name = match item.as_statement() {
                    Some(at) => round.statements.get(at).cloned().unwrap_or_default(),
                    None => called(live, item),
                };
                let answered = (words.counted)(tally.answered, tally.eligible);
                let Some(Counts::Scale(scale)) = &tally.counts else {
                    return view! {
                        <li>
                            <strong>{name}</strong>
                            <p class="quiet">{text().decide.evidence.too_few}</p>
                        </li>
                    }
                    .into_any();
                };
                let most = scale.counts.iter().copied().max().unwrap_or(0).max(1);
                let bars = (usize::from(round.lowest)..=5)
                    .map(|value| {
                        let count = scale.counts[value];
                        let share = format!("{count} / {most}");
                        view! {
                            <span class="commit-bar" class:low=value < 3 style:--share=format!("calc({share})")>
                                <i aria-hidden="true" />
                                <b>{value}</b>
                                <span class="tabular">{format!("×{count}")}</span>
                            </span>
                        }
                    })
                    .collect_view();
                let median = quartiles(scale).map(|told| (words.median)(&format::number(told.median)));
                view! {
                    <li>
                        <strong>{name}</strong>
                        <div class="commit-bars">{bars}</div>
                        <p class="quiet">{answered} " · " {median}</p>
                    </li>
                }
                .into_any()
            })
            .collect_view();
        Some(rows)
    };
    view! {
        <section class="commit-confidence" data-testid="confidence">
            <h3>{words.confidence}</h3>
            <ul>{move || rows()}</ul>
        </section>
    }
}

/// Private beside public, for the group and nobody in particular.
#[component]
pub(super) fn Gap(carried: Memo<Carried>) -> impl IntoView {
    let words = &text().decide.commit;
    view! {
        <section class="commit-gap" data-testid="gap">
            <h3>{words.gap}</h3>
            {move || {
                let carried = carried.get();
                let (Some((confident, answered)), Some(gap)) = (carried.confident, carried.gap) else {
                    return view! { <p class="hint">{words.gap_later}</p> }.into_any();
                };
                let quiet = gap.gap() > 0.0;
                view! {
                    <p class="tabular">{(words.gap_private)(confident, answered)}</p>
                    <p class="tabular">{(words.gap_public)(carried.signed.carry, carried.signatures())}</p>
                    <p class:commit-quiet=quiet>{if quiet { words.gap_quiet } else { words.gap_none }}</p>
                }
                    .into_any()
            }}
        </section>
    }
}
