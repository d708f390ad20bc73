//! The calls of DESIGN section 6, a file each.

mod agenda;
mod commands;
mod decisions;
mod demonstrations;
mod exports;

mod join;
mod links;
mod onward;
mod portfolio;
mod requests;
mod sessions;
mod sponsors;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use plumbline_shared::limits;

use super::{
    admission::{Origins, TrustedProxies, note_address, refuse_other_sites},
    app::App,
    assets, body, carry, health, idempotency, problem, security, socket, trace,
};

/// How the server is reached: what a proxy before it may say, and which pages may call it.
#[derive(Clone, Default)]
pub struct Reach {
    /// Proxies whose word about a client's address is taken.
    pub proxies: TrustedProxies,
    /// Sites whose pages may call.
    pub origins: Origins,
}

pub use demonstrations::sweep;

/// All routes.
pub fn router(app: App, reach: Reach) -> Router {
    let once = from_fn_with_state(Arc::new(idempotency::Answers::default()), idempotency::once);
    let imports = Router::new()
        .route("/api/sessions/{id}/portfolio", post(portfolio::import))
        .layer(once.clone())
        .layer(DefaultBodyLimit::max(limits::IMPORT));
    // As large as what a facilitator may write in one go.
    let agendas = Router::new()
        .route("/api/sessions/{id}/agenda", post(agenda::import).get(agenda::take_along))
        .layer(once.clone())
        .layer(DefaultBodyLimit::max(limits::NEW_CONTENT_FACILITATOR));
    let calls = Router::new()
        .route("/api/templates", get(agenda::templates))
        .route("/api/templates/{id}", get(agenda::template))
        .route("/api/sessions", post(sessions::create).get(sessions::list))
        .route("/api/sessions/{id}", get(sessions::show).delete(sessions::erase))
        .route("/api/sessions/{id}/pillars", post(portfolio::import_pillars))
        .route("/api/sessions/{id}/commands", post(commands::command))
        .route("/api/sessions/{id}/sponsors", get(sponsors::here))
        .route("/api/sessions/{id}/link", post(links::link))
        .route("/api/sessions/{id}/rotate", post(links::rotate))
        .route("/api/sessions/{id}/share", get(links::share))
        .route("/api/sessions/{id}/join.svg", get(links::qr))
        .route("/api/sessions/{id}/export/{file}", get(exports::export))
        .route("/api/demonstrations", post(demonstrations::watch))
        .route("/api/sessions/{id}/rehearse", post(demonstrations::rehearse))
        .route("/api/decisions", get(decisions::list))
        .route("/api/decisions/overview", get(decisions::overview))
        .route("/api/decisions/verify", get(decisions::check))
        .route("/api/decisions/schema/{file}", get(decisions::schema))
        .route("/api/decisions/{number}", get(decisions::show))
        .route("/api/decisions/{number}/status", post(decisions::status))
        .route("/api/decisions/{number}/told", post(decisions::told))
        .route("/api/decisions/export/{file}", get(decisions::export))
        .route("/api/intake", get(requests::door).post(requests::set_door))
        .route("/api/intake/form", get(requests::form))
        .route("/api/intake/requests", post(requests::ask))
        .route("/api/intake/status", get(requests::status))
        .route("/api/requests", get(requests::list))
        .route("/api/requests/{number}", get(requests::show).delete(requests::erase))
        .route("/api/requests/{number}/answer", post(requests::answer))
        .route("/api/sessions/{id}/requests", get(requests::offered).post(requests::take))
        .route("/api/join", post(join::join))
        .layer(once)
        .layer(DefaultBodyLimit::max(body::BODY_BYTES));
    Router::new()
        .merge(imports)
        .merge(agendas)
        .merge(calls)
        .route("/api/sessions/{id}/sync", get(socket::sync))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(readyz))
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(app)
        .layer(from_fn(carry::to_the_end))
        .merge(assets::router())
        .layer(from_fn_with_state(Arc::new(reach.origins), refuse_other_sites))
        .layer(from_fn_with_state(Arc::new(reach.proxies), note_address))
        .layer(from_fn(security::headers))
        .layer(from_fn(trace::trace))
}

async fn readyz(State(app): State<App>) -> Response {
    health::readyz(app.node.store(), app.is_stopping()).await
}
