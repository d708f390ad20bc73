//! What waits to be sent on one connection: bounded in frames and in bytes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::body::Bytes;
use tokio::sync::mpsc;

use super::{OUTBOX, OUTBOX_BYTES};

/// The session's end.
pub(super) struct Outbox {
    frames: mpsc::Sender<Bytes>,
    waiting: Arc<AtomicUsize>,
}

/// The socket's end.
pub struct Frames {
    frames: mpsc::Receiver<Bytes>,
    waiting: Arc<AtomicUsize>,
}

pub(super) fn outbox() -> (Outbox, Frames) {
    let (frames, taken) = mpsc::channel(OUTBOX);
    let waiting = Arc::new(AtomicUsize::new(0));
    (Outbox { frames, waiting: Arc::clone(&waiting) }, Frames { frames: taken, waiting })
}

impl Outbox {
    /// Sends a frame if there is room. Whether there was.
    pub(super) fn send(&self, frame: &Bytes) -> bool {
        // Only this end adds, so that what is there can only have become less in between.
        let waiting = self.waiting.load(Ordering::Acquire);
        if waiting > 0 && waiting + frame.len() > OUTBOX_BYTES {
            return false;
        }
        self.waiting.fetch_add(frame.len(), Ordering::AcqRel);
        let has_room = self.frames.try_send(frame.clone()).is_ok();
        if !has_room {
            self.waiting.fetch_sub(frame.len(), Ordering::AcqRel);
        }
        has_room
    }

    /// Whether everything that was sent has been taken by the socket.
    pub(super) fn is_empty(&self) -> bool {
        self.frames.capacity() == self.frames.max_capacity()
    }

    /// Whether the socket is gone.
    pub(super) fn is_gone(&self) -> bool {
        self.frames.is_closed()
    }
}

impl Frames {
    /// The next frame; none once the session has let go of the connection and everything was taken.
    pub async fn recv(&mut self) -> Option<Bytes> {
        let frame = self.frames.recv().await;
        self.take(frame)
    }

    /// The next frame if it is there.
    pub fn try_recv(&mut self) -> Option<Bytes> {
        let frame = self.frames.try_recv().ok();
        self.take(frame)
    }

    fn take(&self, frame: Option<Bytes>) -> Option<Bytes> {
        if let Some(frame) = &frame {
            self.waiting.fetch_sub(frame.len(), Ordering::AcqRel);
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_in_frames_and_in_bytes() {
        let (outbox, mut frames) = outbox();
        let small = Bytes::from_static(b"x");
        let sent = (0..OUTBOX * 2).filter(|_| outbox.send(&small)).count();
        assert_eq!(sent, OUTBOX);
        while frames.try_recv().is_some() {}
        assert!(outbox.is_empty());
        let large = Bytes::from(vec![0; OUTBOX_BYTES * 2]);
        assert!(outbox.send(&large), "a large one waits alone");
        assert!(!outbox.send(&small));
        assert!(frames.try_recv().is_some());
        assert!(outbox.send(&small) && !outbox.send(&large));
        assert!(!outbox.is_gone());
        drop(frames);
        assert!(outbox.is_gone() && !outbox.send(&small));
    }
}
