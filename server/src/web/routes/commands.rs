//! Commands: the same JSON as on the socket.

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::{
    ids::{MessageId, SessionId},
    messages::ClientMessage,
    policy,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    live::commanded,
    session::Refusal,
    web::{
        app::App,
        body::Json,
        openapi::{Refusals, TooFast},
        problem::AppError,
        target::Path,
    },
};

/// A command that was carried out, as the socket says it.
#[derive(Serialize, ToSchema)]
pub(super) struct Carried {
    r#type: Fine,
    /// Its message's id.
    re: MessageId,
}

/// That it was.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fine {
    /// It was.
    Ok,
}

/// Carries out a command, as the typed messages of the socket do.
///
/// What drives the session is for a facilitator, what answers or flags for whoever takes part. A message is known by its `id`, and
/// repeated safely under it: one that was refused is refused again, for the same reason. One token makes 120 commands and links at
/// once and 10 a second.
#[utoipa::path(
    post, path = "/api/sessions/{id}/commands", tag = "Sessions", params(("id" = SessionId, Path, description = "The session.")),
    request_body(content = ClientMessage, example = json!({
        "id": "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f", "type": "lock",
        "seen": { "step": "0192f0c4-7b1e-7cc3-98c4-dc0c0c073990", "round": 1 }, "locked": true,
    })),
    security(("session_token" = [])),
    responses((status = 200, description = "It was done, and is saved.", body = Carried), Refusals, TooFast),
)]
pub(super) async fn command(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    Json(message): Json<ClientMessage>,
) -> Result<Json<Carried>, AppError> {
    let by = if message.command.drives() {
        app.facilitator(&headers, id).await?
    } else {
        app.person(&headers, id).await?
    };
    app.pace(&headers, id)?;
    policy::texts(&message.command).map_err(Refusal::from)?;
    let re = message.id;
    // One that was refused when it first came is refused again, for the same reason.
    app.session(id)?.propose(commanded(by, &message)).await??;
    Ok(Json(Carried { r#type: Fine::Ok, re }))
}
