//! When the session will end at this pace, and what to cut to keep to it.

use leptos::prelude::*;
use plumbline_shared::{
    board::{Board, Pile},
    methods::{self, Thresholds},
    results::Counts,
    words::{Question, Verdict},
};

use super::stand::Clock;
use crate::{
    agenda::pace::cuts,
    components::{Icon, changing},
    effect::memo,
    format,
    text::text,
};

/// What to cut, where it is late.
#[component]
pub(crate) fn Advice(clock: Clock) -> impl IntoView {
    let says = advice(clock);
    changing(move || {
        let says = says.get()?;
        Some(view! {
            <p class="agenda-advice" role="status" data-testid="agenda-advice">
                {Icon::Warning}
                <span>{says}</span>
            </p>
        })
    })
}

/// What to cut, as a sentence; none where there is no need.
fn advice(clock: Clock) -> Memo<Option<String>> {
    let board = clock.live.board;
    // By the minute, so that it does not change under the eyes.
    let late = memo(move |_| clock.pace.get().filter(|pace| pace.is_late()).map(|pace| pace.minutes_late()));
    let waiting = memo(move |_| {
        board.written.track();
        board.latest.track();
        board.results.track();
        waiting(&board.board())
    });
    memo(move |_| {
        let late = late.get()?;
        let (contested, undecided) = waiting.get();
        let pace = clock.pace.get_untracked()?;
        let cuts = board
            .session
            .with(|session| board.agenda.with(|agenda| cuts(session, agenda, &pace, contested, undecided)));
        Some((text().agenda.console.cut)(late, &cuts))
    })
}

/// How many contested projects wait to be placed, where that is known, and how many wait for a verdict.
fn waiting(board: &Board) -> (Option<u32>, u32) {
    let decided = |id| board.decisions.get(id).and_then(|decision| decision.verdict);
    let undecided =
        board.projects.keys().filter(|id| matches!(decided(id), None | Some(Verdict::Open))).count();
    (contested(board), undecided as u32)
}

/// How many of the projects on which the last revealed sort split are not placed yet.
fn contested(board: &Board) -> Option<u32> {
    let (_, round, tally) = board.last_round(Question::Placement)?;
    let usual = Thresholds::default();
    let waiting = round.items.iter().zip(&tally.items).filter(|(item, tally)| {
        let waits = item
            .as_project()
            .is_some_and(|id| board.projects.contains_key(&id) && board.pile(id) == Pile::Unsorted);
        waits
            && matches!(&tally.counts, Some(Counts::Placement(piles)) if methods::is_contested(piles, &usual))
    });
    Some(waiting.count() as u32)
}

/// When it ends at this pace, in words.
pub(super) fn ends(clock: Clock) -> Memo<Option<String>> {
    let words = &text().agenda.console;
    // To the nearest minute: what is shown changes no more often, and a clock that is a second off changes nothing.
    let nearest = |seconds: i64| (seconds + seconds.signum() * 30) / 60;
    let at = memo(move |_| clock.pace.get().map(|pace| (pace.ends / 60_000, nearest(pace.late))));
    memo(move |_| {
        let (minute, late) = at.get()?;
        let time = format::time(minute * 60_000);
        let begun =
            clock.live.board.session.with(|session| session.deadline.is_some() || session.entered.is_some());
        Some(if begun { (words.ends)(&time, late * 60) } else { (words.ends_if_begun)(&time) })
    })
}
