//! Unmodified Yjs clients under Node.

use std::sync::Arc;

use plumbline_shared::schema::Root;
use serde::Deserialize;
use serde_json::{Value, json};
use yrs::{Doc, Transact, Update, updates::decoder::Decode};

use crate::{
    peer,
    picture::{self, Piles},
    script::Script,
    wait,
};

/// A Node process: a browser, as far as its tabs share one IndexedDB and one BroadcastChannel.
#[derive(Clone)]
pub struct Yjs(Arc<Script>);

/// How a tab is opened.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The IndexedDB in which the tab keeps its document.
    pub store: Option<String>,
    /// The stored document is loaded by [`Tab::load`], after the socket has opened.
    pub late: bool,
    /// The tab talks to other tabs of the process over BroadcastChannel.
    pub channel: bool,
    /// The tab does not connect by itself.
    pub offline: bool,
}

/// One document with its provider.
#[derive(Clone)]
pub struct Tab {
    script: Arc<Script>,
    /// Its name in the process.
    pub name: String,
    /// Its client id.
    pub client: u64,
}

/// How a tab's connection is doing.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// The socket is open.
    pub connected: bool,
    /// The first step 2 of this connection has come.
    pub synced: bool,
    /// So many sockets were opened.
    pub opened: u32,
    /// The codes with which sockets were closed; 1006 where there was no farewell.
    pub closes: Vec<u16>,
    /// The HTTP statuses of refused upgrades.
    pub refused: Vec<u16>,
    /// Messages received.
    pub received: u64,
    /// The document waits for something that it was not given.
    pub pending: bool,
}

impl Status {
    /// Whether the server has refused this client anything: a close with one of its codes, or an upgrade with a
    /// client error.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        self.closes.iter().any(|code| (4000..5000).contains(code))
            || self.refused.iter().any(|s| (400..500).contains(s))
    }
}

/// Which way messages are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the server.
    In,
    /// To the server.
    Out,
}

impl Yjs {
    /// Starts a process.
    #[must_use]
    pub fn start() -> Self {
        Self(Arc::new(Script::start("client.mjs")))
    }

    /// Opens a tab. `session` is the address that [`crate::stage::Stage::yjs_address`] gives.
    pub async fn open(&self, name: &str, session: &str, token: &str, opening: &Opening) -> Tab {
        let answer = self
            .0
            .ask(
                "open",
                json!({
                    "name": name, "url": session, "token": token, "store": opening.store,
                    "late": opening.late, "channel": opening.channel, "connect": !opening.offline,
                }),
            )
            .await;
        let client = answer["client"].as_u64().expect("a client id is a number");
        Tab { script: Arc::clone(&self.0), name: name.to_owned(), client }
    }

    /// The process sleeps, as a laptop does, and wakes after so many milliseconds by the clock on its wall.
    pub async fn sleep(&self, ms: u64) {
        self.0.ask("sleep", json!({ "ms": ms })).await;
    }
}

impl Tab {
    async fn ask(&self, verb: &str, mut fields: Value) -> Value {
        fields["name"] = json!(self.name);
        self.script.ask(verb, fields).await
    }

    /// Does several things in one transaction: `[["place", project, pile, order], …]`, see `node/client.mjs`.
    pub async fn act(&self, steps: Value) {
        self.ask("act", json!({ "steps": steps })).await;
    }

    /// Places a project.
    pub async fn place(&self, project: &str, pile: &str, order: &str) {
        self.act(json!([["place", project, pile, order]])).await;
    }

    /// What to do as the socket opens next, before the server has said anything.
    pub async fn act_as_it_opens(&self, steps: Value) {
        self.ask("opening", json!({ "steps": steps })).await;
    }

    /// Takes the last own change back; false when there is none.
    pub async fn undo(&self) -> bool {
        self.ask("undo", json!({})).await == json!(true)
    }

    /// Makes it again; false when there is nothing to make again.
    pub async fn redo(&self) -> bool {
        self.ask("redo", json!({})).await == json!(true)
    }

    /// Goes offline.
    pub async fn disconnect(&self) {
        self.ask("disconnect", json!({})).await;
    }

    /// Goes online.
    pub async fn connect(&self) {
        self.ask("connect", json!({})).await;
    }

    /// Holds messages back, or lets them go.
    pub async fn hold(&self, way: Way, held: bool) {
        let way = if way == Way::In { "in" } else { "out" };
        self.ask("hold", json!({ "way": way, "held": held })).await;
    }

    /// The stored document of an [`Opening::late`] tab loads.
    pub async fn load(&self) {
        self.ask("load", json!({})).await;
    }

    /// Closes the tab; what it stored stays.
    pub async fn leave(self) {
        self.ask("leave", json!({})).await;
    }

    /// Says where this client is looking.
    pub async fn present(&self, state: Value) {
        self.ask("present", json!({ "state": state })).await;
    }

    /// The presence of others: `[{ id, state }, …]`.
    pub async fn presences(&self) -> Vec<Value> {
        match self.ask("presences", json!({})).await {
            Value::Array(states) => states,
            other => panic!("presences are a list: {other}"),
        }
    }

    /// How the connection is doing.
    pub async fn status(&self) -> Status {
        serde_json::from_value(self.ask("status", json!({})).await).expect("a status reads as one")
    }

    /// The piles, read by JavaScript.
    pub async fn piles(&self) -> Piles {
        serde_json::from_value(self.ask("piles", json!({})).await).expect("piles are ids and names")
    }

    /// Every root as JSON, read by JavaScript.
    pub async fn board(&self) -> Value {
        picture::level(self.ask("board", json!({})).await)
    }

    /// The whole document, read back from what Yjs encodes.
    pub async fn document(&self) -> Doc {
        let hex = self.ask("update", json!({})).await;
        let bytes = data_encoding::HEXLOWER
            .decode(hex.as_str().unwrap_or_default().as_bytes())
            .expect("an update comes in hex");
        let doc = peer::document();
        let update = Update::decode_v1(&bytes).expect("Yjs encodes well");
        doc.transact_mut().apply_update(update).expect("what Yjs encodes applies");
        doc
    }

    /// The ids of the projects, in their order.
    pub async fn projects(&self) -> Vec<String> {
        let board = self.board().await;
        let mut ids: Vec<String> = board[Root::Projects.name()]
            .as_object()
            .map(|all| all.keys().cloned().collect())
            .unwrap_or_default();
        ids.sort();
        ids
    }

    /// Waits until the socket is open and the board has come.
    pub async fn synced(&self) {
        wait::until(&format!("{} is synced", self.name), async || {
            let status = self.status().await;
            wait::holds(status.connected && status.synced, || format!("{status:?}"))
        })
        .await;
    }

    /// # Panics
    /// When the server has refused this client anything.
    pub async fn assert_never_refused(&self) {
        let status = self.status().await;
        assert!(!status.was_refused(), "{} did nothing wrong and was refused: {status:?}", self.name);
        assert!(!status.pending, "{} waits for something that never came: {status:?}", self.name);
    }
}
