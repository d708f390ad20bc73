//! The decision log of the workspace.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    clock,
    log::{
        chain::Hash,
        decisions::{Listed, LogError, Verified, verify},
        export::Format,
    },
    web::{
        app::App,
        body::Json,
        page::{Page, Paged},
        problem::AppError,
        target::{Path, Query},
    },
};

/// An entry of the log.
#[derive(Serialize)]
pub(super) struct Shown {
    /// The hash of the entry before.
    previous: Hash,
    /// Its own: of the format's byte, the hash before, and the record's text as it stands here.
    hash: Hash,
    /// The number of the entry that has taken its place.
    superseded_by: Option<u64>,
    record: Box<RawValue>,
}

/// `GET /api/decisions`: in short, the newest first.
pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    page: Page,
) -> Result<Json<Paged<Listed>>, AppError> {
    app.workspace_only(&headers)?;
    let before = page.after::<u64>()?;
    let listed = app.node.decisions().list(app.node.store(), before, page.limit() + 1).await?;
    Ok(Json(page.of(listed, |line| line.number)))
}

/// `GET /api/decisions/{number}`.
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Shown>, AppError> {
    app.workspace_only(&headers)?;
    let missing = || {
        AppError::not_found(
            "no_such_decision",
            "The decision log has no entry with this number. List it to see which it has.",
        )
    };
    let number = number.parse().map_err(|_| missing())?;
    let found = app.node.decisions().get(app.node.store(), number).await?;
    let (entry, superseded_by) = found.ok_or_else(missing)?;
    Ok(Json(Shown { previous: entry.previous, hash: entry.hash, superseded_by, record: entry.json }))
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

/// `GET /api/decisions/export/decisions.{md,csv,json}`.
pub(super) async fn export(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    app.workspace_only(&headers)?;
    let no_such = || {
        let detail =
            "There is no such export of the log. There are decisions.md, decisions.csv and decisions.json.";
        AppError::not_found("no_such_export", detail)
    };
    let format = file.strip_prefix("decisions.").and_then(Format::from_ending).ok_or_else(no_such)?;
    let entries = app.node.decisions().all(app.node.store()).await?;
    let now = clock::now();
    let rendering = tokio::task::spawn_blocking(move || format.render_log(&entries, now));
    let content = rendering.await.map_err(AppError::fault)?.ok_or_else(no_such)?;
    let name = format!("attachment; filename=\"decisions.{}\"", format.ending());
    let fields = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(AppError::fault)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((fields, content).into_response())
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
