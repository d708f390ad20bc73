//! The fold, from outside: the same state from the same log, whoever folds it; and the forms in which logs and
//! snapshots are kept for ever.
#![allow(clippy::unwrap_used, clippy::panic)]

mod cost;
mod forms;
mod plans;
