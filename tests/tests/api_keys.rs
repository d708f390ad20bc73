//! The page of the API keys, as whoever holds the workspace key uses it: one is made, shown once, used, revoked; what cannot be
//! is said in a sentence. And the page that describes what a key is for.

use plumbline_shared::day::Day;
use plumbline_tests::{
    album::{Album, workspace},
    browser::{Browser, Page},
    server::{KEY, Server},
    wait,
};
use serde_json::json;

async fn stand(page: &Page, wanted: &[&str]) {
    wait::until(&format!("the keys stand {wanted:?}"), async || {
        let shown = page.attributes("key", "data-state").await;
        wait::holds(shown == wanted, || format!("they stand {shown:?}"))
    })
    .await;
}

/// Today, by the clock of Greenwich.
fn today() -> Day {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Day::of(u64::try_from(now.expect("it is after 1970").as_millis()).expect("it is this age"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_made_shown_once_used_and_revoked_on_their_page_in_pictures() {
    let mut album = Album::open();
    let mut server = Server::start().await;
    let (api, browser) = (server.api(), Browser::start());
    let at = |path: &str| format!("http://{}{path}", server.address());
    let keys = at("/keys");

    let stranger = browser.open("stranger", &keys).await;
    stranger.read("holds the workspace key").await;
    stranger.close().await;

    let page = browser.open("office", &workspace(&server)).await;
    page.see("ways").await;
    page.go_to(&keys).await;
    page.see("keys-empty").await;
    album.take(&page, "api-keys-empty").await;

    // What cannot be is said where it stands, and nothing that was typed is lost.
    page.click("key-add").await;
    page.see("key-name").await;
    assert_eq!(page.value("key-until").await, today().plus(90).to_string());
    page.click("key-submit").await;
    page.read("Say what the key is for").await;
    page.read("Choose at least one").await;
    page.fill("key-name", "Reporting of the project office").await;
    page.fill("key-until", &today().plus(366).to_string()).await;
    page.click("scope-decisions:read").await;
    page.click("scope-exports:read").await;
    page.click("key-submit").await;
    page.read("Choose a day from").await;
    assert_eq!(page.value("key-name").await, "Reporting of the project office");
    album.take(&page, "api-keys-form").await;
    page.fill("key-until", &today().plus(365).to_string()).await;
    page.click("key-submit").await;

    // It is shown once, stays while others are made, and opens what was chosen and nothing else.
    page.see("the-key").await;
    page.read("The key for “Reporting of the project office”").await;
    wait::until("whoever made it is where it stands", async || {
        let focus = page.focus().await;
        wait::holds(focus == "H2", || focus.clone())
    })
    .await;
    let key = page.value("the-key").await;
    assert!(key.starts_with("pk_") && key.len() == 46, "{key}");
    stand(&page, &["good"]).await;
    assert_eq!(page.texts("key-used").await, ["Never used"]);
    album.take(&page, "api-keys-made").await;
    assert_eq!(api.get("/api/decisions", &key).await.status, 200);
    assert_eq!(api.get("/api/decisions/export/decisions.csv", &key).await.status, 200);
    let refused = api.get("/api/sessions", &key).await;
    assert!(refused.problem(403).contains("needs the scope sessions:read"), "{}", refused.text());
    let refused = api.get("/api/keys", &key).await;
    assert!(refused.problem(403).contains("the workspace key itself"), "{}", refused.text());

    // Others: one that ends soon, one for everything.
    for (name, scopes, days) in [
        ("Intake form on the intranet", vec!["intake"], 5),
        (
            "Migration from the old portfolio tool, نقل البيانات, run once by the office",
            vec!["decisions:read", "decisions:write", "sessions:read", "sessions:write", "webhooks"],
            0,
        ),
    ] {
        let wish = json!({ "name": name, "scopes": scopes, "expires": today().plus(days).to_string() });
        let _ = api.post("/api/keys", KEY, &wish).await.expect(201);
    }
    page.reload().await;
    stand(&page, &["ends", "ends", "good"]).await;
    assert_eq!(page.texts("key-used").await, ["Never used", "Never used", "Used today"]);
    assert_eq!(page.count("the-key").await, 0, "it is shown once");
    page.read("Ends in 5 days").await;
    page.read("Ends today").await;
    album.take(&page, "api-keys").await;

    // Revoked after one more question, and dead at once.
    page.click_in("Reporting of the project office", "key-revoke").await;
    page.read("is shut out at once").await;
    album.take(&page, "api-keys-revoke").await;
    page.press(&["Escape"]).await;
    stand(&page, &["ends", "ends", "good"]).await;
    assert_eq!(api.get("/api/decisions", &key).await.status, 200);
    page.click_in("Reporting of the project office", "key-revoke").await;
    page.click("key-revoke-yes").await;
    page.read("opens nothing any more").await;
    stand(&page, &["ends", "ends"]).await;
    assert_eq!(api.get("/api/decisions", &key).await.status, 401);

    // Somebody else has revoked it meanwhile: that is what was wanted.
    let listed = api.get("/api/keys", KEY).await.json();
    let soonest = listed["items"][1]["id"].as_str().unwrap_or_default().to_owned();
    let _ = api.call("DELETE", &format!("/api/keys/{soonest}"), KEY, &[], "").await.expect(204);
    page.click_in("Intake form on the intranet", "key-revoke").await;
    page.click("key-revoke-yes").await;
    stand(&page, &["ends"]).await;

    // A hundred are enough, and the page says what to do.
    for n in 1..100 {
        let wish = json!({ "name": format!("Key {n}"), "scopes": ["decisions:read"] });
        let _ = api.post("/api/keys", KEY, &wish).await.expect(201);
    }
    page.reload().await;
    page.read("There are 100 keys").await;
    assert_eq!(page.attribute("key-add", "aria-disabled").await, "true");
    page.click_in("Key 99", "key-revoke").await;
    page.click("key-revoke-yes").await;
    wait::until("there is room for one more", async || {
        let full = page.attribute("key-add", "aria-disabled").await;
        wait::holds(full.is_empty(), || full.clone())
    })
    .await;

    // What the page describes a key for: every call, on a page that works without scripts.
    let described = browser.open("described", &at("/api")).await;
    described.read("What opens a call").await;
    described.read("Makes an API key.").await;
    described.read("api key with decisions:read").await;
    // It is long: axe-core takes a while for each picture of it.
    album.shoot(&described, "api-described", true).await;
    described.resize(390, 844).await;
    album.moment("api-described-phone", &described, &[]).await;

    // The server is away: what was typed stays.
    page.click("key-add").await;
    page.fill("key-name", "Made while nobody listens").await;
    page.click("scope-intake").await;
    server.kill9();
    page.click("key-submit").await;
    page.read("The server cannot be reached").await;
    assert_eq!(page.value("key-name").await, "Made while nobody listens");
    server.restart().await;
    page.click("key-submit").await;
    page.see("the-key").await;
    let late = page.value("the-key").await;
    assert_eq!(api.get("/api/requests", &late).await.status, 200);

    let mut troubles = page.troubles().await;
    // A browser tells of what is refused, and of a server that is away, by itself.
    troubles.retain(|trouble| {
        !["404", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"]
            .iter()
            .any(|known| trouble.contains(known))
    });
    assert_eq!(troubles, Vec::<String>::new());
    assert_eq!(described.troubles().await, Vec::<String>::new());
    album.close();
}
