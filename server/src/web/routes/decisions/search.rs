//! What decisions are looked for by.

use plumbline_shared::{day::Day, ids::SessionId, words::Verdict};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    clock,
    log::{decisions::Search, record::Status},
    web::problem::AppError,
};

/// What may stand behind the question mark of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct Asked {
    /// For the page; see [`crate::web::page::Page`].
    #[serde(rename = "cursor")]
    #[param(ignore)]
    _cursor: Option<String>,
    #[serde(rename = "limit")]
    #[param(ignore)]
    _limit: Option<String>,
    /// Words that all occur in its names and texts.
    q: Option<String>,
    /// The pile that it stands on or came from, by its name.
    pillar: Option<String>,
    /// Who answers for it.
    owner: Option<String>,
    /// What was decided.
    verdict: Option<Verdict>,
    /// Where it stands now.
    status: Option<Status>,
    /// The session that decided.
    session: Option<SessionId>,
    /// A day by which it is due: `2026-11-20`.
    #[param(format = Date)]
    due: Option<String>,
    /// `1`: only what holds, neither superseded nor reversed.
    holds: Option<String>,
    /// `1`: only stops that hold and of which those whom they concern have not been told.
    untold: Option<String>,
    /// In which order they come.
    #[serde(default)]
    #[param(required = false, inline)]
    order: Order,
}

/// In which order the decisions come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::routes) enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// Those by which something is to be done, and no others, by their days.
    Due,
}

/// What an overview is asked for with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct Today {
    /// The day that it is where you ask, `2026-11-20`; by the clock of Greenwich where it is not said.
    #[param(format = Date)]
    today: Option<String>,
}

impl Today {
    /// The day that it is where somebody asks; by the clock of Greenwich where they do not say.
    pub(super) fn day(self) -> Result<Day, AppError> {
        match self.today.as_deref() {
            None => Ok(Day::of(clock::now())),
            Some(day) => Day::parse(day)
                .ok_or_else(|| AppError::malformed("`today` is a day, for instance 2026-11-20.")),
        }
    }
}

impl Asked {
    /// In which order.
    pub(super) fn order(&self) -> Order {
        self.order
    }

    pub(super) fn search(self) -> Result<Search, AppError> {
        let due = match self.due.as_deref() {
            None => None,
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
            holds: is_yes(self.holds.as_deref()),
            untold: is_yes(self.untold.as_deref()),
        })
    }
}

/// Whether a flag is set: it is there, and does not say no.
fn is_yes(flag: Option<&str>) -> bool {
    flag.is_some_and(|flag| !matches!(flag, "" | "0" | "false"))
}
