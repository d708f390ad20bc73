//! One connection, as its session sees it.

use std::time::Instant;

use axum::body::Bytes;
use plumbline_shared::{
    messages::ServerMessage,
    wire::{CloseCode, Frame},
};
use tokio::sync::{mpsc, oneshot};
use yrs::StateVector;

use super::OUTBOX;
use crate::session::Identity;

/// The name of a connection within its session's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What a socket gets when it has been let in.
pub struct Connected {
    /// Its name.
    pub id: ConnectionId,
    /// What to send.
    pub outgoing: Outgoing,
}

/// The receiving end of a connection's outbox.
pub struct Outgoing {
    /// Frames, in order.
    pub frames: mpsc::Receiver<Bytes>,
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
    frames: mpsc::Sender<Bytes>,
    close: Option<oneshot::Sender<CloseCode>>,
    /// Whether its first step 1 has been answered: updates before that would arrive out of order.
    pub(super) synced: bool,
    /// What it has, since it could not be sent more.
    pub(super) behind: Option<Behind>,
    /// Frames with content that have come from it.
    pub(super) received: u64,
    /// The first of them that rested on something missing, until what was missing has come.
    pub(super) gap: Option<u64>,
    /// How often it was asked for what was missing.
    pub(super) asked: u32,
    /// What is told as saved.
    pub(super) saved: u64,
    /// How many frames have come since one was refused and before the client began anew.
    pub(super) refused: Option<u32>,
}

/// A connection that has not kept up.
pub(super) struct Behind {
    pub(super) since: Instant,
    pub(super) known: StateVector,
}

impl Connection {
    pub(super) fn new(identity: Identity, token: [u8; 32], typed: bool, presence: u64) -> (Self, Outgoing) {
        let (frames, frames_out) = mpsc::channel(OUTBOX);
        let (close, close_out) = oneshot::channel();
        let connection = Self {
            identity,
            token,
            typed,
            presence,
            frames,
            close: Some(close),
            synced: false,
            behind: None,
            received: 0,
            gap: None,
            asked: 0,
            saved: 0,
            refused: None,
        };
        (connection, Outgoing { frames: frames_out, close: close_out })
    }

    /// Sends a frame if there is room. Whether there was.
    pub(super) fn send(&self, frame: &Bytes) -> bool {
        self.frames.try_send(frame.clone()).is_ok()
    }

    /// Whether everything that was sent has been taken by the socket.
    pub(super) fn has_caught_up(&self) -> bool {
        self.frames.capacity() == OUTBOX
    }

    /// Tells a typed message. A connection that cannot take it is too slow for a conversation and is closed: an
    /// answer is never dropped silently.
    pub(super) fn tell(&mut self, message: &ServerMessage) {
        if !self.typed {
            return;
        }
        let json = serde_json::to_string(message).expect("messages are plain data");
        if !self.send(&Frame::Typed(&json).encode().into()) {
            self.close(CloseCode::TooSlow);
        }
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
}
