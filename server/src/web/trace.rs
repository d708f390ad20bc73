//! Each request has an id, in the answer and in everything that is logged meanwhile.
//!
//! What is logged is the method, the route's pattern and the status. No path (ids are harmless, mistyped tokens are
//! not), no query, no header, no body: tokens, names and answers never reach a log.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;
use uuid::Uuid;

/// The header that carries the id of a request in its answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request; in its extensions. Always ours: one that a client sends would let it write into the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// The middleware: to be the outermost of a router, by `axum::middleware::from_fn`.
pub async fn trace(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, method = %request.method(), route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(
        || tracing::debug!(status = response.status().as_u16(), took = ?started.elapsed(), "answered"),
    );
    let value = HeaderValue::from_str(&id.to_string()).expect("a UUID is letters, digits and hyphens");
    response.headers_mut().insert(REQUEST_ID, value);
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use axum::{Extension, Router, body::Body, middleware::from_fn, routing::get};
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn router() -> Router {
        let handler = |Extension(RequestId(id)): Extension<RequestId>| async move {
            tracing::info!("inside");
            id.to_string()
        };
        Router::new().route("/api/sessions/{id}", get(handler)).layer(from_fn(trace))
    }

    #[tokio::test]
    async fn the_answer_carries_the_id_that_the_handler_saw_and_never_the_clients() {
        let request =
            Request::get("/api/sessions/7").header("x-request-id", "forged").body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        let id = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, id);
        assert!(Uuid::try_parse(&id).is_ok());
    }

    #[tokio::test]
    async fn the_log_names_the_route_and_nothing_that_was_sent() {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(lines.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let request = Request::get("/api/sessions/secret-in-path?token=secret-in-query")
            .header("authorization", "Bearer secret-in-header")
            .body(Body::empty())
            .unwrap();
        let response = router().oneshot(request).await.unwrap();
        let id = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.contains("inside") && text.contains(&id) && text.contains("/api/sessions/{id}"),
            "{text}"
        );
        assert!(text.contains("answered") && text.contains("200"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
