//! The whole of *Align the portfolio* by keyboard alone, driven by a facilitator and answered by a participant: whatever
//! a step takes off the page, somebody without a pointer sees where the focus is.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use plumbline_shared::day::Day;
use plumbline_tests::{
    api::{Created, Joined},
    browser::{Browser, Page},
    console::{at, ready_to, session},
    keyboard::{focus_is_seen, in_focus, press_on, tab_to, write},
    server::Server,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;

const PROJECTS: &str = "\
Project,Sponsor,Owner,Cost,People
New Hospital,Health,Olu Adeyemi,12000000,60
Hydrogen Fund,Energy,Priya Raman,4500000,22
Digital Tax,Treasury,Tom Brandt,1900000,31
Loyalty App,Marketing,Lena Fuchs,700000,6
Brand Museum,Marketing,,250000,3
";
const PILLARS: &[&str] = &["Health", "Net zero", "Digital state"];
/// What Ana misses on the board.
const MISSED: &str = "Staff Magazine";

/// The pile on which everybody puts a project, by number; `0` is off the strategy. The Digital Tax splits the room.
fn pile(project: &str, who: usize) -> usize {
    match (project, who) {
        ("New Hospital", _) => 1,
        ("Hydrogen Fund", _) => 2,
        ("Digital Tax", who) => [3, 0, 1][who],
        _ => 0,
    }
}

/// A room of three, of whom two answer over the wire, and its facilitator.
struct Room {
    server: Server,
    session: Created,
    others: Vec<Joined>,
    fay: Page,
    ana: Page,
}

impl Room {
    async fn board(&self) -> Value {
        self.server.api().board(&self.session.id, &self.session.facilitator_token).await["board"].take()
    }

    /// Project id → name.
    async fn names(&self) -> BTreeMap<String, String> {
        let board = self.board().await;
        let projects = board["projects"].as_object().expect("projects are a map").iter();
        projects.map(|(id, of)| (id.clone(), of["name"].as_str().unwrap_or_default().to_owned())).collect()
    }

    /// The two others answer.
    async fn others_answer(&self, value: impl Fn(usize, &str) -> Option<Value>) {
        let (board, names) = (self.board().await, self.names().await);
        let (step, round) = (&board["session"]["step"], &board["session"]["round"]);
        let step_id = step.as_str().expect("the session stands at a step");
        let items = board["results"][step_id]["rounds"][round.to_string()]["items"].clone();
        let items: Vec<&str> = items.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(!items.is_empty(), "the round asks about something: {}", board["results"]);
        for (who, other) in self.others.iter().enumerate() {
            for item in &items {
                let name = names.get(*item).map_or(*item, String::as_str);
                let Some(value) = value(who + 1, name) else { continue };
                let cast =
                    json!({ "type": "cast", "step": step, "round": round, "item": item, "value": value });
                self.tell(&other.token, cast).await;
            }
        }
    }

    async fn tell(&self, token: &str, mut command: Value) {
        command["id"] = json!(Uuid::now_v7());
        let path = format!("/api/sessions/{}/commands", self.session.id);
        let reply = self.server.api().post(&path, token, &command).await;
        assert_eq!(reply.status, 200, "{command}: {}", reply.text());
    }

    /// Fay presses the one button, which keeps the focus.
    async fn press(&self, next: &str) {
        ready_to(&self.fay, next).await;
        tab_to(&self.fay, "console-next").await;
        self.fay.press(&["Enter"]).await;
    }

    /// Fay goes on to the step of this title; nobody loses the focus.
    async fn go_on(&self, title: &str) {
        self.press("next").await;
        for page in [&self.fay, &self.ana] {
            at(page, title).await;
        }
        self.seen(&format!("at {title}")).await;
        in_focus(&self.fay, "console-next").await;
    }

    async fn open(&self) {
        self.press("open").await;
        ready_to(&self.fay, "seal").await;
        self.seen("in an open round").await;
    }

    /// Fay seals and reveals; she is asked once more where Ana has not said that she is done, and may be for as long as
    /// that is on its way.
    async fn reveal(&self, done: bool) {
        self.press("seal").await;
        let asked = wait::until("it is sealed, or Fay is asked once more", async || {
            let next = self.fay.attribute("console-next", "data-next").await;
            let asked = self.fay.count("console-sure").await == 1;
            if asked || next != "seal" { Ok(asked) } else { Err(next) }
        })
        .await;
        assert!(asked || done, "sealing is asked about once more while few are done");
        if asked {
            in_focus(&self.fay, "console-sure").await;
            self.fay.press(&["Enter"]).await;
        }
        ready_to(&self.fay, "reveal").await;
        in_focus(&self.fay, "console-next").await;
        self.ana.see("ballot-sealed").await;
        self.seen("in a sealed round").await;
        self.press("reveal").await;
        wait::until("it is revealed", async || {
            let left = self.ana.count("ballot-sealed").await;
            wait::holds(left == 0, || format!("{left} are sealed"))
        })
        .await;
        self.seen("at what was revealed").await;
        in_focus(&self.fay, "console-next").await;
    }

    async fn seen(&self, when: &str) {
        for page in [&self.fay, &self.ana] {
            focus_is_seen(page, when).await;
        }
    }

    /// Ana answers card by card, by the key that `key` gives for each project.
    async fn answer(&self, key: impl Fn(&str) -> String) {
        let (ana, names) = (&self.ana, self.names().await);
        while ana.count("review").await == 0 {
            let now = ana.attribute("ballot-card", "data-current").await;
            ana.press(&[&key(&names[&now])]).await;
            focus_is_seen(ana, "between two cards").await;
            wait::until("the next card is before Ana", async || {
                if ana.count("review").await == 1 {
                    return Ok(());
                }
                let next = ana.attribute("ballot-card", "data-current").await;
                wait::holds(next != now, || next.clone())
            })
            .await;
        }
        focus_is_seen(ana, "at the end of the cards").await;
    }

    async fn done(&self) {
        press_on(&self.ana, "done", "Enter").await;
        self.ana.see("not-done").await;
        focus_is_seen(&self.ana, "when she is done").await;
    }

    /// The verdict on what is before Fay, and in each of its fields what it needs.
    async fn decide(&self, key: &str, fields: &[(&str, &str)]) {
        let fay = &self.fay;
        fay.press(&[key]).await;
        for (field, text) in fields {
            let field = format!("decision-{field}");
            write(fay, &field, text).await;
            fay.press(&["Tab"]).await;
        }
        wait::until("nothing is missing", async || {
            let lacks = fay.text("decision-lacks").await;
            wait::holds(lacks.contains("Nothing is missing"), || lacks.clone())
        })
        .await;
        focus_is_seen(fay, "in the form of a decision").await;
    }
}

/// A day so many days from now, as it is typed in Britain.
fn typed(days: i32) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_millis();
    let day = Day::of(now as u64).plus(days).to_string();
    let parts: Vec<&str> = day.split('-').rev().collect();
    parts.concat()
}

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// Waits until there is none of `what`.
async fn gone(page: &Page, what: &str) {
    wait::until(&format!("{} sees no {what}", page.name), async || {
        let count = page.count(what).await;
        wait::holds(count == 0, || format!("there are {count}"))
    })
    .await;
}

/// A session with *Align the portfolio*; Ana joins it by keyboard.
async fn gather() -> Room {
    let server = Server::start().await;
    let session = session(&server, "align", false).await;
    let api = server.api();
    api.import(&session.id, &session.facilitator_token, PROJECTS).await;
    api.pillars(&session.id, &session.facilitator_token, PILLARS).await;
    let mut others = Vec::new();
    for name in ["Ben", "Cem"] {
        others.push(api.join(&session.code, name).await);
    }
    let browser = Browser::start();
    let fay = browser.open("Fay", &session.facilitator_url).await;
    fay.see("agenda").await;
    let ana = browser.open("Ana", &session.join_url).await;
    write(&ana, "join-name", "Ana").await;
    ana.press(&["Enter"]).await;
    ana.see("board").await;
    focus_is_seen(&ana, "when she has joined").await;
    Room { server, session, others, fay, ana }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_session_is_driven_and_answered_by_keyboard_alone() {
    let room = gather().await;
    let (fay, ana) = (&room.fay, &room.ana);

    // Gather: who decides is said, and what is missing is added.
    press_on(fay, "agenda-where", "Enter").await;
    press_on(fay, "agenda-edit", "Enter").await;
    write(fay, "about-decider", "Member of the board").await;
    press_on(fay, "agenda-done", "Enter").await;
    in_focus(fay, "agenda-edit").await;
    says(ana, "agenda", "Member of the board").await;
    press_on(fay, "agenda-where", "Enter").await;
    room.press("begin").await;
    press_on(ana, "add-project", "Enter").await;
    in_focus(ana, "project-name").await;
    ana.press_text(MISSED).await;
    ana.press(&["Enter"]).await;
    in_focus(ana, "add-project").await;

    // Sort alone.
    room.go_on("Sort alone").await;
    room.open().await;
    press_on(ana, "promise-begin", "Enter").await;
    ana.see("ballot-card").await;
    room.answer(|project| pile(project, 0).to_string()).await;
    room.done().await;
    let ids: Vec<String> = {
        let board = room.board().await;
        let pillars = board["pillars"].as_array().expect("pillars are a list").clone();
        PILLARS
            .iter()
            .map(|name| {
                let found = pillars.iter().find(|pillar| pillar["name"] == *name).expect("it was added");
                found["id"].as_str().unwrap_or_default().to_owned()
            })
            .collect()
    };
    room.others_answer(|who, project| {
        let at = pile(project, who);
        Some(json!({ "pillar": if at == 0 { "off" } else { &ids[at - 1] } }))
    })
    .await;
    room.reveal(true).await;
    for _ in 0..2 {
        ready_to(fay, "show").await;
        let before = fay.text("console-next").await;
        room.press("show").await;
        wait::until("the next beat is told", async || {
            let now = fay.text("console-next").await;
            wait::holds(now != before, || now.clone())
        })
        .await;
        room.seen("at the next beat").await;
    }
    press_on(fay, "place-agreed", "Enter").await;
    says(fay, "placed-agreed", "5 cards placed").await;
    focus_is_seen(fay, "where the agreed ones were placed").await;

    // Sort together.
    room.go_on("Sort together").await;
    press_on(fay, "talk-next", "Enter").await;
    says(ana, "discussed", "Digital Tax").await;
    focus_is_seen(fay, "beside the queue").await;
    press_on(ana, "open-discussed", "Enter").await;
    ana.see("panel").await;
    ana.press(&["f"]).await;
    in_focus(ana, "flag-reason").await;
    ana.press_text("Whose goal is it?").await;
    press_on(ana, "flag-submit", "Enter").await;
    says(ana, "own-flag", "Whose goal is it?").await;
    focus_is_seen(ana, "after the question").await;
    ana.press(&["0"]).await;
    wait::until("nothing is unsorted", async || {
        let unsorted = fay.piles().await.values().filter(|pile| *pile == "unsorted").count();
        wait::holds(unsorted == 0, || format!("{unsorted} are"))
    })
    .await;
    ana.press(&["Escape"]).await;
    gone(ana, "panel").await;
    focus_is_seen(ana, "when the card is closed").await;
    press_on(fay, "talk-end", "Enter").await;
    gone(fay, "discussed").await;
    focus_is_seen(fay, "when the talk has ended").await;

    // Four questions, one of them with a source.
    room.go_on("Four questions").await;
    room.open().await;
    ana.see("ballot-card").await;
    let first = room.names().await[&ana.attribute("ballot-card", "data-current").await].clone();
    press_on(ana, "claim", "Space").await;
    let asks = ana.attributes("claim", "data-claim").await.first().cloned().unwrap_or_default();
    // The first that is asked here is a claim of strategy where the room has split, else one of revenue.
    if asks == "revenue" {
        write(ana, "source-revenue", "The accounts of 2026").await;
        ana.press(&["Enter"]).await;
    } else {
        ana.press(&["ArrowRight"]).await;
    }
    room.answer(|_| "0".to_owned()).await;
    room.done().await;
    room.others_answer(|_, project| {
        let claims: &[&str] = if project == first { &["required"] } else { &[] };
        let sources: &[Value] =
            if project == first { &[json!({ "claim": "required", "text": "Water Act" })] } else { &[] };
        Some(json!({ "claims": claims, "sources": sources }))
    })
    .await;
    room.reveal(true).await;
    press_on(fay, "check-claim", "Enter").await;
    focus_is_seen(fay, "when a claim was checked").await;

    // Verdict: Ana does not say that she is done, and Fay is asked once more.
    room.go_on("Verdict").await;
    room.open().await;
    ana.see("ballot-card").await;
    room.answer(|project| if project == MISSED { "3" } else { "2" }.to_owned()).await;
    room.others_answer(|_, project| {
        Some(json!({ "verdict": if project == MISSED { "stop" } else { "wait" } }))
    })
    .await;
    room.reveal(false).await;

    // Dots.
    room.go_on("Order the moves").await;
    room.open().await;
    press_on(ana, "dot-more", "Enter").await;
    ana.press(&["+"]).await;
    wait::until("two dots are laid", async || {
        let left = ana.attribute("dots-left", "data-left").await;
        wait::holds(left == "3", || left.clone())
    })
    .await;
    room.done().await;
    room.others_answer(|who, project| (project == MISSED).then(|| json!({ "dots": who.min(2) }))).await;
    room.reveal(true).await;

    // Decide: what is agreed in one go, then one by one.
    room.go_on("Decide").await;
    press_on(fay, "decide-agreed", "Enter").await;
    says(fay, "decide-progress", "2 of 6 decided").await;
    focus_is_seen(fay, "when the agreed ones are decided").await;
    tab_to(fay, "queue-row").await;
    let (soon, later) = (typed(14), typed(60));
    let wait_for = [("owner", "Olu Adeyemi"), ("trigger", "The grid is there"), ("expires", later.as_str())];
    let stop = [
        ("owner", "Lena Fuchs"),
        ("ends", later.as_str()),
        ("first_step", "Tell the team"),
        ("first_step_due", soon.as_str()),
        ("frees", "Six people for the hospital"),
    ];
    for decided in 3..=6 {
        let names = room.names().await;
        if decided > 3 {
            tab_to(fay, "queue-row").await;
            fay.press(&["n"]).await;
        }
        let now = wait::until("something is left before Fay", async || {
            let case = fay.attribute("decide-case", "data-case").await;
            let open = fay.attributes("queue-row", "data-verdict").await.into_iter();
            let rows = fay.attributes("queue-row", "data-item").await.into_iter().zip(open);
            let left: Vec<String> =
                rows.filter(|(_, verdict)| verdict.is_empty()).map(|(item, _)| item).collect();
            if left.contains(&case) { Ok(case) } else { Err(format!("{case} of {left:?}")) }
        })
        .await;
        if names[&now] == MISSED {
            fay.press(&["s"]).await;
            tab_to(fay, "decision-kind").await;
            fay.press(&["ArrowDown"]).await;
            // The verdict is set already; pressing it again would take it away.
            for (field, text) in &stop {
                write(fay, &format!("decision-{field}"), text).await;
                fay.press(&["Tab"]).await;
            }
            says(fay, "decision-lacks", "Nothing is missing").await;
        } else {
            room.decide("w", &wait_for).await;
        }
        says(fay, "decide-progress", &format!("{decided} of 6 decided")).await;
        // From the form back to the queue, where the keys are commands again.
        fay.press(&["Escape"]).await;
    }
    assert_eq!(ana.count("decide").await, 1, "she looks on");

    // Commit: in private, unsigned, by name.
    room.go_on("Commit").await;
    room.open().await;
    tab_to(ana, "scale").await;
    ana.press(&["4"]).await;
    wait::until("the four is pressed", async || {
        let pressed = ana.attributes("scale", "aria-pressed").await;
        wait::holds(pressed.get(4).is_some_and(|pressed| pressed == "true"), || format!("{pressed:?}"))
    })
    .await;
    room.done().await;
    write(ana, "dissent-text", "Nobody asked the hospital.").await;
    press_on(ana, "dissent-send", "Enter").await;
    says(ana, "own-dissent", "Nobody asked the hospital.").await;
    focus_is_seen(ana, "when she has disagreed").await;
    room.others_answer(|who, _| Some(json!({ "scale": who + 1 }))).await;
    room.reveal(true).await;
    press_on(ana, "sign-reservation", "Enter").await;
    in_focus(ana, "sign-reason").await;
    ana.press_text("Only with the hospital's word.").await;
    press_on(ana, "sign-submit", "Enter").await;
    says(fay, "signatures", "Only with the hospital's word.").await;
    focus_is_seen(ana, "when she has signed").await;
    press_on(fay, "sign-carry", "Enter").await;
    says(ana, "signed-count", "2 of 4 have signed").await;

    // Close, and take it along.
    room.go_on("Close").await;
    room.press("close").await;
    fay.see("close-submit").await;
    press_on(fay, "close-submit", "Enter").await;
    says(fay, "closed", "The ballots are erased").await;
    ana.see("closed").await;
    room.seen("when it is closed").await;
    tab_to(fay, "take-md").await;
    let board = room.board().await;
    assert_eq!(board["session"]["closed"], json!(true));
    let verdicts = board["decisions"].as_object().expect("decisions are a map").values();
    let verdicts: Vec<&str> = verdicts.filter_map(|decision| decision["verdict"].as_str()).collect();
    let count = |wanted: &str| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    assert_eq!((count("move"), count("wait"), count("stop")), (2, 3, 1), "{verdicts:?}");
    for page in [fay, ana] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}
