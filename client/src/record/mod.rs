//! What the pages of the decision log know of it beside what the server says: its words, and what is looked for.

mod sought;
mod words;

pub(crate) use sought::{Due, PER_PAGE, Sought};
pub(crate) use words::{DayName, Status, due};
