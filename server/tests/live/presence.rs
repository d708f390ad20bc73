//! Who is here.

use plumbline_shared::{order, wire::Frame};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, MapPrelim, WriteTxn};

use crate::{
    client::{Client, Event},
    stage::Stage,
};

/// Reads until somebody is seen in a state that `is` wants.
async fn sees(client: &mut Client, what: &str, is: impl Fn(&Value) -> bool) -> Value {
    client
        .until(what, |event| match event {
            Event::Presence(states) => states.iter().map(|(_, state)| state).find(|state| is(state)).cloned(),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_out_is_seen_no_more() {
    let stage = Stage::new(0).await;
    let (ana_id, token) = stage.join("Ana").await;
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    let mut ana = stage.connect(&token).await.synced().await;
    ana.present(&json!({"over": "off"})).await;
    sees(&mut fay, "Ana is seen", |state| state["user"]["name"] == "Ana").await;
    let id = Uuid::now_v7();
    fay.say(&json!({"id": id, "type": "remove", "participant": ana_id})).await;
    assert_eq!(ana.until_closed().await, 4403);
    sees(&mut fay, "Ana is gone", Value::is_null).await;
    // And whoever comes now does not see her either.
    let mut wall = stage.connect(&stage.observer).await;
    let states = wall
        .until("the first presence", |event| match event {
            Event::Presence(states) => Some(states.clone()),
            _ => None,
        })
        .await;
    assert!(states.is_empty(), "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_soon_as_a_ballot_is_open_nobody_sees_where_anybody_looks() {
    let stage = Stage::new(1).await;
    let (_, token) = stage.join("Ana").await;
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    let mut ana = stage.connect(&token).await.synced().await;
    ana.present(&json!({"item": ana.keys("projects")[0]})).await;
    sees(&mut fay, "Ana looks at a card", |state| state["item"].is_string()).await;
    let step = Uuid::now_v7();
    let update = fay.change(|txn| {
        let map = txn.get_or_insert_map("agenda").insert(txn, step.to_string(), MapPrelim::default());
        map.insert(txn, "kind", "ballot");
        map.insert(txn, "order", order::between(None, None));
    });
    fay.send(&Frame::Update(&update)).await;
    let seen = stage.seen().await;
    let begun = std::time::Instant::now();
    fay.say(&json!({"id": Uuid::now_v7(), "type": "go_to", "seen": seen, "step": step})).await;
    let state = sees(&mut fay, "Ana is seen without her card", |state| {
        state["user"]["name"] == "Ana" && state.get("item").is_none()
    })
    .await;
    assert_eq!(state.as_object().unwrap().len(), 1, "{state}");
    assert!(begun.elapsed().as_secs() < 5, "with the next renewal it would be too late");
}
