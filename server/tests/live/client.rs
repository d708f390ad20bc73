//! A client that does exactly what a test tells it to.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use plumbline_shared::{
    messages::ServerMessage,
    order,
    wire::{AwarenessEntry, Frame, SUBPROTOCOL, TOKEN_SUBPROTOCOL, read_awareness, write_awareness},
};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};
use yrs::{
    Any, Doc, Map, MapPrelim, OffsetKind, Options, ReadTxn, StateVector, Text, TextPrelim, Transact,
    TransactionMut, Update, WriteTxn, updates::decoder::Decode, updates::encoder::Encode,
};

use crate::stage::PATIENCE;

pub(crate) struct Client {
    pub(crate) doc: Doc,
    pub(crate) presence: u64,
    socket: WebSocketStream<TcpStream>,
    typed: bool,
}

/// What comes.
#[derive(Debug)]
pub(crate) enum Event {
    Step1(Vec<u8>),
    /// An update or an answer, which is applied already.
    Changed,
    Presence(Vec<(u64, Value)>),
    Told(ServerMessage),
    Closed(u16),
}

impl Client {
    /// Opens a socket, or says with which status it was refused.
    pub(crate) async fn open(
        address: SocketAddr,
        session: &str,
        token: &str,
        typed: bool,
    ) -> Result<Self, u16> {
        let socket = TcpSocket::new_v4().unwrap();
        // Little is on its way to who does not read.
        socket.set_recv_buffer_size(8 * 1024).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let query = if typed { String::new() } else { format!("?token={token}") };
        let mut request =
            format!("ws://{address}/api/sessions/{session}/sync{query}").into_client_request().unwrap();
        if typed {
            let protocols = format!("{SUBPROTOCOL}, {TOKEN_SUBPROTOCOL}{token}");
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        }
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self { doc: document(), presence: 0, socket, typed }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a socket, says what it has, and takes what it lacks.
    pub(crate) async fn synced(mut self) -> Self {
        self.synchronise().await;
        self
    }

    pub(crate) async fn synchronise(&mut self) {
        let synced = tokio::time::timeout(PATIENCE, self.exchange()).await;
        synced.expect("it is synced in time");
    }

    async fn exchange(&mut self) {
        let ours = self.doc.transact().state_vector().encode_v1();
        self.send(&Frame::Step1(&ours)).await;
        let (mut welcomed, mut changed) = (!self.typed, false);
        while !(welcomed && changed) {
            match self.next().await {
                Event::Told(ServerMessage::Welcome { presence, .. }) => {
                    (self.presence, welcomed) = (presence, true);
                }
                Event::Changed => changed = true,
                Event::Closed(code) => panic!("closed with {code}"),
                _ => welcomed |= self.presence > 0,
            }
        }
    }

    pub(crate) async fn send(&mut self, frame: &Frame<'_>) {
        self.try_send(frame).await.unwrap();
    }

    pub(crate) async fn try_send(&mut self, frame: &Frame<'_>) -> Result<(), Error> {
        self.socket.send(Message::binary(frame.encode())).await
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        self.send(&Frame::Typed(&message.to_string())).await;
    }

    pub(crate) async fn present(&mut self, state: &Value) {
        let json = state.to_string();
        let entry = AwarenessEntry { client: 7, clock: 1, json: &json };
        self.send(&Frame::Awareness(&write_awareness([entry].into_iter()))).await;
    }

    /// What comes next; step 1s are answered with what the document has.
    pub(crate) async fn next(&mut self) -> Event {
        tokio::time::timeout(PATIENCE, self.next_at_all()).await.expect("something comes in time")
    }

    async fn next_at_all(&mut self) -> Event {
        loop {
            let bytes = match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Close(frame))) => {
                    return Event::Closed(frame.map_or(1005, |f| f.code.into()));
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Event::Closed(1006),
            };
            match Frame::decode(&bytes).unwrap() {
                Frame::Step1(known) => return Event::Step1(known.to_vec()),
                Frame::Step2(update) | Frame::Update(update) => {
                    self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
                    return Event::Changed;
                }
                Frame::Awareness(update) => {
                    let states = read_awareness(update).unwrap();
                    return Event::Presence(
                        states
                            .iter()
                            .map(|state| (state.client, serde_json::from_str(state.json).unwrap()))
                            .collect(),
                    );
                }
                Frame::Typed(json) => return Event::Told(serde_json::from_str(json).unwrap()),
                Frame::QueryAwareness => {}
            }
        }
    }

    /// Reads until something comes that `find` wants. What else comes is passed over.
    pub(crate) async fn until<T>(&mut self, what: &str, mut find: impl FnMut(&Event) -> Option<T>) -> T {
        let reading = async {
            loop {
                let event = self.next_at_all().await;
                if let Some(found) = find(&event) {
                    return found;
                }
                if let Event::Closed(code) = event {
                    panic!("closed with {code} before {what}");
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("in vain until {what}"))
    }

    pub(crate) async fn until_saved(&mut self, number: u64) {
        self.until("it is saved", |event| {
            matches!(event, Event::Told(ServerMessage::Saved { through }) if *through >= number).then_some(())
        })
        .await;
    }

    pub(crate) async fn until_closed(&mut self) -> u16 {
        self.until("it is closed", |event| match event {
            Event::Closed(code) => Some(*code),
            _ => None,
        })
        .await
    }

    /// Changes the document. The change, not sent yet.
    /// Closes the socket behind what was sent. Cut off, what the server has not read yet would be lost.
    pub(crate) async fn leave(mut self) {
        self.socket.close(None).await.unwrap();
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        change(&mut txn);
        txn.encode_update_v1()
    }

    /// Places a project. The change, not sent yet.
    pub(crate) fn place(&self, project: &str, pile: &str) -> Vec<u8> {
        self.change(|txn| {
            let order = order::between(None, None);
            let value: Vec<Any> = vec![pile.into(), order.as_str().into()];
            txn.get_or_insert_map("placements").insert(txn, project, value);
        })
    }

    /// Writes a note. The change, not sent yet.
    pub(crate) fn note(&self, id: &str, text: &str) -> Vec<u8> {
        self.change(|txn| {
            let map = txn.get_or_insert_map("notes").insert(txn, id, MapPrelim::default());
            let body = map.insert(txn, "text", TextPrelim::new(""));
            body.push(txn, text);
        })
    }

    /// The keys under a root, in order.
    pub(crate) fn keys(&self, root: &str) -> Vec<String> {
        let txn = self.doc.transact();
        let mut keys: Vec<String> =
            txn.get_map(root).map_or_else(Vec::new, |map| map.keys(&txn).map(str::to_owned).collect());
        keys.sort();
        keys
    }

    /// Everything as one update.
    pub(crate) fn whole(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }
}

pub(crate) fn document() -> Doc {
    // As Yjs draws them: 32 bits.
    let id = uuid::Uuid::now_v7().as_u128() as u32;
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(yrs::ClientID::new(u64::from(id)))
    })
}
