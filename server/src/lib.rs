//! Plumbline's server: a session's log and its fold, the running of sessions, and the web around them.

pub mod agenda;
pub mod cli;
mod clock;
pub mod codes;
pub mod import;
pub mod live;
pub mod log;
pub mod metrics;
pub mod server;
pub mod session;
pub mod simulate;
pub mod store;
pub mod tokens;
pub mod web;
pub mod webhooks;
pub mod workspace;
