//! What a round came to, for the room.

/// What a round came to, for the room.
pub(crate) struct Reveal {
    pub(crate) title: &'static str,
}
