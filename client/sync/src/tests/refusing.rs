//! Frames that are refused or taken back, and bytes that cannot be read.

use plumbline_shared::{
    board::Pile,
    wire::{CloseCode, Frame},
};

use super::{
    relay::Judgement,
    room::{Room, pillar, place, project, rename},
};
use crate::{Connection, Event, Intent, IntentId};

fn denials(events: Vec<Event>) -> Vec<(bool, Vec<(IntentId, Intent)>)> {
    let denied = |event| match event {
        Event::Denied { taken_back, intents, .. } => Some((taken_back, intents)),
        _ => None,
    };
    events.into_iter().filter_map(denied).collect()
}

/// Nothing may be called this.
const FORBIDDEN: &str = "Forbidden";

fn refuse_the_name(room: &mut Room) {
    room.relay.judge = Some(Box::new(|_, after| {
        let forbidden = after.projects.values().any(|project| project.name == FORBIDDEN);
        if forbidden { Judgement::Refuse } else { Judgement::Accept }
    }));
}

#[test]
fn a_refused_intent_is_told_and_the_rest_is_kept() {
    let mut room = Room::live(2, 4, 2);
    refuse_the_name(&mut room);
    room.act(0, place(0, Pile::Off));
    room.send(0);
    let refused = room.act(0, rename(1, FORBIDDEN));
    room.send(0);
    // It goes on before it knows, in a frame of its own and in one that has not left.
    room.act(0, place(2, Pile::Off));
    room.send(0);
    room.act(0, place(3, Pile::Off));
    room.settle();
    let events = room.events(0);
    assert!(events.contains(&Event::Reset));
    assert_eq!(denials(events), [(false, vec![(refused, rename(1, FORBIDDEN))])]);
    room.assert_agreement();
    assert_eq!([0, 2, 3].map(|n| room.pile(1, n)), [Pile::Off; 3]);
    assert_eq!(room.name(0, 1), "Project 1");
    room.act(0, rename(1, "Allowed"));
    room.settle();
    assert_eq!(room.name(1, 1), "Allowed");
    room.assert_agreement();
}

#[test]
fn of_many_in_one_frame_only_the_refused_one_is_lost() {
    let mut room = Room::live(2, 8, 2);
    refuse_the_name(&mut room);
    room.disconnect(0);
    for n in 0..4 {
        room.act(0, place(n, Pile::Off));
    }
    let refused = room.act(0, rename(5, FORBIDDEN));
    for n in 4..8 {
        room.act(0, place(n, Pile::Pillar(pillar(0))));
    }
    room.connect(0);
    room.settle();
    assert_eq!(denials(room.events(0)), [(false, vec![(refused, rename(5, FORBIDDEN))])]);
    room.assert_agreement();
    assert_eq!(room.relay.board().placements.len(), 8);
    assert_eq!(room.name(0, 5), "Project 5");
}

#[test]
fn the_search_for_the_refused_one_survives_cuts_and_reloads() {
    let mut room = Room::live(1, 8, 2);
    refuse_the_name(&mut room);
    room.disconnect(0);
    for n in 0..8 {
        room.act(0, place(n, Pile::Off));
    }
    let refused = room.act(0, rename(5, FORBIDDEN));
    for cut in 0..30 {
        room.connect(0);
        for _ in 0..cut {
            room.send(0);
            room.up(0);
            room.down(0);
        }
        if cut % 3 == 0 { room.reload(0) } else { room.disconnect(0) }
    }
    room.connect(0);
    room.settle();
    assert_eq!(denials(room.events(0)), [(false, vec![(refused, rename(5, FORBIDDEN))])]);
    room.assert_agreement();
    assert_eq!(room.relay.board().placements.len(), 8);
}

#[test]
fn while_the_document_is_replaced_acts_are_taken_and_shown() {
    let mut room = Room::live(1, 4, 2);
    refuse_the_name(&mut room);
    room.act(0, rename(1, FORBIDDEN));
    room.send(0);
    room.up(0);
    room.down(0);
    assert_eq!(room.status(0).connection, Connection::Connecting);
    room.act(0, place(0, Pile::Off));
    assert_eq!(room.pile(0, 0), Pile::Off);
    room.disconnect(0);
    room.act(0, place(2, Pile::Off));
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert_eq!((room.pile(0, 0), room.pile(0, 2)), (Pile::Off, Pile::Off));
    assert_eq!(room.name(0, 1), "Project 1");
}

#[test]
fn what_is_taken_back_is_told_and_the_document_goes_on() {
    let mut room = Room::live(2, 4, 2);
    room.relay.judge = Some(Box::new(|before, after| {
        let changed = before.placements.get(&project(0)) != after.placements.get(&project(0));
        if changed { Judgement::TakeBack(vec![(project(0), None)]) } else { Judgement::Accept }
    }));
    let taken_back = room.act(1, place(0, Pile::Off));
    room.settle();
    let events = room.events(1);
    assert!(!events.contains(&Event::Reset));
    assert_eq!(denials(events), [(true, vec![(taken_back, place(0, Pile::Off))])]);
    assert_eq!(room.pile(1, 0), Pile::Unsorted);
    room.act(1, place(1, Pile::Off));
    room.settle();
    assert_eq!(room.pile(0, 1), Pile::Off);
    room.assert_agreement();
}

#[test]
fn of_many_in_one_frame_the_one_that_the_moment_denies_is_blamed() {
    let mut room = Room::live(2, 4, 2);
    room.relay.judge = Some(Box::new(|_, _| Judgement::TakeBack(vec![(project(0), None)])));
    let note = Intent::AddNote {
        id: plumbline_shared::ids::NoteId(uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0005_0000)),
        about: project(0).0,
        text: "Why?".to_owned(),
    };
    let taken_back = room.act(1, place(0, Pile::Off));
    let noted = room.act(1, note);
    room.send(1);
    // The step changes while the frame is under way: notes are still taken, placements are not.
    let step = super::room::step().0;
    room.relay.write(|txn, roots| {
        use yrs::Map;
        let Some(yrs::Out::YMap(step)) =
            roots(plumbline_shared::schema::Root::Agenda).get(txn, &step.to_string())
        else {
            panic!("the step is there");
        };
        step.insert(txn, "kind", "gather");
    });
    room.relay.denies = "not_in_this_step";
    room.settle();
    let events = room.events(1);
    assert!(events.contains(&Event::Saved { intents: vec![noted] }));
    assert_eq!(denials(events), [(true, vec![(taken_back, place(0, Pile::Off))])]);
    room.assert_agreement();
}

#[test]
fn bytes_that_cannot_be_read_lose_nothing() {
    let mut room = Room::live(2, 4, 2);
    room.act(0, place(0, Pile::Off));
    for bytes in [&[0xff; 3][..], &Frame::Update(&[9, 9, 9]).encode(), &Frame::Step2(&[]).encode(), &[]] {
        room.pages[0].replica.receive(bytes);
        room.act(0, place(1, Pile::Off));
        room.settle();
        room.assert_agreement();
        room.act(0, place(1, Pile::Unsorted));
        room.disconnect(0);
        room.connect(0);
    }
    room.settle();
    assert!(room.events(0).contains(&Event::Reset));
    assert_eq!(room.pile(1, 0), Pile::Off);
    room.assert_agreement();
}

#[test]
fn a_server_that_talks_nonsense_is_left() {
    let mut room = Room::live(1, 1, 1);
    let mut stalled = false;
    for _ in 0..10 {
        stalled |= room.pages[0].replica.receive(&[0xff]).contains(&Event::Stalled);
    }
    assert!(stalled);
    room.disconnect(0);
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert_eq!(room.status(0).connection, Connection::Live);
}

#[test]
fn a_frame_that_is_too_large_for_the_server_is_found_and_told() {
    let mut room = Room::live(1, 4, 1);
    room.act(0, place(0, Pile::Off));
    let large = room.act(0, rename(1, FORBIDDEN));
    room.send(0);
    room.close(0, CloseCode::TooLarge.number());
    assert_eq!(room.status(0).connection, Connection::Offline);
    // Now each by itself: the first gets through, the second closes the connection again.
    room.connect(0);
    for _ in 0..20 {
        room.send(0);
        let carries = room.status(0).unsent == 0 && room.status(0).unsaved == 1;
        if carries {
            break;
        }
        room.up(0);
        room.down(0);
    }
    room.close(0, CloseCode::TooLarge.number());
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert_eq!(denials(room.events(0)), [(false, vec![(large, rename(1, FORBIDDEN))])]);
    assert_eq!((room.pile(0, 0), room.name(0, 1)), (Pile::Off, "Project 1".to_owned()));
}
