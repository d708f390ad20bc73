//! The decision log of the workspace.

use plumbline_shared::{day::Day, ids::SessionId, json::Json};
use uuid::Uuid;

use super::{Body, Problem, answered, ask, ask_as};
use crate::{
    record::{Listed, NewEntry, Shown},
    take::taken,
};

taken! {
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

/// A decision.
pub(crate) async fn decision(key: &str, number: u64) -> Result<Shown, Problem> {
    answered(ask("GET", &format!("/api/decisions/{number}"), Some(key), Body::None).await?).await
}

taken! {
    /// What was entered.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Entered {
        /// Its number.
        pub(crate) number: u64,
    }
}

/// Enters what happened to a decision. Whoever calls again with the same `attempt` enters it once.
pub(crate) async fn enter_change(
    key: &str,
    number: u64,
    entry: &NewEntry,
    attempt: Uuid,
) -> Result<Entered, Problem> {
    let path = format!("/api/decisions/{number}/{}", entry.path());
    answered(ask_as("POST", &path, Some(key), Body::Json(Json::from(entry)), attempt).await?).await
}
