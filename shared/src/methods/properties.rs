//! What holds of the numbers whatever a room answers.

use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::*;
use crate::ids::PillarId;

/// A project by each person's pile: 0 is *off strategy*, 1 to 5 are pillars, 6 is *I don't know it*.
fn counts(answers: &[u8]) -> PileCounts {
    let of = |pile: u8| answers.iter().filter(|answer| **answer == pile).count() as u32;
    PileCounts { off: of(0), pillars: (1..=5).map(|pile| (pillar(pile), of(pile))).collect(), unknown: of(6) }
}

fn pillar(number: u8) -> PillarId {
    PillarId(Uuid::from_u128(number.into()))
}

fn answers() -> impl Strategy<Value = Vec<u8>> {
    vec(0..7_u8, 0..24)
}

/// Counts that no list of people would reach.
fn any_counts() -> impl Strategy<Value = PileCounts> {
    (0..3_000_u32, vec(0..3_000_u32, 0..6), 0..3_000_u32).prop_map(|(off, pillars, unknown)| PileCounts {
        off,
        pillars: (1..).map(pillar).zip(pillars).collect(),
        unknown,
    })
}

fn claims() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![Just(0_u8), 0..16_u8], 0..14)
}

/// The four questions by each person's ticks, a bit for each claim.
fn claim_counts(answers: &[u8]) -> ClaimCounts {
    let of = |bit: u8| answers.iter().filter(|answer| **answer >> bit & 1 == 1).count() as u32;
    ClaimCounts {
        answered: answers.len() as u32,
        strategy: of(0),
        revenue: of(1),
        expense: of(2),
        required: of(3),
        none: answers.iter().filter(|answer| **answer == 0).count() as u32,
    }
}

fn checks() -> impl Strategy<Value = Checks> {
    let check = || prop_oneof![Just(None), any::<bool>().prop_map(Some)];
    (check(), check()).prop_map(|(revenue, required)| Checks { revenue, required })
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (a, b) => a == b,
    }
}

fn within(number: Option<f64>) -> bool {
    number.is_none_or(|number| (0.0..=1.0).contains(&number))
}

proptest! {
    #[test]
    fn every_share_is_a_share(counts in any_counts()) {
        prop_assert!(within(split(&counts)) && within(pairwise_agreement(&counts)));
        prop_assert!(within(modal_share(&counts)) && within(unknown_share(&counts)));
        let words = counts.in_words_order();
        prop_assert_eq!(words.piles.iter().map(|(_, count)| count).sum::<u32>(), counts.answered());
        prop_assert!(words.piles.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    }

    #[test]
    fn the_split_is_that_of_the_formula(counts in any_counts()) {
        let answered = f64::from(counts.answered());
        let formula = 1.0 - (2.0 * f64::from(counts.off) / answered - 1.0).abs();
        prop_assert!(close(split(&counts), (answered > 0.0).then_some(formula)));
    }

    #[test]
    fn agreement_does_not_depend_on_what_the_pillars_are_called(answers in answers(), shift in 1..5_u8) {
        let renamed: Vec<u8> =
            answers.iter().map(|pile| if (1..=5).contains(pile) { (pile - 1 + shift) % 5 + 1 } else { *pile }).collect();
        let (before, after) = (counts(&answers), counts(&renamed));
        prop_assert_eq!(split(&before), split(&after));
        prop_assert_eq!(pairwise_agreement(&before), pairwise_agreement(&after));
        prop_assert_eq!(modal_share(&before), modal_share(&after));
        prop_assert_eq!(has_two_camps(&before), has_two_camps(&after));
        let thresholds = Thresholds::default();
        prop_assert_eq!(is_agreed(&before, &thresholds), is_agreed(&after, &thresholds));
    }

    #[test]
    fn agreement_among_piles_does_not_depend_on_which_of_them_is_off(answers in answers()) {
        let exchanged: Vec<u8> = answers.iter().map(|pile| if *pile < 6 { 5 - pile } else { 6 }).collect();
        prop_assert_eq!(pairwise_agreement(&counts(&answers)), pairwise_agreement(&counts(&exchanged)));
    }

    #[test]
    fn counts_and_so_everything_do_not_depend_on_who_said_it(answers in answers().prop_shuffle()) {
        let mut sorted = answers.clone();
        sorted.sort_unstable();
        prop_assert_eq!(counts(&answers), counts(&sorted));
    }

    #[test]
    fn agreement_rises_when_somebody_joins_the_largest_pile(answers in answers()) {
        let before = counts(&answers);
        let Some(agreement) = pairwise_agreement(&before) else { return Ok(()) };
        let mut after = before.clone();
        match modal_piles(&before).first() {
            Some(PileChoice::Pillar(id)) => after.pillars.iter_mut().filter(|(pillar, _)| pillar == id).for_each(|of| of.1 += 1),
            _ => after.off += 1,
        }
        let risen = pairwise_agreement(&after).unwrap_or_default();
        prop_assert!(risen > agreement || agreement == 1.0, "{} {}", agreement, risen);
    }

    #[test]
    fn agreed_in_integers_is_agreed_by_the_formula(counts in any_counts(), modal in 51..101_u32, most in 0..101_u32) {
        let (Some(share), Some(on_strategy)) = (modal_share(&counts), split(&counts)) else { return Ok(()) };
        let (modal_percent, split_percent) = (f64::from(modal) / 100.0, f64::from(most) / 100.0);
        prop_assume!((share - modal_percent).abs() > 1e-9 && (on_strategy - split_percent).abs() > 1e-9);
        let by_formula = counts.answered() >= 2 && share >= modal_percent && on_strategy <= split_percent;
        prop_assert_eq!(is_agreed(&counts, &Thresholds { modal_percent: modal, split_percent: most }), by_formula);
    }

    #[test]
    fn what_two_or_more_answered_is_agreed_or_contested(counts in any_counts()) {
        let thresholds = Thresholds::default();
        let (agreed, contested) = (is_agreed(&counts, &thresholds), is_contested(&counts, &thresholds));
        prop_assert_eq!(agreed || contested, counts.answered() >= 2);
        prop_assert!(!(agreed && contested));
        prop_assert!(!agreed || modal_pile(&counts).is_some());
    }

    #[test]
    fn contested_first_is_an_order_and_that_of_the_formula(
        projects in vec((any_counts(), 1..1_000_000_000_000_u64), 3)
    ) {
        let compare = |a: usize, b: usize| {
            contested_first(&projects[a].0, projects[a].1, &projects[b].0, projects[b].1)
        };
        prop_assert_eq!(compare(0, 1), compare(1, 0).reverse());
        if compare(0, 1).is_le() && compare(1, 2).is_le() {
            prop_assert!(compare(0, 2).is_le());
        }
        let weighed = |at: usize| split(&projects[at].0).map(|split| split * projects[at].1 as f64);
        if let (Some(a), Some(b)) = (weighed(0), weighed(1))
            && (a - b).abs() > 1e-6 * a.max(b)
            && projects[0].0.answered() >= 2
            && projects[1].0.answered() >= 2
        {
            prop_assert_eq!(compare(0, 1).is_lt(), a > b);
        }
    }

    #[test]
    fn alpha_of_perfect_agreement_is_one(piles in vec((0..6_u8, 2..9_usize), 2..20)) {
        let board: Vec<PileCounts> = piles.iter().map(|(pile, people)| counts(&vec![*pile; *people])).collect();
        let all_in_one = piles.iter().all(|(pile, _)| *pile == piles[0].0);
        prop_assert_eq!(alpha(&board), (!all_in_one).then_some(1.0));
    }

    #[test]
    fn alpha_is_at_most_one_and_asks_for_no_names_and_no_order(board in vec(answers(), 0..12), shift in 1..6_u8) {
        let straight: Vec<PileCounts> = board.iter().map(|answers| counts(answers)).collect();
        let turned: Vec<PileCounts> = (board.iter().rev())
            .map(|answers| counts(&answers.iter().map(|pile| if *pile < 6 { (pile + shift) % 6 } else { 6 }).collect::<Vec<_>>()))
            .collect();
        prop_assert!(close(alpha(&straight), alpha(&turned)));
        prop_assert!(alpha(&straight).is_none_or(|alpha| alpha <= 1.0));
    }

    #[test]
    fn the_four_questions_are_answered_as_those_who_know_each_ballot_would(
        answers in claims(),
        absent in 0..20_u32,
        checks in checks(),
    ) {
        let counts = claim_counts(&answers);
        let eligible = counts.answered + absent;
        let outcome = hobby_outcome(&counts, eligible, &checks);
        // What the ballots themselves say: they know who ticked what together.
        let fallen = u8::from(checks.revenue == Some(false)) << 1 | u8::from(checks.required == Some(false)) << 3;
        let majority = |test: &dyn Fn(u8) -> bool| {
            2 * answers.iter().filter(|answer| test(**answer & !fallen)).count() > answers.len()
        };
        match outcome {
            HobbyOutcome::Strategic => prop_assert!(majority(&|answer| answer & 1 == 1)),
            HobbyOutcome::Hobby => {
                prop_assert!(majority(&|answer| answer == 0));
                prop_assert!(waiting_claims(&counts, &checks).is_empty());
            }
            HobbyOutcome::MissionCritical => prop_assert!(
                checks.revenue == Some(true)
                    || checks.required == Some(true)
                    || majority(&|answer| answer & !1 != 0)
            ),
            HobbyOutcome::TooFew => prop_assert!(answers.is_empty() || 2 * counts.answered < eligible),
            HobbyOutcome::Contested => prop_assert!(!majority(&|answer| answer & 1 == 1)),
        }
    }

    #[test]
    fn a_check_never_makes_a_settled_outcome_wait(answers in claims(), checks in checks()) {
        let counts = claim_counts(&answers);
        let outcome = hobby_outcome(&counts, counts.answered, &checks);
        if matches!(outcome, HobbyOutcome::Strategic | HobbyOutcome::MissionCritical) {
            for stands in [true, false] {
                let settled = Checks {
                    revenue: checks.revenue.or(Some(stands)),
                    required: checks.required.or(Some(stands)),
                };
                prop_assert_eq!(hobby_outcome(&counts, counts.answered, &settled), outcome);
            }
        }
    }

    #[test]
    fn one_vote_away_finds_every_ballot_that_would_change_the_outcome(
        answers in vec(prop_oneof![Just(0_u8), Just(4_u8), Just(5_u8)], 1..12),
        person in any::<prop::sample::Index>(),
        other in prop_oneof![Just(0_u8), Just(4_u8)],
    ) {
        let mut changed = answers.clone();
        changed[person.index(answers.len())] = other;
        let (before, after) = (claim_counts(&answers), claim_counts(&changed));
        let outcome = |counts: &ClaimCounts| hobby_outcome(counts, before.answered, &Checks::default());
        if outcome(&before) != outcome(&after) {
            prop_assert!(one_vote_away(&before, before.answered, &Checks::default()));
        }
    }

    #[test]
    fn consensus_is_a_share_one_when_unanimous_and_nothing_when_half_is_at_either_end(
        counts in any::<[u16; 6]>(),
        value in 0..6_usize,
        people in 1..2_000_u32,
    ) {
        let counts = ScaleCounts { counts: counts.map(u32::from) };
        let one = |values: &[usize]| {
            let mut counts = ScaleCounts::default();
            values.iter().for_each(|value| counts.counts[*value] = people);
            counts
        };
        for scale in [Scale::ZeroToFive, Scale::OneToFive] {
            prop_assert!(within(consensus(&counts, scale)));
            let lowest = usize::from(scale == Scale::OneToFive);
            prop_assert_eq!(consensus(&one(&[value.max(lowest)]), scale), Some(1.0));
            prop_assert_eq!(consensus(&one(&[lowest, 5]), scale), Some(0.0));
        }
    }

    #[test]
    fn quartiles_are_in_order_and_on_the_scale(counts in vec(0..5_u32, 6)) {
        let counts = ScaleCounts { counts: [counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]] };
        let Some(of) = quartiles(&counts) else { return Ok(()) };
        prop_assert!(0.0 <= of.low && of.low <= of.median && of.median <= of.high && of.high <= 5.0);
        prop_assert!(mean(&counts).is_some_and(|mean| (0.0..=5.0).contains(&mean)));
    }

    #[test]
    fn no_verdict_and_no_rank_contradicts_the_counts(dots in vec(0..6_u32, 0..20), verdicts in any::<[u16; 3]>()) {
        let projects: Vec<DotCounts> = dots.iter().map(|dots| DotCounts { dots: *dots, people: 1 }).collect();
        for of in rank_by_dots(&projects) {
            let more = dots.iter().filter(|dots| **dots > projects[of.at].dots).count() as u32;
            let same = dots.iter().filter(|dots| **dots == projects[of.at].dots).count();
            prop_assert_eq!((of.rank, of.tied), (1 + more, same > 1));
        }
        let [move_on, wait, stop] = verdicts.map(u32::from);
        let has_majority = [move_on, wait, stop].iter().any(|count| 2 * count > move_on + wait + stop);
        prop_assert_eq!(room_verdict(&VerdictCounts { move_on, wait, stop }).is_some(), has_majority);
    }

    #[test]
    fn what_the_shown_groups_leave_is_nobody_or_enough(sizes in vec(0..9_u32, 0..10)) {
        let shown = shown_groups(&sizes);
        let rest: u32 = sizes.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(size, _)| size).sum();
        let all_shown_may = sizes.iter().zip(&shown).filter(|(_, shown)| **shown).all(|(size, _)| may_show_group(*size, rest));
        prop_assert!(all_shown_may);
    }
}
