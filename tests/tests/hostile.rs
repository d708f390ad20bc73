//! Hostile participants over the wire: nothing forged is taken, nothing crashes, nothing swells, and whoever is honest
//! beside them, or was before, notices nothing.

use std::{fs, time::Duration};

use plumbline_shared::{
    order,
    wire::{CloseCode, Frame},
};
use plumbline_tests::{
    chance::Chance,
    forge,
    forgeries::{Fate, forgeries, key, known, refused, victim_of},
    peer::{self, Peer},
    picture, setting,
    socket::{Door, Event, Socket},
    stage::Stage,
    wait,
};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;
use yrs::{ReadTxn, Transact};

/// What the server may grow by while it is attacked, in bytes: buffers and what the allocator keeps, no more.
const GROWTH: u64 = 12 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_forged_is_taken_and_nobody_else_notices() {
    let stage = Stage::with_projects(120).await;
    let (victim, note) = victim_of(&stage).await;
    let honest = stage.peer("Hana").await;
    let count = forgeries(&known(&stage, &honest, &victim, &note)).len();
    let mut forgers = Vec::new();
    for n in 0..count {
        forgers.push(stage.join(&format!("Forger {n}")).await.token);
    }
    let mut expected = stage.held().await;
    let before = stage.server.memory();

    for (n, token) in forgers.iter().enumerate() {
        let forger = Peer::join(&stage.door(token)).await;
        // Honest first, on the same connection, under an id of the same person.
        let mine = &stage.projects[10 + n];
        forger.place(mine, &stage.pillars[1], &key());
        forger.saved().await;
        expected["placements"][mine] = json!([stage.pillars[1], key()]);
        let mut k = known(&stage, &forger, &victim, &note);
        k.own += 1;
        let (name, fate, update) = forgeries(&k).swap_remove(n);
        let frame = forger.send_update(&update);
        assert_eq!(refused(&forger, frame, name).await, fate == Fate::Refused, "«{name}» should be {fate:?}");
        for denied in &forger.seen().denied {
            assert!(
                denied.reason.contains(' ') && !denied.taken_back,
                "«{name}» is refused in words: {denied:?}"
            );
        }
        // Somebody honest works on beside them.
        honest.place(&stage.projects[2], "off", &order::between(Some(&key()), None));
        honest.saved().await;
        assert!(honest.seen().denied.is_empty(), "beside «{name}»: {:?}", honest.seen().denied);
    }
    expected["placements"][&stage.projects[2]] = json!(["off", order::between(Some(&key()), None)]);
    let held = stage.held().await;
    assert!(held == expected, "something forged was taken: {}", picture::difference(&held, &expected));
    let shown = picture::of(&victim.seen().doc);
    assert!(shown == expected, "the victim sees it otherwise: {}", picture::difference(&shown, &expected));
    let grown = stage.server.memory().saturating_sub(before);
    println!("{count} forgeries; the server grew by {} kB", grown / 1024);
    assert!(grown < GROWTH, "the server grew by {grown} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bytes_that_crash_yrs_never_reach_it() {
    let mut stage = Stage::with_projects(10).await;
    let honest = stage.peer("Hana").await;
    for file in ["segv.hex", "hang.hex"] {
        let token = stage.join(file).await.token;
        let forger = Peer::join(&stage.door(&token)).await;
        let path = setting::fixture(&format!("hostile/{file}"));
        let lines = fs::read_to_string(path).expect("the fixture is in the project");
        for line in lines.lines().filter(|line| !line.is_empty()) {
            forger.send_update(&data_encoding::HEXLOWER.decode(line.as_bytes()).expect("it is hex"));
        }
        forger
            .until("it is refused", |seen| {
                wait::holds(!seen.denied.is_empty() || seen.ended.is_some(), || "not yet".to_owned())
            })
            .await;
        honest.place(&stage.projects[0], "off", &key());
        honest.saved().await;
    }
    assert!(stage.server.ended().is_none(), "the server is still there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_on_after_a_refusal_is_closed_and_then_kept_out() {
    let stage = Stage::with_projects(10).await;
    let honest = stage.peer("Hana").await;
    let joined = stage.join("Mallory").await;
    let door = stage.door(&joined.token);
    let forger = Peer::join(&door).await;
    let forged = forge::set(peer::document().client_id().get(), 0, "session", "title", forge::text("Mine"));
    let first = forger.send_update(&forged);
    assert!(refused(&forger, first, "a title").await, "it is told before it is closed");
    assert_eq!(forger.seen().ended, None);
    // Our own client has some frames under way when it is told; nobody has hundreds.
    for _ in 0..300 {
        forger.send_update(&forged);
    }
    assert_eq!(forger.end().await, Event::Closed(CloseCode::Refused.number()));
    assert_eq!(forger.seen().denied.len(), 1, "and it is told once");

    // As y-websocket would come back: at once, and again and again.
    for attempt in 0..5 {
        let status = Socket::open(&door).await.err();
        assert_eq!(status, Some(403), "attempt {attempt} is refused before a socket opens");
    }
    assert_eq!(Socket::open(&door.clone().plain()).await.err(), Some(403), "in whatever way they come");
    honest.place(&stage.projects[0], "off", &key());
    honest.saved().await;
}

/// An unmodified client does not know that it was refused: what it sends next rests on what is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unmodified_client_that_goes_on_is_closed_and_kept_out_too() {
    let stage = Stage::with_projects(10).await;
    let door = stage.door(&stage.join("Mallory").await.token).plain();
    let forger = Peer::join(&door).await;
    let client = peer::document().client_id().get();
    for clock in 0..2 {
        forger.send_update(&forge::set(client, clock, "session", "title", forge::text("Mine")));
    }
    assert_eq!(forger.end().await, Event::Closed(CloseCode::Refused.number()));
    assert_eq!(Socket::open(&door).await.err(), Some(403));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_observer_looks_on_and_changes_nothing() {
    let stage = Stage::with_projects(10).await;
    let before = stage.held().await;
    let wall = Peer::join(&stage.door(&stage.session.observer_token)).await;
    let frame = wall.place(&stage.projects[0], "off", &key());
    assert!(refused(&wall, frame, "an observer's placement").await);
    assert_eq!(stage.held().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_are_none_end_their_connection_and_no_other() {
    let stage = Stage::with_projects(10).await;
    let honest = stage.peer("Hana").await;
    let before = stage.server.memory();
    let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    let frames: Vec<(&str, Message)> = vec![
        ("text", Message::text("hello")),
        ("nothing", Message::binary(Vec::new())),
        ("an unknown kind", Message::binary(vec![77, 1, 2])),
        ("an unknown sync message", Message::binary(vec![0, 9, 0])),
        ("a truncated update", Message::binary(vec![0, 2, 200, 1])),
        ("a number without end", Message::binary(vec![0x80; 40])),
        ("trailing bytes", Message::binary(vec![0, 2, 2, 0, 0, 9])),
        ("a state vector of four billion", Message::binary(Frame::Step1(&huge).encode())),
        ("half a state vector", Message::binary(Frame::Step1(&[2, 1]).encode())),
        ("presences of four billion", Message::binary(Frame::Awareness(&huge).encode())),
        ("a presence that is no JSON", Message::binary(Frame::Awareness(&[1, 5, 1, 1, b'{']).encode())),
        ("a message that is no JSON", Message::binary(Frame::Typed("{").encode())),
        (
            "a message of no known type",
            Message::binary(
                Frame::Typed(&json!({ "id": Uuid::now_v7().to_string(), "type": "explode" }).to_string())
                    .encode(),
            ),
        ),
        ("a message nested a thousand deep", Message::binary(Frame::Typed(&"[".repeat(1_000)).encode())),
        ("a step 2 of garbage", Message::binary(Frame::Step2(&[9, 9, 9]).encode())),
        ("twenty megabytes", Message::binary(vec![0; 20 * 1024 * 1024])),
    ];
    for (name, frame) in frames {
        let token = stage.join(name).await.token;
        let forger = Peer::join(&stage.door(&token)).await;
        forger.send_raw(frame);
        // Refused in words or closed with a code of ours, or cut off in the middle of what is too large.
        forger
            .until(&format!("«{name}» is refused"), |seen| match &seen.ended {
                Some(Event::Closed(code)) => {
                    wait::holds((4400..=4500).contains(code) || *code == 1009, || format!("{code}"))
                }
                Some(Event::Broken) => {
                    wait::holds(name == "twenty megabytes", || "cut without a word".to_owned())
                }
                _ => wait::holds(!seen.denied.is_empty(), || "not yet".to_owned()),
            })
            .await;
        honest.place(&stage.projects[0], "off", &key());
        honest.saved().await;
    }
    let grown = stage.server.memory().saturating_sub(before);
    println!("the server grew by {} kB", grown / 1024);
    assert!(grown < GROWTH, "the server grew by {grown} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_tiny_updates_are_too_fast_and_disturb_nobody() {
    let stage = Stage::with_projects(10).await;
    let honest = stage.peer("Hana").await;
    let token = stage.join("Flood").await.token;
    let before = stage.server.memory();
    let mut flood = Socket::open(&stage.door(&token)).await.expect("whoever has joined is admitted");
    let client = peer::document().client_id().get();
    let sending = tokio::spawn(async move {
        for clock in 0..10_000 {
            let update = forge::set(client, clock, "placements", "x", forge::text("x"));
            if !flood.send(Frame::Update(&update).encode()).await {
                break;
            }
        }
        flood.until_closed(wait::PATIENCE).await
    });
    let mut slowest = Duration::ZERO;
    while !sending.is_finished() {
        let begun = std::time::Instant::now();
        honest.place(&stage.projects[0], "off", &key());
        honest.saved().await;
        slowest = slowest.max(begun.elapsed());
        // As fast as a person, and within what a connection may send.
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let end = sending.await.expect("the flood ends");
    let codes = [CloseCode::TooFast.number(), CloseCode::Refused.number()];
    assert!(matches!(end, Event::Closed(code) if codes.contains(&code)) || end == Event::Broken, "{end:?}");
    assert!(slowest < Duration::from_secs(1), "somebody honest waited {slowest:?} beside the flood");
    let grown = stage.server.memory().saturating_sub(before);
    assert!(grown < GROWTH, "the server grew by {grown} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_the_whole_board_over_and_over_is_limited() {
    let stage = Stage::with_portfolio().await;
    let honest = stage.peer("Hana").await;
    let token = stage.join("Leech").await.token;
    let leech = Peer::join(&stage.door(&token)).await;
    let before = leech.seen().bytes;
    // A few bytes each, that ask for hundreds of kilobytes.
    for _ in 0..500 {
        leech.send_frame(&Frame::Step1(&[0]));
    }
    for n in 0..10 {
        honest.place(&stage.projects[n], "off", &key());
        honest.saved().await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (given, ended) = {
        let seen = leech.seen();
        (seen.bytes - before, seen.ended.clone())
    };
    println!("500 wishes gave {} kB, then {ended:?}", given / 1024);
    assert!(given < 50 * before, "500 wishes gave {given} bytes; the board has some {before}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_a_large_board_without_reading_it_fills_no_memory() {
    const LEECHES: u64 = 4;
    let stage = Stage::with_projects(40).await;
    let facilitator = stage.witness().await;
    for project in &stage.projects {
        facilitator.widen(project, 0);
        facilitator.saved().await;
    }
    let board =
        facilitator.seen().doc.transact().encode_state_as_update_v1(&yrs::StateVector::default()).len()
            as u64;
    let honest = stage.peer("Hana").await;
    let token = stage.join("Leech").await.token;
    let before = stage.server.memory();
    let mut leeches = Vec::new();
    for _ in 0..LEECHES {
        let mut leech = Socket::narrow(&stage.door(&token)).await;
        for _ in 0..40 {
            assert!(leech.send(Frame::Step1(&[0]).encode()).await);
        }
        leeches.push(leech);
    }
    // Long enough for every wish that the limit lets through to be granted.
    for project in &stage.projects {
        honest.place(project, "off", &key());
        honest.saved().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let grown = stage.server.memory().saturating_sub(before);
    println!("a board of {} kB, {LEECHES} leeches: the server grew by {} kB", board / 1024, grown / 1024);
    // One answer waits for each, one is being written, as it was made and as it goes, and one is made at a time. What
    // matters is that forty wishes take no more than two.
    let fair = (3 * LEECHES + 1) * board;
    assert!(
        grown < fair + 2 * GROWTH,
        "{LEECHES} leeches on {board} bytes made the server grow by {grown} bytes"
    );
}

/// Valid updates with a few bytes changed: whatever becomes of them, the server and the others live on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_updates_change_nothing_that_was_not_theirs() {
    let seed = setting::number(setting::SEED, 20_260_102);
    println!("{}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let mut stage = Stage::with_projects(20).await;
    let (victim, note) = victim_of(&stage).await;
    let honest = stage.peer("Hana").await;
    let roots = ["session", "agenda", "roster", "pillars", "projects", "notes", "decisions"];
    let mut people = Vec::new();
    for n in 0..24 {
        people.push(stage.join(&format!("Mutant {n}")).await.token);
    }
    let before = stage.held().await;
    let mut sent = 0;
    for token in &people {
        let mutant = Peer::join(&stage.door(token)).await;
        let k = known(&stage, &mutant, &victim, &note);
        let sources: Vec<Vec<u8>> = forgeries(&k).into_iter().map(|(_, _, update)| update).collect();
        for _ in 0..40 {
            if mutant.seen().ended.is_some() {
                break;
            }
            let mut update = chance.pick(&sources).clone();
            for _ in 0..=chance.below(3) {
                mutate(&mut update, &mut chance);
            }
            mutant.send_update(&update);
            sent += 1;
            tokio::task::yield_now().await;
        }
        honest.place(&stage.projects[5], "off", &key());
        honest.saved().await;
    }
    assert!(stage.server.ended().is_none(), "the server is still there");
    let held = stage.held().await;
    for root in roots {
        // A mutation may make a project or a note of the mutant's own, which anyone may.
        for (id, entry) in before[root].as_object().into_iter().flatten() {
            assert_eq!(&held[root][id], entry, "{root}/{id} was not theirs to change");
        }
    }
    println!("{sent} mutated updates");
}

fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    if bytes.is_empty() {
        bytes.push(0);
        return;
    }
    let at = chance.below(bytes.len());
    match chance.below(5) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = chance.below(256) as u8,
        2 => drop(bytes.remove(at)),
        3 => bytes.insert(at, chance.below(256) as u8),
        _ => {
            let end = (at + 1 + chance.below(6)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = chance.below(bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_page_opens_no_socket() {
    let stage = Stage::with_projects(5).await;
    let token = stage.join("Ana").await.token;
    let elsewhere = stage.door(&token).with("origin", "https://elsewhere.example");
    assert_eq!(Socket::open(&elsewhere).await.err(), Some(403));
    let here = format!("http://{}", stage.server.address());
    assert!(Socket::open(&stage.door(&token).with("origin", &here)).await.is_ok(), "our own page may");
    let wrong = Door::new(stage.server.address(), &stage.session.id, "no-token-of-this-session");
    assert_eq!(Socket::turned_away(&wrong).await, CloseCode::NotAdmitted.number());
    assert_eq!(Socket::turned_away(&wrong.plain()).await, 401);
    let nowhere = Door::new(stage.server.address(), &Uuid::now_v7().to_string(), &token);
    assert_eq!(Socket::turned_away(&nowhere).await, CloseCode::NoSuchSession.number());
    assert_eq!(Socket::turned_away(&nowhere.plain()).await, 404);
}
