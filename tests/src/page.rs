//! The client's own sync layer, natively, over a real socket: a page without the page.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt, StreamExt};
use plumbline_shared::words::Role;
use plumbline_sync::{Connection, Event as Told, Intent, Options, Replica};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_tungstenite::tungstenite::Message;

use crate::socket::{Door, Event, Socket};

/// A page: a replica and, at times, a connection.
pub struct ReplicaPage {
    /// What it is called in a failure.
    pub name: String,
    /// The replica.
    pub replica: Replica,
    /// What it was refused: code, sentence, and whether it was taken back.
    pub denied: Vec<(String, String, bool)>,
    door: Door,
    line: Option<Line>,
    next_client: u64,
}

struct Line {
    out: mpsc::UnboundedSender<Message>,
    arriving: mpsc::UnboundedReceiver<Event>,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for Line {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl ReplicaPage {
    /// A page that is not connected yet. Its client ids count from `client`.
    #[must_use]
    pub fn new(name: &str, door: Door, client: u64) -> Self {
        let replica = fresh(client);
        Self { name: name.to_owned(), replica, denied: Vec::new(), door, line: None, next_client: client + 1 }
    }

    /// Opens the socket. It stays closed when the server is away.
    pub async fn connect(&mut self) {
        if self.line.is_some() {
            return;
        }
        let Ok(socket) = Socket::try_open(&self.door).await else { return };
        let (mut sink, mut stream) = socket.into_inner().split();
        let (out, mut queue) = mpsc::unbounded_channel::<Message>();
        let (heard, arriving) = mpsc::unbounded_channel();
        let writer = tokio::spawn(async move {
            while let Some(message) = queue.recv().await {
                if sink.send(message).await.is_err() {
                    break;
                }
            }
        });
        let reader = tokio::spawn(async move {
            loop {
                let event = match stream.next().await {
                    Some(Ok(Message::Binary(bytes))) => Event::Frame(bytes.to_vec()),
                    Some(Ok(Message::Close(frame))) => {
                        Event::Closed(frame.map_or(1005, |frame| frame.code.into()))
                    }
                    Some(Ok(_)) => continue,
                    Some(Err(_)) | None => Event::Broken,
                };
                let over = !matches!(event, Event::Frame(_));
                if heard.send(event).is_err() || over {
                    break;
                }
            }
        });
        self.tick();
        for frame in self.replica.opened() {
            // A connection that is gone is seen by the reader.
            let _ = out.send(Message::binary(frame));
        }
        self.line = Some(Line { out, arriving, tasks: [writer, reader] });
    }

    /// Loses the connection, with what is under way.
    pub fn disconnect(&mut self) {
        if self.line.take().is_some() {
            self.replica.closed(1006);
        }
    }

    /// Takes what has come, and sends what there is to send.
    pub fn travel(&mut self) {
        self.tick();
        let mut end = None;
        if let Some(line) = &mut self.line {
            while let Ok(event) = line.arriving.try_recv() {
                match event {
                    Event::Frame(frame) => {
                        let told = self.replica.receive(&frame);
                        note(&mut self.denied, told);
                    }
                    Event::Closed(code) => end = Some(code),
                    Event::Broken => end = Some(1006),
                }
            }
            for frame in self.replica.outgoing() {
                let _ = line.out.send(Message::binary(frame));
            }
        }
        if let Some(code) = end {
            self.line = None;
            self.replica.closed(code);
        }
    }

    /// Does something, if the page would let its person do it.
    pub fn act(&mut self, intent: Intent) -> bool {
        self.replica.act(intent).is_ok()
    }

    /// Loads anew, with nothing but the outbox.
    pub fn reload(&mut self) {
        self.line = None;
        let outbox = self.replica.outbox();
        self.replica = fresh(self.next_client);
        self.next_client += 1;
        self.replica.restore(outbox);
    }

    /// Whether everything is synced and saved; otherwise what is not.
    ///
    /// # Errors
    /// What is missing.
    pub fn settled(&self) -> Result<(), String> {
        let status = self.replica.status();
        let settled = status.connection == Connection::Live && status.synced && status.unsaved == 0;
        if settled { Ok(()) } else { Err(format!("{}: {status:?}, denied {:?}", self.name, self.denied)) }
    }

    fn tick(&mut self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        let told = self.replica.tick(now.as_millis() as u64);
        note(&mut self.denied, told);
    }
}

fn note(denied: &mut Vec<(String, String, bool)>, told: Vec<Told>) {
    for event in told {
        if let Told::Denied { code, reason, taken_back, .. } = event {
            denied.push((code, reason, taken_back));
        }
    }
}

fn fresh(client: u64) -> Replica {
    // Who we are and what we are comes with the welcome.
    Replica::new(Options { client_id: client, participant: None, role: Role::Participant })
}
