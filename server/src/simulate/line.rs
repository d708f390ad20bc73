//! One simulated person's connection: the board as it comes, and commands that are answered.

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use plumbline_shared::{
    board::Board,
    ids::{MessageId, ParticipantId},
    messages::{ClientMessage, Command, OwnBallot, Seen, ServerMessage},
    wire::{AwarenessEntry, Frame, SUBPROTOCOL, TOKEN_SUBPROTOCOL, write_awareness},
    words::StepState,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, OffsetKind, ReadTxn, StateVector, Transact, Update, WriteTxn,
    updates::{decoder::Decode, encoder::Encode},
};

use super::http::Http;

/// A connection.
pub(super) struct Line {
    socket: WebSocketStream<TcpStream>,
    doc: Doc,
    /// Who this is.
    pub(super) me: ParticipantId,
    /// The own ballot, as it was told last.
    pub(super) ballot: OwnBallot,
    synced: bool,
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
        let stream = TcpStream::connect(&http.authority).await?;
        stream.set_nodelay(true)?;
        let mut request =
            format!("ws://{}/api/sessions/{session}/sync", http.authority).into_client_request()?;
        let protocols = format!("{SUBPROTOCOL}, {TOKEN_SUBPROTOCOL}{token}");
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse()?);
        let (socket, _) =
            client_async(request, stream).await.context("the server does not let this one in")?;
        // Yjs' client ids have 32 bits; those of a version 4 UUID's lower half are random.
        let client = Uuid::now_v7().as_u128() as u32;
        let doc = Doc::with_options(yrs::Options {
            offset_kind: OffsetKind::Utf16,
            ..yrs::Options::with_client_id(yrs::ClientID::new(u64::from(client.max(1))))
        });
        let mut line =
            Self { socket, doc, me: ParticipantId::default(), ballot: OwnBallot::default(), synced: false };
        let ours = StateVector::default().encode_v1();
        line.send(&Frame::Step1(&ours)).await?;
        while !line.synced {
            if !line.hear().await? {
                bail!("the connection was closed before the board came");
            }
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

    /// Takes what comes next. False once the connection is closed.
    pub(super) async fn hear(&mut self) -> anyhow::Result<bool> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    self.take(&bytes).await?;
                    return Ok(true);
                }
                Some(Ok(Message::Close(_))) | None => return Ok(false),
                Some(Ok(_)) => {}
                Some(Err(_)) => return Ok(false),
            }
        }
    }

    /// Takes what comes until then. A connection to which nobody listens is taken for a dead one.
    pub(super) async fn listen(&mut self, until: tokio::time::Instant) -> anyhow::Result<()> {
        loop {
            match tokio::time::timeout_at(until, self.hear()).await {
                Ok(heard) => {
                    if !heard? {
                        bail!("the connection was closed");
                    }
                }
                Err(_) => return Ok(()),
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
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    if let Some((re, answered)) = self.take(&bytes).await?
                        && re == id
                    {
                        return Ok(answered);
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => bail!("the connection was closed"),
                Some(Ok(_)) => {}
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
        Ok(self.socket.send(Message::binary(frame.encode())).await?)
    }
}
