#![allow(clippy::unwrap_used)]

use uuid::Uuid;

use super::*;
use crate::{
    board::{Pillar, Placement},
    ids::ParticipantId,
    methods::{DotCounts, ScaleCounts, VerdictCounts},
    results::{Check, ItemTally, Tally},
    words::OFF,
};

fn pillar(n: u128) -> PillarId {
    PillarId(Uuid::from_u128(0x0192_f0c4_7b1e_7000_8000_0000_0000_1000 + n))
}

fn project(n: u128) -> ProjectId {
    ProjectId(Uuid::from_u128(0x0192_f0c4_7b1e_7000_8000_0000_0000_2000 + n))
}

/// So many off strategy, on each of the pillars, and without an idea.
fn piles(off: u32, on: &[u32], unknown: u32) -> Option<Counts> {
    let pillars = (1..).map(pillar).zip(on.iter().copied()).collect();
    Some(Counts::Placement(PileCounts { off, pillars, unknown }))
}

/// A round that asked of projects 1, 2, … in a room of twelve, and came to this.
fn round(question: Question, counts: impl IntoIterator<Item = Option<Counts>>) -> Round {
    let items: Vec<ItemTally> = counts
        .into_iter()
        .map(|counts| ItemTally { eligible: 12, answered: 12, sat_out: 0, counts })
        .collect();
    Round {
        question,
        prompt: String::new(),
        budget: 5,
        cap: 5,
        lowest: 0,
        pillars: vec![pillar(2), pillar(1)],
        statements: Vec::new(),
        words: Vec::new(),
        items: (1..).take(items.len()).map(|n| Item::project(project(n))).collect(),
        tally: Some(Tally { eligible: 12, answered: 12, on_paper: 0, items }),
    }
}

/// A board with projects 1 to `count`.
fn board(count: u128) -> Board {
    let projects = (1..=count).map(|n| (project(n), Project::default())).collect();
    Board { projects, ..Board::default() }
}

fn sorted_room() -> Round {
    round(
        Question::Placement,
        [
            piles(6, &[5, 1], 0),
            piles(0, &[12, 0], 0),
            piles(12, &[], 0),
            piles(0, &[6, 6], 0),
            piles(0, &[], 12),
            None,
            piles(1, &[0, 11], 0),
            piles(3, &[9, 0], 0),
            piles(1, &[3, 0], 8),
        ],
    )
}

#[test]
fn every_project_is_in_one_part_of_the_shape() {
    let round = sorted_room();
    let read = Sorting::of(&round, &board(9).projects, false).unwrap();
    // In the order in which the pillars were asked.
    assert_eq!(read.pillars, [(pillar(2), 1), (pillar(1), 3)]);
    assert_eq!((read.off, read.tied, read.unknown, read.few), (2, 1, 1, 1));
    assert_eq!((read.on_pillars(), read.all()), (4, 9));
}

#[test]
fn what_is_agreed_and_what_splits_are_told_apart_in_their_order() {
    let read = Sorting::of(&sorted_room(), &board(9).projects, false).unwrap();
    assert_eq!(
        read.agreed,
        [
            (project(3), PileChoice::Off),
            (project(7), PileChoice::Pillar(pillar(2))),
            (project(2), PileChoice::Pillar(pillar(1))),
        ]
    );
    // 6 off and 6 on; 3 off and 9 on, and the same of four, who agree less; then two pillars.
    assert_eq!(read.contested, [project(1), project(9), project(8), project(4)]);
    assert_eq!(read.dim, [project(5), project(9)]);
}

#[test]
fn what_is_dear_is_talked_about_first_when_that_is_asked_for() {
    let mut board = board(9);
    for (n, cost) in [(1, 100.0), (8, 1_000.0)] {
        board.projects.get_mut(&project(n)).unwrap().cost = Some(cost);
    }
    let read = Sorting::of(&sorted_room(), &board.projects, true).unwrap();
    assert_eq!(read.contested[..2], [project(8), project(1)]);
    let read = Sorting::of(&sorted_room(), &board.projects, false).unwrap();
    assert_eq!(read.contested[0], project(1));
}

#[test]
fn what_was_taken_off_the_board_is_not_told_any_more() {
    let mut board = board(9);
    board.projects.remove(&project(1));
    board.projects.remove(&project(3));
    let read = Sorting::of(&sorted_room(), &board.projects, false).unwrap();
    assert_eq!((read.all(), read.agreed.len(), read.contested.len()), (7, 2, 3));
}

#[test]
fn nothing_is_read_before_the_reveal_or_out_of_another_question() {
    let mut sealed = sorted_room();
    sealed.tally = None;
    assert_eq!(Sorting::of(&sealed, &board(9).projects, false), None);
    let other = round(Question::Verdict, []);
    assert_eq!(Sorting::of(&other, &board(9).projects, false), None);
}

#[test]
fn placing_what_is_agreed_counts_what_does_not_lie_there_yet() {
    let mut board = board(9);
    let read = Sorting::of(&sorted_room(), &board.projects, false).unwrap();
    assert_eq!(read.to_place(&board), [(project(3), Pile::Off)], "no pillar stands on the board");
    board.pillars.extend([1, 2].map(|n| Pillar { id: pillar(n), ..Pillar::default() }));
    assert_eq!(read.to_place(&board).len(), 3);
    let order = "80".to_owned();
    board.placements.insert(project(3), Placement { pile: OFF.to_owned(), order: order.clone() });
    board.placements.insert(project(2), Placement { pile: OFF.to_owned(), order });
    assert_eq!(
        read.to_place(&board),
        [(project(7), Pile::Pillar(pillar(2))), (project(2), Pile::Pillar(pillar(1)))]
    );
}

#[test]
fn the_strategy_s_share_is_of_what_was_asked_and_still_stands() {
    let mut board = board(8);
    board.projects.get_mut(&project(2)).unwrap().cost = Some(7.0);
    board.placements.insert(project(3), Placement { pile: OFF.to_owned(), order: "80".to_owned() });
    let weighed = weighed(&sorted_room(), &board);
    assert_eq!(weighed.len(), 8);
    assert_eq!(weighed[1].before, Some(PileChoice::Pillar(pillar(1))));
    assert_eq!((weighed[1].after, weighed[1].cost), (None, Some(7.0)));
    assert_eq!(weighed[2].after, Some(PileChoice::Off));
    // Tied, unknown, too few.
    assert!(weighed[3..6].iter().all(|project| project.before.is_none()));
}

#[test]
fn a_heat_map_has_columns_for_what_was_chosen_and_sums_up_what_is_too_much() {
    let counts = |on: &[u32]| piles(0, on, 0);
    let mut many = round(Question::Placement, [counts(&[1, 0, 4, 2, 9]), counts(&[0, 0, 3, 6, 3])]);
    many.pillars = (1..=6).map(pillar).collect();
    assert_eq!(columns(&many, 4), (vec![pillar(1), pillar(3), pillar(4), pillar(5)], false));
    assert_eq!(columns(&many, 2), (vec![pillar(4), pillar(5)], true));
    assert_eq!(columns(&round(Question::Placement, []), 4), (Vec::new(), false));
}

#[test]
fn two_rounds_are_told_beside_each_other_by_what_shifted_most() {
    let first = sorted_room();
    let second = round(
        Question::Placement,
        [
            piles(3, &[8, 1], 0),
            piles(0, &[12, 0], 0),
            piles(12, &[], 0),
            piles(0, &[1, 11], 0),
            piles(0, &[], 12),
            piles(0, &[3, 0], 0),
            piles(1, &[0, 11], 0),
            piles(3, &[9, 0], 0),
        ],
    );
    let beside = Beside::of(&first, &second);
    assert_eq!(beside.changed, [Item::project(project(4)), Item::project(project(1))]);
    // Project 6 was told in the second alone, project 9 was asked in the first alone.
    assert_eq!((beside.same, beside.alone), (5, 2));
}

#[test]
fn of_every_question_what_shifted_is_counted() {
    let scale = |counts| Counts::Scale(ScaleCounts { counts });
    assert_eq!(shift(&scale([0, 0, 4, 0, 0, 0]), &scale([0, 0, 1, 0, 3, 0])), 3);
    let verdict = |move_on, wait, stop| Counts::Verdict(VerdictCounts { move_on, wait, stop });
    assert_eq!(shift(&verdict(5, 4, 3), &verdict(5, 2, 5)), 2);
    let dots = |dots| Counts::Dots(DotCounts { dots, people: 3 });
    assert_eq!(shift(&dots(9), &dots(4)), 5);
    assert_eq!(shift(&dots(9), &verdict(0, 0, 0)), 0);
}

fn claims(revenue: u32, none: u32) -> Option<Counts> {
    let counts = ClaimCounts { answered: 12, revenue, none, ..ClaimCounts::default() };
    Some(Counts::Hobby(counts, vec![(Claim::Revenue, "ledger".to_owned())]))
}

fn results(rounds: impl IntoIterator<Item = Round>) -> StepResults {
    StepResults { rounds: (1..).zip(rounds).collect(), ..StepResults::default() }
}

#[test]
fn the_four_questions_wait_for_the_check_and_take_its_last_word() {
    let asked = round(Question::Hobby, [claims(1, 11), claims(0, 12)]);
    let mut results = results([asked.clone()]);
    let item = Item::project(project(1));
    let read = tested(&results, &asked, &item).unwrap();
    assert_eq!((read.outcome, read.waiting.as_slice()), (HobbyOutcome::Contested, &[Claim::Revenue][..]));
    assert_eq!(read.sources, [(Claim::Revenue, "ledger".to_owned())]);
    for (stands, outcome) in [(true, HobbyOutcome::MissionCritical), (false, HobbyOutcome::Hobby)] {
        let by = ParticipantId(Uuid::from_u128(7));
        results.checks.push(Check { item: item.clone(), claim: Claim::Revenue, stands, by });
        let read = tested(&results, &asked, &item).unwrap();
        assert_eq!((read.outcome, read.waiting.len()), (outcome, 0));
    }
    // A check of one project is none of another.
    let other = tested(&results, &asked, &Item::project(project(2))).unwrap();
    assert_eq!((other.outcome, other.checks.revenue), (HobbyOutcome::Hobby, None));
}

#[test]
fn dots_are_ranked_and_ties_stay_ties() {
    let dots = |dots, people| Some(Counts::Dots(DotCounts { dots, people }));
    let asked = round(Question::Dots, [dots(3, 3), None, dots(7, 4), dots(3, 1)]);
    let read: Vec<(Item, u32, bool)> =
        ranking(&asked).into_iter().map(|(item, ranked)| (item, ranked.rank, ranked.tied)).collect();
    let of = |n| Item::project(project(n));
    assert_eq!(read, [(of(3), 1, false), (of(1), 2, true), (of(4), 2, true)]);
}

#[test]
fn two_camps_and_what_half_of_the_room_does_not_know_are_marked() {
    let of = |off, on: &[u32], unknown| match piles(off, on, unknown) {
        Some(Counts::Placement(counts)) => Signs::of(&counts),
        _ => Signs::default(),
    };
    assert_eq!(of(6, &[5, 1], 0), Signs { two_camps: true, dim: false });
    assert_eq!(of(1, &[3], 8), Signs { two_camps: false, dim: true });
}
