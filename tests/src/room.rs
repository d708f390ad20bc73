//! A room that answers: a session with the sample and an agenda of every question, twelve leaders with clients of our own
//! wire, and what pages show of what they say.

use plumbline_shared::{order, schema::Root};
use serde_json::{Value, json};
use uuid::Uuid;
use yrs::{Any, Map, MapPrelim, WriteTxn};

use crate::{album, api::Created, browser::Page, peer::Peer, picture, server::Server, socket::Door, wait};

/// The least size of letters that can be read at eight metres, on a projector of 1,080 lines, in pixels.
const READABLE: f64 = 36.0;

/// A room: a session with the sample, its facilitator, and twelve leaders with clients of our own wire.
pub struct Room {
    /// The server.
    pub server: Server,
    /// The session.
    pub session: Created,
    /// Who drives it.
    pub facilitator: Peer,
    /// Who answers.
    pub leaders: Vec<Peer>,
    /// What they are called.
    pub names: Vec<String>,
    /// The projects' ids.
    pub projects: Vec<String>,
    /// The pillars' ids.
    pub pillars: Vec<String>,
    /// The steps' ids, in the order of [`SORT`] to [`CLOSE`].
    pub steps: Vec<String>,
}

/// The places of the steps in the agenda.
pub const SORT: usize = 0;
/// The board is sorted together.
pub const TOGETHER: usize = 1;
/// The four questions, of the first nine projects.
pub const QUESTIONS: usize = 2;
/// Move, wait or stop, of the same.
pub const VERDICT: usize = 3;
/// Dots on the same.
pub const DOTS: usize = 4;
/// Two statements on a scale from 1 to 5.
pub const PULSE: usize = 5;
/// What each pillar means.
pub const TEXTS: usize = 6;
/// The verdicts are settled.
pub const DECIDE: usize = 7;
/// Confidence, and who signs.
pub const COMMIT: usize = 8;
/// The end.
pub const CLOSE: usize = 9;

/// A step: kind, title, question, options.
type Planned = (&'static str, &'static str, Option<&'static str>, &'static [(&'static str, &'static str)]);

/// What the room does, step by step.
const AGENDA: [Planned; 10] = [
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
    ("decide", "Decide", None, &[]),
    ("commit", "Commit", Some("scale"), &[]),
    ("close", "Close", None, &[]),
];

impl Room {
    /// The room is there, and the session stands where it began.
    ///
    /// # Panics
    /// When the server does not make the session.
    pub async fn gather() -> Self {
        let server = Server::start().await;
        let session = album::sample(&server).await;
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
    ///
    /// # Panics
    /// When it is refused.
    pub async fn drive(&self, mut command: Value) {
        let board = self.board().await;
        command["seen"] = json!({ "step": board["session"]["step"], "round": board["session"]["round"].as_u64().unwrap_or(1) });
        let id = self.facilitator.tell(command.clone());
        assert_eq!(self.facilitator.answer(id).await, None, "{command}");
    }

    /// The board as it stands.
    pub async fn board(&self) -> Value {
        self.server.api().board(&self.session.id, &self.session.facilitator_token).await["board"].clone()
    }

    /// Goes to the step at this place.
    pub async fn go_to(&self, at: usize) {
        self.drive(json!({ "type": "go_to", "step": self.steps[at] })).await;
    }

    /// Everybody answers: for each leader and item what `says` gives, if anything.
    ///
    /// # Panics
    /// When an answer is refused.
    pub async fn answer(
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
    pub async fn ballot(&self, at: usize, items: &[String], says: impl Fn(usize, usize) -> Option<Value>) {
        self.go_to(at).await;
        self.drive(json!({ "type": "open" })).await;
        self.answer(at, 1, items, says).await;
        self.drive(json!({ "type": "seal" })).await;
        self.drive(json!({ "type": "reveal" })).await;
    }

    /// Where leader `who` puts project `n`: a third is agreed, a third is split, and the rest is mixed.
    #[must_use]
    pub fn placed(&self, who: usize, n: usize, round: u32) -> Value {
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

/// Waits until an element of the page has this attribute.
pub async fn shows(page: &Page, of: &str, attribute: &str, expected: &str) {
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
pub async fn says(page: &Page, of: &str, expected: &str) {
    wait::until(&format!("{}: {of} says {expected}", page.name), async || {
        let shown = page.texts(of).await.join("\n");
        wait::holds(shown.contains(expected), || shown.clone())
    })
    .await;
}

/// The wall can be read from the back of the room: no letters are too small, and nothing stands beyond the screen or its
/// part of it.
///
/// # Panics
/// When something does.
pub async fn legible(wall: &Page, scene: &str) {
    wall.resize(1920, 1080).await;
    let (size, says) = wall.smallest().await;
    assert!(size >= READABLE, "{scene} shows «{says}» in {size} px");
    let beyond = wall.beyond(scene).await;
    assert_eq!(beyond, Vec::<String>::new(), "{scene} shows more than there is room for");
}
