//! Several servers that run one session: whether they hold the same.

use std::time::Duration;

use serde_json::Value;

use crate::{
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
