//! Bad weather between people and nodes and between nodes and Redis; one node stands still for long, and one comes late.
//!
//! `cargo xtask endure nodes` does it for longer, with a node that stands still for a minute.

use std::{net::SocketAddr, time::Duration};

use plumbline_tests::{
    chance::Chance,
    chaos::Chaos,
    nodes,
    peer::Peer,
    redis::Redis,
    server::{Server, signal},
    setting,
    socket::{Door, Socket},
    stage::Stage,
    wait,
    writers::Crowd,
};
use serde_json::Value;

/// How many rounds, and for how many seconds a node stands still in one of them, unless the environment says otherwise.
const ROUNDS: u64 = 4;
const STILL: u64 = 2;
/// People who write at once, on whatever node.
const WRITERS: usize = 6;
/// For how long they write in a round, in milliseconds, at least.
const WORKED: u64 = 500;
/// How long it may take until all agree, once the weather is fair.
const AGREED_WITHIN: Duration = Duration::from_secs(60);

/// Three nodes and what is before each of them.
struct Coast {
    stage: Stage,
    others: Vec<Server>,
    /// Before each node, for people.
    fronts: Vec<Chaos>,
    /// Between each node and Redis.
    backs: Vec<Chaos>,
}

impl Coast {
    async fn new(redis: &Redis, seed: u64) -> Self {
        let at = SocketAddr::from(([127, 0, 0, 1], redis.port()));
        let (mut backs, mut servers, mut fronts) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..3 {
            let back = Chaos::before(at, seed + n).await;
            let server = Server::start_with(&["--redis", &format!("redis://{}", back.address())]).await;
            fronts.push(Chaos::before(server.address(), seed + 10 + n).await);
            servers.push(server);
            backs.push(back);
        }
        let stage = Stage::on_server(servers.remove(0), 60).await;
        Self { stage, others: servers, fronts, backs }
    }

    fn server(&self, n: usize) -> &Server {
        if n == 0 { &self.stage.server } else { &self.others[n - 1] }
    }

    fn storm(&self, is_bad: bool) {
        self.fronts.iter().chain(&self.backs).for_each(|line| line.storm(is_bad));
    }

    /// Whoever has a connection in this weather, and the board.
    async fn connect(&self, n: usize, token: &str, doc: &yrs::Doc) -> Peer {
        let door = Door::new(self.fronts[n].address(), &self.stage.session.id, token);
        wait::until_within(AGREED_WITHIN, "somebody is let in", async || {
            let socket = Socket::try_open(&door).await.map_err(|error| error.to_string())?;
            let peer = Peer::with(socket, doc.clone());
            wait::until("the board has come, or the line is cut", async || {
                let seen = peer.seen();
                wait::holds(seen.synced || seen.ended.is_some(), || "neither".to_owned())
            })
            .await;
            let synced = peer.seen().synced;
            if synced { Ok(peer) } else { Err("the line was cut".to_owned()) }
        })
        .await
    }

    /// What all of these servers hold, once they hold the same.
    async fn agreed(&self, late: Option<&Server>) -> Value {
        let session = &self.stage.session;
        let door = |server: &Server| Door::new(server.address(), &session.id, &session.facilitator_token);
        let doors: Vec<Door> = (0..3).map(|n| self.server(n)).chain(late).map(door).collect();
        nodes::agreed(&doors, AGREED_WITHIN).await
    }

    /// Everybody writes while the weather is bad, and one node may stand still; then it is fair, and all is looked at.
    async fn round(&self, crowd: &mut Crowd, chance: &mut Chance, round: u64, still: Duration) {
        self.storm(true);
        let connect = async |chance: &mut Chance, token: &str, doc: yrs::Doc| {
            self.connect(chance.below(3), token, &doc).await
        };
        crowd.begin(chance, connect).await;
        let worked = Duration::from_millis(WORKED + chance.below(500) as u64);
        if still.is_zero() {
            tokio::time::sleep(worked).await;
        } else {
            let pid = self.server(chance.below(3)).pid();
            tokio::time::sleep(worked / 2).await;
            signal(pid, "STOP");
            tokio::time::sleep(still).await;
            signal(pid, "CONT");
        }
        let told = crowd.end(chance).await;
        self.storm(false);
        for n in 0..3 {
            nodes::settled(&self.server(n).api(), &self.stage.session, AGREED_WITHIN).await;
        }
        self.agreed(None).await;
        let door = self.server(chance.below(3)).address();
        let witness =
            Peer::join(&Door::new(door, &self.stage.session.id, &self.stage.session.facilitator_token)).await;
        crowd.check(&witness, &told, round);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_bad_weather_nothing_acknowledged_is_lost_and_all_nodes_agree() {
    let rounds = setting::number(setting::CHAOS_ROUNDS, ROUNDS);
    let still = Duration::from_secs(setting::number(setting::STILL, STILL));
    let seed = setting::number(setting::SEED, 20_260_104);
    println!("{rounds} rounds, {}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let redis = Redis::start().await;
    let coast = Coast::new(&redis, seed).await;
    let mut crowd = Crowd::of(&coast.stage, WRITERS).await;
    for round in 0..rounds {
        // One stands still in one of the rounds, in the middle.
        let still = if round == rounds / 2 { still } else { Duration::ZERO };
        Box::pin(coast.round(&mut crowd, &mut chance, round, still)).await;
    }
    let (sent, acknowledged) = (crowd.sent, crowd.acknowledged);
    // Who comes late begins with a snapshot and what came after it, or with all of the log.
    let late = Server::start_with(&["--redis", &redis.url()]).await;
    coast.agreed(Some(&late)).await;
    let passed: Vec<_> = coast.fronts.iter().chain(&coast.backs).map(Chaos::passed).collect();
    let sum = |of: fn(&plumbline_tests::chaos::Passed) -> u64| passed.iter().map(of).sum::<u64>();
    let (cut, delayed) = (sum(|passed| passed.cut), sum(|passed| passed.delayed));
    println!(
        "{sent} updates sent, {acknowledged} acknowledged, none of them lost in {rounds} rounds: {} connections, {cut} cut, {} \
         narrowed, {} said twice, {delayed} pieces delayed",
        sum(|passed| passed.connections),
        sum(|passed| passed.narrowed),
        sum(|passed| passed.doubled),
    );
    assert!(acknowledged as u64 > rounds * 10, "the load was real: {acknowledged} updates were acknowledged");
    assert!(cut > 0 && delayed > 0, "the weather was bad: {passed:?}");
    for n in 0..3 {
        let log = coast.server(n).log();
        assert!(!log.contains("panicked"), "node {n} has panicked");
    }
}
