//! Several servers that run one session: whether they hold the same.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    api::{Api, Created},
    peer::{self, Peer},
    picture,
    socket::{Door, Socket},
    wait,
};

/// What is behind all of these doors, once it is the same.
///
/// # Panics
/// When it is not within that time.
pub async fn agreed(doors: &[Door], within: Duration) -> Value {
    wait::until_within(within, "all nodes hold the same board", async || {
        let mut held: Vec<Value> = Vec::new();
        for door in doors {
            let socket = Socket::try_open(door).await.map_err(|error| error.to_string())?;
            let witness = Peer::with(socket, peer::document());
            witness.synced().await;
            held.push(picture::of(&witness.seen().doc));
        }
        for other in &held[1..] {
            wait::holds(*other == held[0], || picture::difference(other, &held[0]))?;
        }
        Ok(held.swap_remove(0))
    })
    .await
}

/// Waits until a node has saved all changes of a session that came in before: a command that changes nothing waits behind
/// them. Who connects or reads does not.
///
/// # Panics
/// When it has not within that time.
pub async fn settled(api: &Api, session: &Created, within: Duration) {
    wait::until_within(within, "what came in before is saved", async || {
        let path = format!("/api/sessions/{}", session.id);
        let shown = api.get(&path, &session.facilitator_token).await;
        wait::holds(shown.status == 200, || format!("{}: {}", shown.status, shown.text()))?;
        let at = shown.json()["board"]["session"].clone();
        let command = json!({
            "id": Uuid::now_v7(), "type": "lock", "locked": false,
            "seen": { "step": at["step"], "round": at["round"] },
        });
        let answer = api.post(&format!("{path}/commands"), &session.facilitator_token, &command).await;
        wait::holds(answer.status == 200, || format!("{}: {}", answer.status, answer.text()))
    })
    .await;
}
