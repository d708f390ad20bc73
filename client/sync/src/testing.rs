//! Seeded plans of what people do to a board: for tests that many replicas, however they are cut off and come back,
//! end with one board. A plan prints as JSON and replays from it, or from its seed.

use std::{fmt, str::FromStr};

use plumbline_shared::{
    board::{Board, Pile},
    ids::{NoteId, PillarId, ProjectId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Intent, Splice, mix::mix};

/// A stream of numbers out of a seed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The next number below `limit`; 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = mix(self.0);
        // The remainder favours small numbers by less than one in 2^50 for the limits of a plan.
        (self.0 >> 8).checked_rem(limit as u64).unwrap_or(0) as usize
    }

    /// A fresh id, in the form of a UUID v7.
    pub fn id(&mut self) -> Uuid {
        self.0 = mix(self.0);
        let high = self.0;
        self.0 = mix(self.0);
        uuid::Builder::from_unix_timestamp_millis(
            high >> 16,
            &self.0.to_be_bytes().repeat(2)[..10].try_into().unwrap_or_default(),
        )
        .into_uuid()
    }
}

/// How large a plan is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Pages that take part. The first is the facilitator's.
    pub pages: usize,
    /// Moves, of all pages together.
    pub moves: usize,
}

/// What one page does next. Numbers stand for whatever is there at that time: the n-th card, counted around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Places some cards, from the n-th on, on the n-th pile (unsorted and off strategy included), before its n-th card.
    Place {
        /// The first card.
        card: usize,
        /// How many.
        cards: usize,
        /// The pile.
        pile: usize,
        /// The card before which they are put.
        before: usize,
    },
    /// Adds a project.
    AddProject,
    /// Gives the n-th project a name that says which.
    Rename(usize, usize),
    /// Takes the n-th project off the board.
    RemoveProject(usize),
    /// Adds a pillar.
    AddPillar,
    /// Puts the n-th pillar before another.
    ShiftPillar(usize, usize),
    /// Takes the n-th pillar off the board.
    RemovePillar(usize),
    /// Adds a note about the n-th project.
    AddNote(usize),
    /// Writes in the n-th note: where, how many units out.
    Type(usize, usize, usize),
    /// Takes the n-th note off the board.
    RemoveNote(usize),
    /// Takes the own last act back.
    Undo,
    /// Does it again.
    Redo,
    /// Loses the connection, with what is under way.
    Disconnect,
    /// Connects again.
    Connect,
    /// Loads the page anew, with nothing but its outbox.
    Reload,
    /// The server stops and starts again; everybody is cut off.
    Restart,
    /// So many frames travel.
    Travel(usize),
}

impl What {
    /// The intent, where this is one and the board has what it is about.
    #[must_use]
    pub fn intent(&self, board: &Board, chance: &mut Chance) -> Option<Intent> {
        fn nth<T: Copy>(mut all: impl ExactSizeIterator<Item = T>, n: usize) -> Option<T> {
            let length = all.len();
            all.nth(n.checked_rem(length)?)
        }
        let project = |n| nth(board.projects.keys().copied(), n);
        let pillar = |n| nth(board.pillars.iter().map(|pillar| pillar.id), n);
        let note = |n| nth(board.notes.keys().copied(), n);
        Some(match *self {
            Self::Place { card, cards, pile, before } => {
                let pile = match pile % (board.pillars.len() + 2) {
                    0 => Pile::Unsorted,
                    1 => Pile::Off,
                    n => Pile::Pillar(board.pillars[n - 2].id),
                };
                let projects = (card..card + cards.max(1)).filter_map(project).collect();
                let before = board.piles().get(&pile).and_then(|pile| nth(pile.iter().copied(), before));
                Intent::Place { projects, pile, before }
            }
            Self::AddProject => {
                let id = ProjectId(chance.id());
                Intent::AddProject { id, name: format!("New {}", chance.below(1_000)), with: Vec::new() }
            }
            Self::Rename(n, name) => {
                let (field, value) = ("name".to_owned(), format!("Name {name}").into());
                Intent::EditProject { id: project(n)?, field, value }
            }
            Self::RemoveProject(n) => Intent::RemoveProject { id: project(n)? },
            Self::AddPillar => {
                let id = PillarId(chance.id());
                Intent::AddPillar { id, name: format!("Pillar {}", chance.below(1_000)), with: Vec::new() }
            }
            Self::ShiftPillar(n, before) => Intent::ShiftPillar { id: pillar(n)?, before: pillar(before) },
            Self::RemovePillar(n) => Intent::RemovePillar { id: pillar(n)? },
            Self::AddNote(n) => {
                let text = ["", "why?", "ä𝄞 note"][chance.below(3)].to_owned();
                Intent::AddNote { id: NoteId(chance.id()), about: project(n)?.0, text }
            }
            Self::Type(n, at, remove) => {
                let insert = ["", "x", "🙂", "more words "][chance.below(4)].to_owned();
                let splice = Splice { at: at as u32, remove: remove as u32, insert };
                Intent::EditNoteText { id: note(n)?, splice }
            }
            Self::RemoveNote(n) => Intent::RemoveNote { id: note(n)? },
            Self::Undo => Intent::Undo,
            Self::Redo => Intent::Redo,
            _ => return None,
        })
    }
}

/// What several pages do, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Where it came from; what is drawn while it runs (ids, words) comes from here too.
    pub seed: u64,
    /// Pages that take part.
    pub pages: usize,
    /// Whose move, and what.
    pub moves: Vec<(usize, What)>,
}

impl Plan {
    /// The plan of this seed: mostly placing, sometimes all the rest.
    #[must_use]
    pub fn from_seed(seed: u64, size: Size) -> Self {
        let mut chance = Chance::new(seed);
        let mut draw = || {
            let page = chance.below(size.pages);
            let what = match chance.below(100) {
                0..36 => What::Place {
                    card: chance.below(1_000),
                    cards: if chance.below(8) == 0 { 1 + chance.below(12) } else { 1 },
                    pile: chance.below(64),
                    before: chance.below(64),
                },
                36..40 => What::AddProject,
                40..44 => What::Rename(chance.below(1_000), chance.below(100)),
                44..46 => What::RemoveProject(chance.below(1_000)),
                46..47 => What::AddPillar,
                47..49 => What::ShiftPillar(chance.below(24), chance.below(24)),
                49..50 => What::RemovePillar(chance.below(24)),
                50..53 => What::AddNote(chance.below(1_000)),
                53..60 => What::Type(chance.below(100), chance.below(24), chance.below(3)),
                60..61 => What::RemoveNote(chance.below(100)),
                61..68 => What::Undo,
                68..71 => What::Redo,
                71..74 => What::Disconnect,
                74..78 => What::Connect,
                78..80 => What::Reload,
                80..81 => What::Restart,
                _ => What::Travel(chance.below(24)),
            };
            (page, what)
        };
        let moves = (0..size.moves).map(|_| draw()).collect();
        Self { seed, pages: size.pages, moves }
    }

    /// What is drawn while the plan runs.
    #[must_use]
    pub fn chance(&self) -> Chance {
        Chance::new(!self.seed)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Plan {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_replays_from_its_print_and_from_its_seed() {
        let size = Size { pages: 3, moves: 200 };
        let plan = Plan::from_seed(7, size);
        assert_eq!(plan.to_string().parse::<Plan>().unwrap(), plan);
        assert_eq!(Plan::from_seed(7, size), plan);
        assert_ne!(Plan::from_seed(8, size).moves, plan.moves);
        let id = plan.chance().id();
        assert_eq!(id.get_version_num(), 7);
        assert!(plumbline_shared::ids::is_canonical(&id.to_string()));
    }
}
