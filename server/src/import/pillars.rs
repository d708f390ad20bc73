//! The pillars of a strategy, from JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// What it is to reach, one line each, at most [`GOALS`](super::limits::GOALS).
    pub goals: Vec<String>,
    /// How anybody would know, in the goals' order where each has one.
    pub measure: String,
    /// What it says no to.
    pub rules_out: String,
    /// Who answers for it.
    pub owner: String,
    /// The colour asked for; empty for none.
    pub colour: String,
}

/// Reads pillars: a JSON array of names or of objects `{name, intent, goals, measure, rules_out, owner, colour}`,
/// or an object with such an array under `pillars`.
///
/// `goals` is a text, an array of texts, or an array of `{goal, measure}`; every other value is a text, or an array
/// of texts that is joined.
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
    let list = match serde_json::from_slice::<Given>(json) {
        Ok(Given::List(list) | Given::Wrapped { pillars: list }) => list,
        Err(error) => {
            // An untagged enum cannot say what is wrong inside; the plain array can.
            let detail = match serde_json::from_slice::<Vec<GivenPillar>>(json) {
                Err(precise) if json.trim_ascii_start().starts_with(b"[") => precise,
                _ => error,
            };
            return Err(refused(format!(
                "{detail}. They should be an array of names, or of objects with name, intent, goals, measure, rules_out, owner and colour"
            )));
        }
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

/// Pillars as they are sent: an array, or an object with one.
#[derive(Deserialize, ToSchema)]
#[schema(as = Pillars)]
#[serde(untagged)]
pub(crate) enum Given {
    List(Vec<GivenPillar>),
    Wrapped { pillars: Vec<GivenPillar> },
}

/// A pillar as it is sent: its name, or more.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPillar)]
#[serde(untagged, expecting = "a pillar is a name, or an object with a name and texts")]
pub(crate) enum GivenPillar {
    Name(String),
    Pillar(Box<GivenFields>),
}

/// What is said of a pillar.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = NewPillarFields)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenFields {
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
#[derive(Deserialize, Default, ToSchema)]
#[serde(untagged)]
pub(crate) enum Texts {
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

/// Goals: one, several, or none.
#[derive(Deserialize, Default, ToSchema)]
#[serde(untagged)]
pub(crate) enum Goals {
    One(String),
    Many(Vec<Goal>),
    #[default]
    None,
}

/// A goal, perhaps with its measure.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Goal {
    Text(String),
    Measured {
        goal: String,
        #[serde(default)]
        measure: String,
    },
}

fn pillar(given: GivenPillar, number: usize) -> Result<ImportedPillar, ImportError> {
    let given = match given {
        GivenPillar::Name(name) => GivenFields { name, ..GivenFields::default() },
        GivenPillar::Pillar(fields) => *fields,
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
    let mut goals = Vec::new();
    let mut measures = Vec::new();
    match given.goals {
        Goals::One(goal) => goals.push(goal),
        Goals::Many(many) => {
            for goal in many {
                match goal {
                    Goal::Text(goal) => goals.push(goal),
                    Goal::Measured { goal, measure } => {
                        goals.push(goal);
                        measures.push(measure);
                    }
                }
            }
        }
        Goals::None => {}
    }
    let goals = goals.iter().map(|goal| one_line(goal)).filter(|goal| !goal.is_empty());
    let goals: Vec<String> =
        goals.map(|goal| within("goal", goal, limits::TEXT_CHARS)).collect::<Result<_, _>>()?;
    if goals.len() > limits::GOALS {
        return Err(refused(format!(
            "number {number} has {} goals, and a pillar holds {}. Keep those that decide",
            goals.len(),
            limits::GOALS
        )));
    }
    measures.insert(0, given.measure.joined());
    measures.retain(|measure| !is_blank(measure));
    Ok(ImportedPillar {
        name: within("name", name, limits::NAME_CHARS)?,
        intent: within("intent", lines(&given.intent.joined()), limits::TEXT_CHARS)?,
        goals,
        measure: within("measure", lines(&measures.join("; ")), limits::TEXT_CHARS)?,
        rules_out: within("“rules out”", lines(&given.rules_out.joined()), limits::TEXT_CHARS)?,
        owner: within("owner", one_line(&given.owner.joined()), limits::TEXT_CHARS)?,
        colour: within("colour", one_line(&given.colour.joined()), limits::TEXT_CHARS)?,
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
                "rules_out": ["Offsets", "Pledges"], "owner": null, "color": "green"}]"#
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(pillars[0], ImportedPillar { name: "Safe water".to_owned(), ..ImportedPillar::default() });
        assert_eq!(pillars[1].goals, ["Halve emissions", "Electrify"]);
        assert_eq!(
            (pillars[1].measure.as_str(), pillars[1].rules_out.as_str()),
            ("tCO2e", "Offsets; Pledges")
        );
        assert_eq!(pillars[1].colour, "green");
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
        assert!(sentence(r#"[{"name":"A","aim":"x"}]"#).contains("objects with name, intent"));
        assert!(sentence("Safe water").contains("array of names"));
        let long = format!(r#"[{{"name":"A","intent":"{}"}}]"#, "x".repeat(1_001));
        assert!(sentence(&long).contains("the intent of number 1 is longer than 1000 characters"));
    }
}
