//! Presence: who is here and where they look, and what it must not be able to do.

use std::time::{Duration, Instant};

use plumbline_shared::{
    limits, order,
    wire::{self, AwarenessEntry, CloseCode, Frame},
};
use plumbline_tests::{
    peer::{self, Peer},
    picture,
    socket::{Event, Socket},
    stage::Stage,
    wait,
};
use serde_json::{Value, json};
use yrs::{ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

/// The longest that the server may stay silent towards a connection: DESIGN section 5, and a beat for the machine.
const SILENCE: Duration = Duration::from_millis(15_500);

fn key() -> String {
    order::between(None, None)
}

/// The presences of others as `peer` sees them, by name.
fn shown(peer: &Peer, name: &str) -> Vec<(u64, Value)> {
    let seen = peer.seen();
    let named = seen.presences.iter().filter(|(_, (_, state))| state["user"]["name"] == name);
    named.map(|(id, (_, state))| (*id, state.clone())).collect()
}

async fn sees(peer: &Peer, name: &str, item: &Value) -> u64 {
    peer.until(&format!("{name} is seen at {item}"), |seen| {
        let found = seen
            .presences
            .iter()
            .find(|(_, (_, state))| state["user"]["name"] == name && state["item"] == *item);
        found.map(|(id, _)| *id).ok_or_else(|| format!("{:?}", seen.presences))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_looking_is_said_by_the_server_and_not_by_the_one_who_looks() {
    let stage = Stage::with_projects(10).await;
    let (ana, ben) = (stage.join("Ana").await, stage.peer("Ben").await);
    let peer = Peer::join(&stage.door(&ana.token)).await;
    let item = json!(stage.projects[0]);
    let claimed = json!({ "user": { "id": stage.session.participant_id, "name": "Ben", "colour": "p1" }, "item": item });
    peer.present(1, &claimed);

    let id = sees(&ben, "Ana", &item).await;
    let seen = shown(&ben, "Ana");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].1["user"]["id"], json!(ana.participant_id));
    assert!(shown(&ben, "Ben").is_empty(), "nobody is shown under a name that they chose");
    assert_ne!(id, peer.seen().doc.client_id().get(), "the document's client id is shown to nobody");
    assert_eq!(Some(id), peer.seen().welcome.as_ref().map(|welcome| welcome.presence), "the welcome told it");

    drop(peer);
    ben.until("Ana is gone", |seen| {
        wait::holds(seen.presences[&id].1.is_null(), || format!("{:?}", seen.presences[&id]))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_client_never_meets_itself() {
    let stage = Stage::with_projects(10).await;
    let joined = stage.join("Ana").await;
    let ana = Peer::join(&stage.door(&joined.token).plain()).await;
    let ben = stage.peer("Ben").await;
    ana.present(1, &json!({ "item": stage.projects[0] }));
    sees(&ben, "Ana", &json!(stage.projects[0])).await;
    ben.present(1, &json!({ "item": stage.projects[1] }));
    sees(&ana, "Ben", &json!(stage.projects[1])).await;
    ana.send_frame(&Frame::QueryAwareness);
    ben.present(2, &json!({ "item": stage.projects[2] }));
    sees(&ana, "Ben", &json!(stage.projects[2])).await;
    assert!(shown(&ana, "Ana").is_empty(), "a Yjs client would show its own hand as another's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_moves_or_hides_anothers_hand() {
    let stage = Stage::with_projects(10).await;
    let (ana, ben, cem) = (stage.peer("Ana").await, stage.peer("Ben").await, stage.peer("Cem").await);
    let (first, second) = (json!(stage.projects[0]), json!(stage.projects[1]));
    ben.present(1, &json!({ "item": first }));
    let bens = sees(&ana, "Ben", &first).await;
    sees(&cem, "Ben", &first).await;

    let away =
        wire::write_awareness([AwarenessEntry { client: bens, clock: 9_000, json: "null" }].into_iter());
    ana.send_frame(&Frame::Awareness(&away));
    let elsewhere = json!({ "item": second }).to_string();
    let moved =
        wire::write_awareness([AwarenessEntry { client: bens, clock: 9_001, json: &elsewhere }].into_iter());
    ana.send_frame(&Frame::Awareness(&moved));
    // Both were dealt with once what came after them on the same connection is seen.
    ana.present(1, &json!({ "item": second }));
    sees(&cem, "Ana", &second).await;
    assert_eq!(shown(&cem, "Ben").first().map(|(_, state)| state["item"].clone()), Some(first));
    assert!(ana.seen().denied.is_empty() && ana.seen().ended.is_none(), "it is dropped without a penalty");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_presence_too_large_is_shown_to_nobody() {
    let stage = Stage::with_projects(10).await;
    let (ana, ben) = (stage.peer("Ana").await, stage.peer("Ben").await);
    let long = "x".repeat(limits::PRESENCE);
    ana.present(1, &json!({ "item": stage.projects[0], "over": long }));
    ben.place(&stage.projects[0], "off", &key());
    ben.saved().await;
    assert!(shown(&ben, "Ana").iter().all(|(_, state)| state["over"] != json!(long)));
    ben.present(1, &json!({ "item": stage.projects[1] }));
    ben.saved().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_session_is_never_silent_for_longer_than_fifteen_seconds() {
    let stage = Stage::with_projects(5).await;
    let joined = stage.join("Ana").await;
    let (ours, plain) = (stage.peer("Ben").await, Peer::join(&stage.door(&joined.token).plain()).await);
    // Time itself is what is looked at here: a little more than two silences.
    tokio::time::sleep(Duration::from_secs(32)).await;
    for (who, peer) in [("our own client", &ours), ("a plain Yjs client", &plain)] {
        let seen = peer.seen();
        let silence = seen.silence.max(seen.last.elapsed());
        assert!(silence < SILENCE, "{who} heard nothing for {silence:?}");
        assert_eq!(seen.ended, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_reading_gets_one_catch_up_or_the_door_and_holds_up_nobody() {
    const SLOW: usize = 8;
    const CHANGES: usize = 160;
    let stage = Stage::with_projects(10).await;
    let facilitator = stage.witness().await;
    let ben = stage.peer("Ben").await;
    let mut slow = Vec::new();
    for n in 0..SLOW {
        let token = stage.join(&format!("Slow {n}")).await.token;
        let mut socket = Socket::narrow(&stage.door(&token)).await;
        assert!(socket.send(Frame::Step1(&[0]).encode()).await);
        slow.push(socket);
    }
    let before = stage.server.memory();
    // Some thirty megabytes for each of them, of which only the last two hundred kilobytes matter in the end.
    let mut slowest = Duration::ZERO;
    for n in 0..CHANGES {
        let begun = Instant::now();
        let updates = ben.seen().updates;
        facilitator.widen(&stage.projects[0], n);
        facilitator.saved().await;
        ben.until("Ben has it", |seen| {
            wait::holds(seen.updates > updates, || format!("{} updates", seen.updates))
        })
        .await;
        slowest = slowest.max(begun.elapsed());
    }
    let grown = stage.server.memory().saturating_sub(before);
    println!(
        "the slowest change took {slowest:?}, the server grew by {} kB for {SLOW} slow readers",
        grown / 1024
    );
    assert!(slowest < Duration::from_secs(2), "slow readers held up the others for {slowest:?}");
    assert!(grown < 64 * 1024 * 1024, "the server grew by {grown} bytes for {SLOW} slow readers");

    let held = stage.held().await;
    for mut socket in slow {
        let doc = peer::document();
        let mut bytes = 0;
        let outcome = loop {
            match socket.next_within(wait::PATIENCE).await {
                Some(Event::Frame(frame)) => {
                    bytes += frame.len();
                    if let Ok(Frame::Step2(update) | Frame::Update(update)) = Frame::decode(&frame) {
                        let update = Update::decode_v1(update).expect("the server's updates are well made");
                        doc.transact_mut().apply_update(update).expect("the server's updates apply");
                    }
                    if picture::of(&doc) == held && doc.transact().state_vector() != StateVector::default() {
                        break "caught up";
                    }
                }
                Some(Event::Closed(code)) => {
                    assert_eq!(code, CloseCode::TooSlow.number());
                    break "was closed";
                }
                Some(Event::Broken) => break "was cut",
                None => panic!(
                    "a slow reader was left with an old board: {}",
                    picture::difference(&picture::of(&doc), &held)
                ),
            }
        };
        println!("a slow reader {outcome} after {} kB", bytes / 1024);
        // What the system had taken already (some four megabytes) and a few frames; all else comes as one.
        assert!(bytes < 8 * 1024 * 1024, "it was given a backlog of {bytes} bytes and not one catch-up");
    }
}
