//! Beside what the wall shows: the time that is left, what to do now, and what comes next.

use leptos::prelude::*;

use super::OnWall;
use crate::{
    agenda::pace::Pace,
    components::{Scene, agenda::Stand},
    session::Live,
    text::text,
    ticking::ticking,
};

/// The time that is left, what to do now, and what comes next.
#[component]
pub(crate) fn WallNow(
    /// The session.
    live: Live,
    /// What stands beside it: a ballot says for itself what to do.
    shows: OnWall,
) -> impl IntoView {
    let words = &text().agenda.bar;
    let tells = !matches!(shows, OnWall::Other(Scene::Ballot));
    let clocked = ticking(live);
    let stand = Stand::current(live);
    // As on every page: of a ballot, the time for answering until its tally is shown.
    let left = move || {
        let now = clocked.get();
        let pace = live
            .board
            .session
            .with(|session| live.board.agenda.with(|agenda| Pace::of(session, agenda, now)));
        let seconds = pace?.left?;
        Some(view! { <p class="wall-time tabular" class:over={seconds < 0}>{(words.left)(seconds)}</p> })
    };
    let now = move || tells.then(|| stand.with(|stand| stand.now.clone())).filter(|now| !now.is_empty());
    view! {
        <section class="wall-now" data-testid="wall-now">
            {left}
            {move || now().map(|now| view! { <p class="wall-says">{now}</p> })}
            {move || {
                let next = stand.with(|stand| stand.next.clone())?;
                Some(view! { <p class="wall-says quiet">{(words.next)(&next)}</p> })
            }}
        </section>
    }
}
