//! What a page shows in the middle, by the step that the session stands at.

use leptos::prelude::*;
use plumbline_shared::{
    board::{SessionInfo, Step},
    words::{StepKind, StepState},
};

use super::{BallotView, CloseView, CommitView, DecideView, RevealView};
use crate::{effect::memo, session::Live};

/// What stands in the middle of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    /// The board.
    Board,
    /// The own ballot: waiting, open, or sealed.
    Ballot,
    /// What the round came to.
    Reveal,
    /// The queue of decisions.
    Decide,
    /// Confidence, dissent and signatures.
    Commit,
    /// The summary.
    Close,
}

impl Scene {
    /// The scene of a session at this step.
    pub(crate) fn of(session: &SessionInfo, agenda: &[Step]) -> Self {
        let Some(step) = agenda.iter().find(|step| Some(step.id) == session.step) else { return Self::Board };
        match step.kind {
            StepKind::Gather | StepKind::Board => Self::Board,
            StepKind::Ballot if session.step_state == Some(StepState::Revealed) => Self::Reveal,
            StepKind::Ballot => Self::Ballot,
            StepKind::Decide => Self::Decide,
            StepKind::Commit => Self::Commit,
            StepKind::Close => Self::Close,
        }
    }

    /// The scene that the session is at; tracked.
    pub(crate) fn current(live: Live) -> Memo<Self> {
        memo(move |_| {
            live.board.session.with(|session| live.board.agenda.with(|agenda| Self::of(session, agenda)))
        })
    }
}

/// What a scene that is no board shows.
pub(crate) fn stage(scene: Scene) -> AnyView {
    match scene {
        Scene::Board => ().into_any(),
        Scene::Ballot => view! { <BallotView /> }.into_any(),
        Scene::Reveal => view! { <RevealView /> }.into_any(),
        Scene::Decide => view! { <DecideView /> }.into_any(),
        Scene::Commit => view! { <CommitView /> }.into_any(),
        Scene::Close => view! { <CloseView /> }.into_any(),
    }
}
