//! Templates of agendas: the steps of a session as data, with what is asked and said in each.
//!
//! Those that come with Plumbline are files under `server/templates`, beside the JSON Schema that they and everybody
//! else's keep to ([`SCHEMA`]). A template is read once, strictly ([`Template::read`]); what it becomes are the rows of
//! a session's log, and from then on the agenda is the facilitator's to change.

mod options;
mod read;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use plumbline_shared::{
    agenda::option,
    board::Step as BoardStep,
    ids::StepId,
    words::{Question, StepKind},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use read::TemplateError;

use crate::session::entry::StepRow;

/// What a template looks like: JSON Schema, 2020-12.
pub const SCHEMA: &str = include_str!("../../templates/schema.json");

/// The templates as they are shipped, in the order in which they are offered.
const FILES: &[&str] = &[
    include_str!("../../templates/align.json"),
    include_str!("../../templates/quick-sort.json"),
    include_str!("../../templates/frame.json"),
    include_str!("../../templates/choose.json"),
    include_str!("../../templates/checkpoint.json"),
    include_str!("../../templates/pulse.json"),
    include_str!("../../templates/pulse-adkar.json"),
    include_str!("../../templates/pulse-clarity.json"),
];

static SHIPPED: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let read = |file: &&str| Template::read(file).expect("a test reads every template that is shipped");
    FILES.iter().map(read).collect()
});

/// The steps of a session, before there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// A short name that does not change.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// How long the session takes. What the steps leave over is the reserve.
    pub minutes: u32,
    /// Its steps, in their order.
    pub steps: Vec<Step>,
}

/// One step of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done in it.
    pub kind: StepKind,
    /// What its ballot asks, if it has one.
    pub question: Option<Question>,
    /// What it is called.
    pub title: String,
    /// The time planned for it.
    pub minutes: u32,
    /// What it brings along, by name: see `plumbline_shared::agenda`.
    pub options: Vec<(String, String)>,
}

/// The templates that come with Plumbline.
pub fn shipped() -> &'static [Template] {
    &SHIPPED
}

/// The shipped template of that id.
pub fn find(id: &str) -> Option<&'static Template> {
    shipped().iter().find(|template| template.id == id)
}

/// The ids of the shipped templates as a sentence names them.
pub fn names() -> String {
    shipped().iter().map(|template| template.id.as_str()).collect::<Vec<_>>().join(", ")
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// A sentence that says what is wrong, where, and what stands there instead.
    pub fn read(json: &str) -> Result<Self, TemplateError> {
        let value = serde_json::from_str(json).map_err(TemplateError::not_json)?;
        Self::of(&value)
    }

    /// The template that a value is.
    ///
    /// # Errors
    /// A sentence that says what is wrong, where, and what stands there instead.
    pub fn of(value: &Value) -> Result<Self, TemplateError> {
        read::template(value)
    }

    /// The agenda of a board as a template. What the session has picked for itself, a shortlist, stays behind.
    pub fn of_agenda(title: &str, agenda: &[BoardStep]) -> Self {
        let steps: Vec<Step> = agenda.iter().map(Step::of_board).collect();
        let minutes = steps.iter().map(|step| step.minutes).sum::<u32>().clamp(1, read::DAY);
        Self { id: "my-agenda".to_owned(), title: title.to_owned(), summary: String::new(), minutes, steps }
    }

    /// Its steps as they come into a session's log, each with an id of its own.
    pub fn rows(&self) -> Vec<StepRow> {
        let row = |step: &Step| StepRow {
            id: StepId(Uuid::now_v7()),
            kind: step.kind,
            question: step.question.map(|question| question.as_str().to_owned()).unwrap_or_default(),
            title: step.title.clone(),
            minutes: step.minutes,
            options: step.options.clone(),
        };
        self.steps.iter().map(row).collect()
    }

    /// The template as JSON, as [`Template::of`] reads it.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "title": self.title,
            "summary": self.summary,
            "minutes": self.minutes,
            "steps": self.steps.iter().map(Step::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Step {
    fn of_board(step: &BoardStep) -> Self {
        let stays = |(name, _): &&(String, String)| name != option::SHORTLIST;
        Self {
            kind: step.kind,
            question: step.question,
            title: step.title.clone(),
            minutes: step.minutes,
            options: step.options.iter().filter(stays).cloned().collect(),
        }
    }

    fn to_json(&self) -> Value {
        let mut options = Map::new();
        for (name, text) in &self.options {
            let text = Value::from(text.as_str());
            match options.get_mut(name) {
                None => {
                    options.insert(name.clone(), text);
                }
                Some(Value::Array(texts)) => texts.push(text),
                Some(first) => *first = json!([first.take(), text]),
            }
        }
        let mut step = json!({ "kind": self.kind.as_str(), "title": self.title, "minutes": self.minutes });
        if let Some(question) = self.question {
            step["question"] = question.as_str().into();
        }
        if !options.is_empty() {
            step["options"] = options.into();
        }
        step
    }
}
