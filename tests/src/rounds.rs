//! Steps that ask something, added to a session's agenda and driven by its facilitator.

use plumbline_shared::{board::Board, order, schema::Root};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Any, Map, MapPrelim, Transact, WriteTxn};

use crate::{
    api::{Api, Created},
    peer::Peer,
    socket::Door,
    stage::Stage,
};

/// The facilitator's hand on a session: over HTTP, so that it is there again as soon as the server is.
pub struct Rounds {
    api: Api,
    session: String,
    token: String,
}

impl Stage {
    /// The facilitator's hand on this session.
    #[must_use]
    pub fn rounds(&self) -> Rounds {
        Rounds::of(self.api(), &self.session)
    }
}

impl Rounds {
    /// The facilitator's hand on a session.
    #[must_use]
    pub fn of(api: Api, session: &Created) -> Self {
        Self { api, session: session.id.clone(), token: session.facilitator_token.clone() }
    }

    /// Adds a step that asks `question` behind all others; gives its id.
    pub async fn ask(&self, title: &str, question: &str, options: &[(&str, &str)]) -> String {
        let facilitator = Peer::join(&Door::new(self.api.address(), &self.session, &self.token)).await;
        let id = Uuid::now_v7().to_string();
        let last =
            Board::read(&facilitator.seen().doc.transact()).agenda.last().map(|step| step.order.clone());
        let key = order::between(last.as_deref(), None);
        facilitator.change(|txn| {
            let agenda = txn.get_or_insert_map(Root::Agenda.name());
            let step = agenda.insert(txn, id.as_str(), MapPrelim::default());
            step.insert(txn, "kind", "ballot");
            step.insert(txn, "question", question);
            step.insert(txn, "title", title);
            step.insert(txn, "minutes", 10);
            step.insert(txn, "order", key);
            let pair =
                |(heading, text): &(&str, &str)| Any::from(vec![Any::from(*heading), Any::from(*text)]);
            step.insert(txn, "options", Any::from(options.iter().map(pair).collect::<Vec<_>>()));
        });
        facilitator.saved().await;
        id
    }

    /// The board as it stands.
    pub async fn board(&self) -> Value {
        self.api.board(&self.session, &self.token).await["board"].clone()
    }

    /// Gives a command, having seen where the session stands.
    pub async fn give(&self, mut command: Value) {
        let board = self.board().await;
        command["seen"] = json!({ "step": board["session"]["step"], "round": board["session"]["round"] });
        self.tell(command).await;
    }

    /// Gives a command as it is.
    pub async fn tell(&self, mut command: Value) {
        command["id"] = json!(Uuid::now_v7());
        let path = format!("/api/sessions/{}/commands", self.session);
        let reply = self.api.post(&path, &self.token, &command).await.expect(200);
        assert_eq!(reply.json()["type"], "ok", "{}", reply.text());
    }

    /// Goes to a step.
    pub async fn go_to(&self, step: &str) {
        self.give(json!({ "type": "go_to", "step": step })).await;
    }

    /// Opens the round.
    pub async fn open(&self) {
        self.give(json!({ "type": "open" })).await;
    }

    /// Seals it.
    pub async fn seal(&self) {
        self.give(json!({ "type": "seal" })).await;
    }

    /// Reveals it.
    pub async fn reveal(&self) {
        self.give(json!({ "type": "reveal" })).await;
    }

    /// Enters somebody without a device; gives their id.
    pub async fn enter(&self, name: &str) {
        self.tell(json!({ "type": "person", "name": name })).await;
    }
}
