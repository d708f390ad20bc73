//! Sessions that are only shown: begun on the first page, watched in three frames, tapped along, over; rehearsals; and
//! going on from one session to the next.

use std::time::Duration;

use plumbline_tests::{
    album::{sample, workspace},
    api::{Api, Created},
    browser::{Browser, Page},
    server::{KEY, Server},
    wait,
};
use serde_json::{Value, json};

/// How many times as fast the tests want it: slow enough that a page can tap along.
const PACE: u32 = 4;
/// How long it takes at most at that pace, on a busy machine.
const THROUGH: Duration = Duration::from_secs(300);

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = if page.count(what).await == 0 { String::new() } else { page.text(what).await };
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// The session that a page of a demonstration is in, and by which token.
async fn admitted(frame: &Page) -> (String, String) {
    let address = frame.address().await;
    let (path, token) = address.split_once("#only=").unwrap_or_else(|| panic!("{address} names a token"));
    let session = path.rsplit('/').next().unwrap_or_default();
    (session.to_owned(), token.to_owned())
}

async fn board(api: Api, session: &str, token: &str) -> Value {
    api.board(session, token).await["board"].take()
}

/// How many have answered for an item of the first revealed round on it; none while there is none.
fn answered(board: &Value, item: &str) -> Option<u64> {
    let rounds = board["results"].as_object()?.values().flat_map(|step| step["rounds"].as_object());
    rounds.flat_map(|rounds| rounds.values()).find_map(|round| {
        let at = round["items"].as_array()?.iter().position(|other| other == item)?;
        round["tally"]["items"][at]["answered"].as_u64()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demonstration_is_watched_in_three_frames_tapped_along_and_leaves_files_and_no_record() {
    let server = Server::start().await;
    let api = server.api();
    let browser = Browser::start();
    let fay = browser.open("Fay", &workspace(&server)).await;
    fay.see("new-session").await;
    fay.hasten(PACE).await;
    fay.click("watch-begin").await;
    fay.see("watch").await;

    // Three people of one session in one tab, and each frame is somebody else.
    let console = fay.frame("frame-console", "console").await;
    let phone = fay.frame("frame-phone", "phone").await;
    let wall = fay.frame("frame-wall", "wall").await;
    console.see("console").await;
    wall.see("wall").await;
    phone.see("agenda").await;
    assert_eq!((phone.count("console").await, wall.count("console").await), (0, 0), "one frame drives");
    let (session, facilitator) = admitted(&console).await;
    let (same, participant) = admitted(&phone).await;
    let (also, observer) = admitted(&wall).await;
    assert_eq!((&same, &also), (&session, &session));
    assert!(facilitator != participant && participant != observer && observer != facilitator);

    // What is tapped on the phone is counted.
    phone.click("promise-begin").await;
    let card = phone.attribute("ballot-card", "data-current").await;
    phone.click("answer").await;
    wait::until("the answer is confirmed", async || {
        let saving = phone.attribute("ballot-saving", "data-state").await;
        wait::holds(saving == "confirmed", || saving.clone())
    })
    .await;
    let counted = wait::until_within(THROUGH, "the sort is revealed", async || {
        let board = board(api, &session, &facilitator).await;
        answered(&board, &card).ok_or_else(|| board["session"].to_string())
    })
    .await;
    assert_eq!(counted, 12, "eleven simulated people and the one with the phone");

    // A reload in the middle of it comes back to the same, as the same three.
    fay.reload().await;
    fay.see("watch").await;
    let console = fay.frame("frame-console", "console").await;
    console.see("console").await;
    assert_eq!(admitted(&console).await, (session.clone(), facilitator.clone()));
    let phone = fay.frame("frame-phone", "phone").await;
    assert_eq!(admitted(&phone).await.1, participant);

    // It ends by itself, in files that are whole.
    wait::until_within(THROUGH, "the demonstration has ended", async || {
        let over = fay.count("watch-over").await;
        wait::holds(over == 1, || "it goes on".to_owned())
    })
    .await;
    let end = board(api, &session, &facilitator).await;
    let decisions = end["decisions"].as_object().expect("there are decisions");
    assert_eq!(decisions.values().filter(|decision| !decision["verdict"].is_null()).count(), 63);
    for (key, ending) in [
        ("md", "md"),
        ("csv", "csv"),
        ("json", "json"),
        ("xlsx", "xlsx"),
        ("ics", "ics"),
        ("zip", "zip"),
        ("office", "html?for=office"),
        ("everyone", "html?for=everyone"),
    ] {
        let path = format!("/api/sessions/{session}/export/decisions.{ending}");
        let file = api.get(&path, &facilitator).await.expect(200);
        assert!(file.body.len() > 1_000, "decisions.{ending} has {} bytes", file.body.len());
        fay.click(&format!("take-{key}")).await;
    }
    assert_eq!(fay.count("toast").await, 0, "all files can be taken");
    says(&console, "closed", "nothing of it is in the decision log").await;
    let log = api.get("/api/decisions", KEY).await.expect(200).json();
    assert_eq!(log["items"], json!([]), "nothing of it is in the decision log");

    // Nothing of its people is kept: the first page shows a demonstration and no place of anybody's.
    fay.click("watch-back").await;
    says(&fay, "session", "Demonstration, erased after three hours").await;
    assert_eq!(fay.count("on-this-device").await, 0);
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demonstration_that_is_gone_says_so_and_can_be_begun_anew() {
    let mut server = Server::start().await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &workspace(&server)).await;
    fay.click("watch-begin").await;
    fay.see("watch").await;
    let console = fay.frame("frame-console", "console").await;
    console.see("console").await;
    let (session, _) = admitted(&console).await;

    // Another tab has not begun it, and says what to do.
    let other = browser.open_beside(&fay, "other tab", &fay.address().await).await;
    says(&other, "watch-gone", "on the tab on which it was begun").await;
    other.see("watch-begin").await;

    let path = format!("/api/sessions/{session}");
    assert_eq!(server.api().call("DELETE", &path, KEY, &[], "").await.status, 204);
    says(&fay, "watch-gone", "It has been erased").await;
    fay.click("watch-begin").await;
    fay.see("watch").await;
    let console = fay.frame("frame-console", "the new console").await;
    console.see("console").await;
    assert_ne!(admitted(&console).await.0, session);

    // Without a server, beginning one says so.
    let ana = browser.open("Ana", &workspace(&server)).await;
    ana.see("watch-begin").await;
    server.kill9();
    ana.click("watch-begin").await;
    ana.see("watch-problem").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_rehearses_with_ones_own_portfolio_and_only_with_one() {
    let server = Server::start().await;
    let api = server.api();
    let browser = Browser::start();

    // With nothing on the board there is nothing to rehearse with.
    let bare = api.create("An empty board").await;
    let fay = browser.open("Fay", &bare.facilitator_url).await;
    fay.see("board").await;
    fay.click("menu").await;
    fay.click("menu-rehearse").await;
    fay.click("watch-begin").await;
    says(&fay, "watch-problem", "import the portfolio and add the pillars first").await;

    let own: Created = sample(&server).await;
    let gus = browser.open("Gus", &own.facilitator_url).await;
    gus.see("card").await;
    gus.hasten(20).await;
    gus.click("menu").await;
    gus.click("menu-rehearse").await;
    gus.click("watch-begin").await;
    gus.see("watch").await;
    let console = gus.frame("frame-console", "console").await;
    console.see("console").await;
    let (session, token) = admitted(&console).await;
    assert_ne!(session, own.id, "it is a copy");
    let names = |board: &Value| {
        let projects = board["projects"].as_object().expect("there are projects").values();
        let mut names: Vec<String> = projects.map(|project| project["name"].to_string()).collect();
        names.sort();
        names
    };
    let original = board(api, &own.id, &own.facilitator_token).await;
    assert_eq!(names(&board(api, &session, &token).await), names(&original));
    // A demonstration is not rehearsed in its turn.
    assert_eq!(console.count("menu-rehearse").await, 0);
    wait::until_within(THROUGH, "the rehearsal has ended", async || {
        let over = gus.count("watch-over").await;
        wait::holds(over == 1, || "it goes on".to_owned())
    })
    .await;
    assert_eq!(board(api, &own.id, &own.facilitator_token).await, original, "one's own is as it was");
    let log = api.get("/api/decisions", KEY).await.expect(200).json();
    assert_eq!(log["items"], json!([]));

    // Back to one's own, as oneself.
    gus.click("watch-back").await;
    gus.see("board").await;
    assert!(gus.address().await.ends_with(&own.id));
    gus.click("menu").await;
    gus.see("menu-rehearse").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choose_and_commit_goes_on_from_a_framed_issue() {
    let server = Server::start().await;
    let api = server.api();
    let browser = Browser::start();
    let wish = json!({ "title": "Where do we grow?", "template": "frame" });
    let reply = api.post("/api/sessions", KEY, &wish).await.expect(201);
    let framed: Created = serde_json::from_slice(&reply.body).expect("a session was made");
    api.import(&framed.id, &framed.facilitator_token, "name\nNorth\nSouth\nNothing at all\n").await;
    let own = board(api, &framed.id, &framed.facilitator_token).await;
    let last =
        own["agenda"].as_array().and_then(|steps| steps.last()).expect("there are steps")["id"].clone();
    let at = |board: &Value| json!({ "step": board["session"]["step"], "round": board["session"]["round"] });
    let tell = async |mut command: Value| {
        command["id"] = json!(uuid::Uuid::now_v7());
        let path = format!("/api/sessions/{}/commands", framed.id);
        assert_eq!(api.post(&path, &framed.facilitator_token, &command).await.status, 200);
    };
    tell(json!({ "type": "go_to", "step": last, "seen": at(&own) })).await;
    let own = board(api, &framed.id, &framed.facilitator_token).await;
    tell(json!({ "type": "close", "seen": at(&own) })).await;

    // Who does not hold the workspace key is told who goes on.
    let gus = browser.open("Gus", &framed.facilitator_url).await;
    says(&gus, "closed", "Whoever holds the workspace key can go on").await;
    assert_eq!(gus.count("go-on").await, 0);

    // Who does goes on with one press, from the summary …
    let fay = browser.open("Fay", &workspace(&server)).await;
    fay.see("go-on").await;
    fay.go_to(&framed.facilitator_url).await;
    fay.see("closed").await;
    fay.click("go-on").await;
    says(&fay, "agenda-title", "What we found out").await;
    wait::until("the options came along", async || {
        let cards = fay.count("card").await;
        wait::holds(cards == 3, || format!("{cards} cards"))
    })
    .await;

    // … and from the list, for a session that was made with that template and for no other.
    fay.go_to(&workspace(&server)).await;
    fay.see("go-on").await;
    assert_eq!(fay.count("go-on").await, 1, "the second session is the last on its issue");
    fay.click("go-on").await;
    says(&fay, "agenda-title", "What we found out").await;
    let listed = api.get("/api/sessions", KEY).await.expect(200).json();
    let titles: Vec<&str> =
        listed["items"].as_array().into_iter().flatten().filter_map(|row| row["title"].as_str()).collect();
    let second = "Choose and commit: Where do we grow?";
    assert_eq!(titles, [second, second, "Where do we grow?"]);
}
