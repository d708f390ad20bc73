//! A server that counts how often it is really called.
#![allow(clippy::unwrap_used)]
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state, routing::post};
use futures_util::future;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::{
    live::Node,
    store::{RedisStore, redis::server::Server as Redis},
};

use super::{
    answers::{ANSWERS, ANSWERS_BYTES, KEPT_FOR},
    *,
};

const ONE: &str = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f";
const OTHER: &str = "0192f0c4-7b1e-7cc3-98c4-dc0c0c073990";

/// A server that counts how often it is really called.
struct Server {
    router: Router,
    answers: Arc<Answers>,
    calls: Arc<AtomicUsize>,
    /// `/slow` takes one to go on.
    gate: Arc<Semaphore>,
}

fn server() -> Server {
    Server::with(Answers::default(), Arc::default())
}

/// Two nodes on one Redis, which count together how often they are really called.
async fn nodes() -> (Redis, [Server; 2]) {
    let redis = Redis::start().await;
    let calls = Arc::new(AtomicUsize::new(0));
    let node = async || Node::new(Box::new(RedisStore::open(&redis.url()).await.unwrap()));
    let one = Server::with(Answers::of(node().await), Arc::clone(&calls));
    let other = Server::with(Answers::of(node().await), calls);
    (redis, [one, other])
}

impl Server {
    fn with(answers: Answers, calls: Arc<AtomicUsize>) -> Self {
        let gate = Arc::new(Semaphore::new(0));
        let count = Arc::clone(&calls);
        let make = move |body: String| {
            let call = count.fetch_add(1, Ordering::SeqCst);
            async move { (StatusCode::CREATED, [("set-cookie", format!("c={call}"))], format!("{call}: {body}")) }
        };
        let (slow, wait) = (make.clone(), Arc::clone(&gate));
        let count = Arc::clone(&calls);
        let refuse = move || {
            count.fetch_add(1, Ordering::SeqCst);
            async { AppError::conflict("Not now.") }
        };
        async fn panics() -> StatusCode {
            panic!("as the test wants it")
        }
        let large = || async { vec![b'x'; ANSWER_BYTES + 1] };
        let answers = Arc::new(answers);
        let router = Router::new()
            .route("/", post(make.clone()).get(make))
            .route("/refused", post(refuse))
            .route("/large", post(large))
            .route("/panics", post(panics))
            .route(
                "/slow",
                post(move |body: String| async move {
                    wait.acquire().await.unwrap().forget();
                    slow(body).await
                }),
            )
            .layer(from_fn_with_state(Arc::clone(&answers), once))
            .layer(DefaultBodyLimit::max(1000));
        Self { router, answers, calls, gate }
    }

    async fn send(&self, request: Request) -> (StatusCode, HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn post(&self, path: &str, key: &str, body: &'static str) -> (StatusCode, HeaderMap, String) {
        self.send(Request::post(path).header(KEY, key).body(Body::from(body)).unwrap()).await
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_repeated_call_gets_the_first_answer_and_happens_once() {
    let server = server();
    let first = server.post("/", ONE, "a").await;
    let second = server.post("/", ONE, "a").await;
    assert_eq!((first.0, &*first.2), (StatusCode::CREATED, "0: a"));
    assert_eq!((second.0, &second.2), (first.0, &first.2));
    assert_eq!(second.1["set-cookie"], "c=0");
    assert!(!first.1.contains_key(REPLAYED));
    assert_eq!(second.1[REPLAYED], "true");
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn a_call_that_is_repeated_at_another_node_gets_the_first_answer_and_happens_once() {
    let (redis, [one, other]) = nodes().await;
    let first = one.post("/", ONE, "a SECRET").await;
    let second = other.post("/", ONE, "a SECRET").await;
    assert_eq!((first.0, &*first.2), (StatusCode::CREATED, "0: a SECRET"));
    assert_eq!((second.0, &second.2, &second.1["set-cookie"]), (first.0, &first.2, &first.1["set-cookie"]));
    assert_eq!(second.1[REPLAYED], "true");
    assert_eq!(one.calls(), 1);
    let (status, _, body) = other.post("/", ONE, "b").await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("key_used_for_another_call"),
        "{body}"
    );
    // In the store it is sealed.
    let mut folders = vec![redis.directory()];
    let mut kept = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = std::fs::read(entry.path()).unwrap();
            kept += bytes.windows(13).filter(|part| part == b"claimed:call:").count();
            assert!(!bytes.windows(6).any(|part| part == b"SECRET"), "{}", entry.path().display());
        }
    }
    assert!(kept > 0, "it was in Redis' files that was looked");
}

#[tokio::test]
async fn a_node_that_stood_still_over_a_call_takes_nothing_from_who_made_it_meanwhile() {
    let (redis, [one, other]) = nodes().await;
    let (parts, ()) = Request::post("/").header(KEY, ONE).body(()).unwrap().into_parts();
    let (name, opener) = name(&parts).unwrap();
    let (node, content) = (one.answers.node.clone().unwrap(), hash([&opener.0, b"", b"a"]));
    let Ok(Claimed::Ours(late)) = Claim::of(node, name, content, tokio::time::Instant::now()).await else {
        panic!("nobody else has claimed it");
    };
    // Its time is over while the other one waits for it.
    let (made, _) = future::join(other.post("/", ONE, "a"), redis.tell(&["FLUSHALL"])).await;
    assert_eq!(&*made.2, "0: a");
    let answer = Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: "late".into() };
    late.settle(&opener.seal(&answer)).await;
    let again = one.post("/", ONE, "a").await;
    assert_eq!((&*again.2, one.calls()), ("0: a", 1));
}

#[tokio::test]
async fn repetitions_at_another_node_wait_for_the_first() {
    let (_redis, [one, other]) = nodes().await;
    one.gate.add_permits(1);
    other.gate.add_permits(1);
    let all = [&one, &other, &one, &other, &one].map(|server| server.post("/slow", ONE, "a"));
    let all = future::join_all(all).await;
    assert!(all.iter().all(|(status, _, body)| *status == StatusCode::CREATED && body == "0: a"), "{all:?}");
    assert_eq!(one.calls(), 1);
}

#[tokio::test]
async fn what_one_node_has_refused_or_lost_another_may_make() {
    let (_redis, [one, other]) = nodes().await;
    assert_eq!(one.post("/refused", ONE, "a").await.0, StatusCode::CONFLICT);
    assert_eq!(other.post("/refused", ONE, "a").await.0, StatusCode::CONFLICT);
    assert_eq!(one.calls(), 2);
    assert_eq!(one.post("/panics", ONE, "a").await.0, StatusCode::INTERNAL_SERVER_ERROR);
    let again = other.post("/panics", ONE, "a").await;
    assert_eq!(again.0, StatusCode::INTERNAL_SERVER_ERROR);
    // Larger than what is shared, and repeated by whoever gave it.
    one.post("/large", ONE, "a").await;
    assert_eq!(other.post("/large", ONE, "a").await.0, StatusCode::OK);
}

#[tokio::test]
async fn another_key_another_route_and_another_caller_are_other_calls() {
    let server = server();
    server.post("/", ONE, "a").await;
    server.post("/", OTHER, "a").await;
    server.post("/?x=1", ONE, "a").await;
    for header in [("authorization", "Bearer x"), ("authorization", "Bearer y"), ("cookie", "plumbline_1=x")]
    {
        let request = Request::post("/").header(KEY, ONE).header(header.0, header.1);
        server.send(request.body(Body::from("a")).unwrap()).await;
    }
    assert_eq!(server.calls(), 6);
    // Cookies that are not ours come and go.
    let request = Request::post("/").header(KEY, ONE).header("cookie", "theme=dark");
    server.send(request.body(Body::from("a")).unwrap()).await;
    assert_eq!(server.calls(), 6);
}

#[tokio::test]
async fn a_key_is_good_for_one_content() {
    let server = server();
    server.post("/", ONE, "a").await;
    let (status, _, body) = server.post("/", ONE, "b").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("key_used_for_another_call"), "{body}");
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn calls_without_a_key_and_calls_that_only_read_are_let_through() {
    let server = server();
    for _ in 0..2 {
        server.send(Request::post("/").body(Body::from("a")).unwrap()).await;
        server.send(Request::get("/").header(KEY, ONE).body(Body::empty()).unwrap()).await;
    }
    assert_eq!(server.calls(), 4);
}

#[tokio::test]
async fn repetitions_that_come_meanwhile_wait_for_the_first() {
    let server = server();
    server.gate.add_permits(1);
    let all = future::join_all((0..5).map(|_| server.post("/slow", ONE, "a"))).await;
    assert!(all.iter().all(|(status, _, body)| *status == StatusCode::CREATED && body == "0: a"));
    assert_eq!(server.calls(), 1);
    assert_eq!(server.answers.lock().on_their_way, 0);
}

#[tokio::test]
async fn a_call_is_carried_to_its_end_when_the_caller_goes_away() {
    let server = server();
    let mut call = Box::pin(server.post("/slow", ONE, "a"));
    while server.answers.lock().on_their_way == 0 {
        let _ = futures_util::future::select(&mut call, Box::pin(tokio::task::yield_now())).await;
    }
    drop(call);
    server.gate.add_permits(1);
    assert_eq!(server.post("/slow", ONE, "a").await.2, "0: a");
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again() {
    let server = server();
    for _ in 0..2 {
        assert_eq!(server.post("/refused", ONE, "a").await.0, StatusCode::CONFLICT);
    }
    assert_eq!(server.calls(), 2);
    assert!(server.answers.lock().calls.is_empty());
}

#[tokio::test]
async fn a_call_that_panics_is_a_fault_and_leaves_nothing_behind() {
    let server = server();
    let (status, _, body) = server.post("/panics", ONE, "a").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!body.contains("as the test wants it"), "{body}");
    assert!(server.answers.lock().calls.is_empty());
    assert_eq!(server.answers.lock().on_their_way, 0);
}

#[tokio::test]
async fn a_key_that_somebody_else_could_use_is_refused() {
    let server = server();
    for key in ["", "1", &"x".repeat(LONGEST_KEY + 1), "with a space in its middle", "ключ ключ ключ ключ"]
    {
        assert_eq!(server.post("/", key, "a").await.0, StatusCode::BAD_REQUEST);
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn the_limit_of_the_route_holds_here_too() {
    let server = server();
    let body = Body::from("x".repeat(1001));
    let request = Request::post("/").header(KEY, ONE).body(body).unwrap();
    assert_eq!(server.send(request).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_large_answer_is_given_and_not_kept() {
    let server = server();
    assert_eq!(server.post("/large", ONE, "a").await.2.len(), ANSWER_BYTES + 1);
    assert!(server.answers.lock().calls.is_empty());
}

#[test]
fn answers_are_forgotten_when_they_are_old_or_too_many() {
    let answers = Arc::new(Answers::default());
    let start = Instant::now();
    let make = |n: usize, size: usize, now| {
        let name = hash([&n.to_le_bytes()]);
        let Ok(Verdict::Make(making)) = answers.judge(name, [0; 32], now) else { return false };
        let answer = Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: vec![0; size].into() };
        making.finish(Opener([0; 32]).seal(&answer), now);
        true
    };
    for n in 0..ANSWERS + 10 {
        assert!(make(n, 10, start));
    }
    assert_eq!(answers.lock().calls.len(), ANSWERS);
    assert!(make(0, 10, start), "the oldest is forgotten");
    assert!(!make(ANSWERS, 10, start), "a newer one is not");
    for n in 0..100 {
        make(10_000 + n, ANSWER_BYTES, start);
    }
    assert!(answers.lock().bytes <= ANSWERS_BYTES);
    assert!(make(10_099, 10, start + KEPT_FOR), "an old one is forgotten");
    assert_eq!(answers.lock().calls.len(), 1);
    assert!((10..100).contains(&answers.lock().bytes), "what was forgotten does not count");
}
