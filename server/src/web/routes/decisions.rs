//! The decision log of the workspace.

mod change;
mod search;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::exports::{Whom, file};
use crate::{
    clock,
    log::{
        chain::Hash,
        decisions::{ChangeError, Due, Found, Listed, LogError, Overview, Verified, verify},
        export::{Format, Report},
        record::{CHANGE_SCHEMA, Change, SCHEMA, SCHEMA_1, Standing},
    },
    web::{
        app::App,
        body::Json,
        page::{Page, Paged},
        problem::AppError,
        target::{Path, Query},
    },
};

pub(super) use change::{status, told};
use search::{Asked, Order, Today};

/// A decision of the log.
#[derive(Serialize)]
pub(super) struct Shown {
    /// The hash of the entry before.
    previous: Hash,
    /// Its own: of the format's byte, the hash before, and the record's text as it stands here.
    hash: Hash,
    /// Where it stands now: `status`, `superseded_by`, `told`.
    #[serde(flatten)]
    standing: Standing,
    record: Box<RawValue>,
    /// What has been entered about it since.
    changes: Vec<Change>,
    /// All decisions about the same project in short, this one included, the oldest first.
    history: Vec<Listed>,
}

/// `GET /api/decisions`: in short, the newest first or as they are due.
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Json<Paged<Listed>>, AppError> {
    app.workspace_only(&headers)?;
    let order = asked.order();
    let search = asked.search()?;
    let (decisions, store, most) = (app.node.decisions(), app.node.store(), page.limit() + 1);
    if order == Order::Due {
        let due = decisions.due(store, &search, page.after::<Due>()?, most).await?;
        let Paged { items, next } = page.of(due, |(due, _)| *due);
        return Ok(Json(Paged { items: items.into_iter().map(|(_, listed)| listed).collect(), next }));
    }
    let listed = decisions.list(store, &search, page.after::<u64>()?, most).await?;
    Ok(Json(page.of(listed, |line| line.number)))
}

/// `GET /api/decisions/overview`: what there is to look for, and how much of it there is.
pub(super) async fn overview(
    State(app): State<App>,
    Query(today): Query<Today>,
    headers: HeaderMap,
) -> Result<Json<Overview>, AppError> {
    app.workspace_only(&headers)?;
    Ok(Json(app.node.decisions().overview(app.node.store(), today.day()?).await?))
}

fn no_such() -> AppError {
    let detail = "The decision log has no decision with this number. List it to see which it has.";
    AppError::not_found("no_such_decision", detail)
}

/// `GET /api/decisions/{number}`.
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Shown>, AppError> {
    app.workspace_only(&headers)?;
    let number = number.parse().map_err(|_| no_such())?;
    let found = app.node.decisions().get(app.node.store(), number).await?;
    let Found { entry, decided, history } = found.ok_or_else(no_such)?;
    Ok(Json(Shown {
        previous: entry.previous,
        hash: entry.hash,
        standing: decided.standing,
        record: entry.json,
        changes: decided.changes,
        history,
    }))
}

/// What a check of the log is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Noted {
    /// The hash of an entry that was noted elsewhere.
    head: Option<String>,
}

/// `GET /api/decisions/verify`: whether the log is what was written.
pub(super) async fn check(
    State(app): State<App>,
    Query(Noted { head }): Query<Noted>,
    headers: HeaderMap,
) -> Result<Json<Verified>, AppError> {
    app.workspace_only(&headers)?;
    let noted = head.map(|head| head.parse::<Hash>()).transpose();
    let noted = noted.map_err(|error| AppError::malformed(format!("`head`: {error}.")))?;
    Ok(Json(verify(app.node.store(), noted).await?))
}

/// `GET /api/decisions/schema/{file}`: open to everybody. There is nothing of anybody's in them.
pub(super) async fn schema(Path(file): Path<String>) -> Result<Response, AppError> {
    let schema = match file.as_str() {
        "decision.json" | "decision-2.json" => SCHEMA,
        "decision-1.json" => SCHEMA_1,
        "change.json" | "change-1.json" => CHANGE_SCHEMA,
        _ => {
            let detail = "There is no such schema. There are decision.json, decision-1.json and change.json.";
            return Err(AppError::not_found("no_such_schema", detail));
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/schema+json")], schema).into_response())
}

/// `GET /api/decisions/export/decisions.{md,csv,json,xlsx,html,ics,zip}`.
pub(super) async fn export(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(whom): Query<Whom>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    app.workspace_only(&headers)?;
    let reader = whom.reader()?;
    let format = Format::from_file(&name).ok_or_else(super::exports::no_such)?;
    let book = app.node.decisions().all(app.node.store()).await?;
    let now = clock::now();
    let rendering = tokio::task::spawn_blocking(move || format.render(&Report::of_log(book, now), reader));
    file(format, rendering.await.map_err(AppError::fault)?)
}

impl From<LogError> for AppError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => error.into(),
            LogError::Broken { number, .. } => {
                let detail = format!(
                    "Entry {number} of the decision log is not what was written. Check the log with `plumbline log verify`, \
                     and restore it from a backup."
                );
                let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
                Self::new(status, "log_broken", detail).caused_by(error)
            }
        }
    }
}

impl From<ChangeError> for AppError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Unknown => no_such(),
            ChangeError::Log(error) => error.into(),
            ChangeError::NotNow(why) => {
                Self::new(axum::http::StatusCode::CONFLICT, "not_now", why.to_string())
            }
        }
    }
}
