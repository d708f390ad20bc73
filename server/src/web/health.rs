//! `/healthz`: the process answers. `/readyz`: it can do its work, and what *saved* means here.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Json;
use crate::store::{LogId, Store};

/// How long the store may take to answer before the server counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the server can take work.
#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    status: &'static str,
    /// Why not, in sentences; empty when ready.
    reasons: Vec<&'static str>,
    saved: Saved,
}

/// What *saved* means.
#[derive(Serialize, ToSchema)]
struct Saved {
    /// Whether what was acknowledged survives the loss of any process and of power.
    durable: bool,
    /// What *saved* means, in a sentence.
    means: String,
}

/// That the process lives.
#[derive(Serialize, ToSchema)]
pub(super) struct Alive {
    status: &'static str,
}

/// The process lives. Nothing is asked of anything else: a server with a full disk is not helped by a restart.
pub async fn healthz() -> Response {
    answer(StatusCode::OK, Alive { status: "alive" })
}

/// The server can take work: it is not stopping, its store answers, and what is to be saved can be (`stuck`: it cannot).
pub async fn readyz(store: &dyn Store, stopping: bool, stuck: bool) -> Response {
    let mut reasons = Vec::new();
    if stopping {
        reasons.push("The server is stopping.");
    }
    if stuck {
        reasons.push("Nothing can be saved at the moment; the server's log says why. What has come waits.");
    }
    match tokio::time::timeout(PATIENCE, store.last(&LogId::workspace())).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::error!(%error, "the store cannot be read");
            reasons.push("The store cannot be read; the server's log says why.");
        }
        Err(_) => reasons.push("The store does not answer."),
    }
    let promise = store.promise();
    let (code, status) = match reasons.is_empty() {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    let saved = Saved { durable: promise.full, means: promise.sentence.into_owned() };
    answer(code, Readiness { status, reasons, saved })
}

fn answer(status: StatusCode, body: impl Serialize) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::Value;

    use super::*;
    use crate::store::SqliteStore;

    async fn read(response: Response) -> (StatusCode, Value) {
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_server_that_is_ready_says_what_saved_means() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        let (status, body) = read(readyz(&store, false, false).await).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body["status"], "ready");
        assert_eq!(body["saved"]["durable"], true);
        assert!(body["saved"]["means"].as_str().unwrap().contains("synchronous=FULL"), "{body}");
    }

    #[tokio::test]
    async fn a_server_that_stops_lives_and_is_not_ready() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        let (status, body) = read(readyz(&store, true, false).await).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["reasons"][0], "The server is stopping.");
        let (status, body) = read(readyz(&store, false, true).await).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body["reasons"][0].as_str().unwrap().starts_with("Nothing can be saved"), "{body}");
        assert_eq!(read(healthz().await).await.0, StatusCode::OK);
    }
}
