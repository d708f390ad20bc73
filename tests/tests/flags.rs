//! *Is this a hobby?*, byte by byte: what others get between raising and publication is what they get otherwise.

use plumbline_shared::wire::Frame;
use plumbline_tests::{
    peer::Peer,
    socket::{Event, Socket},
    stage::Stage,
    wait,
};
use serde_json::{Value, json};

const REASON: &str = "A reason that stands nowhere else";

fn flag(project: &str, reason: &Value) -> Value {
    json!({ "id": uuid::Uuid::now_v7(), "type": "flag", "project": project, "reason": reason })
}

/// Somebody who writes down every byte that comes.
struct Listener {
    name: &'static str,
    socket: Socket,
}

impl Listener {
    async fn open(stage: &Stage, name: &'static str, token: &str, typed: bool) -> Self {
        let door = stage.door(token);
        let mut socket =
            Socket::open(&if typed { door } else { door.plain() }).await.expect("the door is open");
        assert!(socket.send(Frame::Step1(&[0]).encode()).await);
        Self { name, socket }
    }

    /// All frames before the next change of the board.
    async fn until_changed(&mut self) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        loop {
            match self.socket.next_within(wait::PATIENCE).await {
                Some(Event::Frame(frame)) if matches!(Frame::decode(&frame), Ok(Frame::Update(_))) => {
                    return frames;
                }
                Some(Event::Frame(frame)) => frames.push(frame),
                other => panic!("{} got {other:?}", self.name),
            }
        }
    }
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn between_raising_and_publication_others_get_what_they_get_otherwise() {
    let stage = Stage::with_projects(4).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let (ana, ben) = (stage.join("Ana").await.token, stage.join("Ben").await.token);
    let facilitator = Peer::join(&stage.door(&stage.session.facilitator_token)).await;
    let page = Peer::join(&stage.door(&ana)).await;
    let mut listeners = [
        Listener::open(&stage, "a facilitator", &stage.session.facilitator_token, true).await,
        Listener::open(&stage, "a participant", &ben, true).await,
        Listener::open(&stage, "an unmodified client", &ben, false).await,
        Listener::open(&stage, "the wall", &stage.session.observer_token, true).await,
    ];
    let card = &stage.projects[0];
    facilitator.place(&stage.projects[1], "off", "80");
    facilitator.saved().await;
    for listener in &mut listeners {
        listener.until_changed().await;
    }
    let commands = format!("/api/sessions/{id}/commands");
    for reason in [json!(REASON), json!(null), json!(REASON), json!("Another one, first"), json!(REASON)] {
        let raised = page.tell(json!({ "type": "flag", "project": card, "reason": reason }));
        assert_eq!(page.answer(raised).await.map(|denied| denied.code), None);
        let reply = api.post(&commands, &ana, &flag(card, &reason)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    // Where she goes on to look is not shown either, as long as it is the card that she has flagged.
    page.present(1, &json!({ "item": card, "over": "off" }));
    let seen = page.tell(flag(&stage.projects[2], &json!("")));
    assert_eq!(page.answer(seen).await.map(|denied| denied.code), None);
    facilitator.place(&stage.projects[1], "off", "8180");
    facilitator.saved().await;
    for listener in &mut listeners {
        for frame in listener.until_changed().await {
            let presence = matches!(Frame::decode(&frame), Ok(Frame::Awareness(_)));
            assert!(presence, "{} got a frame that it does not get otherwise: {frame:?}", listener.name);
            for word in [REASON, "Another one", "reason", card] {
                assert!(!contains(&frame, word), "{} reads {word:?}", listener.name);
            }
        }
    }
    // Nor does anything that can be fetched say so.
    let export = format!("/api/sessions/{id}/export/decisions");
    for path in [
        format!("/api/sessions/{id}"),
        format!("{export}.md"),
        format!("{export}.csv"),
        format!("{export}.json"),
    ] {
        let reply = api.get(&path, &stage.session.facilitator_token).await;
        assert!(reply.status == 200 && !reply.text().contains(REASON), "{path}");
    }
    // With the close, all do.
    let board = api.board(id, &ben).await["board"].clone();
    let seen = json!({ "step": board["session"]["step"], "round": board["session"]["round"] });
    let close = json!({ "id": uuid::Uuid::now_v7(), "type": "close", "seen": seen });
    assert_eq!(api.post(&commands, &stage.session.facilitator_token, &close).await.status, 200);
    let flags = api.board(id, &ben).await["board"]["flags"].clone();
    assert_eq!(flags[card], json!({ "count": 1, "reasons": [REASON] }));
    assert_eq!(flags[&stage.projects[2]], json!({ "count": 1, "reasons": [] }));
    let export = api.get(&format!("{export}.md"), &stage.session.facilitator_token).await.text();
    assert!(export.contains(REASON) && !export.contains("Ana"));
}
