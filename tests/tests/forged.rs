//! Forgeries by the thousand over real sockets: on a board, and in a ballot where others have answered.
//!
//! `cargo xtask endure hostile` sends ten thousand; `PLUMBLINE_SEED` gives the same ones again.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use plumbline_shared::{
    order,
    schema::Root,
    wire::{AwarenessEntry, Frame, write_awareness},
};
use plumbline_tests::{
    api::{Created, Joined},
    chance::Chance,
    forge::{self, Block, Content, Run, Under},
    forgeries::{Fate, Known, forgeries, key, known, refused, victim_of},
    peer::Peer,
    picture,
    rounds::Rounds,
    server::Server,
    setting,
    socket::{Door, Event},
    stage::Stage,
    wait,
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// How many are sent unless the environment says otherwise.
const FORGED: u64 = 400;
/// Changes and messages that one forger sends: no more than may begin anew after a refusal within a moment.
const EACH: usize = 8;
/// How many that are at least: whoever is closed for the first of the changes goes on to the ballot.
const FROM_EACH: u64 = EACH as u64 + 5;
/// How many forge at a time.
const AT_A_TIME: usize = 12;
/// What the server may grow by, in bytes, and for each forger, who stays in the roster.
const GROWTH: u64 = 16 * 1024 * 1024;
const FOR_EACH_FORGER: u64 = 16 * 1024;

/// A session in which a ballot is open, and what honest people have said in it.
struct Ballot {
    stage: Created,
    door: Door,
    step: String,
    projects: Vec<String>,
    /// Who answered honestly, the victim first, and who has asked of something whether it is a hobby.
    voters: Vec<Peer>,
    tokens: Vec<String>,
    rounds: Rounds,
    facilitator: String,
    before: Value,
}

impl Ballot {
    async fn open(board: &Stage) -> Self {
        let api = board.api();
        let session = api.create("A ballot under attack").await;
        let csv: String = (1..=6).map(|n| format!("Project {n}\n")).collect();
        api.import(&session.id, &session.facilitator_token, format!("Project\n{csv}").into_bytes()).await;
        api.pillars(&session.id, &session.facilitator_token, &["One", "Two"]).await;
        let rounds = Rounds::of(api, &session);
        let step = rounds.ask("Sort alone", "placement", &[]).await;
        let door = |token: &str| Door::new(api.address(), &session.id, token);
        let (mut voters, mut tokens) = (Vec::new(), Vec::new());
        for name in ["Ana", "Ben", "Cleo", "Dev"] {
            let joined = api.join(&session.code, name).await;
            voters.push(Peer::join(&door(&joined.token)).await);
            tokens.push(joined.token);
        }
        rounds.go_to(&step).await;
        rounds.open().await;
        let projects = picture::keys(&voters[0].seen().doc, Root::Projects);
        for voter in &voters {
            for project in &projects {
                let cast = voter.tell(json!({
                    "type": "cast", "step": step, "round": 1, "item": project, "value": {"pillar": "off"},
                }));
                assert_eq!(voter.answer(cast).await, None);
            }
        }
        let flag =
            voters[0].tell(json!({ "type": "flag", "project": projects[0], "reason": "Whose is it?" }));
        assert_eq!(voters[0].answer(flag).await, None);
        let door = door(&session.facilitator_token);
        let before = rounds.board().await;
        let facilitator = session.participant_id.clone();
        Self { stage: session, door, step, projects, voters, tokens, rounds, facilitator, before }
    }

    /// A message that nothing may come of, from a participant, by its name.
    fn message(&self, me: &Joined, chance: &mut Chance) -> (&'static str, Value) {
        let (step, project) = (&self.step, chance.pick(&self.projects).clone());
        let (other, nobody) = (&self.facilitator, Uuid::now_v7());
        let seen = json!({ "step": step, "round": 1 });
        let cast = |step: &str, round: u64, item: &str, value: Value| json!({ "type": "cast", "step": step, "round": round, "item": item, "value": value });
        let off = json!({ "pillar": "off" });
        let huge = "x".repeat(chance.below(40_000) + 2_000);
        let all: Vec<(&'static str, Value)> = vec![
            ("an answer to another step", cast(&nobody.to_string(), 1, &project, off.clone())),
            (
                "an answer to a round that is not",
                cast(step, 2 + chance.below(9) as u64, &project, off.clone()),
            ),
            ("an answer about nothing", cast(step, 1, &nobody.to_string(), off.clone())),
            ("an answer to another question", cast(step, 1, &project, json!({ "verdict": "stop" }))),
            ("dots in a placement", cast(step, 1, &project, json!({ "dots": 5 }))),
            ("a pillar that is none", cast(step, 1, &project, json!({ "pillar": nobody }))),
            ("an answer of kilobytes", cast(step, 1, &project, json!({ "text": huge }))),
            (
                "another's ballot, as if on paper",
                json!({ "type": "paper", "participant": other, "step": step, "round": 1,
                        "answers": [{ "item": project, "value": off }] }),
            ),
            (
                "one's own ballot, as if on paper",
                json!({ "type": "paper", "participant": me.participant_id, "step": step, "round": 1, "answers": [] }),
            ),
            ("finished in another step", json!({ "type": "done", "step": nobody, "round": 1, "done": true })),
            ("the seal", json!({ "type": "seal", "seen": seen })),
            ("the reveal", json!({ "type": "reveal", "seen": seen })),
            ("another round", json!({ "type": "again", "seen": seen })),
            ("another step", json!({ "type": "go_to", "step": step, "seen": seen })),
            ("the lock", json!({ "type": "lock", "locked": true, "seen": seen })),
            ("the close", json!({ "type": "close", "seen": seen })),
            ("the timer", json!({ "type": "timer", "seconds": 60, "seen": seen })),
            ("what is agreed", json!({ "type": "place_agreed", "seen": seen })),
            ("verdicts that are agreed", json!({ "type": "decide_agreed", "seen": seen })),
            ("a role", json!({ "type": "name", "participant": me.participant_id, "role": "facilitator" })),
            ("another's name", json!({ "type": "rename", "participant": other, "name": "Mallory" })),
            ("another's place", json!({ "type": "remove", "participant": other })),
            ("another's person", json!({ "type": "merge", "from": other, "into": me.participant_id })),
            ("somebody without a device", json!({ "type": "person", "name": "Nobody" })),
            ("a flag on nothing", json!({ "type": "flag", "project": nobody, "reason": "?" })),
            ("a flag of kilobytes", json!({ "type": "flag", "project": project, "reason": huge })),
            (
                "a signature out of step",
                json!({ "type": "sign", "about": "session", "stance": "carry", "reason": "" }),
            ),
            ("dissent out of step", json!({ "type": "dissent", "about": "session", "text": "No" })),
            (
                "a claim that is not theirs to check",
                json!({ "type": "check", "step": step, "item": project, "claim": "revenue", "stands": true }),
            ),
        ];
        all[chance.below(all.len())].clone()
    }

    /// Changes of the board that this step has no place for, with whether they are taken back rather than refused.
    fn change(&self, own: u64, project: &str, decision: forge::Id, which: usize) -> (bool, Vec<u8>) {
        let field = |name, value| {
            let block =
                Block { under: Under::Block(decision, Some(name)), content: Content::Any(vec![value]) };
            forge::update(&[Run { client: own, clock: 0, blocks: vec![block] }], &[])
        };
        match which {
            0 => (true, forge::set(own, 0, "placements", project, forge::placement("off", &key()))),
            1 => (false, field("verdict", forge::text("stop"))),
            2 => (false, field("owner", forge::text("Mallory"))),
            _ => (false, forge::set(own, 0, "results", &self.step, forge::number(1))),
        }
    }
}

/// Presence and sync messages that end a connection, or are told to be wrong.
fn last_word(chance: &mut Chance) -> Vec<u8> {
    let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    let entry = AwarenessEntry { client: 5, clock: 1, json: "{" };
    match chance.below(6) {
        0 => Frame::Step1(&huge).encode(),
        1 => Frame::Step1(&[2, 1]).encode(),
        2 => Frame::Awareness(&huge).encode(),
        3 => Frame::Awareness(&write_awareness(std::iter::once(entry))).encode(),
        4 => Frame::Typed(&"[".repeat(2_000)).encode(),
        _ => vec![0, 9, 0],
    }
}

/// A forger at the board: changes under all the names that are not theirs.
async fn at_the_board(door: &Door, k: impl Fn(&Peer) -> Known, chance: &mut Chance) -> u64 {
    let forger = Peer::join(door).await;
    let mut k = k(&forger);
    for n in 0..EACH {
        k.own = forger.seen().doc.client_id().get() + 1 + n as u64;
        let all = forgeries(&k);
        let (name, fate, update) = &all[chance.below(all.len())];
        let frame = forger.send_update(update);
        let was_refused = refused(&forger, frame, name).await;
        // Whenever somebody joins, the server writes, and a clock of its own that was guessed is one that has been.
        let is_guessed = *name == "the server's client id";
        assert!(is_guessed || was_refused == (*fate == Fate::Refused), "«{name}» should be {fate:?}");
        if forger.seen().ended.is_some() {
            return n as u64 + 1;
        }
        if was_refused {
            forger.send_frame(&Frame::Step1(&[0]));
        }
    }
    let said = forger.seen().denied.len();
    forger.send_raw(Message::binary(last_word(chance)));
    forger
        .until("the last word is minded", |seen| match &seen.ended {
            Some(Event::Closed(code)) => wait::holds(*code >= 4400, || format!("{code}")),
            Some(other) => Err(format!("{other:?}")),
            None => wait::holds(seen.denied.len() > said, || "nothing".to_owned()),
        })
        .await;
    EACH as u64 + 1
}

/// A forger at the ballot: others' answers, others' commands, verdicts and cards out of step.
async fn at_the_ballot(ballot: &Ballot, me: &Joined, door: &Door, chance: &mut Chance) -> u64 {
    let forger = Peer::join(door).await;
    for _ in 0..EACH {
        let (name, message) = ballot.message(me, chance);
        let id = forger.tell(message);
        let denied = forger.answer(id).await.unwrap_or_else(|| panic!("«{name}» was carried out"));
        assert!(denied.reason.contains(' '), "«{name}» is refused in words: {denied:?}");
    }
    for which in 0..4 {
        let project = chance.pick(&ballot.projects).clone();
        let own = forger.seen().doc.client_id().get() + 1 + which as u64;
        let decision = plumbline_tests::forgeries::block_of(&forger.seen().doc, Root::Decisions, &project);
        let (taken_back, update) = ballot.change(own, &project, decision, which);
        let frame = forger.send_update(&update);
        let denied = forger
            .until("a change out of step is answered", |seen| {
                let denied = seen.denied.iter().find(|denied| denied.frame == Some(frame));
                denied.cloned().ok_or_else(|| format!("nothing; ended: {:?}", seen.ended))
            })
            .await;
        assert_eq!(denied.taken_back, taken_back, "{which}: {denied:?}");
        if !taken_back {
            forger.send_frame(&Frame::Step1(&[0]));
        }
    }
    EACH as u64 + 4
}

/// One forger, first at the board and then at the ballot. How many forgeries that came to.
async fn forge_as(n: u64, seed: u64, (stage, victim, note): (&Stage, &Peer, &str), ballot: &Ballot) -> u64 {
    let mut chance = Chance::new(seed.wrapping_mul(1_000_003).wrapping_add(n));
    let address = format!("198.51.{}.{}", n / 250, n % 250);
    let as_seen = |door: Door| door.with("x-forwarded-for", &address);
    let name = format!("Forger {n}");
    let joined = stage.api().join_from(&address, &stage.session.code, &name).await;
    let knows = |forger: &Peer| known(stage, forger, victim, note);
    let board = Box::pin(at_the_board(&as_seen(stage.door(&joined.token)), knows, &mut chance)).await;
    let me = stage.api().join_from(&address, &ballot.stage.code, &name).await;
    let door = Door { token: me.token.clone(), ..ballot.door.clone() };
    board + Box::pin(at_the_ballot(ballot, &me, &as_seen(door), &mut chance)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_forgeries_come_to_nothing_on_a_board_and_in_a_ballot() {
    let (count, seed) = (setting::number(setting::FORGED, FORGED), setting::number(setting::SEED, 5));
    println!("{}={seed}", setting::SEED);
    let server = Server::start_with(&["--trusted-proxy", "127.0.0.1/32"]).await;
    let mut stage = Stage::on_server(server, 40).await;
    let (victim, note) = victim_of(&stage).await;
    let honest = stage.peer("Hana").await;
    let ballot = Ballot::open(&stage).await;
    let mut expected = stage.held().await;
    let (memory, begun) = (stage.server.memory(), Instant::now());
    let forgers = count.div_ceil(FROM_EACH);
    let stop = AtomicBool::new(false);
    // Somebody honest works on beside them.
    let work = async {
        let mut last = key();
        while !stop.load(Ordering::Relaxed) {
            last = if last.len() > 60 { key() } else { order::between(Some(&last), None) };
            honest.place(&stage.projects[2], "off", &last);
            honest.saved().await;
            assert!(honest.seen().denied.is_empty(), "{:?}", honest.seen().denied);
            // Nothing is waited for: this is the pace of somebody who goes on working, ten changes in a second.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        last
    };
    let forge = async {
        let one = |n: u64| forge_as(n, seed, (&stage, &victim, &note), &ballot);
        let sent: Vec<u64> =
            futures_util::stream::iter(0..forgers).map(one).buffer_unordered(AT_A_TIME).collect().await;
        stop.store(true, Ordering::Relaxed);
        sent.iter().sum::<u64>()
    };
    let (last, sent) = tokio::join!(work, forge);
    assert!(sent >= count, "{sent} were sent");
    let grown = stage.server.memory().saturating_sub(memory);
    println!(
        "{sent} forgeries by {forgers} forgers in {:.1} s; the server grew by {} kB",
        begun.elapsed().as_secs_f64(),
        grown / 1024
    );
    assert!(stage.server.ended().is_none(), "the server is still there");
    assert!(grown < GROWTH + forgers * FOR_EACH_FORGER, "the server grew by {grown} bytes");

    // The board: what stood there, and what the honest one did.
    expected["placements"][&stage.projects[2]] = json!(["off", last]);
    let held = stage.held().await;
    for (root, content) in expected.as_object().expect("roots") {
        if root != "roster" {
            assert!(&held[root] == content, "{root}: {}", picture::difference(&held[root], content));
        }
    }
    assert_eq!(
        held["roster"].as_object().map(|all| all.len() as u64),
        Some(forgers + 3),
        "and nobody is missing"
    );
    for (peer, whose) in [(&victim, "the victim"), (&honest, "the honest one")] {
        peer.until(&format!("{whose} sees what is held"), |seen| {
            let shown = picture::of(&seen.doc);
            wait::holds(shown == held, || picture::difference(&shown, &held))
        })
        .await;
    }

    // The ballot: everybody's answers are theirs, and the tally counts those and no other.
    for (voter, token) in ballot.voters.iter().zip(&ballot.tokens) {
        assert!(
            voter.seen().ended.is_none() && voter.seen().denied.is_empty(),
            "somebody honest was disturbed"
        );
        let again = Peer::join(&Door { token: token.clone(), ..ballot.door.clone() }).await;
        again
            .until("their answers are as they gave them", |seen| {
                let own = seen.ballot.as_ref().ok_or("they were not told")?;
                let off =
                    own.answers.iter().filter(|own| json!(own.value) == json!({ "pillar": "off" })).count();
                wait::holds(off == ballot.projects.len(), || format!("{own:?}"))
            })
            .await;
    }
    ballot.voters[0]
        .until("the flag is its author's", |seen| {
            wait::holds(seen.flags.len() == 1, || format!("{:?}", seen.flags))
        })
        .await;
    ballot.rounds.seal().await;
    ballot.rounds.reveal().await;
    let after = ballot.rounds.board().await;
    let tally = &after["results"][&ballot.step]["rounds"]["1"]["tally"];
    assert_eq!(tally["answered"], json!(4), "{tally}");
    for root in ["placements", "decisions", "pillars", "projects", "agenda"] {
        assert_eq!(after[root], ballot.before[root], "{root} was not theirs to change");
    }
}
