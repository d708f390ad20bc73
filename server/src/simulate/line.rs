//! One simulated person's connection: the board as it comes, and commands that are answered. One that breaks is opened anew,
//! as pages do it.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use plumbline_shared::{
    board::Board,
    ids::{MessageId, ParticipantId},
    messages::{ClientMessage, Command, OwnBallot, Seen, ServerMessage},
    wire::{AwarenessEntry, CloseCode, Frame, SUBPROTOCOL, TOKEN_SUBPROTOCOL, write_awareness},
    words::StepState,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest, http::StatusCode},
};
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, OffsetKind, ReadTxn, StateVector, Transact, Update, WriteTxn,
    updates::{decoder::Decode, encoder::Encode},
};

use super::http::Http;

/// The pause before a connection that broke is opened anew: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// For how long that is tried.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long one attempt may take.
const OPENED_WITHIN: Duration = Duration::from_secs(30);

/// A connection.
pub(super) struct Line {
    door: Door,
    socket: WebSocketStream<TcpStream>,
    doc: Doc,
    /// Who this is.
    pub(super) me: ParticipantId,
    /// The own ballot, as it was told last.
    pub(super) ballot: OwnBallot,
    synced: bool,
}

/// Where a connection leads to, and by what right.
#[derive(Clone)]
struct Door {
    http: Http,
    session: String,
    token: String,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    /// It broke, or could not be opened: another one may be.
    #[error("the connection was cut")]
    Broken,
    /// Nobody is let in there any more.
    #[error("the server does not let this one in any more")]
    Over,
}

impl From<tungstenite::Error> for Cut {
    fn from(error: tungstenite::Error) -> Self {
        match error {
            tungstenite::Error::Http(answer)
                if matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND) =>
            {
                Self::Over
            }
            _ => Self::Broken,
        }
    }
}

/// What a command came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// It was carried out.
    Done,
    /// It was not: the reason's code.
    Denied(String),
}

impl Line {
    /// Connects and waits for the board.
    pub(super) async fn open(http: &Http, session: &str, token: &str) -> anyhow::Result<Self> {
        let door = Door { http: http.clone(), session: session.to_owned(), token: token.to_owned() };
        let begun = Instant::now();
        Self::enter(door, begun).await
    }

    /// Comes back with a page of its own, once the server can be reached.
    pub(super) async fn reopen(&mut self) -> anyhow::Result<()> {
        let (me, again) = (self.me, Self::enter(self.door.clone(), Instant::now()).await?);
        *self = Self { me, ..again };
        Ok(())
    }

    async fn enter(door: Door, begun: Instant) -> anyhow::Result<Self> {
        let mut pause = PAUSES.0;
        loop {
            let attempt = tokio::time::timeout(OPENED_WITHIN, Self::attempt(door.clone())).await;
            match attempt.unwrap_or_else(|_| Err(Cut::Broken.into())) {
                Err(error) if matches!(error.downcast_ref(), Some(Cut::Broken)) => {
                    if begun.elapsed() > PATIENCE {
                        return Err(error.context("no connection can be opened"));
                    }
                }
                done => return done,
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn attempt(door: Door) -> anyhow::Result<Self> {
        let Door { http, session, token } = &door;
        let stream = TcpStream::connect(&http.authority).await.map_err(|_| Cut::Broken)?;
        stream.set_nodelay(true)?;
        let mut request =
            format!("ws://{}/api/sessions/{session}/sync", http.authority).into_client_request()?;
        let protocols = format!("{SUBPROTOCOL}, {TOKEN_SUBPROTOCOL}{token}");
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse()?);
        let (socket, _) = client_async(request, stream).await.map_err(Cut::from)?;
        // Yjs' client ids have 32 bits; those of a version 4 UUID's lower half are random.
        let client = Uuid::now_v7().as_u128() as u32;
        let doc = Doc::with_options(yrs::Options {
            offset_kind: OffsetKind::Utf16,
            ..yrs::Options::with_client_id(yrs::ClientID::new(u64::from(client.max(1))))
        });
        let (me, ballot) = (ParticipantId::default(), OwnBallot::default());
        let mut line = Self { door, socket, doc, me, ballot, synced: false };
        let ours = StateVector::default().encode_v1();
        line.send(&Frame::Step1(&ours)).await?;
        while !line.synced {
            line.hear().await?;
        }
        // That they are here is seen: nothing more, for they have no hands. The server renews it.
        let entry = AwarenessEntry { client: 1, clock: 1, json: "{}" };
        line.send(&Frame::Awareness(&write_awareness([entry].into_iter()))).await?;
        Ok(line)
    }

    /// The board as it is.
    pub(super) fn board(&self) -> Board {
        Board::read(&self.doc.transact())
    }

    /// Where the session is, as a command says that it was seen.
    pub(super) fn seen(&self) -> Option<Seen> {
        let session = self.board().session;
        Some(Seen { step: session.step?, round: session.round })
    }

    /// Whether a ballot of one's own waits to be answered.
    pub(super) fn is_asked(&self) -> bool {
        let session = self.board().session;
        session.step_state == Some(StepState::Open)
            && session.step == Some(self.ballot.step)
            && session.round == self.ballot.round
            && !self.ballot.items.is_empty()
            && !session.closed
    }

    /// Takes what comes next. The error is a [`Cut`] once the connection is closed.
    pub(super) async fn hear(&mut self) -> anyhow::Result<()> {
        let bytes = self.next().await?;
        self.take(&bytes).await.map(drop)
    }

    /// Takes what comes until then. A connection to which nobody listens is taken for a dead one.
    pub(super) async fn listen(&mut self, until: tokio::time::Instant) -> anyhow::Result<()> {
        while let Ok(heard) = tokio::time::timeout_at(until, self.hear()).await {
            heard?;
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<tungstenite::Bytes, Cut> {
        const OVER: [CloseCode; 3] = [CloseCode::NotAdmitted, CloseCode::Refused, CloseCode::NoSuchSession];
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => return Ok(bytes),
                Some(Ok(Message::Close(Some(why))))
                    if OVER.iter().any(|code| code.number() == u16::from(why.code)) =>
                {
                    return Err(Cut::Over);
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Cut::Broken),
                Some(Ok(_)) => {}
            }
        }
    }

    async fn take(&mut self, bytes: &[u8]) -> anyhow::Result<Option<(MessageId, Answered)>> {
        match Frame::decode(bytes)? {
            Frame::Step1(vector) => {
                let known = StateVector::decode_v1(vector)?;
                let lacking = self.doc.transact().encode_state_as_update_v1(&known);
                self.send(&Frame::Step2(&lacking)).await?;
            }
            Frame::Step2(update) | Frame::Update(update) => {
                let answers = matches!(Frame::decode(bytes)?, Frame::Step2(_));
                self.doc.transact_mut().apply_update(Update::decode_v1(update)?)?;
                self.synced |= answers;
            }
            Frame::Typed(json) => match serde_json::from_str(json)? {
                ServerMessage::Welcome { participant, .. } => self.me = participant.unwrap_or_default(),
                ServerMessage::Ballot(ballot) => self.ballot = ballot,
                ServerMessage::Ok { re } => return Ok(Some((re, Answered::Done))),
                ServerMessage::Denied { re: Some(re), code, .. } => {
                    return Ok(Some((re, Answered::Denied(code))));
                }
                _ => {}
            },
            Frame::Awareness(_) | Frame::QueryAwareness => {}
        }
        Ok(None)
    }

    /// Gives a command and waits for what it comes to.
    pub(super) async fn give(&mut self, command: Command) -> anyhow::Result<Answered> {
        let id = MessageId(Uuid::now_v7());
        let json = serde_json::to_string(&ClientMessage { id, command })?;
        self.send(&Frame::Typed(&json)).await?;
        loop {
            let bytes = self.next().await?;
            if let Some((re, answered)) = self.take(&bytes).await?
                && re == id
            {
                return Ok(answered);
            }
        }
    }

    /// Writes one value of the board.
    pub(super) async fn write(&mut self, root: &str, path: &[&str], value: Any) -> anyhow::Result<()> {
        let update = {
            let mut txn = self.doc.transact_mut();
            let map = txn.get_or_insert_map(root);
            match path {
                [key] => {
                    map.insert(&mut txn, *key, value);
                }
                [entry, field] => {
                    if let Some(yrs::Out::YMap(entry)) = map.get(&txn, entry) {
                        entry.insert(&mut txn, *field, value);
                    }
                }
                _ => {}
            }
            txn.encode_update_v1()
        };
        self.send(&Frame::Update(&update)).await
    }

    async fn send(&mut self, frame: &Frame<'_>) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::binary(frame.encode())).await.map_err(Cut::from)?)
    }
}
