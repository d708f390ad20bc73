//! Portfolio files of every kind, read through the public interface.
#![allow(clippy::unwrap_used, missing_docs)]

mod hostile;
mod messy;
mod promises;
mod properties;
mod published;
mod workbooks;

use plumbline::import::{self, ColumnMap, Field, ImportError, ImportedProject, Portfolio};

/// Reads text without a hint or a map.
fn read(text: &str) -> Portfolio {
    import::read(text.as_bytes(), None, None).unwrap()
}

/// Reads text with a map.
fn read_with(text: &str, map: &str) -> Result<Portfolio, ImportError> {
    import::read(text.as_bytes(), None, Some(&ColumnMap::parse(map).unwrap()))
}

fn names(portfolio: &Portfolio) -> Vec<&str> {
    portfolio.projects.iter().map(|project| project.name.as_str()).collect()
}

fn costs(portfolio: &Portfolio) -> Vec<Option<i64>> {
    portfolio.projects.iter().map(|project| project.cost).collect()
}

/// The header of the column that was read into a field.
fn header(portfolio: &Portfolio, field: Field) -> Option<&str> {
    portfolio.columns.iter().find(|column| column.field == Some(field)).map(|column| column.header.as_str())
}

fn more<'p>(project: &'p ImportedProject, header: &str) -> Option<&'p str> {
    project.more.iter().find(|(label, _)| label == header).map(|(_, text)| text.as_str())
}

/// A published portfolio of the fixtures.
fn published(name: &str) -> Vec<u8> {
    let path = format!("{}/../tests/fixtures/portfolios/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}
