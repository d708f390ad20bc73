//! What a facilitator prepares: a portfolio that is checked before it comes, pillars, people, links; and who comes in.

use std::fs;

use plumbline_tests::{
    browser::{Browser, Page},
    server::{KEY, Server},
    setting,
    stage::Stage,
    wait,
};
use serde_json::Value;

const PASTED: &str =
    "Project\tSponsor\tCost (£m)\tSite\nAlpha\tAna\t1.5\tBerlin\nBeta\tBen\t2\tOslo\n\tNobody\t3\tRome\n";

fn workspace(server: &Server) -> String {
    format!("http://{}/#key={KEY}", server.address())
}

/// A facilitator before the form for a new session.
async fn before_a_new_session(browser: &Browser, server: &Server, title: &str) -> Page {
    let fay = browser.open("Fay", &workspace(server)).await;
    fay.click("new-session").await;
    fay.fill("session-title", title).await;
    fay
}

async fn sessions(server: &Server) -> usize {
    let list: Value = server.api().get("/api/sessions", KEY).await.expect(200).json();
    list["items"].as_array().map_or(0, Vec::len)
}

async fn has_sessions(server: &Server, wanted: usize) {
    wait::until(&format!("the workspace has {wanted} sessions"), async || {
        let count = sessions(server).await;
        wait::holds(count == wanted, || format!("it has {count}"))
    })
    .await;
}

/// The elements say what is wanted, in this order; each may say more.
async fn says(page: &Page, of: &str, wanted: &[&str]) {
    wait::until(&format!("{of} on the page of {} says {wanted:?}", page.name), async || {
        let texts = page.texts(of).await;
        let all = texts.len() == wanted.len()
            && texts.iter().zip(wanted).all(|(text, wanted)| text.contains(wanted));
        wait::holds(all, || format!("{texts:?}"))
    })
    .await;
}

/// The page says that its link is dead. Until the server has said so, it knows no more than that it is not connected.
async fn is_refused(page: &Page) {
    page.see("banner").await;
    wait::until(&format!("the link of {} is dead", page.name), async || {
        let tone = page.attribute("banner", "data-tone").await;
        wait::holds(tone == "refused", || tone.clone())
    })
    .await;
}

async fn no_troubles(page: &Page) {
    let troubles: Vec<String> =
        page.troubles().await.into_iter().filter(|trouble| !trouble.contains("status of 422")).collect();
    assert_eq!(troubles, Vec::<String>::new(), "on the page of {}", page.name);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portfolio_is_checked_and_mapped_before_it_is_imported() {
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = before_a_new_session(&browser, &server, "Portfolio alignment").await;
    fay.fill("facilitator-name", "Fay").await;

    // A bad file gets a sentence, and nothing that was typed is lost.
    let folder = tempfile::tempdir().expect("a temporary directory can be made");
    let bad = folder.path().join("portfolio.xlsx");
    fs::write(&bad, [0x50, 0x4b, 3, 4, 9, 9, 9, 9]).expect("a file can be written");
    fay.attach("portfolio-file", &bad).await;
    fay.read("portfolio.xlsx").await;
    fay.fill("pillars-lines", "Customers first\nOne platform").await;
    fay.click("create-session").await;
    fay.see("create-problem").await;
    assert!(fay.text("create-problem").await.contains("workbook cannot be read"));
    says(&fay, "pillar", &["Customers first", "One platform"]).await;

    // A good one is shown before it comes.
    fay.attach("portfolio-file", &setting::fixture("portfolios/gmpp-2022.csv")).await;
    fay.read("gmpp-2022.csv").await;
    fay.click("create-session").await;
    fay.see("import-check").await;
    assert!(fay.text("import-outcome").await.contains("235 new"));
    assert!(fay.text("import-rows").await.contains("MOD"), "the department is the sponsor");
    fay.choose("column", "Department goes to", "Leave out").await;
    wait::until("the first rows have no sponsor any more", async || {
        let rows = fay.text("import-rows").await;
        wait::holds(!rows.contains("Sponsor"), || rows.lines().take(3).collect::<Vec<_>>().join("; "))
    })
    .await;
    // Without names there is nothing to import, and the page says so.
    fay.choose("column", "Project goes to", "Keep on the card").await;
    fay.read("Choose below which one goes to Name").await;
    fay.choose("column", "Project goes to", "Name").await;
    wait::until("it can be imported again", async || {
        let says = fay.text("import-submit").await;
        wait::holds(says == "Import 235 projects", || says.clone())
    })
    .await;
    fay.click("import-submit").await;
    fay.see("to-board").await;
    assert!(fay.text("import-report").await.contains("235 projects"));
    fay.click("to-board").await;
    fay.see("board").await;
    wait::until("the cards are there", async || {
        let cards = fay.count("card").await;
        wait::holds(cards == 235, || cards.to_string())
    })
    .await;
    no_troubles(&fay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_given_up_leaves_nothing_behind() {
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = before_a_new_session(&browser, &server, "Given up").await;
    let check = async || {
        fay.click("source-paste").await;
        fay.fill("portfolio-paste", PASTED).await;
        fay.click("create-session").await;
        fay.see("import-check").await;
        assert_eq!(sessions(&server).await, 1);
    };
    // By the way back and the button beside the form.
    check().await;
    fay.click("import-back").await;
    fay.see("create-session").await;
    assert_eq!(fay.attribute("session-title", "id").await, "session-title");
    fay.go_to(&workspace(&server)).await;
    has_sessions(&server, 0).await;
    // By closing the page.
    fay.click("new-session").await;
    fay.fill("session-title", "Closed").await;
    check().await;
    fay.go_to("about:blank").await;
    has_sessions(&server, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_into_a_board_says_what_is_new_changed_and_left_out() {
    let stage = Stage::with_projects(3).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("board").await;
    fay.click("menu").await;
    fay.click("menu-import").await;
    fay.click("source-paste").await;
    let pasted =
        "Project\tSponsor\nProject 001\tSponsor 1\nProject 002\tSomebody else\nDelta\tAna\n\tNobody\n";
    fay.fill("portfolio-paste", pasted).await;
    fay.click("import-go-on").await;
    fay.see("import-check").await;
    let outcome = fay.text("import-outcome").await;
    for part in ["1 new", "1 changed", "1 the same already", "1 row left out"] {
        assert!(outcome.contains(part), "{part} is not in {outcome}");
    }
    assert_eq!(fay.count("card").await, 3, "nothing has happened yet");
    fay.click("import-submit").await;
    fay.see("import-report").await;
    fay.press(&["Escape"]).await;
    assert_eq!(fay.focus().await, "menu", "the focus comes back to where it was");
    wait::until("the new card is there", async || {
        let cards = fay.count("card").await;
        wait::holds(cards == 4, || cards.to_string())
    })
    .await;
    no_troubles(&fay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pillars_are_written_on_the_board_and_everybody_sees_them() {
    let server = Server::start().await;
    let session = server.api().create("Pillars").await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &session.facilitator_url).await;
    let ben = browser.open("Ben", &session.facilitator_url).await;
    for page in [&fay, &ben] {
        page.see("board").await;
    }
    fay.click("add-pillars").await;
    // Pasted from a table, with headings in an order of its own.
    fay.fill("pillars-lines", "Owner\tPillar\tGoals\nAna\tGrow\tMore; Sooner\nBen\tSafe\t\n").await;
    assert_eq!(fay.text("pillars-submit").await, "Add 2 pillars");
    fay.click("pillars-submit").await;
    says(&fay, "pillar", &["Grow\n2 goals", "Safe"]).await;
    fay.click("pillar").await;
    fay.fill("pillar-name", "Grow the core").await;
    fay.fill("pillar-rules_out", "New markets").await;
    // Escape closes the dialog, and what was typed is kept.
    fay.press(&["Escape"]).await;
    wait::until("everybody sees the pillar", async || {
        let piles = ben.texts("pile").await;
        let there = piles.iter().any(|pile| pile.contains("Grow the core") && pile.contains("New markets"));
        wait::holds(there, || format!("{piles:?}"))
    })
    .await;
    fay.click("menu").await;
    fay.click("menu-pillars").await;
    says(&fay, "pillar", &["Grow the core", "Safe"]).await;
    // Up and down, by keyboard alone.
    fay.click("pillar").await;
    fay.press(&["Shift+Tab"]).await;
    fay.click("pillar").await;
    fay.press(&["Tab", "Enter"]).await;
    says(&fay, "pillar", &["Safe", "Grow the core"]).await;
    wait::until("the focus goes with the pillar", async || {
        let focus = fay.focus().await;
        wait::holds(focus == "pillar", || focus.clone())
    })
    .await;
    // Taken off, and brought back as it was.
    fay.press(&["Tab", "Tab", "Enter"]).await;
    says(&fay, "pillar", &["Safe"]).await;
    fay.click("pillar-undo").await;
    says(&fay, "pillar", &["Safe", "Grow the core\n2 goals"]).await;
    // No more than a board takes.
    let many: Vec<String> = (0..23).map(|n| format!("Pillar {n}")).collect();
    fay.fill("pillars-lines", &many.join("\n")).await;
    fay.click("pillars-submit").await;
    fay.read("more than the 24 pillars").await;
    says(&fay, "pillar", &["Safe", "Grow the core"]).await;
    no_troubles(&fay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_write_one_pillar_and_neither_is_written_over_while_they_type() {
    let stage = Stage::with_projects(1).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    let ben = browser.open("Ben", &stage.session.facilitator_url).await;
    for page in [&fay, &ben] {
        page.see("board").await;
        page.click("menu").await;
        page.click("menu-pillars").await;
        page.click("pillar").await;
        page.see("pillar-name").await;
    }
    let holds = async |page: &Page, field: &str, wanted: &str| {
        wait::until(&format!("{field} holds {wanted:?} for {}", page.name), async || {
            let shown = page.value(field).await;
            wait::holds(shown == wanted, || format!("it holds {shown:?}"))
        })
        .await;
    };
    // One is in the middle of a sentence; what the other does elsewhere arrives around it.
    ben.write("pillar-intent", "Half of a").await;
    let before = ben.standing().await;
    fay.fill("pillar-rules_out", "New markets").await;
    fay.fill("pillar-goals", "Fewer  \n\nSooner").await;
    fay.fill("pillar-name", "Defend what we have").await;
    fay.fill("pillar-intent", "Something else").await;
    fay.press(&["Tab"]).await;
    holds(&ben, "pillar-rules_out", "New markets").await;
    holds(&ben, "pillar-goals", "Fewer\nSooner").await;
    holds(&ben, "pillar-name", "Defend what we have").await;
    ben.read("19 of 300 characters").await;
    holds(&fay, "pillar-goals", "Fewer\nSooner").await;
    assert_eq!(ben.value("pillar-intent").await, "Half of a");
    assert_eq!(ben.standing().await, before, "focus, caret and scrolling are as they were");
    ben.press_text(" sentence").await;
    ben.press(&["Tab"]).await;
    for page in [&fay, &ben] {
        holds(page, "pillar-intent", "Half of a sentence").await;
    }
    // Who only looks at a field sees what came meanwhile once they leave it, and writes nothing over it.
    ben.click("pillar-measure").await;
    fay.fill("pillar-measure", "Incidents a year").await;
    fay.press(&["Tab"]).await;
    ben.press(&["Tab"]).await;
    for page in [&ben, &fay] {
        holds(page, "pillar-measure", "Incidents a year").await;
        no_troubles(page).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_facilitator_can_open_the_wall_from_any_device() {
    let stage = Stage::with_projects(2).await;
    let browser = Browser::start();
    // None of these browsers has made the session.
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    let gus = browser.open("Gus", &stage.session.facilitator_url).await;
    let guest = browser.open("guest", &stage.session.wall_url).await;
    guest.see("wall").await;
    let make = async |page: &Page| {
        page.see("board").await;
        page.click("share").await;
        page.see("observer-new").await;
        assert!(page.text("observer-new").await.contains("the old one is dead at once"));
        // Once to ask, once to do it.
        page.click("observer-make").await;
        page.click("observer-make").await;
        page.see("observer-link").await;
        let link = page.value("observer-link").await;
        page.press(&["Escape"]).await;
        link
    };
    let first = make(&fay).await;
    guest.see("banner").await;
    is_refused(&guest).await;
    let wall = browser.open("wall", &first).await;
    wall.see("wall").await;
    // Kept for the next time, also over a reload.
    fay.reload().await;
    fay.see("board").await;
    fay.click("share").await;
    fay.see("observer-link").await;
    assert_eq!(fay.value("observer-link").await, first);
    fay.press(&["Escape"]).await;

    // Another one makes one; the first one's browser finds out that the one it has kept admits no more.
    let second = make(&gus).await;
    wall.see("banner").await;
    fay.click("share").await;
    fay.see("observer-new").await;
    assert_eq!(fay.count("observer-link").await, 0);
    wall.go_to("about:blank").await;
    wall.go_to(&second).await;
    wall.see("wall").await;
    assert_eq!(wall.count("banner").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_turns_the_test_green_and_its_owner_becomes_scribe_and_leaves() {
    let stage = Stage::with_projects(2).await;
    let browser = Browser::start();
    let ben = browser.open("Ben", &stage.session.join_url).await;
    let join = async |page: &Page, name: &str| {
        page.fill("join-name", name).await;
        page.click("join-submit").await;
        page.see("board").await;
    };
    join(&ben, "Ben").await;
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("board").await;
    ben.go_to("about:blank").await;
    fay.click("share").await;
    fay.see("phone-test").await;
    let state = async || fay.attribute("phone-test", "data-state").await;
    assert_eq!(state().await, "ready");
    fay.click("phone-test-begin").await;
    fay.see("phone-test-link").await;
    let link = fay.value("phone-test-link").await;
    assert!(link.starts_with(&stage.session.join_url), "{link}");

    // Who comes back, who comes by another way, and another tab of the same browser do not count.
    ben.go_to(&stage.session.join_url).await;
    ben.click("continue-as").await;
    ben.see("board").await;
    let cleo = browser.open("Cleo", &stage.session.join_url).await;
    join(&cleo, "Cleo").await;
    let tab = browser.open_beside(&fay, "another tab", &link).await;
    tab.read("does not count").await;
    tab.click("someone-else").await;
    join(&tab, "Fay again").await;
    wait::until("all of them are here", async || {
        let faces = fay.attribute("faces", "aria-label").await;
        let all = ["Ben", "Cleo", "Fay again"].iter().all(|name| faces.contains(name));
        wait::holds(all, || faces.clone())
    })
    .await;
    assert_eq!(state().await, "waiting");

    let ana = browser.open_phone("Ana", &link).await;
    ana.see("test-note").await;
    join(&ana, "Ana").await;
    wait::until("the test is green", async || {
        let state = state().await;
        wait::holds(state == "arrived", || state.clone())
    })
    .await;
    assert!(fay.text("phone-test").await.contains("as Ana"));
    for page in [&ben, &cleo, &tab] {
        page.close().await;
    }
    fay.press(&["Escape"]).await;
    assert_eq!(fay.focus().await, "share");

    fay.click("menu").await;
    fay.click("menu-people").await;
    fay.fill("person-name", "Nora").await;
    fay.click("person-add").await;
    says(&fay, "person", &["Facilitator (you)", "Ana", "Ben", "Cleo", "Fay again", "Nora"]).await;
    // Ana comes after the facilitator: the roles' order, then the names'.
    fay.press(&["Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Enter"]).await;
    fay.see("person-form").await;
    fay.choose("person-role", "", "scribe").await;
    fay.click("person-role-submit").await;
    says(&fay, "person", &["Facilitator (you)", "Scribe", "Ben", "Cleo", "Fay again", "Nora"]).await;
    fay.click("person-remove").await;
    fay.click("person-sure").await;
    says(&fay, "person", &["Facilitator (you)", "Ben", "Cleo", "Fay again", "Nora"]).await;
    ana.see("banner").await;
    is_refused(&ana).await;
    no_troubles(&fay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_links_take_the_old_ones_place_and_the_facilitator_stays() {
    let stage = Stage::with_projects(2).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("board").await;
    fay.click("share").await;
    fay.see("renew").await;
    fay.click("renew").await;
    let before = fay.text("share-code").await;
    // Once to ask, once to do it.
    fay.click("renew-code").await;
    fay.click("renew-code").await;
    fay.see("renewed-code").await;
    // The dialog has asked anew for everything that shows the code, so that nothing is under way by the link that goes next.
    wait::until("the dialog shows another code", async || {
        let codes = fay.texts("share-code").await;
        wait::holds(codes.first().is_some_and(|code| *code != before), || format!("{codes:?}"))
    })
    .await;
    fay.click("renew-facilitator").await;
    fay.click("renew-facilitator").await;
    fay.see("renewed-facilitator").await;
    fay.reload().await;
    fay.see("board").await;
    wait::until("the facilitator is back", async || {
        let state = fay.attribute("status", "data-state").await;
        wait::holds(state == "saved", || state.clone())
    })
    .await;
    let late = browser.open("late", &stage.session.facilitator_url).await;
    is_refused(&late).await;
    no_troubles(&fay).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_handed_over_by_a_link_and_who_came_twice_is_one() {
    let stage = Stage::with_projects(2).await;
    stage.join("Ana").await;
    stage.join("Anna").await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("board").await;
    fay.click("share").await;
    fay.see("hand-over").await;
    fay.click("hand-over").await;
    fay.fill("hand-over-name", "Gus").await;
    fay.click("hand-over-submit").await;
    fay.see("hand-over-link").await;
    let link = fay.value("hand-over-link").await;
    let gus = browser.open("Gus", &link).await;
    gus.read("Come in as Gus").await;
    gus.click("door-in").await;
    gus.see("lock").await;
    gus.click("menu").await;
    gus.click("menu-people").await;
    says(&gus, "person", &["Facilitator", "Gus (you)", "Ana", "Anna"]).await;
    // The last of the list, by keyboard: it is the same as the one before.
    gus.press(&["Tab", "Tab", "Tab", "Tab", "Enter"]).await;
    gus.see("person-form").await;
    gus.choose("person-same", "", "Ana").await;
    gus.click("person-same-submit").await;
    gus.click("person-sure").await;
    says(&gus, "person", &["Facilitator", "Gus (you)", "Ana"]).await;
    fay.press(&["Escape"]).await;

    // Who gives the session away has no business any more in what only facilitators do.
    fay.click("menu").await;
    fay.click("menu-people").await;
    fay.click("person").await;
    fay.choose("person-role", "", "participant").await;
    fay.click("person-role-submit").await;
    wait::until("the dialog is closed", async || {
        let open = fay.count("people").await + fay.count("lock").await;
        wait::holds(open == 0, || open.to_string())
    })
    .await;
    for page in [&fay, &gus] {
        no_troubles(page).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_again_goes_on_and_someone_else_joins_from_the_same_device() {
    let stage = Stage::with_projects(2).await;
    let browser = Browser::start();
    let ana = browser.open("Ana", &stage.session.join_url).await;
    ana.fill("join-name", "Ana").await;
    ana.press(&["Enter"]).await;
    ana.see("board").await;
    ana.go_to(&stage.session.join_url).await;
    ana.see("come-again").await;
    assert_eq!(ana.texts("continue-as").await.len(), 1);
    ana.click("continue-as").await;
    ana.see("board").await;
    ana.go_to(&stage.session.join_url).await;
    ana.click("someone-else").await;
    wait::until("the name has the focus", async || {
        let focus = ana.focus().await;
        wait::holds(focus == "join-name", || focus.clone())
    })
    .await;
    ana.fill("join-name", "Ben").await;
    ana.press(&["Enter"]).await;
    ana.see("board").await;
    let board = stage.api().board(&stage.session.id, &stage.session.facilitator_token).await;
    let people = board["board"]["roster"].as_object().map_or(0, serde_json::Map::len);
    assert_eq!(people, 3, "the facilitator, Ana once, and Ben: {}", board["board"]["roster"]);
    no_troubles(&ana).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_deleted_only_by_its_own_title() {
    let server = Server::start().await;
    server.api().create("To be deleted").await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &workspace(&server)).await;
    fay.click("session-erase").await;
    fay.fill("erase-title", "to be kept").await;
    fay.click("erase-submit").await;
    fay.read("This is not the title").await;
    assert_eq!(sessions(&server).await, 1);
    fay.fill("erase-title", "To be deleted").await;
    fay.click("erase-submit").await;
    has_sessions(&server, 0).await;
    fay.read("No session yet").await;
    no_troubles(&fay).await;
}
