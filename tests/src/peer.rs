//! A client of our own wire: a document, typed messages, and the count of what the server has saved.
//!
//! It does what an honest client does and no more: it answers step 1, applies what comes, and sends what it is told
//! to change. What it has seen can be asked for at any time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use plumbline_shared::{
    ids::{MessageId, ParticipantId},
    messages::{OwnBallot, OwnFlag, ServerMessage},
    schema::Root,
    wire::{self, AwarenessEntry, Frame},
    words::Role,
};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, OffsetKind, Options, Out, ReadTxn, StateVector, Transact, TransactionMut, Update,
    WriteTxn,
    block::ClientID,
    updates::{decoder::Decode, encoder::Encode},
};

use crate::{
    picture,
    socket::{Door, Event, Socket},
    wait,
};

/// What a peer was told in its welcome.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// Who it is.
    pub participant: Option<ParticipantId>,
    /// What it is.
    pub role: Role,
    /// The id of its own presence.
    pub presence: u64,
    /// The version of the rules by which the session goes.
    pub rules: u32,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The typed message that it answers.
    pub re: Option<MessageId>,
    /// The frame that it answers.
    pub frame: Option<u64>,
    /// The reason's short name.
    pub code: String,
    /// The reason's sentence.
    pub reason: String,
    /// Whether the change was taken back on the board.
    pub taken_back: bool,
    /// What of the board it is about.
    pub path: Option<String>,
}

/// What a peer has seen.
pub struct Seen {
    /// The document.
    pub doc: Doc,
    /// Whether the first step 2 has come.
    pub synced: bool,
    /// The welcome.
    pub welcome: Option<Welcome>,
    /// Frames with content sent: step 2 and updates, as `saved` counts them.
    pub sent: u64,
    /// The server has saved so many of them.
    pub saved: u64,
    /// Refusals, in their order.
    pub denied: Vec<Denied>,
    /// Its own flags, as it was told last.
    pub flags: Vec<OwnFlag>,
    /// Its own ballot, as it was told last.
    pub ballot: Option<OwnBallot>,
    /// How many have finished, as it was told last: how many, of how many.
    pub progress: Option<(u32, u32)>,
    /// Why the server cannot save, as it was told last.
    pub not_saving: Option<String>,
    /// How often it was told that one more device has come in by its own link.
    pub entered: u32,
    /// Typed messages that were carried out.
    pub done: Vec<MessageId>,
    /// Presence id → clock and state; `null` when gone.
    pub presences: BTreeMap<u64, (u64, Value)>,
    /// How the connection ended.
    pub ended: Option<Event>,
    /// Frames received.
    pub frames: u64,
    /// Bytes received.
    pub bytes: u64,
    /// Updates received.
    pub updates: u64,
    /// When something came last.
    pub last: Instant,
    /// The longest silence between two frames so far.
    pub silence: Duration,
}

/// A connected client. It leaves without a farewell when dropped.
pub struct Peer {
    seen: Arc<Mutex<Seen>>,
    out: mpsc::UnboundedSender<Message>,
    tasks: Vec<JoinHandle<()>>,
}

/// An empty document as Yjs clients have it: its client id has 32 bits, text is counted in UTF-16 units.
#[must_use]
pub fn document() -> Doc {
    document_of(Doc::new().client_id().get() & u64::from(u32::MAX))
}

/// The same under a client id of one's choice.
#[must_use]
pub fn document_of(client: u64) -> Doc {
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(ClientID::new(client))
    })
}

impl Peer {
    /// Connects with an empty document and waits until it holds the board.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn join(door: &Door) -> Self {
        let peer = Self::open(door, document())
            .await
            .unwrap_or_else(|status| panic!("the server answered the upgrade with {status}"));
        peer.synced().await;
        peer
    }

    /// Connects with `doc`, which may hold changes that the server has not seen.
    ///
    /// # Errors
    /// The HTTP status of a refused upgrade.
    pub async fn open(door: &Door, doc: Doc) -> Result<Self, u16> {
        Ok(Self::with(Socket::open(door).await?, doc))
    }

    /// Speaks over an open socket.
    #[must_use]
    pub fn with(socket: Socket, doc: Doc) -> Self {
        let (mut sink, mut stream) = socket.into_inner().split();
        let (out, mut queue) = mpsc::unbounded_channel::<Message>();
        let step1 = Frame::Step1(&doc.transact().state_vector().encode_v1()).encode();
        let seen = Arc::new(Mutex::new(Seen {
            doc,
            synced: false,
            welcome: None,
            sent: 0,
            saved: 0,
            denied: Vec::new(),
            flags: Vec::new(),
            ballot: None,
            progress: None,
            not_saving: None,
            entered: 0,
            done: Vec::new(),
            presences: BTreeMap::new(),
            ended: None,
            frames: 0,
            bytes: 0,
            updates: 0,
            last: Instant::now(),
            silence: Duration::ZERO,
        }));
        let writer = tokio::spawn(async move {
            while let Some(message) = queue.recv().await {
                if sink.send(message).await.is_err() {
                    break;
                }
            }
        });
        let (all, answers) = (Arc::clone(&seen), out.clone());
        let reader = tokio::spawn(async move {
            let end = loop {
                match stream.next().await {
                    Some(Ok(Message::Binary(bytes))) => {
                        let mut seen = all.lock().expect("nobody panics with it");
                        seen.take(&bytes, &answers);
                    }
                    Some(Ok(Message::Close(frame))) => {
                        break Event::Closed(frame.map_or(1005, |frame| frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break Event::Broken,
                }
            };
            all.lock().expect("nobody panics with it").ended = Some(end);
        });
        // The queue is open: its other end has just been made.
        let _ = out.send(Message::binary(step1));
        Self { seen, out, tasks: vec![writer, reader] }
    }

    /// What it has seen up to now.
    ///
    /// # Panics
    /// When another user of it has panicked.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nobody panics with it")
    }

    /// Waits until the board has come.
    pub async fn synced(&self) {
        self.until("the board has come", |seen| {
            wait::holds(seen.synced, || format!("ended: {:?}", seen.ended))
        })
        .await;
    }

    /// Waits until `look` is content with what was seen.
    pub async fn until<T>(&self, what: &str, mut look: impl FnMut(&Seen) -> Result<T, String>) -> T {
        wait::until(what, async || look(&self.seen())).await
    }

    /// Changes the document and sends the change. Gives the frame's number, as `saved` counts.
    ///
    /// # Panics
    /// When another user of it has panicked.
    pub fn change(&self, act: impl FnOnce(&mut TransactionMut<'_>)) -> u64 {
        let mut seen = self.seen();
        let update = {
            let mut txn = seen.doc.transact_mut();
            act(&mut txn);
            txn.encode_update_v1()
        };
        seen.sent += 1;
        self.send_frame(&Frame::Update(&update));
        seen.sent
    }

    /// Places a project.
    pub fn place(&self, project: &str, pile: &str, order: &str) -> u64 {
        self.change(|txn| place(txn, project, pile, order))
    }

    /// Fills the further columns of a project with some two hundred kilobytes, other ones for each `n`; a facilitator
    /// may.
    ///
    /// # Panics
    /// When the board has no such project.
    pub fn widen(&self, project: &str, n: usize) -> u64 {
        self.change(|txn| {
            let projects = txn.get_or_insert_map(Root::Projects.name());
            let Some(Out::YMap(entry)) = projects.get(txn, project) else {
                panic!("{project} is on the board")
            };
            let cell = Any::from(format!("{n:05}").repeat(700));
            let column = |at| Any::from(vec![Any::from(format!("Column {at}")), cell.clone()]);
            entry.insert(txn, "more", Any::from((0..60).map(column).collect::<Vec<_>>()));
        })
    }

    /// Sends an update that was made elsewhere; it counts as one of this peer's frames.
    ///
    /// # Panics
    /// When another user of it has panicked.
    pub fn send_update(&self, update: &[u8]) -> u64 {
        let mut seen = self.seen();
        seen.sent += 1;
        self.send_frame(&Frame::Update(update));
        seen.sent
    }

    /// Sends a frame that does not count: no step 2 and no update.
    pub fn send_frame(&self, frame: &Frame<'_>) {
        self.send_raw(Message::binary(frame.encode()));
    }

    /// Sends anything.
    pub fn send_raw(&self, message: Message) {
        // A connection that is gone is seen by the reader.
        let _ = self.out.send(message);
    }

    /// Sends a typed message and gives its id. `content` has the type and the fields.
    ///
    /// # Panics
    /// When `content` is no object.
    pub fn tell(&self, content: Value) -> MessageId {
        let id = MessageId(Uuid::now_v7());
        self.tell_as(id, content);
        id
    }

    /// The same under an id of one's choice, to repeat a message.
    ///
    /// # Panics
    /// When `content` is no object.
    pub fn tell_as(&self, id: MessageId, mut content: Value) {
        content["id"] = json!(id);
        self.send_frame(&Frame::Typed(&content.to_string()));
    }

    /// Says where this peer is looking, under its document's client id, as Yjs clients do.
    pub fn present(&self, clock: u64, state: &Value) {
        let client = self.seen().doc.client_id().get();
        let json = state.to_string();
        let update = wire::write_awareness([AwarenessEntry { client, clock, json: &json }].into_iter());
        self.send_frame(&Frame::Awareness(&update));
    }

    /// Waits until everything sent so far is saved.
    pub async fn saved(&self) {
        self.until("all is saved", |seen| {
            assert!(seen.ended.is_none(), "the connection ended: {:?}, denied {:?}", seen.ended, seen.denied);
            wait::holds(seen.saved >= seen.sent, || format!("{} of {} saved", seen.saved, seen.sent))
        })
        .await;
    }

    /// Waits for the answer to a typed message: none when it was carried out.
    pub async fn answer(&self, id: MessageId) -> Option<Denied> {
        self.until("the message is answered", |seen| {
            if seen.done.contains(&id) {
                return Ok(None);
            }
            let denied = seen.denied.iter().find(|denied| denied.re == Some(id));
            denied.cloned().map(Some).ok_or_else(|| format!("nothing; ended: {:?}", seen.ended))
        })
        .await
    }

    /// Waits until the server has closed or cut the connection, and says how.
    pub async fn end(&self) -> Event {
        self.until("the server has closed", |seen| seen.ended.clone().ok_or_else(|| "it is open".to_owned()))
            .await
    }

    /// The piles as this peer sees them.
    #[must_use]
    pub fn piles(&self) -> picture::Piles {
        picture::piles(&self.seen().doc)
    }

    /// Leaves and gives the document back, for another connection.
    #[must_use]
    pub fn leave(self) -> Doc {
        self.seen().doc.clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Seen {
    fn take(&mut self, bytes: &[u8], answers: &mpsc::UnboundedSender<Message>) {
        self.frames += 1;
        self.bytes += bytes.len() as u64;
        self.silence = self.silence.max(self.last.elapsed());
        self.last = Instant::now();
        match Frame::decode(bytes).expect("the server's frames are well made") {
            Frame::Step1(vector) => {
                let vector = StateVector::decode_v1(vector).expect("the server's state vector is well made");
                let update = self.doc.transact().encode_diff_v1(&vector);
                self.sent += 1;
                let _ = answers.send(Message::binary(Frame::Step2(&update).encode()));
            }
            Frame::Step2(update) => {
                self.apply(update);
                self.synced = true;
            }
            Frame::Update(update) => {
                self.apply(update);
                self.updates += 1;
            }
            Frame::Awareness(update) => {
                for entry in wire::read_awareness(update).expect("the server's presences are well made") {
                    let state = serde_json::from_str(entry.json).expect("a presence is JSON");
                    let known = self.presences.entry(entry.client).or_insert((0, Value::Null));
                    if entry.clock >= known.0 {
                        *known = (entry.clock, state);
                    }
                }
            }
            Frame::QueryAwareness => {}
            Frame::Typed(text) => {
                match serde_json::from_str(text).expect("the server's messages read as documented") {
                    ServerMessage::Welcome { participant, role, presence, rules, .. } => {
                        self.welcome = Some(Welcome { participant, role, presence, rules });
                    }
                    ServerMessage::Saved { through } => self.saved = self.saved.max(through),
                    ServerMessage::Flags { own } => self.flags = own,
                    ServerMessage::Ballot(own) => self.ballot = Some(own),
                    ServerMessage::Progress { done, of, .. } => self.progress = Some((done, of)),
                    ServerMessage::NotSaving { reason } => self.not_saving = reason,
                    ServerMessage::Entered => self.entered += 1,
                    ServerMessage::Ok { re } => self.done.push(re),
                    ServerMessage::Denied { re, frame, code, reason, taken_back, path } => {
                        self.denied.push(Denied { re, frame, code, reason, taken_back, path });
                    }
                }
            }
        }
    }

    fn apply(&mut self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("the server's updates are well made");
        self.doc.transact_mut().apply_update(update).expect("the server's updates apply");
    }
}

/// Writes a placement.
pub fn place(txn: &mut TransactionMut<'_>, project: &str, pile: &str, order: &str) {
    let placements = txn.get_or_insert_map(Root::Placements.name());
    placements.insert(txn, project, Any::Array(vec![Any::from(pile), Any::from(order)].into()));
}
