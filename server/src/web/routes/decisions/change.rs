//! What happens to a decision after it has left the room: further entries of the log.

use axum::{extract::State, http::HeaderMap, http::StatusCode};
use plumbline_shared::{day::Day, limits};
use serde::Deserialize;
use utoipa::ToSchema;

use super::no_such;
use crate::{
    clock,
    log::record::{Change, Deed, Says, Status},
    web::{app::App, body::Json, openapi::schemas, problem::AppError, target::Path},
};

/// Another status.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct NewStatus {
    status: Status,
    /// Who says so.
    #[serde(default)]
    by: String,
    /// Why.
    #[serde(default)]
    reason: String,
    /// Which decision takes its place, where it is superseded.
    #[serde(default)]
    superseded_by: Option<u64>,
}

/// Those whom a decision concerns have been told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct NewTold {
    /// By whom.
    #[schema(min_length = 1)]
    told_by: String,
    /// On which day.
    #[schema(format = Date)]
    told_on: String,
    /// Who says so.
    #[serde(default)]
    by: String,
}

/// Something that a decision asks for is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct NewDone {
    what: Deed,
    /// By whom.
    done_by: String,
    /// On which day.
    done_on: String,
    /// What came of it.
    #[serde(default)]
    note: String,
    /// On which day it is looked at again, where that is agreed on.
    #[serde(default)]
    next_review: Option<String>,
    /// Who says so.
    #[serde(default)]
    by: String,
}

/// Says that a decision stands otherwise from now on.
///
/// A further entry of the log: nothing in it is edited. `accepted` is for what moves, waits or stops, `winding_down` for a stop,
/// `superseded` names the later decision that takes its place, `reversed` takes it back.
#[utoipa::path(
    post, path = "/api/decisions/{number}/status", tag = "Decisions",
    params(("number" = u64, Path, description = "The decision.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    request_body(content = NewStatus, example = json!({ "status": "accepted", "by": "Office", "reason": "Agreed with the owner." })),
    responses(
        (status = 201, description = "The change, as it stands in the log.", body = schemas::Change),
        (status = 404, description = "- `no_such_decision`: no entry with this number, or one that is a change."),
        (status = 409, description = "- `not_now`: this does not follow upon its status now; the answer says what does."),
    ),
)]
pub(in crate::web::routes) async fn status(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
    Json(new): Json<NewStatus>,
) -> Result<(StatusCode, Json<Change>), AppError> {
    app.workspace_only(&headers)?;
    let says = Says::Status {
        status: new.status,
        reason: text("reason", &new.reason, limits::PARAGRAPH)?,
        superseded_by: new.superseded_by,
    };
    enter(app, &number, text("by", &new.by, limits::LINE)?, says).await
}

/// Says that those whom a decision concerns have been told.
///
/// Without it a stop is left out of what the staff sees.
#[utoipa::path(
    post, path = "/api/decisions/{number}/told", tag = "Decisions",
    params(("number" = u64, Path, description = "The decision.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    request_body(content = NewTold, example = json!({ "told_by": "Maren", "told_on": "2026-12-01" })),
    responses(
        (status = 201, description = "The change, as it stands in the log.", body = schemas::Change),
        (status = 404, description = "- `no_such_decision`: no entry with this number, or one that is a change."),
        (status = 409, description = "- `not_now`: it does not hold any more."),
    ),
)]
pub(in crate::web::routes) async fn told(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
    Json(new): Json<NewTold>,
) -> Result<(StatusCode, Json<Change>), AppError> {
    app.workspace_only(&headers)?;
    let told_by = text("told_by", &new.told_by, limits::LINE)?;
    if told_by.is_empty() {
        return Err(AppError::unprocessable("Say in `told_by` who has told those whom it concerns."));
    }
    let told_on = Day::parse(&new.told_on)
        .ok_or_else(|| AppError::unprocessable("`told_on` is a day, for instance 2026-11-20."))?;
    let says = Says::Told { told_by, told_on: told_on.to_string() };
    enter(app, &number, text("by", &new.by, limits::LINE)?, says).await
}

/// Says that something that a decision asks for is done.
///
/// The day for it is not due any more. `review` is for every decision, `first_step` and `ends` for a stop, `measure` for a move; of
/// each the last entry counts. With `next_review` it is due again on that day. A wait that is over and what is open are settled
/// by another decision.
#[utoipa::path(
    post, path = "/api/decisions/{number}/done", tag = "Decisions",
    params(("number" = u64, Path, description = "The decision.", minimum = 1, maximum = 9007199254740991_i64)),
    security(("workspace_key" = [])),
    request_body(content = NewDone, example = json!({ "what": "review", "done_by": "Maren", "done_on": "2026-11-20", "note": "On its way." })),
    responses(
        (status = 201, description = "The change, as it stands in the log.", body = schemas::Change),
        (status = 404, description = "- `no_such_decision`: no entry with this number, or one that is a change."),
        (status = 409, description = "- `not_now`: it does not hold any more, or its verdict does not ask for that."),
    ),
)]
pub(in crate::web::routes) async fn done(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
    Json(new): Json<NewDone>,
) -> Result<(StatusCode, Json<Change>), AppError> {
    app.workspace_only(&headers)?;
    let done_by = text("done_by", &new.done_by, limits::LINE)?;
    if done_by.is_empty() {
        return Err(AppError::unprocessable("Say in `done_by` who has done it."));
    }
    let today = Day::of(clock::now());
    let done_on = Day::parse(&new.done_on)
        .ok_or_else(|| AppError::unprocessable("`done_on` is a day, for instance 2026-11-20."))?;
    // Where the day begins first, it is tomorrow in Greenwich already.
    if done_on > today.plus(1) {
        return Err(AppError::unprocessable("`done_on` is still to come. Enter it once it is done."));
    }
    let next_review = match new.next_review.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(day) => Some(Day::parse(day).ok_or_else(|| {
            AppError::unprocessable("`next_review` is a day, for instance 2027-02-20, or left out.")
        })?),
    };
    if next_review.is_some_and(|next| next < today.plus(-1)) {
        return Err(AppError::unprocessable("`next_review` is over already. Name a day to come."));
    }
    let says = Says::Done {
        what: new.what,
        done_by,
        done_on: done_on.to_string(),
        note: text("note", &new.note, limits::PARAGRAPH)?,
        next_review: next_review.map(|day| day.to_string()),
    };
    enter(app, &number, text("by", &new.by, limits::LINE)?, says).await
}

async fn enter(
    app: App,
    number: &str,
    by: String,
    says: Says,
) -> Result<(StatusCode, Json<Change>), AppError> {
    let number: u64 = number.parse().map_err(|_| no_such())?;
    // In a task of its own: a caller who goes away must not leave it half done.
    let entering = tokio::spawn(async move {
        app.node.decisions().change(app.node.store(), number, &by, says, clock::now()).await
    });
    let change = entering.await.map_err(AppError::fault)??;
    Ok((StatusCode::CREATED, Json(change)))
}

/// A text as it stands in the log for good.
fn text(name: &str, text: &str, most: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(AppError::unprocessable(format!("`{name}` takes {most} characters at most.")));
    }
    Ok(text.to_owned())
}
