//! One answer of a ballot: what it is about and what it says.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    ids::{self, ProjectId},
    limits,
    words::{Claim, Question, Verdict},
};

/// What one answer is about: a project or a pillar by its id, a statement of the step (`s1`, `s2`, …), or the
/// `session` as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item(String);

impl Item {
    /// The session as a whole.
    #[must_use]
    pub fn session() -> Self {
        Self("session".to_owned())
    }

    /// A statement of the step, counted from 0.
    #[must_use]
    pub fn statement(at: usize) -> Self {
        Self(format!("s{}", at + 1))
    }

    /// A project.
    #[must_use]
    pub fn project(id: ProjectId) -> Self {
        Self(id.to_string())
    }

    /// The item of that name, if it can be one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let statement = name.strip_prefix('s').is_some_and(|number| {
            matches!(number.len(), 1..=2)
                && !number.starts_with('0')
                && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        (name == "session" || statement || ids::is_canonical(name)).then(|| Self(name.to_owned()))
    }

    /// Its name on the wire and on the board.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The project that it is, if its name is an id. (A pillar's is, too; the round says which.)
    #[must_use]
    pub fn as_project(&self) -> Option<ProjectId> {
        self.0.parse().ok()
    }

    /// Which statement it is, counted from 0.
    #[must_use]
    pub fn as_statement(&self) -> Option<usize> {
        self.0.strip_prefix('s')?.parse::<usize>().ok()?.checked_sub(1)
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that names nothing that a ballot can be about.
#[derive(Debug, thiserror::Error)]
#[error("not the id of a project or a pillar, a statement or the session")]
pub struct NoItem;

impl FromStr for Item {
    type Err = NoItem;

    fn from_str(text: &str) -> Result<Self, NoItem> {
        Self::parse(text).ok_or(NoItem)
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Where a claim can be checked: who claims it says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Which claim.
    pub claim: Claim,
    /// Where it stands, in at most 200 characters.
    pub text: String,
}

/// What one answer says, by the kind of question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged, deny_unknown_fields)]
pub enum Answer {
    /// Placement: a pillar's id, `off`, or `unknown` (*I don't know it*).
    Pile {
        /// Which.
        pillar: String,
    },
    /// The four questions: what is true; nothing is an answer.
    Claims {
        /// What was ticked.
        claims: Vec<Claim>,
        /// Where what was ticked can be checked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sources: Vec<Source>,
    },
    /// Verdict: move, wait or stop.
    Verdict {
        /// Which.
        verdict: Verdict,
    },
    /// Dots on it.
    Dots {
        /// How many; none is the same as no answer.
        dots: u32,
    },
    /// A number of the scale.
    Scale {
        /// 0 to 5.
        #[cfg_attr(feature = "openapi", schema(maximum = 5))]
        scale: u8,
    },
    /// In one's own words.
    Text {
        /// At most 500 characters.
        text: String,
    },
}

/// The placement answer of who does not know the project.
pub const UNKNOWN: &str = "unknown";

impl Answer {
    /// The question that it answers.
    #[must_use]
    pub const fn question(&self) -> Question {
        match self {
            Self::Pile { .. } => Question::Placement,
            Self::Claims { .. } => Question::Hobby,
            Self::Verdict { .. } => Question::Verdict,
            Self::Dots { .. } => Question::Dots,
            Self::Scale { .. } => Question::Scale,
            Self::Text { .. } => Question::Text,
        }
    }

    /// Whether its texts are short enough to be kept at all: asked before it comes into a log.
    #[must_use]
    pub fn is_short(&self) -> bool {
        match self {
            Self::Text { text } => text.chars().count() <= limits::ANSWER,
            Self::Claims { claims, sources } => {
                claims.len() <= Claim::ALL.len()
                    && sources.len() <= Claim::ALL.len()
                    && sources.iter().all(|source| source.text.chars().count() <= limits::SOURCE)
            }
            Self::Pile { pillar } => pillar.len() <= 36,
            Self::Verdict { .. } | Self::Dots { .. } | Self::Scale { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_an_id_a_statement_or_the_session_and_nothing_else() {
        for good in ["session", "s1", "s64", "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f"] {
            assert!(Item::parse(good).is_some(), "{good}");
        }
        for bad in ["", "s", "s0", "s100", "S1", "off", "sessions", "0192F0C4-7B1E-7CC3-98C4-DC0C0C07398F"] {
            assert!(Item::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(Item::statement(0).as_statement(), Some(0));
    }

    #[test]
    fn answers_read_as_in_the_protocol() {
        let read = |json: &str| serde_json::from_str::<Answer>(json);
        assert_eq!(read(r#"{"pillar":"off"}"#).unwrap(), Answer::Pile { pillar: "off".to_owned() });
        assert_eq!(
            read(r#"{"claims":["revenue"],"sources":[{"claim":"revenue","text":"ledger"}]}"#).unwrap(),
            Answer::Claims {
                claims: vec![Claim::Revenue],
                sources: vec![Source { claim: Claim::Revenue, text: "ledger".to_owned() }],
            }
        );
        assert_eq!(
            read(r#"{"claims":[]}"#).unwrap(),
            Answer::Claims { claims: Vec::new(), sources: Vec::new() }
        );
        assert_eq!(read(r#"{"verdict":"stop"}"#).unwrap(), Answer::Verdict { verdict: Verdict::Stop });
        assert_eq!(read(r#"{"dots":3}"#).unwrap(), Answer::Dots { dots: 3 });
        assert_eq!(read(r#"{"scale":0}"#).unwrap(), Answer::Scale { scale: 0 });
        assert_eq!(read(r#"{"text":"x"}"#).unwrap(), Answer::Text { text: "x".to_owned() });
        for bad in [r#"{}"#, r#"{"dots":-1}"#, r#"{"scale":3,"dots":1}"#, r#"{"claims":["fun"]}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
