//! An agenda as it is handed about: a template of the server's, or a file that was saved here.

use plumbline_shared::{json::Json, words::StepKind};

/// A template, as far as it is shown before it is taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    /// By which the server knows it; empty of a file.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// What it is for.
    pub(crate) summary: String,
    /// How long it takes, its reserve included.
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
        let minutes = json.get("minutes").small().unwrap_or(minutes);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_shown_by_what_it_says_of_itself() {
        let text = r#"{"id":"align","title":"Align","summary":"For us","minutes":90,"steps":[
            {"kind":"ballot","question":"placement","title":"Sort alone","minutes":14,"options":{"say":"Hello"}},
            {"kind":"close","title":"Close","minutes":2}]}"#;
        let read = Template::read(&Json::read(text).unwrap()).unwrap();
        assert_eq!(
            (read.id.as_str(), read.title.as_str(), read.summary.as_str()),
            ("align", "Align", "For us")
        );
        assert_eq!((read.minutes, read.steps), (90, vec!["Sort alone".to_owned(), "Close".to_owned()]));
        assert_eq!(
            read.json.to_string(),
            Json::read(text).unwrap().to_string(),
            "all of it goes to the server"
        );
    }

    #[test]
    fn a_file_that_does_not_say_how_long_it_takes_takes_as_long_as_its_steps() {
        let text = r#"{"steps":[{"kind":"board","minutes":20},{"kind":"close","minutes":5}]}"#;
        let read = Template::read(&Json::read(text).unwrap()).unwrap();
        assert_eq!((read.minutes, read.steps.len(), read.title.as_str()), (25, 2, ""));
    }

    #[test]
    fn what_is_no_agenda_is_none() {
        for text in ["{}", "[]", r#"{"steps":[]}"#, r#"{"steps":[{"kind":"dance"}]}"#] {
            assert_eq!(Template::read(&Json::read(text).unwrap()), None, "{text}");
        }
    }
}
