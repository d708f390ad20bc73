//! Pictures of what `pictures.rs` does not come by: what is on its way, what was refused, an open card that people write
//! in, and a board in use.

use plumbline_tests::{
    album::{Album, command, in_state, sample, sort, workspace},
    api::{Created, Joined},
    browser::{Browser, Page},
    line::Line,
    peer::Peer,
    server::Server,
    socket::Door,
    wait,
};
use serde_json::json;

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || shown.clone())
    })
    .await;
}

async fn joins(browser: &Browser, name: &str, url: &str) -> Page {
    let page = browser.open(name, url).await;
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("board").await;
    in_state(&page, "saved").await;
    page
}

/// Somebody's own link to the board, or to the wall.
fn own_link(server: &Server, session: &Created, page: &str, token: &str) -> String {
    format!("http://{}/{page}/{}#t={token}", server.address(), session.id)
}

/// Somebody who has sorted most of the board.
async fn sorted(server: &Server, session: &Created) -> (Joined, Peer) {
    let ben = server.api().join(&session.code, "Ben").await;
    let peer = Peer::join(&Door::new(server.address(), &session.id, &ben.token)).await;
    peer.synced().await;
    sort(&peer).await;
    (ben, peer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_what_is_on_its_way() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let session = sample(&server).await;

    let list = browser.open_held("list", &workspace(&server)).await;
    list.see("sessions-loading").await;
    album.take(&list, "workspace-loading").await;
    let making = browser.open_held("making", &workspace(&server)).await;
    making.see("sessions-loading").await;
    making.go_to(&format!("http://{}/new", server.address())).await;
    making.fill("session-title", "Budget round, autumn").await;
    making.click("source-sample").await;
    making.click("create-session").await;
    making.read("Making the session").await;
    album.take(&making, "new-session-making").await;
    let joining = browser.open_held("joining", &session.join_url).await;
    joining.fill("join-name", "Ana").await;
    joining.click("join-submit").await;
    joining.read("Joining").await;
    album.take(&joining, "join-joining").await;
    let board = browser.open_held("board", &session.facilitator_url).await;
    board.see("loading").await;
    album.take(&board, "board-loading").await;
    let wall = browser.open_held("wall", &session.wall_url).await;
    wall.see("loading").await;
    album.shoot(&wall, "wall-loading", true).await;
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_what_is_missing_or_refused() {
    let mut album = Album::open();
    let mut server = Server::start().await;
    let browser = Browser::start();
    let session = sample(&server).await;
    let api = server.api();
    let renew = async |what: &str| {
        let path = format!("/api/sessions/{}/rotate", session.id);
        let _ = api.post(&path, &session.facilitator_token, &json!({ "what": what })).await.expect(200);
    };

    let join = browser.open("join", &format!("http://{}/join", server.address())).await;
    join.see("join-submit").await;
    join.click("join-submit").await;
    join.read("Type your name").await;
    album.take(&join, "join-missing").await;
    let astray = browser.open("astray", &format!("http://{}/s/{}", server.address(), session.id)).await;
    astray.read("Join with a code").await;
    album.take(&astray, "board-without-a-place").await;

    // The link was renewed, the person taken out: what a page says that is not let in any more.
    let ana = api.join(&session.code, "Ana").await;
    let page = browser.open("renewed", &own_link(&server, &session, "s", &ana.token)).await;
    page.see("board").await;
    renew(&ana.participant_id).await;
    in_state(&page, "refused").await;
    album.take(&page, "board-not-admitted").await;
    let ben = joins(&browser, "Ben", &session.join_url).await;
    let held = api.board(&session.id, &session.facilitator_token).await;
    let roster = held["board"]["roster"].as_object().expect("the roster is a map");
    let who = roster.iter().find(|(_, person)| person["name"] == "Ben").expect("he has joined").0;
    let removed = json!({ "participant": who });
    command(&server, &session, &session.facilitator_token, "remove", removed).await;
    in_state(&ben, "refused").await;
    album.take(&ben, "board-removed").await;
    let wall = browser.open("wall", &session.wall_url).await;
    wall.see("wall").await;
    says(&wall, "wall", "63").await;
    renew("observer").await;
    wall.see("banner").await;
    album.shoot(&wall, "wall-not-admitted", true).await;

    // Somebody prepares: what is missing in what they typed, a file that cannot be read, a server that goes away.
    let fay = browser.open("fay", &workspace(&server)).await;
    fay.see("session").await;
    fay.click("new-session").await;
    fay.see("create-session").await;
    fay.click("create-session").await;
    fay.read("Give the session a title").await;
    album.take(&fay, "new-session-missing").await;
    fay.fill("session-title", "Budget round, autumn").await;
    fay.click("source-paste").await;
    fay.fill("portfolio-paste", "2021\t2022\n4\t5\n6\t7").await;
    fay.click("create-session").await;
    fay.see("import-check").await;
    album.take(&fay, "import-check-without-a-name").await;
    fay.click("import-back").await;
    fay.fill("portfolio-paste", "Project\tCost\nAngling\t1200\n\t30\nArchive\t12\nAngling\t5").await;
    fay.click("create-session").await;
    fay.see("import-check").await;
    fay.click("import-submit").await;
    fay.see("to-board").await;
    album.take(&fay, "new-session-ready").await;
    fay.go_to(&workspace(&server)).await;
    fay.see("session").await;
    fay.click("session-erase").await;
    fay.fill("erase-title", "Another title").await;
    album.take(&fay, "session-delete-other-title").await;
    fay.press(&["Escape"]).await;
    fay.click("new-session").await;
    fay.fill("session-title", "Budget round, autumn").await;
    fay.click("source-sample").await;
    server.kill9();
    fay.click("create-session").await;
    fay.see("create-problem").await;
    album.take(&fay, "new-session-server-away").await;
    fay.click("home").await;
    fay.read("Try again").await;
    album.take(&fay, "workspace-server-away").await;
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_an_open_card() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let session = sample(&server).await;
    let (ben, peer) = sorted(&server, &session).await;
    let fay = browser.open("Fay", &session.facilitator_url).await;
    let ana = joins(&browser, "Ana", &session.join_url).await;
    let cem = joins(&browser, "Cem", &session.join_url).await;
    let card = peer.piles().into_iter().find(|(_, pile)| pile == "off").expect("some are off strategy").0;
    for page in [&fay, &ana, &cem] {
        page.see("card").await;
        page.keys(&card, &["Enter"]).await;
        page.see("panel").await;
    }

    // Three write in one note, and one decides.
    ana.click("add-note").await;
    ana.see("note-text").await;
    ana.write("note-text", "Keeps two of my people busy, and nobody can say which goal it serves.").await;
    wait::until("the note is everybody's", async || {
        let held = cem.values("note-text").await.concat();
        wait::holds(held.ends_with("it serves."), || held.clone())
    })
    .await;
    cem.write_in_front("note-text", "Asked for in 2019. ").await;
    fay.click("verdict-stop").await;
    fay.fill("decision-owner", "Programme office").await;
    fay.press(&["Tab"]).await;
    fay.write("rationale", "Worth doing, and not ours. What it frees goes to the meters.").await;
    for page in [&fay, &ana] {
        page.see("caret").await;
    }
    says(&ana, "decision", "Programme office").await;
    album.take(&fay, "card-decided").await;
    album.take(&ana, "card-writing").await;

    // Asked by three, one of them on this page; told only together, at the close.
    for (who, why) in [(&ben.token, "It is older than the strategy."), (&session.facilitator_token, "")] {
        let flag = json!({ "project": card, "reason": why });
        command(&server, &session, who, "flag", flag).await;
    }
    ana.press(&["Escape"]).await;
    ana.press(&["f"]).await;
    ana.see("flag-reason").await;
    ana.press_text("Which pillar would miss it?").await;
    ana.press(&["Control+Enter"]).await;
    ana.see("own-flag").await;
    in_state(&ana, "saved").await;
    album.take(&ana, "card-own-question").await;
    command(&server, &session, &session.facilitator_token, "close", json!({})).await;
    says(&ana, "flag-count", "3 people").await;
    album.take(&ana, "card-closed").await;
    command(&server, &session, &session.facilitator_token, "resume", json!({})).await;
    says(&cem, "flag-count", "3 people").await;
    cem.click("flag-elsewhere").await;
    album.take(&cem, "card-questions").await;
    assert!(fay.troubles().await.is_empty() && cem.troubles().await.is_empty());
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_a_board_in_use() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let bare = server.api().create("An empty board").await;
    let early = joins(&browser, "Early", &bare.join_url).await;
    album.take(&early, "board-empty-for-participants").await;

    let session = sample(&server).await;
    let (_, peer) = sorted(&server, &session).await;
    let fay = browser.open("Fay", &session.facilitator_url).await;
    let line = Line::to(server.address()).await;
    let ana = joins(&browser, "Ana", &line.link(&session.join_url)).await;
    let piles = peer.piles();
    for page in [&fay, &ana] {
        wait::until("the board is there", async || {
            let shown = page.piles().await;
            wait::holds(shown == piles, || format!("{} cards", shown.len()))
        })
        .await;
    }
    let cards: Vec<&String> =
        piles.iter().filter(|(_, pile)| *pile == "unsorted").map(|(card, _)| card).collect();
    let off = "off".to_owned();

    // Found, and not found; the filter open, and in use.
    fay.click("filter").await;
    fay.see("choices").await;
    album.take(&fay, "filter-open").await;
    fay.choose("filter-pile", "", "off").await;
    fay.click("filter").await;
    album.take(&fay, "filter-in-use").await;
    fay.click("filter").await;
    fay.click("filter-clear").await;
    fay.fill("search", "no such project").await;
    fay.read("Nothing here matches").await;
    album.take(&fay, "search-nothing").await;
    fay.fill("search", "water").await;
    album.take(&fay, "search-found").await;
    fay.fill("search", "").await;
    fay.click("compact").await;
    album.take(&fay, "board-compact").await;
    fay.click("compact").await;
    fay.click("menu").await;
    album.take(&fay, "menu").await;
    fay.press(&["Escape"]).await;

    // A card in somebody's hand, and what its own page shows of it.
    ana.lift(cards[0], &off).await;
    fay.see("hovering").await;
    album.take(&fay, "board-others-hand").await;
    ana.press(&["Escape"]).await;
    ana.drop().await;
    fay.click("add-project").await;
    fay.see("project-name").await;
    fay.click("project-submit").await;
    fay.read("Give the project a name").await;
    album.take(&fay, "add-project").await;
    fay.press(&["Escape"]).await;

    // What went back, and why.
    line.cut();
    in_state(&ana, "offline").await;
    ana.keys(cards[0], &["1"]).await;
    command(&server, &session, &session.facilitator_token, "lock", json!({ "locked": true })).await;
    line.mend();
    ana.see("toast").await;
    // A note goes after ten seconds, and pictures take their time: it stays while somebody is at it.
    ana.focus_on("toast-dismiss").await;
    album.take(&ana, "board-taken-back").await;
    command(&server, &session, &session.facilitator_token, "lock", json!({ "locked": false })).await;

    // Who looks on; the wall without a connection, and closed; everything sorted.
    let guest = browser.open("guest", &own_link(&server, &session, "s", &session.observer_token)).await;
    guest.see("card").await;
    album.take(&guest, "board-looking-on").await;
    let order = plumbline_shared::order::between(None, None);
    for card in &cards {
        peer.place(card, &off, &order);
    }
    peer.saved().await;
    says(&fay, "board", "Everything is sorted").await;
    album.take(&fay, "board-sorted").await;
    let wall_line = Line::to(server.address()).await;
    let wall = browser.open("wall", &wall_line.link(&session.wall_url)).await;
    says(&wall, "wall", "63").await;
    wall_line.cut();
    wall.see("banner").await;
    album.shoot(&wall, "wall-offline", true).await;
    wall_line.mend();
    command(&server, &session, &session.facilitator_token, "close", json!({})).await;
    says(&wall, "banner", "closed").await;
    album.shoot(&wall, "wall-closed", true).await;
    says(&fay, "banner", "closed").await;
    album.take(&fay, "board-closed-for-facilitators").await;
    album.close();
}
