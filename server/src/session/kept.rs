//! What the record of a session's decisions says about how they came about: which files were imported, and how many
//! were here in each step.
//!
//! Nobody's ballot is in it and nothing of it comes onto the board. Who was here is known by the connections that a node
//! has, which is no part of the log; so a node says it in an entry before the session goes on, and the fold adds up what
//! the nodes say.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use plumbline_shared::ids::StepId;

use super::{
    Session, codec,
    entry::{By, File},
};

/// How many imported files are remembered; of more, the last ones.
const FILES_REMEMBERED: usize = 32;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Kept {
    #[n(0)]
    files: Vec<ImportNote>,
    #[n(1)]
    steps: Vec<Here>,
}

/// A file that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ImportNote {
    /// The file.
    #[n(0)]
    pub file: File,
    /// How many rows were taken from it.
    #[n(1)]
    pub rows: u64,
    /// When, in milliseconds since 1970.
    #[n(2)]
    pub at: u64,
}

/// Who was here in a step, by their places in the order of joining.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Here {
    #[cbor(n(0), with = "codec::id")]
    step: StepId,
    #[n(1)]
    who: BTreeSet<u32>,
    /// How many had joined by then.
    #[n(2)]
    joined: u32,
}

/// How many were here in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attended {
    /// The step.
    pub step: StepId,
    /// How many were here.
    pub here: u32,
    /// How many had joined by then.
    pub joined: u32,
}

impl Kept {
    /// Notes an import. A file that comes again counts as it was last.
    pub(super) fn import(&mut self, file: &File, rows: usize, at: u64) {
        self.files.retain(|note| note.file.sha256 != file.sha256);
        if self.files.len() >= FILES_REMEMBERED {
            self.files.remove(0);
        }
        self.files.push(ImportNote { file: file.clone(), rows: rows as u64, at });
    }
}

impl Session {
    /// Adds up who is here in the current step. Somebody without a device is in the room by the facilitator's word.
    pub(super) fn attended(&mut self, here: &[By]) {
        let connected = here.iter().map(|by| by.0);
        let without = self.people.present().map(|member| member.id).filter(|id| !self.people.comes_in(*id));
        let who: BTreeSet<u32> = connected
            .chain(without)
            .filter(|id| self.people.present().any(|member| member.id == *id))
            .filter_map(|id| self.people.author(id).map(|author| author.0))
            .collect();
        let joined = u32::try_from(self.people.present().count()).unwrap_or(u32::MAX);
        let step = self.stand.step;
        match self.kept.steps.iter_mut().find(|here| here.step == step) {
            Some(here) => {
                here.who.extend(who);
                here.joined = joined;
            }
            None => self.kept.steps.push(Here { step, who, joined }),
        }
    }

    /// The files that were imported, the last one last.
    #[must_use]
    pub fn imports(&self) -> &[ImportNote] {
        &self.kept.files
    }

    /// How many were here in each step that the session has gone on from, in the order in which it has.
    #[must_use]
    pub fn attendance(&self) -> Vec<Attended> {
        let of = |here: &Here| Attended {
            step: here.step,
            here: u32::try_from(here.who.len()).unwrap_or(u32::MAX),
            joined: here.joined,
        };
        self.kept.steps.iter().map(of).collect()
    }
}
