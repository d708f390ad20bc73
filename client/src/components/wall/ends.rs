//! Deciding, committing and closing, on the wall.

use std::collections::BTreeSet;

use leptos::prelude::*;
use plumbline_shared::{
    ids::StepId,
    methods::strategy_share,
    readings::weighed,
    words::{Question, Role, Verdict},
};

use super::{ballot::WallBallot, discussed::WallDiscussed};
use crate::{
    components::{
        Show,
        reveal::{focus, verdict_colour},
    },
    effect::memo,
    session::Live,
    text::text,
};

/// How many projects have which verdict; tracked.
fn decided(live: Live) -> Memo<[(Verdict, usize); 4]> {
    memo(move |_| {
        live.board.written.track();
        let board = live.board.board();
        [Verdict::Move, Verdict::Wait, Verdict::Stop, Verdict::Open].map(|verdict| {
            (verdict, board.decisions.values().filter(|decision| decision.verdict == Some(verdict)).count())
        })
    })
}

/// The verdicts so far, each with its number.
#[component]
fn Sums(decided: Memo<[(Verdict, usize); 4]>) -> impl IntoView {
    let sums = move || {
        let told = decided.get().into_iter().filter(|(_, count)| *count > 0);
        told.map(|(verdict, count)| {
            let says = (text().reveal.verdict.summary)(verdict, count);
            view! { <li style:--c=verdict_colour(verdict)>{says}</li> }
        })
        .collect_view()
    };
    view! { <ul class="sums">{sums}</ul> }
}

/// The project that is decided on, and the verdicts so far.
#[component]
pub(super) fn WallDecide(live: Live) -> impl IntoView {
    let words = &text().reveal.wall;
    let (decided, lit) = (decided(live), focus(live));
    let all = memo(move |_| decided.get().iter().map(|(_, count)| count).sum::<usize>());
    let title = move || super::step_title(live);
    view! {
        <div class="wall-scene" data-testid="wall-decide">
            <Show when=move || lit.get().is_some() fallback=move || view! { <h1>{title}</h1> }>
                <WallDiscussed live=live />
            </Show>
            <p class="wall-lead">
                {move || match all.get() {
                    0 => words.nothing_decided.to_owned(),
                    all => (words.decided)(all),
                }}
            </p>
            <Sums decided=decided />
        </div>
    }
}

/// Confidence in private, and how many have signed.
#[component]
pub(super) fn WallCommit(live: Live, step: StepId) -> impl IntoView {
    let signed = memo(move |_| {
        let signed = live.board.results.with(|all| {
            let signed = all.get(&step).map(|results| results.signed.as_slice()).unwrap_or_default();
            signed.iter().map(|signed| signed.participant).collect::<BTreeSet<_>>().len()
        });
        let of = live
            .board
            .roster
            .with(|roster| roster.values().filter(|person| person.role != Role::Observer).count());
        (signed, of)
    });
    view! {
        <WallBallot live=live step=step />
        <p class="wall-lead" data-testid="wall-signed">
            {move || {
                let (signed, of) = signed.get();
                (signed > 0).then(|| (text().reveal.wall.signed)(signed, of))
            }}
        </p>
    }
}

/// What was decided, and how far the strategy's share went up from the first sort to the last.
#[component]
pub(super) fn WallClose(live: Live) -> impl IntoView {
    let board = live.board;
    let words = &text().reveal.wall;
    let decided = decided(live);
    let rose = memo(move |_| {
        board.shape.track();
        board.results.track();
        let known = board.board();
        // The first round of the first sort that was revealed.
        let first = known.agenda.iter().filter(|step| step.question == Some(Question::Placement)).find_map(
            |step| known.results.get(&step.id)?.rounds.values().find(|round| round.tally.is_some()),
        )?;
        let share = strategy_share(&weighed(first, &known)).projects;
        // Whole numbers of projects.
        Some((words.share_rose)(share.on_before as u32, share.on_after as u32, share.of))
    });
    view! {
        <div class="wall-scene" data-testid="wall-close">
            <h1>{words.close_title}</h1>
            <Sums decided=decided />
            <p class="wall-lead">{move || rose.get()}</p>
            <p class="wall-says">
                {move || {
                    let decided = decided.get();
                    let any = decided.iter().any(|(_, count)| *count > 0);
                    if any { (words.still_open)(decided[3].1) } else { words.nothing_decided.to_owned() }
                }}
            </p>
        </div>
    }
}
