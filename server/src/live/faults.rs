//! What goes wrong beneath a session: a document that takes a part of a change, an entry that nobody can read, an append that
//! landed though it was not answered. On the embedded store and on a real Redis.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use plumbline_shared::{
    ids::{ParticipantId, SessionId, StepId},
    policy::VERSION,
    schema::Root,
    wire::CloseCode,
    words::Role,
};
use tempfile::TempDir;
use uuid::Uuid;
use yrs::{
    Any, ClientID, Doc, Map, MapPrelim, Options, ReadTxn, StateVector, TextPrelim, Transact, Update,
    WriteTxn, updates::decoder::Decode,
};

use super::{Connected, Node, load};
use crate::{
    session::{
        Session,
        entry::{Body, Entry, Founded, Joined, Row},
    },
    store::{
        Condition, Durability, LogId, Position, RedisStore, Shared, SqliteStore, Store, StoreError, Stored,
        redis::server::Server, suite::read_all,
    },
};

const FACILITATOR: ParticipantId = ParticipantId(Uuid::from_u128(10));
const ANA: ParticipantId = ParticipantId(Uuid::from_u128(11));
const ANAS_TOKEN: [u8; 32] = [11; 32];
const PROJECT: Uuid = Uuid::from_u128(20);

/// What a store lies in, for as long as it is used.
enum Ground {
    Directory(TempDir),
    Redis(Server),
}

impl Ground {
    async fn both() -> [Self; 2] {
        [Self::Directory(tempfile::tempdir().unwrap()), Self::Redis(Server::start().await)]
    }

    async fn store(&self) -> Box<dyn Store> {
        match self {
            Self::Directory(folder) => Box::new(SqliteStore::open(folder.path()).unwrap()),
            Self::Redis(server) => Box::new(RedisStore::open(&server.url()).await.unwrap()),
        }
    }
}

/// A session with Ana and a project.
async fn session(node: &Arc<Node>) -> SessionId {
    let id = SessionId(Uuid::now_v7());
    let founded = Founded {
        session: id,
        title: "Alignment".into(),
        rules: VERSION,
        facilitator: FACILITATOR,
        name: "Facilitator".into(),
        facilitator_token: [1; 32],
        observer_token: [2; 32],
        step: StepId(Uuid::from_u128(1)),
        step_title: "Sort together".into(),
        steps: Vec::new(),
        demonstration: false,
    };
    node.found(founded).await.unwrap();
    proposed(node, id, joined(ANA, "Ana", ANAS_TOKEN)).await;
    let row = Row {
        id: plumbline_shared::ids::ProjectId(PROJECT),
        name: "Signal renewal".into(),
        summary: String::new(),
        sponsor: String::new(),
        owner: String::new(),
        origin: String::new(),
        cost: None,
        people: None,
        reference: String::new(),
        more: Vec::new(),
    };
    proposed(node, id, Body::Imported { by: FACILITATOR, rows: vec![row], currency: None, file: None }).await;
    id
}

fn joined(participant: ParticipantId, name: &str, token: [u8; 32]) -> Body {
    let (name, function) = (name.into(), String::new());
    Body::Joined(Joined { participant, name, function, role: Role::Participant, token, by: None })
}

async fn proposed(node: &Arc<Node>, session: SessionId, body: Body) {
    node.session(session).propose(body).await.unwrap().unwrap();
}

async fn canonical(node: &Arc<Node>, session: SessionId) -> Vec<u8> {
    node.session(session).ask(|session| session.canonical().unwrap()).await.unwrap()
}

async fn folded(node: &Arc<Node>, session: SessionId) -> Vec<u8> {
    load::read(node.store(), session).await.unwrap().canonical().unwrap()
}

fn doc(client: u64) -> Doc {
    Doc::with_options(Options::with_client_id(ClientID::new(client)))
}

fn update(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// A note of Ana's: a map at the client's clock 0, and what hangs on it.
fn note(client: u64) -> Vec<u8> {
    let doc = doc(client);
    let mut txn = doc.transact_mut();
    let notes = txn.get_or_insert_map(Root::Notes.name());
    let note = notes.insert(&mut txn, Uuid::from_u128(u128::from(client)).to_string(), MapPrelim::default());
    note.insert(&mut txn, "about", PROJECT.to_string());
    note.insert(&mut txn, "author", ANA.to_string());
    note.insert(&mut txn, "text", TextPrelim::new("It is older than the strategy."));
    drop(txn);
    update(&doc)
}

fn by_ana(update: Vec<u8>) -> Body {
    Body::Update { by: ANA, update: update.into() }
}

fn notes(session: &Session) -> usize {
    session.board().notes.len()
}

/// `apply_update` is not atomic: what it refuses it may have applied in part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_takes_a_part_of_a_change_is_built_anew_from_the_log() {
    for ground in Ground::both().await {
        let node = Node::new(ground.store().await);
        let id = session(&node).await;
        // The document comes to hold what the guard has never seen, where Ana's client is about to make a map: so of her note
        // the map is taken for known, and what hangs on it finds no map there.
        let tampered = move |session: &Session| {
            let other = doc(7);
            let mut txn = other.transact_mut();
            txn.get_or_insert_map("placements").insert(&mut txn, "never", Any::from("seen"));
            drop(txn);
            session
                .document()
                .transact_mut()
                .apply_update(Update::decode_v1(&update(&other)).unwrap())
                .unwrap();
            session.document().transact().get_map("placements").unwrap().len(&session.document().transact())
        };
        assert_eq!(node.session(id).ask(tampered).await.unwrap(), 1);
        let is_shared = node.store().shared().is_some();
        let answer = node.session(id).propose(by_ana(note(7))).await.unwrap();
        if is_shared {
            // The log is read anew, and whoever waits for an answer asks again whoever reads it.
            assert!(answer.is_ok(), "{answer:?}");
        } else {
            assert_eq!(answer.unwrap_err().code, "fault");
        }
        // Nothing is left of the part, nor of what was not in the log.
        let placed = |session: &Session| {
            let txn = session.document().transact();
            txn.get_map("placements").map_or(0, |map| map.len(&txn))
        };
        assert_eq!(node.session(id).ask(placed).await.unwrap(), 0);
        assert_eq!(node.session(id).ask(notes).await.unwrap(), usize::from(is_shared));
        assert!(canonical(&node, id).await == folded(&node, id).await);
        let voids = read_all(node.store(), &LogId::session(id.0)).await;
        let voids = voids.iter().filter_map(|stored| Entry::from_bytes(&stored.bytes).ok());
        assert_eq!(
            voids.filter(|entry| matches!(entry.body, Body::Voided { .. })).count(),
            1,
            "it was voided"
        );
        // And it goes on.
        proposed(&node, id, by_ana(note(8))).await;
        assert_eq!(node.session(id).ask(notes).await.unwrap(), 1 + usize::from(is_shared));
        assert!(canonical(&node, id).await == folded(&node, id).await);
        node.shut_down().await;
    }
}

async fn connected(node: &Arc<Node>, session: SessionId) -> Connected {
    node.session(session).connect(ANAS_TOKEN, true).await.unwrap().unwrap()
}

/// One malformed entry is one session's misfortune.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_nobody_can_read_harms_no_other_session() {
    for ground in Ground::both().await {
        let mut node = Node::new(ground.store().await);
        let (harmed, other) = (session(&node).await, session(&node).await);
        proposed(&node, other, by_ana(note(8))).await;
        let garbage = vec![vec![0xff; 40], b"no entry at all".to_vec(), Vec::new()];
        let log = LogId::session(harmed.0);
        if node.store().shared().is_some() {
            // A node that follows the log comes upon it; those who are here are told so, and nobody else is.
            let (first, mut second) = (connected(&node, harmed).await, connected(&node, other).await);
            node.store().append(&log, garbage).await.unwrap();
            assert_eq!(first.outgoing.close.await.unwrap(), CloseCode::Fault);
            assert!(second.outgoing.close.try_recv().is_err(), "nobody there was disconnected");
        } else {
            // Nothing is read back where one process has the store for itself: it is found at the next start.
            node.shut_down().await;
            drop(node);
            ground.store().await.append(&log, garbage).await.unwrap();
            node = Node::new(ground.store().await);
        }
        for _ in 0..3 {
            let error = node.session(harmed).ask(|_| ()).await.unwrap_err();
            assert!(error.to_string().contains("cannot be read at"), "{error}");
            assert_eq!(node.session(other).ask(notes).await.unwrap(), 1);
        }
        proposed(&node, other, by_ana(note(9))).await;
        assert_eq!(node.session(other).ask(notes).await.unwrap(), 2);
        node.shut_down().await;
    }
}

/// A store that carries appends out and does not answer them, so many times.
struct Unanswering {
    store: Box<dyn Store>,
    left: Arc<AtomicUsize>,
}

impl Unanswering {
    fn answer<T>(&self, answer: T) -> Result<T, StoreError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match left {
            Ok(_) => Err(StoreError::Unanswered { place: "a test".into(), what: "nothing came".into() }),
            Err(_) => Ok(answer),
        }
    }
}

#[async_trait]
impl Store for Unanswering {
    async fn append(&self, log: &LogId, entries: Vec<Vec<u8>>) -> Result<Vec<Position>, StoreError> {
        self.answer(self.store.append(log, entries).await?)
    }

    async fn append_if(
        &self,
        log: &LogId,
        condition: Condition,
        entries: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<Position>>, StoreError> {
        let asks = entries.is_empty();
        let answer = self.store.append_if(log, condition, entries).await?;
        if asks { Ok(answer) } else { self.answer(answer) }
    }

    async fn read(&self, log: &LogId, after: Position, limit: usize) -> Result<Vec<Stored>, StoreError> {
        self.store.read(log, after, limit).await
    }

    async fn snapshot(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        self.store.snapshot(log, at, bytes).await
    }

    async fn snapshots(&self, log: &LogId) -> Result<Vec<(Position, Vec<u8>)>, StoreError> {
        self.store.snapshots(log).await
    }

    async fn snapshot_at(&self, log: &LogId) -> Result<Position, StoreError> {
        self.store.snapshot_at(log).await
    }

    async fn logs(&self) -> Result<Vec<LogId>, StoreError> {
        self.store.logs().await
    }

    async fn last(&self, log: &LogId) -> Result<Position, StoreError> {
        self.store.last(log).await
    }

    async fn erase(&self, log: &LogId) -> Result<(), StoreError> {
        self.store.erase(log).await
    }

    async fn begin_anew(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        self.store.begin_anew(log, at, bytes).await
    }

    fn promise(&self) -> Durability {
        self.store.promise()
    }

    fn shared(&self) -> Option<&dyn Shared> {
        self.store.shared()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_that_landed_though_it_was_not_answered_counts_once() {
    for ground in Ground::both().await {
        let (left, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
        let node = Node::new(Box::new(Unanswering { store: ground.store().await, left: Arc::clone(&left) }));
        let id = session(&node).await;
        // Twice in a row, for what would show if it counted more than once.
        left.store(2, Ordering::SeqCst);
        proposed(&node, id, by_ana(note(7))).await;
        left.store(2, Ordering::SeqCst);
        proposed(&node, id, joined(ParticipantId(Uuid::from_u128(12)), "Ben", [12; 32])).await;
        assert_eq!(left.load(Ordering::SeqCst), 0, "the answers did get lost");
        let mut times: BTreeMap<_, usize> = BTreeMap::new();
        for Stored { bytes, .. } in read_all(node.store(), &LogId::session(id.0)).await {
            let entry = Entry::from_bytes(&bytes).unwrap();
            *times.entry((entry.origin, entry.sequence)).or_default() += 1;
        }
        let repeated = times.values().filter(|&&times| times > 1).count();
        assert!(repeated > 0, "the log has what was repeated as often as it was: {times:?}");
        let counted = |session: &Session| (notes(session), session.people().present().count());
        assert_eq!(node.session(id).ask(counted).await.unwrap(), (1, 3));
        // At the same position, too: a repetition that is still on its way counts for nothing and moves that on.
        let mut live = canonical(&node, id).await;
        while live != folded(&node, id).await {
            assert!(begun.elapsed() < Duration::from_secs(20), "who is here and who reads the log differ");
            tokio::time::sleep(Duration::from_millis(20)).await;
            live = canonical(&node, id).await;
        }
        node.shut_down().await;
        drop(node);
        let node = Node::new(ground.store().await);
        assert_eq!(node.session(id).ask(counted).await.unwrap(), (1, 3));
        assert!(canonical(&node, id).await == live);
        node.shut_down().await;
    }
}
