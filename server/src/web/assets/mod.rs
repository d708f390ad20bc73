//! The client's page, served out of the binary.
//!
//! Every file lies in the binary plain, in brotli and in gzip (`server/build.rs`), so answering is choosing one and
//! copying nothing. Files whose name is made of their content are kept by browsers for ever; the page itself is asked
//! for each time and answered with 304 while it is the same.

mod accept_encoding;
#[cfg(test)]
mod tests;

use accept_encoding::Coding;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;

use super::problem;

/// One file of the client.
#[derive(Debug)]
struct Asset {
    /// The path under which it is asked for.
    path: &'static str,
    /// The value of `Content-Type`.
    media_type: &'static str,
    /// Hexadecimal digits of a hash of the plain content.
    hash: &'static str,
    /// Whether another content would have another path.
    immutable: bool,
    identity: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// All files, in the order of their paths; empty if the server was built without a client.
static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The page that is the answer to every path that a person can stand on.
const PAGE: &str = "/index.html";

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_EACH_TIME: HeaderValue = HeaderValue::from_static("no-cache");

/// What is said in place of a page that is not there.
const NOT_BUILT: &str = "The client was not built: run `cargo xtask build`.\n";

/// Serves the client on every path that no other route of the server has taken.
///
/// This sets the router's fallback; merge it into a router that has none.
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new().fallback(serve)
}

/// Answers with the client's file at this path; with its page where the path names no file, since the client has
/// routes of its own; with 404 below `/api` and where a file is named that is not there.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    respond(ASSETS, &method, uri.path(), &headers)
}

/// Whether the server carries a client at all.
#[must_use]
pub fn is_built() -> bool {
    !ASSETS.is_empty()
}

fn respond(assets: &'static [Asset], method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
    let find = |path: &str| assets.iter().find(|asset| asset.path == path);
    let file = find(path);
    if file.is_none() && is_of_the_api(path) {
        return problem::no_such_route().into_response();
    }
    if file.is_none() && names_a_file(path) {
        return plain(StatusCode::NOT_FOUND, "There is nothing at this address.\n");
    }
    if method != Method::GET && method != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "This address can only be read.\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    match file.or_else(|| find(PAGE)) {
        Some(asset) => answer(asset, method, headers),
        None => plain(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT),
    }
}

fn answer(asset: &'static Asset, method: &Method, headers: &HeaderMap) -> Response<Body> {
    let offered: Vec<(Coding, &'static [u8])> = [
        asset.brotli.map(|content| (Coding::Brotli, content)),
        asset.gzip.map(|content| (Coding::Gzip, content)),
        Some((Coding::Identity, asset.identity)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (coding, content) = accept_encoding::choose(headers, &offered);

    // Each coding is a representation of its own, so each has a tag of its own.
    let etag = match coding.name() {
        Some(name) => format!("\"{}-{name}\"", asset.hash),
        None => format!("\"{}\"", asset.hash),
    };
    let is_known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim())
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag);

    let body = if is_known || method == Method::HEAD { Body::empty() } else { Body::from(content) };
    let mut response = Response::new(body);
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, if asset.immutable { FOR_EVER } else { ASK_EACH_TIME });
    fields.insert(header::ETAG, HeaderValue::try_from(etag).expect("a hash and a name are visible ASCII"));
    if offered.len() > 1 {
        fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(content.len()));
    if let Some(name) = coding.name() {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

/// What is below `/api` is never a page: a client that mistypes a call must not get one with 200.
fn is_of_the_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Whether the last part of the path has an extension.
fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
