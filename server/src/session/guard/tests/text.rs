//! A text reads the same on every replica, whatever origins a forger gives.

use super::super::lib0::{write_id, write_string};
use super::super::{Id, SERVER_CLIENT};
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

/// Without the rule that a right origin must be able to stand right of the origin, one plan in a hundred fails.
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
