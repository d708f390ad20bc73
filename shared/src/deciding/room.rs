//! For tests: a board on which a room of twelve has answered.

use uuid::Uuid;

use crate::{
    answer::Item,
    board::{Board, Flags, Pillar, Placement, Project, Step},
    deciding::Evidence,
    ids::{ParticipantId, PillarId, ProjectId, StepId},
    methods::{ClaimCounts, PileCounts, VerdictCounts},
    results::{Check, Counts, ItemTally, Round, Tally},
    words::{Claim, OFF, Question, StepKind, Verdict},
};

/// The people who may answer.
const PEOPLE: u32 = 12;

/// A board, its projects and its two pillars.
pub(crate) struct Room {
    pub(crate) board: Board,
    pub(crate) projects: Vec<ProjectId>,
}

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(0x0192_f0c4_7b1e_7cc3_98c4_dc0c_0c07_0000 + number).into()
}

/// A round that asks about `items`.
pub(crate) fn round(question: Question, items: Vec<Item>) -> Round {
    Round {
        question,
        prompt: String::new(),
        budget: 5,
        cap: 5,
        lowest: 0,
        pillars: vec![id(1), id(2)],
        statements: Vec::new(),
        words: Vec::new(),
        items,
        tally: None,
    }
}

impl Room {
    pub(crate) fn with_projects(count: u128) -> Self {
        let mut board = Board::default();
        for pillar in [1, 2] {
            board.pillars.push(Pillar {
                id: id(pillar),
                name: format!("Pillar {pillar}"),
                intent: String::new(),
                goals: Vec::new(),
                measure: String::new(),
                rules_out: String::new(),
                owner: String::new(),
                colour: String::new(),
                order: String::new(),
            });
        }
        let projects: Vec<ProjectId> = (0..count).map(|at| id(0x100 + at)).collect();
        for (at, project) in projects.iter().enumerate() {
            board.projects.insert(*project, Project { name: format!("Project {at}"), ..Project::default() });
        }
        Self { board, projects }
    }

    pub(crate) fn evidence(&self, project: usize) -> Evidence<'_> {
        Evidence::of(&self.board, self.projects[project])
    }

    /// A further ballot.
    pub(crate) fn step(&mut self, question: Question) -> StepId {
        let step = id(0x1000 + self.board.agenda.len() as u128);
        self.board.agenda.push(Step {
            id: step,
            kind: StepKind::Ballot,
            title: String::new(),
            question: Some(question),
            minutes: 5,
            options: Vec::new(),
            order: String::new(),
        });
        step
    }

    pub(crate) fn option(&mut self, step: StepId, name: &str, text: &str) {
        let step = self.board.agenda.iter_mut().find(|other| other.id == step).unwrap();
        step.options.push((name.to_owned(), text.to_owned()));
    }

    fn revealed(&mut self, step: StepId, number: u32, told: Vec<(usize, u32, Option<Counts>)>) {
        let question = self.board.agenda.iter().find(|other| other.id == step).unwrap().question.unwrap();
        let items = told.iter().map(|(project, ..)| Item::project(self.projects[*project])).collect();
        let mut round = round(question, items);
        let tally = |(_, answered, counts)| ItemTally { eligible: PEOPLE, answered, sat_out: 0, counts };
        let items = told.into_iter().map(tally).collect();
        round.tally = Some(Tally { eligible: PEOPLE, answered: PEOPLE, on_paper: 0, items });
        self.board.results.entry(step).or_default().rounds.insert(number, round);
    }

    /// What the room sorted alone: a project, how many said off, how many the first pillar.
    pub(crate) fn sorted(&mut self, step: StepId, number: u32, said: &[(usize, u32, u32)]) {
        let told = said.iter().map(|(project, off, on)| {
            let piles = PileCounts { off: *off, pillars: vec![(id(1), *on), (id(2), 0)], unknown: 0 };
            (*project, off + on, Some(Counts::Placement(piles)))
        });
        self.revealed(step, number, told.collect());
    }

    /// What the room claimed: a project, and who ticked strategy, revenue, expense, required, and nothing.
    pub(crate) fn claimed(&mut self, step: StepId, number: u32, said: &[(usize, [u32; 5])]) {
        let told = said.iter().map(|(project, [strategy, revenue, expense, required, none])| {
            let claims = ClaimCounts {
                answered: PEOPLE,
                strategy: *strategy,
                revenue: *revenue,
                expense: *expense,
                required: *required,
                none: *none,
            };
            (*project, PEOPLE, Some(Counts::Hobby(claims, Vec::new())))
        });
        self.revealed(step, number, told.collect());
    }

    /// What the room would do: a project, and who said move, wait, stop.
    pub(crate) fn verdicts(&mut self, step: StepId, number: u32, said: &[(usize, [u32; 3])]) {
        let told = said.iter().map(|(project, [move_on, wait, stop])| {
            let verdicts = VerdictCounts { move_on: *move_on, wait: *wait, stop: *stop };
            (*project, move_on + wait + stop, Some(Counts::Verdict(verdicts)))
        });
        self.revealed(step, number, told.collect());
    }

    /// A round in which so few answered that nothing is told.
    pub(crate) fn silenced(&mut self, step: StepId, number: u32, projects: &[usize]) {
        self.revealed(step, number, projects.iter().map(|project| (*project, 2, None)).collect());
    }

    pub(crate) fn checked(&mut self, step: StepId, project: usize, claim: Claim, stands: bool) {
        let item = Item::project(self.projects[project]);
        let check = Check { item, claim, stands, by: ParticipantId(id(9)) };
        self.board.results.entry(step).or_default().checks.push(check);
    }

    /// Puts a project on the first (0) or the second pillar (1), or off strategy.
    pub(crate) fn place(&mut self, project: usize, pillar: Option<u128>) {
        let pile = pillar.map_or_else(|| OFF.to_owned(), |at| id::<PillarId>(1 + at).to_string());
        self.board.placements.insert(self.projects[project], Placement { pile, order: String::new() });
    }

    pub(crate) fn flag(&mut self, project: usize) {
        self.board.flags.insert(self.projects[project], Flags { count: 1, reasons: Vec::new() });
    }

    pub(crate) fn decide(&mut self, project: usize, verdict: Verdict) {
        self.board.decisions.entry(self.projects[project]).or_default().verdict = Some(verdict);
    }

    pub(crate) fn write(&mut self, project: usize, field: &str, text: &str) {
        let decision = self.board.decisions.entry(self.projects[project]).or_default();
        decision.more.insert(field.to_owned(), text.to_owned());
    }

    pub(crate) fn weigh(&mut self, project: usize, cost: Option<f64>, people: Option<f64>) {
        if let Some(project) = self.board.projects.get_mut(&self.projects[project]) {
            (project.cost, project.people) = (cost, people);
        }
    }
}
