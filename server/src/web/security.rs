//! The header fields that hold a browser to what the client needs and nothing else.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Where scripts, styles and connections may come from: this server and nowhere else; no inline script but the one
/// that starts the client, known by its hash; no `eval`, compiling WebAssembly excepted.
///
/// A page of ours may stand in a frame of ours, and in nobody else's: a demonstration shows console, phone and wall side
/// by side. What such a frame could be made to do, a page of this origin could do without it; other sites still cannot lay
/// one of our pages under a click of theirs.
const CONTENT_SECURITY_POLICY: &str = concat!(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
    include_str!(concat!(env!("OUT_DIR"), "/script-hashes.txt")),
    "; style-src 'self'",
    include_str!(concat!(env!("OUT_DIR"), "/style-hashes.txt")),
    "; connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-src 'self'; frame-ancestors 'self'",
);

/// Every field with its value, on every answer that has not set it otherwise.
const FIELDS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Links carry tokens in their fragment, which is never sent; the path names a session all the same.
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
];

/// The value of `Content-Security-Policy` for the client's page.
#[must_use]
pub fn content_security_policy() -> &'static str {
    CONTENT_SECURITY_POLICY
}

/// A layer (`axum::middleware::from_fn(security::headers)`) that adds the fields to every answer; one that a route
/// has set itself stays as it is.
pub async fn headers(request: Request, next: Next) -> Response {
    let is_data = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if is_data {
        // Boards, tokens and decisions have no place in a cache, be it the browser's on a shared computer.
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    for (name, value) in FIELDS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// How long a browser that has come by TLS comes by nothing else: two years.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// A layer (`axum::middleware::from_fn_with_state(is_https, security::transport)`): where people reach the server by
/// `https`, their browsers are told to come by nothing else.
pub async fn transport(State(is_https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if is_https {
        response.headers_mut().entry(header::STRICT_TRANSPORT_SECURITY).or_insert(TRANSPORT);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_nothing_unsafe_and_no_other_host() {
        let policy = content_security_policy();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"));
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"));
        assert!(!policy.contains("//") && !policy.contains('*'));
    }

    #[test]
    fn only_pages_of_this_server_stand_in_a_frame_and_only_in_frames_of_this_server() {
        let directives: Vec<&str> = content_security_policy().split("; ").collect();
        assert!(directives.contains(&"frame-src 'self'") && directives.contains(&"frame-ancestors 'self'"));
        let older = FIELDS.into_iter().find(|(name, _)| *name == header::X_FRAME_OPTIONS);
        assert_eq!(older.map(|(_, value)| value), Some("SAMEORIGIN"));
    }

    #[tokio::test]
    async fn data_stay_out_of_caches_and_the_page_says_itself_how_long_it_may_be_kept() {
        use tower::ServiceExt as _;
        let own = |_: Request| async { [(header::CACHE_CONTROL, "max-age=60")] };
        let app = axum::Router::new()
            .route("/api/board", axum::routing::get(|| async { "{}" }))
            .route("/api/kept", axum::routing::get(own))
            .route("/page", axum::routing::get(|| async { "" }))
            .layer(axum::middleware::from_fn(headers));
        let kept = async |path: &str| {
            let request = Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            response.headers().get(header::CACHE_CONTROL).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(kept("/api/board").await.as_deref(), Some("no-store"));
        assert_eq!(kept("/api/kept").await.as_deref(), Some("max-age=60"), "what a route has set stays");
        assert_eq!(kept("/page").await, None);
    }

    #[test]
    fn the_script_of_a_built_page_is_allowed_by_its_hash() {
        assert_eq!(crate::web::assets::is_built(), content_security_policy().contains("'sha256-"));
    }

    #[test]
    fn every_value_can_stand_in_a_header() {
        for (name, value) in FIELDS {
            assert!(HeaderValue::try_from(value).is_ok(), "{name}");
        }
    }

    #[tokio::test]
    async fn a_browser_is_told_to_come_by_tls_alone_where_people_do() {
        use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
        use tower::ServiceExt;
        for is_https in [true, false] {
            let router =
                Router::new().route("/", get(|| async {})).layer(from_fn_with_state(is_https, transport));
            let answer = router.oneshot(Request::new(Body::empty())).await.expect("it answers");
            assert_eq!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), is_https);
        }
    }
}
