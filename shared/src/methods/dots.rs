//! Dots: which project comes before which.

use crate::{methods::counts::DotCounts, sorted::sort};

/// Where a project comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Where it stands in what was given.
    pub at: usize,
    /// Its rank, from 1.
    pub rank: u32,
    /// Whether another project has the same rank.
    pub tied: bool,
}

/// The projects by their dots, most first, with *competition ranks*: equal dots share a rank, and as many ranks are left
/// out after it (1, 2, 2, 4).
///
/// Ties stay ties: how many people the dots came from is shown beside them and breaks none. Projects that share a rank
/// stay in the order in which they were given. Those without a dot share the last rank. Nothing given: nothing.
#[must_use]
pub fn rank_by_dots(projects: &[DotCounts]) -> Vec<Ranked> {
    let mut order: Vec<usize> = (0..projects.len()).collect();
    sort(&mut order, |a, b| projects[*b].dots.cmp(&projects[*a].dots));
    let mut ranked: Vec<Ranked> = Vec::with_capacity(order.len());
    for (before, at) in (0_u32..).zip(order) {
        match ranked.last_mut() {
            Some(last) if projects[last.at].dots == projects[at].dots => {
                last.tied = true;
                let rank = last.rank;
                ranked.push(Ranked { at, rank, tied: true });
            }
            _ => ranked.push(Ranked { at, rank: before + 1, tied: false }),
        }
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_dots_share_a_rank_whoever_they_came_from() {
        let dots = [(3, 3), (0, 0), (5, 1), (3, 1), (9, 4), (0, 0), (1, 1)];
        let dots = dots.map(|(dots, people)| DotCounts { dots, people });
        let ranked: Vec<(usize, u32, bool)> =
            rank_by_dots(&dots).iter().map(|of| (of.at, of.rank, of.tied)).collect();
        assert_eq!(
            ranked,
            [
                (4, 1, false),
                (2, 2, false),
                (0, 3, true),
                (3, 3, true),
                (6, 5, false),
                (1, 6, true),
                (5, 6, true)
            ]
        );
    }

    #[test]
    fn one_project_is_first_and_none_is_none() {
        assert_eq!(rank_by_dots(&[DotCounts::default()]), [Ranked { at: 0, rank: 1, tied: false }]);
        assert!(rank_by_dots(&[]).is_empty());
    }
}
