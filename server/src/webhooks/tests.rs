//! The fold, what is derived from the logs, and what bodies say; against a real store.
#![allow(clippy::unwrap_used)]

use jsonschema::Validator;
use plumbline_shared::{board::Decision, day::Day, ids::SessionId, words::Verdict};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body::Sources, entry::Body, gather::gather, state::State, *};
use crate::{
    log::{
        decisions::DecisionLog,
        record::{
            Closed, Deed, Says, Status,
            tests::{EVENING, closed, id},
        },
    },
    store::{LogId, Position, SqliteStore, Store},
};

/// The day of [`EVENING`].
const TODAY: &str = "2026-11-27";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn wanted(kinds: &[Kind]) -> Wanted {
    Wanted {
        url: "https://example.org/hook".to_owned(),
        name: "Chat".to_owned(),
        kinds: kinds.to_vec(),
        content: Content::Thin,
    }
}

struct Scene {
    store: SqliteStore,
    _directory: tempfile::TempDir,
    log: DecisionLog,
    hooks: Webhooks,
}

impl Scene {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        Self { store, _directory: directory, log: DecisionLog::default(), hooks: Webhooks::default() }
    }

    async fn endpoint(&self, kinds: &[Kind], today: &str) -> Uuid {
        let entries = self.log.end(&self.store).await.unwrap();
        self.hooks.make(&self.store, wanted(kinds), entries, day(today)).await.unwrap().endpoint.id
    }

    /// The ids of what is new for an endpoint, which is put on its way.
    async fn gather(&self, id: Uuid, today: &str) -> Vec<String> {
        let endpoint = self.hooks.endpoint(id).unwrap().endpoint;
        let closes = self.hooks.closes();
        let news = gather(&self.log, &self.store, &endpoint, 0, &closes, day(today)).await.unwrap();
        let Some(news) = news else { return Vec::new() };
        let ids = news.happened.iter().map(Happened::id).collect();
        let body = Body::Gathered { id, from: endpoint.place, to: news.to, happened: news.happened };
        // Another server derives the same, and enters it too: that changes nothing any more.
        self.hooks.enter(&self.store, body.clone()).await.unwrap();
        let before = self.hooks.waiting(id).len();
        self.hooks.enter(&self.store, body).await.unwrap();
        assert_eq!(self.hooks.waiting(id).len(), before);
        ids
    }

    async fn body(&self, happened: &Happened, content: Content) -> Option<Value> {
        let title = |_: SessionId| Some("Spring review".to_owned());
        let base = Some("https://plumbline.example.org");
        let sources = Sources { store: &self.store, decisions: &self.log, base, title: &title };
        let body = sources.body(happened, content).await.unwrap()?;
        let (_, schema) =
            SCHEMAS.iter().find(|(name, _)| *name == format!("{}.json", happened.kind().as_str())).unwrap();
        let schema: Value = serde_json::from_str(schema).unwrap();
        assert!(jsonschema::meta::is_valid(&schema));
        let validator: Validator =
            jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
        let faults: Vec<String> = validator.iter_errors(&body).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, [] as [&str; 0], "{body}");
        Some(body)
    }

    async fn says(&self, decision: u64, says: Says) {
        self.log.change(&self.store, decision, "Ana", says, EVENING).await.unwrap();
    }
}

fn reversed() -> Says {
    Says::Status { status: Status::Reversed, reason: "SECRET-REASON".to_owned(), superseded_by: None }
}

#[tokio::test]
async fn what_is_new_is_derived_from_the_log_once_and_by_the_same_names() {
    let scene = Scene::new();
    // What was there before is nobody's news.
    scene.log.log(&scene.store, &closed(EVENING)).await.unwrap();
    let id = scene.endpoint(&Kind::ASKED, TODAY).await;
    assert_eq!(scene.gather(id, TODAY).await, [] as [&str; 0]);
    let other = Closed { session: id_of(0x5F), ..closed(EVENING) };
    scene.log.log(&scene.store, &other).await.unwrap();
    scene.hooks.closed(&scene.store, closing(0x5F)).await.unwrap();
    scene.hooks.closed(&scene.store, closing(0x5F)).await.unwrap();
    scene.says(3, reversed()).await;
    let ids = scene.gather(id, TODAY).await;
    let begins: Vec<&str> = ids.iter().map(|id| &id[..8]).collect();
    assert_eq!(begins, ["closed-0", "entry-3-", "entry-4-", "entry-5-"], "{ids:?}");
    assert_eq!(scene.gather(id, TODAY).await, [] as [&str; 0]);
    let places: Vec<Stage> = scene.hooks.waiting(id).iter().map(|delivery| delivery.stage).collect();
    assert_eq!(places.len(), 4);
}

fn id_of(number: u128) -> SessionId {
    id(number)
}

fn closing(number: u128) -> Closing {
    Closing { session: id_of(number), at: EVENING, n: 0 }
}

#[tokio::test]
async fn a_day_is_told_once_also_when_nobody_was_there_on_it_and_not_when_it_does_not_hold() {
    let scene = Scene::new();
    scene.log.log(&scene.store, &closed(EVENING)).await.unwrap();
    let id = scene.endpoint(&[Kind::DecisionDue], TODAY).await;
    assert_eq!(scene.gather(id, TODAY).await, [] as [&str; 0]);
    // The wait of decision 2 is over on 31 January, and the server stands still over that day.
    let due = scene.gather(id, "2027-02-10").await;
    assert_eq!(due, [format!("due-2-2-2027-01-31-{}", closed(EVENING).session)]);
    assert_eq!(scene.gather(id, "2027-02-10").await, [] as [&str; 0]);
    assert_eq!(scene.gather(id, "2027-02-09").await, [] as [&str; 0], "a clock that was set back");
    assert_eq!(scene.gather(id, "2027-12-31").await, [] as [&str; 0]);
    // What is logged when its day is past is due at once, and once.
    let other = Closed { session: id_of(0x5F), ..closed(EVENING) };
    scene.log.log(&scene.store, &other).await.unwrap();
    assert_eq!(scene.gather(id, "2027-12-31").await.len(), 1);
    assert_eq!(scene.gather(id, "2028-01-01").await, [] as [&str; 0]);
    // What is taken back before its day comes is told to nobody.
    let third = Closed { session: id_of(0x60), ..closed(EVENING) };
    let late = scene.endpoint(&[Kind::DecisionDue], TODAY).await;
    scene.log.log(&scene.store, &third).await.unwrap();
    let before: Vec<String> = scene.gather(late, TODAY).await;
    assert_eq!(before, [] as [&str; 0]);
    scene.says(6, reversed()).await;
    let due = scene.gather(late, "2027-12-31").await;
    assert_eq!(due.len(), 2, "of the two that hold: {due:?}");
    // And what is taken back while it waits does not hold any more when it is to be sent.
    let happened = scene.hooks.waiting(late)[0].happened.clone();
    assert!(scene.body(&happened, Content::Thin).await.is_some());
    scene.says(2, reversed()).await;
    assert!(scene.body(&happened, Content::Thin).await.is_none());
}

#[tokio::test]
async fn a_body_tells_no_more_than_everybody_may_know() {
    let scene = Scene::new();
    let id = scene.endpoint(&Kind::ASKED, TODAY).await;
    let mut with_stop = closed(EVENING);
    let more = [("ends", "2026-11-20"), ("review", "2026-11-21"), ("frees", "SECRET-FREES")];
    let stop = Decision {
        verdict: Some(Verdict::Stop),
        owner: "Ben".to_owned(),
        rationale: "SECRET-RATIONALE".to_owned(),
        more: more.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect(),
    };
    with_stop.board.decisions.insert(self::id(0x12), stop);
    scene.log.log(&scene.store, &with_stop).await.unwrap();
    scene.hooks.closed(&scene.store, closing(0x5F)).await.unwrap();
    scene
        .says(
            3,
            Says::Status {
                status: Status::WindingDown,
                reason: "SECRET-REASON".to_owned(),
                superseded_by: None,
            },
        )
        .await;
    assert_eq!(scene.gather(id, TODAY).await.len(), 7);
    let all: Vec<Happened> = scene.hooks.waiting(id).into_iter().map(|delivery| delivery.happened).collect();
    let stop = "Brand museum";
    for happened in &all {
        let thin = scene.body(happened, Content::Thin).await.unwrap();
        assert_eq!(thin["data"]["public"], Value::Null, "{thin}");
        for word in ["Smart meters", "City pledge", stop, "Ana", "Ben", "Spring", "SECRET"] {
            assert!(!thin.to_string().contains(word), "{word}: {thin}");
        }
        let open = scene.body(happened, Content::Everyone).await.unwrap();
        for word in [stop, "Ben", "stop", "winding", "ends", "SECRET", "counts", "dissent"] {
            assert!(!open.to_string().contains(word), "{word}: {open}");
        }
    }
    let first = scene.body(&all[1], Content::Everyone).await.unwrap();
    assert_eq!(first["type"], "decision.logged");
    assert_eq!(first["timestamp"], "2026-11-27T18:00:00Z");
    assert_eq!(first["data"]["url"], "https://plumbline.example.org/log/1");
    assert_eq!(first["data"]["public"]["project"], "Smart meters");
    assert_eq!(first["data"]["public"]["owner"], "Anna Okafor");
    // Once those whom it concerns know, everybody may.
    scene.says(3, Says::Told { told_by: "Ben".to_owned(), told_on: "2026-12-01".to_owned() }).await;
    scene.gather(id, TODAY).await;
    let all: Vec<Happened> = scene.hooks.waiting(id).into_iter().map(|delivery| delivery.happened).collect();
    let told = scene.body(all.last().unwrap(), Content::Everyone).await.unwrap();
    assert_eq!(
        (&told["data"]["public"]["project"], &told["data"]["public"]["change"]),
        (&json!(stop), &json!("told"))
    );
    let due: Vec<&Happened> = all.iter().filter(|happened| happened.kind() == Kind::DecisionDue).collect();
    let due = scene.body(due[1], Content::Thin).await.unwrap();
    assert_eq!((&due["data"]["what"], &due["timestamp"]), (&json!("ends"), &json!("2026-11-20T00:00:00Z")));
    // Once it is done nobody is reminded, though the reminder was on its way; that it is done is told.
    let ended: Vec<Happened> =
        all.iter().filter(|happened| happened.kind() == Kind::DecisionDue).cloned().collect();
    let says = Says::Done {
        what: Deed::Ends,
        done_by: "Ben".to_owned(),
        done_on: "2026-12-02".to_owned(),
        note: "SECRET-NOTE".to_owned(),
        next_review: Some("2027-03-01".to_owned()),
    };
    scene.says(3, says).await;
    assert_eq!(scene.body(&ended[1], Content::Thin).await, None);
    let before = scene.hooks.waiting(id).len();
    scene.gather(id, TODAY).await;
    let waiting: Vec<Happened> =
        scene.hooks.waiting(id).into_iter().map(|delivery| delivery.happened).collect();
    assert_eq!(waiting.len(), before + 1);
    let told = scene.body(waiting.last().unwrap(), Content::Everyone).await.unwrap();
    assert_eq!(
        told["data"]["public"]["change"],
        json!({ "done": "ends", "done_on": "2026-12-02", "next_review": "2027-03-01" })
    );
    assert!(!told.to_string().contains("SECRET"), "{told}");
    // The next review is told of on its day.
    let due = scene.gather(id, "2027-03-01").await;
    assert!(due.iter().any(|id| id.starts_with("due-3-0-2027-03-01-")), "{due:?}");
    let test = scene.hooks.test(&scene.store, id, EVENING).await.unwrap();
    assert_eq!(scene.body(&test.happened, Content::Everyone).await.unwrap()["type"], "webhook.test");
}

fn attempt(status: u16) -> Attempt {
    Attempt { at: EVENING, took: 12, status: Some(status), trouble: None, answer: "Not now".to_owned() }
}

#[tokio::test]
async fn deliveries_go_through_their_stages_and_a_log_gives_the_same_state_again() {
    let scene = Scene::new();
    let (store, hooks) = (&scene.store, &scene.hooks);
    let id = scene.endpoint(&Kind::ASKED, TODAY).await;
    let number = hooks.test(store, id, EVENING).await.unwrap().number;
    let tried = |before: u32, status: u16, then: Then, off: Option<Off>| Body::Tried {
        delivery: number,
        before,
        attempt: attempt(status),
        then,
        off,
    };
    let stage = || hooks.delivery(number).unwrap().stage;
    hooks.enter(store, tried(0, 500, Then::Again { at: 99 }, None)).await.unwrap();
    // The same attempt, entered once more.
    hooks.enter(store, tried(0, 500, Then::GivenUp, None)).await.unwrap();
    assert_eq!(stage(), Stage::Waiting { at: 99 });
    assert_eq!(hooks.endpoint(id).unwrap().endpoint.failing_since, Some(EVENING));
    hooks.enter(store, tried(1, 410, Then::GivenUp, Some(Off::Gone))).await.unwrap();
    assert_eq!(hooks.endpoint(id).unwrap().endpoint.off.unwrap().0, Off::Gone);
    assert!(matches!(hooks.replay(store, id, number).await, Err(OutboxError::IsOff)));
    assert!(matches!(hooks.test(store, id, EVENING).await, Err(OutboxError::IsOff)));
    let on = Change { is_on: Some(true), ..Change::default() };
    let shown = hooks.alter(store, id, on).await.unwrap();
    assert_eq!((shown.endpoint.off, shown.endpoint.failing_since, shown.failed), (None, None, 1));
    assert_eq!(hooks.replay_failed(store, id, 0).await.unwrap(), 1);
    assert_eq!(hooks.replay_failed(store, id, 0).await.unwrap(), 0);
    hooks.enter(store, tried(2, 204, Then::Delivered, None)).await.unwrap();
    assert_eq!((stage(), hooks.waiting(id).len()), (Stage::Delivered, 0));
    assert_eq!(hooks.delivery(number).unwrap().attempts.len(), 3);

    let again = Webhooks::default();
    again.open(store).await.unwrap();
    let shown =
        |hooks: &Webhooks| format!("{:?}{:?}", hooks.endpoints(), hooks.deliveries(id, None, |_| true, 99));
    assert_eq!(shown(&again), shown(hooks));
    // From a snapshot as from the entries.
    let mut state = State::default();
    for stored in store.read(&LogId::webhooks(), Position::ZERO, 99).await.unwrap() {
        state.apply(stored.position, Body::from_bytes(&stored.bytes).unwrap());
    }
    assert_eq!(State::restore(&state.snapshot()).unwrap(), state);
    assert!(matches!(State::restore(&[9, 0x80]), Err(EntryError::Format)));
}

#[tokio::test]
async fn a_secret_that_is_not_used_any_more_is_not_in_the_log_either() {
    let scene = Scene::new();
    let (store, hooks) = (&scene.store, &scene.hooks);
    let id = scene.endpoint(&Kind::ASKED, TODAY).await;
    let first = hooks.endpoint(id).unwrap().endpoint.secret;
    let rotated = hooks.rotate(store, id, EVENING).await.unwrap().endpoint;
    assert_eq!(rotated.before, Some((first.clone(), EVENING)));
    hooks.enter(store, Body::Forgot { id }).await.unwrap();
    let all = async || {
        let mut bytes: Vec<u8> = Vec::new();
        for stored in store.read(&LogId::webhooks(), Position::ZERO, 99).await.unwrap() {
            bytes.extend(stored.bytes);
        }
        for (_, snapshot) in store.snapshots(&LogId::webhooks()).await.unwrap() {
            bytes.extend(snapshot);
        }
        bytes
    };
    let has = |bytes: &[u8], secret: &Secret| {
        let text = secret.reveal();
        let secret = data_encoding::BASE64.decode(&text.as_bytes()["whsec_".len()..]).unwrap();
        bytes.windows(secret.len()).any(|window| window == secret)
    };
    let bytes = all().await;
    assert_eq!((has(&bytes, &first), has(&bytes, &rotated.secret)), (false, true));
    hooks.remove(store, id).await.unwrap();
    assert!(!has(&all().await, &rotated.secret));
    assert!(hooks.endpoints().is_empty());
}

#[tokio::test]
async fn there_is_an_end_to_what_is_kept() {
    let scene = Scene::new();
    let (store, hooks) = (&scene.store, &scene.hooks);
    let id = scene.endpoint(&Kind::ASKED, TODAY).await;
    for _ in 0..KEPT + 20 {
        let number = hooks.test(store, id, EVENING).await.unwrap().number;
        hooks
            .enter(
                store,
                Body::Tried {
                    delivery: number,
                    before: 0,
                    attempt: attempt(200),
                    then: Then::Delivered,
                    off: None,
                },
            )
            .await
            .unwrap();
    }
    assert_eq!(hooks.deliveries(id, None, |_| true, usize::MAX).len(), KEPT);
    // Two snapshots were written meanwhile, and what lies before the older one is gone from the store.
    assert!(store.read(&LogId::webhooks(), Position::ZERO, 2_000).await.unwrap().len() < 1_000);
    let again = Webhooks::default();
    again.open(store).await.unwrap();
    assert_eq!(
        again.deliveries(id, None, |_| true, usize::MAX),
        hooks.deliveries(id, None, |_| true, usize::MAX)
    );
    for _ in 1..ENDPOINTS {
        scene.endpoint(&Kind::ASKED, TODAY).await;
    }
    let one_more = hooks.make(store, wanted(&Kind::ASKED), 0, day(TODAY)).await;
    assert!(matches!(one_more, Err(OutboxError::Many)));
}
