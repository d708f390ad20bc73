//! A step that has been revealed, as pages and the wall read it.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    ids::{ProjectId, StepId},
    readings::Sorting,
    results::{ItemTally, Round, StepResults},
    words::{Beat, Question, StepKind},
};

use crate::{effect::memo, session::Live};

/// What a step has come to, in one of its rounds. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    /// The session.
    pub(crate) live: Live,
    /// The step.
    pub(crate) step: StepId,
    /// All of it.
    pub(crate) results: Memo<StepResults>,
    /// The numbers of the rounds that were revealed, in their order.
    pub(crate) revealed: Memo<Vec<u32>>,
    /// The one that was picked to be looked at; none: the last.
    pub(crate) picked: RwSignal<Option<u32>>,
    /// The round that is shown, and its number.
    pub(crate) round: Memo<Option<(u32, Round)>>,
}

impl Told {
    /// What that step has come to.
    pub(crate) fn of(live: Live, step: StepId) -> Self {
        let board = live.board;
        let results = memo(move |_| board.results.with(|all| all.get(&step).cloned().unwrap_or_default()));
        let revealed = memo(move |_| {
            results.with(|results| {
                let told = results.rounds.iter().filter(|(_, round)| round.tally.is_some());
                told.map(|(number, _)| *number).collect::<Vec<_>>()
            })
        });
        let picked = RwSignal::new(None::<u32>);
        let round = memo(move |_| {
            let last = revealed.with(|numbers| numbers.last().copied())?;
            let number =
                picked.get().filter(|number| revealed.with(|all| all.contains(number))).unwrap_or(last);
            results.with(|results| Some((number, results.rounds.get(&number)?.clone())))
        });
        Self { live, step, results, revealed, picked, round }
    }

    /// Reads something out of the round that is shown; tracked.
    pub(crate) fn read<R>(self, read: impl FnOnce(&Round) -> R) -> Option<R> {
        self.round.with(|round| round.as_ref().map(|(_, round)| read(round)))
    }

    /// What it asked; tracked.
    pub(crate) fn question(self) -> Option<Question> {
        self.read(|round| round.question)
    }

    /// What it came to for one item; tracked.
    pub(crate) fn item(self, item: &Item) -> Option<ItemTally> {
        self.read(|round| round.of(item).cloned()).flatten()
    }

    /// How many answered anything in it; tracked.
    pub(crate) fn usual(self) -> u32 {
        self.read(|round| round.tally.as_ref().map_or(0, |tally| tally.answered)).unwrap_or_default()
    }

    /// The last two rounds that were revealed, with their numbers; none where there are not two. Tracked.
    pub(crate) fn last_two(self) -> Option<(u32, u32)> {
        self.revealed.with(|all| match all.as_slice() {
            [.., first, second] => Some((*first, *second)),
            _ => None,
        })
    }

    /// The round of sorting as it is told; kept until it, or the projects on the board, change.
    pub(crate) fn sorting(self, by_cost: RwSignal<bool>) -> Memo<Sorting> {
        let board = self.live.board;
        memo(move |_| {
            board.shape.track();
            self.read(|round| Sorting::of(round, &board.board().projects, by_cost.get()))
                .flatten()
                .unwrap_or_default()
        })
    }
}

/// The last round of sorting that was revealed in any step; kept until it, or the projects on the board, change.
pub(crate) fn last_sorting(live: Live, by_cost: RwSignal<bool>) -> Memo<Sorting> {
    let board = live.board;
    memo(move |_| {
        board.shape.track();
        board.results.track();
        board.agenda.track();
        let board = board.board();
        let last = board.last_round(Question::Placement);
        last.and_then(|(_, round, _)| Sorting::of(round, &board.projects, by_cost.get())).unwrap_or_default()
    })
}

/// The beat that is before everybody; tracked.
pub(crate) fn beat(live: Live) -> Beat {
    live.board.session.with(|session| session.beat.unwrap_or(Beat::Shape))
}

/// The project in the spotlight, if it is on the board; tracked.
pub(crate) fn focus(live: Live) -> Memo<Option<ProjectId>> {
    memo(move |_| {
        live.board.shape.track();
        live.board.session.with(|session| session.focus).filter(|id| live.board.card(*id).is_some())
    })
}

/// Whether the board is sorted together now; tracked.
pub(crate) fn sorts_together(live: Live) -> bool {
    let step = live.board.session.with(|session| session.step);
    live.board.agenda.with(|agenda| {
        agenda.iter().find(|known| Some(known.id) == step).is_none_or(|step| step.kind == StepKind::Board)
    })
}
