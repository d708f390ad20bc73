//! From HTTP to a WebSocket.
//!
//! axum judges the request; the socket is made here, because axum's own sends every message as one frame, and the
//! buffer through which a frame goes never shrinks again: a thousand people who were each sent a board of 200 kB when
//! they came would hold 200 MB for as long as they stay.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::SinkExt;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        handshake::derive_accept_key,
        protocol::{
            Role, WebSocketConfig,
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

/// Sends one binary message, in as many frames as it needs.
///
/// # Errors
/// If the connection is gone.
pub(super) async fn send<S>(sink: &mut S, mut message: Bytes) -> Result<(), Error>
where
    S: SinkExt<Message, Error = Error> + Unpin,
{
    let mut kind = Data::Binary;
    loop {
        let piece = message.split_to(message.len().min(FRAGMENT));
        let last = message.is_empty();
        sink.send(Message::Frame(Frame::message(piece, OpCode::Data(kind), last))).await?;
        if last {
            return Ok(());
        }
        kind = Data::Continue;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn a_message_arrives_whole_however_long_it_is() {
        for size in [0, 1, FRAGMENT - 1, FRAGMENT, FRAGMENT + 1, 5 * FRAGMENT, 300_000] {
            let message = Bytes::from((0..size).map(|n| (n % 251) as u8).collect::<Vec<_>>());
            let (near, far) = tokio::io::duplex(1 << 20);
            let mut server = WebSocketStream::from_raw_socket(near, Role::Server, None).await;
            send(&mut server, message.clone()).await.unwrap();
            let mut client = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
            let read = client.next().await.unwrap().unwrap();
            assert_eq!(read, Message::Binary(message), "{size} bytes");
        }
    }
}
