//! Deciding, committing and closing in real browsers: a decider, a facilitator, somebody who only sees it.

use plumbline_shared::ids::ProjectId;
use plumbline_tests::{
    browser::{Browser, Page},
    undecided::{CLOSE, COMMIT, DECIDE, Undecided},
    wait,
};
use serde_json::json;

/// Waits until what is decided of a project says `wanted` in a field.
async fn decided(case: &Undecided, project: ProjectId, field: &str, wanted: &str) {
    wait::until(&format!("the board says {wanted:?} in {field}"), async || {
        let decision = case.decision(project).await;
        let found = if ["verdict", "owner", "rationale"].contains(&field) {
            decision[field].clone()
        } else {
            decision["more"][field].clone()
        };
        wait::holds(found.as_str().unwrap_or_default() == wanted, || decision.to_string())
    })
    .await;
}

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.text(what).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

/// What the row of a project says.
async fn row(page: &Page, name: &str) -> String {
    let rows = page.texts("queue-row").await;
    rows.into_iter().find(|row| row.contains(name)).unwrap_or_default()
}

async fn row_says(page: &Page, name: &str, wanted: &str) {
    wait::until(&format!("the row of {name} says {wanted:?} to {}", page.name), async || {
        let shown = row(page, name).await;
        wait::holds(shown.contains(wanted), || format!("it says {shown:?}"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decider_goes_against_the_room_and_it_stands_under_their_name() {
    let case = Undecided::prepare().await;
    let browser = Browser::start();
    let fay = case.facilitator(&browser).await;
    let ana = case.member(&browser, "Ana", 0).await;
    let ben = case.member(&browser, "Ben", 1).await;
    case.shop.go_to(DECIDE).await;
    for page in [&fay, &ana, &ben] {
        page.see("decide").await;
    }
    says(&ana, "decide-progress", "0 of 8 decided").await;

    // What has to be talked about comes first, with why; what is agreed comes last.
    let names = ana.texts("queue-row").await;
    let at = |name: &str| names.iter().position(|row| row.contains(name)).unwrap_or(usize::MAX);
    assert!(at("City Pledge") < at("New Hospital"), "{names:?}");
    assert!(names[at("Loyalty App")].contains("hobby"), "{names:?}");

    ana.choose_row(case.pledge).await;
    says(&ana, "decide-case", "City Pledge").await;
    for (tile, wanted) in [
        ("evidence-alone", "3 off, 3 on Net zero"),
        ("evidence-together", "Off strategy"),
        ("evidence-questions", "No claim for 4 of 6"),
        ("evidence-verdict", "stop 5 · move 1"),
    ] {
        says(&ana, tile, wanted).await;
    }
    says(&ana, "room-says", "stop, 5 of 6").await;
    ana.click("verdict-move").await;
    decided(&case, case.pledge, "verdict", "move").await;
    decided(&case, case.pledge, "decided_by", "Member 1").await;
    says(&ana, "room-says", "goes against it").await;
    ana.fill("decision-override", "It is promised in public, and the mayor holds us to it.").await;
    ana.press(&["Tab"]).await;
    decided(&case, case.pledge, "override", "It is promised in public, and the mayor holds us to it.").await;

    // The others see it as it is written, and why they cannot write it.
    row_says(&fay, "City Pledge", "against the room").await;
    ben.choose_row(case.pledge).await;
    says(&ben, "decision-denied", "Only a facilitator, the scribe or the decider can change this.").await;
    assert!(ben.is_disabled("verdict-stop").await);
    says(&ben, "decision-override", "promised in public").await;

    // In the middle of it the page is loaded anew: the same project, and all that was written.
    ana.write("rationale", "The contract runs until May.").await;
    decided(&case, case.pledge, "rationale", "The contract runs until May.").await;
    ana.reload().await;
    says(&ana, "decide-case", "City Pledge").await;
    assert_eq!(ana.value("rationale").await, "The contract runs until May.");
    assert!(ana.value("decision-override").await.contains("mayor"));

    // What else was weighed, who was heard and who is to know, and from when on it holds: behind the fold, for whoever may
    // write it; a day that is half typed outlasts what somebody else writes meanwhile.
    ana.click("decision-further").await;
    ana.write("decision-alternatives", "Give it to the city.").await;
    ana.write("decision-consulted", "The mayor's office").await;
    ana.write("decision-informed", "All district heads").await;
    ana.focus_on("decision-effective").await;
    ana.press(&["1", "2"]).await;
    fay.choose_row(case.pledge).await;
    fay.write("decision-coalition", "Two districts").await;
    fay.press(&["Tab"]).await;
    decided(&case, case.pledge, "coalition", "Two districts").await;
    ana.press(&["2", "4", "2", "0", "2", "7", "Tab"]).await;
    for (field, wanted) in [
        ("alternatives", "Give it to the city."),
        ("consulted", "The mayor's office"),
        ("informed", "All district heads"),
        ("effective", "2027-12-24"),
    ] {
        decided(&case, case.pledge, field, wanted).await;
    }

    // Somebody shows everybody what is talked about: under the hand of who is typing nothing goes, so she leaves the field.
    ana.click("decision-further").await;
    fay.choose_row(case.loyalty).await;
    fay.click("decide-spotlight").await;
    says(&ana, "decide-case", "Loyalty App").await;
    says(&ben, "decide-case", "Loyalty App").await;
    for page in [&fay, &ana, &ben] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_agreed_is_decided_in_one_go_and_a_stop_says_what_it_lacks() {
    let case = Undecided::prepare().await;
    let browser = Browser::start();
    let fay = case.facilitator(&browser).await;
    case.shop.go_to(DECIDE).await;
    fay.see("decide-agreed").await;

    // The count is told before, and the server decides exactly these.
    says(&fay, "decide-agreed", "3 agreed moves").await;
    fay.click("decide-agreed").await;
    says(&fay, "decide-progress", "3 of 8 decided").await;
    let hospital = case.shop.project("New Hospital").await;
    decided(&case, hospital, "owner", "Olu Adeyemi").await;
    decided(&case, hospital, "status", "proposed").await;
    says(&fay, "capacity", "3 projects").await;
    fay.click("decide-agreed-undo").await;
    says(&fay, "decide-progress", "0 of 8 decided").await;
    fay.click("decide-agreed").await;
    says(&fay, "decide-progress", "3 of 8 decided").await;

    // A stop lacks six things, and each of them is a way to its field.
    fay.choose_row(case.loyalty).await;
    fay.click("verdict-stop").await;
    says(&fay, "decision-lacks", "the day on which it ends").await;
    assert_eq!(fay.count("need").await, 6);
    row_says(&fay, "Loyalty App", "6 missing").await;
    fay.fill("decision-owner", "Lena Fuchs").await;
    fay.choose("decision-kind", "", "hand_over").await;
    fay.fill("decision-ends", "2099-03-31").await;
    fay.fill("decision-first_step", "Tell the team").await;
    // Too far off: a first step within thirty days is what is asked for.
    fay.fill("decision-first_step_due", "2099-03-01").await;
    fay.fill("decision-frees", "6 people for the hospital").await;
    fay.press(&["Tab"]).await;
    says(&fay, "decision-lacks", "within thirty days").await;
    wait::until("nothing else is missing", async || {
        let needs = fay.count("need").await;
        wait::holds(needs == 1, || format!("{needs} things"))
    })
    .await;
    fay.click("need").await;
    wait::until("the focus is in the field of what is missing", async || {
        let focus = fay.focus().await;
        wait::holds(focus == "decision-first_step_due", || focus.clone())
    })
    .await;
    fay.fill("decision-first_step_due", &soon()).await;
    says(&fay, "decision-lacks", "Nothing is missing.").await;
    says(&fay, "capacity", "6 people").await;
    decided(&case, case.loyalty, "kind", "hand_over").await;

    // What is left, and what is incomplete.
    fay.click("queue-lacking").await;
    let incomplete = fay.texts("queue-row").await;
    assert!(incomplete.iter().all(|row| row.contains("missing")), "{incomplete:?}");
    fay.click("queue-left").await;
    wait::until("four are left", async || {
        let left = fay.count("queue-row").await;
        wait::holds(left == 4, || format!("{left} are"))
    })
    .await;
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

/// A day within thirty days from now.
fn soon() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is after 1970");
    plumbline_shared::day::Day::of(now.as_millis() as u64).plus(14).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_commits_in_private_signs_by_name_and_closes() {
    let case = Undecided::prepare().await;
    let shop = &case.shop;
    let browser = Browser::start();
    let fay = case.facilitator(&browser).await;
    let ben = case.member(&browser, "Ben", 1).await;
    shop.go_to(DECIDE).await;
    fay.click("decide-agreed").await;
    says(&fay, "decide-progress", "3 of 8 decided").await;
    fay.choose_row(case.loyalty).await;
    fay.click("verdict-stop").await;
    decided(&case, case.loyalty, "verdict", "stop").await;

    // In private: a number over the wire, a dissent on the page. Nobody signs before the reveal.
    shop.open(COMMIT).await;
    ben.see("commit").await;
    ben.see("sign-later").await;
    ben.write("dissent-text", "Nobody asked the hospital.").await;
    ben.click("dissent-send").await;
    says(&ben, "own-dissent", "Nobody asked the hospital.").await;
    fay.see("commit").await;
    assert_eq!(fay.count("dissent-said").await, 0, "nobody else sees it yet");
    ben.reload().await;
    says(&ben, "own-dissent", "Nobody asked the hospital.").await;
    let number = |member: usize, _: &str| Some(json!({ "scale": if member < 4 { 2 } else { 5 } }));
    shop.answer(COMMIT, number).await;
    shop.reveal().await;
    says(&fay, "dissent-said", "Nobody asked the hospital.").await;
    says(&fay, "confidence", "6 of 6 answered").await;

    // By name: a reservation asks for its reason.
    ben.click("sign-reservation").await;
    ben.see("sign-reason").await;
    ben.click("sign-submit").await;
    says(&ben, "sign", "Say it in a sentence").await;
    ben.write("sign-reason", "Only with the hospital's word.").await;
    ben.click("sign-submit").await;
    says(&fay, "signatures", "Only with the hospital's word.").await;
    says(&fay, "gap", "once three have answered").await;
    for member in [0, 2, 3, 4] {
        let carry = json!({ "type": "sign", "about": "session", "stance": "carry" });
        shop.tell(&shop.room[member].token, carry).await;
    }
    says(&fay, "signed-count", "5 of 7 have signed").await;
    says(&fay, "gap", "2 of 6 confident in private").await;
    says(&fay, "gap", "4 of 5 carry it by name").await;
    says(&fay, "gap", "quiet no").await;

    // The end: what lacks something is listed, with a way to its field.
    shop.go_to(CLOSE).await;
    fay.see("close-view").await;
    says(&fay, "missing", "Loyalty App").await;
    says(&fay, "undecided", "4 projects have no verdict").await;
    says(&fay, "shares", "Projects").await;
    fay.click("need").await;
    fay.see("panel").await;
    wait::until("the focus is in the field", async || {
        let focus = fay.focus().await;
        wait::holds(focus.starts_with("decision-"), || focus.clone())
    })
    .await;
    fay.click("panel-close").await;
    assert_eq!(ben.count("close-session").await, 0, "only a facilitator closes");
    fay.click("close-session").await;
    says(&fay, "close-sure", "All ballots are erased").await;
    says(&fay, "close-sure", "4 decisions go to the decision log").await;
    fay.click("close-yes").await;
    says(&fay, "closed", "The ballots are erased").await;
    ben.see("closed").await;
    assert_eq!(ben.count("reopen").await, 0, "only a facilitator opens it again");
    fay.see("take-md").await;
    fay.click("reopen").await;
    fay.see("close-session").await;
    for page in [&fay, &ben] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
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
async fn a_queue_is_decided_by_keyboard_alone() {
    let case = Undecided::prepare().await;
    let browser = Browser::start();
    let ana = case.member(&browser, "Ana", 0).await;
    case.shop.go_to(DECIDE).await;
    ana.see("decide-case").await;
    tab_to(&ana, "queue-row").await;
    let first = ana.attribute("decide-case", "data-case").await;
    ana.press(&["ArrowDown"]).await;
    wait::until("the next project is chosen", async || {
        let now = ana.attribute("decide-case", "data-case").await;
        wait::holds(now != first, || now.clone())
    })
    .await;
    ana.press(&["ArrowUp"]).await;
    let project: ProjectId = first.parse().expect("a case is a project's");
    ana.press(&["s"]).await;
    decided(&case, project, "verdict", "stop").await;
    tab_to(&ana, "decision-owner").await;
    ana.press_text("Lena Fuchs").await;
    ana.press(&["Tab"]).await;
    decided(&case, project, "owner", "Lena Fuchs").await;
    tab_to(&ana, "decide-next").await;
    ana.press(&["Enter"]).await;
    wait::until("the next one is before her", async || {
        let now = ana.attribute("decide-case", "data-case").await;
        wait::holds(now != first, || now.clone())
    })
    .await;
    let next: ProjectId =
        ana.attribute("decide-case", "data-case").await.parse().expect("a case is a project's");
    ana.press(&["w"]).await;
    decided(&case, next, "verdict", "wait").await;
    assert_eq!(ana.troubles().await, Vec::<String>::new());
}
