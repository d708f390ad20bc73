//! Commands: the same JSON as on the socket.

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::{
    ids::SessionId,
    messages::{ClientMessage, ServerMessage},
    policy,
};

use crate::{
    live::commanded,
    session::Refusal,
    web::{app::App, body::Json, problem::AppError, target::Path},
};

/// `POST /api/sessions/{id}/commands`.
pub(super) async fn command(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    Json(message): Json<ClientMessage>,
) -> Result<Json<ServerMessage>, AppError> {
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
    Ok(Json(ServerMessage::Ok { re }))
}
