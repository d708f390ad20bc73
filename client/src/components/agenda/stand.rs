//! Where the session stands, as everybody is told it, and the server's clock.

use leptos::prelude::*;
use plumbline_shared::{
    agenda::option,
    board::Step,
    ids::StepId,
    words::{StepKind, StepState},
};

use crate::{agenda::pace::Pace, effect::memo, session::Live, text::text, ticking::ticking};

/// Where we are, what to do now, and what comes next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stand {
    /// The current step; none where it is gone from the agenda.
    pub(super) step: Option<StepId>,
    /// Its number, from 1; 0 where it is gone.
    pub(crate) number: usize,
    /// How many steps there are.
    pub(crate) of: usize,
    /// Its title.
    pub(crate) title: String,
    /// Whether people arrive in it.
    pub(crate) gathers: bool,
    /// How far it is.
    pub(super) state: StepState,
    /// Its round.
    pub(super) round: u32,
    /// What to do now.
    pub(crate) now: String,
    /// What comes next; none behind the last step.
    pub(crate) next: Option<String>,
}

impl Stand {
    /// Where the session stands; tracked.
    pub(crate) fn current(live: Live) -> Memo<Self> {
        memo(move |_| {
            let done = live.board.own_ballot.with(|ballot| {
                ballot.as_ref().is_some_and(|ballot| {
                    let (step, round) = live.board.session.with(|session| (session.step, session.round));
                    ballot.done && Some(ballot.step) == step && ballot.round == round
                })
            });
            live.board.session.with(|session| {
                live.board.agenda.with(|agenda| {
                    let at = agenda.iter().position(|step| Some(step.id) == session.step);
                    let step = at.map(|at| &agenda[at]);
                    let state = session.step_state.unwrap_or(StepState::Open);
                    Self {
                        step: session.step,
                        number: at.map_or(0, |at| at + 1),
                        of: agenda.len(),
                        title: step.map(titled).unwrap_or_default(),
                        gathers: step.is_some_and(|step| step.kind == StepKind::Gather),
                        state,
                        round: session.round,
                        now: step.map(|step| now(step, state, done, session.closed)).unwrap_or_default(),
                        next: agenda.get(at.map_or(0, |at| at + 1)).map(titled),
                    }
                })
            })
        })
    }

    /// Whether nothing has gone on from one to the other: a title may have changed.
    pub(super) fn is_same_moment(&self, other: &Self) -> bool {
        (self.step, self.state, self.round) == (other.step, other.state, other.round)
    }
}

/// A step's title, or that it has none.
pub(super) fn titled(step: &Step) -> String {
    if step.title.trim().is_empty() { text().agenda.bar.untitled.to_owned() } else { step.title.clone() }
}

/// What to do now. The step's own sentences are for while it is at work and for what was revealed: not for before its
/// ballot is opened, nor for while it is sealed.
fn now(step: &Step, state: StepState, done: bool, closed: bool) -> String {
    let words = &text().agenda.bar;
    if closed {
        return words.closed.to_owned();
    }
    if done && state == StepState::Open {
        return words.now_done.to_owned();
    }
    let own = match state {
        StepState::Open => step.option(option::NOW),
        StepState::Revealed => step.option(&format!("{}{}", option::REVEALED, option::NOW)),
        StepState::Ready | StepState::Sealed => "",
    };
    if !own.trim().is_empty() {
        return own.trim().to_owned();
    }
    (words.now)(step.kind, step.question, state).to_owned()
}

/// How the session keeps its time, told once a second. A handle; it stops with its owner.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    pub(super) live: Live,
    /// How the session stands in time.
    pub(super) pace: Memo<Option<Pace>>,
}

impl Clock {
    /// Runs for as long as the current owner lives.
    pub(super) fn run(live: Live) -> Self {
        let now = ticking(live);
        let pace = memo(move |_| {
            let now = now.get();
            live.board.session.with(|session| live.board.agenda.with(|agenda| Pace::of(session, agenda, now)))
        });
        Self { live, pace }
    }
}
