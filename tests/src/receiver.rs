//! A receiver of webhooks: a Node process of which each path behaves as it is told, and which verifies what comes by the
//! library that the specification's authors give to receivers.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{api::Api, script::Script, server::KEY, setting};

/// A running receiver.
pub struct Receiver {
    script: Script,
    /// Its port on 127.0.0.1.
    pub port: u64,
}

/// A delivery as it came.
#[derive(Clone, Debug, Deserialize)]
pub struct Received {
    /// `webhook-id`.
    pub id: String,
    /// How many signatures it had.
    pub signatures: usize,
    /// For each secret that the path has: whether it is signed by it, and now.
    pub verified: Vec<bool>,
    /// `POST`.
    pub method: String,
    /// The header `host`.
    pub host: String,
    /// The header `user-agent`.
    pub agent: String,
    /// The body.
    pub body: Value,
}

impl Receiver {
    /// A receiver that answers 200.
    pub async fn start() -> Self {
        let script = Script::start("receiver.mjs");
        let port = script.ask("listen", json!({})).await.as_u64().unwrap_or_default();
        Self { script, port }
    }

    /// Listens with the certificate of the test's own root, too; the port.
    pub async fn secure(&self) -> u64 {
        let (key, cert) = (setting::fixture("tls/localhost.key"), setting::fixture("tls/localhost.pem"));
        self.script.ask("secure", json!({ "key": key, "cert": cert })).await.as_u64().unwrap_or_default()
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Enters a path as a webhook of a server, for these events, and tells it the secret. Gives what the server answered.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn enter(&self, api: &Api, path: &str, wanted: Value) -> Value {
        let mut wanted = wanted;
        wanted["url"] = json!(self.url(path));
        let made = api.post("/api/webhooks", KEY, &wanted).await.expect(201).json();
        self.secrets(path, &[&made["secret"]]).await;
        made
    }

    /// Tells a path the secrets that it is to verify by.
    pub async fn secrets(&self, path: &str, secrets: &[&Value]) {
        self.script.ask("secrets", json!({ "path": path, "secrets": secrets })).await;
    }

    /// Makes a path behave so from now on: `{status, headers, text, delay}` or `{hang: true}`.
    pub async fn behaves(&self, path: &str, mode: Value) {
        self.script.ask("mode", json!({ "path": path, "mode": mode })).await;
    }

    /// What came to a path.
    ///
    /// # Panics
    /// When what came is no delivery.
    pub async fn received(&self, path: &str) -> Vec<Received> {
        let all = self.script.ask("received", json!({ "path": path })).await;
        serde_json::from_value(all).unwrap_or_else(|error| panic!("{error}"))
    }

    /// How many wait for an answer of a path.
    pub async fn held(&self, path: &str) -> u64 {
        self.script.ask("held", json!({ "path": path })).await.as_u64().unwrap_or_default()
    }
}
