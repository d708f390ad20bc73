//! The WebSocket of a session: frames in, frames out, and the door.

use std::time::{Duration, Instant};

use axum::{
    extract::{State, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, Uri},
    response::Response,
};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use plumbline_shared::{
    ids::SessionId,
    limits,
    wire::{CloseCode, Frame, SUBPROTOCOL},
};
use tokio_tungstenite::tungstenite::{
    self, Message,
    protocol::{CloseFrame, WebSocketConfig},
};

use super::{
    admission::{Bucket, ClientAddress, Rate, UPDATES},
    app::App,
    credentials,
    problem::AppError,
    target::Path,
    upgrade::{Outgoing, Socket, Upgrade},
};
use crate::{
    live::{Connected, Frames, Line},
    session::guard::MAX_STEPS,
};

/// The buffers of a connection, in bytes. The library's own cost 135 kB a connection.
const BUFFER: usize = 4 * 1024;
/// The largest frame there can be, in bytes. What a connection may send at once goes by the board: `Connected::frame`.
const FRAME: usize = limits::BOARD + limits::FRAME_SLACK;
/// How long a peer has for its first frame. Honest ones send what they know of the board as soon as they are connected.
const FIRST_WITHIN: Duration = Duration::from_secs(10);
/// How often a connection is asked whether it lives.
const PING: Duration = Duration::from_secs(12);
/// After how long of silence, pongs included, a peer counts as gone: two pings, and what its answer may take. Everybody
/// has seen it go within 30 seconds.
const SILENCE: Duration = Duration::from_secs(28);
/// How long a peer has to take the reason why it is closed.
const FAREWELL: Duration = Duration::from_secs(1);
/// Frames of any kind from one connection: presence that is echoed by every client comes in numbers.
const FRAMES: Rate = Rate::per_second(600, 2_400);
/// Sync steps 1 from one connection: a few bytes ask for megabytes.
const STEPS: Rate = Rate::per_second(1, 10);
/// The guard's steps that the changes of one connection may cost: a tenth of a processor's time, and at once two of the
/// largest changes that are taken. Writing at full speed into the longest text there may be costs half of it.
const WORK: Rate = Rate::per_second(1_000_000, 2 * MAX_STEPS);
/// After how many frames in a row that had to wait for their turn a connection is closed: a minute of them.
const LONGEST_RUSH: u32 = 3_600;

/// Upgrades to the session's WebSocket.
///
/// It speaks the Yjs protocol as `y-websocket` does: one binary message is one frame, of which the first byte is 0 for sync (step 1,
/// step 2, update), 1 for awareness, 3 for a query of it, and 100 for a typed message, JSON in a lib0 var-string, to connections
/// that offered the subprotocol `plumbline.1`. The token goes into the subprotocol (`plumbline.1, token.pp_…`; the server selects
/// `plumbline.1`), the `Authorization` header, the session's cookie, or, for clients that can do no better, into `?token=`. The
/// frames, the close codes and what the server does with an update are in `docs/PROTOCOL.md`.
#[utoipa::path(
    get, path = "/api/sessions/{id}/sync", tag = "Sessions",
    params(
        ("id" = SessionId, Path, description = "The session."),
        ("sec-websocket-protocol" = Option<String>, Header, description = "`plumbline.1, token.…` for typed messages.", example = "plumbline.1, token.pp_0"),
        ("token" = Option<String>, Query, description = "The token, where nothing better can be done."),
    ),
    security(("session_token" = [])),
    responses(
        (status = 101, description = "The connection is a WebSocket now."),
        (status = 403, description = "- `held_off`: the last connection sent what the session cannot take; wait as long as `Retry-After` says."),
        (status = 429, description = "- `too_many`: too many pages are connected with this link, to this session, from this address or in all."),
        (status = 426, description = "- `no_upgrade`: the call was none for a WebSocket."),
    ),
)]
pub(super) async fn sync(
    State(app): State<App>,
    session: Result<Path<SessionId>, AppError>,
    uri: Uri,
    headers: HeaderMap,
    ClientAddress(from): ClientAddress,
    upgrade: Result<Upgrade, WebSocketUpgradeRejection>,
) -> Result<Response, AppError> {
    let typed = credentials::wants_typed_messages(&headers);
    let upgrade = upgrade.map_err(|_| AppError::no_upgrade())?;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(FRAME + 2 * BUFFER)
        .max_message_size(Some(FRAME))
        .max_frame_size(Some(FRAME));
    let protocol = typed.then_some(SUBPROTOCOL);
    // A browser does not show its page why an upgrade failed, so our own client is let in to be told. An
    // unmodified one does not read close codes and would come back at once: its upgrade is refused.
    let turn_away = |code: CloseCode, error: AppError, upgrade: Upgrade| {
        if typed {
            Ok(upgrade.then(
                config,
                protocol,
                move |mut socket| async move { close(&mut socket, code).await },
            ))
        } else {
            Err(error)
        }
    };
    let session = session.ok().map(|Path(session)| session).filter(|id| app.workspace.get(*id).is_some());
    let Some(session) = session else {
        return turn_away(CloseCode::NoSuchSession, AppError::no_such_session(), upgrade);
    };
    let token = match credentials::of_socket(&headers, &uri, session) {
        Ok(Some(token)) => token.hash(),
        Ok(None) | Err(_) => return turn_away(CloseCode::NotAdmitted, AppError::not_admitted(), upgrade),
    };
    app.penalties.admits(&(session, token.0), Instant::now())?;
    if app.is_stopping() {
        return turn_away(CloseCode::GoingAway, AppError::stopping(), upgrade);
    }
    let handle = app.node.session(session);
    // Only where it matters is the session asked whether this is a link that many people may have.
    let shared = app.crowd.is_crowded(&(session, token.0))
        && handle.ask(move |session| session.people().is_shared(&token.0)).await?;
    let place = match app.crowd.enter(from, (session, token.0), shared) {
        Ok(place) => place,
        Err(full) => return turn_away(CloseCode::TooFast, full, upgrade),
    };
    match handle.connect(token.0, typed).await? {
        Ok(connected) => {
            let conversation = app.conversations.begin();
            let config = config.max_message_size(Some(connected.frame)).max_frame_size(Some(connected.frame));
            Ok(upgrade.then(config, protocol, move |socket| async move {
                // Before the reason is told: whoever does not read it is back within a millisecond.
                let ending = |code: CloseCode| {
                    let who = (session, token.0);
                    match code {
                        CloseCode::Refused => app.penalties.punish(who, Instant::now()),
                        CloseCode::TooSlow
                        | CloseCode::TooFast
                        | CloseCode::TooLarge
                        | CloseCode::Replaced
                        | CloseCode::Fault => app.penalties.mind(who, Instant::now()),
                        CloseCode::NotAdmitted | CloseCode::NoSuchSession | CloseCode::GoingAway => {
                            Duration::ZERO
                        }
                    };
                };
                if let Some(code) = converse(socket, connected, ending).await {
                    app.node.metrics().closed(code);
                }
                drop((conversation, place));
            }))
        }
        Err(refusal) => {
            let error = AppError::from(refusal);
            // Our client asks over HTTP why, and is told in words.
            if error.is_unauthorised() {
                turn_away(CloseCode::NotAdmitted, error, upgrade)
            } else if error.code() == "too_many" {
                turn_away(CloseCode::TooFast, AppError::too_many(error.detail().to_owned()), upgrade)
            } else {
                Err(error)
            }
        }
    }
}

/// Carries frames both ways until one side ends it, and gives why if it was this one. `ending` is called with that before
/// the other side is told.
async fn converse(socket: Socket, connected: Connected, ending: impl FnOnce(CloseCode)) -> Option<CloseCode> {
    let Connected { line, outgoing, .. } = connected;
    let (sink, mut stream) = socket.split();
    let mut sink = Outgoing::new(sink);
    let (mut frames, told) = (outgoing.frames, outgoing.close);
    // Who has said nothing may have a machine that is busy, and is not held off for that when it comes back.
    let (code, counts) = tokio::select! {
        biased;
        told = told => (Some(told.unwrap_or(CloseCode::GoingAway)), true),
        ended = read(&mut stream, &line) => (ended, ended != Some(CloseCode::TooSlow)),
        () = write(&mut sink, &mut frames) => (None, false),
    };
    if let Some(code) = code {
        if counts {
            ending(code);
        }
        // What was said before the end is said first, as far as it fits into the farewell.
        let farewell = async {
            while let Some(frame) = frames.try_recv() {
                sink.message(frame).await?;
            }
            sink.close(reason(code)).await?;
            // What the peer has under way is taken and dropped: a connection that ends over unread bytes is reset,
            // and the reason would be lost with it.
            while let Some(Ok(message)) = stream.next().await {
                if message.is_close() {
                    break;
                }
            }
            Ok::<_, tungstenite::Error>(())
        };
        // A peer that does not take it is gone or will see the connection end.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
    }
    // From here on nothing arrives any more, and the session can see that.
    drop(frames);
    line.disconnect().await;
    code
}

/// Writes what is to be sent, and asks from time to time whether the peer lives.
async fn write(sink: &mut Outgoing<SplitSink<Socket, Message>>, frames: &mut Frames) {
    let mut ping = tokio::time::interval_at(tokio::time::Instant::now() + PING, PING);
    loop {
        let sent = tokio::select! {
            frame = frames.recv() => match frame {
                Some(frame) => sink.message(frame).await,
                // The session tells why by another way.
                None => return std::future::pending().await,
            },
            _ = ping.tick() => sink.ping().await,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Reads until the peer ends it, falls silent, or sends what cannot be taken.
async fn read(stream: &mut SplitStream<Socket>, line: &Line) -> Option<CloseCode> {
    let mut pace = Pace::default();
    let begun = tokio::time::Instant::now();
    let mut spoke = false;
    loop {
        // Who says nothing of their own is not waited for, though their library answers our pings.
        let patience = if spoke { SILENCE } else { FIRST_WITHIN.saturating_sub(begun.elapsed()) };
        let message = match tokio::time::timeout(patience, stream.next()).await {
            Err(_) if !spoke => return Some(CloseCode::TooSlow),
            Err(_) | Ok(None) => return None,
            Ok(Some(Ok(message))) => message,
            Ok(Some(Err(error))) => {
                // The library says it in words alone.
                let large = error.to_string().contains("too long");
                return large.then_some(CloseCode::TooLarge);
            }
        };
        let bytes = match message {
            Message::Binary(bytes) => bytes,
            // Frames by themselves are not read, only sent.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            Message::Close(_) => return None,
            Message::Text(_) => return Some(CloseCode::Refused),
        };
        spoke = true;
        pace.charge(line.take_spent());
        pace.keep(&bytes).await;
        if line.frame(bytes).await.is_err() {
            return Some(CloseCode::GoingAway);
        }
        if pace.rush > LONGEST_RUSH {
            return Some(CloseCode::TooFast);
        }
    }
}

/// How fast a connection sends. Who is too fast waits for their turn, so that nothing is lost; who does not stop is
/// shown the door.
#[derive(Default)]
struct Pace {
    frames: Bucket,
    updates: Bucket,
    steps: Bucket,
    work: Bucket,
    rush: u32,
}

impl Pace {
    /// What earlier frames have cost, in the guard's steps.
    fn charge(&mut self, steps: u64) {
        self.work.charge(steps, WORK, Instant::now());
    }

    async fn keep(&mut self, bytes: &[u8]) {
        let waited = match Frame::decode(bytes) {
            Ok(Frame::Step1(_)) => wait(&mut self.steps, STEPS).await,
            Ok(Frame::Step2(_) | Frame::Update(_) | Frame::Typed(_)) => {
                // One step more changes nothing, and waits for all that were taken.
                let waited = wait(&mut self.work, WORK).await;
                wait(&mut self.updates, UPDATES).await || waited
            }
            _ => false,
        };
        let waited = wait(&mut self.frames, FRAMES).await || waited;
        self.rush = if waited { self.rush + 1 } else { 0 };
    }
}

/// Takes one from a bucket, waiting until there is one. Whether it had to wait.
async fn wait(bucket: &mut Bucket, rate: Rate) -> bool {
    let mut waited = false;
    while let Err(wait) = bucket.take(rate, Instant::now()) {
        waited = true;
        tokio::time::sleep(wait).await;
    }
    waited
}

async fn close(socket: &mut Socket, code: CloseCode) {
    let farewell = socket.send(Message::Close(Some(reason(code))));
    // A peer that does not take it will see the connection end.
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}

fn reason(code: CloseCode) -> CloseFrame {
    CloseFrame { code: code.number().into(), reason: code.sentence().into() }
}
