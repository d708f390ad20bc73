//! Intake over HTTP: from the form to the outcome.

use axum::http::Method;
use plumbline_shared::limits;
use serde_json::{Value, json};

use super::{Calls, KEY, content};
use crate::{
    log::record::{Closed, tests::EVENING},
    store::{LogId, Position},
};

impl Calls {
    async fn post(&self, path: &str, token: &str, body: Value) -> (u16, Value) {
        let body = Some(("application/json", body.to_string()));
        let answer = self.call(Method::POST, path, token, body).await;
        (answer.status().as_u16(), content(answer).await)
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        let answer = self.call(Method::GET, path, token, None).await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        content(answer).await
    }

    /// Opens the way in: the token of its link.
    async fn opened(&self) -> String {
        let (status, intake) = self.post("/api/intake", KEY, json!({ "open": true })).await;
        assert_eq!(status, 200, "{intake}");
        link(&intake["url"])
    }

    /// Sends a request: its number and the token of its status link.
    async fn asked(&self, link: &str, name: &str) -> (u64, String) {
        let (status, arrived) = self.post("/api/intake/requests", link, wish(name)).await;
        assert_eq!(status, 201, "{arrived}");
        (arrived["number"].as_u64().unwrap(), self::link(&arrived["url"]))
    }
}

fn link(url: &Value) -> String {
    url.as_str().unwrap().split_once("#t=").unwrap().1.to_owned()
}

fn wish(name: &str) -> Value {
    json!({
        "name": name, "purpose": "Fewer outages.", "pillar": "Safe water", "measure": "outages", "target": "a third",
        "instead": { "name": "Brand museum", "reference": "R-Brand museum" }, "owner": "Ana Lima", "cost": 250_000,
        "currency": "GBP", "people": 4, "asked_by": "Ben Okafor",
    })
}

#[tokio::test]
async fn the_link_is_shown_again_to_who_holds_the_key_and_an_old_one_is_dead() {
    let calls = Calls::new().await;
    let none = calls.get("/api/intake", KEY).await;
    assert_eq!((&none["made"], &none["url"], &none["open"]), (&json!(false), &Value::Null, &json!(false)));
    let first = calls.opened().await;
    assert_eq!(link(&calls.get("/api/intake", KEY).await["url"]), first);
    calls.get("/api/intake/form", &first).await;
    let (_, renewed) = calls.post("/api/intake", KEY, json!({ "renew": true })).await;
    let second = link(&renewed["url"]);
    assert_ne!(first, second);
    let told = calls.refused(Method::GET, "/api/intake/form", &first, None, 401, "intake_link").await;
    assert!(told.contains("replaced"), "{told}");
    calls.get("/api/intake/form", &second).await;
    // The link opens the form and nothing else, and the key does not open the form.
    for (path, token) in
        [("/api/requests", second.as_str()), ("/api/sessions", &second), ("/api/intake", &second)]
    {
        calls.refused(Method::GET, path, token, None, 401, "not_admitted").await;
    }
    calls.refused(Method::GET, "/api/intake/form", KEY, None, 401, "intake_link").await;
    // Nothing that lets anybody in stands in the log.
    let entries = calls.app.node.store().read(&LogId::workspace(), Position::ZERO, 100).await.unwrap();
    for entry in entries {
        let text = String::from_utf8_lossy(&entry.bytes).into_owned();
        assert!(!text.contains(&second) && !text.contains(&first));
    }
}

#[tokio::test]
async fn a_request_that_is_sent_twice_is_one_and_needs_no_memory_for_that() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let token = format!("pq_{}", "a1B".repeat(14) + "z");
    let mut sent = wish("Pump house");
    sent["token"] = json!(token);
    let (status, first) = calls.post("/api/intake/requests", &door, sent.clone()).await;
    assert_eq!((status, &first["reference"]), (201, &json!("R-1")));
    // Closed meanwhile: what has arrived has arrived.
    calls.post("/api/intake", KEY, json!({ "open": false })).await;
    let (status, again) = calls.post("/api/intake/requests", &door, sent.clone()).await;
    assert_eq!((status, &again), (200, &first));
    sent["name"] = json!("Pump houses");
    let body = Some(("application/json", sent.to_string()));
    let told = calls.refused(Method::POST, "/api/intake/requests", &door, body, 409, "already_sent").await;
    assert!(told.contains("R-1"), "{told}");
    let fresh = Some(("application/json", wish("Another").to_string()));
    calls.refused(Method::POST, "/api/intake/requests", &door, fresh, 409, "intake_closed").await;
    assert_eq!(calls.get("/api/intake/form", &door).await["open"], json!(false));
    assert_eq!(calls.get("/api/requests", KEY).await["items"].as_array().unwrap().len(), 1);
    assert_eq!(calls.get("/api/intake/status", &token).await["state"], json!("waiting"));
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_field_by_field() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    for (field, value, told) in [
        ("name", json!(" "), "The name of the work is missing"),
        ("name", json!("x".repeat(limits::TITLE + 1)), "The name of the work is too long"),
        ("name", json!("a\u{7}b"), "control characters"),
        ("owner", json!(""), "Who owns it is missing"),
        ("asked_by", json!(""), "Your name is missing"),
        ("purpose", json!("é".repeat(limits::REQUEST_TEXT + 1)), "2001 characters, and 2000 at most"),
        ("instead", json!({ "name": "" }), "say that nothing does"),
        ("cost", json!(-1), "The cost"),
        ("people", json!(2_000_000), "People"),
        ("token", json!("pf_short"), "drawn at random"),
        ("surprise", json!(1), "unknown field"),
    ] {
        let mut sent = wish("Pump house");
        sent[field] = value;
        let body = Some(("application/json", sent.to_string()));
        let detail =
            calls.refused(Method::POST, "/api/intake/requests", &door, body, 422, "unprocessable").await;
        assert!(detail.contains(told), "{field}: {detail}");
    }
    assert_eq!(calls.get("/api/requests", KEY).await["items"], json!([]));
}

#[tokio::test]
async fn one_address_sends_no_more_than_an_office_would() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    for n in 0..limits::REQUEST_BURST {
        calls.asked(&door, &format!("Work {n}")).await;
    }
    let body = Some(("application/json", wish("One more").to_string()));
    calls.refused(Method::POST, "/api/intake/requests", &door, body, 429, "too_fast").await;
    // Whoever guesses links is not counted, and finds nothing.
    let guess = format!("pi_{}", "x".repeat(43));
    let body = Some(("application/json", wish("One more").to_string()));
    calls.refused(Method::POST, "/api/intake/requests", &guess, body, 401, "intake_link").await;
}

#[tokio::test]
async fn a_request_is_declined_marked_and_set_waiting_again_by_name() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let (one, token) = calls.asked(&door, "Pump house").await;
    let (other, other_token) = calls.asked(&door, "Pump houses").await;
    let path = |number: u64| format!("/api/requests/{number}/answer");
    for (body, told) in [
        (json!({ "answer": "declined", "by": "Cara" }), "Say why"),
        (json!({ "answer": "declined", "reason": "No." }), "who you are"),
        (json!({ "answer": "duplicate", "by": "Cara" }), "which request"),
        (json!({ "answer": "duplicate", "by": "Cara", "of": one }), "no duplicate of itself"),
        (json!({ "answer": "declined", "by": "Cara", "reason": "No.", "of": other }), "Only a duplicate"),
    ] {
        let body = Some(("application/json", body.to_string()));
        let detail = calls.refused(Method::POST, &path(one), KEY, body, 422, "unprocessable").await;
        assert!(detail.contains(told), "{detail}");
    }
    let nobody =
        Some(("application/json", json!({ "answer": "duplicate", "by": "Cara", "of": 77 }).to_string()));
    calls.refused(Method::POST, &path(one), KEY, nobody, 404, "no_such_request").await;

    let declined = json!({ "answer": "declined", "by": "Cara", "reason": "The pipes come first." });
    calls.post(&path(one), KEY, declined).await;
    let same = json!({ "answer": "duplicate", "by": "Cara", "of": one });
    let (_, shown) = calls.post(&path(other), KEY, same).await;
    assert_eq!((&shown["state"], &shown["answer"]["duplicate_of"]), (&json!("duplicate"), &json!(one)));
    let told = calls.get("/api/intake/status", &token).await;
    assert_eq!(
        (&told["state"], &told["answer"]["reason"]),
        (&json!("declined"), &json!("The pipes come first."))
    );
    assert_eq!(told["answer"]["by"], json!("Cara"));
    let told = calls.get("/api/intake/status", &other_token).await;
    assert_eq!(
        (&told["answer"]["same_as"], &told["answer"]["same_stands"]),
        (&json!("R-1"), &json!("declined"))
    );
    // In a circle there would be no end.
    let circle =
        Some(("application/json", json!({ "answer": "duplicate", "by": "Cara", "of": other }).to_string()));
    calls.refused(Method::POST, &path(one), KEY, circle, 422, "unprocessable").await;
    calls.post(&path(one), KEY, json!({ "answer": "waiting" })).await;
    assert_eq!(calls.get("/api/intake/status", &token).await["state"], json!("waiting"));
    let waiting = calls.get("/api/requests?state=waiting", KEY).await;
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
    assert_eq!(waiting["items"][0]["number"], json!(one));
}

#[tokio::test]
async fn a_facilitator_takes_what_waits_and_the_decision_comes_back_to_who_has_asked() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let (number, token) = calls.asked(&door, "Pump house").await;
    calls.asked(&door, "Signals").await;
    let (session, facilitator) = calls.session().await;
    let path = format!("/api/sessions/{session}/requests");
    let offered = calls.get(&path, &facilitator).await;
    assert_eq!(offered["items"].as_array().unwrap().len(), 2);
    let (status, taken) = calls.post(&path, &facilitator, json!({ "numbers": [number, 9] })).await;
    assert_eq!((status, &taken["taken"][0]["number"]), (200, &json!(number)));
    assert_eq!(taken["left"], json!([{ "number": 9, "reason": "There is no such request any more." }]));
    // Twice is once.
    let (_, again) = calls.post(&path, KEY, json!({ "numbers": [number] })).await;
    assert_eq!(again["taken"], taken["taken"]);
    let shown = calls.get(&format!("/api/sessions/{session}"), &facilitator).await;
    let project = &shown["board"]["projects"][taken["taken"][0]["project"].as_str().unwrap()];
    for (field, value) in [
        ("name", json!("Pump house")),
        ("reference", json!("R-1")),
        ("owner", json!("Ana Lima")),
        ("sponsor", json!("Ben Okafor")),
        ("origin", json!("new")),
        ("cost", json!(250_000.0)),
        ("people", json!(4.0)),
    ] {
        assert_eq!(project[field], value, "{field}");
    }
    let more = project["more"].to_string();
    for part in ["Safe water", "outages", "a third", "Brand museum (R-Brand museum)"] {
        assert!(more.contains(part), "{more}");
    }
    assert_eq!(shown["board"]["session"]["currency"], json!("GBP"));
    let told = calls.get("/api/intake/status", &token).await;
    assert_eq!((&told["state"], &told["taken"]["title"]), (&json!("taken"), &json!("A session")));

    // The session stops it, against the room, and nobody has been told yet but who has asked.
    let (id, project) = (session.parse().unwrap(), taken["taken"][0]["project"].as_str().unwrap());
    let mut board = calls.app.session(id).unwrap().ask(crate::session::Session::board).await.unwrap();
    let decision = board.decisions.entry(project.parse().unwrap()).or_default();
    decision.verdict = Some(plumbline_shared::words::Verdict::Stop);
    decision.rationale = "The pipes come first.".to_owned();
    decision.owner = "Dan".to_owned();
    decision.more.insert("override".to_owned(), "SECRET".to_owned());
    decision.more.insert("ends".to_owned(), "2026-12-31".to_owned());
    let at = Position { at: EVENING, n: 1 };
    let closed = Closed { session: id, at, board, imports: Vec::new(), attendance: Vec::new() };
    calls.app.node.decisions().log(calls.app.node.store(), &closed).await.unwrap();
    let told = calls.get("/api/intake/status", &token).await;
    let decided = &told["decided"];
    assert_eq!((&told["state"], &decided["verdict"]), (&json!("decided"), &json!("stop")));
    assert_eq!((&decided["rationale"], &decided["owner"]), (&json!("The pipes come first."), &json!("Dan")));
    assert_eq!(decided["fields"], json!({ "ends": "2026-12-31" }));
    assert!(!told.to_string().contains("SECRET"), "{told}");
    let shown = calls.get(&format!("/api/requests/{number}"), KEY).await;
    assert_eq!(shown["decision"]["reference"], json!("R-1"));
    // What is decided is not declined any more, and not taken again.
    let body = Some(("application/json", json!({ "answer": "waiting" }).to_string()));
    calls.refused(Method::POST, &format!("/api/requests/{number}/answer"), KEY, body, 409, "conflict").await;
    let (other, _) = calls.session().await;
    let (_, left) =
        calls.post(&format!("/api/sessions/{other}/requests"), KEY, json!({ "numbers": [number] })).await;
    assert!(left["left"][0]["reason"].as_str().unwrap().contains("decided"), "{left}");
    // Without a number: all that wait.
    let (_, all) = calls.post(&format!("/api/sessions/{other}/requests"), KEY, json!({})).await;
    assert_eq!(all["taken"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_elses_number_is_no_request() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let (number, _) = calls.asked(&door, "Pump house").await;
    let (session, facilitator) = calls.session().await;
    let csv = Some(("text/csv", "Project,Reference\nRoof repair,R-1\n".to_owned()));
    let imported =
        calls.call(Method::POST, &format!("/api/sessions/{session}/portfolio"), &facilitator, csv).await;
    assert_eq!(imported.status().as_u16(), 200);
    let path = format!("/api/sessions/{session}/requests");
    let (_, left) = calls.post(&path, &facilitator, json!({ "numbers": [number] })).await;
    assert!(left["left"][0]["reason"].as_str().unwrap().contains("Roof repair"), "{left}");
    assert_eq!(calls.get(&format!("/api/requests/{number}"), KEY).await["state"], json!("waiting"));
    // Others in the session take nothing.
    let made = calls.get(&format!("/api/sessions/{session}/share"), &facilitator).await;
    let code = json!({ "code": made["code"], "name": "Ana" });
    let (_, joined) = calls.post("/api/join", "", code).await;
    let participant = joined["token"].as_str().unwrap();
    calls.refused(Method::GET, &path, participant, None, 403, "forbidden").await;
}

#[tokio::test]
async fn an_erased_request_is_gone_from_the_log_and_its_number_is_not_given_again() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let (number, token) = calls.asked(&door, "Zebra crossing of Quentin").await;
    calls.asked(&door, "Signals").await;
    let path = format!("/api/requests/{number}");
    let erased = calls.call(Method::DELETE, &path, KEY, None).await;
    assert_eq!(erased.status().as_u16(), 204);
    calls.refused(Method::GET, &path, KEY, None, 404, "no_such_request").await;
    calls.refused(Method::DELETE, &path, KEY, None, 404, "no_such_request").await;
    calls.refused(Method::GET, "/api/intake/status", &token, None, 401, "status_link").await;
    for file in std::fs::read_dir(calls.data.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(14).any(|part| part == b"Zebra crossing"), "it stands in a file");
    }
    let (third, _) = calls.asked(&door, "Lamps").await;
    assert_eq!(third, 3);
    assert_eq!(calls.get("/api/requests", KEY).await["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_session_that_goes_on_from_another_takes_its_requests_along() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let (number, token) = calls.asked(&door, "Pump house").await;
    let (session, _) = calls.session().await;
    calls.post(&format!("/api/sessions/{session}/requests"), KEY, json!({ "numbers": [number] })).await;
    let (status, next) =
        calls.post("/api/sessions", KEY, json!({ "title": "Choose and commit", "from": session })).await;
    assert_eq!(status, 201, "{next}");
    let told = calls.get("/api/intake/status", &token).await;
    assert_eq!((&told["state"], &told["taken"]["title"]), (&json!("taken"), &json!("Choose and commit")));
    let shown = calls.get(&format!("/api/requests/{number}"), KEY).await;
    assert_eq!(shown["taken"].as_array().unwrap().len(), 2);
    // Both erased: it waits again.
    for id in [session.as_str(), next["id"].as_str().unwrap()] {
        calls.call(Method::DELETE, &format!("/api/sessions/{id}"), KEY, None).await;
    }
    let told = calls.get("/api/intake/status", &token).await;
    assert_eq!((&told["state"], &told["taken"]["title"]), (&json!("waiting"), &Value::Null));
}

/// A session that closes without a verdict on anything leaves nothing in the decision log.
#[tokio::test]
async fn what_a_session_was_closed_without_deciding_on_waits_again_and_its_requester_is_told() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    let (number, token) = calls.asked(&door, "Depot").await;
    let (session, facilitator) = calls.session().await;
    let path = format!("/api/sessions/{session}/requests");
    let (status, _) = calls.post(&path, &facilitator, json!({ "numbers": [number] })).await;
    assert_eq!(status, 200);
    assert_eq!(calls.get("/api/intake/status", &token).await["state"], json!("taken"));
    let command = async |kind: &str| {
        let board = calls.get(&format!("/api/sessions/{session}"), &facilitator).await["board"].take();
        let seen = json!({ "step": board["session"]["step"], "round": board["session"]["round"] });
        let command = json!({ "id": uuid::Uuid::now_v7(), "type": kind, "seen": seen });
        let (status, _) =
            calls.post(&format!("/api/sessions/{session}/commands"), &facilitator, command).await;
        assert_eq!(status, 200, "{kind}");
    };
    let stands = async |wanted: &str| loop {
        let told = calls.get("/api/intake/status", &token).await;
        if told["state"] == json!(wanted) {
            return told;
        }
        tokio::task::yield_now().await;
    };
    command("close").await;
    let told = tokio::time::timeout(std::time::Duration::from_secs(60), stands("waiting")).await.unwrap();
    assert_eq!(
        (&told["taken"]["passed"], &told["taken"]["title"], &told["decided"]),
        (&json!(true), &json!("A session"), &Value::Null)
    );
    assert_eq!(calls.get("/api/intake", KEY).await["waiting"], json!(1));
    // A close that is carried out again, as after a crash or by another node, enters nothing a second time.
    let (store, log) = (calls.app.node.store(), crate::store::LogId::workspace());
    let before = store.last(&log).await.unwrap();
    calls.app.workspace.session_closed(store, session.parse().unwrap()).await.unwrap();
    assert_eq!(store.last(&log).await.unwrap(), before);
    // Whoever reads the log anew comes to the same.
    let key = crate::tokens::Token::parse(KEY).unwrap();
    let (again, _) = crate::workspace::Workspace::open(store, Some(&key)).await.unwrap();
    assert!(again.request(number).unwrap().taken[0].closed);
    // It can come onto another board, and onto this one, where it is taken up again.
    command("resume").await;
    let (_, offered) = calls.post(&path, &facilitator, json!({ "numbers": [number] })).await;
    assert_eq!(offered["taken"][0]["number"], json!(number), "{offered}");
}

#[tokio::test]
async fn the_form_shows_the_strategy_that_was_last_decided_by_and_not_what_is_being_prepared() {
    let calls = Calls::new().await;
    let door = calls.opened().await;
    assert_eq!(calls.get("/api/intake/form", &door).await["pillars"], json!([]));
    let pillars = async |session: &str, token: &str, name: &str| {
        let body = json!([{ "name": name, "intent": "Why." }]);
        calls.post(&format!("/api/sessions/{session}/pillars"), token, body).await;
        let csv = Some(("text/csv", format!("Project\nWork on {name}\n")));
        calls.call(Method::POST, &format!("/api/sessions/{session}/portfolio"), token, csv).await;
    };
    let (first, token) = calls.session().await;
    pillars(&first, &token, "Grow").await;
    let form = calls.get("/api/intake/form", &door).await;
    assert_eq!(form["pillars"], json!([{ "name": "Grow", "intent": "Why.", "measure": "" }]));
    assert_eq!(form["projects"][0]["name"], json!("Work on Grow"));
    let id = first.parse().unwrap();
    let mut board = calls.app.session(id).unwrap().ask(crate::session::Session::board).await.unwrap();
    let project = *board.projects.keys().next().unwrap();
    board.decisions.entry(project).or_default().verdict = Some(plumbline_shared::words::Verdict::Stop);
    let at = Position { at: EVENING, n: 1 };
    let closed = Closed { session: id, at, board, imports: Vec::new(), attendance: Vec::new() };
    calls.app.node.decisions().log(calls.app.node.store(), &closed).await.unwrap();
    let (second, token) = calls.session().await;
    pillars(&second, &token, "Shrink").await;
    // Not told yet: for who asks it runs.
    let form = calls.get("/api/intake/form", &door).await;
    assert_eq!(
        (&form["pillars"][0]["name"], form["projects"].as_array().unwrap().len()),
        (&json!("Grow"), 1)
    );
    calls.post("/api/decisions/1/told", KEY, json!({ "told_by": "Dan", "told_on": "2026-12-01" })).await;
    assert_eq!(calls.get("/api/intake/form", &door).await["projects"], json!([]));
    let (_, hidden) = calls.post("/api/intake", KEY, json!({ "names": false })).await;
    assert_eq!(hidden["names"], json!(false));
    assert_eq!(calls.get("/api/intake/form", &door).await["names"], json!(false));
}
