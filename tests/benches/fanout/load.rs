//! One run: everybody reads, some write, and every delivery is noted.

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use plumbline_shared::{order, wire::Frame};
use plumbline_tests::{
    peer::{self, document_of},
    process,
};
use tokio::{sync::mpsc, task::JoinSet};
use yrs::{
    Doc, ReadTxn, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use crate::contender::{Contender, Place, Stock};

/// The writers' client ids begin here.
const FIRST_WRITER: u64 = 1_000_000;
/// How long deliveries may trail behind the last update.
const TRAIL: Duration = Duration::from_secs(20);
/// Clients that connect at the same time.
const AT_ONCE: usize = 25;

/// What is done to a server.
pub(crate) struct Load {
    pub(crate) clients: usize,
    pub(crate) writers: usize,
    pub(crate) rate: f64,
    pub(crate) time: Duration,
}

/// What came of it.
pub(crate) struct Run {
    pub(crate) clients: usize,
    pub(crate) updates: u64,
    pub(crate) expected: u64,
    pub(crate) delivered: u64,
    /// Processor time of the server.
    pub(crate) cpu: Duration,
    /// From the first update to the last delivery.
    pub(crate) took: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) before: u64,
    pub(crate) connected: u64,
    pub(crate) frames: u64,
}

/// Writers whose updates a frame carries, and the number of updates up to which.
type Carried = Vec<(usize, u32)>;

/// What all clients share: when which update was sent, and what frames that came say.
struct Shared {
    begun: Instant,
    /// For each writer, when each of its updates was sent, in microseconds since the beginning.
    sent: Vec<Vec<AtomicU64>>,
    delivered: AtomicU64,
    frames: AtomicU64,
    stop: AtomicBool,
    /// One frame goes to a thousand clients and is read once.
    read: Mutex<HashMap<u64, Arc<Carried>>>,
}

impl Shared {
    /// Which writers' updates a frame carries, and up to which.
    fn read(&self, frame: &[u8]) -> Arc<Carried> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(frame);
        if let Some(known) = self.read.lock().expect("nobody panics with it").get(&hash) {
            return Arc::clone(known);
        }
        let mut found = Vec::new();
        if let Ok(Frame::Update(update) | Frame::Step2(update)) = Frame::decode(frame)
            && let Ok(update) = Update::decode_v1(update)
        {
            // Not its state vector, which leaves out who does not begin at clock 0.
            for (client, ranges) in update.insertions(true).iter() {
                if let Some(writer) = client.get().checked_sub(FIRST_WRITER)
                    && writer < self.sent.len() as u64
                    && let Some(end) = ranges.iter().map(|range| range.end).max()
                {
                    found.push((writer as usize, end));
                }
            }
        }
        let found = Arc::new(found);
        let mut read = self.read.lock().expect("nobody panics with it");
        if read.len() > 10_000 {
            read.clear();
        }
        read.insert(hash, Arc::clone(&found));
        found
    }

    fn micros(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }
}

/// Runs the load on a started server.
pub(crate) async fn run(place: &Place, load: &Load, board: &Stock) -> anyhow::Result<Run> {
    let own = match place.contender {
        Contender::Plumbline => Some(place.stock().await?),
        Contender::YWebsocket | Contender::Hocuspocus => None,
    };
    let board = own.as_ref().unwrap_or(board);
    let before = process::memory(place.pid());
    let tokens = place.tokens(load.clients).await?;
    let each = (load.rate * load.time.as_secs_f64() / load.writers as f64).ceil() as usize;
    let shared = Arc::new(Shared {
        begun: Instant::now(),
        sent: (0..load.writers).map(|_| (0..each).map(|_| AtomicU64::new(0)).collect()).collect(),
        delivered: AtomicU64::new(0),
        frames: AtomicU64::new(0),
        stop: AtomicBool::new(false),
        read: Mutex::default(),
    });
    let mut clients = JoinSet::new();
    let mut orders = Vec::new();
    for chunk in tokens.chunks(AT_ONCE).enumerate().map(|(n, chunk)| (n * AT_ONCE, chunk)) {
        let (first, chunk) = chunk;
        let entering = chunk.iter().map(async |token| {
            let mut socket = place.enter_as(token, &[0]).await?;
            // A server that has the room sends its board in answer.
            loop {
                let frame = socket.next().await?.context("a client was closed before it had the board")?;
                match Frame::decode(&frame) {
                    Ok(Frame::Step2(update)) if update.len() > 2 => break,
                    Ok(Frame::Step1(_)) => socket.send(Frame::Step2(&[0, 0]).encode()).await?,
                    _ => {}
                }
            }
            anyhow::Ok(socket)
        });
        for (at, socket) in futures_util::future::try_join_all(entering).await?.into_iter().enumerate() {
            let n = first + at;
            let (order, updates) = mpsc::unbounded_channel();
            if n < load.writers {
                orders.push(order);
            }
            clients.spawn(client(socket, (n < load.writers).then_some(n), updates, Arc::clone(&shared)));
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let connected = process::memory(place.pid());
    let (cpu, begun) = (process::cpu(place.pid()), Instant::now());

    let docs: Vec<Doc> = (0..load.writers as u64).map(|n| writer(n, board)).collect::<anyhow::Result<_>>()?;
    let mut keys = vec![order::between(None, None); load.writers];
    let mut updates = 0;
    for round in 0..each {
        for (n, doc) in docs.iter().enumerate() {
            let due = Duration::from_secs_f64((round * load.writers + n) as f64 / load.rate);
            tokio::time::sleep_until((begun + due).into()).await;
            keys[n] = order::between(Some(&keys[n]), None);
            let mut txn = doc.transact_mut();
            // Every writer has cards of its own, so that none has to follow the others.
            let mine = board.projects.iter().skip(n).step_by(load.writers);
            let project = mine.clone().nth(round % mine.count()).context("the board has projects")?;
            peer::place(&mut txn, project, "off", &keys[n]);
            let frame = Frame::Update(&txn.encode_update_v1()).encode();
            drop(txn);
            shared.sent[n][round].store(shared.micros(), Ordering::Relaxed);
            orders[n].send(frame).context("a writer was closed")?;
            updates += 1;
        }
    }
    let expected = updates * (load.clients as u64 - 1);
    let told = Instant::now();
    while shared.delivered.load(Ordering::Relaxed) < expected && told.elapsed() < TRAIL {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (cpu, took) = (process::cpu(place.pid()).saturating_sub(cpu), begun.elapsed());
    shared.stop.store(true, Ordering::Relaxed);
    drop(orders);
    let mut latencies: Vec<u32> = Vec::new();
    while let Some(client) = clients.join_next().await {
        latencies.extend(client??);
    }
    latencies.sort_unstable();
    let at = |share: f64| {
        let index = ((latencies.len() as f64 * share) as usize).min(latencies.len().saturating_sub(1));
        Duration::from_micros(u64::from(latencies.get(index).copied().unwrap_or(0)))
    };
    Ok(Run {
        clients: load.clients,
        updates,
        expected,
        delivered: latencies.len() as u64,
        cpu,
        took,
        p50: at(0.5),
        p99: at(0.99),
        before,
        connected,
        frames: shared.frames.load(Ordering::Relaxed),
    })
}

/// A writer's document: the board, under a client id from which its updates are known.
fn writer(n: u64, board: &Stock) -> anyhow::Result<Doc> {
    let doc = document_of(FIRST_WRITER + n);
    doc.transact_mut().apply_update(Update::decode_v1(&board.update)?)?;
    let _ = doc.transact().state_vector().encode_v1();
    Ok(doc)
}

/// One client until the end of the run; gives the latency of each delivery in microseconds.
async fn client(
    mut socket: crate::contender::Socket,
    own: Option<usize>,
    mut updates: mpsc::UnboundedReceiver<Vec<u8>>,
    shared: Arc<Shared>,
) -> anyhow::Result<Vec<u32>> {
    let mut seen = vec![0_u32; shared.sent.len()];
    let mut latencies = Vec::new();
    let mut writing = own.is_some();
    while !shared.stop.load(Ordering::Relaxed) {
        tokio::select! {
            frame = socket.next() => {
                let Some(frame) = frame? else { break };
                let now = shared.micros();
                let carried = shared.read(&frame);
                if !carried.is_empty() {
                    shared.frames.fetch_add(1, Ordering::Relaxed);
                }
                for &(writer, clock) in carried.iter().filter(|(writer, _)| Some(*writer) != own) {
                    for n in seen[writer]..clock.max(seen[writer]) {
                        let sent = shared.sent[writer][n as usize].load(Ordering::Relaxed);
                        latencies.push(u32::try_from(now.saturating_sub(sent)).unwrap_or(u32::MAX));
                        shared.delivered.fetch_add(1, Ordering::Relaxed);
                    }
                    seen[writer] = seen[writer].max(clock);
                }
            }
            update = updates.recv(), if writing => match update {
                Some(update) => socket.send(update).await?,
                None => writing = false,
            },
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
    }
    Ok(latencies)
}
