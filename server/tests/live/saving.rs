//! What is saved, and what is told about it.

use std::time::{Duration, Instant};

use plumbline_shared::{messages::ServerMessage, wire::Frame};
use serde_json::json;

use crate::{
    client::Event,
    disk::Disk,
    stage::{Stage, until},
};

fn saved(event: &Event) -> Option<u64> {
    match event {
        Event::Told(ServerMessage::Saved { through }) => Some(*through),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_saving_and_nothing_else() {
    let stage = Stage::new(3).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    let projects = ana.keys("projects");
    stage.disk.turn(Disk::Full);
    for project in &projects {
        let update = ana.place(project, "off");
        ana.send(&Frame::Update(&update)).await;
    }
    // Reading goes on, and so does letting people in.
    let board = stage.board().await;
    assert_eq!(board["placements"], json!({}));
    let wall = stage.connect(&stage.observer).await.synced().await;
    assert_eq!(wall.keys("projects"), projects);
    assert_eq!(wall.keys("placements").len(), 0, "nobody is shown what is not saved");
    // Whoever asks over HTTP is answered in time, and what was taken back does not come later.
    let asked = Instant::now();
    let late = stage.post("/api/join", "", &json!({"code": stage.code, "name": "Late"})).await;
    assert_eq!(late.status, 503, "{}", late.body);
    assert_eq!(late.body["code"], "not_saved");
    assert!(asked.elapsed() < Duration::from_secs(9), "{:?}", asked.elapsed());
    let title = json!({"title": "Another"});
    assert_eq!(stage.post("/api/sessions", crate::stage::KEY, &title).await.status, 503);

    stage.disk.turn(Disk::Fine);
    let through = ana.until("the first is saved", saved).await;
    if through < 3 {
        ana.until_saved(3).await;
    }
    let board = stage.board().await;
    assert_eq!(board["placements"].as_object().unwrap().len(), 3);
    let names: Vec<&str> =
        board["roster"].as_object().unwrap().values().filter_map(|one| one["name"].as_str()).collect();
    assert!(!names.contains(&"Late"), "{names:?}");
    stage.join("In time").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_as_saved_that_the_store_refuses_for_good() {
    let stage = Stage::new(1).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    stage.disk.turn(Disk::Damaged);
    let update = ana.place(&ana.keys("projects")[0], "off");
    ana.send(&Frame::Update(&update)).await;
    let code = ana
        .until("it is closed", |event| {
            assert_eq!(saved(event), None);
            match event {
                Event::Closed(code) => Some(*code),
                _ => None,
            }
        })
        .await;
    assert_eq!(code, 4500);
    stage.disk.turn(Disk::Fine);
    // The client comes back with what it has.
    let mut again = stage.connect(&token).await;
    again.doc = std::mem::replace(&mut ana.doc, crate::client::document());
    again.synchronise().await;
    let whole = again.whole();
    again.send(&Frame::Step2(&whole)).await;
    again.until_saved(1).await;
    assert_eq!(stage.board().await["placements"].as_object().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_something_missing_is_not_saved_until_that_has_come() {
    let stage = Stage::new(3).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    let projects = ana.keys("projects");
    let first = ana.place(&projects[0], "off");
    let missing = ana.place(&projects[1], "off");
    let gap = ana.place(&projects[2], "off");
    ana.send(&Frame::Update(&first)).await;
    ana.send(&Frame::Update(&gap)).await;
    ana.until_saved(1).await;
    let known = ana
        .until("the server asks for what is missing", |event| match event {
            Event::Step1(known) => Some(known.clone()),
            Event::Told(ServerMessage::Saved { through }) => panic!("{through} saved, and one was dropped"),
            _ => None,
        })
        .await;
    // What comes late fills the gap, but the frame behind it was dropped: only an answer tells that all is there.
    ana.send(&Frame::Update(&missing)).await;
    let lacking = {
        use yrs::{ReadTxn, StateVector, Transact, updates::decoder::Decode};
        let known = StateVector::decode_v1(&known).unwrap();
        ana.doc.transact().encode_state_as_update_v1(&known)
    };
    ana.send(&Frame::Step2(&lacking)).await;
    ana.until_saved(4).await;
    assert_eq!(stage.board().await["placements"].as_object().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_is_there_after_a_restart_and_everybody_goes_on() {
    let mut stage = Stage::new(40).await;
    let (_, token) = stage.join("Ana").await;
    let mut doc = None;
    for round in 0..4 {
        let mut ana = stage.connect(&token).await;
        if let Some(doc) = doc.take() {
            ana.doc = doc;
        }
        ana.synchronise().await;
        for project in &ana.keys("projects")[round * 10..round * 10 + 10] {
            let update = ana.place(project, "off");
            ana.send(&Frame::Update(&update)).await;
        }
        ana.until_saved(10).await;
        doc = Some(std::mem::replace(&mut ana.doc, crate::client::document()));
        stage.stop().await;
        stage.start().await;
    }
    assert_eq!(stage.board().await["placements"].as_object().unwrap().len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_sent_before_it_left_is_kept() {
    let stage = Stage::new(1).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    stage.disk.turn(Disk::Still);
    // The first is on its way to the disk, and the second waits behind it, when the page is closed.
    let project = ana.keys("projects")[0].clone();
    for pile in ["off", &ana.keys("pillars")[0]] {
        let update = ana.place(&project, pile);
        ana.send(&Frame::Update(&update)).await;
    }
    let pillar = ana.keys("pillars")[0].clone();
    drop(ana);
    stage.disk.turn(Disk::Fine);
    until("the second is there", async || {
        (stage.board().await["placements"][&project]["pile"] == json!(pillar)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_stands_still_keeps_nobody_from_reading_however_much_waits() {
    let stage = Stage::new(1).await;
    let mut writers = Vec::new();
    for n in 0..4 {
        let (_, token) = stage.join(&format!("Writer {n}")).await;
        writers.push(stage.connect(&token).await.synced().await);
    }
    let (_, token) = stage.join("Reader").await;
    let project = writers[0].keys("projects")[0].clone();
    stage.disk.turn(Disk::Still);
    // Far more than may wait.
    for writer in &mut writers {
        for _ in 0..200 {
            let update = writer.place(&project, "off");
            writer.send(&Frame::Update(&update)).await;
        }
    }
    let read = async {
        stage.board().await;
        stage.connect(&token).await.synced().await
    };
    let reader = tokio::time::timeout(Duration::from_secs(5), read).await;
    assert!(reader.is_ok(), "the board is shown, and who comes is let in");
    stage.disk.turn(Disk::Fine);
    for writer in &mut writers {
        writer.until_saved(200).await;
    }
}
