//! Several nodes on one Redis: a room is one room whichever node somebody is on, and nothing that was acknowledged is
//! lost, whichever of them dies, and whatever happens to Redis.

use std::time::Duration;

use plumbline_shared::order;
use plumbline_tests::{
    api::Api,
    chance::Chance,
    nodes,
    peer::Peer,
    picture,
    redis::{Cluster, Redis},
    server::{KEY, Server, signal},
    setting,
    socket::{Door, Event},
    stage::Stage,
    wait,
    writers::Crowd,
};
use serde_json::{Value, json};

/// How often something is killed unless the environment says otherwise.
const ROUNDS: u64 = 14;
/// People who write at once, on whatever node.
const WRITERS: usize = 6;
/// How long it may take until all nodes agree.
const AGREED_WITHIN: Duration = Duration::from_secs(40);

/// Three nodes on one Redis, and a session.
struct Nodes {
    /// The session, made on the first node.
    stage: Stage,
    others: Vec<Server>,
}

impl Nodes {
    async fn new(redis: &str, projects: usize) -> Self {
        let first = Server::start_with(&["--redis", redis]).await;
        let stage = Stage::on_server(first, projects).await;
        let others = vec![
            Server::start_with(&["--redis", redis]).await,
            Server::start_with(&["--redis", redis]).await,
        ];
        Self { stage, others }
    }

    fn node(&mut self, n: usize) -> &mut Server {
        if n == 0 { &mut self.stage.server } else { &mut self.others[n - 1] }
    }

    fn api(&self, n: usize) -> Api {
        if n == 0 { self.stage.api() } else { self.others[n - 1].api() }
    }

    fn door(&self, n: usize, token: &str) -> Door {
        Door::new(self.api(n).address(), &self.stage.session.id, token)
    }

    async fn witness(&self, n: usize) -> Peer {
        Peer::join(&self.door(n, &self.stage.session.facilitator_token)).await
    }

    /// What all nodes hold, once they hold the same.
    async fn agreed(&self) -> Value {
        let doors: Vec<Door> = (0..3).map(|n| self.door(n, &self.stage.session.facilitator_token)).collect();
        nodes::agreed(&doors, AGREED_WITHIN).await
    }

    /// Has everybody write for a while, on whatever node, while something happens; then looks on all nodes for what was
    /// acknowledged.
    async fn round(&mut self, crowd: &mut Crowd, chance: &mut Chance, round: u64, happens: Happens<'_>) {
        let connect = async |chance: &mut Chance, token: &str, doc| {
            let door = self.door(chance.below(3), token);
            let peer = Peer::open(&door, doc).await.expect("an honest writer is admitted");
            peer.synced().await;
            peer
        };
        crowd.begin(chance, connect).await;
        // The moment is what the test is about: in the middle of anything.
        tokio::time::sleep(Duration::from_millis(20 + chance.below(180) as u64)).await;
        let killed = self.happen(happens, chance).await;
        tokio::time::sleep(Duration::from_millis(chance.below(120) as u64)).await;
        let told = crowd.end(chance).await;
        for n in killed {
            self.node(n).restart().await;
        }
        for n in 0..3 {
            nodes::settled(&self.api(n), &self.stage.session, AGREED_WITHIN).await;
        }
        self.agreed().await;
        crowd.check(&self.witness(chance.below(3)).await, &told, round);
    }

    /// Has something happen. The nodes that were killed by it.
    async fn happen(&mut self, happens: Happens<'_>, chance: &mut Chance) -> Vec<usize> {
        match happens {
            Happens::Killed(several) => {
                let first = chance.below(3);
                let killed: Vec<usize> = (0..several).map(|n| (first + n) % 3).collect();
                killed.iter().for_each(|n| self.node(*n).kill9());
                killed
            }
            Happens::Paused => {
                let pid = self.node(chance.below(3)).pid();
                signal(pid, "STOP");
                tokio::time::sleep(Duration::from_millis(400)).await;
                signal(pid, "CONT");
                Vec::new()
            }
            Happens::RedisKilled(redis) => {
                redis.kill9();
                redis.restart().await;
                Vec::new()
            }
            Happens::RedisPaused(redis, wait) => {
                redis.signal("STOP");
                tokio::time::sleep(wait).await;
                redis.signal("CONT");
                Vec::new()
            }
            Happens::LinesCut(redis) => {
                redis.tell(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
                redis.tell(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
                Vec::new()
            }
            Happens::MemoryFull(redis) => {
                redis.tell(&["CONFIG", "SET", "maxmemory", "1"]).await;
                tokio::time::sleep(Duration::from_millis(500)).await;
                redis.tell(&["CONFIG", "SET", "maxmemory", "0"]).await;
                Vec::new()
            }
        }
    }
}

enum Happens<'a> {
    /// So many nodes are killed.
    Killed(usize),
    /// A node stands still for a moment.
    Paused,
    RedisKilled(&'a mut Redis),
    RedisPaused(&'a Redis, Duration),
    LinesCut(&'a Redis),
    MemoryFull(&'a Redis),
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_by_any_node_is_on_all_of_them_after_every_crash() {
    let rounds = setting::number(setting::CRASH_ROUNDS, ROUNDS);
    let seed = setting::number(setting::SEED, 20_260_102);
    println!("{rounds} rounds, {}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let mut redis = Redis::start().await;
    let mut nodes = Nodes::new(&redis.url(), 60).await;
    let mut crowd = Crowd::of(&nodes.stage, WRITERS).await;
    for round in 0..rounds {
        let happens = match round % 7 {
            0 | 4 => Happens::Killed(1),
            1 => Happens::Killed(2),
            2 => Happens::RedisKilled(&mut redis),
            3 => Happens::LinesCut(&redis),
            5 => Happens::Killed(3),
            _ if round % 2 == 0 => Happens::Paused,
            _ => Happens::RedisPaused(&redis, Duration::from_millis(500)),
        };
        Box::pin(nodes.round(&mut crowd, &mut chance, round, happens)).await;
    }
    let (sent, acknowledged) = (crowd.sent, crowd.acknowledged);
    println!("{sent} updates sent, {acknowledged} acknowledged, none of them lost in {rounds} rounds");
    assert!(acknowledged as u64 > rounds * 20, "the load was real: {acknowledged} updates were acknowledged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_full_or_stands_still_keeps_nobody_from_their_page_and_loses_nothing() {
    let redis = Redis::start().await;
    let mut nodes = Nodes::new(&redis.url(), 60).await;
    let mut crowd = Crowd::of(&nodes.stage, WRITERS).await;
    let mut chance = Chance::new(setting::number(setting::SEED, 7));
    for round in 0..2 {
        Box::pin(nodes.round(&mut crowd, &mut chance, round, Happens::MemoryFull(&redis))).await;
    }
    // Longer than an answer may take.
    redis.signal("STOP");
    let page = {
        redis.signal("CONT");
        let page = nodes.witness(1).await;
        redis.signal("STOP");
        page
    };
    let project = nodes.stage.projects[0].clone();
    page.place(&project, "off", &order::between(None, None));
    tokio::time::sleep(Duration::from_secs(20)).await;
    {
        let seen = page.seen();
        assert!(seen.ended.is_none(), "the page stays: {:?}", seen.ended);
        assert!(seen.saved < seen.sent, "nothing is told to be saved that is not");
    }
    let ready = nodes.api(1).get("/readyz", "").await;
    assert_eq!(ready.status, 503, "{}", ready.text());
    redis.signal("CONT");
    page.saved().await;
    wait::until("it is on the other nodes", async || {
        let witness = nodes.witness(2).await;
        let place = picture::placement(&witness.seen().doc, &project);
        wait::holds(place.as_ref().is_some_and(|(pile, _)| pile == "off"), || format!("{place:?}"))
    })
    .await;
    wait::until("the node is ready again", async || {
        let ready = nodes.api(1).get("/readyz", "").await;
        wait::holds(ready.status == 200, || ready.text())
    })
    .await;
}

/// From here on the replica hears nothing more: what is saved now is lost with the primary.
async fn work_that_the_replica_misses(
    nodes: &Nodes,
    primary: &Redis,
    replica: &Redis,
    [one, two]: [&Peer; 2],
) {
    replica.tell(&["REPLICAOF", "NO", "ONE"]).await;
    wait::until("nobody waits for it any more", async || {
        let info = primary.tell(&["INFO", "replication"]).await;
        wait::holds(info.contains("connected_slaves:0"), || info.clone())
    })
    .await;
    let pillar = nodes.stage.pillars[0].clone();
    let mut last = order::between(None, None);
    for (n, project) in nodes.stage.projects.iter().enumerate().skip(1) {
        last = order::between(Some(&last), None);
        if n % 2 == 0 { one } else { two }.place(project, &pillar, &last);
    }
    one.saved().await;
    two.saved().await;
    nodes.agreed().await;
}

/// Until they have found the other one, they show what they know.
async fn the_other_one_is_found(nodes: &Nodes) {
    for n in 0..3 {
        wait::until("the nodes have found the primary that is left", async || {
            let ready = nodes.api(n).get("/readyz", "").await;
            wait::holds(ready.status == 200, || ready.text())
        })
        .await;
    }
    wait::until("it is noticed and told", async || {
        let log = nodes.stage.server.log();
        wait::holds(log.contains("went back to an older state"), || log.clone())
    })
    .await;
}

async fn a_newcomer_has_everything(nodes: &Nodes, replica: &Redis) {
    let pillar = &nodes.stage.pillars[0];
    let afresh = Server::start_with(&["--redis", &replica.url()]).await;
    wait::until("a node that knew nothing of it has everything", async || {
        let door =
            Door::new(afresh.address(), &nodes.stage.session.id, &nodes.stage.session.facilitator_token);
        let witness = Peer::join(&door).await;
        let held = picture::of(&witness.seen().doc);
        nodes.stage.projects.iter().skip(1).try_for_each(|project| {
            wait::holds(held["placements"][project][0] == json!(pillar), || {
                format!("{project} was acknowledged")
            })
        })
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_failover_has_lost_is_proposed_again_by_the_nodes_that_know_it() {
    let (mut primary, replica) = (Redis::start().await, Redis::start().await);
    let both = format!("{},{}", primary.url(), replica.url());
    let nodes = Nodes::new(&both, 30).await;
    replica.follow(&primary).await;
    let (one, two) = (nodes.witness(0).await, nodes.witness(1).await);
    one.place(&nodes.stage.projects[0], "off", &order::between(None, None));
    one.saved().await;
    let caught_up = wait::until("the replica has it", async || {
        let sizes = [&primary, &replica];
        let mut all = Vec::new();
        for redis in sizes {
            let info = redis.tell(&["INFO", "replication"]).await;
            all.extend(info.lines().find(|line| line.starts_with("master_repl_offset:")).map(str::to_owned));
        }
        wait::holds(all[0] == all[1], || format!("{all:?}"))
    });
    caught_up.await;
    // In parts, each on the heap: a test's thread has two megabytes for all of it.
    Box::pin(work_that_the_replica_misses(&nodes, &primary, &replica, [&one, &two])).await;
    primary.kill9();
    Box::pin(the_other_one_is_found(&nodes)).await;
    Box::pin(a_newcomer_has_everything(&nodes, &replica)).await;
    // And it goes on.
    let page = nodes.witness(2).await;
    page.place(&nodes.stage.projects[3], "off", &order::between(None, None));
    page.saved().await;
    assert_eq!(nodes.agreed().await["placements"][&nodes.stage.projects[3]][0], json!("off"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_on_three_nodes_is_one_room() {
    let redis = Redis::start().await;
    Box::pin(is_one_room(&redis.url())).await;
}

/// As `docs/NODES.md` says it: TLS with an authority of one's own, and a user who may do what is needed and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_reach_redis_over_tls_as_a_user_of_their_own() {
    let (redis, port) = Redis::with_tls().await;
    let rights = "~plumbline:* &plumbline:* +@read +@write +@scripting +@pubsub +@connection +time +info +role \
                  +cluster|slots +wait +config|get +bgrewriteaof +bgsave";
    let mut user = vec!["ACL", "SETUSER", "plumbline", "on", ">a-password"];
    user.extend(rights.split_whitespace());
    assert_eq!(redis.tell(&user).await.trim(), "+OK");
    let url = format!("rediss://plumbline:a-password@127.0.0.1:{port}");
    let authority = setting::fixture("tls/ca.crt").display().to_string();
    let trusts = [("SSL_CERT_FILE", authority.as_str())];
    let one = Server::start_in(&["--redis", &url], &trusts).await;
    let other = Server::start_in(&["--redis", &url], &trusts).await;
    let stage = Box::pin(Stage::on_server(one, 3)).await;
    let joined = other.api().join(&stage.session.code, "Ana").await;
    let page = Peer::join(&Door::new(other.address(), &stage.session.id, &joined.token)).await;
    let witness = stage.witness().await;
    page.place(&stage.projects[0], "off", &order::between(None, None));
    page.saved().await;
    witness
        .until("the card is there, on the other node", |seen| {
            let place = picture::placement(&seen.doc, &stage.projects[0]);
            wait::holds(place.is_some(), || format!("{place:?}"))
        })
        .await;
    let path = format!("/api/sessions/{}", stage.session.id);
    assert_eq!(other.api().call("DELETE", &path, KEY, &[], "").await.status, 204);
    for server in [&stage.server, &other] {
        let log = server.log();
        assert!(!log.contains("a-password") && !log.contains("ERROR"), "{log}");
    }
    // Who does not know the authority does not talk to it, and says why.
    let refused = std::process::Command::new(setting::path(setting::BINARY))
        .args(["serve", "--listen", "127.0.0.1:0", "--redis", &url])
        .env_remove("SSL_CERT_FILE")
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(7), "{said}");
    assert!(said.contains("certificate") && !said.contains("a-password"), "{said}");
}

/// The logs of a session, of the workspace and of what was decided lie on different masters.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_on_three_nodes_and_three_masters_is_one_room() {
    let cluster = Box::pin(Cluster::start()).await;
    Box::pin(is_one_room(&cluster.url())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_stays_when_nodes_and_masters_of_a_cluster_are_killed() {
    let mut cluster = Box::pin(Cluster::start()).await;
    let mut nodes = Nodes::new(&cluster.url(), 60).await;
    let mut crowd = Crowd::of(&nodes.stage, WRITERS).await;
    let mut chance = Chance::new(setting::number(setting::SEED, 11));
    for round in 0..4 {
        // With each master once: one of them has the session's log.
        let happens = match round {
            0 => Happens::Killed(2),
            n => Happens::RedisKilled(&mut cluster.0[n as usize - 1]),
        };
        Box::pin(nodes.round(&mut crowd, &mut chance, round, happens)).await;
        cluster.well().await;
    }
    assert!(crowd.acknowledged > 80, "the load was real: {} were acknowledged", crowd.acknowledged);
}

async fn is_one_room(redis: &str) {
    let nodes = Nodes::new(redis, 6).await;
    let session = &nodes.stage.session;
    let path = |call: &str| format!("/api/sessions/{}{call}", session.id);

    // Joined on one node, connected to another at once.
    let mut people = Vec::new();
    for n in 0..6 {
        let joined = nodes.api(n % 3).join(&session.code, &format!("Person {n}")).await;
        let page = Peer::join(&nodes.door((n + 1) % 3, &joined.token)).await;
        people.push((joined, page));
    }

    // They see each other, whichever node they are on, each under one id.
    for (n, (_, page)) in people.iter().enumerate() {
        page.present(1, &json!({"over": format!("pile {n}")}));
    }
    for (_, page) in &people {
        page.until("everybody is seen", |seen| {
            let mut names: Vec<&str> =
                seen.presences.values().filter_map(|(_, state)| state["user"]["name"].as_str()).collect();
            names.sort_unstable();
            wait::holds(names.len() == 6 && names[0] == "Person 0" && names[5] == "Person 5", || {
                format!("{names:?}")
            })
        })
        .await;
    }

    // Work on one node is on the others' pages.
    let project = &nodes.stage.projects[0];
    people[0].1.place(project, "off", &order::between(None, None));
    people[0].1.saved().await;
    for (_, page) in &people {
        page.until("the card is there", |seen| {
            let place = picture::placement(&seen.doc, project);
            wait::holds(place.as_ref().is_some_and(|(pile, _)| pile == "off"), || format!("{place:?}"))
        })
        .await;
    }

    // Two facilitators on two nodes press *next* at once: one step.
    let made = nodes.api(1).post("/api/sessions", KEY, &json!({"title": "Next", "template": "align"})).await;
    let made = made.expect(201).json();
    let next = made["id"].as_str().expect("it has an id").to_owned();
    let token = made["facilitator_token"].as_str().expect("and a facilitator").to_owned();
    let steps = |board: &Value| -> Vec<String> {
        let mut steps: Vec<(String, String)> = board["agenda"]
            .as_array()
            .map(|steps| steps.iter().map(|step| (text(step, "order"), text(step, "id"))).collect())
            .unwrap_or_default();
        steps.sort();
        steps.into_iter().map(|(_, id)| id).collect()
    };
    for turn in 0..4 {
        let board = nodes.api(turn % 3).board(&next, &token).await["board"].clone();
        let (at, steps) = (board["session"].clone(), steps(&board));
        let here = steps.iter().position(|step| *step == text(&at, "step")).expect("it stands at a step");
        let press = |n: usize| {
            let (api, token, path) = (nodes.api(n), token.clone(), format!("/api/sessions/{next}/commands"));
            let body = json!({
                "id": uuid::Uuid::now_v7(), "type": "go_to", "step": steps[here + 1],
                "seen": {"step": at["step"], "round": at["round"]},
            });
            async move { api.post(&path, &token, &body).await.status }
        };
        let both = tokio::join!(press(0), press(1), press(2));
        let statuses = [both.0, both.1, both.2];
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        for n in 0..3 {
            let board = &nodes.api(n).board(&next, &token).await["board"];
            assert_eq!(text(&board["session"], "step"), steps[here + 1], "node {n}");
        }
    }

    // Whoever is removed on one node is out on all, at once.
    let (gone, page) = people.pop().expect("there are six");
    let removed = json!({
        "id": uuid::Uuid::now_v7(), "type": "remove", "participant": gone.participant_id,
    });
    let done = nodes.api(0).post(&path("/commands"), &session.facilitator_token, &removed).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let ended = page.end().await;
    assert!(matches!(ended, Event::Closed(4403)), "{ended:?}");
    for n in 0..3 {
        assert_eq!(nodes.api(n).get(&path(""), &gone.token).await.status, 401, "node {n}");
    }

    // A token that was renewed on one node, a code, a key: the old one is dead on all.
    let rotated =
        nodes.api(2).post(&path("/rotate"), &session.facilitator_token, &json!({"what": "code"})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    for n in 0..3 {
        let refused =
            nodes.api(n).post("/api/join", "", &json!({"code": session.code, "name": "Late"})).await;
        assert_eq!(refused.status, 404, "node {n}");
    }
    // Wrong codes count on all nodes together: three have been tried.
    let mut looked_up = 3;
    for n in 0..30 {
        let refused =
            nodes.api(n % 3).post("/api/join", "", &json!({"code": "AAAA0000", "name": "Late"})).await;
        looked_up += usize::from(refused.status == 404);
    }
    assert!(looked_up <= 10, "{looked_up} wrong codes were looked up");

    // The list is one list, and a session that is deleted on one node is gone from all, with its pages.
    for n in 0..3 {
        let list = nodes.api(n).get("/api/sessions", KEY).await.expect(200).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
    }
    let deleted = nodes.api(1).call("DELETE", &path(""), KEY, &[], "").await;
    assert_eq!(deleted.status, 204, "{}", deleted.text());
    for (_, page) in &people {
        let ended = page.end().await;
        assert!(matches!(ended, Event::Closed(4404)), "{ended:?}");
    }
    for n in 0..3 {
        assert_eq!(nodes.api(n).get(&path(""), KEY).await.status, 404, "node {n}");
    }

    // A call that is repeated at another node, as a proxy may have it, is made once.
    let key = uuid::Uuid::now_v7().to_string();
    let mut made = Vec::new();
    for n in 0..3 {
        let headers = [("idempotency-key", key.as_str()), ("content-type", "application/json")];
        let answer = nodes.api(n).call("POST", "/api/sessions", KEY, &headers, r#"{"title":"Once"}"#).await;
        made.push(text(&answer.expect(201).json(), "id"));
    }
    assert!(!made[0].is_empty() && made.iter().all(|id| *id == made[0]), "{made:?}");
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
