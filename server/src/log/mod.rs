//! What leaves the room: the decision log, and the files of it and of a session.

pub mod chain;
pub mod decisions;
pub mod export;
pub mod record;
pub mod sight;
pub(crate) mod words;
