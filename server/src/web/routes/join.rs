//! Joining by code.

use std::time::Instant;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    words::Role,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    codes::JoinCode,
    session::entry::{Body, Joined},
    tokens::{Token, TokenKind},
    web::{admission::ClientAddress, app::App, body::Json, credentials, problem::AppError},
};

/// Somebody at the door.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Join {
    code: String,
    name: String,
    #[serde(default)]
    function: String,
}

#[derive(Serialize)]
struct Admitted {
    session_id: SessionId,
    participant_id: ParticipantId,
    token: String,
}

/// `POST /api/join`.
pub(super) async fn join(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Json(wish): Json<Join>,
) -> Result<Response, AppError> {
    // What cannot be a code is counted as a wrong one: a slip of the finger and a guess look alike.
    let session = app.wrong_codes.attempt(from, Instant::now(), || {
        JoinCode::parse(&wish.code).ok().and_then(|code| app.workspace.by_code(&code))
    })?;
    let token = Token::fresh(TokenKind::Participant);
    let participant = ParticipantId(Uuid::now_v7());
    let joined = Joined {
        participant,
        name: wish.name,
        function: wish.function,
        role: Role::Participant,
        token: token.hash().0,
        by: None,
    };
    let body = Body::Joined(joined.fit_to_keep()?);
    app.session(session)?.propose(body).await??;
    let cookie = credentials::cookie_with(session, &token, app.is_https());
    let admitted =
        Admitted { session_id: session, participant_id: participant, token: token.reveal().to_owned() };
    Ok(([(header::SET_COOKIE, cookie)], Json(admitted)).into_response())
}
