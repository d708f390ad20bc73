//! What goes out: changes merged into one frame for everybody, one merged catch-up for who fell behind, presence.

use std::time::Instant;

use axum::body::Bytes;
use plumbline_shared::wire::Frame;
use yrs::{StateVector, Update, updates::decoder::Decode};

use super::{ConnectionId, LONGEST_GATHERING, SEND_COST, run::Run};

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
        let update = match self.unsent.len() {
            0 => return,
            1 => self.unsent.swap_remove(0),
            _ => yrs::merge_updates_v1(&self.unsent).expect("they are updates of our own document"),
        };
        self.unsent.clear();
        let since = self.unsent_since.take();
        self.sent_at = Instant::now();
        let frame: Bytes = Frame::Update(&update).encode().into();
        let mut before = None;
        for connection in self.connections.values_mut() {
            if connection.keeps_up() && !connection.change(&frame) {
                let known = before.get_or_insert_with(|| known_before(self.session.state_vector(), &update));
                connection.miss(known.clone());
            }
        }
        if let Some(since) = since {
            self.node.metrics().fanned_out(since.elapsed());
        }
    }

    /// Answers a client that says what it has.
    pub(super) fn answer(&mut self, id: ConnectionId, known: StateVector) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.ask(known);
            connection.catch_up(|known| self.session.since(known));
        }
    }

    /// Looks after who is behind: one merged catch-up, not a backlog; and the door for who stays behind.
    pub(super) fn catch_up(&mut self) {
        for connection in self.connections.values_mut().filter(|connection| connection.is_late()) {
            connection.catch_up(|known| self.session.since(known));
        }
    }

    /// Sends whose presence has changed; with nothing changed, only `anyway`, so that nobody is left in silence.
    pub(super) fn show_presence(&mut self, anyway: bool) {
        let changed = self.presences.take_changed();
        self.tell_others(&changed);
        if changed.is_empty() && !anyway {
            return;
        }
        let all: Bytes = self.presences.frame(changed.iter().copied(), None).into();
        for connection in self.connections.values() {
            // A client of ours knows its own presence by its id. An unmodified one would take it for somebody else.
            let own = connection.presence;
            if !connection.typed && changed.contains(&own) {
                connection.show(&self.presences.frame(changed.iter().copied(), Some(own)).into());
            } else {
                connection.show(&all);
            }
        }
        self.presences.forget(&changed);
    }
}

/// What a document knew before an update that is the newest part of it.
fn known_before(mut known: StateVector, update: &[u8]) -> StateVector {
    let update = Update::decode_v1(update).expect("it is an update of our own document");
    for (client, clock) in update.state_vector_lower().iter() {
        known.set_min(*client, *clock);
    }
    known
}
