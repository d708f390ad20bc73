//! `kill -9` under load: whatever a client was told is saved is there when the server is back.

use std::time::{Duration, Instant};

use plumbline_tests::{
    chance::Chance,
    peer::{self, Peer},
    setting,
    stage::Stage,
    writers::{Told, Writer, check, write},
};

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
    let mut writers = Vec::new();
    let share = stage.projects.len() / WRITERS;
    for n in 0..WRITERS {
        let token = stage.join(&format!("Writer {n}")).await.token;
        writers.push(Writer {
            token,
            doc: None,
            projects: stage.projects[n * share..(n + 1) * share].to_vec(),
        });
    }
    let (mut sent, mut acknowledged, mut away) = (0, 0, Duration::ZERO);
    for round in 0..rounds {
        let all_told = until_the_crash(&mut stage, &mut writers, &mut chance).await;
        let begun = Instant::now();
        stage.server.restart().await;
        away += begun.elapsed();
        let witness = stage.witness().await;
        for told in &all_told {
            sent += told.writes.len();
            acknowledged += told.writes.iter().filter(|write| write.frame <= told.saved).count();
            check(&witness, told, round);
        }
    }
    println!(
        "{sent} updates sent, {acknowledged} acknowledged, none of them lost in {rounds} crashes; \
         back after {:.0} ms on average",
        away.as_secs_f64() * 1000.0 / rounds.max(1) as f64
    );
    assert!(acknowledged as u64 > rounds * 20, "the load was real: {acknowledged} updates were acknowledged");
    assert!(acknowledged < sent, "the server died at work: it had acknowledged every one of {sent} updates");
}

/// Every writer writes until the server is killed, at a moment of chance.
async fn until_the_crash(stage: &mut Stage, writers: &mut [Writer], chance: &mut Chance) -> Vec<Told> {
    let mut tasks = Vec::new();
    for writer in writers.iter_mut() {
        let doc = writer.doc.take().unwrap_or_else(peer::document);
        let peer = Peer::open(&stage.door(&writer.token), doc).await.expect("an honest writer is admitted");
        peer.synced().await;
        tasks.push(tokio::spawn(write(
            peer,
            writer.projects.clone(),
            stage.pillars.clone(),
            Chance::new(chance.draw()),
            Default::default(),
        )));
    }
    // The moment is what the test is about: early and late, in the middle of anything.
    tokio::time::sleep(Duration::from_millis(20 + chance.below(180) as u64)).await;
    stage.server.kill9();
    let mut all_told = Vec::new();
    for (writer, task) in writers.iter_mut().zip(tasks) {
        let (told, doc) = task.await.expect("a writer goes on to the end");
        // Half of them come back with what they had, the others are new pages.
        writer.doc = chance.percent(50).then_some(doc);
        all_told.push(told);
    }
    all_told
}
