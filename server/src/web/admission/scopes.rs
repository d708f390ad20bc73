//! Which call each scope of an API key opens: one table. What stands in none of its rows, no API key opens; a test demands
//! of each call of the workspace that it stands there, or among those that need the workspace key itself.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use plumbline_shared::{day::Day, ids::SessionId};

use super::ClientAddress;
use crate::{
    clock,
    tokens::{Token, TokenKind},
    web::{app::App, credentials, idempotency, problem::AppError},
    workspace::keys::Scope,
};

/// The calls, by method and path, and the scope that opens each.
pub const SCOPES: &[(Method, &str, Scope)] = &[
    (Method::GET, "/api/decisions", Scope::DecisionsRead),
    (Method::GET, "/api/decisions/overview", Scope::DecisionsRead),
    (Method::GET, "/api/pillars", Scope::DecisionsRead),
    (Method::GET, "/api/pillars/{id}", Scope::DecisionsRead),
    (Method::GET, "/api/decisions/verify", Scope::DecisionsRead),
    (Method::GET, "/api/decisions/{number}", Scope::DecisionsRead),
    (Method::POST, "/api/decisions/{number}/status", Scope::DecisionsWrite),
    (Method::POST, "/api/decisions/{number}/told", Scope::DecisionsWrite),
    (Method::POST, "/api/decisions/{number}/done", Scope::DecisionsWrite),
    (Method::GET, "/api/decisions/export/{file}", Scope::ExportsRead),
    (Method::GET, "/api/sessions/{id}/export/{file}", Scope::ExportsRead),
    (Method::GET, "/api/sessions", Scope::SessionsRead),
    (Method::GET, "/api/sessions/{id}", Scope::SessionsRead),
    (Method::GET, "/api/sessions/{id}/agenda", Scope::SessionsRead),
    (Method::GET, "/api/sessions/{id}/share", Scope::SessionsRead),
    (Method::GET, "/api/sessions/{id}/join.svg", Scope::SessionsRead),
    (Method::POST, "/api/sessions", Scope::SessionsWrite),
    (Method::DELETE, "/api/sessions/{id}", Scope::SessionsWrite),
    (Method::POST, "/api/demonstrations", Scope::SessionsWrite),
    (Method::GET, "/api/webhooks", Scope::Webhooks),
    (Method::POST, "/api/webhooks", Scope::Webhooks),
    (Method::GET, "/api/webhooks/{id}", Scope::Webhooks),
    (Method::PATCH, "/api/webhooks/{id}", Scope::Webhooks),
    (Method::DELETE, "/api/webhooks/{id}", Scope::Webhooks),
    (Method::POST, "/api/webhooks/{id}/rotate", Scope::Webhooks),
    (Method::POST, "/api/webhooks/{id}/test", Scope::Webhooks),
    (Method::GET, "/api/webhooks/{id}/deliveries", Scope::Webhooks),
    (Method::POST, "/api/webhooks/{id}/deliveries/{number}/replay", Scope::Webhooks),
    (Method::POST, "/api/webhooks/{id}/replay", Scope::Webhooks),
    (Method::GET, "/api/intake", Scope::Intake),
    (Method::GET, "/api/requests", Scope::Intake),
    (Method::GET, "/api/requests/{number}", Scope::Intake),
    (Method::DELETE, "/api/requests/{number}", Scope::Intake),
    (Method::POST, "/api/requests/{number}/answer", Scope::Intake),
    (Method::GET, "/api/sessions/{id}/requests", Scope::Intake),
    (Method::POST, "/api/sessions/{id}/requests", Scope::Intake),
];

/// The calls of the workspace that no scope opens: those that make keys, or a link that is derived from the workspace key.
/// Whoever could make keys with a key would have no bounds.
pub const KEY_ITSELF: &[(Method, &str)] = &[
    (Method::GET, "/api/keys"),
    (Method::POST, "/api/keys"),
    (Method::DELETE, "/api/keys/{id}"),
    (Method::POST, "/api/keys/workspace/rotate"),
    (Method::POST, "/api/intake"),
];

/// The scope that opens a call, if one does.
#[must_use]
pub fn scope_of(method: &Method, path: &str) -> Option<Scope> {
    // Whoever may get something may ask what getting it would answer.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    SCOPES.iter().find(|(known, at, _)| known == method && *at == path).map(|(_, _, scope)| *scope)
}

/// The middleware, around all calls: a key is looked up, and a wrong one counted, before anything else is done with it;
/// an API key goes on only to what its scopes open. So whoever is asked behind it can take a good API key for the
/// workspace's.
pub async fn by_key(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // What cannot be a token is refused where one is needed.
    let Ok(token) = credentials::of_call(&parts.headers, None) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    if let Some(token) = token.filter(|token| !is_of_somebody(&app, token))
        && let Err(refusal) = admit(&app, &parts, &token).await
    {
        return refusal.into_response();
    }
    // Whose token is dead is judged anew: an answer that they got before is not for them any more.
    if parts.headers.contains_key(idempotency::KEY) && !still_opens(&app, &parts).await {
        parts.headers.remove(idempotency::KEY);
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn admit(app: &App, call: &Parts, token: &Token) -> Result<(), AppError> {
    let Some(from) = call.extensions.get::<ClientAddress>().copied() else { return Ok(()) };
    app.wrong_keys.admits_key(from.0, Instant::now())?;
    let hash = token.hash();
    if app.workspace.admits(&hash) {
        return Ok(());
    }
    let Some(key) = app.workspace.api_key(&hash) else {
        tracing::info!("a key was tried that opens nothing");
        app.wrong_keys.count(from.0, Instant::now());
        return Ok(());
    };
    let today = Day::of(clock::now());
    if !key.is_good(today) {
        let detail = format!("This API key was good until {}. Make a new one.", Day(key.expires));
        return Err(AppError::new(StatusCode::UNAUTHORIZED, "expired_key", detail));
    }
    let path = call.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    match scope_of(&call.method, path) {
        Some(scope) if key.opens(scope) => {}
        Some(scope) => {
            let detail =
                format!("This API key does not open this call: it needs the scope {}.", scope.as_str());
            return Err(AppError::new(StatusCode::FORBIDDEN, "missing_scope", detail));
        }
        None => {
            let detail = "No API key opens this call. It needs the workspace key itself, or the token of somebody in the session.";
            return Err(AppError::new(StatusCode::FORBIDDEN, "no_api_key", detail));
        }
    }
    if let Err(error) = app.workspace.note_use(app.node.store(), &key, today).await {
        // The call itself says so if it has to save something.
        tracing::warn!(%error, "that an API key was used today could not be noted");
    }
    Ok(())
}

/// Whether a token says that it is not the workspace's, and is not: those of sessions and of requests are 256 random
/// bits that nobody chose, and nobody guesses them.
fn is_of_somebody(app: &App, token: &Token) -> bool {
    let is_key = matches!(token.kind(), None | Some(TokenKind::Workspace | TokenKind::Api));
    !is_key && !app.workspace.admits(&token.hash())
}

/// Whether the token that a call comes with, if it comes with one, still opens anything there.
async fn still_opens(app: &App, call: &Parts) -> bool {
    let session = call.uri.path().strip_prefix("/api/sessions/").and_then(|rest| rest.split('/').next());
    if let Some(session) = session {
        let Ok(session) = session.parse::<SessionId>() else { return false };
        return app.caller(&call.headers, session).await.is_ok();
    }
    match credentials::of_call(&call.headers, None) {
        Ok(None) => true,
        Err(_) => false,
        Ok(Some(token)) => {
            let hash = token.hash();
            app.opens_workspace(&hash) || app.workspace.door().is_some_and(|door| door.link == hash)
        }
    }
}
