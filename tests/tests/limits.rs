//! What one connection may cost: how often it may come back, how large and how many its frames may be, how long it may say
//! nothing. Measured on the real process.

use std::time::{Duration, Instant};

use plumbline_shared::wire::{self, AwarenessEntry, CloseCode, Frame};
use plumbline_tests::{
    peer::Peer,
    process,
    socket::{Event, Socket},
    stage::Stage,
    wait,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame as Piece,
        coding::{Data, OpCode},
    },
};

/// What a hostile frame may cost in memory, in bytes: one frame as it comes, and what is said of it.
const COSTS: u64 = 64 * 1024 * 1024;

fn key() -> String {
    plumbline_shared::order::between(None, None)
}

/// Sends something, and how the connection ends by it.
async fn ends(socket: &mut Socket, message: Message) -> Event {
    // A socket that is shut in the middle of what is sent to it says so to whoever sends.
    let _ = socket.send_message(message).await;
    socket.until_closed(wait::PATIENCE).await
}

fn is_too_large(end: &Event) -> bool {
    // Cut off while more is on its way: then the reason may be lost with it.
    *end == Event::Closed(CloseCode::TooLarge.number()) || *end == Event::Broken
}

/// So many presence states that say that somebody is gone.
fn gone_states(count: u32) -> Vec<u8> {
    let mut states = Vec::new();
    let number = |out: &mut Vec<u8>, mut number: u32| {
        while number > 0x7f {
            out.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        out.push(number as u8);
    };
    number(&mut states, count);
    for n in 0..count {
        number(&mut states, n);
        states.extend_from_slice(&[1, 4]);
        states.extend_from_slice(b"null");
    }
    states
}

/// y-websocket does not read why it was closed, and is back within a tenth of a second, fifty times in five.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_at_once_and_is_closed_again_is_answered_403_and_nobody_else_is() {
    let stage = Stage::with_projects(5).await;
    let honest = stage.peer("Hana").await;
    let door = stage.door(&stage.join("Yjs").await.token).plain();
    // More than the board and a little.
    let large = || Message::binary(vec![0; 5 * 1024 * 1024]);
    for round in ["the first time", "and once more"] {
        let mut socket = Socket::open(&door).await.unwrap_or_else(|status| panic!("{round}: {status}"));
        let end = ends(&mut socket, large()).await;
        assert!(is_too_large(&end), "{round}: {end:?}");
    }
    for attempt in 0..20 {
        assert_eq!(Socket::open(&door).await.err(), Some(403), "attempt {attempt}");
    }
    let held_off = stage.api().get("/healthz", "").await;
    assert_eq!(held_off.status, 200, "the server does not mind");
    honest.place(&stage.projects[0], "off", &key());
    honest.saved().await;
    // Somebody else of the same address comes in.
    stage.peer("Ben").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_bytes_ask_for_no_memory_and_many_get_none() {
    let stage = Stage::with_projects(5).await;
    let honest = stage.peer("Hana").await;
    let before = process::memory(stage.server.pid());
    // A state vector of 4 bytes that names 268 million clients: a decoder that believes it takes half a gigabyte.
    let mut asks = Socket::open(&stage.door(&stage.join("Asks").await.token)).await.expect("it is let in");
    let end = ends(&mut asks, Message::binary(Frame::Step1(&[0xff, 0xff, 0xff, 0x7f]).encode())).await;
    assert_eq!(end, Event::Closed(CloseCode::Refused.number()));
    // A hundred thousand presence states that say that somebody is gone.
    let drives = stage.door(&stage.session.facilitator_token);
    let mut gone = Socket::open(&drives).await.expect("it is let in");
    assert!(gone.send(Frame::Awareness(&gone_states(100_000)).encode()).await);
    assert!(gone.send(Frame::Step1(&[0]).encode()).await);
    let answered = async {
        loop {
            match gone.next().await {
                Event::Frame(bytes) if matches!(Frame::decode(&bytes), Ok(Frame::Step2(_))) => return,
                Event::Frame(_) => {}
                other => panic!("states of others are passed over, and then came {other:?}"),
            }
        }
    };
    tokio::time::timeout(wait::PATIENCE, answered).await.expect("it is dealt with");
    // A million of them are larger than the board.
    let end = ends(&mut gone, Message::binary(Frame::Awareness(&gone_states(1_000_000)).encode())).await;
    assert!(is_too_large(&end), "{end:?}");
    // One message in pieces of 8 MiB.
    let mut pieces =
        Socket::open(&stage.door(&stage.join("Pieces").await.token)).await.expect("it is let in");
    for (n, kind) in [Data::Binary, Data::Continue, Data::Continue].into_iter().enumerate() {
        let piece = Piece::message(vec![0; 8 * 1024 * 1024], OpCode::Data(kind), n == 2);
        if !pieces.send_message(Message::Frame(piece)).await {
            break;
        }
    }
    let end = pieces.until_closed(wait::PATIENCE).await;
    assert!(is_too_large(&end), "{end:?}");
    honest.place(&stage.projects[0], "off", &key());
    honest.saved().await;
    let grown = process::peak_memory(stage.server.pid()).saturating_sub(before);
    println!("at its most, the server grew by {} kB", grown / 1024);
    assert!(grown < COSTS, "the server grew by {grown} bytes");
}

/// Updates before the first answer would arrive out of order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_the_board_is_sent_before_the_first_sync_is_answered() {
    let stage = Stage::with_projects(5).await;
    let honest = stage.peer("Hana").await;
    let mut late = Socket::open(&stage.door(&stage.join("Late").await.token)).await.expect("it is let in");
    // It speaks, and has not asked for the board yet.
    assert!(late.send(Frame::QueryAwareness.encode()).await);
    for project in &stage.projects {
        honest.place(project, "off", &key());
        honest.saved().await;
    }
    assert!(late.send(Frame::Step1(&[0]).encode()).await);
    let first = async {
        loop {
            match late.next().await {
                Event::Frame(bytes) => match Frame::decode(&bytes).expect("frames of ours are whole") {
                    Frame::Update(_) => panic!("an update came before the board did"),
                    Frame::Step2(board) => return board.len(),
                    _ => {}
                },
                other => panic!("{other:?}"),
            }
        }
    };
    let board = tokio::time::timeout(wait::PATIENCE, first).await.expect("the board comes");
    assert!(board > 500, "with all that has happened meanwhile: {board} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_is_closed_and_who_is_idle_costs_little() {
    const IDLE: usize = 500;
    let stage = Stage::with_projects(5).await;
    let begun = Instant::now();
    let mut silent =
        Socket::open(&stage.door(&stage.join("Silent").await.token)).await.expect("it is let in");
    let before = stage.server.memory();
    let mut idle = Vec::new();
    for n in 0..IDLE {
        let token = stage.join(&format!("Idle {n}")).await.token;
        let mut socket = Socket::open(&stage.door(&token)).await.expect("it is let in");
        assert!(socket.send(Frame::Step1(&[0]).encode()).await);
        idle.push(socket);
    }
    let grown = stage.server.memory().saturating_sub(before);
    println!("{IDLE} idle connections: {} kB each", grown / 1024 / IDLE as u64);
    // The library's own buffers would be 135 kB for each.
    assert!(grown < IDLE as u64 * 100 * 1024, "the server grew by {grown} bytes");
    let end = silent.until_closed(Duration::from_secs(30)).await;
    assert_eq!(end, Event::Closed(CloseCode::TooSlow.number()));
    assert!(begun.elapsed() >= Duration::from_secs(10), "it had its time");
    assert!(idle[0].send(Frame::QueryAwareness.encode()).await, "who has spoken stays");
}

/// A room of 200 is one address, and comes in one moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_of_two_hundred_behind_one_address_comes_in_at_once_and_nobody_is_refused() {
    const ROOM: usize = 200;
    let stage = Stage::with_projects(20).await;
    let comes = async |n: usize| {
        let door = stage.door(&stage.join(&format!("Guest {n}")).await.token);
        (Peer::join(&door).await, door)
    };
    let come = futures_util::future::join_all((0..ROOM).map(comes)).await;
    let (room, doors): (Vec<_>, Vec<_>) = come.into_iter().unzip();
    for (n, peer) in room.iter().enumerate() {
        peer.place(&stage.projects[n % stage.projects.len()], "off", &key());
    }
    for peer in &room {
        peer.saved().await;
        let seen = peer.seen();
        assert!(seen.ended.is_none() && seen.denied.is_empty(), "{:?} {:?}", seen.ended, seen.denied);
    }
    // And all of them once more, as after a break of the line.
    drop(room);
    let back = futures_util::future::join_all(doors.iter().map(Peer::join)).await;
    assert_eq!(back.len(), ROOM);
}

/// One token is one person's, whose tabs have their number; the observers' link is everybody's who looks on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_opens_so_many_pages_and_whoever_opens_more_is_told() {
    const PAGES: usize = 64;
    let stage = Stage::with_projects(5).await;
    let one = stage.door(&stage.join("Tabs").await.token);
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        pages.push(Socket::open(&one).await.expect("it is let in"));
    }
    assert_eq!(Socket::turned_away(&one).await, CloseCode::TooFast.number(), "our page is told");
    assert_eq!(
        Socket::turned_away(&one.clone().plain()).await,
        429,
        "others are refused before the socket opens"
    );
    let observers = stage.door(&stage.session.observer_token);
    let mut guests = Vec::new();
    for _ in 0..3 * PAGES {
        guests.push(Socket::open(&observers).await.expect("a link that many have lets many in"));
    }
    pages.truncate(PAGES / 2);
    wait::until("a place is free again", async || {
        wait::holds(Socket::open(&one.clone().plain()).await.is_ok(), || "not yet".to_owned())
    })
    .await;
}

/// A machine that sleeps keeps its connections, and answers nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_answers_no_heartbeat_is_closed_and_its_presence_is_gone() {
    let stage = Stage::with_projects(5).await;
    let honest = stage.peer("Hana").await;
    let mut dead = Socket::open(&stage.door(&stage.join("Dora").await.token)).await.expect("it is let in");
    assert!(dead.send(Frame::Step1(&[0]).encode()).await);
    let state = AwarenessEntry { client: 7, clock: 1, json: r#"{"over":"off"}"# };
    let states = wire::write_awareness([state].into_iter());
    assert!(dead.send(Frame::Awareness(&states).encode()).await);
    let here = || honest.seen().presences.values().any(|(_, state)| state["user"]["name"] == "Dora");
    wait::until("she is seen", async || wait::holds(here(), || "not yet".to_owned())).await;
    // From here on nothing of it is read, pings neither; the connection stands.
    let begun = Instant::now();
    wait::until_within(Duration::from_secs(60), "she is gone", async || {
        wait::holds(!here(), || "she is still shown".to_owned())
    })
    .await;
    println!("gone after {:?}", begun.elapsed());
    assert!(honest.seen().ended.is_none(), "who answers stays");
}
