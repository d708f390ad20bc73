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
use yrs::{Doc, ReadTxn, Transact, block::ClientID};

use crate::{chance::Chance, peer::Peer, picture};

/// Updates that one writer has under way at most: more than one group commit takes.
const UNDER_WAY: u64 = 24;
/// Updates that one connection sends at most, below the burst that it is allowed.
const MOST: usize = 200;

/// One write: the frame in which it went, the project, its place, and the clock behind it.
#[derive(Clone, Debug)]
pub struct Write {
    /// The frame in which it went.
    pub frame: u64,
    project: String,
    place: (String, String),
    clock: u32,
}

/// Somebody who writes.
pub struct Writer {
    /// Their token.
    pub token: String,
    /// What this writer's document held when the last connection was lost; reconnecting sends what was not saved.
    pub doc: Option<Doc>,
    /// Their projects.
    pub projects: Vec<String>,
}

/// What one writer was told before the server died, or it stopped.
pub struct Told {
    client: ClientID,
    /// How many frames were told to be saved.
    pub saved: u64,
    /// What was written.
    pub writes: Vec<Write>,
}

/// Writes until the connection ends, or `stop` says so; gives what was told, and the document.
///
/// # Panics
/// When the writer is refused.
pub async fn write(
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
///
/// # Panics
/// When something is missing.
pub fn check(witness: &Peer, told: &Told, round: u64) {
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
