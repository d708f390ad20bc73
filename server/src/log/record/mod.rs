//! One decision as the decision log keeps it: everything that is needed to understand it in a year, and nothing that
//! was private.
//!
//! A record is plain data. What makes it of a board is a pure function ([`records`]), and what it says of the ballots
//! are counts: the board has nothing else. Its form is described by a JSON Schema ([`SCHEMA`]) and has a version.

mod asked;
mod change;
mod done;
mod of_board;
mod standing;
#[cfg(test)]
pub(crate) mod tests;
mod told;

use std::collections::BTreeMap;

use plumbline_shared::{
    day::Day,
    ids::{PillarId, ProjectId, SessionId, StepId},
    words::{Stance, StepKind, Verdict},
};
use serde::{Deserialize, Serialize};

use super::export::Amount;

pub use asked::{About, Asked, Checked, Counted, Outcome, PillarCount};
pub use change::{CHANGE_SCHEMA, CHANGE_SCHEMA_1, CHANGE_VERSION, Change, Says};
pub use done::{Deed, Done, Progress};
pub use of_board::{Closed, records};
pub(crate) use of_board::{origin, stamp};
pub use standing::{Confirmed, NotNow, Standing, Told};
pub(crate) use told::{about_session, evidence, said, signed};

/// The version of a record's form. It rises when something that was there goes or changes its meaning; new fields do
/// not raise it. Records of version 1 say nothing of imports, attendance and what was erased, and of where a project came
/// from only the pillar's name.
pub const VERSION: u32 = 2;

/// What a record looks like: JSON Schema, 2020-12.
pub const SCHEMA: &str = include_str!("../../../schemas/decision.json");

/// What a record looked like before: there are entries of that form, and they are read.
pub const SCHEMA_1: &str = include_str!("../../../schemas/decision-1.json");

/// One decision, as it left the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`].
    pub schema: u32,
    /// Its number in the workspace's log, from 1.
    pub number: u64,
    /// The number of the record that it takes the place of.
    pub supersedes: Option<u64>,
    /// The session that decided.
    pub session: SessionPart,
    /// The close that it came with.
    pub close: Close,
    /// When that was: RFC 3339, UTC.
    pub decided_on: String,
    /// What was decided about.
    pub project: ProjectPart,
    /// What was decided; `null`: an earlier decision was taken back.
    pub verdict: Option<Verdict>,
    /// Where the decision stands.
    pub status: Status,
    /// Where the project came from: what most chose when they first sorted alone.
    pub from: Origin,
    /// Where it stands, with the pillar's text as it was then.
    pub to: Place,
    /// Who settles verdicts, as was said before the session began.
    pub decider: String,
    /// By what rule.
    pub rule: String,
    /// The one who answers for it.
    pub owner: String,
    /// Why.
    pub rationale: String,
    /// What the verdict says beside that, by the names of the board's schema: `ends`, `trigger`, `measure`, …
    pub fields: BTreeMap<String, String>,
    /// If it goes against the room's private verdict: how.
    pub against: Option<Against>,
    /// What was asked in private, in counts.
    pub evidence: Vec<Asked>,
    /// How many ask *is this a hobby?*.
    pub flags: u32,
    /// What was said unsigned, in no order.
    pub dissent: Vec<Said>,
    /// Who has signed, and how.
    pub sign_offs: Vec<SignOff>,
    /// The fields that the verdict needs and does not have.
    pub missing: Vec<String>,
    /// The files that the portfolio was imported from.
    #[serde(default)]
    pub imports: Vec<Import>,
    /// How many were here in each step that the session went on from.
    #[serde(default)]
    pub attendance: Vec<Attendance>,
    /// What the close erased; none in records of version 1.
    #[serde(default)]
    pub erased: Option<Erased>,
}

/// A file that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// What it was read as: `csv`, `json` or `xlsx`.
    pub format: String,
    /// How many rows were taken from it.
    pub rows: u64,
    /// When: RFC 3339, UTC.
    pub imported_on: String,
}

/// How many were here in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The step.
    pub step: StepId,
    /// What was done in it; `null` if it was taken off the agenda since.
    pub kind: Option<StepKind>,
    /// Its title.
    pub title: String,
    /// How many were connected during it, or without a device.
    pub here: u32,
    /// How many had joined by its end.
    pub joined: u32,
}

/// What a close erases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// How many rounds of ballots there were.
    pub rounds: u32,
    /// Of how many of them a tally was kept: those that were revealed.
    pub kept: u32,
    /// The same in words.
    pub statement: String,
}

/// A session, as a record names it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionPart {
    /// Its id.
    pub id: SessionId,
    /// Its title.
    pub title: String,
    /// What it was for.
    pub purpose: String,
}

/// The close of a session and the place among the records that it made: by these a record is known, so that carrying a
/// close out twice makes none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// Where the close stands in the session's log: `milliseconds-number`.
    pub position: String,
    /// From 1.
    pub n: u32,
}

/// A project, as it was when it was decided about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProjectPart {
    /// Its id on the board.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// What the organisation calls it by; can be empty.
    pub reference: String,
    /// Who wants it.
    pub sponsor: String,
    /// Who runs it.
    pub owner: String,
    /// What it costs.
    pub cost: Option<Amount>,
    /// In what: an ISO 4217 code, or a sign; empty when not known.
    pub currency: String,
    /// How many people work on it.
    pub people: Option<Amount>,
}

/// Where a decision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its owner has not said yes.
    Proposed,
    /// Its owner has.
    Accepted,
    /// Nothing is decided yet, but who decides.
    Open,
    /// What stops is on its way out. Only a later entry says so.
    WindingDown,
    /// Another decision has taken its place. Only a later entry says so.
    Superseded,
    /// It was taken back.
    Reversed,
}

impl Status {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Open => "open",
            Self::WindingDown => "winding_down",
            Self::Superseded => "superseded",
            Self::Reversed => "reversed",
        }
    }

    /// The status in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::WindingDown => "winding down",
            other => other.as_str(),
        }
    }

    /// Whether a decision with this status holds.
    pub const fn holds(self) -> bool {
        !matches!(self, Self::Superseded | Self::Reversed)
    }
}

/// A pile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "pile", rename_all = "snake_case")]
pub enum Place {
    /// Not placed.
    #[default]
    Unsorted,
    /// On no pillar.
    Off,
    /// On a pillar, as it was then.
    Pillar {
        /// Its id on the board.
        id: PillarId,
        /// Its name.
        name: String,
        /// What it was meant to bring about.
        intent: String,
        /// Its goals.
        goals: Vec<String>,
        /// The measure of the whole.
        measure: String,
        /// What it ruled out.
        rules_out: String,
    },
}

/// Where a project came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "pile", rename_all = "snake_case")]
pub enum Origin {
    /// Nobody sorted alone, or too few for counts to be shown.
    Unknown,
    /// As many chose one pile as another.
    Split,
    /// On no pillar.
    Off,
    /// On a pillar.
    Pillar {
        /// Its id on the board.
        id: PillarId,
        /// Its name.
        name: String,
        /// What it was meant to bring about.
        #[serde(default)]
        intent: String,
        /// Its goals.
        #[serde(default)]
        goals: Vec<String>,
        /// The measure of the whole.
        #[serde(default)]
        measure: String,
        /// What it ruled out.
        #[serde(default)]
        rules_out: String,
    },
}

impl Origin {
    /// Without the pillar's text.
    fn bare(&self) -> Self {
        match self {
            Self::Pillar { id, name, .. } => Self::Pillar {
                id: *id,
                name: name.clone(),
                intent: String::new(),
                goals: Vec::new(),
                measure: String::new(),
                rules_out: String::new(),
            },
            other => other.clone(),
        }
    }
}

/// A decision against the room's private verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// What more than half of the room had said.
    pub room: Verdict,
    /// Why it was decided otherwise; empty if nobody said.
    pub reason: String,
    /// Who decided; empty if nobody said.
    pub by: String,
}

/// Something said unsigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// About what.
    pub about: About,
    /// What.
    pub text: String,
}

/// Something signed in public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// What was signed: the decision, or the session as a whole.
    pub about: About,
    /// Who has signed.
    pub name: String,
    /// How.
    pub stance: Stance,
    /// The reservation, or why not.
    pub reason: String,
}

impl Record {
    /// Whether it says the same as `other`, whenever that was and whatever its number.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let bare = |record: &Self| Self {
            number: 0,
            supersedes: None,
            close: Close::default(),
            decided_on: String::new(),
            // How the session went on since is no other decision, nor is what an earlier form had no place for.
            schema: VERSION,
            from: record.from.bare(),
            imports: Vec::new(),
            attendance: Vec::new(),
            erased: None,
            ..record.clone()
        };
        bare(self) == bare(other)
    }

    /// The further record by which a later close of its session takes this one back.
    pub fn taken_back(&self, closed: &Closed) -> Self {
        Self {
            schema: VERSION,
            supersedes: Some(self.number),
            close: Close { position: closed.at.to_string(), n: 0 },
            decided_on: of_board::stamp(closed.at),
            verdict: None,
            status: Status::Reversed,
            owner: String::new(),
            rationale: String::new(),
            fields: BTreeMap::new(),
            against: None,
            missing: Vec::new(),
            imports: of_board::imports(closed),
            attendance: of_board::attendance(closed),
            erased: Some(of_board::erased(&closed.board)),
            ..self.clone()
        }
    }

    /// The record by which a checkpoint takes this decision of an earlier session back.
    pub fn taken_back_by(&self, closed: &Closed) -> Self {
        let board = &closed.board;
        let id = self.project.id;
        let mut record = self.taken_back(closed);
        record.session = of_board::session_part(closed);
        record.project = board
            .projects
            .get(&id)
            .map_or(record.project, |project| of_board::project_part(board, id, project));
        record.evidence = evidence(board, id, &plumbline_shared::deciding::Evidence::of(board, id));
        record.dissent = said(board, &plumbline_shared::answer::Item::project(id), About::Project);
        record.sign_offs = signed(board, &plumbline_shared::answer::Item::project(id), About::Project);
        record.flags = board.flags.get(&id).map_or(0, |flags| flags.count);
        record
    }

    /// A further field of the decision; empty if it has none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The calendar day on which it was decided, in Greenwich.
    pub fn decided_day(&self) -> String {
        self.decided_on.chars().take(10).collect()
    }

    /// From which day on it holds: the one that was said, or that of the decision.
    pub fn effective(&self) -> String {
        let said = self.field("effective");
        if said.is_empty() { self.decided_day() } else { said.to_owned() }
    }

    /// A day that it names.
    pub fn day(&self, name: &str) -> Option<Day> {
        Day::parse(self.field(name))
    }
}
