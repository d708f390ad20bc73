//! Two pages of one person with one outbox: a tab that was copied, or taken for gone while it only slept.

use std::collections::BTreeSet;

use plumbline_shared::{board::Pile, ids::NoteId};
use uuid::Uuid;

use super::room::{Room, place, project};
use crate::{Event, Intent, Splice, testing::Chance};

fn note() -> NoteId {
    NoteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0005_0000))
}

fn edit(at: u32, remove: u32, insert: &str) -> Intent {
    Intent::EditNoteText { id: note(), splice: Splice { at, remove, insert: insert.to_owned() } }
}

fn rationale(at: u32, remove: u32, insert: &str) -> Intent {
    let splice = Splice { at, remove, insert: insert.to_owned() };
    Intent::EditRationale { project: project(0), splice }
}

fn text(room: &Room, page: usize) -> String {
    room.pages[page].replica.board().notes[&note()].text.clone()
}

fn denials(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Denied { .. })).count()
}

/// A facilitator who is cut off does a little of everything.
fn apart() -> Room {
    let mut room = Room::live(2, 3, 2);
    room.disconnect(0);
    room.act(0, Intent::AddNote { id: note(), about: project(0).0, text: "A note".to_owned() });
    for (at, letter) in (6..).zip(", by hand".chars()) {
        room.act(0, edit(at, 0, &letter.to_string()));
    }
    room.act(0, edit(0, 2, "One "));
    room.act(0, rationale(0, 0, "Why not?"));
    room.act(0, rationale(0, 4, "Oh, why "));
    assert!(room.pages[0].replica.undo());
    room.act(0, Intent::AddProject { id: project(60), name: "New".to_owned(), with: Vec::new() });
    room.act(0, place(60, Pile::Off));
    room.act(0, place(1, Pile::Off));
    assert!(room.pages[0].replica.undo());
    room
}

fn assert_done_once(room: &Room) {
    room.assert_agreement();
    let board = room.relay.board();
    assert_eq!(board.notes.len(), 1);
    assert_eq!(board.notes[&note()].text, "One note, by hand");
    assert_eq!(board.decisions[&project(0)].rationale, "Why not?");
    assert_eq!(board.projects.len(), 4);
    assert_eq!((board.pile(project(60)), board.pile(project(1))), (Pile::Off, Pile::Unsorted));
}

#[test]
fn what_two_pages_take_up_is_done_once_whoever_comes_first() {
    for (first, second) in [(0, 2), (2, 0)] {
        let mut room = apart();
        assert_eq!(room.copy(0), 2);
        room.connect(first);
        room.settle();
        room.connect(second);
        room.settle();
        assert_done_once(&room);
        assert_eq!([0, 2].map(|page| denials(&room.events(page))), [0, 0]);
    }
}

#[test]
fn what_two_pages_bring_at_once_is_done_once() {
    let mut room = apart();
    room.copy(0);
    room.connect_all();
    room.settle();
    assert_done_once(&room);
}

#[test]
fn what_a_page_took_up_it_can_take_back() {
    let mut room = apart();
    room.reload(0);
    room.connect(0);
    room.settle();
    assert_done_once(&room);
    // The placement and its undo, the placement before, the project.
    assert!((0..4).all(|_| room.pages[0].replica.undo()));
    room.settle();
    room.assert_agreement();
    assert_eq!(room.relay.board().projects.len(), 3);
}

#[test]
fn every_character_stands_once_though_pages_are_copied() {
    for seed in 0..200 {
        let mut room = Room::live(2, 1, 1);
        room.act(0, Intent::AddNote { id: note(), about: project(0).0, text: "abcdef".to_owned() });
        room.settle();
        let mut chance = Chance::new(seed);
        let (mut expected, mut gone) = (BTreeSet::from_iter("abcdef".chars()), BTreeSet::new());
        let mut letters = '\u{4e00}'..='\u{9fff}';
        for _ in 0..80 {
            let page = chance.below(room.pages.len());
            match chance.below(16) {
                0..8 if room.status(page).synced => {
                    let before = text(&room, page);
                    let length = before.chars().count();
                    let at = chance.below(length + 1);
                    let remove = [0, 0, 1, 3][chance.below(4)].min(length - at);
                    let insert: String = letters.by_ref().take([0, 1, 2, 5][chance.below(4)]).collect();
                    room.act(page, edit(at as u32, remove as u32, &insert));
                    expected.extend(insert.chars());
                    gone.extend(before.chars().skip(at).take(remove));
                }
                8 => room.reload(page),
                9 => room.disconnect(page),
                10 | 11 => room.connect(page),
                12 => room.relay.confirms = chance.below(2) == 0,
                13 if room.pages.len() < 6 => {
                    room.copy(page);
                }
                _ => room.travel(chance.below(12), &mut chance),
            }
        }
        room.relay.confirms = true;
        (0..room.pages.len()).for_each(|page| room.disconnect(page));
        room.connect_all();
        room.settle();
        room.assert_agreement();
        let mut all: Vec<char> = text(&room, 0).chars().collect();
        all.sort_unstable();
        assert_eq!(all, Vec::from_iter(&expected - &gone), "seed {seed}");
    }
}

/// A word is taken back apart, into the middle of which somebody else has written: what that did to the text cannot be
/// told from the text.
fn taken_back_around_what_others_wrote() -> Room {
    let mut room = Room::live(2, 3, 2);
    room.act(0, Intent::AddNote { id: note(), about: project(0).0, text: "[]".to_owned() });
    room.settle();
    room.act(1, edit(1, 0, "word"));
    room.settle();
    room.act(0, edit(3, 0, " or "));
    room.settle();
    assert_eq!(text(&room, 1), "[wo or rd]");
    room.disconnect(1);
    assert!(room.pages[1].replica.undo());
    assert_eq!(text(&room, 1), "[ or ]");
    room
}

#[test]
fn what_was_taken_back_in_a_text_survives_a_reload() {
    let mut room = taken_back_around_what_others_wrote();
    room.reload(1);
    room.connect(1);
    room.settle();
    room.assert_agreement();
    assert_eq!((text(&room, 0).as_str(), denials(&room.events(1))), ("[ or ]", 0));
}

#[test]
fn what_cannot_be_taken_back_again_is_told() {
    let mut room = taken_back_around_what_others_wrote();
    // The document is dropped: what the undo did is known by the text alone, which does not tell it.
    room.pages[1].replica.renew();
    room.connect(1);
    room.settle();
    room.assert_agreement();
    let told: Vec<Option<String>> = room
        .events(1)
        .into_iter()
        .filter_map(|event| match event {
            Event::Denied { code, path, .. } if code == "not_repeated" => Some(path),
            _ => None,
        })
        .collect();
    assert_eq!(told, [Some(format!("notes/{}/text", note()))]);
}

#[test]
fn what_hangs_on_something_that_was_given_up_is_done_by_what_was_meant() {
    let mut room = Room::live(2, 1, 1);
    room.act(0, Intent::AddNote { id: note(), about: project(0).0, text: "A".to_owned() });
    room.settle();
    room.disconnect(1);
    room.act(1, edit(1, 0, "x"));
    room.reload(1);
    // Synced, but nothing has left yet: what is typed on hangs on what the page before typed.
    room.connect(1);
    while room.down(1) {}
    room.up(1);
    while room.down(1) {}
    room.act(1, edit(2, 0, "y"));
    assert_eq!(text(&room, 1), "Axy");
    room.disconnect(1);
    let mut outbox = room.pages[1].replica.outbox();
    assert_eq!(outbox.records.len(), 2);
    outbox.records.remove(0);
    room.reload_with(1, outbox);
    room.connect(1);
    room.settle();
    room.assert_agreement();
    assert!(room.events(1).contains(&Event::Reset), "the document could not take it up");
    assert_eq!(text(&room, 0), "Ay");
}
