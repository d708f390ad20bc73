//! Presence: the own state on its way out, and what is known of the others.

use std::collections::BTreeMap;

use plumbline_shared::{
    limits,
    messages::Presence,
    wire::{AwarenessEntry, Frame, read_awareness, write_awareness},
};

use crate::typed;

/// How often the own state is said anew, in milliseconds, so that nobody forgets who sits still.
const RENEW_MS: u64 = 15_000;
/// How long somebody is shown after they were last heard of, in milliseconds.
const FORGET_MS: u64 = 30_000;

struct Heard {
    clock: u64,
    at: u64,
}

/// Presence as one page sees it.
#[derive(Default)]
pub(crate) struct Others {
    /// The awareness id that this page says of itself. The server gives it another.
    own: u64,
    /// The id under which the own state comes back.
    echo: Option<u64>,
    state: Presence,
    clock: u64,
    unsaid: bool,
    said_at: u64,
    heard: BTreeMap<u64, Heard>,
    shown: BTreeMap<u64, Presence>,
}

impl Others {
    pub(crate) fn new(own: u64) -> Self {
        Self { own, ..Self::default() }
    }

    pub(crate) fn shown(&self) -> &BTreeMap<u64, Presence> {
        &self.shown
    }

    /// The connection is new: the own state is said, whatever it is.
    pub(crate) fn opened(&mut self) {
        self.unsaid = true;
    }

    /// Nobody is seen without a connection, and the server's next ids and clocks may be others.
    pub(crate) fn closed(&mut self) {
        self.heard.clear();
        self.shown.clear();
        self.echo = None;
    }

    /// The server has said under which id the own state comes back. Whether somebody vanished by that.
    pub(crate) fn welcomed(&mut self, echo: u64) -> bool {
        self.echo = Some(echo);
        self.heard.remove(&echo);
        self.shown.remove(&echo).is_some()
    }

    pub(crate) fn set(&mut self, mut state: Presence) {
        // Who it is, is the server's to say.
        state.user = None;
        if state != self.state {
            self.state = state;
            self.unsaid = true;
        }
    }

    /// The own state as a frame, where it is due.
    pub(crate) fn outgoing(&mut self, now: u64) -> Option<Vec<u8>> {
        if !std::mem::take(&mut self.unsaid) {
            return None;
        }
        let mut json = typed::presence(&self.state);
        if json.len() > limits::PRESENCE {
            let short = Presence { over: None, ..self.state.clone() };
            json = typed::presence(&short);
        }
        self.clock += 1;
        self.said_at = now;
        let entry = AwarenessEntry { client: self.own, clock: self.clock, json: &json };
        Some(Frame::Awareness(&write_awareness([entry].into_iter())).encode())
    }

    /// Somebody's states have come. Whether what is shown changed.
    pub(crate) fn receive(&mut self, bytes: &[u8], now: u64) -> bool {
        // A presence that cannot be read is as good as none: the next one comes within seconds.
        let Ok(entries) = read_awareness(bytes) else { return false };
        let mut changed = false;
        for entry in entries {
            if entry.client == self.own || Some(entry.client) == self.echo {
                continue;
            }
            let state = typed::read_presence(entry.json);
            if let Some(heard) = self.heard.get(&entry.client) {
                let newer = entry.clock > heard.clock || (entry.clock == heard.clock && state.is_none());
                if !newer {
                    continue;
                }
            }
            self.heard.insert(entry.client, Heard { clock: entry.clock, at: now });
            changed |= match state {
                Some(state) => self.shown.insert(entry.client, state.clone()).as_ref() != Some(&state),
                None => self.shown.remove(&entry.client).is_some(),
            };
        }
        changed
    }

    /// Time goes by. Whether somebody was forgotten.
    pub(crate) fn tick(&mut self, now: u64) -> bool {
        if now.saturating_sub(self.said_at) >= RENEW_MS {
            self.unsaid = true;
        }
        let silent: Vec<u64> = self
            .heard
            .iter()
            .filter(|(_, heard)| now.saturating_sub(heard.at) >= FORGET_MS)
            .map(|(id, _)| *id)
            .collect();
        let before = self.shown.len();
        for id in silent {
            self.heard.remove(&id);
            self.shown.remove(&id);
        }
        before != self.shown.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(client: u64, clock: u64, json: &str) -> Vec<u8> {
        write_awareness([AwarenessEntry { client, clock, json }].into_iter())
    }

    #[test]
    fn oneself_is_not_among_the_others() {
        let mut others = Others::new(5);
        assert!(others.receive(&said(77, 1, "{}"), 0));
        assert!(others.welcomed(77));
        assert!(!others.receive(&said(77, 2, "{}"), 0));
        assert!(!others.receive(&said(5, 2, "{}"), 0));
        assert!(others.shown().is_empty());
    }

    #[test]
    fn the_higher_clock_wins_and_who_is_silent_is_forgotten() {
        let mut others = Others::new(5);
        assert!(others.receive(&said(9, 4, r#"{"over":"off"}"#), 0));
        assert!(!others.receive(&said(9, 3, "{}"), 0));
        assert_eq!(others.shown()[&9].over.as_deref(), Some("off"));
        assert!(!others.tick(29_999));
        assert!(others.tick(30_000));
        assert!(others.receive(&said(9, 4, "{}"), 31_000));
        assert!(others.receive(&said(9, 4, "null"), 31_000));
        assert!(others.shown().is_empty());
    }

    #[test]
    fn the_own_state_is_said_once_and_renewed() {
        let mut others = Others::new(5);
        others.opened();
        assert!(others.outgoing(0).is_some());
        others.set(Presence::default());
        assert!(others.outgoing(0).is_none());
        others.set(Presence { over: Some("off".to_owned()), ..Presence::default() });
        assert!(others.outgoing(0).is_some());
        others.tick(14_999);
        assert!(others.outgoing(14_999).is_none());
        others.tick(15_000);
        assert!(others.outgoing(15_000).is_some());
    }
}
