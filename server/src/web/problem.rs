//! Errors as the web sees them: `application/problem+json` (RFC 9457) with a sentence that says what to do.
//!
//! The policy, written down once: whatever is refused is an [`AppError`]; its `code` is for programs and does not
//! change, its `detail` is for people and names nothing of the inside. What went wrong inside is logged when the
//! error becomes a response, and goes no further.

use std::{borrow::Cow, fmt, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::store::StoreError;

/// A refusal, or a fault.
#[derive(Debug)]
pub struct AppError {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    retry_after: Option<Duration>,
    cause: Option<String>,
}

/// The body of the answer. `type` is `about:blank`: `title` is the status's own phrase, and `code` tells more.
#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
}

impl AppError {
    /// A refusal with a status, a code for programs (snake case, never changed) and a sentence for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), retry_after: None, cause: None }
    }

    /// Whether it says that no valid token was shown.
    pub(super) fn is_unauthorised(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Says when to try again: `Retry-After`, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What went wrong inside, for the log alone.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// 400: the request cannot be understood.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// 401: no token, or one that is not valid (any more).
    pub fn not_admitted() -> Self {
        let detail = "This needs a valid token. Open your link again, or join again with the code.";
        Self::new(StatusCode::UNAUTHORIZED, "not_admitted", detail)
    }

    /// 403: whoever asks is known, and may not.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 403: a page of another site asks.
    pub fn foreign_origin() -> Self {
        let detail = "This request comes from a page of another site. Open Plumbline itself; if it stands behind a proxy, start it with --public-url.";
        Self::new(StatusCode::FORBIDDEN, "foreign_origin", detail)
    }

    /// 403: a connection of this participant was closed for what it sent.
    pub fn held_off(wait: Duration) -> Self {
        let detail = format!(
            "Your last connection sent what this session cannot take. Reload the page; it can connect again in {}.",
            seconds(wait)
        );
        Self::new(StatusCode::FORBIDDEN, "held_off", detail).retry_after(wait)
    }

    /// 404: no such session, or none that this token opens.
    pub fn no_such_session() -> Self {
        Self::not_found(
            "no_such_session",
            "There is no such session. Check the link, or ask the facilitator for it.",
        )
    }

    /// 404: no session has this code.
    pub fn wrong_code() -> Self {
        let detail = "No session has this code. Check it against the wall; it has eight letters and digits.";
        Self::not_found("wrong_code", detail)
    }

    /// 404: no such thing.
    pub fn not_found(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// 409: it does not fit what is there now.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 413: more than is taken, in bytes.
    pub fn too_large(limit: usize) -> Self {
        let detail =
            format!("That is more than the {} that can be sent here. Send it in smaller parts.", size(limit));
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// 415: of a kind that is not taken; the sentence names those that are.
    pub fn unsupported(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", detail)
    }

    /// 422: understood, and not possible.
    pub fn unprocessable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", detail)
    }

    /// 426: a WebSocket's address is called like another.
    pub fn no_upgrade() -> Self {
        let detail = "This address is that of a WebSocket. Connect to it with ws:// or wss://.";
        Self::new(StatusCode::UPGRADE_REQUIRED, "no_upgrade", detail)
    }

    /// 429: too many wrong codes.
    pub fn too_many_wrong_codes(wait: Duration) -> Self {
        let detail = format!(
            "Too many wrong codes came from here. Check the code, and try again in {}.",
            seconds(wait)
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_wrong_codes", detail).retry_after(wait)
    }

    /// 429: too many wrong keys.
    pub fn too_many_wrong_keys(wait: Duration) -> Self {
        let detail =
            format!("Too many wrong keys came from here. Check the key, and try again in {}.", seconds(wait));
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_wrong_keys", detail).retry_after(wait)
    }

    /// 429: too much in too short a time.
    pub fn too_fast(wait: Duration) -> Self {
        let detail = format!("That was too fast. Try again in {}.", seconds(wait));
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_fast", detail).retry_after(wait)
    }

    /// 429: too many at a time, whoever is so fast or slow.
    pub fn too_many(detail: impl Into<Cow<'static, str>>) -> Self {
        /// Somebody else has to leave first.
        const WAIT: Duration = Duration::from_secs(10);
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail).retry_after(WAIT)
    }

    /// 500: a fault of ours. What it is goes to the log.
    pub fn fault(cause: impl fmt::Display) -> Self {
        let detail = "The server has a fault. Try again; if it stays, tell whoever runs the server the x-request-id of this answer.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", detail).caused_by(cause)
    }

    /// 503: not now. What is in the way goes to the log.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        /// Soon enough for a person who waits, seldom enough for a server in trouble.
        const WAIT: Duration = Duration::from_secs(5);
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(WAIT)
    }

    /// 503: the server is about to end.
    pub fn stopping() -> Self {
        Self::unavailable("The server is stopping. Try again in a moment.")
    }

    /// The status that it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// A length of time as it is said.
fn seconds(wait: Duration) -> String {
    match whole_seconds(wait) {
        1 => "a second".to_owned(),
        short @ 2..=120 => format!("{short} seconds"),
        long => format!("{} minutes", long.div_ceil(60)),
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

fn size(bytes: usize) -> String {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    match bytes {
        MIB.. => format!("{} MiB", bytes / MIB),
        KIB.. => format!("{} KiB", bytes / KIB),
        _ => format!("{bytes} bytes"),
    }
}

impl From<StoreError> for AppError {
    /// The store's own words name directories, and are for the operator.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooLarge { limit, .. } => Self::too_large(limit),
            StoreError::Closed => Self::stopping(),
            StoreError::Damaged { .. } => Self::fault(error),
            StoreError::Full { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::Busy { .. }
            | StoreError::Gone { .. }
            | StoreError::Memory { .. }
            | StoreError::Replica { .. }
            | StoreError::Refused { .. }
            | StoreError::Unreachable { .. }
            | StoreError::Unanswered { .. }
            | StoreError::Fault { .. } => {
                Self::unavailable("The server cannot save at the moment, and this was not saved. Try again soon; whoever runs the server finds the reason in its log.")
                    .caused_by(error)
            }
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for AppError {}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            let cause = self.cause.as_deref().unwrap_or(&self.detail);
            tracing::error!(status = self.status.as_u16(), code = self.code, cause, "a request failed");
        }
        let problem = Problem {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
        };
        let body = serde_json::to_vec(&problem).expect("strings and a number can be written as JSON");
        let mut response = (self.status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::UPGRADE_REQUIRED {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        response
    }
}

/// For routes that there are not.
pub fn no_such_route() -> AppError {
    AppError::not_found(
        "no_such_route",
        "There is no such call. Check the address; docs/PROTOCOL.md names the calls that there are.",
    )
}

/// For methods that a route does not have.
pub async fn no_such_method() -> AppError {
    let detail = "This address is not called with that method. The field `allow` of this answer names those that it takes.";
    AppError::new(StatusCode::METHOD_NOT_ALLOWED, "no_such_method", detail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{Router, http::Request, routing::get};
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    async fn answer(error: fn() -> AppError) -> (StatusCode, axum::http::HeaderMap, Value) {
        let router = Router::new().route("/", get(move || async move { Err::<(), _>(error()) }));
        let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 10_000).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_refusal_is_a_problem_with_a_sentence() {
        let (status, headers, body) = answer(AppError::no_such_session).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(
            body,
            serde_json::json!({
                "type": "about:blank", "title": "Not Found", "status": 404, "code": "no_such_session",
                "detail": "There is no such session. Check the link, or ask the facilitator for it.",
            })
        );
    }

    #[tokio::test]
    async fn nothing_of_the_inside_is_told() {
        let (status, headers, body) =
            answer(|| StoreError::Full { place: "/var/lib/secret-place".to_owned() }.into()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(headers[header::RETRY_AFTER], "5");
        assert!(!body.to_string().contains("secret-place"), "{body}");
        let (status, _, body) = answer(|| AppError::fault("index out of bounds at secret.rs")).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body.to_string().contains("secret.rs"), "{body}");
    }

    #[tokio::test]
    async fn a_wait_is_told_in_the_header_and_in_the_sentence() {
        let (status, headers, body) =
            answer(|| AppError::too_many_wrong_codes(Duration::from_millis(5100))).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(headers[header::RETRY_AFTER], "6");
        assert!(body["detail"].as_str().unwrap().ends_with("in 6 seconds."), "{body}");
        let (_, headers, body) = answer(|| AppError::held_off(Duration::from_secs(150))).await;
        assert_eq!(headers[header::RETRY_AFTER], "150");
        assert!(body["detail"].as_str().unwrap().ends_with("in 3 minutes."), "{body}");
    }

    #[tokio::test]
    async fn who_is_not_admitted_is_asked_for_a_token() {
        let (status, headers, _) = answer(AppError::not_admitted).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(headers[header::WWW_AUTHENTICATE], "Bearer");
    }
}
