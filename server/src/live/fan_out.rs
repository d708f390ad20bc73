//! What goes out: changes merged into one frame for everybody, one merged catch-up for who fell behind, presence.

use std::time::Instant;

use axum::body::Bytes;
use plumbline_shared::wire::{CloseCode, Frame};
use yrs::StateVector;

use super::{
    ConnectionId, LONGEST_GATHERING, PATIENCE, SEND_COST,
    connection::{Behind, Connection},
    run::Run,
};

impl Run {
    /// When what has come up is to go out; at once on a quiet session, gathered for a moment when many are here.
    pub(super) fn gathered(&self) -> Option<Instant> {
        if self.unsent.is_empty() {
            return None;
        }
        let connections = u32::try_from(self.connections.len()).unwrap_or(u32::MAX);
        Some(self.sent_at + SEND_COST.saturating_mul(connections).min(LONGEST_GATHERING))
    }

    /// Sends everybody what has changed, encoded once.
    pub(super) fn fan_out(&mut self) {
        let update = match self.unsent.as_slice() {
            [] => return,
            [one] => one.clone(),
            many => yrs::merge_updates_v1(many).expect("they are updates of our own document"),
        };
        self.unsent.clear();
        let frame: Bytes = Frame::Update(&update).encode().into();
        let now = Instant::now();
        for connection in self.connections.values_mut() {
            if connection.synced && connection.behind.is_none() && !connection.send(&frame) {
                connection.behind = Some(Behind { since: now, known: self.sent.clone() });
            }
        }
        self.sent = self.session.state_vector();
        self.sent_at = now;
    }

    /// Answers a client that says what it has.
    pub(super) fn answer(&mut self, id: ConnectionId, known: &StateVector) {
        let update = self.session.since(known);
        let frame: Bytes = Frame::Step2(&update).encode().into();
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if !connection.send(&frame) {
            connection.behind.get_or_insert_with(|| Behind { since: Instant::now(), known: known.clone() });
        }
        connection.synced = true;
    }

    /// Looks after who is behind: one merged catch-up, not a backlog; and the door for who stays behind.
    pub(super) fn catch_up(&mut self) {
        let behind: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.behind.is_some())
            .map(|(id, _)| *id)
            .collect();
        for id in behind {
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            let Some(Behind { since, known }) = &connection.behind else { continue };
            if since.elapsed() > PATIENCE {
                connection.close(CloseCode::TooSlow);
            } else if connection.has_caught_up() {
                // What has been applied and not sent yet comes with it, and once more with the next frame, which
                // does no harm.
                let update = self.session.since(known);
                if connection.send(&Frame::Update(&update).encode().into()) {
                    connection.behind = None;
                }
            }
        }
    }

    /// Sends whose presence has changed; with nothing changed, only `anyway`, so that nobody is left in silence.
    pub(super) fn show_presence(&mut self, anyway: bool) {
        let changed = self.presences.take_changed();
        if changed.is_empty() && !anyway {
            return;
        }
        let all: Bytes = self.presences.frame(changed.iter().copied(), None).into();
        for connection in self.connections.values() {
            // A client of ours knows its own presence by its id. An unmodified one would take it for somebody else.
            let own = connection.presence;
            if !connection.typed && changed.contains(&own) {
                show(connection, &self.presences.frame(changed.iter().copied(), Some(own)).into());
            } else {
                show(connection, &all);
            }
        }
        let here: std::collections::BTreeSet<u64> =
            self.connections.values().map(|connection| connection.presence).collect();
        self.presences.forget(&changed, |id| here.contains(&id));
    }
}

/// Presence that finds no room is dropped: the next renewal brings it.
fn show(connection: &Connection, frame: &Bytes) {
    if connection.behind.is_none() {
        let _ = connection.send(frame);
    }
}
