//! What is read out of the counts of a round: the lists and outcomes that every page, the wall and the record tell alike.
//!
//! The numbers are those of [`crate::methods`]; here they are asked of whole rounds, against what stands on the board.

use std::collections::BTreeMap;

use crate::{
    answer::Item,
    board::{Board, Pile, Project},
    ids::{PillarId, ProjectId},
    methods::{
        Checks, ClaimCounts, HobbyOutcome, PileChoice, PileCounts, Ranked, Thresholds, Weighed,
        contested_first, cost_weights, has_two_camps, hobby_outcome, is_agreed, is_contested,
        is_mostly_unknown, modal_pile, one_vote_away, rank_by_dots, waiting_claims,
    },
    results::{Counts, Round, StepResults},
    sorted::sort,
    words::{Claim, Question},
};

/// A round of sorting, as it is told in three beats.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sorting {
    /// The first beat: how many projects the room puts on each pillar, in the order in which they were asked.
    pub pillars: Vec<(PillarId, u32)>,
    /// How many it puts on none.
    pub off: u32,
    /// How many lie between piles that are equally full.
    pub tied: u32,
    /// How many nobody who answered knows.
    pub unknown: u32,
    /// How many have too few answers to be shown.
    pub few: u32,
    /// The second beat: what the room agrees on, pile by pile, *off strategy* first.
    pub agreed: Vec<(ProjectId, PileChoice)>,
    /// The third: where it splits, contested first.
    pub contested: Vec<ProjectId>,
    /// What half of the room or more does not know; these are among the others, too.
    pub dim: Vec<ProjectId>,
}

impl Sorting {
    /// Reads a round of sorting; none before its reveal. Of what has been taken off the board since it says nothing.
    ///
    /// `by_cost` weighs the contested ones by what they cost.
    #[must_use]
    pub fn of(round: &Round, projects: &BTreeMap<ProjectId, Project>, by_cost: bool) -> Option<Self> {
        let tally = round.tally.as_ref().filter(|_| round.question == Question::Placement)?;
        let thresholds = Thresholds::default();
        let mut read =
            Self { pillars: round.pillars.iter().map(|pillar| (*pillar, 0)).collect(), ..Self::default() };
        let mut contested = Vec::new();
        for (item, of) in round.items.iter().zip(&tally.items) {
            let Some((id, project)) = item.as_project().and_then(|id| projects.get_key_value(&id)) else {
                continue;
            };
            let Some(Counts::Placement(counts)) = &of.counts else {
                read.few += 1;
                continue;
            };
            match modal_pile(counts) {
                Some(PileChoice::Off) => read.off += 1,
                Some(PileChoice::Pillar(pillar)) => {
                    match read.pillars.iter_mut().find(|(known, _)| *known == pillar) {
                        Some((_, count)) => *count += 1,
                        None => read.pillars.push((pillar, 1)),
                    }
                }
                None if counts.answered() == 0 => read.unknown += 1,
                None => read.tied += 1,
            }
            if is_mostly_unknown(counts) {
                read.dim.push(*id);
            }
            if is_contested(counts, &thresholds) {
                contested.push((*id, counts, project.cost.filter(|_| by_cost)));
            } else if let Some(pile) = modal_pile(counts).filter(|_| is_agreed(counts, &thresholds)) {
                read.agreed.push((*id, pile));
            }
        }
        let costs: Vec<Option<f64>> = contested.iter().map(|(_, _, cost)| *cost).collect();
        let mut weighed: Vec<_> = contested.into_iter().zip(cost_weights(&costs)).collect();
        sort(&mut weighed, |((a, a_counts, _), a_weight), ((b, b_counts, _), b_weight)| {
            contested_first(a_counts, *a_weight, b_counts, *b_weight).then(a.cmp(b))
        });
        read.contested = weighed.into_iter().map(|((id, ..), _)| id).collect();
        let place = |pile: PileChoice| match pile {
            PileChoice::Off => 0,
            PileChoice::Pillar(pillar) => {
                1 + round.pillars.iter().position(|known| *known == pillar).unwrap_or(round.pillars.len())
            }
        };
        sort(&mut read.agreed, |(a, on), (b, other)| (place(*on), a).cmp(&(place(*other), b)));
        Some(read)
    }

    /// How many projects most of the room puts on one and the same pillar.
    #[must_use]
    pub fn on_pillars(&self) -> u32 {
        self.pillars.iter().fold(0, |sum, (_, count)| sum + count)
    }

    /// How many projects there are.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.on_pillars() + self.off + self.tied + self.unknown + self.few
    }

    /// What the room agrees on, as far as the pile still stands on the board.
    #[must_use]
    pub fn agreed_piles(&self, board: &Board) -> Vec<(ProjectId, Pile)> {
        let stands = |pile: Pile| match pile {
            Pile::Pillar(pillar) => board.pillars.iter().any(|known| known.id == pillar),
            Pile::Off | Pile::Unsorted => true,
        };
        let agreed = self.agreed.iter().map(|(id, choice)| (*id, as_pile(*choice)));
        agreed.filter(|(_, pile)| stands(*pile)).collect()
    }

    /// What of that does not lie there yet: what placing all that is agreed places.
    #[must_use]
    pub fn to_place(&self, board: &Board) -> Vec<(ProjectId, Pile)> {
        let mut agreed = self.agreed_piles(board);
        agreed.retain(|(id, pile)| board.pile(*id) != *pile);
        agreed
    }
}

/// The pile of the board that was chosen.
#[must_use]
pub fn as_pile(choice: PileChoice) -> Pile {
    match choice {
        PileChoice::Off => Pile::Off,
        PileChoice::Pillar(pillar) => Pile::Pillar(pillar),
    }
}

/// The pile that a project lies on, as one that can be chosen; none where it is unsorted.
fn as_choice(pile: Pile) -> Option<PileChoice> {
    match pile {
        Pile::Unsorted => None,
        Pile::Off => Some(PileChoice::Off),
        Pile::Pillar(pillar) => Some(PileChoice::Pillar(pillar)),
    }
}

/// How a project was sorted in that round; none where that is not told.
#[must_use]
pub fn placed<'a>(round: &'a Round, item: &Item) -> Option<&'a PileCounts> {
    match &round.of(item)?.counts {
        Some(Counts::Placement(counts)) => Some(counts),
        _ => None,
    }
}

/// What was told of every project of a round of sorting, for what is said of the whole board.
#[must_use]
pub fn told(round: &Round) -> Vec<PileCounts> {
    let items = round.tally.iter().flat_map(|tally| &tally.items);
    items
        .filter_map(|of| match &of.counts {
            Some(Counts::Placement(counts)) => Some(counts.clone()),
            _ => None,
        })
        .collect()
}

/// The projects of a round of sorting with what they weigh: where the room puts them, and where they lie on the board.
#[must_use]
pub fn weighed(round: &Round, board: &Board) -> Vec<Weighed> {
    let project = |item: &Item| {
        let id = item.as_project()?;
        let project = board.projects.get(&id)?;
        Some(Weighed {
            before: placed(round, item).and_then(modal_pile),
            after: as_choice(board.pile(id)),
            cost: project.cost,
            people: project.people,
        })
    };
    round.items.iter().filter_map(project).collect()
}

/// The piles for which a heat map has a column, *off strategy* first, and whether a last column sums up what has none.
///
/// Only pillars that somebody chose, in the order in which they were asked; of more than `most` those with the most
/// answers.
#[must_use]
pub fn columns(round: &Round, most: usize) -> (Vec<PillarId>, bool) {
    let told = told(round);
    let mut sums: Vec<(usize, PillarId, u32)> = Vec::new();
    for (at, pillar) in round.pillars.iter().enumerate() {
        let sum = told.iter().fold(0, |sum: u32, counts| sum.saturating_add(on(counts, *pillar)));
        if sum > 0 {
            sums.push((at, *pillar, sum));
        }
    }
    let rest = sums.len() > most;
    if rest {
        sort(&mut sums, |a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
        sums.truncate(most);
        sort(&mut sums, |a, b| a.0.cmp(&b.0));
    }
    (sums.into_iter().map(|(_, pillar, _)| pillar).collect(), rest)
}

/// How many put it on this pillar.
#[must_use]
pub fn on(counts: &PileCounts, pillar: PillarId) -> u32 {
    counts.pillars.iter().find(|(known, _)| *known == pillar).map_or(0, |(_, count)| *count)
}

/// What stands beside a project's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Two piles have a good third of the room each.
    pub two_camps: bool,
    /// Half of the room or more does not know it.
    pub dim: bool,
}

impl Signs {
    /// Of these counts.
    #[must_use]
    pub fn of(counts: &PileCounts) -> Self {
        Self { two_camps: has_two_camps(counts), dim: is_mostly_unknown(counts) }
    }
}

/// What two rounds of one step differ in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// What was told otherwise in the second, what shifted most first.
    pub changed: Vec<Item>,
    /// How many were told alike in both.
    pub same: usize,
    /// How many stand in one of the two only, or were not told in one.
    pub alone: usize,
}

impl Beside {
    /// Compares two rounds of the same question.
    #[must_use]
    pub fn of(first: &Round, second: &Round) -> Self {
        let mut beside = Self::default();
        let mut changed = Vec::new();
        for item in &second.items {
            let counts = |round: &Round| round.of(item).and_then(|of| of.counts.clone());
            match (counts(first), counts(second)) {
                (Some(before), Some(after)) if before == after => beside.same += 1,
                (Some(before), Some(after)) => changed.push((shift(&before, &after), item.clone())),
                _ => beside.alone += 1,
            }
        }
        beside.alone += first.items.iter().filter(|item| !second.items.contains(item)).count();
        // What shifted as much stays in the order in which it was asked.
        sort(&mut changed, |a, b| b.0.cmp(&a.0));
        beside.changed = changed.into_iter().map(|(_, item)| item).collect();
        beside
    }
}

/// How many answers more something got: as many as have come to it, whoever they are from.
fn shift(before: &Counts, after: &Counts) -> u32 {
    let more = |pairs: &[(u32, u32)]| pairs.iter().fold(0, |sum, (a, b)| sum + b.saturating_sub(*a));
    match (before, after) {
        (Counts::Placement(a), Counts::Placement(b)) => {
            let mut pairs = vec![(a.off, b.off), (a.unknown, b.unknown)];
            pairs.extend(b.pillars.iter().map(|(pillar, count)| (on(a, *pillar), *count)));
            more(&pairs)
        }
        (Counts::Hobby(a, _), Counts::Hobby(b, _)) => more(&[
            (a.strategy, b.strategy),
            (a.revenue, b.revenue),
            (a.expense, b.expense),
            (a.required, b.required),
            (a.none, b.none),
        ]),
        (Counts::Verdict(a), Counts::Verdict(b)) => {
            more(&[(a.move_on, b.move_on), (a.wait, b.wait), (a.stop, b.stop)])
        }
        (Counts::Dots(a), Counts::Dots(b)) => a.dots.abs_diff(b.dots),
        (Counts::Scale(a), Counts::Scale(b)) => {
            let pairs: Vec<(u32, u32)> = a.counts.into_iter().zip(b.counts).collect();
            more(&pairs)
        }
        _ => 0,
    }
}

/// What the four questions came to for one project.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// How many ticked what.
    pub counts: ClaimCounts,
    /// What that makes it.
    pub outcome: HobbyOutcome,
    /// Whether one changed answer would make it something else.
    pub one_vote_away: bool,
    /// The claims that wait to be checked.
    pub waiting: Vec<Claim>,
    /// What was checked, and came to what.
    pub checks: Checks,
    /// Where what was claimed can be checked, by those who claim it.
    pub sources: Vec<(Claim, String)>,
}

/// What the four questions came to for a project in that round of a step; none where that is not told.
#[must_use]
pub fn tested(results: &StepResults, round: &Round, item: &Item) -> Option<Tested> {
    let of = round.of(item)?;
    let Some(Counts::Hobby(counts, sources)) = &of.counts else { return None };
    let said = |claim: Claim| {
        let check = |check: &&crate::results::Check| check.item == *item && check.claim == claim;
        results.checks.iter().rev().find(check).map(|check| check.stands)
    };
    let checks = Checks { revenue: said(Claim::Revenue), required: said(Claim::Required) };
    Some(Tested {
        counts: counts.clone(),
        outcome: hobby_outcome(counts, of.eligible, &checks),
        one_vote_away: one_vote_away(counts, of.eligible, &checks),
        waiting: waiting_claims(counts, &checks),
        checks,
        sources: sources.clone(),
    })
}

/// The items of a round of dots by rank, with their rank; those that are not told are left out.
#[must_use]
pub fn ranking(round: &Round) -> Vec<(Item, Ranked)> {
    let (mut items, mut dots) = (Vec::new(), Vec::new());
    for item in &round.items {
        if let Some(Counts::Dots(counts)) = round.of(item).and_then(|of| of.counts.as_ref()) {
            items.push(item);
            dots.push(counts.clone());
        }
    }
    rank_by_dots(&dots).into_iter().map(|ranked| (items[ranked.at].clone(), ranked)).collect()
}

#[cfg(test)]
mod tests;
