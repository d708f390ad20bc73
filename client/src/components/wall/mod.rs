//! What the projector shows beside the board: a ballot, what it came to, what is talked about, decided and closed. Large
//! type, no button, and nothing that scrolls: what does not fit comes in pages.

mod ballot;
mod discussed;
mod ends;
mod now;
mod results;
mod sorting;

use std::time::Duration;

use leptos::prelude::*;

use super::{
    Scene, changing,
    reveal::{Told, focus},
};
use crate::{effect::memo, session::Live};

pub(crate) use now::WallNow;

/// How long a page stands, where nobody holds it.
const TURN: Duration = Duration::from_secs(14);

/// What stands on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnWall {
    /// The board.
    Board,
    /// The project that is talked about.
    Discussed,
    /// Another scene.
    Other(Scene),
}

impl OnWall {
    /// What stands on the wall now; tracked.
    pub(crate) fn current(live: Live) -> Memo<Self> {
        let (scene, lit) = (Scene::current(live), focus(live));
        memo(move |_| match scene.get() {
            Scene::Board if lit.get().is_some() => Self::Discussed,
            Scene::Board => Self::Board,
            other => Self::Other(other),
        })
    }
}

/// What stands on the wall in place of the board.
#[component]
pub(crate) fn WallScene(
    /// The session.
    live: Live,
    /// What.
    shows: OnWall,
) -> impl IntoView {
    let step = memo(move |_| live.board.session.with(|session| session.step));
    changing(move || {
        let step = step.get();
        match (shows, step) {
            (OnWall::Board, _) => ().into_any(),
            (OnWall::Discussed, _) => view! { <discussed::WallDiscussed live=live /> }.into_any(),
            (OnWall::Other(Scene::Ballot), Some(step)) => {
                view! { <ballot::WallBallot live=live step=step /> }.into_any()
            }
            (OnWall::Other(Scene::Reveal), Some(step)) => {
                view! { <results::WallReveal told=Told::of(live, step) /> }.into_any()
            }
            (OnWall::Other(Scene::Decide), _) => view! { <ends::WallDecide live=live /> }.into_any(),
            (OnWall::Other(Scene::Commit), Some(step)) => {
                view! { <ends::WallCommit live=live step=step /> }.into_any()
            }
            (OnWall::Other(_), _) => view! { <ends::WallClose live=live /> }.into_any(),
        }
    })
}

/// What the current step is called; tracked.
fn step_title(live: Live) -> String {
    let current = live.board.session.with(|session| session.step);
    live.board.agenda.with(|agenda| {
        let step = agenda.iter().find(|step| Some(step.id) == current);
        step.map(|step| step.title.clone()).unwrap_or_default()
    })
}

/// The page that stands on the wall: the held one, or the next one every so often.
fn turning(pages: Memo<usize>, held: Memo<Option<usize>>) -> Memo<usize> {
    let turn = RwSignal::new(0_usize);
    let turns = set_interval_with_handle(move || turn.update(|turn| *turn = turn.wrapping_add(1)), TURN).ok();
    on_cleanup(move || {
        if let Some(turns) = turns {
            turns.clear();
        }
    });
    memo(move |_| {
        let pages = pages.get().max(1);
        held.get().unwrap_or_else(|| turn.get() % pages).min(pages - 1)
    })
}
