//! What survives a reload, and that it is done once.

use plumbline_shared::{board::Pile, ids::NoteId};
use uuid::Uuid;

use super::{
    relay::set_session,
    room::{Room, pillar, place, project, rename},
};
use crate::{Event, Intent, Splice};

#[test]
fn what_was_not_sent_is_done_after_the_reload() {
    let mut room = Room::live(2, 3, 2);
    room.disconnect(1);
    let id = project(60);
    room.act(1, Intent::AddProject { id, name: "Thought of on the train".to_owned(), with: Vec::new() });
    room.act(
        1,
        Intent::Place { projects: vec![id, project(0)], pile: Pile::Pillar(pillar(1)), before: None },
    );
    room.reload(1);
    assert_eq!((room.status(1).unsent, room.status(1).synced), (2, false));
    room.connect(1);
    room.settle();
    room.assert_agreement();
    assert_eq!(room.pages[0].replica.board().piles()[&Pile::Pillar(pillar(1))], [id, project(0)]);
}

#[test]
fn what_arrived_unconfirmed_is_not_done_twice() {
    let mut room = Room::live(2, 3, 2);
    let note = NoteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0005_0000));
    room.act(1, Intent::AddNote { id: note, about: project(0).0, text: "once".to_owned() });
    room.settle();
    room.relay.confirms = false;
    room.act(
        1,
        Intent::EditNoteText { id: note, splice: Splice { at: 4, remove: 0, insert: "!".to_owned() } },
    );
    room.act(1, place(0, Pile::Off));
    room.act(1, Intent::AddProject { id: project(61), name: "New".to_owned(), with: Vec::new() });
    room.settle();
    assert_eq!(room.status(1).unsaved, 3);
    // Meanwhile somebody places the card elsewhere: the older placement must not come again.
    room.act(0, place(0, Pile::Pillar(pillar(0))));
    room.settle();
    room.reload(1);
    room.relay.confirms = true;
    room.disconnect(0);
    let taken = room.relay.taken;
    room.connect_all();
    room.settle();
    room.assert_agreement();
    assert_eq!(room.relay.board().notes[&note].text, "once!");
    assert_eq!(room.pile(0, 0), Pile::Pillar(pillar(0)));
    assert_eq!(room.relay.taken, taken + 2, "a step 2 from each, and no update");
}

#[test]
fn what_was_undone_before_the_reload_stays_undone() {
    let mut room = Room::live(1, 3, 2);
    room.act(0, place(0, Pile::Off));
    room.settle();
    room.disconnect(0);
    room.act(0, place(1, Pile::Off));
    room.pages[0].replica.undo();
    room.pages[0].replica.undo();
    room.reload(0);
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert_eq!((room.pile(0, 0), room.pile(0, 1)), (Pile::Unsorted, Pile::Unsorted));
}

#[test]
fn what_was_made_and_undone_unconfirmed_is_not_called_somebody_elses() {
    let mut room = Room::live(2, 3, 2);
    room.relay.confirms = false;
    let note = NoteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0005_0000));
    room.act(1, Intent::AddNote { id: note, about: project(0).0, text: "better not".to_owned() });
    room.settle();
    assert!(room.pages[1].replica.undo());
    room.settle();
    room.reload(1);
    room.relay.confirms = true;
    room.connect(1);
    room.settle();
    let denied: Vec<Event> =
        room.events(1).into_iter().filter(|event| matches!(event, Event::Denied { .. })).collect();
    assert_eq!(denied, []);
    assert_eq!(room.status(1).unsaved, 0);
    assert!(room.relay.board().notes.is_empty());
    room.assert_agreement();
}

#[test]
fn what_the_rules_deny_by_then_is_told_and_given_up() {
    let mut room = Room::live(2, 3, 2);
    room.disconnect(1);
    let placed = room.act(1, place(0, Pile::Off));
    room.reload(1);
    set_session(&mut room.relay, "locked", true);
    room.connect(1);
    room.settle();
    let told = room.events(1).into_iter().find_map(|event| match event {
        Event::Denied { code, intents, reason, .. } => Some((code, intents, reason)),
        _ => None,
    });
    let (code, intents, reason) = told.unwrap();
    assert_eq!((code.as_str(), intents), ("locked", vec![(placed, place(0, Pile::Off))]));
    assert!(reason.contains("locked"));
    room.assert_agreement();
    assert_eq!(room.pile(1, 0), Pile::Unsorted);
}

#[test]
fn a_second_reload_before_the_sync_loses_nothing() {
    let mut room = Room::live(1, 3, 1);
    room.disconnect(0);
    room.act(0, rename(0, "Kept"));
    room.reload(0);
    room.reload(0);
    room.connect(0);
    room.disconnect(0);
    room.reload(0);
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert_eq!(room.name(0, 0), "Kept");
}
