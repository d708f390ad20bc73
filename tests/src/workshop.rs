//! A session with an agenda, and a room that answers over HTTP: what a facilitator and twelve phones would do.

use plumbline_shared::{
    ids::{ProjectId, StepId},
    words::{Question, StepKind},
};
use plumbline_sync::{Intent, Value as Field};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    api::{Api, Created, Joined},
    page::ReplicaPage,
    server::Server,
    socket::Door,
    wait,
};

/// A step to be planned.
#[derive(Clone, Debug)]
pub struct Planned {
    kind: StepKind,
    question: Option<Question>,
    title: &'static str,
    options: Vec<(String, String)>,
}

impl Planned {
    /// A step without a ballot.
    #[must_use]
    pub fn step(kind: StepKind, title: &'static str) -> Self {
        Self { kind, question: None, title, options: Vec::new() }
    }

    /// A ballot.
    #[must_use]
    pub fn ballot(question: Question, title: &'static str) -> Self {
        Self { kind: StepKind::Ballot, question: Some(question), title, options: Vec::new() }
    }

    /// The sign-off, with a private number before it.
    #[must_use]
    pub fn commit(title: &'static str) -> Self {
        Self { kind: StepKind::Commit, question: Some(Question::Scale), title, options: Vec::new() }
    }

    /// With an option.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.options.push((name.to_owned(), text.to_owned()));
        self
    }
}

/// A session with an agenda and its room.
pub struct Workshop {
    /// The server.
    pub server: Server,
    /// The session.
    pub session: Created,
    /// The steps that were planned, in their order.
    pub steps: Vec<StepId>,
    /// The room: who answers.
    pub room: Vec<Joined>,
}

impl Workshop {
    /// A session with these projects (CSV) and pillars, these steps, and so many people who have joined.
    pub async fn of(csv: &str, pillars: &[&str], agenda: &[Planned], people: usize) -> Self {
        let server = Server::start().await;
        let api = server.api();
        let session = api.create("Strategy review, autumn").await;
        api.import(&session.id, &session.facilitator_token, csv.to_owned()).await;
        api.pillars(&session.id, &session.facilitator_token, pillars).await;
        let mut workshop = Self { server, session, steps: Vec::new(), room: Vec::new() };
        workshop.plan(agenda).await;
        for number in 1..=people {
            let joined = api.join(&workshop.session.code, &format!("Member {number}")).await;
            workshop.room.push(joined);
        }
        workshop
    }

    /// Adds steps behind those that there are.
    pub async fn plan(&mut self, agenda: &[Planned]) {
        let door = Door::new(self.server.address(), &self.session.id, &self.session.facilitator_token);
        let mut page = ReplicaPage::new("the planning facilitator", door, 70_001);
        page.connect().await;
        settled(&mut page).await;
        for planned in agenda {
            let id = StepId(Uuid::now_v7());
            let mut with: Vec<(String, Field)> = vec![("minutes".to_owned(), Field::from(5.0))];
            with.extend(planned.question.map(|question| ("question".to_owned(), question.as_str().into())));
            with.push(("options".to_owned(), planned.options.clone().into()));
            let title = planned.title.to_owned();
            assert!(
                page.act(Intent::AddStep { id, kind: planned.kind, title, with }),
                "{planned:?} is planned"
            );
            self.steps.push(id);
        }
        settled(&mut page).await;
        assert_eq!(page.denied, []);
    }

    /// The HTTP calls.
    #[must_use]
    pub fn api(&self) -> Api {
        self.server.api()
    }

    /// The board, as a facilitator sees it.
    pub async fn board(&self) -> Value {
        self.api().board(&self.session.id, &self.session.facilitator_token).await["board"].take()
    }

    /// The project of this name.
    pub async fn project(&self, name: &str) -> ProjectId {
        let board = self.board().await;
        let projects = board["projects"].as_object().expect("projects are an object");
        let found = projects.iter().find(|(_, project)| project["name"] == name);
        let (id, _) = found.unwrap_or_else(|| panic!("there is a project {name}"));
        id.parse().expect("a project's key is its id")
    }

    /// A facilitator's command, with what they see now.
    pub async fn drive(&self, mut command: Value) {
        let board = self.board().await;
        command["seen"] = json!({ "step": board["session"]["step"], "round": board["session"]["round"] });
        self.tell(&self.session.facilitator_token, command).await;
    }

    /// Somebody's command.
    pub async fn tell(&self, token: &str, mut command: Value) {
        command["id"] = json!(Uuid::now_v7());
        let path = format!("/api/sessions/{}/commands", self.session.id);
        let reply = self.api().post(&path, token, &command).await;
        assert_eq!(reply.status, 200, "{command}: {}", reply.text());
    }

    /// Goes to the step at this place of the plan.
    pub async fn go_to(&self, at: usize) {
        self.drive(json!({ "type": "go_to", "step": self.steps[at] })).await;
    }

    /// Goes to a ballot and opens it.
    pub async fn open(&self, at: usize) {
        self.go_to(at).await;
        self.drive(json!({ "type": "open" })).await;
    }

    /// The room answers in the current round of a step: `answer` says what each member, counted from 0, says of each of
    /// its items.
    pub async fn answer(&self, at: usize, answer: impl Fn(usize, &str) -> Option<Value>) {
        let board = self.board().await;
        let (step, round) = (self.steps[at], &board["session"]["round"]);
        let items = &board["results"][step.to_string()]["rounds"][round.to_string()]["items"];
        let items: Vec<&str> = items.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(!items.is_empty(), "the round asks about something: {}", board["results"]);
        for (number, member) in self.room.iter().enumerate() {
            for item in &items {
                let Some(value) = answer(number, item) else { continue };
                let cast =
                    json!({ "type": "cast", "step": step, "round": round, "item": item, "value": value });
                self.tell(&member.token, cast).await;
            }
        }
    }

    /// Takes no more answers, and shows what it came to.
    pub async fn reveal(&self) {
        self.drive(json!({ "type": "seal" })).await;
        self.drive(json!({ "type": "reveal" })).await;
    }
}

/// Travels until everything is saved.
async fn settled(page: &mut ReplicaPage) {
    wait::until("the plan is saved", async || {
        page.travel();
        page.settled()
    })
    .await;
}
