//! Webhooks of the real binary against a real receiver that fails, hangs, redirects, is gone and comes back.

use std::{collections::BTreeMap, time::Duration};

use plumbline_shared::schema::Root;
use plumbline_tests::{
    api::Api,
    chance::Chance,
    receiver::{Received, Receiver},
    server::{KEY, Server},
    setting,
    stage::Stage,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, Out, WriteTxn};

/// Deliveries may go to the receiver, and what fails is tried again a thousand times as fast as usual.
const HERE: [&str; 4] = ["--webhooks-to", "127.0.0.0/8", "--webhooks-pace", "1000"];

/// How often the server is killed unless the environment says otherwise.
const ROUNDS: u64 = 8;

/// How long deliveries that were cut off may take: what hangs is waited for 15 seconds.
const DELIVERED: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_comes_signed_to_whoever_takes_it_however_the_others_behave() {
    let stage = Stage::on_server(Server::start_with(&HERE).await, 3).await;
    let (api, receiver) = (stage.api(), Receiver::start().await);
    let everyone = json!({ "name": "Chat", "content": "everyone" });
    let takes = receiver.enter(&api, "/takes", everyone.clone()).await;
    let fails = receiver.enter(&api, "/fails", everyone.clone()).await;
    let hangs = receiver.enter(&api, "/hangs", everyone.clone()).await;
    let moved = receiver.enter(&api, "/moved", everyone.clone()).await;
    let gone = receiver.enter(&api, "/gone", everyone.clone()).await;
    let logged = json!({ "events": ["decision.logged"] });
    let only = receiver.enter(&api, "/only", logged).await;
    receiver.behaves("/fails", json!({ "status": 500, "text": "Not\ntoday\u{7}" })).await;
    receiver.behaves("/hangs", json!({ "hang": true })).await;
    let location = receiver.url("/trap");
    receiver.behaves("/moved", json!({ "status": 307, "headers": { "location": location } })).await;
    receiver.behaves("/gone", json!({ "status": 410 })).await;

    decide(&stage, 1, &[]).await;
    command(&stage, "close").await;
    // Whoever hangs, fails or is gone takes nothing from whoever does not.
    let first = all_of(&receiver, "/takes", 4, DELIVERED).await;
    let kinds: Vec<&str> = first.iter().filter_map(|one| one.body["type"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "decision.logged").count(), 3, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "session.closed").count(), 1, "{kinds:?}");
    let closed = first.iter().find(|one| one.body["type"] == "session.closed").expect("it came");
    assert_eq!(closed.body["data"]["public"]["title"], "A session under test");
    assert_eq!((closed.method.as_str(), closed.agent.contains("Plumbline/")), ("POST", true));
    assert_eq!(closed.host, format!("127.0.0.1:{}", receiver.port));
    wait::until("the one that hangs is held", async || {
        let held = receiver.held("/hangs").await;
        wait::holds(held == 2, || format!("{held} at a time"))
    })
    .await;
    assert_eq!(all_of(&receiver, "/only", 3, DELIVERED).await.len(), 3);

    // Gone is gone: nothing more is sent, until somebody says otherwise.
    let off = state(&api, &gone, "off").await;
    assert_eq!(off["off"]["why"], "gone");
    assert!(receiver.received("/gone").await.len() <= 2, "what was under way, and nothing else");
    // A redirect is an answer like any other that is no success.
    let failing = state(&api, &moved, "failing").await;
    assert_eq!(failing["waiting"], 4);
    assert!(receiver.received("/trap").await.is_empty(), "nothing is followed");
    let tried = deliveries(&api, &fails, "?state=waiting").await;
    let attempt = wait::until("one was tried", async || {
        let tried = deliveries(&api, &fails, "?state=waiting").await;
        tried[0]["attempts"].get(0).cloned().ok_or_else(|| tried.to_string())
    })
    .await;
    assert_eq!((&attempt["status"], &attempt["answer"]), (&json!(500), &json!("Not today")), "{tried}");

    // They come back, and each has every event.
    let told = json!({ "told_by": "Ben", "told_on": "2026-12-01" });
    let _ = api.post("/api/decisions/1/told", KEY, &told).await.expect(201);
    for path in ["/fails", "/hangs", "/moved", "/gone"] {
        receiver.behaves(path, json!({ "status": 204 })).await;
    }
    let on = api.call("PATCH", &of(&gone, ""), KEY, &JSON, json!({ "on": true }).to_string()).await;
    assert_eq!(on.expect(200).json()["state"], "on");
    let mut ids = Vec::new();
    for (path, webhook) in
        [("/takes", &takes), ("/fails", &fails), ("/hangs", &hangs), ("/moved", &moved), ("/gone", &gone)]
    {
        let all = all_of(&receiver, path, 5, DELIVERED).await;
        ids.push(all.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
        quiet(&api, webhook).await;
        assert_eq!(state(&api, webhook, "on").await["failed"], 0, "{path}");
    }
    assert!(ids.iter().all(|of| *of == ids[0]), "the same events by the same names: {ids:?}");
    assert_eq!(receiver.received("/takes").await.len(), 5, "whoever takes it is not told twice");
    let shown = state(&api, &only, "on").await;
    assert_eq!((&shown["waiting"], receiver.received("/only").await.len()), (&json!(0), 3));

    rotated_and_replayed(&api, &receiver, &takes).await;

    // Nothing of a secret, or of an address, is in what the server writes down.
    let log = stage.server.log();
    assert!(!log.contains("whsec_") && !log.contains("/takes"), "{log}");
    for webhook in [&takes, &hangs] {
        let _ = api.call("DELETE", &of(webhook, ""), KEY, &[], "").await.expect(204);
        assert!(api.get(&of(webhook, ""), KEY).await.problem(404).contains("no such webhook"));
    }
    assert_eq!(api.get("/api/webhooks", KEY).await.json()["items"].as_array().map(Vec::len), Some(4));
}

/// A new secret signs beside the old one for a while, and then alone; what was delivered is delivered again when asked for.
async fn rotated_and_replayed(api: &Api, receiver: &Receiver, webhook: &Value) {
    let rotate = async |hours: u64| -> Value {
        let body = json!({ "both_for_hours": hours });
        api.post(&of(webhook, "/rotate"), KEY, &body).await.expect(200).json()
    };
    let test = async || {
        let before = receiver.received("/takes").await.len();
        let _ = api.post(&of(webhook, "/test"), KEY, &json!({})).await.expect(202);
        wait::until("the test has come", async || {
            let all = receiver.received("/takes").await;
            all.get(before).cloned().ok_or_else(|| format!("{} came", all.len()))
        })
        .await
    };
    let second = rotate(1).await;
    receiver.secrets("/takes", &[&webhook["secret"], &second["secret"]]).await;
    let both = test().await;
    assert_eq!((both.signatures, both.verified), (2, vec![true, true]));
    assert_eq!(both.body["type"], "webhook.test");
    let third = rotate(0).await;
    receiver.secrets("/takes", &[&webhook["secret"], &second["secret"], &third["secret"]]).await;
    let alone = test().await;
    assert_eq!((alone.signatures, alone.verified), (1, vec![false, false, true]));
    wait::until("the secret before is forgotten", async || {
        let shown = api.get(&of(webhook, ""), KEY).await.json();
        wait::holds(shown["both_until"].is_null(), || shown.to_string())
    })
    .await;
    assert!(api.get("/api/webhooks", KEY).await.text().find("whsec_").is_none(), "it is told once");

    quiet(api, webhook).await;
    let last = deliveries(api, webhook, "?limit=1").await[0].take();
    assert_eq!((&last["type"], &last["state"]), (&json!("webhook.test"), &json!("delivered")));
    let _ = api
        .post(&of(webhook, &format!("/deliveries/{}/replay", last["id"])), KEY, &json!({}))
        .await
        .expect(202);
    wait::until("it has come again, by the same name", async || {
        let all = receiver.received("/takes").await;
        let times = all.iter().filter(|one| json!(one.id) == last["event"]).count();
        wait::holds(times == 2, || format!("{times} times"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_nothing_for_days_is_turned_off_and_has_everything_when_it_is_back() {
    let arguments = ["--webhooks-to", "127.0.0.0/8", "--webhooks-pace", "200000"];
    let stage = Stage::on_server(Server::start_with(&arguments).await, 2).await;
    let (api, receiver) = (stage.api(), Receiver::start().await);
    let webhook = receiver.enter(&api, "/", json!({})).await;
    receiver.behaves("/", json!({ "status": 503, "headers": { "retry-after": "0" } })).await;
    decide(&stage, 1, &[]).await;
    command(&stage, "close").await;
    // Ten attempts each, and then no more.
    wait::until_within(DELIVERED, "all were given up", async || {
        let failed = deliveries(&api, &webhook, "?state=failed").await;
        wait::holds(failed.as_array().is_some_and(|all| all.len() == 3), || failed.to_string())
    })
    .await;
    for failed in deliveries(&api, &webhook, "?state=failed").await.as_array().into_iter().flatten() {
        assert_eq!((&failed["tries"], &failed["next_at"]), (&json!(10), &Value::Null), "{failed}");
    }
    // It goes on failing until it is turned off, and what happens then waits.
    wait::until_within(DELIVERED, "it is turned off", async || {
        let shown = api.get(&of(&webhook, ""), KEY).await.json();
        if shown["state"] != "off" {
            let _ = api.post(&of(&webhook, "/test"), KEY, &json!({})).await;
        }
        wait::holds(shown["off"]["why"] == "failing", || shown.to_string())
    })
    .await;
    let _ = api.post(&of(&webhook, "/test"), KEY, &json!({})).await.problem(409);
    let told = json!({ "told_by": "Ben", "told_on": "2026-12-01" });
    let _ = api.post("/api/decisions/1/told", KEY, &told).await.expect(201);
    receiver.behaves("/", json!({ "status": 200 })).await;
    let came = receiver.received("/").await.len();
    let on = json!({ "on": true }).to_string();
    let _ = api.call("PATCH", &of(&webhook, ""), KEY, &JSON, on).await.expect(200);
    let replayed = api.post(&of(&webhook, "/replay"), KEY, &json!({})).await.expect(202).json();
    assert!(replayed["replayed"].as_u64() >= Some(3), "{replayed}");
    wait::until_within(DELIVERED, "everything has come", async || {
        let after: Vec<Received> = receiver.received("/").await.split_off(came);
        let kinds: std::collections::BTreeSet<&str> =
            after.iter().filter_map(|one| one.body["type"].as_str()).collect();
        let shown = api.get(&of(&webhook, ""), KEY).await.json();
        let is_all =
            ["decision.changed", "decision.logged", "session.closed"].iter().all(|kind| kinds.contains(kind));
        wait::holds(is_all && shown["waiting"] == 0 && shown["failed"] == 0, || format!("{kinds:?} {shown}"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_over_a_kill() {
    let rounds = setting::number(setting::CRASH_ROUNDS, ROUNDS).min(50);
    let seed = setting::number(setting::SEED, 20_260_103);
    println!("{rounds} rounds, {}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let mut stage = Stage::on_server(Server::start_with(&HERE).await, 12).await;
    let (api, receiver) = (stage.api(), Receiver::start().await);
    receiver.enter(&api, "/a", json!({})).await;
    receiver.enter(&api, "/b", json!({})).await;
    // Slow enough that the server always dies with some of it under way.
    receiver.behaves("/a", json!({ "status": 200, "delay": 15 })).await;
    receiver.behaves("/b", json!({ "status": 500, "delay": 5 })).await;
    let mut cut = 0;
    for round in 0..rounds {
        if round == rounds / 2 {
            receiver.behaves("/b", json!({ "status": 202, "delay": 5 })).await;
        }
        decide(&stage, round, &[]).await;
        command(&stage, "close").await;
        tokio::time::sleep(Duration::from_millis(chance.below(120) as u64)).await;
        stage.server.kill9();
        stage.server.restart().await;
        let waiting = api.get("/api/webhooks", KEY).await.json();
        cut += u64::from(waiting["items"][0]["waiting"] != json!(0));
        if round + 1 < rounds {
            command(&stage, "resume").await;
        }
    }
    // Every round decides all projects anew.
    let (closes, entries) = (rounds, rounds * 12);
    let log = api.get("/api/decisions/verify", KEY).await.expect(200).json();
    assert_eq!(log["entries"], json!(entries));
    let mut sent = 0;
    for path in ["/a", "/b"] {
        let expected = usize::try_from(closes + entries).unwrap_or(usize::MAX);
        let all = all_of(&receiver, path, expected, DELIVERED).await;
        let numbers: Vec<u64> = all.iter().filter_map(|one| one.body["data"]["decision"].as_u64()).collect();
        let mut sorted = numbers;
        sorted.sort_unstable();
        assert_eq!(sorted, (1..=entries).collect::<Vec<u64>>(), "each entry under one name");
        sent += receiver.received(path).await.len();
    }
    println!(
        "{cut} of {rounds} kills left deliveries waiting; {sent} were sent for {} events",
        2 * (closes + entries)
    );
    assert!(rounds < 5 || cut > 0, "the moments were of chance");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_comes_once_for_each_day_that_holds() {
    let mut stage = Stage::on_server(Server::start_with(&HERE).await, 4).await;
    let (api, receiver) = (stage.api(), Receiver::start().await);
    let due = json!({ "events": ["decision.due"], "content": "everyone" });
    receiver.enter(&api, "/", due).await;
    let ahead = |days: i32| plumbline_shared::day::Day::of(now()).plus(days).to_string();
    let days = [ahead(10), ahead(20), ahead(20), ahead(400)];
    decide(&stage, 1, &days.each_ref().map(|day| ("review", day.as_str()))).await;
    command(&stage, "close").await;
    // One is taken back before its day.
    let back = json!({ "status": "reversed", "by": "Ana" });
    let _ = api.post("/api/decisions/3/status", KEY, &back).await.expect(201);
    let at = async |stage: &mut Stage, days: &str| {
        // One time it is told to end, the next time it is killed.
        if days.len() == 1 {
            stage.server.kill9();
        } else {
            stage.server.terminate().await;
        }
        stage.server.restart_with(&[&HERE[..], &["--webhooks-days-ahead", days]].concat()).await;
    };
    for (tests, (days, expected)) in
        (1..).zip([("5", 0), ("10", 1), ("10", 1), ("30", 2), ("31", 2), ("30", 2)])
    {
        at(&mut stage, days).await;
        // What a server that starts has to tell is put on its way before anything is sent: when a test has come and nothing
        // waits, there is no more of it.
        let webhook = api.get("/api/webhooks", KEY).await.json()["items"][0].take();
        let _ = api.post(&of(&webhook, "/test"), KEY, &json!({})).await.expect(202);
        all_of(&receiver, "/", expected + tests, DELIVERED).await;
        quiet(&api, &webhook).await;
        assert_eq!(receiver.received("/").await.len(), expected + tests, "{days} days ahead");
    }
    let mut all = receiver.received("/").await;
    all.retain(|one| one.body["type"] == "decision.due");
    let mut decisions: Vec<(u64, String)> = all
        .iter()
        .map(|one| {
            let data = &one.body["data"];
            assert_eq!((&data["what"], one.verified.as_slice()), (&json!("review"), &[true][..]));
            assert_eq!(data["public"]["days"]["review"], data["day"]);
            (
                data["decision"].as_u64().unwrap_or_default(),
                data["day"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    decisions.sort();
    assert_eq!(decisions, [(1, days[0].clone()), (2, days[1].clone())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_delivered_to_where_it_may_not_go() {
    let receiver = Receiver::start().await;
    let mut server = Server::start_with(&["--webhooks-to", "10.0.0.0/8"]).await;
    let api = server.api();
    let port = receiver.port;
    let refused = [
        (format!("https://127.0.0.1:{port}/"), "private"),
        (format!("https://localhost:{port}/"), "private"),
        (format!("http://localhost:{port}/"), "private"),
        (format!("https://[::1]:{port}/"), "private"),
        (format!("https://[::ffff:127.0.0.1]:{port}/"), "private"),
        (format!("https://2130706433:{port}/"), "private"),
        ("https://169.254.169.254/latest/meta-data/".to_owned(), "private"),
        ("https://192.168.1.1/".to_owned(), "private"),
        ("http://1.1.1.1/".to_owned(), "https://"),
        ("https://nobody.invalid/".to_owned(), "not known"),
        ("https://ana:secret@example.org/".to_owned(), "password"),
        ("ftp://example.org/".to_owned(), "web address"),
        ("example.org".to_owned(), "web address"),
    ];
    for (url, why) in &refused {
        let reply = api.post("/api/webhooks", KEY, &json!({ "url": url })).await;
        assert!(reply.problem(422).contains(why), "{url}: {}", reply.text());
        assert_eq!(reply.json()["code"], "unfit_address");
    }
    for wrong in [
        json!({ "url": "http://10.0.0.1/", "events": [] }),
        json!({ "url": "http://10.0.0.1/", "events": ["webhook.test"] }),
        json!({ "url": "http://10.0.0.1/", "events": ["everything"] }),
        json!({ "url": "http://10.0.0.1/", "content": "all" }),
        json!({ "url": "http://10.0.0.1/", "name": "x".repeat(1_001) }),
        json!({ "name": "Chat" }),
    ] {
        let _ = api.post("/api/webhooks", KEY, &wrong).await.problem(422);
    }
    for token in ["", "nobodys-token-of-forty-characters-or-more"] {
        let _ = api.post("/api/webhooks", token, &json!({ "url": "http://10.0.0.1/" })).await.problem(401);
        let _ = api.get("/api/webhooks", token).await.problem(401);
    }
    // What is entered is looked at again whenever it is called: the network may mean something else by then.
    server.kill9();
    server.restart_with(&HERE).await;
    let webhook =
        api.post("/api/webhooks", KEY, &json!({ "url": format!("http://localhost:{port}/") })).await;
    let webhook = webhook.expect(201).json();
    server.kill9();
    server.restart_with(&[]).await;
    let _ = api.post(&of(&webhook, "/test"), KEY, &json!({})).await.expect(202);
    let attempt = wait::until("it was tried", async || {
        let all = deliveries(&api, &webhook, "").await;
        all[0]["attempts"].get(0).cloned().ok_or_else(|| all.to_string())
    })
    .await;
    assert_eq!((&attempt["trouble"], &attempt["status"]), (&json!("refused"), &Value::Null));
    assert!(receiver.received("/").await.is_empty(), "nothing was sent");
    assert_eq!(state(&api, &webhook, "failing").await["waiting"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_counts_that_this_machine_trusts_and_no_other() {
    let receiver = Receiver::start().await;
    let port = receiver.secure().await;
    let root = setting::fixture("tls/ca.pem");
    let root = root.to_str().unwrap_or_default();
    let trusting = Server::start_in(&HERE, &[("SSL_CERT_FILE", root)]).await;
    let other = Server::start_with(&HERE).await;
    for (server, name, expected) in [
        (&trusting, "localhost", None),
        (&trusting, "127.0.0.1", Some("certificate")),
        (&other, "localhost", Some("certificate")),
    ] {
        let (api, path) = (server.api(), format!("/{name}"));
        let wanted = json!({ "url": format!("https://{name}:{port}{path}") });
        let webhook = api.post("/api/webhooks", KEY, &wanted).await.expect(201).json();
        let before = receiver.received(&path).await.len();
        let _ = api.post(&of(&webhook, "/test"), KEY, &json!({})).await.expect(202);
        let attempt = wait::until("it was tried", async || {
            let all = deliveries(&api, &webhook, "").await;
            all[0]["attempts"].get(0).cloned().ok_or_else(|| all.to_string())
        })
        .await;
        assert_eq!(attempt["trouble"].as_str(), expected, "{attempt}");
        let came = receiver.received(&path).await.len() - before;
        assert_eq!(came, usize::from(expected.is_none()), "{name}");
    }
}

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or_default())
}

fn of(webhook: &Value, rest: &str) -> String {
    format!("/api/webhooks/{}{rest}", webhook["id"].as_str().unwrap_or_default())
}

async fn deliveries(api: &Api, webhook: &Value, query: &str) -> Value {
    api.get(&of(webhook, &format!("/deliveries{query}")), KEY).await.expect(200).json()["items"].take()
}

/// The webhook, once it is in this state.
async fn state(api: &Api, webhook: &Value, state: &str) -> Value {
    wait::until_within(DELIVERED, &format!("it is {state}"), async || {
        let shown = api.get(&of(webhook, ""), KEY).await.expect(200).json();
        if shown["state"] == state { Ok(shown) } else { Err(shown.to_string()) }
    })
    .await
}

/// Waits until nothing is on its way.
async fn quiet(api: &Api, webhook: &Value) {
    wait::until_within(DELIVERED, "nothing is on its way", async || {
        let shown = api.get(&of(webhook, ""), KEY).await.expect(200).json();
        wait::holds(shown["waiting"] == 0, || shown.to_string())
    })
    .await;
}

/// One of each event that came to a path, in the order of their names, once so many different ones have. Each was signed.
async fn all_of(receiver: &Receiver, path: &str, count: usize, patience: Duration) -> Vec<Received> {
    let all = wait::until_within(patience, &format!("{count} events have come to {path}"), async || {
        let mut ids: BTreeMap<String, Received> = BTreeMap::new();
        for one in receiver.received(path).await {
            assert_eq!((one.signatures, one.verified.as_slice()), (1, &[true][..]), "{one:?}");
            if let Some(before) = ids.insert(one.id.clone(), one.clone()) {
                assert_eq!(
                    before.body["timestamp"], one.body["timestamp"],
                    "the same event by the same name"
                );
            }
        }
        if ids.len() >= count { Ok(ids) } else { Err(format!("{} have", ids.len())) }
    })
    .await;
    assert_eq!(all.len(), count, "no more than there are: {:?}", all.keys());
    all.into_values().collect()
}

async fn command(stage: &Stage, kind: &str) {
    let token = &stage.session.facilitator_token;
    let session = stage.api().board(&stage.session.id, token).await["board"]["session"].take();
    let seen = json!({ "step": session["step"], "round": session["round"] });
    let body = json!({ "id": Uuid::now_v7(), "type": kind, "seen": seen });
    let path = format!("/api/sessions/{}/commands", stage.session.id);
    let _ = stage.api().post(&path, token, &body).await.expect(200);
}

/// Decides on every project, otherwise than in the round before, each with a further field.
async fn decide(stage: &Stage, round: u64, fields: &[(&str, &str)]) {
    let facilitator = stage.witness().await;
    facilitator.change(|txn| {
        let decisions = txn.get_or_insert_map(Root::Decisions.name());
        for (n, project) in stage.projects.iter().enumerate() {
            let Some(Out::YMap(decision)) = decisions.get(txn, project) else {
                panic!("the server has made the decision of {project}")
            };
            decision.insert(txn, "verdict", "move");
            decision.insert(txn, "owner", format!("Owner {round}"));
            if let Some((field, text)) = fields.get(n) {
                decision.insert(txn, *field, *text);
            }
        }
    });
    facilitator.saved().await;
    let _ = facilitator.leave();
}
