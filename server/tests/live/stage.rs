//! A server with one session.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use plumbline::{
    server::{Options, Server},
    tokens::Token,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{
    client::Client,
    disk::{self, Switch},
};

pub(crate) const KEY: &str = "a-workspace-key-of-the-tests-0123456789abcdef";

/// How long something that should happen at once may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Stage {
    pub(crate) address: SocketAddr,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) disk: Switch,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) facilitator: String,
    pub(crate) observer: String,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<anyhow::Result<()>>>,
}

/// An answer over HTTP.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Stage {
    /// A session with projects named *Project 0* and so on, and two pillars.
    pub(crate) async fn new(projects: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (address, disk, stop, running) = start(folder.path()).await;
        let mut stage = Self {
            address,
            folder,
            disk,
            id: String::new(),
            code: String::new(),
            facilitator: String::new(),
            observer: String::new(),
            stop: Some(stop),
            running: Some(running),
        };
        let made = stage.post("/api/sessions", KEY, &json!({"title": "A session"})).await.made().body;
        let text = |key: &str| made[key].as_str().unwrap().to_owned();
        (stage.id, stage.code) = (text("id"), text("code"));
        (stage.facilitator, stage.observer) = (text("facilitator_token"), text("observer_token"));
        let rows: Vec<Value> = (0..projects).map(|n| json!({"name": format!("Project {n}")})).collect();
        if projects > 0 {
            stage.post(&stage.path("portfolio"), &stage.facilitator, &json!(rows)).await.made();
        }
        stage.post(&stage.path("pillars"), &stage.facilitator, &json!(["Core", "Growth"])).await.made();
        stage
    }

    pub(crate) fn path(&self, call: &str) -> String {
        format!("/api/sessions/{}/{call}", self.id)
    }

    /// Stops the server as SIGTERM does. How long that took.
    pub(crate) async fn stop(&mut self) -> Duration {
        let begun = Instant::now();
        self.stop.take().unwrap().send(()).unwrap();
        let running = self.running.take().unwrap();
        tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops").unwrap().unwrap();
        begun.elapsed()
    }

    /// Starts it again on the same data.
    pub(crate) async fn start(&mut self) {
        let (address, disk, stop, running) = start(self.folder.path()).await;
        (self.address, self.disk) = (address, disk);
        (self.stop, self.running) = (Some(stop), Some(running));
    }

    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Answer {
        call(self.address, method, path, token, body).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call("POST", path, token, body).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, &Value::Null).await
    }

    pub(crate) async fn board(&self) -> Value {
        self.get(&format!("/api/sessions/{}", self.id), &self.facilitator).await.made().body["board"].clone()
    }

    /// Somebody joins. Their id and their token.
    pub(crate) async fn join(&self, name: &str) -> (String, String) {
        let joined = self.post("/api/join", "", &json!({"code": self.code, "name": name})).await.made().body;
        (joined["participant_id"].as_str().unwrap().into(), joined["token"].as_str().unwrap().into())
    }

    /// What a facilitator who has just looked has seen.
    pub(crate) async fn seen(&self) -> Value {
        let board = self.board().await;
        json!({"step": board["session"]["step"], "round": board["session"]["round"]})
    }

    pub(crate) async fn connect(&self, token: &str) -> Client {
        Client::open(self.address, &self.id, token, true).await.expect("the socket opens")
    }

    pub(crate) async fn connect_plain(&self, token: &str) -> Client {
        Client::open(self.address, &self.id, token, false).await.expect("the socket opens")
    }
}

impl Answer {
    /// The answer, which is a good one.
    pub(crate) fn made(self) -> Self {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        self
    }
}

async fn start(
    folder: &std::path::Path,
) -> (SocketAddr, Switch, oneshot::Sender<()>, JoinHandle<anyhow::Result<()>>) {
    let (store, disk) = disk::open(folder);
    let options = Options { key: Some(Token::parse(KEY).unwrap()), ..Options::default() };
    let server = Server::on(Box::new(store), options).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(server.run(listener, async move {
        let _ = stopped.await;
    }));
    (address, disk, stop, running)
}

/// One call on a connection of its own.
pub(crate) async fn call(address: SocketAddr, method: &str, path: &str, token: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let bearer = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{bearer}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("an answer in time").unwrap();
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, body: serde_json::from_str(body).unwrap_or(Value::Null) }
}

/// Looks until `look` finds what it wants.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
