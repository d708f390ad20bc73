//! How much room the board has left.
//!
//! The size of a document is known by encoding it, which is dear. So it is measured now and then, and what was appended
//! since is added: never less than what it is.

use plumbline_shared::limits;
use yrs::StateVector;

use super::STATE;
use crate::session::Session;

/// After how many bytes of changes the board is measured anew, where it may be full.
const MEASURED_AFTER: usize = 256 * 1024;

/// The size of a session, at most.
pub(super) struct Room {
    /// The board as it was measured, in bytes.
    board: usize,
    /// Bytes appended since.
    added: usize,
    /// The whole state as it was written down last, in bytes.
    state: usize,
}

impl Room {
    pub(super) fn of(session: &Session) -> Self {
        Self { board: session.since(&StateVector::default()).len(), added: 0, state: 0 }
    }

    /// A change was appended.
    pub(super) fn add(&mut self, bytes: usize) {
        self.added += bytes;
    }

    /// The state was written down.
    pub(super) fn written(&mut self, bytes: usize) {
        self.state = bytes;
    }

    /// Whether the board takes no more.
    pub(super) fn is_full(&mut self, session: &Session) -> bool {
        if self.state > STATE {
            return true;
        }
        if self.board + self.added > limits::BOARD && self.added > MEASURED_AFTER {
            *self = Self { state: self.state, ..Self::of(session) };
        }
        self.board + self.added > limits::BOARD
    }

    /// How large one frame may be, known content included. A client may hold the board in more and smaller blocks
    /// than we do, and with changes of its own on top.
    pub(super) fn frame(&self) -> usize {
        let board = (self.board + self.added).saturating_mul(2) + limits::NEW_CONTENT_FACILITATOR;
        board.min(limits::BOARD) + limits::FRAME_SLACK
    }
}
