//! Every screen and state, as pictures at every size and in both themes, each held to axe-core's rules.
//!
//! `cargo xtask pictures` puts them into `docs/pictures`; any other run takes them too, and throws them away.

use plumbline_tests::{
    album::{Album, in_state, sample, sort, workspace},
    browser::{Browser, Page},
    line::Line,
    peer::Peer,
    rounds::Rounds,
    server::{KEY, Server},
    setting,
    socket::Door,
    undecided::{CLOSE, COMMIT, DECIDE, Undecided},
    wait,
};
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_before_the_session() {
    let mut album = Album::open();
    let mut server = Server::start().await;
    let browser = Browser::start();

    let stranger = browser.open("stranger", &format!("http://{}/", server.address())).await;
    stranger.read("Join with a code").await;
    album.take(&stranger, "workspace-without-key").await;
    let astray = browser.open("astray", &format!("http://{}/no/such/page", server.address())).await;
    astray.read("Join with a code").await;
    album.take(&astray, "no-such-page").await;
    let wrong =
        browser.open("wrong", &format!("http://{}/#key=pw_{}", server.address(), "A".repeat(43))).await;
    wrong.read("Join with a code").await;
    album.take(&wrong, "workspace-wrong-key").await;

    let fay = browser.open("fay", &workspace(&server)).await;
    fay.see("new-session").await;
    album.take(&fay, "workspace-empty").await;
    let session = sample(&server).await;
    server.api().create("Budget round, spring").await;
    fay.reload().await;
    fay.see("session").await;
    album.take(&fay, "workspace").await;
    fay.click("session-erase").await;
    fay.see("erase-title").await;
    album.take(&fay, "session-delete").await;
    fay.press(&["Escape"]).await;
    fay.click("new-session").await;
    fay.see("create-session").await;
    album.take(&fay, "new-session").await;
    fay.fill("session-title", "Budget round, autumn").await;
    fay.click("pillars-template").await;
    fay.click("pillar").await;
    fay.see("pillar-name").await;
    album.take(&fay, "new-session-pillars").await;
    fay.attach("portfolio-file", &setting::fixture("portfolios/gmpp-2022.csv")).await;
    fay.read("gmpp-2022.csv").await;
    fay.click("create-session").await;
    fay.see("import-check").await;
    album.take(&fay, "import-check").await;

    let join = browser.open("join", &format!("http://{}/join", server.address())).await;
    join.see("join-submit").await;
    album.take(&join, "join").await;
    join.fill("join-code", "AAAA-AAAA").await;
    join.fill("join-name", "Ana").await;
    join.click("join-submit").await;
    join.see("join-error").await;
    album.take(&join, "join-wrong-code").await;
    let invited = browser.open("invited", &session.join_url).await;
    invited.see("join-name").await;
    album.take(&invited, "join-by-link").await;
    let again = browser.open("again", &session.join_url).await;
    again.fill("join-name", "Ben").await;
    again.click("join-submit").await;
    again.see("board").await;
    again.go_to(&session.join_url).await;
    again.see("come-again").await;
    album.take(&again, "join-again").await;

    server.kill9();
    invited.fill("join-name", "Ana").await;
    invited.click("join-submit").await;
    invited.see("join-error").await;
    album.take(&invited, "join-server-away").await;
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_the_board_and_the_wall() {
    let mut album = Album::open();
    let mut server = Server::start().await;
    let browser = Browser::start();
    let bare = server.api().create("An empty board").await;
    let fay = browser.open("fay-bare", &bare.facilitator_url).await;
    fay.see("board").await;
    album.take(&fay, "board-empty").await;
    let wall = browser.open("wall-bare", &bare.wall_url).await;
    wall.see("wall").await;
    album.shoot(&wall, "wall-empty", true).await;

    let session = sample(&server).await;
    let fay = browser.open("fay", &session.facilitator_url).await;
    let line = Line::to(server.address()).await;
    let ana = browser.open("ana", &line.link(&session.join_url)).await;
    ana.fill("join-name", "Ana").await;
    ana.click("join-submit").await;
    for page in [&fay, &ana] {
        page.see("board").await;
        in_state(page, "saved").await;
    }
    album.take(&fay, "board-unsorted").await;
    fay.click("share").await;
    fay.see("share-panel").await;
    album.take(&fay, "share").await;
    fay.click("personal-link-make").await;
    fay.see("personal-link").await;
    album.take(&fay, "share-own-device").await;
    fay.press(&["Escape"]).await;
    fay.click("menu").await;
    fay.click("menu-people").await;
    fay.see("people").await;
    fay.click("person").await;
    fay.see("person-form").await;
    album.take(&fay, "people").await;
    fay.press(&["Escape"]).await;
    fay.click("menu").await;
    fay.click("menu-pillars").await;
    fay.click("pillar").await;
    fay.see("pillar-name").await;
    album.take(&fay, "pillars").await;
    fay.press(&["Escape"]).await;
    fay.click("menu").await;
    fay.click("menu-import").await;
    fay.see("portfolio-file").await;
    album.take(&fay, "import").await;
    fay.press(&["Escape"]).await;
    let wall = browser.open("wall", &session.wall_url).await;
    wall.see("wall").await;
    album.shoot(&wall, "wall-gathering", true).await;

    let ben = server.api().join(&session.code, "Ben").await;
    let ben = Peer::join(&Door::new(server.address(), &session.id, &ben.token)).await;
    ben.synced().await;
    sort(&ben).await;
    let sorted = ben.piles();
    for page in [&fay, &ana] {
        wait::until("the page shows what was sorted", async || {
            let shown = page.piles().await;
            wait::holds(shown == sorted, || format!("{} cards", shown.len()))
        })
        .await;
    }
    album.take(&fay, "board").await;
    album.shoot(&wall, "wall", true).await;
    fay.press(&["?"]).await;
    fay.read("Go from card to card").await;
    album.take(&fay, "keys").await;
    fay.press(&["Escape"]).await;
    let card = sorted.keys().next().expect("the sample has projects");
    ana.keys(card, &["Enter"]).await;
    ana.see("panel").await;
    album.take(&ana, "card").await;
    ana.press(&["f"]).await;
    ana.see("flag-reason").await;
    album.take(&ana, "card-hobby").await;
    ana.press(&["Escape", "Escape"]).await;
    for card in sorted.keys().take(3) {
        fay.click_card(card, &["Control"]).await;
    }
    fay.see("selection-bar").await;
    album.take(&fay, "board-selection").await;
    fay.press(&["Escape"]).await;

    fay.click("lock").await;
    ana.see("banner").await;
    album.take(&ana, "board-locked").await;
    fay.click("lock").await;
    line.cut();
    ana.keys(card, &["1"]).await;
    in_state(&ana, "offline").await;
    album.take(&ana, "board-offline").await;
    line.mend();
    in_state(&ana, "saved").await;
    let (commands, token) = (format!("/api/sessions/{}/commands", session.id), &session.facilitator_token);
    let seen = server.api().board(&session.id, token).await["board"]["session"].clone();
    let seen = json!({ "step": seen["step"], "round": seen["round"].as_f64().unwrap_or(1.0) as u64 });
    let close = json!({ "id": Uuid::now_v7(), "type": "close", "seen": seen });
    assert_eq!(server.api().post(&commands, token, &close).await.status, 200);
    wait::until("the page says that the session is closed", async || {
        let tone = ana.attribute("banner", "data-tone").await;
        let says = ana.text("banner").await;
        wait::holds(says.contains("closed"), || format!("{tone}: {says}"))
    })
    .await;
    album.take(&ana, "board-closed").await;
    let path = format!("/api/sessions/{}", session.id);
    assert_eq!(server.api().call("DELETE", &path, KEY, &[], "").await.status / 100, 2);
    in_state(&ana, "refused").await;
    album.take(&ana, "board-deleted").await;
    let fay = browser.open("fay-away", &bare.facilitator_url).await;
    fay.see("board").await;
    in_state(&fay, "saved").await;
    server.kill9();
    in_state(&fay, "offline").await;
    album.take(&fay, "board-server-away").await;
    album.close();
}

/// Somebody joins by the link.
async fn join(browser: &Browser, name: &str, link: &str) -> Page {
    let page = browser.open(name, link).await;
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("board").await;
    page
}

/// A page that reads the promise and begins.
async fn begin(page: &Page) {
    page.see("promise").await;
    page.click("promise-begin").await;
    page.see("ballot").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_sorting_alone() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let session = sample(&server).await;
    let rounds = Rounds::of(server.api(), &session);
    rounds.enter("Olga").await;
    let sort = rounds.ask("Sort alone", "placement", &[]).await;
    let line = Line::to(server.address()).await;
    let fay = browser.open("fay", &session.facilitator_url).await;
    fay.see("board").await;
    let mira = join(&browser, "Mira", &line.link(&session.join_url)).await;
    // A sponsor of the sample, who sits out on their own.
    let sponsor = join(&browser, "Customer Director", &session.join_url).await;
    let guest = browser.open("guest", &session.wall_url.replace("/wall/", "/s/")).await;

    rounds.go_to(&sort).await;
    mira.see("ballot-waits").await;
    album.take(&mira, "ballot-waits").await;
    rounds.open().await;
    mira.see("promise").await;
    album.take(&mira, "ballot-promise").await;
    for page in [&mira, &sponsor] {
        begin(page).await;
    }
    album.take(&mira, "ballot-card").await;
    mira.press(&["1", "0", "u", "3", "5", "ArrowLeft"]).await;
    album.take(&mira, "ballot-card-answered").await;
    mira.click("ballot-as-list").await;
    album.take(&mira, "ballot-list").await;
    mira.click("ballot-as-cards").await;
    line.cut();
    in_state(&mira, "offline").await;
    mira.press(&["ArrowRight", "2", "2"]).await;
    album.take(&mira, "ballot-offline").await;
    line.mend();
    in_state(&mira, "saved").await;
    mira.click("ballot-end").await;
    mira.see("review").await;
    album.take(&mira, "ballot-review").await;
    sponsor.click("ballot-end").await;
    sponsor.press(&["ArrowLeft"]).await;
    sponsor.see("sits-out").await;
    album.take(&sponsor, "ballot-sits-out").await;
    fay.see("ballot-overview").await;
    album.take(&fay, "ballot-overview").await;
    fay.click("paper-open").await;
    fay.see("paper-form").await;
    album.take(&fay, "ballot-paper").await;
    fay.press(&["Escape"]).await;
    guest.see("ballot-looks-on").await;
    album.take(&guest, "ballot-looks-on").await;
    line.cut();
    in_state(&mira, "offline").await;
    mira.click("answer-left").await;
    mira.press(&["1"]).await;
    rounds.seal().await;
    line.mend();
    mira.see("too-late").await;
    album.take(&mira, "ballot-sealed").await;
    mira.click("second-person").await;
    mira.see("cover-stay").await;
    album.take(&mira, "ballot-hand-over").await;
    mira.click("cover-stay").await;
    mira.see("cover").await;
    album.take(&mira, "ballot-cover").await;
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_the_other_questions() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let session = sample(&server).await;
    let rounds = Rounds::of(server.api(), &session);
    let all = ("subjects", "all");
    let statements = [
        ("subjects", "statements"),
        ("lowest", "1"),
        ("statement", "I know why we are changing"),
        ("statement", "I know what to do on Monday"),
    ];
    let asked = [
        ("hobby", rounds.ask("Four questions", "hobby", &[all]).await),
        ("verdict", rounds.ask("Verdict", "verdict", &[all]).await),
        ("dots", rounds.ask("Order the moves", "dots", &[all, ("budget", "7"), ("cap", "3")]).await),
        ("fist", rounds.ask("Confidence", "scale", &[]).await),
        ("pulse", rounds.ask("Pulse", "scale", &statements).await),
        ("text", rounds.ask("What it means", "text", &[("subjects", "pillars")]).await),
    ];
    let mira = join(&browser, "Mira", &session.join_url).await;
    for (n, (name, step)) in asked.iter().enumerate() {
        rounds.go_to(step).await;
        rounds.open().await;
        if n == 0 {
            begin(&mira).await;
        }
        match *name {
            "hobby" => {
                mira.see("claim").await;
                mira.press(&["3", "4"]).await;
                mira.see("source-required").await;
            }
            "verdict" => mira.read("Put people and money behind it now").await,
            "dots" => {
                mira.click("dot-more").await;
                mira.press(&["+", "+", "+"]).await;
                mira.read("the most for one").await;
            }
            "fist" => {
                mira.click_one("scale", "data-number", "4").await;
                mira.click("done").await;
                mira.see("not-done").await;
            }
            "pulse" => mira.read("I know what to do on Monday").await,
            _ => mira.fill("writing", "That nobody has to ask twice.").await,
        }
        album.take(&mira, &format!("ballot-{name}")).await;
        rounds.seal().await;
        mira.see("ballot-sealed").await;
        rounds.reveal().await;
    }
    rounds.give(json!({ "type": "close" })).await;
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_deciding() {
    let mut album = Album::open();
    let case = Undecided::prepare().await;
    let browser = Browser::start();
    let fay = case.facilitator(&browser).await;
    let ben = case.member(&browser, "ben", 1).await;
    case.shop.go_to(DECIDE).await;
    fay.choose_row(case.pledge).await;
    fay.click("verdict-move").await;
    fay.see("decision-override").await;
    fay.fill("decision-override", "It is promised in public.").await;
    fay.press(&["Tab"]).await;
    in_state(&fay, "saved").await;
    album.take(&fay, "decide-against").await;
    ben.choose_row(case.pledge).await;
    ben.read("It is promised in public.").await;
    album.take(&ben, "decide-looking-on").await;
    fay.click("decide-agreed").await;
    fay.see("decide-agreed-undo").await;
    fay.choose_row(case.loyalty).await;
    fay.click("verdict-stop").await;
    fay.fill("decision-owner", "Lena Fuchs").await;
    fay.fill("decision-ends", "2099-03-31").await;
    fay.press(&["Tab"]).await;
    in_state(&fay, "saved").await;
    album.take(&fay, "decide").await;

    case.shop.open(COMMIT).await;
    ben.see("commit").await;
    ben.write("dissent-text", "Nobody asked the hospital.").await;
    ben.click("dissent-send").await;
    ben.see("own-dissent").await;
    album.take(&ben, "commit-private").await;
    case.shop.answer(COMMIT, |member, _| Some(json!({ "scale": member.min(5) }))).await;
    case.shop.reveal().await;
    for member in [0, 2, 3] {
        let carry = json!({ "type": "sign", "about": "session", "stance": "carry" });
        case.shop.tell(&case.shop.room[member].token, carry).await;
    }
    ben.click("sign-decline").await;
    ben.write("sign-reason", "Not without the hospital.").await;
    ben.click("sign-submit").await;
    ben.read("Not without the hospital.").await;
    album.take(&ben, "commit-public").await;

    case.shop.go_to(CLOSE).await;
    fay.see("close-session").await;
    album.take(&fay, "close").await;
    fay.click("close-session").await;
    fay.see("close-sure").await;
    album.take(&fay, "close-sure").await;
    fay.click("close-yes").await;
    fay.see("reopen").await;
    album.take(&fay, "closed").await;
    let (server, session) = (case.shop.server.address(), &case.shop.session.id);
    fay.go_to(&format!("http://{server}/s/{session}/print")).await;
    fay.see("print-join").await;
    album.take(&fay, "print").await;
    album.close();
}
