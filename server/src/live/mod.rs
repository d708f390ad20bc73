//! The running of sessions: their logs, their replicas, who is connected, what goes out when.
//!
//! ```text
//! socket ──frame──▶ inbox ──▶ Session::examine ──▶ append ──▶ Session::apply ──▶ fan-out ──▶ outboxes ──▶ sockets
//! HTTP  ──proposal─▶         (all that has come up)  (one call)  (each entry)    (one merged frame)
//! ```
//!
//! One task runs one session; there are no locks in it. It takes what has come up, examines it, appends it in one
//! call, applies it and sends it. Nothing is sent to anyone before it is in the log.

mod append;
mod batch;
mod connection;
mod fan_out;
mod load;
mod node;
mod presence;
mod run;

pub(crate) use batch::commanded;
pub use connection::{Connected, ConnectionId, Outgoing};
pub use node::{Node, NodeError, SessionHandle};
pub use run::{Connect, Proposal, Reply};

use std::time::Duration;

/// How many requests wait for a session at most. A socket whose frame finds no place waits, and so does its client.
pub const INBOX: usize = 1_024;

/// How many requests are dealt with in one go, in one append.
pub const BATCH: usize = 512;

/// How many frames wait for a connection at most before it counts as behind.
pub const OUTBOX: usize = 64;

/// How long a connection may be behind before it is closed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often presence goes out, and who is behind is looked after.
pub const TICK: Duration = Duration::from_millis(50);

/// How often everybody's presence is renewed: unmodified clients forget a silent peer after 30 seconds.
pub const PRESENCE_RENEWAL: Duration = Duration::from_secs(10);

/// What sending one frame to one connection costs, about. The more connections, the longer changes are gathered
/// before they go out, since fewer and larger frames are the only way to serve many.
pub const SEND_COST: Duration = Duration::from_micros(20);

/// The longest time for which changes are gathered.
pub const LONGEST_GATHERING: Duration = Duration::from_millis(50);

/// After how many entries a snapshot is written.
pub const ENTRIES_PER_SNAPSHOT: u64 = 1_000;

/// How long a session without connections stays in memory.
pub const IDLE: Duration = Duration::from_secs(60);

/// How often a client is asked again for what its update rests on, before the update is refused.
pub const ASKS_FOR_MORE: u32 = 2;

/// How many frames may still be on their way from a client when it is told of a refusal.
pub const FRAMES_UNDER_WAY: u32 = 240;
