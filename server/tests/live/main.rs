//! Running sessions from outside: the same server that the binary starts, on a port of its own, with real sockets.
#![allow(clippy::unwrap_used, clippy::panic)]

mod ballots;
mod client;
mod decisions;
mod disk;
mod endings;
mod flags;
mod http;
mod messages;
mod presence;
mod refusals;
mod saving;
mod simulated;
mod slow;
mod stage;
mod voiding;
