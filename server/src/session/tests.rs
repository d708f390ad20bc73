//! The fold, with plain yrs documents as clients.

mod ballots;
mod bounds;
mod checkpoint;
mod flags;
mod kept;
mod merges;
mod piles;

use plumbline_shared::{
    board::{Board, Pile},
    ids::{MessageId, ParticipantId, PillarId, ProjectId, SessionId, StepId},
    messages::{Command, Seen},
    policy::VERSION,
    words::Role,
};
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, MapPrelim, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextPrelim, Transact,
    Update, WriteTxn, updates::decoder::Decode,
};

use super::{
    Ahead, Done, Examined, Outcome, Session,
    entry::{Body, Entry, Founded, Joined, Origin, PillarRow, Row, Whose},
};
use crate::store::Position;

const STEP: StepId = StepId(Uuid::from_u128(1));
const FACILITATOR: ParticipantId = ParticipantId(Uuid::from_u128(10));
const ADA: ParticipantId = ParticipantId(Uuid::from_u128(11));
const BEN: ParticipantId = ParticipantId(Uuid::from_u128(12));
const SCHEME: ProjectId = ProjectId(Uuid::from_u128(20));
const CORE: PillarId = PillarId(Uuid::from_u128(30));

/// A session and the log that it is folded from.
struct Fold {
    session: Session,
    log: Vec<(Position, Entry)>,
}

impl Fold {
    fn new() -> Self {
        Self::under(VERSION)
    }

    /// One that began under these rules.
    fn under(rules: u32) -> Self {
        let founded = Founded {
            session: SessionId(Uuid::from_u128(2)),
            title: "Alignment".into(),
            rules,
            facilitator: FACILITATOR,
            name: "Facilitator".into(),
            facilitator_token: [1; 32],
            observer_token: [2; 32],
            step: STEP,
            step_title: "Sort together".into(),
            steps: Vec::new(),
            demonstration: false,
        };
        let entry = Entry { origin: origin(), sequence: 1, body: Body::Founded(founded) };
        let position = Position { at: 1_000, n: 0 };
        let (session, _) = Session::found(position, &entry).unwrap();
        let mut fold = Self { session, log: vec![(position, entry)] };
        for (who, name) in [(ADA, "Ada"), (BEN, "Ben")] {
            fold.done(Body::Joined(Joined {
                participant: who,
                name: name.into(),
                function: String::new(),
                role: Role::Participant,
                token: [u8::try_from(who.0.as_u128()).unwrap(); 32],
                by: None,
            }));
        }
        fold.done(Body::PillarsImported { by: FACILITATOR, rows: vec![pillar(CORE, "Core")] });
        fold.done(Body::Imported {
            by: FACILITATOR,
            rows: vec![row(SCHEME, "Scheme", "")],
            currency: None,
            file: None,
        });
        fold
    }

    fn append(&mut self, body: Body) -> Outcome {
        let number = self.log.len() as u64;
        let position = Position { at: self.log.last().map_or(1_000, |(last, _)| last.at + 1), n: 0 };
        let entry = Entry { origin: origin(), sequence: number + 1, body };
        self.log.push((position, entry.clone()));
        self.session.apply(position, &entry).unwrap()
    }

    fn done(&mut self, body: Body) -> Done {
        match self.append(body) {
            Outcome::Done(done) => done,
            other => panic!("not done: {other:?}"),
        }
    }

    fn send(&mut self, by: ParticipantId, update: &[u8]) -> Outcome {
        match self.session.examine(&mut Ahead::default(), by, update, usize::MAX) {
            Examined::Pass(update) => self.append(Body::Update { by, update: update.into() }),
            Examined::Nothing => Outcome::Nothing,
            Examined::Gap => Outcome::Gap,
            Examined::Refused(refusal) => Outcome::Refused(refusal),
        }
    }

    fn command(&mut self, by: ParticipantId, command: &Command) -> Outcome {
        let message = MessageId(Uuid::from_u128(1_000 + self.log.len() as u128));
        self.append(Body::Commanded { by, message, json: serde_json::to_string(command).unwrap() })
    }

    /// Folds the log anew, whole and from a snapshot at every position, and compares.
    fn check(&self) {
        let canonical = self.session.canonical().unwrap();
        for start in 0..self.log.len() {
            let (position, entry) = &self.log[0];
            let mut session = Session::found(*position, entry).unwrap().0;
            for (at, (position, entry)) in self.log.iter().enumerate().skip(1) {
                if at == start {
                    session = Session::restore(&session.snapshot()).unwrap();
                }
                session.apply(*position, entry).unwrap();
            }
            assert_eq!(session.canonical().unwrap(), canonical, "from a snapshot at {start}");
        }
    }
}

fn origin() -> Origin {
    Origin(Uuid::from_u128(99))
}

fn seen() -> Seen {
    Seen { step: STEP, round: 1 }
}

fn pillar(id: PillarId, name: &str) -> PillarRow {
    PillarRow {
        id,
        name: name.into(),
        intent: String::new(),
        goals: vec!["One".into(), "Two".into()],
        measure: String::new(),
        rules_out: String::new(),
        owner: String::new(),
        colour: String::new(),
    }
}

fn row(id: ProjectId, name: &str, reference: &str) -> Row {
    Row {
        id,
        name: name.into(),
        summary: "What it is".into(),
        sponsor: String::new(),
        owner: String::new(),
        origin: "legacy".into(),
        cost: Some(5_000_000_000),
        people: Some(3),
        reference: reference.into(),
        more: vec![("Heading".into(), "Text".into())],
    }
}

/// A client as an unmodified one would be.
struct Client {
    doc: Doc,
}

impl Client {
    fn new(id: u64, session: &Session) -> Self {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(yrs::ClientID::new(id))
        });
        let client = Self { doc };
        client.receive(&session.since(&StateVector::default()));
        client
    }

    fn receive(&self, update: &[u8]) {
        self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }

    fn change(&self, change: impl FnOnce(&mut yrs::TransactionMut<'_>)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        change(&mut txn);
        txn.encode_update_v1()
    }

    fn place(&self, project: ProjectId, pile: &str) -> Vec<u8> {
        self.change(|txn| {
            let order = plumbline_shared::order::between(None, None);
            let value: Vec<Any> = vec![pile.into(), order.as_str().into()];
            txn.get_or_insert_map("placements").insert(txn, project.to_string(), value);
        })
    }

    fn board(&self) -> Board {
        Board::read(&self.doc.transact())
    }
}

#[test]
fn a_card_is_placed_and_everybody_gets_the_same_update() {
    let mut fold = Fold::new();
    let (ada, ben) = (Client::new(1, &fold.session), Client::new(2, &fold.session));
    let update = ada.place(SCHEME, "off");
    let Outcome::Done(done) = fold.send(ADA, &update) else { panic!() };
    ben.receive(&done.update);
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Off);
    assert_eq!(ben.board(), fold.session.board());
    assert_eq!(ada.board(), fold.session.board());
    fold.check();
}

#[test]
fn a_card_in_the_air_when_the_board_is_locked_comes_back_and_its_hand_is_told() {
    let mut fold = Fold::new();
    let ada = Client::new(1, &fold.session);
    fold.send(ADA, &ada.place(SCHEME, &CORE.to_string()));
    let late = ada.place(SCHEME, "off");
    let Outcome::Done(locked) = fold.command(FACILITATOR, &Command::Lock { seen: seen(), locked: true })
    else {
        panic!()
    };
    let Outcome::Done(done) = fold.send(ADA, &late) else { panic!() };
    assert_eq!(done.taken_back[0].code, "locked");
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Pillar(CORE));
    ada.receive(&locked.update);
    ada.receive(&done.update);
    assert_eq!(ada.board(), fold.session.board());
    // The client goes on from there.
    fold.command(FACILITATOR, &Command::Lock { seen: seen(), locked: false });
    assert!(matches!(fold.send(ADA, &ada.place(SCHEME, "off")), Outcome::Done(_)));
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Off);
    fold.check();
}

#[test]
fn a_first_placement_that_is_taken_back_leaves_the_card_unsorted() {
    let mut fold = Fold::new();
    let ada = Client::new(1, &fold.session);
    fold.command(FACILITATOR, &Command::Lock { seen: seen(), locked: true });
    let Outcome::Done(done) = fold.send(ADA, &ada.place(SCHEME, "off")) else { panic!() };
    ada.receive(&done.update);
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Unsorted);
    assert_eq!(ada.board().pile(SCHEME), Pile::Unsorted);
    fold.check();
}

#[test]
fn two_hands_on_one_card_leave_it_in_one_place() {
    let mut fold = Fold::new();
    let (ada, ben) = (Client::new(1, &fold.session), Client::new(2, &fold.session));
    let (one, two) = (ada.place(SCHEME, "off"), ben.place(SCHEME, &CORE.to_string()));
    let Outcome::Done(first) = fold.send(ADA, &one) else { panic!() };
    let Outcome::Done(second) = fold.send(BEN, &two) else { panic!() };
    for client in [&ada, &ben] {
        client.receive(&first.update);
        client.receive(&second.update);
        assert_eq!(client.board(), fold.session.board());
    }
    assert_eq!(fold.session.board().placements.len(), 1);
    fold.check();
}

#[test]
fn what_nobody_may_is_refused_and_leaves_no_trace() {
    let mut fold = Fold::new();
    let before = fold.session.canonical().unwrap();
    let refused = |fold: &mut Fold, update: &[u8]| match fold.send(ADA, update) {
        Outcome::Refused(refusal) => refusal.code,
        other => panic!("not refused: {other:?}"),
    };
    let ada = Client::new(1, &fold.session);
    let update = ada.change(|txn| {
        txn.get_or_insert_map("session").insert(txn, "locked", true);
    });
    assert_eq!(refused(&mut fold, &update), "server_only");
    let ada = Client::new(3, &fold.session);
    let update = ada.change(|txn| {
        txn.get_or_insert_map("pillars").insert(txn, Uuid::from_u128(77).to_string(), MapPrelim::default());
    });
    assert_eq!(refused(&mut fold, &update), "facilitator_only");
    let ada = Client::new(4, &fold.session);
    let update = ada.place(ProjectId(Uuid::from_u128(500)), "off");
    assert_eq!(refused(&mut fold, &update), "no_such_place");
    assert_eq!(fold.session.canonical().unwrap(), before);
}

#[test]
fn a_client_that_does_not_wait_is_judged_by_what_it_sent_before() {
    let mut fold = Fold::new();
    let ada = Client::new(1, &fold.session);
    let new = ProjectId(Uuid::from_u128(40));
    let added = ada.change(|txn| {
        let project = txn.get_or_insert_map("projects").insert(txn, new.to_string(), MapPrelim::default());
        project.insert(txn, "name", "Drone trial");
        project.insert(txn, "added_by", ADA.to_string());
    });
    let placed = ada.place(new, "off");
    let mut ahead = Ahead::default();
    let mut passed = Vec::new();
    for update in [added, placed] {
        match fold.session.examine(&mut ahead, ADA, &update, usize::MAX) {
            Examined::Pass(update) => passed.push(update),
            other => panic!("{other:?}"),
        }
    }
    for update in passed {
        ada.receive(&fold.done(Body::Update { by: ADA, update: update.into() }).update);
    }
    let board = fold.session.board();
    assert_eq!(board.pile(new), Pile::Off);
    assert_eq!(board.projects[&new].added_by, Some(ADA));
    assert_eq!(ada.board(), board);
    // The server made its decision along with it.
    let doc = fold.session.doc.transact();
    assert!(doc.get_map("decisions").unwrap().get(&doc, &new.to_string()).is_some());
    drop(doc);
    fold.check();
}

#[test]
fn a_note_is_written_together_and_its_text_has_an_end() {
    let mut fold = Fold::new();
    let ada = Client::new(1, &fold.session);
    let note = Uuid::from_u128(50).to_string();
    let made = ada.change(|txn| {
        let map = txn.get_or_insert_map("notes").insert(txn, note.as_str(), MapPrelim::default());
        map.insert(txn, "about", SCHEME.to_string());
        map.insert(txn, "author", ADA.to_string());
        map.insert(txn, "text", TextPrelim::new("Keeps two of my best"));
    });
    let Outcome::Done(_) = fold.send(ADA, &made) else { panic!() };
    let ben = Client::new(2, &fold.session);
    let write = |client: &Client, text: &str| {
        client.change(|txn| {
            let notes = txn.get_or_insert_map("notes");
            let Some(yrs::Out::YMap(map)) = notes.get(txn, &note) else { panic!() };
            let Some(yrs::Out::YText(body)) = map.get(txn, "text") else { panic!() };
            body.push(txn, text);
        })
    };
    let Outcome::Done(done) = fold.send(BEN, &write(&ben, " people 👩‍💻")) else { panic!() };
    ada.receive(&done.update);
    assert_eq!(ada.board().notes.values().next().unwrap().text, "Keeps two of my best people 👩‍💻");
    let long = write(&ben, &"x".repeat(plumbline_shared::limits::TEXT));
    assert!(matches!(fold.send(BEN, &long), Outcome::Refused(refusal) if refusal.code == "bad_value"));
    fold.check();
}

#[test]
fn what_was_added_and_undone_offline_is_taken_and_the_same_client_goes_on() {
    for (root, signature) in [("notes", "author"), ("projects", "added_by")] {
        let mut fold = Fold::new();
        let client = Client::new(7, &fold.session);
        let key = Uuid::from_u128(70).to_string();
        let known = client.doc.transact().state_vector();
        client.change(|txn| {
            let entry = txn.get_or_insert_map(root).insert(txn, key.as_str(), MapPrelim::default());
            entry.insert(txn, signature, ADA.to_string());
        });
        client.change(|txn| {
            txn.get_or_insert_map(root).remove(txn, &key);
        });
        client.place(SCHEME, "off");
        let update = client.doc.transact().encode_state_as_update_v1(&known);
        let outcome = fold.send(ADA, &update);
        assert!(matches!(outcome, Outcome::Done(_)), "{root}: {outcome:?}");
        assert_eq!(fold.session.board().placements[&SCHEME].pile, "off");
        // It may still come: the same key was never anybody's.
        let again = client.change(|txn| {
            txn.get_or_insert_map(root).insert(txn, key.as_str(), MapPrelim::default());
        });
        assert!(matches!(fold.send(ADA, &again), Outcome::Done(_)), "{root}");
        assert_eq!(fold.session.board().notes.len() + fold.session.board().projects.len(), 2);
        fold.check();
    }
}

#[test]
fn what_a_facilitator_brings_back_is_still_its_authors() {
    let mut fold = Fold::new();
    let key = Uuid::from_u128(71).to_string();
    let write = |client: &Client, signed: ParticipantId| {
        client.change(|txn| {
            let entry = txn.get_or_insert_map("projects").insert(txn, key.as_str(), MapPrelim::default());
            entry.insert(txn, "name", "Pet");
            entry.insert(txn, "added_by", signed.to_string());
        })
    };
    let rename = |client: &Client, name: &str| {
        client.change(|txn| {
            let Some(Out::YMap(entry)) = txn.get_or_insert_map("projects").get(txn, &key) else {
                panic!("it stands")
            };
            entry.insert(txn, "name", name);
        })
    };
    let ada = Client::new(7, &fold.session);
    assert!(matches!(fold.send(ADA, &write(&ada, ADA)), Outcome::Done(_)));
    let facilitator = Client::new(8, &fold.session);
    let away = facilitator.change(|txn| {
        txn.get_or_insert_map("projects").remove(txn, &key);
    });
    assert!(matches!(fold.send(FACILITATOR, &away), Outcome::Done(_)));
    fold.check();

    // Nobody else brings it back, and nobody under another name.
    let ben = Client::new(9, &fold.session);
    assert_eq!(refusal(fold.send(BEN, &write(&ben, BEN))), "facilitator_only");
    let forger = Client::new(10, &fold.session);
    assert_eq!(refusal(fold.send(FACILITATOR, &write(&forger, BEN))), "not_yours");

    assert!(matches!(fold.send(FACILITATOR, &write(&facilitator, ADA)), Outcome::Done(_)));
    let project = ProjectId(Uuid::from_u128(71));
    assert_eq!(fold.session.board().projects[&project].added_by, Some(ADA));
    let ada = Client::new(11, &fold.session);
    assert!(matches!(fold.send(ADA, &rename(&ada, "Mine again")), Outcome::Done(_)));
    let ben = Client::new(12, &fold.session);
    assert_eq!(refusal(fold.send(BEN, &rename(&ben, "Ben's"))), "facilitator_only");
    assert_eq!(fold.session.board().projects[&project].name, "Mine again");
    fold.check();
}

fn refusal(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused(refusal) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn importing_again_updates_and_neither_doubles_nor_deletes() {
    let mut fold = Fold::new();
    let other = ProjectId(Uuid::from_u128(21));
    let again = |id, name: &str, reference: &str| vec![row(id, name, reference)];
    let by_name = Body::Imported {
        by: FACILITATOR,
        rows: again(other, "Scheme", ""),
        currency: Some("GBP".into()),
        file: None,
    };
    let imported = fold.done(by_name).imported.unwrap();
    assert_eq!((imported.added, imported.updated), (0, 1));
    let new =
        Body::Imported { by: FACILITATOR, rows: again(other, "Scheme", "R-1"), currency: None, file: None };
    assert_eq!(fold.done(new).imported.unwrap().added, 1);
    let renamed = Body::Imported {
        by: FACILITATOR,
        rows: again(ProjectId(Uuid::from_u128(22)), "Scheme, phase two", "R-1"),
        currency: None,
        file: None,
    };
    assert_eq!(fold.done(renamed).imported.unwrap().updated, 1);
    let board = fold.session.board();
    assert_eq!(board.projects.len(), 2);
    assert_eq!(board.projects[&other].name, "Scheme, phase two");
    assert_eq!(board.projects[&other].cost, Some(5e9));
    assert_eq!(board.session.currency, "GBP");
    fold.check();
}

#[test]
fn two_rows_with_one_reference_stay_two_projects() {
    let mut fold = Fold::new();
    let (known, one, two) =
        (ProjectId(Uuid::from_u128(60)), ProjectId(Uuid::from_u128(61)), ProjectId(Uuid::from_u128(62)));
    fold.done(Body::Imported {
        by: FACILITATOR,
        rows: vec![row(known, "Lot 1", "R")],
        currency: None,
        file: None,
    });
    let rows = vec![row(one, "Lot 2", "R"), row(known, "Lot 1", "R"), row(two, "Lot 3", "R")];
    let imported =
        fold.done(Body::Imported { by: FACILITATOR, rows, currency: None, file: None }).imported.unwrap();
    assert_eq!((imported.added, imported.updated), (2, 1));
    let board = fold.session.board();
    let mut names: Vec<&str> = board.projects.values().map(|project| project.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Lot 1", "Lot 2", "Lot 3", "Scheme"]);
    fold.check();
}

#[test]
fn two_facilitators_pressing_at_once_go_one_step() {
    let mut fold = Fold::new();
    let stale = Command::Timer { seen: Seen { step: STEP, round: 9 }, seconds: 60 };
    assert!(
        matches!(fold.command(FACILITATOR, &stale), Outcome::Refused(refusal) if refusal.code == "stale")
    );
    assert!(matches!(
        fold.command(ADA, &Command::Lock { seen: seen(), locked: true }),
        Outcome::Refused(refusal) if refusal.code == "facilitator_only"
    ));
    fold.done(Body::Commanded {
        by: FACILITATOR,
        message: MessageId(Uuid::from_u128(5)),
        json: serde_json::to_string(&Command::Timer { seen: seen(), seconds: 60 }).unwrap(),
    });
    let at = fold.log.last().unwrap().0.at;
    assert_eq!(fold.session.board().session.deadline, Some(at + 60_000));
    assert_eq!(fold.session.answered(FACILITATOR, MessageId(Uuid::from_u128(5))), Some(Ok(())));
    fold.check();
}

#[test]
fn an_append_that_landed_twice_counts_once() {
    let mut fold = Fold::new();
    let (_, entry) = fold.log.last().unwrap().clone();
    let before = fold.session.board();
    let later = Position { at: 9_000, n: 0 };
    assert_eq!(fold.session.apply(later, &entry).unwrap(), Outcome::Nothing);
    assert_eq!(fold.session.board(), before);
}

#[test]
fn tokens_open_what_they_are_for_until_they_are_replaced() {
    let mut fold = Fold::under(3);
    let who = |fold: &Fold, token: u8| fold.session.people().identify(&[token; 32]).map(|found| found.role);
    assert_eq!(who(&fold, 1), Some(Role::Facilitator));
    assert_eq!(who(&fold, 2), Some(Role::Observer));
    assert_eq!(who(&fold, 11), Some(Role::Participant));
    assert_eq!(who(&fold, 77), None);
    assert_eq!(who(&fold, 0), None);
    fold.done(Body::Rotated { whose: Whose::Facilitator, token: [3; 32], by: None, with: None });
    assert_eq!((who(&fold, 1), who(&fold, 3)), (None, Some(Role::Facilitator)));
    fold.done(Body::Linked { participant: ADA, token: [4; 32], with: None });
    assert_eq!(who(&fold, 4), Some(Role::Participant));
    fold.command(FACILITATOR, &Command::Remove { participant: ADA });
    assert_eq!((who(&fold, 11), who(&fold, 4)), (None, None));
    assert_eq!(fold.session.board().roster.len(), 2);
    fold.check();
}

#[test]
fn the_last_facilitator_stays() {
    let mut fold = Fold::new();
    let leave = Command::Remove { participant: FACILITATOR };
    assert!(
        matches!(fold.command(FACILITATOR, &leave), Outcome::Refused(refusal) if refusal.code == "last_facilitator")
    );
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    assert!(matches!(fold.command(FACILITATOR, &leave), Outcome::Done(_)));
    fold.check();
}

#[test]
fn a_closed_session_takes_nothing_until_it_is_resumed() {
    let mut fold = Fold::new();
    let ada = Client::new(1, &fold.session);
    fold.command(FACILITATOR, &Command::Close { seen: seen() });
    let Outcome::Done(done) = fold.send(ADA, &ada.place(SCHEME, "off")) else { panic!() };
    assert_eq!(done.taken_back[0].code, "closed");
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Unsorted);
    fold.command(FACILITATOR, &Command::Resume { seen: seen() });
    assert!(!fold.session.is_closed());
    fold.check();
}

/// A step of this kind in the agenda, made by the facilitator.
fn add_step(fold: &mut Fold, id: u128, kind: &str) -> StepId {
    let step = StepId(Uuid::from_u128(id));
    let client = Client::new(id as u64, &fold.session);
    let update = client.change(|txn| {
        let map = txn.get_or_insert_map("agenda").insert(txn, step.to_string(), MapPrelim::default());
        map.insert(txn, "kind", kind);
        map.insert(txn, "title", "Another step");
        map.insert(txn, "order", plumbline_shared::order::between(None, None));
    });
    assert!(matches!(fold.send(FACILITATOR, &update), Outcome::Done(_)));
    step
}

#[test]
fn the_rules_go_with_the_step_that_the_session_has_gone_to() {
    let mut fold = Fold::new();
    let ballot = add_step(&mut fold, 60, "ballot");
    let ada = Client::new(1, &fold.session);
    fold.command(FACILITATOR, &Command::GoTo { seen: seen(), step: ballot });
    assert_eq!(fold.session.moment().kind, plumbline_shared::words::StepKind::Ballot);
    let Outcome::Done(done) = fold.send(ADA, &ada.place(SCHEME, "off")) else { panic!() };
    assert_eq!(done.taken_back[0].code, "not_in_this_step");
    fold.check();
}

#[test]
fn a_message_that_was_refused_is_refused_again_and_not_carried_out() {
    let mut fold = Fold::new();
    let stale = Command::Lock { seen: Seen { step: STEP, round: 9 }, locked: true };
    let body = Body::Commanded {
        by: FACILITATOR,
        message: MessageId(Uuid::from_u128(5)),
        json: serde_json::to_string(&stale).unwrap(),
    };
    let Outcome::Refused(first) = fold.append(body.clone()) else { panic!() };
    let Outcome::Refused(again) = fold.append(body) else { panic!("the repetition was not refused") };
    assert_eq!((first.code, &first), ("stale", &again));
    fold.check();
}

#[test]
fn a_card_taken_away_makes_room_for_another_before_the_fold_has_seen_it() {
    let mut fold = Fold::new();
    let rows = (1..24).map(|n| pillar(PillarId(Uuid::from_u128(300 + n)), &format!("Pillar {n}"))).collect();
    fold.done(Body::PillarsImported { by: FACILITATOR, rows });
    assert_eq!(fold.session.board().pillars.len(), plumbline_shared::limits::PILLARS);
    let client = Client::new(1, &fold.session);
    let make = |id: u128| {
        client.change(|txn| {
            let pillars = txn.get_or_insert_map("pillars");
            pillars.insert(txn, Uuid::from_u128(id).to_string(), MapPrelim::default());
        })
    };
    let away = client.change(|txn| {
        txn.get_or_insert_map("pillars").remove(txn, &CORE.to_string());
    });
    let (fits, too_many) = (make(900), make(901));
    let mut ahead = Ahead::default();
    let mut examine = |update: &[u8]| fold.session.examine(&mut ahead, FACILITATOR, update, usize::MAX);
    assert!(matches!(examine(&away), Examined::Pass(_)));
    assert!(matches!(examine(&fits), Examined::Pass(_)));
    assert!(matches!(examine(&too_many), Examined::Refused(refusal) if refusal.code == "too_many"));
}
