//! CSV for spreadsheet programs.

use super::record::Record;
use super::table::{Cell, Table};

/// So that spreadsheet programs read it as UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// One row per project, with every column of the portfolio that was kept. The sums are not here: they would be rows
/// that are no projects.
///
/// Every text is in quotation marks and none can be taken for a formula, see [`safe`].
pub(super) fn render(record: &Record) -> Vec<u8> {
    table(&Table::of(record, record.rows.iter()).with_head(record.log.0))
}

/// A table as a file.
pub(super) fn table(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        // Unquoted text could be split, and its parts calculated, where semicolons separate cells.
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(MARK.to_vec());
    write(&mut writer, table.headings.iter().map(safe));
    for row in &table.rows {
        write(&mut writer, row.iter().map(cell));
    }
    writer.into_inner().expect("writing to memory does not fail")
}

fn write(writer: &mut csv::Writer<Vec<u8>>, cells: impl Iterator<Item = String>) {
    writer.write_record(cells).expect("writing rows of one length to memory does not fail");
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => safe(text),
        Cell::Number(amount) => amount.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

/// Text that a spreadsheet program takes for text: where it begins like a formula an apostrophe stands before it.
/// What is a plain number stays one.
///
/// The signs are those of the OWASP advice on CSV injection, full-width ones included. Control characters are left out: what
/// stands behind one that a program skips would be the beginning, and a NUL is the end of a text to some.
fn safe<S: AsRef<str>>(text: S) -> String {
    let is_text = |c: &char| !c.is_control() || matches!(c, '\t' | '\r' | '\n');
    let text: String = text.as_ref().trim_start_matches('\u{feff}').chars().filter(is_text).collect();
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula && !is_number(&text) { format!("'{text}") } else { text }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_looks_like_a_formula_is_left_one() {
        for text in ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "--1", "-1-1", "-"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        for (text, said) in [
            ("\0=1+1", "'=1+1"),
            ("\u{b}\u{7f}=1", "'=1"),
            ("\u{feff}\0@SUM(A1)", "'@SUM(A1)"),
            ("cut\0off", "cutoff"),
            ("two\r\nlines", "two\r\nlines"),
        ] {
            assert_eq!(safe(text), said);
        }
        for text in ["", "a=1", "-12.5", "-3", " x", "'x"] {
            assert_eq!(safe(text), text);
        }
    }
}
