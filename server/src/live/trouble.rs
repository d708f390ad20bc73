//! When nothing can be saved: since when, and what people are told of it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use plumbline_shared::messages::ServerMessage;

use super::run::Run;
use crate::store::StoreError;

/// How long nothing can be saved before people are told: what passes at once is no news.
const TOLD_AFTER: Duration = Duration::from_secs(1);

/// Whether what is being saved is stuck: told by whoever appends, read by the session's task.
#[derive(Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<Since>>>);

#[derive(Clone, Copy)]
struct Since {
    at: Instant,
    says: &'static str,
}

impl Trouble {
    /// An attempt has failed, and is repeated.
    pub(super) fn met(&self, error: &StoreError) {
        let mut since = self.lock();
        let at = since.map_or_else(Instant::now, |since| since.at);
        *since = Some(Since { at, says: sentence(error) });
    }

    /// It is saved after all.
    pub(super) fn over(&self) {
        *self.lock() = None;
    }

    /// What people are to be told now.
    fn says(&self) -> Option<&'static str> {
        self.lock().filter(|since| since.at.elapsed() >= TOLD_AFTER).map(|since| since.says)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Since>> {
        // Nothing that is done under this lock panics halfway.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is in the way, for everybody in the room: without paths, which are for whoever reads the server's log.
fn sentence(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full { .. } => "The server's disk is full. Whoever runs it must free some space.",
        StoreError::ReadOnly { .. } => {
            "The server may not write to its disk. Whoever runs it must make it writable."
        }
        StoreError::Busy { .. } => {
            "Another program on the server keeps its data locked. Whoever runs it must close that program."
        }
        StoreError::Gone { .. } => {
            "The server's data are gone from their place. Whoever runs it must look at once."
        }
        StoreError::Memory { .. } => {
            "The server that keeps the data has no memory left. Whoever runs it must give it more."
        }
        StoreError::Unreachable { .. } | StoreError::Unanswered { .. } | StoreError::Replica { .. } => {
            "The server that keeps the data cannot be reached. Whoever runs it must look; it goes on by itself."
        }
        _ => "The server cannot reach what it saves to. Whoever runs it must look at its log.",
    }
}

impl Run {
    /// Tells everybody when nothing can be saved any more, and when it can again.
    pub(super) fn heed_trouble(&mut self) {
        let says = self.trouble.says();
        if says == self.told_trouble {
            return;
        }
        self.told_trouble = says;
        let told = not_saving(says);
        for connection in self.connections.values_mut() {
            connection.tell(&told);
        }
    }
}

/// What is told: why nothing can be saved, or that it can.
pub(super) fn not_saving(says: Option<&'static str>) -> ServerMessage {
    ServerMessage::NotSaving { reason: says.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_at_once_is_told_to_nobody() {
        let trouble = Trouble::default();
        let full = StoreError::Full { place: "/srv/data".to_owned() };
        trouble.met(&full);
        assert_eq!(trouble.says(), None, "it may be over in a moment");
        trouble.lock().as_mut().expect("it was just met").at -= TOLD_AFTER;
        trouble.met(&full);
        let says = trouble.says().expect("it has lasted");
        assert!(!says.contains("/srv"), "paths are nobody's in the room: {says}");
        trouble.over();
        assert_eq!(trouble.says(), None);
    }

    #[test]
    fn a_message_of_it_reads_as_documented() {
        let json = |says| serde_json::to_string(&not_saving(says)).expect("messages are plain data");
        assert_eq!(json(None), r#"{"type":"not_saving","reason":null}"#);
        assert_eq!(json(Some("Full.")), r#"{"type":"not_saving","reason":"Full."}"#);
    }
}
