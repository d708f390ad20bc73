//! What stands on a checkpoint's board of the session before it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yrs::{Any, Map, MapRef, Out, ReadTxn};

use crate::{
    board::{number, pairs, text, word},
    ids::{ProjectId, SessionId},
    words::{Found, Verdict},
};

/// The session that a checkpoint looks back on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarlierSession {
    /// Its id; it may have been erased since.
    pub session: SessionId,
    /// Its title.
    pub title: String,
    /// When it was closed, in milliseconds since 1970.
    pub closed_at: u64,
    /// The currency of its costs.
    pub currency: String,
    /// How sure people were in private, 0 to 5, as revealed; none where nobody asked, or too few answered.
    pub confidence: Option<[u32; 6]>,
    /// How many signed it in public: carry, with a reservation, do not carry.
    pub signed: [u32; 3],
    /// When the portfolio was imported anew, in milliseconds since 1970; none before that. The last time, of several.
    pub imported_at: Option<u64>,
}

/// What is known of a project from before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Earlier {
    /// The number of the decision in the decision log; 0 where nothing was decided.
    pub number: u64,
    /// In how many sessions it has been decided about.
    pub times: u32,
    /// On which day that decision was made; empty where nothing was decided.
    pub decided_on: String,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Who answers for that.
    pub owner: String,
    /// Why.
    pub rationale: String,
    /// What the decision says beside that, by the names of the schema.
    pub fields: BTreeMap<String, String>,
    /// What the project was called.
    pub name: String,
    /// What others called it by.
    pub reference: String,
    /// Who wanted it.
    pub sponsor: String,
    /// Who ran it.
    pub run_by: String,
    /// What it cost.
    pub cost: Option<f64>,
    /// How many people worked on it.
    pub people: Option<f64>,
    /// Where it stood: a pillar's id, `off`, or empty.
    pub pile: String,
    /// By what it was found in the portfolio that was imported anew; none: not found.
    pub found: Option<Found>,
    /// The row that a person has said is this project, by the id that it had.
    pub row: Option<ProjectId>,
    /// Projects that a person has said are *not* this one.
    pub unlike: Vec<ProjectId>,
}

/// The key in the board's `session` root under which the earlier session stands.
pub const SESSION_KEY: &str = "earlier";
/// The key under which it stands when the portfolio was imported anew.
pub const IMPORTED_KEY: &str = "imported_at";

/// The name under which the day stands among the fields on which something was done.
#[must_use]
pub fn done_field(what: &str) -> String {
    format!("{what}_done")
}

impl EarlierSession {
    /// The session as it stands on the board: without the time of the import, which is a value of its own.
    #[must_use]
    pub fn write(&self) -> Any {
        let counts = |counts: &[u32]| -> Any {
            counts.iter().map(|count| Any::from(*count)).collect::<Vec<Any>>().into()
        };
        // JavaScript's numbers hold milliseconds exactly.
        #[allow(clippy::cast_precision_loss)]
        let closed_at = self.closed_at as f64;
        vec![
            self.session.to_string().into(),
            self.title.as_str().into(),
            closed_at.into(),
            self.currency.as_str().into(),
            self.confidence.as_ref().map_or(Any::Null, |confidence| counts(confidence)),
            counts(&self.signed),
        ]
        .into()
    }

    /// Reads what stands in the board's `session` root; none where it looks back on nothing.
    pub(crate) fn read<T: ReadTxn>(txn: &T, session: &MapRef) -> Option<Self> {
        let Some(Out::Any(Any::Array(parts))) = session.get(txn, SESSION_KEY) else { return None };
        let [id, title, closed_at, currency, confidence, signed] = &*parts else { return None };
        let words = |value: &Any| match value {
            Any::String(text) => (**text).to_owned(),
            _ => String::new(),
        };
        // Whole numbers that the server wrote.
        let figure = |value: &Any| match value {
            Any::Number(number) => number.as_f64().unwrap_or(0.0),
            _ => 0.0,
        };
        let counts = |value: &Any| match value {
            Any::Array(counts) => counts.iter().map(|count| figure(count) as u32).collect(),
            _ => Vec::new(),
        };
        Some(Self {
            session: words(id).parse().ok()?,
            title: words(title),
            closed_at: figure(closed_at) as u64,
            currency: words(currency),
            confidence: counts(confidence).try_into().ok(),
            signed: counts(signed).try_into().unwrap_or_default(),
            imported_at: number(txn, session, IMPORTED_KEY).map(|at| at as u64),
        })
    }
}

impl Earlier {
    /// Reads an entry of the root `earlier`.
    pub(crate) fn read<T: ReadTxn>(txn: &T, map: &MapRef) -> Self {
        // Whole numbers that the server wrote, far below 2^53.
        let whole = |key: &str| number(txn, map, key).unwrap_or(0.0);
        let unlike = match map.get(txn, "unlike") {
            Some(Out::Any(Any::Array(ids))) => {
                let id = |value: &Any| match value {
                    Any::String(id) => id.parse().ok(),
                    _ => None,
                };
                ids.iter().filter_map(id).collect()
            }
            _ => Vec::new(),
        };
        Self {
            number: whole("number") as u64,
            times: whole("times") as u32,
            decided_on: text(txn, map, "decided_on"),
            verdict: word(txn, map, "verdict", Verdict::parse),
            owner: text(txn, map, "owner"),
            rationale: text(txn, map, "rationale"),
            fields: pairs(txn, map, "fields").into_iter().collect(),
            name: text(txn, map, "name"),
            reference: text(txn, map, "reference"),
            sponsor: text(txn, map, "sponsor"),
            run_by: text(txn, map, "run_by"),
            cost: number(txn, map, "cost"),
            people: number(txn, map, "people"),
            pile: text(txn, map, "pile"),
            found: word(txn, map, "found", Found::parse),
            row: match map.get(txn, "row") {
                Some(Out::Any(Any::Array(row))) => match row.first() {
                    Some(Any::String(id)) => id.parse().ok(),
                    _ => None,
                },
                _ => None,
            },
            unlike,
        }
    }

    /// A further field of the decision; empty if it has none.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// On which day the decision log had it that this was done when the checkpoint was opened: `review`, `first_step`,
    /// `ends`, `measure`. Empty if it had nothing of the kind.
    #[must_use]
    pub fn done(&self, what: &str) -> &str {
        self.field(&done_field(what))
    }
}
