//! Every hazard that is known, with its bytes.

use super::super::lib0::{write_string, write_var};
use super::super::{
    Ahead, Author, Examined, Index, MAX_VALUE_DEPTH, Malformed, Refusal, decode_state_vector, examine,
};
use super::board::{Board, LIMITS, Outcome, allow, document, whole};
use yrs::{Map, ReadTxn, StateVector, Text, Transact};

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.trim().as_bytes()).unwrap()
}

fn fixture(name: &str) -> Vec<Vec<u8>> {
    let path = format!("{}/tests/fixtures/hostile/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(hex).collect()
}

fn refused(board: &mut Board, bytes: &[u8]) -> Refusal<String> {
    match board.offer(1, bytes, &mut allow) {
        Outcome::Refused(refusal) => refusal,
        other => panic!("not refused but {other:?}"),
    }
}

#[test]
fn the_bytes_that_crash_yrs_never_reach_it() {
    for name in ["segv.hex", "hang.hex"] {
        let mut board = Board::new();
        for bytes in fixture(name) {
            let outcome = board.offer(1, &bytes, &mut allow);
            assert!(matches!(outcome, Outcome::Refused(_) | Outcome::Gap), "{name}: {outcome:?}");
            board.check();
        }
    }
}

/// The document that the hostile bytes were made for: client 99, map `a` with k=1 and n={}, text `b`, array
/// `c`. Only the map could ever be on a board; even beside it nothing of them passes.
#[test]
fn the_bytes_that_crash_yrs_are_refused_beside_what_they_were_made_for() {
    for name in ["segv.hex", "hang.hex"] {
        let base = document(99);
        {
            let map = base.get_or_insert_map("projects");
            let mut txn = base.transact_mut();
            map.insert(&mut txn, "k", 1);
            map.insert(&mut txn, "n", yrs::MapPrelim::default());
            let text = map.insert(&mut txn, "b", yrs::TextPrelim::new("hi"));
            text.insert(&mut txn, 2, "!");
        }
        let mut board = Board::new();
        assert!(matches!(board.offer(1, &whole(&base), &mut allow), Outcome::Applied(_)));
        for bytes in fixture(name) {
            let outcome = board.offer(1, &bytes, &mut allow);
            assert!(matches!(outcome, Outcome::Refused(_) | Outcome::Gap), "{name}: {outcome:?}");
        }
        board.check();
        board.check_reload();
    }
}

/// `placements/k` set by client 7 to what `value` writes.
fn set(value: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = vec![1, 1, 7, 0, 0x28, 1];
    write_string(&mut out, "placements");
    write_string(&mut out, "k");
    out.push(1);
    value(&mut out);
    out.push(0);
    out
}

#[test]
fn a_value_nested_too_deep_is_refused() {
    let nested = |depth: usize| {
        set(|out| {
            (0..depth).for_each(|_| out.extend_from_slice(&[117, 1]));
            out.push(126);
        })
    };
    assert!(matches!(Board::new().offer(1, &nested(MAX_VALUE_DEPTH), &mut allow), Outcome::Applied(_)));
    for depth in [MAX_VALUE_DEPTH + 1, 7_000] {
        assert_eq!(refused(&mut Board::new(), &nested(depth)), Refusal::Malformed(Malformed::Depth));
    }
}

#[test]
fn only_values_that_encode_alike_everywhere_are_taken() {
    let good: [&[u8]; 8] = [
        &[126],
        &[120],
        &[121],
        &[125, 5],
        &[125, 0xff, 0xff, 0xff, 0xff, 0x0f],
        &[124, 0x3f, 0xc0, 0, 0],
        &[119, 1, b'x'],
        &[117, 2, 126, 117, 0],
    ];
    for value in good {
        let update = set(|out| out.extend_from_slice(value));
        assert_eq!(Board::new().offer(1, &update, &mut allow), Outcome::Applied(update), "{value:?}");
    }
    let bad: [&[u8]; 8] = [
        &[118, 0],
        &[127],
        &[116, 0],
        &[122, 0, 0, 0, 0, 0, 0, 0, 1],
        &[123, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
        &[124, 0x7f, 0x80, 0, 0],
        &[117, 1, 118, 0],
        &[99],
    ];
    for value in bad {
        let update = set(|out| out.extend_from_slice(value));
        assert_eq!(refused(&mut Board::new(), &update), Refusal::Malformed(Malformed::Value), "{value:?}");
    }
    let too_long = set(|out| out.extend_from_slice(&[125, 0x80, 0x80, 0x80, 0x80, 0x10]));
    assert_eq!(refused(&mut Board::new(), &too_long), Refusal::Malformed(Malformed::Number));
}

#[test]
fn counts_beyond_the_bytes_are_refused_at_once() {
    let mut board = Board::new();
    let huge = [0xff, 0xff, 0xff, 0xff, 0x07];
    let mut updates = vec![
        huge.to_vec(),
        [&[1], &huge[..]].concat(),
        [&[0], &huge[..]].concat(),
        [&[0, 1, 7], &huge[..]].concat(),
    ];
    updates.push(set(|out| out.extend_from_slice(&[&[117], &huge[..]].concat())));
    updates.push(set(|out| out.extend_from_slice(&[&[119], &huge[..]].concat())));
    for update in updates {
        assert_eq!(refused(&mut board, &update), Refusal::Malformed(Malformed::Truncated), "{update:?}");
    }
    assert_eq!(decode_state_vector(&[0xff, 0xff, 0xff, 0x7f]), Err(Malformed::Truncated));
}

#[test]
fn every_prefix_of_an_update_is_refused() {
    let update = whole(&Board::new().doc);
    for len in 0..update.len() {
        assert!(matches!(refused(&mut Board::new(), &update[..len]), Refusal::Malformed(_)), "{len}");
    }
    let longer = [&update[..], &[0]].concat();
    assert_eq!(refused(&mut Board::new(), &longer), Refusal::Malformed(Malformed::Trailing));
}

#[test]
fn content_that_a_board_has_no_use_for_is_refused() {
    for (kind, content) in [
        (2u8, &[1, 1, b'1'][..]),
        (3, &[0]),
        (5, &[1, b'1']),
        (6, &[1, b'b', 1, b'1']),
        (9, &[1, b'g', 126]),
        (11, &[0]),
    ] {
        let mut update = vec![1, 1, 7, 0, 0x20 | kind, 1];
        write_string(&mut update, "placements");
        write_string(&mut update, "k");
        update.extend_from_slice(content);
        update.push(0);
        assert_eq!(
            refused(&mut Board::new(), &update),
            Refusal::Malformed(Malformed::Content),
            "kind {kind}"
        );
    }
    for type_ref in [0, 3, 4, 5, 6, 7, 9, 15] {
        let mut update = vec![1, 1, 7, 0, 0x27, 1];
        write_string(&mut update, "notes");
        write_string(&mut update, "n");
        update.extend_from_slice(&[type_ref, 0]);
        assert_eq!(
            refused(&mut Board::new(), &update),
            Refusal::Malformed(Malformed::Content),
            "type {type_ref}"
        );
    }
}

#[test]
fn client_ids_and_clocks_that_alias_are_refused() {
    let with_client = |client: &[u8], clock: &[u8]| {
        let mut update = vec![1, 1];
        update.extend_from_slice(client);
        update.extend_from_slice(clock);
        update.extend_from_slice(&[0, 1, 0]);
        update
    };
    // 2^53 and above.
    let far = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    assert_eq!(refused(&mut Board::new(), &with_client(&far, &[0])), Refusal::Malformed(Malformed::Number));
    // A clock of 2^31, and a block that ends there.
    let late = [0x80, 0x80, 0x80, 0x80, 0x08];
    assert_eq!(refused(&mut Board::new(), &with_client(&[7], &late)), Refusal::Malformed(Malformed::Number));
    let update = [&[1, 1, 7, 0, 0][..], &[0xff, 0xff, 0xff, 0xff, 0x07], &[0]].concat();
    assert!(matches!(Board::new().offer(1, &update, &mut allow), Outcome::Applied(_)));
    let update = [&[1, 1, 7, 1, 0][..], &[0xff, 0xff, 0xff, 0xff, 0x07], &[0]].concat();
    assert_eq!(refused(&mut Board::new(), &update), Refusal::Malformed(Malformed::Number));
}

#[test]
fn blocks_without_their_dependencies_leave_no_trace() {
    let mut board = Board::new();
    let before = board.index.encode();
    let page = document(7);
    let placements = page.get_or_insert_map("placements");
    for n in 0..3 {
        placements.insert(&mut page.transact_mut(), "k", n);
    }
    let sv = |clock| {
        let mut sv = StateVector::default();
        sv.set_max(yrs::block::ClientID::new(7), clock);
        page.transact().encode_state_as_update_v1(&sv)
    };
    assert_eq!(board.offer(1, &sv(1), &mut allow), Outcome::Gap);
    // A deletion of what is not known.
    assert_eq!(board.offer(1, &[0, 1, 7, 1, 0, 1], &mut allow), Outcome::Gap);
    // An origin, a right origin and a parent that are not known.
    for update in ["01010800a80700017e00", "01010800440700017800", "01010800280007000161017e00"] {
        assert_eq!(board.offer(1, &hex(update), &mut allow), Outcome::Gap, "{update}");
    }
    // A hole before something new.
    assert_eq!(board.offer(1, &hex("010207000a05000100"), &mut allow), Outcome::Gap);
    assert_eq!(board.index.encode(), before);
    board.check();
    assert!(matches!(board.offer(1, &sv(0), &mut allow), Outcome::Applied(_)));
}

#[test]
fn a_hundred_thousand_root_names_cost_nothing() {
    let mut board = Board::new();
    let mut asked = 0;
    for n in 0..1_000 {
        let mut update = vec![1, 1, 7, 0, 0x28, 1];
        write_string(&mut update, &format!("root{n}"));
        write_string(&mut update, "k");
        update.extend_from_slice(&[1, 126, 0]);
        let mut judge = |change: &super::super::Change<'_>| {
            asked += 1;
            allow(change)
        };
        assert!(matches!(board.offer(1, &update, &mut judge), Outcome::Refused(Refusal::Denied { .. })));
    }
    // Nor do those that are deleted at once.
    let mut update = vec![1, 1, 7, 0, 0x21, 1];
    write_string(&mut update, "elsewhere");
    write_string(&mut update, "k");
    update.extend_from_slice(&[1, 0]);
    assert!(matches!(refused(&mut board, &update), Refusal::Denied { .. }));
    assert_eq!(asked, 1_000);
    assert_eq!(board.index, Board::new().index);
}

#[test]
fn a_frame_with_many_clients_is_refused_before_anything_is_resolved() {
    let mut update = Vec::new();
    write_var(&mut update, 100);
    for client in (0..100u64).rev() {
        write_var(&mut update, 1);
        write_var(&mut update, 1_000 + client);
        update.extend_from_slice(&[0, 0, 1]);
    }
    update.push(0);
    assert_eq!(refused(&mut Board::new(), &update), Refusal::TooManyClients);
}

#[test]
fn sections_that_wait_for_each_other_are_refused() {
    // 7: origin (8, 0); 8: origin (7, 0).
    let mut board = Board::new();
    assert_eq!(refused(&mut board, &hex("02010800a1070001010700a108000100")), Refusal::Circular);
    // 7: its own later block.
    assert_eq!(refused(&mut board, &hex("01020700a1070101000100")), Refusal::Circular);
}

#[test]
fn what_is_known_is_skipped_in_any_amount() {
    let mut board = Board::new();
    let page = document(7);
    let text = {
        let notes = page.get_or_insert_map("notes");
        let mut txn = page.transact_mut();
        notes.insert(&mut txn, "n", yrs::TextPrelim::new(""))
    };
    for n in 0..1_000 {
        text.insert(&mut page.transact_mut(), n / 2, "x");
    }
    let update = whole(&page);
    // More than a participant may bring at once in new content would be refused; the same as known content is
    // not.
    assert!(matches!(board.offer(1, &update, &mut allow), Outcome::Applied(_)));
    assert_eq!(board.offer(2, &update, &mut allow), Outcome::Nothing);
    let tight = super::super::Limits { frame: update.len(), content: 1, ..LIMITS };
    let again = examine(&board.index, &Ahead::default(), Author(1), &update, &tight, &mut 0, &mut allow);
    assert!(matches!(again, Examined::Nothing));
    let fresh = examine(&Index::new(), &Ahead::default(), Author(1), &update, &tight, &mut 0, &mut allow);
    assert!(matches!(fresh, Examined::Refused(Refusal::TooMuchNew { .. })));
    let smaller = super::super::Limits { frame: update.len() - 1, ..LIMITS };
    let refused = examine(&Index::new(), &Ahead::default(), Author(1), &update, &smaller, &mut 0, &mut allow);
    assert!(matches!(refused, Examined::Refused(Refusal::FrameTooLarge { .. })));
}

/// Captured: the server's step 1 crossed three keystrokes, and step 2 resends them merged.
#[test]
fn keystrokes_resent_merged_are_known() {
    let mut board = Board::new();
    let page = document(99);
    let text = {
        let notes = page.get_or_insert_map("notes");
        let mut txn = page.transact_mut();
        notes.insert(&mut txn, "n", yrs::TextPrelim::new(""))
    };
    for letter in ["a", "b", "c", "d"] {
        let before = page.transact().state_vector();
        let end = yrs::GetString::get_string(&text, &page.transact()).len();
        text.insert(&mut page.transact_mut(), u32::try_from(end).unwrap(), letter);
        let update = page.transact().encode_state_as_update_v1(&before);
        assert!(matches!(board.offer(1, &update, &mut allow), Outcome::Applied(_)) || letter == "a");
        if letter == "a" {
            assert!(matches!(board.offer(1, &whole(&page), &mut allow), Outcome::Applied(_)));
        }
    }
    let mut sv = StateVector::default();
    sv.set_max(yrs::block::ClientID::new(99), 2);
    let merged = page.transact().encode_state_as_update_v1(&sv);
    assert_eq!(board.offer(1, &merged, &mut allow), Outcome::Nothing);
    assert_eq!(board.offer(1, &hex("010163004463c0010361626300"), &mut allow), Outcome::Nothing);
}
