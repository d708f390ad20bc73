//! What is refused, and who is held off for it.

use std::time::{Duration, Instant};

use plumbline_shared::{messages::ServerMessage, wire::Frame};
use serde_json::json;
use uuid::Uuid;
use yrs::{Map, MapPrelim, Out, Text, WriteTxn};

use crate::{
    client::{Client, Event, document},
    disk::Disk,
    stage::Stage,
};

fn take_pillar_away(client: &Client, n: usize) -> Vec<u8> {
    let key = client.keys("pillars")[n].clone();
    client.change(|txn| {
        txn.get_or_insert_map("pillars").remove(txn, &key);
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_begins_anew_after_a_refusal_is_not_punished_for_what_was_under_way() {
    let stage = Stage::new(2).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    // Two deletions, each refused for itself, and a change that rests on a refused one: all on their way at once.
    let pillars = [take_pillar_away(&ana, 0), take_pillar_away(&ana, 0)];
    let made = ana.change(|txn| {
        txn.get_or_insert_map("pillars").insert(txn, Uuid::now_v7().to_string(), MapPrelim::default());
    });
    let after = ana.place(&ana.keys("projects")[0], "off");
    for update in [&pillars[0], &pillars[1], &made, &after] {
        ana.send(&Frame::Update(update)).await;
    }
    let frame = ana
        .until("it is refused", |event| match event {
            Event::Told(ServerMessage::Denied { frame, code, .. }) => {
                assert_eq!(code, "facilitator_only");
                *frame
            }
            _ => None,
        })
        .await;
    assert_eq!(frame, 1);
    ana.doc = document();
    ana.synchronise().await;
    let update = ana.place(&ana.keys("projects")[1], "off");
    ana.send(&Frame::Update(&update)).await;
    ana.until_saved(5).await;
    let board = stage.board().await;
    assert_eq!(board["placements"].as_object().unwrap().len(), 1);
    assert_eq!(board["pillars"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_after_a_refusal_is_closed_and_held_off_before_it_can_come_back() {
    let stage = Stage::new(1).await;
    let (_, token) = stage.join("Eve").await;
    let mut eve = stage.connect_plain(&token).await.synced().await;
    for update in [take_pillar_away(&eve, 0), take_pillar_away(&eve, 0)] {
        eve.send(&Frame::Update(&update)).await;
    }
    assert_eq!(eve.until_closed().await, 4403);
    let at_once = Client::open(stage.address, &stage.id, &token, false).await;
    assert_eq!(at_once.err(), Some(403));
    // Nobody else is.
    let (_, other) = stage.join("Ana").await;
    stage.connect_plain(&other).await.synced().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_role_changes_while_they_work_is_told_and_goes_on() {
    let stage = Stage::new(2).await;
    let (id, token) = stage.join("Ana").await;
    let name = |role: &str| json!({"id": Uuid::now_v7(), "type": "name", "participant": id, "role": role});
    stage.post(&stage.path("commands"), &stage.facilitator, &name("facilitator")).await.made();
    let mut ana = stage.connect(&token).await.synced().await;
    stage.post(&stage.path("commands"), &stage.facilitator, &name("participant")).await.made();
    for update in [take_pillar_away(&ana, 0), take_pillar_away(&ana, 0)] {
        ana.send(&Frame::Update(&update)).await;
    }
    ana.until("it is refused", |event| {
        matches!(event, Event::Told(ServerMessage::Denied { frame: Some(1), .. })).then_some(())
    })
    .await;
    ana.doc = document();
    ana.synchronise().await;
    let update = ana.place(&ana.keys("projects")[0], "off");
    ana.send(&Frame::Update(&update)).await;
    ana.until_saved(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_asks_once_for_what_is_missing_however_much_rests_on_it() {
    let stage = Stage::new(30).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    let projects = ana.keys("projects");
    let _missing = ana.place(&projects[0], "off");
    for project in &projects[1..] {
        let update = ana.place(project, "off");
        ana.send(&Frame::Update(&update)).await;
    }
    let whole = ana.whole();
    let mut asked = 0;
    ana.until("the server asks", |event| matches!(event, Event::Step1(_)).then_some(())).await;
    ana.send(&Frame::Step2(&whole)).await;
    ana.until("all is saved", |event| {
        asked += u32::from(matches!(event, Event::Step1(_)));
        matches!(event, Event::Told(ServerMessage::Saved { through: 30 })).then_some(())
    })
    .await;
    assert_eq!(asked, 0, "one question for thirty frames");
    assert_eq!(stage.board().await["placements"].as_object().unwrap().len(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_cut_off_before_a_change_was_taken_back_is_told_on_coming_back() {
    let stage = Stage::new(3).await;
    let (_, token) = stage.join("Ana").await;
    let mut facilitator = stage.connect(&stage.facilitator).await.synced().await;
    let mut ana = stage.connect(&token).await.synced().await;
    let gone = ana.presence;
    ana.present(&json!({})).await;
    facilitator.until("Ana is seen", |event| seen(event, gone, true)).await;
    let step = stage.board().await["session"]["step"].clone();
    let lock =
        json!({"id": Uuid::now_v7(), "type": "lock", "seen": {"step": step, "round": 1}, "locked": true});
    facilitator.say(&lock).await;
    facilitator
        .until("the board is locked", |event| {
            matches!(event, Event::Told(ServerMessage::Ok { .. })).then_some(())
        })
        .await;

    // The card is in the air, and the line breaks before it is saved.
    stage.disk.turn(Disk::Still);
    let project = ana.keys("projects")[0].clone();
    let update = ana.place(&project, "off");
    ana.send(&Frame::Update(&update)).await;
    ana.leave().await;
    facilitator.until("Ana is gone", |event| seen(event, gone, false)).await;
    stage.disk.turn(Disk::Fine);

    let mut ana = stage.connect(&token).await;
    let (code, path) = ana
        .until("Ana is told", |event| match event {
            Event::Told(ServerMessage::Denied { code, path, taken_back: true, frame: None, .. }) => {
                Some((code.clone(), path.clone()))
            }
            _ => None,
        })
        .await;
    assert_eq!((code.as_str(), path), ("locked", Some(format!("placements/{project}"))));
    assert_eq!(stage.board().await["placements"], json!({}));
}

fn seen(event: &Event, who: u64, here: bool) -> Option<()> {
    let Event::Presence(states) = event else { return None };
    states.iter().any(|(id, state)| *id == who && state.is_null() != here).then_some(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_costly_writer_is_slowed_and_the_others_are_not() {
    /// Letters that are each written before all others: each walks over those before it.
    const LETTERS: usize = 1_800;
    let stage = Stage::new(3).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    let mut ben = stage.connect(&stage.join("Ben").await.1).await.synced().await;
    let begun = Instant::now();
    let costly = tokio::spawn(async move {
        for n in 1..=5 {
            let id = Uuid::now_v7().to_string();
            let made = ana.note(&id, "");
            ana.send(&Frame::Update(&made)).await;
            let written = ana.change(|txn| {
                let Some(Out::YMap(note)) = txn.get_or_insert_map("notes").get(txn, &id) else { return };
                let Some(Out::YText(text)) = note.get(txn, "text") else { return };
                (0..LETTERS).for_each(|_| text.insert(txn, 0, "x"));
            });
            ana.send(&Frame::Update(&written)).await;
            ana.until_saved(2 * n).await;
        }
        begun.elapsed()
    });
    let project = ben.keys("projects")[0].clone();
    let mut slowest = Duration::ZERO;
    for n in 1..=20 {
        let sent = Instant::now();
        let update = ben.place(&project, "off");
        ben.send(&Frame::Update(&update)).await;
        ben.until_saved(n).await;
        slowest = slowest.max(sent.elapsed());
    }
    let took = costly.await.unwrap();
    // Five such frames cost 16 million steps: eight million at once, a million a second.
    assert!(took > Duration::from_secs(2), "{took:?}");
    assert!(slowest < took, "Ben waited {slowest:?}");
}
