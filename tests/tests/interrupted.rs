//! In the middle of each kind of step a participant reloads, loses the line, and loses the server: nothing that was
//! answered is lost, nothing is asked twice, and nothing is counted twice.

use plumbline_shared::words::{Question, StepKind};
use plumbline_tests::{
    browser::{Browser, Page},
    line::Line,
    wait,
    workshop::{Planned, Workshop},
};
use serde_json::{Value, json};

const PROJECTS: &str = "Project,Sponsor\nHarbour,Ports\nTunnel,Roads\n";
const PILLARS: &[&str] = &["Health", "Net zero", "Digital state", "Homes"];
/// What is missing on the board and is added, one by one.
const MISSED: [&str; 4] = ["Brand museum", "Staff magazine", "Loyalty app", "Hydrogen fund"];
/// What the pillars mean, in somebody's words.
const MEANINGS: [&str; 4] = ["Fewer wait.", "Half the gas.", "One form.", "A roof for all."];
const VERDICTS: [&str; 4] = ["move", "wait", "stop", "open"];
/// How many people answer, Ana among them.
const PEOPLE: usize = 4;

/// The kinds of steps in which a participant does something, each at its place in the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gather,
    Text,
    Sort,
    Together,
    Questions,
    Dots,
    Decide,
    Commit,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Gather,
        Self::Text,
        Self::Sort,
        Self::Together,
        Self::Questions,
        Self::Dots,
        Self::Decide,
        Self::Commit,
    ];

    fn planned(self) -> Planned {
        let about = |question, title, subjects| Planned::ballot(question, title).with("subjects", subjects);
        match self {
            Self::Gather => Planned::step(StepKind::Gather, "Gather"),
            Self::Text => about(Question::Text, "What does it mean?", "pillars"),
            Self::Sort => about(Question::Placement, "Sort alone", "all"),
            Self::Together => Planned::step(StepKind::Board, "Sort together"),
            Self::Questions => about(Question::Hobby, "Four questions", "all"),
            Self::Dots => {
                about(Question::Dots, "Order the moves", "all").with("budget", "5").with("cap", "2")
            }
            Self::Decide => Planned::step(StepKind::Decide, "Decide"),
            Self::Commit => Planned::commit("Commit"),
        }
    }

    /// What the others answer.
    fn others(self, pillar: &str) -> Option<Value> {
        Some(match self {
            Self::Text => json!({ "text": "That it can be counted." }),
            Self::Sort => json!({ "pillar": pillar }),
            Self::Questions => json!({ "claims": [] }),
            Self::Dots => json!({ "dots": 0 }),
            Self::Commit => json!({ "scale": 3 }),
            Self::Gather | Self::Together | Self::Decide => return None,
        })
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// The session, and Ana's page at the other end of a line that can be cut.
struct Case {
    shop: Workshop,
    line: Line,
    ana: Page,
    pillars: Vec<String>,
    /// What was put before Ana in this step, in the order in which she did something about it.
    met: Vec<String>,
}

async fn in_state(page: &Page, state: &str) {
    wait::until(&format!("{} says {state}", page.name), async || {
        let shown = page.attribute("status", "data-state").await;
        wait::holds(shown == state, || shown.clone())
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

impl Case {
    async fn prepare(browser: &Browser) -> Self {
        let agenda = Kind::ALL.map(Kind::planned);
        let shop = Workshop::of(PROJECTS, PILLARS, &agenda, PEOPLE).await;
        let decider =
            json!({ "type": "name", "participant": shop.room[0].participant_id, "role": "decider" });
        shop.tell(&shop.session.facilitator_token, decider).await;
        let board = shop.board().await;
        let all = board["pillars"].as_array().expect("pillars are a list");
        let pillars = all.iter().filter_map(|pillar| pillar["id"].as_str().map(str::to_owned)).collect();
        let line = Line::to(shop.server.address()).await;
        let url = format!("http://server/s/{}#t={}", shop.session.id, shop.room[0].token);
        let ana = browser.open("Ana", &line.link(&url)).await;
        ana.see("board").await;
        in_state(&ana, "saved").await;
        Self { shop, line, ana, pillars, met: Vec::new() }
    }

    /// The session comes to a step, and Ana to what she does in it.
    async fn enter(&mut self, kind: Kind) {
        self.met.clear();
        let at = kind.place();
        if kind.others("").is_some() {
            self.shop.open(at).await;
        } else {
            self.shop.go_to(at).await;
        }
        match kind {
            Kind::Gather => self.ana.see("add-project").await,
            // The first round of all: what is promised is read once, and never again.
            Kind::Text => {
                self.ana.see("promise").await;
                self.ana.click("promise-begin").await;
                self.ana.see("writing").await;
            }
            Kind::Sort | Kind::Questions => self.ana.see("ballot-card").await,
            Kind::Together => self.ana.see("card").await,
            Kind::Dots => self.ana.see("dots-row").await,
            Kind::Decide => self.ana.see("decide").await,
            Kind::Commit => self.ana.see("scale").await,
        }
    }

    /// The project of this name.
    async fn project(&self, name: &str) -> String {
        self.shop.project(name).await.to_string()
    }

    /// What Ana does in a step as her deed `n`, counted from 0.
    async fn act(&mut self, kind: Kind, n: usize) {
        let ana = &self.ana;
        match kind {
            Kind::Gather => {
                ana.click("add-project").await;
                ana.fill("project-name", MISSED[n]).await;
                ana.click("project-submit").await;
            }
            // What she writes last is left in its field: she has gone nowhere else.
            Kind::Text => {
                ana.click_in(PILLARS[n], "writing").await;
                ana.press_text(MEANINGS[n]).await;
            }
            Kind::Sort | Kind::Questions => {
                let now = ana.attribute("ballot-card", "data-current").await;
                assert!(!self.met.contains(&now), "{now} is asked a second time, after {:?}", self.met);
                ana.press(&[if kind == Kind::Sort { "1" } else { "0" }]).await;
                wait::until("the next card is before Ana", async || {
                    let next = ana.attribute("ballot-card", "data-current").await;
                    wait::holds(next != now, || next.clone())
                })
                .await;
                self.met.push(now);
            }
            Kind::Together => {
                let card = self.met_or_known(n);
                self.ana.keys(&card, &["2"]).await;
            }
            Kind::Dots => ana.click_in(MISSED[n], "dot-more").await,
            Kind::Decide => {
                let card = self.met_or_known(n).parse().expect("a project's key is its id");
                self.ana.choose_row(card).await;
                self.ana.click(&format!("verdict-{}", VERDICTS[n])).await;
                self.ana.fill("decision-owner", &format!("Owner {n}")).await;
                self.ana.press(&["Tab"]).await;
            }
            Kind::Commit => match n {
                0 => ana.click_one("scale", "data-number", "2").await,
                1 => {
                    ana.write("dissent-text", "Nobody asked the harbour.").await;
                    ana.click("dissent-send").await;
                }
                2 => ana.click_one("scale", "data-number", "4").await,
                _ => ana.click("done").await,
            },
        }
    }

    /// The project that deed `n` is about: known before the line is cut.
    fn met_or_known(&self, n: usize) -> String {
        self.met[n].clone()
    }

    /// On Ana's page stands what her first `n` deeds have done, and nothing besides.
    async fn stands(&self, kind: Kind, n: usize) {
        let ana = &self.ana;
        assert_eq!(ana.count("promise").await, 0, "the promise was read before");
        match kind {
            Kind::Gather => {
                wait::until(&format!("{n} were added, once each"), async || {
                    let cards = ana.texts("card").await;
                    let of = |name: &&str| cards.iter().filter(|card| card.contains(*name)).count();
                    let counts: Vec<usize> = MISSED.iter().map(of).collect();
                    let wanted: Vec<usize> = (0..4).map(|at| usize::from(at < n)).collect();
                    wait::holds(counts == wanted, || format!("{counts:?} of {cards:?}"))
                })
                .await;
            }
            Kind::Text => {
                wait::until(&format!("{n} fields hold what was written"), async || {
                    let mut values = ana.values("writing").await;
                    values.retain(|value| !value.is_empty());
                    values.sort_unstable();
                    let mut wanted = MEANINGS[..n].to_vec();
                    wanted.sort_unstable();
                    wait::holds(values == wanted, || format!("{values:?}"))
                })
                .await;
            }
            Kind::Sort | Kind::Questions => {
                has(ana, "ballot-progress", "data-answered", &n.to_string()).await;
                let now = ana.attribute("ballot-card", "data-current").await;
                assert!(!self.met.contains(&now), "{now} is asked a second time, after {:?}", self.met);
            }
            Kind::Together => {
                wait::until(&format!("{n} cards lie where Ana has placed them"), async || {
                    let piles = ana.piles().await;
                    let there = |card: &&String| piles.get(*card) == Some(&self.pillars[1]);
                    let count = self.met.iter().filter(there).count();
                    wait::holds(count == n, || format!("{count}: {piles:?}"))
                })
                .await;
            }
            Kind::Dots => {
                has(ana, "dots-left", "data-left", &(5 - n).to_string()).await;
                let on = ana.texts("dots-on").await;
                assert_eq!(on.iter().filter(|dots| *dots == "1").count(), n, "{on:?}");
            }
            Kind::Decide => {
                wait::until(&format!("{n} are decided"), async || {
                    let verdicts = ana.attributes("queue-row", "data-verdict").await;
                    let count = verdicts.iter().filter(|verdict| !verdict.is_empty()).count();
                    wait::holds(count == n, || format!("{verdicts:?}"))
                })
                .await;
                has(ana, "decide-case", "data-case", &self.met[n - 1]).await;
                wait::until("the owner is the one she named", async || {
                    let owner = ana.value("decision-owner").await;
                    wait::holds(owner == format!("Owner {}", n - 1), || owner.clone())
                })
                .await;
            }
            Kind::Commit => {
                let chosen = if n > 2 { 4 } else { 2 };
                wait::until(&format!("{chosen} is pressed, and nothing else"), async || {
                    let pressed = ana.attributes("scale", "aria-pressed").await;
                    let right = |(at, pressed): (usize, &String)| (pressed == "true") == (at == chosen);
                    let right = pressed.len() == 6 && pressed.iter().enumerate().all(right);
                    wait::holds(right, || format!("{pressed:?}"))
                })
                .await;
                wait::until("her dissent stands as far as it was said", async || {
                    let said = ana.texts("own-dissent").await.join("\n");
                    wait::holds(said.contains("Nobody asked the harbour.") == (n > 1), || said.clone())
                })
                .await;
                wait::until("she is done as far as she has said so", async || {
                    let count = ana.count("not-done").await;
                    wait::holds(count == u64::from(n > 3), || format!("{count}"))
                })
                .await;
            }
        }
    }

    /// Everything that Ana has done has been received.
    async fn received(&self, kind: Kind) {
        in_state(&self.ana, "saved").await;
        if kind.others("").is_some() {
            has(&self.ana, "ballot-saving", "data-state", "confirmed").await;
        }
    }

    /// Four deeds, and between them a reload, a line that is cut, a server that is killed, and all of that at once.
    async fn interrupted(&mut self, kind: Kind) {
        self.enter(kind).await;
        if matches!(kind, Kind::Together | Kind::Decide) {
            for name in MISSED {
                let id = self.project(name).await;
                self.met.push(id);
            }
        }
        self.act(kind, 0).await;
        self.received(kind).await;
        self.ana.reload().await;
        self.stands(kind, 1).await;

        self.line.cut();
        in_state(&self.ana, "offline").await;
        self.act(kind, 1).await;
        self.stands(kind, 2).await;
        self.line.mend();
        self.received(kind).await;
        self.stands(kind, 2).await;

        self.shop.server.kill9();
        in_state(&self.ana, "offline").await;
        self.act(kind, 2).await;
        self.stands(kind, 3).await;
        self.shop.server.restart().await;
        self.received(kind).await;
        self.stands(kind, 3).await;

        self.line.cut();
        in_state(&self.ana, "offline").await;
        self.act(kind, 3).await;
        self.ana.reload_in_vain().await;
        self.shop.server.kill9();
        self.shop.server.restart().await;
        self.line.mend();
        self.ana.reload().await;
        self.stands(kind, 4).await;
        self.received(kind).await;
        self.stands(kind, 4).await;
    }

    /// What the step has come to: everybody is counted once.
    async fn counted(&self, kind: Kind) {
        let at = kind.place();
        if let Some(value) = kind.others(&self.pillars[0]) {
            // A dot that is not laid is no answer.
            let value = (kind != Kind::Dots).then_some(value);
            self.shop
                .answer(at, |who, item| {
                    if who == 0 {
                        return None;
                    }
                    let laid = kind == Kind::Dots && item == self.met_by_all();
                    value.clone().or_else(|| laid.then(|| json!({ "dots": 2 })))
                })
                .await;
            self.shop.reveal().await;
        }
        let board = self.shop.board().await;
        let tally = &board["results"][self.shop.steps[at].to_string()]["rounds"]["1"]["tally"];
        match kind {
            Kind::Gather => {
                assert_eq!(board["projects"].as_object().map(serde_json::Map::len), Some(6));
            }
            Kind::Together => {
                let placed = |card: &&String| board["placements"][*card]["pile"] == json!(self.pillars[1]);
                assert_eq!(self.met.iter().filter(placed).count(), 4, "{}", board["placements"]);
            }
            Kind::Decide => {
                for (n, card) in self.met.iter().enumerate() {
                    let decision = &board["decisions"][card];
                    assert_eq!(decision["verdict"], VERDICTS[n], "{decision}");
                    assert_eq!(decision["owner"], json!(format!("Owner {n}")), "{decision}");
                }
            }
            _ => {
                assert_eq!(
                    (&tally["answered"], &tally["eligible"]),
                    (&json!(PEOPLE), &json!(PEOPLE)),
                    "{tally}"
                );
            }
        }
        let items = tally["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let answered: Vec<u64> = items.iter().filter_map(|item| item["answered"].as_u64()).collect();
        match kind {
            // Ana has answered four of six, each once.
            Kind::Sort | Kind::Questions => {
                assert_eq!(answered.iter().sum::<u64>(), 6 * (PEOPLE as u64 - 1) + 4, "{tally}");
            }
            Kind::Text => assert_eq!(answered, [4, 4, 4, 4], "{tally}"),
            Kind::Commit => {
                assert_eq!(items[0]["counts"]["scale"]["counts"], json!([0, 0, 0, 3, 1, 0]), "{tally}");
            }
            _ => {}
        }
    }

    /// What the others give their dots to.
    fn met_by_all(&self) -> &str {
        self.met.first().map_or("", String::as_str)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_nor_asked_twice_in_the_middle_of_any_step() {
    let browser = Browser::start();
    let mut case = Case::prepare(&browser).await;
    for kind in Kind::ALL {
        case.interrupted(kind).await;
        if kind == Kind::Dots {
            case.met = vec![case.project(MISSED[0]).await];
        }
        case.counted(kind).await;
        if kind == Kind::Sort {
            told(&browser, &mut case).await;
        }
    }
    signed(&mut case).await;
    assert_eq!(case.ana.troubles().await, Vec::<String>::new());
}

/// The beat that a page stands at.
async fn at_beat(page: &Page, beat: &str) {
    wait::until(&format!("{} is at the beat {beat}", page.name), async || {
        let (beats, now) =
            (page.attributes("beat", "data-shows").await, page.attributes("beat", "aria-current").await);
        let shown: Vec<&String> =
            beats.iter().zip(&now).filter(|(_, now)| !now.is_empty()).map(|(beat, _)| beat).collect();
        wait::holds(shown == [beat], || format!("{shown:?}"))
    })
    .await;
}

/// What was revealed is shown in beats by a facilitator behind the same line: each press is carried out once.
async fn told(browser: &Browser, case: &mut Case) {
    let fay = browser.open("Fay", &case.line.link(&case.shop.session.facilitator_url)).await;
    let shows = async |fay: &Page| {
        wait::until("the button shows the next beat", async || {
            let next = fay.attribute("console-next", "data-next").await;
            let waits = fay.attribute("console-next", "aria-disabled").await;
            wait::holds(next == "show" && waits.is_empty(), || format!("{next}, {waits}"))
        })
        .await;
    };
    shows(&fay).await;
    for page in [&fay, &case.ana] {
        at_beat(page, "shape").await;
    }
    fay.click("console-next").await;
    at_beat(&case.ana, "agreed").await;
    for page in [&fay, &case.ana] {
        page.reload().await;
        at_beat(page, "agreed").await;
    }

    case.line.cut();
    in_state(&fay, "offline").await;
    shows(&fay).await;
    fay.click("console-next").await;
    case.line.mend();
    for page in [&fay, &case.ana] {
        in_state(page, "saved").await;
        at_beat(page, "splits").await;
    }

    // What is agreed is placed while the server is away: once, when it is back.
    case.shop.server.kill9();
    in_state(&fay, "offline").await;
    fay.click("place-agreed").await;
    case.shop.server.restart().await;
    for page in [&fay, &case.ana] {
        in_state(page, "saved").await;
    }
    wait::until("all six are placed", async || {
        let board = case.shop.board().await;
        let placed = board["placements"].as_object().map_or(0, serde_json::Map::len);
        wait::holds(placed == 6, || board["placements"].to_string())
    })
    .await;

    case.line.cut();
    for page in [&fay, &case.ana] {
        in_state(page, "offline").await;
        page.reload_in_vain().await;
    }
    case.shop.server.kill9();
    case.shop.server.restart().await;
    case.line.mend();
    for page in [&fay, &case.ana] {
        page.reload().await;
        at_beat(page, "splits").await;
        assert_eq!(
            page.count("ballot-card").await + page.count("promise").await,
            0,
            "nothing is asked again"
        );
    }
    assert_eq!(fay.troubles().await, Vec::<String>::new());
    fay.close().await;
}

/// A signature that was given without a line stands once.
async fn signed(case: &mut Case) {
    case.ana.see("sign-carry").await;
    case.line.cut();
    in_state(&case.ana, "offline").await;
    case.ana.click("sign-carry").await;
    case.ana.reload_in_vain().await;
    case.shop.server.kill9();
    case.shop.server.restart().await;
    case.line.mend();
    case.ana.reload().await;
    wait::until("the signature stands, once", async || {
        let signatures = case.ana.texts("signature").await;
        wait::holds(signatures.len() == 1, || format!("{signatures:?}"))
    })
    .await;
    has(&case.ana, "sign-carry", "aria-pressed", "true").await;
}
