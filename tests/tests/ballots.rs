//! Ballots in real browsers: answered by finger and by keyboard, kept through everything, private on a shared device.

use plumbline_tests::{
    browser::{Browser, Page},
    line::Line,
    stage::Stage,
    wait,
};

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

async fn has(page: &Page, what: &str, attribute: &str, wanted: &str) {
    wait::until(&format!("{what} of {} has {attribute} {wanted:?}", page.name), async || {
        let shown = page.attribute(what, attribute).await;
        wait::holds(shown == wanted, || format!("it has {shown:?}"))
    })
    .await;
}

async fn join(page: &Page, name: &str) {
    page.fill("join-name", name).await;
    page.click("join-submit").await;
    page.see("board").await;
    has(page, "status", "data-state", "saved").await;
}

/// Reads the promise and begins.
async fn begin(page: &Page) {
    page.see("promise").await;
    page.click("promise-begin").await;
    page.see("ballot").await;
}

/// The item that is before the person.
async fn current(page: &Page) -> String {
    page.attribute("ballot-card", "data-current").await
}

/// Waits until so many answers stand and all of them have been received.
async fn answered(page: &Page, count: usize) {
    has(page, "ballot-progress", "data-answered", &count.to_string()).await;
    has(page, "ballot-saving", "data-state", "confirmed").await;
}

/// What the review says, line by line: item → answer.
async fn reviewed(page: &Page) -> Vec<(String, String)> {
    page.see("review").await;
    let items = page.attributes("review-line", "data-item").await;
    let texts = page.texts("review-line").await;
    let answer = |text: String| text.lines().nth(1).unwrap_or_default().trim().to_owned();
    let mut lines: Vec<_> = items.into_iter().zip(texts.into_iter().map(answer)).collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sorts_alone_by_finger_on_a_phone_and_by_key_on_a_laptop() {
    let stage = Stage::with_projects(6).await;
    let pillars = stage.pillars_in_order().await;
    let rounds = stage.rounds();
    let step = rounds.ask("Sort alone", "placement", &[]).await;
    let browser = Browser::start();
    let mira = browser.open_phone("Mira", &stage.session.join_url).await;
    join(&mira, "Mira").await;
    let ben = browser.open("Ben", &stage.session.join_url).await;
    join(&ben, "Ben").await;
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("board").await;
    let wall = browser.open("Wall", &stage.session.wall_url).await;
    wall.see("wall").await;

    // Before the round there is the question, and the promise with the server's address.
    rounds.go_to(&step).await;
    mira.see("ballot-waits").await;
    says(&mira, "ballot-waits", "Which pillar would miss its goal this year without this?").await;
    says(&mira, "ballot-waits", &stage.server.address().to_string()).await;
    rounds.open().await;
    for page in [&mira, &ben] {
        begin(page).await;
        says(page, "ballot-card", "Fitting our mission is not enough").await;
    }
    fay.see("ballot-overview").await;

    // By finger: a tap places and goes on. Back, changed, skipped.
    let mut wanted = Vec::new();
    let goes_on = async |pillar: &str| {
        let item = current(&mira).await;
        mira.tap_one("answer", "data-answer", pillar).await;
        wait::until("the next card is before Mira", async || {
            let now = current(&mira).await;
            wait::holds(now != item, || now.clone())
        })
        .await;
        item
    };
    for pillar in [pillars[0].as_str(), "off", "unknown"] {
        wanted.push(goes_on(pillar).await);
    }
    answered(&mira, 3).await;
    mira.click("ballot-back").await;
    assert_eq!(current(&mira).await, wanted[2], "back is the one before");
    assert_eq!(
        mira.attributes("answer", "aria-pressed").await.iter().filter(|pressed| *pressed == "true").count(),
        1,
        "the answer that stands is marked"
    );
    goes_on(&pillars[1]).await;
    let skipped = current(&mira).await;
    // Right behind an answer, a tap is taken for its second half: it is given again.
    wait::until("the card is skipped", async || {
        if current(&mira).await == skipped {
            mira.click("ballot-on").await;
        }
        let now = current(&mira).await;
        wait::holds(now != skipped, || now.clone())
    })
    .await;
    // Not twice on the same spot: that is a double tap, and answers one card.
    goes_on(&pillars[2]).await;
    mira.tap_one("answer", "data-answer", "off").await;
    // Behind the last card there is what was answered, and what is left.
    let lines = reviewed(&mira).await;
    answered(&mira, 5).await;
    assert_eq!(lines.len(), 6);
    assert_eq!(lines.iter().find(|(item, _)| *item == skipped).map(|(_, answer)| answer.as_str()), Some(""));
    mira.click("answer-left").await;
    assert_eq!(current(&mira).await, skipped, "what was skipped is asked at the end");
    // Elsewhere than the tap before: a mouse's click in between does not end a double tap.
    mira.tap_one("answer", "data-answer", &pillars[0]).await;
    let lines = reviewed(&mira).await;
    assert!(lines.iter().all(|(_, answer)| !answer.is_empty()), "{lines:?}");
    let of = |item: &str| lines.iter().find(|(other, _)| other == item).map(|(_, answer)| answer.clone());
    assert_eq!(of(&wanted[0]).as_deref(), Some("Defend the realm"));
    assert_eq!(of(&wanted[1]).as_deref(), Some("Off strategy"));
    assert_eq!(of(&wanted[2]).as_deref(), Some("Net zero"), "it was changed");
    answered(&mira, 6).await;

    // By key: numbers, 0 and U answer, arrows go, Backspace goes back, Delete takes back.
    let first = current(&ben).await;
    ben.press(&["1"]).await;
    let second = current(&ben).await;
    ben.press(&["0", "Backspace"]).await;
    assert_eq!(current(&ben).await, second);
    ben.press(&["Delete"]).await;
    answered(&ben, 1).await;
    ben.press(&["u", "ArrowRight", "3", "2", "1"]).await;
    let lines = reviewed(&ben).await;
    assert_eq!(lines.iter().filter(|(_, answer)| answer.is_empty()).count(), 1, "one was passed over");
    assert_eq!(
        lines.iter().find(|(item, _)| *item == first).map(|(_, answer)| answer.as_str()),
        Some("Defend the realm")
    );
    assert_eq!(
        lines.iter().find(|(item, _)| *item == second).map(|(_, answer)| answer.as_str()),
        Some("I don’t know it")
    );
    answered(&ben, 5).await;

    // Nobody sees anything but how many are done, and no card moved on the board.
    ben.click("done").await;
    mira.click("done").await;
    says(&fay, "ballot-progress", "All 2 are done").await;
    says(&mira, "finish", "You are done").await;
    assert!(rounds.board().await["placements"].as_object().is_none_or(serde_json::Map::is_empty));
    ben.click("not-done").await;
    says(&fay, "ballot-progress", "2 people answer").await;
    ben.reload().await;
    ben.see("ballot").await;
    assert!(!lines.iter().any(|(item, answer)| *item == ben_current(&lines) && !answer.is_empty()));
    assert_eq!(current(&ben).await, ben_current(&lines), "nothing is asked twice");
    for page in [&fay, &mira, &ben, &wall] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "on the page of {}", page.name);
    }
}

/// The one line that is not answered.
fn ben_current(lines: &[(String, String)]) -> String {
    lines.iter().find(|(_, answer)| answer.is_empty()).map(|(item, _)| item.clone()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_given_offline_survive_a_reload_and_a_restart_and_are_not_asked_again() {
    let mut stage = Stage::with_projects(6).await;
    let pillars = stage.pillars_in_order().await;
    let rounds = stage.rounds();
    let step = rounds.ask("Sort alone", "placement", &[]).await;
    let browser = Browser::start();
    let line = Line::to(stage.server.address()).await;
    let ana = browser.open("Ana", &line.link(&stage.session.join_url)).await;
    join(&ana, "Ana").await;
    rounds.go_to(&step).await;
    rounds.open().await;
    begin(&ana).await;
    ana.press(&["1", "2"]).await;
    answered(&ana, 2).await;

    line.cut();
    has(&ana, "status", "data-state", "offline").await;
    ana.press(&["3", "0"]).await;
    has(&ana, "ballot-progress", "data-answered", "4").await;
    has(&ana, "ballot-saving", "data-state", "kept").await;
    says(&ana, "ballot-saving", "2 answers saved on this device").await;
    let next = current(&ana).await;
    ana.click("ballot-end").await;
    let before = reviewed(&ana).await;
    assert_eq!(ana.count("unconfirmed").await, 2);

    ana.reload_in_vain().await;
    stage.server.kill9();
    stage.server.restart().await;
    line.mend();
    ana.reload().await;
    ana.see("ballot").await;
    answered(&ana, 4).await;
    assert_eq!(current(&ana).await, next, "it goes on where it was");
    ana.click("ballot-end").await;
    assert_eq!(reviewed(&ana).await, before, "nothing is lost");
    ana.click("answer-left").await;
    ana.press(&["1", "1"]).await;
    answered(&ana, 6).await;

    // Counted once each.
    for name in ["Ben", "Cem"] {
        let page = browser.open(name, &stage.session.join_url).await;
        page.fill("join-name", name).await;
        page.click("join-submit").await;
        begin(&page).await;
        page.press(&["1", "1", "1", "1", "1", "1"]).await;
        answered(&page, 6).await;
    }
    rounds.seal().await;
    rounds.reveal().await;
    let board = rounds.board().await;
    let tally = &board["results"][&step]["rounds"]["1"]["tally"];
    assert_eq!((tally["answered"].as_u64(), tally["eligible"].as_u64()), (Some(3), Some(3)), "{tally}");
    let on_first: u64 = tally["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["counts"]["placement"]["pillars"].as_array())
        .flatten()
        .filter(|pair| pair[0] == serde_json::json!(pillars[0]))
        .filter_map(|pair| pair[1].as_u64())
        .sum();
    assert_eq!(on_first, 6 + 6 + 3, "{tally}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_in_the_instant_of_the_seal_is_counted_or_told() {
    let stage = Stage::with_projects(4).await;
    let rounds = stage.rounds();
    let step = rounds.ask("Verdict", "verdict", &[("subjects", "all")]).await;
    let browser = Browser::start();
    let line = Line::to(stage.server.address()).await;
    let ana = browser.open("Ana", &line.link(&stage.session.join_url)).await;
    join(&ana, "Ana").await;
    rounds.go_to(&step).await;
    rounds.open().await;
    begin(&ana).await;
    ana.press(&["1", "2"]).await;
    answered(&ana, 2).await;
    line.cut();
    has(&ana, "status", "data-state", "offline").await;
    ana.press(&["3"]).await;
    has(&ana, "ballot-saving", "data-state", "kept").await;
    rounds.seal().await;
    line.mend();
    ana.see("ballot-sealed").await;
    ana.see("too-late").await;
    says(&ana, "too-late", "1 answer came too late and was not counted").await;
    says(&ana, "toast", "was not counted").await;
    let marks = ana.texts("mark").await;
    assert_eq!(marks, ["Move", "Wait"], "what counts, and nothing else");
    assert_eq!(ana.count("answer").await, 0, "nothing can be answered any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_person_on_the_device_sees_nothing_of_the_first() {
    let stage = Stage::with_projects(3).await;
    let rounds = stage.rounds();
    let step = rounds.ask("Sort alone", "placement", &[]).await;
    let browser = Browser::start();
    let page = browser.open_phone("shared", &stage.session.join_url).await;
    join(&page, "Mira").await;
    rounds.go_to(&step).await;
    rounds.open().await;
    begin(&page).await;
    for answer in ["off", "unknown", "off"] {
        page.tap_one("answer", "data-answer", answer).await;
    }
    answered(&page, 3).await;
    page.click("second-person").await;
    page.click("cover-stay").await;

    // The cover stays through a reload, and shows nothing of hers but her name.
    for _ in 0..2 {
        page.see("cover").await;
        has(&page, "cover-sent", "data-waiting", "0").await;
        assert_eq!(
            page.count("ballot").await + page.count("review-line").await + page.count("mark").await,
            0
        );
        page.reload().await;
    }
    page.see("cover").await;
    page.fill("next-name", "Ned").await;
    page.click("next-submit").await;
    begin(&page).await;
    has(&page, "ballot-progress", "data-answered", "0").await;
    page.click("ballot-end").await;
    assert!(reviewed(&page).await.iter().all(|(_, answer)| answer.is_empty()));
    page.click("answer-left").await;
    page.tap_one("answer", "data-answer", "unknown").await;
    answered(&page, 1).await;

    // Ned goes for good; Mira comes back, and finds her own.
    page.click("ballot-end").await;
    page.click("second-person").await;
    page.click("cover-leave").await;
    page.see("cover").await;
    says(&page, "cover-sent", "Ned has left this device").await;
    assert_eq!(page.count("cover-back").await, 0);
    page.click("continue-as").await;
    page.see("review").await;
    let lines = reviewed(&page).await;
    assert_eq!(lines.iter().filter(|(_, answer)| answer == "Off strategy").count(), 2, "{lines:?}");
    assert_eq!(page.troubles().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_ballot_is_typed_in_marked_and_out_of_sight() {
    let stage = Stage::with_projects(3).await;
    let rounds = stage.rounds();
    rounds.enter("Olga without a phone").await;
    let step = rounds.ask("Sort alone", "placement", &[]).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("board").await;
    rounds.go_to(&step).await;
    rounds.open().await;
    fay.see("ballot-overview").await;
    fay.click("paper-open").await;
    fay.see("paper-form").await;
    says(&fay, "paper-form", "who types it in, and by nobody else").await;
    fay.choose("paper-whose", "", "Olga without a phone").await;
    fay.choose("paper-answer", "Project 002", "Off strategy").await;
    fay.click("paper-submit").await;
    says(&fay, "paper-entered", "1 answer of Olga without a phone").await;
    fay.press(&["Escape"]).await;

    // Fay takes part, too, and thinks better of it.
    fay.click("takes-part").await;
    begin(&fay).await;
    fay.press(&["1"]).await;
    answered(&fay, 1).await;
    assert!(
        rounds.board().await["placements"].as_object().is_none_or(serde_json::Map::is_empty),
        "a facilitator's key answers, and places nothing"
    );
    fay.click("to-overview").await;
    says(&fay, "own-progress", "1 of 3").await;
    fay.click("withdraw").await;
    wait::until("nothing of hers is left", async || {
        let left = fay.count("own-progress").await;
        wait::holds(left == 0, || left.to_string())
    })
    .await;
    rounds.seal().await;
    rounds.reveal().await;
    let board = rounds.board().await;
    let tally = &board["results"][&step]["rounds"]["1"]["tally"];
    assert_eq!(tally["on_paper"], 1, "{tally}");
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_is_answered_by_keyboard_alone() {
    let stage = Stage::with_projects(3).await;
    let rounds = stage.rounds();
    let all = ("subjects", "all");
    let steps = [
        rounds.ask("Four questions", "hobby", &[all]).await,
        rounds.ask("Dots", "dots", &[all, ("budget", "3"), ("cap", "2")]).await,
        rounds.ask("Pulse", "scale", &[]).await,
        rounds.ask("Meaning", "text", &[("subjects", "pillars")]).await,
    ];
    let browser = Browser::start();
    let ana = browser.open("Ana", &stage.session.join_url).await;
    join(&ana, "Ana").await;

    // Four questions: ticked by number, the source of a claim of fact, one key for nothing.
    rounds.go_to(&steps[0]).await;
    rounds.open().await;
    ana.see("promise").await;
    tab_to(&ana, "promise-begin").await;
    ana.press(&["Enter"]).await;
    ana.see("ballot").await;
    ana.press(&["3"]).await;
    answered(&ana, 1).await;
    ana.press(&["4"]).await;
    tab_to(&ana, "source-required").await;
    ana.press_text("The water act").await;
    ana.press(&["Enter"]).await;
    ana.press(&["0", "0"]).await;
    answered(&ana, 3).await;
    let lines = reviewed(&ana).await;
    assert_eq!(lines.iter().filter(|(_, answer)| answer == "Nothing is true").count(), 2, "{lines:?}");
    assert!(!ana.text("review").await.contains("no source named"));
    tab_to(&ana, "done").await;
    ana.press(&["Enter"]).await;
    says(&ana, "finish", "You are done").await;

    // Dots: what is beyond the budget, or the cap, is not given.
    next(&rounds, &steps[1]).await;
    ana.see("dots-left").await;
    tab_to(&ana, "dot-more").await;
    ana.press(&["Enter", "+", "+"]).await;
    has(&ana, "dots-left", "data-left", "1").await;
    says(&ana, "dots-said", "2 dots are the most for one").await;
    ana.press(&["Tab", "Tab", "Tab", "+", "+"]).await;
    has(&ana, "dots-left", "data-left", "0").await;
    says(&ana, "dots-said", "Take one back somewhere").await;
    answered(&ana, 2).await;

    // A scale: fist to five.
    next(&rounds, &steps[2]).await;
    ana.see("scale").await;
    tab_to(&ana, "scale").await;
    ana.press(&["4"]).await;
    answered(&ana, 1).await;
    assert_eq!(pressed(&ana).await, ["4"]);

    // In one's own words.
    next(&rounds, &steps[3]).await;
    ana.see("writing").await;
    tab_to(&ana, "writing").await;
    ana.press_text("That nobody has to ask twice.").await;
    answered(&ana, 1).await;
    ana.reload().await;
    ana.see("writing").await;
    wait::until("what was written is there again", async || {
        let value = ana.value("writing").await;
        wait::holds(value == "That nobody has to ask twice.", || value.clone())
    })
    .await;
    assert_eq!(ana.troubles().await, Vec::<String>::new());
}

/// The round before ends, and the next step opens its own.
async fn next(rounds: &plumbline_tests::rounds::Rounds, step: &str) {
    rounds.seal().await;
    rounds.reveal().await;
    rounds.go_to(step).await;
    rounds.open().await;
}

/// The numbers of the scale that are pressed.
async fn pressed(page: &Page) -> Vec<String> {
    let numbers = page.attributes("scale", "data-number").await;
    let pressed = page.attributes("scale", "aria-pressed").await;
    numbers
        .into_iter()
        .zip(pressed)
        .filter(|(_, pressed)| pressed == "true")
        .map(|(number, _)| number)
        .collect()
}

/// Presses Tab until the focus is on `what`.
async fn tab_to(page: &Page, what: &str) {
    let mut passed = Vec::new();
    for _ in 0..80 {
        if page.focus().await == what {
            return;
        }
        passed.push(page.focus().await);
        page.press(&["Tab"]).await;
    }
    panic!("Tab does not lead {} to {what}; it leads over {passed:?}", page.name);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sponsor_sits_out_on_their_own_project_unless_they_choose_not_to() {
    let stage = Stage::with_projects(4).await;
    let rounds = stage.rounds();
    let step = rounds.ask("Sort alone", "placement", &[]).await;
    let browser = Browser::start();
    // The portfolio names them as the sponsor of the first project.
    let page = browser.open("sponsor", &stage.session.join_url).await;
    join(&page, "Sponsor 1").await;
    rounds.go_to(&step).await;
    rounds.open().await;
    begin(&page).await;
    page.press(&["1", "1", "1"]).await;
    page.see("review").await;
    says(&page, "sits-out", "You sit out here as its sponsor").await;
    answered(&page, 3).await;
    page.click("take-part").await;
    page.click("answer-left").await;
    page.press(&["2"]).await;
    answered(&page, 4).await;
    page.click("review-line").await;
    page.click("sit-out").await;
    says(&page, "sits-out", "You sit out here.").await;
    answered(&page, 3).await;
}
