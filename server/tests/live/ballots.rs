//! Ballots over real sockets: who is told what while they are given, and what the disk has of them in the end.

use std::path::Path;

use plumbline_shared::{messages::ServerMessage, wire::Frame};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, ReadTxn, StateVector, Transact, WriteTxn};

use crate::{
    client::{Client, Event},
    stage::{Stage, until},
};

/// What stands in an answer and nowhere else.
const WORD: &str = "a-word-that-stands-in-an-answer-alone";

async fn done(client: &mut Client, message: Value) {
    let id = Uuid::now_v7();
    let mut message = message;
    message["id"] = json!(id);
    client.say(&message).await;
    let answer = client
        .until("it is answered", |event| match event {
            Event::Told(told @ (ServerMessage::Ok { .. } | ServerMessage::Denied { .. })) => {
                Some(told.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(answer, ServerMessage::Ok { re: id.into() }, "{message}");
}

/// A session at a ballot that asks for words; `stage.seen()` names the step.
async fn asking(stage: &Stage) -> (Client, Value) {
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    let agenda = fay.keys("agenda")[0].clone();
    let update = fay.change(|txn| {
        let root = txn.get_or_insert_map("agenda");
        if let Some(yrs::Out::YMap(step)) = root.get(txn, &agenda) {
            step.insert(txn, "kind", "ballot");
            step.insert(txn, "question", "text");
        }
    });
    fay.send(&Frame::Update(&update)).await;
    fay.until_saved(1).await;
    (fay, stage.seen().await)
}

fn holds(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(holds(&path, word));
        } else if std::fs::read(&path).unwrap().windows(word.len()).any(|window| window == word.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_confirmed_to_its_caster_and_nobody_else_hears_of_it() {
    let stage = Stage::new(1).await;
    let (mut fay, seen) = asking(&stage).await;
    let mut people = Vec::new();
    for name in ["Ana", "Ben", "Clio"] {
        let (_, token) = stage.join(name).await;
        people.push((stage.connect(&token).await.synced().await, token));
    }
    let mut wall = stage.connect(&stage.observer).await.synced().await;
    let plain_token = people[1].1.clone();
    let mut plain = stage.connect_plain(&plain_token).await.synced().await;
    done(&mut fay, json!({"type": "open", "seen": seen})).await;
    let path = format!("/api/sessions/{}", stage.id);
    let opened = async |client: &mut Client| {
        client
            .until("the round is open", |event| match event {
                Event::Told(ServerMessage::Ballot(own)) if !own.items.is_empty() => Some(()),
                _ => None,
            })
            .await;
    };
    for (client, _) in &mut people {
        opened(client).await;
    }
    let before = stage.get(&path, &plain_token).await.body;
    let cast = |text: &str| {
        let (step, round) = (&seen["step"], &seen["round"]);
        json!({"type": "cast", "step": step, "round": round, "item": "session", "value": {"text": text}})
    };
    let mut second = stage.connect(&people[0].1).await.synced().await;
    done(&mut people[0].0, cast(WORD)).await;
    second
        .until("her other page is told", |event| match event {
            Event::Told(ServerMessage::Ballot(own)) => (!own.answers.is_empty()).then_some(()),
            _ => None,
        })
        .await;
    done(&mut people[0].0, cast(&format!("{WORD} after all"))).await;
    assert_eq!(stage.get(&path, &plain_token).await.body, before);
    for ending in ["json", "md", "csv"] {
        let export = stage.get(&stage.path(&format!("export/decisions.{ending}")), &stage.facilitator).await;
        assert!(!export.body.to_string().contains(WORD));
    }
    // The next thing that anybody else hears of is the next change of the board.
    done(&mut fay, json!({"type": "timer", "seen": seen, "seconds": 60})).await;
    let (_, rest) = people.split_at_mut(1);
    let others = rest.iter_mut().map(|(client, _)| client).chain([&mut wall, &mut plain]);
    for client in others {
        loop {
            match client.next().await {
                Event::Changed => {
                    let bytes = client.doc.transact().encode_state_as_update_v1(&StateVector::default());
                    assert!(!bytes.windows(WORD.len()).any(|window| window == WORD.as_bytes()));
                    let agenda =
                        serde_json::to_string(&plumbline_shared::board::Board::read(&client.doc.transact()));
                    if agenda.unwrap().contains("\"deadline\":1") {
                        break;
                    }
                }
                Event::Told(ServerMessage::Progress { done, .. }) => assert_eq!(done, 0),
                Event::Told(ServerMessage::Ballot(own)) => assert!(own.answers.is_empty()),
                Event::Told(other) => panic!("somebody else was told {other:?}"),
                _ => {}
            }
        }
    }
    done(&mut fay, json!({"type": "seal", "seen": seen})).await;
    let late = json!({"type": "cast", "id": Uuid::now_v7(), "step": seen["step"], "round": seen["round"],
        "item": "session", "value": {"text": "late"}});
    people[1].0.say(&late).await;
    let code = people[1]
        .0
        .until("it is refused", |event| match event {
            Event::Told(ServerMessage::Denied { code, .. }) => Some(code.clone()),
            _ => None,
        })
        .await;
    assert_eq!(code, "not_open");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_answers_of_a_closed_session_nothing_is_left_on_the_disk() {
    let mut stage = Stage::new(1).await;
    let (mut fay, seen) = asking(&stage).await;
    done(&mut fay, json!({"type": "open", "seen": seen})).await;
    for name in ["Ana", "Ben", "Clio"] {
        let (_, token) = stage.join(name).await;
        let mut client = stage.connect(&token).await.synced().await;
        let answer = json!({"text": format!("{WORD} {name}")});
        done(&mut client, json!({"type": "cast", "step": seen["step"], "round": seen["round"], "item": "session", "value": answer}))
            .await;
    }
    assert!(!holds(stage.folder.path(), WORD).is_empty(), "an answer is durable before it is confirmed");
    // A restart: the snapshot that the end writes has them, too.
    stage.stop().await;
    stage.start().await;
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    done(&mut fay, json!({"type": "seal", "seen": seen})).await;
    done(&mut fay, json!({"type": "close", "seen": seen})).await;
    until("nothing is left", async || holds(stage.folder.path(), WORD).is_empty().then_some(())).await;
    // And the session goes on.
    done(&mut fay, json!({"type": "resume", "seen": seen})).await;
    stage.stop().await;
    stage.start().await;
    assert!(holds(stage.folder.path(), WORD).is_empty());
    assert_eq!(stage.board().await["session"]["closed"], json!(false));
}
