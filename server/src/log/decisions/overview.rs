//! What there is to look for in the log, and how much of it there is.

use std::collections::BTreeMap;

use plumbline_shared::{day::Day, ids::SessionId, words::Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::Listed;

/// How many names of one kind are told at most: more than that nobody chooses from. All of them are found by search.
const MOST_NAMES: usize = 500;

/// How far ahead *soon* reaches, in days.
const SOON: i32 = 30;

/// What there is to look for, and how much of it there is.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Overview {
    /// How many decisions there are.
    pub decisions: u64,
    /// How many of them hold.
    pub hold: u64,
    /// How many of those that hold move, wait, stop and are open.
    pub verdicts: Verdicts,
    /// How many name a day by which something was to be done, and that day is over.
    pub over: u64,
    /// How many name one that is today or within thirty days.
    pub soon: u64,
    /// How many stops hold of which those whom they concern have not been told.
    pub untold: u64,
    /// Who answers for decisions, in the order of their names.
    pub owners: Vec<String>,
    /// The piles that projects came from or stand on, in the order of their names.
    pub pillars: Vec<String>,
    /// The sessions that have decided, the last one first.
    pub sessions: Vec<SessionName>,
    #[serde(skip)]
    #[schema(ignore)]
    names: Names,
}

/// How many decisions have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdicts {
    /// Moves.
    pub r#move: u64,
    /// Waits.
    pub wait: u64,
    /// Stops.
    pub stop: u64,
    /// What is open.
    pub open: u64,
}

/// A session by its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionName {
    /// The session.
    pub id: SessionId,
    /// Its title when it was closed last.
    pub title: String,
}

/// Names by how they are compared: in lower case, as the search does it.
#[derive(Debug, Default)]
struct Names {
    owners: BTreeMap<String, String>,
    pillars: BTreeMap<String, String>,
}

impl Overview {
    /// Takes in a decision; the newest comes first.
    pub(super) fn add(&mut self, listed: &Listed, today: Day) {
        self.decisions += 1;
        note(&mut self.names.owners, &listed.owner);
        note(&mut self.names.pillars, &listed.to);
        note(&mut self.names.pillars, &listed.from);
        let known = self.sessions.iter().any(|session| session.id == listed.session_id);
        if !known && self.sessions.len() < MOST_NAMES {
            self.sessions.push(SessionName { id: listed.session_id, title: listed.session.clone() });
        }
        if !listed.holds() {
            return;
        }
        self.hold += 1;
        match listed.verdict {
            Some(Verdict::Move) => self.verdicts.r#move += 1,
            Some(Verdict::Wait) => self.verdicts.wait += 1,
            Some(Verdict::Stop) => self.verdicts.stop += 1,
            Some(Verdict::Open) => self.verdicts.open += 1,
            None => {}
        }
        if listed.is_untold() {
            self.untold += 1;
        }
        match listed.due() {
            Some(day) if day < today => self.over += 1,
            Some(day) if day <= today.plus(SOON) => self.soon += 1,
            _ => {}
        }
    }

    /// All have been taken in.
    pub(super) fn end(&mut self) {
        let Names { owners, pillars } = std::mem::take(&mut self.names);
        self.owners = owners.into_values().take(MOST_NAMES).collect();
        self.pillars = pillars.into_values().take(MOST_NAMES).collect();
    }
}

fn note(names: &mut BTreeMap<String, String>, name: &str) {
    if !name.is_empty() {
        names.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
    }
}
