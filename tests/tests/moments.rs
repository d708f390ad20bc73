//! A step changes while someone's card is in the air: the card goes back, its owner is told, and nobody is punished.

use plumbline_shared::{order, policy::Denied};
use plumbline_tests::{stage::Stage, wait, yjs::Yjs};
use serde_json::{Value, json};
use uuid::Uuid;

fn key() -> String {
    order::between(None, None)
}

/// What a facilitator sees, for a command: the current step and round.
fn seen(held: &Value) -> Value {
    json!({ "step": held["session"]["step"], "round": held["session"]["round"].as_f64().unwrap_or(1.0) as u64 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_in_the_air_goes_back_when_the_board_is_locked() {
    let stage = Stage::with_projects(10).await;
    let facilitator = stage.witness().await;
    let (ana, ben) = (stage.peer("Ana").await, stage.peer("Ben").await);
    let process = Yjs::start();
    let yjs = stage.tab(&process, "Cem").await;
    let (placed, fresh) = (&stage.projects[0], &stage.projects[1]);
    ana.place(placed, &stage.pillars[0], &key());
    ana.saved().await;
    let before = stage.agree(&[&yjs]).await;

    let lock = facilitator.tell(json!({ "type": "lock", "seen": seen(&before), "locked": true }));
    assert_eq!(facilitator.answer(lock).await, None);
    // Two of them had not heard of it: a card that stood somewhere, and one that stood nowhere.
    let frames = [ana.place(placed, "off", &key()), ana.place(fresh, "off", &key())];
    for frame in frames {
        let denied = ana
            .until("Ana is told", |seen| {
                let told = seen.denied.iter().find(|denied| denied.frame == Some(frame)).cloned();
                told.ok_or_else(|| format!("{:?}, ended {:?}", seen.denied, seen.ended))
            })
            .await;
        assert_eq!((denied.code.as_str(), denied.taken_back), (Denied::Locked.code(), true));
        assert_eq!(denied.reason, Denied::Locked.sentence());
    }
    yjs.place(fresh, &stage.pillars[1], &key()).await;
    wait::until("the unmodified client's card is back", async || {
        let pile = yjs.piles().await[fresh].clone();
        wait::holds(pile == "unsorted", || pile.clone())
    })
    .await;
    let held = stage.agree(&[&yjs]).await;
    assert_eq!(held["placements"], before["placements"], "the board is as it was");
    assert_eq!(ana.piles(), ben.piles(), "and all see it so");
    assert_eq!(ana.seen().ended, None);

    // Unlocked again, the same people go on over the same connections.
    let unlock = facilitator.tell(json!({ "type": "lock", "seen": seen(&held), "locked": false }));
    assert_eq!(facilitator.answer(unlock).await, None);
    ana.place(placed, "off", &key());
    ana.saved().await;
    yjs.place(fresh, &stage.pillars[1], &key()).await;
    let held = wait::until("both are placed", async || {
        let held = stage.agree(&[&yjs]).await;
        let both =
            held["placements"][placed][0] == "off" && held["placements"][fresh][0] == json!(stage.pillars[1]);
        wait::holds(both, || held["placements"].to_string()).map(|()| held)
    })
    .await;
    assert_eq!(held["session"]["locked"], json!(false));
    assert_eq!(ben.seen().ended, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_repeated_is_carried_out_once_and_answered_twice() {
    let stage = Stage::with_projects(5).await;
    let facilitator = stage.witness().await;
    let held = stage.held().await;
    let lock = json!({ "type": "lock", "seen": seen(&held), "locked": true });
    let id = facilitator.tell(lock.clone());
    assert_eq!(facilitator.answer(id).await, None);
    let unlock = facilitator.tell(json!({ "type": "lock", "seen": seen(&held), "locked": false }));
    assert_eq!(facilitator.answer(unlock).await, None);

    // From another connection of the same person, as after a reconnect in the middle of it.
    let again = stage.witness().await;
    again.tell_as(id, lock);
    assert_eq!(again.answer(id).await, None);
    assert_eq!(stage.held().await["session"]["locked"], json!(false), "the repetition locked nothing");

    let participant = stage.peer("Ana").await;
    let try_it = participant.tell(json!({ "type": "lock", "seen": seen(&held), "locked": true }));
    let denied = participant.answer(try_it).await.expect("a participant drives nothing");
    assert!(denied.reason.contains(' '), "{denied:?}");
    let elsewhere = facilitator.tell(
        json!({ "type": "lock", "seen": { "step": Uuid::now_v7().to_string(), "round": 1 }, "locked": true }),
    );
    assert!(facilitator.answer(elsewhere).await.is_some(), "what was seen is not what is");
    assert_eq!(stage.held().await["session"]["locked"], json!(false));
}
