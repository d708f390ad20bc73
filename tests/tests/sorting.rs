//! A real portfolio, sorted by three people in three real browsers: by mouse, by finger, by keyboard.

use std::time::Duration;

use plumbline_tests::{
    browser::{Browser, Page},
    line::Line,
    picture::Piles,
    server::{KEY, Server},
    setting,
    stage::Stage,
    wait,
};

/// Flags are published so late that nobody is found out; twice the longest wait, for slow machines.
const PUBLISHED: Duration = Duration::from_secs(90);

async fn in_state(page: &Page, state: &str) {
    wait::until(&format!("{} says {state}", page.name), async || {
        let shown = page.attribute("status", "data-state").await;
        wait::holds(shown == state, || shown.clone())
    })
    .await;
}

/// Everybody sees `wanted` where it names something, and the same board otherwise. Gives that board.
async fn agree(pages: &[&Page], wanted: &Piles) -> Piles {
    wait::until("everybody sees the same board", async || {
        let board = pages[0].piles().await;
        for (project, pile) in wanted {
            let shown = board.get(project).map_or("nowhere", String::as_str);
            wait::holds(shown == pile, || format!("{project} is on {shown}, not on {pile}"))?;
        }
        for page in &pages[1..] {
            let shown = page.piles().await;
            wait::holds(shown == board, || {
                let other: Vec<_> =
                    board.iter().filter(|(id, pile)| shown.get(*id) != Some(pile)).take(5).collect();
                format!("{} shows {} cards; {other:?} stand elsewhere", page.name, shown.len())
            })?;
        }
        Ok(board)
    })
    .await
}

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

async fn join(page: &Page, name: &str) {
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("card").await;
    in_state(page, "saved").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_people_sort_a_real_portfolio_by_mouse_finger_and_keyboard() {
    let server = Server::start().await;
    let browser = Browser::start();

    // The facilitator prepares: a file, looked at before it comes, with one column mapped by hand, and pillars.
    let fay = browser.open("Fay", &format!("http://{}/#key={KEY}", server.address())).await;
    fay.click("new-session").await;
    fay.fill("session-title", "Major projects").await;
    fay.fill("facilitator-name", "Fay").await;
    fay.attach("portfolio-file", &setting::fixture("portfolios/gmpp-2022.csv")).await;
    fay.read("gmpp-2022.csv").await;
    fay.fill("pillars-lines", "Defend the realm\nNet zero\nHomes and places\nDigital state").await;
    // One open board, on which everybody places from the first minute.
    fay.click_one("template", "data-template", "").await;
    fay.click("create-session").await;
    fay.see("import-check").await;
    assert!(fay.text("import-outcome").await.contains("235 new"));
    fay.choose("column", "Department goes to", "Owner").await;
    says(&fay, "import-rows", "Owner").await;
    fay.click("import-submit").await;
    fay.see("to-board").await;
    fay.click("to-board").await;
    fay.see("card").await;

    // The others join: one by the code that is read aloud, one on a phone, and the wall looks on.
    let code = fay.text("code").await;
    let ana = browser.open("Ana", &format!("http://{}/join", server.address())).await;
    ana.fill("join-code", &code).await;
    join(&ana, "Ana").await;
    let ben = browser
        .open_phone("Ben", &format!("http://{}/join/{}", server.address(), code.replace(' ', "")))
        .await;
    join(&ben, "Ben").await;
    fay.click("share").await;
    fay.see("share-panel").await;
    let wall = fay.value("observer-link").await;
    fay.press(&["Escape"]).await;
    let wall = browser.open("Wall", &wall).await;
    wall.see("wall").await;

    let everybody = [&fay, &ana, &ben];
    let start = agree(&everybody, &Piles::new()).await;
    assert_eq!(start.len(), 235);
    assert!(start.values().all(|pile| pile == "unsorted"));
    let cards: Vec<&String> = start.keys().collect();
    let pillars: Vec<String> =
        fay.attributes("pile", "data-pile").await.into_iter().filter(|pile| pile.len() == 36).collect();
    assert_eq!(pillars.len(), 4);

    // Everybody places: by mouse, by finger, by keyboard.
    let mut wanted = Piles::new();
    let mut place = |card: &str, pile: &str| wanted.insert(card.to_owned(), pile.to_owned());
    fay.drag(cards[0], &pillars[0]).await;
    place(cards[0], &pillars[0]);
    // A finger is aimed at what it sees: the cards below have moved up by then.
    agree(&everybody, &[(cards[0].clone(), pillars[0].clone())].into()).await;
    ben.touch(cards[1], "off").await;
    place(cards[1], "off");
    ana.keys(cards[2], &["2"]).await;
    place(cards[2], &pillars[1]);
    ana.keys(cards[3], &["0"]).await;
    place(cards[3], "off");
    agree(&everybody, &wanted).await;
    says(&wall, "wall", "235").await;

    // One takes back the last thing that she did, and nothing of the others'.
    ana.click("undo").await;
    wanted.insert(cards[3].clone(), "unsorted".to_owned());
    agree(&everybody, &wanted).await;

    // A note that all read, a question that nobody signed, a verdict by who may give one.
    ana.click_card(cards[1], &[]).await;
    ana.click("add-note").await;
    ana.write("note-text", "Nobody can say which goal it serves.").await;
    fay.click_card(cards[1], &[]).await;
    wait::until("the facilitator reads the note", async || {
        let shown = fay.value("note-text").await;
        wait::holds(shown == "Nobody can say which goal it serves.", || shown.clone())
    })
    .await;
    fay.click("verdict-stop").await;
    fay.fill("decision-owner", "Programme office").await;
    fay.press(&["Tab"]).await;
    says(&ana, "decision", "Programme office").await;
    ana.click("flag").await;
    ana.fill("flag-reason", "It is older than the strategy.").await;
    ana.click("flag-submit").await;
    says(&ana, "own-flag", "It is older than the strategy.").await;
    wait::until_within(PUBLISHED, "the question is on the board, unsigned", async || {
        let count = fay.count("flag-count").await;
        wait::holds(count == 1, || format!("{count}"))
    })
    .await;
    says(&fay, "hobby", "It is older than the strategy.").await;
    assert!(!fay.text("hobby").await.contains("Ana"), "nobody is named");

    agree(&everybody, &wanted).await;
    for page in [&fay, &ana, &ben, &wall] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_cut_off_reloads_and_comes_back_after_a_restart_has_lost_nothing() {
    let mut stage = Stage::with_portfolio().await;
    let pillars = stage.pillars_in_order().await;
    let browser = Browser::start();
    let line = Line::to(stage.server.address()).await;
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("card").await;
    in_state(&fay, "saved").await;
    let ben = browser.open_phone("Ben", &stage.session.join_url).await;
    join(&ben, "Ben").await;
    let ana = browser.open("Ana", &line.link(&stage.session.join_url)).await;
    join(&ana, "Ana").await;
    let cards = stage.projects.clone();
    let mut wanted = Piles::new();

    line.cut();
    in_state(&ana, "offline").await;
    for (n, card) in cards[..3].iter().enumerate() {
        ana.keys(card, &[&(n + 1).to_string()]).await;
        wanted.insert(card.clone(), pillars[n].clone());
    }
    wait::until("the page counts what is not sent", async || {
        let unsent = ana.attribute("status", "data-unsent").await;
        wait::holds(unsent == "3", || unsent.clone())
    })
    .await;
    // The others go on meanwhile.
    fay.keys(&cards[10], &["0"]).await;
    wanted.insert(cards[10].clone(), "off".to_owned());
    agree(&[&fay, &ben], &[(cards[10].clone(), "off".to_owned())].into()).await;
    ben.touch(&cards[11], "off").await;
    wanted.insert(cards[11].clone(), "off".to_owned());
    agree(&[&fay, &ben], &[(cards[11].clone(), "off".to_owned())].into()).await;

    ana.reload_in_vain().await;
    stage.server.kill9();
    stage.server.restart().await;
    line.mend();
    ana.reload().await;
    for page in [&fay, &ben, &ana] {
        in_state(page, "saved").await;
    }
    let board = agree(&[&fay, &ben, &ana], &wanted).await;
    assert_eq!(board.len(), 235, "nothing is there twice");
    assert_eq!(board.values().filter(|pile| *pile != "unsorted").count(), wanted.len());
}
