//! The facilitator's console as a hand presses it.

use serde_json::json;

use crate::{
    api::Created,
    browser::Page,
    server::{KEY, Server},
    wait,
};

/// A session with the agenda of a template; with the sample's projects and pillars, or with none.
///
/// # Panics
/// When the server does not make it.
pub async fn session(server: &Server, template: &str, sample: bool) -> Created {
    let wish =
        json!({ "title": "Strategy review, autumn", "name": "Fay", "sample": sample, "template": template });
    let reply = server.api().post("/api/sessions", KEY, &wish).await.expect(201);
    serde_json::from_slice(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.text()))
}

/// Waits until the one button would do `next` (`begin`, `open`, `seal`, `reveal`, `show`, `next`, `close`), and takes a
/// press.
pub async fn ready_to(page: &Page, next: &str) {
    wait::until(&format!("the button of {} would {next}", page.name), async || {
        let shown = page.attribute("console-next", "data-next").await;
        let waits = page.attribute("console-next", "aria-disabled").await;
        wait::holds(shown == next && waits.is_empty(), || format!("{shown}, disabled: {waits:?}"))
    })
    .await;
}

/// Presses the one button, as soon as it would do `next`.
pub async fn press(page: &Page, next: &str) {
    ready_to(page, next).await;
    page.click("console-next").await;
}

/// Waits until the page says that the session stands at the step of this title.
pub async fn at(page: &Page, title: &str) {
    wait::until(&format!("{} is at {title}", page.name), async || {
        let shown = page.text("agenda-title").await;
        wait::holds(shown == title, || shown.clone())
    })
    .await;
}
