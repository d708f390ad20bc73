//! Answers on a scale: where the room stands, and how close together.

use crate::methods::{counts::ScaleCounts, ratio};

/// The scales that can be asked. A scale's ends are given, and not found in the answers: a room that says 3 and 4 has not
/// used up what it could disagree by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 0 to 5: fist to five.
    ZeroToFive,
    /// 1 to 5. An answer of 0 is none on it.
    OneToFive,
}

/// The median and the quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// The lower quartile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub high: f64,
}

impl Quartiles {
    /// The interquartile range, from 0 to the width of the scale: how far the middle half of the room is apart.
    #[must_use]
    pub fn range(&self) -> f64 {
        self.high - self.low
    }
}

impl ScaleCounts {
    /// How many answered.
    #[must_use]
    pub fn answered(&self) -> u32 {
        self.counts.iter().fold(0, |sum: u32, count| sum.saturating_add(*count))
    }

    /// The answer at that place in ascending order, from 0.
    fn at(&self, place: u32) -> u32 {
        let mut below: u32 = 0;
        for (value, count) in (0..).zip(self.counts) {
            below = below.saturating_add(count);
            if place < below {
                return value;
            }
        }
        5
    }

    /// The median of `count` answers, at least one, from `first` on in ascending order.
    fn median_of(&self, first: u32, count: u32) -> f64 {
        f64::from(self.at(first + (count - 1) / 2) + self.at(first + count / 2)) / 2.0
    }
}

/// The median and the quartiles, by halves: the median is the middle answer, or the mean of the two in the middle; the
/// quartiles are the medians of the answers below and above it, to neither of which the middle answer of an odd number
/// belongs (Moore & McCabe, *Introduction to the Practice of Statistics*; method 1 of the common ones).
///
/// On the scale, in steps of a half. n = 0: none; n = 1: all three are that answer.
#[must_use]
pub fn quartiles(counts: &ScaleCounts) -> Option<Quartiles> {
    let answered = counts.answered();
    let half = (answered / 2).max(1);
    (answered > 0).then(|| Quartiles {
        low: counts.median_of(0, half),
        median: counts.median_of(0, answered),
        high: counts.median_of(answered - half, half),
    })
}

/// The arithmetic mean, on the scale. n = 0: none.
#[must_use]
pub fn mean(counts: &ScaleCounts) -> Option<f64> {
    mean_place(&counts.counts)
}

/// The distribution: the share of each value, from 0 to 1, together 1. n = 0: none.
#[must_use]
pub fn shares(counts: &ScaleCounts) -> Option<[f64; 6]> {
    let answered = counts.answered();
    (answered > 0).then(|| counts.counts.map(|count| f64::from(count) / f64::from(answered)))
}

/// The consensus of the room, Cns = 1 + Σ p_i · log2(1 − |x_i − μ| / d), with μ the mean and d the width of the scale.
///
/// From 0 (half at one end, half at the other) to 1 (all the same). Source: Tastle & Wierman (2007), *Consensus and
/// dissention: a measure of ordinal dispersion*. n = 0: none; n = 1: 1.
#[must_use]
pub fn consensus(counts: &ScaleCounts, scale: Scale) -> Option<f64> {
    match scale {
        Scale::ZeroToFive => consensus_of(&counts.counts),
        Scale::OneToFive => consensus_of(&counts.counts[1..]),
    }
}

/// Cns of a scale of as many steps as there are counts. Where it begins makes no difference.
fn consensus_of(counts: &[u32]) -> Option<f64> {
    let answered: u64 = counts.iter().copied().map(u64::from).sum();
    let mean = mean_place(counts)?;
    let width = counts.len() as f64 - 1.0;
    let mut sum = 1.0;
    for (place, count) in (0_u32..).zip(counts) {
        // A value that nobody gave may be a whole width away, of which there is no logarithm.
        if *count > 0 {
            let closeness = 1.0 - (f64::from(place) - mean).abs() / width;
            sum += f64::from(*count) / answered as f64 * closeness.log2();
        }
    }
    // Rounding may leave a hair beyond the ends.
    Some(sum.clamp(0.0, 1.0))
}

/// The mean of the places, from 0.
fn mean_place(counts: &[u32]) -> Option<f64> {
    let answered = counts.iter().copied().map(u64::from).sum();
    ratio((0..).zip(counts).map(|(place, count): (u64, _)| place * u64::from(*count)).sum(), answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(counts: [u32; 6]) -> ScaleCounts {
        ScaleCounts { counts }
    }

    #[track_caller]
    fn about(number: Option<f64>, expected: f64, by: f64) {
        assert!(number.is_some_and(|number| (number - expected).abs() < by), "{number:?}, {expected}");
    }

    #[track_caller]
    fn has(counts: [u32; 6], low: f64, median: f64, high: f64) {
        assert_eq!(quartiles(&on(counts)), Some(Quartiles { low, median, high }), "{counts:?}");
    }

    #[test]
    fn the_median_is_in_the_middle_and_the_quartiles_in_the_middle_of_the_halves() {
        has([0, 0, 0, 1, 0, 0], 3.0, 3.0, 3.0);
        has([1, 0, 0, 0, 0, 1], 0.0, 2.5, 5.0);
        // 1 2 | 4 | 4 5
        has([0, 1, 1, 0, 2, 1], 1.5, 4.0, 4.5);
        // 0 1 2 | 3 4 5
        has([1; 6], 1.0, 2.5, 4.0);
        // 1 1 3 | 4 | 4 5 5
        has([0, 2, 0, 1, 2, 2], 1.0, 4.0, 5.0);
        has([0, 0, 0, 0, 12, 0], 4.0, 4.0, 4.0);
        assert_eq!(quartiles(&on([0; 6])), None);
        assert_eq!(quartiles(&on([0, 1, 1, 0, 2, 1])).map(|of| of.range()), Some(3.0));
    }

    #[test]
    fn the_mean_and_the_distribution_are_of_those_who_answered() {
        about(mean(&on([1, 0, 0, 0, 2, 1])), 13.0 / 4.0, 1e-12);
        assert_eq!((mean(&on([0; 6])), shares(&on([0; 6]))), (None, None));
        assert_eq!(shares(&on([1, 0, 0, 0, 2, 1])), Some([0.25, 0.0, 0.0, 0.0, 0.5, 0.25]));
    }

    #[test]
    fn consensus_falls_as_two_halves_of_the_room_move_apart() {
        // By hand, on five steps: 1 + log2(1 − k/8) for halves that are k steps apart.
        let likert = |counts: [u32; 5]| consensus_of(&counts);
        about(likert([6, 6, 0, 0, 0]), 0.807, 5e-4);
        about(likert([6, 0, 6, 0, 0]), 0.585, 5e-4);
        about(likert([6, 0, 0, 6, 0]), 0.322, 5e-4);
        assert_eq!(likert([6, 0, 0, 0, 6]), Some(0.0));
        assert_eq!(likert([0, 0, 12, 0, 0]), Some(1.0));
    }

    #[test]
    fn consensus_is_that_of_others_who_compute_it() {
        // The distribution of the paper's example (p. 537), computed apart from this.
        about(consensus(&on([0, 19, 16, 26, 29, 10]), Scale::OneToFive), 0.518_414_460_7, 1e-9);
        // The example in the manual of the R package agrmt, seven steps.
        about(consensus_of(&[30, 40, 210, 130, 530, 50, 10]), 0.725_687_6, 5e-8);
    }

    #[test]
    fn the_width_is_that_of_the_scale_and_not_of_the_answers() {
        let ends = on([0, 6, 0, 0, 0, 6]);
        assert_eq!(consensus(&ends, Scale::OneToFive), Some(0.0));
        // On 0 to 5 they are four of five steps apart: 1 + log2(0.6).
        about(consensus(&ends, Scale::ZeroToFive), 0.263_034_405_8, 1e-9);
        assert_eq!(consensus(&on([6, 0, 0, 0, 0, 6]), Scale::ZeroToFive), Some(0.0));
        // Evenly spread is not the worst: 1 + (2·log2(1/2) + 2·log2(3/4) + log2(1)) / 5.
        about(consensus(&on([0, 1, 1, 1, 1, 1]), Scale::OneToFive), 0.433_985_0, 1e-6);
    }

    #[test]
    fn of_one_answer_the_consensus_is_full_and_of_none_there_is_none() {
        assert_eq!(consensus(&on([1, 0, 0, 0, 0, 0]), Scale::ZeroToFive), Some(1.0));
        assert_eq!(consensus(&on([0; 6]), Scale::ZeroToFive), None);
        // On 1 to 5 a 0 is no answer.
        assert_eq!(consensus(&on([7, 0, 0, 0, 0, 0]), Scale::OneToFive), None);
    }
}
