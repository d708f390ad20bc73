//! What is kept in memory of the decision log.

use std::collections::BTreeMap;

use plumbline_shared::{
    ids::{ProjectId, SessionId},
    words::Verdict,
};
use serde::Serialize;

use crate::{
    log::{
        chain::{self, Broken, Hash},
        record::{Record, Status},
    },
    store::Position,
};

/// A decision in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// Its number in the workspace's log.
    pub number: u64,
    /// When the session was closed that decided: RFC 3339, UTC.
    pub decided_on: String,
    /// That session.
    pub session_id: SessionId,
    /// Its title.
    pub session: String,
    /// The project, by its id on that session's board.
    pub project_id: ProjectId,
    /// Its name.
    pub project: String,
    /// What the organisation calls it by.
    pub reference: String,
    /// What was decided; `null`: an earlier decision was taken back.
    pub verdict: Option<Verdict>,
    /// Where the decision stands.
    pub status: Status,
    /// The one who answers for it.
    pub owner: String,
    /// The number of the decision whose place it takes.
    pub supersedes: Option<u64>,
    /// The number of the one that has taken its place.
    pub superseded_by: Option<u64>,
    /// Whether it goes against the room's private verdict.
    pub against: bool,
    /// The fields that its verdict needs and does not have.
    pub missing: Vec<String>,
}

/// The log's entries in short, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Index {
    lines: Vec<(Position, Option<Listed>)>,
    /// Whether the log has been read to its end once.
    is_read: bool,
    head: Hash,
    /// The last close of each session of which there are records.
    closes: BTreeMap<SessionId, Position>,
    /// The last record of each project of each session.
    latest: BTreeMap<(SessionId, ProjectId), u64>,
}

impl Index {
    /// Takes in the next entry of the log. One that is not what was written keeps its number, and the others after it
    /// theirs.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn add(&mut self, position: Position, bytes: &[u8]) -> Result<(), Broken> {
        let number = self.lines.len() as u64 + 1;
        let previous = std::mem::replace(&mut self.head, chain::claimed(bytes));
        let read = chain::read(bytes).and_then(|entry| {
            chain::follows(&entry, number, previous)?;
            Ok(entry.record)
        });
        let (line, fault) = match read {
            Ok(record) => (Some(self.take(&record)), Ok(())),
            Err(fault) => (None, Err(fault)),
        };
        self.lines.push((position, line));
        fault
    }

    fn take(&mut self, record: &Record) -> Listed {
        let session = record.session.id;
        if let Ok(at) = record.close.position.parse::<Position>() {
            let last = self.closes.entry(session).or_default();
            *last = at.max(*last);
        }
        if let Some(earlier) = record.supersedes.and_then(|number| self.line_mut(number)) {
            earlier.superseded_by = Some(record.number);
        }
        self.latest.insert((session, record.project.id), record.number);
        Listed {
            number: record.number,
            decided_on: record.decided_on.clone(),
            session_id: session,
            session: record.session.title.clone(),
            project_id: record.project.id,
            project: record.project.name.clone(),
            reference: record.project.reference.clone(),
            verdict: record.verdict,
            status: record.status,
            owner: record.owner.clone(),
            supersedes: record.supersedes,
            superseded_by: None,
            against: record.against.is_some(),
            missing: record.missing.clone(),
        }
    }

    fn at(&self, number: u64) -> Option<usize> {
        usize::try_from(number).ok()?.checked_sub(1).filter(|at| *at < self.lines.len())
    }

    fn line(&self, number: u64) -> Option<&Listed> {
        self.lines.get(self.at(number)?)?.1.as_ref()
    }

    fn line_mut(&mut self, number: u64) -> Option<&mut Listed> {
        let at = self.at(number)?;
        self.lines.get_mut(at)?.1.as_mut()
    }

    /// The log has been read to its end.
    pub(super) fn has_ended(&mut self) {
        self.is_read = true;
    }

    /// Whether the log has been read to its end once.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// The number and the hash of the last entry.
    pub(super) fn end(&self) -> (u64, Hash) {
        (self.lines.len() as u64, self.head)
    }

    /// The position of the last entry.
    pub(super) fn last(&self) -> Position {
        self.lines.last().map_or(Position::ZERO, |(position, _)| *position)
    }

    /// Whether the records of that close, or of a later one, are here.
    pub(super) fn is_logged(&self, session: SessionId, at: Position) -> bool {
        self.closes.get(&session).is_some_and(|last| *last >= at)
    }

    /// The position before an entry's, to read it by, and the number of the one that took its place.
    pub(super) fn place(&self, number: u64) -> Option<(Position, Option<u64>)> {
        let at = self.at(number)?;
        let before = at.checked_sub(1).map_or(Position::ZERO, |at| self.lines[at].0);
        Some((before, self.superseded(number)))
    }

    /// The number of the entry that took this one's place.
    pub(super) fn superseded(&self, number: u64) -> Option<u64> {
        self.line(number)?.superseded_by
    }

    /// The numbers of a session's records that hold: the last one of each project, unless it took back.
    pub(super) fn standing(&self, session: SessionId) -> Vec<u64> {
        let of_session = self.latest.range((session, ProjectId::default())..);
        of_session
            .take_while(|((of, _), _)| *of == session)
            .map(|(_, number)| *number)
            .filter(|number| self.line(*number).is_some_and(|line| line.verdict.is_some()))
            .collect()
    }

    /// The entries in short, the newest first, from the one before `before`.
    pub(super) fn list(&self, before: Option<u64>) -> impl Iterator<Item = &Listed> {
        let end = before.and_then(|before| self.at(before)).unwrap_or(self.lines.len());
        self.lines[..end].iter().rev().filter_map(|(_, line)| line.as_ref())
    }
}
