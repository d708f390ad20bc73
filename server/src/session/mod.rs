//! The fold of a session's log: no I/O, no clock, no chance.

pub mod guard;
