//! The pillars of a strategy, from JSON.

use plumbline_shared::schema::COLOURS;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ImportError;
use super::limits;
use super::text::{is_blank, lines, name_key, one_line};

/// A pillar as read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ImportedPillar {
    /// Its name, not empty, on one line, unlike that of any other pillar.
    pub name: String,
    /// What it is for, in a sentence or two.
    pub intent: String,
    /// What it is to reach, one line each with its measure, at most [`GOALS`](super::limits::GOALS).
    pub goals: Vec<String>,
    /// The measure of the whole.
    pub measure: String,
    /// What it says no to.
    pub rules_out: String,
    /// Who answers for it.
    pub owner: String,
    /// The colour asked for, one of [`COLOURS`]; empty for none.
    pub colour: String,
}

/// Reads pillars: a JSON array of names or of objects `{name, intent, goals, measure, rules_out, owner, colour}`,
/// or an object with such an array under `pillars`.
///
/// `goals` is a text, an array of texts, or an array of `{goal, measure}`, of which each becomes one line; every
/// other value is a text, or an array of texts that is joined.
///
/// # Errors
///
/// [`ImportError::Pillars`]: no such JSON, a pillar without a name or with the name of another, a text over its
/// limit, more pillars than a session holds. Nothing is cut here, since whoever sends it can change it.
pub fn read_pillars(json: &[u8]) -> Result<Vec<ImportedPillar>, ImportError> {
    if json.len() > limits::FILE_BYTES {
        return Err(ImportError::TooLarge);
    }
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let list = match serde_json::from_slice::<Value>(json) {
        Ok(Value::Array(list)) => list,
        Ok(Value::Object(mut object)) => match object.remove("pillars") {
            Some(Value::Array(list)) => list,
            _ => return Err(refused(format!("there is no array under \"pillars\". {FORM}"))),
        },
        Ok(_) => return Err(refused(format!("it is a single value. {FORM}"))),
        Err(error) => return Err(refused(format!("{error}. {FORM}"))),
    };
    if list.len() > limits::PILLARS {
        return Err(refused(format!(
            "a session holds {} pillars, and these are {}. Leave out some of them",
            limits::PILLARS,
            list.len()
        )));
    }
    let mut pillars: Vec<ImportedPillar> = Vec::new();
    for (at, given) in list.into_iter().enumerate() {
        let pillar = pillar(given, at + 1)?;
        if pillars.iter().any(|other| name_key(&other.name) == name_key(&pillar.name)) {
            return Err(refused(format!(
                "two of them are called “{}”. Give each a name of its own",
                pillar.name
            )));
        }
        pillars.push(pillar);
    }
    Ok(pillars)
}

fn refused(detail: String) -> ImportError {
    ImportError::Pillars { detail }
}

/// What is expected, for errors.
const FORM: &str = "They should be an array of names, or of objects with name, intent, goals, measure, rules_out, owner and colour";

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct GivenFields {
    name: String,
    #[serde(default)]
    intent: Texts,
    #[serde(default)]
    goals: Goals,
    #[serde(default)]
    measure: Texts,
    #[serde(default)]
    rules_out: Texts,
    #[serde(default)]
    owner: Texts,
    #[serde(default, alias = "color")]
    colour: Texts,
}

/// A text, several, or none.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
    #[default]
    None,
}

impl Texts {
    fn joined(self) -> String {
        match self {
            Self::One(text) => text,
            Self::Many(texts) => texts.join("; "),
            Self::None => String::new(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Goals {
    One(String),
    Many(Vec<Goal>),
    #[default]
    None,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Goal {
    Text(String),
    Measured {
        goal: String,
        #[serde(default)]
        measure: String,
    },
}

impl Goal {
    fn line(self) -> String {
        match self {
            Self::Text(goal) => goal,
            Self::Measured { goal, measure } if is_blank(&measure) => goal,
            Self::Measured { goal, measure } => format!("{goal}: {measure}"),
        }
    }
}

fn pillar(given: Value, number: usize) -> Result<ImportedPillar, ImportError> {
    let given = match given {
        Value::String(name) => GivenFields { name, ..GivenFields::default() },
        given => serde_json::from_value(given)
            .map_err(|error| refused(format!("number {number}: {error}. {FORM}")))?,
    };
    let name = one_line(&given.name);
    if is_blank(&name) {
        return Err(refused(format!("number {number} has no name. Give it one")));
    }
    let within = |what: &str, text: String, limit: usize| {
        if text.chars().count() > limit {
            return Err(refused(format!(
                "the {what} of number {number} is longer than {limit} characters. Shorten it"
            )));
        }
        Ok(text)
    };
    let goals: Vec<String> = match given.goals {
        Goals::One(goal) => vec![goal],
        Goals::Many(goals) => goals.into_iter().map(Goal::line).collect(),
        Goals::None => Vec::new(),
    };
    let goals = goals.iter().map(|goal| one_line(goal)).filter(|goal| !goal.is_empty());
    let goals: Vec<String> =
        goals.map(|goal| within("goal", goal, limits::LINE_CHARS)).collect::<Result<_, _>>()?;
    if goals.len() > limits::GOALS {
        return Err(refused(format!(
            "number {number} has {} goals, and a pillar holds {}. Keep those that decide",
            goals.len(),
            limits::GOALS
        )));
    }
    let colour = one_line(&given.colour.joined());
    if !colour.is_empty() && !COLOURS.contains(&colour.as_str()) {
        return Err(refused(format!(
            "number {number} asks for the colour “{colour}”. Leave it out, or take one of {}",
            COLOURS.join(", ")
        )));
    }
    Ok(ImportedPillar {
        name: within("name", name, limits::NAME_CHARS)?,
        intent: within("intent", lines(&given.intent.joined()), limits::PARAGRAPH_CHARS)?,
        goals,
        measure: within("measure", lines(&given.measure.joined()), limits::LINE_CHARS)?,
        rules_out: within("“rules out”", lines(&given.rules_out.joined()), limits::PARAGRAPH_CHARS)?,
        owner: within("owner", one_line(&given.owner.joined()), limits::NAME_CHARS)?,
        colour,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_and_objects_are_read() {
        let pillars = read_pillars(
            r#"["Safe water", {"name": "Net zero", "intent": "Halve it.", "goals": [{"goal": "Halve emissions", "measure": "tCO2e"}, "Electrify"],
                "measure": "tCO2e a year", "rules_out": ["Offsets", "Pledges"], "owner": null, "color": "p3"}]"#
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(pillars[0], ImportedPillar { name: "Safe water".to_owned(), ..ImportedPillar::default() });
        assert_eq!(pillars[1].goals, ["Halve emissions: tCO2e", "Electrify"]);
        assert_eq!(
            (pillars[1].measure.as_str(), pillars[1].rules_out.as_str()),
            ("tCO2e a year", "Offsets; Pledges")
        );
        assert_eq!(pillars[1].colour, "p3");
        assert_eq!(read_pillars(br#"{"pillars":["A"]}"#).unwrap().len(), 1);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_to_do() {
        let sentence = |json: &str| read_pillars(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            sentence(r#"["A", " "]"#),
            "The pillars cannot be read: number 2 has no name. Give it one."
        );
        assert_eq!(
            sentence(r#"["A", "a "]"#),
            "The pillars cannot be read: two of them are called “a”. Give each a name of its own."
        );
        let many: Vec<String> = (0..25).map(|at| format!("P{at}")).collect();
        assert!(
            sentence(&serde_json::to_string(&many).unwrap())
                .contains("a session holds 24 pillars, and these are 25")
        );
        assert!(
            sentence(r#"[{"name":"A","aim":"x"}]"#)
                .contains("number 1: unknown field `aim`, expected one of `name`, `intent`")
        );
        assert!(sentence("Safe water").contains("array of names"));
        let long = format!(r#"[{{"name":"A","intent":"{}"}}]"#, "x".repeat(4_001));
        assert!(sentence(&long).contains("the intent of number 1 is longer than 4000 characters"));
        assert!(sentence(r#"[{"name":"A","colour":"green"}]"#).contains("take one of p1, p2"));
    }
}
