//! Links into a session: to another device, for others, and new ones in place of old.

use std::net::IpAddr;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use plumbline_shared::{
    ids::{ParticipantId, SessionId},
    words::Role,
};
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::sessions::spaced;
use crate::{
    session::{
        Identity, Session,
        entry::{Body, By, Joined, Whose},
    },
    tokens::{Token, TokenKind},
    web::{
        app::{App, Caller},
        body::{self, Json, Object},
        openapi::TooFast,
        problem::AppError,
        target::{Path, Query},
    },
    workspace::Record,
};

/// For whom a link is, where it is not for whoever asks: somebody who is to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invited {
    name: String,
    role: Role,
    #[serde(default)]
    function: String,
}

/// Whose link it is to be: that of somebody who is to come, or the own one.
#[derive(ToSchema)]
#[schema(as = LinkWish)]
#[allow(dead_code, reason = "for the description of the API: the body may be left out, too")]
#[serde(untagged)]
pub(super) enum Wanted {
    Other(Invited),
    Own(Nothing),
}

/// Nothing is said.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Serialize, ToSchema)]
pub(super) struct Link {
    url: String,
    participant_id: ParticipantId,
    /// The link as a QR code: SVG.
    picture: String,
}

/// Makes a link: to one's own other device, or for somebody else.
///
/// Without a body, the personal link of whoever asks. With a name and a role a facilitator has somebody join who then comes by the
/// link: so a session is handed over. Either is good for one use: see `enter`. One token makes 120 commands and links at once and 10 a second.
#[utoipa::path(
    post, path = "/api/sessions/{id}/link", tag = "Joining", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    request_body(content = Option<Wanted>, example = json!({ "name": "Ana", "role": "facilitator" })),
    responses(
        (status = 200, description = "The link.", body = Link),
        (status = 404, description = "- `no_such_person`: who asks was taken out in this moment."),
        (status = 409, description = "- `one_device`: who asks came in by a link that somebody else made.\n- `session_full`: 2,000 people have joined.\n- `closed`: the session is closed."),
        (status = 422, description = "- `bad_name`: a name has 1 to 80 characters.\n- `bad_function`: a function has 80 characters at most."),
        TooFast,
    ),
)]
pub(super) async fn link(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<Link>, AppError> {
    let bytes = bytes.map_err(body::unreadable)?;
    if !names_nobody(&bytes) {
        let by = app.facilitator(&headers, id).await?;
        app.pace(&headers, id)?;
        let token = fresh(&app, id).await?;
        let url = format!("{}/s/{id}#t={}", app.base(&headers), token.reveal());
        let Object(Invited { name, role, function }) = serde_json::from_slice(&bytes).map_err(|error| {
            AppError::unprocessable(format!("Say for whom the link is, as {{name, role}}: {error}."))
        })?;
        let participant = ParticipantId(Uuid::now_v7());
        let joined = Joined { participant, name, function, role, token: token.hash().0, by: Some(By(by)) };
        app.session(id)?.propose(Body::Joined(joined.fit_to_keep()?)).await??;
        return Ok(Json(Link { picture: picture(&url)?, url, participant_id: participant }));
    }
    let Caller::Person(Identity { participant: Some(participant), .. }) = app.caller(&headers, id).await?
    else {
        return Err(AppError::forbidden("Only somebody who has joined has a personal link."));
    };
    app.pace(&headers, id)?;
    let token = fresh(&app, id).await?;
    let url = format!("{}/s/{id}#t={}", app.base(&headers), token.reveal());
    let with = Some(app.shown(&headers, id)?);
    let body = Body::Linked { participant, token: token.hash().0, with };
    app.session(id)?.propose(body).await??;
    Ok(Json(Link { picture: picture(&url)?, url, participant_id: participant }))
}

/// What a link to somebody's seat carries: since version 4 of the rules, something that is good once.
async fn fresh(app: &App, session: SessionId) -> Result<Token, AppError> {
    let once = app.session(session)?.ask(Session::has_seats).await?;
    Ok(Token::fresh(if once { TokenKind::Link } else { TokenKind::Participant }))
}

/// Whether whoever asks for a link asks for their own: no body, or one that says nothing.
fn names_nobody(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
        || match serde_json::from_slice(bytes) {
            Ok(Value::Null) => true,
            Ok(Value::Object(fields)) => fields.is_empty(),
            _ => false,
        }
}

/// What is to be replaced: `code`, `facilitator`, `observer`, or a participant's id.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotate {
    what: String,
}

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Rotated {
    Code { code: String, join_url: String },
    Token { token: String, url: String },
}

/// Replaces a code or a link; the old one is dead at once.
///
/// For a facilitator of the session. A new facilitators' link is that of whoever asks for it.
#[utoipa::path(
    post, path = "/api/sessions/{id}/rotate", tag = "Joining", params(("id" = SessionId, Path, description = "The session.")),
    security(("session_token" = [])),
    request_body(content = Rotate, example = json!({ "what": "code" })),
    responses(
        (status = 200, description = "The new one, told this once.", body = Rotated),
        (status = 404, description = "- `no_such_person`: nobody of that id is in the session."),
        (status = 409, description = "- `closed`: the session is closed."),
    ),
)]
pub(super) async fn rotate(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
    Json(wish): Json<Rotate>,
) -> Result<Json<Rotated>, AppError> {
    let by = app.facilitator(&headers, id).await?;
    let base = app.base(&headers);
    let (whose, kind, page) = match wish.what.as_str() {
        "code" => {
            let code = app.workspace.rotate_code(app.node.store(), id).await?;
            let join_url = format!("{base}/join/{}", code.compact());
            return Ok(Json(Rotated::Code { code: code.spaced(), join_url }));
        }
        "facilitator" => (Whose::Facilitator, TokenKind::Facilitator, "s"),
        "observer" => (Whose::Observer, TokenKind::Observer, "wall"),
        person => {
            let person: ParticipantId = person.parse().map_err(|_| {
                AppError::unprocessable(
                    "Say what to replace: code, facilitator, observer, or a participant's id.",
                )
            })?;
            (Whose::Participant(person), TokenKind::Participant, "s")
        }
    };
    app.pace(&headers, id)?;
    let token = match whose {
        // Somebody else's: they exchange it, so that nobody but they has what opens their seat.
        Whose::Participant(person) if person != by => fresh(&app, id).await?,
        _ => Token::fresh(kind),
    };
    let with = Some(app.shown(&headers, id)?);
    app.session(id)?
        .propose(Body::Rotated { whose, token: token.hash().0, by: Some(By(by)), with })
        .await??;
    let url = format!("{base}/{page}/{id}#t={}", token.reveal());
    Ok(Json(Rotated::Token { token: token.reveal().to_owned(), url }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Share {
    code: String,
    join_url: String,
    /// Whether other devices can reach that address.
    reachable: bool,
    /// What to do if they cannot.
    hint: Option<&'static str>,
    /// The template that the session was founded with, by its id: from some of them another session goes on.
    template: Option<String>,
}

/// Says what others need to join.
///
/// For everybody in the session, the wall too, since it invites.
#[utoipa::path(
    get, path = "/api/sessions/{id}/share", tag = "Joining", params(("id" = SessionId, Path, description = "The session.")),
    security(("workspace_key" = []), ("session_token" = [])),
    responses((status = 200, description = "Code and link.", body = Share)),
)]
pub(super) async fn share(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    headers: HeaderMap,
) -> Result<Json<Share>, AppError> {
    let Record { code, template, .. } = invitation(&app, &headers, id).await?;
    let base = app.base(&headers);
    let reachable = !is_this_machine_alone(&base);
    let hint = (!reachable).then_some(
        "Only this computer can reach this address. Start the server with --listen 0.0.0.0:8080 and open it under \
         this computer's name or address in the network, or name the public address with --public-url.",
    );
    Ok(Json(Share {
        join_url: format!("{base}/join/{code}"),
        code: spaced(&code),
        reachable,
        hint,
        template,
    }))
}

/// What a picture of the join link may carry.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Picture {
    /// A test with a phone: pages that come by the picture tell the others so. It stands in the fragment, and means
    /// nothing to the server.
    test: Option<Uuid>,
}

/// Draws the join link as a QR code.
#[utoipa::path(
    get, path = "/api/sessions/{id}/join.svg", tag = "Joining",
    params(("id" = SessionId, Path, description = "The session."), Picture),
    security(("workspace_key" = []), ("session_token" = [])),
    responses((status = 200, description = "The picture.", body = String, content_type = "image/svg+xml")),
)]
pub(super) async fn qr(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    Query(Picture { test }): Query<Picture>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let Record { code, .. } = invitation(&app, &headers, id).await?;
    let mut url = format!("{}/join/{code}", app.base(&headers));
    if let Some(test) = test {
        url.push_str(&format!("#test={test}"));
    }
    let image = picture(&url)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], image)
        .into_response())
}

/// A link as a QR code: SVG.
pub(super) fn picture(url: &str) -> Result<String, AppError> {
    let qr = QrCode::with_error_correction_level(url, EcLevel::M).map_err(AppError::fault)?;
    Ok(qr.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build())
}

/// The code, for whoever may see it: everybody in the session, the wall too, since it invites.
async fn invitation(app: &App, headers: &HeaderMap, id: SessionId) -> Result<Record, AppError> {
    app.caller(headers, id).await?;
    app.workspace.get(id).ok_or_else(AppError::no_such_session)
}

/// Whether an address leads to this machine only, wherever it is opened.
fn is_this_machine_alone(url: &str) -> bool {
    let authority = url.split("://").last().unwrap_or(url).split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
        Some(host) => host,
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_address_gives_no_dead_qr_code() {
        for url in ["http://127.0.0.1:8080", "http://localhost:80/x", "http://[::1]:8080", "http://0.0.0.0"] {
            assert!(is_this_machine_alone(url), "{url}");
        }
        for url in ["http://192.168.1.20:8080", "https://plumbline.example.org", "http://[fd00::1]:8080"] {
            assert!(!is_this_machine_alone(url), "{url}");
        }
    }
}
