//! The calls of DESIGN section 6, a file each.

mod agenda;
mod checkpoint;
mod commands;
mod decisions;
mod demonstrations;
mod doors;
mod exports;

mod join;
mod keys;
mod links;
mod nodes;
mod onward;
mod pillars;
mod portfolio;
mod requests;
mod sessions;
mod sponsors;
#[cfg(test)]
pub(super) mod tests;
mod webhooks;

pub(super) use pillars::Pasts;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware::{from_fn, from_fn_with_state},
    response::Response,
};
use plumbline_shared::limits;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::metrics::measure;

use super::{
    admission::{Origins, TrustedProxies, by_key, note_address, refuse_other_sites},
    app::App,
    assets, body, carry, health, idempotency, listen, openapi, problem, security, socket, trace,
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

/// The calls, and what is said of them: each stands in the description because it is a route, and the other way round.
pub(super) fn calls(answers: Arc<idempotency::Answers>) -> OpenApiRouter<App> {
    let once = from_fn_with_state(answers, idempotency::once);
    let imports = OpenApiRouter::default()
        .routes(routes!(portfolio::import))
        .layer(once.clone())
        .layer(DefaultBodyLimit::max(limits::IMPORT));
    // As large as what a facilitator may write in one go.
    let agendas = OpenApiRouter::default()
        .routes(routes!(agenda::import, agenda::take_along))
        .layer(once.clone())
        .layer(DefaultBodyLimit::max(limits::NEW_CONTENT_FACILITATOR));
    let others = OpenApiRouter::default()
        .routes(routes!(sessions::create, sessions::list))
        .routes(routes!(sessions::show, sessions::erase))
        .routes(routes!(portfolio::import_pillars))
        .routes(routes!(commands::command))
        .routes(routes!(sponsors::here))
        .routes(routes!(exports::export))
        .routes(routes!(demonstrations::watch))
        .routes(routes!(demonstrations::rehearse))
        .routes(routes!(join::join))
        .routes(routes!(links::link))
        .routes(routes!(links::rotate))
        .routes(routes!(doors::invitation))
        .routes(routes!(doors::enter))
        .routes(routes!(doors::leave))
        .routes(routes!(links::share))
        .routes(routes!(links::qr))
        .routes(routes!(decisions::list))
        .routes(routes!(decisions::overview))
        .routes(routes!(decisions::show))
        .routes(routes!(decisions::change::status))
        .routes(routes!(decisions::change::told))
        .routes(routes!(decisions::change::done))
        .routes(routes!(decisions::check))
        .routes(routes!(decisions::export))
        .routes(routes!(decisions::schema))
        .routes(routes!(webhooks::list, webhooks::make))
        .routes(routes!(webhooks::show, webhooks::alter, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::replay_failed))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::replay))
        .routes(routes!(webhooks::schema))
        .routes(routes!(keys::make, keys::list))
        .routes(routes!(keys::revoke))
        .routes(routes!(keys::rotate))
        .routes(routes!(agenda::templates))
        .routes(routes!(agenda::template))
        .routes(routes!(requests::door, requests::set_door))
        .routes(routes!(requests::asking::form))
        .routes(routes!(requests::asking::ask))
        .routes(routes!(requests::asking::status))
        .routes(routes!(requests::list))
        .routes(routes!(requests::show, requests::erase))
        .routes(routes!(requests::answer))
        .routes(routes!(requests::taking::offered, requests::taking::take))
        .routes(routes!(pillars::list))
        .routes(routes!(pillars::show))
        .layer(once)
        .layer(DefaultBodyLimit::max(body::BODY_BYTES));
    OpenApiRouter::default()
        .merge(others)
        .merge(imports)
        .merge(agendas)
        .routes(routes!(socket::sync))
        .routes(routes!(openapi::document))
        .routes(routes!(openapi::read))
        .routes(routes!(healthz))
        .routes(routes!(readyz))
}

/// All routes.
pub fn router(app: App, reach: Reach) -> Router {
    let metrics = Arc::clone(app.node.metrics());
    let is_https = app.is_https();
    let answers = idempotency::Answers::of(Arc::clone(&app.node));
    let (calls, _) = calls(Arc::new(answers)).split_for_parts();
    calls
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(app.clone())
        .layer(from_fn_with_state(app.clone(), by_key))
        .layer(from_fn_with_state(app, nodes::up_to_date))
        .layer(from_fn(carry::to_the_end))
        .layer(from_fn_with_state(listen::BODY_WITHIN, listen::in_time))
        .merge(assets::router())
        .layer(from_fn_with_state(Arc::new(reach.origins), refuse_other_sites))
        .layer(from_fn_with_state(Arc::new(reach.proxies), note_address))
        .layer(from_fn(security::headers))
        .layer(from_fn_with_state(is_https, security::transport))
        .layer(from_fn_with_state(metrics, measure))
        .layer(from_fn(trace::trace))
}

/// What is said of all calls.
pub(super) fn described() -> utoipa::openapi::OpenApi {
    calls(Arc::new(idempotency::Answers::default())).into_openapi()
}

/// Says that the process lives.
#[utoipa::path(
    get, path = "/healthz", tag = "Server",
    responses((status = 200, description = "It does.", body = health::Alive)),
)]
async fn healthz() -> Response {
    health::healthz().await
}

/// Says whether the server can take work, and what *saved* means here.
#[utoipa::path(
    get, path = "/readyz", tag = "Server",
    responses(
        (status = 200, description = "It can.", body = health::Readiness),
        (status = 503, description = "It cannot now: `reasons` says why.", body = health::Readiness),
    ),
)]
async fn readyz(State(app): State<App>) -> Response {
    health::readyz(app.node.store(), app.is_stopping(), app.node.metrics().is_stuck()).await
}
