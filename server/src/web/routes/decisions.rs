//! The decision log of the workspace.

pub(super) mod change;
mod search;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::exports::{File, FileName, Whom, file};
use crate::{
    clock,
    log::{
        chain::Hash,
        decisions::{ChangeError, Due, Found, Listed, LogError, Overview, Verified, verify},
        export::{Format, Report},
        record::{CHANGE_SCHEMA, CHANGE_SCHEMA_1, Change, SCHEMA, SCHEMA_1, Standing},
    },
    web::{
        app::App,
        body::Json,
        openapi::schemas,
        page::{Page, PageAsked, Paged},
        problem::AppError,
        target::{Path, Query},
    },
};

use search::{Asked, Order, Today};

/// A decision of the log.
#[derive(Serialize, ToSchema)]
#[schema(as = LoggedDecision)]
pub(super) struct Shown {
    /// The hash of the entry before.
    previous: Hash,
    /// Its own: of the format's byte, the hash before, and the record's text as it stands here.
    hash: Hash,
    /// Where it stands now: `status`, `superseded_by`, `told`, `done`.
    #[serde(flatten)]
    standing: Standing,
    #[schema(value_type = schemas::DecisionRecord)]
    record: Box<RawValue>,
    /// What has been entered about it since.
    #[schema(value_type = Vec<schemas::Change>)]
    changes: Vec<Change>,
    /// All decisions about the same project in short, this one included, the oldest first.
    history: Vec<Listed>,
}

/// Lists the decisions of the workspace in short, the newest first or as they are due.
///
/// What is asked for by several options has to hold for all of them. A cursor goes on in the order that it was made for.
#[utoipa::path(
    get, path = "/api/decisions", tag = "Decisions", params(PageAsked, Asked), security(("workspace_key" = [])),
    responses((status = 200, description = "A page of decisions.", body = Paged<Listed>)),
)]
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

/// Says what there is to look for among the decisions, and how much of it there is.
#[utoipa::path(
    get, path = "/api/decisions/overview", tag = "Decisions", params(Today), security(("workspace_key" = [])),
    responses((status = 200, description = "Counts and names.", body = Overview)),
)]
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

/// Shows a decision with its evidence, and what became of it.
///
/// `record` stands as it was written, byte by byte, so that `hash` can be checked against it.
#[utoipa::path(
    get, path = "/api/decisions/{number}", tag = "Decisions",
    params(("number" = u64, Path, description = "The number of the entry in the workspace's log, from 1.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    responses(
        (status = 200, description = "The decision.", body = Shown),
        (status = 404, description = "- `no_such_decision`: no entry with this number, or one that is a change."),
    ),
)]
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

/// The JSON Schemas of the log by their files' names: the current one of each, and those of each version.
const SCHEMAS: [(&str, &str); 6] = [
    ("decision.json", SCHEMA),
    ("decision-2.json", SCHEMA),
    ("decision-1.json", SCHEMA_1),
    ("change.json", CHANGE_SCHEMA),
    ("change-2.json", CHANGE_SCHEMA),
    ("change-1.json", CHANGE_SCHEMA_1),
];

/// A file's name of [`SCHEMAS`], in the description of the API.
struct SchemaFile;

impl PartialSchema for SchemaFile {
    fn schema() -> RefOr<Schema> {
        let names = SCHEMAS.map(|(name, _)| name);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for SchemaFile {}

/// What a check of the log is asked for with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Noted {
    /// The hash of an entry that was noted elsewhere.
    #[param(pattern = "^[0-9a-fA-F]{64}$")]
    head: Option<String>,
}

/// Checks whether the decision log is what was written.
///
/// Goes through all entries and names the first that was tampered with. A log that was rewritten as a whole holds together: note
/// the hash of an entry elsewhere, and ask for it by `head`.
#[utoipa::path(
    get, path = "/api/decisions/verify", tag = "Decisions", params(Noted), security(("workspace_key" = [])),
    responses((status = 200, description = "What came of it; a fault is no error of the call.", body = Verified)),
)]
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

/// Gives the JSON Schemas of what stands in the decision log.
///
/// Open to everybody: there is nothing of anybody's in them.
#[utoipa::path(
    get, path = "/api/decisions/schema/{file}", tag = "Decisions",
    params(("file" = inline(SchemaFile), Path, description = "Which.")),
    responses(
        (status = 200, description = "A JSON Schema, 2020-12.", body = schemas::Any, content_type = "application/schema+json"),
        (status = 404, description = "- `no_such_schema`: the answer names those that there are."),
    ),
)]
pub(super) async fn schema(Path(file): Path<String>) -> Result<Response, AppError> {
    let Some((_, schema)) = SCHEMAS.into_iter().find(|(name, _)| *name == file) else {
        let detail = "There is no such schema. There are decision.json, decision-1.json, change.json and change-1.json.";
        return Err(AppError::not_found("no_such_schema", detail));
    };
    Ok(([(header::CONTENT_TYPE, "application/schema+json")], schema).into_response())
}

/// Gives the whole decision log as a file.
///
/// The format is that of the name's ending: Markdown, CSV, JSON, XLSX, a page (HTML), calendar dates (iCalendar), or one Markdown
/// file for each decision with an index (ZIP).
#[utoipa::path(
    get, path = "/api/decisions/export/{file}", tag = "Decisions",
    params(("file" = inline(FileName), Path, description = "The file's name."), Whom), security(("workspace_key" = [])),
    responses(File),
)]
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
