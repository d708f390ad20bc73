//! Many at once: who does not read keeps nobody from working, and who comes and goes leaves nothing behind.
//!
//! `cargo xtask endure slow` does the same with 200 who do not read beside 200 who work, and with 10,000 connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use plumbline_shared::{
    order,
    wire::{CloseCode, Frame},
};
use plumbline_tests::{
    chance::Chance,
    metrics::Metrics,
    peer::Peer,
    picture, process,
    server::Server,
    setting,
    socket::{Door, Socket},
    stage::Stage,
    wait,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Who does not read, and as many who work, unless the environment says otherwise.
const SLOW: u64 = 25;
/// For how long is worked, without them and with them, in seconds.
const SECONDS: u64 = 3;
/// From when on it is seen to the end: until who does not read is closed.
const LONG: Duration = Duration::from_secs(10);
/// Connections that come and go.
const DROPPED: u64 = 600;
/// How many of them at a time.
const AT_A_TIME: usize = 40;
/// What the server may hold for each connection that does not read: what waits for it, and one merged catch-up.
const FOR_EACH: u64 = 1_500 * 1024;
/// What it may hold besides, in bytes: buffers, what the allocator keeps, and the board that grows.
const BESIDES: u64 = 48 * 1024 * 1024;
/// What may be left of connections that are gone.
const LEFT: u64 = 12 * 1024 * 1024;
/// How long after its close the last trace of a connection may be there.
const GONE_WITHIN: Duration = Duration::from_secs(150);

/// A server behind a proxy, which sees people at many addresses, and a session.
async fn behind_a_proxy(projects: usize) -> (Stage, Metrics) {
    let metrics = Metrics::place();
    let server =
        Server::start_with(&["--trusted-proxy", "127.0.0.1/32", "--metrics", &metrics.address()]).await;
    (Stage::on_server(server, projects).await, metrics)
}

/// The door of the `n`-th who joins, at an address that a room of a hundred shares.
async fn joined(stage: &Stage, n: u64) -> Door {
    let address = format!("192.0.2.{}", n / 100);
    let joined = stage.api().join_from(&address, &stage.session.code, &format!("Person {n}")).await;
    stage.door(&joined.token).with("x-forwarded-for", &address)
}

/// How long things took: until half, and all but one in a hundred, were done.
struct Times {
    half: Duration,
    most: Duration,
    count: usize,
}

impl Times {
    fn of(mut all: Vec<Duration>) -> Self {
        assert!(!all.is_empty(), "nothing was done");
        all.sort_unstable();
        Self { half: all[all.len() / 2], most: all[all.len() * 99 / 100], count: all.len() }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        write!(f, "half {:.1} ms, 99 of 100 {:.1} ms ({})", millis(self.half), millis(self.most), self.count)
    }
}

/// Everybody places a card about once a second: how long until it is saved, and until somebody else has it.
async fn work(stage: &Stage, people: &Arc<Vec<Peer>>, time: Duration, seed: u64) -> (Times, Times) {
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    for n in 2..people.len() {
        let (people, stop) = (Arc::clone(people), Arc::clone(&stop));
        let (projects, pillars) = (stage.projects[2..].to_vec(), stage.pillars.clone());
        let mut chance = Chance::new(seed + n as u64);
        tasks.spawn(async move {
            let (me, mut times) = (&people[n], Vec::new());
            tokio::time::sleep(Duration::from_millis(chance.below(1_000) as u64)).await;
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                let frame = me.place(
                    chance.pick::<String>(&projects),
                    chance.pick::<String>(&pillars),
                    &order::between(None, None),
                );
                while me.seen().saved < frame {
                    assert!(
                        me.seen().ended.is_none(),
                        "somebody who works was closed: {:?}",
                        me.seen().ended
                    );
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                times.push(begun.elapsed());
                // Nothing is waited for: this is how long somebody thinks before the next change.
                tokio::time::sleep(Duration::from_millis(700 + chance.below(600) as u64)).await;
            }
            times
        });
    }
    // Two of them look at nothing but each other's card.
    let (begun, mut seen, mut last) = (Instant::now(), Vec::new(), order::between(None, None));
    while begun.elapsed() < time {
        last = order::between(Some(&last), None);
        let placed = Instant::now();
        people[0].place(&stage.projects[0], "off", &last);
        loop {
            let there = picture::placement(&people[1].seen().doc, &stage.projects[0]);
            if there.is_some_and(|(_, order)| order == last) {
                break;
            }
            assert!(placed.elapsed() < wait::PATIENCE, "it never came");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        seen.push(placed.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let saved = tasks.join_all().await.into_iter().flatten().collect();
    (Times::of(saved), Times::of(seen))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_keeps_nobody_from_working_and_fills_no_memory() {
    let slow = setting::number(setting::SLOW, SLOW);
    let time = Duration::from_secs(setting::number(setting::SECONDS, SECONDS));
    let (stage, metrics) = behind_a_proxy(60).await;
    let mut people = Vec::new();
    for n in 0..slow {
        people.push(Peer::join(&joined(&stage, n).await).await);
    }
    let people = Arc::new(people);
    let facilitator = stage.witness().await;
    // Large changes, so that who does not read falls behind soon, past what the system's own buffers take; in both halves
    // alike. The more there are, the fewer: everybody who works takes them in, too.
    let pause = Duration::from_millis((4 * slow).min(250));
    let (peak, turns) = (AtomicU64::new(0), AtomicUsize::new(0));
    let large = async || {
        loop {
            facilitator.widen(&stage.projects[1], turns.fetch_add(1, Ordering::Relaxed));
            facilitator.saved().await;
            peak.fetch_max(stage.server.memory(), Ordering::Relaxed);
            tokio::time::sleep(pause).await;
        }
    };
    let alone = tokio::select! {
        times = work(&stage, &people, time, 1) => times,
        () = large() => unreachable!("it never ends"),
    };
    let before = stage.server.memory();
    let mut sloths = Vec::new();
    for n in 0..slow {
        let mut sloth = Socket::narrow(&joined(&stage, 1_000 + n).await).await;
        assert!(sloth.send(Frame::Step1(&[0]).encode()).await);
        sloths.push(sloth);
    }
    peak.store(before, Ordering::Relaxed);
    let beside = tokio::select! {
        times = work(&stage, &people, time, 2) => times,
        () = large() => unreachable!("it never ends"),
    };
    let grown = peak.load(Ordering::Relaxed).saturating_sub(before);
    println!("{} work: saved {}; seen by another {}", people.len(), alone.0, alone.1);
    println!("beside {slow} who do not read: saved {}; seen by another {}", beside.0, beside.1);
    println!("the server grew from {} MB by {} MB", before >> 20, grown >> 20);
    for (alone, beside) in [(&alone.0, &beside.0), (&alone.1, &beside.1)] {
        // What stalls shows in seconds; a busy machine in some milliseconds.
        let bound = alone.half * 4 + Duration::from_millis(150);
        assert!(beside.half < bound, "the others waited: {alone} alone, {beside} beside them");
    }
    assert!(
        grown < slow * FOR_EACH + BESIDES,
        "{slow} who do not read made the server grow by {grown} bytes"
    );
    // Who stays behind is closed in the end, and nothing of them is left. That takes longer than everybody should wait for
    // with every run.
    if time >= LONG {
        let closed = wait::until_within(GONE_WITHIN, "who does not read is closed", async || {
            let label = format!("code=\"{}\"", CloseCode::TooSlow.number());
            let closed = metrics.labelled("plumbline_closed_total", &label).await?;
            wait::holds(closed >= slow as f64, || format!("{closed} of {slow} were closed"))?;
            let open = metrics.of("plumbline_connections").await?;
            wait::holds(open as u64 == slow + 1, || format!("{open} connections"))
        });
        tokio::select! {
            () = closed => println!("all {slow} were closed"),
            () = large() => unreachable!("it never ends"),
        }
    }
    drop(sloths);
    for person in people.iter() {
        assert!(person.seen().ended.is_none() && person.seen().denied.is_empty());
    }
    let held = stage.held().await;
    for person in people.iter() {
        person
            .until("everybody has the same board", |seen| {
                let shown = picture::of(&seen.doc);
                wait::holds(shown == held, || picture::difference(&shown, &held))
            })
            .await;
    }
}

/// Comes, and goes in one of the ways in which connections do.
async fn come_and_go(door: Door, n: u64) {
    let address = door.address;
    match n % 8 {
        // Not even a word.
        0 => drop(TcpStream::connect(address).await),
        // Half a request, and gone.
        1 => {
            let mut stream = TcpStream::connect(address).await.expect("the server is there");
            let _ = stream.write_all(b"GET /api/sessions/x/sync HTTP/1.1\r\nHost: x\r\nUpgra").await;
        }
        // No HTTP at all; it may say so.
        2 => {
            let mut stream = TcpStream::connect(address).await.expect("the server is there");
            let _ = stream.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]).await;
            let mut answer = [0; 64];
            let _ = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut answer)).await;
        }
        // A token that is none.
        3 => {
            let wrong = Door { token: format!("no-token-of-this-session-{n}"), ..door };
            drop(Socket::open(&wrong).await);
        }
        // In, and gone without a word.
        4 => drop(Socket::open(&door).await),
        // In, the whole board asked for, and gone before it has come.
        5 => {
            if let Ok(mut socket) = Socket::open(&door).await {
                socket.send(Frame::Step1(&[0]).encode()).await;
            }
        }
        // In, seen by others, and gone without a farewell.
        6 => {
            if let Ok(socket) = Socket::open(&door).await {
                let peer = Peer::with(socket, plumbline_tests::peer::document());
                peer.present(1, &serde_json::json!({ "over": "pile" }));
                peer.synced().await;
            }
        }
        // In, and gone as one should.
        _ => {
            if let Ok(socket) = Socket::open(&door).await {
                let mut stream = socket.into_inner();
                let _ = stream.close(None).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_come_and_go_leave_nothing_behind() {
    let dropped = setting::number(setting::DROPPED, DROPPED);
    let (stage, metrics) = behind_a_proxy(60).await;
    let honest = stage.peer("Hana").await;
    // A token opens no more than a browser's tabs at a time.
    let mut doors = Vec::new();
    for n in 0..20 {
        doors.push(joined(&stage, n).await);
    }
    let pid = stage.server.pid();
    // Not counted: what is made once, on the first use.
    crowd(&doors, 0..dropped / 10).await;
    let settled = async || {
        wait::until_within(GONE_WITHIN, "only who is here is counted", async || {
            let open = metrics.of("plumbline_connections").await?;
            wait::holds(open as u64 == 1, || format!("{open} connections"))?;
            let waiting = metrics.of("plumbline_waiting").await?;
            wait::holds(waiting == 0.0, || format!("{waiting} things wait"))
        })
        .await;
    };
    settled().await;
    let (handles, memory) = (process::handles(pid), stage.server.memory());
    let begun = Instant::now();
    crowd(&doors, dropped / 10..dropped + dropped / 10).await;
    println!("{dropped} came and went in {:.1} s", begun.elapsed().as_secs_f64());
    settled().await;
    wait::until_within(GONE_WITHIN, "their handles are closed", async || {
        let now = process::handles(pid);
        wait::holds(now <= handles + 4, || format!("{now} handles are open, {handles} were before"))
    })
    .await;
    let grown = stage.server.memory().saturating_sub(memory);
    println!(
        "{handles} handles before, {} after; {} MB before, {} kB more after",
        process::handles(pid),
        memory >> 20,
        grown >> 10
    );
    assert!(grown < LEFT, "{dropped} connections left {grown} bytes behind");
    honest.place(&stage.projects[0], "off", &order::between(None, None));
    honest.saved().await;
    honest
        .until("nobody else is shown to be here", |seen| {
            let here = seen.presences.values().filter(|(_, state)| !state.is_null()).count();
            wait::holds(here <= 1, || format!("{here} are shown"))
        })
        .await;
}

async fn crowd(doors: &[Door], all: std::ops::Range<u64>) {
    futures_util::stream::iter(all)
        .for_each_concurrent(AT_A_TIME, |n| come_and_go(doors[n as usize % doors.len()].clone(), n))
        .await;
}
