//! What other nodes append to a session's log, where several share the store: read as they do, and applied like ours.
//!
//! Every node folds every entry at its position, and comes to the same state. What is ours is known by its origin and
//! sequence, and only then answered. Whoever connects or asks is answered from a state that was read after they came:
//! they may come from another node, which has just let them in.

use std::{
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use plumbline_shared::wire::CloseCode;

use super::{
    append::read_on,
    batch::{Round, Waiting},
    others::Others,
    request::Request,
    run::Run,
};
use crate::{
    session::entry::{Body, Entry},
    store::{
        Position, StoreError, Stored,
        shared::{Heard, Listening},
    },
};

/// How often the log is read when nothing is heard of it: what is said may get lost.
const LOOKED: Duration = Duration::from_millis(1_000);

/// How long it is left alone when it could not be read.
const LOOKED_AGAIN: Duration = Duration::from_millis(250);

/// How long a reading may take before those who wait for it are answered from what is known.
const READ_WITHIN: Duration = Duration::from_secs(3);

/// How long a round that is being saved is waited for, since it brings what stands before it.
const SAVES_SOON: Duration = Duration::from_millis(50);

/// Beyond every entry: it is not known how far there is more.
const END: Position = Position { at: u64::MAX, n: u64::MAX };

/// The sharing of one session with other nodes.
pub(super) struct Following {
    listening: Listening,
    /// How far there may be more in the log than we have read.
    reaches: Position,
    look_at: Instant,
    reading: Option<Reading>,
    /// Who is answered after the next reading.
    pub(super) asking: Vec<Request>,
    /// What other nodes say of who is there.
    pub(super) others: Others,
}

/// A reading under way, and who waits for it.
struct Reading {
    attempt: Pin<Box<dyn Future<Output = Read> + Send>>,
    asked: Vec<Request>,
}

/// What stands after where we were; none, if the log does not hold where we were.
pub(super) type Read = Result<Option<Vec<Stored>>, StoreError>;

/// What comes from the others.
pub(super) enum Come {
    Heard(Heard),
    Read(Read),
}

impl Following {
    pub(super) fn new(listening: Listening) -> Self {
        Self {
            listening,
            reaches: END,
            look_at: Instant::now(),
            reading: None,
            asking: Vec::new(),
            others: Others::default(),
        }
    }

    /// The next that comes from the others; never, where there are none.
    pub(super) async fn come(following: &mut Option<Self>) -> Come {
        let Some(Self { listening, reading, .. }) = following else { return std::future::pending().await };
        match reading {
            Some(reading) => tokio::select! {
                heard = listening.next() => Come::Heard(heard),
                read = &mut reading.attempt => Come::Read(read),
            },
            None => Come::Heard(listening.next().await),
        }
    }
}

impl Run {
    /// Begins to read on, if there is reason to and it is not done already.
    pub(super) fn begin_reading(&mut self) {
        let Some(following) = &mut self.following else { return };
        // What is being saved brings what came before it, unless it takes long.
        let is_saving = self.saving.as_ref().is_some_and(|saving| saving.since.elapsed() < SAVES_SOON);
        let is_behind = following.reaches > self.session.position() && !is_saving;
        let is_due = is_behind || !following.asking.is_empty() || following.look_at <= Instant::now();
        if following.reading.is_some() || !is_due {
            return;
        }
        following.reaches = Position::ZERO;
        let (node, log, from) = (Arc::clone(&self.node), self.log.clone(), self.session.position());
        let attempt = Box::pin(async move {
            let reading = read_on(node.store(), &log, from, None);
            let late = || StoreError::Unreachable {
                place: "the store".to_owned(),
                what: "it takes too long".to_owned(),
            };
            tokio::time::timeout(READ_WITHIN, reading).await.unwrap_or_else(|_| Err(late()))
        });
        following.reading = Some(Reading { attempt, asked: std::mem::take(&mut following.asking) });
    }

    /// Takes what comes from other nodes.
    pub(super) async fn take_from_others(&mut self, come: Come) {
        let read = match come {
            Come::Heard(Heard::Appended(at)) => {
                if let Some(following) = &mut self.following {
                    following.reaches = following.reaches.max(at.unwrap_or(END));
                }
                return;
            }
            Come::Heard(Heard::Told(said)) => return self.hear(&said),
            Come::Read(read) => read,
        };
        let Some(following) = &mut self.following else { return };
        let asked = following.reading.take().map(|reading| reading.asked).unwrap_or_default();
        following.look_at = Instant::now() + if read.is_ok() { LOOKED } else { LOOKED_AGAIN };
        match read {
            Ok(Some(entries)) if entries.is_empty() => {}
            Ok(Some(entries)) => {
                let mut saving = self.saving.take();
                let mut round =
                    saving.as_mut().map(|saving| std::mem::take(&mut saving.round)).unwrap_or_default();
                self.apply_read(&mut round, entries).await;
                if let Some(saving) = &mut saving {
                    saving.round = round;
                    round = Round::default();
                }
                self.saving = saving;
                if !self.broken {
                    self.answer_round(round);
                }
            }
            Ok(None) => self.torn().await,
            // The log has everything; while it cannot be read, those who are here go on from what is known.
            Err(error) => tracing::debug!(log = %self.log, %error, "the log cannot be read at the moment"),
        }
        // Who finds the run at its end asks the next one.
        if !self.broken {
            asked.into_iter().for_each(|request| self.admit_now(request));
        }
    }

    /// Applies what stands in the log, ours and others'. Ours is known by its number, and concluded.
    pub(super) async fn apply_read(&mut self, round: &mut Round, entries: Vec<Stored>) {
        for Stored { position, bytes } in entries {
            if position <= self.session.position() {
                continue;
            }
            let entry = match Entry::from_bytes(&bytes) {
                Ok(entry) => entry,
                Err(error) => {
                    tracing::error!(log = %self.log, %position, %error, "an entry of another node cannot be read");
                    self.broken = true;
                    return;
                }
            };
            let ours = entry.origin == self.node.origin();
            let found = round.proposed.iter().position(|(own, _)| ours && own.sequence == entry.sequence);
            let waiting = found.map_or(Waiting::Nobody, |at| round.proposed.remove(at).1);
            self.node.remember(self.session.id(), position, bytes);
            match &entry.body {
                // What it voids may have been applied here: the log is read anew, voids first.
                Body::Voided { .. } => {
                    self.broken = true;
                    return;
                }
                Body::Attended { .. } if !ours => self.attended = self.participants(),
                _ => {}
            }
            if !self.apply_one(round, position, entry, waiting).await {
                return;
            }
        }
    }

    /// The log does not hold what we know of it: the session was erased, or the store went back to an older state. Nobody
    /// goes on from here. Whoever loads the session next, at once, reads the log anew and proposes again what it has lost.
    pub(super) async fn torn(&mut self) {
        self.broken = true;
        match self.node.store().last(&self.log).await {
            Ok(Position::ZERO) => {
                tracing::info!(log = %self.log, "the session was erased on another node");
                self.node.forget(self.session.id());
                self.end_code = CloseCode::NoSuchSession;
            }
            _ => {
                tracing::error!(
                    log = %self.log, position = %self.session.position(),
                    "the log does not hold what was read of it: the store went back to an older state, or others went on far ahead; it is read anew"
                );
                self.node.load_soon(self.session.id(), LOOKED_AGAIN);
            }
        }
    }
}
