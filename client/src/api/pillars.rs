//! Line of sight: the pillars over the sessions.

use plumbline_shared::{ids::PillarId, json::Json, words::Verdict};

use super::{Body, Problem, answered, ask};
use crate::{
    record::Status,
    take::{Take, taken},
};

taken! {
    /// A session.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SightSession {
        pub(crate) title: String,
        /// In milliseconds since 1970.
        pub(crate) closed_at: u64,
        pub(crate) erased: bool,
        /// Whether all of its board is known.
        pub(crate) whole: bool,
        pub(crate) currency: String,
    }

    /// A sum, and of how many projects it is known.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub(crate) struct Weight {
        pub(crate) sum: f64,
        pub(crate) known: usize,
    }

    /// Projects, and what they weigh.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub(crate) struct PileSum {
        pub(crate) projects: usize,
        pub(crate) stopped: usize,
        pub(crate) cost: Weight,
        pub(crate) people: Weight,
    }

    /// A pillar over the sessions.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SightLine {
        pub(crate) id: String,
        pub(crate) name: String,
        pub(crate) earlier_names: Vec<String>,
        pub(crate) intent: String,
        pub(crate) owner: String,
        pub(crate) colour: String,
        /// The place of the last session that had it.
        pub(crate) last: usize,
        pub(crate) stands: Vec<Option<PileSum>>,
        pub(crate) decisions: usize,
    }

    /// What became of projects from one session to the next.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SightFlow {
        pub(crate) session: usize,
        pub(crate) from: FlowPlace,
        pub(crate) to: FlowPlace,
        pub(crate) projects: usize,
        pub(crate) cost_before: Weight,
        pub(crate) cost_after: Weight,
        pub(crate) people_before: Weight,
        pub(crate) people_after: Weight,
    }

    /// All pillars.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Sight {
        pub(crate) sessions: Vec<SightSession>,
        pub(crate) pillars: Vec<SightLine>,
        pub(crate) off: Vec<PileSum>,
        pub(crate) unsorted: Vec<PileSum>,
        pub(crate) stopped: Vec<PileSum>,
        pub(crate) flows: Vec<SightFlow>,
        pub(crate) left_out: usize,
    }

    /// A decision on a pillar.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct PillarDecision {
        pub(crate) number: u64,
        pub(crate) verdict: Option<Verdict>,
        pub(crate) status: Status,
        pub(crate) holds: bool,
        pub(crate) owner: String,
        pub(crate) measure: String,
    }

    /// A project that stood on a pillar.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct OnPillar {
        pub(crate) session: usize,
        pub(crate) name: String,
        pub(crate) reference: String,
        pub(crate) cost: Option<f64>,
        pub(crate) people: Option<f64>,
        pub(crate) came: bool,
        pub(crate) decision: Option<PillarDecision>,
    }

    /// How far a room agreed.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub(crate) struct Agreement {
        pub(crate) projects: usize,
        pub(crate) agreed: usize,
        pub(crate) answers: usize,
        pub(crate) here: usize,
    }
}

/// One pillar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OnePillar {
    pub(crate) sessions: Vec<SightSession>,
    pub(crate) line: SightLine,
    pub(crate) goals: Vec<String>,
    pub(crate) measure: String,
    pub(crate) rules_out: String,
    pub(crate) current: bool,
    pub(crate) stands_on_it: Vec<OnPillar>,
    pub(crate) agreement: Vec<Option<Agreement>>,
    pub(crate) left_out: usize,
}

/// Where projects are before or after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FlowPlace {
    /// On a pillar, by its id.
    Pillar(String),
    /// Off strategy, unsorted, stopped, new or gone: the server's word.
    Other(String),
}

impl Take for FlowPlace {
    fn take(json: &Json) -> Option<Self> {
        match json {
            Json::Text(word) => Some(Self::Other(word.clone())),
            other => other.get("pillar").string().map(Self::Pillar),
        }
    }
}

impl Take for OnePillar {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            sessions: Take::take(json.get("sessions"))?,
            line: Take::take(json)?,
            goals: Take::take(json.get("goals"))?,
            measure: Take::take(json.get("measure"))?,
            rules_out: Take::take(json.get("rules_out"))?,
            current: Take::take(json.get("current"))?,
            stands_on_it: Take::take(json.get("stands_on_it"))?,
            agreement: Take::take(json.get("agreement"))?,
            left_out: Take::take(json.get("left_out"))?,
        })
    }
}

/// The pillars over the sessions.
pub(crate) async fn pillars(key: &str) -> Result<Sight, Problem> {
    answered(ask("GET", "/api/pillars", Some(key), Body::None).await?).await
}

/// One pillar over the sessions.
pub(crate) async fn pillar(key: &str, id: PillarId) -> Result<OnePillar, Problem> {
    answered(ask("GET", &format!("/api/pillars/{id}"), Some(key), Body::None).await?).await
}
