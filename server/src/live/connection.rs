//! One connection, as its session sees it.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::body::Bytes;
use plumbline_shared::{
    messages::ServerMessage,
    wire::{CloseCode, Frame},
};
use tokio::sync::oneshot;
use yrs::StateVector;

use super::{
    OWED, PATIENCE,
    outbox::{Frames, Outbox, outbox},
};
use crate::session::Identity;

/// The name of a connection, unique in its process: what comes late for one is never taken for another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(super) u64);

/// What is told of which only the newest matters: an older one is of no use, and each may be large.
#[derive(Clone, Copy)]
pub(super) enum Latest {
    /// The own flags.
    Flags,
    /// The own ballot.
    Ballot,
    /// How many have finished.
    Progress,
}

impl Latest {
    const KINDS: usize = 3;
}

/// The receiving end of a connection.
pub struct Outgoing {
    /// Frames, in order.
    pub frames: Frames,
    /// Why to close, whatever still waits in `frames`.
    pub close: oneshot::Receiver<CloseCode>,
}

/// The session's side of a connection.
pub(super) struct Connection {
    pub(super) identity: Identity,
    pub(super) token: [u8; 32],
    /// Whether it asked for typed messages.
    pub(super) typed: bool,
    /// The id under which others see its presence.
    pub(super) presence: u64,
    /// Frames that have come from it and wait for their round.
    pub(super) waiting: usize,
    /// Frames with content that have come from it.
    pub(super) received: u64,
    /// The first of them that rested on something missing, until what was missing has come.
    pub(super) gap: Option<u64>,
    /// How many answers have come that still rested on something missing.
    pub(super) asked: u32,
    /// How many frames have come since one was refused and before the client began anew.
    pub(super) refused: Option<u32>,
    /// What its changes have cost and its socket has not been charged for, in the guard's steps.
    spent: Arc<AtomicU64>,
    outbox: Outbox,
    close: Option<oneshot::Sender<CloseCode>>,
    /// Whether its first step 1 has been answered: updates before that would arrive out of order.
    synced: bool,
    /// How many of its frames are dealt with, and how many it was told of. Only the newest number matters, so that
    /// one that finds no room is no reason to close.
    saved: u64,
    told: u64,
    /// Since when something found no room.
    late: Option<Instant>,
    /// What it has, if it missed a change.
    missed: Option<StateVector>,
    /// Answers and questions that found no room, in order.
    unsaid: VecDeque<Bytes>,
    /// The newest of each kind of [`Latest`], until there is room for it.
    latest: [Option<Bytes>; Latest::KINDS],
    /// Step 1s that are not answered yet: each gets an answer of its own, since clients count them.
    asks: VecDeque<StateVector>,
    gone: Option<Instant>,
}

impl Connection {
    pub(super) fn new(identity: Identity, token: [u8; 32], typed: bool, presence: u64) -> (Self, Outgoing) {
        let (outbox, frames) = outbox();
        let (close, close_out) = oneshot::channel();
        let connection = Self {
            identity,
            token,
            typed,
            presence,
            waiting: 0,
            received: 0,
            gap: None,
            asked: 0,
            refused: None,
            spent: Arc::default(),
            outbox,
            close: Some(close),
            synced: false,
            saved: 0,
            told: 0,
            late: None,
            missed: None,
            unsaid: VecDeque::new(),
            latest: [const { None }; Latest::KINDS],
            asks: VecDeque::new(),
            gone: None,
        };
        (connection, Outgoing { frames, close: close_out })
    }

    /// Its changes have cost so many of the guard's steps.
    pub(super) fn charge(&self, steps: u64) {
        self.spent.fetch_add(steps, Ordering::Relaxed);
    }

    /// Where its socket reads what its changes have cost.
    pub(super) fn spent(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.spent)
    }

    /// Whether it gets each change as it happens. Who does not gets it with the answer or the catch-up that is due.
    pub(super) fn keeps_up(&self) -> bool {
        self.synced && self.missed.is_none() && self.asks.is_empty()
    }

    /// Sends a change if there is room. Whether there was; if not, `known` is to be told to [`Connection::miss`].
    pub(super) fn change(&self, frame: &Bytes) -> bool {
        self.outbox.send(frame)
    }

    /// It could not be sent a change, and has what `known` says.
    pub(super) fn miss(&mut self, known: StateVector) {
        self.late.get_or_insert_with(Instant::now);
        self.missed = Some(known);
    }

    /// Shows presence if there is room: what is dropped comes with the next renewal.
    pub(super) fn show(&self, frame: &Bytes) {
        if self.late.is_none() {
            let _ = self.outbox.send(frame);
        }
    }

    /// Sends what must arrive: now, or when there is room.
    pub(super) fn say(&mut self, frame: Bytes) {
        if self.unsaid.is_empty() && self.outbox.send(&frame) {
            return;
        }
        self.late.get_or_insert_with(Instant::now);
        self.unsaid.push_back(frame);
        if self.unsaid.len() > OWED {
            self.close(CloseCode::TooSlow);
        }
    }

    /// Tells a typed message, to who wants them.
    pub(super) fn tell(&mut self, message: &ServerMessage) {
        if self.typed {
            self.say(typed(message));
        }
    }

    /// Tells something of which only the newest matters: that one, if there is no room for each.
    pub(super) fn tell_latest(&mut self, kind: Latest, frame: Bytes) {
        if self.typed {
            self.latest[kind as usize] = Some(frame);
            self.send_latest();
        }
    }

    /// Its frames up to this one are dealt with.
    pub(super) fn save(&mut self, through: u64) {
        self.saved = self.saved.max(through);
        self.tell_saved();
    }

    /// It asks for what it lacks.
    pub(super) fn ask(&mut self, known: StateVector) {
        self.asks.push_back(known);
        if self.asks.len() > OWED {
            self.close(CloseCode::TooSlow);
        }
    }

    /// Sends what is owed, as far as there is room: answers first, then one merged catch-up instead of a backlog.
    /// `since` makes the update that somebody lacks.
    pub(super) fn catch_up(&mut self, since: impl Fn(&StateVector) -> Vec<u8>) {
        while let Some(frame) = self.unsaid.front() {
            if !self.outbox.send(frame) {
                break;
            }
            self.unsaid.pop_front();
        }
        self.send_latest();
        self.tell_saved();
        while let Some(known) = self.asks.front() {
            // It is encoded only when nothing else waits: an answer may be the whole board.
            if self.late.is_some() && !self.outbox.is_empty() {
                break;
            }
            if !self.outbox.send(&Frame::Step2(&since(known)).encode().into()) {
                break;
            }
            self.asks.pop_front();
            self.synced = true;
            // The answer had everything.
            self.missed = None;
        }
        if let Some(known) = &self.missed
            && self.outbox.is_empty()
            && self.outbox.send(&Frame::Update(&since(known)).encode().into())
        {
            self.missed = None;
        }
        let owed = self.missed.is_some()
            || !self.unsaid.is_empty()
            || self.latest.iter().any(Option::is_some)
            || !self.asks.is_empty()
            || (self.typed && self.told < self.saved);
        if owed {
            if self.late.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                self.close(CloseCode::TooSlow);
            }
        } else {
            self.late = None;
        }
    }

    /// Whether something waits for room.
    pub(super) fn is_late(&self) -> bool {
        self.late.is_some()
    }

    /// Whether nothing that is said to it arrives any more.
    pub(super) fn is_gone(&self) -> bool {
        self.is_closing() || self.outbox.is_gone()
    }

    /// Whether its socket has been gone for so long that nobody will say so any more: an upgrade that failed.
    pub(super) fn is_lost(&mut self) -> bool {
        self.outbox.is_gone() && self.gone.get_or_insert_with(Instant::now).elapsed() > PATIENCE
    }

    /// Closes the connection, whatever still waits to be sent.
    pub(super) fn close(&mut self, code: CloseCode) {
        if let Some(close) = self.close.take() {
            // The socket may be gone already.
            let _ = close.send(code);
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.close.is_none()
    }

    fn send_latest(&mut self) {
        for waiting in &mut self.latest {
            let Some(frame) = waiting else { continue };
            // After what was said before: the welcome comes first.
            if self.unsaid.is_empty() && self.outbox.send(frame) {
                *waiting = None;
            } else {
                self.late.get_or_insert_with(Instant::now);
            }
        }
    }

    fn tell_saved(&mut self) {
        // After what was said before: a refusal is heard before the number that counts the refused frame.
        if !self.typed || self.told >= self.saved || !self.unsaid.is_empty() {
            return;
        }
        if self.outbox.send(&typed(&ServerMessage::Saved { through: self.saved })) {
            self.told = self.saved;
        } else {
            self.late.get_or_insert_with(Instant::now);
        }
    }
}

/// A typed message as it goes out.
pub(super) fn typed(message: &ServerMessage) -> Bytes {
    let json = serde_json::to_string(message).expect("messages are plain data");
    Frame::Typed(&json).encode().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use plumbline_shared::words::Role;

    use super::{super::OUTBOX, *};

    #[test]
    fn of_lists_of_flags_that_find_no_room_only_the_newest_waits() {
        let identity = Identity { participant: None, role: Role::Participant };
        let (mut connection, mut outgoing) = Connection::new(identity, [0; 32], true, 0);
        for _ in 0..=OUTBOX {
            connection.say(Bytes::from_static(b"before"));
        }
        for n in 0..=OWED {
            connection.tell_latest(Latest::Flags, n.to_string().into());
        }
        assert!(!connection.is_closing() && connection.is_late());
        let mut came = Vec::new();
        while let Some(frame) = outgoing.frames.try_recv() {
            came.push(frame);
            connection.catch_up(|_| Vec::new());
        }
        assert_eq!(came.len(), OUTBOX + 2);
        assert_eq!(came.last().unwrap(), &OWED.to_string());
        assert!(!connection.is_late());
    }
}
