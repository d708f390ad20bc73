//! Pictures of screens and their states, and what they are taken of.

use std::{env, path::PathBuf};

use plumbline_shared::{order, schema::Root};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    api::Created,
    browser::Page,
    peer::Peer,
    picture,
    server::{KEY, Server},
    setting, wait,
};

/// What a run has found, over all its pictures.
pub struct Album {
    folder: PathBuf,
    findings: Vec<String>,
}

impl Album {
    /// An empty one. Its pictures go where `PLUMBLINE_PICTURES` says, or to where nobody looks.
    #[must_use]
    pub fn open() -> Self {
        let folder = env::var_os(setting::PICTURES)
            .map_or_else(|| env::temp_dir().join("plumbline-pictures"), PathBuf::from);
        Self { folder, findings: Vec::new() }
    }

    /// Takes a page as it is, at every size and in both themes.
    pub async fn take(&mut self, page: &Page, name: &str) {
        self.shoot(page, name, false).await;
    }

    /// The same, or at the size of a projector alone.
    pub async fn shoot(&mut self, page: &Page, name: &str, projector: bool) {
        let found = page.shoot(&self.folder.join(format!("{name}.webp")), projector).await;
        self.findings.extend(found.into_iter().map(|finding| format!("{name}, {finding}")));
    }

    /// Takes the pages as they are at one moment, each at its own size, side by side.
    pub async fn moment(&mut self, name: &str, page: &Page, others: &[&Page]) {
        let found = page.shoot_with(others, &self.folder.join(format!("{name}.webp"))).await;
        self.findings.extend(found.into_iter().map(|finding| format!("{name}, {finding}")));
    }

    /// Nothing was found on any picture.
    ///
    /// # Panics
    /// When something was.
    pub fn close(self) {
        assert!(self.findings.is_empty(), "{} findings:\n{}", self.findings.len(), self.findings.join("\n"));
    }
}

/// Waits until the page says so of saving and connection.
pub async fn in_state(page: &Page, state: &str) {
    wait::until(&format!("{} says {state}", page.name), async || {
        let shown = page.attribute("status", "data-state").await;
        wait::holds(shown == state, || shown.clone())
    })
    .await;
}

/// The link that opens the server's first page.
#[must_use]
pub fn workspace(server: &Server) -> String {
    format!("http://{}/#key={KEY}", server.address())
}

/// The built-in sample.
///
/// # Panics
/// When the server does not make it.
pub async fn sample(server: &Server) -> Created {
    let wish = json!({ "title": "Strategy review, autumn", "sample": true });
    let reply = server.api().post("/api/sessions", KEY, &wish).await.expect(201);
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

/// Somebody sorts most of the board: every third card off strategy, every fifth left unsorted.
pub async fn sort(peer: &Peer) {
    let (projects, pillars) = {
        let seen = peer.seen();
        (picture::keys(&seen.doc, Root::Projects), picture::keys(&seen.doc, Root::Pillars))
    };
    let mut last = None;
    for (n, project) in projects.iter().enumerate().filter(|(n, _)| n % 5 != 4) {
        let key = order::between(last.as_deref(), None);
        let pile = if n % 3 == 2 { "off" } else { &pillars[n / 3 % pillars.len()] };
        peer.place(project, pile, &key);
        last = Some(key);
    }
    peer.saved().await;
}

/// Somebody sends a command over HTTP; one that drives the session, with what they see of its progress.
///
/// # Panics
/// When the server does not carry it out.
pub async fn command(server: &Server, session: &Created, token: &str, kind: &str, mut message: Value) {
    (message["id"], message["type"]) = (json!(Uuid::now_v7()), json!(kind));
    if ["close", "lock", "resume"].contains(&kind) {
        let board = server.api().board(&session.id, &session.facilitator_token).await;
        let at = &board["board"]["session"];
        message["seen"] = json!({ "step": at["step"], "round": at["round"].as_f64().unwrap_or(1.0) as u64 });
    }
    let path = format!("/api/sessions/{}/commands", session.id);
    let reply = server.api().post(&path, token, &message).await;
    assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
}
