//! What a close makes of its board.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use jsonschema::Validator;
use plumbline_shared::{
    answer::Item,
    board::{Board, Decision, Flags, Person, Pillar, Placement, Project, Step},
    ids::{ParticipantId, ProjectId},
    methods::{ClaimCounts, DotCounts, PileCounts, ScaleCounts, VerdictCounts},
    results::{Check, Counts, Dissent, ItemTally, Round, Signed, StepResults, Tally},
    words::{Claim, OFF, Question, Role, StepKind},
};
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::{
    session::{Attended, ImportNote, entry::File},
    store::Position,
};

/// 2026-11-27T18:00:00Z
pub(crate) const EVENING: u64 = 1_795_802_400_000;

pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(0x0192_f0c4_7b1e_7cc3_98c4_dc0c_0c07_0000 + number).into()
}

fn pillar(number: u128, name: &str) -> Pillar {
    Pillar {
        id: id(number),
        name: name.to_owned(),
        intent: "Why it is there.".to_owned(),
        goals: vec!["Halve it".to_owned()],
        measure: "tonnes".to_owned(),
        rules_out: "Offsets".to_owned(),
        owner: String::new(),
        colour: "p1".to_owned(),
        order: number.to_string(),
    }
}

fn step(number: u128, kind: StepKind, question: Option<Question>, title: &str) -> Step {
    Step {
        id: id(number),
        kind,
        title: title.to_owned(),
        question,
        minutes: 5,
        options: Vec::new(),
        order: number.to_string(),
    }
}

fn round(question: Question, prompt: &str, of: Vec<(Item, Option<Counts>)>) -> Round {
    let items: Vec<Item> = of.iter().map(|(item, _)| item.clone()).collect();
    let tallies = of.into_iter().map(|(_, counts)| {
        let answered = if counts.is_some() { 11 } else { 2 };
        ItemTally { eligible: 11, answered, sat_out: 1, counts }
    });
    Round {
        question,
        prompt: prompt.to_owned(),
        budget: 5,
        cap: 5,
        lowest: 0,
        pillars: vec![id(1), id(2)],
        statements: Vec::new(),
        words: Vec::new(),
        tally: Some(Tally { eligible: 12, answered: 12, on_paper: 1, items: tallies.collect() }),
        items,
    }
}

fn piles(off: u32, first: u32, second: u32, unknown: u32) -> Option<Counts> {
    let pillars = vec![(id(1), first), (id(2), second)];
    Some(Counts::Placement(PileCounts { off, pillars, unknown }))
}

/// What no record may hold: what was said in private, and where claims can be looked up.
const PRIVATE: &[&str] = &["SECRET-ANSWER", "SECRET-SOURCE"];

/// Three projects through a whole session: one moves, one is stopped, of one nothing is decided.
pub(crate) fn board() -> Board {
    let mut board = Board::default();
    board.session.title = "Spring review".to_owned();
    board.session.purpose = "Choose, and keep to it.".to_owned();
    board.session.decider = "Chief executive".to_owned();
    board.session.rule = "The decider, after the room".to_owned();
    board.session.currency = "GBP".to_owned();
    board.session.closed = true;
    for (number, name) in [(0xA1, "Ana"), (0xB1, "Ben")] {
        let person = Person {
            name: name.to_owned(),
            function: String::new(),
            role: Role::Participant,
            colour: "p1".to_owned(),
            let_in_by: String::new(),
        };
        board.roster.insert(id(number), person);
    }
    board.pillars = vec![pillar(1, "Net zero"), pillar(2, "Safe water")];
    let project = |name: &str, cost: Option<f64>| Project {
        name: name.to_owned(),
        reference: format!("R-{name}"),
        sponsor: "CEO".to_owned(),
        cost,
        people: Some(14.0),
        ..Project::default()
    };
    board.projects.insert(id(0x10), project("Smart meters", Some(1_200_000.0)));
    board.projects.insert(id(0x11), project("City pledge", Some(3_100_000.5)));
    board.projects.insert(id(0x12), project("Brand museum", None));
    let place = |pile: &str| Placement { pile: pile.to_owned(), order: "a".to_owned() };
    board.placements.insert(id(0x10), place(&id::<Uuid>(1).to_string()));
    board.placements.insert(id(0x11), place(OFF));
    board.flags.insert(id(0x11), Flags { count: 3, reasons: vec!["Why ours?".to_owned()] });
    let decision = |verdict, owner: &str, more: &[(&str, &str)]| Decision {
        verdict: Some(verdict),
        owner: owner.to_owned(),
        rationale: "Worth doing, and not ours.\n".to_owned(),
        more: more.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect(),
    };
    let moves = [("measure", "Meters read"), ("obstacles", "The old contract"), ("status", "accepted")];
    board.decisions.insert(id(0x10), decision(Verdict::Move, "Anna Okafor", &moves));
    let waits = [
        ("trigger", "The audit"),
        ("expires", "2027-01-31"),
        ("ends", "2027-03-31"),
        ("override", "The city signs in spring."),
        ("decided_by", "Chief executive"),
    ];
    board.decisions.insert(id(0x11), decision(Verdict::Wait, " ", &waits));
    let written = Decision { rationale: "Talk about it.".to_owned(), ..Decision::default() };
    board.decisions.insert(id(0x12), written);

    board.agenda = vec![
        step(0x101, StepKind::Ballot, Some(Question::Placement), "Sort alone"),
        step(0x102, StepKind::Ballot, Some(Question::Text), "In your own words"),
        step(0x103, StepKind::Ballot, Some(Question::Hobby), "Four questions"),
        step(0x104, StepKind::Ballot, Some(Question::Verdict), "Verdict"),
        step(0x105, StepKind::Ballot, Some(Question::Dots), "Order the moves"),
        step(0x106, StepKind::Commit, Some(Question::Scale), "Commit"),
    ];
    let (meters, pledge, museum) =
        (Item::project(id(0x10)), Item::project(id(0x11)), Item::project(id(0x12)));
    let first = round(
        Question::Placement,
        "",
        vec![
            (meters.clone(), piles(1, 10, 0, 0)),
            (pledge.clone(), piles(6, 4, 1, 1)),
            (museum.clone(), None),
        ],
    );
    let second = round(Question::Placement, "", vec![(pledge.clone(), piles(11, 0, 0, 0))]);
    let mut sort = StepResults::default();
    sort.rounds.extend([(1, first), (2, second)]);
    board.results.insert(id(0x101), sort);
    let own = Counts::Text(vec!["SECRET-ANSWER".to_owned()]);
    let mut text = StepResults::default();
    text.rounds.insert(1, round(Question::Text, "What is it?", vec![(pledge.clone(), Some(own))]));
    board.results.insert(id(0x102), text);
    let claims = ClaimCounts { answered: 11, strategy: 0, revenue: 2, expense: 1, required: 0, none: 8 };
    let claims = Counts::Hobby(claims, vec![(Claim::Revenue, "SECRET-SOURCE".to_owned())]);
    let mut hobby = StepResults::default();
    hobby.rounds.insert(1, round(Question::Hobby, "", vec![(pledge.clone(), Some(claims))]));
    hobby.checks.push(Check { item: pledge.clone(), claim: Claim::Revenue, stands: false, by: id(0xA1) });
    board.results.insert(id(0x103), hobby);
    let verdicts = Counts::Verdict(VerdictCounts { move_on: 2, wait: 2, stop: 7 });
    let mut verdict = StepResults::default();
    verdict.rounds.insert(1, round(Question::Verdict, "", vec![(pledge.clone(), Some(verdicts))]));
    board.results.insert(id(0x104), verdict);
    let dots = Counts::Dots(DotCounts { dots: 9, people: 5 });
    let mut ordered = StepResults::default();
    ordered.rounds.insert(1, round(Question::Dots, "", vec![(meters.clone(), Some(dots))]));
    board.results.insert(id(0x105), ordered);
    let sure = Counts::Scale(ScaleCounts { counts: [0, 1, 2, 3, 4, 1] });
    let mut commit = StepResults::default();
    commit.rounds.insert(1, round(Question::Scale, "How sure?", vec![(Item::session(), Some(sure))]));
    let signed = |who: u128, about: &Item, stance, reason: &str| Signed {
        participant: id::<ParticipantId>(who),
        about: about.clone(),
        stance,
        reason: reason.to_owned(),
    };
    commit.signed = vec![
        signed(0xB1, &Item::session(), Stance::Reservation, "Not before spring"),
        signed(0xA1, &Item::session(), Stance::Carry, ""),
        signed(0xC1, &pledge, Stance::Decline, ""),
    ];
    commit.dissent = vec![Dissent { about: pledge, text: "We promised it.".to_owned() }];
    board.results.insert(id(0x106), commit);
    board
}

pub(crate) fn closed(at: u64) -> Closed {
    let file = File { sha256: [0xAB; 32], bytes: 4_096, format: "csv".to_owned() };
    Closed {
        session: id(0x5E),
        at: Position { at, n: 3 },
        board: board(),
        imports: vec![ImportNote { file, rows: 3, at: EVENING - 7_200_000 }],
        attendance: vec![
            Attended { step: id(0x101), here: 11, joined: 12 },
            Attended { step: id(0x99), here: 3, joined: 12 },
        ],
    }
}

/// A record with that number.
pub(crate) fn record(number: u64) -> Record {
    Record { number, ..records(&closed(EVENING)).swap_remove(1) }
}

#[test]
fn every_project_with_a_verdict_has_a_record_and_no_other_has() {
    let records = records(&closed(EVENING));
    let told: Vec<_> = records.iter().map(|record| (record.project.name.as_str(), record.close.n)).collect();
    assert_eq!(told, [("Smart meters", 1), ("City pledge", 2)]);
    assert!(records.iter().all(|record| record.close.position == format!("{EVENING}-3")));
    assert_eq!(records[0].decided_on, "2026-11-27T18:00:00Z");
}

#[test]
fn a_record_says_what_was_decided_and_what_it_lacks() {
    let [moves, waits] = &records(&closed(EVENING))[..] else { panic!("two") };
    assert_eq!(
        (moves.verdict, moves.status, moves.owner.as_str()),
        (Some(Verdict::Move), Status::Accepted, "Anna Okafor")
    );
    assert_eq!((moves.field("measure"), moves.missing.len(), &moves.against), ("Meters read", 0, &None));
    assert_eq!(moves.rationale, "Worth doing, and not ours.");
    assert_eq!((waits.status, waits.field("trigger")), (Status::Proposed, "The audit"));
    assert_eq!(waits.field("ends"), "", "a day that belongs to a stop says nothing of a wait");
    assert_eq!(waits.missing, ["owner"]);
    let against = Against {
        room: Verdict::Stop,
        reason: "The city signs in spring.".to_owned(),
        by: "Chief executive".to_owned(),
    };
    assert_eq!(waits.against, Some(against));
    assert_eq!(
        (waits.decider.as_str(), waits.rule.as_str()),
        ("Chief executive", "The decider, after the room")
    );
    assert_eq!(serde_json::to_value(waits.project.cost).unwrap(), 3_100_000.5);
    assert_eq!(serde_json::to_string(&moves.project.cost).unwrap(), "1200000");
}

#[test]
fn where_it_came_from_is_the_first_sort_and_where_it_stands_is_the_board() {
    let [moves, waits] = &records(&closed(EVENING))[..] else { panic!("two") };
    let Origin::Pillar { id: from, name, intent, goals, measure, rules_out } = &moves.from else {
        panic!("a pillar")
    };
    assert_eq!((*from, name.as_str(), intent.as_str()), (id(1), "Net zero", "Why it is there."));
    assert_eq!((goals.len(), measure.as_str(), rules_out.as_str()), (1, "tonnes", "Offsets"));
    assert!(matches!(&moves.to, Place::Pillar { name, goals, .. } if name == "Net zero" && goals.len() == 1));
    assert_eq!((&waits.from, &waits.to), (&Origin::Off, &Place::Off));
    let mut tied = closed(EVENING);
    let sort = tied.board.results.get_mut(&id(0x101)).unwrap().rounds.get_mut(&1).unwrap();
    sort.tally.as_mut().unwrap().items[1].counts = piles(5, 5, 1, 1);
    assert_eq!(records(&tied)[1].from, Origin::Split);
    tied.board.results.clear();
    tied.board.pillars.clear();
    let bare = &records(&tied)[0];
    assert_eq!((&bare.from, &bare.to), (&Origin::Unknown, &Place::Unsorted), "the pillar is gone");
}

#[test]
fn the_evidence_is_every_round_in_counts() {
    let [moves, waits] = &records(&closed(EVENING))[..] else { panic!("two") };
    let told: Vec<_> =
        waits.evidence.iter().map(|asked| (asked.title.as_str(), asked.round, asked.about)).collect();
    assert_eq!(
        told,
        [
            ("Sort alone", 1, About::Project),
            ("Sort alone", 2, About::Project),
            ("In your own words", 1, About::Project),
            ("Four questions", 1, About::Project),
            ("Verdict", 1, About::Project),
            ("Commit", 1, About::Session),
        ]
    );
    let first = &waits.evidence[0];
    assert_eq!((first.eligible, first.answered, first.sat_out, first.on_paper), (11, 11, 1, 1));
    let count = |number, name: &str, count| PillarCount { id: id(number), name: name.to_owned(), count };
    assert_eq!(
        first.counts,
        Some(Counted::Placement {
            off: 6,
            pillars: vec![count(1, "Net zero", 4), count(2, "Safe water", 1)],
            unknown: 1
        })
    );
    assert_eq!(waits.evidence[2].counts, None, "how many answered in their own words, and not what");
    let Some(Counted::Hobby { outcome, checks, .. }) = &waits.evidence[3].counts else { panic!("claims") };
    assert_eq!(*outcome, Outcome::Hobby);
    assert_eq!(checks[..], [Checked { claim: Claim::Revenue, stands: false, by: "Ana".to_owned() }]);
    assert_eq!(
        waits.evidence[4].counts,
        Some(Counted::Verdict { r#move: 2, wait: 2, stop: 7, room: Some(Verdict::Stop) })
    );
    assert_eq!(moves.evidence[1].counts, Some(Counted::Dots { dots: 9, people: 5 }));
    assert_eq!(waits.flags, 3);
}

#[test]
fn who_signed_has_a_name_and_who_dissents_has_none() {
    let [moves, waits] = &records(&closed(EVENING))[..] else { panic!("two") };
    let signed = |record: &Record| -> Vec<(String, About)> {
        record.sign_offs.iter().map(|sign| (sign.name.clone(), sign.about)).collect()
    };
    let whole = [("Ana".to_owned(), About::Session), ("Ben".to_owned(), About::Session)];
    assert_eq!(signed(moves), whole);
    assert_eq!(signed(waits)[0], ("somebody who has left".to_owned(), About::Project));
    assert_eq!(waits.dissent, [Said { about: About::Project, text: "We promised it.".to_owned() }]);
    assert!(moves.dissent.is_empty());
}

#[test]
fn nothing_private_is_in_a_record() {
    let json = serde_json::to_string(&records(&closed(EVENING))).unwrap();
    for private in PRIVATE {
        assert!(format!("{:?}", board()).contains(private), "the board has it");
        assert!(!json.contains(private), "{private}");
    }
    // And nobody has a name but who signed, checked, owns or decides.
    let of_flags = serde_json::to_string(&records(&closed(EVENING))[1]).unwrap();
    assert!(!of_flags.contains("Why ours?"));
}

#[test]
fn a_record_keeps_to_its_schema_and_reads_back() {
    let schema = validator(SCHEMA);
    let mut all = records(&closed(EVENING));
    let mut back = record(7).taken_back(&closed(EVENING));
    back.close.n = 1;
    all.push(back);
    let mut bare = closed(EVENING);
    bare.board.results.clear();
    bare.board.placements.clear();
    bare.board.decisions.insert(id(0x12), Decision { verdict: Some(Verdict::Open), ..Decision::default() });
    all.extend(records(&bare));
    for mut record in all {
        record.number = 1;
        let json = serde_json::to_value(&record).unwrap();
        keeps_to(&schema, &json);
        assert_eq!(serde_json::from_value::<Record>(json).unwrap(), record);
    }
}

/// What checks against a schema; the schema itself is checked, too.
pub(crate) fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

pub(crate) fn keeps_to(schema: &Validator, json: &Value) {
    let errors: Vec<String> =
        schema.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_record_says_what_was_imported_who_was_here_and_what_was_erased() {
    let record = record(1);
    let [import] = &record.imports[..] else { panic!("one file") };
    assert_eq!((import.sha256.as_str(), import.rows), ("ab".repeat(32).as_str(), 3));
    assert_eq!(import.imported_on, "2026-11-27T16:00:00Z");
    let here: Vec<_> = record
        .attendance
        .iter()
        .map(|step| (step.title.as_str(), step.kind, step.here, step.joined))
        .collect();
    assert_eq!(here, [("Sort alone", Some(StepKind::Ballot), 11, 12), ("", None, 3, 12)]);
    let erased = record.erased.as_ref().unwrap();
    assert_eq!((erased.rounds, erased.kept), (7, 7));
    assert!(
        erased.statement.starts_with("The close erases all answers of 7 rounds."),
        "{}",
        erased.statement
    );
    let mut sealed = closed(EVENING);
    sealed.board.results.get_mut(&id(0x104)).unwrap().rounds.get_mut(&1).unwrap().tally = None;
    let erased = records(&sealed)[0].erased.clone().unwrap();
    assert_eq!((erased.rounds, erased.kept), (7, 6));
}

#[test]
fn what_was_weighed_and_who_was_heard_is_said_under_every_verdict() {
    let mut more = closed(EVENING);
    let said = [
        ("alternatives", "Sell it"),
        ("consulted", "Works council"),
        ("informed", "All staff"),
        ("effective", "2026-12-01"),
    ];
    for verdict in [Verdict::Move, Verdict::Wait, Verdict::Stop, Verdict::Open] {
        let decision = more.board.decisions.get_mut(&id::<ProjectId>(0x10)).unwrap();
        decision.verdict = Some(verdict);
        decision.more.extend(said.map(|(field, text)| (field.to_owned(), text.to_owned())));
        let record = records(&more).remove(0);
        for (field, text) in said {
            assert_eq!(record.field(field), text, "{verdict}");
        }
        assert_eq!(record.effective(), "2026-12-01");
    }
    assert_eq!(record(1).effective(), "2026-11-27");
}

/// A record as the release before wrote it.
const RECORD_1: &str = include_str!("record-1.json");

#[test]
fn a_record_of_version_1_is_read_and_says_what_it_said() {
    let json: Value = serde_json::from_str(RECORD_1).unwrap();
    keeps_to(&validator(SCHEMA_1), &json);
    let old: Record = serde_json::from_str(RECORD_1).unwrap();
    assert_eq!((old.schema, old.number, old.owner.as_str()), (1, 1, "Anna Okafor"));
    assert!(old.imports.is_empty() && old.attendance.is_empty() && old.erased.is_none());
    // The same decision by today's form is no other decision: a session that is closed again adds nothing.
    assert!(old.says_the_same(&records(&closed(EVENING + 1))[0]));
}

#[test]
fn two_records_say_the_same_whenever_they_were_made() {
    let (first, mut second) = (record(1), record(2));
    second.close.position = "1795802400001-0".to_owned();
    second.decided_on = "2026-11-27T18:00:00.001Z".to_owned();
    second.supersedes = Some(1);
    assert!(first.says_the_same(&second));
    second.fields = BTreeMap::new();
    assert!(!first.says_the_same(&second));
}
