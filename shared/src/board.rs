//! The board read out of the document: what pages show, the API answers and exports tell.
//!
//! Reading never fails. A value that is missing or of another kind than the schema's reads as absent, and a
//! placement on a pillar that is gone reads as unsorted: every project is in exactly one pile, always.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn};

use crate::{
    checkpoint::{Earlier, EarlierSession},
    ids::{NoteId, ParticipantId, PillarId, ProjectId, StepId},
    results::{Round, StepResults, Tally},
    schema::{RATIONALE, Root, TEXT},
    sorted::sort,
    words::{Beat, OFF, Origin, Question, Role, StepKind, StepState, Verdict},
};

/// Everything that stands on a board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// Where the session stands.
    pub session: SessionInfo,
    /// The steps, in their order.
    pub agenda: Vec<Step>,
    /// Everybody who has joined and was not removed.
    pub roster: BTreeMap<ParticipantId, Person>,
    /// The pillars, in their order.
    pub pillars: Vec<Pillar>,
    /// The projects.
    pub projects: BTreeMap<ProjectId, Project>,
    /// Where projects have been placed; those without an entry are unsorted.
    pub placements: BTreeMap<ProjectId, Placement>,
    /// What has been asked *is this a hobby?* of, as far as it has been published.
    #[serde(default)]
    pub flags: BTreeMap<ProjectId, Flags>,
    /// Notes, by id, which is by age.
    pub notes: BTreeMap<NoteId, Note>,
    /// What has been decided so far; projects without a verdict or a text have no entry.
    pub decisions: BTreeMap<ProjectId, Decision>,
    /// What the steps have come to so far.
    #[serde(default)]
    pub results: BTreeMap<StepId, StepResults>,
    /// At a checkpoint: what was known of each project before it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub earlier: BTreeMap<ProjectId, Earlier>,
}

/// Where the session stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Who settles verdicts.
    pub decider: String,
    /// By what rule.
    pub rule: String,
    /// The current step.
    pub step: Option<StepId>,
    /// Its round, from 1.
    pub round: u32,
    /// How far it is.
    pub step_state: Option<StepState>,
    /// When its time is up, in milliseconds since 1970.
    pub deadline: Option<u64>,
    /// Whether the board is locked for all but facilitators.
    pub locked: bool,
    /// Whether the session is closed.
    pub closed: bool,
    /// Whether it is only shown, with simulated people in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
    /// When the current step was entered, in milliseconds since 1970; none where nobody has gone on yet.
    #[serde(default)]
    pub entered: Option<u64>,
    /// How many seconds the steps so far have taken more than was planned; less than nothing where they took less.
    #[serde(default)]
    pub late: i64,
    /// What of a revealed round is before everybody; none where nobody has gone on from the first.
    #[serde(default)]
    pub beat: Option<Beat>,
    /// The project in the spotlight.
    pub focus: Option<ProjectId>,
    /// Whether only that project may be placed meanwhile.
    #[serde(default)]
    pub focus_only: bool,
    /// The currency of the costs: an ISO 4217 code, or a sign; empty when not known.
    pub currency: String,
    /// At a checkpoint: the session that it looks back on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierSession>,
}

/// One step of the agenda.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// What is done in it.
    pub kind: StepKind,
    /// Its title.
    pub title: String,
    /// What its ballot asks, if it has one.
    #[serde(default)]
    pub question: Option<Question>,
    /// The time planned for it.
    pub minutes: u32,
    /// What it brings along: names and texts.
    #[serde(default)]
    pub options: Vec<(String, String)>,
    /// Its order key.
    pub order: String,
}

impl Step {
    /// The first option of that name; empty where there is none.
    #[must_use]
    pub fn option(&self, name: &str) -> &str {
        let found = self.options.iter().find(|(heading, _)| heading == name);
        found.map_or("", |(_, text)| text.as_str())
    }
}

/// Somebody who has joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they do in the organisation.
    pub function: String,
    /// What they are in the session.
    pub role: Role,
    /// A design token.
    pub colour: String,
    /// Who made the link by which they came in, by name, where that was somebody else; empty otherwise. Everybody sees
    /// it: whoever made it could have come in by it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub let_in_by: String,
}

/// One line of the strategy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pillar {
    /// Its id.
    pub id: PillarId,
    /// Its name.
    pub name: String,
    /// What it is meant to bring about.
    pub intent: String,
    /// Goals, with their measures.
    pub goals: Vec<String>,
    /// The measure of the whole.
    pub measure: String,
    /// What it rules out.
    pub rules_out: String,
    /// Who answers for it.
    pub owner: String,
    /// A design token.
    pub colour: String,
    /// Its order key.
    pub order: String,
}

/// One active initiative.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// Who wants it.
    pub sponsor: String,
    /// Who runs it.
    pub owner: String,
    /// Where it came from.
    pub origin: Option<Origin>,
    /// What it costs, in whole units of the session's currency.
    pub cost: Option<f64>,
    /// How many people work on it.
    pub people: Option<f64>,
    /// What others call it.
    pub reference: String,
    /// All other columns: heading and text.
    pub more: Vec<(String, String)>,
    /// Who added it, where it was not imported.
    pub added_by: Option<ParticipantId>,
}

/// A pile of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pile {
    /// Not placed yet.
    Unsorted,
    /// On a pillar.
    Pillar(PillarId),
    /// On no pillar.
    Off,
}

impl Pile {
    /// The pile's name in a placement; none for the unsorted, which have no placement.
    #[must_use]
    pub fn key(self) -> Option<String> {
        match self {
            Self::Unsorted => None,
            Self::Pillar(id) => Some(id.to_string()),
            Self::Off => Some(OFF.to_owned()),
        }
    }
}

/// Where a project has been placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Placement {
    /// A pillar's id, or `off`.
    pub pile: String,
    /// Its order key within the pile.
    pub order: String,
}

/// The flags of a project: nobody's in particular.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Flags {
    /// How many people ask.
    pub count: u32,
    /// Their reasons, in no order; who gave none is counted alone.
    pub reasons: Vec<String>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// The project or pillar that it is about.
    pub about: String,
    /// Who began it.
    pub author: Option<ParticipantId>,
    /// What it says.
    pub text: String,
}

/// What has been decided of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decision {
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// The one who answers for it.
    pub owner: String,
    /// Why.
    pub rationale: String,
    /// The other fields that have a text, by their names in the schema.
    pub more: BTreeMap<String, String>,
}

impl Board {
    /// Reads the whole board.
    #[must_use]
    pub fn read<T: ReadTxn>(txn: &T) -> Self {
        let mut board = Self::default();
        if let Some(root) = txn.get_map(Root::Session.name()) {
            board.session = session(txn, &root);
        }
        for_each(txn, Root::Agenda, |key, map| {
            if let (Ok(id), Some(kind)) = (key.parse(), word(txn, map, "kind", StepKind::parse)) {
                let minutes = number(txn, map, "minutes").unwrap_or(0.0);
                // The schema holds minutes between 0 and 1,440.
                let minutes = minutes as u32;
                board.agenda.push(Step {
                    id,
                    kind,
                    title: text(txn, map, "title"),
                    question: word(txn, map, "question", Question::parse),
                    minutes,
                    options: pairs(txn, map, "options"),
                    order: text(txn, map, "order"),
                });
            }
        });
        sort(&mut board.agenda, |a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        for_each(txn, Root::Roster, |key, map| {
            if let (Ok(id), Some(role)) = (key.parse(), word(txn, map, "role", Role::parse)) {
                let person = Person {
                    name: text(txn, map, "name"),
                    function: text(txn, map, "function"),
                    role,
                    colour: text(txn, map, "colour"),
                    let_in_by: text(txn, map, "let_in_by"),
                };
                board.roster.insert(id, person);
            }
        });
        for_each(txn, Root::Pillars, |key, map| {
            if let Ok(id) = key.parse() {
                board.pillars.push(Pillar {
                    id,
                    name: text(txn, map, "name"),
                    intent: text(txn, map, "intent"),
                    goals: lines(txn, map, "goals"),
                    measure: text(txn, map, "measure"),
                    rules_out: text(txn, map, "rules_out"),
                    owner: text(txn, map, "owner"),
                    colour: text(txn, map, "colour"),
                    order: text(txn, map, "order"),
                });
            }
        });
        sort(&mut board.pillars, |a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        for_each(txn, Root::Projects, |key, map| {
            if let Ok(id) = key.parse() {
                board.projects.insert(id, project(txn, map));
            }
        });
        if let Some(root) = txn.get_map(Root::Placements.name()) {
            for (key, value) in root.iter(txn) {
                if let (Ok(id), Some(placement)) = (key.parse(), placement(&value)) {
                    board.placements.insert(id, placement);
                }
            }
        }
        for_each(txn, Root::Flags, |key, map| {
            if let Ok(id) = key.parse() {
                // A whole number that the server wrote.
                let count = number(txn, map, "count").unwrap_or(0.0) as u32;
                board.flags.insert(id, Flags { count, reasons: lines(txn, map, "reasons") });
            }
        });
        board.flags.retain(|project, flags| flags.count > 0 && board.projects.contains_key(project));
        for_each(txn, Root::Notes, |key, map| {
            if let Ok(id) = key.parse() {
                let note = Note {
                    about: text(txn, map, "about"),
                    author: text(txn, map, "author").parse().ok(),
                    text: written(txn, map, TEXT),
                };
                board.notes.insert(id, note);
            }
        });
        for_each(txn, Root::Decisions, |key, map| {
            if let Ok(id) = key.parse() {
                let decision = decision(txn, map);
                if decision != Decision::default() {
                    board.decisions.insert(id, decision);
                }
            }
        });
        for_each(txn, Root::Results, |key, map| {
            if let Ok(id) = key.parse() {
                board.results.insert(id, StepResults::read(txn, map));
            }
        });
        for_each(txn, Root::Earlier, |key, map| {
            if let Ok(id) = key.parse() {
                board.earlier.insert(id, Earlier::read(txn, map));
            }
        });
        board
    }

    /// The pile that a project lies on.
    #[must_use]
    pub fn pile(&self, project: ProjectId) -> Pile {
        let Some(placement) = self.placements.get(&project) else { return Pile::Unsorted };
        if placement.pile == OFF {
            return Pile::Off;
        }
        match placement.pile.parse() {
            Ok(id) if self.pillars.iter().any(|pillar| pillar.id == id) => Pile::Pillar(id),
            _ => Pile::Unsorted,
        }
    }

    /// Every project in its pile, each pile in its order. Unsorted projects lie in the order in which they came.
    #[must_use]
    pub fn piles(&self) -> BTreeMap<Pile, Vec<ProjectId>> {
        let mut piles: BTreeMap<Pile, Vec<ProjectId>> = BTreeMap::new();
        for id in self.projects.keys() {
            piles.entry(self.pile(*id)).or_default().push(*id);
        }
        for (pile, cards) in &mut piles {
            if *pile != Pile::Unsorted {
                let order = |id: &ProjectId| self.placements.get(id).map(|placement| &placement.order);
                sort(cards, |a, b| (order(a), a).cmp(&(order(b), b)));
            }
        }
        piles
    }

    /// The last round that was revealed among the steps that ask `question`, the last steps of the agenda first.
    #[must_use]
    pub fn last_round(&self, question: Question) -> Option<(StepId, &Round, &Tally)> {
        self.agenda.iter().rev().filter(|step| step.question == Some(question)).find_map(|step| {
            let (round, tally) = self.results.get(&step.id)?.last_revealed()?;
            Some((step.id, round, tally))
        })
    }

    /// The current step.
    #[must_use]
    pub fn step(&self) -> Option<&Step> {
        let current = self.session.step?;
        self.agenda.iter().find(|step| step.id == current)
    }
}

fn for_each<T: ReadTxn>(txn: &T, root: Root, mut read: impl FnMut(&str, &MapRef)) {
    let Some(map) = txn.get_map(root.name()) else { return };
    for (key, value) in map.iter(txn) {
        if let Out::YMap(entry) = value {
            read(key, &entry);
        }
    }
}

fn session<T: ReadTxn>(txn: &T, map: &MapRef) -> SessionInfo {
    // Whole numbers that the server wrote: rounds, and milliseconds far below 2^53.
    let (round, deadline) = (
        number(txn, map, "round").unwrap_or(1.0) as u32,
        number(txn, map, "deadline").map(|deadline| deadline as u64),
    );
    SessionInfo {
        title: text(txn, map, "title"),
        purpose: text(txn, map, "purpose"),
        decider: text(txn, map, "decider"),
        rule: text(txn, map, "rule"),
        step: text(txn, map, "step").parse().ok(),
        round,
        step_state: word(txn, map, "step_state", StepState::parse),
        deadline,
        locked: flag(txn, map, "locked"),
        closed: flag(txn, map, "closed"),
        demonstration: flag(txn, map, "demonstration"),
        entered: number(txn, map, "entered").map(|entered| entered as u64),
        late: number(txn, map, "late").unwrap_or(0.0) as i64,
        beat: word(txn, map, "beat", Beat::parse),
        focus: text(txn, map, "focus").parse().ok(),
        focus_only: flag(txn, map, "focus_only"),
        currency: text(txn, map, "currency"),
        earlier: EarlierSession::read(txn, map),
    }
}

fn project<T: ReadTxn>(txn: &T, map: &MapRef) -> Project {
    Project {
        name: text(txn, map, "name"),
        summary: text(txn, map, "summary"),
        sponsor: text(txn, map, "sponsor"),
        owner: text(txn, map, "owner"),
        origin: word(txn, map, "origin", Origin::parse),
        cost: number(txn, map, "cost"),
        people: number(txn, map, "people"),
        reference: text(txn, map, "reference"),
        more: pairs(txn, map, "more"),
        added_by: text(txn, map, "added_by").parse().ok(),
    }
}

fn decision<T: ReadTxn>(txn: &T, map: &MapRef) -> Decision {
    let mut more = BTreeMap::new();
    for (name, _) in Root::Decisions.fields() {
        if !matches!(*name, "verdict" | "owner") {
            let value = text(txn, map, name);
            if !value.is_empty() {
                more.insert((*name).to_owned(), value);
            }
        }
    }
    Decision {
        verdict: word(txn, map, "verdict", Verdict::parse),
        owner: text(txn, map, "owner"),
        rationale: written(txn, map, RATIONALE),
        more,
    }
}

fn placement(value: &Out) -> Option<Placement> {
    let Out::Any(Any::Array(parts)) = value else { return None };
    match &**parts {
        [Any::String(pile), Any::String(order)] => {
            Some(Placement { pile: (**pile).to_owned(), order: (**order).to_owned() })
        }
        _ => None,
    }
}

pub(crate) fn text<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> String {
    match map.get(txn, key) {
        Some(Out::Any(Any::String(text))) => (*text).to_owned(),
        _ => String::new(),
    }
}

fn written<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> String {
    match map.get(txn, key) {
        Some(Out::YText(text)) => text.get_string(txn),
        _ => String::new(),
    }
}

pub(crate) fn word<T: ReadTxn, W>(
    txn: &T,
    map: &MapRef,
    key: &str,
    parse: impl Fn(&str) -> Option<W>,
) -> Option<W> {
    match map.get(txn, key) {
        Some(Out::Any(Any::String(word))) => parse(&word),
        _ => None,
    }
}

pub(crate) fn number<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> Option<f64> {
    match map.get(txn, key) {
        Some(Out::Any(Any::Number(number))) => number.as_f64(),
        _ => None,
    }
}

fn flag<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> bool {
    matches!(map.get(txn, key), Some(Out::Any(Any::Bool(true))))
}

fn list<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> Vec<Any> {
    match map.get(txn, key) {
        Some(Out::Any(Any::Array(parts))) => parts.to_vec(),
        _ => Vec::new(),
    }
}

fn lines<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> Vec<String> {
    list(txn, map, key)
        .iter()
        .filter_map(|line| match line {
            Any::String(line) => Some((**line).to_owned()),
            _ => None,
        })
        .collect()
}

pub(crate) fn pairs<T: ReadTxn>(txn: &T, map: &MapRef, key: &str) -> Vec<(String, String)> {
    list(txn, map, key)
        .iter()
        .filter_map(|pair| match pair {
            Any::Array(pair) => match &**pair {
                [Any::String(heading), Any::String(text)] => {
                    Some(((**heading).to_owned(), (**text).to_owned()))
                }
                _ => None,
            },
            _ => None,
        })
        .collect()
}
