//! Coming in by a link that is good for one use, and leaving on one device.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::ids::{ParticipantId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    session::{Invitation, Refusal, entry::Body},
    tokens::{Token, TokenKind},
    web::{app::App, body::Json, credentials, openapi::TooFast, problem::AppError, target::Path},
};

/// What a link opens that nobody has used yet.
#[derive(Serialize, ToSchema)]
pub(super) struct Offered {
    /// Whose seat it is.
    participant_id: ParticipantId,
    /// Their name.
    name: String,
    /// Who made the link, by name; none where the person did, on another device.
    made_by: Option<String>,
}

/// Says what a link opens that nobody has used yet.
///
/// Nothing is used up by it: a page asks before the link is used. The bearer token is what the link carries in its fragment, `pl_…`.
#[utoipa::path(
    get, path = "/api/sessions/{id}/invitation", tag = "Joining", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    responses(
        (status = 200, description = "Whose seat it opens, and who made it.", body = Offered),
        (status = 401, description = "- `used`: somebody has used it.\n- `renewed`, `merged`, `removed`: it opens nothing any more.\n- `not_admitted`: there is no such link."),
    ),
)]
pub(super) async fn invitation(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Json<Offered>, AppError> {
    let (_, Invitation { participant, name, by }) = offered(&app, &headers, id).await?;
    Ok(Json(Offered { participant_id: participant, name, made_by: by }))
}

/// What whoever used a link comes by from now on.
#[derive(Serialize, ToSchema)]
pub(super) struct Entered {
    participant_id: ParticipantId,
    token: String,
}

/// Uses a link: exchanges it, once, for a token that nobody else has.
///
/// The bearer token is what the link carries in its fragment, `pl_…`. The new token is told this once, and set as a cookie of the
/// session's path.
#[utoipa::path(
    post, path = "/api/sessions/{id}/enter", tag = "Joining", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    responses(
        (status = 200, description = "You are in.", body = Entered, headers(("set-cookie" = String, description = "The same token, out of the reach of scripts."))),
        (status = 401, description = "- `used`: somebody has used it.\n- `renewed`, `merged`, `removed`: it opens nothing any more.\n- `not_admitted`: there is no such link."),
    ),
)]
pub(super) async fn enter(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    // What is no good is refused before it comes into the log.
    let (link, Invitation { participant, .. }) = offered(&app, &headers, id).await?;
    let token = Token::fresh(TokenKind::Participant);
    app.session(id)?.propose(Body::Entered { link, token: token.hash().0 }).await??;
    tracing::info!(session = %id, "somebody has come in by a link");
    let cookie = credentials::cookie_with(id, &token, app.is_https());
    let entered = Entered { participant_id: participant, token: token.reveal().to_owned() };
    Ok(([(header::SET_COOKIE, cookie)], Json(entered)).into_response())
}

/// The link that is shown, and what it opens.
async fn offered(
    app: &App,
    headers: &HeaderMap,
    session: SessionId,
) -> Result<([u8; 32], Invitation), AppError> {
    // Said outright, and not by the cookie, which is somebody's token.
    let link = credentials::of_call(headers, None)?.ok_or_else(AppError::not_admitted)?.hash().0;
    let handle = app.session(session).map_err(|_| AppError::not_admitted())?;
    let found: Result<Invitation, Option<Refusal>> = handle
        .ask(move |session| {
            session.people().invitation(&link).ok_or_else(|| session.people().why_dead(&link))
        })
        .await?;
    match found {
        Ok(invitation) => Ok((link, invitation)),
        Err(Some(why)) => Err(why.into()),
        Err(None) => Err(AppError::not_admitted()),
    }
}

/// Leaves on this device: the token that is shown is dead, and the cookie is taken back.
///
/// A link that several may hold, the facilitators' or the observers', stays as it is.
#[utoipa::path(
    post, path = "/api/sessions/{id}/leave", tag = "Joining", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    responses(
        (status = 204, description = "This device is out.", headers(("set-cookie" = String, description = "Takes the cookie back."))),
        (status = 409, description = "- `last_facilitator`: nobody could drive the session any more."),
        TooFast,
    ),
)]
pub(super) async fn leave(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let shown = app.shown(&headers, id)?;
    // Whoever is out already has left: the browser's cookie goes all the same.
    if app.caller(&headers, id).await.is_ok() {
        app.pace(&headers, id)?;
        app.session(id)?.propose(Body::Left { token: shown.0 }).await??;
    }
    let cookie = credentials::cookie_without(id, app.is_https());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
