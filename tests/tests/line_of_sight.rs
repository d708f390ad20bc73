//! Line of sight: the pillars over three sessions, one of them renamed, one session erased.

use plumbline_shared::{order, schema::Root};
use plumbline_tests::{
    album::{Album, workspace},
    api::{Api, Created},
    browser::Browser,
    peer::Peer,
    room::says,
    server::{KEY, Server},
    socket::Door,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Map, Out, WriteTxn};

/// Where a project is put, and what becomes of it.
type Put = (&'static str, &'static str, Option<&'static str>);

/// A session goes from its portfolio to its close: every project is put on a pillar, `off` or nowhere, and decided.
async fn hold(server: &Server, session: &Created, puts: &[Put]) {
    let api = server.api();
    let board = api.board(&session.id, &session.facilitator_token).await["board"].take();
    let find = |root: &str, name: &str| -> String {
        let found = match &board[root] {
            Value::Object(all) => all.iter().find(|(_, it)| it["name"] == *name).map(|(id, _)| id.clone()),
            Value::Array(all) => {
                let found = all.iter().find(|it| it["name"] == *name);
                found.and_then(|it| it["id"].as_str()).map(str::to_owned)
            }
            _ => None,
        };
        found.unwrap_or_else(|| panic!("there is no {name} among {}", board[root]))
    };
    let peer = Peer::join(&Door::new(server.address(), &session.id, &session.facilitator_token)).await;
    let mut last: Option<String> = None;
    for (project, pile, verdict) in puts {
        let key = order::between(last.as_deref(), None);
        let id = find("projects", project);
        match *pile {
            "" => {}
            "off" => {
                peer.place(&id, "off", &key);
            }
            pillar => {
                peer.place(&id, &find("pillars", pillar), &key);
            }
        }
        last = Some(key);
        if let Some(verdict) = verdict {
            peer.change(|txn| {
                let all = txn.get_or_insert_map(Root::Decisions.name());
                let Some(Out::YMap(decision)) = all.get(txn, &id) else { panic!("the server has made it") };
                decision.insert(txn, "verdict", *verdict);
                decision.insert(txn, "owner", "Dana Reyes");
                decision.insert(txn, "measure", "hours without water");
            });
        }
    }
    peer.saved().await;
    let before = decisions(&api).await;
    let at = &api.board(&session.id, &session.facilitator_token).await["board"]["session"];
    let close = json!({
        "id": Uuid::now_v7(), "type": "close", "seen": { "step": at["step"], "round": at["round"] },
    });
    let path = format!("/api/sessions/{}/commands", session.id);
    let _ = api.post(&path, &session.facilitator_token, &close).await.expect(200);
    let more = puts.iter().filter(|(_, _, verdict)| verdict.is_some()).count();
    wait::until("the decisions are in the log", async || {
        let now = decisions(&api).await;
        wait::holds(now == before + more, || format!("{now} of {}", before + more))
    })
    .await;
}

async fn decisions(api: &Api) -> usize {
    let log = api.get("/api/decisions?limit=200", KEY).await.expect(200).json();
    log["items"].as_array().map_or(0, Vec::len)
}

async fn pillars(api: &Api) -> Value {
    api.get("/api/pillars", KEY).await.expect(200).json()
}

const PORTFOLIO: &str = "\
Project,Reference,Cost,People
Smart meters,P-1,900000,9
New reservoir,P-2,4200000,31
Leak patrol,P-3,350000,12
City pledge,P-4,800000,6
Brand museum,P-5,250000,3
Loyalty app,P-6,,4
Data lake,P-7,1900000,
Pump renewal,P-8,2600000,18
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pillars_are_seen_over_three_sessions() {
    let server = Server::start().await;
    let api = server.api();
    let (browser, mut album) = (Browser::start(), Album::open());
    let keeper = browser.open("Keeper", &workspace(&server)).await;
    keeper.see("ways").await;
    let page = format!("http://{}/pillars", server.address());
    keeper.go_to(&page).await;
    keeper.see("pillars-empty").await;

    // The first session: half of the portfolio is on no pillar.
    let spring = api.create("Spring review").await;
    let _ = api.import(&spring.id, &spring.facilitator_token, PORTFOLIO).await;
    let strategy = json!([
        { "name": "Safe water", "intent": "Nobody is without water for longer than an evening.", "goals": ["Halve outages"],
          "measure": "Hours without water", "rules_out": "Growth outside of the region", "owner": "Olu Adeyemi" },
        { "name": "Net zero", "intent": "We take no more from the climate than we give back." },
        { "name": "Fair bills", "intent": "Everybody can pay for water." },
    ]);
    let path = format!("/api/sessions/{}/pillars", spring.id);
    let _ = api.post(&path, &spring.facilitator_token, &strategy).await.expect(200);
    hold(
        &server,
        &spring,
        &[
            ("Smart meters", "Fair bills", Some("wait")),
            ("New reservoir", "Safe water", Some("move")),
            ("Leak patrol", "Safe water", Some("move")),
            ("City pledge", "off", None),
            ("Brand museum", "off", Some("stop")),
            ("Loyalty app", "off", Some("stop")),
            ("Data lake", "", None),
            ("Pump renewal", "Safe water", Some("move")),
        ],
    )
    .await;
    keeper.reload().await;
    keeper.see("no-shift").await;
    assert_eq!(keeper.count("pillar-line").await, 3);
    let told = pillars(&api).await;
    assert_eq!((told["sessions"].as_array().map(Vec::len), &told["flows"]), (Some(1), &json!([])));

    // The second one goes on from it, and calls one of its pillars otherwise.
    let wish = json!({ "title": "Autumn review", "from": spring.id });
    let made = api.post("/api/sessions", KEY, &wish).await.expect(201);
    let autumn: Created = serde_json::from_slice(&made.body).expect("a session");
    let board = api.board(&autumn.id, &autumn.facilitator_token).await;
    let renamed =
        board["board"]["pillars"].as_array().and_then(|all| all.iter().find(|it| it["name"] == "Net zero"));
    let renamed = renamed.and_then(|it| it["id"].as_str()).expect("it goes on").to_owned();
    let peer = Peer::join(&Door::new(server.address(), &autumn.id, &autumn.facilitator_token)).await;
    peer.change(|txn| {
        let all = txn.get_or_insert_map(Root::Pillars.name());
        let Some(Out::YMap(pillar)) = all.get(txn, &renamed) else { panic!("it is on the board") };
        pillar.insert(txn, "name", "Clean energy");
    });
    peer.saved().await;
    hold(
        &server,
        &autumn,
        &[
            ("Smart meters", "Fair bills", Some("move")),
            ("New reservoir", "Safe water", Some("move")),
            ("Leak patrol", "Safe water", Some("move")),
            ("City pledge", "Clean energy", Some("move")),
            ("Data lake", "off", Some("stop")),
            ("Pump renewal", "Safe water", Some("wait")),
        ],
    )
    .await;

    // The third one imports the portfolio anew, under other ids.
    let winter = api.create("Winter review").await;
    let csv = format!("{PORTFOLIO}Solar field,P-9,1500000,11\n");
    let _ = api.import(&winter.id, &winter.facilitator_token, csv).await;
    let _ = api
        .pillars(&winter.id, &winter.facilitator_token, &["safe  WATER", "Clean energy", "Good work"])
        .await;
    hold(
        &server,
        &winter,
        &[
            ("New reservoir", "safe  WATER", Some("move")),
            ("Leak patrol", "safe  WATER", Some("move")),
            ("Pump renewal", "safe  WATER", Some("move")),
            ("Smart meters", "off", Some("wait")),
            ("City pledge", "Clean energy", Some("move")),
            ("Solar field", "Clean energy", Some("move")),
            ("Brand museum", "off", Some("stop")),
        ],
    )
    .await;
    // What is only shown does not count, and nor does what was never closed.
    let _ = api.create("In preparation").await;

    let told = pillars(&api).await;
    let titles: Vec<&Value> =
        told["sessions"].as_array().into_iter().flatten().map(|session| &session["title"]).collect();
    assert_eq!(titles, ["Spring review", "Autumn review", "Winter review"]);
    let line = |name: &str| {
        let all = told["pillars"].as_array().expect("pillars are a list");
        all.iter().find(|line| line["name"] == *name).unwrap_or_else(|| panic!("{name}: {told}")).clone()
    };
    let projects = |line: &Value| -> Vec<Option<u64>> {
        let stands = line["stands"].as_array().expect("one for each session");
        stands.iter().map(|sum| sum["projects"].as_u64()).collect()
    };
    assert_eq!(projects(&line("safe  WATER")), [Some(3), Some(3), Some(3)]);
    assert_eq!(projects(&line("Clean energy")), [Some(0), Some(1), Some(2)]);
    assert_eq!(line("Clean energy")["earlier_names"], json!(["Net zero"]));
    assert_eq!(projects(&line("Good work")), [None, None, Some(0)]);
    assert_eq!(projects(&line("Fair bills")), [Some(1), Some(1), None]);
    assert_eq!(line("safe  WATER")["stands"][0]["cost"], json!({ "sum": 7_150_000.0, "known": 3 }));
    assert_eq!(line("safe  WATER")["intent"], json!("Nobody is without water for longer than an evening."));
    let way = |session: u64, from: Value, to: Value| {
        let all = told["flows"].as_array().expect("flows are a list").iter();
        let found =
            all.filter(|flow| flow["session"] == json!(session) && flow["from"] == from && flow["to"] == to);
        found.map(|flow| flow["projects"].as_u64().unwrap_or(0)).sum::<u64>()
    };
    let of = |name: &str| json!({ "pillar": line(name)["id"] });
    assert_eq!(way(0, json!("off"), of("Clean energy")), 1, "the pledge found its pillar");
    assert_eq!(way(0, json!("stopped"), json!("gone")), 2);
    assert_eq!(way(1, of("Fair bills"), json!("off")), 1);
    assert_eq!(way(1, json!("new"), of("Clean energy")), 1);

    // The pages.
    keeper.reload().await;
    keeper.see("shift-table").await;
    assert_eq!(keeper.count("no-shift").await, 0);
    says(&keeper, "shift-table", "Off strategy").await;
    album.take(&keeper, "pillars-over-sessions").await;
    keeper.click("shift-cost").await;
    says(&keeper, "shift-table", "known for").await;
    keeper.click_in("safe  WATER", "pillar-line").await;
    keeper.see("pillar-stands").await;
    says(&keeper, "pillar-stands", "New reservoir").await;
    keeper.read("Growth outside of the region").await;
    keeper.read("After “Spring review”").await;
    album.take(&keeper, "pillar").await;
    let gone = line("Fair bills")["id"].as_str().unwrap_or_default().to_owned();
    keeper.go_to(&format!("{page}/{gone}")).await;
    says(&keeper, "pillar-was", "Autumn review").await;
    keeper.go_to(&format!("{page}/{}", Uuid::now_v7())).await;
    keeper.see("pillar-unknown").await;

    // A session is erased: what was decided in it is still known, and that it is not all is said.
    let erased = api.call("DELETE", &format!("/api/sessions/{}", spring.id), KEY, &[], "").await;
    assert_eq!(erased.status, 204);
    let told = pillars(&api).await;
    assert_eq!(
        (&told["sessions"][0]["erased"], &told["sessions"][0]["whole"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(told["sessions"][0]["projects"], json!(6), "of two nothing was decided");
    keeper.go_to(&page).await;
    says(&keeper, "sight-caveats", "“Spring review” was erased").await;
    let stranger = api.get("/api/pillars", &winter.facilitator_token).await;
    assert_eq!(stranger.status, 401);
    let troubles: Vec<String> = keeper
        .troubles()
        .await
        .into_iter()
        .filter(|said| !said.contains("Failed to load resource"))
        .collect();
    assert_eq!(troubles, Vec::<String>::new());
    album.close();
}
