//! Joining by code.

use std::time::Instant;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    words::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    codes::JoinCode,
    session::entry::{Body, Joined},
    tokens::{Token, TokenKind},
    web::{
        admission::{ClientAddress, network},
        app::App,
        body::Json,
        credentials,
        problem::AppError,
    },
};

/// Somebody at the door.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Join {
    code: String,
    name: String,
    #[serde(default)]
    function: String,
}

/// Somebody who is in.
#[derive(Serialize, ToSchema)]
pub(super) struct Admitted {
    session_id: SessionId,
    participant_id: ParticipantId,
    token: String,
}

/// Joins a session by its code.
///
/// For anybody who has the code. The token is told this once, and set as a cookie of the session's path. Ten wrong codes a minute
/// from one address are looked up, and no more.
#[utoipa::path(
    post, path = "/api/join", tag = "Joining",
    request_body(content = Join, example = json!({ "code": "K7Q4 M2XD", "name": "Ana", "function": "Finance" })),
    responses(
        (status = 200, description = "You are in.", body = Admitted, headers(("set-cookie" = String, description = "The same token, out of the reach of scripts."))),
        (status = 404, description = "- `wrong_code`: no session has this code.\n- `no_such_session`: it was erased in this moment."),
        (status = 409, description = "- `session_full`: 2,000 people have joined.\n- `closed`: the session is closed."),
        (status = 422, description = "- `bad_name`: a name has 1 to 80 characters.\n- `bad_function`: a function has 80 characters at most."),
        (status = 429, description = "- `too_many_wrong_codes`: wait as long as `Retry-After` says.\n- `too_fast`: too many people join from one address: 2,000 at once and 10 a second."),
    ),
)]
pub(super) async fn join(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Json(wish): Json<Join>,
) -> Result<Response, AppError> {
    // What cannot be a code is counted as a wrong one: a slip of the finger and a guess look alike.
    let shared = app.node.store().shared();
    let look = || JoinCode::parse(&wish.code).ok().and_then(|code| app.workspace.by_code(&code));
    let session = app.wrong_codes.attempt_with_others(shared, from, Instant::now(), look).await?;
    app.joins.take(network(from), Instant::now())?;
    // Before it comes into the log: refused there, it would stand in it all the same.
    let (closed, full) =
        app.session(session)?.ask(|session| (session.is_closed(), session.people().is_full())).await?;
    if closed {
        return Err(AppError::new(
            StatusCode::CONFLICT,
            "closed",
            "The session is closed. Ask the facilitator to resume it.",
        ));
    }
    if full {
        return Err(AppError::new(
            StatusCode::CONFLICT,
            "session_full",
            "This session is full: it takes 2,000 people. Ask the facilitator to take somebody out, or for another one.",
        ));
    }
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
    tracing::info!(%session, "somebody has joined by the code");
    let cookie = credentials::cookie_with(session, &token, app.is_https());
    let admitted =
        Admitted { session_id: session, participant_id: participant, token: token.reveal().to_owned() };
    Ok(([(header::SET_COOKIE, cookie)], Json(admitted)).into_response())
}
