//! The decision log of the workspace.

use plumbline_shared::{day::Day, ids::SessionId, json::Json, words::Verdict};

use super::{Body, Problem, answered, ask};
use crate::{
    record::{DayName, Status},
    take::{Take, taken},
};

taken! {
    /// A decision in short.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Listed {
        /// Its number in the log.
        pub(crate) number: u64,
        /// When the session was closed that decided: RFC 3339, UTC.
        pub(crate) decided_on: String,
        /// That session.
        pub(crate) session_id: SessionId,
        /// Its title.
        pub(crate) session: String,
        /// The project's name.
        pub(crate) project: String,
        /// What the organisation calls it by.
        pub(crate) reference: String,
        /// What was decided; none: an earlier decision was taken back.
        pub(crate) verdict: Option<Verdict>,
        /// Where it stands now.
        pub(crate) status: Status,
        /// The decision that has taken its place.
        pub(crate) superseded_by: Option<u64>,
        /// Who has told those whom it concerns.
        pub(crate) told: Option<Told>,
        /// The pile that it came from, by its name.
        pub(crate) from: String,
        /// The pile that it stands on, by its name.
        pub(crate) to: String,
        /// The days that it names.
        pub(crate) days: Days,
        /// The one who answers for it.
        pub(crate) owner: String,
        /// Whether it goes against the room's private verdict.
        pub(crate) against: bool,
        /// The fields that its verdict needs and does not have.
        pub(crate) missing: Vec<String>,
    }

    /// Who has told those whom a decision concerns, and when.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Told {
        /// Who.
        pub(crate) by: String,
        /// On which day.
        pub(crate) on: Day,
    }

    /// One page of the log.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct ListedPage {
        /// The decisions of this page.
        pub(crate) items: Vec<Listed>,
        /// Where the next page begins, if there is one.
        pub(crate) next: Option<String>,
    }
}

taken! {
    /// What there is to look for, and how much of it there is.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Overview {
        /// How many decisions there are.
        pub(crate) decisions: usize,
        /// How many of them hold.
        pub(crate) hold: usize,
        /// How many should have been dealt with by now.
        pub(crate) over: usize,
        /// How many are due within thirty days.
        pub(crate) soon: usize,
        /// How many stops there are of which those whom they concern have not been told.
        pub(crate) untold: usize,
        /// Who answers for decisions.
        pub(crate) owners: Vec<String>,
        /// The piles that projects came from or stand on.
        pub(crate) pillars: Vec<String>,
        /// The sessions that have decided.
        pub(crate) sessions: Vec<SessionName>,
    }

    /// A session by its title.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SessionName {
        /// The session.
        pub(crate) id: SessionId,
        /// Its title.
        pub(crate) title: String,
    }

    /// Whether the log is what was written.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Verified {
        /// How many entries there are.
        pub(crate) entries: usize,
        /// The hash of the last one.
        pub(crate) head: String,
        /// The first that is not what was written.
        pub(crate) first_fault: Option<Fault>,
        /// Whether the hash that was asked for is that of an entry.
        pub(crate) has_hash: Option<bool>,
    }

    /// An entry that is not what was written.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Fault {
        /// Its number.
        pub(crate) number: u64,
        /// What is wrong with it.
        pub(crate) what: String,
    }
}

/// The days that a decision names, in the order in which they are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Days(pub(crate) Vec<(DayName, Day)>);

impl Take for Days {
    fn take(json: &Json) -> Option<Self> {
        let named = |name: &DayName| Some((*name, Day::take(json.get(name.as_str()))?));
        Some(Self(DayName::ALL.iter().filter_map(named).collect()))
    }
}

/// Decisions in short; `asked` is what stands behind the question mark.
pub(crate) async fn decisions(key: &str, asked: &str) -> Result<ListedPage, Problem> {
    answered(ask("GET", &format!("/api/decisions?{asked}"), Some(key), Body::None).await?).await
}

/// What there is to look for, and how much of it there is, on that day.
pub(crate) async fn overview(key: &str, today: Day) -> Result<Overview, Problem> {
    let path = format!("/api/decisions/overview?today={today}");
    answered(ask("GET", &path, Some(key), Body::None).await?).await
}

/// Goes through the whole log. `noted` is a hash that somebody has noted elsewhere, if it is looked for.
pub(crate) async fn verify(key: &str, noted: Option<&str>) -> Result<Verified, Problem> {
    let path = match noted {
        Some(noted) => format!("/api/decisions/verify?head={noted}"),
        None => "/api/decisions/verify".to_owned(),
    };
    answered(ask("GET", &path, Some(key), Body::None).await?).await
}
