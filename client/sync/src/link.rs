//! One connection's accounting: what was asked and answered, which frames went out, which are durable.

use plumbline_shared::wire::Frame;

/// How long an open connection may be silent, in milliseconds: the server says something every 15 seconds.
const SILENT_MS: u64 = 30_000;

/// How long the update that takes something back is waited for after it was announced, in milliseconds.
pub(crate) const TAKEN_BACK_WITHIN_MS: u64 = 2_000;

/// The server has said that something in a frame was taken back.
pub(crate) struct TakenBack {
    pub(crate) frame: u64,
    pub(crate) code: String,
    pub(crate) reason: String,
    pub(crate) path: Option<String>,
    pub(crate) at: u64,
}

/// One open connection.
pub(crate) struct Link {
    /// Frames with content (step 2 and update) handed out: the server's `saved` and `denied` count the same.
    pub(crate) frames: u64,
    /// Frames up to here are dealt with.
    pub(crate) saved: u64,
    /// Step 1 frames handed out, and step 2 frames that came: answers come in the order of the questions.
    pub(crate) asked: u64,
    pub(crate) answered: u64,
    /// Whether the server's own step 1 was answered. Before that it does not know what is ours.
    pub(crate) replied: bool,
    /// Refusals up to this frame have been seen to: the document that they were about is gone.
    pub(crate) settled: u64,
    /// What was taken back, until it is seen what that was.
    pub(crate) taken_back: Vec<TakenBack>,
    /// Whether a gap has been asked about already.
    pub(crate) gap_asked: bool,
    /// Documents dropped because they could not be read.
    pub(crate) unreadable: u32,
    /// Frames to be sent as they are.
    pub(crate) ready: Vec<Vec<u8>>,
    heard_at: u64,
    stalled: bool,
}

impl Link {
    pub(crate) fn new(now: u64) -> Self {
        Self {
            frames: 0,
            saved: 0,
            asked: 0,
            answered: 0,
            replied: false,
            settled: 0,
            taken_back: Vec::new(),
            gap_asked: false,
            unreadable: 0,
            ready: Vec::new(),
            heard_at: now,
            stalled: false,
        }
    }

    /// Asks the server for what a document with this state vector lacks. Which question it is.
    pub(crate) fn ask(&mut self, state_vector: &[u8]) -> u64 {
        self.ready.push(Frame::Step1(state_vector).encode());
        self.asked += 1;
        self.asked
    }

    /// Hands out a frame with content. Its number.
    pub(crate) fn hand_out(&mut self, frame: Frame<'_>) -> u64 {
        self.ready.push(frame.encode());
        self.frames += 1;
        self.frames
    }

    pub(crate) fn heard(&mut self, now: u64) {
        self.heard_at = now;
        self.stalled = false;
    }

    pub(crate) fn saved(&mut self, through: u64) {
        self.saved = self.saved.max(through.min(self.frames));
    }

    /// Whether the connection has just been found to be silent, or to confirm nothing, for too long. True once for
    /// each silence. `waiting` is how long the oldest change on its way has not been confirmed, in milliseconds.
    pub(crate) fn stalls(&mut self, now: u64, waiting: u64) -> bool {
        let silent = now.saturating_sub(self.heard_at) >= SILENT_MS || waiting >= SILENT_MS;
        silent && !std::mem::replace(&mut self.stalled, true)
    }
}
