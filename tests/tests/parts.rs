//! The page comes in parts: joining and sorting first. What has not come says so, and comes when it is asked for again;
//! what was fetched ahead is there without a connection.

use plumbline_tests::{
    browser::{Browser, Page},
    line::Line,
    stage::Stage,
    wait,
};

async fn join(page: &Page, name: &str) {
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("card").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_cannot_be_fetched_says_so_and_comes_when_it_is_asked_for_again() {
    let stage = Stage::with_projects(3).await;
    let browser = Browser::start();
    let ana = browser.open_in_part("Ana", &stage.session.join_url).await;
    join(&ana, "Ana").await;
    // The board is all there, and works.
    ana.keys(&stage.projects[0], &["1"]).await;
    wait::until("the card is placed", async || {
        let piles = ana.piles().await;
        let pile = piles.get(&stage.projects[0]).cloned().unwrap_or_default();
        wait::holds(pile.len() == 36, || pile.clone())
    })
    .await;

    ana.click_card(&stage.projects[1], &[]).await;
    ana.see("part-failed").await;
    assert!(ana.text("part-failed").await.contains("Nothing is lost"));
    ana.click("part-again").await;
    ana.see("part-failed").await;
    ana.whole().await;
    ana.click("part-again").await;
    ana.see("panel").await;
    assert_eq!(ana.count("part-failed").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_fetched_ahead_is_there_without_a_connection() {
    let stage = Stage::with_projects(3).await;
    let browser = Browser::start();
    let line = Line::to(stage.server.address()).await;
    let ana = browser.open("Ana", &line.link(&stage.session.join_url)).await;
    join(&ana, "Ana").await;
    ana.fetched("session").await;
    assert_eq!(ana.count("part-failed").await, 0);
    line.cut();
    wait::until("the page knows that it is cut off", async || {
        let state = ana.attribute("status", "data-state").await;
        wait::holds(state == "offline", || state.clone())
    })
    .await;
    // Nobody has opened a card in this page before.
    ana.click_card(&stage.projects[1], &[]).await;
    ana.see("panel").await;
}
