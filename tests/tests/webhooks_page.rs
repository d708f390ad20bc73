//! The page of the webhooks, as whoever holds the workspace key uses it: one is added and tried, one fails and is delivered
//! again, one is gone and turned on again, its secret is renewed, and what cannot be is said in a sentence.

use plumbline_tests::{
    album::{Album, workspace},
    browser::{Browser, Page},
    receiver::Receiver,
    server::{KEY, Server},
    wait,
};
use serde_json::{Value, json};

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?}"), async || {
        let shown = if page.count(what).await == 0 { String::new() } else { page.text(what).await };
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

async fn stands(page: &Page, what: &str, wanted: &[&str]) {
    wait::until(&format!("{what} stand {wanted:?}"), async || {
        let shown = page.attributes(what, "data-state").await;
        wait::holds(shown == wanted, || format!("they stand {shown:?}"))
    })
    .await;
}

/// The dialog for a new one, with this address.
async fn offer(page: &Page, address: &str) {
    page.fill("hook-url", address).await;
    page.click("hook-submit").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_are_added_tried_repaired_renewed_and_removed_on_their_page_in_pictures() {
    let mut album = Album::open();
    let server = Server::start_with(&["--webhooks-to", "127.0.0.0/8", "--webhooks-pace", "100000"]).await;
    let (api, receiver, browser) = (server.api(), Receiver::start().await, Browser::start());
    let at = |path: &str| format!("http://{}{path}", server.address());

    let stranger = browser.open("stranger", &at("/webhooks")).await;
    stranger.read("holds the workspace key").await;
    stranger.close().await;

    let page = browser.open("office", &workspace(&server)).await;
    page.see("ways").await;
    page.go_to(&at("/webhooks")).await;
    page.see("hooks-empty").await;
    album.take(&page, "webhooks-empty").await;

    // What cannot be is said under the address, and nothing that was typed is lost.
    page.click("hook-add").await;
    page.see("hook-url").await;
    page.click("hook-submit").await;
    page.read("Enter the address of the receiver").await;
    page.fill("hook-name", "Chat of the project office").await;
    page.click("hook-everyone").await;
    for (address, why) in [
        ("https://10.0.0.8/hook", "private or reserved network"),
        ("http://1.1.1.1/hook", "Deliveries go by https"),
        ("https://nobody.invalid/hook", "is not known"),
        ("example.org", "no web address"),
    ] {
        offer(&page, address).await;
        page.read(why).await;
        assert_eq!(page.value("hook-url").await, address);
    }
    assert_eq!(page.value("hook-name").await, "Chat of the project office");
    offer(&page, "https://10.0.0.8/hook").await;
    page.read("private or reserved network").await;
    album.take(&page, "webhooks-add").await;

    // Its secret is shown once, and is the one that it signs with.
    offer(&page, &receiver.url("/chat")).await;
    page.see("hook-secret").await;
    album.take(&page, "webhooks-secret").await;
    let secret = page.value("hook-secret").await;
    page.click("hook-secret-done").await;
    receiver.secrets("/chat", &[&json!(secret)]).await;
    says(&page, "hook-says", "Send it a test").await;
    page.click("hook-test").await;
    stands(&page, "delivery", &["delivered"]).await;
    says(&page, "hook-says", "It last took something").await;
    assert_eq!(receiver.received("/chat").await[0].verified, [true]);

    // One that fails says why, and has it delivered again.
    receiver.behaves("/chat", json!({ "status": 404, "text": "No such channel" })).await;
    page.click("hook-test").await;
    stands(&page, "delivery", &["failed", "delivered"]).await;
    says(&page, "hook-state", "Failing").await;
    says(&page, "deliveries", "There is nothing at this address").await;
    page.click("deliveries-failed").await;
    stands(&page, "delivery", &["failed"]).await;
    page.click("delivery-fold").await;
    says(&page, "delivery", "It answered: No such channel").await;
    says(&page, "deliveries-again", "Deliver the failed one again").await;
    let others: [(&str, Value); 2] = [
        ("/archive", json!({ "name": "Archive", "events": ["decision.logged", "decision.changed"] })),
        ("/tickets", json!({ "name": "Tickets", "events": ["decision.due"] })),
    ];
    for (path, wanted) in others {
        receiver.enter(&api, path, wanted).await;
    }
    receiver.behaves("/tickets", json!({ "status": 410 })).await;
    let all = api.get("/api/webhooks", KEY).await.json();
    let tickets = all["items"][2]["id"].as_str().unwrap_or_default().to_owned();
    let _ = api.post(&format!("/api/webhooks/{tickets}/test"), KEY, &json!({})).await.expect(202);
    stands(&page, "hook", &["failing", "on", "off"]).await;
    page.read("that it is gone (410)").await;
    album.take(&page, "webhooks").await;

    receiver.behaves("/chat", json!({ "status": 200 })).await;
    page.click("deliveries-again").await;
    page.click("deliveries-all").await;
    stands(&page, "delivery", &["delivered", "delivered"]).await;
    stands(&page, "hook", &["on", "on", "off"]).await;

    // The one that was gone is turned on again, and what waited comes.
    receiver.behaves("/tickets", json!({ "status": 200 })).await;
    page.click_in("Tickets", "hook-turn").await;
    stands(&page, "hook", &["on", "on", "on"]).await;

    // A new secret signs beside the old one.
    page.click_in("Chat of the project office", "hook-rotate").await;
    page.read("For 24 hours deliveries are signed by both").await;
    album.take(&page, "webhooks-renew").await;
    page.click("hook-rotate-submit").await;
    page.see("hook-secret").await;
    let renewed = page.value("hook-secret").await;
    assert!(renewed.starts_with("whsec_") && renewed != secret, "{renewed}");
    page.click("hook-secret-done").await;
    page.read("signed by the old secret, too").await;

    // Changed, and removed.
    page.click_in("Archive", "hook-edit").await;
    page.see("hook-name").await;
    page.fill("hook-name", "Archive of decisions").await;
    page.click("hook-submit").await;
    page.read("Archive of decisions").await;
    page.click_in("Archive of decisions", "hook-remove").await;
    page.read("Archive of decisions is told nothing any more").await;
    page.click("hook-remove-submit").await;
    stands(&page, "hook", &["on", "on"]).await;
    assert_eq!(api.get("/api/webhooks", KEY).await.json()["items"].as_array().map(Vec::len), Some(2));
    // A browser tells of every refusal by itself.
    let mut troubles = page.troubles().await;
    troubles.retain(|trouble| !trouble.contains("422"));
    assert_eq!(troubles, Vec::<String>::new());
    album.close();
}
