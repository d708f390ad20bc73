//! Templates, and the agenda of a session as one.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{ids::SessionId, words::Role};
use serde::Serialize;
use serde_json::Value;

use crate::{
    agenda::{self, Template},
    session::{Identity, entry::Body},
    web::{
        app::{App, Caller},
        body::Json,
        page::Paged,
        problem::AppError,
        target::Path,
    },
};

/// What an agenda came to.
#[derive(Serialize)]
pub(super) struct Report {
    /// How many steps the session has now.
    imported: usize,
}

/// `GET /api/templates`: open to everybody, like the page itself. There is nothing of anybody's in them.
pub(super) async fn templates() -> Json<Paged<Value>> {
    Json(Paged { items: agenda::shipped().iter().map(Template::to_json).collect(), next: None })
}

/// `GET /api/templates/{id}`, and the schema beside them.
pub(super) async fn template(Path(id): Path<String>) -> Result<Response, AppError> {
    if id == "schema.json" {
        return Ok(([(header::CONTENT_TYPE, "application/schema+json")], agenda::SCHEMA).into_response());
    }
    match agenda::find(&id) {
        Some(template) => Ok(Json(template.to_json()).into_response()),
        None => Err(AppError::not_found("no_such_template", unknown(&id))),
    }
}

/// `GET /api/sessions/{id}/agenda`: the session's agenda as a template, to be used again.
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

/// `POST /api/sessions/{id}/agenda`: another agenda, as long as no ballot has been opened.
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
