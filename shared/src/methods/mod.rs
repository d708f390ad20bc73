//! What is counted, and how: every number that the room, the facilitator or the record sees of answers, once.
//!
//! The counts are integers and stand on the board; everything else is computed from them by who reads it, here.

pub mod counts;

pub use counts::{ClaimCounts, DotCounts, PileCounts, ScaleCounts, VerdictCounts};
