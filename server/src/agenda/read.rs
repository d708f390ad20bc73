//! Reading a template: every field is looked at, and what is not known is refused by its name, never passed over.

use plumbline_shared::{
    limits,
    words::{Question, StepKind},
};
use serde_json::{Map, Value};

use super::{
    Step, Template,
    options::{self, Asker},
};

/// The longest time that a step or a session can take, in minutes.
pub(super) const DAY: u32 = 1_440;

/// The longest id of a template, in characters.
const ID: usize = 40;

const TEMPLATE_FIELDS: &[&str] = &["id", "title", "summary", "minutes", "steps"];
const STEP_FIELDS: &[&str] = &["kind", "question", "title", "minutes", "options"];

/// Why something is no template: a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TemplateError(String);

impl TemplateError {
    pub(super) fn not_json(error: serde_json::Error) -> Self {
        Self(format!("The template is not JSON: {error}."))
    }

    fn new(place: &str, what: impl std::fmt::Display) -> Self {
        Self(format!("{place}: {what}."))
    }
}

type Read<T> = Result<T, TemplateError>;

pub(super) fn template(value: &Value) -> Read<Template> {
    const HERE: &str = "The template";
    let Value::Object(fields) = value else {
        return Err(TemplateError::new(HERE, format!("it is an object with {}", names(TEMPLATE_FIELDS))));
    };
    only(HERE, "a template", fields, TEMPLATE_FIELDS)?;
    let id = text(HERE, fields, "id")?;
    if !is_id(id) {
        let what = format!("`id` is a short name of lower-case letters, digits and hyphens, {ID} at most");
        return Err(TemplateError::new(HERE, what));
    }
    let title = title(HERE, fields)?;
    let summary = match fields.get("summary") {
        None => "",
        Some(_) => text(HERE, fields, "summary")?,
    };
    if summary.chars().count() > limits::LINE {
        let what = format!("`summary` has more than {} characters. Shorten it", limits::LINE);
        return Err(TemplateError::new(HERE, what));
    }
    let minutes = minutes(HERE, fields, 1)?;
    let steps = match fields.get("steps") {
        Some(Value::Array(steps)) if !steps.is_empty() && steps.len() <= limits::STEPS => steps,
        _ => {
            let what = format!("`steps` is a list of 1 to {} steps", limits::STEPS);
            return Err(TemplateError::new(HERE, what));
        }
    };
    let steps: Vec<Step> =
        steps.iter().enumerate().map(|(at, value)| step(at, value)).collect::<Read<_>>()?;
    let sum: u32 = steps.iter().map(|step| step.minutes).sum();
    if sum > minutes {
        let what = format!("its steps take {sum} minutes. Give `minutes` at least that, or shorten them");
        return Err(TemplateError::new(HERE, what));
    }
    Ok(Template { id: id.to_owned(), title: title.to_owned(), summary: summary.to_owned(), minutes, steps })
}

fn step(at: usize, value: &Value) -> Read<Step> {
    let number = format!("Step {}", at + 1);
    let Value::Object(fields) = value else {
        return Err(TemplateError::new(&number, format!("it is an object with {}", names(STEP_FIELDS))));
    };
    let title = title(&number, fields)?;
    let here = &format!("{number} ({title})");
    only(here, "a step", fields, STEP_FIELDS)?;
    let kind = word(here, fields, "kind", StepKind::ALL, StepKind::as_str)?;
    let question = match fields.get("question") {
        None => None,
        Some(_) => Some(word(here, fields, "question", Question::ALL, Question::as_str)?),
    };
    match (kind, question) {
        (StepKind::Ballot, None) => {
            let all = words(Question::ALL, Question::as_str);
            return Err(TemplateError::new(here, format!("a ballot has a `question`: one of {all}")));
        }
        (StepKind::Commit, question) if question != Some(Question::Scale) => {
            let what = "in commit people are asked how sure they are: set `question` to `scale`";
            return Err(TemplateError::new(here, what));
        }
        (StepKind::Ballot | StepKind::Commit, _) | (_, None) => {}
        (_, Some(_)) => {
            let what = format!("only a ballot, or commit, has a `question`, and this is `{kind}`");
            return Err(TemplateError::new(here, what));
        }
    }
    let minutes = minutes(here, fields, 0)?;
    let options = match fields.get("options") {
        None => Vec::new(),
        Some(Value::Object(options)) => pairs(here, Asker { question, minutes }, options)?,
        Some(_) => {
            return Err(TemplateError::new(here, "`options` is an object: a name, and a text for each"));
        }
    };
    Ok(Step { kind, question, title: title.to_owned(), minutes, options })
}

fn pairs(here: &str, asker: Asker, options: &Map<String, Value>) -> Read<Vec<(String, String)>> {
    let wrong = |what: String| TemplateError::new(here, what);
    let mut pairs = Vec::new();
    for (name, value) in options {
        options::belongs(asker, name).map_err(wrong)?;
        let texts = match value {
            Value::Array(texts) if options::is_list(name) && !texts.is_empty() => texts.as_slice(),
            one => std::slice::from_ref(one),
        };
        for text in texts {
            let Value::String(text) = text else {
                let list = if options::is_list(name) { ", or a list of texts" } else { "" };
                return Err(wrong(format!("`{name}` is a text{list}: numbers stand in quotation marks too")));
            };
            options::fits(asker, name, text).map_err(wrong)?;
            pairs.push((name.clone(), text.clone()));
        }
    }
    options::check_together(&pairs).map_err(wrong)?;
    Ok(pairs)
}

fn only(here: &str, what: &str, fields: &Map<String, Value>, known: &[&str]) -> Read<()> {
    // Editors are told by it where the schema is.
    let is_known = |name: &str| known.contains(&name) || (name == "$schema" && known == TEMPLATE_FIELDS);
    if known == TEMPLATE_FIELDS && fields.get("$schema").is_some_and(|place| !place.is_string()) {
        return Err(TemplateError::new(
            here,
            "`$schema` is a text, the address of the schema, or it is left out".to_owned(),
        ));
    }
    match fields.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => {
            let what = format!("`{name}` is no field of {what}. It has {}", names(known));
            Err(TemplateError::new(here, what))
        }
    }
}

fn text<'v>(here: &str, fields: &'v Map<String, Value>, name: &str) -> Read<&'v str> {
    match fields.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(TemplateError::new(here, format!("`{name}` is a text"))),
        None => Err(TemplateError::new(here, format!("it needs `{name}`"))),
    }
}

fn title<'v>(here: &str, fields: &'v Map<String, Value>) -> Read<&'v str> {
    let title = text(here, fields, "title")?;
    let fits = !title.trim().is_empty()
        && title.chars().count() <= limits::TITLE
        && !title.chars().any(char::is_control);
    if fits {
        return Ok(title);
    }
    let what = format!("`title` is one line of 1 to {} characters", limits::TITLE);
    Err(TemplateError::new(here, what))
}

fn minutes(here: &str, fields: &Map<String, Value>, least: u32) -> Read<u32> {
    let minutes = fields.get("minutes").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    minutes
        .filter(|minutes| (least..=DAY).contains(minutes))
        .ok_or_else(|| TemplateError::new(here, format!("`minutes` is a whole number from {least} to {DAY}")))
}

fn word<W: Copy>(
    here: &str,
    fields: &Map<String, Value>,
    name: &str,
    all: &[W],
    as_str: impl Fn(W) -> &'static str + Copy,
) -> Read<W> {
    let found = fields.get(name).and_then(Value::as_str);
    let found = all.iter().copied().find(|word| Some(as_str(*word)) == found);
    found.ok_or_else(|| TemplateError::new(here, format!("`{name}` is one of {}", words(all, as_str))))
}

fn words<W: Copy>(all: &[W], as_str: impl Fn(W) -> &'static str) -> String {
    all.iter().map(|word| as_str(*word)).collect::<Vec<_>>().join(", ")
}

fn names(fields: &[&str]) -> String {
    let (last, rest) = fields.split_last().expect("there are fields");
    format!("{} and {last}", rest.join(", "))
}

fn is_id(id: &str) -> bool {
    id.len() <= ID
        && id.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}
