//! What decisions are looked for by.

use plumbline_shared::{day::Day, ids::SessionId, words::Verdict};
use serde::Deserialize;

use crate::{
    log::{decisions::Search, record::Status},
    web::problem::AppError,
};

/// What may stand behind the question mark of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct Asked {
    /// For the page; see [`crate::web::page::Page`].
    #[serde(rename = "cursor")]
    _cursor: Option<String>,
    #[serde(rename = "limit")]
    _limit: Option<String>,
    q: Option<String>,
    pillar: Option<String>,
    owner: Option<String>,
    verdict: Option<Verdict>,
    status: Option<Status>,
    session: Option<SessionId>,
    due: Option<String>,
    holds: Option<String>,
}

impl Asked {
    pub(super) fn search(self) -> Result<Search, AppError> {
        let due = match self.due.as_deref() {
            None | Some("") => None,
            Some(day) => Some(Day::parse(day).ok_or_else(|| {
                AppError::malformed("`due` is a day, for instance 2026-11-20: what is due by then is shown.")
            })?),
        };
        Ok(Search {
            words: self.q.unwrap_or_default(),
            pillar: self.pillar.unwrap_or_default(),
            owner: self.owner.unwrap_or_default(),
            verdict: self.verdict,
            status: self.status,
            session: self.session,
            due,
            holds: self.holds.is_some_and(|holds| !matches!(holds.as_str(), "" | "0" | "false")),
        })
    }
}
