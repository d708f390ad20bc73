//! People who write as fast as they may, each on projects of their own, so that what should be there can be told exactly.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use plumbline_shared::order;
use tokio::task::JoinHandle;
use yrs::{Doc, ReadTxn, Transact, block::ClientID};

use crate::{
    chance::Chance,
    peer::{self, Peer},
    picture,
    stage::Stage,
};

/// Updates that one writer has under way at most: more than one group commit takes.
const UNDER_WAY: u64 = 24;
/// Updates that one connection sends at most, below the burst that it is allowed.
const MOST: usize = 200;

/// One write: the frame in which it went, the project, its place, and the clock behind it.
struct Write {
    frame: u64,
    project: String,
    place: (String, String),
    clock: u32,
}

/// Somebody who writes.
struct Writer {
    token: String,
    /// What this writer's document held when the last connection was lost; reconnecting sends what was not saved.
    doc: Option<Doc>,
    projects: Vec<String>,
}

/// People who write, in rounds, and what came of it in all of them.
pub struct Crowd {
    writers: Vec<Writer>,
    pillars: Vec<String>,
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<(Told, Doc)>>,
    /// How many updates they have sent.
    pub sent: usize,
    /// Of how many they were told that they are saved.
    pub acknowledged: usize,
}

impl Crowd {
    /// So many people who join a session, each with a share of its projects.
    pub async fn of(stage: &Stage, count: usize) -> Self {
        let share = stage.projects.len() / count;
        let mut writers = Vec::new();
        for (n, projects) in stage.projects.chunks(share).take(count).enumerate() {
            let token = stage.join(&format!("Writer {n}")).await.token;
            writers.push(Writer { token, doc: None, projects: projects.to_vec() });
        }
        let (pillars, stop) = (stage.pillars.clone(), Arc::default());
        Self { writers, pillars, stop, tasks: Vec::new(), sent: 0, acknowledged: 0 }
    }

    /// Everybody begins to write, each over the connection that `connect` gives for their token and what they have.
    pub async fn begin(
        &mut self,
        chance: &mut Chance,
        mut connect: impl AsyncFnMut(&mut Chance, &str, Doc) -> Peer,
    ) {
        self.stop = Arc::default();
        for writer in &mut self.writers {
            let doc = writer.doc.take().unwrap_or_else(peer::document);
            let peer = connect(chance, &writer.token, doc).await;
            let (projects, pillars) = (writer.projects.clone(), self.pillars.clone());
            let (chance, stop) = (Chance::new(chance.draw()), Arc::clone(&self.stop));
            self.tasks.push(tokio::spawn(write(peer, projects, pillars, chance, stop)));
        }
    }

    /// Everybody stops who has not been stopped by the end of their connection. What they were told.
    ///
    /// # Panics
    /// When one of them was refused.
    pub async fn end(&mut self, chance: &mut Chance) -> Vec<Told> {
        self.stop.store(true, Ordering::Relaxed);
        self.ended(chance).await
    }

    /// Waits until all connections have ended. What they were told.
    ///
    /// # Panics
    /// When one of them was refused.
    pub async fn ended(&mut self, chance: &mut Chance) -> Vec<Told> {
        let mut all_told = Vec::new();
        for (writer, task) in self.writers.iter_mut().zip(self.tasks.drain(..)) {
            let (told, doc) = task.await.expect("a writer goes on to the end");
            // Half of them come back with what they had, the others are new pages.
            writer.doc = chance.percent(50).then_some(doc);
            all_told.push(told);
        }
        all_told
    }

    /// Counts what they were told in a round, and looks whether a witness sees all of it.
    ///
    /// # Panics
    /// When something that was acknowledged is missing.
    pub fn check(&mut self, witness: &Peer, all_told: &[Told], round: u64) {
        for told in all_told {
            self.sent += told.writes.len();
            self.acknowledged += told.writes.iter().filter(|write| write.frame <= told.saved).count();
            check(witness, told, round);
        }
    }
}

/// What one writer was told before the server died, or it stopped.
pub struct Told {
    client: ClientID,
    /// How many frames were told to be saved.
    saved: u64,
    writes: Vec<Write>,
}

/// Writes until the connection ends, or `stop` says so; gives what was told, and the document.
async fn write(
    peer: Peer,
    projects: Vec<String>,
    pillars: Vec<String>,
    mut chance: Chance,
    stop: Arc<AtomicBool>,
) -> (Told, Doc) {
    let client = peer.seen().doc.client_id();
    let mut writes = Vec::new();
    let mut order = order::between(None, None);
    loop {
        let (ended, under_way) = {
            let seen = peer.seen();
            assert!(seen.denied.is_empty(), "an honest writer was refused: {:?}", seen.denied);
            (seen.ended.is_some() || stop.load(Ordering::Relaxed), seen.sent - seen.saved)
        };
        if ended {
            break;
        }
        if under_way >= UNDER_WAY || writes.len() >= MOST {
            tokio::time::sleep(Duration::from_micros(200)).await;
            continue;
        }
        let project = chance.pick(&projects).clone();
        let pile = if chance.percent(20) { "off".to_owned() } else { chance.pick(&pillars).clone() };
        // Every place is another, so that what stands there names the write that put it.
        order = order::between(Some(&order), None);
        let frame = peer.place(&project, &pile, &order);
        let clock = peer.seen().doc.transact().state_vector().get(&client);
        writes.push(Write { frame, project, place: (pile, order.clone()), clock });
    }
    let saved = peer.seen().saved;
    (Told { client, saved, writes }, peer.leave())
}

/// What the writer was told is saved must be there; what came after it may be.
fn check(witness: &Peer, told: &Told, round: u64) {
    let seen = witness.seen();
    let there = seen.doc.transact().state_vector().get(&told.client);
    let acknowledged = told.writes.iter().filter(|write| write.frame <= told.saved);
    if let Some(last) = acknowledged.clone().next_back() {
        assert!(
            there >= last.clock,
            "round {round}: client {} was told that clock {} is saved; the server knows {there}",
            told.client,
            last.clock
        );
    }
    let mut wanted: BTreeMap<&str, Vec<&(String, String)>> = BTreeMap::new();
    for write in acknowledged {
        wanted.insert(&write.project, vec![&write.place]);
    }
    for write in told.writes.iter().filter(|write| write.frame > told.saved) {
        if let Some(places) = wanted.get_mut(write.project.as_str()) {
            places.push(&write.place);
        }
    }
    for (project, places) in wanted {
        let place = picture::placement(&seen.doc, project);
        assert!(
            place.as_ref().is_some_and(|place| places.contains(&place)),
            "round {round}: {project} was acknowledged at one of {places:?} and is at {place:?}"
        );
    }
}
