//! What one update costs: judged before it is appended, folded after, and what it would cost without a guard, taken into
//! a document as it comes. Prints a Markdown table; `cargo xtask bench fold` shows it. Aims on 500 projects: 5 µs for the
//! guard, 20 µs for the fold.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    io::Write,
    time::{Duration, Instant},
};

use plumbline::{
    session::{
        Ahead, Examined, Outcome, Session,
        entry::{Body, Entry, Founded, Joined, Origin, PillarRow, Row},
    },
    store::Position,
};
use plumbline_shared::{
    ids::{ParticipantId, PillarId, ProjectId, SessionId, StepId},
    order,
    policy::VERSION,
    words::Role,
};
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, MapPrelim, OffsetKind, Options, StateVector, Text, TextPrelim, Transact, TransactionMut,
    Update, WriteTxn, updates::decoder::Decode,
};

const PROJECTS: u128 = 500;
const PILLARS: u128 = 6;
const PEOPLE: usize = 12;
const UPDATES: usize = 12_000;

fn main() {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "| 500 projects, 12 people; µs | guard: half, nine of ten | fold, guard included | no guard at all | p99 of all that is done |\n\
         | --- | --- | --- | --- | --- |"
    )
    .unwrap();
    for (what, deed) in [
        ("a card is placed", Deed::Place),
        ("a field is edited by a facilitator", Deed::Edit),
        ("a character is typed into a note", Deed::Type),
    ] {
        let mut board = Board::new();
        let mut all: Vec<Cost> = Vec::with_capacity(UPDATES);
        for n in 0..UPDATES {
            all.push(board.update(n, deed));
        }
        let guard = sorted(&all, |cost| cost.guard);
        let half = |times: &[Duration]| micros(times[UPDATES / 2]);
        writeln!(
            out,
            "| {what} | {:.1}, {:.1} | {:.1} | {:.1} | {:.1} |",
            half(&guard),
            micros(guard[UPDATES * 9 / 10]),
            half(&sorted(&all, |cost| cost.fold)),
            half(&sorted(&all, |cost| cost.bare)),
            micros(sorted(&all, |cost| cost.guard + cost.fold)[UPDATES * 99 / 100])
        )
        .unwrap();
    }
    let mut board = Board::new();
    for n in 0..UPDATES {
        board.update(n, Deed::Place);
    }
    writeln!(out, "\n| the same board after {UPDATES} placements | ms | bytes |\n| --- | --- | --- |")
        .unwrap();
    let mut row = |what: &str, bytes: usize, took: Duration| {
        writeln!(out, "| {what} | {:.2} | {bytes} |", micros(took) / 1_000.0).unwrap();
    };
    let (snapshot, took) = timed(|| board.session.snapshot());
    row("snapshot", snapshot.len(), took);
    let (_, took) = timed(|| Session::restore(&snapshot).unwrap());
    row("restore", snapshot.len(), took);
    let (whole, took) = timed(|| board.session.since(&StateVector::default()));
    row("answer to who has nothing", whole.len(), took);
    let (known, took) = timed(|| board.session.state_vector());
    row("state vector", known.len(), took);
    let (_, took) = timed(|| board.session.board());
    row("board as people read it", 0, took);
}

#[derive(Clone, Copy)]
enum Deed {
    Place,
    Edit,
    Type,
}

/// How long one update took.
struct Cost {
    /// To be judged before it is appended.
    guard: Duration,
    /// To be folded: judged again, taken in, and written for everybody.
    fold: Duration,
    /// To be taken in and written for everybody where nothing is judged.
    bare: Duration,
}

/// A session, and the documents of those who work on it.
struct Board {
    session: Session,
    at: u64,
    people: Vec<(ParticipantId, Doc)>,
    notes: Vec<String>,
    /// The same board where nobody guards it.
    bare: Doc,
}

impl Board {
    fn new() -> Self {
        let origin = Origin(Uuid::from_u128(1));
        let facilitator = ParticipantId(Uuid::from_u128(10));
        let founded = Founded {
            session: SessionId(Uuid::from_u128(2)),
            title: "Alignment".into(),
            rules: VERSION,
            facilitator,
            name: "Facilitator".into(),
            facilitator_token: [1; 32],
            observer_token: [2; 32],
            step: StepId(Uuid::from_u128(3)),
            step_title: "Sort together".into(),
            steps: Vec::new(),
            demonstration: false,
        };
        let first = Entry { origin, sequence: 1, body: Body::Founded(founded) };
        let (session, _) = Session::found(Position { at: 1, n: 0 }, &first).unwrap();
        let bare = document(1);
        let mut board = Self { session, at: 1, people: Vec::new(), notes: Vec::new(), bare };
        let mut ids = vec![facilitator];
        for n in 1..PEOPLE {
            let participant = ParticipantId(Uuid::from_u128(10 + n as u128));
            ids.push(participant);
            board.apply(Body::Joined(Joined {
                participant,
                name: format!("Person {n}"),
                function: String::new(),
                role: Role::Participant,
                token: [u8::try_from(n + 2).unwrap(); 32],
                by: None,
            }));
        }
        let text = String::new;
        board.apply(Body::PillarsImported {
            by: facilitator,
            rows: (0..PILLARS)
                .map(|n| PillarRow {
                    id: pillar(n),
                    name: format!("Pillar {n}"),
                    intent: text(),
                    goals: Vec::new(),
                    measure: text(),
                    rules_out: text(),
                    owner: text(),
                    colour: text(),
                })
                .collect(),
        });
        board.apply(Body::Imported {
            by: facilitator,
            rows: (0..PROJECTS)
                .map(|n| Row {
                    id: project(n),
                    name: format!("Project {n}"),
                    summary: "What it is, in a sentence or two, as portfolios have it.".into(),
                    sponsor: "A sponsor".into(),
                    owner: text(),
                    origin: "planned".into(),
                    cost: Some(100_000),
                    people: Some(4),
                    reference: format!("R-{n}"),
                    more: vec![("Department".into(), "Works".into())],
                })
                .collect(),
            currency: None,
            file: None,
        });
        let whole = board.session.since(&StateVector::default());
        board.bare.transact_mut().apply_update(Update::decode_v1(&whole).unwrap()).unwrap();
        for (n, id) in ids.into_iter().enumerate() {
            let doc = document(1_000 + n as u64);
            doc.transact_mut().apply_update(Update::decode_v1(&whole).unwrap()).unwrap();
            board.people.push((id, doc));
        }
        for n in 0..PEOPLE {
            let note = Uuid::from_u128(5_000 + n as u128).to_string();
            board.send(n, |txn| {
                let map = txn.get_or_insert_map("notes").insert(txn, note.as_str(), MapPrelim::default());
                map.insert(txn, "text", TextPrelim::new(""));
            });
            board.notes.push(note);
        }
        board
    }

    /// One update of one person's, and what it cost.
    fn update(&mut self, n: usize, deed: Deed) -> Cost {
        // The same sequence in every run, and no pattern to speak of.
        let chance = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let card = project(u128::from(chance) % PROJECTS).to_string();
        match deed {
            Deed::Place => {
                let pile = pillar(u128::from(chance >> 9) % PILLARS).to_string();
                self.send(n % PEOPLE, |txn| {
                    let key = order::between(None, None);
                    let value: Vec<Any> = vec![pile.as_str().into(), key.as_str().into()];
                    txn.get_or_insert_map("placements").insert(txn, card, value);
                })
            }
            Deed::Edit => self.send(0, |txn| {
                let Some(yrs::Out::YMap(map)) = txn.get_or_insert_map("projects").get(txn, &card) else {
                    return;
                };
                map.insert(txn, "owner", format!("Owner {n}"));
            }),
            Deed::Type => {
                let note = self.notes[n % PEOPLE].clone();
                self.send(n % PEOPLE, |txn| {
                    let Some(yrs::Out::YMap(map)) = txn.get_or_insert_map("notes").get(txn, &note) else {
                        return;
                    };
                    let Some(yrs::Out::YText(text)) = map.get(txn, "text") else { return };
                    text.push(txn, "x");
                })
            }
        }
    }

    fn send(&mut self, who: usize, change: impl FnOnce(&mut TransactionMut<'_>)) -> Cost {
        let (by, doc) = &self.people[who];
        let by = *by;
        let update = {
            let mut txn = doc.transact_mut();
            change(&mut txn);
            txn.encode_update_v1()
        };
        let unguarded = update.clone();
        let mut ahead = Ahead::default();
        let (examined, guard) = timed(|| self.session.examine(&mut ahead, by, &update, usize::MAX));
        let Examined::Pass(update) = examined else { panic!("{examined:?}") };
        let (done, fold) = self.apply(Body::Update { by, update: update.into() });
        for (_, doc) in &self.people {
            doc.transact_mut().apply_update(Update::decode_v1(&done).unwrap()).unwrap();
        }
        let (_, bare) = timed(|| {
            let mut txn = self.bare.transact_mut();
            txn.apply_update(Update::decode_v1(&unguarded).unwrap()).unwrap();
            txn.encode_update_v1()
        });
        Cost { guard, fold, bare }
    }

    fn apply(&mut self, body: Body) -> (Vec<u8>, Duration) {
        self.at += 1;
        let entry = Entry { origin: Origin(Uuid::from_u128(1)), sequence: self.at, body };
        let position = Position { at: self.at, n: 0 };
        let (outcome, took) = timed(|| self.session.apply(position, &entry));
        let Ok(Outcome::Done(done)) = outcome else { panic!("{outcome:?}") };
        (done.update, took)
    }
}

fn document(client: u64) -> Doc {
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(yrs::ClientID::new(client))
    })
}

fn project(n: u128) -> ProjectId {
    ProjectId(Uuid::from_u128(1_000_000 + n))
}

fn pillar(n: u128) -> PillarId {
    PillarId(Uuid::from_u128(2_000_000 + n))
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

fn sorted(all: &[Cost], which: impl Fn(&Cost) -> Duration) -> Vec<Duration> {
    let mut times: Vec<Duration> = all.iter().map(which).collect();
    times.sort_unstable();
    times
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
