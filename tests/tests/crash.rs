//! `kill -9` under load: whatever a client was told is saved is there when the server is back.

use std::time::{Duration, Instant};

use plumbline_tests::{chance::Chance, peer::Peer, setting, stage::Stage, writers::Crowd};

/// How often the server is killed unless the environment says otherwise.
const ROUNDS: u64 = 50;
/// People who write at once. Each has projects of its own, so that what should be there can be told exactly.
const WRITERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_every_crash() {
    let rounds = setting::number(setting::CRASH_ROUNDS, ROUNDS);
    let seed = setting::number(setting::SEED, 20_260_101);
    println!("{rounds} rounds, {}={seed}", setting::SEED);
    let mut chance = Chance::new(seed);
    let mut stage = Stage::with_projects(60).await;
    let mut crowd = Crowd::of(&stage, WRITERS).await;
    let mut away = Duration::ZERO;
    for round in 0..rounds {
        let connect = async |_: &mut Chance, token: &str, doc| {
            let peer = Peer::open(&stage.door(token), doc).await.expect("an honest writer is admitted");
            peer.synced().await;
            peer
        };
        crowd.begin(&mut chance, connect).await;
        // The moment is what the test is about: early and late, in the middle of anything.
        tokio::time::sleep(Duration::from_millis(20 + chance.below(180) as u64)).await;
        stage.server.kill9();
        let told = crowd.ended(&mut chance).await;
        let begun = Instant::now();
        stage.server.restart().await;
        away += begun.elapsed();
        crowd.check(&stage.witness().await, &told, round);
    }
    let (sent, acknowledged) = (crowd.sent, crowd.acknowledged);
    println!(
        "{sent} updates sent, {acknowledged} acknowledged, none of them lost in {rounds} crashes; \
         back after {:.0} ms on average",
        away.as_secs_f64() * 1000.0 / rounds.max(1) as f64
    );
    assert!(acknowledged as u64 > rounds * 20, "the load was real: {acknowledged} updates were acknowledged");
    assert!(acknowledged < sent, "the server died at work: it had acknowledged every one of {sent} updates");
}
