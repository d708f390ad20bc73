//! The ninety minutes: twelve leaders and the sample's 63 projects through every step of *Align the portfolio*, driven by
//! a facilitator's page. Two of the twelve answer on pages, on a phone and on a laptop; the others are simulated people
//! on the real wire. It ends in the decision log, and its pictures tell the story in the README.

use std::{
    collections::BTreeMap,
    process::Stdio,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use plumbline_shared::{
    board::{Board, Pile},
    day::Day,
    deciding::{Evidence, lacking},
    ids::ProjectId,
    methods::{self, PileChoice},
    words::{Question, Verdict},
};
use plumbline_tests::{
    album::{Album, in_state},
    api::Created,
    browser::{Browser, Page},
    console::{at, press, ready_to, session},
    left_behind::{exports_hold, log_is_complete},
    room::{says, shows},
    server::Server,
    setting, wait,
};
use serde_json::json;
use tokio::process::{Child, Command};

/// How many of the twelve are simulated.
const SIMULATED: usize = 10;
/// How many answer.
const LEADERS: usize = 12;
/// How many projects the sample has.
const PROJECTS: usize = 63;
/// How long the simulated people may take to see that the session is closed, and to go.
const LEAVING: Duration = Duration::from_secs(20);
/// So many moves compete for the same people.
const COMPETING: usize = 8;
/// Why one project is moved against the room.
const WHY: &str = "It is promised in public, and we would break our word.";

/// A day so many days from now.
fn day(days: i32) -> Day {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    Day::of(now.as_millis() as u64).plus(days)
}

struct Story {
    server: Server,
    session: Created,
    /// The facilitator's console.
    fay: Page,
    /// A leader with a phone.
    mia: Page,
    /// A leader with a laptop.
    ben: Page,
    wall: Page,
    crowd: Child,
    album: Album,
}

impl Story {
    async fn begin() -> Self {
        let server = Server::start().await;
        let session = session(&server, "align", true).await;
        let browser = Browser::start();
        let fay = browser.open("facilitator", &session.facilitator_url).await;
        fay.see("agenda").await;
        let wall = browser.open("wall", &session.wall_url).await;
        wall.resize(1920, 1080).await;
        let mia = browser.open_phone("phone", &session.join_url).await;
        let ben = browser.open("laptop", &session.join_url).await;
        for (page, name) in [(&mia, "Mia"), (&ben, "Ben")] {
            page.fill("join-name", name).await;
            page.click("join-submit").await;
            page.see("agenda").await;
            in_state(page, "saved").await;
        }
        let crowd = Command::new(setting::path(setting::BINARY))
            .arg("simulate")
            .arg(format!("http://{}", server.address()))
            .args(["--code", &session.code, "--seed", "7", "--pace", "2"])
            .args(["--people", &SIMULATED.to_string()])
            .env_remove("PLUMBLINE_FACILITATOR")
            .env_remove("PLUMBLINE_WORKSPACE_KEY")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary runs");
        Self { server, session, fay, mia, ben, wall, crowd, album: Album::open() }
    }

    async fn board(&self) -> Board {
        let shown = self.server.api().board(&self.session.id, &self.session.facilitator_token).await;
        serde_json::from_value(shown["board"].clone()).expect("the board is one")
    }

    /// The moment as the facilitator, the phone and the wall show it.
    async fn picture(&mut self, name: &str) {
        self.album.moment(&format!("story-{name}"), &self.fay, &[&self.mia, &self.wall]).await;
    }

    /// On to the step of this title, for everybody.
    async fn go_on(&self, title: &str) {
        press(&self.fay, "next").await;
        for page in [&self.fay, &self.mia, &self.ben] {
            at(page, title).await;
        }
    }

    async fn open(&self) {
        press(&self.fay, "open").await;
        shows(&self.wall, "wall-ballot", "data-state", "open").await;
        for page in [&self.mia, &self.ben] {
            page.see("ballot").await;
        }
    }

    /// Ben answers by key, Mia by her buttons, until neither has anything left.
    async fn answer(&self, key: impl Fn(usize) -> &'static str, tap: impl Fn(usize) -> String) {
        for n in 0.. {
            if self.ben.count("review").await == 1 {
                break;
            }
            self.ben.press(&[key(n)]).await;
        }
        for n in 0.. {
            if self.mia.count("review").await == 1 {
                break;
            }
            let now = self.mia.attribute("ballot-card", "data-current").await;
            self.mia.click_one("answer", "data-answer", &tap(n)).await;
            wait::until("the next card is before Mia", async || {
                if self.mia.count("review").await == 1 {
                    return Ok(());
                }
                let next = self.mia.attribute("ballot-card", "data-current").await;
                wait::holds(next != now, || next.clone())
            })
            .await;
        }
    }

    async fn done(&self) {
        for page in [&self.mia, &self.ben] {
            page.click("done").await;
            page.see("not-done").await;
        }
    }

    /// Once everybody is done, the round is sealed and revealed: twelve have answered.
    async fn reveal(&self) {
        wait::until("everybody is done", async || {
            let says = self.fay.text("console-done").await;
            wait::holds(says == format!("{LEADERS} of {LEADERS} done"), || says.clone())
        })
        .await;
        press(&self.fay, "seal").await;
        press(&self.fay, "reveal").await;
        ready_for_more(&self.fay).await;
        let board = self.board().await;
        let step = board.session.step.expect("the session stands at a step");
        let tally = board.results[&step].rounds[&board.session.round].tally.clone().expect("it is revealed");
        assert_eq!((tally.eligible, tally.answered), (LEADERS as u32, LEADERS as u32), "{tally:?}");
    }
}

/// Waits until what was revealed is there.
async fn ready_for_more(fay: &Page) {
    wait::until("it is revealed", async || {
        let next = fay.attribute("console-next", "data-next").await;
        wait::holds(["show", "next"].contains(&next.as_str()), || next.clone())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_the_ninety_minutes() {
    let mut story = Story::begin().await;
    gather(&mut story).await;
    sort_alone(&mut story).await;
    sort_together(&mut story).await;
    four_questions(&mut story).await;
    verdict_and_dots(&mut story).await;
    decide(&mut story).await;
    commit(&mut story).await;
    close(&mut story).await;
    let Story { server, session, fay, mia, ben, wall, mut crowd, album, .. } = story;
    let left = tokio::time::timeout(LEAVING, crowd.wait()).await.expect("the others go, too");
    assert!(left.expect("a child can be waited for").success(), "they took part to the end");
    for page in [&fay, &mia, &ben, &wall] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
    let (verdicts, against) = log_is_complete(&server, PROJECTS).await;
    assert!(["move", "wait", "stop"].iter().all(|verdict| verdicts.contains_key(*verdict)), "{verdicts:?}");
    let [against] = &against[..] else { panic!("one decision goes against the room: {against:?}") };
    assert_eq!(
        (&against["room"], &against["by"], &against["reason"]),
        (&json!("stop"), &json!("Maren"), &json!(WHY))
    );
    exports_hold(&server, &session, PROJECTS, WHY).await;
    album.close();
}

async fn gather(story: &mut Story) {
    let fay = &story.fay;
    fay.click("menu").await;
    fay.click("menu-agenda").await;
    fay.fill("about-purpose", "Which of our projects does the strategy carry?").await;
    fay.fill("about-decider", "Maren").await;
    fay.fill("about-rule", "after hearing everybody").await;
    fay.click("agenda-done").await;
    press(fay, "begin").await;
    wait::until("everybody is in", async || {
        let roster = story.board().await.roster.len();
        wait::holds(roster == LEADERS + 1, || roster.to_string())
    })
    .await;
    for page in [&story.mia, &story.ben] {
        says(page, "agenda", "Maren").await;
    }
    in_state(fay, "saved").await;
    story.picture("01-gather").await;
}

async fn sort_alone(story: &mut Story) {
    story.go_on("Sort alone").await;
    press(&story.fay, "open").await;
    for page in [&story.mia, &story.ben] {
        page.see("promise").await;
        page.click("promise-begin").await;
        page.see("ballot-card").await;
    }
    shows(&story.wall, "wall-ballot", "data-state", "open").await;
    let pillars: Vec<String> =
        story.board().await.pillars.iter().map(|pillar| pillar.id.to_string()).collect();
    // Mia is on her way when the picture is taken.
    for n in 0..12 {
        let now = story.mia.attribute("ballot-card", "data-current").await;
        let tap = if n % 2 == 0 { "off" } else { &pillars[n % pillars.len()] };
        story.mia.tap_one("answer", "data-answer", tap).await;
        wait::until("the next card is before Mia", async || {
            let next = story.mia.attribute("ballot-card", "data-current").await;
            wait::holds(next != now, || next.clone())
        })
        .await;
    }
    story.picture("02-sort-alone").await;
    let key = |n: usize| ["0", "1", "0", "2", "0", "3", "u", "4", "0", "5", "0", "6"][n % 12];
    let tap = |n: usize| match n % 4 {
        0 | 2 => "off".to_owned(),
        1 => pillars[n / 4 % pillars.len()].clone(),
        _ => "unknown".to_owned(),
    };
    story.answer(key, tap).await;
    story.done().await;
    story.reveal().await;
    for page in [&story.fay, &story.mia] {
        says(page, "answered", "12 of 12 answered").await;
    }
    shows(&story.wall, "wall-beat", "data-shows", "shape").await;
    story.picture("03-shape").await;
    press(&story.fay, "show").await;
    shows(&story.wall, "wall-beat", "data-shows", "agreed").await;
    press(&story.fay, "show").await;
    shows(&story.wall, "wall-beat", "data-shows", "splits").await;
    story.fay.see("heat-map").await;
    ready_to(&story.fay, "next").await;
    story.picture("04-splits").await;
}

/// How many cards nobody has placed.
async fn unsorted(story: &Story) -> usize {
    let board = story.board().await;
    board.projects.keys().filter(|id| board.pile(**id) == Pile::Unsorted).count()
}

async fn sort_together(story: &mut Story) {
    story.go_on("Sort together").await;
    story.fay.see("talk").await;
    if story.fay.count("place-agreed").await == 1 {
        story.fay.click("place-agreed").await;
        story.fay.see("placed-agreed").await;
    }
    story.fay.click("talk-next").await;
    let (fay, mia, wall) = (&story.fay, &story.mia, &story.wall);
    let first = wait::until("all talk about the same", async || {
        let (a, b, c) = (
            fay.attribute("discussed", "data-item").await,
            mia.attribute("discussed", "data-item").await,
            wall.attribute("wall-discussed", "data-item").await,
        );
        if !a.is_empty() && a == b && a == c { Ok(a) } else { Err(format!("{a}, {b}, {c}")) }
    })
    .await;
    story.picture("05-sort-together").await;
    // Anybody may place it, and ask of it whether it is a hobby.
    let mia = &story.mia;
    mia.click("open-discussed").await;
    mia.see("panel").await;
    mia.click("flag").await;
    mia.fill("flag-reason", "Who would notice if it ended?").await;
    mia.click("flag-submit").await;
    mia.see("own-flag").await;
    mia.tap_one("place-on", "data-pile-button", "off").await;
    mia.click("panel-close").await;
    wait::until("it is placed", async || {
        let piles = story.fay.piles().await;
        wait::holds(piles.get(&first).is_some_and(|pile| pile == "off"), || {
            format!("{:?}", piles.get(&first))
        })
    })
    .await;
    story.fay.click("talk-next").await;
    shows_another(&story.wall, &first).await;
    story.fay.click("talk-end").await;
    // What is left goes where most of the room has put it.
    let board = story.board().await;
    let (_, round, tally) = board.last_round(Question::Placement).expect("the room has sorted");
    for (item, tally) in round.items.iter().zip(&tally.items) {
        let Some(id) = item.as_project().filter(|id| board.pile(*id) == Pile::Unsorted) else { continue };
        let Some(plumbline_shared::results::Counts::Placement(counts)) = &tally.counts else { continue };
        let key = match methods::modal_piles(counts).first() {
            Some(PileChoice::Pillar(pillar)) => {
                let at = board.pillars.iter().position(|known| known.id == *pillar);
                (at.expect("it is on the board") + 1).to_string()
            }
            _ => "0".to_owned(),
        };
        story.ben.keys(&id.to_string(), &[&key]).await;
    }
    in_state(&story.ben, "saved").await;
    assert_eq!(unsorted(story).await, 0, "everything is placed");
}

/// Waits until the wall shows another project than this one.
async fn shows_another(wall: &Page, than: &str) {
    wait::until("the wall shows the next", async || {
        let shown = wall.attribute("wall-discussed", "data-item").await;
        wait::holds(!shown.is_empty() && shown != than, || shown.clone())
    })
    .await;
}

async fn four_questions(story: &mut Story) {
    story.go_on("Four questions").await;
    story.open().await;
    story.picture("06-four-questions").await;
    story.answer(|_| "0", |_| "nothing".to_owned()).await;
    story.done().await;
    story.reveal().await;
    says(&story.fay, "told", "No claim for").await;
    // Every claim that waits is checked: one kind stands, the other does not.
    loop {
        let all = story.fay.attributes("check-claim", "data-item").await;
        let wants = |item: &&String| item.ends_with("required true") || item.ends_with("revenue false");
        let Some(next) = all.iter().find(wants).cloned() else { break };
        story.fay.click_one("check-claim", "data-item", &next).await;
        wait::until("the claim is checked", async || {
            let left = story.fay.attributes("check-claim", "data-item").await;
            wait::holds(!left.contains(&next), || next.clone())
        })
        .await;
    }
    in_state(&story.fay, "saved").await;
    story.picture("07-hobbies").await;
}

async fn verdict_and_dots(story: &mut Story) {
    story.go_on("Verdict").await;
    story.open().await;
    story.answer(|n| ["3", "2", "3", "1"][n % 4], |n| ["stop", "stop", "wait"][n % 3].to_owned()).await;
    story.done().await;
    story.reveal().await;
    says(&story.fay, "told", "The room:").await;
    story.picture("08-verdict").await;

    // The moves that compete for the same people.
    let board = story.board().await;
    let agreed = plumbline_shared::deciding::agreed_moves(&board);
    assert!(agreed.len() >= COMPETING, "{} are agreed", agreed.len());
    let fay = &story.fay;
    fay.click("menu").await;
    fay.click("menu-agenda").await;
    fay.see("agenda-editor").await;
    fay.click_deed("Order the moves", "open").await;
    fay.see("shortlist").await;
    for id in &agreed[..COMPETING] {
        fay.click_one("shortlist-pick", "value", &id.to_string()).await;
    }
    fay.click("agenda-done").await;
    in_state(fay, "saved").await;
    story.go_on("Order the moves").await;
    story.open().await;
    for page in [&story.mia, &story.ben] {
        page.see("dots-row").await;
        assert_eq!(page.count("dots-row").await, COMPETING as u64);
        page.click("dot-more").await;
        page.click("dot-more").await;
    }
    story.done().await;
    story.reveal().await;
    says(&story.fay, "told", "dots from").await;
    story.picture("09-dots").await;
}

/// Chooses a project of the queue, and waits until it is before the facilitator.
async fn choose(fay: &Page, id: ProjectId) {
    fay.choose_row(id).await;
    shows(fay, "decide-case", "data-case", &id.to_string()).await;
}

/// Sets a verdict, and fills in whatever it lacks.
async fn settle(fay: &Page, verdict: Verdict, owner: &str) {
    fay.click(&format!("verdict-{verdict}")).await;
    shows(fay, &format!("verdict-{verdict}"), "aria-pressed", "true").await;
    complete(fay, owner).await;
}

/// Fills in whatever the decision before the facilitator lacks.
async fn complete(fay: &Page, owner: &str) {
    let (soon, later) = (day(14).to_string(), day(60).to_string());
    for need in fay.attributes("need", "data-need").await {
        let field = format!("decision-{need}");
        let text = match need.as_str() {
            "owner" => owner,
            "kind" => {
                fay.choose(&field, "", "end").await;
                continue;
            }
            "ends" | "expires" => &later,
            "first_step_due" | "decide_by" => &soon,
            "first_step" => "Tell the team, in person, this week.",
            "frees" => "Its people, for the moves that lack some.",
            "trigger" => "When what moves has the people that it needs.",
            "measure" => "What the pillar's measure gains by it, each quarter.",
            "obstacles" => "The people who are promised elsewhere as well.",
            "override" => WHY,
            _ => "Maren",
        };
        fay.fill(&field, text).await;
    }
    fay.press(&["Tab"]).await;
    says(fay, "decision-lacks", "Nothing is missing").await;
}

async fn decide(story: &mut Story) {
    story.go_on("Decide").await;
    let fay = &story.fay;
    fay.see("decide").await;
    fay.click("decide-agreed").await;
    fay.see("decide-agreed-undo").await;
    let board = story.board().await;
    let room: BTreeMap<ProjectId, Option<Verdict>> =
        Evidence::of_all(&board).iter().map(|(id, evidence)| (*id, evidence.room())).collect();
    let owner = |id: &ProjectId| {
        let project = &board.projects[id];
        [&project.owner, &project.sponsor]
            .into_iter()
            .find(|name| !name.is_empty())
            .map_or("Maren", String::as_str)
    };
    let left: Vec<ProjectId> = room
        .keys()
        .copied()
        .filter(|id| board.decisions.get(id).is_none_or(|of| of.verdict.is_none()))
        .collect();
    // One that the room would stop: decided as it would.
    let stops: Vec<ProjectId> = left.iter().copied().filter(|id| room[id] == Some(Verdict::Stop)).collect();
    let [stop, against, ..] = stops[..] else { panic!("the room would stop two: {room:?}") };
    choose(fay, stop).await;
    fay.click("decide-spotlight").await;
    settle(fay, Verdict::Stop, owner(&stop)).await;
    shows(&story.wall, "wall-discussed", "data-item", &stop.to_string()).await;
    shows(&story.mia, "decide-case", "data-case", &stop.to_string()).await;
    in_state(fay, "saved").await;
    story.picture("10-decide").await;
    // One more, and the decider goes against the room.
    let fay = &story.fay;
    choose(fay, against).await;
    fay.click("decide-spotlight").await;
    settle(fay, Verdict::Move, owner(&against)).await;
    says(fay, "room-says", "goes against it").await;
    shows(&story.mia, "decide-case", "data-case", &against.to_string()).await;
    says(&story.mia, "decision-override", WHY).await;
    in_state(fay, "saved").await;
    story.picture("11-against").await;
    let fay = &story.fay;
    fay.click("decide-spotlight").await;
    for (n, id) in left.iter().filter(|id| **id != stop && **id != against).enumerate() {
        choose(fay, *id).await;
        // Where the room has no majority, or was not asked: what stands on a pillar moves, the rest waits or is open.
        let verdict = room[id].unwrap_or(match board.pile(*id) {
            Pile::Off if n % 2 == 0 => Verdict::Wait,
            Pile::Off => Verdict::Open,
            _ => Verdict::Move,
        });
        settle(fay, verdict, owner(id)).await;
    }
    // Of what was decided in one go, some have nobody who runs them.
    let agreed = lacking(&story.board().await, day(0));
    for (id, _) in &agreed {
        choose(fay, *id).await;
        complete(fay, owner(id)).await;
    }
    in_state(fay, "saved").await;
    assert_eq!(lacking(&story.board().await, day(0)), [], "nothing is missing");
    says(fay, "decide-progress", &format!("{PROJECTS} of {PROJECTS} decided")).await;
}

async fn commit(story: &mut Story) {
    story.go_on("Commit").await;
    story.open().await;
    for (page, number) in [(&story.mia, "4"), (&story.ben, "2")] {
        page.see("scale").await;
        page.click_one("scale", "data-number", number).await;
    }
    story.ben.write("dissent-text", "We have said yes to more than we have people for.").await;
    story.ben.click("dissent-send").await;
    story.ben.see("own-dissent").await;
    story.picture("12-confidence").await;
    story.done().await;
    story.reveal().await;
    says(&story.fay, "dissent-said", "more than we have people for").await;
    story.mia.click("sign-carry").await;
    story.ben.click("sign-reservation").await;
    story.ben.fill("sign-reason", "If we look at it again in thirty days.").await;
    story.ben.click("sign-submit").await;
    says(&story.fay, "signed-count", "12 of 13 have signed").await;
    says(&story.fay, "gap", "confident in private").await;
    shows(&story.mia, "sign-carry", "aria-pressed", "true").await;
    story.picture("13-sign").await;
}

async fn close(story: &mut Story) {
    story.go_on("Close").await;
    let fay = &story.fay;
    fay.see("close-view").await;
    press(fay, "close").await;
    fay.see("close-submit").await;
    fay.click("close-submit").await;
    for page in [&story.fay, &story.mia, &story.ben] {
        page.see("closed").await;
    }
    says(&story.fay, "closed", "The ballots are erased").await;
    says(&story.wall, "wall-close", "to move").await;
    story.picture("14-close").await;
}
