//! Whole sessions, one after the other, on one server: nothing fails, nothing is lost, and memory does not grow.
//!
//! `cargo xtask endure soak` runs twenty of them at once for half an hour, each with 25 simulated people who join, answer,
//! place, flag, sign and are led from step to step to the close, and two who write notes, look around and reload.

use std::{
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use plumbline_shared::{board::Board, schema::Root, words::StepKind};
use plumbline_tests::{
    api::{Api, Created},
    chance::Chance,
    metrics::Metrics,
    peer::{self, Peer},
    picture,
    server::{KEY, Server},
    setting,
    socket::Door,
    wait,
};
use serde_json::json;
use uuid::Uuid;
use yrs::{Any, Map, MapPrelim, Out, Text, TextPrelim, Transact, WriteTxn};

/// How long sessions are begun, unless the environment says otherwise; each goes on to its close.
const SECONDS: u64 = 8;
/// Sessions at a time, and people in each.
const SESSIONS: u64 = 2;
const PEOPLE: u64 = 5;
/// How long somebody thinks over an answer and a facilitator leaves what is to be seen, in milliseconds: in a short soak,
/// and in a long one.
const QUICKLY: (u64, u64) = (8, 120);
const AS_PEOPLE_DO: (u64, u64) = (600, 1_500);
/// From how many seconds on a soak is a long one.
const LONG: u64 = 300;
/// How long a page may wait for its board, on a machine that does all of this at once. How long it was is told.
const PATIENCE: Duration = Duration::from_secs(120);
/// What the server may grow by after it has warmed up: a share, and so many bytes that are noise.
const GROWTH: (f64, f64) = (1.10, 16e6);

/// What has been done in all sessions together.
#[derive(Default)]
struct Done {
    sessions: u32,
    notes: u32,
    letters: u32,
    reloads: u32,
    /// The longest that a page has waited for its board.
    longest: Duration,
}

/// One session at work.
struct Hall {
    api: Api,
    session: Created,
    simulated: Child,
}

impl Hall {
    async fn open(api: Api, people: u64, seed: u64, (pace, dwell): (u64, u64)) -> Self {
        let wish = json!({ "title": format!("Soak {seed}"), "sample": true, "template": "align" });
        let made = api.post("/api/sessions", KEY, &wish).await.expect(201);
        let session: Created = serde_json::from_slice(&made.body).expect("a session as documented");
        let simulated = Command::new(setting::path(setting::BINARY))
            .args(["simulate", &format!("http://{}", api.address()), "--code", &session.code])
            .args(["--people", &people.to_string(), "--seed", &seed.to_string()])
            .args(["--pace", &pace.to_string(), "--dwell", &dwell.to_string()])
            .env("PLUMBLINE_FACILITATOR", &session.facilitator_token)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("people can be simulated");
        Self { api, session, simulated }
    }

    fn door(&self, token: &str) -> Door {
        Door::new(self.api.address(), &self.session.id, token)
    }

    fn is_over(&mut self) -> bool {
        let Some(status) = self.simulated.try_wait().expect("a child of ours can be asked") else {
            return false;
        };
        assert!(status.success(), "the simulated people of {} ended with {status}", self.session.id);
        true
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        // Nothing to be done about a process that has ended already.
        let _ = self.simulated.kill();
        let _ = self.simulated.wait();
    }
}

/// Somebody beside the simulated: writes notes, looks around, reloads.
struct Visitor {
    door: Door,
    who: String,
    peer: Peer,
    note: Option<String>,
    chance: Chance,
}

impl Visitor {
    async fn enter(hall: &Hall, n: u64) -> Self {
        let joined = hall.api.join(&hall.session.code, &format!("Visitor {n}")).await;
        let door = hall.door(&joined.token);
        let peer = Peer::join(&door).await;
        Self { door, who: joined.participant_id, peer, note: None, chance: Chance::new(n) }
    }

    /// Does one thing that the step allows.
    async fn act(&mut self, done: &Mutex<Done>) {
        let denied = !self.peer.seen().denied.is_empty();
        let ended = self.peer.seen().ended.is_some();
        if denied || ended || self.chance.percent(6) {
            // With what they had, or as a new page; what the step has overtaken is dropped as a page drops it.
            let is_new = denied || self.chance.percent(50);
            let doc = if is_new { peer::document() } else { self.peer.seen().doc.clone() };
            self.peer = Peer::open(&self.door, doc).await.expect("an honest visitor is admitted");
            let begun = Instant::now();
            wait::until_within(PATIENCE, "the board has come after a reload", async || {
                let seen = self.peer.seen();
                wait::holds(seen.synced, || format!("ended: {:?}, {} frames", seen.ended, seen.frames))
            })
            .await;
            let mut done = done.lock().expect("nobody panics with it");
            done.reloads += 1;
            done.longest = done.longest.max(begun.elapsed());
            return;
        }
        let clock = self.chance.draw() >> 40;
        self.peer.present(clock, &json!({ "over": "pile", "at": clock % 7 }));
        let (kind, closed, project) = {
            let seen = self.peer.seen();
            let board = Board::read(&seen.doc.transact());
            let projects = picture::keys(&seen.doc, Root::Projects);
            (board.step().map(|step| step.kind), board.session.closed, self.chance.pick(&projects).clone())
        };
        if closed
            || !matches!(kind, Some(StepKind::Board | StepKind::Gather | StepKind::Decide | StepKind::Commit))
        {
            return;
        }
        let stands = self
            .note
            .as_ref()
            .is_some_and(|note| picture::keys(&self.peer.seen().doc, Root::Notes).contains(note));
        if stands {
            let note = self.note.clone().unwrap_or_default();
            self.peer.change(|txn| {
                let Some(Out::YMap(map)) = txn.get_or_insert_map(Root::Notes.name()).get(txn, &note) else {
                    return;
                };
                let Some(Out::YText(text)) = map.get(txn, "text") else { return };
                let end = text.len(txn);
                text.insert(txn, end, "word ");
            });
            done.lock().expect("nobody panics with it").letters += 5;
        } else {
            let (note, who) = (Uuid::now_v7().to_string(), self.who.clone());
            self.peer.change(|txn| {
                let map = txn.get_or_insert_map(Root::Notes.name()).insert(
                    txn,
                    note.as_str(),
                    MapPrelim::default(),
                );
                map.insert(txn, "about", Any::from(project.as_str()));
                map.insert(txn, "author", Any::from(who.as_str()));
                map.insert(txn, "text", TextPrelim::new("I wonder: "));
            });
            self.note = Some(note);
            done.lock().expect("nobody panics with it").notes += 1;
        }
    }
}

/// Session after session, until the time is over.
async fn one_after_the_other(
    api: Api,
    n: u64,
    people: u64,
    until: Instant,
    pace: (u64, u64),
    done: &Mutex<Done>,
) {
    let mut seed = n * 1_000;
    loop {
        seed += 1;
        let mut hall = Hall::open(api, people, seed, pace).await;
        let mut visitors =
            vec![Visitor::enter(&hall, seed * 2).await, Visitor::enter(&hall, seed * 2 + 1).await];
        while !hall.is_over() {
            for visitor in &mut visitors {
                visitor.act(done).await;
            }
            tokio::time::sleep(Duration::from_millis((3 * pace.0).max(60))).await;
        }
        // The session is closed: what came too late is dropped, as pages drop it, and all hold the same.
        for visitor in &mut visitors {
            if !visitor.peer.seen().denied.is_empty() || visitor.peer.seen().ended.is_some() {
                visitor.peer = Peer::join(&visitor.door).await;
            }
        }
        let token = hall.session.facilitator_token.clone();
        wait::until_within(PATIENCE, "all pages hold the same board", async || {
            let witness = Peer::join(&hall.door(&token)).await;
            let held = picture::of(&witness.seen().doc);
            assert_eq!(held["session"]["closed"], json!(true), "the session went to its close");
            for visitor in &visitors {
                let shown = picture::of(&visitor.peer.seen().doc);
                wait::holds(shown == held, || picture::difference(&shown, &held))?;
            }
            Ok(())
        })
        .await;
        done.lock().expect("nobody panics with it").sessions += 1;
        if Instant::now() >= until {
            return;
        }
    }
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_after_session_goes_well_and_memory_stays_flat() {
    let seconds = setting::number(setting::SECONDS, SECONDS);
    let sessions = setting::number(setting::SESSIONS, SESSIONS);
    let people = setting::number(setting::PEOPLE, PEOPLE);
    let is_long = seconds >= LONG;
    let pace = if is_long { AS_PEOPLE_DO } else { QUICKLY };
    let metrics = Metrics::place();
    let server =
        Server::start_with(&["--trusted-proxy", "127.0.0.1/32", "--metrics", &metrics.address()]).await;
    let (begun, done) = (Instant::now(), Mutex::new(Done::default()));
    let until = begun + Duration::from_secs(seconds);
    let mut running: FuturesUnordered<_> =
        (0..sessions).map(|n| one_after_the_other(server.api(), n + 1, people, until, pace, &done)).collect();
    let (mut memory, beat) = (Vec::new(), Duration::from_millis(if is_long { 5_000 } else { 250 }));
    while !running.is_empty() {
        tokio::select! {
            _ = running.next() => {}
            () = tokio::time::sleep(beat) => {
                // Towards the end fewer and fewer are left: that says nothing.
                if Instant::now() < until {
                    memory.push(server.memory() as f64);
                }
                // Who is honest and reads is never closed: not for being slow, not for silence.
                for code in [4403, 4408, 4413, 4429, 4500] {
                    let closed = metrics.labelled("plumbline_closed_total", &format!("code=\"{code}\"")).await;
                    assert!(closed.as_ref().is_ok_and(|closed| *closed == 0.0), "{closed:?} were closed with {code}");
                }
            }
        }
    }
    drop(running);
    let done = done.into_inner().expect("nobody panics with it");
    let part = (memory.len() / 12).max(1);
    let course: Vec<String> = memory.chunks(part).map(|part| format!("{:.0}", mean(part) / 1e6)).collect();
    println!(
        "{} sessions of {people} simulated people and two visitors in {:.1} minutes, {sessions} at a time: {} entries, {} notes \
         with {} letters, {} reloads, each with its board within {:.1} s",
        done.sessions,
        begun.elapsed().as_secs_f64() / 60.0,
        metrics.of("plumbline_entries_total").await.expect("it answers"),
        done.notes,
        done.letters,
        done.reloads,
        done.longest.as_secs_f64(),
    );
    println!("memory over the time, in MB: {}", course.join(" "));
    let log = server.log();
    let bad: Vec<&str> =
        log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).take(5).collect();
    assert!(bad.is_empty(), "the server's log has errors: {bad:#?}");
    let warned = log.lines().filter(|line| line.contains(" WARN ")).count();
    println!("{warned} warnings in the server's log");
    assert!(done.sessions as u64 >= sessions && done.notes > 0, "the sessions were held");
    assert_eq!(metrics.of("plumbline_save_failures_total").await, Ok(0.0));
    if is_long {
        // A third to warm up; then the second third against the last.
        let third = memory.len() / 3;
        let (warm, late) = (mean(&memory[third..2 * third]), mean(&memory[2 * third..]));
        assert!(
            late < warm * GROWTH.0 + GROWTH.1,
            "memory grew from {:.0} to {:.0} MB",
            warm / 1e6,
            late / 1e6
        );
    }
}
