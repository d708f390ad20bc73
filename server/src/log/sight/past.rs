//! One session as it left the room: of its board where it is there, of the decision log where it was erased.

use std::collections::BTreeMap;

use plumbline_shared::{
    board::{Board, Pile, Pillar},
    deciding::Evidence,
    ids::{ProjectId, SessionId},
    methods::PileCounts,
    words::{Question, Verdict},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::log::{
    decisions::Decided,
    record::{Counted, Origin, Place, Record, Status},
};

/// A session that was closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// Its id.
    pub session: SessionId,
    /// Its title.
    pub title: String,
    /// When it was closed, in milliseconds since 1970.
    pub closed_at: u64,
    /// Whether it was erased.
    pub erased: bool,
    /// Whether all of its board is known. Of one that was erased, or that has been taken up again, what was decided is.
    pub whole: bool,
    /// The currency of its costs.
    pub currency: String,
    /// Its pillars, in their order as far as that is known.
    pub pillars: Vec<Pillar>,
    /// Its projects.
    pub projects: Vec<Stood>,
}

/// A project as it stood at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Stood {
    /// Its id on that board.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// What the organisation calls it by.
    pub reference: String,
    /// Where it stood.
    pub pile: Pile,
    /// Where most had put it when they first sorted alone, if that is known.
    pub from: Option<Pile>,
    /// What it costs.
    pub cost: Option<f64>,
    /// How many people work on it.
    pub people: Option<f64>,
    /// What most recently came of sorting it alone.
    pub sorted: Option<PileCounts>,
    /// What was decided about it.
    pub decision: Option<Decision>,
}

/// A decision, as far as a pillar's page tells of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PillarDecision)]
pub struct Decision {
    /// Its number in the decision log.
    pub number: u64,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Where it stands now.
    pub status: Status,
    /// Whether it holds.
    pub holds: bool,
    /// The one who answers for it.
    pub owner: String,
    /// What is measured.
    pub measure: String,
    /// When the session was closed: RFC 3339.
    pub decided_on: String,
}

impl Decision {
    fn of(decided: &Decided) -> Self {
        let record = &decided.record;
        Self {
            number: record.number,
            verdict: record.verdict,
            status: decided.standing.status,
            holds: decided.holds(),
            owner: record.owner.clone(),
            measure: record.field("measure").to_owned(),
            decided_on: record.decided_on.clone(),
        }
    }
}

impl Past {
    /// A session that is there. `decided` are its last decisions about each project.
    #[must_use]
    pub fn of_board(session: SessionId, closed_at: u64, board: &Board, decided: &[Decided]) -> Self {
        let decisions: BTreeMap<ProjectId, &Decided> =
            decided.iter().map(|decided| (decided.record.project.id, decided)).collect();
        let evidence = Evidence::of_all(board);
        let projects = board.projects.iter().map(|(id, project)| {
            let told = evidence.get(id);
            let decided = decisions.get(id).copied();
            Stood {
                id: *id,
                name: project.name.clone(),
                reference: project.reference.clone(),
                pile: board.pile(*id),
                from: decided.and_then(|decided| came_from(&decided.record)),
                cost: project.cost,
                people: project.people,
                sorted: told.and_then(|told| told.sort()).map(chosen),
                decision: decided.filter(|decided| decided.record.verdict.is_some()).map(Decision::of),
            }
        });
        Self {
            session,
            title: board.session.title.clone(),
            closed_at,
            erased: false,
            whole: true,
            currency: board.session.currency.clone(),
            pillars: board.pillars.clone(),
            projects: projects.collect(),
        }
    }

    /// A session of which the board is not there, or not as it was closed: what its last decisions about each project
    /// say.
    #[must_use]
    pub fn of_decisions(session: SessionId, closed_at: u64, erased: bool, decided: &[Decided]) -> Self {
        let mut past = Self { session, closed_at, erased, ..Self::default() };
        for decided in decided {
            let record = &decided.record;
            past.title.clone_from(&record.session.title);
            past.currency.clone_from(&record.project.currency);
            if let Some(pillar) = pillar(&record.to)
                && past.pillars.iter().all(|known| known.id != pillar.id)
            {
                past.pillars.push(pillar);
            }
            past.projects.push(Stood {
                id: record.project.id,
                name: record.project.name.clone(),
                reference: record.project.reference.clone(),
                pile: match &record.to {
                    Place::Unsorted => Pile::Unsorted,
                    Place::Off => Pile::Off,
                    Place::Pillar { id, .. } => Pile::Pillar(*id),
                },
                from: came_from(record),
                cost: record.project.cost.map(|amount| amount.value()),
                people: record.project.people.map(|amount| amount.value()),
                sorted: sorted(record),
                decision: record.verdict.map(|_| Decision::of(decided)),
            });
        }
        past
    }
}

fn came_from(record: &Record) -> Option<Pile> {
    match &record.from {
        Origin::Unknown | Origin::Split => None,
        Origin::Off => Some(Pile::Off),
        Origin::Pillar { id, .. } => Some(Pile::Pillar(*id)),
    }
}

/// A pillar as a record has it.
fn pillar(place: &Place) -> Option<Pillar> {
    let Place::Pillar { id, name, intent, goals, measure, rules_out } = place else { return None };
    Some(Pillar {
        id: *id,
        name: name.clone(),
        intent: intent.clone(),
        goals: goals.clone(),
        measure: measure.clone(),
        rules_out: rules_out.clone(),
        ..Pillar::default()
    })
}

/// What most recently came of sorting it alone, by the record's evidence.
/// Counts as a record has them: of the pillars, those that anybody chose.
fn chosen(counts: &PileCounts) -> PileCounts {
    let pillars = counts.pillars.iter().filter(|(_, count)| *count > 0).copied().collect();
    PileCounts { pillars, ..counts.clone() }
}

fn sorted(record: &Record) -> Option<PileCounts> {
    let asked = record.evidence.iter().rev().filter(|asked| asked.question == Question::Placement);
    asked.map(|asked| asked.counts.as_ref()).next()?.and_then(|counts| match counts {
        Counted::Placement { off, pillars, unknown } => {
            let mut pillars: Vec<_> = pillars.iter().map(|pillar| (pillar.id, pillar.count)).collect();
            pillars.sort_unstable();
            Some(PileCounts { off: *off, pillars, unknown: *unknown })
        }
        _ => None,
    })
}
