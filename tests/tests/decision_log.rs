//! The decision log over a real `kill -9`: a session that is closed has its decisions in the log, once, and one that is
//! not has none.

use std::{process::Command, time::Duration};

use plumbline_shared::schema::Root;
use plumbline_tests::{chance::Chance, server::KEY, setting, stage::Stage};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, Out, WriteTxn};

/// How often the server is killed unless the environment says otherwise.
const ROUNDS: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_close_decides_is_in_the_log_once_after_every_crash() {
    let rounds = setting::number(setting::CRASH_ROUNDS, ROUNDS).min(50);
    let seed = setting::number(setting::SEED, 20_260_102);
    println!("{rounds} rounds, {}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let mut stage = Stage::with_projects(20).await;
    let (mut expected, mut closes) = (0, 0);
    // Machines differ: the moments are looked for where some closes are carried out and some are not.
    let mut reach = 24;
    for round in 0..rounds {
        decide(&stage, round).await;
        let close = command(&stage, "close").await;
        // Somewhere between the request and long after its answer.
        let wait = Duration::from_millis(chance.below(reach) as u64);
        let (api, path) = (stage.api(), format!("/api/sessions/{}/commands", stage.session.id));
        let token = stage.session.facilitator_token.clone();
        let closing = tokio::spawn(async move {
            let body = close.to_string();
            let headers =
                [("content-type", "application/json"), ("authorization", &format!("Bearer {token}"))];
            api.send("POST", &path, &headers, body).await.is_ok_and(|reply| reply.status == 200)
        });
        tokio::time::sleep(wait).await;
        stage.server.kill9();
        let told = closing.await.unwrap_or(false);
        stage.server.restart().await;
        let closed = board(&stage).await["session"]["closed"] == json!(true);
        assert!(closed || !told, "round {round}: who is told that it is closed finds it closed");
        reach = if closed { (reach / 2).max(1) } else { (reach * 2).min(2_000) };
        if closed {
            closes += 1;
            // Every round decides all projects anew.
            expected += stage.projects.len();
        }
        let log = log_of(&stage).await;
        assert_eq!(log["entries"], json!(expected), "round {round}, closed: {closed}");
        assert_eq!(log["first_fault"], Value::Null, "round {round}");
        if closed {
            let resume = command(&stage, "resume").await;
            let path = format!("/api/sessions/{}/commands", stage.session.id);
            let _ = stage.api().post(&path, &stage.session.facilitator_token, &resume).await.expect(200);
        }
    }
    println!(
        "{closes} of {rounds} closes were in the log of the session, and each of them in the decision log, once"
    );
    assert!(
        rounds < 5 || (closes > 0 && closes < rounds),
        "{closes} of {rounds}: the moments were of chance"
    );
    on_the_command_line(&stage, expected);
}

/// Waits until what a crash has left owed is done: the server takes it up by itself.
async fn log_of(stage: &Stage) -> Value {
    stage.api().get("/api/decisions/verify", KEY).await.expect(200).json()
}

async fn board(stage: &Stage) -> Value {
    stage.api().board(&stage.session.id, &stage.session.facilitator_token).await["board"].take()
}

async fn command(stage: &Stage, kind: &str) -> Value {
    let session = board(stage).await["session"].take();
    json!({ "id": Uuid::now_v7(), "type": kind, "seen": { "step": session["step"], "round": session["round"] } })
}

/// Decides on every project, otherwise than in the round before.
async fn decide(stage: &Stage, round: u64) {
    let facilitator = stage.witness().await;
    facilitator.change(|txn| {
        let decisions = txn.get_or_insert_map(Root::Decisions.name());
        for project in &stage.projects {
            let Some(Out::YMap(decision)) = decisions.get(txn, project) else {
                panic!("the server has made the decision of {project}")
            };
            decision.insert(txn, "verdict", "move");
            decision.insert(txn, "owner", format!("Owner {round}"));
        }
    });
    facilitator.saved().await;
    let _ = facilitator.leave();
}

/// The log is read, and held to its chain, beside the running server.
fn on_the_command_line(stage: &Stage, expected: usize) {
    let data = stage.server.data();
    let plumbline = |arguments: &[&str]| {
        let mut command = Command::new(setting::path(setting::BINARY));
        command.arg("log").args(arguments).arg("--data").arg(&data);
        let output = command.output().expect("the binary runs");
        (output.status.success(), String::from_utf8(output.stdout).expect("text"))
    };
    let (good, verified) = plumbline(&["verify", "--json"]);
    let verified: Value = serde_json::from_str(&verified).expect("JSON");
    assert!(good, "{verified}");
    assert_eq!(verified["entries"], json!(expected));
    let head = verified["head"].as_str().unwrap_or_default().to_owned();
    assert!(plumbline(&["verify", "--head", &head]).0);
    let (good, told) = plumbline(&["verify", "--head", &"ab".repeat(32)]);
    assert!(!good && told.contains("not there"), "{told}");
    let (good, list) = plumbline(&["list"]);
    assert_eq!((good, list.lines().count()), (true, stage.projects.len()), "{list}");
    let (_, all) = plumbline(&["list", "--all", "--json"]);
    let all: Value = serde_json::from_str(&all).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(expected));
    let (good, one) = plumbline(&["show", "1"]);
    assert!(good && one.contains("move") && one.contains("Owner"), "{one}");
    let (good, one) = plumbline(&["show", &expected.to_string(), "--json"]);
    let one: Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!((good, &one["hash"]), (true, &json!(head)));
    assert!(!plumbline(&["show", "100000"]).0);
}
