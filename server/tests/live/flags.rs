//! What a flag lets others see before it is published: nothing.

use std::time::{Duration, Instant};

use plumbline_shared::{board::Board, messages::ServerMessage, wire::Frame};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{ReadTxn, StateVector, Transact};

use crate::{
    client::{Client, Event},
    stage::Stage,
};

const REASON: &str = "Nobody asked for this, a-word-that-stands-nowhere-else";

async fn flag(client: &mut Client, project: &str, reason: &Value) {
    let id = Uuid::now_v7();
    client.say(&json!({"id": id, "type": "flag", "project": project, "reason": reason})).await;
    client
        .until("the flag is taken", |event| {
            matches!(event, Event::Told(ServerMessage::Ok { re }) if re.0 == id).then_some(())
        })
        .await;
}

/// Everything that comes up to the next change of the board, presence apart.
async fn until_changed(client: &mut Client) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        match client.next().await {
            Event::Changed => return seen,
            Event::Presence(states) => seen.extend(
                states.iter().map(|(_, state)| state.to_string()).filter(|state| state.contains("item")),
            ),
            other => seen.push(format!("{other:?}")),
        }
    }
}

fn flags(client: &Client) -> Value {
    json!(Board::read(&client.doc.transact()).flags)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_of_a_flag_before_it_is_published() {
    let stage = Stage::new(2).await;
    let (_, ana_token) = stage.join("Ana").await;
    let (_, ben_token) = stage.join("Ben").await;
    let mut fay = stage.connect(&stage.facilitator).await.synced().await;
    let mut ana = stage.connect(&ana_token).await.synced().await;
    let mut second = stage.connect(&ana_token).await.synced().await;
    let mut ben = stage.connect(&ben_token).await.synced().await;
    let mut plain = stage.connect_plain(&ben_token).await.synced().await;
    let mut wall = stage.connect(&stage.observer).await.synced().await;
    let (card, other) = (ana.keys("projects")[0].clone(), ana.keys("projects")[1].clone());
    let own = |event: &Event| match event {
        Event::Told(ServerMessage::Flags { own }) => Some(own.clone()),
        _ => None,
    };
    let place = fay.place(&other, "off");
    fay.send(&Frame::Update(&place)).await;
    for client in [&mut ana, &mut second, &mut ben, &mut plain, &mut wall] {
        // Whatever was still on its way.
        until_changed(client).await;
    }
    fay.until_saved(1).await;
    let path = format!("/api/sessions/{}", stage.id);
    let before = stage.get(&path, &ben_token).await.body;

    flag(&mut ana, &card, &json!(REASON)).await;
    let told = second.until("the other page of hers is told", own).await;
    assert_eq!((told.len(), told[0].reason.as_str()), (1, REASON));
    assert_eq!(stage.get(&path, &ben_token).await.body, before, "the position, too, says nothing");
    let export = stage.get(&stage.path("export/decisions.json"), &stage.facilitator).await.body;
    assert!(!export.to_string().contains("a-word-that-stands-nowhere-else"));
    let wrong = json!({"id": Uuid::now_v7(), "type": "flag", "project": card, "reason": "x"});
    assert_eq!(stage.post(&stage.path("commands"), &stage.observer, &wrong).await.status, 403);

    // The next thing that anybody else hears of is the next change.
    let place = fay.place(&other, &fay.keys("pillars")[0]);
    fay.send(&Frame::Update(&place)).await;
    fay.until_saved(2).await;
    for client in [&mut ben, &mut plain, &mut wall] {
        assert_eq!(until_changed(client).await, Vec::<String>::new());
        let bytes = client.doc.transact().encode_state_as_update_v1(&StateVector::default());
        assert!(!bytes.windows(8).any(|window| REASON.as_bytes().windows(8).any(|part| part == window)));
        assert_eq!(flags(client), json!({}));
    }

    // Whoever comes back is told their own again, and nobody else's.
    let mut again = stage.connect(&ana_token).await;
    assert_eq!(again.until("her flags", own).await.len(), 1);
    let mut bens = stage.connect(&ben_token).await;
    assert!(bens.until("his flags", own).await.is_empty());

    // The session goes on: now everybody sees that somebody asks.
    let seen = stage.seen().await;
    let id = Uuid::now_v7();
    fay.say(&json!({"id": id, "type": "close", "seen": seen})).await;
    ben.until("the flag is on the board", |_| Some(())).await;
    let shown = json!({card: {"count": 1, "reasons": [REASON]}});
    crate::stage::until("the flag is on the board", async || {
        (stage.board().await["flags"] == shown).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_comes_onto_the_board_by_itself_after_a_while_and_survives_a_restart() {
    let mut stage = Stage::new(1).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    let card = ana.keys("projects")[0].clone();
    let id = Uuid::now_v7();
    let message = json!({"id": id, "type": "flag", "project": card, "reason": REASON});
    stage.post(&stage.path("commands"), &token, &message).await.made();
    ana.until("she is told", |event| {
        matches!(event, Event::Told(ServerMessage::Flags { own }) if own.len() == 1).then_some(())
    })
    .await;
    stage.stop().await;
    stage.start().await;
    let begun = Instant::now();
    let mut wall = stage.connect(&stage.observer).await.synced().await;
    assert_eq!(flags(&wall), json!({}));
    let latest = plumbline::live::FLAGS_LATEST + Duration::from_secs(20);
    while flags(&wall) == json!({}) {
        assert!(begun.elapsed() < latest, "it is published in time");
        wall.next().await;
    }
    assert!(begun.elapsed() + Duration::from_secs(1) > plumbline::live::FLAGS_SOONEST);
    assert_eq!(flags(&wall), json!({card: {"count": 1, "reasons": [REASON]}}));
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_two_selves_are_merged_are_one_and_hand_over_no_token() {
    let stage = Stage::new(1).await;
    let (first, first_token) = stage.join("Ana").await;
    let (second, second_token) = stage.join("Ana, phone").await;
    let mut phone = stage.connect(&second_token).await.synced().await;
    let merge = json!({"id": Uuid::now_v7(), "type": "merge", "from": second, "into": first});
    assert_eq!(stage.post(&stage.path("commands"), &first_token, &merge).await.status, 403);
    stage.post(&stage.path("commands"), &stage.facilitator, &merge).await.made();
    assert_eq!(phone.until_closed().await, 4401);
    // What it came by opens nothing of the one who stays.
    assert_eq!(stage.get(&stage.path("share"), &second_token).await.status, 401);
    let laptop = stage.get(&stage.path("share"), &first_token).await;
    assert_eq!(laptop.status, 200);
    assert_eq!(stage.board().await["roster"].as_object().unwrap().len(), 2);
}
