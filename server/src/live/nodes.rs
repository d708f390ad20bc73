//! Several nodes in one process, on a real Redis: whatever is proposed to whichever of them, at the same position all
//! hold the same state, in canonical bytes.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, sync::Arc};

use plumbline_shared::{
    ids::{MessageId, ParticipantId, PillarId, ProjectId, SessionId, StepId},
    order,
    policy::VERSION,
    words::Role,
};
use serde_json::json;
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, Options, ReadTxn, StateVector, Transact, Update, WriteTxn, updates::decoder::Decode,
};

use super::Node;
use crate::{
    session::entry::{Body, Founded, Joined, PillarRow, Row},
    store::{LogId, Position, RedisStore, Store, redis::server::Server},
};

const FACILITATOR: ParticipantId = ParticipantId(Uuid::from_u128(10));
const STEP: StepId = StepId(Uuid::from_u128(1));

/// How much is proposed unless the environment says otherwise.
const MOVES: u64 = 1_200;

/// A generator that replays from its seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn id(n: u64) -> Uuid {
    Uuid::from_u128(u128::from(n))
}

async fn node(url: &str) -> Arc<Node> {
    Node::new(Box::new(RedisStore::open(url).await.unwrap()))
}

async fn found(node: &Arc<Node>) -> SessionId {
    let session = SessionId(Uuid::now_v7());
    let founded = Founded {
        session,
        title: "Alignment".into(),
        rules: VERSION,
        facilitator: FACILITATOR,
        name: "Facilitator".into(),
        facilitator_token: [1; 32],
        observer_token: [2; 32],
        step: STEP,
        step_title: "Sort together".into(),
        steps: Vec::new(),
        demonstration: false,
    };
    node.found(founded).await.unwrap();
    for n in 0..4 {
        let joined = Joined {
            participant: ParticipantId(id(100 + n)),
            name: format!("Person {n}"),
            function: String::new(),
            role: Role::Participant,
            token: [u8::try_from(n).unwrap() + 10; 32],
            by: None,
        };
        node.session(session).propose(Body::Joined(joined)).await.unwrap().unwrap();
    }
    let rows = (0..12).map(project).collect();
    let body = Body::Imported { by: FACILITATOR, rows, currency: None, file: None };
    node.session(session).propose(body).await.unwrap().unwrap();
    let body = Body::PillarsImported { by: FACILITATOR, rows: (0..3).map(pillar).collect() };
    node.session(session).propose(body).await.unwrap().unwrap();
    session
}

fn project(n: u64) -> Row {
    Row {
        id: ProjectId(id(200 + n)),
        name: format!("Project {n}"),
        summary: String::new(),
        sponsor: String::new(),
        owner: String::new(),
        origin: String::new(),
        cost: Some(10),
        people: None,
        reference: String::new(),
        more: Vec::new(),
    }
}

fn pillar(n: u64) -> PillarRow {
    PillarRow {
        id: PillarId(id(300 + n)),
        name: format!("Pillar {n}"),
        intent: String::new(),
        goals: Vec::new(),
        measure: String::new(),
        rules_out: String::new(),
        owner: String::new(),
        colour: String::new(),
    }
}

/// Something that somebody might do, and at times should not.
fn drawn(chance: &mut Chance, docs: &mut [Doc; 4]) -> Body {
    let who = chance.below(4);
    let command = |by, command: serde_json::Value| Body::Commanded {
        by,
        message: MessageId(Uuid::now_v7()),
        json: command.to_string(),
    };
    let subject = id(200 + chance.below(13));
    match chance.below(12) {
        0 => command(
            FACILITATOR,
            json!({"type": "lock", "locked": chance.below(2) == 0, "seen": {"step": STEP, "round": 1}}),
        ),
        1 => command(
            FACILITATOR,
            json!({"type": "timer", "seconds": chance.below(900), "seen": {"step": STEP, "round": 1}}),
        ),
        2 => command(
            ParticipantId(id(100 + who)),
            json!({"type": "flag", "project": subject, "reason": "is it?"}),
        ),
        3 => Body::FlagsPublished { seed: chance.below(1 << 40) },
        _ => {
            let doc = &docs[who as usize];
            let mut txn = doc.transact_mut();
            let pile = match chance.below(4) {
                0 => "off".to_owned(),
                n => id(299 + n).to_string(),
            };
            let value: Vec<Any> = vec![pile.into(), order::between(None, None).as_str().into()];
            txn.get_or_insert_map("placements").insert(&mut txn, subject.to_string(), value);
            Body::Update { by: ParticipantId(id(100 + who)), update: txn.encode_update_v1().into() }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_equal_positions_all_nodes_hold_equal_states() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (seed, moves) =
        (setting("PLUMBLINE_SEED").unwrap_or(20_260_103), setting("PLUMBLINE_MOVES").unwrap_or(MOVES));
    println!("PLUMBLINE_SEED={seed}");
    let mut chance = Chance(seed);
    let redis = Server::start().await;
    let mut nodes = vec![node(&redis.url()).await, node(&redis.url()).await, node(&redis.url()).await];
    let session = found(&nodes[0]).await;
    let mut docs: [Doc; 4] =
        std::array::from_fn(|n| Doc::with_options(Options::with_client_id(yrs::ClientID::new(n as u64 + 7))));
    let mut states: BTreeMap<Position, Vec<u8>> = BTreeMap::new();
    let mut compared = 0_u32;
    for round in 0..moves / 6 {
        // Six at once, on whatever node.
        let bodies: Vec<(usize, Body)> =
            (0..6).map(|_| (chance.below(3) as usize, drawn(&mut chance, &mut docs))).collect();
        let proposed = bodies.into_iter().map(|(n, body)| {
            let node = Arc::clone(&nodes[n]);
            tokio::spawn(async move { node.session(session).propose(body).await.unwrap() })
        });
        let looked = nodes.iter().map(|node| {
            let node = Arc::clone(node);
            tokio::spawn(async move {
                node.session(session)
                    .ask(|session| (session.position(), session.canonical().unwrap()))
                    .await
                    .unwrap()
            })
        });
        let (proposed, looked): (Vec<_>, Vec<_>) = (proposed.collect(), looked.collect());
        for done in proposed {
            // What is refused is refused everywhere.
            let _ = done.await.unwrap();
        }
        let mut all: Vec<(Position, Vec<u8>)> = Vec::new();
        for look in looked {
            all.push(look.await.unwrap());
        }
        for node in &nodes {
            let look = |session: &crate::session::Session| (session.position(), session.canonical().unwrap());
            all.push(node.session(session).ask(look).await.unwrap());
        }
        for (position, state) in all {
            match states.get(&position) {
                Some(known) => {
                    assert!(*known == state, "PLUMBLINE_SEED={seed}: at {position}, round {round}");
                    compared += 1;
                }
                None => drop(states.insert(position, state)),
            }
        }
        // One of them ends as it may, and another begins on what there is: a snapshot and what came after it.
        if round % 40 == 39 {
            let n = chance.below(3) as usize;
            if round % 80 == 39 {
                nodes[n].shut_down().await;
            }
            nodes[n] = node(&redis.url()).await;
        }
    }
    println!("{compared} states compared, at {} positions", states.len());
    assert!(u64::from(compared) > moves / 3, "only {compared} states could be compared");
    // Whoever folds the log from its beginning comes to the same.
    let store = RedisStore::open(&redis.url()).await.unwrap();
    let last = store.last(&LogId::session(session.0)).await.unwrap();
    let afresh = super::load::load(&store, &LogId::session(session.0)).await.unwrap().session;
    assert!(
        afresh.position() == last
            && states.get(&last).is_none_or(|state| *state == afresh.canonical().unwrap())
    );
    // The board is one that a client can hold.
    let doc = Doc::new();
    let whole = afresh.since(&StateVector::default());
    doc.transact_mut().apply_update(Update::decode_v1(&whole).unwrap()).unwrap();
    assert!(doc.transact().get_map("placements").is_some_and(|map| map.len(&doc.transact()) > 0));
}
