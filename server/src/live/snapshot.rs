//! Writing the state down, beside the running of the session.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::{Node, run::Run};
use crate::{
    session::{Session, SnapshotError},
    store::{LogId, Position},
};

impl Run {
    /// Writes the state down, unless that is being done already, or a close is owed that it would let be forgotten.
    pub(super) fn begin_snapshot(&mut self) {
        let is_writing = self.snapshot.as_ref().is_some_and(|writing| !writing.is_finished());
        if is_writing || self.owes_records() {
            return;
        }
        self.since_snapshot = 0;
        let bytes = self.session.snapshot();
        self.room.written(bytes.len());
        self.snapshot =
            Some(write_down(Arc::clone(&self.node), self.log.clone(), self.session.position(), bytes));
    }

    /// Has the last state written down when it returns, as far as that is possible.
    pub(super) async fn last_snapshot(&mut self) {
        self.written().await;
        if self.since_snapshot > 0 {
            self.begin_snapshot();
            self.written().await;
        }
    }

    async fn written(&mut self) {
        if let Some(writing) = self.snapshot.take() {
            // A panic is told by its hook, and the log has everything.
            let _ = writing.await;
        }
    }
}

fn write_down(node: Arc<Node>, log: LogId, position: Position, bytes: Vec<u8>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let checked = tokio::task::spawn_blocking(move || checked(&bytes)).await;
        let bytes = match checked {
            Ok(Ok(Some(bytes))) => bytes,
            Ok(Ok(None)) => {
                return tracing::error!(%log, "the state does not read back as what it is: no snapshot is written");
            }
            Ok(Err(error)) => {
                return tracing::error!(%log, %error, "the state does not read back: no snapshot is written");
            }
            Err(error) => return tracing::error!(%log, %error, "the state could not be checked"),
        };
        if let Err(error) = node.store().snapshot(&log, position, bytes).await {
            // The log has everything; the next one may be written.
            tracing::warn!(%log, %error, "no snapshot was written");
        }
    })
}

/// The state in canonical bytes, having made sure that they read back as what they are.
pub(super) fn checked(bytes: &[u8]) -> Result<Option<Vec<u8>>, SnapshotError> {
    let canonical = Session::restore(bytes)?.snapshot();
    let again = Session::restore(&canonical)?.snapshot();
    Ok((again == canonical).then_some(canonical))
}
