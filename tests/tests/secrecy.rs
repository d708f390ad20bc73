//! What a round lets anybody else see before its reveal: that it is open, and nothing of who has answered, what, or how
//! often. Recorded byte by byte on every kind of connection, over HTTP, in the exports and in the server's own log.

use std::collections::BTreeMap;

use plumbline_shared::{messages::ServerMessage, wire::Frame};
use plumbline_tests::{
    api::Joined,
    socket::{Event, Socket},
    stage::Stage,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, WriteTxn};

/// What stands in the answers and nowhere else.
const WORD: &str = "zinnober-und-veilchenblau";

/// Somebody's connection, and everything that came over it.
struct Witness {
    socket: Socket,
    frames: Vec<Vec<u8>>,
}

impl Witness {
    async fn open(stage: &Stage, token: &str, typed: bool) -> Self {
        let door = stage.door(token);
        let door = if typed { door } else { door.plain() };
        let mut socket = Socket::open(&door).await.expect("whoever has joined is admitted");
        // A state vector of nothing: everything is wanted.
        socket.send(Frame::Step1(&[0]).encode()).await;
        let mut witness = Self { socket, frames: Vec::new() };
        witness.until("the board", |frame| matches!(frame, Frame::Step2(_)).then_some(())).await;
        witness
    }

    async fn until<T>(&mut self, what: &str, mut look: impl FnMut(&Frame<'_>) -> Option<T>) -> T {
        loop {
            match self.socket.next_within(wait::PATIENCE).await {
                Some(Event::Frame(bytes)) => {
                    let found = Frame::decode(&bytes).ok().and_then(|frame| look(&frame));
                    self.frames.push(bytes);
                    if let Some(found) = found {
                        return found;
                    }
                }
                other => panic!("in vain until {what}: {other:?}"),
            }
        }
    }

    async fn tell(&mut self, mut message: Value) -> ServerMessage {
        let id = Uuid::now_v7();
        message["id"] = json!(id);
        self.socket.send(Frame::Typed(&message.to_string()).encode()).await;
        self.until("the answer", |frame| match frame {
            Frame::Typed(json) => match serde_json::from_str(json).ok()? {
                told @ ServerMessage::Ok { re } if re.0 == id => Some(told),
                told @ ServerMessage::Denied { re: Some(re), .. } if re.0 == id => Some(told),
                _ => None,
            },
            _ => None,
        })
        .await
    }

    async fn does(&mut self, message: Value) {
        let told = self.tell(message.clone()).await;
        assert!(matches!(told, ServerMessage::Ok { .. }), "{message}: {told:?}");
    }

    /// What came since the last look, presence apart: its kinds and sizes.
    fn came(&mut self) -> Vec<(u8, usize)> {
        let frames = std::mem::take(&mut self.frames);
        frames.iter().filter(|frame| frame.first() != Some(&1)).map(|frame| (frame[0], frame.len())).collect()
    }

    fn holds(&self, word: &str) -> bool {
        self.frames.iter().any(|frame| contains(frame, word))
    }
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Everything that others see of a round in which somebody answers so many times.
async fn seen_by_others(answers: usize) -> BTreeMap<&'static str, Vec<(u8, usize)>> {
    let stage = Stage::talkative(3).await;
    let api = stage.api();
    let people: Vec<Joined> = {
        let mut people = Vec::new();
        for name in ["Ana", "Ben", "Clio", "Dan", "Eva"] {
            people.push(stage.join(name).await);
        }
        people
    };
    let facilitator = stage.session.facilitator_token.clone();
    let editor = stage.witness().await;
    let step =
        plumbline_tests::picture::keys(&editor.seen().doc, plumbline_shared::schema::Root::Agenda)[0].clone();
    editor.change(|txn| {
        let agenda = txn.get_or_insert_map("agenda");
        if let Some(yrs::Out::YMap(map)) = agenda.get(txn, &step) {
            map.insert(txn, "kind", "ballot");
            map.insert(txn, "question", "text");
        }
    });
    editor.saved().await;
    drop(editor);
    let mut ana = Witness::open(&stage, &people[0].token, true).await;
    let mut others = BTreeMap::new();
    others.insert("participant", Witness::open(&stage, &people[1].token, true).await);
    others.insert("plain client", Witness::open(&stage, &people[2].token, false).await);
    others.insert("wall", Witness::open(&stage, &stage.session.observer_token, true).await);
    others.insert("facilitator", Witness::open(&stage, &facilitator, true).await);
    let mut fay = Witness::open(&stage, &facilitator, true).await;
    let seen = json!({"step": step, "round": 1});
    fay.does(json!({"type": "open", "seen": seen})).await;
    // From here on: what is told of the opening has come with the first timer.
    let fence = async |fay: &mut Witness, others: &mut BTreeMap<&'static str, Witness>, seconds: u32| {
        fay.does(json!({"type": "timer", "seen": seen, "seconds": seconds})).await;
        for witness in others.values_mut() {
            witness.until("the timer", |frame| matches!(frame, Frame::Update(_)).then_some(())).await;
        }
    };
    for witness in others.values_mut() {
        witness.until("the opening", |frame| matches!(frame, Frame::Update(_)).then_some(())).await;
    }
    fence(&mut fay, &mut others, 600).await;
    for (who, witness) in &mut others {
        // Whoever takes typed messages hears once how many have finished: of nobody, so far.
        if *who != "plain client" && !witness.frames.iter().any(|frame| is_progress(frame)) {
            witness.until("the progress", |frame| is_told_progress(frame).then_some(())).await;
        }
        witness.frames.clear();
    }
    let path = format!("/api/sessions/{}", stage.session.id);
    let before = api.get(&path, &people[1].token).await.expect(200).json();
    for n in 0..answers {
        let value = json!({"text": format!("{WORD} {n}")});
        ana.does(json!({"type": "cast", "step": step, "round": 1, "item": "session", "value": value})).await;
    }
    if answers > 0 {
        ana.does(json!({"type": "done", "step": step, "round": 1, "done": true})).await;
    }
    assert_eq!(api.get(&path, &people[1].token).await.expect(200).json(), before, "no position tells of it");
    for ending in ["json", "md", "csv"] {
        let export = api.get(&format!("{path}/export/decisions.{ending}"), &facilitator).await.expect(200);
        assert!(!contains(export.text().as_bytes(), WORD), "{ending}");
    }
    fence(&mut fay, &mut others, 700).await;
    assert_eq!(contains(&ana.frames.concat(), "\"type\":\"ok\""), answers > 0);
    for (who, witness) in &others {
        assert!(!witness.holds(WORD), "the {who} has got an answer");
    }
    let log = stage.server.log();
    for (what, secret) in [("an answer", WORD), ("a token", &people[0].token), ("a token", &facilitator)] {
        // As text, and as frames are printed.
        let in_hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!contains(log.as_bytes(), secret), "the server's log has {what}");
        assert!(!contains(log.as_bytes(), &in_hex), "the server's log has {what}, in hexadecimal digits");
    }
    assert!(log.contains("TRACE"), "it says everything that it can");
    others.iter_mut().map(|(who, witness)| (*who, witness.came())).collect()
}

fn is_progress(frame: &[u8]) -> bool {
    Frame::decode(frame).is_ok_and(|frame| is_told_progress(&frame))
}

fn is_told_progress(frame: &Frame<'_>) -> bool {
    matches!(frame, Frame::Typed(json) if json.contains("\"progress\""))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_can_tell_from_what_they_get_whether_anybody_has_answered() {
    let without = seen_by_others(0).await;
    let with = seen_by_others(17).await;
    assert_eq!(with, without, "kinds and sizes of what comes are the same");
    for (who, came) in &with {
        assert!(
            came.iter().all(|(kind, _)| *kind == 0),
            "the {who} gets the change of the timer and nothing else: {came:?}"
        );
    }
}
