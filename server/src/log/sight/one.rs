//! One pillar: as it was last said, what stands on it, and how far the rooms agreed on that.

use plumbline_shared::{
    board::{Pile, Pillar},
    ids::{PillarId, ProjectId},
    methods::{PileChoice, Thresholds, is_agreed, modal_pile},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Column, Decision, Line, Past, Stood, lines, over, pillar_of};

/// A pillar's page.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PillarOverSessions)]
pub struct One {
    /// The sessions, the first one first.
    pub sessions: Vec<Column>,
    /// The pillar over them.
    #[serde(flatten)]
    pub line: Line,
    /// Its goals, as last said.
    pub goals: Vec<String>,
    /// The measure of the whole, as last said.
    pub measure: String,
    /// What it rules out, as last said.
    pub rules_out: String,
    /// Whether it was a pillar in the last session.
    pub current: bool,
    /// What stood on it after each session that had it, the last one first.
    pub stands_on_it: Vec<Stands>,
    /// How far the rooms agreed on it, session by session; none where it was no pillar or nobody sorted alone.
    pub agreement: Vec<Option<Agreement>>,
    /// How many older sessions are not in it.
    pub left_out: usize,
}

/// A project that stood on it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = StandsOnPillar)]
pub struct Stands {
    /// The place of the session.
    pub session: usize,
    /// The project, by its id on that board.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What the organisation calls it by.
    pub reference: String,
    /// What it costs.
    pub cost: Option<f64>,
    /// How many people work on it.
    pub people: Option<f64>,
    /// Whether most had put it elsewhere when they first sorted alone.
    pub came: bool,
    /// What was decided about it.
    pub decision: Option<Decision>,
}

/// How far a room agreed on what stands on the pillar, when it last sorted alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PillarAgreement)]
pub struct Agreement {
    /// Projects that stand on it at the end, and that two or more had sorted.
    pub projects: u32,
    /// Of those, how many the room had agreed to put here.
    pub agreed: u32,
    /// Answers about those projects, without *I don't know it*.
    pub answers: u32,
    /// Of those answers, how many put the project here.
    pub here: u32,
}

/// A pillar by its id in any session that had it.
#[must_use]
pub fn one(pasts: &[Past], id: PillarId) -> Option<One> {
    let lines = lines(pasts);
    let line = (0..pasts.len()).rev().find_map(|at| {
        let of = pasts[at].pillars.iter().position(|pillar| pillar.id == id)?;
        lines[at].get(of).copied()
    })?;
    let had = |at: usize| pillar_of(&pasts[at], &lines[at], line);
    let said: Vec<&Pillar> = (0..pasts.len()).rev().filter_map(had).collect();
    let text = |field: fn(&Pillar) -> &String| {
        let known = said.iter().map(|pillar| field(pillar)).find(|text| !text.is_empty());
        known.cloned().unwrap_or_default()
    };
    let goals = said.iter().map(|pillar| &pillar.goals).find(|goals| !goals.is_empty());
    let stands_on_it = (0..pasts.len())
        .rev()
        .filter_map(|at| Some((at, had(at)?)))
        .flat_map(|(at, pillar)| {
            let on = pasts[at].projects.iter().filter(|stood| stood.pile == Pile::Pillar(pillar.id));
            on.map(move |stood| stands(at, stood))
        })
        .collect();
    let whole = over(pasts, &lines, line)?;
    Some(One {
        sessions: pasts.iter().map(Column::of).collect(),
        current: whole.last + 1 == pasts.len(),
        line: whole,
        goals: goals.cloned().unwrap_or_default(),
        measure: text(|pillar| &pillar.measure),
        rules_out: text(|pillar| &pillar.rules_out),
        stands_on_it,
        agreement: (0..pasts.len()).map(|at| agreement(&pasts[at], had(at)?.id)).collect(),
        left_out: 0,
    })
}

fn stands(at: usize, stood: &Stood) -> Stands {
    Stands {
        session: at,
        project: stood.id,
        name: stood.name.clone(),
        reference: stood.reference.clone(),
        cost: stood.cost,
        people: stood.people,
        came: stood.from.is_some_and(|from| from != stood.pile),
        decision: stood.decision.clone(),
    }
}

fn agreement(past: &Past, pillar: PillarId) -> Option<Agreement> {
    let here = PileChoice::Pillar(pillar);
    let mut agreement = Agreement::default();
    let on = past.projects.iter().filter(|stood| stood.pile == Pile::Pillar(pillar));
    for counts in on.filter_map(|stood| stood.sorted.as_ref()).filter(|counts| counts.answered() >= 2) {
        agreement.projects += 1;
        agreement.agreed +=
            u32::from(is_agreed(counts, &Thresholds::default()) && modal_pile(counts) == Some(here));
        agreement.answers += counts.answered();
        let there = counts.pillars.iter().find(|(id, _)| *id == pillar);
        agreement.here += there.map_or(0, |(_, count)| *count);
    }
    (agreement.projects > 0).then_some(agreement)
}
