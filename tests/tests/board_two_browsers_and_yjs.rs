//! Two real browsers and an unmodified Yjs client sort one portfolio, and the server is killed in the middle of it.

use plumbline_shared::order;
use plumbline_tests::{
    browser::{Browser, Page},
    picture::Piles,
    stage::Stage,
    wait,
    yjs::{Tab, Yjs},
};

fn key() -> String {
    order::between(None, None)
}

/// The three see the same board, and it has what `wanted` names where it names it.
async fn agree(pages: &[&Page], yjs: &Tab, wanted: &Piles) -> Piles {
    wait::until("all three see the same board", async || {
        let board = yjs.piles().await;
        for (project, pile) in wanted {
            let shown = board.get(project).map_or("nowhere", String::as_str);
            wait::holds(shown == pile, || format!("{project} is on {shown}, not on {pile}"))?;
        }
        for page in pages {
            let shown = page.piles().await;
            wait::holds(shown == board, || {
                let other: Vec<_> =
                    board.iter().filter(|(id, pile)| shown.get(*id) != Some(pile)).take(5).collect();
                format!("{} shows {} cards of {}; it lacks {other:?}", page.name, shown.len(), board.len())
            })?;
        }
        Ok(board)
    })
    .await
}

async fn in_state(page: &Page, state: &str) {
    wait::until(&format!("{} says {state}", page.name), async || {
        let shown = page.attribute("status", "data-state").await;
        wait::holds(shown == state, || shown.clone())
    })
    .await;
}

/// The keys that carry the selected card to the n-th pillar, as on the page's own list of keys.
fn keys_to_pillar(n: usize) -> String {
    (n + 1).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_browsers_and_a_yjs_client_sort_one_board_through_a_crash() {
    let mut stage = Stage::with_portfolio().await;
    let pillars = stage.pillars_in_order().await;
    let browser = Browser::start();

    // One drives, with the facilitator's link; the other joins by the join link and a name.
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    let ana = browser.open("Ana", &stage.session.join_url).await;
    ana.fill("join-name", "Ana").await;
    ana.click("join-submit").await;
    for page in [&fay, &ana] {
        page.see("board").await;
        in_state(page, "saved").await;
    }
    let process = Yjs::start();
    let yjs = stage.tab(&process, "Ben").await;
    let start = agree(&[&fay, &ana], &yjs, &Piles::new()).await;
    assert_eq!(start.len(), 235);
    assert!(start.values().all(|pile| pile == "unsorted"), "nothing is sorted yet");

    // All place cards: by mouse, by keyboard, and by what Yjs sends.
    let cards = &stage.projects;
    let mut wanted = Piles::new();
    for n in 0..4 {
        fay.drag(&cards[n], &pillars[n]).await;
        wanted.insert(cards[n].clone(), pillars[n].clone());
        ana.keys(&cards[20 + n], &[&keys_to_pillar(n)]).await;
        wanted.insert(cards[20 + n].clone(), pillars[n].clone());
        yjs.place(&cards[40 + n], "off", &key()).await;
        wanted.insert(cards[40 + n].clone(), "off".to_owned());
    }
    ana.drag(&cards[30], "off").await;
    wanted.insert(cards[30].clone(), "off".to_owned());
    fay.keys(&cards[31], &["0"]).await;
    wanted.insert(cards[31].clone(), "off".to_owned());
    agree(&[&fay, &ana], &yjs, &wanted).await;

    // In the middle of it, everybody with a card in the air.
    yjs.place(&cards[50], &pillars[5], &key()).await;
    fay.keys(&cards[51], &[&keys_to_pillar(5)]).await;
    stage.server.kill9();
    for page in [&fay, &ana] {
        in_state(page, "offline").await;
    }
    // The server is away, and they go on.
    fay.drag(&cards[52], &pillars[0]).await;
    ana.keys(&cards[53], &["0"]).await;
    yjs.place(&cards[54], &pillars[1], &key()).await;
    for (card, pile) in [(50, &pillars[5]), (51, &pillars[5]), (52, &pillars[0]), (54, &pillars[1])] {
        wanted.insert(cards[card].clone(), pile.clone());
    }
    wanted.insert(cards[53].clone(), "off".to_owned());
    stage.server.restart().await;

    // All is there, what was done meanwhile included, and nobody had to do anything for it.
    agree(&[&fay, &ana], &yjs, &wanted).await;
    for page in [&fay, &ana] {
        in_state(page, "saved").await;
    }
    ana.drag(&cards[60], &pillars[2]).await;
    fay.keys(&cards[61], &["0"]).await;
    yjs.place(&cards[62], &pillars[3], &key()).await;
    wanted.insert(cards[60].clone(), pillars[2].clone());
    wanted.insert(cards[61].clone(), "off".to_owned());
    wanted.insert(cards[62].clone(), pillars[3].clone());
    let board = agree(&[&fay, &ana], &yjs, &wanted).await;
    assert_eq!(
        board.values().filter(|pile| *pile != "unsorted").count(),
        wanted.len(),
        "and nothing else has moved"
    );

    // A reload is the same person before the same board.
    ana.reload().await;
    ana.see("board").await;
    agree(&[&fay, &ana], &yjs, &wanted).await;
    assert!(!stage.tab(&process, "Cem").await.status().await.was_refused());
    yjs.assert_never_refused().await;
    for page in [&fay, &ana] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}
