//! What one change costs on a large board: counted in bytes that are allocated, which no other work on the machine changes.

use plumbline::{
    session::{
        Ahead, Examined, Session,
        entry::{Body, Entry, Founded, Origin, Row},
    },
    store::Position,
};
use plumbline_shared::{
    ids::{ParticipantId, ProjectId, SessionId, StepId},
    limits, order,
    policy::VERSION,
};
use uuid::Uuid;
use yrs::{Any, ClientID, Doc, Map, Options, StateVector, Transact, WriteTxn};

const FACILITATOR: ParticipantId = ParticipantId(Uuid::from_u128(10));
const ORIGIN: Origin = Origin(Uuid::from_u128(1));
/// Changes that are measured.
const MOVES: usize = 200;
/// The board that is meant by *large*, in bytes.
const LARGE: usize = 5_000_000;

/// A session with so many projects, each with so much text.
fn session(projects: usize, text: usize) -> Session {
    let founded = Founded {
        session: SessionId(Uuid::from_u128(1)),
        title: "A session".into(),
        rules: VERSION,
        facilitator: FACILITATOR,
        name: "Fay".into(),
        facilitator_token: [1; 32],
        observer_token: [2; 32],
        step: StepId(Uuid::from_u128(2)),
        step_title: "Sort".into(),
        steps: Vec::new(),
        demonstration: false,
    };
    let entry = Entry { origin: ORIGIN, sequence: 1, body: Body::Founded(founded) };
    let mut session = Session::found(Position { at: 1_000, n: 0 }, &entry).unwrap().0;
    let row = |n: usize| Row {
        id: project(n),
        name: format!("Project {n}"),
        summary: "s".repeat(text.min(limits::PARAGRAPH)),
        sponsor: String::new(),
        owner: String::new(),
        origin: String::new(),
        cost: Some(10),
        people: None,
        reference: String::new(),
        more: vec![("More".to_owned(), "m".repeat(text.min(limits::LINE)))],
    };
    let rows = (0..projects).map(row).collect();
    apply(&mut session, 2, Body::Imported { by: FACILITATOR, rows, currency: None, file: None });
    session
}

fn project(n: usize) -> ProjectId {
    ProjectId(Uuid::from_u128(1_000 + n as u128))
}

fn apply(session: &mut Session, sequence: u64, body: Body) {
    let position = session.position().next(1_000 + sequence);
    session.apply(position, &Entry { origin: ORIGIN, sequence, body }).unwrap();
}

/// What moving a card costs, judged before it is appended and after, in bytes: the middle one, and the mean.
fn move_costs(projects: usize, text: usize) -> (usize, usize, u64, u64) {
    let mut session = session(projects, text);
    let doc = Doc::with_options(Options::with_client_id(ClientID::new(7)));
    let mut costs: Vec<u64> = Vec::new();
    for n in 0..MOVES {
        let mut txn = doc.transact_mut();
        let value = vec![Any::from("off"), Any::from(order::between(None, None).as_str())];
        let placements = txn.get_or_insert_map("placements");
        placements.insert(&mut txn, project(n % projects).0.to_string(), value);
        let update = txn.encode_update_v1();
        drop(txn);
        let cost = allocation_counter::measure(|| {
            let examined = session.examine(&mut Ahead::default(), FACILITATOR, &update, usize::MAX);
            let Examined::Pass(admitted) = examined else { panic!("{examined:?}") };
            apply(&mut session, n as u64 + 3, Body::Update { by: FACILITATOR, update: admitted.into() });
        });
        costs.push(cost.bytes_total);
    }
    let placed = session.board().placements.len();
    costs.sort_unstable();
    let mean = costs.iter().sum::<u64>() / costs.len() as u64;
    (session.since(&StateVector::default()).len(), placed, costs[costs.len() / 2], mean)
}

#[test]
fn a_move_costs_on_a_board_of_five_megabytes_what_it_costs_on_a_small_one() {
    let (small, placed, usual, _) = move_costs(200, 10);
    assert_eq!(placed, MOVES, "all moves are on the small board");
    let (large, placed, middle, mean) = move_costs(limits::PROJECTS, limits::PARAGRAPH);
    assert_eq!(placed, MOVES, "all moves are on the large board");
    println!("{small} bytes of board: {usual} a move; {large} bytes: {middle} a move, {mean} in the mean");
    assert!(large > LARGE && small < LARGE / 10, "{large}, {small}");
    // A copy of the document would be hundreds of times as much.
    assert!(middle < 2 * usual + 4_096, "{middle} bytes, and on the small board {usual}");
    assert!(mean < large as u64 / 50, "now and then a table grows: {mean} bytes in the mean");
}
