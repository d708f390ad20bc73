//! API keys: made, shown once, listed, revoked.

mod card;
mod form;
mod made;

pub(crate) use card::{ApiKeyCard, Revoking};
pub(crate) use form::ApiKeyForm;
pub(crate) use made::TheApiKey;

use plumbline_shared::day::Day;

/// How many days a key is good for where nothing else is chosen.
const USUAL_DAYS: i32 = 90;

/// How many days a key is good for at most.
const MOST_DAYS: i32 = 365;

/// Today by the clock of Greenwich, which the server counts a key's days by.
fn today() -> Day {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a date of this century")]
    let now = js_sys::Date::now() as u64;
    Day::of(now)
}
