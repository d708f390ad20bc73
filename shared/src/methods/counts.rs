//! What a round came to for one project, in whole numbers: all that the methods start from.

use serde::{Deserialize, Serialize};

use crate::ids::PillarId;

/// Placement of one project: how many put it where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PileCounts {
    /// Answers that it is off strategy.
    pub off: u32,
    /// Answers for each pillar, sorted by its id; only pillars of the frozen question, and none of them twice. A
    /// pillar that nobody chose may stand here with zero or be missing.
    pub pillars: Vec<(PillarId, u32)>,
    /// Answers *I don't know it*. They are counted beside the piles and are none.
    pub unknown: u32,
}

/// The four questions about one project: how many ticked each. *Tied to the strategy* is asked only where that is
/// contested, and is zero elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimCounts {
    /// Who answered at all.
    pub answered: u32,
    /// Who ticked *it is tied to the strategy*.
    pub strategy: u32,
    /// Who ticked *we would lose revenue without it*.
    pub revenue: u32,
    /// Who ticked *our costs would rise without it*.
    pub expense: u32,
    /// Who ticked *the business needs it now, by law, contract, safety or to operate*.
    pub required: u32,
    /// Who answered and ticked nothing.
    pub none: u32,
}

/// A verdict on one project: how many chose which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictCounts {
    /// Answers that it moves.
    pub move_on: u32,
    /// Answers that it waits.
    pub wait: u32,
    /// Answers that it stops.
    pub stop: u32,
}

/// Dots on one project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DotCounts {
    /// Dots on it.
    pub dots: u32,
    /// People who put at least one on it.
    pub people: u32,
}

/// Answers on a scale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScaleCounts {
    /// How many gave each value: the index is the value, 0 to 5. On a scale from 1 the first stays zero.
    pub counts: [u32; 6],
}
