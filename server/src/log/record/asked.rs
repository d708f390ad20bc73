//! The evidence of a record: what was asked in private, in counts.

use plumbline_shared::{
    ids::{PillarId, StepId},
    words::{Claim, Question, Verdict},
};
use serde::{Deserialize, Serialize};

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
    /// The words of a scale that was answered in words: the first is the number 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
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
