//! The whole portfolio: how much of it is on the strategy, and how far the room agreed on that.

use crate::methods::{
    counts::PileCounts,
    placement::{PileChoice, pairwise_agreement},
};

/// A project with what it weighs, and where it stood before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weighed {
    /// The room's own choice: the [modal pile](super::modal_pile) of the sort. None where there is none.
    pub before: Option<PileChoice>,
    /// Where it stands now. None where it is unsorted.
    pub after: Option<PileChoice>,
    /// What it costs, if that is known.
    pub cost: Option<f64>,
    /// How many people work on it, if that is known.
    pub people: Option<f64>,
}

/// How much of a sum is on a pillar, and of how many projects the sum is known: "cost known for 49 of 63".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    /// The sum on a pillar before.
    pub on_before: f64,
    /// The sum on a pillar after.
    pub on_after: f64,
    /// The sum of all projects of which it is known.
    pub all: f64,
    /// Projects of which it is known.
    pub known: u32,
    /// Projects.
    pub of: u32,
}

impl Share {
    /// The share on a pillar before, from 0 to 1; none where there is nothing to share.
    #[must_use]
    pub fn before(&self) -> Option<f64> {
        (self.all > 0.0).then(|| self.on_before / self.all)
    }

    /// The share on a pillar after, from 0 to 1; none where there is nothing to share.
    #[must_use]
    pub fn after(&self) -> Option<f64> {
        (self.all > 0.0).then(|| self.on_after / self.all)
    }

    fn add(&mut self, project: &Weighed, amount: Option<f64>) {
        self.of += 1;
        // What brings money in costs nothing: with negative amounts a share could leave 0 to 1.
        let Some(amount) = amount.filter(|amount| amount.is_finite()).map(|amount| amount.max(0.0)) else {
            return;
        };
        self.known += 1;
        self.all += amount;
        if is_on_a_pillar(project.before) {
            self.on_before += amount;
        }
        if is_on_a_pillar(project.after) {
            self.on_after += amount;
        }
    }
}

/// The strategy share of a portfolio.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyShare {
    /// Counted in projects, each of which is known.
    pub projects: Share,
    /// Counted in cost.
    pub cost: Share,
    /// Counted in people.
    pub people: Share,
}

/// The strategy share: projects, their cost and their people on a pillar, over all; before and after, each over the same
/// projects and with how many of them are known.
///
/// Shares are from 0 to 1. A project without a pile, be it a tie, unanswered or unsorted, is on no pillar and counts in
/// *all*. A figure below 0 counts as 0 and as known. No projects, or all figures 0 or unknown: no share. Plumbline's own.
#[must_use]
pub fn strategy_share(projects: &[Weighed]) -> StrategyShare {
    let mut share = StrategyShare::default();
    for project in projects {
        share.projects.add(project, Some(1.0));
        share.cost.add(project, project.cost);
        share.people.add(project, project.people);
    }
    share
}

/// The mean pairwise agreement of a board.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanAgreement {
    /// P̄.
    pub mean: f64,
    /// Projects that went into it: those that two or more have put on a pile.
    pub projects: u32,
}

/// P̄: the mean of [P](pairwise_agreement) over the projects with n ≥ 2, each project alike.
///
/// From 0 to 1. With the same number of answers everywhere it is the P̄ of Fleiss (1971). No project with two answers:
/// none.
#[must_use]
pub fn mean_agreement(board: &[PileCounts]) -> Option<MeanAgreement> {
    let (mut sum, mut projects) = (0.0, 0);
    for agreement in board.iter().filter_map(pairwise_agreement) {
        sum += agreement;
        projects += 1;
    }
    (projects > 0).then(|| MeanAgreement { mean: sum / f64::from(projects), projects })
}

fn is_on_a_pillar(pile: Option<PileChoice>) -> bool {
    matches!(pile, Some(PileChoice::Pillar(_)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;
    use crate::ids::PillarId;

    const CORE: PileChoice = PileChoice::Pillar(PillarId(Uuid::from_u128(1)));

    fn project(
        before: Option<PileChoice>,
        after: Option<PileChoice>,
        cost: Option<f64>,
        people: Option<f64>,
    ) -> Weighed {
        Weighed { before, after, cost, people }
    }

    #[test]
    fn the_share_says_of_how_many_projects_it_knows() {
        let share = strategy_share(&[
            project(Some(CORE), Some(CORE), Some(300.0), Some(4.0)),
            project(Some(PileChoice::Off), Some(CORE), Some(100.0), None),
            project(None, Some(PileChoice::Off), Some(600.0), Some(1.0)),
            project(Some(CORE), None, None, Some(3.0)),
        ]);
        assert_eq!((share.projects.before(), share.projects.after()), (Some(0.5), Some(0.5)));
        assert_eq!((share.projects.known, share.projects.of), (4, 4));
        assert_eq!((share.cost.before(), share.cost.after()), (Some(0.3), Some(0.4)));
        assert_eq!((share.cost.known, share.cost.of), (3, 4));
        assert_eq!((share.people.before(), share.people.after()), (Some(0.875), Some(0.5)));
        assert_eq!((share.people.known, share.people.of), (3, 4));
    }

    #[test]
    fn nothing_to_share_is_no_share() {
        let nothing = strategy_share(&[]);
        assert_eq!((nothing.projects.before(), nothing.projects.of), (None, 0));
        let unknown = strategy_share(&[project(Some(CORE), None, None, Some(f64::NAN))]);
        assert_eq!((unknown.cost.before(), unknown.cost.known), (None, 0));
        assert_eq!((unknown.people.after(), unknown.people.known), (None, 0));
        assert_eq!(strategy_share(&[project(Some(CORE), None, Some(0.0), None)]).cost.before(), None);
    }

    #[test]
    fn what_brings_money_in_does_not_make_the_others_look_dear() {
        let share = strategy_share(&[
            project(Some(CORE), Some(CORE), Some(-900.0), None),
            project(Some(PileChoice::Off), Some(PileChoice::Off), Some(100.0), None),
            project(Some(CORE), Some(CORE), Some(100.0), None),
        ]);
        assert_eq!((share.cost.before(), share.cost.known), (Some(0.5), 3));
    }

    #[test]
    fn the_mean_agreement_leaves_out_what_one_person_said() {
        let room = |off, on| PileCounts { off, pillars: vec![(PillarId::default(), on)], unknown: 0 };
        let mean = mean_agreement(&[room(2, 0), room(1, 1), room(1, 0), room(0, 0), room(2, 1)]).unwrap();
        assert!((mean.mean - (1.0 + 0.0 + 1.0 / 3.0) / 3.0).abs() < 1e-12);
        assert_eq!(mean.projects, 3);
        assert_eq!(mean_agreement(&[room(1, 0)]), None);
        assert_eq!(mean_agreement(&[]), None);
    }

    #[test]
    fn the_mean_agreement_is_that_of_a_published_table() {
        // The usual worked example of Fleiss' kappa: 14 raters, 10 subjects, 5 categories, with P and P̄ = 0.378.
        let table = [
            ([0, 0, 0, 0, 14], 1.000),
            ([0, 2, 6, 4, 2], 0.253),
            ([0, 0, 3, 5, 6], 0.308),
            ([0, 3, 9, 2, 0], 0.440),
            ([2, 2, 8, 1, 1], 0.330),
            ([7, 7, 0, 0, 0], 0.462),
            ([3, 2, 6, 3, 0], 0.242),
            ([2, 5, 3, 2, 2], 0.176),
            ([6, 5, 2, 1, 0], 0.286),
            ([0, 2, 2, 3, 7], 0.286),
        ];
        let board = table.map(|([off, rest @ ..], published)| {
            let pillars = (1..).map(|id| PillarId(Uuid::from_u128(id))).zip(rest).collect();
            let counts = PileCounts { off, pillars, unknown: 0 };
            assert!((pairwise_agreement(&counts).unwrap() - published).abs() < 5e-4, "{counts:?}");
            counts
        });
        assert!((mean_agreement(&board).unwrap().mean - 0.378).abs() < 5e-4);
    }
}
