//! The decision log over HTTP.

use axum::http::{Method, header};
use plumbline_shared::ids::SessionId;
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
        ("decisions.html", "text/html; charset=utf-8", "The next thirty days"),
        ("decisions.ics", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR"),
        ("decisions.zip", "application/zip", "decisions/0001-smart-meters.md"),
        (
            "decisions.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xl/workbook.xml",
        ),
    ] {
        let answer = calls.call(Method::GET, &format!("/api/decisions/export/{file}"), KEY, None).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], kind);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        assert_eq!(disposition, format!("attachment; filename=\"{file}\""));
        let body = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains(part), "{file}");
    }
    for file in ["decisions.exe", "decisions.", "everything.md"] {
        calls
            .refused(Method::GET, &format!("/api/decisions/export/{file}"), KEY, None, 404, "no_such_export")
            .await;
    }
}

#[tokio::test]
async fn the_page_for_everyone_is_asked_for_by_name() {
    let calls = Calls::with_decisions(1).await;
    let page = async |query: &str| {
        let path = format!("/api/decisions/export/decisions.html{query}");
        let answer = calls.call(Method::GET, &path, KEY, None).await;
        let body = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    assert!(page("?for=office").await.contains("Against the room"));
    assert!(!page("?for=everyone").await.contains("Against the room"));
    let wrong = "/api/decisions/export/decisions.html?for=nobody";
    calls.refused(Method::GET, wrong, KEY, None, 400, "malformed").await;
}

#[tokio::test]
async fn a_session_is_exported_with_what_the_log_says_of_its_decisions() {
    let calls = Calls::new().await;
    let (id, facilitator) = calls.session().await;
    for file in ["md", "csv", "json", "xlsx", "html", "ics", "zip"] {
        let path = format!("/api/sessions/{id}/export/decisions.{file}");
        assert_eq!(calls.call(Method::GET, &path, &facilitator, None).await.status().as_u16(), 200, "{file}");
    }
    let json = content(
        calls.call(Method::GET, &format!("/api/sessions/{id}/export/decisions.json"), KEY, None).await,
    )
    .await;
    assert_eq!(json["log"], json!({ "head": "0".repeat(64), "entries": 0 }));
}

#[tokio::test]
async fn what_happens_to_a_decision_is_entered_over_http() {
    let calls = Calls::with_decisions(1).await;
    let post = async |path: &str, body: Value| {
        let answer = calls.call(Method::POST, path, KEY, Some(("application/json", body.to_string()))).await;
        (answer.status().as_u16(), content(answer).await)
    };
    let (status, change) =
        post("/api/decisions/2/told", json!({"told_by": " Ben ", "told_on": "2026-12-01", "by": "Ana"}))
            .await;
    assert_eq!((status, &change["number"], &change["decision"]), (201, &json!(3), &json!(2)));
    assert_eq!(change["says"], json!({"told": {"told_by": "Ben", "told_on": "2026-12-01"}}));
    let accepts = json!({"status": "accepted", "by": "Ana", "reason": "Yes"});
    assert_eq!(post("/api/decisions/2/status", accepts.clone()).await.0, 201);
    let (status, problem) = post("/api/decisions/2/status", accepts).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_now")));
    let shown = calls.read("/api/decisions/2").await;
    assert_eq!((&shown["status"], &shown["record"]["status"]), (&json!("accepted"), &json!("proposed")));
    assert_eq!((&shown["told"]["on"], shown["changes"].as_array().unwrap().len()), (&json!("2026-12-01"), 2));
    assert_eq!(shown["history"][0]["number"], 2);
    for (path, body, status) in [
        ("/api/decisions/3/told", json!({"told_by": "Ben", "told_on": "2026-12-01"}), 404),
        ("/api/decisions/9/status", json!({"status": "reversed"}), 404),
        ("/api/decisions/x/status", json!({"status": "reversed"}), 404),
        ("/api/decisions/1/told", json!({"told_by": " ", "told_on": "2026-12-01"}), 422),
        ("/api/decisions/1/told", json!({"told_by": "Ben", "told_on": "tomorrow"}), 422),
        ("/api/decisions/1/told", json!({"told_by": "B".repeat(1_001), "told_on": "2026-12-01"}), 422),
        ("/api/decisions/1/status", json!({"status": "reversed", "whatever": 1}), 422),
        ("/api/decisions/1/status", json!({"status": "gone"}), 422),
        ("/api/decisions/1/status", json!({"status": "winding_down"}), 409),
        ("/api/decisions/1/status", json!({"status": "superseded", "superseded_by": 1}), 409),
    ] {
        assert_eq!(post(path, body.clone()).await.0, status, "{path} {body}");
    }
    assert_eq!(calls.read("/api/decisions/verify").await["entries"], 4);
    let (_, facilitator) = calls.session().await;
    for (path, body) in [
        ("/api/decisions/1/status", json!({"status": "reversed"})),
        ("/api/decisions/1/told", json!({"told_by": "Ben", "told_on": "2026-12-01"})),
    ] {
        for token in ["", "nobodys-token-of-forty-characters-or-more", &facilitator] {
            let body = Some(("application/json", body.to_string()));
            calls.refused(Method::POST, path, token, body, 401, "not_admitted").await;
        }
    }
}

/// The first decision is a move with a measure, the second a wait that has a review, and a last day.
#[tokio::test]
async fn what_is_done_is_not_due_any_more() {
    let calls = Calls::with_decisions(1).await;
    let post = async |path: &str, body: Value| {
        let answer = calls.call(Method::POST, path, KEY, Some(("application/json", body.to_string()))).await;
        (answer.status().as_u16(), content(answer).await)
    };
    let today = plumbline_shared::day::Day::of(crate::clock::now());
    let done = |what: &str, more: Value| {
        let mut body = json!({"what": what, "done_by": " Ben ", "done_on": today.to_string()});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let ahead = today.plus(90).to_string();
    let more = json!({"note": "Looked at.", "by": "Ana", "next_review": ahead});
    let (status, change) = post("/api/decisions/2/done", done("review", more)).await;
    assert_eq!((status, &change["number"], &change["schema"]), (201, &json!(3), &json!(2)));
    let says = json!({
        "what": "review", "done_by": "Ben", "done_on": today.to_string(), "note": "Looked at.", "next_review": ahead
    });
    assert_eq!(change["says"], json!({ "done": says }));
    let shown = calls.read("/api/decisions/2").await;
    assert_eq!(
        (&shown["done"], &shown["next_review"]),
        (&json!({"review": {"by": "Ben", "on": today.to_string(), "entry": 3}}), &json!(ahead))
    );
    assert_eq!(shown["history"][0]["days"]["review"], json!(ahead));
    let bare = calls.read("/api/decisions/1").await;
    assert!(bare.get("done").is_none() && bare.get("next_review").is_none(), "{bare}");
    for (path, body, status) in [
        ("/api/decisions/1/done", done("ends", json!({})), 409),
        ("/api/decisions/2/done", done("measure", json!({})), 409),
        ("/api/decisions/2/done", done("expires", json!({})), 422),
        ("/api/decisions/2/done", done("review", json!({"done_by": " "})), 422),
        ("/api/decisions/2/done", done("review", json!({"done_on": "soon"})), 422),
        ("/api/decisions/2/done", done("review", json!({"done_on": today.plus(3).to_string()})), 422),
        ("/api/decisions/2/done", done("review", json!({"next_review": "later"})), 422),
        ("/api/decisions/2/done", done("review", json!({"next_review": "2020-01-01"})), 422),
        ("/api/decisions/2/done", done("review", json!({"next_review": today.to_string()})), 409),
        ("/api/decisions/2/done", done("review", json!({"note": "n".repeat(20_001)})), 422),
        ("/api/decisions/3/done", done("review", json!({})), 404),
    ] {
        assert_eq!(post(path, body.clone()).await.0, status, "{path} {body}");
    }
    assert_eq!(calls.read("/api/decisions/verify").await["entries"], 3, "what is refused leaves no entry");
    let body = Some(("application/json", done("review", json!({})).to_string()));
    calls.refused(Method::POST, "/api/decisions/2/done", "", body, 401, "not_admitted").await;
}

#[tokio::test]
async fn decisions_are_looked_for() {
    let calls = Calls::with_decisions(2).await;
    let found = async |query: &str| -> Vec<u64> {
        let page = calls.read(&format!("/api/decisions?{query}")).await;
        page["items"].as_array().unwrap().iter().map(|line| line["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(found("q=city%20pledge&limit=1").await, [4]);
    assert_eq!(found("verdict=move&holds=1").await, [3, 1]);
    assert_eq!(found("due=2027-01-31").await, [4, 2]);
    assert_eq!(found("status=reversed").await, [] as [u64; 0]);
    assert_eq!(found("untold=1").await, [] as [u64; 0], "nothing stops here");
    assert_eq!(found("untold=0").await, [4, 3, 2, 1]);
    for query in ["due=soon", "verdict=maybe", "colour=red", "session=one"] {
        calls.refused(Method::GET, &format!("/api/decisions?{query}"), KEY, None, 400, "malformed").await;
    }
}

#[tokio::test]
async fn what_is_due_comes_in_the_order_of_its_days_a_page_at_a_time() {
    let calls = Calls::with_decisions(3).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = calls.read(&format!("/api/decisions?order=due&limit=2&cursor={cursor}")).await;
        for line in page["items"].as_array().unwrap() {
            let days = line["days"].as_object().unwrap().iter().filter(|(name, _)| *name != "effective");
            let first = days.map(|(_, day)| day.as_str().unwrap()).min().unwrap().to_owned();
            seen.push((first, line["number"].as_u64().unwrap()));
        }
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    assert_eq!(seen, sorted);
    assert_eq!(seen.len(), 3, "one of each session names a day: {seen:?}");
    for cursor in ["MTI", "c29vbjox"] {
        let path = format!("/api/decisions?order=due&cursor={cursor}");
        calls.refused(Method::GET, &path, KEY, None, 400, "malformed").await;
    }
    calls.refused(Method::GET, "/api/decisions?order=size", KEY, None, 400, "malformed").await;
}

#[tokio::test]
async fn the_overview_counts_what_holds_and_names_what_can_be_looked_for() {
    let calls = Calls::with_decisions(2).await;
    let change = Some(("application/json", json!({"status": "reversed"}).to_string()));
    let answer = calls.call(Method::POST, "/api/decisions/2/status", KEY, change).await;
    assert_eq!(answer.status().as_u16(), 201);
    let seen = calls.read("/api/decisions/overview?today=2027-02-01").await;
    assert_eq!((&seen["decisions"], &seen["hold"]), (&json!(4), &json!(3)));
    assert_eq!(seen["verdicts"], json!({"move": 2, "wait": 1, "stop": 0, "open": 0}));
    let by = |day: &str| format!("/api/decisions?holds=1&due={day}");
    let due = calls.read(&by("2027-01-31")).await["items"].as_array().unwrap().len();
    assert_eq!(seen["over"], json!(due), "those whose day is before that day");
    let until = calls.read(&by("2027-03-03")).await["items"].as_array().unwrap().len();
    assert_eq!(seen["soon"], json!(until - due), "those whose day is then or within thirty days");
    assert_eq!(seen["owners"], json!(["Anna Okafor"]), "who has no owner has no name");
    let pillars = seen["pillars"].as_array().unwrap();
    assert!(pillars.contains(&json!("Net zero")), "{pillars:?}");
    let sessions: Vec<&Value> = seen["sessions"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(
        sessions,
        [&json!(id::<SessionId>(0x61)), &json!(id::<SessionId>(0x60))],
        "the last one first"
    );
    calls.refused(Method::GET, "/api/decisions/overview?today=now", KEY, None, 400, "malformed").await;
    calls.refused(Method::GET, "/api/decisions/overview", "", None, 401, "not_admitted").await;
}

#[tokio::test]
async fn the_pillars_are_told_as_the_log_has_them_however_often_they_are_asked_for() {
    let calls = Calls::with_decisions(3).await;
    let first = calls.read("/api/pillars").await;
    assert_eq!(calls.read("/api/pillars").await, first, "what was made of sessions is kept");
    let sessions = |told: &Value| told["sessions"].as_array().unwrap().len();
    assert_eq!(sessions(&first), 3);
    // Something happens to a decision: its session is told anew.
    let reversed = Some(("application/json", json!({"status": "reversed"}).to_string()));
    let answer = calls.call(Method::POST, "/api/decisions/1/status", KEY, reversed).await;
    assert_eq!(answer.status().as_u16(), 201);
    let after = calls.read("/api/pillars").await;
    assert_ne!(after, first);
    // A further session comes to them.
    let other = Closed { session: id(0x70), ..closed(EVENING) };
    calls.app.node.decisions().log(calls.app.node.store(), &other).await.unwrap();
    let more = calls.read("/api/pillars").await;
    assert_eq!((sessions(&after), sessions(&more)), (3, 4));
}

#[tokio::test]
async fn the_schemas_are_served() {
    let calls = Calls::new().await;
    for (file, id) in [
        ("decision.json", "plumbline:decision:2"),
        ("decision-2.json", "plumbline:decision:2"),
        ("decision-1.json", "plumbline:decision:1"),
        ("change.json", "plumbline:change:2"),
        ("change-2.json", "plumbline:change:2"),
        ("change-1.json", "plumbline:change:1"),
    ] {
        let answer = calls.call(Method::GET, &format!("/api/decisions/schema/{file}"), "", None).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/schema+json");
        assert_eq!(content(answer).await["$id"], id);
    }
    calls.refused(Method::GET, "/api/decisions/schema/none.json", "", None, 404, "no_such_schema").await;
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
