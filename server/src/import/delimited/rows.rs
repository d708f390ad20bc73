//! The rows of a text. The `csv` crate reads them; what it does not tell is found in the raw text of each record:
//! the number of the row as a spreadsheet shows it (a quoted line break is no new row, a blank line is one), and
//! whether a quotation mark was never closed, which must not swallow the rest of the file.

use std::io::{Chain, Read as _};

use super::super::error::ImportError;
use super::super::limits;
use super::super::portfolio::Note;
use super::super::sheet::{Cell, Row};

/// What ends a line. `\r\n` is one break.
const BREAKS: [char; 2] = ['\r', '\n'];
const BLANKS: [char; 2] = [' ', '\t'];
const BYTE_ORDER_MARK: char = '\u{feff}';

const UNCLOSED: &str =
    "A quotation mark is opened in this row and not closed. It was read as part of the text; check the row.";
const STRAY: &str = "A quotation mark in this row is neither doubled nor at the end of its cell. The row was read as a spreadsheet program reads it; check it.";
const TOO_MANY: &str = "So many quotation marks are not closed that from this row on they were read as part of the text, and each line as a row. Close or remove them, and import again.";

type Reader<'t> = csv::Reader<Chain<&'t [u8], &'static [u8]>>;

/// Reads one row after the other.
pub(super) struct Rows<'t> {
    text: &'t str,
    delimiter: u8,
    /// Whether quotation marks mean anything, or are text.
    quoting: bool,
    reader: Reader<'t>,
    /// Where the reader began, in bytes.
    base: usize,
    /// Where the next row begins, in bytes.
    at: usize,
    /// The number of the last row, from 1.
    row: u32,
    record: csv::StringRecord,
    /// How many bytes may still be read a second time because a quotation mark was not closed. Keeps the whole
    /// reading linear, whatever the text.
    second_looks: usize,
    notes: Vec<Note>,
}

/// What can be wrong with the quotation marks of a record.
enum Fault {
    /// One inside a cell is neither doubled nor the cell's end. No line break is involved.
    Stray,
    /// The one at this place, in bytes, opens a cell and is not closed, so that other lines were taken for a part
    /// of it.
    Unclosed(usize),
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, delimiter: u8) -> Self {
        let text = text.trim_start_matches(BYTE_ORDER_MARK);
        Self {
            text,
            delimiter,
            quoting: true,
            reader: reader(text, delimiter, true),
            base: 0,
            at: 0,
            row: 0,
            record: csv::StringRecord::new(),
            second_looks: text.len().saturating_mul(2),
            notes: Vec::new(),
        }
    }

    /// What was noticed while reading.
    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes
    }

    /// The next row that is more than an empty line; empty cells at its end are left out.
    ///
    /// # Errors
    ///
    /// [`ImportError::TooManyColumns`].
    pub(super) fn read(&mut self) -> Result<Option<Row>, ImportError> {
        while next(&mut self.reader, &mut self.record) {
            let start = self.at;
            let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            self.at = self.past_break(self.base.saturating_add(read).min(self.text.len()));
            let whole = self.text.get(start..self.at).unwrap_or_default();
            let raw = whole.trim_start_matches(BREAKS);
            let first = self.at - raw.len();
            self.row = self.row.saturating_add(breaks(&whole[..whole.len() - raw.len()])).saturating_add(1);

            let fault = if self.quoting { fault(raw, &self.record) } else { None };
            if let Some(Fault::Unclosed(mark)) = fault {
                if !self.may_look_again(raw.len()) {
                    self.note(TOO_MANY);
                    self.quoting = false;
                    self.row -= 1;
                    self.go_on(first);
                    continue;
                }
                self.note(UNCLOSED);
                let line = raw[mark..].find(BREAKS).map_or(raw.len(), |length| mark + length);
                self.record = unclosed(&raw[..mark], &raw[mark..line], self.delimiter);
                self.go_on(self.past_break(first + line + 1));
            } else if fault.is_some() {
                self.note(STRAY);
            }
            return Ok(Some(Row { number: self.row, cells: cells(&self.record, self.row)? }));
        }
        Ok(None)
    }

    /// The place behind a line break of which the byte before `at` is the end or the first half.
    fn past_break(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let halved = at > 0 && bytes.get(at - 1) == Some(&b'\r') && bytes.get(at) == Some(&b'\n');
        at + usize::from(halved)
    }

    /// Goes on reading at a place, in bytes.
    fn go_on(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or_default().trim_start_matches(BYTE_ORDER_MARK);
        self.at = self.text.len() - rest.len();
        self.base = self.at;
        self.reader = reader(rest, self.delimiter, self.quoting);
    }

    /// Whether `length` bytes may be read again.
    fn may_look_again(&mut self, length: usize) -> bool {
        let left = self.second_looks.checked_sub(length);
        self.second_looks = left.unwrap_or(self.second_looks);
        left.is_some() && self.notes.len() < limits::NOTES
    }

    fn note(&mut self, text: &str) {
        if self.notes.len() <= limits::NOTES {
            self.notes.push(Note { row: Some(self.row), text: text.to_owned() });
        }
    }
}

/// A line break is added at the end, so that a cell whose quotation mark is never closed has one in it for certain.
fn reader(text: &str, delimiter: u8, quoting: bool) -> Reader<'_> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(text.as_bytes().chain(b"\n".as_slice()))
}

/// Reads the next record; `false` at the end.
fn next(reader: &mut Reader<'_>, record: &mut csv::StringRecord) -> bool {
    reader.read_record(record).expect("text in memory is valid UTF-8, and any number of cells is allowed")
}

/// How many lines end in a text of line breaks.
fn breaks(text: &str) -> u32 {
    let count = text.len() - text.matches("\r\n").count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Looks whether the record's cells stand in its raw text as a writer of CSV would put them there.
fn fault(raw: &str, record: &csv::StringRecord) -> Option<Fault> {
    let mut at = 0;
    for (place, cell) in record.iter().enumerate() {
        let length = match raw.get(at..)?.strip_prefix('"') {
            None => cell.len(),
            Some(quoted) => {
                let written = cell.replace('"', "\"\"");
                // Blanks behind the closing mark are part of the cell, too.
                let closed = quoted
                    .strip_prefix(written.trim_end_matches(BLANKS))
                    .is_some_and(|rest| rest.trim_start_matches(BLANKS).starts_with('"'));
                if !closed {
                    let lines = record.iter().skip(place).any(|cell| cell.contains(BREAKS));
                    return Some(if lines { Fault::Unclosed(at) } else { Fault::Stray });
                }
                written.len() + 2
            }
        };
        at += length + 1;
    }
    None
}

/// The cells of a line on which a quotation mark is opened and not closed: what stands before the mark is read as
/// ever, and the marks in the rest of the line are text.
fn unclosed(before: &str, rest: &str, delimiter: u8) -> csv::StringRecord {
    let mut line = csv::StringRecord::new();
    let mut part = csv::StringRecord::new();
    if next(&mut reader(before, delimiter, true), &mut part) {
        // The delimiter at its end begins the cell of the mark.
        line.extend(part.iter().take(part.len() - 1));
    }
    if next(&mut reader(rest, delimiter, false), &mut part) {
        line.extend(part.iter());
    }
    line
}

/// The record's cells without the empty ones at its end.
fn cells(record: &csv::StringRecord, row: u32) -> Result<Vec<Cell>, ImportError> {
    let empty = record.iter().rev().take_while(|cell| cell.is_empty()).count();
    let filled = record.len() - empty;
    if filled > limits::COLUMNS {
        return Err(ImportError::TooManyColumns { row });
    }
    Ok(record.iter().take(filled).map(Cell::text).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all(text: &str) -> (Vec<Row>, Vec<Note>) {
        let mut reader = Rows::new(text, b',');
        let rows = std::iter::from_fn(|| reader.read().unwrap()).collect();
        (rows, reader.into_notes())
    }

    fn table(text: &str) -> Vec<(u32, Vec<String>)> {
        let texts = |row: Row| row.cells.into_iter().map(|cell| cell.text).collect();
        all(text).0.into_iter().map(|row| (row.number, texts(row))).collect()
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        table(text).into_iter().map(|(_, cells)| cells).collect()
    }

    fn noted(text: &str) -> Vec<(u32, &'static str)> {
        let known =
            |text: &str| [UNCLOSED, STRAY, TOO_MANY].into_iter().find(|known| *known == text).unwrap();
        all(text).1.iter().map(|note| (note.row.unwrap(), known(&note.text))).collect()
    }

    #[test]
    fn quoted_breaks_delimiters_and_doubled_quotes_belong_to_the_cell() {
        assert_eq!(
            cells("Project,Summary\n\"A \"\"b\"\", c\",\"one\r\ntwo\"\n"),
            [["Project", "Summary"], ["A \"b\", c", "one\r\ntwo"]]
        );
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let rows = table("Project,Summary\n\nA,\"1\n2\n3\"\n,\nB,x\r\rC,y");
        let numbers: Vec<u32> = rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 3, 4, 5, 7], "row 4 is cells without text, and left out by the sheet");
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_stays_in_its_row() {
        let text = "Project,Summary\nA,\"never closed\nB,\"closed\"\nC,\"also, closed\"\nD,5\n";
        assert_eq!(
            cells(text),
            [
                ["Project", "Summary"],
                ["A", "\"never closed"],
                ["B", "closed"],
                ["C", "also, closed"],
                ["D", "5"]
            ]
        );
        assert_eq!(noted(text), [(2, UNCLOSED)]);
    }

    #[test]
    fn quotation_marks_in_a_cell_that_begins_without_one_are_text() {
        assert_eq!(
            cells("Project,Summary\nThe \"big\" one,5\" pipes\n \"blank\" ,\"closed\" \n"),
            [["Project", "Summary"], ["The \"big\" one", "5\" pipes"], [" \"blank\" ", "closed "]]
        );
    }

    #[test]
    fn many_open_quotation_marks_are_read_in_linear_time() {
        for pattern in ["\"a\n", ",\"\"x", "\"\"\"a,\n", "\"a\nb,\"c\n"] {
            let text = pattern.repeat(1_000_000 / pattern.len());
            // Quadratic reading of a megabyte would not come back.
            let mut reader = Rows::new(&text, b',');
            while let Ok(Some(_)) = reader.read() {}
        }
    }

    #[test]
    fn what_stands_before_an_open_quotation_mark_is_read_as_ever() {
        let text = "\r\n\"A, B\",\"1\r\n2\",\"open, x\r\nC,\"3\r\n4\",5";
        let rows = table(text);
        assert_eq!(rows[0], (2, ["A, B", "1\r\n2", "\"open", " x"].map(str::to_owned).to_vec()));
        assert_eq!(rows[1], (3, ["C", "3\r\n4", "5"].map(str::to_owned).to_vec()));
        assert_eq!(rows.len(), 2);
        assert_eq!(noted(text), [(2, UNCLOSED)]);
        for (last, cell) in [("A,\"", "\""), ("A,\"x", "\"x"), ("A,\"x\n", "\"x"), ("A,\"\"\"", "\"\"\"")] {
            assert_eq!(cells(last), [["A", cell]]);
        }
        assert_eq!(noted("A,\"\",\"\"\"\""), []);
    }

    #[test]
    fn a_mark_inside_a_quoted_cell_that_is_not_doubled_is_noted() {
        let text = "Project,Summary\nA,\"He said \"no\" to it\"\nB,x\n";
        assert_eq!(cells(text)[1], ["A", "He said no\" to it\""]);
        assert_eq!(noted(text), [(2, STRAY)]);
    }

    #[test]
    fn after_too_many_open_marks_each_line_is_a_row_and_nothing_is_lost() {
        let text = "A,\"x, y\n".repeat(3 * limits::NOTES);
        let (rows, notes) = all(&text);
        assert_eq!(rows.len(), 3 * limits::NOTES);
        assert!(rows.iter().zip(1..).all(|(row, number)| row.number == number && row.cells.len() == 3));
        assert_eq!(notes.len(), limits::NOTES + 1);
        assert_eq!(notes[limits::NOTES].text, TOO_MANY);
    }
}
