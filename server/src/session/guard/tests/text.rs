//! A text reads the same on every replica, whatever origins a forger gives.

use yrs::{Map, TextPrelim, Transact};

use super::super::lib0::{write_id, write_string, write_var};
use super::super::{Id, MAX_TEXT_BLOCKS, Refusal, SERVER_CLIENT};
use super::board::{Board, Outcome, allow, apply, document, json, whole};
use super::random::{Random, Seed, seeds};

/// The text of the board's one decision.
const TEXT: Id = Id { client: SERVER_CLIENT, clock: 2 };

/// One block of text, by itself.
fn typed(id: Id, origin: Option<Id>, right: Option<Id>, text: &str) -> Vec<u8> {
    let mut out = vec![1, 1];
    write_id(&mut out, id);
    out.push(4 | if origin.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 });
    for id in [origin, right].into_iter().flatten() {
        write_id(&mut out, id);
    }
    if origin.is_none() && right.is_none() {
        out.push(0);
        write_id(&mut out, TEXT);
    }
    write_string(&mut out, text);
    out.push(0);
    out
}

/// Without the rule that a right origin must be able to stand right of the origin, one plan in a hundred
/// fails.
#[test]
fn a_text_reads_the_same_whoever_loads_it_and_when() {
    for seed in seeds(6_000) {
        let _seed = Seed(seed);
        let mut random = Random::new(seed);
        let mut board = Board::new();
        let clients = 2 + random.below(4) as u64;
        let mut known: Vec<Id> = Vec::new();
        for step in 0..3 + random.below(22) {
            let client = 10 + random.next() % clients;
            let id = Id { client, clock: board.index.next_clock(client) };
            let some = |random: &mut Random| {
                if known.is_empty() || random.chance(15) { None } else { Some(*random.pick(&known)) }
            };
            let letter = char::from(b'a' + u8::try_from(step).unwrap());
            let text =
                if random.chance(30) { format!("{letter}{letter}{letter}") } else { letter.to_string() };
            let bytes = typed(id, some(&mut random), some(&mut random), &text);
            match board.offer(1, &bytes, &mut allow) {
                Outcome::Applied(_) => {
                    known.extend(
                        (0..text.len()).map(|n| Id { clock: id.clock + u32::try_from(n).unwrap(), ..id }),
                    );
                }
                other => panic!("{other:?}"),
            }
        }
        let again = document(1);
        apply(&again, &whole(&board.doc));
        assert_eq!(json(&again), json(&board.doc));
        board.check_reload();
    }
}

#[test]
fn text_between_neighbours_keeps_both_origins() {
    let mut board = Board::new();
    let at = |client, clock| Some(Id { client, clock });
    let id = |client, clock| Id { client, clock };
    for bytes in [
        typed(id(10, 0), None, None, "ac"),
        typed(id(11, 0), at(10, 0), at(10, 1), "b"),
        typed(id(12, 0), at(11, 0), at(10, 1), "x"),
        typed(id(13, 0), None, at(10, 0), "y"),
    ] {
        let Outcome::Applied(frame) = board.offer(1, &bytes, &mut allow) else { panic!() };
        assert_eq!(frame, bytes);
    }
    assert!(json(&board.doc).contains("yabxc"));
}

/// Letters by one client, each at the start of the text and each with another right origin: yrs walks over
/// all of those before.
pub(super) fn woven(first: u32, count: u32) -> Vec<u8> {
    let mut out = vec![1];
    write_var(&mut out, u64::from(count));
    write_id(&mut out, Id { client: 10, clock: first });
    for clock in first..first + count {
        if clock == 0 {
            out.extend_from_slice(&[4, 0]);
            write_id(&mut out, TEXT);
        } else {
            out.push(0x44);
            write_id(&mut out, Id { client: 10, clock: if clock % 2 == 0 { 0 } else { clock / 2 } });
        }
        write_string(&mut out, "x");
    }
    out.push(0);
    out
}

#[test]
fn no_frame_makes_yrs_walk_for_seconds() {
    let mut board = Board::new();
    assert_eq!(board.offer(1, &woven(0, 10_000), &mut allow), Outcome::Refused(Refusal::Tangled));
    let mut first = 0;
    let mut count = 1_024;
    while count > 0 {
        match board.offer(1, &woven(first, count), &mut allow) {
            Outcome::Applied(_) => first += count,
            Outcome::Refused(Refusal::Tangled) => count /= 2,
            other => panic!("{other:?}"),
        }
    }
    // The text is full; another is not.
    assert_eq!(first, MAX_TEXT_BLOCKS / 2 + 1);
    let page = document(7);
    apply(&page, &whole(&board.doc));
    let notes = page.get_or_insert_map("notes");
    notes.insert(&mut page.transact_mut(), "n", TextPrelim::new("hi"));
    assert!(matches!(board.offer(2, &whole(&page), &mut allow), Outcome::Applied(_)));
    board.check();
}

#[test]
fn deleting_every_other_letter_of_a_long_text_is_bounded_and_deleting_all_is_not() {
    let mut board = Board::new();
    assert!(matches!(
        board.offer(1, &typed(Id { client: 10, clock: 0 }, None, None, &"x".repeat(40_000)), &mut allow),
        Outcome::Applied(_)
    ));
    let every_other = |count: u32| {
        let mut out = vec![0, 1, 10];
        write_var(&mut out, u64::from(count));
        for n in 0..count {
            write_var(&mut out, u64::from(n * 2));
            out.push(1);
        }
        out
    };
    assert_eq!(board.offer(1, &every_other(20_000), &mut allow), Outcome::Refused(Refusal::Tangled));
    assert!(matches!(board.offer(1, &every_other(1_000), &mut allow), Outcome::Applied(_)));
    board.check();
    let all = [0, 1, 10, 1, 0, 0xc0, 0xb8, 0x02];
    assert!(matches!(board.offer(1, &all, &mut allow), Outcome::Applied(_)));
    board.check();
    board.check_reload();
}

/// A key that was written over and over, and writes that begin far back in its history.
#[test]
fn writes_that_begin_far_back_are_bounded() {
    let mut board = Board::new();
    let entries = |client: u64, first: u32, count: u32, origin: Option<Id>| {
        let mut out = vec![1];
        write_var(&mut out, u64::from(count));
        write_id(&mut out, Id { client, clock: first });
        for clock in first..first + count {
            let origin = origin.or(clock.checked_sub(1).map(|clock| Id { client, clock }));
            match origin {
                Some(origin) => {
                    out.push(0xa8);
                    write_id(&mut out, origin);
                }
                None => {
                    out.extend_from_slice(&[0x28, 1]);
                    write_string(&mut out, "placements");
                    write_string(&mut out, "p1");
                }
            }
            out.extend_from_slice(&[1, 125, 1]);
        }
        out.push(0);
        out
    };
    // In order: as much as fits a frame.
    for first in (0..20_000).step_by(5_000) {
        assert!(matches!(board.offer(1, &entries(5, first, 5_000, None), &mut allow), Outcome::Applied(_)));
    }
    let back = Some(Id { client: 5, clock: 0 });
    assert_eq!(board.offer(1, &entries(6, 0, 5_000, back), &mut allow), Outcome::Refused(Refusal::Tangled));
    // Somebody who has been away for long still gets through.
    assert!(matches!(board.offer(1, &entries(6, 0, 10, back), &mut allow), Outcome::Applied(_)));
    board.check();
}

#[test]
fn a_right_origin_that_cannot_stand_there_is_dropped() {
    let at = |client, clock| Some(Id { client, clock });
    let id = |client, clock| Id { client, clock };
    for (origin, right) in
        [(at(10, 1), at(10, 1)), (at(10, 2), at(10, 1)), (at(10, 0), at(10, 2)), (None, at(10, 1))]
    {
        let mut board = Board::new();
        board.offer(1, &typed(id(10, 0), None, None, "abc"), &mut allow);
        let outcome = board.offer(1, &typed(id(11, 0), origin, right, "x"), &mut allow);
        assert_eq!(outcome, Outcome::Applied(typed(id(11, 0), origin, None, "x")), "{origin:?} {right:?}");
        board.check();
    }
}
