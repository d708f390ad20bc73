//! Beside what the wall shows: the time that is left, and what comes next.

use leptos::prelude::*;
use plumbline_shared::agenda::option;

use super::OnWall;
use crate::{
    components::{Scene, reveal::clock},
    effect::memo,
    session::Live,
    text::text,
    ticking::ticking,
};

/// The time that is left, what to do now, and what comes next.
#[component]
pub(crate) fn WallNow(
    /// The session.
    live: Live,
    /// What stands beside it: a ballot, and what it came to, say for themselves what it is about.
    shows: OnWall,
) -> impl IntoView {
    let tells = !matches!(shows, OnWall::Other(Scene::Ballot | Scene::Reveal));
    let board = live.board;
    let words = &text().reveal.wall;
    let clocked = ticking(live);
    let left = move || {
        let deadline = board.session.with(|session| session.deadline)?;
        let left = deadline.saturating_sub(clocked.get()) / 1_000;
        Some(if left == 0 {
            view! { <p class="wall-time up">{words.time_up}</p> }.into_any()
        } else {
            view! { <p class="wall-time tabular">{clock(left)}</p> }.into_any()
        })
    };
    let stands = memo(move |_| {
        let current = board.session.with(|session| session.step);
        board.agenda.with(|agenda| {
            let at = agenda.iter().position(|step| Some(step.id) == current)?;
            let now = agenda[at].option(option::NOW).trim().to_owned();
            let next = agenda.get(at + 1).map(|step| step.title.clone()).filter(|title| !title.is_empty());
            Some((now, next))
        })
    });
    view! {
        <section class="wall-now" data-testid="wall-now">
            {left}
            {move || {
                stands
                    .get()
                    .map(|(now, next)| {
                        view! {
                            {(tells && !now.is_empty()).then(|| view! { <p class="wall-says">{now}</p> })}
                            {next.map(|next| view! { <p class="wall-says quiet">{(words.next)(&next)}</p> })}
                        }
                    })
            }}
        </section>
    }
}
