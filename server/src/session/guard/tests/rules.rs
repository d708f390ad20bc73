//! The rules of admission, one by one.

use yrs::{
    Any, Doc, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, StateVector, Text, TextPrelim, Transact,
    TransactionMut,
};

use super::super::lib0::{write_string, write_var};
use super::super::{
    Ahead, Author, Change, Examined, Judgement, Kind, MAX_CLIENTS_PER_AUTHOR, MAX_PATH_DEPTH, Refusal,
    SERVER_CLIENT, Standing, examine,
};
use super::board::{Board, LIMITS, Outcome, allow, apply, document, json, json_value, whole};

/// A page that sends each transaction by itself.
struct Page {
    doc: Doc,
}

impl Page {
    fn new(client: u64, board: &Board) -> Self {
        let doc = document(client);
        apply(&doc, &whole(&board.doc));
        Page { doc }
    }

    fn map(&self, name: &str) -> MapRef {
        self.doc.get_or_insert_map(name)
    }

    fn edit(&self, f: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        f(&mut txn);
        txn.encode_update_v1()
    }

    fn set(&self, root: &str, key: &str, value: &str) -> Vec<u8> {
        let map = self.map(root);
        self.edit(|txn| {
            map.insert(txn, key, value);
        })
    }

    fn remove(&self, root: &str, key: &str) -> Vec<u8> {
        let map = self.map(root);
        self.edit(|txn| {
            map.remove(txn, key);
        })
    }

    /// A note with a text, in one transaction.
    fn note(&self, key: &str, text: &str) -> Vec<u8> {
        let notes = self.map("notes");
        self.edit(|txn| {
            let note = notes.insert(txn, key, MapPrelim::default());
            note.insert(txn, "about", "p1");
            note.insert(txn, "text", TextPrelim::new(text));
        })
    }

    fn text(&self, key: &str) -> yrs::TextRef {
        let Some(Out::YMap(note)) = self.map("notes").get(&self.doc.transact(), key) else { panic!() };
        let Some(Out::YText(text)) = note.get(&self.doc.transact(), "text") else { panic!() };
        text
    }
}

/// What the judge is asked about an update, as lines.
fn asked(board: &mut Board, author: u32, update: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    let outcome = board.offer(author, update, &mut |change: &Change<'_>| {
        lines.push(line(change));
        Judgement::Allowed
    });
    assert!(matches!(outcome, Outcome::Applied(_) | Outcome::Nothing), "{outcome:?}");
    board.check();
    lines
}

fn line(change: &Change<'_>) -> String {
    let mut line = format!("{:?} {}", change.what, change.path());
    if let Some(Standing { by, kind }) = change.stood {
        line += &format!(" over {} by {}", kind.map_or("a value".into(), |kind| format!("{kind:?}")), by.0);
    }
    if let Some(by) = change.made_by {
        line += &format!(" in what {} made", by.0);
    }
    line
}

fn applied(board: &mut Board, author: u32, update: &[u8]) {
    let outcome = board.offer(author, update, &mut allow);
    assert!(matches!(outcome, Outcome::Applied(_)), "{outcome:?}");
    board.check();
}

fn refused(board: &mut Board, author: u32, update: &[u8]) -> Refusal<String> {
    match board.offer(author, update, &mut allow) {
        Outcome::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_path_is_asked_about_once() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    assert_eq!(asked(&mut board, 1, &page.set("placements", "p1", "a")), ["Set(\"a\") placements/p1"]);
    assert_eq!(
        asked(&mut board, 1, &page.set("placements", "p1", "b")),
        ["Set(\"b\") placements/p1 over a value by 1"]
    );
    assert_eq!(
        asked(&mut board, 1, &page.remove("placements", "p1")),
        ["Unset placements/p1 over a value by 1"]
    );
    assert_eq!(
        asked(&mut board, 1, &page.note("n", "hi")),
        [
            "Make(Map) notes/n",
            "Set(\"p1\") notes/n/about in what 1 made",
            "Make(Text) notes/n/text in what 1 made",
            "InsertText { units: 2, bytes: 2 } notes/n/text in what 1 made",
        ]
    );
    let text = page.text("n");
    let update = page.edit(|txn| {
        text.insert(txn, 1, "😀");
        text.remove_range(txn, 0, 1);
        text.insert(txn, 2, "!");
    });
    assert_eq!(
        asked(&mut board, 1, &update),
        [
            "InsertText { units: 3, bytes: 5 } notes/n/text in what 1 made",
            "DeleteText { units: 1 } notes/n/text in what 1 made"
        ]
    );
    assert_eq!(asked(&mut board, 1, &page.remove("notes", "n")), ["Unset notes/n over Map by 1"]);
    assert_eq!(asked(&mut board, 1, &whole(&page.doc)), Vec::<String>::new());
    assert_eq!(asked(&mut board, 2, &whole(&page.doc)), Vec::<String>::new());
}

#[test]
fn several_writes_of_one_key_ask_about_what_stays() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    for value in ["a", "b", "c"] {
        page.set("placements", "p1", value);
    }
    assert_eq!(asked(&mut board, 1, &whole(&page.doc)), ["Set(\"c\") placements/p1"]);
    page.set("placements", "p1", "d");
    page.remove("placements", "p1");
    assert_eq!(asked(&mut board, 1, &whole(&page.doc)), ["Unset placements/p1 over a value by 1"]);
    page.set("placements", "p2", "e");
    page.remove("placements", "p2");
    assert_eq!(asked(&mut board, 1, &whole(&page.doc)), ["Unset placements/p2"]);
}

/// Yjs merges overwritten values that an undo manager keeps into one block, and an undo can bring one back
/// whole.
#[test]
fn values_merged_under_one_key_are_written_one_after_the_other() {
    let mut board = Board::new();
    let mut update = vec![1, 1, 7, 0, 0x28, 1];
    write_string(&mut update, "placements");
    write_string(&mut update, "p1");
    update.extend_from_slice(&[3, 125, 1, 125, 2, 125, 3, 0]);
    assert_eq!(asked(&mut board, 1, &update), ["Set(3) placements/p1"]);
    assert!(json(&board.doc).contains("\"p1\":Some(3.0)"));
    assert_eq!(asked(&mut board, 1, &update), Vec::<String>::new());
    board.check_reload();
}

#[test]
fn a_client_id_belongs_to_who_used_it_first() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    applied(&mut board, 1, &page.set("placements", "p1", "a"));
    let next = page.set("placements", "p1", "b");
    assert_eq!(refused(&mut board, 2, &next), Refusal::NotYours);
    assert_eq!(board.index.author_of(7), Some(Author(1)));
    applied(&mut board, 1, &next);
    let servers = Page::new(SERVER_CLIENT, &board).set("placements", "p1", "c");
    assert_eq!(refused(&mut board, 1, &servers), Refusal::NotYours);
    assert_eq!(refused(&mut Board::new(), 1, &document_with_set(SERVER_CLIENT)), Refusal::NotYours);
}

/// The document library drops the second write of a client id without a word, and no replica can tell it from a change that
/// is resent. So does the guard: the first one stands, everywhere alike.
#[test]
fn a_client_id_used_again_below_its_clock_says_nothing_new() {
    let mut board = Board::new();
    let (first, again) = (Page::new(7, &board), Page::new(7, &board));
    applied(&mut board, 1, &first.set("placements", "p1", "a"));
    let before = whole(&board.doc);
    let second = again.set("placements", "p1", "b");
    for author in [1, 2] {
        assert_eq!(board.offer(author, &second, &mut allow), Outcome::Nothing);
    }
    assert_eq!(whole(&board.doc), before);
    // What comes after it is new, and that of whoever had the id first alone.
    let next = again.set("placements", "p2", "c");
    assert_eq!(refused(&mut board, 2, &next), Refusal::NotYours);
    applied(&mut board, 1, &next);
    board.check();
    assert_eq!(json_value(&board.doc)["placements"], serde_json::json!({ "p1": "a", "p2": "c" }));
}

fn document_with_set(client: u64) -> Vec<u8> {
    let doc = document(client);
    let map = doc.get_or_insert_map("placements");
    (0..3).for_each(|n| {
        map.insert(&mut doc.transact_mut(), format!("k{n}"), n);
    });
    // The board's first three clocks of the server are known; make more.
    let map = doc.get_or_insert_map("projects");
    map.insert(&mut doc.transact_mut(), "k", 1);
    whole(&doc)
}

#[test]
fn one_update_may_bring_what_two_of_ones_own_clients_did() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    page.set("placements", "p1", "a");
    let later = document(5);
    apply(&later, &whole(&page.doc));
    let later = Page { doc: later };
    later.set("placements", "p1", "b");
    page.doc
        .transact_mut()
        .apply_update(yrs::updates::decoder::Decode::decode_v1(&whole(&later.doc)).unwrap())
        .unwrap();
    page.set("placements", "p1", "c");
    assert_eq!(asked(&mut board, 1, &whole(&page.doc)), ["Set(\"c\") placements/p1"]);
    assert_eq!(board.index.author_of(5), Some(Author(1)));
}

#[test]
fn nobody_holds_more_client_ids_than_a_session_of_reloads_takes() {
    let mut board = Board::new();
    for client in 0..MAX_CLIENTS_PER_AUTHOR as u64 {
        let mut update = vec![1, 1];
        write_var(&mut update, client);
        update.extend_from_slice(&[0, 0, 1, 0]);
        assert!(matches!(board.offer(1, &update, &mut allow), Outcome::Applied(_)));
    }
    let page = Page::new(1 << 30, &board).set("placements", "p", "a");
    assert_eq!(refused(&mut board, 1, &page), Refusal::TooManyReloads);
    applied(&mut board, 2, &page);
}

#[test]
fn a_map_is_made_only_where_nothing_stands() {
    let mut board = Board::new();
    let (one, two) = (Page::new(7, &board), Page::new(8, &board));
    let (first, second) = (one.note("n", "one"), two.note("n", "two"));
    applied(&mut board, 1, &first);
    assert!(
        matches!(refused(&mut board, 2, &second), Refusal::Occupied(path) if path.to_string() == "notes/n")
    );
    // Nor a value over it, nor a map over a value.
    let three = Page::new(9, &board);
    assert!(matches!(refused(&mut board, 3, &three.set("notes", "n", "x")), Refusal::Occupied(_)));
    let three = Page::new(9, &board);
    applied(&mut board, 3, &three.set("notes", "m", "x"));
    assert!(matches!(refused(&mut board, 3, &three.note("m", "y")), Refusal::Occupied(_)));
}

#[test]
fn what_was_deleted_can_be_brought_back() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    let mut undo = yrs::UndoManager::with_options(yrs::undo::Options {
        capture_timeout_millis: 0,
        ..yrs::undo::Options::<()>::default()
    });
    undo.expand_scope(&page.doc, &page.map("notes"));
    applied(&mut board, 1, &page.note("n", "hi"));
    applied(&mut board, 1, &page.remove("notes", "n"));
    let before = page.doc.transact().state_vector();
    undo.undo_blocking();
    let update = page.doc.transact().encode_state_as_update_v1(&before);
    let lines = asked(&mut board, 1, &update);
    assert_eq!(lines[0], "Make(Map) notes/n");
    assert!(json(&board.doc).contains("hi"));
    assert_eq!(json(&board.doc), json(&page.doc));
    // Deleted and brought back within one update.
    let other = Page::new(8, &board);
    let mut undo = yrs::UndoManager::with_options(yrs::undo::Options {
        capture_timeout_millis: 0,
        ..yrs::undo::Options::<()>::default()
    });
    undo.expand_scope(&other.doc, &other.map("notes"));
    other.remove("notes", "n");
    undo.undo_blocking();
    let lines = asked(&mut board, 2, &whole(&other.doc));
    assert_eq!(lines[..2], ["Unset notes/n over Map by 1", "Make(Map) notes/n over Map by 1"]);
    assert_eq!(json(&board.doc), json(&other.doc));
}

#[test]
fn what_is_written_into_something_dead_is_taken_without_a_question_and_seen_by_nobody() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    applied(&mut board, 1, &page.note("n", "hi"));
    let other = Page::new(8, &board);
    applied(&mut board, 1, &page.remove("notes", "n"));
    let text = other.text("n");
    let update = other.edit(|txn| text.insert(txn, 1, "typed meanwhile"));
    assert_eq!(asked(&mut board, 2, &update), Vec::<String>::new());
    assert_eq!(board.index.next_clock(8), 15);
    let next = other.edit(|txn| text.insert(txn, 4, "more"));
    assert_eq!(asked(&mut board, 2, &next), Vec::<String>::new());
    applied(&mut board, 2, &other.set("placements", "p1", "a"));
    board.check_reload();
}

#[test]
fn what_is_made_and_deleted_at_once_takes_its_contents_with_it() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    page.note("n", "a secret that nobody allowed");
    page.remove("notes", "n");
    let update = whole(&page.doc);
    let Examined::Pass(admitted) =
        examine(&board.index, &Ahead::default(), Author(1), &update, &LIMITS, &mut 0, &mut allow)
    else {
        panic!()
    };
    assert!(admitted.update.len() < 60, "{}", admitted.update.len());
    assert_eq!(asked(&mut board, 1, &update), ["Unset notes/n"]);
}

/// A forged update can leave out of its delete set what its own writes delete.
#[test]
fn what_stays_is_judged_even_if_the_delete_set_is_forged() {
    let mut board = Board::new();
    let mut update = vec![1, 3, 7, 0];
    for value in 1..=3u8 {
        if value == 1 {
            update.extend_from_slice(&[0x28, 1]);
            write_string(&mut update, "placements");
            write_string(&mut update, "p1");
        } else {
            update.extend_from_slice(&[0xa8, 7, value - 2]);
        }
        update.extend_from_slice(&[1, 125, value]);
    }
    update.push(0);
    assert_eq!(
        asked(&mut board, 1, &update),
        ["Set(1) placements/p1", "Set(2) placements/p1", "Set(3) placements/p1"]
    );
    // A deleted block at a live key unsets it.
    assert_eq!(
        asked(&mut board, 1, &[1, 1, 7, 3, 0xa1, 7, 2, 1, 0]),
        ["Unset placements/p1 over a value by 1"]
    );
    assert!(!json(&board.doc).contains("p1"));
}

#[test]
fn content_fits_its_place() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    // 0: the map n, 1: n/about, 2: n/text, 3 and 4: "hi".
    applied(&mut board, 1, &page.note("n", "hi"));
    let with = |block: &[u8]| [&[1, 1, 8, 0], block, &[0]].concat();
    let value = [1, 126];
    for (block, refusal) in [
        // A value in a text, beside its letters.
        ([&[0x88, 7, 3], &value[..]].concat(), Refusal::Misplaced),
        // A value in a text, by parent.
        ([&[0x28, 0, 7, 2, 1, b'k'], &value[..]].concat(), Refusal::Misplaced),
        ([&[0x08, 0, 7, 2], &value[..]].concat(), Refusal::Misplaced),
        // Text in a map.
        (vec![0x84, 7, 1, 1, b'x'], Refusal::Misplaced),
        (vec![0x24, 0, 7, 0, 1, b'k', 1, b'x'], Refusal::Misplaced),
        // No key in a map, and in a root.
        ([&[0x08, 0, 7, 0], &value[..]].concat(), Refusal::Misplaced),
        ([&[0x08, 1, 5][..], b"notes", &value].concat(), Refusal::Misplaced),
        // A parent that is neither map nor text.
        ([&[0x28, 0, 7, 1, 1, b'k'], &value[..]].concat(), Refusal::Misplaced),
        ([&[0x28, 0, 7, 3, 1, b'k'], &value[..]].concat(), Refusal::Misplaced),
        // A key with a right origin.
        ([&[0x48, 7, 1], &value[..]].concat(), Refusal::Torn),
        ([&[0xc8, 7, 1, 7, 1], &value[..]].concat(), Refusal::Torn),
        // Origins in two places.
        (vec![0xc4, 7, 3, 7, 1, 1, b'x'], Refusal::Torn),
    ] {
        assert_eq!(refused(&mut board, 2, &with(&block)), refusal, "{block:?}");
    }
    board.check();
}

#[test]
fn maps_in_maps_end_somewhere() {
    let mut board = Board::new();
    let mut update = vec![1];
    write_var(&mut update, MAX_PATH_DEPTH as u64 + 1);
    update.extend_from_slice(&[7, 0]);
    for depth in 0..=MAX_PATH_DEPTH {
        if depth == 0 {
            update.extend_from_slice(&[0x27, 1]);
            write_string(&mut update, "notes");
        } else {
            update.extend_from_slice(&[0x27, 0, 7, u8::try_from(depth - 1).unwrap()]);
        }
        write_string(&mut update, "k");
        update.push(1);
    }
    update.push(0);
    assert_eq!(refused(&mut board, 1, &update), Refusal::TooDeep);
    update[1] -= 1;
    update.truncate(update.len() - 8);
    update.push(0);
    let lines = asked(&mut board, 1, &update);
    assert_eq!(lines.last().unwrap(), "Make(Map) notes/k/k/k/k/k/k/k/k in what 1 made");
}

#[test]
fn a_denial_refuses_everything_and_leaves_no_trace() {
    let mut board = Board::new();
    let before = board.index.encode();
    let page = Page::new(7, &board);
    page.set("placements", "p1", "a");
    page.note("n", "hi");
    let mut judge = |change: &Change<'_>| {
        if change.keys == ["n", "text"] {
            Judgement::Denied("no notes now".to_owned())
        } else {
            Judgement::Allowed
        }
    };
    let Outcome::Refused(refusal) = board.offer(1, &whole(&page.doc), &mut judge) else { panic!() };
    assert_eq!(refusal.to_string(), "no notes now");
    assert_eq!(refusal.code(), "denied");
    assert!(matches!(refusal, Refusal::Denied { path, .. } if path.to_string() == "notes/n/text"));
    assert_eq!(board.index.encode(), before);
}

#[test]
fn a_momentary_denial_of_a_plain_value_is_compensated_and_of_anything_else_refused() {
    let mut later = |_: &Change<'_>| Judgement::Later("the step is over".to_owned());
    let edits: [fn(&Page) -> Vec<u8>; 3] = [
        |page| page.set("placements", "p1", "new"),
        |page| page.remove("placements", "p1"),
        |page| page.set("placements", "p2", "new"),
    ];
    for edit in edits {
        let mut board = Board::new();
        let page = Page::new(7, &board);
        applied(&mut board, 1, &page.set("placements", "p1", "old"));
        let before = json(&board.doc);
        let outcome = board.offer(1, &edit(&page), &mut later);
        let Outcome::Applied(frame) = outcome else { panic!("{outcome:?}") };
        board.check();
        assert_eq!(json(&board.doc), before);
        assert_ne!(json(&page.doc), before);
        apply(&page.doc, &frame);
        assert_eq!(json(&page.doc), before);
    }
    let mut board = Board::new();
    let page = Page::new(7, &board);
    let note = page.note("n", "hi");
    assert!(matches!(board.offer(1, &note, &mut later), Outcome::Refused(Refusal::Denied { .. })));
    applied(&mut board, 1, &note);
    let text = page.text("n");
    let typed = page.edit(|txn| text.insert(txn, 0, "x"));
    assert!(matches!(board.offer(1, &typed, &mut later), Outcome::Refused(Refusal::Denied { .. })));
    applied(&mut board, 1, &typed);
    let gone = page.remove("notes", "n");
    assert!(matches!(board.offer(1, &gone, &mut later), Outcome::Refused(Refusal::Denied { .. })));
    board.check_reload();
}

#[test]
fn a_partly_known_block_is_cut_where_the_known_part_ends() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    applied(&mut board, 1, &page.note("n", ""));
    let text = page.text("n");
    let first = page.edit(|txn| text.insert(txn, 0, "ab"));
    applied(&mut board, 1, &first);
    page.edit(|txn| text.insert(txn, 2, "cd"));
    // The client has merged the four letters into one block.
    let mut sv = StateVector::default();
    sv.set_max(yrs::block::ClientID::new(7), 3);
    let update = page.doc.transact().encode_state_as_update_v1(&sv);
    assert_eq!(
        asked(&mut board, 1, &update),
        ["InsertText { units: 2, bytes: 2 } notes/n/text in what 1 made"]
    );
    assert_eq!(json(&board.doc), json(&page.doc));
}

#[test]
fn a_cut_between_the_halves_of_a_pair_leaves_a_replacement() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    applied(&mut board, 1, &page.note("n", ""));
    let next = board.index.next_clock(7);
    // One unit as U+FFFD, as Yjs writes half a pair; then the whole pair from the clock before.
    let block = |clock: u32, text: &str| {
        let mut out = vec![1, 1, 7];
        write_var(&mut out, u64::from(clock));
        out.extend_from_slice(&[4, 0, 7, 2]);
        write_string(&mut out, text);
        out.push(0);
        out
    };
    applied(&mut board, 1, &block(next, "\u{fffd}"));
    applied(&mut board, 1, &block(next, "😀x"));
    let Some(Out::YMap(note)) = board.doc.get_or_insert_map("notes").get(&board.doc.transact(), "n") else {
        panic!()
    };
    let Some(Out::YText(text)) = note.get(&board.doc.transact(), "text") else { panic!() };
    assert_eq!(text.get_string(&board.doc.transact()), "\u{fffd}\u{fffd}x");
}

#[test]
fn what_is_ahead_counts_in_the_pre_check() {
    let mut board = Board::new();
    let page = Page::new(7, &board);
    let updates = [
        page.set("placements", "p1", "a"),
        page.note("n", "hi"),
        page.set("placements", "p1", "b"),
        page.remove("notes", "n"),
    ];
    let mut ahead = Ahead::default();
    let mut appended = Vec::new();
    for (number, update) in updates.iter().enumerate() {
        let alone = examine(&board.index, &Ahead::default(), Author(1), update, &LIMITS, &mut 0, &mut allow);
        assert_eq!(matches!(alone, Examined::Gap), number > 0);
        let Examined::Pass(admitted) =
            examine(&board.index, &ahead, Author(1), update, &LIMITS, &mut 0, &mut |change| {
                assert!(number != 2 || change.stood == Some(Standing { by: Author(1), kind: None }));
                assert!(
                    number != 3 || change.stood == Some(Standing { by: Author(1), kind: Some(Kind::Map) })
                );
                allow(change)
            })
        else {
            panic!("{number}")
        };
        ahead.push(&admitted.delta);
        let again = examine(&board.index, &ahead, Author(1), update, &LIMITS, &mut 0, &mut allow);
        assert!(matches!(again, Examined::Nothing), "{number}: {again:?}");
        assert!(matches!(
            examine(&board.index, &ahead, Author(2), update, &LIMITS, &mut 0, &mut allow),
            Examined::Nothing
        ));
        appended.push(admitted.update);
    }
    for update in appended {
        applied(&mut board, 1, &update);
        ahead.settle(&board.index);
    }
    assert!(ahead.is_empty());
    assert_eq!(json(&board.doc), json(&page.doc));
}

#[test]
fn the_server_may_write_what_it_likes_and_is_known_for_it() {
    let mut board = Board::new();
    board.write(|txn| {
        let projects = yrs::WriteTxn::get_or_insert_map(txn, "projects");
        let project = projects.insert(txn, "p1", MapPrelim::default());
        project.insert(txn, "name", "Bridge");
        project.insert(txn, "name", "Tunnel");
        project.insert(txn, "cost", Any::from(12.5));
        projects.remove(txn, "p0");
    });
    board.check();
    let page = Page::new(7, &board);
    let projects = page.map("projects");
    let Some(Out::YMap(project)) = projects.get(&page.doc.transact(), "p1") else { panic!() };
    let update = page.edit(|txn| {
        project.insert(txn, "name", "Dam");
    });
    assert_eq!(
        asked(&mut board, 1, &update),
        ["Set(\"Dam\") projects/p1/name over a value by 0 in what 0 made"]
    );
}
