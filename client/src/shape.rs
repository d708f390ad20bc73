//! The shape of a portfolio: projects, cost and people on each pillar, off strategy and unsorted, and how far the
//! figures are known.

use plumbline_shared::{
    board::{Pile, Project},
    ids::PillarId,
};

/// What lies on one pile.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Heap {
    /// Projects.
    pub(crate) projects: usize,
    /// The known costs together, in whole units of the session's currency.
    pub(crate) cost: f64,
    /// Projects whose cost is known.
    pub(crate) cost_known: usize,
    /// The known numbers of people together.
    pub(crate) people: f64,
    /// Projects whose number of people is known.
    pub(crate) people_known: usize,
}

impl Heap {
    /// Puts one project onto the heap.
    pub(crate) fn add(&mut self, project: &Project) {
        self.projects += 1;
        if let Some(cost) = project.cost {
            // A gain stands in some portfolios as a negative cost; it takes no room in a share of the spending.
            self.cost += cost.max(0.0);
            self.cost_known += 1;
        }
        if let Some(people) = project.people {
            self.people += people;
            self.people_known += 1;
        }
    }

    fn and(mut self, other: &Self) -> Self {
        self.projects += other.projects;
        self.cost += other.cost;
        self.cost_known += other.cost_known;
        self.people += other.people;
        self.people_known += other.people_known;
        self
    }

    /// The heap's amount of `measure`.
    #[allow(clippy::cast_precision_loss, reason = "a board has at most a thousand projects")]
    pub(crate) fn amount(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Projects => self.projects as f64,
            Measure::Cost => self.cost,
            Measure::People => self.people,
        }
    }

    /// Projects for which `measure` is known.
    pub(crate) fn known(&self, measure: Measure) -> usize {
        match measure {
            Measure::Projects => self.projects,
            Measure::Cost => self.cost_known,
            Measure::People => self.people_known,
        }
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The number of projects.
    Projects,
    /// What they cost.
    Cost,
    /// How many people work on them.
    People,
}

/// The shape of a portfolio.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// The pillars, in their order.
    pub(crate) pillars: Vec<(PillarId, Heap)>,
    /// Off strategy.
    pub(crate) off: Heap,
    /// Unsorted.
    pub(crate) unsorted: Heap,
}

impl Shape {
    /// The shape of `cards` over `pillars`.
    pub(crate) fn of<'a>(
        pillars: impl IntoIterator<Item = PillarId>,
        cards: impl IntoIterator<Item = (Pile, &'a Project)>,
    ) -> Self {
        let mut shape = Self {
            pillars: pillars.into_iter().map(|id| (id, Heap::default())).collect(),
            ..Self::default()
        };
        for (pile, project) in cards {
            let heap = match pile {
                Pile::Pillar(id) => {
                    shape.pillars.iter_mut().find(|(other, _)| *other == id).map(|(_, heap)| heap)
                }
                Pile::Off => Some(&mut shape.off),
                Pile::Unsorted => None,
            };
            heap.unwrap_or(&mut shape.unsorted).add(project);
        }
        shape
    }

    /// What lies on one pile.
    pub(crate) fn heap(&self, pile: Pile) -> Heap {
        match pile {
            Pile::Unsorted => self.unsorted,
            Pile::Off => self.off,
            Pile::Pillar(id) => {
                self.pillars.iter().find(|(other, _)| *other == id).map(|(_, heap)| *heap).unwrap_or_default()
            }
        }
    }

    /// What stands on any pillar.
    pub(crate) fn on_pillars(&self) -> Heap {
        self.pillars.iter().fold(Heap::default(), |sum, (_, heap)| sum.and(heap))
    }

    /// Everything.
    pub(crate) fn all(&self) -> Heap {
        self.on_pillars().and(&self.off).and(&self.unsorted)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_project_counts_once_and_unknown_figures_count_as_unknown() {
        let pillar: PillarId = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f".parse().unwrap();
        let gone: PillarId = "0192f0c4-7b1e-7cc3-98c4-dc0c0c073990".parse().unwrap();
        let dear = Project { cost: Some(9.0), ..Project::default() };
        let gain = Project { cost: Some(-4.0), people: Some(2.0), ..Project::default() };
        let dark = Project::default();
        let shape = Shape::of(
            [pillar],
            [
                (Pile::Pillar(pillar), &dear),
                (Pile::Off, &gain),
                (Pile::Pillar(gone), &dark),
                (Pile::Unsorted, &dark),
            ],
        );
        assert_eq!(shape.on_pillars().projects, 1);
        assert_eq!(shape.unsorted.projects, 2);
        let all = shape.all();
        assert_eq!((all.projects, all.cost_known, all.people_known), (4, 2, 1));
        assert!((all.amount(Measure::Cost) - 9.0).abs() < f64::EPSILON);
    }
}
