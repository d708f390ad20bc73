//! The rules of the four questions, one by one, and against every small room.

use super::*;

const UNCHECKED: Checks = Checks { revenue: None, required: None };

/// Twelve in the room; strategy, revenue, expense, required, none.
fn counts(answered: u32, [strategy, revenue, expense, required, none]: [u32; 5]) -> ClaimCounts {
    ClaimCounts { answered, strategy, revenue, expense, required, none }
}

#[track_caller]
fn comes_to(expected: HobbyOutcome, counts: &ClaimCounts, checks: Checks) {
    assert_eq!(hobby_outcome(counts, 12, &checks), expected, "{counts:?} {checks:?}");
}

#[test]
fn nothing_ticked_by_more_than_half_is_a_hobby() {
    comes_to(HobbyOutcome::Hobby, &counts(12, [0, 0, 5, 0, 7]), UNCHECKED);
    comes_to(HobbyOutcome::Contested, &counts(12, [0, 0, 6, 0, 6]), UNCHECKED);
    comes_to(HobbyOutcome::MissionCritical, &counts(12, [0, 0, 7, 0, 5]), UNCHECKED);
}

#[test]
fn below_half_of_the_room_it_is_too_few() {
    comes_to(HobbyOutcome::Hobby, &counts(6, [0, 0, 0, 0, 6]), UNCHECKED);
    comes_to(HobbyOutcome::TooFew, &counts(5, [0, 0, 0, 0, 5]), UNCHECKED);
    comes_to(HobbyOutcome::TooFew, &counts(0, [0; 5]), UNCHECKED);
    assert_eq!(hobby_outcome(&counts(0, [0; 5]), 0, &UNCHECKED), HobbyOutcome::TooFew);
    assert_eq!(hobby_outcome(&counts(1, [0, 0, 0, 0, 1]), 1, &UNCHECKED), HobbyOutcome::Hobby);
}

#[test]
fn what_more_than_half_tie_to_the_strategy_is_strategic_whatever_else_is_ticked() {
    comes_to(HobbyOutcome::Strategic, &counts(12, [7, 3, 7, 2, 4]), UNCHECKED);
    comes_to(HobbyOutcome::Contested, &counts(12, [6, 0, 0, 0, 6]), UNCHECKED);
    let stands = Checks { required: Some(true), ..UNCHECKED };
    comes_to(HobbyOutcome::Strategic, &counts(12, [7, 0, 0, 2, 4]), stands);
    comes_to(HobbyOutcome::MissionCritical, &counts(12, [6, 0, 0, 2, 4]), stands);
}

#[test]
fn a_need_of_more_than_half_is_mission_critical_only_where_the_counts_prove_it() {
    // Different needs of different people: 12 − 5 ticked one.
    comes_to(HobbyOutcome::MissionCritical, &counts(12, [0, 0, 7, 0, 5]), UNCHECKED);
    // Of the 8 who ticked something 5 may have ticked the strategy alone.
    comes_to(HobbyOutcome::Contested, &counts(12, [5, 0, 6, 0, 4]), UNCHECKED);
    comes_to(HobbyOutcome::MissionCritical, &counts(12, [2, 0, 6, 0, 3]), UNCHECKED);
}

#[test]
fn a_claim_of_fact_holds_the_verdict_back_until_it_is_checked() {
    let one_says_so = counts(12, [0, 0, 0, 1, 11]);
    comes_to(HobbyOutcome::Contested, &one_says_so, UNCHECKED);
    assert_eq!(waiting_claims(&one_says_so, &UNCHECKED), [Claim::Required]);
    let stands = Checks { required: Some(true), ..UNCHECKED };
    comes_to(HobbyOutcome::MissionCritical, &one_says_so, stands);
    assert!(waiting_claims(&one_says_so, &stands).is_empty());
    let falls = Checks { required: Some(false), ..UNCHECKED };
    comes_to(HobbyOutcome::Hobby, &one_says_so, falls);
    // A check of the other claim is none of this one.
    comes_to(HobbyOutcome::Contested, &one_says_so, Checks { revenue: Some(false), ..UNCHECKED });
}

#[test]
fn a_claim_that_many_make_is_checked_like_any_other() {
    let many = counts(12, [0, 9, 0, 0, 3]);
    comes_to(HobbyOutcome::Contested, &many, UNCHECKED);
    comes_to(HobbyOutcome::MissionCritical, &many, Checks { revenue: Some(true), ..UNCHECKED });
    comes_to(HobbyOutcome::Hobby, &many, Checks { revenue: Some(false), ..UNCHECKED });
    assert_eq!(waiting_claims(&counts(12, [0, 9, 4, 1, 3]), &UNCHECKED), [Claim::Revenue, Claim::Required]);
}

#[test]
fn a_verdict_that_a_check_cannot_change_does_not_wait() {
    comes_to(HobbyOutcome::MissionCritical, &counts(12, [0, 0, 8, 1, 4]), UNCHECKED);
    comes_to(HobbyOutcome::Strategic, &counts(12, [8, 0, 0, 1, 4]), UNCHECKED);
    comes_to(HobbyOutcome::TooFew, &counts(3, [0, 0, 0, 1, 2]), UNCHECKED);
}

#[test]
fn facts_are_not_voted_away() {
    let stands = Checks { required: Some(true), ..UNCHECKED };
    comes_to(HobbyOutcome::MissionCritical, &counts(12, [0, 0, 0, 0, 12]), stands);
    comes_to(HobbyOutcome::MissionCritical, &counts(1, [0, 0, 0, 1, 0]), stands);
}

#[test]
fn who_ticked_only_what_does_not_stand_ticked_nothing() {
    let falls = Checks { required: Some(false), ..UNCHECKED };
    // At most 4 ticked something else.
    comes_to(HobbyOutcome::Hobby, &counts(12, [0, 0, 4, 6, 4]), falls);
    // Between 2 and 6 ticked nothing that counts, and between 5 and 5 a need: too few of either to be certain.
    comes_to(HobbyOutcome::Contested, &counts(12, [5, 0, 5, 6, 0]), falls);
    // All six who ticked it ticked nothing else, since the other six ticked the strategy or a need.
    comes_to(HobbyOutcome::Hobby, &counts(12, [0, 0, 5, 6, 1]), falls);
}

#[test]
fn one_vote_away_is_one_changed_answer() {
    let away = |counts: &ClaimCounts, checks: Checks| one_vote_away(counts, 12, &checks);
    assert!(away(&counts(12, [0, 0, 5, 0, 7]), UNCHECKED));
    assert!(!away(&counts(12, [0, 0, 4, 0, 8]), UNCHECKED));
    assert!(away(&counts(12, [0, 0, 6, 0, 6]), UNCHECKED));
    // From 7 that need it to 6.
    assert!(away(&counts(12, [0, 0, 7, 0, 5]), UNCHECKED));
    assert!(!away(&counts(12, [0, 0, 8, 0, 4]), UNCHECKED));
    assert!(away(&counts(12, [7, 0, 0, 0, 5]), UNCHECKED));
    assert!(!away(&counts(12, [9, 0, 0, 0, 3]), UNCHECKED));
}

#[test]
fn a_fact_is_not_one_vote_away_and_neither_is_silence() {
    let stands = Checks { required: Some(true), ..UNCHECKED };
    assert!(!one_vote_away(&counts(12, [0, 0, 5, 1, 6]), 12, &stands));
    assert!(!one_vote_away(&counts(5, [0, 0, 0, 0, 5]), 12, &UNCHECKED));
    assert!(!one_vote_away(&counts(0, [0; 5]), 12, &UNCHECKED));
    // One untrue claim would make any hobby wait; that is not a vote.
    assert!(!one_vote_away(&counts(12, [0, 0, 0, 0, 12]), 12, &UNCHECKED));
}

#[test]
fn the_strategy_is_newly_ticked_only_where_it_was_asked() {
    assert!(one_vote_away(
        &counts(12, [6, 6, 6, 6, 0]),
        12,
        &Checks { revenue: Some(false), required: Some(false) }
    ));
    assert!(one_vote_away(&counts(1, [0, 0, 0, 0, 1]), 1, &UNCHECKED));
}

/// Every room of so many people, as the answers that they gave, in ascending order.
fn rooms(people: usize) -> Vec<Vec<u8>> {
    let mut rooms = vec![Vec::new()];
    for _ in 0..people {
        rooms = (rooms.iter())
            .flat_map(|room: &Vec<u8>| {
                let least = room.last().copied().unwrap_or(0);
                (least..16).map(|answer| [&room[..], &[answer]].concat())
            })
            .collect();
    }
    rooms
}

fn counted(room: &[u8]) -> ClaimCounts {
    room.iter().fold(ClaimCounts::default(), |counts, answer| with(&counts, *answer))
}

/// The rooms that have the same counts as one another, as their answers.
fn rooms_by_counts(people: usize) -> Vec<(ClaimCounts, Vec<Vec<u8>>)> {
    let mut groups: Vec<(ClaimCounts, Vec<Vec<u8>>)> = Vec::new();
    for room in rooms(people) {
        let counts = counted(&room);
        match groups.iter_mut().find(|(known, _)| *known == counts) {
            Some((_, rooms)) => rooms.push(room),
            None => groups.push((counts, vec![room])),
        }
    }
    groups
}

const SOME_CHECKS: [Checks; 4] = [
    UNCHECKED,
    Checks { revenue: Some(false), required: None },
    Checks { revenue: None, required: Some(true) },
    Checks { revenue: Some(false), required: Some(false) },
];

#[test]
fn one_vote_away_is_what_trying_every_room_of_these_counts_finds() {
    for (counts, rooms) in (1..=4).flat_map(rooms_by_counts) {
        for checks in SOME_CHECKS {
            let now = by_answers(&counts, counts.answered, &checks);
            let changes = |room: &Vec<u8>| {
                (0..room.len()).any(|person| {
                    let mut room = room.clone();
                    (0..16).filter(|answer| counts.strategy > 0 || answer & 1 == 0).any(|answer| {
                        room[person] = answer;
                        by_answers(&counted(&room), counts.answered, &checks) != now
                    })
                })
            };
            let away = one_vote_away(&counts, counts.answered, &checks);
            assert_eq!(away, rooms.iter().any(changes), "{counts:?} {checks:?}");
        }
    }
}

#[test]
fn contested_is_said_only_where_the_ballots_themselves_could_say_so() {
    for (counts, rooms) in (1..=4).flat_map(rooms_by_counts) {
        for checks in SOME_CHECKS {
            if hobby_outcome(&counts, counts.answered, &checks) != HobbyOutcome::Contested
                || !waiting_claims(&counts, &checks).is_empty()
            {
                continue;
            }
            let fallen =
                u8::from(checks.revenue == Some(false)) << 1 | u8::from(checks.required == Some(false)) << 3;
            let settled = |room: &Vec<u8>, test: fn(u8) -> bool| {
                2 * room.iter().filter(|answer| test(**answer & !fallen)).count() > room.len()
            };
            let all_hobby = rooms.iter().all(|room| settled(room, |answer| answer == 0));
            let all_needed = rooms.iter().all(|room| settled(room, |answer| answer & !1 != 0));
            assert!(!all_hobby && !all_needed, "{counts:?} {checks:?}");
        }
    }
}

#[test]
fn an_answer_that_nobody_can_have_given_is_not_taken_away() {
    let gave = |answer: u8, of: [u32; 5]| without(&counts(2, of), answer).is_some();
    // Both tie it to the strategy, so that nobody ticked revenue alone.
    assert!(!gave(0b0010, [2, 1, 0, 0, 0]) && gave(0b0011, [2, 1, 0, 0, 0]));
    // One ticked something, and it was two things.
    assert!(!gave(0b0010, [0, 1, 1, 0, 1]) && gave(0b0110, [0, 1, 1, 0, 1]));
    // Two ticked something, of two things: neither ticked both.
    assert!(!gave(0b0110, [0, 1, 1, 0, 0]) && gave(0b0100, [0, 1, 1, 0, 0]));
    assert!(!gave(0, [1, 1, 0, 0, 0]) && gave(0, [1, 1, 0, 0, 1]));
}
