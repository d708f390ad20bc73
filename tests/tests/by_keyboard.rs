//! A session from its making to a verdict by keyboard alone: no mouse, no finger.

use plumbline_tests::{
    browser::{Browser, Page},
    server::{KEY, Server},
    stage::Stage,
    wait,
};

/// Presses Tab until the focus is on `what`.
async fn tab_to(page: &Page, what: &str) {
    let mut passed = Vec::new();
    for _ in 0..80 {
        if page.focus().await == what {
            return;
        }
        passed.push(page.focus().await);
        page.press(&["Tab"]).await;
    }
    panic!("Tab does not lead {} to {what}; it leads over {passed:?}", page.name);
}

async fn in_focus(page: &Page, what: &str) {
    wait::until(&format!("the keys of {} go to {what}", page.name), async || {
        let focus = page.focus().await;
        wait::holds(focus == what, || focus.clone())
    })
    .await;
}

async fn write(page: &Page, into: &str, text: &str) {
    tab_to(page, into).await;
    page.press_text(text).await;
}

async fn press_on(page: &Page, what: &str, key: &str) {
    page.see(what).await;
    tab_to(page, what).await;
    page.press(&[key]).await;
}

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_made_sorted_and_decided_by_keyboard_alone() {
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &format!("http://{}/#key={KEY}", server.address())).await;
    press_on(&fay, "new-session", "Enter").await;
    fay.see("session-title").await;
    write(&fay, "session-title", "By keyboard").await;
    // One of a group of choices is left for the next by the arrow keys.
    tab_to(&fay, "source-file").await;
    fay.press(&["ArrowRight", "ArrowRight"]).await;
    assert_eq!(fay.focus().await, "source-sample");
    press_on(&fay, "create-session", "Enter").await;
    press_on(&fay, "to-board", "Enter").await;
    fay.see("card").await;

    // To the first card, along the cards, and onto a pillar.
    tab_to(&fay, "card").await;
    fay.press(&["1"]).await;
    wait::until("a card is on the first pillar", async || {
        let sorted = fay.piles().await.values().filter(|pile| *pile != "unsorted").count();
        wait::holds(sorted == 1, || format!("{sorted} are sorted"))
    })
    .await;
    says(&fay, "spoken", "placed").await;
    fay.press(&["Control+z"]).await;
    wait::until("it is back", async || {
        let sorted = fay.piles().await.values().filter(|pile| *pile != "unsorted").count();
        wait::holds(sorted == 0, || format!("{sorted} are sorted"))
    })
    .await;

    // The open card: a question, a verdict, an owner, a note.
    fay.press(&["ArrowRight", "Enter"]).await;
    fay.see("panel").await;
    press_on(&fay, "flag", "Enter").await;
    in_focus(&fay, "flag-reason").await;
    fay.press_text("Whose goal is it?").await;
    press_on(&fay, "flag-submit", "Enter").await;
    says(&fay, "own-flag", "Whose goal is it?").await;
    press_on(&fay, "verdict-wait", "Enter").await;
    write(&fay, "decision-owner", "Programme office").await;
    fay.press(&["Tab"]).await;
    press_on(&fay, "add-note", "Enter").await;
    in_focus(&fay, "note-text").await;
    fay.press_text("Until the audit is done.").await;
    says(&fay, "status", "Saved").await;
    assert_eq!(fay.attribute("verdict-wait", "aria-pressed").await, "true");
    assert_eq!(fay.value("note-text").await, "Until the audit is done.");
    press_on(&fay, "panel-close", "Enter").await;

    // The dialogs give the focus back to where they were opened.
    press_on(&fay, "share", "Enter").await;
    fay.see("share-panel").await;
    fay.press(&["Escape"]).await;
    in_focus(&fay, "share").await;
    press_on(&fay, "lock", "Enter").await;
    wait::until("the board is locked", async || {
        let pressed = fay.attribute("lock", "aria-pressed").await;
        wait::holds(pressed == "true", || pressed.clone())
    })
    .await;
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

/// The cards of a pile lie in this order on every page.
async fn lie(pages: &[&Page], pile: &str, wanted: &[&String]) {
    for page in pages {
        wait::until(&format!("the cards lie in their order for {}", page.name), async || {
            let piles = page.piles().await;
            let all = page.attributes("card", "data-project").await;
            let here: Vec<&String> =
                all.iter().filter(|id| piles.get(*id).is_some_and(|on| on == pile)).collect();
            wait::holds(here == wanted, || format!("{here:?}, not {wanted:?}"))
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cards_are_shifted_within_their_pile_by_keys_and_by_buttons() {
    let stage = Stage::with_projects(8).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    let ana = browser.open("Ana", &stage.session.join_url).await;
    ana.fill("join-name", "Ana").await;
    ana.click("join-submit").await;
    for page in [&fay, &ana] {
        page.see("card").await;
        says(page, "status", "Saved").await;
    }
    let pages = [&fay, &ana];
    let card: Vec<&String> = stage.projects.iter().collect();
    let pillar = &stage.pillars_in_order().await[0];
    for at in [0, 1, 2, 3] {
        ana.keys(card[at], &["1"]).await;
    }
    lie(&pages, pillar, &[card[0], card[1], card[2], card[3]]).await;

    // One card, one place; the keys stay with it, and everybody hears where it is.
    ana.keys(card[3], &["Alt+ArrowUp", "Alt+ArrowUp"]).await;
    lie(&pages, pillar, &[card[0], card[3], card[1], card[2]]).await;
    says(&ana, "spoken", "Project 004 is now 2 of 4 on Defend the realm.").await;
    in_focus(&ana, "card").await;
    ana.press(&["Alt+ArrowDown"]).await;
    lie(&pages, pillar, &[card[0], card[1], card[3], card[2]]).await;

    // Several go as one, and come back as one.
    ana.keys(card[2], &["x"]).await;
    ana.keys(card[1], &["x", "Alt+ArrowUp"]).await;
    lie(&pages, pillar, &[card[1], card[2], card[0], card[3]]).await;
    says(&ana, "spoken", "2 cards are now 1 to 2 of 4 on Defend the realm.").await;
    ana.press(&["Alt+ArrowUp"]).await;
    says(&ana, "spoken", "At the top already.").await;
    ana.press(&["Control+z"]).await;
    lie(&pages, pillar, &[card[0], card[1], card[3], card[2]]).await;
    ana.press(&["Escape"]).await;

    // What is not shown is stepped over.
    ana.fill("search", "Project 003").await;
    ana.press(&["Enter", "Alt+ArrowUp"]).await;
    says(&ana, "spoken", "At the top already.").await;
    ana.fill("search", "").await;
    lie(&pages, pillar, &[card[0], card[1], card[3], card[2]]).await;

    // The unsorted have no order of their own.
    ana.keys(card[5], &["Alt+ArrowDown"]).await;
    ana.read("The unsorted cards have no order of their own.").await;

    // By the open card's buttons, which keep the focus to be pressed again.
    fay.keys(card[2], &["Enter"]).await;
    says(&fay, "shift-at", "4 of 4").await;
    press_on(&fay, "shift-top", "Enter").await;
    lie(&pages, pillar, &[card[2], card[0], card[1], card[3]]).await;
    in_focus(&fay, "shift-top").await;
    press_on(&fay, "shift-down", "Enter").await;
    fay.press(&["Enter"]).await;
    lie(&pages, pillar, &[card[0], card[1], card[2], card[3]]).await;
    says(&fay, "shift-at", "3 of 4").await;
    fay.click("shift-end").await;
    lie(&pages, pillar, &[card[0], card[1], card[3], card[2]]).await;
    fay.click("shift-up").await;
    says(&fay, "shift-at", "3 of 4").await;

    // A locked board says no, and why; and all keys are listed.
    fay.click("lock").await;
    ana.see("banner").await;
    ana.keys(card[0], &["Alt+ArrowDown"]).await;
    says(&ana, "toast", "locked").await;
    lie(&pages, pillar, &[card[0], card[1], card[2], card[3]]).await;
    ana.press(&["?"]).await;
    ana.read("Shift the selected cards one place up or down in their pile").await;
    for page in pages {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arrow_keys_alone_give_nobody_a_role_and_merge_nobody() {
    let stage = Stage::with_projects(1).await;
    for name in ["Ana", "Ben"] {
        stage.join(name).await;
    }
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    press_on(&fay, "menu", "Enter").await;
    press_on(&fay, "menu-people", "Enter").await;
    fay.see("people").await;
    let roles = async || fay.attributes("person", "data-role").await;
    let before = roles().await;
    assert_eq!(before, ["facilitator", "participant", "participant"]);
    // The second of them: Ana.
    tab_to(&fay, "person").await;
    fay.press(&["Tab", "Enter"]).await;
    fay.see("person-form").await;
    tab_to(&fay, "person-role").await;
    // Through the whole list and back by two.
    fay.press(&["ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"]).await;
    says(&fay, "person-role-submit", "Make scribe").await;
    tab_to(&fay, "person-same").await;
    fay.press(&["ArrowDown", "ArrowDown"]).await;
    assert_eq!(fay.count("person-sure").await, 0, "nobody was asked for");
    let board = stage.api().board(&stage.session.id, &stage.session.facilitator_token).await;
    let held: Vec<&str> = board["board"]["roster"]
        .as_object()
        .expect("a roster")
        .values()
        .filter_map(|person| person["role"].as_str())
        .collect();
    assert_eq!(held.iter().filter(|role| **role == "participant").count(), 2, "{held:?}");
    assert_eq!(roles().await, before);

    // The buttons do it.
    fay.press(&["Tab", "Enter"]).await;
    in_focus(&fay, "person-sure").await;
    fay.press(&["Tab", "Enter"]).await;
    in_focus(&fay, "person-same-submit").await;
    fay.press(&["Shift+Tab", "Shift+Tab"]).await;
    in_focus(&fay, "person-role-submit").await;
    fay.press(&["Enter"]).await;
    wait::until("Ana is scribe", async || {
        let now = roles().await;
        wait::holds(now == ["facilitator", "scribe", "participant"], || format!("{now:?}"))
    })
    .await;
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}
