//! Typed messages.

use plumbline_shared::messages::ServerMessage;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    client::{Client, Event},
    stage::Stage,
};

async fn answer(client: &mut Client) -> ServerMessage {
    client
        .until("an answer", |event| match event {
            Event::Told(told @ (ServerMessage::Ok { .. } | ServerMessage::Denied { .. })) => {
                Some(told.clone())
            }
            _ => None,
        })
        .await
}

fn lock(id: Uuid, seen: &Value, locked: bool) -> Value {
    json!({"id": id, "type": "lock", "seen": seen, "locked": locked})
}

fn code(told: &ServerMessage) -> &str {
    match told {
        ServerMessage::Denied { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_carried_out_once_however_often_and_wherever_it_comes() {
    let mut stage = Stage::new(0).await;
    let seen = stage.seen().await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let facilitator = stage.facilitator.clone();
    let mut fay = stage.connect(&facilitator).await.synced().await;
    // The same one twice in a breath, so that both are in one round.
    fay.say(&lock(first, &seen, true)).await;
    fay.say(&lock(first, &seen, true)).await;
    for _ in 0..2 {
        assert!(matches!(answer(&mut fay).await, ServerMessage::Ok { .. }));
    }
    fay.say(&lock(second, &seen, false)).await;
    assert!(matches!(answer(&mut fay).await, ServerMessage::Ok { .. }));
    // Late, over HTTP, and after a restart: it was done, and is not done again.
    let path = stage.path("commands");
    let again = stage.post(&path, &facilitator, &lock(first, &seen, true)).await.made();
    assert_eq!(again.body["type"], "ok");
    assert_eq!(stage.board().await["session"]["locked"], false);
    stage.stop().await;
    stage.start().await;
    stage.post(&path, &facilitator, &lock(first, &seen, true)).await.made();
    assert_eq!(stage.board().await["session"]["locked"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_refused_is_refused_again_for_the_same_reason() {
    let stage = Stage::new(0).await;
    let stale = json!({"step": Uuid::now_v7(), "round": 1});
    let id = Uuid::now_v7();
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    fay.say(&lock(id, &stale, true)).await;
    fay.say(&lock(id, &stale, true)).await;
    for _ in 0..2 {
        assert_eq!(code(&answer(&mut fay).await), "stale");
    }
    for _ in 0..2 {
        let refused = stage.post(&stage.path("commands"), &stage.facilitator, &lock(id, &stale, true)).await;
        assert_eq!((refused.status, refused.body["code"].as_str()), (409, Some("stale")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_or_too_large_or_not_theirs_is_refused_by_its_name() {
    let stage = Stage::new(0).await;
    let seen = stage.seen().await;
    let (_, token) = stage.join("Ana").await;
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    let id = Uuid::now_v7();
    fay.say(&json!({"id": id, "type": "explode"})).await;
    let told = answer(&mut fay).await;
    assert_eq!(code(&told), "unknown_message");
    assert!(matches!(told, ServerMessage::Denied { re: Some(re), .. } if re.0 == id));
    fay.say(&json!({"id": id, "type": "rename", "participant": id, "name": "x".repeat(70_000)})).await;
    assert_eq!(code(&answer(&mut fay).await), "too_large");
    let mut ana = stage.connect(&token).await.synced().await;
    ana.say(&lock(id, &seen, true)).await;
    assert_eq!(code(&answer(&mut ana).await), "facilitator_only");
    assert_eq!(stage.post(&stage.path("commands"), &token, &lock(id, &seen, true)).await.status, 403);
    assert_eq!(stage.board().await["session"]["locked"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_that_is_too_long_is_refused_and_not_kept() {
    let stage = Stage::new(1).await;
    let mut ana = stage.connect(&stage.join("Ana").await.1).await.synced().await;
    let (project, reason) = (ana.keys("projects")[0].clone(), "kept for good? ".repeat(4_000));
    ana.say(&json!({"id": Uuid::now_v7(), "type": "flag", "project": project, "reason": reason})).await;
    assert_eq!(code(&answer(&mut ana).await), "bad_reason");
    for file in std::fs::read_dir(stage.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(14).any(|window| window == b"kept for good?"));
    }
}
