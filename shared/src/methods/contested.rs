//! In which order the room talks: contested first.

use std::cmp::Ordering;

use crate::{
    methods::{counts::PileCounts, placement::pairs},
    sorted::sort,
};

/// The order of two projects, contested first: S descending, then P ascending; each with the weight of its project.
///
/// With weights w the keys are w·S and then w·(1 − P), both descending, so that among equal splits the dearer project
/// comes first; with equal weights, such as 1, that is S descending and P ascending. A weight of 0 counts as 1. The
/// fractions are compared by multiplying crosswise, in integers, so that every page has the same order; nothing is
/// rounded while a project has fewer than 2^18 answers and weights stay below 2^53, far beyond what a session may hold.
///
/// n = 0 and n = 1: nothing to talk about, after everything else. `Equal` is for the caller to settle, by something
/// that never changes: `contested_first(…).then(a.id.cmp(&b.id))`.
#[must_use]
pub fn contested_first(a: &PileCounts, a_weight: u64, b: &PileCounts, b_weight: u64) -> Ordering {
    let (a_answered, b_answered) = (a.answered(), b.answered());
    if a_answered < 2 || b_answered < 2 {
        return (a_answered < 2).cmp(&(b_answered < 2));
    }
    let a_split = Weighted { part: a.split_part(), whole: a_answered.into(), weight: a_weight };
    let b_split = Weighted { part: b.split_part(), whole: b_answered.into(), weight: b_weight };
    let a_apart = Weighted { part: unequal(a), whole: pairs(a_answered), weight: a_weight };
    let b_apart = Weighted { part: unequal(b), whole: pairs(b_answered), weight: b_weight };
    descending(&a_split, &b_split).then(descending(&a_apart, &b_apart))
}

/// The weights for [`contested_first`] from what projects cost, in their order: the cost in whole units, and, where it is
/// not known, the median of those that are (the lower one of two): what nobody has written down is not therefore cheap.
///
/// From 1 to 2^53. A project that brings money in, or costs less than 1, weighs 1; so do all where no cost is known.
#[must_use]
pub fn cost_weights(costs: &[Option<f64>]) -> Vec<u64> {
    let mut known: Vec<u64> = costs.iter().copied().filter_map(weight).collect();
    sort(&mut known, Ord::cmp);
    let median = known.get(known.len().saturating_sub(1) / 2).copied().unwrap_or(1);
    costs.iter().map(|cost| weight(*cost).unwrap_or(median)).collect()
}

/// A cost as a weight, if it is known.
fn weight(cost: Option<f64>) -> Option<u64> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    cost.filter(|cost| cost.is_finite()).map(|cost| cost.clamp(1.0, MOST) as u64)
}

/// The ordered pairs of people who did not choose the same pile: what 1 − P is of all pairs.
fn unequal(counts: &PileCounts) -> u64 {
    pairs(counts.answered()).saturating_sub(counts.equal_pairs())
}

/// weight · part / whole.
struct Weighted {
    part: u64,
    whole: u64,
    weight: u64,
}

/// The larger one first.
fn descending(a: &Weighted, b: &Weighted) -> Ordering {
    cross(b, a.whole).cmp(&cross(a, b.whole))
}

/// weight · part · the other's whole.
fn cross(of: &Weighted, other_whole: u64) -> u128 {
    (u128::from(of.part) * u128::from(of.weight.max(1))).saturating_mul(other_whole.into())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::PillarId;

    fn room(off: u32, pillars: &[u32]) -> PileCounts {
        let pillars =
            (1..).map(|number| PillarId(Uuid::from_u128(number))).zip(pillars.iter().copied()).collect();
        PileCounts { off, pillars, unknown: 0 }
    }

    /// Where the projects stand in the order, contested first.
    fn order(projects: &[(PileCounts, u64)]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..projects.len()).collect();
        sort(&mut order, |a, b| {
            let ((a_counts, a_weight), (b_counts, b_weight)) = (&projects[*a], &projects[*b]);
            contested_first(a_counts, *a_weight, b_counts, *b_weight).then(a.cmp(b))
        });
        order
    }

    #[test]
    fn what_splits_on_strategy_comes_first_then_what_splits_on_the_pillar() {
        let projects = [
            (room(0, &[12]), 1),
            (room(0, &[4, 4, 4]), 1),
            (room(6, &[6]), 1),
            (room(0, &[6, 6]), 1),
            (room(6, &[3, 3]), 1),
            (room(3, &[9]), 1),
        ];
        assert_eq!(order(&projects), [4, 2, 5, 1, 3, 0]);
    }

    #[test]
    fn below_two_answers_a_project_comes_last_and_ties_stay_for_the_caller() {
        let projects = [(room(0, &[]), 1), (room(1, &[]), 9), (room(2, &[]), 1), (room(0, &[2]), 1)];
        assert_eq!(order(&projects), [2, 3, 0, 1]);
        assert_eq!(contested_first(&projects[2].0, 1, &projects[3].0, 1), Ordering::Equal);
    }

    #[test]
    fn with_weights_the_dearer_of_two_comes_first() {
        let (split, milder) = (room(6, &[6]), room(3, &[9]));
        // S is 1 and ½: the milder one needs more than twice the cost.
        assert_eq!(order(&[(milder.clone(), 2_000_001), (split.clone(), 1_000_000)]), [0, 1]);
        assert_eq!(order(&[(milder.clone(), 1_999_999), (split.clone(), 1_000_000)]), [1, 0]);
        // Where S is nothing, 1 − P is weighed.
        assert_eq!(order(&[(room(0, &[6, 6]), 1), (room(0, &[9, 3]), 1_000)]), [1, 0]);
        assert_eq!(contested_first(&split, 0, &split, 1), Ordering::Equal);
    }

    #[test]
    fn an_unknown_cost_weighs_as_much_as_the_one_in_the_middle() {
        let costs = [Some(10.9), None, Some(4_000.0), Some(-3.0), Some(200.0), None, Some(f64::NAN)];
        assert_eq!(cost_weights(&costs), [10, 10, 4_000, 1, 200, 10, 10]);
        assert_eq!(cost_weights(&[None, None]), [1, 1]);
        assert_eq!(cost_weights(&[Some(0.0), Some(1e300)]), [1, 1 << 53]);
        assert!(cost_weights(&[]).is_empty());
    }

    #[test]
    fn counts_that_no_room_has_do_no_harm() {
        let huge = room(u32::MAX, &[u32::MAX; 24]);
        assert_eq!(contested_first(&huge, u64::MAX, &huge, u64::MAX), Ordering::Equal);
    }
}
