//! The built-in sample: what a new session can begin with.

use super::pillars::{ImportedPillar, read_pillars};
use super::portfolio::Portfolio;

const PORTFOLIO: &str = include_str!("sample/portfolio.csv");
const PILLARS: &str = include_str!("sample/pillars.json");

/// The portfolio and the pillars of an invented regional water company: sixty-three projects, about half of them
/// clearly on one of six pillars, the rest all defensible.
pub fn sample() -> (Portfolio, Vec<ImportedPillar>) {
    let portfolio = super::read(PORTFOLIO.as_bytes(), Some("text/csv"), None)
        .expect("the sample is part of the program and read by a test");
    let pillars =
        read_pillars(PILLARS.as_bytes()).expect("the sample is part of the program and read by a test");
    (portfolio, pillars)
}
