//! From HTTP to a WebSocket.
//!
//! axum judges the request; the socket is made here, because axum's own sends every message as one frame, and the
//! buffer through which a frame goes never shrinks again: a thousand people who were each sent a board of 200 kB when
//! they came would hold 200 MB for as long as they stay.

use std::future::poll_fn;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::{Sink, SinkExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        handshake::derive_accept_key,
        protocol::{
            CloseFrame, Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

/// A WebSocket of ours.
pub(super) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// The largest frame that is sent, in bytes; longer messages go in several.
const FRAGMENT: usize = 8 * 1024;

/// A request to become a WebSocket that axum has found in order.
pub(super) struct Upgrade {
    pending: OnUpgrade,
    accept: HeaderValue,
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = WebSocketUpgradeRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let pending = parts.extensions.get::<OnUpgrade>().cloned();
        let key = parts.headers.get(header::SEC_WEBSOCKET_KEY).cloned();
        let _judged = WebSocketUpgrade::from_request_parts(parts, state).await?;
        let accept = key.and_then(|key| derive_accept_key(key.as_bytes()).parse().ok());
        match (pending, accept) {
            (Some(pending), Some(accept)) => Ok(Self { pending, accept }),
            // What axum lets through without them is HTTP/2, which this server does not speak.
            _ => Err(axum::extract::ws::rejection::ConnectionNotUpgradable::default().into()),
        }
    }
}

impl Upgrade {
    /// Agrees to `protocol` and hands the socket over once the connection is one.
    pub(super) fn then<F>(
        self,
        config: WebSocketConfig,
        protocol: Option<&'static str>,
        converse: impl FnOnce(Socket) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(async move {
            // A connection that ends before it is a socket has nobody left to be told.
            let Ok(upgraded) = self.pending.await else { return };
            converse(Socket::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await).await;
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, self.accept);
        if let Some(protocol) = protocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        }
        response
    }
}

/// The sending half of a socket. Sending may be given up at any moment: what was begun is finished before anything
/// else is sent, so that no message is torn.
pub(super) struct Outgoing<S> {
    sink: S,
    /// What is left of the message that was begun, and the kind of its next frame.
    rest: Option<(Bytes, Data)>,
}

impl<S> Outgoing<S>
where
    S: Sink<Message, Error = Error> + Unpin,
{
    pub(super) fn new(sink: S) -> Self {
        Self { sink, rest: None }
    }

    /// Sends one binary message, in as many frames as it needs.
    ///
    /// # Errors
    /// If the connection is gone.
    pub(super) async fn message(&mut self, message: Bytes) -> Result<(), Error> {
        self.finish().await?;
        self.rest = Some((message, Data::Binary));
        self.finish().await
    }

    /// Sends a ping. It may stand between the frames of a message.
    ///
    /// # Errors
    /// If the connection is gone.
    pub(super) async fn ping(&mut self) -> Result<(), Error> {
        self.sink.send(Message::Ping(Bytes::new())).await
    }

    /// Says why it ends.
    ///
    /// # Errors
    /// If the connection is gone.
    pub(super) async fn close(&mut self, why: CloseFrame) -> Result<(), Error> {
        self.finish().await?;
        self.sink.send(Message::Close(Some(why))).await
    }

    async fn finish(&mut self) -> Result<(), Error> {
        while self.rest.is_some() {
            poll_fn(|context| self.sink.poll_ready_unpin(context)).await?;
            // From here to the sink nothing waits: a frame is sent or still in the rest, never neither or both.
            let Some((rest, kind)) = &mut self.rest else { break };
            let piece = rest.split_to(rest.len().min(FRAGMENT));
            let last = rest.is_empty();
            let frame = Frame::message(piece, OpCode::Data(*kind), last);
            *kind = Data::Continue;
            if last {
                self.rest = None;
            }
            self.sink.start_send_unpin(Message::Frame(frame))?;
            self.sink.flush().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use futures_util::{FutureExt, StreamExt};

    use super::*;

    async fn ends(room: usize) -> [WebSocketStream<tokio::io::DuplexStream>; 2] {
        let (near, far) = tokio::io::duplex(room);
        let config = WebSocketConfig::default().write_buffer_size(1024);
        [
            WebSocketStream::from_raw_socket(near, Role::Server, Some(config)).await,
            WebSocketStream::from_raw_socket(far, Role::Client, None).await,
        ]
    }

    fn bytes(size: usize) -> Bytes {
        (0..size).map(|n| (n % 251) as u8).collect()
    }

    #[tokio::test]
    async fn a_message_arrives_whole_however_long_it_is() {
        for size in [0, 1, FRAGMENT - 1, FRAGMENT, FRAGMENT + 1, 5 * FRAGMENT, 300_000] {
            let [server, mut client] = ends(1 << 20).await;
            Outgoing::new(server).message(bytes(size)).await.unwrap();
            let read = client.next().await.unwrap().unwrap();
            assert_eq!(read, Message::Binary(bytes(size)), "{size} bytes");
        }
    }

    #[tokio::test]
    async fn who_stops_in_the_middle_of_a_message_finishes_it_before_the_farewell() {
        // Room for a part of it: the rest waits for the reader.
        let [server, mut client] = ends(3 * FRAGMENT).await;
        let mut outgoing = Outgoing::new(server);
        assert!(outgoing.message(bytes(100_000)).now_or_never().is_none(), "it does not fit");
        let why = CloseFrame { code: 4408.into(), reason: "Too slow".into() };
        let told = async {
            outgoing.message(bytes(10)).await.unwrap();
            outgoing.close(why.clone()).await.unwrap();
        };
        let read = async {
            let mut read = Vec::new();
            while let Some(Ok(message)) = client.next().await {
                let over = message.is_close();
                read.push(message);
                if over {
                    break;
                }
            }
            read
        };
        let both = tokio::time::timeout(Duration::from_secs(20), async { tokio::join!(told, read) });
        let ((), read) = both.await.expect("both ends go on");
        let wanted = [Message::Binary(bytes(100_000)), Message::Binary(bytes(10)), Message::Close(Some(why))];
        assert_eq!(read, wanted);
    }
}
