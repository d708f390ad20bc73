//! What a page of the queue has in front of it: the queue as the board gives it, and which project is chosen.

use std::sync::Arc;

use leptos::prelude::*;
use plumbline_shared::{
    board::Board,
    deciding::{Queued, queue},
    ids::ProjectId,
};

use crate::{
    dom,
    effect::{effect, memo},
    format,
    notices::Tone,
    session::{BoardView, Live},
    storage,
    text::text,
};

/// The board, tracked in all that bears on a decision.
pub(super) fn watched(board: BoardView) -> Arc<Board> {
    board.written.track();
    heard(board)
}

/// The board, tracked in what the room said and where the cards lie; what is decided is not.
pub(super) fn heard(board: BoardView) -> Arc<Board> {
    board.results.track();
    board.agenda.track();
    board.flagged.track();
    board.shape.track();
    board.board()
}

/// Which part of the queue is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it.
    All,
    /// What has no verdict.
    Left,
    /// What has one.
    Decided,
    /// What has one and lacks something.
    Lacking,
}

impl Shown {
    /// Whether it has this project in it.
    pub(super) fn has(self, queued: &Queued) -> bool {
        match self {
            Self::All => true,
            Self::Left => queued.verdict.is_none(),
            Self::Decided => queued.verdict.is_some(),
            Self::Lacking => queued.lacks > 0,
        }
    }
}

/// The queue, and which project of it is before this person. A handle.
#[derive(Clone, Copy)]
pub(super) struct Deciding {
    pub(super) live: Live,
    /// Every project, in the order in which it is decided.
    pub(super) queue: Memo<Vec<Queued>>,
    /// The project before this person.
    pub(super) chosen: RwSignal<Option<ProjectId>>,
    /// Which part of the queue is shown.
    pub(super) shown: RwSignal<Shown>,
}

/// Where a tab keeps which project was before its person.
const CHOSEN: &str = "plumbline.decide.";

impl Deciding {
    /// The queue of this session, with the project that was chosen before a reload, or the one in the spotlight, else
    /// the first that is left. A phone shows the queue first.
    pub(super) fn new(live: Live) -> Self {
        let board = live.board;
        let queue = memo(move |_| queue(&watched(board), format::today()));
        let deciding = Self { live, queue, chosen: RwSignal::new(None), shown: RwSignal::new(Shown::All) };
        let key = format!("{CHOSEN}{}", live.id);
        let kept = storage::of_tab().and_then(|tab| tab.get_item(&key).ok().flatten());
        let kept = kept.and_then(|id| id.parse().ok());
        let started = StoredValue::new(false);
        effect(move || {
            let focus = board.session.with(|session| session.focus);
            let here = |id: &ProjectId| queue.with(|queue| queue.iter().any(|row| row.project == *id));
            if queue.with(Vec::is_empty) {
                return;
            }
            if !started.get_value() {
                started.set_value(true);
                let first = || if dom::is_narrow() { None } else { deciding.first_left() };
                deciding.chosen.set(focus.or(kept).filter(here).or_else(first));
            } else if deciding.chosen.get_untracked().is_some_and(|id| !here(&id)) {
                // It was merged with another one, or taken off the board.
                deciding.chosen.set(None);
            }
        });
        // Who is shown something looks at it.
        Effect::watch(
            move || board.session.with(|session| session.focus),
            move |focus, before, _| {
                let Some(id) = focus.filter(|_| before != Some(focus)) else { return };
                if !dom::is_typing() {
                    deciding.chosen.set(Some(id));
                } else if deciding.chosen.get_untracked() != Some(id)
                    && let Some(card) = board.card(id)
                {
                    // What somebody writes is not taken from under their hands.
                    let name = card.project.with_untracked(|project| project.name.clone());
                    let says = (text().decide.queue.shown_instead)(&name);
                    live.notices().show(Tone::Plain, says);
                }
            },
            false,
        );
        effect(move || {
            let chosen = deciding.chosen.get();
            live.presence(|presence| presence.item = chosen);
            if let (Some(tab), Some(id)) = (storage::of_tab(), chosen) {
                tab.set_item(&key, &id.to_string()).ok();
            }
        });
        on_cleanup(move || live.presence(|presence| presence.item = None));
        deciding
    }

    /// Its row in the queue; tracked.
    pub(super) fn row(self, id: ProjectId) -> Option<Queued> {
        self.queue.with(|queue| queue.iter().find(|row| row.project == id).cloned())
    }

    /// The shown part of the queue in its order, what is agreed apart; tracked.
    pub(super) fn rows(self, agreed: bool) -> Vec<ProjectId> {
        let shown = self.shown.get();
        self.queue.with(|queue| {
            let rows = queue.iter().filter(|row| row.agreed == agreed && shown.has(row));
            rows.map(|row| row.project).collect()
        })
    }

    /// How many projects a part of the queue has; tracked.
    pub(super) fn count(self, part: Shown) -> usize {
        self.queue.with(|queue| queue.iter().filter(|row| part.has(row)).count())
    }

    /// The first project without a verdict.
    fn first_left(self) -> Option<ProjectId> {
        self.queue.with_untracked(|queue| {
            let left = queue.iter().find(|row| row.verdict.is_none());
            left.or(queue.first()).map(|row| row.project)
        })
    }

    /// The next project without a verdict behind the chosen one, then from the front; tracked.
    pub(super) fn next_left(self) -> Option<ProjectId> {
        let chosen = self.chosen.get();
        self.queue.with(|queue| {
            let at = queue.iter().position(|row| Some(row.project) == chosen).map_or(0, |at| at + 1);
            let (before, behind) = queue.split_at(at.min(queue.len()));
            let left = |row: &&Queued| row.verdict.is_none() && Some(row.project) != chosen;
            behind.iter().chain(before).find(left).map(|row| row.project)
        })
    }

    /// Goes so many rows on in what is shown, or back.
    pub(super) fn step(self, by: isize) {
        let rows = untrack(|| {
            let mut rows = self.rows(false);
            rows.append(&mut self.rows(true));
            rows
        });
        let chosen = self.chosen.get_untracked();
        let at = rows.iter().position(|id| Some(*id) == chosen);
        let to = match at {
            Some(at) => at.saturating_add_signed(by).min(rows.len().saturating_sub(1)),
            None => 0,
        };
        if let Some(id) = rows.get(to) {
            self.chosen.set(Some(*id));
        }
    }
}
