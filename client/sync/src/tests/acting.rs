//! What one page does, and takes back.

use plumbline_shared::{
    board::Pile,
    ids::{NoteId, StepId},
    policy,
    words::{Role, StepKind},
};
use uuid::Uuid;

use super::room::{Room, person, pillar, place, project, rename, step};
use crate::{Denied, Intent, Options, Replica, Splice, Value};

fn note(n: u128) -> NoteId {
    NoteId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0005_0000 + n))
}

fn written(id: NoteId, at: u32, remove: u32, insert: &str) -> Intent {
    Intent::EditNoteText { id, splice: Splice { at, remove, insert: insert.to_owned() } }
}

#[test]
fn an_act_is_shown_at_once_and_by_all_in_the_end() {
    let mut room = Room::live(2, 4, 2);
    let revision = room.pages[1].replica.revision();
    room.act(1, place(2, Pile::Pillar(pillar(1))));
    assert_eq!(room.pile(1, 2), Pile::Pillar(pillar(1)));
    assert!(room.pages[1].replica.revision() > revision);
    assert_eq!(room.pile(0, 2), Pile::Unsorted);
    room.settle();
    assert_eq!(room.pile(0, 2), Pile::Pillar(pillar(1)));
    room.assert_agreement();
}

#[test]
fn cards_lie_in_the_order_in_which_they_were_put() {
    let mut room = Room::live(1, 5, 1);
    let pile = Pile::Pillar(pillar(0));
    let put = |projects: &[u128], before: Option<u128>| Intent::Place {
        projects: projects.iter().map(|n| project(*n)).collect(),
        pile,
        before: before.map(project),
    };
    room.act(0, put(&[3, 0], None));
    room.act(0, put(&[1], Some(0)));
    room.act(0, put(&[4, 2], Some(3)));
    let order = |room: &Room| room.pages[0].replica.board().piles()[&pile].clone();
    assert_eq!(order(&room), [4, 2, 3, 1, 0].map(project));
    let unsaved = room.status(0).unsaved;
    room.act(0, put(&[2, 3], Some(1)));
    assert_eq!(room.status(0).unsaved, unsaved, "a card placed where it lies is no change");
    room.act(0, put(&[0], Some(4)));
    assert_eq!(order(&room), [0, 4, 2, 3, 1].map(project));
    room.act(0, Intent::Unplace { projects: vec![project(4), project(3)] });
    assert_eq!(order(&room), [0, 2, 1].map(project));
}

#[test]
fn two_who_place_one_card_at_once_leave_it_on_one_pile() {
    let mut room = Room::live(3, 3, 2);
    room.act(1, place(0, Pile::Pillar(pillar(0))));
    room.act(2, place(0, Pile::Off));
    room.settle();
    room.assert_agreement();
    let board = room.relay.board();
    assert_eq!(board.piles().values().flatten().filter(|id| **id == project(0)).count(), 1);
    assert_ne!(board.pile(project(0)), Pile::Unsorted);
}

#[test]
fn two_cards_put_at_one_spot_at_once_leave_room_between_them() {
    let mut room = Room::live(3, 4, 1);
    let pile = Pile::Pillar(pillar(0));
    room.act(0, place(0, pile));
    room.settle();
    room.act(1, place(1, pile));
    room.act(2, place(2, pile));
    room.settle();
    let order = room.relay.board().piles()[&pile].clone();
    room.act(0, Intent::Place { projects: vec![project(3)], pile, before: Some(order[2]) });
    room.settle();
    assert_eq!(room.relay.board().piles()[&pile], [order[0], order[1], project(3), order[2]]);
}

#[test]
fn only_the_own_acts_are_taken_back() {
    let mut room = Room::live(2, 3, 2);
    room.act(0, place(0, Pile::Off));
    room.act(1, place(1, Pile::Off));
    room.act(0, rename(2, "Another name"));
    room.settle();
    assert!(room.pages[1].replica.can_undo());
    assert!(room.pages[1].replica.undo());
    assert!(!room.pages[1].replica.undo(), "there is but one act of this page");
    room.settle();
    assert_eq!((room.pile(0, 0), room.pile(0, 1)), (Pile::Off, Pile::Unsorted));
    assert!(room.pages[1].replica.redo());
    assert!(room.pages[0].replica.undo());
    room.settle();
    assert_eq!((room.name(1, 2), room.pile(0, 1)), ("Project 2".to_owned(), Pile::Off));
    assert!(room.pages[0].replica.undo());
    room.settle();
    assert_eq!(room.pile(1, 0), Pile::Unsorted);
    room.assert_agreement();
}

#[test]
fn each_act_is_taken_back_by_itself() {
    let mut room = Room::live(1, 2, 2);
    for pile in [Pile::Off, Pile::Pillar(pillar(0)), Pile::Pillar(pillar(1))] {
        room.act(0, place(0, pile));
    }
    assert!(room.pages[0].replica.undo());
    assert_eq!(room.pile(0, 0), Pile::Pillar(pillar(0)));
    assert!(room.pages[0].replica.undo());
    assert_eq!(room.pile(0, 0), Pile::Off);
    assert!(room.pages[0].replica.redo());
    assert_eq!(room.pile(0, 0), Pile::Pillar(pillar(0)));
    room.settle();
    room.assert_agreement();
}

#[test]
fn what_somebody_else_built_on_is_not_taken_back() {
    let mut room = Room::live(2, 2, 2);
    room.act(1, place(0, Pile::Off));
    room.settle();
    room.act(0, place(0, Pile::Pillar(pillar(0))));
    room.settle();
    room.pages[1].replica.undo();
    room.settle();
    assert_eq!(room.pile(1, 0), Pile::Pillar(pillar(0)));
    room.assert_agreement();
}

#[test]
fn a_project_taken_off_the_board_can_be_brought_back() {
    let mut room = Room::live(2, 2, 1);
    room.act(0, rename(1, "Renamed"));
    room.act(0, Intent::RemoveProject { id: project(1) });
    room.settle();
    assert!(!room.relay.board().projects.contains_key(&project(1)));
    assert!(room.pages[0].replica.undo());
    room.settle();
    assert_eq!(room.name(1, 1), "Renamed");
    room.assert_agreement();
}

#[test]
fn a_project_that_somebody_else_added_comes_back_as_theirs() {
    let mut room = Room::live(2, 2, 1);
    let id = project(70);
    let renamed =
        |name: &str| Intent::EditProject { id, field: "name".to_owned(), value: name.to_owned().into() };
    room.act(1, Intent::AddProject { id, name: "Mine".to_owned(), with: Vec::new() });
    room.settle();
    room.act(0, Intent::RemoveProject { id });
    room.settle();
    assert!(room.pages[0].replica.act(Intent::Undo).is_ok());
    room.settle();
    assert_eq!(room.relay.board().projects[&id].added_by, Some(person(1)));
    assert!(room.pages[1].replica.act(renamed("Still mine")).is_ok());
    room.settle();
    assert_eq!(room.relay.board().projects[&id].name, "Still mine");
    room.assert_agreement();
    // Unconfirmed, it is brought back after a reload as well.
    room.act(0, Intent::RemoveProject { id });
    room.settle();
    room.disconnect(0);
    assert!(room.pages[0].replica.act(Intent::Undo).is_ok());
    room.reload(0);
    room.connect(0);
    room.settle();
    assert_eq!(room.relay.board().projects[&id].added_by, Some(person(1)));
    room.assert_agreement();
}

#[test]
fn taking_back_what_the_rules_would_refuse_is_refused_here() {
    let mut room = Room::live(2, 2, 1);
    room.act(0, Intent::RemovePillar { id: pillar(0) });
    room.settle();
    let role = [("name", "Somebody".into()), ("role", "participant".into())];
    room.relay.entry(plumbline_shared::schema::Root::Roster, person(0).0, &role);
    room.settle();
    let denied = Err(Denied::Rules(policy::Denied::FacilitatorOnly));
    assert_eq!(room.pages[0].replica.act(Intent::Undo), denied);
    assert!(room.pages[0].replica.board().pillars.is_empty());
    room.act(0, place(0, Pile::Off));
    room.settle();
    assert_eq!(room.pile(1, 0), Pile::Off);
    room.assert_agreement();
}

#[test]
fn the_rules_are_asked_before_anything_changes() {
    let mut room = Room::live(2, 2, 1);
    let denied = |denied| Err(Denied::Rules(denied));
    let may = |room: &Room, page: usize, intent: &Intent| room.pages[page].replica.may(intent);
    assert_eq!(may(&room, 1, &rename(0, "No")), denied(policy::Denied::FacilitatorOnly));
    assert_eq!(may(&room, 0, &rename(0, "Yes")), Ok(()));
    assert_eq!(may(&room, 1, &place(9, Pile::Off)), denied(policy::Denied::Gone));
    assert_eq!(may(&room, 1, &place(0, Pile::Pillar(pillar(8)))), denied(policy::Denied::Gone));
    assert_eq!(may(&room, 1, &Intent::Undo), Err(Denied::NothingToUndo));
    room.act(1, place(0, Pile::Off));
    super::relay::set_session(&mut room.relay, "locked", true);
    room.settle();
    assert!(room.pages[1].replica.moment().locked);
    for intent in [place(0, Pile::Unsorted), Intent::Undo] {
        assert_eq!(may(&room, 1, &intent), denied(policy::Denied::Locked));
        let revision = room.pages[1].replica.revision();
        assert!(room.pages[1].replica.act(intent).is_err());
        assert_eq!(room.pages[1].replica.revision(), revision);
    }
    let mut guest = Replica::new(Options { client_id: 5, participant: None, role: Role::Observer });
    assert_eq!(guest.act(place(0, Pile::Off)), Err(Denied::Rules(policy::Denied::ObserverLooksOn)));
    let early = Replica::new(Options { client_id: 5, participant: Some(person(1)), role: Role::Participant });
    assert_eq!(early.may(&place(0, Pile::Off)), Err(Denied::NotLoaded));
}

#[test]
fn a_project_that_one_added_is_ones_own() {
    let mut room = Room::live(2, 1, 1);
    let id = project(50);
    let with = vec![
        ("cost".to_owned(), Value::Number(12_500.0)),
        ("more".to_owned(), vec![("Site".to_owned(), "Köln".to_owned())].into()),
    ];
    room.act(1, Intent::AddProject { id, name: "Mine".to_owned(), with });
    room.act(1, Intent::EditProject { id, field: "summary".to_owned(), value: "What it is".into() });
    room.act(1, Intent::Place { projects: vec![id], pile: Pile::Off, before: None });
    room.settle();
    let board = room.pages[0].replica.board();
    let project = &board.projects[&id];
    assert_eq!((project.cost, project.added_by), (Some(12_500.0), Some(person(1))));
    assert_eq!((project.summary.as_str(), &*project.more[0].1), ("What it is", "Köln"));
    assert_eq!(board.pile(id), Pile::Off);
    let again =
        room.pages[1].replica.act(Intent::AddProject { id, name: "Mine".to_owned(), with: Vec::new() });
    assert!(again.is_ok());
    room.settle();
    room.assert_agreement();
}

#[test]
fn notes_are_written_together_in_utf_16_units() {
    let mut room = Room::live(2, 1, 1);
    let id = note(0);
    room.act(1, Intent::AddNote { id, about: project(0).0, text: "a🙂c".to_owned() });
    room.settle();
    room.act(0, written(id, 4, 0, "d"));
    room.act(1, written(id, 1, 2, "b"));
    room.settle();
    assert_eq!(room.relay.board().notes[&id].text, "abcd");
    room.act(0, written(id, 0, 0, "🙂"));
    // Inside the pair, and far past the end.
    room.act(0, written(id, 1, 0, "x"));
    room.act(0, written(id, 900, 900, "!"));
    assert_eq!(room.pages[0].replica.board().notes[&id].text, "x🙂abcd!");
    // Half of a pair goes with the other half.
    room.act(0, written(id, 1, 1, ""));
    assert_eq!(room.pages[0].replica.board().notes[&id].text, "xabcd!");
    assert!(room.pages[0].replica.undo());
    assert_eq!(room.pages[0].replica.board().notes[&id].text, "x🙂abcd!");
    room.settle();
    room.assert_agreement();
}

#[test]
fn typing_on_is_one_intent() {
    let mut room = Room::live(1, 1, 1);
    let id = note(0);
    room.act(0, Intent::AddNote { id, about: project(0).0, text: String::new() });
    for (at, letter) in ["h", "ö", "🙂", "!"].into_iter().enumerate() {
        let at = at as u32 + u32::from(at == 3);
        room.act(0, written(id, at, 0, letter));
    }
    assert_eq!(room.status(0).unsaved, 2);
    let outbox = room.pages[0].replica.outbox();
    assert_eq!(outbox.intents().last().unwrap().1, &written(id, 0, 0, "hö🙂!"));
    room.settle();
    assert_eq!(room.relay.board().notes[&id].text, "hö🙂!");
    room.assert_agreement();
}

#[test]
fn the_outbox_is_bounded_and_says_so() {
    let mut room = Room::live(1, 2, 1);
    room.disconnect(0);
    for n in 0..crate::OUTBOX_INTENTS {
        room.act(0, rename(0, &n.to_string()));
    }
    let board = room.pages[0].replica.board();
    assert_eq!(room.pages[0].replica.act(rename(0, "One more")), Err(Denied::OutboxFull));
    assert_eq!(*room.pages[0].replica.board(), *board);
    assert_eq!(room.pages[0].replica.may(&rename(0, "x")), Err(Denied::OutboxFull));
    room.connect(0);
    room.settle();
    room.assert_agreement();
    room.act(0, rename(0, "One more"));
    // All of it has been let go but the last of what can be taken back.
    let mut steps = 0;
    while room.pages[0].replica.undo() {
        steps += 1;
    }
    assert!((crate::UNDO_STEPS..2 * crate::UNDO_STEPS).contains(&steps), "{steps}");
    room.settle();
    room.assert_agreement();
}

#[test]
fn pillars_and_steps_are_the_facilitators() {
    let mut room = Room::live(2, 1, 3);
    let id = pillar(9);
    room.act(
        0,
        Intent::AddPillar { id, name: "Last".to_owned(), with: vec![("colour".to_owned(), "p3".into())] },
    );
    room.act(0, Intent::ShiftPillar { id: pillar(2), before: Some(pillar(0)) });
    room.act(0, Intent::RemovePillar { id: pillar(1) });
    room.act(0, Intent::EditPillar { id, field: "goals".to_owned(), value: vec!["One".to_owned()].into() });
    room.settle();
    let board = room.pages[1].replica.board();
    let order: Vec<_> = board.pillars.iter().map(|pillar| pillar.id).collect();
    assert_eq!(order, [pillar(2), pillar(0), id]);
    assert_eq!((board.pillars[2].colour.as_str(), board.pillars[2].goals.len()), ("p3", 1));
    let refused = room.pages[1].replica.act(Intent::RemovePillar { id });
    assert_eq!(refused, Err(Denied::Rules(policy::Denied::FacilitatorOnly)));
    room.assert_agreement();
}

#[test]
fn a_decision_is_filled_in_by_who_decides() {
    let mut room = Room::live(2, 1, 1);
    let set = |field: &str, value: &str| Intent::SetDecision {
        project: project(0),
        field: field.to_owned(),
        value: value.into(),
    };
    room.act(0, set("verdict", "stop"));
    room.act(0, set("ends", "2027-03-31"));
    let bad = room.pages[0].replica.act(set("ends", "soon"));
    assert_eq!(bad, Err(Denied::Rules(policy::Denied::BadValue)));
    let other = room.pages[1].replica.act(set("verdict", "move"));
    assert_eq!(other, Err(Denied::Rules(policy::Denied::DeciderOnly)));
    room.settle();
    assert_eq!(room.relay.board().decisions[&project(0)].more["ends"], "2027-03-31");
    room.assert_agreement();
}

#[test]
fn typing_is_taken_back_word_by_word() {
    let mut room = Room::live(2, 1, 1);
    room.act(0, Intent::AddNote { id: note(1), about: project(0).0, text: String::new() });
    for (at, letter) in "Keeps two people".chars().enumerate() {
        room.act(0, written(note(1), at as u32, 0, &letter.to_string()));
    }
    room.settle();
    // Somebody else's letters in between are nobody's to take back but theirs.
    room.act(1, written(note(1), 0, 0, "It "));
    room.settle();
    room.act(0, written(note(1), 19, 0, "!"));
    let shown = |room: &Room| room.pages[0].replica.board().notes[&note(1)].text.clone();
    assert_eq!(shown(&room), "It Keeps two people!");
    let mut steps = Vec::new();
    while shown(&room) != "It " {
        assert!(room.pages[0].replica.undo(), "{steps:?}");
        steps.push(shown(&room));
    }
    assert_eq!(steps, ["It Keeps two people", "It Keeps two ", "It Keeps ", "It "]);
    room.settle();
    room.assert_agreement();
}

#[test]
fn an_agenda_is_written_step_by_step_and_the_current_one_stays() {
    let mut room = Room::live(2, 1, 1);
    let id = |n: u128| StepId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0006_0000 + n));
    let add = |n: u128, kind, title: &str| Intent::AddStep {
        id: id(n),
        kind,
        title: title.to_owned(),
        with: vec![("minutes".to_owned(), 14.0.into())],
    };
    room.act(0, add(1, StepKind::Ballot, "Sort alone"));
    room.act(0, add(2, StepKind::Close, "Close"));
    room.act(0, Intent::ShiftStep { id: id(2), before: Some(step()) });
    let options = vec![("say".to_owned(), "Welcome".to_owned())];
    room.act(0, Intent::EditStep { id: id(1), field: "options".to_owned(), value: options.clone().into() });
    room.settle();
    let agenda = room.relay.board().agenda;
    assert_eq!(agenda.iter().map(|step| step.id).collect::<Vec<_>>(), [id(2), step(), id(1)]);
    assert_eq!(
        (agenda[2].title.as_str(), agenda[2].minutes, &agenda[2].options),
        ("Sort alone", 14, &options)
    );

    let stays = room.pages[0].replica.act(Intent::RemoveStep { id: step() });
    assert_eq!(stays.unwrap_err().code(), policy::Denied::CurrentStep.code());
    room.act(0, Intent::RemoveStep { id: id(2) });
    assert!(
        room.pages[1].replica.act(add(3, StepKind::Board, "Mine")).is_err(),
        "only facilitators write it"
    );
    room.settle();
    assert_eq!(room.pages[1].replica.board().agenda.len(), 2);
    assert!(room.pages[0].replica.undo());
    room.settle();
    let back = room.relay.board().agenda;
    assert_eq!(
        back.iter().map(|step| step.title.as_str()).next(),
        Some("Close"),
        "it comes back in its place"
    );
    room.assert_agreement();
}
