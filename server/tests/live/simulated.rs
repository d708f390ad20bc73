//! A whole session with simulated people, over real sockets, from joining to the close.

use std::time::Duration;

use plumbline::simulate::{self, Options};
use plumbline_shared::{board::Board, methods, results::Counts, words::Question};
use serde_json::json;

use crate::stage::{KEY, Stage, until};

#[tokio::test(flavor = "multi_thread")]
async fn eleven_people_take_sixty_three_projects_from_joining_to_decisions() {
    let stage = Stage::new(0).await;
    let wish = json!({"title": "A session", "sample": true, "template": "align"});
    let made = stage.post("/api/sessions", KEY, &wish).await.made().body;
    let text = |key: &str| made[key].as_str().unwrap().to_owned();
    let options = Options {
        url: format!("http://{}", stage.address),
        code: text("code"),
        people: 11,
        seed: 7,
        pace: Duration::from_millis(1),
        facilitator: Some(text("facilitator_token")),
        dwell: Duration::from_millis(50),
    };
    let course = simulate::run(options).await.unwrap();
    let path = format!("/api/sessions/{}", text("id"));
    let shown = stage.get(&path, KEY).await.made().body;
    let board: Board = serde_json::from_value(shown["board"].clone()).unwrap();
    assert!(board.session.closed);
    let titles: Vec<&str> = board.agenda.iter().map(|step| step.title.as_str()).collect();
    assert_eq!(course.steps, titles, "every step, in its order");
    assert_eq!(course.decided, 63, "nothing is left without a verdict");
    // What the room answered stands there, in counts, and splits it as a room is split.
    let (_, round, tally) = board.last_round(Question::Placement).unwrap();
    assert_eq!((round.items.len(), tally.eligible, tally.answered), (63, 11, 11));
    let usual = methods::Thresholds::default();
    let contested = tally.items.iter().filter(
        |item| matches!(&item.counts, Some(Counts::Placement(piles)) if methods::is_contested(piles, &usual)),
    );
    let contested = contested.count();
    assert!((6..50).contains(&contested), "{contested} contested");
    for question in [Question::Hobby, Question::Verdict, Question::Scale] {
        assert!(board.last_round(question).is_some(), "{question}");
    }
    assert!(!board.flags.is_empty(), "somebody asks of something whether it is a hobby");
    let commit = board.results.values().find(|step| !step.signed.is_empty()).unwrap();
    assert_eq!(commit.signed.len(), 11);
    assert!(!commit.dissent.is_empty());
    // The answers are gone: of what somebody said of a claim's source, only what the board shows is left.
    until("what is owed is paid", async || {
        let log = stage.get("/readyz", "").await;
        (log.status == 200).then_some(())
    })
    .await;
}
