//! The relay: the wire's server side around a plain document.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use plumbline_shared::{
    board::Board,
    ids::{ParticipantId, ProjectId},
    messages::{ClientMessage, Limits, Presence, PresenceUser, ServerMessage},
    schema::Root,
    wire::{AwarenessEntry, Frame, SERVER_CLIENT, read_awareness, write_awareness},
    words::Role,
};
use uuid::Uuid;
use yrs::{
    Any, ClientID, Doc, Map, MapPrelim, MapRef, OffsetKind, ReadTxn, StateVector, Transact, TransactionMut,
    Update,
    updates::{decoder::Decode, encoder::Encode},
};

/// What becomes of an update.
pub(super) enum Judgement {
    Accept,
    Refuse,
    /// Accept it, and write these placements back.
    TakeBack(Vec<(ProjectId, Option<(String, String)>)>),
}

/// Asked with the board before and after.
pub(super) type Judge = Box<dyn FnMut(&Board, &Board) -> Judgement>;

#[derive(Default)]
struct Peer {
    frames: u64,
    gap: Option<u64>,
    refused: bool,
    to: VecDeque<Vec<u8>>,
    presence: u64,
    who: Option<ParticipantId>,
}

pub(super) struct Relay {
    doc: Doc,
    peers: BTreeMap<usize, Peer>,
    connections: u64,
    pub(super) judge: Option<Judge>,
    /// Whether frames with content are confirmed.
    pub(super) confirms: bool,
    /// The code of its denials.
    pub(super) denies: &'static str,
    pub(super) new_content: usize,
    /// Frames with content, and the largest.
    pub(super) taken: usize,
    pub(super) largest: usize,
    pub(super) commands: Vec<ClientMessage>,
}

pub(super) fn doc(client: u64) -> Doc {
    let mut options = yrs::Options::with_guid_and_client_id("relay".into(), ClientID::new(client));
    options.offset_kind = OffsetKind::Utf16;
    Doc::with_options(options)
}

impl Relay {
    pub(super) fn new() -> Self {
        let doc = doc(SERVER_CLIENT);
        for root in Root::ALL {
            doc.get_or_insert_map(root.name());
        }
        Self {
            doc,
            peers: BTreeMap::new(),
            connections: 0,
            judge: None,
            confirms: true,
            denies: "locked",
            new_content: 64 * 1024,
            taken: 0,
            largest: 0,
            commands: Vec::new(),
        }
    }

    pub(super) fn board(&self) -> Board {
        Board::read(&self.doc.transact())
    }

    pub(super) fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// The server writes, and everybody is told.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut TransactionMut<'_>, &dyn Fn(Root) -> MapRef)) {
        let roots: BTreeMap<Root, MapRef> =
            Root::ALL.iter().map(|root| (*root, self.doc.get_or_insert_map(root.name()))).collect();
        let mut txn = self.doc.transact_mut();
        write(&mut txn, &|root| roots[&root].clone());
        txn.commit();
        let update = txn.encode_update_v1();
        drop(txn);
        self.broadcast(None, &update);
    }

    pub(super) fn entry(&mut self, root: Root, id: Uuid, fields: &[(&str, Any)]) {
        self.write(|txn, roots| {
            let map = roots(root).insert(txn, id.to_string(), MapPrelim::default());
            for (name, value) in fields {
                map.insert(txn, *name, value.clone());
            }
        });
    }

    pub(super) fn connect(&mut self, page: usize, who: Option<ParticipantId>, role: Role, now: u64) {
        self.connections += 1;
        let presence = (1 << 40) + self.connections;
        let mut peer = Peer { presence, who, ..Peer::default() };
        let limits = Limits {
            new_content: self.new_content,
            updates_per_second: 60,
            update_burst: 240,
            presence: 1024,
        };
        let session = Uuid::from_u128(1).into();
        let welcome = ServerMessage::Welcome {
            protocol: 1,
            session,
            participant: who,
            role,
            presence,
            now,
            limits,
            rules: 3,
        };
        peer.to.push_back(typed(&welcome));
        let state_vector = self.doc.transact().state_vector().encode_v1();
        peer.to.push_back(Frame::Step1(&state_vector).encode());
        self.peers.insert(page, peer);
    }

    pub(super) fn disconnect(&mut self, page: usize) {
        self.peers.remove(&page);
    }

    pub(super) fn next_for(&mut self, page: usize) -> Option<Vec<u8>> {
        self.peers.get_mut(&page)?.to.pop_front()
    }

    fn send(&mut self, page: usize, frame: Vec<u8>) {
        if let Some(peer) = self.peers.get_mut(&page) {
            peer.to.push_back(frame);
        }
    }

    fn broadcast(&mut self, except: Option<usize>, update: &[u8]) {
        let frame = Frame::Update(update).encode();
        let others: BTreeSet<usize> =
            self.peers.keys().copied().filter(|page| Some(*page) != except).collect();
        for page in others {
            self.send(page, frame.clone());
        }
    }

    pub(super) fn receive(&mut self, page: usize, frame: &[u8]) {
        match Frame::decode(frame).unwrap() {
            Frame::Step1(state_vector) => {
                if let Some(peer) = self.peers.get_mut(&page) {
                    peer.refused = false;
                }
                let state = StateVector::decode_v1(state_vector).unwrap();
                let update = self.doc.transact().encode_diff_v1(&state);
                self.send(page, Frame::Step2(&update).encode());
            }
            Frame::Step2(update) => self.content(page, update, true),
            Frame::Update(update) => self.content(page, update, false),
            Frame::Awareness(bytes) => {
                let (presence, who) = {
                    let peer = &self.peers[&page];
                    (peer.presence, peer.who)
                };
                for entry in read_awareness(bytes).unwrap() {
                    let mut state: Presence = serde_json::from_str(entry.json).unwrap();
                    state.user =
                        who.map(|id| PresenceUser { id, name: String::new(), colour: String::new() });
                    let json = serde_json::to_string(&state).unwrap();
                    let entry = AwarenessEntry { client: presence, clock: entry.clock, json: &json };
                    let frame = Frame::Awareness(&write_awareness([entry].into_iter())).encode();
                    for page in self.peers.keys().copied().collect::<Vec<_>>() {
                        self.send(page, frame.clone());
                    }
                }
            }
            Frame::QueryAwareness => {}
            Frame::Typed(json) => {
                let message: ClientMessage = serde_json::from_str(json).unwrap();
                let re = message.id;
                self.commands.push(message);
                if self.confirms {
                    self.send(page, typed(&ServerMessage::Ok { re }));
                }
            }
        }
    }

    fn content(&mut self, page: usize, bytes: &[u8], step_2: bool) {
        let peer = self.peers.get_mut(&page).unwrap();
        peer.frames += 1;
        let frame = peer.frames;
        // What it would come to, on a copy.
        let copy = doc(7);
        let known = self.state();
        copy.transact_mut().apply_update(Update::decode_v1(&known).unwrap()).unwrap();
        copy.transact_mut().apply_update(Update::decode_v1(bytes).unwrap()).unwrap();
        let txn = copy.transact();
        let state = self.doc.transact().state_vector();
        let lower = Update::decode_v1(bytes).unwrap().state_vector_lower();
        let ahead = lower.iter().any(|(client, clock)| *clock > state.get(client));
        if ahead || txn.has_missing_updates() {
            assert!(!step_2, "a step 2 with a gap");
            drop(txn);
            let peer = self.peers.get_mut(&page).unwrap();
            if !peer.refused {
                peer.gap.get_or_insert(frame);
                let state_vector = self.doc.transact().state_vector().encode_v1();
                self.send(page, Frame::Step1(&state_vector).encode());
            }
            return self.saved(page);
        }
        if step_2 {
            self.peers.get_mut(&page).unwrap().gap = None;
        }
        let before = self.board();
        let after = Board::read(&txn);
        drop(txn);
        let judgement = self.judge.as_mut().map_or(Judgement::Accept, |judge| judge(&before, &after));
        let code = self.denies;
        let denied = |taken_back| ServerMessage::Denied {
            re: None,
            frame: Some(frame),
            code: code.to_owned(),
            reason: "The facilitator has locked the board.".to_owned(),
            taken_back,
            path: None,
        };
        if matches!(judgement, Judgement::Refuse) {
            let peer = self.peers.get_mut(&page).unwrap();
            assert!(!peer.refused, "a client that goes on");
            (peer.refused, peer.gap) = (true, None);
            self.send(page, typed(&denied(false)));
            return self.saved(page);
        }
        self.taken += 1;
        self.largest = self.largest.max(bytes.len());
        let state = self.doc.transact().state_vector();
        let had = self.state();
        self.doc.transact_mut().apply_update(Update::decode_v1(bytes).unwrap()).unwrap();
        if had != self.state() {
            let update = self.doc.transact().encode_diff_v1(&state);
            self.broadcast(Some(page), &update);
        }
        if let Judgement::TakeBack(placements) = judgement {
            // As the server does: first the word, then the frame.
            self.send(page, typed(&denied(true)));
            self.saved(page);
            self.write(|txn, roots| {
                let map = roots(Root::Placements);
                for (id, value) in placements {
                    match value {
                        Some((pile, order)) => {
                            let parts = vec![Any::from(pile.as_str()), Any::from(order.as_str())];
                            map.insert(txn, id.to_string(), Any::Array(parts.into()));
                        }
                        None => {
                            map.remove(txn, &id.to_string());
                        }
                    }
                }
            });
        }
        self.saved(page);
    }

    /// Frames that were refused, or dropped behind a refused one, count as dealt with; those behind a gap do not.
    fn saved(&mut self, page: usize) {
        let peer = &self.peers[&page];
        let through = peer.gap.map_or(peer.frames, |gap| gap - 1);
        if self.confirms {
            self.send(page, typed(&ServerMessage::Saved { through }));
        }
    }
}

pub(super) fn typed(message: &ServerMessage) -> Vec<u8> {
    Frame::Typed(&serde_json::to_string(message).unwrap()).encode()
}

/// Sets a field of the session.
pub(super) fn set_session(relay: &mut Relay, field: &str, value: impl Into<Any>) {
    let value = value.into();
    relay.write(|txn, roots| {
        roots(Root::Session).insert(txn, field, value);
    });
}
