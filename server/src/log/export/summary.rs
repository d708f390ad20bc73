//! What the portfolio comes to, pile by pile.

use plumbline_shared::words::Verdict;
use serde::Serialize;

use super::amount::Amount;
use super::record::{PillarLine, Row, RowPile};

/// A sum, and how much of the portfolio it rests on: a sum of few known costs looks like a small cost.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Sum {
    /// The sum of what is known.
    pub sum: Amount,
    /// Of how many projects it is known.
    pub known: usize,
}

impl Sum {
    pub(super) fn of(values: impl Iterator<Item = Option<Amount>>) -> Self {
        let known: Vec<Amount> = values.flatten().collect();
        Self { sum: known.iter().copied().sum(), known: known.len() }
    }
}

/// The sums of one pile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PileSum {
    /// The pillar's name, or what the pile is called.
    pub name: String,
    /// Which pile it is.
    pub pile: RowPile,
    /// How many projects lie there.
    pub projects: usize,
    /// What they cost.
    pub cost: Sum,
    /// How many people work on them.
    pub people: Sum,
}

/// The sums of all piles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Each pillar in its order, those without projects included, then off strategy, then unsorted.
    pub piles: Vec<PileSum>,
    /// How many projects there are.
    pub projects: usize,
    /// What all cost.
    pub cost: Sum,
    /// How many people work on all.
    pub people: Sum,
    /// How many projects have each verdict, then how many have none.
    pub verdicts: Vec<VerdictCount>,
}

/// How many projects have a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VerdictCount {
    /// Which; `null` for those without one.
    pub verdict: Option<Verdict>,
    /// How many.
    pub projects: usize,
}

impl VerdictCount {
    /// The verdict's word.
    pub fn name(&self) -> &'static str {
        self.verdict.map_or("none yet", Verdict::as_str)
    }
}

impl Summary {
    pub(super) fn of(pillars: &[PillarLine], rows: &[Row]) -> Self {
        let piles = (0..pillars.len())
            .map(RowPile::Pillar)
            .chain([RowPile::Off, RowPile::Unsorted])
            .map(|pile| {
                let inside = || rows.iter().filter(|row| row.pile == pile);
                PileSum {
                    name: pile.name(pillars).to_owned(),
                    pile,
                    projects: inside().count(),
                    cost: Sum::of(inside().map(|row| row.cost)),
                    people: Sum::of(inside().map(|row| row.people)),
                }
            })
            .collect();
        Self {
            piles,
            projects: rows.len(),
            cost: Sum::of(rows.iter().map(|row| row.cost)),
            people: Sum::of(rows.iter().map(|row| row.people)),
            verdicts: Verdict::ALL
                .iter()
                .map(|verdict| Some(*verdict))
                .chain([None])
                .map(|verdict| VerdictCount {
                    verdict,
                    projects: rows.iter().filter(|row| row.verdict == verdict).count(),
                })
                .collect(),
        }
    }
}
