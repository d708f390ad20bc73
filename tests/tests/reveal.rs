//! What the room sees of its answers: typed clients answer over the real wire, and the facilitator's page, a phone and
//! the wall show what it came to.

use std::{collections::BTreeMap, env, path::PathBuf};

use plumbline_shared::{order, schema::Root};
use plumbline_tests::{
    api::Created,
    browser::{Browser, Page},
    line::Line,
    peer::Peer,
    picture,
    server::{KEY, Server},
    setting,
    socket::Door,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Any, Map, MapPrelim, WriteTxn};

/// A room: a session with the sample, its facilitator, and twelve leaders with clients of our own wire.
struct Room {
    server: Server,
    session: Created,
    facilitator: Peer,
    leaders: Vec<Peer>,
    names: Vec<String>,
    projects: Vec<String>,
    pillars: Vec<String>,
    steps: Vec<String>,
}

/// What the room does, step by step.
/// A step: its kind, its title, its question, its options.
type Step = (&'static str, &'static str, Option<&'static str>, &'static [(&'static str, &'static str)]);

const AGENDA: [Step; 8] = [
    (
        "ballot",
        "Sort alone",
        Some("placement"),
        &[("now", "Which pillar would miss its goal this year without it?")],
    ),
    ("board", "Sort together", None, &[("now", "Talk about what is contested, one after the other.")]),
    ("ballot", "Four questions", Some("hobby"), &[("subjects", "shortlist")]),
    ("ballot", "Verdict", Some("verdict"), &[("subjects", "shortlist")]),
    ("ballot", "Order the moves", Some("dots"), &[("subjects", "shortlist"), ("budget", "5")]),
    (
        "ballot",
        "Pulse",
        Some("scale"),
        &[
            ("subjects", "statements"),
            ("statement", "I know why we do this"),
            ("statement", "I will do my part"),
            ("lowest", "1"),
        ],
    ),
    ("ballot", "What does it mean?", Some("text"), &[("subjects", "pillars")]),
    ("close", "Close", None, &[]),
];

impl Room {
    async fn gather() -> Self {
        let server = Server::start().await;
        let wish = json!({ "title": "Strategy review, autumn", "sample": true });
        let reply = server.api().post("/api/sessions", KEY, &wish).await.expect(201);
        let session: Created = serde_json::from_slice(&reply.body).expect("a session is made");
        let door = |token: &str| Door::new(server.address(), &session.id, token);
        let facilitator = Peer::join(&door(&session.facilitator_token)).await;
        let names: Vec<String> =
            ["Ana", "Ben", "Cleo", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kim", "Lea"]
                .map(str::to_owned)
                .to_vec();
        let mut leaders = Vec::new();
        for name in &names {
            let joined = server.api().join(&session.code, name).await;
            leaders.push(Peer::join(&door(&joined.token)).await);
        }
        let (projects, pillars) = {
            let seen = facilitator.seen();
            (picture::keys(&seen.doc, Root::Projects), picture::keys(&seen.doc, Root::Pillars))
        };
        let mut room =
            Self { server, session, facilitator, leaders, names, projects, pillars, steps: Vec::new() };
        room.plan().await;
        room
    }

    /// Writes the agenda. The shortlist is the first nine projects.
    async fn plan(&mut self) {
        let mut last: Option<String> = None;
        for (kind, title, question, options) in AGENDA {
            let (id, key) =
                (Uuid::now_v7().to_string(), order::between(last.as_deref().or(Some("fe")), None));
            let mut pairs: Vec<(String, String)> =
                options.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            if pairs.contains(&("subjects".to_owned(), "shortlist".to_owned())) {
                pairs.push(("shortlist".to_owned(), self.projects[..9].join(" ")));
            }
            self.facilitator.change(|txn| {
                let step =
                    txn.get_or_insert_map(Root::Agenda.name()).insert(txn, id.as_str(), MapPrelim::default());
                step.insert(txn, "kind", kind);
                step.insert(txn, "title", title);
                step.insert(txn, "minutes", 15);
                step.insert(txn, "order", key.as_str());
                if let Some(question) = question {
                    step.insert(txn, "question", question);
                }
                let pair =
                    |(a, b): &(String, String)| Any::from(vec![Any::from(a.as_str()), Any::from(b.as_str())]);
                step.insert(txn, "options", Any::from(pairs.iter().map(pair).collect::<Vec<_>>()));
            });
            last = Some(key);
            self.steps.push(id);
        }
        self.facilitator.saved().await;
    }

    /// The facilitator gives a command, having seen where the session stands.
    async fn drive(&self, mut command: Value) {
        let board = self.board().await;
        command["seen"] = json!({ "step": board["session"]["step"], "round": board["session"]["round"].as_u64().unwrap_or(1) });
        let id = self.facilitator.tell(command.clone());
        assert_eq!(self.facilitator.answer(id).await, None, "{command}");
    }

    async fn board(&self) -> Value {
        self.server.api().board(&self.session.id, &self.session.facilitator_token).await["board"].clone()
    }

    async fn go_to(&self, at: usize) {
        self.drive(json!({ "type": "go_to", "step": self.steps[at] })).await;
    }

    /// Everybody answers: for each leader and item what `says` gives, if anything.
    async fn answer(
        &self,
        at: usize,
        round: u32,
        items: &[String],
        says: impl Fn(usize, usize) -> Option<Value>,
    ) {
        for (who, leader) in self.leaders.iter().enumerate() {
            let mut sent = Vec::new();
            for (n, item) in items.iter().enumerate() {
                if let Some(value) = says(who, n) {
                    let cast = json!({
                        "type": "cast", "step": self.steps[at], "round": round, "item": item, "value": value,
                    });
                    sent.push(leader.tell(cast));
                }
            }
            for id in sent {
                assert_eq!(leader.answer(id).await, None, "{}", self.names[who]);
            }
        }
    }

    /// A round of a ballot from its opening to its reveal.
    async fn ballot(&self, at: usize, items: &[String], says: impl Fn(usize, usize) -> Option<Value>) {
        self.go_to(at).await;
        self.drive(json!({ "type": "open" })).await;
        self.answer(at, 1, items, says).await;
        self.drive(json!({ "type": "seal" })).await;
        self.drive(json!({ "type": "reveal" })).await;
    }

    async fn page(&self, browser: &Browser, name: &str, url: &str) -> Page {
        let page = browser.open(name, url).await;
        page.see("board").await;
        page
    }

    /// Where leader `who` puts project `n`: a third is agreed, a third is split, and the rest is mixed.
    fn placed(&self, who: usize, n: usize, round: u32) -> Value {
        let on = |n: usize| json!({ "pillar": self.pillars[n % self.pillars.len()] });
        let (off, unknown) = (json!({ "pillar": "off" }), json!({ "pillar": "unknown" }));
        match n % 6 {
            // All of one mind, but for one.
            0 | 1 if who == n % 12 => on(n),
            0 | 1 => on(n / 6),
            // Nobody ties it to the strategy, but for one.
            2 if who == n % 12 => on(n),
            2 => off,
            // Two camps, on or off the strategy; the second round is less even.
            3 if who < if round == 1 { 6 } else { 4 } => off,
            3 if who == 6 => on(n / 5),
            3 => on(n / 6),
            // Two pillars.
            4 => on(n / 6 + usize::from(who % 5 > 1)),
            // Half of the room does not know it.
            _ if who < 7 => unknown,
            _ if who < 9 => off,
            _ => on(who),
        }
    }
}

/// Where pictures are kept, if they are.
fn album() -> Option<PathBuf> {
    env::var_os(setting::PICTURES).map(PathBuf::from)
}

async fn shoot(page: &Page, name: &str, projector: bool) -> Vec<String> {
    let folder = album().unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures"));
    let found = page.shoot(&folder.join(format!("{name}.webp")), projector).await;
    found.into_iter().map(|finding| format!("{name}, {finding}")).collect()
}

/// Waits until an element of the page has this attribute.
async fn shows(page: &Page, of: &str, attribute: &str, expected: &str) {
    wait::until(&format!("{}: {of} has {attribute} {expected}", page.name), async || {
        if page.count(of).await == 0 {
            return Err(format!("there is no {of}"));
        }
        let shown = page.attribute(of, attribute).await;
        wait::holds(shown == expected, || shown.clone())
    })
    .await;
}

/// Waits until an element of the page says this somewhere.
async fn says(page: &Page, of: &str, expected: &str) {
    wait::until(&format!("{}: {of} says {expected}", page.name), async || {
        let shown = page.texts(of).await.join("\n");
        wait::holds(shown.contains(expected), || shown.clone())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sort_is_revealed_in_three_beats_and_talked_about() {
    let room = Room::gather().await;
    let browser = Browser::start();
    let mut found = Vec::new();
    let fay = room.page(&browser, "facilitator", &room.session.facilitator_url).await;
    let wall = browser.open("wall", &room.session.wall_url).await;
    wall.see("wall").await;
    let phone = browser.open_phone("phone", &room.session.join_url).await;
    phone.fill("join-name", "Mia").await;
    phone.click("join-submit").await;
    phone.see("board").await;

    room.go_to(0).await;
    shows(&wall, "wall-ballot", "data-state", "ready").await;
    found.extend(shoot(&wall, "wall-ballot-ready", true).await);
    room.drive(json!({ "type": "open" })).await;
    shows(&wall, "wall-ballot", "data-state", "open").await;
    room.answer(0, 1, &room.projects, |who, n| Some(room.placed(who, n, 1))).await;
    found.extend(shoot(&wall, "wall-ballot-open", true).await);
    room.drive(json!({ "type": "seal" })).await;
    shows(&wall, "wall-ballot", "data-state", "sealed").await;
    assert_eq!(fay.count("reveal").await, 0, "nothing is shown before the reveal");
    room.drive(json!({ "type": "reveal" })).await;

    // The first beat.
    for page in [&fay, &phone] {
        shows(page, "reveal", "data-question", "placement").await;
        says(page, "answered", "12 of 13 answered").await;
    }
    says(&fay, "shape-words", "The room puts").await;
    shows(&wall, "wall-beat", "data-shows", "shape").await;
    found.extend(shoot(&fay, "reveal-shape", false).await);
    found.extend(shoot(&wall, "wall-reveal-shape", true).await);
    assert_eq!(phone.count("next-beat").await, 0, "who does not drive scrolls");
    assert_eq!(phone.count("reveal-detail").await, 0, "the numbers are the facilitator's");

    // The second.
    fay.click("next-beat").await;
    shows(&wall, "wall-beat", "data-shows", "agreed").await;
    found.extend(shoot(&wall, "wall-reveal-agreed", true).await);
    found.extend(shoot(&fay, "reveal-agreed", false).await);
    // 63 projects: of each six three are agreed.
    says(&fay, "place-agreed", "Place the 33 that are agreed").await;
    fay.click("place-agreed").await;
    says(&fay, "placed-agreed", "33 cards placed").await;
    says(&fay, "now-on-pillars", "22 of 63").await;
    fay.click("take-agreed-back").await;
    says(&fay, "place-agreed", "Place the 33 that are agreed").await;

    // The third, where the facilitator begins to talk about the first project.
    fay.click("next-beat").await;
    shows(&wall, "wall-beat", "data-shows", "splits").await;
    found.extend(shoot(&wall, "wall-reveal-splits", true).await);
    let order = fay.attributes("named", "data-item").await;
    assert!(order.len() >= 60, "agreed and contested projects have names to press: {}", order.len());
    fay.see("heat-map").await;
    let first = room.first_contested(&fay).await;
    fay.click_one("named", "data-item", &first).await;
    shows(&phone, "one-split", "data-item", &first).await;
    fay.see("evidence").await;
    found.extend(shoot(&fay, "reveal-splits", false).await);
    found.extend(shoot(&phone, "reveal-splits-participant", false).await);
    fay.press(&["Escape"]).await;
    fay.click("reveal-detail-open").await;
    says(&fay, "mean-agreement", "%").await;
    says(&fay, "alpha", "between").await;

    for page in [&fay, &wall, &phone] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

impl Room {
    /// The first project of the heat map.
    async fn first_contested(&self, page: &Page) -> String {
        page.attributes("heat-row", "data-row").await.first().expect("the room splits").clone()
    }
}

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
    let mut found = Vec::new();
    let fay = room.page(&browser, "facilitator", &room.session.facilitator_url).await;
    let wall = browser.open("wall", &room.session.wall_url).await;
    wall.see("wall").await;
    let line = Line::to(room.server.address()).await;
    let mia = browser.open("participant", &line.link(&room.session.join_url)).await;
    mia.fill("join-name", "Mia").await;
    mia.click("join-submit").await;
    mia.see("board").await;
    let shortlist = room.projects[..9].to_vec();

    // The four questions.
    room.ballot(2, &shortlist, claimed).await;
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
    found.extend(shoot(&fay, "reveal-claims", false).await);
    says(&wall, "wall-told", "mission-critical").await;
    found.extend(shoot(&wall, "wall-reveal-claims", true).await);
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
    room.go_to(1).await;
    for page in [&fay, &mia] {
        wait::until("the hobbies are marked", async || {
            let marked = page.count("card-hobby").await;
            wait::holds(marked == 5, || marked.to_string())
        })
        .await;
        says(page, "card-hobby", "Hobby").await;
    }
    found.extend(shoot(&fay, "board-hobbies", false).await);

    room.ballot(3, &shortlist, |who, n| {
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
    found.extend(shoot(&fay, "reveal-verdicts", false).await);
    says(&wall, "wall-told", "The room: move").await;
    found.extend(shoot(&wall, "wall-reveal-verdicts", true).await);

    // Each gives three dots to one project and two to another; the first two projects are level.
    room.ballot(4, &shortlist, |who, n| {
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
    found.extend(shoot(&fay, "reveal-dots", false).await);
    found.extend(shoot(&wall, "wall-reveal-dots", true).await);

    let statements = ["s1".to_owned(), "s2".to_owned()];
    room.ballot(5, &statements, |who, n| {
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
    found.extend(shoot(&fay, "reveal-scale", false).await);
    found.extend(shoot(&wall, "wall-reveal-scale", true).await);

    room.ballot(6, &room.pillars[..2], |who, n| {
        (n == 0 || who < 2).then(|| {
            json!({ "text": format!("In {} words: complaints halved, and everybody can say why. {}", who + 3, "And more of it. ".repeat(who)) })
        })
    })
    .await;
    says(&fay, "told", "In 3 words: complaints halved").await;
    says(&fay, "told", "Fewer than three answered").await;
    found.extend(shoot(&fay, "reveal-text", false).await);
    found.extend(shoot(&wall, "wall-reveal-text", true).await);

    room.go_to(7).await;
    wall.see("wall-close").await;
    found.extend(shoot(&wall, "wall-close", true).await);
    for page in [&fay, &wall, &mia] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

/// Project → what it came to, as the page shows it.
async fn told(page: &Page) -> BTreeMap<String, String> {
    let (items, outcomes) =
        (page.attributes("told", "data-item").await, page.attributes("told", "data-outcome").await);
    items.into_iter().zip(outcomes).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_contested_is_talked_about_one_after_the_other() {
    let room = Room::gather().await;
    let browser = Browser::start();
    let mut found = Vec::new();
    room.ballot(0, &room.projects, |who, n| Some(room.placed(who, n, 1))).await;
    // Once more, beside the first round.
    room.drive(json!({ "type": "again" })).await;
    room.drive(json!({ "type": "open" })).await;
    room.answer(0, 2, &room.projects, |who, n| Some(room.placed(who, n, 2))).await;
    room.drive(json!({ "type": "seal" })).await;
    room.drive(json!({ "type": "reveal" })).await;
    let fay = browser.open("facilitator", &room.session.facilitator_url).await;
    let wall = browser.open("wall", &room.session.wall_url).await;
    fay.see("rounds").await;
    fay.click("side-by-side").await;
    says(&fay, "beside", "Round 1 and round 2").await;
    says(&fay, "beside", "6 off, 6 on").await;
    says(&fay, "beside", "does not make them right").await;
    found.extend(shoot(&fay, "reveal-beside", false).await);
    room.drive(json!({ "type": "show", "beat": "beside" })).await;
    shows(&wall, "wall-beat", "data-shows", "beside").await;
    found.extend(shoot(&wall, "wall-reveal-beside", true).await);

    // Sorted together.
    let phone = browser.open_phone("phone", &room.session.join_url).await;
    phone.fill("join-name", "Mia").await;
    phone.click("join-submit").await;
    room.go_to(1).await;
    phone.see("board").await;
    fay.see("queue").await;
    says(&fay, "queue-left", "30 of 30 contested to place").await;
    says(&fay, "queue-times", "0:2").await;
    assert_eq!(phone.count("queue").await, 0, "the queue is the facilitator's");
    fay.click("queue-next").await;
    wait::until("all talk about the same", async || {
        let (fay, phone, wall) = (
            fay.attribute("discussed", "data-item").await,
            phone.attribute("discussed", "data-item").await,
            wall.attribute("wall-discussed", "data-item").await,
        );
        wait::holds(!fay.is_empty() && fay == phone && fay == wall, || format!("{fay}, {phone}, {wall}"))
    })
    .await;
    says(&fay, "queue-times", "left for this one").await;
    found.extend(shoot(&fay, "board-discussed", false).await);
    found.extend(shoot(&phone, "board-discussed-participant", false).await);
    found.extend(shoot(&wall, "wall-discussed", true).await);

    // Only this card may be placed.
    let first = fay.attribute("discussed", "data-item").await;
    fay.click("queue-only").await;
    says(&phone, "discussed", "Only this card can be placed now").await;
    let other = room.projects.iter().find(|id| **id != first).expect("there are others");
    let ana = &room.leaders[0];
    ana.place(other, "off", "80");
    ana.saved().await;
    assert_eq!(ana.seen().denied.last().map(|denied| denied.code.clone()), Some("another_card".to_owned()));
    ana.place(&first, "off", "80");
    ana.saved().await;
    says(&fay, "queue-left", "29 of 30 contested to place").await;
    fay.click("queue-next").await;
    wait::until("the next is talked about", async || {
        let shown = phone.attribute("discussed", "data-item").await;
        wait::holds(shown != first, || shown.clone())
    })
    .await;
    fay.click("queue-previous").await;
    shows(&phone, "discussed", "data-item", &first).await;
    fay.click("queue-end").await;
    wait::until("the talk is over", async || {
        let left = phone.count("discussed").await + wall.count("wall-discussed").await;
        wait::holds(left == 0, || left.to_string())
    })
    .await;
    for page in [&fay, &wall, &phone] {
        assert_eq!(page.troubles().await, Vec::<String>::new(), "{}", page.name);
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
