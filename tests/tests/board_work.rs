//! What everybody does on the board, in a real browser: write together, pick and drag, decide, ask, take back.

use plumbline_tests::{
    browser::{Browser, Page},
    stage::Stage,
    wait,
};

/// A board of thirty projects, a facilitator's page and a participant's.
struct Room {
    stage: Stage,
    browser: Browser,
    fay: Page,
    ana: Page,
}

impl Room {
    async fn open() -> Self {
        let stage = Stage::with_projects(30).await;
        let browser = Browser::start();
        let fay = browser.open("Fay", &stage.session.facilitator_url).await;
        let ana = browser.open("Ana", &stage.session.join_url).await;
        ana.fill("join-name", "Ana").await;
        ana.click("join-submit").await;
        for page in [&fay, &ana] {
            page.see("card").await;
            says(page, "status", "Saved").await;
        }
        Self { stage, browser, fay, ana }
    }

    fn both(&self) -> [&Page; 2] {
        [&self.fay, &self.ana]
    }

    async fn without_trouble(&self) {
        for page in self.both() {
            assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
        }
    }
}

/// Waits until `what` says `wanted` somewhere.
async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// Waits until a field holds `wanted` on every page.
async fn holds(pages: &[&Page], field: &str, wanted: &str) {
    for page in pages {
        wait::until(&format!("{field} holds {wanted:?} for {}", page.name), async || {
            let shown = page.value(field).await;
            wait::holds(shown == wanted, || format!("it holds {shown:?}"))
        })
        .await;
    }
}

/// Waits until a card lies on `pile` on every page.
async fn lies_on(pages: &[&Page], project: &str, pile: &str) {
    for page in pages {
        wait::until(&format!("{project} lies on {pile} for {}", page.name), async || {
            let piles = page.piles().await;
            wait::holds(piles.get(project).is_some_and(|on| on == pile), || {
                format!("{:?}", piles.get(project))
            })
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_write_one_note_and_each_takes_back_only_their_own() {
    let room = Room::open().await;
    let card = &room.stage.projects[3];
    for page in room.both() {
        page.click_card(card, &[]).await;
        page.see("panel").await;
    }
    room.ana.click("add-note").await;
    room.ana.see("note-text").await;
    room.ana.write("note-text", "two of my people").await;
    holds(&room.both(), "note-text", "two of my people").await;

    // One writes in front of the other, who goes on at the end.
    room.fay.write_in_front("note-text", "Keeps ").await;
    room.ana.press_text(" busy").await;
    holds(&room.both(), "note-text", "Keeps two of my people busy").await;
    for page in room.both() {
        page.see("caret").await;
    }
    assert_eq!(room.fay.attribute("caret", "data-name").await, "Ana");

    // Taking back takes one's own, wherever the other has written meanwhile.
    room.fay.press(&["Control+z"]).await;
    holds(&room.both(), "note-text", "two of my people busy").await;
    room.fay.press(&["Control+Shift+z"]).await;
    holds(&room.both(), "note-text", "Keeps two of my people busy").await;
    room.without_trouble().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_is_kept_by_who_decides_and_read_by_all() {
    let room = Room::open().await;
    let card = &room.stage.projects[0];
    for page in room.both() {
        page.click_card(card, &[]).await;
        page.see("decision").await;
    }
    says(&room.ana, "decision-denied", "Only a facilitator, the scribe or the decider").await;
    assert!(room.ana.is_disabled("verdict-stop").await, "who does not decide cannot press");

    room.fay.click("verdict-stop").await;
    room.fay.fill("decision-owner", "Anna Okafor").await;
    room.fay.write("rationale", "Worth doing, and not ours.").await;
    holds(&room.both(), "rationale", "Worth doing, and not ours.").await;
    wait::until("Ana sees the verdict", async || {
        let pressed = room.ana.attribute("verdict-stop", "aria-pressed").await;
        wait::holds(pressed == "true", || pressed.clone())
    })
    .await;
    says(&room.ana, "decision", "Anna Okafor").await;

    // A detail is corrected by who drives, and only read by the others.
    room.fay.fill("edit-sponsor", "Chief Executive").await;
    room.fay.press(&["Enter"]).await;
    says(&room.ana, "facts", "Chief Executive").await;
    assert_eq!(room.ana.count("edit-sponsor").await, 0);
    room.without_trouble().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn picked_cards_go_together_and_come_back_by_the_hand_that_took_them() {
    let room = Room::open().await;
    let cards = &room.stage.projects;
    let pillars = room.stage.pillars_in_order().await;
    let pages = room.both();

    room.fay.click_card(&cards[2], &["Control"]).await;
    room.fay.click_card(&cards[4], &["Shift"]).await;
    says(&room.fay, "selection-bar", "3 cards selected").await;
    room.fay.drag(&cards[3], &pillars[1]).await;
    for card in &cards[2..=4] {
        lies_on(&pages, card, &pillars[1]).await;
    }
    says(&room.ana, "spoken", "3 cards were placed by others").await;

    // By keys: the one that is reached, and the next two with Shift.
    room.ana.click_card(&cards[12], &["Control"]).await;
    room.ana.press(&["Shift+ArrowRight", "x", "x", "0"]).await;
    lies_on(&pages, &cards[12], "off").await;
    lies_on(&pages, &cards[13], "off").await;

    // Each takes back what they did.
    room.fay.click("undo").await;
    for card in &cards[2..=4] {
        lies_on(&pages, card, "unsorted").await;
    }
    lies_on(&pages, &cards[13], "off").await;
    assert!(room.fay.is_disabled("undo").await, "nothing else was Fay's");
    room.fay.click("redo").await;
    lies_on(&pages, &cards[4], &pillars[1]).await;
    room.without_trouble().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_in_hand_is_seen_by_the_others_and_let_go_by_escape() {
    let room = Room::open().await;
    let card = &room.stage.projects[5];
    let pillars = room.stage.pillars_in_order().await;
    room.ana.lift(card, &pillars[2]).await;
    room.fay.see("hovering").await;
    says(&room.fay, "hovering", "Ana").await;
    room.ana.press(&["Escape"]).await;
    wait::until("Fay sees it put back", async || {
        let there = room.fay.count("hovering").await;
        wait::holds(there == 0, || format!("{there}"))
    })
    .await;
    room.ana.drop().await;
    lies_on(&room.both(), card, "unsorted").await;

    // By whom a card was placed is said to who cannot see it.
    room.ana.drag(card, &pillars[2]).await;
    lies_on(&room.both(), card, &pillars[2]).await;
    says(&room.fay, "spoken", "Ana placed Project").await;

    // On a phone, by a finger that is held for a moment.
    let phone = room.browser.open_phone("Phone", &room.stage.session.join_url).await;
    phone.fill("join-name", "Ben").await;
    phone.click("join-submit").await;
    phone.see("card").await;
    phone.touch(&room.stage.projects[0], "off").await;
    lies_on(&[&phone, &room.fay], &room.stage.projects[0], "off").await;
    room.without_trouble().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_types_keeps_focus_and_place_while_others_sort() {
    let room = Room::open().await;
    let cards = &room.stage.projects;
    room.ana.click_card(&cards[1], &[]).await;
    room.ana.click("add-note").await;
    room.ana.see("note-text").await;
    room.ana.write("note-text", "before").await;
    let before = room.ana.standing().await;
    assert_eq!(before["focus"], "note-text", "{before}");

    // What Ana looks at goes elsewhere, and so does all around it.
    for card in [1, 0, 2, 3, 20, 21, 22] {
        room.fay.keys(&cards[card], &["0"]).await;
    }
    lies_on(&[&room.ana], &cards[22], "off").await;
    lies_on(&[&room.ana], &cards[1], "off").await;
    assert_eq!(room.ana.standing().await, before, "focus, selection and scrolling are as they were");
    room.ana.press_text(" and after").await;
    holds(&[&room.ana], "note-text", "before and after").await;
    room.without_trouble().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_is_told_with_the_project_and_the_reason() {
    let room = Room::open().await;
    let card = &room.stage.projects[7];
    room.ana.offline(true).await;
    room.ana.keys(card, &["0"]).await;
    says(&room.ana, "status", "Offline, 1 change unsent").await;
    room.fay.click("lock").await;
    wait::until("the board is locked", async || {
        let pressed = room.fay.attribute("lock", "aria-pressed").await;
        wait::holds(pressed == "true", || pressed.clone())
    })
    .await;
    room.ana.offline(false).await;
    says(&room.ana, "toast", "Project 008: the facilitator has locked the board.").await;
    lies_on(&room.both(), card, "unsorted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_it_is_a_hobby_is_asked_in_private_and_can_be_taken_back() {
    let room = Room::open().await;
    let card = &room.stage.projects[4];
    room.ana.click_card(card, &[]).await;
    room.ana.press(&["f"]).await;
    room.ana.see("flag-reason").await;
    room.ana.press_text("Which pillar does it serve?").await;
    room.ana.press(&["Control+Enter"]).await;
    says(&room.ana, "own-flag", "Which pillar does it serve?").await;
    says(&room.ana, "status", "Saved").await;

    // A reload, and it is still one's own; nobody else sees anything of it.
    room.ana.reload().await;
    room.ana.see("card").await;
    room.ana.click_card(card, &[]).await;
    says(&room.ana, "own-flag", "Which pillar does it serve?").await;
    room.fay.click_card(card, &[]).await;
    room.fay.see("flag").await;
    assert_eq!(room.fay.count("flag-count").await, 0);

    room.ana.click("flag-back").await;
    room.ana.see("flag").await;
    assert_eq!(room.ana.count("own-flag").await, 0);
    room.without_trouble().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_are_one_are_merged_by_who_drives() {
    let room = Room::open().await;
    let cards = &room.stage.projects;
    room.ana.click_card(&cards[8], &[]).await;
    room.ana.click_card(&cards[9], &["Control"]).await;
    room.ana.see("selection-bar").await;
    assert_eq!(room.ana.count("merge").await, 0, "who does not drive is not offered it");

    room.fay.click_card(&cards[8], &[]).await;
    room.fay.click_card(&cards[9], &["Control"]).await;
    room.fay.click("merge").await;
    room.fay.click("merge-into").await;
    for page in room.both() {
        wait::until("one of the two is gone", async || {
            let piles = page.piles().await;
            let there = (piles.contains_key(&cards[8]), piles.contains_key(&cards[9]));
            wait::holds(there == (true, false), || format!("{there:?}"))
        })
        .await;
    }
    room.without_trouble().await;
}
