//! A session from its making to a verdict by keyboard alone: no mouse, no finger.

use plumbline_tests::{
    browser::{Browser, Page},
    server::{KEY, Server},
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
