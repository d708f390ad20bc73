//! English: what a round came to, for the room.

use crate::text::reveal::Reveal;

/// English.
pub(super) const REVEAL: Reveal = Reveal { title: "What the room says" };
