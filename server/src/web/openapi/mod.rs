//! The description of the API: OpenAPI 3.1, made of the handlers and their types.
//!
//! What a call takes and gives stands above its handler (`#[utoipa::path]`) and in its types; [`finish`] adds what holds
//! for all calls. A route without a description cannot be added by mistake: a test compares both ways.

mod common;
mod finish;
mod page;
mod prose;
pub(super) mod schemas;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

pub(super) use common::{Refusals, TooFast};

/// The description, made once: it is the same for everybody.
static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let json = finish::finish(super::routes::described());
    let text = serde_json::to_string(&json).expect("JSON can be written");
    Document { text, page: page::render(&json) }
});

struct Document {
    text: String,
    page: String,
}

/// Gives this description of the API.
///
/// Open to everybody: there is nothing of anybody's in it.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "Server",
    responses((status = 200, description = "OpenAPI 3.1.", body = schemas::Any)),
)]
pub(super) async fn document() -> Response {
    let fields = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (fields, DOCUMENT.text.as_str()).into_response()
}

/// Shows this description as a page to read.
///
/// Open to everybody: there is nothing of anybody's in it.
#[utoipa::path(
    get, path = "/api", tag = "Server",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html")),
)]
pub(super) async fn read() -> Response {
    let fields = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_SECURITY_POLICY, page::policy()),
    ];
    (fields, DOCUMENT.page.as_str()).into_response()
}

/// The description as JSON.
#[cfg(test)]
pub(super) fn json() -> serde_json::Value {
    serde_json::from_str(&DOCUMENT.text).expect("it was written as JSON")
}
