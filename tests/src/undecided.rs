//! A room of six that has sorted, asked the four questions and said its verdicts, and has not decided.

use plumbline_shared::{
    ids::ProjectId,
    words::{Question, StepKind},
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Page},
    peer::Peer,
    socket::Door,
    workshop::{Planned, Workshop},
};

const PROJECTS: &str = "\
Project,Sponsor,Owner,Cost,People
City Pledge,Chief executive,,3100000,14
New Hospital,Health,Olu Adeyemi,12000000,60
Hydrogen Fund,Energy,Priya Raman,4500000,22
Digital Tax,Treasury,,,31
Loyalty App,Marketing,Lena Fuchs,700000,6
Brand Museum,Marketing,,250000,3
Staff Magazine,People,,,2
Data Lake,Treasury,Tom Brandt,1900000,9
";
const PILLARS: &[&str] = &["Health", "Net zero", "Digital state"];

/// The place of the sort in the agenda.
pub const SORT: usize = 0;
/// The place of the four questions.
pub const HOBBY: usize = 1;
/// The place of the private verdict.
pub const VERDICT: usize = 2;
/// The place of deciding.
pub const DECIDE: usize = 3;
/// The place of committing.
pub const COMMIT: usize = 4;
/// The place of the close.
pub const CLOSE: usize = 5;

/// What a member, counted from 0, says a project stands on: a pillar's place, or off.
fn sorts(member: usize, project: &str) -> Option<usize> {
    match project {
        "New Hospital" => Some(0),
        "Hydrogen Fund" => Some(1),
        "Digital Tax" => Some(2),
        "City Pledge" => (member >= 3).then_some(1),
        "Data Lake" => (member.is_multiple_of(2)).then_some(2),
        _ => None,
    }
}

/// The session and its room.
pub struct Undecided {
    /// The session.
    pub shop: Workshop,
    /// A project on which the room split and which it would stop in private: the City Pledge.
    pub pledge: ProjectId,
    /// A project for which nobody claims anything: the Loyalty App.
    pub loyalty: ProjectId,
}

impl Undecided {
    /// Lets the room answer everything up to its verdicts.
    pub async fn prepare() -> Self {
        let agenda = [
            Planned::ballot(Question::Placement, "Sort alone"),
            Planned::ballot(Question::Hobby, "Four questions"),
            Planned::ballot(Question::Verdict, "Verdict"),
            Planned::step(StepKind::Decide, "Decide"),
            Planned::commit("Commit"),
            Planned::step(StepKind::Close, "Close"),
        ];
        let shop = Workshop::of(PROJECTS, PILLARS, &agenda, 6).await;
        let board = shop.board().await;
        let names: Vec<(String, String)> = board["projects"]
            .as_object()
            .expect("projects are an object")
            .iter()
            .map(|(id, project)| (id.clone(), project["name"].as_str().unwrap_or_default().to_owned()))
            .collect();
        let name = |id: &str| names.iter().find(|(known, _)| known == id).map_or("", |(_, name)| name);
        let pillars: Vec<String> = PILLARS
            .iter()
            .map(|wanted| {
                let all = board["pillars"].as_array().expect("pillars are a list");
                let found = all.iter().find(|pillar| pillar["name"] == *wanted).expect("it was added");
                found["id"].as_str().expect("ids are texts").to_owned()
            })
            .collect();
        let facilitator = &shop.session.facilitator_token;
        let describe = json!({ "type": "describe", "decider": "Member 1", "rule": "after hearing everybody",
            "purpose": "Which of our projects does the strategy carry?" });
        shop.tell(facilitator, describe).await;
        let decider = &shop.room[0].participant_id;
        shop.tell(facilitator, json!({ "type": "name", "participant": decider, "role": "decider" })).await;

        shop.open(SORT).await;
        let sorted = |member: usize, id: &str| {
            let pile = sorts(member, name(id)).map_or("off", |at| pillars[at].as_str());
            Some(json!({ "pillar": pile }))
        };
        shop.answer(SORT, sorted).await;
        shop.reveal().await;
        shop.drive(json!({ "type": "place_agreed" })).await;
        let pledge = shop.project("City Pledge").await;
        let lake = shop.project("Data Lake").await;
        let door = Door::new(shop.server.address(), &shop.session.id, facilitator);
        let peer = Peer::join(&door).await;
        peer.place(&pledge.to_string(), "off", "80");
        peer.place(&lake.to_string(), &pillars[2], "80");
        peer.saved().await;

        let loyalty = shop.project("Loyalty App").await;
        let flag = json!({ "type": "flag", "project": loyalty, "reason": "Which goal would miss it?" });
        shop.tell(&shop.room[4].token, flag).await;
        shop.open(HOBBY).await;
        let claims = |member: usize, id: &str| match name(id) {
            "City Pledge" if member < 2 => Some(json!({ "claims": ["expense"] })),
            _ => Some(json!({ "claims": [] })),
        };
        shop.answer(HOBBY, claims).await;
        shop.reveal().await;

        shop.open(VERDICT).await;
        let verdicts = |member: usize, id: &str| match (name(id), member) {
            ("City Pledge", 0) | ("Data Lake", 0..3) => Some(json!({ "verdict": "move" })),
            ("Data Lake", _) => Some(json!({ "verdict": "wait" })),
            _ => Some(json!({ "verdict": "stop" })),
        };
        shop.answer(VERDICT, verdicts).await;
        shop.reveal().await;
        Self { shop, pledge, loyalty }
    }

    /// The page of the facilitator.
    pub async fn facilitator(&self, browser: &Browser) -> Page {
        browser.open("Fay", &self.shop.session.facilitator_url).await
    }

    /// The page of a member, counted from 0.
    pub async fn member(&self, browser: &Browser, name: &str, at: usize) -> Page {
        browser.open(name, &self.address(at)).await
    }

    /// The personal link of a member, counted from 0.
    #[must_use]
    pub fn address(&self, at: usize) -> String {
        let (server, token) = (self.shop.server.address(), &self.shop.room[at].token);
        format!("http://{server}/s/{}#t={token}", self.shop.session.id)
    }

    /// What is decided of a project so far.
    pub async fn decision(&self, project: ProjectId) -> Value {
        self.shop.board().await["decisions"][project.to_string()].clone()
    }
}
