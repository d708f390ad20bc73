//! The sync, what is counted as saved, presence and commands.

use plumbline_shared::{
    board::Pile,
    ids::MessageId,
    messages::{Command, Presence, Seen, ServerMessage},
    wire::{CloseCode, Frame},
};
use uuid::Uuid;

use super::{
    relay::typed,
    room::{Room, person, pillar, place, project, rename, step},
};
use crate::{Connection, Denied, Event, Intent};

#[test]
fn a_change_is_unsent_then_unsaved_then_saved() {
    let mut room = Room::live(1, 3, 1);
    let counts = |room: &Room| (room.status(0).unsent, room.status(0).unsaved);
    let first = room.act(0, place(0, Pile::Off));
    let second = room.act(0, place(1, Pile::Off));
    assert_eq!(counts(&room), (2, 2));
    room.send(0);
    assert_eq!(counts(&room), (0, 2));
    let third = room.act(0, place(2, Pile::Off));
    assert_eq!(counts(&room), (1, 3));
    room.up(0);
    while room.down(0) {}
    assert_eq!(counts(&room), (1, 1));
    let saved: Vec<_> =
        room.events(0).into_iter().filter(|event| matches!(event, Event::Saved { .. })).collect();
    assert_eq!(saved, [Event::Saved { intents: vec![first, second] }]);
    room.settle();
    assert_eq!(counts(&room), (0, 0));
    assert!(room.events(0).contains(&Event::Saved { intents: vec![third] }));
}

#[test]
fn acts_between_two_calls_travel_as_one_frame() {
    let mut room = Room::live(1, 30, 1);
    for n in 0..30 {
        room.act(0, place(n, Pile::Off));
    }
    let taken = room.relay.taken;
    room.settle();
    assert_eq!(room.relay.taken, taken + 1);
}

#[test]
fn nothing_of_ones_own_leaves_before_the_first_sync_is_answered() {
    let mut room = Room::live(1, 2, 1);
    room.disconnect(0);
    room.act(0, place(0, Pile::Off));
    room.connect(0);
    room.act(0, place(1, Pile::Off));
    room.send(0);
    let updates = |frames: Vec<Vec<u8>>| {
        frames.iter().filter(|frame| matches!(Frame::decode(frame), Ok(Frame::Update(_)))).count()
    };
    assert_eq!(updates(room.pages[0].replica.outgoing()), 0);
    assert_eq!(room.status(0).connection, Connection::Connecting);
    assert_eq!(room.status(0).unsent, 2);
    room.settle();
    assert_eq!(room.status(0).connection, Connection::Live);
    room.assert_agreement();
}

#[test]
fn what_was_done_apart_comes_together() {
    let mut room = Room::live(3, 6, 2);
    room.disconnect(1);
    room.disconnect(2);
    assert_eq!(room.status(1).connection, Connection::Offline);
    room.act(0, place(0, Pile::Off));
    room.act(1, place(1, Pile::Pillar(pillar(0))));
    room.act(1, place(2, Pile::Pillar(pillar(1))));
    room.pages[1].replica.undo();
    room.act(2, place(3, Pile::Off));
    room.act(0, rename(3, "Renamed meanwhile"));
    room.connect_all();
    room.settle();
    room.assert_agreement();
    let piles = [0, 1, 2, 3].map(|n| room.pile(0, n));
    assert_eq!(piles, [Pile::Off, Pile::Pillar(pillar(0)), Pile::Unsorted, Pile::Off]);
    assert_eq!(room.name(2, 3), "Renamed meanwhile");
}

#[test]
fn saved_counts_anew_on_each_connection() {
    let mut room = Room::live(1, 4, 1);
    for n in 0..3 {
        room.act(0, place(n, Pile::Off));
        room.settle();
    }
    room.relay.confirms = false;
    room.act(0, rename(0, "On its way"));
    room.settle();
    assert_eq!((room.status(0).unsent, room.status(0).unsaved), (0, 1));
    // It arrived, but nobody could say so any more.
    room.disconnect(0);
    assert_eq!((room.status(0).unsent, room.status(0).unsaved), (1, 1));
    room.act(0, rename(1, "Done offline"));
    room.relay.confirms = true;
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert_eq!(room.name(0, 1), "Done offline");
}

#[test]
fn much_that_was_done_apart_arrives_in_parts() {
    let mut room = Room::new(1, 40, 1);
    room.relay.new_content = 8 * 1024;
    room.connect_all();
    room.settle();
    room.disconnect(0);
    for n in 0..40 {
        let value = "long ".repeat(200).into();
        room.act(0, Intent::EditProject { id: project(n), field: "summary".to_owned(), value });
    }
    room.relay.largest = 0;
    room.connect(0);
    room.settle();
    room.assert_agreement();
    assert!(room.relay.largest <= 8 * 1024, "{}", room.relay.largest);
    assert!(room.relay.board().projects.values().all(|project| project.summary.len() == 1_000));
    let value = "x".repeat(9 * 1024).into();
    let act = Intent::EditProject { id: project(0), field: "more".to_owned(), value };
    assert!(room.pages[0].replica.act(act).is_err());
}

#[test]
fn a_close_code_that_is_final_is_said() {
    let mut room = Room::live(1, 1, 1);
    room.close(0, CloseCode::Refused.number());
    assert_eq!(room.status(0).connection, Connection::Refused { code: 4403 });
    // Nothing that is done now would ever leave: it is not taken.
    assert_eq!(room.pages[0].replica.act(place(0, Pile::Off)), Err(Denied::NotLetIn));
    assert_eq!(room.pages[0].replica.may(&Intent::Undo), Err(Denied::NotLetIn));
    let mut room = Room::live(1, 1, 1);
    room.close(0, CloseCode::TooSlow.number());
    assert_eq!(room.status(0).connection, Connection::Offline);
}

#[test]
fn a_command_is_repeated_until_it_is_answered() {
    let mut room = Room::live(1, 1, 1);
    let id = MessageId(Uuid::from_u128(77));
    room.relay.confirms = false;
    let command = Command::Lock { seen: Seen { step: step(), round: 1 }, locked: true };
    room.pages[0].replica.command(id, command).unwrap();
    room.settle();
    assert_eq!((room.relay.commands.len(), room.status(0).unanswered), (1, 1));
    room.send(0);
    room.settle();
    assert_eq!(room.relay.commands.len(), 1);
    room.reload(0);
    room.relay.confirms = true;
    room.connect(0);
    room.settle();
    assert_eq!((room.relay.commands.len(), room.status(0).unanswered), (2, 0));
    assert!(room.events(0).contains(&Event::Done { re: id }));
}

#[test]
fn presence_is_seen_by_the_others_and_forgotten() {
    let mut room = Room::live(2, 2, 1);
    let state = Presence { holding: Some(project(1)), over: Some("off".to_owned()), ..Presence::default() };
    room.pages[1].replica.presence(state);
    room.settle();
    let seen: Vec<_> = room.pages[0].replica.others().values().cloned().collect();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].holding, seen[0].user.as_ref().unwrap().id), (Some(project(1)), person(1)));
    assert!(room.pages[1].replica.others().values().all(|other| other.holding.is_none()));
    assert!(room.events(0).contains(&Event::Presence));
    let events = room.pages[0].replica.tick(room.now + 30_000);
    assert!(events.contains(&Event::Presence));
    assert!(room.pages[0].replica.others().is_empty());
}

#[test]
fn the_servers_clock_is_known() {
    let room = Room::live(1, 1, 1);
    assert_eq!(room.pages[0].replica.server_now(room.now + 7), room.now + 507);
}

#[test]
fn a_silent_server_is_noticed_once() {
    let mut room = Room::live(1, 1, 1);
    room.relay.confirms = false;
    room.act(0, rename(0, "x"));
    room.settle();
    let replica = &mut room.pages[0].replica;
    assert!(replica.tick(room.now + 9_000).is_empty() && !replica.status().late);
    assert!(replica.tick(room.now + 11_000).is_empty() && replica.status().late);
    assert_eq!(replica.tick(room.now + 30_000), [Event::Stalled]);
    assert_eq!(replica.tick(room.now + 31_000), []);
}

#[test]
fn a_server_that_says_that_it_cannot_save_is_waited_for() {
    let mut room = Room::live(1, 1, 1);
    room.relay.confirms = false;
    room.act(0, rename(0, "x"));
    room.settle();
    let replica = &mut room.pages[0].replica;
    let says = |reason: Option<&str>| typed(&ServerMessage::NotSaving { reason: reason.map(str::to_owned) });
    // It is heard, so that only the confirmation is missing.
    let _ = replica.tick(room.now + 20_000);
    assert_eq!(replica.receive(&says(Some("The disk is full."))), [Event::Saving]);
    assert_eq!(replica.not_saving(), Some("The disk is full."));
    assert_eq!(replica.tick(room.now + 30_000), []);
    assert_eq!(replica.receive(&says(None)), [Event::Saving]);
    assert_eq!(replica.tick(room.now + 31_000), [Event::Stalled]);
    let _ = replica.receive(&says(Some("The disk is full.")));
    replica.closed(1006);
    assert_eq!(replica.not_saving(), None, "what cannot be heard is not known");
}

#[test]
fn an_update_behind_a_gap_asks_for_what_is_missing() {
    let mut room = Room::live(2, 3, 1);
    room.act(1, place(0, Pile::Off));
    room.send(1);
    room.up(1);
    // It never arrives at the other page, which is told of what follows.
    while room.relay.next_for(0).is_some() {}
    room.act(1, place(1, Pile::Off));
    room.settle();
    room.assert_agreement();
    assert_eq!((room.pile(0, 0), room.pile(0, 1)), (Pile::Off, Pile::Off));
}

#[test]
fn a_flag_that_is_not_answered_yet_is_shown_as_ones_own_also_after_a_reload() {
    let mut room = Room::live(1, 2, 1);
    let flag = |room: &mut Room, id: u128, n: u128, reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        let command = Command::Flag { project: project(n), reason };
        room.pages[0].replica.command(MessageId(Uuid::from_u128(id)), command).unwrap();
    };
    let own = |room: &Room| {
        let own = room.pages[0].replica.own_flags();
        own.into_iter().map(|flag| (flag.project, flag.reason)).collect::<Vec<_>>()
    };
    room.disconnect(0);
    flag(&mut room, 1, 0, Some("Older than the strategy"));
    flag(&mut room, 2, 1, Some(""));
    flag(&mut room, 3, 1, None);
    assert_eq!(own(&room), [(project(0), "Older than the strategy".to_owned())]);
    room.reload(0);
    room.relay.confirms = false;
    room.connect(0);
    room.settle();
    // What the server told on joining does not have it yet.
    room.pages[0].replica.receive(&typed(&ServerMessage::Flags { own: Vec::new() }));
    assert_eq!(own(&room), [(project(0), "Older than the strategy".to_owned())]);
    for id in 1..=3 {
        let re = MessageId(Uuid::from_u128(id));
        room.pages[0].replica.receive(&typed(&ServerMessage::Ok { re }));
    }
    assert_eq!(own(&room), []);
}
