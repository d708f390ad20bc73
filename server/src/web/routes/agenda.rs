//! Templates, and the agenda of a session as one.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{ids::SessionId, words::Role};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    agenda::{self, Template},
    session::{Identity, entry::Body},
    web::{
        app::{App, Caller},
        body::Json,
        openapi::schemas,
        page::Paged,
        problem::AppError,
        target::Path,
    },
};

/// What an agenda came to.
#[derive(Serialize, ToSchema)]
#[schema(as = AgendaReport)]
pub(super) struct Report {
    /// How many steps the session has now.
    imported: usize,
}

/// Lists the templates of agendas.
///
/// Open to everybody, like the page itself: there is nothing of anybody's in them. All are on one page.
#[utoipa::path(
    get, path = "/api/templates", tag = "Templates",
    responses((status = 200, description = "The templates.", body = Paged<schemas::Template>)),
)]
pub(super) async fn templates() -> Json<Paged<Value>> {
    Json(Paged { items: agenda::shipped().iter().map(Template::to_json).collect(), next: None })
}

/// Shows one template.
///
/// With `schema.json` for an id, the JSON Schema of all. Open to everybody.
#[utoipa::path(
    get, path = "/api/templates/{id}", tag = "Templates",
    params(("id" = String, Path, description = "The id of a template, for instance `align`, or `schema.json`.", example = "align")),
    responses(
        (status = 200, description = "The template, or the schema.", content(
            (schemas::Template = "application/json"),
            (schemas::Any = "application/schema+json"),
        )),
        (status = 404, description = "- `no_such_template`: the answer names those that there are."),
    ),
)]
pub(super) async fn template(Path(id): Path<String>) -> Result<Response, AppError> {
    if id == "schema.json" {
        return Ok(([(header::CONTENT_TYPE, "application/schema+json")], agenda::SCHEMA).into_response());
    }
    match agenda::find(&id) {
        Some(template) => Ok(Json(template.to_json()).into_response()),
        None => Err(AppError::not_found("no_such_template", unknown(&id))),
    }
}

/// Gives a session's agenda as a template, to be used again.
///
/// For a facilitator of the session. A shortlist that a step has stays behind.
#[utoipa::path(
    get, path = "/api/sessions/{id}/agenda", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    security(("workspace_key" = []), ("session_token" = [])),
    responses((status = 200, description = "The agenda.", body = schemas::Template)),
)]
pub(super) async fn take_along(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Json<Value>, AppError> {
    match app.caller(&headers, id).await? {
        Caller::Workspace | Caller::Person(Identity { role: Role::Facilitator, .. }) => {}
        Caller::Person(_) => {
            return Err(AppError::forbidden(
                "Only a facilitator of this session can take its agenda along. Ask yours.",
            ));
        }
    }
    let board = app.session(id)?.ask(crate::session::Session::board).await?;
    Ok(Json(Template::of_agenda(&board.session.title, &board.agenda).to_json()))
}

/// Gives a session another agenda.
///
/// For a facilitator of the session, as long as no ballot has been opened. The session stands at the first step then. A template
/// that is not as its schema says is refused with the place and what is wrong there.
#[utoipa::path(
    post, path = "/api/sessions/{id}/agenda", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    request_body(content = schemas::Template, description = "A template, up to 1 MiB."),
    security(("session_token" = [])),
    responses(
        (status = 200, description = "How many steps the session has now.", body = Report),
        (status = 409, description = "- `agenda_in_use`: a ballot of this session has been opened.\n- `closed`: the session is closed.\n- `too_many`: the agenda has too many steps."),
    ),
)]
pub(super) async fn import(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    Json(template): Json<Value>,
) -> Result<Json<Report>, AppError> {
    let by = app.facilitator(&headers, id).await?;
    let template = Template::of(&template).map_err(|refusal| AppError::unprocessable(refusal.to_string()))?;
    let steps = template.rows();
    let imported = steps.len();
    app.session(id)?.propose(Body::AgendaImported { by, steps }).await??;
    Ok(Json(Report { imported }))
}

/// What to say of a template that there is not.
pub(super) fn unknown(id: &str) -> String {
    let id: String = id.chars().take(40).collect();
    format!("There is no template {id:?}. There are {}.", agenda::names())
}
