//! The running of sessions: their logs, their replicas, who is connected, what goes out when.
//!
//! ```text
//! socket ──frame──▶ inbox ──▶ Session::examine ──▶ append ──▶ Session::apply ──▶ fan-out ──▶ outboxes ──▶ sockets
//! HTTP  ──proposal─▶         (all that has come up)  (one call)  (each entry)    (one merged frame)
//! ```
//!
//! Where several nodes share the store, what others append comes by `following.rs` and is applied in the same place;
//! where one process has it for itself, nothing is read back.
//!
//! One task runs one session; there are no locks in it. It takes what has come up, examines it, appends it in one
//! call, applies it and sends it. Nothing is sent to anyone before it is in the log. While an append is under way the
//! task goes on: what would change the session waits, what only reads does not, so that a full disk stops the saving
//! and nothing else.

mod admission;
mod append;
mod ballots;
mod batch;
mod closes;
mod connection;
mod fan_out;
#[cfg(test)]
mod faults;
mod flags;
mod following;
mod load;
mod node;
#[cfg(test)]
mod nodes;
mod others;
mod outbox;
mod presence;
mod recent;
mod request;
mod room;
mod rules;
mod run;
mod settle;
mod snapshot;
mod trouble;
mod untold;

pub(crate) use admission::admitted;
pub(crate) use batch::commanded;
pub use connection::{ConnectionId, Outgoing};
pub use load::{LoadError, read};
pub use node::{Node, NodeError, SessionHandle};
pub use outbox::Frames;
pub use request::{Connected, Line, Reply};

use std::time::Duration;

/// How many requests wait for a session at most. A socket whose frame finds no place waits, and so does its client.
pub const INBOX: usize = 1_024;

/// How many requests are dealt with in one go, in one append.
pub const BATCH: usize = 512;

/// How many frames wait for a connection at most before it counts as behind.
pub const OUTBOX: usize = 64;

/// How many bytes wait for a connection at most before it counts as behind. One frame that is larger waits alone.
pub const OUTBOX_BYTES: usize = 1024 * 1024;

/// How many answers and questions a connection that is behind may be owed before it is closed.
pub const OWED: usize = 256;

/// How many connections a session takes, walls and second devices included.
pub const CONNECTIONS: usize = 4_000;

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

/// How long flags that were raised wait for their publication, at least: longer than they have to rest.
pub const FLAGS_SOONEST: Duration = Duration::from_secs(15);

/// And at most. When exactly is drawn anew each time, so that the moment says nothing.
pub const FLAGS_LATEST: Duration = Duration::from_secs(45);

/// How long an erasing of ballots that failed waits before it is tried again: a backup that reads may be in the way.
pub const ERASE_AGAIN: Duration = Duration::from_secs(2);

/// How long whoever closes a session waits for its decisions to be in the log, at most, before they are told that it is
/// closed.
pub const LOGGED_WITHIN: Duration = Duration::from_secs(1);

/// How long the records of a close that could not be saved wait before they are tried again.
pub const LOG_AGAIN: Duration = Duration::from_secs(2);

/// After how many entries a snapshot is written.
pub const ENTRIES_PER_SNAPSHOT: u64 = 1_000;

/// How long a session without connections stays in memory.
pub const IDLE: Duration = Duration::from_secs(60);

/// How long whoever asks over HTTP waits for something to be saved, before being told that it was not in time.
pub const SAVED_WITHIN: Duration = Duration::from_secs(5);

/// After how long without use a token of a person lets nobody in any more: as long as a browser keeps the cookie, which is
/// until after the last checkpoint of a session.
pub const TOKEN_IDLE: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// How long ago a token's last use may be noted in the log before it is noted anew.
pub const TOKEN_NOTED: Duration = Duration::from_secs(24 * 60 * 60);

/// How long whoever asks over HTTP waits for a session at all.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// How long the end of a session waits for what is being saved.
pub const LAST_SAVE: Duration = Duration::from_secs(3);

/// The largest state of a session, in bytes of its snapshot: the board (see `limits::BOARD`) and all that is known of it.
pub const STATE: usize = 64 * 1024 * 1024;

/// How often a client is asked again for what its update rests on, before the update is refused.
pub const ASKS_FOR_MORE: u32 = 2;

/// How many frames may still be on their way from a client when it is told of a refusal.
pub const FRAMES_UNDER_WAY: u32 = 240;
