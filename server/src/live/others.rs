//! Who is there on other nodes, and where they are looking: said by each node, and forgotten when it falls silent.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use minicbor::{Decode, Encode};
use plumbline_shared::{ids::ParticipantId, wire::AwarenessEntry};
use tokio::task::JoinHandle;

use super::run::Run;
use crate::session::entry::{By, Origin};

/// After how long a silent node counts as gone: three renewals.
const SILENT: Duration = Duration::from_secs(30);

/// How many nodes are listened to.
const NODES: usize = 256;

/// What a node says of a session.
#[derive(Encode, Decode)]
struct Word {
    /// Which node.
    #[n(0)]
    node: Origin,
    /// Who is connected to it.
    #[n(1)]
    here: Vec<By>,
    /// How many connections it has.
    #[n(2)]
    connections: u32,
    /// What has changed of their presence, as an awareness update.
    #[cbor(n(3), with = "minicbor::bytes")]
    states: Vec<u8>,
    /// Whether the others are to say everything.
    #[n(4)]
    asks: bool,
    /// Whether it has nobody any more.
    #[n(5)]
    gone: bool,
}

struct Other {
    heard: Instant,
    here: BTreeSet<ParticipantId>,
    connections: usize,
    presences: BTreeSet<u64>,
}

/// The other nodes.
#[derive(Default)]
pub(super) struct Others {
    nodes: BTreeMap<Origin, Other>,
    /// Whether something else than presence is to be told.
    pub(super) is_news: bool,
    /// Whether everything is to be told: somebody asked, or we have just come.
    pub(super) all: bool,
    /// Whether we have asked.
    asked: bool,
    telling: Option<JoinHandle<()>>,
}

impl Others {
    /// Who is connected elsewhere.
    pub(super) fn here(&self) -> impl Iterator<Item = ParticipantId> {
        self.nodes.values().flat_map(|other| other.here.iter().copied())
    }

    /// How many connections there are elsewhere.
    pub(super) fn connections(&self) -> usize {
        self.nodes.values().map(|other| other.connections).sum()
    }
}

impl Run {
    /// Who is connected, on whatever node.
    pub(super) fn participants(&self) -> BTreeSet<ParticipantId> {
        let ours = self.connections.values().filter(|connection| !connection.is_closing());
        let ours = ours.filter_map(|connection| connection.identity.participant);
        ours.chain(self.following.iter().flat_map(|following| following.others.here())).collect()
    }

    /// Takes in what another node says.
    pub(super) fn hear(&mut self, said: &[u8]) {
        let Some(following) = &mut self.following else { return };
        // A newer release may say more, in another way: then this one does not see its people.
        let Ok(word) = minicbor::decode::<Word>(said) else { return };
        if word.node == self.node.origin() {
            return;
        }
        let others = &mut following.others;
        others.all |= word.asks;
        if word.gone {
            if let Some(other) = others.nodes.remove(&word.node) {
                self.presences.lose(&other.presences);
            }
            return;
        }
        if !others.nodes.contains_key(&word.node) && others.nodes.len() >= NODES {
            return;
        }
        let other = others.nodes.entry(word.node).or_insert_with(|| Other {
            heard: Instant::now(),
            here: BTreeSet::new(),
            connections: 0,
            presences: BTreeSet::new(),
        });
        other.heard = Instant::now();
        other.connections = word.connections as usize;
        other.here = word.here.into_iter().map(|By(who)| who).collect();
        self.attended.extend(&other.here);
        self.presences.hear(&word.states, &mut other.presences);
    }

    /// Forgets nodes that have fallen silent.
    pub(super) fn heed_silence(&mut self) {
        let Some(following) = &mut self.following else { return };
        let silent = |other: &Other| other.heard.elapsed() > SILENT;
        let nodes = &mut following.others.nodes;
        for other in nodes.values().filter(|other| silent(other)) {
            self.presences.lose(&other.presences);
        }
        nodes.retain(|_, other| !silent(other));
    }

    /// Tells the other nodes what has changed of the people here; everything, if that is asked.
    pub(super) fn tell_others(&mut self, changed: &BTreeSet<u64>) {
        let Some(following) = &mut self.following else { return };
        let others = &mut following.others;
        // The first word asks; presence that finds the line busy comes with the next renewal.
        let asks = !others.asked;
        let is_news =
            others.is_news || others.all || asks || changed.iter().any(|id| self.presences.is_ours(*id));
        if !is_news || others.telling.as_ref().is_some_and(|telling| !telling.is_finished()) {
            others.is_news |= is_news;
            others.all |= is_news;
            return;
        }
        let states = if others.all { self.presences.all_ours() } else { self.presences.ours_of(changed) };
        (others.asked, others.is_news, others.all) = (true, false, false);
        let here: BTreeSet<ParticipantId> =
            self.connections.values().filter_map(|connection| connection.identity.participant).collect();
        let word = Word {
            node: self.node.origin(),
            here: here.into_iter().map(By).collect(),
            connections: u32::try_from(self.connections.len()).unwrap_or(u32::MAX),
            states,
            asks,
            gone: false,
        };
        let telling = self.say(&word);
        if let Some(following) = &mut self.following {
            following.others.telling = telling;
        }
    }

    /// Tells the other nodes that nobody is here any more.
    pub(super) async fn take_leave(&mut self) {
        if self.following.is_none() {
            return;
        }
        let word = Word {
            node: self.node.origin(),
            here: Vec::new(),
            connections: 0,
            states: Vec::new(),
            asks: false,
            gone: true,
        };
        if let Some(telling) = self.say(&word) {
            // If it does not arrive, our silence says the same.
            let _ = tokio::time::timeout(Duration::from_millis(500), telling).await;
        }
    }

    fn say(&self, word: &Word) -> Option<JoinHandle<()>> {
        let mut bytes = Vec::new();
        minicbor::encode(word, &mut bytes).expect("writing to memory does not fail");
        let (node, log) = (std::sync::Arc::clone(&self.node), self.log.clone());
        node.store().shared()?;
        Some(tokio::spawn(async move {
            if let Some(shared) = node.store().shared() {
                // What is lost comes with the next renewal.
                let _ = shared.tell(&log, bytes).await;
            }
        }))
    }
}

/// An awareness entry without what a ballot hides: only who it is.
pub(super) fn bare(entry: &AwarenessEntry<'_>) -> Option<String> {
    let said: serde_json::Value = serde_json::from_str(entry.json).ok()?;
    Some(serde_json::json!({ "user": said.get("user") }).to_string())
}
