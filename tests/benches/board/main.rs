//! How fast the board is in a real Chromium: see `README.md` beside this file.

mod report;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use plumbline_shared::order;
use plumbline_tests::{
    browser::{Browser, Measured, Page},
    stage::Stage,
    wait,
};

use crate::report::Figures;

/// Measures a board of 235 cards: opening it, dragging across it, typing on it, and what others do arriving.
#[derive(Parser)]
struct Arguments {
    /// The server's binary with the optimised client inside; the tests' library finds it by this variable.
    #[arg(long, env = "PLUMBLINE_BIN")]
    plumbline: PathBuf,
    /// How often the link is opened, each time in a browser context that has never seen the page.
    #[arg(long, default_value_t = 5)]
    opened: usize,
    /// How many cards are dragged across the board.
    #[arg(long, default_value_t = 8)]
    dragged: usize,
    /// How many changes of somebody else's arrive.
    #[arg(long, default_value_t = 40)]
    arriving: usize,
    /// What `cargo bench` says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Between two changes of somebody else's: enough that each is a frame of its own.
const PAUSE: Duration = Duration::from_millis(120);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.plumbline.exists() {
        eprintln!("error: there is no server at {}", arguments.plumbline.display());
        return ExitCode::FAILURE;
    }
    let figures = measure(&arguments).await;
    #[allow(clippy::print_stdout, reason = "the table is what it is for")]
    {
        println!("{}", figures.table());
    }
    ExitCode::SUCCESS
}

async fn measure(arguments: &Arguments) -> Figures {
    let stage = Stage::with_portfolio().await;
    let pillars = stage.pillars_in_order().await;
    let browser = Browser::start();
    let mut figures = Figures::default();

    // Opening the link, cold.
    for n in 0..arguments.opened {
        let page = browser.open_measured(&format!("cold-{n}"), &stage.session.facilitator_url).await;
        all_are_there(&page, stage.projects.len()).await;
        figures.opening.push(page.measured().await);
        page.close().await;
    }

    // Dragging across the board, from the unsorted to one pile and on to another.
    let fay = browser.open_measured("Fay", &stage.session.facilitator_url).await;
    all_are_there(&fay, stage.projects.len()).await;
    fay.measured().await;
    for (n, card) in stage.projects.iter().take(arguments.dragged).enumerate() {
        fay.drag_slowly(card, &pillars[n % pillars.len()]).await;
        fay.drag_slowly(card, "off").await;
    }
    figures.dragging = fay.measured().await;

    // A pile's key, and a search.
    for card in stage.projects.iter().skip(20).take(20) {
        fay.keys(card, &["1", "2", "0"]).await;
    }
    figures.keys = fay.measured().await;
    fay.fill("search", "defence").await;
    fay.fill("search", "").await;
    figures.search = fay.measured().await;

    // What somebody else does.
    let peer = stage.peer("Ana").await;
    tokio::time::sleep(PAUSE * 4).await;
    fay.measured().await;
    for (n, card) in stage.projects.iter().skip(60).take(arguments.arriving).enumerate() {
        peer.place(card, &pillars[n % pillars.len()], &order::between(None, None));
        tokio::time::sleep(PAUSE).await;
    }
    wait::until("the last change has arrived", async || {
        let seen = fay.piles().await;
        let placed = stage.projects[60..60 + arguments.arriving].iter();
        let missing = placed.filter(|id| seen.get(*id).is_none_or(|pile| pile == "unsorted")).count();
        wait::holds(missing == 0, || format!("{missing} are missing"))
    })
    .await;
    figures.arriving = fay.measured().await;
    figures
}

async fn all_are_there(page: &Page, count: usize) {
    wait::until("all cards are on the page", async || {
        let shown = page.piles().await.len();
        wait::holds(shown == count, || format!("{shown} of {count} are there"))
    })
    .await;
}

/// The longest of these tasks, in milliseconds.
fn longest(measured: &Measured) -> f64 {
    measured.long_tasks.iter().copied().fold(0.0, f64::max)
}
