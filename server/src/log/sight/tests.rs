//! Pillars over sessions, worked by hand.
#![allow(clippy::unwrap_used)]

use plumbline_shared::{
    board::{Pile, Pillar},
    ids::PillarId,
    methods::PileCounts,
    words::Verdict,
};
use serde_json::json;

use super::*;
use crate::log::{
    decisions::Decided,
    record::{
        Closed, Status, records,
        tests::{EVENING, board, closed, id},
    },
};

fn pillar(number: u128, name: &str, colour: &str) -> Pillar {
    Pillar { id: id(number), name: name.to_owned(), colour: colour.to_owned(), ..Pillar::default() }
}

fn stood(number: u128, name: &str, pile: Pile, verdict: Option<Verdict>) -> Stood {
    Stood {
        id: id(number),
        name: name.to_owned(),
        reference: String::new(),
        pile,
        from: None,
        cost: Some(100.0),
        people: None,
        sorted: None,
        decision: verdict.map(|verdict| Decision {
            number: 1,
            verdict: Some(verdict),
            status: Status::Accepted,
            holds: true,
            owner: "Ana".to_owned(),
            measure: String::new(),
            decided_on: String::new(),
        }),
    }
}

fn on(number: u128) -> Pile {
    Pile::Pillar(id(number))
}

/// Two sessions: one pillar is renamed under its id, one is new; a project moves, one stops, one goes, one comes.
fn two() -> Vec<Past> {
    let first = Past {
        session: id(0x60),
        title: "Spring".to_owned(),
        whole: true,
        pillars: vec![pillar(1, "Net zero", "p1"), pillar(2, "Safe water", "p2")],
        projects: vec![
            stood(0x10, "Meters", on(1), Some(Verdict::Move)),
            stood(0x11, "Pledge", on(1), Some(Verdict::Stop)),
            stood(0x12, "Museum", Pile::Off, None),
            Stood { cost: None, ..stood(0x13, "Pumps", on(2), None) },
        ],
        ..Past::default()
    };
    let second = Past {
        session: id(0x61),
        title: "Autumn".to_owned(),
        whole: true,
        pillars: vec![
            pillar(1, "Clean energy", "p1"),
            pillar(9, "safe  WATER", "p3"),
            pillar(3, "Homes", "p4"),
        ],
        projects: vec![
            stood(0x20, "Meters", on(9), None),
            stood(0x21, "museum", on(3), None),
            stood(0x22, "Depot", Pile::Unsorted, None),
        ],
        ..Past::default()
    };
    vec![first, second]
}

#[test]
fn what_stood_where_is_counted_in_whole_numbers() {
    let sight = sight(&two());
    let names: Vec<&str> = sight.pillars.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["Clean energy", "safe  WATER", "Homes"], "the last session's, in its order");
    let energy = &sight.pillars[0];
    assert_eq!((energy.id, energy.earlier_names.as_slice()), (id(1), ["Net zero".to_owned()].as_slice()));
    let first = energy.stands[0].unwrap();
    assert_eq!((first.projects, first.stopped), (1, 1));
    assert_eq!((first.cost.sum, first.cost.known, first.people.known), (100.0, 1, 0));
    assert_eq!(energy.stands[1], Some(Sum::default()), "it is a pillar, and nothing stands on it");
    assert_eq!(energy.decisions, 2);
    let water = &sight.pillars[1];
    assert_eq!(water.stands[0].unwrap().cost, Weight::default(), "its one project has no known cost");
    assert_eq!(sight.pillars[2].stands[0], None, "it was none yet");
    assert_eq!((sight.off[0].projects, sight.off[1].projects), (1, 0));
    assert_eq!((sight.unsorted[1].projects, sight.stopped[0].projects), (1, 1));
}

#[test]
fn every_project_goes_somewhere_and_comes_from_somewhere() {
    let sight = sight(&two());
    let ways: Vec<(Place, Place, u32)> =
        sight.flows.iter().map(|flow| (flow.from, flow.to, flow.projects)).collect();
    let energy = Place::Pillar(id(1));
    let (water, homes) = (Place::Pillar(id(9)), Place::Pillar(id(3)));
    for way in [
        (energy, water, 1),
        (water, Place::Gone, 1),
        (Place::Off, homes, 1),
        (Place::Stopped, Place::Gone, 1),
        (Place::New, Place::Unsorted, 1),
    ] {
        assert!(ways.contains(&way), "{way:?}: {ways:?}");
    }
    assert_eq!(ways.len(), 5);
    let before: u32 = sight.flows.iter().filter(|f| f.from != Place::New).map(|flow| flow.projects).sum();
    let after: u32 = sight.flows.iter().filter(|f| f.to != Place::Gone).map(|flow| flow.projects).sum();
    assert_eq!((before, after), (4, 3));
    assert_eq!(json!(sight.flows[0])["session"], json!(0));
    assert_eq!((json!(Place::Off), json!(energy)), (json!("off"), json!({ "pillar": id::<PillarId>(1) })));
}

#[test]
fn one_session_has_no_shift_and_none_has_nothing() {
    let one_session = sight(&two()[..1]);
    assert_eq!((one_session.sessions.len(), one_session.flows.len()), (1, 0));
    assert_eq!(
        sight(&[]),
        Sight {
            sessions: vec![],
            pillars: vec![],
            off: vec![],
            unsorted: vec![],
            stopped: vec![],
            flows: vec![],
            left_out: 0,
        }
    );
    assert_eq!(one(&[], id(1)), None);
}

#[test]
fn a_pillar_is_found_by_any_id_that_it_ever_had() {
    let pasts = two();
    let (by_last, by_first) = (one(&pasts, id(9)).unwrap(), one(&pasts, id(2)).unwrap());
    assert_eq!(by_last, by_first);
    assert!(by_last.current && by_last.line.id == id(9));
    let names: Vec<(usize, &str)> =
        by_last.stands_on_it.iter().map(|stands| (stands.session, stands.name.as_str())).collect();
    assert_eq!(names, [(1, "Meters"), (0, "Pumps")]);
    assert_eq!(one(&pasts, id(0x77)), None);
}

#[test]
fn agreement_is_of_those_who_chose_a_pile_about_what_stands_there_now() {
    let counts = |off, here, there, unknown| {
        Some(PileCounts { off, pillars: vec![(id(1), here), (id(2), there)], unknown })
    };
    let mut past = two().remove(0);
    past.projects[0].sorted = counts(1, 9, 0, 2);
    past.projects[1].sorted = counts(4, 4, 2, 0);
    // One answer says nothing of agreement, and what stands elsewhere is not asked about.
    past.projects[3].sorted = counts(0, 0, 1, 9);
    past.projects[2].sorted = counts(9, 1, 0, 0);
    let told = one(std::slice::from_ref(&past), id(1)).unwrap().agreement;
    assert_eq!(told, [Some(Agreement { projects: 2, agreed: 1, answers: 20, here: 13 })]);
    assert_eq!(one(&[past], id(2)).unwrap().agreement, [None]);
}

/// What the decision log knows of a session that is erased is the same as what its board said, as far as it goes.
#[test]
fn an_erased_session_is_told_by_its_decisions_and_by_nothing_else() {
    let of = Closed { session: id(0x60), ..closed(EVENING) };
    let decided: Vec<Decided> = (1..)
        .zip(records(&of))
        .map(|(number, mut record)| {
            record.number = number;
            Decided::not_yet(record)
        })
        .collect();
    let there = Past::of_board(id(0x60), EVENING, &board(), &decided);
    let erased = Past::of_decisions(id(0x60), EVENING, true, &decided);
    assert_eq!((there.projects.len(), erased.projects.len()), (3, 2), "of one nothing was decided");
    for stood in &erased.projects {
        let on_board = there.projects.iter().find(|other| other.id == stood.id).unwrap();
        assert_eq!(stood, on_board);
    }
    assert!(erased.erased && !erased.whole && there.whole);
    assert!(!erased.pillars.is_empty() && erased.pillars.iter().all(|pillar| pillar.colour.is_empty()));
    // The colour that a pillar had before stands.
    let mut before = there.clone();
    before.session = id(0x59);
    let told = sight(&[before, erased]);
    assert!(told.pillars.iter().all(|line| !line.colour.is_empty()), "{told:?}");
}
