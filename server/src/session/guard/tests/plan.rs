//! Honest clients that do what people do, by chance.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use yrs::updates::decoder::Decode;
use yrs::{
    Any, Doc, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, StateVector, Text, TextPrelim, TextRef,
    Transact, UndoManager, Update,
};

use super::super::{Ahead, Author, Change, Examined, Judgement, What, examine};
use super::board::{Board, LIMITS, Outcome, ROOTS, allow, apply, document, json};
use super::random::Random;

const CARDS: [&str; 5] = ["p0", "p1", "p2", "p3", "p4"];
const WORDS: [&str; 6] = ["a", "stop", "é", "😀", "🏗️ ", "ruling"];

/// One page of one participant's.
pub(super) struct Client {
    pub(super) author: u32,
    pub(super) doc: Doc,
    undo: UndoManager,
    /// Own updates that the socket has not carried yet.
    outbox: Arc<Mutex<Vec<Vec<u8>>>>,
    /// The server's frames on their way.
    inbox: Vec<Vec<u8>>,
    online: bool,
    notes: Vec<String>,
    /// What this connection has had appended and the server has not folded.
    ahead: Ahead,
}

/// Several clients and a server.
pub(super) struct Plan {
    pub(super) board: Board,
    pub(super) clients: Vec<Client>,
    random: Random,
    next_id: u64,
    /// Appended, not folded: whose page, whose author, what.
    appended: VecDeque<(usize, u32, Vec<u8>)>,
    /// Every update that was applied, with its author: the log.
    pub(super) log: Vec<(u32, Vec<u8>)>,
    pub(super) refused: Vec<String>,
    /// Out of a hundred changes so many are denied for the moment.
    later: usize,
}

impl Client {
    fn new(author: u32, id: u64, state: &[u8]) -> Self {
        let doc = document(id);
        apply(&doc, state);
        let outbox = Arc::new(Mutex::new(Vec::new()));
        let queue = Arc::clone(&outbox);
        doc.observe_update_v1("outbox", move |txn, event| {
            if txn.origin().is_none_or(|origin| origin.as_ref() != b"net") {
                queue.lock().unwrap().push(event.update.clone());
            }
        })
        .unwrap();
        let mut undo = UndoManager::with_options(yrs::undo::Options {
            capture_timeout_millis: 0,
            ..yrs::undo::Options::default()
        });
        for root in ROOTS {
            let map = doc.get_or_insert_map(root);
            undo.expand_scope(&doc, &map);
        }
        Client {
            author,
            doc,
            undo,
            outbox,
            inbox: Vec::new(),
            online: true,
            notes: Vec::new(),
            ahead: Ahead::default(),
        }
    }

    pub(super) fn receive(&self, bytes: &[u8]) {
        let update = Update::decode_v1(bytes).unwrap();
        self.doc.transact_mut_with("net").apply_update(update).unwrap();
    }
}

impl Plan {
    pub(super) fn new(seed: u64, clients: usize, later: usize) -> Self {
        Plan::of(Random::new(seed), clients, later)
    }

    pub(super) fn of(mut random: Random, clients: usize, later: usize) -> Self {
        let board = Board::new();
        let state = super::board::whole(&board.doc);
        let clients = (0..clients)
            .map(|n| {
                let id = random.client_id();
                Client::new(u32::try_from(n).unwrap() / 2 + 1, id, &state)
            })
            .collect();
        Plan {
            board,
            clients,
            random,
            next_id: 0,
            appended: VecDeque::new(),
            log: Vec::new(),
            refused: Vec::new(),
            later,
        }
    }

    pub(super) fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            let at = self.random.below(self.clients.len());
            match self.random.below(100) {
                0..60 => self.edit(at),
                60..70 => self.undo(at),
                70..76 => self.clients[at].online = false,
                76..84 => self.reconnect(at),
                84..86 => self.reload(at),
                86..88 => self.talk_to_other_tab(at),
                88..90 => self.server_edits(),
                _ => self.deliver(at),
            }
            self.flush(at);
            for _ in 0..self.random.below(4) {
                self.fold();
            }
            self.board.check();
        }
        for _ in 0..2 {
            for at in 0..self.clients.len() {
                self.reconnect(at);
                while !self.appended.is_empty() {
                    self.fold();
                }
                self.deliver_all(at);
            }
        }
        for at in 0..self.clients.len() {
            self.deliver_all(at);
            // Step 2 of the server's, should a frame of its have crossed.
            let missing = {
                let sv = self.clients[at].doc.transact().state_vector();
                self.board.doc.transact().encode_state_as_update_v1(&sv)
            };
            self.clients[at].receive(&missing);
        }
    }

    pub(super) fn converged(&self) {
        let board = json(&self.board.doc);
        for client in &self.clients {
            assert_eq!(json(&client.doc), board, "author {} sees another board", client.author);
        }
        self.board.check_reload();
    }

    fn fresh(&mut self) -> String {
        self.next_id += 1;
        format!("n{}", self.next_id)
    }

    fn edit(&mut self, at: usize) {
        let fresh = self.fresh();
        let random = &mut self.random;
        let client = &mut self.clients[at];
        let root = |name| client.doc.get_or_insert_map(name);
        let (placements, notes) = (root("placements"), root("notes"));
        let decisions = root("decisions");
        let mut txn = client.doc.transact_mut();
        for _ in 0..1 + random.below(3) {
            match random.below(12) {
                0..4 => {
                    let value = Any::from(vec![Any::from("off"), Any::from(format!("{}", random.below(9)))]);
                    placements.insert(&mut txn, random.word(&CARDS), value);
                }
                4 => {
                    placements.remove(&mut txn, random.word(&CARDS));
                }
                5 if client.notes.last() != Some(&fresh) => {
                    let note = notes.insert(&mut txn, fresh.clone(), MapPrelim::default());
                    note.insert(&mut txn, "about", i64::try_from(random.below(1 << 40)).unwrap());
                    let text = note.insert(&mut txn, "text", TextPrelim::new(""));
                    text.insert(&mut txn, 0, random.word(&WORDS));
                    client.notes.push(fresh.clone());
                }
                6 => {
                    if let Some(note) = any_note(&notes, &txn, random) {
                        note.insert(&mut txn, "about", random.word(&WORDS));
                    }
                }
                7..10 => {
                    let text = if random.chance(50) {
                        any_note(&notes, &txn, random).and_then(|note| text_of(&note, &txn, "text"))
                    } else {
                        decision(&decisions, &txn).and_then(|map| text_of(&map, &txn, "rationale"))
                    };
                    if let Some(text) = text {
                        type_in(&text, &mut txn, random);
                    }
                }
                10 => {
                    if let Some(map) = decision(&decisions, &txn) {
                        map.insert(&mut txn, "verdict", random.word(&["move", "wait", "stop"]));
                    }
                }
                // Only its author deletes a note, so that no two people bring one back.
                _ if !client.notes.is_empty() => {
                    notes.remove(&mut txn, random.pick::<String>(&client.notes));
                }
                _ => {}
            }
        }
    }

    fn undo(&mut self, at: usize) {
        if self.random.chance(60) {
            self.clients[at].undo.undo_blocking();
        } else {
            self.clients[at].undo.redo_blocking();
        }
    }

    fn server_edits(&mut self) {
        let card = self.random.word(&CARDS);
        let frame = self.board.write(|txn| {
            let placements = yrs::WriteTxn::get_or_insert_map(txn, "placements");
            placements.insert(txn, card, Any::from(vec![Any::from("server"), Any::from("1")]));
        });
        self.log.push((0, frame.clone()));
        self.broadcast(&frame);
    }

    /// The page is loaded anew, with what it had not sent yet kept in the browser.
    fn reload(&mut self, at: usize) {
        let id = self.random.client_id();
        let old = &self.clients[at];
        let kept = super::board::whole(&old.doc);
        let online = old.online;
        let notes = old.notes.clone();
        let mut client = Client::new(old.author, id, &kept);
        client.online = online;
        client.notes = notes;
        self.clients[at] = client;
        if online {
            self.reconnect(at);
        }
    }

    /// Two tabs of one browser tell each other what the server does not know yet.
    fn talk_to_other_tab(&mut self, at: usize) {
        let other = at ^ 1;
        if other < self.clients.len() && self.clients[at].author == self.clients[other].author {
            let sv = self.clients[other].doc.transact().state_vector();
            let news = self.clients[at].doc.transact().encode_state_as_update_v1(&sv);
            self.clients[other].receive(&news);
        }
    }

    /// Sync step 1 and 2, with a state vector that may be old.
    fn reconnect(&mut self, at: usize) {
        self.clients[at].online = true;
        self.clients[at].ahead.clear();
        self.clients[at].outbox.lock().unwrap().clear();
        let (client, server) = (&self.clients[at].doc, &self.board.doc);
        let down = {
            let sv = client.transact().state_vector();
            server.transact().encode_state_as_update_v1(&sv)
        };
        let mut up = Vec::new();
        if self.random.chance(20) {
            up.push(client.transact().encode_state_as_update_v1(&StateVector::default()));
        } else if self.random.chance(20) {
            // The server's step 1 crossed something that it has since got.
            let mut sv = StateVector::default();
            for (id, clock) in server.transact().state_vector().iter() {
                sv.set_max(*id, clock - u32::try_from(self.random.below(1 + *clock as usize)).unwrap());
            }
            up.push(client.transact().encode_state_as_update_v1(&sv));
        }
        let sv = StateVector::decode_v1(&self.board.state_vector()).unwrap();
        up.push(client.transact().encode_state_as_update_v1(&sv));
        self.clients[at].inbox.clear();
        self.clients[at].receive(&down);
        for update in up {
            assert!(self.send(at, &update), "a whole board cannot have a gap");
        }
    }

    fn flush(&mut self, at: usize) {
        let pending: Vec<_> = self.clients[at].outbox.lock().unwrap().drain(..).collect();
        if self.clients[at].online {
            for update in pending {
                if !self.send(at, &update) {
                    self.reconnect(at);
                    break;
                }
            }
        }
    }

    /// The pre-check, and the append. Whether there was no gap.
    fn send(&mut self, at: usize, update: &[u8]) -> bool {
        let client = &mut self.clients[at];
        match examine(
            &self.board.index,
            &client.ahead,
            Author(client.author),
            update,
            &LIMITS,
            &mut 0,
            &mut allow,
        ) {
            Examined::Nothing => {}
            Examined::Gap => return false,
            Examined::Pass(admitted) => {
                client.ahead.push(&admitted.delta);
                self.appended.push_back((at, client.author, admitted.update));
            }
            Examined::Refused(refusal) => self.refused.push(format!("author {}: {refusal:?}", client.author)),
        }
        true
    }

    /// Applies the oldest entry of the log that is not applied.
    fn fold(&mut self) {
        let Some((at, author, update)) = self.appended.pop_front() else { return };
        let (random, later) = (&mut self.random, self.later);
        let mut judge = |change: &Change<'_>| {
            let plain = matches!(change.what, What::Set(_) | What::Unset)
                && change.stood.is_none_or(|standing| standing.kind.is_none());
            if plain && random.chance(later) {
                Judgement::Later("not now".to_owned())
            } else {
                Judgement::Allowed
            }
        };
        match self.board.offer(author, &update, &mut judge) {
            Outcome::Applied(frame) => {
                self.log.push((author, update));
                self.broadcast(&frame);
            }
            // Appended twice, by a connection and the one after it.
            Outcome::Nothing => {}
            other => self.refused.push(format!("author {author}: {other:?}")),
        }
        if self.random.chance(50) {
            self.clients[at].ahead.settle(&self.board.index);
        }
        if self.appended.iter().all(|(of, ..)| *of != at) && self.random.chance(50) {
            self.clients[at].ahead.clear();
        }
    }

    fn broadcast(&mut self, frame: &[u8]) {
        for client in &mut self.clients {
            if client.online {
                client.inbox.push(frame.to_vec());
            }
        }
    }

    fn deliver(&mut self, at: usize) {
        if !self.clients[at].inbox.is_empty() {
            let frame = self.clients[at].inbox.remove(0);
            self.clients[at].receive(&frame);
        }
    }

    fn deliver_all(&mut self, at: usize) {
        while !self.clients[at].inbox.is_empty() {
            self.deliver(at);
        }
    }
}

fn any_note(notes: &MapRef, txn: &impl ReadTxn, random: &mut Random) -> Option<MapRef> {
    let mut keys: Vec<String> = notes.keys(txn).map(str::to_owned).collect();
    keys.sort();
    if keys.is_empty() {
        return None;
    }
    match notes.get(txn, random.pick::<String>(&keys)) {
        Some(Out::YMap(note)) => Some(note),
        _ => None,
    }
}

fn decision(decisions: &MapRef, txn: &impl ReadTxn) -> Option<MapRef> {
    match decisions.get(txn, "d1") {
        Some(Out::YMap(map)) => Some(map),
        _ => None,
    }
}

fn text_of(map: &MapRef, txn: &impl ReadTxn, key: &str) -> Option<TextRef> {
    match map.get(txn, key) {
        Some(Out::YText(text)) => Some(text),
        _ => None,
    }
}

/// Inserts or deletes at a border between characters.
fn type_in(text: &TextRef, txn: &mut yrs::TransactionMut<'_>, random: &mut Random) {
    let content = text.get_string(txn);
    let mut borders = vec![0u32];
    for character in content.chars() {
        borders.push(borders.last().unwrap() + u32::try_from(character.len_utf16()).unwrap());
    }
    let from = *random.pick(&borders);
    if random.chance(65) {
        text.insert(txn, from, random.word(&WORDS));
    } else {
        let to = *random.pick(&borders);
        text.remove_range(txn, from.min(to), from.abs_diff(to));
    }
}
