//! A session that is closed and resumed, as everybody in it sees it.

use plumbline_tests::{
    browser::{Browser, Page},
    stage::Stage,
    wait,
};
use serde_json::json;

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = if page.count(what).await == 0 { String::new() } else { page.text(what).await };
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

async fn gone(page: &Page, what: &str) {
    wait::until(&format!("{} sees no {what}", page.name), async || {
        let count = page.count(what).await;
        wait::holds(count == 0, || format!("there are {count}"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_is_confirmed_seen_by_all_and_taken_back_by_resuming() {
    let stage = Stage::with_projects(4).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    let gus = browser.open("Gus", &stage.session.facilitator_url).await;
    let ana = browser.open("Ana", &stage.session.join_url).await;
    ana.fill("join-name", "Ana").await;
    ana.click("join-submit").await;
    let wall = browser.open("wall", &stage.session.wall_url).await;
    wall.see("wall").await;
    for page in [&fay, &gus, &ana] {
        page.see("card").await;
        says(page, "status", "Saved").await;
    }
    says(&wall, "wall", "Join at").await;
    let card = &stage.projects[0];
    ana.keys(card, &["1"]).await;

    // What it means is said first, and nothing happens to who thinks better of it.
    ana.click("menu").await;
    assert_eq!(ana.count("menu-close").await, 0, "only facilitators close a session");
    ana.press(&["Escape"]).await;
    for page in [&fay, &gus] {
        page.click("menu").await;
        page.click("menu-close").await;
        says(page, "close-means", "Nobody new can join").await;
    }
    fay.press(&["Escape"]).await;
    assert_eq!(fay.focus().await, "menu", "the focus comes back to where it was");
    assert_eq!(fay.count("banner").await, 0);

    // One closes it; the other's question has no object any more.
    fay.click("menu").await;
    fay.click("menu-close").await;
    fay.click("close-submit").await;
    gone(&gus, "close-means").await;
    says(&fay, "banner", "You can resume it").await;
    says(&ana, "banner", "A facilitator can resume it").await;
    says(&wall, "banner", "This session is closed").await;
    gone(&ana, "resume").await;
    for page in [&fay, &gus, &ana] {
        assert_eq!(page.attribute("banner", "data-tone").await, "closed");
        assert_eq!(page.count("code").await, 0, "{} is not told a code that admits nobody", page.name);
    }
    assert!(!wall.text("wall").await.contains("Join at"));
    assert!(fay.is_disabled("lock").await);

    // Nobody changes anything, and nobody comes in.
    ana.keys(&stage.projects[1], &["2"]).await;
    says(&ana, "toast", "closed").await;
    fay.keys(&stage.projects[1], &["2"]).await;
    says(&fay, "toast", "closed").await;
    let wish = json!({ "code": stage.session.code, "name": "Late" });
    assert_eq!(stage.api().post("/api/join", "", &wish).await.status / 100, 4);
    let late = browser.open("late", &stage.session.join_url).await;
    late.fill("join-name", "Late").await;
    late.click("join-submit").await;
    late.see("join-error").await;
    says(&late, "join-error", "closed").await;
    fay.click("share").await;
    fay.read("nobody can join until it is resumed").await;
    fay.press(&["Escape"]).await;
    // It is closed for who comes back, too.
    ana.reload().await;
    says(&ana, "banner", "This session is closed").await;

    // Resumed by the other one, from the banner, with what that means.
    gus.click("resume").await;
    says(&gus, "close-means", "Others can join by the code again").await;
    gus.click("close-submit").await;
    for page in [&fay, &gus, &ana, &wall] {
        gone(page, "banner").await;
    }
    says(&wall, "wall", "Join at").await;
    ana.keys(&stage.projects[1], &["2"]).await;
    late.click("join-submit").await;
    late.see("card").await;
    let pillar = &stage.pillars_in_order().await[1];
    wait::until("everybody goes on", async || {
        let piles = late.piles().await;
        wait::holds(piles.get(&stage.projects[1]) == Some(pillar), || format!("{piles:?}"))
    })
    .await;
    for page in [&fay, &gus, &ana, &wall] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}
