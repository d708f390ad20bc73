//! What is counted, and how: every number that the room, the facilitator or the record sees of answers, once.
//!
//! The counts are integers and stand on the board; everything else is computed from them by who reads it, here. What
//! decides something (agreed or not, which comes first, whether a group may be shown) is decided in integers, so that
//! the server and every page say the same; what is only read is a floating point number. `docs/METHODS.md` lists them.
//!
//! In all of it n are the answers that chose a pile, and *I don't know it* is counted beside them. Counts are counts of
//! people, so that they stay below [`crate::limits::PARTICIPANTS`]; larger ones give no panic.

pub mod alpha;
pub mod breakdown;
pub mod claims;
pub mod confidence;
pub mod contested;
pub mod counts;
pub mod dots;
pub mod placement;
pub mod portfolio;
pub mod same_pillar;
pub mod scale;
mod splitmix;
pub mod verdict;

#[cfg(test)]
mod properties;

pub use alpha::{Interval, alpha, alpha_interval, alpha_misleads};
pub use breakdown::{may_show_counts, may_show_group, shown_groups};
pub use claims::{Checks, HobbyOutcome, hobby_outcome, one_vote_away, waiting_claims};
pub use confidence::{ConfidenceGap, StanceCounts, confidence_gap};
pub use contested::{contested_first, cost_weights};
pub use counts::{ClaimCounts, DotCounts, PileCounts, ScaleCounts, VerdictCounts};
pub use dots::{Ranked, rank_by_dots};
pub use placement::{
    InWords, PileChoice, Thresholds, has_two_camps, is_agreed, is_contested, is_mostly_unknown, modal_pile,
    modal_piles, modal_share, pairwise_agreement, split, unknown_share,
};
pub use portfolio::{MeanAgreement, Share, StrategyShare, Weighed, mean_agreement, strategy_share};
pub use same_pillar::{Known, plain, same_pillars, same_projects};
pub use scale::{Quartiles, Scale, consensus, mean, quartiles, shares};
pub use verdict::room_verdict;

/// `part` of `whole`, or nothing of nothing.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
