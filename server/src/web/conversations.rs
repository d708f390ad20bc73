//! The sockets that are open: a server that stops waits until each has been told.

use tokio::sync::watch;

/// How many sockets are open.
#[derive(Debug)]
pub struct Conversations(watch::Sender<usize>);

/// One open socket, until it is dropped.
#[derive(Debug)]
pub struct Conversation(watch::Sender<usize>);

impl Default for Conversations {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Conversations {
    /// One begins.
    #[must_use]
    pub fn begin(&self) -> Conversation {
        self.0.send_modify(|open| *open += 1);
        Conversation(self.0.clone())
    }

    /// Waits until there are none.
    pub async fn ended(&self) {
        // The sender is here, so that the channel does not close.
        let _ = self.0.subscribe().wait_for(|open| *open == 0).await;
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}
