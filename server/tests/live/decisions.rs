//! What a close decides is in the decision log, once, whatever happens in between.

use std::time::Duration;

use plumbline_shared::wire::Frame;
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, Out, WriteTxn};

use crate::{
    disk::Disk,
    stage::{KEY, Stage, until},
};

impl Stage {
    /// Decides on the first project, as a facilitator's page does.
    async fn decide(&self, verdict: &str, owner: &str) {
        let mut page = self.connect(&self.facilitator).await.synced().await;
        let project = page.keys("projects").first().unwrap().clone();
        let update = page.change(|txn| {
            let decisions = txn.get_or_insert_map("decisions");
            let Some(Out::YMap(decision)) = decisions.get(txn, &project) else {
                panic!("it is made by the server")
            };
            decision.insert(txn, "verdict", verdict);
            decision.insert(txn, "owner", owner);
        });
        page.send(&Frame::Update(&update)).await;
        page.until_saved(1).await;
        page.leave().await;
    }

    async fn command(&self, kind: &str) {
        let command = json!({"id": Uuid::now_v7(), "type": kind, "seen": self.seen().await});
        self.post(&self.path("commands"), &self.facilitator, &command).await.made();
    }

    async fn decisions(&self) -> Vec<Value> {
        let list = self.get("/api/decisions", KEY).await.made().body;
        list["items"].as_array().unwrap().clone()
    }

    async fn log_holds(&self) -> bool {
        self.get("/api/decisions/verify", KEY).await.made().body["first_fault"].is_null()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_told_that_a_session_is_closed_finds_its_decisions_in_the_log() {
    let stage = Stage::new(3).await;
    stage.decide("move", "Ana").await;
    assert!(stage.decisions().await.is_empty(), "nothing leaves the room before the close");
    stage.command("close").await;
    let log = stage.decisions().await;
    assert_eq!(log.len(), 1, "{log:?}");
    assert_eq!((&log[0]["verdict"], &log[0]["owner"]), (&json!("move"), &json!("Ana")));
    assert_eq!((&log[0]["project"], &log[0]["session_id"]), (&json!("Project 0"), &json!(stage.id)));
    // Taken up again and closed as it was: nothing new. With another verdict: a further entry, and no edit.
    stage.command("resume").await;
    stage.command("close").await;
    assert_eq!(stage.decisions().await, log);
    stage.command("resume").await;
    stage.decide("stop", "Ben").await;
    stage.command("close").await;
    let later = stage.decisions().await;
    assert_eq!(later.len(), 2);
    assert_eq!((&later[0]["verdict"], &later[0]["supersedes"]), (&json!("stop"), &json!(1)));
    assert_eq!((&later[1]["verdict"], &later[1]["superseded_by"]), (&json!("move"), &json!(2)));
    // The session goes; what the organisation has decided stays.
    let path = format!("/api/sessions/{}", stage.id);
    stage.call("DELETE", &path, KEY, &Value::Null).await.made();
    assert_eq!(stage.decisions().await, later);
    assert!(stage.log_holds().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_that_cannot_be_saved_are_owed_and_saved_when_the_disk_is_back() {
    let stage = Stage::new(3).await;
    stage.decide("move", "Ana").await;
    stage.disk.turn(Disk::Undecided);
    stage.command("close").await;
    assert!(stage.decisions().await.is_empty());
    stage.disk.turn(Disk::Fine);
    let log = until("the decision is in the log", async || {
        let log = stage.decisions().await;
        (!log.is_empty()).then_some(log)
    })
    .await;
    assert_eq!(log.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_that_are_owed_when_the_server_stops_are_in_the_log_after_it_starts() {
    let mut stage = Stage::new(3).await;
    stage.decide("move", "Ana").await;
    stage.disk.turn(Disk::Undecided);
    stage.command("close").await;
    // Closed once more, and otherwise, before anything could be saved.
    stage.command("resume").await;
    stage.decide("stop", "Ben").await;
    stage.command("close").await;
    assert!(stage.stop().await < Duration::from_secs(10));
    stage.start().await;
    // Nobody opens the session: the server takes it up by itself.
    let log = until("the decisions are in the log", async || {
        let log = stage.decisions().await;
        (log.len() == 2).then_some(log)
    })
    .await;
    assert_eq!((&log[1]["verdict"], &log[0]["verdict"]), (&json!("move"), &json!("stop")));
    assert_eq!(log[0]["supersedes"], 1);
    // And once more: nothing is done twice.
    stage.stop().await;
    stage.start().await;
    stage.board().await;
    assert_eq!(stage.decisions().await, log);
    assert!(stage.log_holds().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_says_which_file_was_imported_and_how_many_were_here() {
    use sha2::{Digest, Sha256};
    let stage = Stage::new(0).await;
    let rows = json!([{"name": "Project 0"}, {"name": "Project 1"}]);
    stage.post(&stage.path("portfolio"), &stage.facilitator, &rows).await.made();
    let (_, ana) = stage.join("Ana").await;
    stage.join("Ben").await;
    let page = stage.connect(&ana).await.synced().await;
    stage.decide("move", "Ana").await;
    stage.command("close").await;
    page.leave().await;
    let record = stage.get("/api/decisions/1", KEY).await.made().body["record"].clone();
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(rows.to_string()));
    let [import] = &record["imports"].as_array().unwrap()[..] else { panic!("{record}") };
    assert_eq!((&import["sha256"], &import["rows"]), (&json!(sha256), &json!(2)));
    assert_eq!((&import["format"], &import["bytes"]), (&json!("json"), &json!(rows.to_string().len())));
    let [step] = &record["attendance"].as_array().unwrap()[..] else { panic!("{record}") };
    // The facilitator's page has been here and has gone; Ben never came in.
    assert_eq!((&step["here"], &step["joined"]), (&json!(2), &json!(3)));
    assert_eq!(record["erased"]["statement"], "There were no ballots.");
}
