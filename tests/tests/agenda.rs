//! The agenda in real browsers: the console's one button and a presenter's clicker, two facilitators at once, the
//! predicted end, and the editor.

use plumbline_tests::{
    browser::{Browser, Page},
    server::Server,
    wait,
};

/// Waits until an element says `wanted` to the person of the page.
async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// Waits until the console's button would do `next`, and takes a press.
async fn ready_to(page: &Page, next: &str) {
    wait::until(&format!("the button of {} would {next}", page.name), async || {
        let shown = page.attribute("console-next", "data-next").await;
        let waits = page.attribute("console-next", "aria-disabled").await;
        wait::holds(shown == next && waits.is_empty(), || format!("{shown}, disabled: {waits:?}"))
    })
    .await;
}

async fn press(page: &Page, next: &str) {
    ready_to(page, next).await;
    page.click("console-next").await;
}

/// The step at which the page says that the session stands.
async fn at_step(page: &Page, number: usize, title: &str) {
    says(page, "agenda-where", &format!("Step {number} of ")).await;
    says(page, "agenda-title", title).await;
}

async fn open_editor(page: &Page) {
    page.click("menu").await;
    page.click("menu-agenda").await;
    page.see("agenda-editor").await;
}

/// Adds a step of this kind, as the list of the editor calls it.
async fn add_step(page: &Page, kind: &str) {
    page.choose("step-kind", "", kind).await;
    page.click("step-add").await;
    page.see("step-form").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_around() {
    let server = Server::start().await;
    let browser = Browser::start();
    let fay = browser
        .open("Fay", &format!("http://{}/#key={}", server.address(), plumbline_tests::server::KEY))
        .await;
    fay.click("new-session").await;
    fay.see("create-session").await;
    fay.shoot(std::path::Path::new("/tmp/console-shots/new.webp"), false).await;
    fay.fill("session-title", "Strategy review").await;
    fay.fill("facilitator-name", "Fay").await;
    fay.click("source-sample").await;
    fay.fill("about-decider", "Anna Okafor").await;
    fay.fill("about-rule", "After hearing the room; against its majority only with a reason").await;
    fay.fill("about-purpose", "Agree what we go on with this year, and what we stop").await;
    fay.click("create-session").await;
    fay.see("to-board").await;
    fay.click("to-board").await;
    fay.see("card").await;
    open_editor(&fay).await;
    add_step(&fay, "Ballot: sort alone").await;
    add_step(&fay, "Sort and talk together").await;
    add_step(&fay, "Decide").await;
    add_step(&fay, "Close").await;
    let found = fay.shoot(std::path::Path::new("/tmp/console-shots/editor.webp"), false).await;
    eprintln!("{found:#?}");
    fay.click("agenda-done").await;
    let found = fay.shoot(std::path::Path::new("/tmp/console-shots/bar.webp"), false).await;
    eprintln!("{found:#?}");
    fay.click("agenda-where").await;
    let found = fay.shoot(std::path::Path::new("/tmp/console-shots/more.webp"), false).await;
    eprintln!("{found:#?}");
    press(&fay, "next").await;
    at_step(&fay, 2, "Sort alone").await;
    let found = fay.shoot(std::path::Path::new("/tmp/console-shots/ballot.webp"), false).await;
    eprintln!("{found:#?}");
    press(&fay, "open").await;
    ready_to(&fay, "seal").await;
    fay.click("console-next").await;
    fay.see("console-sure").await;
    let found = fay.shoot(std::path::Path::new("/tmp/console-shots/seal.webp"), false).await;
    eprintln!("{found:#?}");
    eprintln!("{:#?}", fay.troubles().await);
}
