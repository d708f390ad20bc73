//! The few calls over HTTP that a simulated person makes.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use axum::body::Body;
use http_body_util::BodyExt;
use hyper::{Request, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use uuid::Uuid;

/// For how long a call is made again, and with what pause.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(500);

/// The server has answered, and does not want it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(String);

/// A server.
#[derive(Clone, Debug)]
pub(super) struct Http {
    /// Host and port.
    pub(super) authority: String,
}

impl Http {
    /// The server at an address like `http://127.0.0.1:8080`.
    pub(super) fn of(url: &str) -> anyhow::Result<Self> {
        let Some(rest) = url.strip_prefix("http://") else {
            bail!(
                "{url} is not an address like http://127.0.0.1:8080: run this beside the server, without TLS"
            );
        };
        let authority = rest.trim_end_matches('/');
        if authority.is_empty() || authority.contains('/') {
            bail!("{url} names more than a server: leave out what comes after host and port");
        }
        let authority =
            if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
        Ok(Self { authority })
    }

    /// The same as [`Http::post`], made again for a while where the server does not answer: it happens once.
    pub(super) async fn post_once(&self, path: &str, token: &str, body: &Value) -> anyhow::Result<Value> {
        let (key, begun) = (Uuid::now_v7().to_string(), Instant::now());
        loop {
            match self.call(path, token, body, Some(&key)).await {
                Err(error) if !error.is::<Refused>() && begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// A call with JSON; the JSON that is answered.
    pub(super) async fn post(&self, path: &str, token: &str, body: &Value) -> anyhow::Result<Value> {
        self.call(path, token, body, None).await
    }

    async fn call(&self, path: &str, token: &str, body: &Value, key: Option<&str>) -> anyhow::Result<Value> {
        let stream = TcpStream::connect(&self.authority)
            .await
            .with_context(|| format!("no server answers at {}", self.authority))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let mut request =
            Request::post(path).header("host", &self.authority).header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = sender.send_request(request.body(Body::from(body.to_string()))?).await?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await?.to_bytes();
        connection.abort();
        let json: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if !status.is_success() {
            let reason = format!("{status}: {}", json["detail"].as_str().unwrap_or("no reason was given"));
            // What the server cannot do now it may do in a moment.
            return Err(if status.is_server_error() { anyhow!(reason) } else { Refused(reason).into() });
        }
        Ok(json)
    }
}
