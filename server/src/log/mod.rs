//! What a session came to, for those who were not in the room.

pub mod export;
