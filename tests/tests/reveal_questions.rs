//! What the room sees of its other answers: typed clients answer over the real wire, and the facilitator's page, a participant's and
//! the wall show what it came to.

use std::collections::BTreeMap;

use plumbline_tests::{
    album::Album,
    browser::{Browser, Page},
    line::Line,
    room::{
        CLOSE, COMMIT, DECIDE, DOTS, PULSE, QUESTIONS, Room, TEXTS, TOGETHER, VERDICT, legible, says, shows,
    },
    wait,
};
use serde_json::{Value, json};

/// What leader `who` claims of the shortlist's project `n`, if they answer.
fn claimed(who: usize, n: usize) -> Option<Value> {
    let nothing = json!({ "claims": [] });
    Some(match n {
        // One says that the law demands it.
        1 if who == 4 => {
            json!({ "claims": ["required"], "sources": [{ "claim": "required", "text": "Water Act, section 12" }] })
        }
        // Seven of twelve claim nothing.
        2 if who < 5 => json!({ "claims": ["expense"] }),
        3 if who < 8 => json!({ "claims": ["expense"] }),
        4 if who < 9 => {
            json!({ "claims": ["revenue"], "sources": [{ "claim": "revenue", "text": "Ledger 2026" }] })
        }
        5 if who >= 2 => return None,
        6 if who >= 4 => return None,
        _ => nothing,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_other_question_is_told_in_counts_and_words() {
    let room = Room::gather().await;
    let browser = Browser::start();
    let mut album = Album::open();
    let fay = browser.open("facilitator", &room.session.facilitator_url).await;
    fay.see("board").await;
    let wall = browser.open("wall", &room.session.wall_url).await;
    wall.see("wall").await;
    let line = Line::to(room.server.address()).await;
    let mia = browser.open("participant", &line.link(&room.session.join_url)).await;
    mia.fill("join-name", "Mia").await;
    mia.click("join-submit").await;
    mia.see("board").await;
    let shortlist = room.projects[..9].to_vec();

    // The four questions.
    room.ballot(QUESTIONS, &shortlist, claimed).await;
    for page in [&fay, &mia] {
        shows(page, "reveal", "data-question", "hobby").await;
        let outcomes = told(page).await;
        assert_eq!(outcomes[&shortlist[0]], "hobby");
        assert_eq!(outcomes[&shortlist[1]], "contested", "a claim waits");
        assert_eq!(outcomes[&shortlist[3]], "mission-critical");
        assert_eq!(outcomes[&shortlist[4]], "contested", "nine claim it, and nobody has checked");
        assert_eq!(outcomes[&shortlist[5]], "", "two answers are not told");
        assert_eq!(outcomes[&shortlist[6]], "too-few");
        says(page, "told", "No claim for 7 of 12; cost 5").await;
        says(page, "told", "Fewer than three answered").await;
        says(page, "one-vote-away", "One vote away").await;
        says(page, "claims-wait", "2 claims wait").await;
        says(page, "fact", "Water Act, section 12").await;
    }
    assert_eq!(mia.count("check-claim").await, 0, "a participant does not check");
    album.take(&fay, "reveal-claims").await;
    says(&wall, "wall-told", "mission-critical").await;
    legible(&wall, "wall-told").await;
    album.shoot(&wall, "wall-reveal-claims", true).await;
    // Both claims are checked: one stands, one does not.
    fay.click_one("check-claim", "data-item", &format!("{} required true", shortlist[1])).await;
    fay.click_one("check-claim", "data-item", &format!("{} revenue false", shortlist[4])).await;
    for page in [&fay, &mia] {
        wait::until("the outcomes follow the checks", async || {
            let outcomes = told(page).await;
            let (law, ledger) = (&outcomes[&shortlist[1]], &outcomes[&shortlist[4]]);
            wait::holds((law.as_str(), ledger.as_str()) == ("mission-critical", "hobby"), || {
                format!("{law}, {ledger}")
            })
        })
        .await;
    }

    // A hobby is marked on the board, for everyone.
    room.go_to(TOGETHER).await;
    for page in [&fay, &mia] {
        wait::until("the hobbies are marked", async || {
            let marked = page.count("card-hobby").await;
            wait::holds(marked == 5, || marked.to_string())
        })
        .await;
        says(page, "card-hobby", "Hobby").await;
    }
    album.take(&fay, "board-hobbies").await;

    room.ballot(VERDICT, &shortlist, |who, n| {
        let verdict = if who < n + 2 {
            "move"
        } else if who % 2 == 0 {
            "stop"
        } else {
            "wait"
        };
        Some(json!({ "verdict": verdict }))
    })
    .await;
    says(&fay, "told", "The room: move").await;
    says(&fay, "told", "No majority").await;
    says(&fay, "told", "2 move, 5 wait, 5 stop").await;
    album.take(&fay, "reveal-verdicts").await;
    says(&wall, "wall-told", "The room: move").await;
    legible(&wall, "wall-told").await;
    album.shoot(&wall, "wall-reveal-verdicts", true).await;

    // Each gives three dots to one project and two to another; the first two projects are level.
    room.ballot(DOTS, &shortlist, |who, n| {
        let dots = if n == who % 2 {
            3
        } else if n == 2 {
            2
        } else {
            return None;
        };
        Some(json!({ "dots": dots }))
    })
    .await;
    wait::until("the ranking stands", async || {
        let rows = fay.texts("told").await;
        let first: Vec<&str> = rows.iter().take(3).filter_map(|row| row.split_whitespace().next()).collect();
        wait::holds(first == ["1", "2=", "2="], || rows.join("\n"))
    })
    .await;
    says(&fay, "told", "24 dots from 12 people").await;
    album.take(&fay, "reveal-dots").await;
    legible(&wall, "wall-told").await;
    album.shoot(&wall, "wall-reveal-dots", true).await;

    let statements = ["s1".to_owned(), "s2".to_owned()];
    room.ballot(PULSE, &statements, |who, n| {
        let value = if n == 0 {
            1 + who % 5
        } else if who < 10 {
            4
        } else {
            5
        };
        Some(json!({ "scale": value }))
    })
    .await;
    says(&fay, "told", "I know why we do this").await;
    says(&fay, "told", "Half say 4 or more").await;
    says(&fay, "consensus", "close together").await;
    says(&mia, "told", "I will do my part").await;
    assert_eq!(mia.count("consensus").await, 0, "how far together is for who drives");
    album.take(&fay, "reveal-scale").await;
    legible(&wall, "wall-told").await;
    album.shoot(&wall, "wall-reveal-scale", true).await;

    room.ballot(TEXTS, &room.pillars[..2], |who, n| {
        (n == 0 || who < 2).then(|| {
            json!({ "text": format!("In {} words: complaints halved, and everybody can say why. {}", who + 3, "And more of it. ".repeat(who)) })
        })
    })
    .await;
    says(&fay, "told", "In 3 words: complaints halved").await;
    says(&fay, "told", "Fewer than three answered").await;
    album.take(&fay, "reveal-text").await;
    legible(&wall, "wall-told").await;
    album.shoot(&wall, "wall-reveal-text", true).await;

    // What is settled by then, on the wall.
    room.go_to(DECIDE).await;
    says(&wall, "wall-decide", "Nothing is decided yet").await;
    room.drive(json!({ "type": "decide_agreed" })).await;
    says(&wall, "wall-decide", "4 decided so far").await;
    room.drive(json!({ "type": "focus", "project": shortlist[0] })).await;
    shows(&wall, "wall-discussed", "data-item", &shortlist[0]).await;
    says(&wall, "wall-discussed", "No majority. 2 move, 5 wait, 5 stop").await;
    legible(&wall, "wall-decide").await;
    album.shoot(&wall, "wall-decide", true).await;
    room.go_to(COMMIT).await;
    shows(&wall, "wall-ballot", "data-state", "ready").await;
    room.ballot(COMMIT, &["session".to_owned()], |who, _| Some(json!({ "scale": who % 6 }))).await;
    for (leader, stance) in room.leaders.iter().zip(["carry", "carry", "decline"]) {
        let id = leader.tell(json!({ "type": "sign", "about": "session", "stance": stance, "reason": "" }));
        assert_eq!(leader.answer(id).await, None);
    }
    says(&wall, "wall-signed", "3 of 14 have signed. 2 carry it, 1 does not carry it.").await;
    legible(&wall, "wall-told").await;
    album.shoot(&wall, "wall-commit", true).await;
    room.go_to(CLOSE).await;
    says(&wall, "wall-close", "4 to move").await;
    legible(&wall, "wall-close").await;
    album.shoot(&wall, "wall-close", true).await;
    for page in [&fay, &wall, &mia] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
    album.close();
}

/// Project → what it came to, as the page shows it.
async fn told(page: &Page) -> BTreeMap<String, String> {
    let (items, outcomes) =
        (page.attributes("told", "data-item").await, page.attributes("told", "data-outcome").await);
    items.into_iter().zip(outcomes).collect()
}
