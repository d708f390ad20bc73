//! The decision log over HTTP.

use axum::http::{Method, header};
use serde_json::{Value, json};

use super::{Calls, KEY, content};
use crate::log::record::{
    Closed,
    tests::{EVENING, closed, id},
};

impl Calls {
    /// A log of so many sessions with two decisions each.
    async fn with_decisions(sessions: u128) -> Self {
        let calls = Self::new().await;
        for session in 0..sessions {
            let of = Closed { session: id(0x60 + session), ..closed(EVENING) };
            calls.app.node.decisions().log(calls.app.node.store(), &of).await.unwrap();
        }
        calls
    }

    async fn read(&self, path: &str) -> Value {
        let answer = self.call(Method::GET, path, KEY, None).await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        content(answer).await
    }
}

#[tokio::test]
async fn the_log_is_listed_a_page_at_a_time_the_newest_first() {
    let calls = Calls::with_decisions(3).await;
    let (mut seen, mut path) = (Vec::new(), "/api/decisions?limit=4".to_owned());
    loop {
        let page = calls.read(&path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|line| line["number"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/decisions?limit=4&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [6, 5, 4, 3, 2, 1]);
    let first = calls.read("/api/decisions?limit=1").await["items"][0].take();
    assert_eq!(
        (&first["project"], &first["verdict"], &first["against"]),
        (&json!("City pledge"), &json!("wait"), &json!(true))
    );
    assert_eq!((&first["superseded_by"], &first["missing"]), (&Value::Null, &json!(["owner"])));
    let none = Calls::new().await;
    assert_eq!(none.read("/api/decisions").await, json!({ "items": [], "next": null }));
}

#[tokio::test]
async fn a_decision_is_shown_with_its_place_in_the_chain() {
    let calls = Calls::with_decisions(1).await;
    let (first, second) = (calls.read("/api/decisions/1").await, calls.read("/api/decisions/2").await);
    assert_eq!(second["previous"], first["hash"]);
    assert_eq!(second["record"]["project"]["name"], "City pledge");
    let checked = calls.read("/api/decisions/verify").await;
    assert_eq!((&checked["entries"], &checked["head"]), (&json!(2), &second["hash"]));
    assert_eq!((&checked["first_fault"], &checked["has_hash"]), (&Value::Null, &Value::Null));
    let noted = first["hash"].as_str().unwrap();
    assert_eq!(calls.read(&format!("/api/decisions/verify?head={noted}")).await["has_hash"], true);
    let other = "ab".repeat(32);
    assert_eq!(calls.read(&format!("/api/decisions/verify?head={other}")).await["has_hash"], false);
    calls.refused(Method::GET, "/api/decisions/verify?head=short", KEY, None, 400, "malformed").await;
    for path in ["/api/decisions/3", "/api/decisions/0", "/api/decisions/-1", "/api/decisions/one"] {
        calls.refused(Method::GET, path, KEY, None, 404, "no_such_decision").await;
    }
}

#[tokio::test]
async fn the_log_is_exported_as_a_file() {
    let calls = Calls::with_decisions(1).await;
    for (file, kind, part) in [
        ("decisions.md", "text/markdown; charset=utf-8", "# Decision log"),
        ("decisions.csv", "text/csv; charset=utf-8; header=present", "\"City pledge\""),
        ("decisions.json", "application/json", "plumbline.log"),
    ] {
        let answer = calls.call(Method::GET, &format!("/api/decisions/export/{file}"), KEY, None).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], kind);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        assert_eq!(disposition, format!("attachment; filename=\"{file}\""));
        let body = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        assert!(String::from_utf8(body.to_vec()).unwrap().contains(part), "{file}");
    }
    for file in ["decisions.xlsx", "decisions.exe", "everything.md"] {
        calls
            .refused(Method::GET, &format!("/api/decisions/export/{file}"), KEY, None, 404, "no_such_export")
            .await;
    }
}

#[tokio::test]
async fn only_the_workspace_reads_its_log() {
    let calls = Calls::with_decisions(1).await;
    let (_, facilitator) = calls.session().await;
    for path in ["", "/1", "/verify", "/export/decisions.md"] {
        let path = format!("/api/decisions{path}");
        for token in ["", "nobodys-token-of-forty-characters-or-more", &facilitator] {
            let answer = calls.call(Method::GET, &path, token, None).await;
            assert!([401, 403].contains(&answer.status().as_u16()), "{path}");
        }
        calls.refused(Method::DELETE, &path, KEY, None, 405, "no_such_method").await;
    }
}
