//! From whose page a request comes. Browsers say so, and are not to be used by another site against us.

use std::{str::FromStr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::web::problem::AppError;

/// Scheme, host and port of a site: what browsers call its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    /// In lower case.
    host: String,
    port: u16,
}

/// The text is not the address of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address like https://plumbline.example.org is needed, with http or https")]
pub struct NotAnOrigin;

impl Origin {
    /// Whether the site is reached by TLS.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    fn is_at(&self, authority: &str) -> bool {
        host_and_port(authority, &self.scheme) == Some((self.host.clone(), self.port))
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    /// From an origin or any address of the site.
    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let uri: Uri = text.parse().map_err(|_| NotAnOrigin)?;
        let scheme = uri.scheme_str().map(str::to_ascii_lowercase).ok_or(NotAnOrigin)?;
        let authority = uri.authority().ok_or(NotAnOrigin)?;
        let (host, port) = host_and_port(authority.as_str(), &scheme).ok_or(NotAnOrigin)?;
        Ok(Self { scheme, host, port })
    }
}

fn host_and_port(authority: &str, scheme: &str) -> Option<(String, u16)> {
    let usual = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let authority: Authority = authority.parse().ok()?;
    let has_user = authority.as_str().contains('@');
    let port = authority.port_u16().unwrap_or(usual);
    (!has_user && !authority.host().is_empty()).then(|| (authority.host().to_ascii_lowercase(), port))
}

/// The sites whose pages may ask: the one that the request itself is sent to, and the public address.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    public: Option<Origin>,
}

impl Origins {
    /// With the address that `--public-url` names, which a proxy may have changed on the way to us.
    pub fn new(public: Option<Origin>) -> Self {
        Self { public }
    }

    /// Whether a request that changes something, or opens a WebSocket, comes from one of our own pages, or from no
    /// page at all: other programs than browsers send no `Origin`.
    ///
    /// # Errors
    /// 403 if not.
    pub fn admit(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), AppError> {
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().ok().and_then(|text| text.parse::<Origin>().ok());
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| uri.authority().map(Authority::as_str));
        let is_ours = origin.is_some_and(|origin| {
            host.is_some_and(|host| origin.is_at(host)) || self.public.as_ref() == Some(&origin)
        });
        if is_ours { Ok(()) } else { Err(AppError::foreign_origin()) }
    }
}

/// The middleware: refuses what changes something, or opens a WebSocket, from another site's page. By
/// `axum::middleware::from_fn_with_state`.
pub async fn refuse_other_sites(
    State(origins): State<Arc<Origins>>,
    request: Request,
    next: Next,
) -> Response {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // HTTP/1.1 opens a WebSocket by an upgrade, HTTP/2 by CONNECT.
    let opens_socket = request.headers().contains_key(header::UPGRADE);
    if only_reads && !opens_socket {
        return next.run(request).await;
    }
    match origins.admit(request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::{Router, body::Body, http::StatusCode, middleware::from_fn_with_state, routing::get};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, headers: &[(&str, &str)]) -> StatusCode {
        let public = Some("https://plumbline.example.org/".parse().unwrap());
        let router = Router::new()
            .route("/", get(|| async {}).post(|| async {}).delete(|| async {}))
            .layer(from_fn_with_state(Arc::new(Origins::new(public)), refuse_other_sites));
        let mut request = Request::builder().method(method).uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn our_own_pages_may_change_something() {
        for (origin, host) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("https://Board.example.net", "board.example.net:443"),
            ("https://plumbline.example.org", "10.0.0.7:8080"),
        ] {
            assert_eq!(ask("POST", &[("origin", origin), ("host", host)]).await, StatusCode::OK, "{origin}");
        }
    }

    #[tokio::test]
    async fn programs_that_are_no_browsers_may_too() {
        assert_eq!(ask("POST", &[("host", "127.0.0.1:8080")]).await, StatusCode::OK);
        assert_eq!(ask("GET", &[("host", "127.0.0.1:8080"), ("upgrade", "websocket")]).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn pages_of_other_sites_may_not() {
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1:8081",
            "http://plumbline.example.org",
            "https://plumbline.example.org.evil.example",
            "https://plumbline.example.org@evil.example",
            "file://",
            "127.0.0.1:8080",
            "",
        ] {
            let headers = [("origin", origin), ("host", "127.0.0.1:8080")];
            assert_eq!(ask("POST", &headers).await, StatusCode::FORBIDDEN, "{origin}");
            assert_eq!(ask("DELETE", &headers).await, StatusCode::FORBIDDEN, "{origin}");
            let socket = [headers[0], headers[1], ("upgrade", "websocket")];
            assert_eq!(ask("GET", &socket).await, StatusCode::FORBIDDEN, "{origin}");
            // What they read they cannot see.
            assert_eq!(ask("GET", &headers).await, StatusCode::OK, "{origin}");
        }
    }

    #[test]
    fn what_is_not_the_address_of_a_site_is_refused() {
        for text in
            ["", "example.org", "ftp://example.org", "https://", "https://a@b.example", "//example.org"]
        {
            assert_eq!(text.parse::<Origin>(), Err(NotAnOrigin), "{text}");
        }
        assert!("https://example.org:8443/path?x".parse::<Origin>().unwrap().is_https());
    }
}
