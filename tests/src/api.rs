//! The server's HTTP calls, as thin as they can be: a test sees status, headers and body as they came.

use std::net::SocketAddr;

use anyhow::Context;
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1, header::HeaderMap};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::server::KEY;

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the answer {} is no JSON: {error}: {}", self.status, self.text()))
    }

    /// A header's text, empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The same answer, when it has this status.
    ///
    /// # Panics
    /// When it has another.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "the server answered {}: {}", self.status, self.text());
        self
    }

    /// The `detail` of a problem document.
    ///
    /// # Panics
    /// When the answer is no problem document of this status, or has no sentence.
    #[must_use]
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "the server answered {}: {}", self.status, self.text());
        assert!(
            self.header("content-type").starts_with("application/problem+json"),
            "the refusal is «{}», not a problem document: {}",
            self.header("content-type"),
            self.text()
        );
        let problem = self.json();
        assert_eq!(
            problem["status"].as_u64(),
            Some(u64::from(status)),
            "the document says so too: {problem}"
        );
        assert!(
            problem["title"].as_str().is_some_and(|title| !title.is_empty()),
            "it has a title: {problem}"
        );
        let detail = problem["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.contains(' '), "it has a sentence that says what to do: {problem}");
        detail
    }
}

/// A session as the server made it.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Created {
    /// Its id.
    pub id: String,
    /// The code to join by.
    pub code: String,
    /// The facilitator's own participant id.
    pub participant_id: String,
    /// The facilitator's token.
    pub facilitator_token: String,
    /// The wall's token.
    pub observer_token: String,
    /// The link to drive it.
    pub facilitator_url: String,
    /// The link to join it.
    pub join_url: String,
    /// The link to the wall.
    pub wall_url: String,
}

/// Somebody who has joined.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Joined {
    /// The session.
    pub session_id: String,
    /// Who they are in it.
    pub participant_id: String,
    /// Their token.
    pub token: String,
}

/// The HTTP side of one server.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    address: SocketAddr,
}

impl Api {
    /// The calls of the server at `address`.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// The server's host and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a request, whatever it is.
    ///
    /// # Errors
    /// When the server cannot be reached or does not speak HTTP.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> anyhow::Result<Reply> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(hyper_util::rt::TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header("host", self.address.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).context("the request is well made")?;
        let answer = sender.send_request(request).await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await?.to_bytes();
        driver.abort();
        Ok(Reply { status, headers, body })
    }

    /// GET without a token.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn try_get(&self, path: &str) -> anyhow::Result<Reply> {
        self.send("GET", path, &[], "").await
    }

    /// GET with a token, or without one when it is empty.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub async fn get(&self, path: &str, token: &str) -> Reply {
        self.call("GET", path, token, &[], "").await
    }

    /// POST of JSON with a token, or without one when it is empty.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Reply {
        self.call("POST", path, token, &[("content-type", "application/json")], body.to_string()).await
    }

    /// A call with further headers.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let bearer = format!("Bearer {token}");
        let mut all = headers.to_vec();
        if !token.is_empty() {
            all.push(("authorization", &bearer));
        }
        self.send(method, path, &all, body).await.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Makes a session without a template: one open board step.
    pub async fn create(&self, title: &str) -> Created {
        let reply = self.post("/api/sessions", KEY, &json!({ "title": title })).await.expect(201);
        serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
    }

    /// Joins by code, as somebody whom a proxy has seen at `address`.
    pub async fn join_from(&self, address: &str, code: &str, name: &str) -> Joined {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        let body = json!({ "code": code, "name": name }).to_string();
        let reply = self.call("POST", "/api/join", "", &headers, body).await.expect(200);
        serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
    }

    /// Joins by code.
    pub async fn join(&self, code: &str, name: &str) -> Joined {
        let reply = self.post("/api/join", "", &json!({ "code": code, "name": name })).await.expect(200);
        serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
    }

    /// Uses a link that is good once; gives the token of whoever came in.
    pub async fn enter(&self, session: &str, link: &str) -> String {
        let path = format!("/api/sessions/{session}/enter");
        let reply = self.post(&path, link, &Value::Null).await.expect(200);
        reply.json()["token"].as_str().unwrap_or_else(|| panic!("no token: {}", reply.text())).to_owned()
    }

    /// Imports a CSV portfolio; `token` is a facilitator's.
    pub async fn import(&self, session: &str, token: &str, csv: impl Into<Bytes>) -> Value {
        let path = format!("/api/sessions/{session}/portfolio");
        self.call("POST", &path, token, &[("content-type", "text/csv")], csv).await.expect(200).json()
    }

    /// Puts pillars of these names on the board; `token` is a facilitator's.
    pub async fn pillars(&self, session: &str, token: &str, names: &[&str]) -> Value {
        let pillars: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
        self.post(&format!("/api/sessions/{session}/pillars"), token, &Value::Array(pillars))
            .await
            .expect(200)
            .json()
    }

    /// The board as JSON, as the holder of `token` may see it.
    pub async fn board(&self, session: &str, token: &str) -> Value {
        self.get(&format!("/api/sessions/{session}"), token).await.expect(200).json()
    }
}
