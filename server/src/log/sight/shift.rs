//! The portfolio's shift: what became of the projects from one session to the next.

use std::collections::BTreeMap;

use plumbline_shared::{
    board::Pile,
    ids::PillarId,
    methods::{Known, same_projects},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Line, Past, Stood, Weight};

/// Where projects are before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = FlowPlace)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// On a pillar, by the id of its line.
    Pillar(PillarId),
    /// Off strategy.
    Off,
    /// On no pile.
    Unsorted,
    /// Stopped in that session.
    Stopped,
    /// Before: not on the earlier board.
    New,
    /// After: not on the later board.
    Gone,
}

/// Projects that went the same way from one session to the next.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PortfolioFlow)]
pub struct Flow {
    /// The place of the earlier session; the later one is the one after it.
    pub session: usize,
    /// Where they were.
    pub from: Place,
    /// Where they are.
    pub to: Place,
    /// How many.
    pub projects: u32,
    /// What they cost then, of those of which that is known.
    pub cost_before: Weight,
    /// What they cost now.
    pub cost_after: Weight,
    /// How many people worked on them then.
    pub people_before: Weight,
    /// How many people work on them now.
    pub people_after: Weight,
}

/// What became of the projects from each session to the next, in the order of the sessions. `lines` says of each session's
/// pillars which line they belong to, `known` which id a line is found by.
#[must_use]
pub fn flows(pasts: &[Past], lines: &[Vec<usize>], known: &[Line]) -> Vec<Flow> {
    // The id by which each line is found.
    let mut found: BTreeMap<usize, PillarId> = BTreeMap::new();
    for line in known {
        let (past, lines) = (&pasts[line.last], &lines[line.last]);
        if let Some(at) = past.pillars.iter().position(|pillar| pillar.id == line.id) {
            found.insert(lines[at], line.id);
        }
    }
    let place = |at: usize, stood: &Stood| -> Place {
        if stood.is_stopped() {
            return Place::Stopped;
        }
        match stood.pile {
            Pile::Off => Place::Off,
            Pile::Unsorted => Place::Unsorted,
            Pile::Pillar(id) => {
                let of = pasts[at].pillars.iter().position(|pillar| pillar.id == id);
                let line = of.and_then(|of| found.get(&lines[at][of]));
                line.map_or(Place::Unsorted, |id| Place::Pillar(*id))
            }
        }
    };
    let mut all = Vec::new();
    for (at, pair) in pasts.windows(2).enumerate() {
        let [earlier, later] = pair else { continue };
        let known = |past: &'_ Past| -> Vec<(String, String)> {
            past.projects.iter().map(|it| (it.reference.clone(), it.name.clone())).collect()
        };
        let (before, after) = (known(earlier), known(later));
        let same = same_projects(&as_known(&before), &as_known(&after));
        let mut ways: BTreeMap<(Place, Place), Flow> = BTreeMap::new();
        let mut add = |from: Place, to: Place, then: Option<&Stood>, now: Option<&Stood>| {
            let flow = ways.entry((from, to)).or_insert_with(|| Flow::none(at, from, to));
            flow.projects += 1;
            if let Some(then) = then {
                flow.cost_before.add(then.cost);
                flow.people_before.add(then.people);
            }
            if let Some(now) = now {
                flow.cost_after.add(now.cost);
                flow.people_after.add(now.people);
            }
        };
        let mut stays = vec![false; earlier.projects.len()];
        for (now, pair) in later.projects.iter().zip(&same) {
            let then = pair.and_then(|pair| earlier.projects.get(pair));
            if let Some(pair) = pair {
                stays[*pair] = true;
            }
            let from = then.map_or(Place::New, |then| place(at, then));
            add(from, place(at + 1, now), then, Some(now));
        }
        for (then, _) in earlier.projects.iter().zip(stays).filter(|(_, stays)| !stays) {
            add(place(at, then), Place::Gone, Some(then), None);
        }
        all.extend(ways.into_values());
    }
    all
}

fn as_known(all: &[(String, String)]) -> Vec<Known<'_>> {
    all.iter().map(|(reference, name)| Known { reference, name }).collect()
}

impl Flow {
    fn none(session: usize, from: Place, to: Place) -> Self {
        let none = Weight::default();
        Self {
            session,
            from,
            to,
            projects: 0,
            cost_before: none,
            cost_after: none,
            people_before: none,
            people_after: none,
        }
    }
}
