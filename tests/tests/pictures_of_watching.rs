//! Pictures of sessions that are only shown, as of every other screen and state.

use std::time::Duration;

use plumbline_tests::{
    album::{Album, sample, workspace},
    browser::Browser,
    server::{KEY, Server},
    wait,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_watching_and_rehearsing() {
    let mut album = Album::open();
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = browser.open("fay", &workspace(&server)).await;
    fay.hasten(8).await;
    fay.click("watch-begin").await;
    fay.see("watch").await;
    let (console, phone) =
        (fay.frame("frame-console", "console").await, fay.frame("frame-phone", "phone").await);
    phone.click("promise-begin").await;
    phone.click("answer").await;
    console.see("console").await;
    album.take(&fay, "watch").await;
    wait::until_within(Duration::from_secs(300), "it is over", async || {
        let over = fay.count("watch-over").await;
        wait::holds(over == 1, || "it goes on".to_owned())
    })
    .await;
    console.see("closed").await;
    album.take(&fay, "watch-over").await;
    let elsewhere = browser.open_beside(&fay, "elsewhere", &fay.address().await).await;
    elsewhere.see("watch-gone").await;
    album.take(&elsewhere, "watch-elsewhere").await;
    let id = fay.address().await.rsplit('/').next().unwrap_or_default().to_owned();
    let erased = server.api().call("DELETE", &format!("/api/sessions/{id}"), KEY, &[], "").await;
    assert_eq!(erased.status, 204);
    fay.see("watch-gone").await;
    album.take(&fay, "watch-gone").await;

    let own = sample(&server).await;
    let gus = browser.open("gus", &own.facilitator_url).await;
    gus.see("card").await;
    gus.click("menu").await;
    gus.click("menu-rehearse").await;
    gus.see("watch-begin").await;
    album.take(&gus, "rehearse").await;
    let bare = server.api().create("An empty board").await;
    gus.go_to(&bare.facilitator_url).await;
    gus.see("board").await;
    gus.click("menu").await;
    gus.click("menu-rehearse").await;
    gus.click("watch-begin").await;
    gus.see("watch-problem").await;
    album.take(&gus, "rehearse-nothing").await;

    let wish = json!({ "title": "Where do we grow?", "template": "frame" });
    assert_eq!(server.api().post("/api/sessions", KEY, &wish).await.status, 201);
    let ina = browser.open("ina", &workspace(&server)).await;
    ina.see("go-on").await;
    album.take(&ina, "workspace-going-on").await;
    album.close();
}
