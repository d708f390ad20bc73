//! Who does not read.

use plumbline_shared::{messages::ServerMessage, wire::Frame};
use uuid::Uuid;

use crate::{
    client::Event,
    stage::{Stage, until},
};

/// A note of the longest text, a megabyte of them in a frame.
async fn write_a_lot(stage: &Stage, megabytes: usize) {
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    for n in 1..=megabytes {
        let updates: Vec<Vec<u8>> =
            (0..48).map(|_| fay.note(&Uuid::now_v7().to_string(), &"x".repeat(20_000))).collect();
        let update = yrs::merge_updates_v1(&updates).unwrap();
        fay.send(&Frame::Update(&update)).await;
        fay.until_saved(n as u64).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_fell_behind_gets_one_merged_catch_up_and_the_newest_word_on_what_is_saved() {
    let stage = Stage::new(1).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    write_a_lot(&stage, 10).await;
    // Ana has read nothing of it, and goes on working: more is saved than there is room to say.
    let project = ana.keys("projects")[0].clone();
    let pillars = ana.keys("pillars");
    for n in 0..200 {
        let update = ana.place(&project, &pillars[n % 2]);
        ana.send(&Frame::Update(&update)).await;
    }
    until("the last of them is on the board", async || {
        let board = stage.board().await;
        (board["placements"][&project]["pile"] == serde_json::json!(pillars[1])
            && board["notes"].as_object().is_some_and(|notes| notes.len() == 480))
        .then_some(())
    })
    .await;
    let (mut changes, mut told) = (0, 0);
    ana.until("all is saved", |event| {
        changes += u32::from(matches!(event, Event::Changed));
        told += u32::from(matches!(event, Event::Told(_)));
        matches!(event, Event::Told(ServerMessage::Saved { through: 200 })).then_some(())
    })
    .await;
    while ana.keys("notes").len() < 480 {
        changes += u32::from(matches!(ana.next().await, Event::Changed));
    }
    // Ten megabytes and two hundred placements: what was on its way already, and one catch-up or two.
    assert!(changes < 100, "{changes} changes, {told} messages");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_question_gets_an_answer_of_its_own_even_if_there_is_no_room() {
    let stage = Stage::new(1).await;
    write_a_lot(&stage, 3).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect_plain(&token).await;
    const QUESTIONS: usize = 8;
    for _ in 0..QUESTIONS {
        ana.send(&Frame::Step1(&[0])).await;
    }
    let mut answers = 0;
    ana.until("all are answered", |event| {
        answers += usize::from(matches!(event, Event::Changed));
        (answers == QUESTIONS).then_some(())
    })
    .await;
    assert_eq!(ana.keys("notes").len(), 144);
}
