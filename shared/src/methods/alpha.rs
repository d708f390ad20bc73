//! Krippendorff's α of a whole board: agreement beyond what chance would give.

use crate::{
    ids::PillarId,
    methods::{counts::PileCounts, portfolio::mean_agreement, splitmix::SplitMix64},
    sorted::sort,
};

/// How often the board is drawn anew for the interval.
const DRAWS: usize = 1_000;
/// Of so many draws, this many are left out at either end: 2.5 %.
const CUT_PER_THOUSAND: usize = 25;
/// The seed of the draws: fixed, so that everybody sees the same interval.
const SEED: u64 = 0x504c_554d_424c_494e;
/// Below this α does not even allow tentative conclusions (Krippendorff, *Content Analysis*, 2004, section 11.4.2).
const LOW: f64 = 0.667;
/// From this mean pairwise agreement on, most people agree on most projects.
const MOST_AGREE: f64 = 0.75;

/// An interval, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Krippendorff's α for nominal data, over the projects that two or more have put on a pile:
///
/// α = 1 − (N−1) · Σ_u [Σ_{c<d} n_uc n_ud / (m_u−1)] / Σ_{c<d} n_c n_d
///
/// with n_uc the answers for pile c on project u, m_u their sum over c, n_c their sum over u, and N the sum of all. People
/// need not have answered everything; *I don't know it* is a missing answer. Source: Krippendorff (2011), *Computing
/// Krippendorff's Alpha-Reliability*, section C (nominal data, any number of observers, missing data).
///
/// At most 1, where all agree on each project; 0 is what chance would give; below 0 people disagree more than by chance.
/// None where there is nothing to tell apart: no project with two answers, or all answers in one pile.
#[must_use]
pub fn alpha(board: &[PileCounts]) -> Option<f64> {
    let units = Units::of(board);
    let (mut pooled, mut disagreement) = (vec![0; units.piles], 0.0);
    for unit in 0..units.len() {
        units.add(unit, &mut pooled, &mut disagreement);
    }
    of_sums(&pooled, disagreement)
}

/// Where α lies in 95 of 100 boards like this one: the bootstrap's percentile interval.
///
/// From as many projects as there are, with answers of two or more, as many are drawn with replacement, 1,000 times, by
/// SplitMix64 from a fixed seed; α is computed of each draw. The ends are the values of which 2.5 % of the draws lie
/// below, or above. Draws in which α is undefined are left out. Source: Efron & Tibshirani (1993), *An Introduction to the
/// Bootstrap*, chapter 13. It says how far the number depends on which projects happened to be on the board, not how
/// far on who was in the room.
///
/// Within the range of α. None with fewer than two such projects, or where α is undefined.
#[must_use]
pub fn alpha_interval(board: &[PileCounts]) -> Option<Interval> {
    let units = Units::of(board);
    let count = u32::try_from(units.len()).ok().filter(|count| *count >= 2)?;
    let mut numbers = SplitMix64::new(SEED);
    let mut alphas = Vec::with_capacity(DRAWS);
    let mut pooled = vec![0; units.piles];
    for _ in 0..DRAWS {
        pooled.fill(0);
        let mut disagreement = 0.0;
        for _ in 0..count {
            units.add(numbers.below(count) as usize, &mut pooled, &mut disagreement);
        }
        alphas.extend(of_sums(&pooled, disagreement));
    }
    sort(&mut alphas, f64::total_cmp);
    let cut = alphas.len() * CUT_PER_THOUSAND / 1_000;
    let last = alphas.len().checked_sub(1 + cut)?;
    Some(Interval { low: *alphas.get(cut)?, high: *alphas.get(last)? })
}

/// Whether α looks worse than the room is, so that P̄ has to stand beside it with a sentence that says so: when most of
/// the board sits in one pile, chance alone would make people agree, and a few projects on which they do not pull α down.
///
/// True where α is undefined or below 0.667, one pile has more than half of the answers, and P̄ is at least 0.75. For the
/// effect see Feinstein & Cicchetti (1990), *High agreement but low kappa*. No project with two answers: false.
#[must_use]
pub fn alpha_misleads(board: &[PileCounts]) -> bool {
    let units = Units::of(board);
    let mut pooled = vec![0; units.piles];
    for unit in 0..units.len() {
        units.add(unit, &mut pooled, &mut 0.0);
    }
    let all: u64 = pooled.iter().sum();
    let one_pile_leads = pooled.iter().any(|count| 2 * count > all);
    let most_agree = mean_agreement(board).is_some_and(|agreement| agreement.mean >= MOST_AGREE);
    one_pile_leads && most_agree && alpha(board).is_none_or(|alpha| alpha < LOW)
}

/// α of the pooled counts and of the sum of the units' disagreements.
fn of_sums(pooled: &[u64], disagreement: f64) -> Option<f64> {
    let all: u64 = pooled.iter().sum();
    let by_chance = unequal_pairs(pooled);
    (by_chance > 0.0).then(|| 1.0 - (all - 1) as f64 * disagreement / by_chance)
}

/// Σ_{c<d} n_c n_d. Whole, and exact, while there are fewer than 2^26 answers.
fn unequal_pairs(counts: &[u64]) -> f64 {
    let (mut before, mut sum) = (0, 0.0);
    for count in counts {
        sum += before as f64 * *count as f64;
        before += count;
    }
    sum
}

/// The projects that can be paired, each as a row with a column for each pile that occurs on the board.
struct Units {
    piles: usize,
    rows: Vec<u64>,
    disagreements: Vec<f64>,
}

impl Units {
    fn of(board: &[PileCounts]) -> Self {
        let board = || board.iter().filter(|counts| counts.answered() >= 2);
        let mut pillars: Vec<PillarId> = Vec::new();
        for (pillar, _) in board().flat_map(|counts| &counts.pillars) {
            if !pillars.contains(pillar) {
                pillars.push(*pillar);
            }
        }
        let piles = 1 + pillars.len();
        let (mut rows, mut disagreements) = (Vec::new(), Vec::new());
        for counts in board() {
            let start = rows.len();
            rows.push(u64::from(counts.off));
            rows.resize(start + piles, 0);
            for (pillar, count) in &counts.pillars {
                let at = pillars.iter().position(|known| known == pillar).unwrap_or_default();
                rows[start + 1 + at] += u64::from(*count);
            }
            let row = &rows[start..];
            let answered: u64 = row.iter().sum();
            disagreements.push(unequal_pairs(row) / (answered - 1) as f64);
        }
        Self { piles, rows, disagreements }
    }

    fn len(&self) -> usize {
        self.disagreements.len()
    }

    /// Adds a unit to the sums of a board.
    fn add(&self, unit: usize, pooled: &mut [u64], disagreement: &mut f64) {
        for (sum, count) in pooled.iter_mut().zip(&self.rows[unit * self.piles..]) {
            *sum += count;
        }
        *disagreement += self.disagreements[unit];
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;

    /// A project by the values that its observers gave: 0 is *off strategy*, the others are pillars.
    fn unit(values: &[u32]) -> PileCounts {
        let mut counts = PileCounts::default();
        for value in values {
            if *value == 0 {
                counts.off += 1;
                continue;
            }
            let id = PillarId(Uuid::from_u128(u128::from(*value)));
            match counts.pillars.iter_mut().find(|(pillar, _)| *pillar == id) {
                Some((_, count)) => *count += 1,
                None => counts.pillars.push((id, 1)),
            }
        }
        counts.pillars.sort();
        counts
    }

    /// Krippendorff 2011, example C: four observers, twelve units, missing data, by unit.
    fn example_c() -> Vec<PileCounts> {
        [
            &[1, 1, 1][..],
            &[2, 2, 3, 2],
            &[3, 3, 3, 3],
            &[3, 3, 3, 3],
            &[2, 2, 2, 2],
            &[1, 2, 3, 4],
            &[4, 4, 4, 4],
            &[1, 1, 2, 1],
            &[2, 2, 2, 2],
            &[5, 5, 5],
            &[1, 1],
            &[3],
        ]
        .map(unit)
        .to_vec()
    }

    #[track_caller]
    fn about(number: Option<f64>, expected: f64, by: f64) {
        assert!(number.is_some_and(|number| (number - expected).abs() < by), "{number:?}, {expected}");
    }

    #[test]
    fn alpha_is_that_of_the_published_example() {
        // Published: 0.743. In full: 1 − 39 · (3/3 + 6/3 + 3/3) / 608 = 1 − 156/608.
        about(alpha(&example_c()), 0.743, 5e-4);
        about(alpha(&example_c()), 1.0 - 156.0 / 608.0, 1e-12);
    }

    #[test]
    fn alpha_is_that_of_another_published_example() {
        // Krippendorff 2011, example A: two observers, ten units, two values; α = 0.095.
        let board = [[0, 1], [1, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 0], [0, 0], [1, 0], [0, 0]];
        about(alpha(&board.map(|values| unit(&values))), 0.095, 5e-4);
    }

    #[test]
    fn who_answered_alone_or_did_not_know_makes_no_difference() {
        let mut board = example_c();
        board.retain(|counts| counts.answered() >= 2);
        board.push(PileCounts { unknown: 7, ..PileCounts::default() });
        board.push(PileCounts { off: 1, ..PileCounts::default() });
        about(alpha(&board), 0.743_421_052_631_579, 1e-12);
    }

    #[test]
    fn where_nothing_can_be_told_apart_there_is_no_alpha() {
        assert_eq!(alpha(&[]), None);
        assert_eq!(alpha(&[unit(&[0])]), None);
        assert_eq!(alpha(&[unit(&[0, 0, 0]), unit(&[0, 0])]), None);
        assert_eq!(alpha_interval(&[unit(&[0, 0, 0]), unit(&[0, 0])]), None);
        assert_eq!(alpha_interval(&[unit(&[0, 1, 0])]), None);
    }

    #[test]
    fn total_disagreement_is_below_chance() {
        // Two people, two piles, never the same: α = 1 − 3 · 2 / 4.
        about(alpha(&[unit(&[0, 1]), unit(&[1, 0])]), -0.5, 1e-12);
    }

    #[test]
    fn the_interval_is_around_alpha_and_the_same_each_time() {
        let interval = alpha_interval(&example_c()).unwrap();
        assert!(interval.low < 0.743 && 0.743 < interval.high && interval.high <= 1.0, "{interval:?}");
        assert_eq!(alpha_interval(&example_c()), Some(interval));
        // Whoever draws differently shows another interval for the same board.
        about(Some(interval.low), 0.390_374_331_550_8, 1e-12);
        let agreed = [unit(&[0, 0]), unit(&[1, 1]), unit(&[2, 2, 2])];
        assert_eq!(alpha_interval(&agreed), Some(Interval { low: 1.0, high: 1.0 }));
    }

    #[test]
    fn more_projects_of_the_same_kind_make_the_interval_narrower() {
        let width = |board: &[PileCounts]| alpha_interval(board).map(|of| of.high - of.low).unwrap();
        let board = example_c();
        let four_times: Vec<PileCounts> = board.iter().cycle().take(4 * board.len()).cloned().collect();
        let (one, four) = (width(&board), width(&four_times));
        // The width goes by one over the root of the number.
        assert!((1.6..2.4).contains(&(one / four)), "{one} {four}");
    }

    #[test]
    fn alpha_misleads_where_nearly_everything_is_off_and_nearly_all_agree() {
        let mut board = vec![unit(&[0, 0, 0, 0]); 9];
        board.push(unit(&[0, 0, 1, 1]));
        // N = 40, 38 of them off: α = 1 − 39 · (4/3) / 76, P̄ = 0.93.
        about(alpha(&board), 1.0 - 52.0 / 76.0, 1e-12);
        assert!(alpha_misleads(&board));
        assert!(alpha_misleads(&vec![unit(&[0, 0, 0, 0]); 9]));
        assert!(!alpha_misleads(&example_c()) && !alpha_misleads(&[]));
        // P̄ = 0.75 and α = 0.53, and neither of the two piles leads: α says what it should.
        let even = [[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 1], [1, 1, 1, 0]].map(|values| unit(&values));
        about(alpha(&even), 1.0 - 15.0 * 2.0 / 64.0, 1e-12);
        assert!(!alpha_misleads(&even));
        // Here people really disagree, and α says so.
        assert!(!alpha_misleads(&vec![unit(&[0, 0, 0, 1, 2]); 9]));
    }
}
