//! What the room sees of its sort: typed clients answer over the real wire, and the facilitator's page, a participant's and
//! the wall show what it came to.

use plumbline_tests::{
    album::Album,
    browser::Browser,
    room::{Room, SORT, TOGETHER, legible, says, shows},
    wait,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sort_is_revealed_in_three_beats_and_talked_about() {
    let room = Room::gather().await;
    let browser = Browser::start();
    let mut album = Album::open();
    let fay = browser.open("facilitator", &room.session.facilitator_url).await;
    fay.see("board").await;
    let wall = browser.open("wall", &room.session.wall_url).await;
    wall.see("wall").await;
    let phone = browser.open_phone("phone", &room.session.join_url).await;
    phone.fill("join-name", "Mia").await;
    phone.click("join-submit").await;
    phone.see("board").await;

    room.go_to(SORT).await;
    shows(&wall, "wall-ballot", "data-state", "ready").await;
    album.shoot(&wall, "wall-ballot-ready", true).await;
    room.drive(json!({ "type": "open" })).await;
    shows(&wall, "wall-ballot", "data-state", "open").await;
    room.answer(SORT, 1, &room.projects, |who, n| Some(room.placed(who, n, 1))).await;
    legible(&wall, "wall-ballot").await;
    album.shoot(&wall, "wall-ballot-open", true).await;
    room.drive(json!({ "type": "seal" })).await;
    shows(&wall, "wall-ballot", "data-state", "sealed").await;
    assert_eq!(fay.count("reveal").await, 0, "nothing is shown before the reveal");
    room.drive(json!({ "type": "reveal" })).await;

    // The first beat.
    for page in [&fay, &phone] {
        shows(page, "reveal", "data-question", "placement").await;
        says(page, "answered", "12 of 13 answered").await;
    }
    says(&fay, "shape-words", "The room puts").await;
    shows(&wall, "wall-beat", "data-shows", "shape").await;
    album.take(&fay, "reveal-shape").await;
    legible(&wall, "wall-beat").await;
    album.shoot(&wall, "wall-reveal-shape", true).await;
    assert_eq!(phone.count("reveal-detail").await, 0, "the numbers are the facilitator's");

    // The second.
    fay.click_one("beat", "data-shows", "agreed").await;
    shows(&wall, "wall-beat", "data-shows", "agreed").await;
    legible(&wall, "wall-beat").await;
    album.shoot(&wall, "wall-reveal-agreed", true).await;
    album.take(&fay, "reveal-agreed").await;
    // 63 projects: of each six three are agreed.
    says(&fay, "place-agreed", "Place the 33 that are agreed").await;
    fay.click("place-agreed").await;
    says(&fay, "placed-agreed", "33 cards placed").await;
    says(&fay, "now-on-pillars", "22 of 63").await;
    fay.click("take-agreed-back").await;
    says(&fay, "place-agreed", "Place the 33 that are agreed").await;

    // The third, where the facilitator begins to talk about the first project.
    fay.click_one("beat", "data-shows", "splits").await;
    shows(&wall, "wall-beat", "data-shows", "splits").await;
    legible(&wall, "wall-beat").await;
    album.shoot(&wall, "wall-reveal-splits", true).await;
    let order = fay.attributes("named", "data-item").await;
    assert!(order.len() >= 60, "agreed and contested projects have names to press: {}", order.len());
    fay.see("heat-map").await;
    let first = fay.attributes("heat-row", "data-row").await.first().expect("the room splits").clone();
    fay.click_one("named", "data-item", &first).await;
    shows(&phone, "one-split", "data-item", &first).await;
    fay.see("card-evidence").await;
    album.take(&fay, "reveal-splits").await;
    album.take(&phone, "reveal-splits-participant").await;
    fay.press(&["Escape"]).await;
    fay.click("reveal-detail-open").await;
    says(&fay, "mean-agreement", "%").await;
    says(&fay, "alpha", "between").await;

    for page in [&fay, &wall, &phone] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
    album.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_contested_is_talked_about_one_after_the_other() {
    let room = Room::gather().await;
    let browser = Browser::start();
    let mut album = Album::open();
    room.ballot(SORT, &room.projects, |who, n| Some(room.placed(who, n, 1))).await;
    // Once more, beside the first round.
    room.drive(json!({ "type": "again" })).await;
    room.drive(json!({ "type": "open" })).await;
    room.answer(SORT, 2, &room.projects, |who, n| Some(room.placed(who, n, 2))).await;
    room.drive(json!({ "type": "seal" })).await;
    room.drive(json!({ "type": "reveal" })).await;
    let fay = browser.open("facilitator", &room.session.facilitator_url).await;
    let wall = browser.open("wall", &room.session.wall_url).await;
    fay.see("rounds").await;
    fay.click("side-by-side").await;
    says(&fay, "beside", "Round 1 and round 2").await;
    says(&fay, "beside", "6 off, 6 on").await;
    says(&fay, "beside", "does not make them right").await;
    album.take(&fay, "reveal-beside").await;
    room.drive(json!({ "type": "show", "beat": "beside" })).await;
    shows(&wall, "wall-beat", "data-shows", "beside").await;
    legible(&wall, "wall-beat").await;
    album.shoot(&wall, "wall-reveal-beside", true).await;

    // Sorted together.
    let phone = browser.open_phone("phone", &room.session.join_url).await;
    phone.fill("join-name", "Mia").await;
    phone.click("join-submit").await;
    room.go_to(TOGETHER).await;
    phone.see("board").await;
    fay.see("talk").await;
    says(&fay, "talk-left", "30 of 30 contested to place").await;
    says(&fay, "talk-times", "0:2").await;
    assert_eq!(phone.count("talk").await, 0, "the queue is the facilitator's");
    fay.click("talk-next").await;
    wait::until("all talk about the same", async || {
        let (fay, phone, wall) = (
            fay.attribute("discussed", "data-item").await,
            phone.attribute("discussed", "data-item").await,
            wall.attribute("wall-discussed", "data-item").await,
        );
        wait::holds(!fay.is_empty() && fay == phone && fay == wall, || format!("{fay}, {phone}, {wall}"))
    })
    .await;
    says(&fay, "talk-times", "left for this one").await;
    album.take(&fay, "board-discussed").await;
    album.take(&phone, "board-discussed-participant").await;
    legible(&wall, "wall-discussed").await;
    album.shoot(&wall, "wall-discussed", true).await;

    // Only this card may be placed.
    let first = fay.attribute("discussed", "data-item").await;
    fay.click("talk-only").await;
    says(&phone, "discussed", "Only this card can be placed now").await;
    let other = room.projects.iter().find(|id| **id != first).expect("there are others");
    let ana = &room.leaders[0];
    ana.place(other, "off", "80");
    ana.saved().await;
    assert_eq!(ana.seen().denied.last().map(|denied| denied.code.clone()), Some("another_card".to_owned()));
    ana.place(&first, "off", "80");
    ana.saved().await;
    says(&fay, "talk-left", "29 of 30 contested to place").await;
    fay.click("talk-next").await;
    wait::until("the next is talked about", async || {
        let shown = phone.attribute("discussed", "data-item").await;
        wait::holds(shown != first, || shown.clone())
    })
    .await;
    fay.click("talk-previous").await;
    shows(&phone, "discussed", "data-item", &first).await;
    fay.click("talk-end").await;
    wait::until("the talk is over", async || {
        let left = phone.count("discussed").await + wall.count("wall-discussed").await;
        wait::holds(left == 0, || left.to_string())
    })
    .await;
    for page in [&fay, &wall, &phone] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
    album.close();
}
