//! The sponsors of a portfolio over HTTP.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::{Calls, KEY, NOBODYS, content};

#[tokio::test]
async fn a_facilitator_is_told_who_the_sponsors_are_and_nobody_else_is() {
    let calls = Calls::new().await;
    let wish = json!({ "title": "A session", "name": "Company Secretary", "sample": true });
    let made =
        calls.call(Method::POST, "/api/sessions", KEY, Some(("application/json", wish.to_string()))).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made = content(made).await;
    let path = format!("/api/sessions/{}/sponsors", made["id"].as_str().unwrap());
    let token = made["facilitator_token"].as_str().unwrap();
    let list = content(calls.call(Method::GET, &path, token, None).await).await;
    let row =
        |name: &str| list["items"].as_array().unwrap().iter().find(|row| row["sponsor"] == name).cloned();
    let named = row("Company Secretary").unwrap();
    assert_eq!((&named["participants"], &named["said"]), (&json!([made["participant_id"]]), &json!(false)));
    assert!(named["projects"].as_u64().unwrap() > 0);
    assert_eq!(row("Finance Director").unwrap()["participants"], json!([]));
    for token in [made["observer_token"].as_str().unwrap(), NOBODYS] {
        assert!(calls.call(Method::GET, &path, token, None).await.status().is_client_error());
    }
}
