//! Deciding, committing and closing, on the wall.

use std::collections::BTreeSet;

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    board::Decision,
    deciding::{carried, shares},
    ids::{ProjectId, StepId},
    sorted::sort,
    words::{Role, StepState, Verdict},
};

use super::{ballot::WallBallot, discussed::WallDiscussed, results::Plain, turning};
use crate::{
    components::{
        Show, comes_to_in_order, is_checkpoint,
        reveal::{Told, focus, verdict_colour},
        verdict_name,
    },
    effect::memo,
    paging::{page, pages},
    session::Live,
    text::text,
};

const VERDICTS: [Verdict; 4] = [Verdict::Move, Verdict::Stop, Verdict::Wait, Verdict::Open];
/// How many decisions there is room for.
const ROWS: usize = 7;
/// How many figures of a checkpoint there is room for.
const FIGURES: usize = 6;

/// What has been decided: verdict, project, who answers for it; verdict by verdict, by name. Tracked.
fn decided(live: Live) -> Memo<Vec<(Verdict, String, String)>> {
    memo(move |_| {
        live.board.written.track();
        live.board.shape.track();
        let board = live.board.board();
        let row = |(id, decision): (&ProjectId, &Decision)| {
            Some((decision.verdict?, board.projects.get(id)?.name.clone(), decision.owner.clone()))
        };
        let mut rows: Vec<_> = board.decisions.iter().filter_map(row).collect();
        let place = |verdict: Verdict| VERDICTS.iter().position(|known| *known == verdict);
        sort(&mut rows, |a, b| (place(a.0), a.1.to_lowercase()).cmp(&(place(b.0), b.1.to_lowercase())));
        rows
    })
}

/// The verdicts so far, each with its number.
#[component]
fn Sums(decided: Memo<Vec<(Verdict, String, String)>>) -> impl IntoView {
    let sums = move || {
        let count = |wanted: Verdict| decided.with(|all| all.iter().filter(|row| row.0 == wanted).count());
        let told =
            VERDICTS.map(|verdict| (verdict, count(verdict))).into_iter().filter(|(_, count)| *count > 0);
        told.map(|(verdict, count)| {
            let says = (text().reveal.verdict.summary)(verdict, count);
            view! { <li style:--c=verdict_colour(verdict)>{says}</li> }
        })
        .collect_view()
    };
    view! { <ul class="sums">{sums}</ul> }
}

/// The decisions, page by page.
#[component]
fn Rows(
    decided: Memo<Vec<(Verdict, String, String)>>,
    /// Which page is held; otherwise they turn.
    #[prop(optional)]
    held: Option<Memo<Option<usize>>>,
) -> impl IntoView {
    let count = memo(move |_| decided.with(|rows| pages(rows.len(), ROWS)));
    let at = turning(count, held.unwrap_or_else(|| memo(|_| None)));
    let rows = move || {
        let rows = decided.with(|rows| page(rows, ROWS, at.get())).into_iter();
        rows.map(|(verdict, name, owner)| {
            view! {
                <li>
                    <strong>{name}</strong>
                    <b class="wall-tag" style:--c=verdict_colour(verdict)>{verdict_name(verdict)}</b>
                    <span>{owner}</span>
                </li>
            }
        })
        .collect_view()
    };
    view! { <ul class="wall-rows">{rows}</ul> }
}

/// The project that is decided on, or what was decided so far.
#[component]
pub(super) fn WallDecide(live: Live) -> impl IntoView {
    let words = &text().reveal.wall;
    let (decided, lit) = (decided(live), focus(live));
    let title = move || super::step_title(live);
    view! {
        <div class="wall-scene" data-testid="wall-decide">
            <Show
                when=move || lit.get().is_some()
                fallback=move || {
                    view! {
                        <h1>{title}</h1>
                        <Rows decided=decided />
                    }
                }
            >
                <WallDiscussed live=live />
            </Show>
            <p class="wall-lead">
                {move || match decided.with(Vec::len) {
                    0 => words.nothing_decided.to_owned(),
                    all => (words.decided)(all),
                }}
            </p>
            <Sums decided=decided />
        </div>
    }
}

/// Confidence in private, and then how many have signed: how many carry it is everybody's to see by then.
#[component]
pub(super) fn WallCommit(live: Live, step: StepId) -> impl IntoView {
    let words = &text().reveal.wall;
    let told = Told::of(live, step);
    let revealed =
        memo(move |_| live.board.session.with(|session| session.step_state == Some(StepState::Revealed)));
    let question = memo(move |_| told.question());
    let signed = memo(move |_| {
        told.results.with(|results| {
            let people: BTreeSet<_> = results.signed.iter().map(|signed| signed.participant).collect();
            (people.len(), carried(results, &Item::session()))
        })
    });
    let may = memo(move |_| {
        live.board.roster.with(|all| all.values().filter(|person| person.role != Role::Observer).count())
    });
    let says = move || {
        let (people, whole) = signed.get();
        (people > 0).then(|| {
            let mut says = vec![(words.signed)(people, may.get())];
            let signatures = whole.signatures();
            let stances = whole.signed;
            if signatures > 0 {
                says.push((words.stances)(stances.carry, stances.reservation, stances.decline));
            }
            view! { <p class="wall-lead" data-testid="wall-signed">{says.join(" ")}</p> }
        })
    };
    view! {
        {move || match question.get().filter(|_| revealed.get()) {
            Some(question) => view! { <Plain told=told question=question /> }.into_any(),
            None => view! { <WallBallot live=live step=step /> }.into_any(),
        }}
        {says}
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
        let (all, _) = shares(&board.board())?;
        // Whole numbers of projects.
        let projects = all.projects;
        Some((words.share_rose)(projects.on_before as u32, projects.on_after as u32, projects.of))
    });
    let open = move || {
        let open = decided.with(|all| all.iter().filter(|row| row.0 == Verdict::Open).count());
        if decided.with(Vec::is_empty) { words.nothing_decided.to_owned() } else { (words.still_open)(open) }
    };
    view! {
        <div class="wall-scene" data-testid="wall-close">
            {move || match is_checkpoint(board) {
                true => view! { <CheckpointClose live=live decided=decided /> }.into_any(),
                false => {
                    view! {
                        <h1>{words.close_title}</h1>
                        <Sums decided=decided />
                        <Rows decided=decided />
                        <p class="wall-lead">{move || rose.get()}</p>
                        <p class="wall-says">{open}</p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// The close of a checkpoint: what it comes to, page by page, and after those each time a further page of what was decided.
#[component]
fn CheckpointClose(live: Live, decided: Memo<Vec<(Verdict, String, String)>>) -> impl IntoView {
    let board = live.board;
    let figures = memo(move |_| comes_to_in_order(board));
    let told = memo(move |_| figures.with(|all| all.len().div_ceil(FIGURES)));
    // A round has the pages of figures and one of decisions; the rounds go through the decisions.
    let rounds = memo(move |_| decided.with(|rows| pages(rows.len(), ROWS)).max(1));
    let at = turning(memo(move |_| (told.get() + 1) * rounds.get()), memo(|_| None));
    let place = memo(move |_| (at.get() % (told.get() + 1), at.get() / (told.get() + 1)));
    let tells = memo(move |_| place.get().0 < told.get());
    let held = memo(move |_| Some(place.get().1));
    let title =
        move || match board.session.with(|session| session.earlier.as_ref().map(|it| it.title.clone())) {
            Some(earlier) if tells.get() => (text().checkpoint.since)(&earlier),
            _ => text().reveal.wall.close_title.to_owned(),
        };
    let page = move || {
        let of = figures.with(|all| page(all, FIGURES, place.get().0));
        let one = |(label, says, known): (String, String, Option<String>)| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>
                        <b class="tabular">{says}</b>
                        {known.map(|known| view! { <span>{known}</span> })}
                    </dd>
                </div>
            }
        };
        of.into_iter().map(one).collect_view()
    };
    view! {
        <h1>{title}</h1>
        <Show
            when=move || tells.get()
            fallback=move || {
                view! {
                    <Sums decided=decided />
                    <Rows decided=decided held=held />
                }
            }
        >
            <dl class="wall-figures" data-testid="wall-figures">
                {page}
            </dl>
        </Show>
    }
}
