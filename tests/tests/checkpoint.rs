//! A checkpoint on real portfolios: the government's major projects of 2021, all of them decided, looked at again with
//! those of 2022. What it finds and comes to is held to a calculation of its own, from the two files alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use plumbline_shared::schema::Root;
use plumbline_tests::{
    album::{Album, workspace},
    api::{Api, Created},
    browser::Browser,
    peer::Peer,
    room::{legible, says},
    rounds::Rounds,
    server::{KEY, Server},
    setting,
    socket::Door,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, Out, Text, WriteTxn};

/// A day that is past, whenever the test is run.
const PAST: &str = "2020-01-31";
/// A day that is to come.
const TO_COME: &str = "2099-12-31";

/// One line of a file.
#[derive(Clone, Debug)]
struct Line {
    reference: String,
    name: String,
    /// What it takes this year, in pounds; the file has millions.
    cost: Option<f64>,
}

fn lines(year: &str) -> Vec<Line> {
    let file =
        fs::read(setting::fixture(&format!("portfolios/gmpp-{year}.csv"))).expect("the fixture is there");
    let mut reader = csv::Reader::from_reader(file.as_slice());
    let line = |record: csv::StringRecord| Line {
        reference: record[0].trim().to_owned(),
        name: record[1].trim().to_owned(),
        cost: record[6].trim().parse::<f64>().ok().map(|millions| (millions * 1e6).round()),
    };
    reader.records().map(|record| line(record.expect("a line"))).collect()
}

/// The file without its references.
fn without_references(year: &str) -> Vec<u8> {
    let file =
        fs::read(setting::fixture(&format!("portfolios/gmpp-{year}.csv"))).expect("the fixture is there");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_slice());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in reader.records() {
        let record = record.expect("a line");
        writer.write_record(record.iter().skip(1)).expect("memory takes it");
    }
    writer.into_inner().expect("memory takes it")
}

fn whole(year: &str) -> Vec<u8> {
    fs::read(setting::fixture(&format!("portfolios/gmpp-{year}.csv"))).expect("the fixture is there")
}

/// What is decided of the n-th project, and where it stands: everything that a checkpoint looks for comes up often.
struct Plan {
    verdict: &'static str,
    fields: Vec<(&'static str, &'static str)>,
    on_strategy: bool,
}

fn plan(n: usize) -> Plan {
    let late = n % 8 < 4;
    let day = if late { PAST } else { TO_COME };
    let (verdict, fields) = match n % 4 {
        0 if late => ("move", vec![]),
        0 => ("move", vec![("measure", "Complaints by half"), ("measure_due", TO_COME)]),
        1 => ("wait", vec![("trigger", "The audit"), ("expires", day)]),
        2 => ("stop", vec![("kind", "end"), ("ends", day)]),
        _ => ("open", vec![("decided_by", "The board"), ("decide_by", TO_COME)]),
    };
    Plan { verdict, fields, on_strategy: n % 3 != 2 }
}

/// A session of 2021 that has decided on everything and is closed.
struct Decided {
    server: Server,
    session: Created,
    /// The ids of its projects, in the order of the file.
    ids: Vec<String>,
}

async fn decided(csv: Vec<u8>, lines: &[Line]) -> Decided {
    let server = Server::start().await;
    let api = server.api();
    let wish = json!({ "title": "Major projects 2021", "name": "Fay" });
    let reply = api.post("/api/sessions", KEY, &wish).await.expect(201);
    let session: Created = serde_json::from_slice(&reply.body).expect("a session");
    let token = session.facilitator_token.clone();
    assert_eq!(api.import(&session.id, &token, csv).await["added"], json!(184));
    let _ = api.pillars(&session.id, &token, &["Net zero", "Secure", "Connected"]).await;
    let board = api.board(&session.id, &token).await["board"].take();
    let by_name: BTreeMap<&str, &str> = board["projects"]
        .as_object()
        .expect("projects")
        .iter()
        .map(|(id, project)| (project["name"].as_str().unwrap_or_default(), id.as_str()))
        .collect();
    let ids: Vec<String> = lines.iter().map(|line| by_name[line.name.as_str()].to_owned()).collect();
    let pillars: Vec<String> = board["pillars"]
        .as_array()
        .expect("pillars")
        .iter()
        .map(|pillar| pillar["id"].as_str().unwrap_or_default().to_owned())
        .collect();
    let peer = Peer::join(&Door::new(api.address(), &session.id, &token)).await;
    let mut last = None;
    for (n, id) in ids.iter().enumerate() {
        let Plan { verdict, fields, on_strategy } = plan(n);
        peer.change(|txn| {
            let decisions = txn.get_or_insert_map(Root::Decisions.name());
            let Some(Out::YMap(decision)) = decisions.get(txn, id) else { panic!("no decision of {id}") };
            decision.insert(txn, "verdict", verdict);
            decision.insert(txn, "owner", format!("Owner {n}"));
            for (field, text) in fields {
                decision.insert(txn, field, text);
            }
            if let Some(Out::YText(reason)) = decision.get(txn, "rationale") {
                reason.insert(txn, 0, "As the room said.");
            }
        });
        let key = plumbline_shared::order::between(last.as_deref(), None);
        peer.place(id, if on_strategy { &pillars[n % 3] } else { "off" }, &key);
        last = Some(key);
        if n % 20 == 19 {
            peer.saved().await;
        }
    }
    peer.saved().await;
    let _ = peer.leave();
    Rounds::of(api, &session).give(json!({ "type": "close" })).await;
    Decided { server, session, ids }
}

async fn open_checkpoint(api: Api, from: &str) -> Created {
    let wish = json!({ "title": "Checkpoint 2022", "name": "Fay", "template": "checkpoint", "from": from });
    let reply = api.post("/api/sessions", KEY, &wish).await.expect(201);
    serde_json::from_slice(&reply.body).expect("a session")
}

async fn board_of(api: Api, session: &Created) -> Value {
    api.board(&session.id, &session.facilitator_token).await["board"].take()
}

/// The checkpoint's part of `decisions.json`.
async fn told(api: Api, session: &Created) -> Value {
    let path = format!("/api/sessions/{}/export/decisions.json", session.id);
    api.get(&path, &session.facilitator_token).await.expect(200).json()["checkpoint"].take()
}

fn figure(told: &Value, key: &str) -> (f64, f64) {
    let figures = told["figures"].as_array().expect("figures");
    let found = figures.iter().find(|figure| figure["key"] == key);
    found.map_or((0.0, 0.0), |figure| {
        (figure["count"].as_f64().expect("a count"), figure["of"].as_f64().expect("out of"))
    })
}

fn listed(told: &Value, key: &str) -> BTreeSet<String> {
    let lists = told["findings"].as_array().expect("findings");
    let list = lists.iter().find(|list| list["key"] == key);
    let projects = list.and_then(|list| list["projects"].as_array().cloned()).unwrap_or_default();
    projects.iter().map(|project| project["id"].as_str().unwrap_or_default().to_owned()).collect()
}

fn found(board: &Value, by: &str) -> usize {
    let earlier = board["earlier"].as_object().expect("earlier");
    earlier.values().filter(|earlier| earlier["found"] == by).count()
}

async fn decide(api: Api, session: &Created, project: &str, field: &str, text: Option<&str>) {
    let peer = Peer::join(&Door::new(api.address(), &session.id, &session.facilitator_token)).await;
    peer.change(|txn| {
        let decisions = txn.get_or_insert_map(Root::Decisions.name());
        let Some(Out::YMap(decision)) = decisions.get(txn, project) else { panic!("no decision") };
        match text {
            Some(text) => drop(decision.insert(txn, field, text)),
            None => drop(decision.insert(txn, field, yrs::Any::Null)),
        }
    });
    peer.saved().await;
    let _ = peer.leave();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_decisions_of_2021_are_held_to_the_portfolio_of_2022() {
    let (then, now) = (lines("2021"), lines("2022"));
    assert_eq!((then.len(), now.len()), (184, 235));
    let Decided { mut server, session, ids } = decided(whole("2021"), &then).await;
    let api = server.api();
    let checkpoint = open_checkpoint(api, &session.id).await;
    let board = board_of(api, &checkpoint).await;
    assert_eq!(board["earlier"].as_object().map(serde_json::Map::len), Some(184));
    let before = told(api, &checkpoint).await;
    assert_eq!(figure(&before, "found"), (0.0, 0.0), "nothing is said of the portfolio before it has come");

    let imported = api.import(&checkpoint.id, &checkpoint.facilitator_token, whole("2022")).await;
    assert_eq!((&imported["updated"], &imported["added"]), (&json!(159), &json!(76)), "{imported}");
    let board = board_of(api, &checkpoint).await;
    assert_eq!((found(&board, "reference"), found(&board, "name")), (159, 0));

    // The calculation of our own: by reference, from the files.
    let runs: BTreeMap<&str, &Line> = now.iter().map(|line| (line.reference.as_str(), line)).collect();
    let still = |n: usize| runs.get(then[n].reference.as_str()).copied();
    let which = |is: &dyn Fn(usize) -> bool| -> BTreeSet<String> {
        (0..then.len()).filter(|n| is(*n)).map(|n| ids[n].clone()).collect()
    };
    let stops = |n: usize| n % 4 == 2;
    let late = |n: usize| n % 8 < 4;
    let comes_to = told(api, &checkpoint).await;
    assert_eq!(listed(&comes_to, "still_runs"), which(&|n| stops(n) && late(n) && still(n).is_some()));
    assert_eq!(listed(&comes_to, "winding_down"), which(&|n| stops(n) && !late(n) && still(n).is_some()));
    assert_eq!(listed(&comes_to, "stopped"), which(&|n| stops(n) && still(n).is_none()));
    assert_eq!(listed(&comes_to, "expired"), which(&|n| n % 4 == 1 && late(n)));
    assert_eq!(listed(&comes_to, "unmeasured"), which(&|n| n % 4 == 0 && late(n)));
    assert_eq!(listed(&comes_to, "vanished"), which(&|n| !stops(n) && still(n).is_none()));
    let renamed = which(&|n| still(n).is_some_and(|line| line.name != then[n].name));
    assert_eq!((renamed.len(), listed(&comes_to, "renamed")), (24, renamed.clone()));
    assert_eq!(listed(&comes_to, "never_decided").len(), 76);
    let gone = (0..then.len()).filter(|n| still(*n).is_none()).count();
    assert_eq!(gone, 25);
    let stopped = which(&|n| stops(n) && still(n).is_none()).len() as f64;
    let ran_on = which(&|n| stops(n) && late(n) && still(n).is_some()).len() as f64;
    assert_eq!(figure(&comes_to, "stopped"), (stopped, stopped + ran_on));
    assert_eq!(figure(&comes_to, "found"), (159.0, 184.0));
    let on = |n: &usize| n % 3 != 2;
    let all: Vec<usize> = (0..then.len()).collect();
    assert_eq!(figure(&comes_to, "projects_then"), (all.iter().filter(|n| on(n)).count() as f64, 184.0));
    let running: Vec<usize> = all.iter().copied().filter(|n| still(*n).is_some()).collect();
    assert_eq!(figure(&comes_to, "projects_now"), (running.iter().filter(|n| on(n)).count() as f64, 235.0));
    let cost =
        |of: &mut dyn Iterator<Item = Option<f64>>| of.flatten().map(|cost| cost.max(0.0)).sum::<f64>();
    let near = |(a, b): (f64, f64), (c, d): (f64, f64)| {
        assert!((a - c).abs() <= 300.0 && (b - d).abs() <= 300.0, "{a} of {b} is not {c} of {d}");
    };
    near(
        figure(&comes_to, "cost_then"),
        (
            cost(&mut all.iter().filter(|n| on(n)).map(|n| then[*n].cost)),
            cost(&mut then.iter().map(|line| line.cost)),
        ),
    );
    // What a newer file leaves empty stays as it was: the cost that was known before goes on.
    let cost_now = |n: usize| still(n).and_then(|line| line.cost).or(then[n].cost);
    let references: BTreeSet<&str> = then.iter().map(|line| line.reference.as_str()).collect();
    let fresh = now.iter().filter(|line| !references.contains(line.reference.as_str())).map(|line| line.cost);
    near(
        figure(&comes_to, "cost_now"),
        (
            cost(&mut running.iter().filter(|n| on(n)).map(|n| cost_now(*n))),
            cost(&mut running.iter().map(|n| cost_now(*n)).chain(fresh)),
        ),
    );

    // The same facts in Markdown and on the office's page.
    for (file, begins) in [("decisions.md", "| "), ("decisions.html?for=office", "<td>")] {
        let path = format!("/api/sessions/{}/export/{file}", checkpoint.id);
        let text = api.get(&path, &checkpoint.facilitator_token).await.expect(200).text();
        for wanted in comes_to["figures"].as_array().expect("figures") {
            let label = wanted["label"].as_str().unwrap_or_default();
            assert!(text.contains(&format!("{begins}{label}")), "{file} does not say {label}");
        }
        for list in comes_to["findings"].as_array().expect("findings") {
            let heading = format!(
                "{} ({})",
                list["label"].as_str().unwrap_or_default(),
                list["projects"].as_array().map_or(0, Vec::len)
            );
            assert!(text.contains(&heading), "{file} does not say {heading}");
        }
    }

    // It outlives a crash and the session that it looks back on.
    server.kill9();
    server.restart().await;
    let api = server.api();
    let _ = api.call("DELETE", &format!("/api/sessions/{}", session.id), KEY, &[], "").await.expect(204);
    assert_eq!(told(api, &checkpoint).await, comes_to);

    // One still holds, one changes, one is taken back, one is new: and the log goes on from what it had.
    let (holds, changes, taken_back) = (&ids[0], &ids[1], &ids[3]);
    decide(api, &checkpoint, holds, "holds", Some("yes")).await;
    decide(api, &checkpoint, changes, "verdict", Some("stop")).await;
    decide(api, &checkpoint, taken_back, "verdict", None).await;
    let new = listed(&comes_to, "never_decided").into_iter().next().expect("one that is new");
    decide(api, &checkpoint, &new, "verdict", Some("move")).await;
    Rounds::of(api, &checkpoint).give(json!({ "type": "close" })).await;
    let log = api.get("/api/decisions/verify", KEY).await.expect(200).json();
    assert_eq!((&log["entries"], &log["first_fault"]), (&json!(188), &Value::Null), "{log}");
    let decisions = api.get("/api/decisions?limit=200", KEY).await.expect(200).json();
    let of = |id: &str, verdict: &Value| {
        let items = decisions["items"].as_array().expect("decisions").iter();
        items
            .filter(|item| item["project_id"] == id && item["verdict"] == *verdict)
            .cloned()
            .collect::<Vec<_>>()
    };
    let changed = of(changes, &json!("stop"));
    let before = of(changes, &json!("wait"));
    assert_eq!(before[0]["superseded_by"], changed[0]["number"]);
    assert_eq!(
        (&changed[0]["supersedes"], &before[0]["status"]),
        (&before[0]["number"], &json!("superseded"))
    );
    assert_eq!(of(taken_back, &json!("open"))[0]["status"], "reversed");
    assert_eq!(of(&new, &json!("move"))[0]["supersedes"], Value::Null);
    let confirmed = &of(holds, &json!("move"))[0];
    assert_eq!(confirmed["confirmed"]["session"], json!(checkpoint.id), "{confirmed}");
    assert_eq!(confirmed["status"], "proposed", "it stands as it stood");

    // The next one looks back on this one: what was decided twice is churn.
    let next = open_checkpoint(api, &checkpoint.id).await;
    let churn = listed(&told(api, &next).await, "churn");
    assert_eq!(churn, BTreeSet::from([changes.clone(), taken_back.clone()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_references_a_person_confirms_what_goes_by_another_name() {
    let (then, now) = (lines("2021"), lines("2022"));
    let Decided { server, session, ids } = decided(without_references("2021"), &then).await;
    let api = server.api();
    let open = json!({ "title": "x", "template": "checkpoint", "from": session.id });
    Rounds::of(api, &session).give(json!({ "type": "resume" })).await;
    let problem = api.post("/api/sessions", KEY, &open).await.problem(409);
    assert!(problem.contains("not closed"), "{problem}");
    Rounds::of(api, &session).give(json!({ "type": "close" })).await;

    let browser = Browser::start();
    let mut album = Album::open();
    // From the list of sessions, in one press.
    let checkpoint = open_checkpoint(api, &session.id).await;
    let imported =
        api.import(&checkpoint.id, &checkpoint.facilitator_token, without_references("2022")).await;
    assert_eq!((&imported["updated"], &imported["added"]), (&json!(139), &json!(96)), "{imported}");
    let board = board_of(api, &checkpoint).await;
    assert_eq!((found(&board, "reference"), found(&board, "name")), (0, 139));
    let unfound =
        board["earlier"].as_object().expect("earlier").values().filter(|e| e["found"].is_null()).count();
    assert_eq!(unfound, 45);

    // Letter for letter it would be 135, 49 and 100; four more differ in no letter or figure, but in case, blanks or signs.
    let same: BTreeSet<&str> = then.iter().map(|line| line.name.as_str()).collect();
    let identical = now.iter().filter(|line| same.contains(line.name.as_str())).count();
    assert_eq!((identical, 184 - identical, 235 - identical), (135, 49, 100));
    // Which of the names that are alike are one, the references would have said.
    let truth: BTreeSet<(String, String)> = {
        let names: BTreeMap<&str, &str> =
            now.iter().map(|line| (line.reference.as_str(), line.name.as_str())).collect();
        let pair = |line: &Line| Some((line.name.clone(), (*names.get(line.reference.as_str())?).to_owned()));
        then.iter().filter_map(pair).collect()
    };
    let fay = browser.open("Fay", &checkpoint.facilitator_url).await;
    fay.see("card").await;
    let wall = browser.open("wall", &checkpoint.wall_url).await;
    wall.see("wall-found").await;
    fay.click("checkpoint-open").await;
    fay.see("likenesses").await;
    album.take(&fay, "checkpoint-likenesses").await;
    let (mut right, mut wrong) = (0, 0);
    loop {
        let Some(text) = fay.texts("alike").await.first().cloned() else { break };
        let is = truth
            .iter()
            .any(|(before, after)| text.contains(before.as_str()) && text.contains(after.as_str()));
        if is {
            right += 1
        } else {
            wrong += 1
        }
        fay.focus_on("likenesses").await;
        fay.press(&[if is { "y" } else { "n" }]).await;
        wait::until("the next pair is before the facilitator", async || {
            // Looked at in one go: the last pair may go between two looks.
            let shown = fay.texts("alike").await;
            wait::holds(shown.first() != Some(&text), || format!("{text} still"))
        })
        .await;
        assert!(right + wrong < 60, "it comes to an end");
    }
    println!("{right} names were confirmed, {wrong} rejected");
    assert!(right >= 12, "{right} of 24 are found by their likeness");
    let board = board_of(api, &checkpoint).await;
    assert_eq!(found(&board, "likeness"), right);
    assert_eq!(board["projects"].as_object().map(serde_json::Map::len), Some(280 - right));
    let comes_to = told(api, &checkpoint).await;
    assert_eq!(figure(&comes_to, "found"), ((139 + right) as f64, 184.0));
    album.take(&fay, "checkpoint-findings").await;
    album.shoot(&wall, "wall-checkpoint", true).await;

    fay.press(&["Escape"]).await;
    wait::until("every card that is not in the portfolio says so", async || {
        let gone = fay.count("card-gone").await as usize;
        wait::holds(gone == 45 - right, || format!("{gone} do"))
    })
    .await;

    // What still holds is said in one tap, and a word that was given is taken back as easily.
    let decide =
        board["agenda"].as_array().expect("steps").iter().find(|step| step["kind"] == "decide").cloned();
    let decide = decide.expect("a step to decide in")["id"].as_str().unwrap_or_default().to_owned();
    let rounds = Rounds::of(api, &checkpoint);
    rounds.go_to(&decide).await;
    fay.see("queue-row").await;
    let rows = fay.texts("queue-row").await;
    let place = |why: &str| rows.iter().position(|row| row.contains(why)).unwrap_or_else(|| panic!("{why}"));
    let found = ["still runs", "waited past its day", "never decided", "no measure"].map(place);
    assert!(
        found[0] == 0 && found.is_sorted(),
        "what was found comes first, the most pressing before the rest: {found:?}"
    );
    fay.choose_row(ids[0].parse().expect("an id")).await;
    fay.see("decided-before").await;
    album.take(&fay, "checkpoint-decide").await;
    fay.click("still-holds").await;
    wait::until("the decision is confirmed", async || {
        let held = board_of(api, &checkpoint).await["decisions"]
            .as_object()
            .expect("decisions")
            .values()
            .filter(|decision| decision["more"]["holds"] == "yes")
            .count();
        wait::holds(held == 1, || format!("{held} are"))
    })
    .await;

    // A stop is asked about in words, in private.
    let step = board["agenda"]
        .as_array()
        .expect("steps")
        .iter()
        .find(|step| step["title"] == "What has stopped")
        .cloned();
    let step = step.expect("the step")["id"].as_str().unwrap_or_default().to_owned();
    rounds.go_to(&step).await;
    rounds.open().await;
    let phone = browser.open_phone("phone", &checkpoint.join_url).await;
    phone.fill("join-name", "Mia").await;
    phone.click("join-submit").await;
    phone.see("promise").await;
    phone.click("promise-begin").await;
    phone.see("scale-row").await;
    says(&phone, "subject-promised", "Ends on").await;
    album.take(&phone, "checkpoint-ballot").await;
    let stop = &ids[2];
    for (name, word) in [("Ana", 0), ("Ben", 1), ("Cy", 1), ("Dee", 3)] {
        let joined = api.join(&checkpoint.code, name).await;
        let cast = json!({ "id": Uuid::now_v7(), "type": "cast", "step": step, "round": 1, "item": stop, "value": { "scale": word } });
        let path = format!("/api/sessions/{}/commands", checkpoint.id);
        let peer = Peer::join(&Door::new(api.address(), &checkpoint.id, &joined.token)).await;
        let id = peer.tell(cast);
        assert!(peer.answer(id).await.is_none(), "{path}");
        let _ = peer.leave();
    }
    rounds.seal().await;
    rounds.reveal().await;
    fay.see("told").await;
    wait::until("the room's words are told", async || {
        let shown = fay.texts("told").await.join("\n");
        wait::holds(shown.contains("As much as before"), || shown.clone())
    })
    .await;

    // Its close has the report, and its files.
    let close =
        board["agenda"].as_array().expect("steps").iter().find(|step| step["kind"] == "close").cloned();
    rounds.go_to(close.expect("a close")["id"].as_str().unwrap_or_default()).await;
    fay.see("checkpoint-report").await;
    album.take(&fay, "checkpoint-report").await;
    wall.see("wall-figures").await;
    says(&wall, "wall-close", "Since Major projects 2021").await;
    legible(&wall, "wall-figures").await;
    album.shoot(&wall, "wall-checkpoint-report", true).await;

    // Who holds the workspace key goes from the closed session to what the log has of it, with the room's words.
    self::decide(api, &checkpoint, stop, "frees", Some("Ten people")).await;
    rounds.give(json!({ "type": "close" })).await;
    fay.see("closed").await;
    assert_eq!((fay.count("close-log").await, fay.count("banner-log").await), (0, 0), "Fay holds no key");
    let office = browser.open("office", &workspace(&server)).await;
    office.see("ways").await;
    let open = json!({ "title": "Not closed", "name": "Fay" });
    let _ = api.post("/api/sessions", KEY, &open).await.expect(201);
    office.reload().await;
    office.read("Not closed").await;
    assert_eq!(office.count("go-on-checkpoint").await, 2, "of what is not closed there is no checkpoint");
    office.go_to(&checkpoint.facilitator_url).await;
    office.see("close-log").await;
    album.take(&office, "checkpoint-closed").await;
    office.click("banner-log").await;
    office.see("log-list").await;
    assert_eq!(office.count("decision-line").await, 1, "that session's, and no other's");
    let path = format!("/api/decisions?session={}", checkpoint.id);
    let number = api.get(&path, KEY).await.expect(200).json()["items"][0]["number"].clone();
    office.go_to(&format!("http://{}/log/{number}", server.address())).await;
    office.see("decision-page").await;
    let asked = office.texts("decision-round").await.join("\n");
    for word in ["As much as before", "I cannot tell"] {
        assert!(asked.contains(word), "the words that were asked in: {asked}");
    }
    album.take(&office, "decision-in-words").await;
    album.close();
}
