//! The HTTP calls of DESIGN section 6, from outside.

use std::{fs, time::Duration};

use plumbline_shared::{order, wire::CloseCode};
use plumbline_tests::{
    api::Reply,
    peer::Peer,
    server::{KEY, Server},
    setting,
    socket::{Door, Event, Socket},
    stage::{PILLARS, Stage},
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn key() -> String {
    order::between(None, None)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_made_joined_and_listed() {
    let server = Server::start().await;
    let api = server.api();
    let made = api.create("Strategy day").await;
    assert!(
        made.code.chars().filter(char::is_ascii_alphanumeric).count() >= 8,
        "40 bits or more: {}",
        made.code
    );
    for (url, token) in
        [(&made.facilitator_url, &made.facilitator_token), (&made.wall_url, &made.observer_token)]
    {
        let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
        assert!(fragment.contains(token.as_str()), "the token stands in the fragment of {url}");
        assert!(!before.contains(token.as_str()), "and nowhere else");
    }
    let joined = api.join(&made.code, "Ana").await;
    assert_eq!(joined.session_id, made.id);
    // As people type it: lower case, with a blank or a dash.
    let typed = made.code.to_lowercase().replace('-', " ");
    assert_eq!(api.join(&typed, "Ben").await.session_id, made.id);

    let list = api.get("/api/sessions", KEY).await.expect(200).json();
    let sessions = list["items"].as_array().cloned().unwrap_or_default();
    assert!(sessions.iter().any(|session| session["id"] == json!(made.id)), "{list}");
    for token in [&made.facilitator_token, &made.observer_token, &joined.token] {
        let board = api.board(&made.id, token).await;
        assert!(board.to_string().contains("Strategy day"), "{board}");
    }
    assert_eq!(
        api.get(&format!("/api/sessions/{}", made.id), KEY).await.status,
        200,
        "the workspace may look too"
    );
    assert_eq!(api.call("DELETE", &format!("/api/sessions/{}", made.id), KEY, &[], "").await.status / 100, 2);
    let gone = api.get(&format!("/api/sessions/{}", made.id), &made.facilitator_token).await;
    assert!([401, 404].contains(&gone.status), "an erased session is gone: {}", gone.status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_call_asks_for_who_may() {
    let stage = Stage::with_projects(3).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let ana = stage.join("Ana").await.token;
    let wall = &stage.session.observer_token;
    let pillars = format!("/api/sessions/{id}/pillars");
    let link = format!("/api/sessions/{id}/link");
    let rotate = format!("/api/sessions/{id}/rotate");
    let commands = format!("/api/sessions/{id}/commands");
    let export = format!("/api/sessions/{id}/export/decisions.csv");
    let none = "";
    let title = json!({ "title": "A session" });
    let lock =
        json!({ "id": Uuid::now_v7(), "type": "close", "seen": { "step": Uuid::now_v7(), "round": 1 } });
    let tries: Vec<(&str, &str, Value, &str, u16)> = vec![
        ("POST", "/api/sessions", title.clone(), none, 401),
        ("POST", "/api/sessions", title.clone(), "wrong-key", 401),
        ("POST", "/api/sessions", title, &ana, 401),
        ("GET", "/api/sessions", json!(null), none, 401),
        ("POST", &pillars, json!([]), none, 401),
        ("POST", &pillars, json!([{ "name": "Mine" }]), &ana, 403),
        ("POST", &pillars, json!([{ "name": "Mine" }]), wall, 403),
        ("POST", &rotate, json!({ "what": "code" }), &ana, 403),
        ("POST", &commands, lock, &ana, 403),
        ("POST", &link, json!({}), wall, 403),
        ("GET", &export, json!(null), &ana, 403),
        ("GET", &export, json!(null), none, 401),
        ("DELETE", "/api/sessions/0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f", json!(null), KEY, 404),
        ("GET", "/api/nowhere", json!(null), none, 404),
        ("GET", "/api/sessions/no-id", json!(null), KEY, 404),
    ];
    for (method, path, body, token, status) in tries {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let reply = api.call(method, path, token, &[("content-type", "application/json")], body).await;
        // A workspace call with a session's token is no call of the workspace at all.
        let statuses = if status == 401 { vec![401, 403] } else { vec![status] };
        assert!(
            statuses.contains(&reply.status),
            "{method} {path} answered {}: {}",
            reply.status,
            reply.text()
        );
        let _ = reply.problem(reply.status);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_are_limited_and_right_ones_are_not() {
    let server = Server::start().await;
    let api = server.api();
    let mut refusals = Vec::new();
    for n in 0..14 {
        let reply =
            api.post("/api/join", "", &json!({ "code": format!("ZZZZ-{n:04}"), "name": "Guess" })).await;
        refusals.push(reply.status);
        let _ = reply.problem(reply.status);
    }
    assert!(refusals[..5].iter().all(|status| *status == 404), "{refusals:?}");
    assert!(
        refusals[11..].iter().all(|status| *status == 429),
        "more than ten a minute are too many: {refusals:?}"
    );
    let limited = api.post("/api/join", "", &json!({ "code": "ZZZZ-9999", "name": "Guess" })).await;
    assert!(
        limited.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds <= 60),
        "{:?}",
        limited.headers
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_full_of_people_is_one_address() {
    let server = Server::start().await;
    let api = server.api();
    let made = api.create("A session").await;
    for n in 0..40 {
        api.join(&made.code, &format!("Person {n}")).await;
    }
    let nameless = api.post("/api/join", "", &json!({ "code": made.code, "name": "  " })).await;
    let _ = nameless.problem(nameless.status);
    let endless = api.post("/api/join", "", &json!({ "code": made.code, "name": "x".repeat(400) })).await;
    let _ = endless.problem(endless.status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_personal_link_carries_the_same_person() {
    let stage = Stage::with_projects(3).await;
    let ana = stage.join("Ana").await;
    let path = format!("/api/sessions/{}/link", stage.session.id);
    let url = stage.api().post(&path, &ana.token, &json!({})).await.expect(200).json()["url"].clone();
    let url = url.as_str().unwrap_or_default();
    let (_, fragment) = url.split_once('#').unwrap_or_default();
    assert!(!fragment.is_empty(), "the link carries its secret in the fragment: {url}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_rotated_is_dead_at_once() {
    let stage = Stage::with_projects(3).await;
    let (api, session) = (stage.api(), &stage.session);
    let rotate = format!("/api/sessions/{}/rotate", session.id);
    let turn = async |what: &str| -> Value {
        api.post(&rotate, &session.facilitator_token, &json!({ "what": what })).await.expect(200).json()
    };

    let ana = stage.join("Ana").await;
    let connected = Peer::join(&stage.door(&ana.token)).await;
    turn(&ana.participant_id).await;
    assert_eq!(connected.end().await, Event::Closed(CloseCode::NotAdmitted.number()), "its connections end");
    assert_eq!(Socket::turned_away(&stage.door(&ana.token)).await, CloseCode::NotAdmitted.number());
    assert_eq!(Socket::turned_away(&stage.door(&ana.token).plain()).await, 401);
    assert_eq!(api.get(&format!("/api/sessions/{}", session.id), &ana.token).await.status, 401);

    let code = turn("code").await;
    let code = code["code"].as_str().unwrap_or_else(|| panic!("the new code: {code}"));
    assert_ne!(code, session.code);
    assert_eq!(api.post("/api/join", "", &json!({ "code": session.code, "name": "Late" })).await.status, 404);
    api.join(code, "In time").await;

    let wall = Peer::join(&stage.door(&session.observer_token)).await;
    turn("observer").await;
    assert_eq!(wall.end().await, Event::Closed(CloseCode::NotAdmitted.number()));

    let fay = stage.witness().await;
    turn("facilitator").await;
    assert_eq!(fay.end().await, Event::Closed(CloseCode::NotAdmitted.number()));
    let dead = api.post(&rotate, &session.facilitator_token, &json!({ "what": "code" })).await;
    assert_eq!(dead.status, 401, "the old facilitator's token turns nothing any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_portfolio_of_2022_gives_235_projects_and_nothing_skipped() {
    let stage = Stage::with_portfolio().await;
    assert_eq!(stage.projects.len(), 235);
    let (api, session) = (stage.api(), &stage.session);
    let csv = fs::read(setting::fixture("portfolios/gmpp-2022.csv")).expect("the fixture is in the project");
    let again = api.import(&session.id, &session.facilitator_token, csv).await;
    assert_eq!(again["skipped"], json!([]));
    let held = stage.held().await;
    assert_eq!(
        held["projects"].as_object().map(serde_json::Map::len),
        Some(235),
        "importing again makes no second ones"
    );
    let board = api.board(&session.id, &session.facilitator_token).await;
    let projects = board["board"]["projects"].to_string();
    assert!(projects.contains("Submarine Dismantling Project"), "the board as JSON has its projects");

    let ana = stage.join("Ana").await.token;
    let path = format!("/api/sessions/{}/portfolio", session.id);
    let tries =
        [("text/csv", "Project\nOne\n", &ana, 403), ("image/png", "x", &session.facilitator_token, 415)];
    for (kind, body, token, status) in tries {
        let reply = api.call("POST", &path, token, &[("content-type", kind)], body).await;
        let _ = reply.problem(status);
    }
    let huge = vec![b'x'; 6 * 1024 * 1024];
    let reply = api
        .send(
            "POST",
            &path,
            &[
                ("content-type", "text/csv"),
                ("authorization", &format!("Bearer {}", session.facilitator_token)),
            ],
            huge,
        )
        .await;
    // The server may close before all of it has been sent.
    if let Ok(reply) = reply {
        let _ = reply.problem(413);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_and_its_exports_say_the_same() {
    let stage = Stage::with_projects(5).await;
    let (api, session) = (stage.api(), &stage.session);
    let facilitator = stage.witness().await;
    facilitator.place(&stage.projects[0], &stage.pillars[0], &key());
    facilitator.place(&stage.projects[1], "off", &key());
    facilitator.saved().await;
    let export = async |kind: &str, token: &str| -> Reply {
        api.get(&format!("/api/sessions/{}/export/decisions.{kind}", session.id), token).await.expect(200)
    };
    for token in [session.facilitator_token.as_str(), KEY] {
        let markdown = export("md", token).await;
        assert!(
            markdown.header("content-type").starts_with("text/markdown"),
            "{}",
            markdown.header("content-type")
        );
        assert!(
            markdown.text().contains("Project 001") && markdown.text().contains(PILLARS[0]),
            "{}",
            markdown.text()
        );
        let json = export("json", token).await.json();
        assert!(json.to_string().contains("Project 002"), "{json}");
        let csv = export("csv", token).await;
        assert!(csv.header("content-type").starts_with("text/csv"));
        assert!(csv.header("content-disposition").contains("attachment"), "{:?}", csv.headers);
        let rows = csv.text();
        assert!(rows.lines().count() >= 6, "a row for each project and the headings: {rows}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_repeated_under_its_key_happens_once() {
    let server = Server::start().await;
    let api = server.api();
    let make = async |key: &str, title: &str| {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        api.call("POST", "/api/sessions", KEY, &headers, json!({ "title": title }).to_string()).await
    };
    let (first, second) = (
        make("0192f0c4-first-key", "Once").await.expect(201),
        make("0192f0c4-first-key", "Once").await.expect(201),
    );
    assert_eq!(first.json()["id"], second.json()["id"], "the same session");
    let other = make("0192f0c4-second-key", "Once").await.expect(201);
    assert_ne!(first.json()["id"], other.json()["id"]);
    let reused = make("0192f0c4-first-key", "Something else").await;
    let _ = reused.problem(reused.status);
    assert!([409, 422].contains(&reused.status), "one key stands for one request: {}", reused.status);

    let code = first.json()["code"].as_str().unwrap_or_default().to_owned();
    let join = async || {
        let headers = [("content-type", "application/json"), ("idempotency-key", "0192f0c4-join-key")];
        let body = json!({ "code": code, "name": "Ana" }).to_string();
        api.call("POST", "/api/join", "", &headers, body).await.expect(200).json()
    };
    assert_eq!(join().await["participant_id"], join().await["participant_id"], "the same person");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_strict_and_assets_are_kept() {
    let server = Server::start().await;
    let api = server.api();
    for (path, status) in [("/healthz", 200), ("/readyz", 200)] {
        assert_eq!(api.get(path, "").await.status, status, "{path}");
    }
    let page = api.get("/", "").await.expect(200);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("default-src") && !policy.contains("unsafe-inline"), "{policy}");
    assert!(!policy.replace("'wasm-unsafe-eval'", "").contains("unsafe-eval"), "{policy}");
    assert!(
        !policy.contains("http:") && !policy.contains("https:") && !policy.contains('*'),
        "no other host: {policy}"
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(!page.header("referrer-policy").is_empty());
    assert!(page.header("cache-control").contains("no-cache"), "{}", page.header("cache-control"));
    let html = page.text();
    assert!(!html.contains("http://") && !html.contains("https://"), "the page asks nothing of another host");
    let assets: Vec<&str> = html
        .split(['"', '\''])
        .filter(|part| part.ends_with(".js") || part.ends_with(".wasm") || part.ends_with(".css"))
        .collect();
    assert!(assets.len() >= 2, "the page has its parts: {html}");
    for asset in assets {
        let path = if asset.starts_with('/') {
            asset.to_owned()
        } else {
            format!("/{}", asset.trim_start_matches("./"))
        };
        let plain = api.get(&path, "").await.expect(200);
        assert!(
            plain.header("cache-control").contains("immutable"),
            "{path}: {}",
            plain.header("cache-control")
        );
        let packed = api.call("GET", &path, "", &[("accept-encoding", "gzip, br")], "").await.expect(200);
        assert_eq!(packed.header("content-encoding"), "br", "{path}");
        assert!(
            packed.header("vary").to_lowercase().contains("accept-encoding"),
            "{path}: {}",
            packed.header("vary")
        );
        assert!(packed.body.len() < plain.body.len(), "{path}");
        let etag = packed.header("etag").to_owned();
        assert!(!etag.is_empty(), "{path}");
        let headers = [("accept-encoding", "gzip, br"), ("if-none-match", etag.as_str())];
        assert_eq!(api.call("GET", &path, "", &headers, "").await.status, 304, "{path}");
    }
    // A link into a session is a page of the same application.
    assert!(api.get("/join", "").await.expect(200).header("content-type").starts_with("text/html"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_of_another_sites_pages_are_refused() {
    let server = Server::start().await;
    let api = server.api();
    let made = api.create("A session").await;
    let body = || json!({ "code": made.code, "name": "Eve" }).to_string();
    let from = async |origin: &str| {
        let headers = [("content-type", "application/json"), ("origin", origin)];
        api.call("POST", "/api/join", "", &headers, body()).await
    };
    let _ = from("https://elsewhere.example").await.problem(403);
    let _ = from("null").await.problem(403);
    assert_eq!(from(&format!("http://{}", server.address())).await.status, 200, "our own page may");
    let reply = api
        .call(
            "GET",
            &format!("/api/sessions/{}", made.id),
            &made.facilitator_token,
            &[("origin", "https://elsewhere.example")],
            "",
        )
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), "", "and nothing is readable from there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_tells_the_clients_and_ends_within_ten_seconds() {
    let mut stage = Stage::with_projects(5).await;
    let (ana, ben) = (stage.peer("Ana").await, stage.peer("Ben").await);
    ana.place(&stage.projects[0], "off", &key());
    ana.saved().await;
    let idle = Socket::open(&stage.door(&stage.session.observer_token)).await;
    let took = stage.server.terminate().await;
    println!("stopped after {took:?}");
    for peer in [&ana, &ben] {
        assert_eq!(peer.end().await, Event::Closed(CloseCode::GoingAway.number()));
    }
    drop(idle);
    stage.server.restart().await;
    let held = stage.held().await;
    assert_eq!(held["placements"][&stage.projects[0]][0], "off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_says_nothing_does_not_hold_up_the_end() {
    let mut server = Server::start().await;
    let _silent = tokio::net::TcpStream::connect(server.address()).await.expect("the server listens");
    let made = server.api().create("A session").await;
    let mut deaf = Socket::open(&Door::new(server.address(), &made.id, &made.facilitator_token))
        .await
        .expect("admitted");
    // It neither reads nor answers the farewell.
    let took = server.terminate().await;
    assert!(took < Duration::from_secs(10));
    assert!(matches!(deaf.until_closed(wait::PATIENCE).await, Event::Closed(1001) | Event::Broken));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_ever_in_the_log() {
    let mut stage = Stage::with_projects(5).await;
    let ana = stage.join("Anastasia Unmistakable").await;
    let plain = Peer::join(&stage.door(&ana.token).plain()).await;
    plain.place(&stage.projects[0], "off", &key());
    assert_eq!(Socket::turned_away(&stage.door("not-a-token").plain()).await, 401);
    let _ = stage.api().post("/api/join", "", &json!({ "code": "ZZZZ-ZZZZ", "name": "Guess" })).await;
    plain
        .until("the change has come back", |seen| wait::holds(seen.frames > 1, || seen.frames.to_string()))
        .await;
    stage.server.terminate().await;
    let log = stage.server.log();
    let session = &stage.session;
    for secret in [
        &ana.token,
        &session.facilitator_token,
        &session.observer_token,
        &session.code,
        &"Unmistakable".to_owned(),
    ] {
        assert!(!log.contains(secret.as_str()), "the log has «{secret}»:\n{log}");
    }
    // The key that the environment gave is known to whoever gave it; printing it would put it into a journal.
    assert!(!log.contains(KEY), "the log has the workspace key:\n{log}");
}
