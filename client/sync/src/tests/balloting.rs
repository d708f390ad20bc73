//! The own ballot: what was answered here shows at once, waits to be confirmed, and is told when it does not count.

use plumbline_shared::{
    answer::{Answer, Item},
    ids::{MessageId, ProjectId},
    messages::{ClientMessage, Command, OwnAnswer, OwnBallot, ServerMessage},
    words::Verdict,
};
use uuid::Uuid;

use super::{
    relay::typed,
    room::{Room, project, step},
};
use crate::Event;

/// A page that has been told its ballot over three projects, and a relay that answers nothing by itself.
fn room() -> Room {
    let mut room = Room::live(1, 3, 1);
    room.relay.confirms = false;
    tell(&mut room, &ServerMessage::Ballot(ballot(&[])));
    room
}

fn ballot(answers: &[(u128, Verdict)]) -> OwnBallot {
    OwnBallot {
        step: step(),
        round: 1,
        items: (0..3).map(|n| Item::project(project(n))).collect(),
        answers: answers.iter().map(|(n, verdict)| own(*n, *verdict)).collect(),
        ..OwnBallot::default()
    }
}

fn own(n: u128, verdict: Verdict) -> OwnAnswer {
    OwnAnswer { item: Item::project(project(n)), value: Answer::Verdict { verdict } }
}

fn tell(room: &mut Room, message: &ServerMessage) -> Vec<Event> {
    room.pages[0].replica.receive(&typed(message))
}

fn command(room: &mut Room, command: Command) -> MessageId {
    let id = MessageId(Uuid::now_v7());
    room.pages[0].replica.command(id, command).unwrap();
    id
}

fn cast(room: &mut Room, n: u128, verdict: Option<Verdict>) -> MessageId {
    let value = verdict.map(|verdict| Answer::Verdict { verdict });
    command(room, Command::Cast { step: step(), round: 1, item: Item::project(project(n)), value })
}

fn shown(room: &Room) -> OwnBallot {
    room.pages[0].replica.own_ballot().unwrap()
}

fn denied(re: MessageId) -> ServerMessage {
    let (code, reason) = ("not_open".to_owned(), "It was sealed.".to_owned());
    ServerMessage::Denied { re: Some(re), frame: None, code, reason, taken_back: false, path: None }
}

#[test]
fn an_answer_shows_at_once_and_is_unconfirmed_until_the_server_says_so() {
    let mut room = room();
    let re = cast(&mut room, 1, Some(Verdict::Stop));
    assert_eq!(shown(&room).answers, [own(1, Verdict::Stop)]);
    assert_eq!(room.pages[0].replica.unconfirmed(), [Item::project(project(1))]);
    tell(&mut room, &ServerMessage::Ok { re });
    assert_eq!(shown(&room).answers, [own(1, Verdict::Stop)], "nothing flickers");
    assert_eq!(room.pages[0].replica.unconfirmed(), []);
}

#[test]
fn an_answer_that_came_too_late_is_told_and_is_gone() {
    let mut room = room();
    tell(&mut room, &ServerMessage::Ballot(ballot(&[(1, Verdict::Move)])));
    let re = cast(&mut room, 1, Some(Verdict::Stop));
    let events = tell(&mut room, &denied(re));
    let item = Item::project(project(1));
    let lost = events
        .iter()
        .position(|event| *event == Event::NotCounted { step: step(), round: 1, item: item.clone() });
    let why =
        events.iter().position(|event| matches!(event, Event::Denied { code, .. } if code == "not_open"));
    assert!(lost.is_some() && lost < why, "{events:?}");
    assert_eq!(shown(&room).answers, [own(1, Verdict::Move)], "what counts stands again");
    let back = cast(&mut room, 1, None);
    let events = tell(&mut room, &denied(back));
    assert!(!events.iter().any(|event| matches!(event, Event::NotCounted { .. })), "nothing was answered");
}

#[test]
fn answers_given_offline_survive_a_reload_and_are_sent_once_each() {
    let mut room = room();
    room.disconnect(0);
    cast(&mut room, 0, Some(Verdict::Wait));
    cast(&mut room, 1, Some(Verdict::Wait));
    cast(&mut room, 0, Some(Verdict::Stop));
    room.reload(0);
    room.relay.confirms = true;
    room.connect(0);
    tell(&mut room, &ServerMessage::Ballot(ballot(&[])));
    let mut answers = shown(&room).answers;
    answers.sort_by(|a, b| a.item.cmp(&b.item));
    assert_eq!(answers, [own(0, Verdict::Stop), own(1, Verdict::Wait)]);
    room.settle();
    let sent: Vec<(Item, Option<Answer>)> = room
        .relay
        .commands
        .iter()
        .filter_map(|ClientMessage { command, .. }| match command {
            Command::Cast { item, value, .. } => Some((item.clone(), value.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(sent.len(), 2, "what was said anew before it left was said once: {sent:?}");
    assert_eq!(room.pages[0].replica.unconfirmed(), []);
}

#[test]
fn who_sits_out_sees_it_at_once() {
    let mut room = room();
    let out = |room: &Room| -> Vec<ProjectId> { shown(room).out };
    let re = command(&mut room, Command::Recuse { project: project(2), out: true });
    assert_eq!(out(&room), [project(2)]);
    tell(&mut room, &ServerMessage::Ok { re });
    assert_eq!(out(&room), [project(2)]);
    tell(
        &mut room,
        &ServerMessage::Ballot(OwnBallot { items: Vec::new(), out: vec![project(2)], ..ballot(&[]) }),
    );
    command(&mut room, Command::Recuse { project: project(2), out: false });
    assert_eq!(out(&room), []);
    assert_eq!(shown(&room).items, [Item::project(project(2))], "and is asked, after all");
}
