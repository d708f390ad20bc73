//! The client's side of a board, without pages, without I/O and without a clock: the page feeds what arrives and the
//! time, and sends what comes out.
//!
//! ```text
//! page ── act ──▶ Replica ──▶ document (shown at once) ──▶ outgoing ──▶ socket
//!                    │                                                    │
//!                    └──▶ outbox: intents, until the server has them  ◀── receive: updates, saved, denied
//! ```
//!
//! The outbox holds intents, not updates: when a frame is refused, the document is dropped, synced anew under a new
//! client id, and what was meant is done again without the one that was refused.

mod bytes;
mod carry;
mod denied;
mod document;
mod event;
mod exchange;
mod fate;
mod intent;
mod kept;
mod keys;
mod link;
mod meaning;
mod mix;
mod others;
mod outbox;
mod replica;
mod rules;
mod site;
mod status;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod typed;
mod write;

pub use denied::Denied;
pub use document::UNDO_STEPS;
pub use event::Event;
pub use intent::{Intent, IntentId, Splice, Value};
pub use outbox::{OUTBOX_BYTES, OUTBOX_COMMANDS, OUTBOX_INTENTS, Outbox};
pub use replica::{Options, Progress, Replica, SAVED_WITHIN_MS};
pub use status::{Connection, Status};
pub use typed::command as command_as_json;
