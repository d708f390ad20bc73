//! The decision log and a decision's page, as whoever holds the workspace key sees them months later: what is due, what
//! was promised and by whom, and whether it happened; what is entered then; and what the page says of a log that was
//! tampered with.

use plumbline_shared::{day::Day, ids::ProjectId, schema::Root};
use plumbline_tests::{
    album::{Album, workspace},
    api::Created,
    browser::{Browser, Page, Sheet},
    peer::Peer,
    server::KEY,
    socket::Door,
    undecided::{CLOSE, COMMIT, DECIDE, Undecided},
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, Out, Text, WriteTxn};

/// The day that it is, by this machine's clock.
fn today() -> Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    Day::of(u64::try_from(since.as_millis()).expect("this century"))
}

fn in_days(days: i32) -> String {
    today().plus(days).to_string()
}

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = if page.count(what).await == 0 { String::new() } else { page.text(what).await };
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// Waits until the log shows these decisions, by their numbers; where nothing is looked for, after what is due.
async fn lists(page: &Page, wanted: &[u64]) {
    wait::until(&format!("{} lists {wanted:?}", page.name), async || {
        let shown = page.attributes("decision-line", "data-number").await;
        let shown: Vec<u64> = shown.iter().filter_map(|number| number.parse().ok()).collect();
        wait::holds(shown.ends_with(wanted), || format!("it lists {shown:?}"))
    })
    .await;
}

/// The project's name, the verdict, why, and what else is said.
type Decided = (&'static str, &'static str, &'static str, Vec<(&'static str, String)>);

/// Decides on a project: the verdict, and what else is said.
fn decide(peer: &Peer, project: ProjectId, verdict: &str, rationale: &str, fields: &[(&str, String)]) {
    peer.change(|txn| {
        let decisions = txn.get_or_insert_map(Root::Decisions.name());
        let Some(Out::YMap(decision)) = decisions.get(txn, &project.to_string()) else {
            panic!("the server has made the decision of {project}")
        };
        decision.insert(txn, "verdict", verdict);
        for (name, says) in fields {
            decision.insert(txn, *name, says.as_str());
        }
        let Some(Out::YText(text)) = decision.get(txn, "rationale") else { panic!("it has a rationale") };
        text.insert(txn, 0, rationale);
    });
}

async fn facilitator(case: &Undecided, session: &Created) -> Peer {
    let door = Door::new(case.shop.server.address(), &session.id, &session.facilitator_token);
    let peer = Peer::join(&door).await;
    peer.synced().await;
    peer
}

/// A further session of the workspace, with these projects.
async fn begin(case: &Undecided, title: &str, projects: &Value) -> Created {
    let api = case.shop.api();
    let made = api.post("/api/sessions", KEY, &json!({ "title": title })).await.expect(201);
    let session: Created = serde_json::from_slice(&made.body).expect("a session");
    let path = format!("/api/sessions/{}/portfolio", session.id);
    let _ = api.post(&path, &session.facilitator_token, projects).await.expect(200);
    session
}

/// The projects of a session, with their names.
async fn projects(case: &Undecided, session: &Created) -> Vec<(ProjectId, String)> {
    let board = case.shop.api().board(&session.id, &session.facilitator_token).await["board"].take();
    let all = board["projects"].as_object().expect("projects");
    let named = |(id, project): (&String, &Value)| {
        (id.parse().expect("an id"), project["name"].as_str().expect("a name").to_owned())
    };
    all.iter().map(named).collect()
}

async fn close(case: &Undecided, session: &Created) {
    let board = case.shop.api().board(&session.id, &session.facilitator_token).await["board"].take();
    let seen = json!({ "step": board["session"]["step"], "round": board["session"]["round"] });
    let command = json!({ "id": Uuid::now_v7(), "type": "close", "seen": seen });
    let path = format!("/api/sessions/{}/commands", session.id);
    let _ = case.shop.api().post(&path, &session.facilitator_token, &command).await.expect(200);
}

/// A room of six that decides on all of its eight projects, commits and closes; and months later a second session, which
/// decides anew on one of them.
async fn two_sessions() -> Undecided {
    let case = Undecided::prepare().await;
    let shop = &case.shop;
    shop.go_to(DECIDE).await;
    let peer = facilitator(&case, &shop.session).await;
    let all: [Decided; 8] = [
        (
            "City Pledge",
            "move",
            "The city signs in spring, and we are the only bidder left.",
            vec![
                ("owner", "Ana Ruiz".to_owned()),
                ("decided_by", "Member 1".to_owned()),
                ("override", "The mayor was promised an answer before the room met.".to_owned()),
                ("measure", "Twelve districts have signed".to_owned()),
                ("measure_due", in_days(90)),
                ("obstacles", "The treasury wants the money back".to_owned()),
            ],
        ),
        (
            "New Hospital",
            "move",
            "Everything else in health hangs on it.",
            vec![
                ("owner", "Olu Adeyemi".to_owned()),
                ("coalition", "Health board, city planning".to_owned()),
                ("measure", "First ward opens".to_owned()),
                ("measure_due", in_days(200)),
                ("obstacles", "Two wards lose their heads".to_owned()),
                ("outcome", "400 beds where there are 250 now".to_owned()),
                ("scope", "The building and its move; not the old site".to_owned()),
                ("assumptions", "Building costs rise by less than 5 % a year".to_owned()),
                ("alternatives", "Renovate the old site\nRent the barracks".to_owned()),
                ("consulted", "Nurses' council, fire brigade".to_owned()),
                ("informed", "All staff of the old site".to_owned()),
                ("effective", in_days(10)),
                ("review", in_days(20)),
            ],
        ),
        (
            "Hydrogen Fund",
            "move",
            "",
            vec![("owner", "Priya Raman".to_owned()), ("measure", "Two plants".to_owned())],
        ),
        (
            "Digital Tax",
            "wait",
            "Parliament has not voted.",
            vec![
                ("owner", "Tom Brandt".to_owned()),
                ("trigger", "The law passes its second reading".to_owned()),
                ("expires", in_days(-3)),
            ],
        ),
        (
            "Loyalty App",
            "stop",
            "Nobody could name a goal that would miss it.",
            vec![
                ("owner", "Lena Fuchs".to_owned()),
                ("kind", "end".to_owned()),
                ("ends", in_days(5)),
                ("first_step", "Tell the agency that the contract is not renewed".to_owned()),
                ("first_step_due", in_days(2)),
                ("frees", "Six people, for the hydrogen fund".to_owned()),
            ],
        ),
        (
            "Brand Museum",
            "stop",
            "A fine thing that carries no goal.",
            vec![
                ("owner", "Lena Fuchs".to_owned()),
                ("kind", "hand_over".to_owned()),
                ("ends", in_days(45)),
                ("first_step", "Offer the collection to the city".to_owned()),
                ("first_step_due", in_days(14)),
                ("frees", "Three people".to_owned()),
            ],
        ),
        ("Staff Magazine", "stop", "", vec![("ends", in_days(60))]),
        (
            "Data Lake",
            "open",
            "Half of the room does not know what it is for.",
            vec![("decided_by", "Treasury".to_owned()), ("decide_by", in_days(9))],
        ),
    ];
    for (name, verdict, rationale, fields) in &all {
        decide(&peer, shop.project(name).await, verdict, rationale, fields);
    }
    peer.saved().await;
    shop.open(COMMIT).await;
    let number = |member: usize, _: &str| {
        let numbers = [5, 4, 4, 2, 2, 1];
        Some(json!({ "scale": numbers[member] }))
    };
    shop.answer(COMMIT, number).await;
    let dissent = json!({ "type": "dissent", "about": "session", "text": "Nobody asked the hospital." });
    shop.tell(&shop.room[3].token, dissent).await;
    shop.reveal().await;
    for (member, stance, reason) in [
        (0, "carry", ""),
        (1, "reservation", "Only with the nurses' word."),
        (5, "decline", "I was not heard."),
    ] {
        let sign = json!({ "type": "sign", "about": "session", "stance": stance, "reason": reason });
        shop.tell(&shop.room[member].token, sign).await;
    }
    shop.go_to(CLOSE).await;
    shop.drive(json!({ "type": "close" })).await;

    let later =
        begin(&case, "Ninety days on", &json!([{ "name": "Loyalty App", "owner": "Lena Fuchs" }])).await;
    let peer = facilitator(&case, &later).await;
    let fields = [
        ("owner", "Marek Novak".to_owned()),
        ("kind", "finish".to_owned()),
        ("ends", in_days(30)),
        ("first_step", "Switch off sign-up".to_owned()),
        ("first_step_due", in_days(12)),
        ("frees", "Four people".to_owned()),
    ];
    let app = projects(&case, &later).await[0].0;
    decide(&peer, app, "stop", "It was to end, and has not.", &fields);
    peer.saved().await;
    close(&case, &later).await;
    wait::until("the log has the decisions of both", async || {
        let entries =
            shop.api().get("/api/decisions/verify", KEY).await.expect(200).json()["entries"].clone();
        wait::holds(entries == json!(9), || entries.to_string())
    })
    .await;
    case
}

/// What is done is entered where it was promised, and is due no more; a review comes again on its next day. A wait that is
/// over asks for a decision, and nothing that could be entered takes its day away.
async fn is_done(case: &Undecided, page: &Page) {
    let mut album = Album::open();
    let at = |path: &str| format!("http://{}{path}", case.shop.server.address());
    let museum = number_of(case, "q=museum").await;
    let tax = number_of(case, "q=digital").await;
    page.go_to(&at(&format!("/log/{tax}"))).await;
    says(page, "decision-since", "is over, and nothing was decided since").await;
    page.click("enter-done").await;
    assert_eq!(page.value("enter-deed").await, "review", "it is a wait: only a review is held of it");
    page.go_to(&at(&format!("/log/{museum}"))).await;
    page.see("decision-page").await;
    page.click("enter-done").await;
    assert_eq!(page.value("enter-deed").await, "first_step", "what is due first is at hand");
    page.fill("enter-done_on", &in_days(1)).await;
    page.click("enter-submit").await;
    says(page, "enter-refused", "Say who has done it").await;
    page.fill("enter-done_by", "Lena Fuchs").await;
    page.click("enter-submit").await;
    says(page, "enter-refused", "still to come").await;
    page.fill("enter-done_on", &in_days(-1)).await;
    page.fill("enter-note", "The city wants the collection, and looks at it with us in spring.").await;
    page.fill("enter-next_review", &in_days(0)).await;
    page.click("enter-submit").await;
    says(page, "enter-refused", "comes after today").await;
    page.fill("enter-next_review", &in_days(3)).await;
    album.take(page, "decision-done").await;
    page.click("enter-submit").await;
    says(page, "decision-since", "The first step was taken").await;
    says(page, "decision-since", "The city wants the collection").await;
    says(page, "decision-stands", "Review").await;
    says(page, "decision-stands", "in 3 days").await;
    assert_eq!(page.count("enter-note").await, 0, "the form is done");
    page.click("enter-done").await;
    assert_eq!(page.value("enter-deed").await, "review", "that is due now");
    assert_eq!(page.value("enter-note").await, "", "what was entered is not entered again");
    let shown = case.shop.api().get(&format!("/api/decisions/{museum}"), KEY).await.expect(200).json();
    let changes = shown["changes"].as_array().expect("changes");
    assert_eq!((changes.len(), &changes[0]["says"]["done"]["what"]), (1, &json!("first_step")), "{shown}");

    // Nothing is left to be done: it has ended, and was looked at.
    for what in ["ends", "review"] {
        let body = json!({ "what": what, "done_by": "Lena Fuchs", "done_on": in_days(0) });
        let path = format!("/api/decisions/{museum}/done");
        let _ = case.shop.api().post(&path, KEY, &body).await.expect(201);
    }
    page.go_to(&at("/log?q=museum")).await;
    says(page, "log-list", "Ended").await;
    page.go_to(&at(&format!("/log?q=museum&due={}", in_days(900)))).await;
    page.see("log-empty").await;
    page.go_to(&at(&format!("/log/{museum}"))).await;
    says(page, "decision-since", "It has ended").await;
    let calendar = case.shop.api().get("/api/decisions/export/decisions.ics", KEY).await.expect(200).text();
    for done in ["Done: First step: Brand Museum", "Done: Ends: Brand Museum"] {
        assert!(calendar.contains(done), "{calendar}");
    }
    album.close();
}

async fn number_of(case: &Undecided, query: &str) -> u64 {
    let found = case.shop.api().get(&format!("/api/decisions?{query}"), KEY).await.expect(200).json();
    found["items"][0]["number"].as_u64().unwrap_or_else(|| panic!("{query}: {found}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_opens_the_log_months_later_sees_what_is_due_and_enters_what_happened_in_pictures() {
    let mut album = Album::open();
    let case = two_sessions().await;
    let server = &case.shop.server;
    let at = |path: &str| format!("http://{}{path}", server.address());
    let browser = Browser::start();

    // Without a key nothing is shown but what to do; with one of another server that it does not open this.
    let stranger = browser.open("stranger", &at("/log")).await;
    stranger.read("holds the workspace key").await;
    assert_eq!(stranger.count("ways").await, 0, "nobody is shown ways that are closed to them");
    stranger.go_to(&at("/log/1#key=pw_of-another-server-0123456789abcdefghijk")).await;
    stranger.read("This key does not open the workspace").await;
    album.take(&stranger, "log-wrong-key").await;
    stranger.click("forget-key").await;
    stranger.read("holds the workspace key").await;

    // What is due comes first, in the order of its days.
    let page = browser.open("coo", &workspace(server)).await;
    page.see("ways").await;
    page.read("Decisions").await;
    page.go_to(&at("/log")).await;
    lists(&page, &[9, 8, 7, 6, 5, 4, 3, 2, 1]).await;
    // What is due is asked for on its own, and may come after the list.
    says(&page, "log-due-list", "Digital Tax").await;
    let due = page.texts("decision-line").await;
    assert!(due[0].contains("Digital Tax") && due[0].contains("3 days over"), "{due:?}");
    assert!(due[1].contains("First step") && due[1].contains("in 2 days"), "{due:?}");
    assert_eq!(page.text("log-chip-over").await, "1 overdue");
    says(&page, "log-chip-untold", "4 stops").await;
    says(&page, "log-chain", "All 9 entries of this log are as they were written").await;
    album.take(&page, "log").await;

    // What is looked for stands in the address.
    page.fill("log-search", "agency loyalty").await;
    let app = number_of(&case, "q=agency").await;
    lists(&page, &[app]).await;
    assert!(page.address().await.contains("q=agency"), "{}", page.address().await);
    page.reload().await;
    lists(&page, &[app]).await;
    page.fill("log-search", "dragons").await;
    page.see("log-empty").await;
    album.take(&page, "log-nothing").await;
    page.click("log-clear").await;
    page.see("log-due-list").await;
    page.click("log-chip-over").await;
    let tax = number_of(&case, "q=digital").await;
    lists(&page, &[tax]).await;
    page.go_to(&at("/log?verdict=stop&owner=Lena%20Fuchs")).await;
    says(&page, "log-list", "Brand Museum").await;
    assert_eq!(page.count("decision-line").await, 2);

    // A hash that was noted elsewhere is there, or not; anything else is none.
    let head = page.value("log-head").await;
    for (typed, state) in
        [(head[..32].to_owned(), "malformed"), ("ab".repeat(32), "missing"), (head, "there")]
    {
        page.fill("log-noted", &typed).await;
        page.click("log-noted-look").await;
        wait::until(&format!("{typed} is {state}"), async || {
            let shown = page.attribute("log-noted-says", "data-state").await;
            wait::holds(shown == state, || shown.clone())
        })
        .await;
    }
    page.click("log-files").await;
    page.see("take-ics").await;
    assert_eq!(page.troubles().await, Vec::<String>::new());
    album.close();
    enters(&case, &browser, &page, app).await;
    Box::pin(is_done(&case, &page)).await;
    on_paper(&case, &page).await;
    tampered(case, &page).await;
}

/// What happened is entered; what does not follow is refused with a sentence, and nothing that was typed is lost.
async fn enters(case: &Undecided, browser: &Browser, page: &Page, app: u64) {
    let mut album = Album::open();
    let at = |path: &str| format!("http://{}{path}", case.shop.server.address());
    let later = number_of(case, "q=sign-up").await;
    page.go_to(&at(&format!("/log/{app}"))).await;
    page.see("decision-page").await;
    says(page, "decision-facts", "Tell the agency that the contract is not renewed").await;
    says(page, "decision-facts", "Six people, for the hydrogen fund").await;
    says(page, "decision-since", "Nobody has told those whom it concerns").await;
    says(page, "decision-history", "Owner: Lena Fuchs → Marek Novak").await;
    says(page, "decision-history", "Ends:").await;
    album.take(page, "decision").await;

    page.click("enter-told").await;
    page.fill("enter-told_on", &in_days(-1)).await;
    page.click("enter-submit").await;
    says(page, "enter-refused", "Say who has told them").await;
    page.fill("enter-told_by", "Lena Fuchs").await;
    album.take(page, "decision-entering").await;
    page.click("enter-submit").await;
    says(page, "decision-since", "Lena Fuchs has told those whom it concerns").await;
    assert_eq!(page.count("decision-untold").await, 0);

    // Somebody else is faster: what was meant does not follow any more.
    let other = browser.open_beside(page, "office", &at(&format!("/log/{app}"))).await;
    other.see("decision-page").await;
    page.click("enter-winding_down").await;
    page.fill("enter-reason", "The agency knows.").await;
    other.click("enter-winding_down").await;
    other.click("enter-submit").await;
    says(&other, "decision-now", "Winding down").await;
    page.click("enter-submit").await;
    says(page, "enter-refused", "has this status already").await;
    says(page, "decision-now", "Winding down").await;

    // A decision that does not exist, or does not hold, takes no place; the later one does.
    page.click("enter-superseded").await;
    assert_eq!(page.value("enter-successor").await, later.to_string(), "the later one that holds is at hand");
    page.fill("enter-successor", "400").await;
    page.click("enter-submit").await;
    says(page, "enter-refused", "number of a later one that holds").await;
    assert_eq!(page.value("enter-reason").await, "The agency knows.", "nothing is lost");
    page.fill("enter-successor", &later.to_string()).await;
    page.fill("enter-by", "Office of strategy").await;
    page.click("enter-submit").await;
    says(page, "decision-now", "Superseded").await;
    says(page, "decision-since", "The agency knows.").await;
    says(page, "decision-since", "says Office of strategy").await;
    page.see("decision-over").await;
    assert_eq!(page.count("decision-enter").await, 0);
    album.take(page, "decision-superseded").await;
    let shown = case.shop.api().get(&format!("/api/decisions/{app}"), KEY).await.expect(200).json();
    assert_eq!(shown["superseded_by"], json!(later));
    assert_eq!(shown["changes"].as_array().map(Vec::len), Some(3), "each was entered once: {shown}");

    // What goes against the room, and a record with everything in it.
    page.go_to(&at(&format!("/log/{}", number_of(case, "q=pledge").await))).await;
    says(page, "decision-against", "Against the room, which said stop").await;
    says(page, "decision-against", "The mayor was promised an answer").await;
    says(page, "decision-signed", "Only with the nurses' word.").await;
    says(page, "decision-dissent", "Nobody asked the hospital.").await;
    page.go_to(&at(&format!("/log/{}", number_of(case, "q=hospital").await))).await;
    for wanted in ["Renovate the old site", "Nurses' council", "All staff of the old site", "In force from"] {
        says(page, "decision-page", wanted).await;
    }
    album.take(page, "decision-move").await;
    page.go_to(&at("/log/4000")).await;
    page.read("no decision with this number").await;
    for page in [page, &other] {
        let troubles = page.troubles().await;
        // The browser's own word for what the server has refused.
        let ours = troubles.iter().filter(|line| !["409", "404"].iter().any(|status| line.contains(status)));
        assert_eq!(ours.collect::<Vec<_>>(), Vec::<&String>::new(), "{}", page.name);
    }
    album.close();
}

/// Names and texts that get lost on paper.
const HARD: [&str; 6] = [
    "“Quoted” 'name' <b>with</b> & markup",
    "=HYPERLINK(\"http://x\",\"y\")",
    "מים לכולם",
    "مشروع المياه",
    "水资源项目 프로젝트",
    "One-very-long-word-that-nothing-breaks-and-that-goes-on-and-on-until-no-column-of-any-table-on-any-paper-holds-it-any-more",
];

/// What paper shows of a text: no blanks, and no signs that a PDF has no letter for or that it joins.
fn on_sheets(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{ad}').collect()
}

/// Nothing lies beyond the sheets, and they are of that format.
fn lies_on(sheets: &[Sheet], format: &str, what: &str) -> String {
    let (width, height) = if format == "A4" { (595.0, 842.0) } else { (612.0, 792.0) };
    for (at, sheet) in sheets.iter().enumerate() {
        assert!(
            (sheet.width - width).abs() < 2.0 && (sheet.height - height).abs() < 2.0,
            "{what} on {format}: {} × {}",
            sheet.width,
            sheet.height
        );
        assert_eq!(sheet.lost, Vec::<String>::new(), "{what} on {format}, sheet {}", at + 1);
    }
    on_sheets(&sheets.iter().map(|sheet| sheet.text.as_str()).collect::<String>())
}

/// Every word of `text` stands there. Scripts from right to left stand in the order of their glyphs: of them each letter.
/// Chinese and Korean stand there as boxes without a letter where a machine has no font for them, and most servers have none:
/// of them only that they break nothing is looked at.
fn stands(paper: &str, text: &str, what: &str) {
    let needs_a_font = |word: &&str| word.chars().any(|c| ('\u{2e80}'..='\u{d7ff}').contains(&c));
    for word in text.split_whitespace().filter(|word| !needs_a_font(word)) {
        let rtl = word.chars().any(|c| ('\u{590}'..='\u{6ff}').contains(&c));
        let found = match rtl {
            true => word.chars().all(|c| paper.contains(c)),
            false => paper.contains(&on_sheets(word)),
        };
        assert!(found, "{what}: {word:?} of {:?} is not on paper", text.chars().take(60).collect::<String>());
    }
}

/// Both pages that are sent around, and a decision's own, on both papers.
async fn on_paper(case: &Undecided, page: &Page) {
    let named: Vec<Value> =
        HARD.iter().map(|name| json!({ "name": name, "owner": name, "cost": 1 })).collect();
    let session = begin(case, HARD[0], &json!(named)).await;
    let peer = facilitator(case, &session).await;
    // Each word once, so that none can be lost.
    let long: String = (0..1_250).map(|n| format!("w{n:05} ")).collect::<String>() + "\nthe end of it";
    assert!(long.len() > 8_000);
    for (id, name) in projects(case, &session).await {
        let fields = [("owner", name.clone()), ("measure", name.clone()), ("obstacles", name)];
        decide(&peer, id, "move", &long, &fields);
    }
    peer.saved().await;
    close(case, &session).await;
    let number = wait::until("the log has them", async || {
        let found = case.shop.api().get("/api/decisions?q=hyperlink", KEY).await.expect(200).json();
        found["items"][0]["number"].as_u64().ok_or_else(|| found.to_string())
    })
    .await;
    for format in ["A4", "Letter"] {
        for whom in ["office", "everyone"] {
            let path = format!("/api/decisions/export/decisions.html?for={whom}");
            let html = case.shop.api().get(&path, KEY).await.expect(200).text();
            let paper = lies_on(&page.print_document(&html, format).await, format, whom);
            for name in HARD {
                stands(&paper, name, whom);
            }
            stands(&paper, "Hydrogen Fund Priya Raman", whom);
            // The office's page says who does what by when; why, is on the other one.
            if whom == "everyone" {
                stands(&paper, &long, whom);
            }
            let private = paper.contains("Nobodyaskedthehospital");
            assert!(!private, "what was said unsigned is on no page that is sent around");
        }
        let path = format!("http://{}/log/{number}", case.shop.server.address());
        page.go_to(&path).await;
        page.see("decision-page").await;
        let paper = lies_on(&page.print(format).await, format, "a decision");
        stands(&paper, HARD[1], "a decision");
        stands(&paper, &long, "a decision");
        for part in ["What was promised", "What happened since", "How it came about", "Its place in the log"]
        {
            stands(&paper, part, "a decision");
        }
        for gone in ["Sessions", "Printthis", "Itsowneracceptsit", "Skiptothecontent"] {
            assert!(!paper.contains(gone), "{gone} is for the screen");
        }
    }
}

/// A byte of an entry is changed in the file: the page names the entry and says what to do, and the others stay readable.
async fn tampered(mut case: Undecided, page: &Page) {
    let mut album = Album::open();
    let museum = number_of(&case, "q=museum").await;
    case.shop.server.terminate().await;
    let said = b"Offer the collection to the city";
    let mut touched = 0;
    for entry in std::fs::read_dir(case.shop.server.data()).expect("the server has a folder").flatten() {
        let Ok(mut bytes) = std::fs::read(entry.path()) else { continue };
        let found: Vec<usize> =
            bytes.windows(said.len()).enumerate().filter(|(_, at)| at == said).map(|(at, _)| at).collect();
        for at in &found {
            bytes[*at + 6] = b'T';
        }
        if !found.is_empty() {
            std::fs::write(entry.path(), bytes).expect("it can be written");
            touched += found.len();
        }
    }
    assert!(touched > 0, "it stands in a file");
    case.shop.server.restart().await;
    let at = |path: &str| format!("http://{}{path}", case.shop.server.address());
    page.go_to(&at("/log")).await;
    says(page, "log-tampered", &format!("Entry {museum} is not what was written")).await;
    says(page, "log-tampered", "restore the log from a backup").await;
    assert_eq!(page.attribute("log-chain", "data-state").await, "tampered");
    assert_eq!(page.count("log-head").await, 0, "nobody is told to note the hash of such a log");
    says(page, "log-list", "Hydrogen Fund").await;
    album.take(page, "log-tampered").await;
    page.go_to(&at(&format!("/log/{museum}"))).await;
    page.read("is not what was written").await;
    page.go_to(&at(&format!("/log/{}", number_of(&case, "q=hospital").await))).await;
    page.see("decision-page").await;
    album.close();
}
