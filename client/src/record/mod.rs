//! What the pages of the decision log know of it beside what the server says: its words, what is looked for, and how
//! decisions are read.

mod entry;
mod listed;
mod shown;
mod sought;
mod words;

pub(crate) use entry::{NewDone, NewEntry};
pub(crate) use listed::{Difference, Listed, Told};
pub(crate) use shown::{Asked, Change, Pile, Record, Said, Says, Shown, SignOff};
pub(crate) use sought::{Due, PER_PAGE, Sought};
pub(crate) use words::{DayName, Deed, Status};
