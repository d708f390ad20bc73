//! Bringing a portfolio and pillars to a session.

use plumbline_shared::{board::Pillar, ids::SessionId, json::Json};

use super::{Body, Problem, answered, ask, given};
use crate::take::taken;

taken! {
    /// What would come of an import, before it happens.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Preview {
        /// The columns with something in them.
        pub(crate) columns: Vec<PreviewColumn>,
        /// The first rows, as projects.
        pub(crate) rows: Vec<PreviewRow>,
        /// Names of the projects that would be new.
        pub(crate) new: Vec<String>,
        /// The projects that would be changed.
        pub(crate) changed: Vec<ChangedRow>,
        /// How many are on the board already, and the same.
        pub(crate) unchanged: usize,
        /// Rows that would be left out.
        pub(crate) skipped: Vec<SkippedRow>,
        /// The sheet of a workbook that was read.
        pub(crate) sheet: Option<String>,
        /// What has to be said before anything can be imported.
        pub(crate) problem: Option<String>,
    }

    /// A column of the file.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct PreviewColumn {
        /// Its heading.
        pub(crate) heading: String,
        /// The field that it would be read into, by its name; none: kept as it is.
        pub(crate) field: Option<String>,
        /// The first things in it.
        pub(crate) samples: Vec<String>,
    }

    /// A row as a project.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct PreviewRow {
        pub(crate) name: String,
        pub(crate) summary: Option<String>,
        pub(crate) sponsor: Option<String>,
        pub(crate) owner: Option<String>,
        pub(crate) origin: Option<String>,
        pub(crate) cost: Option<f64>,
        pub(crate) people: Option<f64>,
        pub(crate) reference: Option<String>,
    }

    /// A project that would be changed.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct ChangedRow {
        /// Its name.
        pub(crate) name: String,
        /// Which of its fields.
        pub(crate) fields: Vec<String>,
    }

    /// What came of an import.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Imported {
        /// Rows that are on the board now.
        pub(crate) imported: usize,
        /// Rows that were left out.
        pub(crate) skipped: Vec<SkippedRow>,
    }

    /// A row that was left out.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SkippedRow {
        /// Its number in the file.
        pub(crate) row: u64,
        /// Why.
        pub(crate) reason: String,
    }
}

/// The call, with the columns as they were chosen: `name:Project,cost:Budget`. Nothing: as the server guesses.
fn path(session: SessionId, map: &str, preview: bool) -> String {
    let mut path = format!("/api/sessions/{session}/portfolio?");
    if preview {
        path.push_str("preview=1&");
    }
    if !map.is_empty() {
        path.push_str("map=");
        path.push_str(&String::from(js_sys::encode_uri_component(map)));
    }
    path
}

/// Asks what an import would come to. `map` says what the columns are; an empty one leaves that to the server.
pub(crate) async fn preview(
    session: SessionId,
    token: &str,
    body: Body,
    map: &str,
) -> Result<Preview, Problem> {
    answered(ask("POST", &path(session, map, true), Some(token), body).await?).await
}

/// Brings a portfolio to a session; `map` as in [`preview`].
pub(crate) async fn import(
    session: SessionId,
    token: &str,
    body: Body,
    map: &str,
) -> Result<Imported, Problem> {
    answered(ask("POST", &path(session, map, false), Some(token), body).await?).await
}

/// Brings pillars to a session.
pub(crate) async fn bring_pillars(
    session: SessionId,
    token: &str,
    pillars: &[Pillar],
) -> Result<(), Problem> {
    let row = |pillar: &Pillar| {
        let goals = pillar.goals.iter().map(Json::from).collect();
        Json::sparse(vec![
            ("name", given(&pillar.name)),
            ("intent", given(&pillar.intent)),
            ("goals", Json::List(goals)),
            ("measure", given(&pillar.measure)),
            ("rules_out", given(&pillar.rules_out)),
            ("owner", given(&pillar.owner)),
            ("colour", given(&pillar.colour)),
        ])
    };
    let body = Body::Json(Json::List(pillars.iter().map(row).collect()));
    ask("POST", &format!("/api/sessions/{session}/pillars"), Some(token), body).await.map(drop)
}
