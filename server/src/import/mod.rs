//! Portfolio files: bytes in, projects out.
//!
//! [`read`] takes whatever a facilitator has at hand (CSV in any of its dialects, a pasted table, a workbook,
//! JSON), finds the table in it, decides which column is which, and returns the projects together with
//! everything a person should know about the reading: which rows were skipped and why, what each column was
//! taken for, and what had to be changed. [`reconcile`](reconcile::reconcile) then matches those projects with
//! what is on the board already.
//!
//! Everything here is a pure function: no I/O, no clock, no randomness. What a file says is never dropped in
//! silence: every row with something in it becomes a project or a [`Skipped`] row with its reason, and every
//! cell that has no field of its own is kept in [`ImportedProject::more`].

mod amount;
mod columns;
mod decode;
mod delimited;
mod error;
mod header;
mod json;
pub mod limits;
mod map;
mod pillars;
mod portfolio;
mod reconcile;
mod rows;
mod sample;
mod sheet;
mod text;
mod unit;
mod words;
mod workbook;

pub use error::ImportError;
pub use map::ColumnMap;
pub(crate) use pillars::Given as GivenPillars;
pub use pillars::{ImportedPillar, read_pillars};
pub use plumbline_shared::words::Origin;
pub use portfolio::{Column, Field, Format, ImportedProject, Note, Portfolio, Skipped};
pub use reconcile::{Existing, Match, reconcile};
pub use sample::sample;
pub use text::name_key;

use sheet::Sheet;

/// Reads a portfolio file.
///
/// `content_type` is the request's, if there was one; it settles what the bytes leave open (a charset, tab or
/// comma) and never overrules what they plainly are. `map` names columns outright; what it does not name is
/// guessed.
///
/// # Errors
///
/// An [`ImportError`] when no project can be read at all: the file is too large, of another kind, damaged, has
/// no rows, or nothing in it looks like the projects' names. Single bad rows are no error; they are listed in
/// [`Portfolio::skipped`].
pub fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    map: Option<&ColumnMap>,
) -> Result<Portfolio, ImportError> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(ImportError::TooLarge);
    }
    let (sheets, format) = open(bytes, content_type)?;
    let mut portfolio = rows::first_table(sheets, map)?;
    portfolio.format = format;
    Ok(portfolio)
}

/// Finds out what the bytes are and reads the tables in them.
fn open(bytes: &[u8], content_type: Option<&str>) -> Result<(Vec<Sheet>, Format), ImportError> {
    match decode::kind(bytes)? {
        decode::Kind::Workbook => Ok((workbook::sheets(bytes)?, Format::Xlsx)),
        decode::Kind::Text => {
            let hint = decode::Hint::from_content_type(content_type);
            let (text, notes) = decode::text(bytes, hint.charset)?;
            let (mut sheet, format) = match json::sheet(&text, hint.json)? {
                Some(sheet) => (sheet, Format::Json),
                None => (delimited::sheet(&text, hint.tabs)?, Format::Csv),
            };
            sheet.notes.splice(0..0, notes);
            Ok((vec![sheet], format))
        }
    }
}
