//! From one release to the next while people work: no session has to end for it, and each goes on under its rules.
//!
//! `cargo xtask endure upgrade` does it with two builds, of this release and of the last one that had earlier rules. Without
//! a second one, both are the same, and it is servers that are stopped and started in turn.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use plumbline_tests::{
    api::{Api, Created},
    chance::Chance,
    metrics::Metrics,
    nodes,
    peer::Peer,
    redis::Redis,
    server::{KEY, Server},
    setting,
    socket::Door,
    stage::Stage,
    wait,
    writers::Crowd,
};
use serde_json::{Value, json};

const WRITERS: usize = 6;
/// How long it may take until all nodes agree.
const AGREED_WITHIN: Duration = Duration::from_secs(60);
/// How long people may take to come to the close.
const CLOSED_WITHIN: Duration = Duration::from_secs(240);

fn earlier() -> PathBuf {
    setting::path_or(setting::EARLIER, setting::BINARY)
}

fn newer() -> PathBuf {
    setting::path(setting::BINARY)
}

/// The newest rules of a release.
async fn rules_of(binary: PathBuf) -> u32 {
    let metrics = Metrics::place();
    let _server = Server::start_release(binary, &["--metrics", &metrics.address()]).await;
    let told = metrics.text().await.expect("a server that runs tells its metrics");
    let build =
        told.lines().find(|line| line.starts_with("plumbline_build_info{")).expect("which build it is");
    let (_, rules) = build.split_once("rules=\"").expect("the rules' version");
    rules.split('"').next().and_then(|rules| rules.parse().ok()).expect("a number")
}

/// People who are led from step to step to the close, whatever becomes of their server.
struct Hall {
    session: Created,
    simulated: Child,
}

impl Hall {
    async fn open(api: Api, seed: u64) -> Self {
        let wish = json!({ "title": format!("Upgraded {seed}"), "sample": true, "template": "align" });
        let session: Created =
            serde_json::from_slice(&api.post("/api/sessions", KEY, &wish).await.expect(201).body)
                .expect("a session as documented");
        let simulated = Command::new(newer())
            .args(["simulate", &format!("http://{}", api.address()), "--code", &session.code])
            .args(["--people", "5", "--seed", &seed.to_string(), "--pace", "30", "--dwell", "400"])
            .env("PLUMBLINE_FACILITATOR", &session.facilitator_token)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("people can be simulated");
        Self { session, simulated }
    }

    fn goes_on(&mut self) -> bool {
        self.simulated.try_wait().expect("a child of ours can be asked").is_none()
    }

    async fn is_over(&mut self) {
        wait::until_within(CLOSED_WITHIN, "the session has come to its close", async || {
            let ended = self.simulated.try_wait().expect("a child of ours can be asked");
            let status = ended.ok_or_else(|| "it goes on".to_owned())?;
            assert!(status.success(), "the simulated people ended with {status}");
            Ok(())
        })
        .await;
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        // Nothing to be done about a process that has ended already.
        let _ = self.simulated.kill();
        let _ = self.simulated.wait();
    }
}

/// The rules by which a session goes, as somebody is told who comes.
async fn rules_at(api: &Api, session: &Created) -> u32 {
    let peer = Peer::join(&Door::new(api.address(), &session.id, &session.facilitator_token)).await;
    let seen = peer.seen();
    seen.welcome.as_ref().expect("a welcome comes first").rules
}

/// A session that begins at one of these servers is one at all of them, and goes by these rules.
async fn one_begins(apis: &[Api], at: usize, rules: u32) {
    let session = apis[at].create("Begun meanwhile").await;
    for api in apis {
        assert_eq!(rules_at(api, &session).await, rules);
        api.join(&session.code, "Somebody").await;
    }
}

/// What was decided stands in the log, the same at all of these servers, and the chain holds.
async fn is_logged(apis: &[Api], session: &Created) {
    let mut seen: Option<Value> = None;
    for api in apis {
        let decisions =
            api.get(&format!("/api/decisions?session={}", session.id), KEY).await.expect(200).json();
        let count = decisions["items"].as_array().map_or(0, Vec::len);
        assert!(count > 0, "what the session decided is in the log: {decisions}");
        let verified = api.get("/api/decisions/verify", KEY).await.expect(200).json();
        assert!(verified["first_fault"].is_null(), "{verified}");
        if let Some(seen) = &seen {
            assert_eq!(&decisions, seen, "every server has the same log");
        }
        seen = Some(decisions);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_are_replaced_one_after_the_other_while_people_work() {
    let (old, new) = (rules_of(earlier()).await, rules_of(newer()).await);
    let seed = setting::number(setting::SEED, 20_260_105);
    println!("from rules {old} to {new}, {}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let redis = Redis::start().await;
    let url = redis.url();
    let on_redis = ["--redis", url.as_str()];
    let mut stage = Stage::on_server(Server::start_release(earlier(), &on_redis).await, 60).await;
    let mut others = [
        Server::start_release(earlier(), &on_redis).await,
        Server::start_release(earlier(), &on_redis).await,
    ];
    let apis = [stage.api(), others[0].api(), others[1].api()];
    let session = stage.session.clone();
    let everywhere: Vec<Door> =
        apis.iter().map(|api| Door::new(api.address(), &session.id, &session.facilitator_token)).collect();
    let mut halls = [Hall::open(apis[0], 1).await, Hall::open(apis[2], 2).await];
    let mut crowd = Crowd::of(&stage, WRITERS).await;

    // To the new release one by one; the first of them back and forth: as long as one is old, one can go back.
    let course = [(0, newer()), (0, earlier()), (0, newer()), (1, newer()), (2, newer())];
    for (round, (n, binary)) in course.into_iter().enumerate() {
        let id = session.id.clone();
        let connect = async |chance: &mut Chance, token: &str, doc| {
            let door = Door::new(apis[chance.below(3)].address(), &id, token);
            let peer = Peer::open(&door, doc).await.expect("an honest writer is admitted");
            peer.synced().await;
            peer
        };
        crowd.begin(&mut chance, connect).await;
        let node = if n == 0 { &mut stage.server } else { &mut others[n - 1] };
        node.replace(binary).await;
        let told = crowd.end(&mut chance).await;
        for api in &apis {
            nodes::settled(api, &session, AGREED_WITHIN).await;
        }
        nodes::agreed(&everywhere, AGREED_WITHIN).await;
        crowd.check(&Peer::join(&everywhere[chance.below(3)]).await, &told, round as u64);
        for api in &apis {
            assert_eq!(rules_at(api, &session).await, old, "it goes on under its rules");
        }
        assert!(round > 2 || halls.iter_mut().all(Hall::goes_on), "it was in the middle of sessions");
        let last = round == 4;
        one_begins(&apis, n, if last { new } else { old }).await;
    }
    println!("{} updates sent, {} acknowledged, none of them lost", crowd.sent, crowd.acknowledged);
    assert!(crowd.acknowledged > 100, "the load was real: {} were acknowledged", crowd.acknowledged);

    for hall in &mut halls {
        hall.is_over().await;
        for api in &apis {
            assert_eq!(rules_at(api, &hall.session).await, old, "it has gone on under its rules to its end");
        }
        let token = &hall.session.facilitator_token;
        let doors: Vec<Door> =
            apis.iter().map(|api| Door::new(api.address(), &hall.session.id, token)).collect();
        let board = nodes::agreed(&doors, AGREED_WITHIN).await;
        assert_eq!(board["session"]["closed"], json!(true));
        is_logged(&apis, &hall.session).await;
    }
    for node in [&stage.server, &others[0], &others[1]] {
        let log = node.log();
        let bad: Vec<&str> =
            log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).take(5).collect();
        assert!(bad.is_empty(), "a server's log has errors: {bad:#?}");
    }
}

/// Somebody on the same Redis knows fewer rules, as an older release would.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_begins_under_rules_that_an_older_neighbour_knows() {
    let (redis, newest) = (Redis::start().await, rules_of(newer()).await);
    let older = (newest - 1).to_string();
    let server = Server::start_with(&["--redis", &redis.url()]).await;
    one_begins(&[server.api()], 0, newest).await;
    let word = format!("{older}:a neighbour");
    redis.tell(&["ZADD", "plumbline:said:rules", "9000000000000", &word]).await;
    one_begins(&[server.api()], 0, newest - 1).await;
    redis.tell(&["ZREM", "plumbline:said:rules", &word]).await;
    one_begins(&[server.api()], 0, newest).await;
    let mut server = server;
    server.terminate().await;
    let left = redis.tell(&["ZCARD", "plumbline:said:rules"]).await;
    assert_eq!(left.trim(), ":0", "a server that was stopped says nothing more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_replaced_in_the_middle_of_a_session() {
    let (old, new) = (rules_of(earlier()).await, rules_of(newer()).await);
    let mut server = Server::start_release(earlier(), &[]).await;
    let mut hall = Hall::open(server.api(), 3).await;
    let token = hall.session.facilitator_token.clone();
    // In the midst of the first private answers.
    wait::until_within(CLOSED_WITHIN, "people answer", async || {
        let board = server.api().board(&hall.session.id, &token).await["board"].clone();
        let asked = board["results"].as_object().is_some_and(|results| !results.is_empty());
        let is_open = board["session"]["step_state"] == json!("open");
        wait::holds(asked && is_open, || board["session"].to_string())
    })
    .await;
    server.replace(newer()).await;
    hall.is_over().await;
    let api = server.api();
    assert_eq!(rules_at(&api, &hall.session).await, old, "it has gone on under its rules to its end");
    is_logged(&[api], &hall.session).await;
    one_begins(&[api], 0, new).await;
}
