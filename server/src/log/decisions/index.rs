//! What is kept in memory of the decision log.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use plumbline_shared::{
    day::Day,
    ids::{ProjectId, SessionId},
    words::Verdict,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    overview::Overview,
    search::{Due, Haystack, Search},
};
use crate::{
    log::{
        chain::{self, Broken, Content, Hash},
        record::{Change, Record, Says, Standing},
        words,
    },
    store::Position,
};

/// A decision in short.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = DecisionListed)]
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
    /// Where the decision stands now: `status`, `superseded_by`, `told`, `done`.
    #[serde(flatten)]
    pub standing: Standing,
    /// The pile that it came from, by its name; empty where nobody sorted alone.
    pub from: String,
    /// The pile that it stands on, by its name.
    pub to: String,
    /// The days that it names, by the name of the field: `review`, `ends`, `expires`, … Of a review the one that was agreed
    /// on last.
    pub days: BTreeMap<&'static str, String>,
    /// The one who answers for it.
    pub owner: String,
    /// The number of the decision whose place it takes.
    pub supersedes: Option<u64>,
    /// Whether it goes against the room's private verdict.
    pub against: bool,
    /// The fields that its verdict needs and does not have.
    pub missing: Vec<String>,
}

/// The fields of a decision that are days.
pub const DAYS: [&str; 7] =
    ["review", "ends", "expires", "decide_by", "first_step_due", "measure_due", "effective"];

/// The days by which something is to be done about a decision: on the others it only begins. Their places are part of the
/// names of events: new ones come at the end.
pub const DUE: [&str; 6] = ["review", "ends", "expires", "decide_by", "first_step_due", "measure_due"];

impl Listed {
    fn of(record: &Record) -> Self {
        let day = |name: &'static str| record.day(name).map(|day| (name, day.to_string()));
        Self {
            number: record.number,
            decided_on: record.decided_on.clone(),
            session_id: record.session.id,
            session: record.session.title.clone(),
            project_id: record.project.id,
            project: record.project.name.clone(),
            reference: record.project.reference.clone(),
            verdict: record.verdict,
            standing: Standing::of(record),
            from: words::origin(&record.from).to_owned(),
            to: words::place(&record.to).to_owned(),
            days: DAYS.into_iter().filter_map(day).collect(),
            owner: record.owner.clone(),
            supersedes: record.supersedes,
            against: record.against.is_some(),
            missing: record.missing.clone(),
        }
    }

    /// Whether it holds: nothing has taken its place, and nobody took it back.
    pub fn holds(&self) -> bool {
        self.verdict.is_some() && self.standing.holds()
    }

    /// Whether it stops something, and nobody has told those whom it concerns.
    pub fn is_untold(&self) -> bool {
        self.holds() && self.verdict == Some(Verdict::Stop) && self.standing.told.is_none()
    }

    /// The first day by which something is to be done about it, if it holds.
    pub fn due(&self) -> Option<Day> {
        DUE.iter().filter_map(|name| self.due_for(name)).min().filter(|_| self.holds())
    }

    /// One of the days of [`DUE`], if what it is for has not been done yet.
    pub fn due_for(&self, name: &str) -> Option<Day> {
        Day::parse(self.days.get(name)?).filter(|_| self.standing.progress.done_for(name).is_none())
    }
}

/// What the log knows of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// The decision that holds.
    pub holds: Option<u64>,
    /// In how many sessions it has been decided about.
    pub times: u32,
}

/// A day by which something is to be done about a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDay {
    /// The decision's number.
    pub decision: u64,
    /// The session that decided.
    pub session: SessionId,
    /// Which of its days: its place in [`DUE`].
    pub what: u8,
    /// The day.
    pub day: Day,
}

/// A decision in the index.
#[derive(Debug)]
struct Line {
    listed: Listed,
    haystack: Haystack,
    /// The entries that have changed it since.
    changes: Vec<u64>,
}

/// The log's entries in short, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// For each entry its place, and what it is: nothing for one that cannot be read, and for changes.
    lines: Vec<(Position, Option<Line>)>,
    /// Whether the log has been read to its end once.
    is_read: bool,
    head: Hash,
    /// The last close of each session of which there are records.
    pub(super) closes: BTreeMap<SessionId, Position>,
    /// The last record of each project of each session.
    pub(super) latest: BTreeMap<(SessionId, ProjectId), u64>,
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
            Ok(entry.content)
        });
        let (line, fault) = match read {
            Ok(Content::Decision(record)) => (Some(self.take(&record)), Ok(())),
            Ok(Content::Change(change)) => {
                self.change(&change);
                (None, Ok(()))
            }
            Err(fault) => (None, Err(fault)),
        };
        self.lines.push((position, line));
        fault
    }

    fn take(&mut self, record: &Record) -> Line {
        let session = record.session.id;
        self.note_close(session, &record.close.position);
        let mut listed = Listed::of(record);
        if let Some(earlier) = record.supersedes.and_then(|number| self.line_mut(number)) {
            let before = |field: &str| earlier.listed.days.get(field).map_or("", String::as_str);
            let now = |field: &str| record.field(field);
            earlier.listed.standing.hand_on(&mut listed.standing, before, now);
            earlier.listed.standing.yields(record);
        }
        self.latest.insert((session, record.project.id), record.number);
        Line { listed, haystack: Haystack::of(record), changes: Vec::new() }
    }

    fn change(&mut self, change: &Change) {
        if let Says::Confirmed { session, close, .. } = &change.says {
            self.note_close(*session, &close.position);
        }
        if let Some(line) = self.line_mut(change.decision) {
            line.listed.standing.take(change);
            if let Some(next) = &line.listed.standing.progress.next_review {
                line.listed.days.insert("review", next.clone());
            }
            line.changes.push(change.number);
        }
    }

    fn note_close(&mut self, session: SessionId, position: &str) {
        if let Ok(at) = position.parse::<Position>() {
            let last = self.closes.entry(session).or_default();
            *last = at.max(*last);
        }
    }

    /// What is known of each of these projects over all sessions, by their ids and what the organisation calls them by.
    pub(super) fn of_projects(&self, projects: &[(ProjectId, String)]) -> BTreeMap<ProjectId, Before> {
        let mut before: BTreeMap<ProjectId, (Option<u64>, BTreeSet<SessionId>)> =
            projects.iter().map(|(id, _)| (*id, Default::default())).collect();
        let references: BTreeMap<&str, ProjectId> = projects
            .iter()
            .filter(|(_, reference)| !reference.is_empty())
            .map(|(id, reference)| (reference.as_str(), *id))
            .collect();
        for line in self.lines.iter().filter_map(|(_, line)| line.as_ref()) {
            let listed = &line.listed;
            if let Some((last, sessions)) = before.get_mut(&listed.project_id) {
                *last = Some(listed.number);
                sessions.insert(listed.session_id);
            } else if let Some((_, sessions)) =
                references.get(listed.reference.as_str()).and_then(|id| before.get_mut(id))
            {
                sessions.insert(listed.session_id);
            }
        }
        let known = |(last, sessions): (Option<u64>, BTreeSet<SessionId>)| Before {
            holds: last.and_then(|number| self.holding(number)),
            times: u32::try_from(sessions.len()).unwrap_or(u32::MAX),
        };
        before.into_iter().map(|(id, found)| (id, known(found))).collect()
    }

    /// The decision that holds where this one held: itself, or the one that has taken its place.
    pub(super) fn holding(&self, number: u64) -> Option<u64> {
        let mut listed = self.listed(number)?;
        // A place is only taken by a later one, so that this comes to an end.
        while let Some(later) = listed.standing.superseded_by.filter(|later| *later > listed.number) {
            listed = self.listed(later)?;
        }
        listed.holds().then_some(listed.number)
    }

    fn at(&self, number: u64) -> Option<usize> {
        usize::try_from(number).ok()?.checked_sub(1).filter(|at| *at < self.lines.len())
    }

    fn line(&self, number: u64) -> Option<&Line> {
        self.lines.get(self.at(number)?)?.1.as_ref()
    }

    fn line_mut(&mut self, number: u64) -> Option<&mut Line> {
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

    /// The position before an entry's, to read it by.
    pub(super) fn before(&self, number: u64) -> Option<Position> {
        let at = self.at(number)?;
        Some(at.checked_sub(1).map_or(Position::ZERO, |at| self.lines[at].0))
    }

    /// A decision in short; none for what is no decision, or cannot be read.
    pub(super) fn listed(&self, number: u64) -> Option<&Listed> {
        Some(&self.line(number)?.listed)
    }

    /// The days by which something is to be done about the decisions with these numbers, as far as those hold, from the
    /// day after `after` to `through`.
    pub(super) fn due_between(
        &self,
        numbers: RangeInclusive<u64>,
        after: Option<Day>,
        through: Day,
    ) -> Vec<DueDay> {
        let listed = self.lines.iter().filter_map(|(_, line)| Some(&line.as_ref()?.listed));
        let listed = listed.filter(|listed| numbers.contains(&listed.number) && listed.holds());
        let days = listed.flat_map(|listed| {
            (0_u8..).zip(DUE).filter_map(move |(what, name)| {
                let day = listed.due_for(name)?;
                Some(DueDay { decision: listed.number, session: listed.session_id, what, day })
            })
        });
        days.filter(|due| due.day <= through && after.is_none_or(|after| due.day > after)).collect()
    }

    /// The numbers of the entries that have changed a decision.
    pub(super) fn changes(&self, number: u64) -> &[u64] {
        self.line(number).map_or(&[], |line| line.changes.as_slice())
    }

    /// The numbers of all decisions about what the organisation calls by that reference, or, where it has none, by that
    /// name: a project's history over the sessions.
    pub(super) fn history(&self, of: &Listed) -> Vec<u64> {
        let same = |line: &Line| {
            let listed = &line.listed;
            match of.reference.is_empty() {
                true => listed.reference.is_empty() && listed.project == of.project,
                false => listed.reference == of.reference,
            }
        };
        let lines = self.lines.iter().filter_map(|(_, line)| line.as_ref());
        lines.filter(|line| same(line)).map(|line| line.listed.number).collect()
    }

    /// The numbers of a session's records that hold: the last one of each project, unless it took back.
    pub(super) fn standing(&self, session: SessionId) -> Vec<u64> {
        let of_session = self.latest.range((session, ProjectId::default())..);
        of_session
            .take_while(|((of, _), _)| *of == session)
            .map(|(_, number)| *number)
            .filter(|number| self.line(*number).is_some_and(|line| line.listed.verdict.is_some()))
            .collect()
    }

    /// The decisions in short that are looked for, the newest first, from the one before `before`.
    pub(super) fn list<'i>(
        &'i self,
        before: Option<u64>,
        search: &'i Search,
    ) -> impl Iterator<Item = &'i Listed> {
        let end = before.and_then(|before| self.at(before)).unwrap_or(self.lines.len());
        let lines = self.lines[..end].iter().rev().filter_map(|(_, line)| line.as_ref());
        lines.filter(|line| search.finds(&line.listed, &line.haystack)).map(|line| &line.listed)
    }

    /// The decisions that are looked for and by which something is to be done, in the order of their days, from the one
    /// after `after` on.
    pub(super) fn due<'i>(&'i self, after: Option<Due>, search: &'i Search) -> Vec<(Due, &'i Listed)> {
        let dated = self.list(None, search).filter_map(|listed| {
            let due = Due { day: listed.due()?, number: listed.number };
            (after.is_none_or(|after| due > after)).then_some((due, listed))
        });
        let mut dated: Vec<_> = dated.collect();
        dated.sort_by_key(|(due, _)| *due);
        dated
    }

    /// What there is to look for, and how much of it there is, on that day.
    pub(super) fn overview(&self, today: Day) -> Overview {
        let mut overview = Overview::default();
        for listed in self.list(None, &Search::default()) {
            overview.add(listed, today);
        }
        overview.end();
        overview
    }
}
