//! Who may do what over HTTP.

use serde_json::json;

use crate::stage::{KEY, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_in_the_session_may_invite_and_nobody_else_knows_the_code() {
    let stage = Stage::new(0).await;
    let (_, participant) = stage.join("Ana").await;
    let path = format!("/api/sessions/{}", stage.id);
    for token in [KEY, &stage.facilitator, &participant, &stage.observer] {
        assert_eq!(stage.get(&path, token).await.made().body["code"], json!(stage.code));
        assert_eq!(stage.get(&stage.path("share"), token).await.made().body["code"], json!(stage.code));
    }
    let other = Stage::new(0).await;
    for token in ["", &other.facilitator, "pp_nobody-has-this-token-0123456789abcdefghi"] {
        let refused = stage.get(&path, token).await;
        assert_eq!(refused.status, 401, "{}", refused.body);
        assert!(!refused.body.to_string().contains(&stage.code));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_one_entry_cannot_hold_is_refused_and_hurts_nobody() {
    let stage = Stage::new(1).await;
    let client = stage.connect(&stage.facilitator).await.synced().await;
    let more: serde_json::Map<_, _> =
        (0..40).map(|n| (format!("Column {n}"), json!("x".repeat(3_000)))).collect();
    let rows: Vec<_> = (0..40)
        .map(|n| {
            let mut row = more.clone();
            row.insert("name".to_owned(), json!(format!("Large {n}")));
            row
        })
        .collect();
    // As much as a file may have; four of them are more than one, and the board takes them.
    let answer = stage.post(&stage.path("portfolio"), &stage.facilitator, &json!(rows)).await;
    assert!(matches!(answer.status, 200 | 413), "{}", answer.body);
    drop(client);
    stage.board().await;
}
