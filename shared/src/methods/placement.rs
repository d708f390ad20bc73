//! One project: where the room puts it, and how far it agrees on that.

use crate::{
    ids::PillarId,
    methods::{counts::PileCounts, ratio},
    sorted::sort,
};

/// How much of the room a pile needs to be one of two camps, in percent.
const CAMP_PERCENT: u64 = 35;

/// A pile that a project can be put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PileChoice {
    /// Off strategy.
    Off,
    /// On this pillar.
    Pillar(PillarId),
}

/// From where on a project is *agreed*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The least share of the largest pile, in percent.
    pub modal_percent: u32,
    /// The largest split on strategy, in percent.
    pub split_percent: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { modal_percent: 75, split_percent: 35 }
    }
}

/// What a page says of a project in words: "6 off, 5 on core, 1 on net zero; 2 don't know it".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InWords {
    /// The piles that somebody chose, the fullest first; of equal ones *off strategy* first, then the older pillar.
    pub piles: Vec<(PileChoice, u32)>,
    /// Answers that chose a pile: the sum of the piles.
    pub answered: u32,
    /// Answers *I don't know it*.
    pub unknown: u32,
}

impl PileCounts {
    /// Every pile with its count, those that nobody chose included where they are counted: *off strategy*, then the
    /// pillars by id.
    pub fn piles(&self) -> impl Iterator<Item = (PileChoice, u32)> + '_ {
        let pillars = self.pillars.iter().map(|(pillar, count)| (PileChoice::Pillar(*pillar), *count));
        std::iter::once((PileChoice::Off, self.off)).chain(pillars)
    }

    /// n, the answers that chose a pile. *I don't know it* chose none.
    #[must_use]
    pub fn answered(&self) -> u32 {
        self.pillars.iter().fold(self.off, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// What a page says in words.
    #[must_use]
    pub fn in_words_order(&self) -> InWords {
        let mut piles: Vec<(PileChoice, u32)> = self.piles().filter(|(_, count)| *count > 0).collect();
        sort(&mut piles, |a, b| b.1.cmp(&a.1));
        InWords { piles, answered: self.answered(), unknown: self.unknown }
    }

    /// Twice the smaller of the sides *off* and *on*: what S is of n.
    pub(super) fn split_part(&self) -> u64 {
        let on = self.answered() - self.off;
        2 * u64::from(self.off.min(on))
    }

    /// Σ n_c(n_c−1): the ordered pairs of people who chose the same pile.
    pub(super) fn equal_pairs(&self) -> u64 {
        self.piles().fold(0, |sum: u64, (_, count)| sum.saturating_add(pairs(count)))
    }

    /// The count of the fullest pile.
    fn most(&self) -> u32 {
        self.piles().fold(0, |most, (_, count)| most.max(count))
    }
}

/// n(n−1): the ordered pairs among so many people.
pub(super) fn pairs(people: u32) -> u64 {
    u64::from(people) * u64::from(people.saturating_sub(1))
}

/// The split on strategy, S = 1 − |2·n_off/n − 1|, which is 2·min(n_off, n − n_off)/n: is it on the strategy at all?
///
/// From 0 (all off, or all on whichever pillar) to 1 (half off, half on). Plumbline's own. n = 0: none; n = 1: 0.
#[must_use]
pub fn split(counts: &PileCounts) -> Option<f64> {
    ratio(counts.split_part(), counts.answered().into())
}

/// Pairwise agreement, P = Σ n_c(n_c−1) / (n(n−1)): how often two people who were picked from the room chose the same pile.
///
/// From 0 (everybody another pile) to 1 (all the same). It is the P_i of Fleiss (1971), *Measuring nominal scale
/// agreement among many raters*. n = 0 and n = 1: none, there is no pair.
#[must_use]
pub fn pairwise_agreement(counts: &PileCounts) -> Option<f64> {
    ratio(counts.equal_pairs(), pairs(counts.answered()))
}

/// The modal share, max p_c: how much of the room chose the fullest pile.
///
/// From above 0 to 1. n = 0: none; n = 1: 1.
#[must_use]
pub fn modal_share(counts: &PileCounts) -> Option<f64> {
    ratio(counts.most().into(), counts.answered().into())
}

/// The fullest piles: several where they are equally full, none where nobody chose any. *Off strategy* first, then by
/// the pillar's id.
#[must_use]
pub fn modal_piles(counts: &PileCounts) -> Vec<PileChoice> {
    let most = counts.most();
    counts.piles().filter(|(_, count)| *count > 0 && *count == most).map(|(pile, _)| pile).collect()
}

/// The fullest pile, if there is one and no other is as full: a tie is no choice of the room.
///
/// n = 0: none; n = 1: that one answer's pile.
#[must_use]
pub fn modal_pile(counts: &PileCounts) -> Option<PileChoice> {
    match modal_piles(counts).as_slice() {
        [pile] => Some(*pile),
        _ => None,
    }
}

/// Whether the room agrees: one pile is fullest, it has at least `modal_percent` of the answers, and S is at most
/// `split_percent`.
///
/// Decided in integers, 100·max n_c ≥ modal·n and 100·2·min(n_off, n − n_off) ≤ split·n, so that exactly 75 of 100 is in
/// everywhere. With the defaults a room of twelve agrees on a pillar from 9 answers, if at most 2 say off, and on
/// *off strategy* from 10. n = 0 and n = 1: no; it takes two to agree. How many do not know the project
/// makes no difference here: see [`is_mostly_unknown`].
#[must_use]
pub fn is_agreed(counts: &PileCounts, thresholds: &Thresholds) -> bool {
    let answered = u64::from(counts.answered());
    answered >= 2
        && 100 * u64::from(counts.most()) >= u64::from(thresholds.modal_percent) * answered
        && 100 * counts.split_part() <= u64::from(thresholds.split_percent) * answered
        && modal_pile(counts).is_some()
}

/// Whether the room has to talk about it: two or more chose a pile, and they are not [agreed](is_agreed).
///
/// n = 0 and n = 1: no; the project is neither agreed nor contested.
#[must_use]
pub fn is_contested(counts: &PileCounts, thresholds: &Thresholds) -> bool {
    counts.answered() >= 2 && !is_agreed(counts, thresholds)
}

/// Whether there are two camps: each of the two fullest piles has at least 35 % of the answers, p_(2) ≥ 0.35.
///
/// Decided in integers. n = 0 and n = 1: no, there is no second pile.
#[must_use]
pub fn has_two_camps(counts: &PileCounts) -> bool {
    let (mut first, mut second) = (0, 0);
    for (_, count) in counts.piles() {
        if count > first {
            (first, second) = (count, first);
        } else if count > second {
            second = count;
        }
    }
    second > 0 && 100 * u64::from(second) >= CAMP_PERCENT * u64::from(counts.answered())
}

/// The share of all answers that is *I don't know it*: unknown / (n + unknown).
///
/// From 0 to 1. Nobody answered at all: none.
#[must_use]
pub fn unknown_share(counts: &PileCounts) -> Option<f64> {
    let unknown = u64::from(counts.unknown);
    ratio(unknown, unknown + u64::from(counts.answered()))
}

/// Whether at least half of those who answered do not know the project, which is a finding of its own.
///
/// Decided in integers. Nobody answered at all: no.
#[must_use]
pub fn is_mostly_unknown(counts: &PileCounts) -> bool {
    counts.unknown > 0 && counts.unknown >= counts.answered()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// A project with so many off, on each of the pillars, and without an idea.
    fn room(off: u32, pillars: &[u32], unknown: u32) -> PileCounts {
        let pillars = (1..).map(pillar).zip(pillars.iter().copied()).collect();
        PileCounts { off, pillars, unknown }
    }

    fn pillar(number: u128) -> PillarId {
        PillarId(Uuid::from_u128(number))
    }

    fn on(number: u128) -> PileChoice {
        PileChoice::Pillar(pillar(number))
    }

    #[track_caller]
    fn about(number: Option<f64>, expected: f64) {
        assert!(number.is_some_and(|number| (number - expected).abs() < 1e-12), "{number:?}, {expected}");
    }

    #[test]
    fn the_split_is_one_at_half_and_nothing_where_all_say_on_or_all_say_off() {
        about(split(&room(6, &[4, 2], 0)), 1.0);
        about(split(&room(0, &[6, 6], 0)), 0.0);
        about(split(&room(12, &[], 3)), 0.0);
        about(split(&room(3, &[9], 0)), 0.5);
        about(split(&room(9, &[2, 1], 0)), 0.5);
        about(split(&room(1, &[], 0)), 0.0);
        assert_eq!(split(&room(0, &[0, 0], 5)), None);
    }

    #[test]
    fn pairwise_agreement_counts_the_pairs_that_agree() {
        // 6 off, 5 on one, 1 on another: (30 + 20 + 0) of 132.
        about(pairwise_agreement(&room(6, &[5, 1], 2)), 50.0 / 132.0);
        about(pairwise_agreement(&room(0, &[1, 1, 1], 0)), 0.0);
        about(pairwise_agreement(&room(2, &[], 0)), 1.0);
        assert_eq!(pairwise_agreement(&room(1, &[], 4)), None);
        assert_eq!(pairwise_agreement(&room(0, &[], 4)), None);
    }

    #[test]
    fn a_tie_is_no_choice_of_the_room_and_says_between_which() {
        assert_eq!(modal_pile(&room(6, &[5, 1], 0)), Some(PileChoice::Off));
        assert_eq!(modal_pile(&room(1, &[2, 5], 9)), Some(on(2)));
        assert_eq!(modal_pile(&room(5, &[2, 5], 0)), None);
        assert_eq!(modal_piles(&room(5, &[2, 5], 0)), [PileChoice::Off, on(2)]);
        assert_eq!((modal_pile(&room(0, &[0], 3)), modal_piles(&room(0, &[0], 3))), (None, Vec::new()));
        about(modal_share(&room(6, &[5, 1], 0)), 0.5);
        about(modal_share(&room(0, &[1], 7)), 1.0);
        assert_eq!(modal_share(&room(0, &[], 7)), None);
    }

    #[test]
    fn a_room_of_twelve_agrees_on_a_pillar_from_nine_and_on_off_from_ten() {
        let agreed = |off, pillars: &[u32]| is_agreed(&room(off, pillars, 0), &Thresholds::default());
        assert!(agreed(0, &[9, 3]) && !agreed(0, &[8, 4]));
        assert!(agreed(2, &[9, 1]) && !agreed(3, &[9]));
        assert!(agreed(10, &[2]) && !agreed(9, &[3]));
        assert!(agreed(0, &[2]) && !agreed(0, &[1]) && !agreed(0, &[]));
    }

    #[test]
    fn exactly_on_the_threshold_is_in() {
        let exact = Thresholds { modal_percent: 75, split_percent: 50 };
        assert!(is_agreed(&room(1, &[3], 0), &exact));
        assert!(!is_agreed(&room(1, &[3], 0), &Thresholds { split_percent: 49, ..exact }));
        assert!(!is_agreed(&room(1, &[3], 0), &Thresholds { modal_percent: 76, ..exact }));
        // Whatever the thresholds, a tie is not agreement.
        assert!(!is_agreed(&room(0, &[2, 2], 0), &Thresholds { modal_percent: 50, split_percent: 100 }));
    }

    #[test]
    fn what_one_person_said_is_neither_agreed_nor_contested() {
        let contested = |off, pillars: &[u32]| is_contested(&room(off, pillars, 3), &Thresholds::default());
        assert!(!contested(0, &[]) && !contested(1, &[]));
        assert!(contested(1, &[1]) && contested(6, &[6]));
        assert!(!contested(0, &[12]));
    }

    #[test]
    fn two_camps_are_two_piles_of_a_third_and_a_little() {
        assert!(has_two_camps(&room(7, &[7, 6], 0)) && has_two_camps(&room(5, &[7], 0)));
        assert!(!has_two_camps(&room(13, &[6, 1], 0)));
        assert!(has_two_camps(&room(0, &[6, 5, 1], 9)));
        assert!(has_two_camps(&room(1, &[1], 0)));
        assert!(!has_two_camps(&room(1, &[], 0)) && !has_two_camps(&room(0, &[], 0)));
        assert!(!has_two_camps(&room(4, &[4, 4], 0)));
    }

    #[test]
    fn half_the_room_that_does_not_know_it_is_a_finding() {
        about(unknown_share(&room(1, &[2], 9)), 0.75);
        about(unknown_share(&room(1, &[2], 0)), 0.0);
        assert_eq!(unknown_share(&room(0, &[], 0)), None);
        assert!(is_mostly_unknown(&room(6, &[], 6)) && is_mostly_unknown(&room(0, &[], 1)));
        assert!(!is_mostly_unknown(&room(4, &[3], 6)) && !is_mostly_unknown(&room(0, &[], 0)));
    }

    #[test]
    fn words_begin_with_the_fullest_pile_and_leave_out_the_empty() {
        let words = room(5, &[1, 0, 6, 5], 2).in_words_order();
        assert_eq!(words.piles, [(on(3), 6), (PileChoice::Off, 5), (on(4), 5), (on(1), 1)]);
        assert_eq!((words.answered, words.unknown), (17, 2));
        assert_eq!(room(0, &[0], 0).in_words_order(), InWords::default());
    }

    #[test]
    fn counts_that_no_room_has_do_no_harm() {
        let huge = room(u32::MAX, &[u32::MAX; 24], u32::MAX);
        assert!(!is_agreed(&huge, &Thresholds { modal_percent: u32::MAX, split_percent: u32::MAX }));
        assert!(
            pairwise_agreement(&huge).is_some() && split(&huge).is_some() && unknown_share(&huge).is_some()
        );
    }
}
