//! Templates over HTTP, and the agendas that they become.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Calls, KEY, NOBODYS, content};

fn body(value: &Value) -> Option<(&'static str, String)> {
    Some(("application/json", value.to_string()))
}

impl Calls {
    /// A new session from a template: its id and the facilitator's token.
    async fn session_from(&self, template: &str) -> (String, String) {
        let wish = json!({ "title": "A session", "template": template });
        let made = self.call(Method::POST, "/api/sessions", KEY, body(&wish)).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made = content(made).await;
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("facilitator_token"))
    }

    async fn board(&self, id: &str) -> Value {
        content(self.call(Method::GET, &format!("/api/sessions/{id}"), KEY, None).await).await["board"].take()
    }
}

fn titles(board: &Value) -> Vec<String> {
    let steps = board["agenda"].as_array().unwrap();
    steps.iter().map(|step| step["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_templates_are_there_for_everybody_with_their_schema() {
    let calls = Calls::new().await;
    let list = calls.call(Method::GET, "/api/templates", "", None).await;
    assert_eq!(list.status(), StatusCode::OK);
    let list = content(list).await;
    let schema = calls.call(Method::GET, "/api/templates/schema.json", "", None).await;
    assert_eq!(schema.headers()["content-type"], "application/schema+json");
    let schema = jsonschema::validator_for(&content(schema).await).unwrap();
    for template in list["items"].as_array().unwrap() {
        assert!(schema.is_valid(template));
        let path = format!("/api/templates/{}", template["id"].as_str().unwrap());
        assert_eq!(&content(calls.call(Method::GET, &path, "", None).await).await, template);
    }
    let detail = calls.refused(Method::GET, "/api/templates/dance", "", None, 404, "no_such_template").await;
    assert!(detail.contains("align, quick-sort, frame, choose, checkpoint, pulse"), "{detail}");
}

#[tokio::test]
async fn a_session_begins_with_the_steps_of_its_template() {
    let calls = Calls::new().await;
    let (id, _) = calls.session_from("align").await;
    let board = calls.board(&id).await;
    assert_eq!(titles(&board).len(), 9);
    assert_eq!(titles(&board)[..3], ["Gather", "Sort alone", "Sort together"]);
    assert_eq!(board["session"]["step"], board["agenda"][0]["id"]);
    assert_eq!(board["agenda"][1]["question"], "placement");
    let options = board["agenda"][1]["options"].as_array().unwrap();
    assert!(options.contains(&json!(["subjects", "all"])));
    // Without one there is a single open board.
    let (id, _) = calls.session().await;
    assert_eq!(titles(&calls.board(&id).await).len(), 1);
}

#[tokio::test]
async fn a_template_that_there_is_not_is_refused_with_those_there_are() {
    let calls = Calls::new().await;
    let wish = json!({ "title": "A session", "template": "ninety" });
    let detail = calls.refused(Method::POST, "/api/sessions", KEY, body(&wish), 422, "unprocessable").await;
    assert!(detail.contains("\"ninety\"") && detail.contains("quick-sort"), "{detail}");
    let list = content(calls.call(Method::GET, "/api/sessions", KEY, None).await).await;
    assert_eq!(list["items"], json!([]), "and no session was made");
}

#[tokio::test]
async fn an_agenda_is_taken_along_bent_and_brought_in() {
    let calls = Calls::new().await;
    let (from, token) = calls.session_from("quick-sort").await;
    let path = format!("/api/sessions/{from}/agenda");
    let mut mine = content(calls.call(Method::GET, &path, &token, None).await).await;
    mine["id"] = "ours".into();
    mine["steps"][0]["title"] = "Arrive".into();
    mine["steps"].as_array_mut().unwrap().remove(3);
    let (id, token) = calls.session().await;
    let path = format!("/api/sessions/{id}/agenda");
    let report = calls.call(Method::POST, &path, &token, body(&mine)).await;
    assert_eq!(report.status(), StatusCode::OK);
    assert_eq!(content(report).await, json!({ "imported": 3 }));
    let board = calls.board(&id).await;
    assert_eq!(titles(&board), ["Arrive", "Sort alone", "Sort together"]);
    assert_eq!(board["session"]["step"], board["agenda"][0]["id"]);
    // Whoever only takes part neither takes nor brings any, nor does the workspace bring one into a room.
    calls.refused(Method::POST, &path, KEY, body(&mine), 403, "forbidden").await;
    calls.refused(Method::GET, &path, "", None, 401, "not_admitted").await;
    calls
        .refused(Method::GET, &format!("/api/sessions/{NOBODYS}/agenda"), KEY, None, 404, "no_such_session")
        .await;
}

#[tokio::test]
async fn what_is_no_template_is_refused_by_its_place() {
    let calls = Calls::new().await;
    let (id, token) = calls.session().await;
    let path = format!("/api/sessions/{id}/agenda");
    let before = calls.last(&id).await;
    let step = json!({ "kind": "ballot", "title": "Sort", "minutes": 9 });
    let template = json!({ "id": "ours", "title": "Ours", "minutes": 9, "steps": [step] });
    let detail = calls.refused(Method::POST, &path, &token, body(&template), 422, "unprocessable").await;
    assert!(detail.starts_with("Step 1 (Sort): a ballot has a `question`"), "{detail}");
    let huge = json!({ "id": "x".repeat(1_100_000) });
    calls.refused(Method::POST, &path, &token, body(&huge), 413, "too_large").await;
    assert_eq!(calls.last(&id).await, before, "nothing of it came into the log");
}

#[tokio::test]
async fn an_agenda_of_which_a_ballot_was_opened_stays() {
    let calls = Calls::new().await;
    let (id, token) = calls.session_from("pulse").await;
    let board = calls.board(&id).await;
    let seen = json!({ "step": board["agenda"][0]["id"], "round": 1 });
    let open = json!({ "id": NOBODYS, "type": "open", "seen": seen });
    let opened = calls.call(Method::POST, &format!("/api/sessions/{id}/commands"), &token, body(&open)).await;
    assert_eq!(opened.status(), StatusCode::OK);
    let path = format!("/api/sessions/{id}/agenda");
    let mine = content(calls.call(Method::GET, "/api/templates/frame", "", None).await).await;
    let detail = calls.refused(Method::POST, &path, &token, body(&mine), 409, "agenda_in_use").await;
    assert!(detail.contains("opened already"), "{detail}");
    assert_eq!(titles(&calls.board(&id).await), titles(&board));
}

#[tokio::test]
async fn the_second_session_on_an_issue_goes_on_from_the_first() {
    let calls = Calls::new().await;
    let (first, token) = calls.session_from("frame").await;
    let of = |rest: &str| format!("/api/sessions/{first}/{rest}");
    let csv = Some(("text/csv", "Project,Cost\nBuild,100\nBuy,40\n".to_owned()));
    calls.call(Method::POST, &of("portfolio"), &token, csv).await;
    calls.call(Method::POST, &of("pillars"), &token, body(&json!(["Core"]))).await;
    let describe = json!({ "id": NOBODYS, "type": "describe", "purpose": "Build or buy?", "decider": "Ana", "rule": "She decides" });
    calls.call(Method::POST, &of("commands"), &token, body(&describe)).await;

    let wish = json!({ "title": "Build or buy", "template": "choose", "from": first });
    let made = calls.call(Method::POST, "/api/sessions", KEY, body(&wish)).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let board = calls.board(content(made).await["id"].as_str().unwrap()).await;
    assert_eq!(titles(&board)[0], "What we found out");
    let said = &board["session"];
    assert_eq!(
        (&said["purpose"], &said["decider"], &said["rule"]),
        (&json!("Build or buy?"), &json!("Ana"), &json!("She decides"))
    );
    let names: Vec<&Value> = board["projects"].as_object().unwrap().values().map(|p| &p["name"]).collect();
    assert_eq!(names, [&json!("Build"), &json!("Buy")]);
    assert_eq!(board["pillars"].as_array().unwrap().len(), 1);

    let nowhere = json!({ "title": "x", "from": NOBODYS });
    calls.refused(Method::POST, "/api/sessions", KEY, body(&nowhere), 404, "no_such_session").await;
    let both = json!({ "title": "x", "from": first, "sample": true });
    calls.refused(Method::POST, "/api/sessions", KEY, body(&both), 422, "unprocessable").await;
}
