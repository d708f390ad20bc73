//! The agenda in real browsers: the console's one button and a presenter's clicker, two facilitators at once, the
//! predicted end and what to cut, the editor, and how a session begins with a template.

use std::{env, fs};

use plumbline_tests::{
    album::{Album, in_state, workspace},
    api::Created,
    browser::{Browser, Page},
    line::Line,
    server::{KEY, Server},
    wait,
};
use serde_json::{Value, json};

/// Waits until an element says `wanted` to the person of the page.
async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// Waits until the console's button would do `next`, and takes a press.
async fn ready_to(page: &Page, next: &str) {
    wait::until(&format!("the button of {} would {next}", page.name), async || {
        let shown = page.attribute("console-next", "data-next").await;
        let waits = page.attribute("console-next", "aria-disabled").await;
        wait::holds(shown == next && waits.is_empty(), || format!("{shown}, disabled: {waits:?}"))
    })
    .await;
}

async fn press(page: &Page, next: &str) {
    ready_to(page, next).await;
    page.click("console-next").await;
}

/// The step at which the page says that the session stands.
async fn at_step(page: &Page, number: usize, title: &str) {
    says(page, "agenda-where", &format!("Step {number} of ")).await;
    says(page, "agenda-title", title).await;
}

/// The sample, with the agenda of a template.
async fn session(server: &Server, template: &str) -> Created {
    let wish =
        json!({ "title": "Strategy review, autumn", "name": "Fay", "sample": true, "template": template });
    let reply = server.api().post("/api/sessions", KEY, &wish).await.expect(201);
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

/// What the server holds of the session's progress.
async fn held(server: &Server, session: &Created) -> Value {
    server.api().board(&session.id, &session.facilitator_token).await["board"].take()
}

/// Somebody else who drives, by a link of their own.
async fn another_facilitator(server: &Server, session: &Created, browser: &Browser, name: &str) -> Page {
    let wish = json!({ "name": name, "role": "facilitator" });
    let path = format!("/api/sessions/{}/link", session.id);
    let link = server.api().post(&path, &session.facilitator_token, &wish).await.expect(200).json();
    let page = browser.open(name, link["url"].as_str().expect("a link is a text")).await;
    page.click("door-in").await;
    page
}

async fn join(browser: &Browser, session: &Created, name: &str, phone: bool) -> Page {
    let page = if phone {
        browser.open_phone(name, &session.join_url).await
    } else {
        browser.open(name, &session.join_url).await
    };
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("agenda").await;
    in_state(&page, "saved").await;
    page
}

/// Something that every page's person does goes through before what they do next: once this is back, all that was
/// pressed before has been dealt with.
async fn there_and_back(page: &Page) {
    let locked = page.attribute("lock", "aria-pressed").await;
    for wanted in [if locked == "true" { "false" } else { "true" }, locked.as_str()] {
        page.click("lock").await;
        wait::until("the lock has turned", async || {
            let shown = page.attribute("lock", "aria-pressed").await;
            wait::holds(shown == wanted, || shown.clone())
        })
        .await;
    }
}

async fn open_editor(page: &Page) {
    page.click("menu").await;
    page.click("menu-agenda").await;
    page.see("agenda-editor").await;
}

/// Adds a step of this kind, as the list of the editor calls it.
async fn add_step(page: &Page, kind: &str) {
    page.choose("step-kind", "", kind).await;
    page.click("step-add").await;
    page.see("step-form").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_facilitators_who_press_at_once_go_one_step() {
    let server = Server::start().await;
    let browser = Browser::start();
    let session = session(&server, "align").await;
    let fay = browser.open("Fay", &session.facilitator_url).await;
    let gus = another_facilitator(&server, &session, &browser, "Gus").await;
    for page in [&fay, &gus] {
        page.see("agenda").await;
        in_state(page, "saved").await;
    }

    // From beginning to the step after the first ballot, every press is both's.
    for next in ["begin", "next", "open", "seal", "reveal", "show", "show", "next"] {
        ready_to(&fay, next).await;
        ready_to(&gus, next).await;
        let before = fay.text("console-next").await;
        tokio::join!(fay.click("console-next"), gus.click("console-next"));
        for page in [&fay, &gus] {
            wait::until("it has gone on", async || {
                let shown = page.text("console-next").await;
                wait::holds(shown != before, || shown.clone())
            })
            .await;
        }
        for page in [&fay, &gus] {
            in_state(page, "saved").await;
        }
    }
    for page in [&fay, &gus] {
        at_step(page, 3, "Sort together").await;
    }
    let board = held(&server, &session).await;
    assert_eq!(board["session"]["step"], board["agenda"][2]["id"]);
    let rounds = board["results"][board["agenda"][1]["id"].as_str().expect("an id is a text")]["rounds"]
        .as_object()
        .map_or(0, serde_json::Map::len);
    assert_eq!(rounds, 1, "the ballot was opened once");
    for page in [&fay, &gus] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clicker_presses_the_button_and_keeps_out_of_everything_else() {
    let server = Server::start().await;
    let browser = Browser::start();
    let session = session(&server, "quick-sort").await;
    let fay = browser.open("Fay", &session.facilitator_url).await;
    fay.see("agenda").await;
    let ana = join(&browser, &session, "Ana", true).await;
    at_step(&ana, 1, "Gather").await;
    assert_eq!(ana.count("console").await, 0, "only who drives has one");

    ready_to(&fay, "begin").await;
    fay.press(&["PageDown"]).await;
    fay.see("agenda-time").await;
    ana.see("agenda-time").await;

    // Not while somebody types, nor in a dialog.
    ready_to(&fay, "next").await;
    fay.fill("search", "water").await;
    fay.press(&["PageDown"]).await;
    fay.press(&["Escape", "?", "PageDown", "Escape"]).await;
    fay.fill("search", "").await;
    open_editor(&fay).await;
    fay.press(&["PageDown"]).await;
    fay.click("agenda-done").await;
    there_and_back(&fay).await;
    at_step(&fay, 1, "Gather").await;

    fay.press(&["PageDown"]).await;
    at_step(&ana, 2, "Sort alone").await;
    ready_to(&fay, "open").await;
    fay.press(&["PageDown"]).await;
    // Ana is not done: sealing is asked about, and a second press, not the same one twice, is a yes.
    ready_to(&fay, "seal").await;
    fay.press(&["PageDown", "PageDown"]).await;
    fay.see("console-sure").await;
    there_and_back(&fay).await;
    assert_eq!(fay.attribute("console-next", "data-next").await, "seal");
    wait::until("the second press seals", async || {
        let shown = fay.attribute("console-next", "data-next").await;
        if shown == "seal" {
            fay.press(&["PageDown"]).await;
        }
        wait::holds(shown != "seal", || shown.clone())
    })
    .await;
    ready_to(&fay, "reveal").await;
    fay.press(&["PageDown"]).await;
    // Each beat by its own name: a press that comes before the change is there is one press, not two.
    for label in ["Show: what is agreed", "Show: where it splits"] {
        says(&fay, "console-next", label).await;
        ready_to(&fay, "show").await;
        fay.press(&["PageDown"]).await;
    }
    ready_to(&fay, "next").await;
    fay.press(&["PageDown"]).await;
    at_step(&ana, 3, "Sort together").await;

    // It never closes: it opens the dialog that says what closing means.
    ready_to(&fay, "next").await;
    fay.press(&["PageDown"]).await;
    at_step(&fay, 4, "Close").await;
    ready_to(&fay, "close").await;
    fay.press(&["PageDown"]).await;
    fay.see("close-submit").await;
    fay.press(&["PageDown", "Escape"]).await;
    there_and_back(&fay).await;
    assert_eq!(held(&server, &session).await["session"]["closed"], json!(false));
    press(&fay, "close").await;
    fay.click("close-submit").await;
    says(&ana, "agenda-now", "closed").await;
    wait::until("there is nothing to press any more", async || {
        let shown = fay.attribute("console-next", "data-next").await;
        wait::holds(shown == "closed", || shown.clone())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_predicted_end_moves_with_the_time_and_says_what_to_cut() {
    let server = Server::start().await;
    let browser = Browser::start();
    let session = session(&server, "align").await;
    let fay = browser.open("Fay", &session.facilitator_url).await;
    fay.see("agenda").await;
    fay.click("agenda-where").await;
    says(&fay, "agenda-ends", "Begun now").await;
    says(&fay, "script", "Everything that takes our money").await;
    press(&fay, "begin").await;
    says(&fay, "agenda-ends", "as planned").await;
    press(&fay, "next").await;
    at_step(&fay, 2, "Sort alone").await;
    // Of nineteen minutes five are kept for what is revealed.
    says(&fay, "agenda-time", "13:").await;
    for minutes in [2, 4, 6, 8] {
        fay.click("console-extend").await;
        says(&fay, "agenda-ends", &format!("{minutes} min late")).await;
    }
    says(&fay, "agenda-advice", "Eight minutes late: discuss two, not five.").await;
    says(&fay, "agenda-time", "21:").await;
    // The clock is taken away, and what was planned still counts.
    fay.click("console-no-limit").await;
    wait::until("there is no clock", async || {
        let shown = fay.count("agenda-time").await;
        wait::holds(shown == 0, || format!("{shown}"))
    })
    .await;
    says(&fay, "agenda-ends", "as planned").await;
    assert_eq!(fay.count("agenda-advice").await, 0);
    // Nobody else is told when it ends, but what is next.
    let ana = join(&browser, &session, "Ana", false).await;
    says(&ana, "agenda-next", "Next: Sort together").await;
    says(&ana, "agenda-now", "in a moment").await;
    ana.click("agenda-where").await;
    ana.see("agenda-row").await;
    assert_eq!(ana.count("agenda-ends").await + ana.count("script").await + ana.count("agenda-go").await, 0);
    // Back, and straight to another step.
    fay.click("console-back").await;
    at_step(&ana, 1, "Gather").await;
    wait::until("Fay goes to Decide", async || {
        let titles = fay.texts("agenda-row").await;
        wait::holds(titles.len() == 9, || format!("{titles:?}"))
    })
    .await;
    press(&fay, "next").await;
    at_step(&ana, 2, "Sort alone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_without_a_connection_is_carried_out_once_when_it_is_back() {
    let mut server = Server::start().await;
    let browser = Browser::start();
    let session = session(&server, "align").await;
    let line = Line::to(server.address()).await;
    let fay = browser.open("Fay", &line.link(&session.facilitator_url)).await;
    fay.see("agenda").await;
    press(&fay, "begin").await;
    ready_to(&fay, "next").await;
    in_state(&fay, "saved").await;
    line.cut();
    in_state(&fay, "offline").await;
    fay.click("console-next").await;
    wait::until("it is on its way", async || {
        let busy = fay.attribute("console-next", "aria-busy").await;
        wait::holds(busy == "true", || busy.clone())
    })
    .await;
    fay.press(&["PageDown", "PageDown"]).await;
    fay.reload_in_vain().await;
    server.kill9();
    server.restart().await;
    line.mend();
    fay.reload().await;
    at_step(&fay, 2, "Sort alone").await;
    in_state(&fay, "saved").await;
    there_and_back(&fay).await;
    at_step(&fay, 2, "Sort alone").await;
    ready_to(&fay, "open").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agenda_is_written_step_by_step_and_everybody_sees_it() {
    let server = Server::start().await;
    let browser = Browser::start();
    let session = session(&server, "align").await;
    // Without a template there is one open board, of which nothing is said.
    let bare = server.api().create("An open board").await;
    let fay = browser.open("Fay", &bare.facilitator_url).await;
    fay.see("board").await;
    in_state(&fay, "saved").await;
    assert_eq!(fay.count("agenda").await, 0);

    open_editor(&fay).await;
    assert!(fay.is_disabled("step-go").await, "the session stands at the only step");
    add_step(&fay, "Ballot: dots").await;
    fay.fill("step-title", "What first?").await;
    fay.choose("step-subjects", "", "Every project").await;
    fay.fill("step-budget", "7").await;
    fay.fill("step-now", "Seven dots for what should get people first.").await;
    fay.press(&["Tab"]).await;
    add_step(&fay, "Close").await;
    wait::until("the board has the steps", async || {
        let agenda = held(&server, &bare).await["agenda"].take();
        let titles: Vec<&str> = agenda
            .as_array()
            .map(|steps| steps.iter().filter_map(|step| step["title"].as_str()).collect())
            .unwrap_or_default();
        let options = json!([
            ["subjects", "all"],
            ["budget", "7"],
            ["now", "Seven dots for what should get people first."]
        ]);
        let set = agenda[1]["options"] == options && agenda[1]["question"] == "dots";
        wait::holds(titles == ["Sort together", "What first?", "Close"] && set, || agenda.to_string())
    })
    .await;

    fay.click("agenda-done").await;
    at_step(&fay, 1, "Sort together").await;

    // Taken out, and brought back.
    open_editor(&fay).await;
    fay.click_deed("What first?", "remove").await;
    says(&fay, "agenda-said", "What first? was removed.").await;
    fay.click("agenda-undo").await;
    wait::until("it is back", async || {
        let titles = fay.texts("step").await;
        wait::holds(titles.len() == 3 && titles[1].contains("What first?"), || format!("{titles:?}"))
    })
    .await;
    fay.click_deed("What first?", "up").await;
    // It cannot go further up, and keeps the focus all the same.
    wait::until("it is the first", async || {
        let (titles, focus) = (fay.texts("step").await, fay.focus().await);
        wait::holds(titles[0].contains("What first?") && focus == "step", || format!("{titles:?}, {focus}"))
    })
    .await;

    // A file that is no agenda, and one that is.
    let folder = env::temp_dir().join(format!("plumbline-agenda-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder of temporary files takes one more");
    let (wrong, right) = (folder.join("wrong.json"), folder.join("agenda.json"));
    fs::write(&wrong, "{\"steps\":[{\"kind\":\"dance\"}]}").expect("it can be written");
    let path = format!("/api/sessions/{}/agenda", session.id);
    let along = server.api().get(&path, &session.facilitator_token).await.expect(200);
    fs::write(&right, &along.body).expect("it can be written");
    fay.attach("agenda-import", &wrong).await;
    says(&fay, "agenda-said", "no agenda").await;
    fay.attach("agenda-import", &right).await;
    fay.see("agenda-replace").await;
    fay.click("agenda-replace").await;
    says(&fay, "agenda-said", "The agenda is now Strategy review, autumn.").await;
    wait::until("the nine steps are there", async || {
        let count = fay.count("step").await;
        wait::holds(count == 9, || format!("{count}"))
    })
    .await;
    // And a template.
    fay.choose("agenda-template", "", "Pulse (10 min, 3 steps)").await;
    fay.click("agenda-replace").await;
    says(&fay, "agenda-said", "The agenda is now Pulse.").await;
    fay.click("agenda-done").await;
    at_step(&fay, 1, "Fist to five").await;
    ready_to(&fay, "open").await;
    fs::remove_dir_all(&folder).expect("nobody else uses it");
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_session_offers_to_align_the_portfolio_first_and_says_who_decides() {
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &workspace(&server)).await;
    fay.click("new-session").await;
    fay.see("template").await;
    wait::until("the templates are offered", async || {
        let offers = fay.attributes("template", "data-template").await;
        let first = offers.first().map(String::as_str);
        wait::holds(first == Some("align") && offers.last().is_some_and(String::is_empty), || {
            format!("{offers:?}")
        })
    })
    .await;
    fay.fill("session-title", "Strategy review").await;
    fay.fill("facilitator-name", "Company Secretary").await;
    fay.click("source-sample").await;
    fay.fill("about-purpose", "Agree what we go on with").await;
    fay.fill("about-decider", "Anna Okafor").await;
    fay.fill("about-rule", "after hearing the room").await;
    fay.click("create-session").await;
    fay.see("to-board").await;
    fay.click("to-board").await;
    at_step(&fay, 1, "Gather").await;
    fay.click("agenda-where").await;
    says(&fay, "agenda-about", "Agree what we go on with").await;
    says(&fay, "agenda-about", "Anna Okafor decides: after hearing the room.").await;
    // It can be said anew on the board.
    fay.click("agenda-edit").await;
    fay.see("agenda-editor").await;
    fay.fill("about-rule", "Consent").await;
    fay.press(&["Escape"]).await;
    says(&fay, "agenda-about", "Anna Okafor decides: Consent.").await;

    // Who the sponsors are: whoever is called so, unless a facilitator says otherwise.
    fay.click("menu").await;
    fay.click("menu-people").await;
    fay.see("sponsor-is").await;
    fay.choose("sponsor-is", "Finance Director is", "Company Secretary").await;
    fay.click_in("Finance Director", "sponsor-save").await;
    says(&fay, "sponsors-said", "Finance Director is Company Secretary.").await;
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_the_agenda() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &workspace(&server)).await;
    fay.click("new-session").await;
    fay.read("Align the portfolio").await;
    album.take(&fay, "new-session-templates").await;
    let session = session(&server, "align").await;
    let fay = browser.open("Fay-align", &session.facilitator_url).await;
    let ana = join(&browser, &session, "Ana", false).await;
    fay.see("agenda").await;
    in_state(&fay, "saved").await;
    press(&fay, "begin").await;
    ready_to(&fay, "next").await;
    album.take(&fay, "agenda-console").await;
    album.take(&ana, "agenda-participant").await;
    fay.click("agenda-where").await;
    fay.see("script").await;
    album.take(&fay, "agenda-script").await;
    ana.click("agenda-where").await;
    ana.see("agenda-row").await;
    album.take(&ana, "agenda-steps").await;
    fay.click("agenda-where").await;
    press(&fay, "next").await;
    press(&fay, "open").await;
    for _ in 0..4 {
        fay.click("console-extend").await;
        there_and_back(&fay).await;
    }
    fay.see("agenda-advice").await;
    press(&fay, "seal").await;
    fay.see("console-sure").await;
    album.take(&fay, "agenda-seal").await;
    fay.click("console-cancel").await;
    open_editor(&fay).await;
    fay.see("step").await;
    album.take(&fay, "agenda-editor").await;
    fay.click_deed("Order the moves", "open").await;
    fay.see("step-form").await;
    album.take(&fay, "agenda-step").await;
    fay.press(&["Escape"]).await;
    fay.click("menu").await;
    fay.click("menu-people").await;
    fay.see("sponsor-is").await;
    album.take(&fay, "people-sponsors").await;
    album.close();
}
