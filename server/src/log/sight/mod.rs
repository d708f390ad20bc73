//! Line of sight: what stands on each pillar of the strategy, over the sessions of the workspace.
//!
//! A session that is there tells all of its board; of one that was erased the decision log tells what was decided. Both
//! become a [`Past`], and everything here is a pure function of those, in whole counts. Definitions: `docs/METHODS.md`.

mod one;
mod past;
mod shift;
#[cfg(test)]
mod tests;

use plumbline_shared::{
    board::{Pile, Pillar},
    ids::{PillarId, SessionId},
    methods::same_pillars,
    words::Verdict,
};
use serde::Serialize;
use utoipa::ToSchema;

pub use one::{Agreement, One, Stands, one};
pub use past::{Decision, Past, Stood};
pub use shift::{Flow, Place, flows};

/// All pillars over all sessions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PillarsOverSessions)]
pub struct Sight {
    /// The sessions, the first one first.
    pub sessions: Vec<Column>,
    /// The pillars, those of the last session first, in its order.
    pub pillars: Vec<Line>,
    /// What stood off strategy after each session.
    pub off: Vec<Sum>,
    /// What was on no pile.
    pub unsorted: Vec<Sum>,
    /// What was stopped in each session.
    pub stopped: Vec<Sum>,
    /// What became of the projects from each session to the next.
    pub flows: Vec<Flow>,
    /// How many older sessions are not in it.
    pub left_out: usize,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PillarSession)]
pub struct Column {
    /// Its id.
    pub id: SessionId,
    /// Its title.
    pub title: String,
    /// When it was closed, in milliseconds since 1970.
    pub closed_at: u64,
    /// Whether it was erased.
    pub erased: bool,
    /// Whether all of its board is known; otherwise only what was decided.
    pub whole: bool,
    /// The currency of its costs; empty when not known.
    pub currency: String,
    /// How many projects are known of it.
    pub projects: u32,
}

/// A pillar over the sessions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PillarLine)]
pub struct Line {
    /// What it is found by: its id in the last session that had it.
    pub id: PillarId,
    /// Its name there.
    pub name: String,
    /// The names that it had before, the first one first.
    pub earlier_names: Vec<String>,
    /// What it is meant to bring about, as last said.
    pub intent: String,
    /// Who answers for it; empty when not known.
    pub owner: String,
    /// Its colour, by its token; empty when not known.
    pub colour: String,
    /// The place of the last session that had it.
    pub last: usize,
    /// What stood on it after each session; none where it was no pillar.
    pub stands: Vec<Option<Sum>>,
    /// How many decisions that hold were made on it.
    pub decisions: u32,
}

/// Projects, and what they weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = PileSum)]
pub struct Sum {
    /// How many go on.
    pub projects: u32,
    /// How many that stood here were stopped.
    pub stopped: u32,
    /// What those that go on cost.
    pub cost: Weight,
    /// How many people work on those that go on.
    pub people: Weight,
}

/// A sum, and of how many projects it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = PileWeight)]
pub struct Weight {
    /// The sum; a figure below 0 counts as 0.
    pub sum: f64,
    /// Of how many it is known.
    pub known: u32,
}

impl Weight {
    fn add(&mut self, figure: Option<f64>) {
        if let Some(figure) = figure.filter(|figure| figure.is_finite()) {
            self.sum += figure.max(0.0);
            self.known += 1;
        }
    }
}

impl Sum {
    fn add(&mut self, stood: &Stood) {
        if stood.is_stopped() {
            self.stopped += 1;
            return;
        }
        self.projects += 1;
        self.cost.add(stood.cost);
        self.people.add(stood.people);
    }

    /// The sum of what was stopped, which goes on nowhere.
    fn of_stopped<'a>(all: impl Iterator<Item = &'a Stood>) -> Self {
        let mut sum = Self::default();
        for stood in all.filter(|stood| stood.is_stopped()) {
            sum.projects += 1;
            sum.cost.add(stood.cost);
            sum.people.add(stood.people);
        }
        sum
    }
}

/// For every pillar of every session the line that it belongs to.
fn lines(pasts: &[Past]) -> Vec<Vec<usize>> {
    let named: Vec<Vec<(PillarId, &str)>> = pasts
        .iter()
        .map(|past| past.pillars.iter().map(|pillar| (pillar.id, pillar.name.as_str())).collect())
        .collect();
    same_pillars(&named)
}

/// A pillar of a session by its line.
fn pillar_of<'p>(past: &'p Past, lines: &[usize], line: usize) -> Option<&'p Pillar> {
    let at = lines.iter().position(|other| *other == line)?;
    past.pillars.get(at)
}

/// All pillars over all sessions, which are given in their order.
#[must_use]
pub fn sight(pasts: &[Past]) -> Sight {
    let lines = lines(pasts);
    let count = lines.iter().flatten().max().map_or(0, |last| last + 1);
    let mut pillars: Vec<Line> = (0..count).filter_map(|line| over(pasts, &lines, line)).collect();
    // Those of the last session first, each session's in its own order.
    pillars.sort_by_key(|line| {
        let past = &pasts[line.last];
        (std::cmp::Reverse(line.last), past.pillars.iter().position(|pillar| pillar.id == line.id))
    });
    let on = |past: &Past, pile: Pile| {
        let mut sum = Sum::default();
        past.projects.iter().filter(|stood| stood.pile == pile).for_each(|stood| sum.add(stood));
        sum
    };
    Sight {
        sessions: pasts.iter().map(Column::of).collect(),
        off: pasts.iter().map(|past| on(past, Pile::Off)).collect(),
        unsorted: pasts.iter().map(|past| on(past, Pile::Unsorted)).collect(),
        stopped: pasts.iter().map(|past| Sum::of_stopped(past.projects.iter())).collect(),
        flows: flows(pasts, &lines, &pillars),
        pillars,
        left_out: 0,
    }
}

fn over(pasts: &[Past], lines: &[Vec<usize>], line: usize) -> Option<Line> {
    let had = |at: usize| pillar_of(&pasts[at], &lines[at], line);
    let there: Vec<(usize, &Pillar)> = (0..pasts.len()).filter_map(|at| Some((at, had(at)?))).collect();
    let (last, pillar) = there.last()?;
    let mut earlier_names: Vec<String> = Vec::new();
    for (_, before) in &there {
        if before.name != pillar.name && !earlier_names.contains(&before.name) {
            earlier_names.push(before.name.clone());
        }
    }
    let known = |field: fn(&Pillar) -> &String| {
        // An erased session does not know everything: what was said before it stands.
        let said = there.iter().rev().map(|(_, pillar)| field(pillar)).find(|text| !text.is_empty());
        said.cloned().unwrap_or_default()
    };
    let mut decisions = 0;
    let stands = (0..pasts.len())
        .map(|at| {
            let pillar = had(at)?;
            let mut sum = Sum::default();
            for stood in pasts[at].projects.iter().filter(|stood| stood.pile == Pile::Pillar(pillar.id)) {
                sum.add(stood);
                decisions += u32::from(stood.decision.as_ref().is_some_and(|decision| decision.holds));
            }
            Some(sum)
        })
        .collect();
    Some(Line {
        id: pillar.id,
        name: pillar.name.clone(),
        earlier_names,
        intent: known(|pillar| &pillar.intent),
        owner: known(|pillar| &pillar.owner),
        colour: known(|pillar| &pillar.colour),
        last: *last,
        stands,
        decisions,
    })
}

impl Column {
    fn of(past: &Past) -> Self {
        Self {
            id: past.session,
            title: past.title.clone(),
            closed_at: past.closed_at,
            erased: past.erased,
            whole: past.whole,
            currency: past.currency.clone(),
            projects: u32::try_from(past.projects.len()).unwrap_or(u32::MAX),
        }
    }
}

impl Stood {
    /// Whether it was stopped, and that holds.
    fn is_stopped(&self) -> bool {
        let decision = self.decision.as_ref().filter(|decision| decision.holds);
        decision.is_some_and(|decision| decision.verdict == Some(Verdict::Stop))
    }
}
