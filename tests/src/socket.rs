//! A WebSocket of one's own: frames as bytes, for what no honest client would send.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use plumbline_shared::wire::{SUBPROTOCOL, TOKEN_SUBPROTOCOL};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::WebSocketConfig,
    },
};

/// Where and as whom a socket is opened.
#[derive(Clone, Debug)]
pub struct Door {
    /// The server.
    pub address: SocketAddr,
    /// The session.
    pub session: String,
    /// The token.
    pub token: String,
    /// Whether typed messages are asked for.
    pub typed: bool,
    /// Further headers of the upgrade.
    pub headers: Vec<(&'static str, String)>,
}

impl Door {
    /// A door for our own client, which takes typed messages.
    #[must_use]
    pub fn new(address: SocketAddr, session: &str, token: &str) -> Self {
        Self {
            address,
            session: session.to_owned(),
            token: token.to_owned(),
            typed: true,
            headers: Vec::new(),
        }
    }

    /// The same for a plain Yjs client: no subprotocol, the token in the address.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.typed = false;
        self
    }

    /// The same with a further header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What came over a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A binary frame.
    Frame(Vec<u8>),
    /// The server closed, with this code.
    Closed(u16),
    /// The connection broke without a farewell.
    Broken,
}

/// An open socket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a socket, or gives the HTTP status with which the upgrade was refused.
    ///
    /// # Errors
    /// The status of the refusal.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub async fn open(door: &Door) -> Result<Self, u16> {
        match Self::try_open(door).await {
            Ok(socket) => Ok(socket),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("could not open a socket at {}: {error}", door.address),
        }
    }

    /// How whoever knocks is turned away: the HTTP status of a refused upgrade, or, for our own client, which could
    /// not see that, the code with which the socket is closed at once.
    ///
    /// # Panics
    /// When they are let in.
    pub async fn turned_away(door: &Door) -> u16 {
        match Self::open(door).await {
            Err(status) => status,
            Ok(mut socket) => match socket.next_within(crate::wait::PATIENCE).await {
                Some(Event::Closed(code)) => code,
                other => panic!("the socket was opened and then {other:?} came"),
            },
        }
    }

    /// As [`Socket::open`], with the error as it is.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses.
    pub async fn try_open(door: &Door) -> Result<Self, Error> {
        let stream = TcpStream::connect(door.address).await?;
        stream.set_nodelay(true)?;
        Self::over(stream, door).await
    }

    /// Opens a socket whose own buffer is as small as the system allows: what is not read soon stays with the server.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn narrow(door: &Door) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket can be made");
        socket.set_recv_buffer_size(4_096).expect("its buffer can be small");
        let stream = socket.connect(door.address).await.expect("the server is there");
        Self::over(stream, door).await.expect("whoever has joined is admitted")
    }

    /// Opens a socket over a connection of one's own making.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn over(stream: TcpStream, door: &Door) -> Result<Self, Error> {
        let mut address = format!("ws://{}/api/sessions/{}/sync", door.address, door.session);
        if !door.typed {
            address.push_str(&format!("?token={}", door.token));
        }
        let mut request = address.into_client_request()?;
        let headers = request.headers_mut();
        if door.typed {
            let protocols = format!("{SUBPROTOCOL}, {TOKEN_SUBPROTOCOL}{}", door.token);
            headers.insert("sec-websocket-protocol", HeaderValue::from_str(&protocols)?);
        }
        for (name, value) in &door.headers {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
        }
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self(socket))
    }

    /// Sends a binary frame; false when the connection is gone.
    pub async fn send(&mut self, frame: Vec<u8>) -> bool {
        self.0.send(Message::binary(frame)).await.is_ok()
    }

    /// Sends any message; false when the connection is gone.
    pub async fn send_message(&mut self, message: Message) -> bool {
        self.0.send(message).await.is_ok()
    }

    /// The next frame, or how the connection ended. Pings are answered on the way.
    pub async fn next(&mut self) -> Event {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => return Event::Frame(bytes.to_vec()),
                Some(Ok(Message::Close(Some(frame)))) => return Event::Closed(frame.code.into()),
                Some(Ok(Message::Close(None))) => return Event::Closed(1005),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Event::Broken,
            }
        }
    }

    /// As [`Socket::next`]; none when nothing came in time.
    pub async fn next_within(&mut self, time: Duration) -> Option<Event> {
        tokio::time::timeout(time, self.next()).await.ok()
    }

    /// Reads until the connection ends, and says how.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn until_closed(&mut self, time: Duration) -> Event {
        let reading = async {
            loop {
                match self.next().await {
                    Event::Frame(_) => {}
                    end => return end,
                }
            }
        };
        tokio::time::timeout(time, reading)
            .await
            .unwrap_or_else(|_| panic!("the server left the connection open for {} s", time.as_secs()))
    }

    /// The two halves, for reading and writing at once.
    #[must_use]
    pub fn into_inner(self) -> WebSocketStream<TcpStream> {
        self.0
    }
}
