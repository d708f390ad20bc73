//! Typing that is done again, after a reload or in a fresh document: what others wrote stays, and nothing is done
//! twice.

use std::collections::BTreeSet;

use plumbline_shared::ids::NoteId;
use uuid::Uuid;

use super::room::{Room, project};
use crate::{Intent, Splice, testing::Chance};

fn note() -> NoteId {
    NoteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0005_0000))
}

fn edit(at: u32, remove: u32, insert: &str) -> Intent {
    Intent::EditNoteText { id: note(), splice: Splice { at, remove, insert: insert.to_owned() } }
}

fn room(text: &str) -> Room {
    let mut room = Room::live(2, 1, 1);
    room.act(0, Intent::AddNote { id: note(), about: project(0).0, text: text.to_owned() });
    room.settle();
    room
}

fn text(room: &Room, page: usize) -> String {
    room.pages[page].replica.board().notes[&note()].text.clone()
}

#[test]
fn a_removal_that_arrived_unconfirmed_is_not_done_twice() {
    let mut room = room("aaaaaa");
    room.relay.confirms = false;
    room.act(1, edit(1, 1, ""));
    room.act(1, edit(0, 1, ""));
    room.settle();
    assert_eq!(room.status(1).unsaved, 2);
    room.reload(1);
    room.relay.confirms = true;
    room.disconnect(0);
    room.connect_all();
    room.settle();
    room.assert_agreement();
    assert_eq!(text(&room, 1), "aaaa");
}

#[test]
fn what_was_typed_apart_finds_its_place_after_the_reload() {
    let mut room = room("We keep 𝄞 this one.");
    room.disconnect(1);
    room.act(1, edit(3, 4, "drop"));
    room.act(1, edit(8, 3, ""));
    room.act(1, edit(16, 0, " (Ana)"));
    let mine = text(&room, 1);
    assert_eq!(mine, "We drop this one (Ana).");
    room.act(0, edit(0, 0, "Twenty letters here: "));
    room.settle();
    room.reload(1);
    room.connect(1);
    room.settle();
    room.assert_agreement();
    assert_eq!(text(&room, 0), format!("Twenty letters here: {mine}"));
}

#[test]
fn what_was_typed_into_unsent_typing_finds_it_again() {
    let mut room = room("");
    room.disconnect(1);
    room.act(1, edit(0, 0, "one three"));
    room.act(1, edit(4, 0, "two "));
    room.act(1, edit(0, 4, ""));
    room.act(0, edit(0, 0, "Bob's. "));
    room.settle();
    room.reload(1);
    room.reload(1);
    room.connect(1);
    room.disconnect(1);
    room.reload(1);
    room.connect(1);
    room.settle();
    room.assert_agreement();
    let all = text(&room, 0);
    assert!(["Bob's. two three", "two threeBob's. "].contains(&all.as_str()), "{all}");
}

#[test]
fn typing_taken_back_apart_leaves_what_others_wrote() {
    let mut room = room("stays");
    room.act(1, edit(5, 0, " not"));
    room.settle();
    room.disconnect(1);
    assert!(room.pages[1].replica.undo());
    room.act(0, edit(0, 0, "This "));
    room.settle();
    room.reload(1);
    room.connect(1);
    room.settle();
    room.assert_agreement();
    assert_eq!(text(&room, 0), "This stays");
}

#[test]
fn what_was_taken_out_and_brought_back_apart_is_there_once() {
    let mut room = room("a note of Bob's");
    room.disconnect(1);
    room.act(1, edit(2, 4, "word"));
    room.act(1, edit(0, 2, ""));
    assert!(room.pages[1].replica.undo());
    assert!(room.pages[1].replica.undo());
    assert!(room.pages[1].replica.redo());
    room.act(0, edit(0, 0, "It is "));
    room.settle();
    room.reload(1);
    room.connect(1);
    room.settle();
    room.assert_agreement();
    // Which of two that were written at one place stands first, nobody has said.
    let all = text(&room, 0);
    assert!(["It is a word of Bob's", "a It is word of Bob's"].contains(&all.as_str()), "{all}");
}

/// Two people type into one text; every character is another. Gives what should stand in the end.
fn type_at_random(room: &mut Room, chance: &mut Chance) -> BTreeSet<char> {
    let (mut expected, mut gone) = (BTreeSet::from_iter("abcdef".chars()), BTreeSet::new());
    let mut letters = '\u{4e00}'..='\u{9fff}';
    for _ in 0..60 {
        let page = chance.below(2);
        match chance.below(16) {
            0..8 => {
                if !room.pages[page].replica.status().synced {
                    continue;
                }
                let before = text(room, page);
                let length = before.chars().count();
                let at = chance.below(length + 1);
                let remove = [0, 0, 1, 3][chance.below(4)].min(length - at);
                let insert: String = letters.by_ref().take([0, 1, 2, 5][chance.below(4)]).collect();
                if room.pages[page].replica.act(edit(at as u32, remove as u32, &insert)).is_ok() {
                    expected.extend(insert.chars());
                    gone.extend(before.chars().skip(at).take(remove));
                }
            }
            8 => room.reload(page),
            9 => room.disconnect(page),
            10 | 11 => room.connect(page),
            12 => room.relay.confirms = chance.below(2) == 0,
            13 if chance.below(3) == 0 => room.pages[page].replica.renew(),
            _ => room.travel(chance.below(12), chance),
        }
    }
    &expected - &gone
}

#[test]
fn every_character_stands_once_until_somebody_takes_it_out() {
    for seed in (0..300).chain([2755]) {
        let mut room = room("abcdef");
        let expected = type_at_random(&mut room, &mut Chance::new(seed));
        room.relay.confirms = true;
        room.disconnect(0);
        room.disconnect(1);
        room.connect_all();
        room.settle();
        room.assert_agreement();
        let mut all: Vec<char> = text(&room, 0).chars().collect();
        all.sort_unstable();
        assert_eq!(all, Vec::from_iter(expected), "seed {seed}");
    }
}
