//! How the replica stands with the server.

/// The connection, as far as the replica knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The socket is not open yet, or open and not synced.
    Connecting,
    /// Synced: changes go both ways.
    Live,
    /// The socket is gone. Changes are kept; open it again.
    Offline,
    /// The server has said no for good. Do not open it again; show the sentence of
    /// `plumbline_shared::wire::CloseCode` with this number.
    Refused {
        /// The close code.
        code: u16,
    },
}

/// What a page shows of saving and connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The connection.
    pub connection: Connection,
    /// Changes of one's own that this connection has not carried yet.
    pub unsent: usize,
    /// Changes of one's own that are not confirmed durable; the unsent ones included. Saved is: this is 0.
    pub unsaved: usize,
    /// Typed messages without an answer.
    pub unanswered: usize,
    /// Whether the board has arrived once. Before that there is nothing to show and nothing can be done.
    pub synced: bool,
    /// Whether the oldest unconfirmed change was sent more than [`crate::SAVED_WITHIN_MS`] ago.
    pub late: bool,
}
