//! Everything that an export tells.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plumbline_shared::answer::Item;
use plumbline_shared::board::{Board, Decision, Flags, Pile};
use plumbline_shared::day::Day;
use plumbline_shared::deciding::{EVERY, Evidence, Need, fields, is_against, missing};
use plumbline_shared::ids::{PillarId, ProjectId};
use plumbline_shared::words::{Origin, Question, Verdict};
use serde::{Serialize, Serializer};

use super::amount::Amount;
use super::checkpoint::Checkpoint;
use super::summary::Summary;
use crate::log::{
    chain::Hash,
    decisions::Decided,
    record::{About, Against, Asked, Said, SignOff, about_session, evidence, origin, said, signed},
    words,
};

/// A session, as it is told to those who were not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What it comes to, where it is a checkpoint.
    pub checkpoint: Option<Checkpoint>,
    /// The session's title.
    pub title: String,
    /// What it was for.
    pub purpose: String,
    /// When the record was made.
    pub exported_at: Timestamp,
    /// By what rule verdicts are settled.
    pub rule: String,
    /// Who settles them.
    pub decider: String,
    /// The currency of the costs: an ISO 4217 code, or a sign; empty when not known.
    pub currency: String,
    /// Whether the session is closed, so that nothing changes any more.
    pub closed: bool,
    /// The pillars, in their order.
    pub pillars: Vec<PillarLine>,
    /// The projects: by pile in the summary's order, within a pile in the board's.
    pub rows: Vec<Row>,
    /// What the piles come to.
    pub summary: Summary,
    /// What was asked about the session as a whole and revealed: how sure people are.
    pub asked: Vec<Asked>,
    /// Who has signed the whole, and how.
    pub sign_offs: Vec<SignOff>,
    /// What was said of it unsigned, in no order.
    pub dissent: Vec<Said>,
    /// The hash of the last entry of the decision log, and how many entries it has.
    pub log: (Hash, u64),
}

/// A pillar.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PillarLine {
    /// Its id on the board.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is meant to bring about.
    pub intent: String,
    /// Its goals.
    pub goals: Vec<String>,
    /// The measure of the whole.
    pub measure: String,
    /// What it rules out.
    pub rules_out: String,
    /// Who answers for it.
    pub owner: String,
}

/// Where a project lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowPile {
    /// On a pillar, by its place in [`Record::pillars`].
    Pillar(usize),
    /// On no pillar.
    Off,
    /// Not placed.
    Unsorted,
}

impl Serialize for RowPile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl RowPile {
    /// Its kind, as a word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pillar(_) => "pillar",
            Self::Off => "off",
            Self::Unsorted => "unsorted",
        }
    }

    /// The pillar, if it is one.
    pub fn pillar(self, pillars: &[PillarLine]) -> Option<&PillarLine> {
        match self {
            Self::Pillar(at) => pillars.get(at),
            Self::Off | Self::Unsorted => None,
        }
    }

    /// What the pile is called.
    pub fn name(self, pillars: &[PillarLine]) -> &str {
        match self {
            Self::Pillar(_) => self.pillar(pillars).map_or("", |pillar| pillar.name.as_str()),
            Self::Off => "Off strategy",
            Self::Unsorted => "Unsorted",
        }
    }
}

/// A project with what was decided of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its id on the board.
    pub id: String,
    /// What the organisation calls it by; can be empty.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// Where it lies.
    pub pile: RowPile,
    /// What was decided, if anything was.
    pub verdict: Option<Verdict>,
    /// Who answers for the decision.
    pub decision_owner: String,
    /// Why it was decided so.
    pub rationale: String,
    /// What else the decision says, by the names of the board's schema.
    pub decision: BTreeMap<String, String>,
    /// Who wants the project.
    pub sponsor: String,
    /// Who runs it.
    pub owner: String,
    /// Where it came from.
    pub origin: Option<Origin>,
    /// What it costs, in whole units of the currency.
    pub cost: Option<Amount>,
    /// How many people work on it.
    pub people: Option<Amount>,
    /// The other columns of the portfolio: heading and text.
    pub more: Vec<(String, String)>,
    /// How many ask whether it is a hobby, and why; as published, and nobody's in particular.
    pub flags: Flags,
    /// What every revealed round came to for it, in counts.
    pub evidence: Vec<Asked>,
    /// If its decision goes against the room's private verdict: how.
    pub against: Option<Against>,
    /// What its decision needs and does not have; nothing where none was made.
    pub missing: Vec<Need>,
    /// What was said of its decision unsigned, in no order.
    pub dissent: Vec<Said>,
    /// Who has signed its decision, and how.
    pub sign_offs: Vec<SignOff>,
    /// The pile that it came from, by its name; empty where nobody sorted alone.
    pub came_from: String,
    /// Its decision as the log has it, or would have it after a close.
    pub decided: Option<Decided>,
}

impl Row {
    /// Whether anything was decided of it.
    pub fn is_decided(&self) -> bool {
        self.verdict.is_some()
            || !self.decision_owner.is_empty()
            || !self.rationale.is_empty()
            || !self.decision.is_empty()
    }
}

impl Record {
    /// Tells a board.
    ///
    /// `exported_at` is in milliseconds since 1970, UTC; a time that no calendar has reads as 1970.
    pub fn of(board: &Board, exported_at: u64) -> Self {
        let pillars: Vec<PillarLine> = board
            .pillars
            .iter()
            .map(|pillar| PillarLine {
                id: pillar.id.to_string(),
                name: pillar.name.clone(),
                intent: pillar.intent.clone(),
                goals: pillar.goals.clone(),
                measure: pillar.measure.clone(),
                rules_out: pillar.rules_out.clone(),
                owner: pillar.owner.clone(),
            })
            .collect();
        let places: BTreeMap<PillarId, usize> =
            board.pillars.iter().enumerate().map(|(at, pillar)| (pillar.id, at)).collect();
        let told = Evidence::of_all(board);
        let today = Day::of(exported_at);
        let mut rows: Vec<Row> = Vec::with_capacity(board.projects.len());
        for (pile, projects) in board.piles() {
            let pile = match pile {
                Pile::Pillar(id) => places.get(&id).map_or(RowPile::Unsorted, |at| RowPile::Pillar(*at)),
                Pile::Off => RowPile::Off,
                Pile::Unsorted => RowPile::Unsorted,
            };
            rows.extend(projects.into_iter().filter_map(|id| row(board, id, pile, told.get(&id)?, today)));
        }
        // Stable: within a pile the board's order stays.
        rows.sort_by_key(|row| row.pile);
        let whole = Item::session();
        Self {
            checkpoint: Checkpoint::of(board, Day::of(exported_at)),
            title: board.session.title.clone(),
            purpose: board.session.purpose.clone(),
            exported_at: moment(exported_at),
            rule: board.session.rule.clone(),
            decider: board.session.decider.clone(),
            currency: board.session.currency.clone(),
            closed: board.session.closed,
            summary: Summary::of(&pillars, &rows),
            asked: about_session(board),
            sign_offs: signed(board, &whole, About::Session),
            dissent: said(board, &whole, About::Session),
            log: (Hash::default(), 0),
            pillars,
            rows,
        }
    }

    /// What stands above costs.
    pub(super) fn cost_heading(&self) -> String {
        if self.currency.is_empty() { "Cost".to_owned() } else { format!("Cost ({})", self.currency) }
    }

    /// The pile that a row lies on, by its name.
    pub fn pile_name(&self, row: &Row) -> &str {
        row.pile.name(&self.pillars)
    }
}

/// A time in milliseconds since 1970; one that no calendar has reads as 1970.
pub(super) fn moment(at: u64) -> Timestamp {
    i64::try_from(at).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default()
}

fn row(board: &Board, id: ProjectId, pile: RowPile, told: &Evidence<'_>, today: Day) -> Option<Row> {
    let project = board.projects.get(&id)?;
    let decision = board.decisions.get(&id).cloned().unwrap_or_default();
    let room = told.room();
    let against = decision.verdict.filter(|verdict| is_against(*verdict, room)).and(room);
    let text = |field: &str| decision.more.get(field).cloned().unwrap_or_default();
    let against = against.map(|room| Against { room, reason: text("override"), by: text("decided_by") });
    let missing = if decision.verdict.is_some() { missing(&decision, room, today) } else { Vec::new() };
    let item = Item::project(id);
    Some(Row {
        id: id.to_string(),
        reference: project.reference.clone(),
        name: project.name.clone(),
        summary: project.summary.clone(),
        pile,
        verdict: decision.verdict,
        decision_owner: decision.owner.clone(),
        rationale: decision.rationale.clone(),
        decision: further(&decision),
        sponsor: project.sponsor.clone(),
        owner: project.owner.clone(),
        origin: project.origin,
        cost: project.cost.and_then(Amount::new),
        people: project.people.and_then(Amount::new),
        more: project.more.clone(),
        flags: board.flags.get(&id).cloned().unwrap_or_default(),
        evidence: evidence(board, id, told),
        against,
        missing,
        dissent: said(board, &item, About::Project),
        sign_offs: signed(board, &item, About::Project),
        came_from: words::origin(&origin(board, told)).to_owned(),
        decided: None,
    })
}

/// Fields that say something under every verdict.
const ALWAYS: [&str; 3] = ["status", "decided_by", "override"];

/// The further fields of a decision, as far as its verdict has a place for them: what was written under another verdict
/// says nothing any more.
fn further(decision: &Decision) -> BTreeMap<String, String> {
    let stays = |name: &str| {
        decision.verdict.is_none_or(|verdict| fields(verdict).contains(&name))
            || EVERY.contains(&name)
            || ALWAYS.contains(&name)
    };
    decision
        .more
        .iter()
        .filter(|(name, _)| stays(name))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect()
}

/// The questions of which a project has evidence that is told in a column of its own.
pub(super) const ASKED: [Question; 5] =
    [Question::Placement, Question::Hobby, Question::Verdict, Question::Dots, Question::Scale];

/// What a decision lacks, in words.
pub(super) fn lacks(row: &Row) -> String {
    row.missing.iter().map(|need| need.words()).collect::<Vec<_>>().join(", ")
}

/// Headings for the further fields of a decision, in the order in which they are told.
pub(super) const DECISION_FIELDS: &[(&str, &str)] = &[
    ("status", "Status"),
    ("kind", "Kind"),
    ("decided_by", "Decided by"),
    ("coalition", "Carried by"),
    ("assumptions", "Assumptions"),
    ("scope", "Scope"),
    ("outcome", "Outcome"),
    ("measure", "Measure"),
    ("measure_due", "Measure due"),
    ("obstacles", "What will resist"),
    ("first_step", "First step"),
    ("first_step_due", "First step due"),
    ("ends", "Ends"),
    ("frees", "Frees"),
    ("trigger", "Trigger"),
    ("expires", "Expires"),
    ("decide_by", "Decide by"),
    ("review", "Review"),
    ("effective", "Effective from"),
    ("alternatives", "Alternatives considered"),
    ("consulted", "Consulted"),
    ("informed", "Informed"),
    ("override", "Against the room's verdict because"),
];

/// The heading of a further field of a decision; one that is not known yet stands under its own name.
pub(super) fn decision_heading(name: &str) -> &str {
    DECISION_FIELDS.iter().find(|(field, _)| *field == name).map_or(name, |(_, heading)| heading)
}

/// The further fields of a decision in the order in which they are told.
pub(super) fn decision_order(name: &str) -> usize {
    DECISION_FIELDS.iter().position(|(field, _)| *field == name).unwrap_or(DECISION_FIELDS.len())
}
