//! Every format of one log, parsed back by a reader of its own kind that is not the writer, and compared field by field:
//! quotes, line breaks, formulas, emoji, scripts that run from right to left, markup, and 10,000 characters.
#![allow(clippy::unwrap_used, missing_docs)]

mod calendar;
mod dom;
mod json;
mod material;
mod pages;
mod prose;
mod tables;
