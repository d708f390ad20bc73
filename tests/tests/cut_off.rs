//! Whatever somebody does while they are cut off is there afterwards, once, on every page: over a reload, over a server
//! that was killed, and though two tabs of one browser hold the same changes.

use std::time::Duration;

use plumbline_tests::{
    browser::{Browser, Page},
    line::Line,
    stage::Stage,
    wait,
};
use serde_json::{Value, json};

/// Flags are published so late that nobody is found out; twice the longest wait, for slow machines.
const PUBLISHED: Duration = Duration::from_secs(120);

async fn in_state(page: &Page, state: &str) {
    wait::until(&format!("{} says {state}", page.name), async || {
        let shown = page.attribute("status", "data-state").await;
        wait::holds(shown == state, || shown.clone())
    })
    .await;
}

/// Waits until the fields with this name hold these texts, in whatever order.
async fn hold(page: &Page, field: &str, wanted: &[&str]) {
    wait::until(&format!("{field} of {} hold {wanted:?}", page.name), async || {
        let mut shown = page.values(field).await;
        shown.sort_unstable();
        wait::holds(shown == wanted, || format!("{shown:?}"))
    })
    .await;
}

async fn join(page: &Page, name: &str) {
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("card").await;
    in_state(page, "saved").await;
}

/// Makes somebody the scribe, who may write decisions.
async fn make_scribe(stage: &Stage, name: &str) {
    let held = stage.held().await;
    let roster = held["roster"].as_object().expect("the roster is a map");
    let who = roster.iter().find(|(_, person)| person["name"] == name).expect("they have joined").0;
    let message = json!({ "id": uuid::Uuid::now_v7(), "type": "name", "participant": who, "role": "scribe" });
    let path = format!("/api/sessions/{}/commands", stage.session.id);
    let _ = stage.api().post(&path, &stage.session.facilitator_token, &message).await.expect(200);
}

/// Opens a card, whatever was open before, by the keyboard: as on a phone, so on a laptop.
async fn open(page: &Page, card: &str) {
    page.press(&["Escape", "Escape"]).await;
    page.keys(card, &["Enter"]).await;
    page.see("panel").await;
}

/// Begins a note on the card that is open, and waits until typing goes there.
async fn begin_note(page: &Page) {
    let before = page.count("note").await;
    page.click("add-note").await;
    wait::until("the new note has the focus", async || {
        let (there, focus) = (page.count("note").await, page.focus().await);
        wait::holds(there == before + 1 && focus == "note-text", || format!("{there}, {focus}"))
    })
    .await;
}

/// Goes from a note back to the card, and waits until keys go there.
async fn leave_the_note(page: &Page) {
    page.press(&["Escape"]).await;
    wait::until("the card has the focus again", async || {
        let focus = page.focus().await;
        wait::holds(focus == "card", || focus.clone())
    })
    .await;
}

async fn lies_on(page: &Page, card: &str, pile: &str) {
    wait::until(&format!("{card} lies on {pile} for {}", page.name), async || {
        let piles = page.piles().await;
        wait::holds(piles.get(card).is_some_and(|on| on == pile), || format!("{:?}", piles.get(card)))
    })
    .await;
}

/// What the notes on a project say, sorted.
fn notes_on<'a>(held: &'a Value, project: &str) -> Vec<&'a str> {
    let notes = held["notes"].as_object().expect("notes are a map").values();
    let mut all: Vec<&str> =
        notes.filter(|note| note["about"] == project).filter_map(|note| note["text"].as_str()).collect();
    all.sort_unstable();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_asked_decided_and_added_while_cut_off_is_there_once_for_everybody() {
    let mut stage = Stage::with_projects(30).await;
    let browser = Browser::start();
    let line = Line::to(stage.server.address()).await;
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("card").await;
    let ben = browser.open_phone("Ben", &stage.session.join_url).await;
    join(&ben, "Ben").await;
    let ana = browser.open("Ana", &line.link(&stage.session.join_url)).await;
    join(&ana, "Ana").await;
    make_scribe(&stage, "Ana").await;
    let (card, other) = (stage.projects[0].clone(), stage.projects[1].clone());
    fay.click_card(&card, &[]).await;
    ana.click_card(&card, &[]).await;
    begin_note(&ana).await;
    ana.press_text("keeps two people").await;
    fay.write("rationale", "Worth doing.").await;
    hold(&ana, "rationale", &["Worth doing."]).await;
    hold(&fay, "note-text", &["keeps two people"]).await;
    in_state(&ana, "saved").await;

    line.cut();
    in_state(&ana, "offline").await;
    // Character by character, in what stands and in what is new, some of it taken back and some out again.
    ana.write("note-text", " busy, and more").await;
    ana.press(&["Control+z", "Control+z"]).await;
    ana.write("rationale", " Not ours.").await;
    ana.write_in_front("rationale", "It is ").await;
    ana.press(&["Delete"]).await;
    ana.press_text("w").await;
    ana.click("verdict-stop").await;
    ana.fill("decision-owner", "Programme office").await;
    ana.press(&["Tab"]).await;
    ana.click("flag").await;
    ana.fill("flag-reason", "It is older than the strategy.").await;
    ana.click("flag-submit").await;
    begin_note(&ana).await;
    ana.press_text("A second one, begun apart").await;
    leave_the_note(&ana).await;
    // Another card: asked, and the question taken back again.
    ana.click_card(&other, &[]).await;
    ana.click("flag").await;
    ana.click("flag-submit").await;
    ana.click("flag-back").await;
    ana.press(&["Escape"]).await;
    // What is missing, placed at once.
    ana.click("add-project").await;
    ana.fill("project-name", "Thought of on the train").await;
    ana.click("project-submit").await;
    ana.read("Thought of on the train").await;
    let added = wait::until("the new card is there", async || {
        let piles = ana.piles().await;
        let new = piles.into_keys().find(|id| !stage.projects.contains(id));
        new.ok_or_else(|| "it is not".to_owned())
    })
    .await;
    ana.keys(&added, &["1"]).await;
    let pillars = stage.pillars_in_order().await;
    lies_on(&ana, &added, &pillars[0]).await;

    // The others go on meanwhile, in the same texts.
    fay.write_in_front("note-text", "It ").await;
    fay.write("rationale", " (Fay)").await;
    ben.touch(&other, "off").await;
    in_state(&fay, "saved").await;
    in_state(&ben, "saved").await;

    ana.reload_in_vain().await;
    stage.server.kill9();
    stage.server.restart().await;
    line.mend();
    ana.reload().await;
    ana.see("card").await;
    // What is under way now may have arrived and nobody can say so any more.
    stage.server.kill9();
    stage.server.restart().await;
    for page in [&fay, &ben, &ana] {
        in_state(page, "saved").await;
    }

    let notes = ["A second one, begun apart", "It keeps two people busy, "];
    let held = stage.held().await;
    assert_eq!(notes_on(&held, &card), notes, "{}", held["notes"]);
    let decision = &held["decisions"][&card];
    // Which of two that were written at one place stands first, nobody has said.
    let stands = decision["rationale"].as_str().unwrap_or_default();
    assert!(
        ["It is worth doing. Not ours. (Fay)", "It is worth doing. (Fay) Not ours."].contains(&stands),
        "{decision}"
    );
    assert_eq!((&decision["verdict"], &decision["owner"]), (&json!("stop"), &json!("Programme office")));
    let projects = held["projects"].as_object().expect("projects are a map");
    assert_eq!(projects.len(), 31, "one was added, once");
    assert_eq!(held["placements"][&added][0], json!(pillars[0]));
    assert_eq!(held["placements"][&other][0], "off");

    // The same on every page, on the one that was cut off, on another, and on a phone.
    let board = ana.piles().await;
    assert_eq!(board.len(), 31);
    for page in [&fay, &ben, &ana] {
        assert_eq!(page.piles().await, board, "the board of {}", page.name);
        open(page, &card).await;
        hold(page, "note-text", &notes).await;
        hold(page, "rationale", &[stands]).await;
        assert_eq!(page.attribute("verdict-stop", "aria-pressed").await, "true", "for {}", page.name);
        wait::until_within(PUBLISHED, "the question is on the board, unsigned and once", async || {
            let says = page.text("hobby").await;
            let once = says.matches("It is older than the strategy.").count();
            let own = usize::from(page.count("own-flag").await > 0);
            wait::holds(page.count("flag-count").await == 1 && once == 1 + own, || says.clone())
        })
        .await;
        assert!(page.text("flag-count").await.starts_with("1 person"), "for {}", page.name);
    }
    assert_eq!(ana.count("own-flag").await, 1, "it is Ana's own, for Ana alone");
    let held = stage.held().await;
    assert_eq!(held["flags"][&card]["count"].as_f64(), Some(1.0));
    assert_eq!(held["flags"].get(&other), None, "what was taken back was never asked");
}

/// Somebody who is cut off has done something on a page of theirs, which has a copy in the same browser.
struct Copied {
    stage: Stage,
    line: Line,
    fay: Page,
    ana: Page,
    copy: Page,
    card: String,
}

impl Copied {
    async fn apart() -> Self {
        let stage = Stage::with_projects(12).await;
        let browser = Browser::start();
        let line = Line::to(stage.server.address()).await;
        let fay = browser.open("Fay", &stage.session.facilitator_url).await;
        fay.see("card").await;
        let ana = browser.open_drowsy("Ana", &line.link(&stage.session.join_url)).await;
        join(&ana, "Ana").await;
        let card = stage.projects[0].clone();
        ana.click_card(&card, &[]).await;
        begin_note(&ana).await;
        ana.press_text("begun").await;
        in_state(&ana, "saved").await;
        line.cut();
        in_state(&ana, "offline").await;
        ana.press_text(" and gone on with, apart").await;
        ana.press(&["Control+z"]).await;
        leave_the_note(&ana).await;
        ana.keys(&stage.projects[3], &["0"]).await;
        lies_on(&ana, &stage.projects[3], "off").await;
        ana.click("add-project").await;
        ana.fill("project-name", "Thought of on the train").await;
        ana.click("project-submit").await;
        ana.read("Thought of on the train").await;
        let copy = ana.copy("Copy").await;
        Self { stage, line, fay, ana, copy, card }
    }

    async fn is_done_once(&self) {
        let pages = [&self.fay, &self.ana, &self.copy];
        for page in pages {
            in_state(page, "saved").await;
        }
        let held = self.stage.held().await;
        assert_eq!(notes_on(&held, &self.card), ["begun and gone on with, "]);
        assert_eq!(held["projects"].as_object().map(serde_json::Map::len), Some(13));
        for page in pages {
            wait::until(&format!("{} shows it once", page.name), async || {
                let piles = page.piles().await;
                let off = piles.get(&self.stage.projects[3]).is_some_and(|pile| pile == "off");
                wait::holds(piles.len() == 13 && off, || format!("{} cards", piles.len()))
            })
            .await;
            open(page, &self.card).await;
            hold(page, "note-text", &["begun and gone on with, "]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_a_tab_that_lives_does_nothing_twice() {
    let copied = Copied::apart().await;
    copied.line.mend();
    copied.copy.reload().await;
    copied.is_done_once().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_slept_while_its_copy_took_over_does_nothing_twice() {
    let copied = Copied::apart().await;
    let Copied { ana, copy, .. } = &copied;
    ana.sleep().await;
    copied.line.mend();
    copy.an_hour_passes().await;
    copy.reload().await;
    in_state(copy, "saved").await;
    wait::until("the copy has brought what the sleeping tab kept", async || {
        let held = copied.stage.held().await;
        let notes = notes_on(&held, &copied.card).join("; ");
        wait::holds(notes == "begun and gone on with, ", || notes.clone())
    })
    .await;
    ana.wake().await;
    copied.is_done_once().await;
    // Both go on, each for itself.
    ana.keys(&copied.stage.projects[4], &["0"]).await;
    copy.keys(&copied.stage.projects[5], &["0"]).await;
    copied.is_done_once().await;
    let held = copied.stage.held().await;
    for n in [4, 5] {
        assert_eq!(held["placements"][&copied.stage.projects[n]][0], "off");
    }
}
