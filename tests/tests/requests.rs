//! Asking for new work between sessions: from the form on a phone to the outcome at the status link.

use plumbline_shared::schema::Root;
use plumbline_tests::{
    album::{Album, workspace},
    browser::Browser,
    room::{says, shows},
    server::KEY,
    stage::Stage,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{GetString, Map, Out, Text, WriteTxn};

/// A request as another page would send it.
fn wish(name: &str, asked_by: &str) -> Value {
    json!({
        "name": name, "purpose": "The old ones fail every third night, and nobody can get parts for them.",
        "pillar": "Roads and rail", "measure": "signal failures a month", "target": "from 31 to 10 by next autumn",
        "instead": { "name": "Project 002" }, "owner": "Dana Reyes", "cost": 1_200_000, "currency": "GBP", "people": 6,
        "asked_by": asked_by,
    })
}

async fn requests(stage: &Stage) -> Vec<Value> {
    let list = stage.api().get("/api/requests", KEY).await.expect(200).json();
    list["items"].as_array().cloned().unwrap_or_default()
}

/// The facilitator settles what becomes of a project, and closes the session.
async fn decide_and_close(stage: &Stage, decisions: &[(&str, &str, &str)]) {
    let board = stage.api().board(&stage.session.id, &stage.session.facilitator_token).await;
    let facilitator = stage.witness().await;
    facilitator
        .until("the requests are on the board", |seen| {
            let there = plumbline_tests::picture::keys(&seen.doc, Root::Projects).len();
            wait::holds(there == board["board"]["projects"].as_object().map_or(0, |all| all.len()), || {
                there.to_string()
            })
        })
        .await;
    for (reference, verdict, why) in decisions {
        let projects = board["board"]["projects"].as_object().expect("projects are an object");
        let (id, _) =
            projects.iter().find(|(_, project)| project["reference"] == *reference).expect("it was taken");
        facilitator.change(|txn| {
            let all = txn.get_or_insert_map(Root::Decisions.name());
            let Some(Out::YMap(decision)) = all.get(txn, id) else { panic!("the server has made it") };
            decision.insert(txn, "verdict", *verdict);
            decision.insert(txn, "owner", "Dana Reyes");
            decision.insert(txn, "measure", "signal failures a month");
            let Some(Out::YText(rationale)) = decision.get(txn, "rationale") else { panic!("it has one") };
            assert_eq!(rationale.get_string(txn), "");
            rationale.insert(txn, 0, why);
        });
    }
    facilitator.saved().await;
    let session = &board["board"]["session"];
    let close = json!({
        "id": Uuid::now_v7(), "type": "close", "seen": { "step": session["step"], "round": session["round"] },
    });
    let path = format!("/api/sessions/{}/commands", stage.session.id);
    let _ = stage.api().post(&path, &stage.session.facilitator_token, &close).await.expect(200);
    wait::until("the decisions are in the log", async || {
        let log = stage.api().get("/api/decisions", KEY).await.expect(200).json();
        let there = log["items"].as_array().map_or(0, Vec::len);
        wait::holds(there == decisions.len(), || log.to_string())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_goes_from_a_phone_to_a_session_and_its_outcome_comes_back() {
    let stage = Stage::with_projects(6).await;
    let (browser, mut album) = (Browser::start(), Album::open());

    // Who holds the key makes the way in.
    let keeper = browser.open("Keeper", &workspace(&stage.server)).await;
    keeper.see("ways").await;
    keeper.go_to(&format!("http://{}/requests", stage.server.address())).await;
    keeper.see("requests-empty").await;
    keeper.click("intake-make").await;
    keeper.see("intake-link").await;
    let link = keeper.value("intake-link").await;
    keeper.see("intake-picture").await;
    keeper.reload().await;
    keeper.see("intake-link").await;
    assert_eq!(keeper.value("intake-link").await, link, "whoever has the key is shown it again");

    // Somebody on a phone, without an account.
    let phone = browser.open_phone("Ben", &link).await;
    phone.see("request-form").await;
    assert!(!phone.address().await.contains("pi_"), "the link does not stay in the address");
    phone.click("request-send").await;
    says(&phone, "request-problem", "5 answers are missing").await;
    assert_eq!(phone.focus().await, "request-name", "the first of them has the focus");
    phone.fill("request-name", "Signal renewal, line 4").await;
    phone.fill("request-purpose", "The old ones fail every third night.\nNobody makes parts for them.").await;
    phone.click_one("request-pillar-choice", "data-choice", "Roads and rail").await;
    phone.fill("request-measure", "Signal failures a month").await;
    phone.fill("request-target", "From 31 to 10, by next autumn").await;
    phone.click_one("request-instead-choice", "data-choice", "none").await;
    phone.read("comes on top of everything").await;
    phone.click_one("request-instead-choice", "data-choice", "one").await;
    phone.fill("request-instead-name", "Project 002").await;
    phone.fill("request-owner", "Dana Reyes").await;
    phone.fill("request-cost", "about a million").await;
    phone.fill("request-asked-by", "Ben Okafor").await;
    phone.click("request-send").await;
    phone.read("The cost is a whole number").await;
    album.take(&phone, "request-form").await;
    phone.fill("request-cost", "1,200,000").await;

    // Cut off: nothing is lost, not even over a reload, and twice is once.
    phone.offline(true).await;
    phone.click("request-send").await;
    says(&phone, "request-problem", "nothing is lost").await;
    phone.offline(false).await;
    phone.reload().await;
    phone.see("request-form").await;
    assert_eq!(phone.value("request-name").await, "Signal renewal, line 4");
    assert_eq!(phone.value("request-instead-name").await, "Project 002");
    assert_eq!(phone.value("request-cost").await, "1,200,000");
    let beside = browser.open_beside(&phone, "Ben's other tab", &link).await;
    beside.see("request-form").await;
    phone.click("request-send").await;
    phone.see("request-became").await;
    beside.click("request-send").await;
    beside.see("request-became").await;
    let all = requests(&stage).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["cost"], json!(1_200_000));
    assert_eq!(all[0]["instead"], json!({ "name": "Project 002", "reference": "" }));
    shows(&phone, "request-became", "data-stands", "waiting").await;
    let status = phone.value("status-link").await;
    album.take(&phone, "request-waiting").await;
    // A draft that has arrived is none any more.
    beside.click("request-another").await;
    beside.see("request-form").await;
    assert_eq!(beside.value("request-name").await, "");
    beside.see("request-sent").await;

    // Others ask as well.
    let token = link.split_once("#t=").expect("it has a token").1;
    let send = async |name: &str, by: &str| {
        let sent = stage.api().post("/api/intake/requests", token, &wish(name, by)).await.expect(201);
        sent.json()["url"].as_str().unwrap_or_default().to_owned()
    };
    let declined = send("A museum of signals", "Cleo Marsh").await;
    let same = send("Signals, line 4", "Dev Patel").await;
    let stopped = send("A second app", "Eli Stone").await;

    // Who looks after them declines one and marks one.
    keeper.reload().await;
    keeper.see("requests").await;
    keeper.click_one("request", "data-number", "2").await;
    keeper.click_in("R-2", "request-decline").await;
    keeper.click("request-submit").await;
    keeper.read("Say who you are").await;
    keeper.fill("request-by", "Fay Ito").await;
    keeper.fill("request-reason", "The museum fund is for this. Ask there first.").await;
    album.take(&keeper, "requests").await;
    keeper.click("request-submit").await;
    wait::until("it is declined", async || {
        let stands = keeper.attributes("request", "data-stands").await;
        wait::holds(stands.contains(&"declined".to_owned()), || format!("{stands:?}"))
    })
    .await;
    keeper.click_one("request", "data-number", "3").await;
    keeper.click_in("R-3", "request-mark").await;
    keeper.fill("request-of", "R-1").await;
    keeper.fill("request-by", "Fay Ito").await;
    keeper.click("request-submit").await;
    wait::until("it is marked", async || {
        let stands = keeper.attributes("request", "data-stands").await;
        wait::holds(stands.contains(&"duplicate".to_owned()), || format!("{stands:?}"))
    })
    .await;
    let cleo = browser.open_phone("Cleo", &declined).await;
    shows(&cleo, "request-became", "data-stands", "declined").await;
    says(&cleo, "request-became", "By Fay Ito").await;
    says(&cleo, "request-why", "The museum fund is for this").await;

    // The facilitator has no workspace key, and takes what waits.
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("card").await;
    fay.click("menu").await;
    fay.click("menu-requests").await;
    fay.see("request-offer").await;
    assert_eq!(
        fay.attributes("request-offer", "data-number").await,
        ["4", "1"],
        "what is answered is not offered"
    );
    fay.click("requests-all").await;
    album.take(&fay, "requests-taken").await;
    fay.click("requests-take").await;
    says(&fay, "requests-took", "2 requests are on the board").await;
    fay.click("requests-done").await;
    fay.read("Signal renewal, line 4").await;
    phone.reload().await;
    shows(&phone, "request-became", "data-stands", "taken").await;
    phone.read("Taken into the session “A session under test”").await;

    let why = "It is what the pillar is for.\nProject 002 waits for it.";
    decide_and_close(&stage, &[("R-1", "move", why), ("R-4", "stop", "One app is enough.")]).await;
    phone.go_to(&status).await;
    shows(&phone, "request-became", "data-verdict", "move").await;
    says(&phone, "request-became", "Dana Reyes").await;
    assert_eq!(phone.text("request-why").await, why);
    album.take(&phone, "request-decided").await;
    // Whoever asked for the same sees what became of it, and who asked for what stops is told.
    let dev = browser.open_phone("Dev", &same).await;
    shows(&dev, "request-became", "data-stands", "duplicate").await;
    says(&dev, "request-became", "It is what the pillar is for").await;
    let eli = browser.open_phone("Eli", &stopped).await;
    shows(&eli, "request-became", "data-verdict", "stop").await;
    eli.read("You are told before others are").await;

    // A checkpoint is offered what waits, where it says what it has found.
    let points = send("Points heating", "Gil Ode").await;
    let wish = json!({
        "title": "Ninety days on", "name": "Fay", "template": "checkpoint", "from": stage.session.id,
    });
    let made = stage.api().post("/api/sessions", KEY, &wish).await.expect(201).json();
    fay.go_to(made["facilitator_url"].as_str().expect("a link")).await;
    fay.see("card").await;
    fay.click("checkpoint-open").await;
    fay.click("checkpoint-requests").await;
    fay.see("request-offer").await;
    assert_eq!(fay.attributes("request-offer", "data-number").await, ["5"], "what is decided is not offered");
    album.take(&fay, "checkpoint-requests").await;
    // It closes without a word on it: it waits again, and who has asked is told.
    let (id, token) =
        (made["id"].as_str().expect("an id"), made["facilitator_token"].as_str().expect("a token"));
    let take = json!({ "numbers": [5] });
    let _ = stage.api().post(&format!("/api/sessions/{id}/requests"), token, &take).await.expect(200);
    fay.press(&["Escape"]).await;
    fay.read("Points heating").await;
    let gil = browser.open_phone("Gil", &points).await;
    shows(&gil, "request-became", "data-stands", "taken").await;
    let board = stage.api().board(id, token).await["board"].take();
    let close = json!({
        "id": Uuid::now_v7(), "type": "close",
        "seen": { "step": board["session"]["step"], "round": board["session"]["round"] },
    });
    let _ = stage.api().post(&format!("/api/sessions/{id}/commands"), token, &close).await.expect(200);
    wait::until("it waits again", async || {
        let stands = stage.api().get("/api/requests/5", KEY).await.expect(200).json()["state"].clone();
        wait::holds(stands == "waiting", || stands.to_string())
    })
    .await;
    gil.reload().await;
    shows(&gil, "request-became", "data-stands", "waiting").await;
    gil.read("Ninety days on").await;
    album.take(&gil, "request-waits-again").await;

    // Closed, renewed, erased: each says what it is.
    keeper.reload().await;
    keeper.see("intake-switch").await;
    keeper.click("intake-switch").await;
    shows(&keeper, "intake-state", "data-open", "false").await;
    let late = browser.open_phone("Late", &link).await;
    says(&late, "request-told", "not taken at the moment").await;
    keeper.click("intake-renew").await;
    keeper.click("intake-renew").await;
    wait::until("there is another link", async || {
        let now = keeper.value("intake-link").await;
        wait::holds(now != link, || now.clone())
    })
    .await;
    late.go_to(&link).await;
    late.reload().await;
    says(&late, "request-told", "not valid any more").await;
    album.take(&late, "request-link-dead").await;
    keeper.click_one("request", "data-number", "2").await;
    keeper.click_in("R-2", "request-erase").await;
    keeper.click("request-erase-sure").await;
    says(&keeper, "toast", "R-2 is erased").await;
    cleo.reload().await;
    cleo.see("request-gone").await;
    assert_eq!(requests(&stage).await.len(), 4);
    for page in [&keeper, &phone, &beside, &fay, &dev, &eli, &late, &cleo, &gil] {
        let troubles = page.troubles().await;
        // A page that is cut off, and refusals that the page has told, are on the browser's console.
        let unexpected: Vec<&String> = troubles
            .iter()
            .filter(|said| {
                !said.contains("Failed to load resource") && !said.contains("ERR_INTERNET_DISCONNECTED")
            })
            .collect();
        assert_eq!(unexpected, Vec::<&String>::new(), "{}", page.name);
    }
    album.close();
}
