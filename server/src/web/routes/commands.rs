//! A facilitator's commands: the same JSON as on the socket.

use axum::{extract::State, http::HeaderMap};
use plumbline_shared::{
    ids::SessionId,
    messages::{ClientMessage, ServerMessage},
};

use crate::{
    live::commanded,
    web::{app::App, body::Json, problem::AppError, target::Path},
};

/// `POST /api/sessions/{id}/commands`.
pub(super) async fn command(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    Json(message): Json<ClientMessage>,
) -> Result<Json<ServerMessage>, AppError> {
    let by = app.facilitator(&headers, id).await?;
    let handle = app.session(id)?;
    let re = message.id;
    handle.propose(commanded(by, &message)).await??;
    // One that was refused when it first came is told so again.
    let refused = handle
        .ask(move |session| match session.answered(by, re) {
            Some(Err((_, sentence))) => Some(sentence.to_owned()),
            _ => None,
        })
        .await?;
    match refused {
        Some(sentence) => Err(AppError::conflict(sentence)),
        None => Ok(Json(ServerMessage::Ok { re })),
    }
}
