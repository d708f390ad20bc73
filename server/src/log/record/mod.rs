//! One decision as the decision log keeps it: everything that is needed to understand it in a year, and nothing that
//! was private.
//!
//! A record is plain data. What makes it of a board is a pure function ([`records`]), and what it says of the ballots
//! are counts: the board has nothing else. Its form is described by a JSON Schema ([`SCHEMA`]) and has a version.

mod of_board;
#[cfg(test)]
pub(crate) mod tests;
mod told;

use std::collections::BTreeMap;

use plumbline_shared::{
    ids::{PillarId, ProjectId, SessionId, StepId},
    words::{Claim, Question, Stance, Verdict},
};
use serde::{Deserialize, Serialize};

use super::export::Amount;

pub use of_board::{Closed, records};
pub(crate) use told::{about_session, evidence, said, signed};

/// The version of a record's form. It rises when something that was there goes or changes its meaning; new fields do
/// not raise it.
pub const VERSION: u32 = 1;

/// What a record looks like: JSON Schema, 2020-12.
pub const SCHEMA: &str = include_str!("../../../schemas/decision.json");

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its owner has not said yes.
    Proposed,
    /// Its owner has.
    Accepted,
    /// Nothing is decided yet, but who decides.
    Open,
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
            Self::Reversed => "reversed",
        }
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
    },
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

/// What a round came to for one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The step.
    pub step: StepId,
    /// Its title.
    pub title: String,
    /// Its round, from 1.
    pub round: u32,
    /// What was asked.
    pub question: Question,
    /// In which words, where they were the session's own.
    pub prompt: String,
    /// About what.
    pub about: About,
    /// How many could answer; who sat out is not among them.
    pub eligible: u32,
    /// How many have.
    pub answered: u32,
    /// How many sat out.
    pub sat_out: u32,
    /// How many people answered the round on paper.
    pub on_paper: u32,
    /// The counts; `null` where so few have answered that counts would tell who it was, and for answers in one's own
    /// words, which stay in the room.
    pub counts: Option<Counted>,
}

/// What something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The project, or the decision on it.
    Project,
    /// The session as a whole.
    Session,
}

/// Counts, by what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// How many put it where.
    Placement {
        /// On no pillar.
        off: u32,
        /// On which pillar; those that nobody chose are left out.
        pillars: Vec<PillarCount>,
        /// Answers *I don't know it*.
        unknown: u32,
    },
    /// How many claim what.
    Hobby {
        /// It is tied to the strategy.
        strategy: u32,
        /// Revenue would be lost without it.
        revenue: u32,
        /// Costs would rise without it.
        expense: u32,
        /// The business needs it now.
        required: u32,
        /// Nothing.
        none: u32,
        /// What it came to: `strategic`, `mission_critical`, `hobby`, `contested` or `too_few`.
        outcome: Outcome,
        /// Which claims have been checked.
        checks: Vec<Checked>,
    },
    /// How many chose which verdict.
    Verdict {
        /// It moves.
        r#move: u32,
        /// It waits.
        wait: u32,
        /// It stops.
        stop: u32,
        /// What more than half chose.
        room: Option<Verdict>,
    },
    /// Dots on it.
    Dots {
        /// How many.
        dots: u32,
        /// Of how many people.
        people: u32,
    },
    /// How many gave which number.
    Scale {
        /// The index is the number, 0 to 5.
        counts: [u32; 6],
    },
}

/// How many chose a pillar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PillarCount {
    /// Its id on the board.
    pub id: PillarId,
    /// Its name; empty if it was taken off the board since.
    pub name: String,
    /// How many.
    pub count: u32,
}

/// What the four questions came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Tied to the strategy.
    Strategic,
    /// Not tied to it, and needed.
    MissionCritical,
    /// Nothing is claimed.
    Hobby,
    /// The room is not at one.
    Contested,
    /// Too few have answered.
    TooFew,
}

/// A claim that has been checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Which.
    pub claim: Claim,
    /// Whether it stands.
    pub stands: bool,
    /// Who says so.
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
            ..record.clone()
        };
        bare(self) == bare(other)
    }

    /// The further record by which a later close of its session takes this one back.
    pub fn taken_back(&self, closed: &Closed) -> Self {
        Self {
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
            ..self.clone()
        }
    }

    /// A further field of the decision; empty if it has none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}
