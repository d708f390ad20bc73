//! An agenda as it is handed about: a template of the server's, or a file that was saved here.

use plumbline_shared::{board::Step, json::Json, words::StepKind};

/// A template, as far as it is shown before it is taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    /// By which the server knows it; empty of a file.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// What it is for.
    pub(crate) summary: String,
    /// The minutes of all its steps.
    pub(crate) minutes: u32,
    /// The titles of its steps.
    pub(crate) steps: Vec<String>,
    /// The whole of it, for the server, which has the last word on what is in it.
    pub(crate) json: Json,
}

impl Template {
    /// The template that `json` is; none if it has no steps, or steps of which nobody knows what is done in them.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        let list = json.get("steps").list();
        let mut steps = Vec::with_capacity(list.len());
        let mut minutes = 0_u32;
        for step in list {
            step.get("kind").text().and_then(StepKind::parse)?;
            minutes = minutes.saturating_add(step.get("minutes").small().unwrap_or(0));
            steps.push(step.get("title").string().unwrap_or_default());
        }
        if steps.is_empty() {
            return None;
        }
        let text = |name: &str| json.get(name).string().unwrap_or_default();
        Some(Self {
            id: text("id"),
            title: text("title"),
            summary: text("summary"),
            minutes,
            steps,
            json: json.clone(),
        })
    }
}

/// An agenda in the form of a template.
pub(crate) fn write(title: &str, summary: &str, agenda: &[Step]) -> Json {
    let option = |(heading, text): &(String, String)| Json::List(vec![heading.into(), text.into()]);
    let step = |step: &Step| {
        Json::sparse(vec![
            ("kind", step.kind.as_str().into()),
            ("question", step.question.map(|question| question.as_str()).into()),
            ("title", step.title.as_str().into()),
            ("minutes", step.minutes.into()),
            ("options", Json::List(step.options.iter().map(option).collect())),
        ])
    };
    Json::object(vec![
        ("title", title.into()),
        ("summary", summary.into()),
        ("steps", Json::List(agenda.iter().map(step).collect())),
    ])
}

#[cfg(test)]
mod tests {
    use plumbline_shared::{ids::StepId, words::Question};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_agenda_that_was_saved_is_read_again() {
        let step = |kind, question| Step {
            id: StepId(Uuid::from_u128(1)),
            kind,
            title: "Sort “alone”".to_owned(),
            question,
            minutes: 14,
            options: vec![("say".to_owned(), "Two\nlines".to_owned())],
            order: "80".to_owned(),
        };
        let agenda = [step(StepKind::Ballot, Some(Question::Placement)), step(StepKind::Close, None)];
        let text = write("Align", "For us", &agenda).to_string();
        let read = Template::read(&Json::read(&text).unwrap()).unwrap();
        assert_eq!((read.title.as_str(), read.summary.as_str(), read.minutes), ("Align", "For us", 28));
        assert_eq!(read.steps, ["Sort “alone”", "Sort “alone”"]);
        assert_eq!(read.json.get("steps").at(0).get("question").text(), Some("placement"));
        assert_eq!(read.json.get("steps").at(1).get("question"), &Json::Null);
    }

    #[test]
    fn what_is_no_agenda_is_none() {
        for text in ["{}", "[]", r#"{"steps":[]}"#, r#"{"steps":[{"kind":"dance"}]}"#] {
            assert_eq!(Template::read(&Json::read(text).unwrap()), None, "{text}");
        }
    }
}
