//! The servers: how each is started, entered and spoken to.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use plumbline_shared::wire::{Frame, SUBPROTOCOL, TOKEN_SUBPROTOCOL};
use plumbline_tests::{
    api::{Api, Created},
    peer::Peer,
    process,
    server::{KEY, free_port},
    socket::Door,
};
use serde_json::json;
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{client::IntoClientRequest, http::HeaderValue, protocol::WebSocketConfig},
};
use yrs::{ReadTxn, StateVector, Transact};

/// Projects on the board.
const PROJECTS: usize = 63;
/// The room's name with the peers.
const ROOM: &str = "bench";
/// How long a server may take to start.
const STARTING: Duration = Duration::from_secs(20);

/// A server that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contender {
    Plumbline,
    YWebsocket,
    Hocuspocus,
}

/// A started server with a room in it. It is killed when dropped.
pub(crate) struct Place {
    pub(crate) contender: Contender,
    pub(crate) address: SocketAddr,
    child: Child,
    session: Option<Created>,
    /// The first to enter a peer's room, who stays: Hocuspocus forgets a room that everybody has left.
    keeper: Option<JoinHandle<()>>,
    _data: tempfile::TempDir,
}

/// The board that every room has: ids of projects and pillars, and the document.
pub(crate) struct Stock {
    pub(crate) projects: Vec<String>,
    pub(crate) update: Vec<u8>,
}

/// What a server without clients, and with idle ones, takes.
pub(crate) struct Alone {
    pub(crate) start: u64,
    pub(crate) with_board: u64,
    pub(crate) idle_clients: usize,
    pub(crate) with_idle_clients: u64,
}

impl Contender {
    pub(crate) const ALL: [Self; 3] = [Self::Plumbline, Self::YWebsocket, Self::Hocuspocus];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plumbline => "plumbline",
            Self::YWebsocket => "y-websocket",
            Self::Hocuspocus => "hocuspocus",
        }
    }

    /// Starts the server and puts the board into a room.
    pub(crate) async fn start(
        self,
        binary: &Path,
        modules: Option<&Path>,
        board: &Stock,
    ) -> anyhow::Result<Place> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let data = tempfile::tempdir()?;
        let mut command = match (self, modules) {
            (Self::Plumbline, _) => {
                let mut command = Command::new(binary);
                command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(data.path());
                command.env("PLUMBLINE_WORKSPACE_KEY", KEY);
                command
            }
            (_, None) => {
                bail!("{} needs the packages of tests/benches/fanout/npm: `cargo xtask bench`", self.name())
            }
            (_, Some(modules)) => {
                let mut command = Command::new("node");
                if self == Self::YWebsocket {
                    command.arg(modules.join("y-websocket/bin/server.cjs"));
                } else {
                    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/fanout/hocuspocus.mjs"));
                }
                command.env("PLUMBLINE_BENCH_NODE_MODULES", modules).env("NODE_ENV", "production");
                command.env("HOST", address.ip().to_string()).env("PORT", address.port().to_string());
                command
            }
        };
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("could not start a server")?;
        let mut place = Place { contender: self, address, child, session: None, keeper: None, _data: data };
        let begun = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if begun.elapsed() > STARTING || place.child.try_wait()?.is_some() {
                bail!("{} did not start", self.name());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if self == Self::Plumbline {
            place.session = Some(session(&Api::new(address)).await);
        } else {
            let mut socket = place.enter(&[0, 0]).await?;
            socket.send(Frame::Update(&board.update).encode()).await?;
            // The server answers in order: the board is in once a question behind it is answered.
            socket.send(Frame::Step1(&[0]).encode()).await?;
            loop {
                let frame = socket.next().await?.context("the room was closed before it had the board")?;
                if frame.len() > board.update.len() / 2 {
                    break;
                }
            }
            place.keeper = Some(tokio::spawn(async move { while let Ok(Some(_)) = socket.next().await {} }));
        }
        Ok(place)
    }
}

/// A session with the board's projects and pillars.
async fn session(api: &Api) -> Created {
    let session = api.create("A measured room").await;
    let mut csv = String::from("Project,Sponsor,Cost,People\n");
    for n in 1..=PROJECTS {
        csv.push_str(&format!(
            "Project {n:02} of the portfolio,Sponsor {},{},{}\n",
            n % 9,
            n * 10_000,
            n % 12
        ));
    }
    api.import(&session.id, &session.facilitator_token, csv).await;
    api.pillars(&session.id, &session.facilitator_token, &["One", "Two", "Three", "Four", "Five", "Six"])
        .await;
    session
}

/// Measures the server alone, and takes the board for all others from it.
pub(crate) async fn alone(binary: &Path) -> anyhow::Result<(Stock, Alone)> {
    const IDLE: usize = 1_000;
    let nothing = Stock { projects: Vec::new(), update: Vec::new() };
    let place = Contender::Plumbline.start(binary, None, &nothing).await?;
    // The session is made by now; the server without one is measured in a run of its own.
    let start = {
        let data = tempfile::tempdir()?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut child = Command::new(binary)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(data.path())
            .env("PLUMBLINE_WORKSPACE_KEY", KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let begun = Instant::now();
        while Api::new(address).try_get("/readyz").await.is_err() && begun.elapsed() < STARTING {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let memory = process::memory(child.id());
        child.kill()?;
        child.wait()?;
        memory
    };
    let board = place.stock().await?;
    let with_board = process::memory(place.pid());
    let mut idle = Vec::new();
    for token in place.tokens(IDLE).await? {
        let mut socket = place.enter_as(&token, &[0]).await?;
        while !matches!(socket.next().await?, Some(frame) if matches!(Frame::decode(&frame), Ok(Frame::Step2(_))))
        {
        }
        idle.push(socket);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let with_idle_clients = process::memory(place.pid());
    Ok((board, Alone { start, with_board, idle_clients: idle.len(), with_idle_clients }))
}

impl Place {
    /// The board of this server's own session: each session gives its projects ids of its own.
    pub(crate) async fn stock(&self) -> anyhow::Result<Stock> {
        let session = self.session.as_ref().context("the server has a session")?;
        let door = Door::new(self.address, &session.id, &session.facilitator_token);
        let peer = Peer::join(&door).await;
        let seen = peer.seen();
        Ok(Stock {
            projects: plumbline_tests::picture::keys(&seen.doc, plumbline_shared::schema::Root::Projects),
            update: seen.doc.transact().encode_state_as_update_v1(&StateVector::default()),
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tokens for so many people; the peers ask for none.
    pub(crate) async fn tokens(&self, count: usize) -> anyhow::Result<Vec<String>> {
        let Some(session) = &self.session else { return Ok(vec![String::new(); count]) };
        let api = Api::new(self.address);
        let mut tokens = Vec::with_capacity(count);
        for n in 0..count {
            let name = json!({ "code": session.code, "name": format!("Person {n}") });
            let reply = api.post("/api/join", "", &name).await;
            let token = reply.json()["token"].as_str().map(str::to_owned);
            tokens.push(token.with_context(|| format!("person {n} could not join: {}", reply.text()))?);
        }
        Ok(tokens)
    }

    async fn enter(&self, vector: &[u8]) -> anyhow::Result<Socket> {
        self.enter_as("", vector).await
    }

    /// Opens a socket as a Yjs client does: connect, say who, ask for the board.
    pub(crate) async fn enter_as(&self, token: &str, vector: &[u8]) -> anyhow::Result<Socket> {
        let url = match (&self.session, self.contender) {
            (Some(session), _) => format!("ws://{}/api/sessions/{}/sync", self.address, session.id),
            (None, Contender::YWebsocket) => format!("ws://{}/{ROOM}", self.address),
            (None, _) => format!("ws://{}/", self.address),
        };
        let mut request = url.into_client_request()?;
        if self.session.is_some() {
            let protocols = format!("{SUBPROTOCOL}, {TOKEN_SUBPROTOCOL}{token}");
            request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_str(&protocols)?);
        }
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
        let (stream, _) = client_async_with_config(request, stream, Some(config)).await?;
        let mut socket = Socket { stream, named: self.contender == Contender::Hocuspocus };
        if socket.named {
            // Message 2: authentication; 0: here is a token, any will do.
            socket.send(vec![2, 0, 1, b'x']).await?;
        }
        socket.send(Frame::Step1(vector).encode()).await?;
        Ok(socket)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.abort();
        }
        // Nothing to be done about a process that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A socket that speaks the Yjs protocol, whatever the server puts around it.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Hocuspocus names the document in front of every message.
    named: bool,
}

impl Socket {
    pub(crate) async fn send(&mut self, frame: Vec<u8>) -> anyhow::Result<()> {
        use futures_util::SinkExt;
        let frame = if self.named {
            let mut named = vec![ROOM.len() as u8];
            named.extend(ROOM.as_bytes());
            named.extend(frame);
            named
        } else {
            frame
        };
        self.stream.send(tokio_tungstenite::tungstenite::Message::binary(frame)).await?;
        Ok(())
    }

    /// The next frame; none at the end.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        use futures_util::StreamExt;
        use tokio_tungstenite::tungstenite::Message;
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Binary(bytes))) if self.named => {
                    let mut frame = bytes.get(1 + ROOM.len()..).unwrap_or_default().to_vec();
                    // Hocuspocus answers a step 1 under a number of its own, with a sync message in it.
                    if frame.first() == Some(&4) {
                        frame[0] = 0;
                    }
                    return Ok(Some(frame));
                }
                Some(Ok(Message::Binary(bytes))) => return Ok(Some(bytes.to_vec())),
                Some(Ok(Message::Close(frame))) => {
                    eprintln!("a client was closed: {frame:?}");
                    return Ok(None);
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(None),
            }
        }
    }
}
