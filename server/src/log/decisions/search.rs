//! Looking for decisions.

use std::{fmt, str::FromStr};

use plumbline_shared::{day::Day, ids::SessionId, words::Verdict};

use super::Listed;
use crate::log::record::{Record, Status};

/// What is looked for; each part that is set narrows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Words, all of which occur somewhere in the decision's names and texts, in whatever case.
    pub words: String,
    /// The pile that it came from or stands on, by its name.
    pub pillar: String,
    /// The one who answers for it.
    pub owner: String,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Where it stands.
    pub status: Option<Status>,
    /// Which session decided.
    pub session: Option<SessionId>,
    /// Only what is due by then.
    pub due: Option<Day>,
    /// Only what holds.
    pub holds: bool,
    /// Only stops that hold and of which those whom they concern have not been told.
    pub untold: bool,
}

/// A decision's place among those by which something is to be done: the day, and among those of one day its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The first day by which something is to be done.
    pub day: Day,
    /// The decision's number.
    pub number: u64,
}

/// As it stands in the cursor of a list: `2026-11-20:41`.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.day, self.number)
    }
}

/// This is no [`Due`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDue;

impl FromStr for Due {
    type Err = NoDue;

    fn from_str(text: &str) -> Result<Self, NoDue> {
        let (day, number) = text.split_once(':').ok_or(NoDue)?;
        Ok(Self { day: Day::parse(day).ok_or(NoDue)?, number: number.parse().map_err(|_| NoDue)? })
    }
}

/// What words are looked for in: the names and texts of a decision, in lower case.
#[derive(Debug)]
pub(super) struct Haystack(Box<str>);

impl Haystack {
    pub(super) fn of(record: &Record) -> Self {
        let (project, session) = (&record.project, &record.session);
        let mut all = String::new();
        let names = [&project.name, &project.reference, &project.sponsor, &project.owner, &session.title];
        for text in names.into_iter().chain([&record.owner, &record.rationale]).chain(record.fields.values())
        {
            all.push_str(&text.to_lowercase());
            // No word goes over from one text into the next.
            all.push('\n');
        }
        Self(all.into())
    }
}

impl Search {
    pub(super) fn finds(&self, listed: &Listed, haystack: &Haystack) -> bool {
        let is = |asked: &str, said: &str| asked.is_empty() || asked.to_lowercase() == said.to_lowercase();
        (!self.holds || listed.holds())
            && (!self.untold || listed.is_untold())
            && self.verdict.is_none_or(|verdict| listed.verdict == Some(verdict))
            && self.status.is_none_or(|status| listed.standing.status == status)
            && self.session.is_none_or(|session| listed.session_id == session)
            && self.due.is_none_or(|by| listed.due().is_some_and(|due| due <= by))
            && (is(&self.pillar, &listed.to) || is(&self.pillar, &listed.from))
            && is(&self.owner, &listed.owner)
            && self.words.split_whitespace().all(|word| haystack.0.contains(&word.to_lowercase()))
    }
}
