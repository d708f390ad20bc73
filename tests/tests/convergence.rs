//! Whatever people do and however often they are cut off: in the end all see one board, with every project in exactly
//! one place.
//!
//! A plan follows from its seed. `PLUMBLINE_SEED` runs that one plan, `PLUMBLINE_PLANS` says how many others to run;
//! a failure names the seed.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use plumbline_shared::{board::Board, order, policy::Denied};
use plumbline_sync::testing::{Chance, Plan, Size, What};
use plumbline_tests::{
    page::ReplicaPage,
    picture, setting,
    stage::Stage,
    wait,
    yjs::{Opening, Tab, Yjs},
};
use serde_json::{Value, json};
use yrs::Transact;

/// Plans that are run unless the environment says otherwise.
const PLANS: u64 = 8;
/// Pages of our own; the first is the facilitator's. The others of a plan are Yjs clients.
const OURS: usize = 3;
const SIZE: Size = Size { pages: 5, moves: 160 };
/// Projects on the board at first.
const PROJECTS: usize = 24;

/// An unmodified Yjs client that keeps its document in IndexedDB.
struct YjsPage {
    process: Yjs,
    tab: Tab,
    token: String,
    participant: String,
    address: String,
    opening: Opening,
    loads: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_end_with_one_board_whatever_happened() {
    let seeds: Vec<u64> = match setting::number(setting::SEED, 0) {
        0 => (1..=setting::number(setting::PLANS, PLANS)).collect(),
        seed => vec![seed],
    };
    for seed in seeds {
        let plan = Plan::from_seed(seed, SIZE);
        println!("{}={seed}", setting::SEED);
        run(&plan).await;
    }
}

async fn run(plan: &Plan) {
    let mut stage = Stage::with_projects(PROJECTS).await;
    let mut chance = plan.chance();
    let mut ours = Vec::new();
    for n in 0..OURS {
        let token = match n {
            0 => stage.session.facilitator_token.clone(),
            _ => stage.join(&format!("Person {n}")).await.token,
        };
        ours.push(ReplicaPage::new(&format!("page {n}"), stage.door(&token), 1_000_000 * (n as u64 + 1)));
    }
    let process = Yjs::start();
    let mut theirs = Vec::new();
    for n in OURS..plan.pages {
        theirs.push(YjsPage::open(&stage, &process, &format!("yjs {n}")).await);
    }
    for page in &mut ours {
        page.connect().await;
    }
    let mut restarts = 0;
    for (n, (page, what)) in plan.moves.iter().enumerate() {
        match (what, ours.get_mut(*page)) {
            (What::Restart, _) => {
                stage.server.kill9();
                stage.server.restart().await;
                restarts += 1;
                for page in &mut ours {
                    page.disconnect();
                }
            }
            (What::Disconnect, Some(page)) => page.disconnect(),
            (What::Connect, Some(page)) => page.connect().await,
            (What::Reload, Some(page)) => page.reload(),
            (What::Travel(_), Some(page)) => page.travel(),
            (_, Some(page)) => {
                let board = page.replica.board();
                if let Some(intent) = what.intent(&board, &mut chance) {
                    page.act(intent);
                }
                page.travel();
            }
            (_, None) => theirs[*page - OURS].act(what, &mut chance).await,
        }
        if n % 40 == 39 {
            // Some of what is under way arrives, so that the others work on it.
            tokio::time::sleep(Duration::from_millis(30)).await;
            ours.iter_mut().for_each(ReplicaPage::travel);
        }
    }
    quiesce(&stage, plan, &mut ours, &theirs, restarts).await;
}

/// Everybody comes back, everything arrives, and then all is compared.
async fn quiesce(stage: &Stage, plan: &Plan, ours: &mut [ReplicaPage], theirs: &[YjsPage], restarts: usize) {
    let begun = Instant::now();
    for page in theirs {
        page.tab.connect().await;
    }
    let told = format!("all are one: replay with {}={}", setting::SEED, plan.seed);
    let held = wait::until_within(Duration::from_secs(30), &told, async || {
        for page in ours.iter_mut() {
            page.connect().await;
            page.travel();
        }
        ours.iter().try_for_each(ReplicaPage::settled)?;
        for page in theirs {
            let status = page.tab.status().await;
            wait::holds(status.synced && !status.pending, || format!("{}: {status:?}", page.tab.name))?;
        }
        let witness = stage.witness().await;
        let (held, board) = {
            let seen = witness.seen();
            (picture::of(&seen.doc), Board::read(&seen.doc.transact()))
        };
        for page in ours.iter() {
            let shown = page.replica.board();
            wait::holds(*shown == board, || {
                let both = [&*shown, &board].map(|board| serde_json::to_value(board).unwrap_or_default());
                format!("{}: {}", page.name, picture::difference(&both[0], &both[1]))
            })?;
        }
        for page in theirs {
            let shown = page.tab.board().await;
            wait::holds(shown == held, || {
                format!("{}: {}", page.tab.name, picture::difference(&shown, &held))
            })?;
        }
        Ok(board)
    })
    .await;
    let mut placed = BTreeSet::new();
    for (pile, cards) in held.piles() {
        for card in cards {
            assert!(placed.insert(card), "seed {}: {card} lies on {pile:?} and on another pile", plan.seed);
        }
    }
    assert!(placed.iter().eq(held.projects.keys()), "seed {}: every project lies somewhere", plan.seed);
    // Only what the moment explains may have been denied: something was taken off the board meanwhile.
    for page in ours.iter() {
        for (code, reason, _) in &page.denied {
            assert_eq!(code, Denied::Gone.code(), "seed {}: {} was told: {reason}", plan.seed, page.name);
        }
    }
    for page in theirs {
        let status = page.tab.status().await;
        assert!(!status.was_refused(), "seed {}: {} was refused: {status:?}", plan.seed, page.tab.name);
    }
    eprintln!(
        "{} projects, {} placed, {} notes, {restarts} restarts; one board after {:?}",
        held.projects.len(),
        held.placements.len(),
        held.notes.len(),
        begun.elapsed()
    );
}

impl YjsPage {
    async fn open(stage: &Stage, process: &Yjs, name: &str) -> Self {
        let joined = stage.join(name).await;
        let opening = Opening { store: Some(name.to_owned()), ..Opening::default() };
        let address = stage.yjs_address();
        let tab = process.open(name, &address, &joined.token, &opening).await;
        tab.synced().await;
        Self {
            process: process.clone(),
            tab,
            token: joined.token,
            participant: joined.participant_id,
            address,
            opening,
            loads: 0,
        }
    }

    async fn act(&mut self, what: &What, chance: &mut Chance) {
        match what {
            What::Disconnect => self.tab.disconnect().await,
            What::Connect => self.tab.connect().await,
            What::Reload => {
                self.loads += 1;
                let name =
                    format!("{} again {}", self.opening.store.as_deref().unwrap_or_default(), self.loads);
                let next = self.process.open(&name, &self.address, &self.token, &self.opening);
                // As in a browser, the old page is gone before the new one reads what it stored.
                self.tab.clone().leave().await;
                self.tab = next.await;
            }
            What::Undo => drop(self.tab.undo().await),
            What::Redo => drop(self.tab.redo().await),
            _ => {
                if let Some(steps) = self.steps(what, &self.tab.board().await, chance) {
                    self.tab.act(steps).await;
                }
            }
        }
    }

    /// What a participant's page would write for it; none for what only a facilitator may do.
    fn steps(&self, what: &What, board: &Value, chance: &mut Chance) -> Option<Value> {
        let keys = |root: &str| -> Vec<String> {
            board[root].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
        };
        let nth = |keys: &[String], n: usize| keys.get(n.checked_rem(keys.len())?).cloned();
        let (projects, pillars, notes) = (keys("projects"), keys("pillars"), keys("notes"));
        Some(match *what {
            What::Place { card, cards, pile, .. } => {
                let to = match pile % (pillars.len() + 2) {
                    0 => None,
                    1 => Some("off".to_owned()),
                    n => Some(pillars[n - 2].clone()),
                };
                let placements = &board["placements"];
                let steps = (card..card + cards.max(1)).filter_map(|n| {
                    let project = nth(&projects, n)?;
                    match &to {
                        Some(pile) => {
                            let last =
                                placements.as_object()?.values().filter(|place| place[0] == json!(pile));
                            let last = last.filter_map(|place| place[1].as_str()).max();
                            Some(json!(["place", project, pile, order::between(last, None)]))
                        }
                        None if placements.get(&project).is_some() => {
                            Some(json!(["take", "placements", project]))
                        }
                        None => None,
                    }
                });
                Value::Array(steps.collect())
            }
            What::AddProject => {
                let fields =
                    json!([["name", format!("New {}", chance.below(1_000))], ["added_by", self.participant]]);
                json!([["make", "projects", chance.id(), fields]])
            }
            What::AddNote(n) => {
                json!([["note", chance.id(), nth(&projects, n)?, self.participant, "why 𝄞?"]])
            }
            What::Type(n, at, remove) => {
                let note = nth(&notes, n)?;
                let words = ["", "x", "🙂", "more words "][chance.below(4)];
                let mut steps = Vec::new();
                if remove > 0 {
                    steps.push(json!(["erase", "notes", note, at, remove]));
                }
                if !words.is_empty() {
                    steps.push(json!(["write", "notes", note, at, words]));
                }
                Value::Array(steps)
            }
            _ => return None,
        })
    }
}
