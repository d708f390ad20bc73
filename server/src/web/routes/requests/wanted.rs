//! What somebody asks for, as it comes in: read, and held to its limits field by field.

use plumbline_shared::limits;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown::InsteadPart;
use crate::{
    web::problem::AppError,
    workspace::intake::{Instead, Wanted},
};

/// The largest cost that is taken, in whole units.
const COST: i64 = 1_000_000_000_000;

/// The most people that are taken.
const PEOPLE: i64 = 1_000_000;

/// Somebody asks.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRequest)]
#[serde(deny_unknown_fields)]
pub(in crate::web::routes) struct Ask {
    /// The token of the status link, `pq_` and 43 letters, if the caller has drawn it: then a request that is sent twice
    /// is one, however much later that is.
    pub(super) token: Option<String>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) purpose: String,
    /// The pillar that it is for, by its name; `null`: none of them.
    pub(super) pillar: Option<String>,
    #[serde(default)]
    pub(super) measure: String,
    #[serde(default)]
    pub(super) target: String,
    /// What stops or waits for it; `null`: nothing.
    pub(super) instead: Option<InsteadPart>,
    pub(super) owner: String,
    pub(super) cost: Option<i64>,
    /// The currency that the form showed.
    #[serde(default)]
    pub(super) currency: String,
    pub(super) people: Option<i64>,
    pub(super) asked_by: String,
}

/// What is asked for, as it is kept.
///
/// # Errors
/// Says which field does not do, and why.
pub(super) fn wanted(ask: Ask) -> Result<Wanted, AppError> {
    let needed = |what: &str, text: String, says: &str| {
        if text.is_empty() {
            Err(AppError::unprocessable(format!("{what} is missing: {says}.")))
        } else {
            Ok(text)
        }
    };
    let amount = |what: &str, amount: Option<i64>, most: i64| match amount {
        Some(amount) if !(0..=most).contains(&amount) => {
            Err(AppError::unprocessable(format!("{what}: a whole number from 0 to {most}, or nothing.")))
        }
        amount => Ok(amount),
    };
    let name = line("The name of the work", &ask.name, limits::TITLE)?;
    let owner = line("Who owns it", &ask.owner, limits::NAME)?;
    let asked_by = line("Your name", &ask.asked_by, limits::NAME)?;
    let instead = match ask.instead {
        None => None,
        Some(it) => {
            let name = line("What stops or waits", &it.name, limits::TITLE)?;
            let name = needed("What stops or waits", name, "name the project, or say that nothing does")?;
            let reference = line("Its reference", &it.reference, limits::LINE)?;
            Some(Instead { name, reference })
        }
    };
    Ok(Wanted {
        name: needed("The name of the work", name, "one line that people will know it by")?,
        purpose: text("What it is for", &ask.purpose, limits::REQUEST_TEXT)?,
        pillar: line("The pillar", ask.pillar.as_deref().unwrap_or_default(), limits::TITLE)?,
        measure: line("The measure", &ask.measure, limits::TITLE)?,
        target: line("By how much", &ask.target, limits::TITLE)?,
        instead,
        owner: needed("Who owns it", owner, "one name, of the person who would answer for it")?,
        cost: amount("The cost", ask.cost, COST)?,
        currency: line("The currency", &ask.currency, limits::NAME)?,
        people: amount("People", ask.people, PEOPLE)?,
        asked_by: needed("Your name", asked_by, "so that the session knows whom to ask")?,
    })
}

/// A text of one line.
pub(super) fn line(what: &str, said: &str, most: usize) -> Result<String, AppError> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if said.chars().any(char::is_control) {
        return Err(AppError::unprocessable(format!("{what}: one line, without control characters.")));
    }
    fit(what, said, most)
}

/// A text of several lines.
pub(super) fn text(what: &str, said: &str, most: usize) -> Result<String, AppError> {
    let said = said.trim().replace("\r\n", "\n");
    if said.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(AppError::unprocessable(format!("{what}: text without control characters.")));
    }
    fit(what, said, most)
}

fn fit(what: &str, said: String, most: usize) -> Result<String, AppError> {
    let long = said.chars().count();
    if long > most {
        return Err(AppError::unprocessable(format!(
            "{what} is too long: {long} characters, and {most} at most. Shorten it; the rest is kept."
        )));
    }
    Ok(said)
}
