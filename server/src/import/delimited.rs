//! CSV in all its dialects, and tables pasted from a spreadsheet.
//!
//! A parser of its own, because two things are needed that readers of well-formed CSV do not give: row numbers as
//! a spreadsheet shows them (a quoted line break is no new row, a blank line is one), and a quotation mark that
//! is never closed must not swallow the rest of the file.

use super::error::ImportError;
use super::header;
use super::limits;
use super::portfolio::Note;
use super::sheet::{Cell, Row, Sheet};

/// How much of a text is looked at to find its delimiter, in bytes.
const SAMPLE: usize = 64 * 1024;
/// How many rows of it.
const SAMPLE_ROWS: usize = 60;
/// What may separate cells, in the order of preference where nothing else decides.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];
/// Stands for *one cell per line*: a separator that no text file uses between words.
const NONE: u8 = 0x1F;

/// Reads text as a table.
///
/// # Errors
///
/// [`ImportError::Empty`] and [`ImportError::TooManyColumns`].
pub(crate) fn sheet(text: &str, tabs: bool) -> Result<Sheet, ImportError> {
    if text.chars().all(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '|' | '"')) {
        return Err(ImportError::Empty);
    }
    let (delimiter, body) = match declared(text) {
        Some((delimiter, body)) => (delimiter, body),
        None if tabs && text.contains('\t') => (b'\t', text),
        None => (delimiter(text), text),
    };
    let mut parser = Parser::new(body, delimiter);
    let mut sheet = Sheet { comma: delimiter == b';', ..Sheet::default() };
    while let Some(row) = parser.row()? {
        sheet.push(row);
    }
    for row in parser.unclosed {
        sheet.notes.push(Note {
            row: Some(row),
            text: "A quotation mark is opened in this row and not closed. It was read as part of the text; check the row.".to_owned(),
        });
    }
    Ok(sheet)
}

/// The delimiter that a first line `sep=;` declares, as spreadsheet programs write it, and the text after it.
fn declared(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.trim_end_matches('\r');
    let (key, value) = line.split_once('=')?;
    let [delimiter] = *value.as_bytes() else { return None };
    (key.trim_matches('"').eq_ignore_ascii_case("sep") && DELIMITERS.contains(&delimiter))
        .then_some((delimiter, rest))
}

/// The delimiter under which the text looks most like a table: first by how many of its words are known headers,
/// then by how many rows agree on their number of cells, then by that number.
fn delimiter(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = end < text.len();
    let sample = text.get(..end).unwrap_or_default();
    let mut best = (NONE, (0, 0, 0));
    for candidate in DELIMITERS {
        if !sample.as_bytes().contains(&candidate) {
            continue;
        }
        let score = score(sample, cut, candidate);
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

/// (known headers, permille of rows with the usual number of cells, that number); zeros if it is no table.
fn score(sample: &str, cut: bool, delimiter: u8) -> (usize, usize, usize) {
    let mut parser = Parser::new(sample, delimiter);
    let mut rows = Vec::new();
    while rows.len() < SAMPLE_ROWS {
        // A row that is too wide is an error for whoever reads the file, and no reason to choose here.
        let Ok(Some(row)) = parser.row() else { break };
        if row.filled() > 0 {
            rows.push(row);
        }
    }
    if cut && rows.len() > 1 && rows.len() < SAMPLE_ROWS {
        rows.pop();
    }
    let known = rows
        .iter()
        .take(limits::HEADER_ROWS)
        .filter(|row| row.cells.len() > 1)
        .map(header::known_fields)
        .max()
        .unwrap_or(0);
    let mut widths = vec![0_usize; limits::COLUMNS + 1];
    for row in &rows {
        if let Some(count) = widths.get_mut(row.cells.len()) {
            *count += 1;
        }
    }
    let (width, count) = widths
        .iter()
        .copied()
        .enumerate()
        .skip(2)
        .max_by_key(|(width, count)| (*count, *width))
        .unwrap_or((0, 0));
    let permille = count * 1000 / rows.len().max(1);
    // With one known word or none, most rows must agree, or commas in prose would make a table of any list.
    if known < 2 && permille < 500 { (0, 0, 0) } else { (known, permille, width) }
}

/// Reads one row after the other.
struct Parser<'t> {
    text: &'t str,
    at: usize,
    delimiter: u8,
    row: u32,
    /// How many bytes may still be read a second time because a quotation mark was not closed. Keeps the whole
    /// reading linear, whatever the text.
    second_looks: usize,
    /// Rows in which a quotation mark was opened and not closed.
    unclosed: Vec<u32>,
}

/// What comes after a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Cell,
    Row,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            at: 0,
            delimiter,
            row: 0,
            second_looks: text.len().saturating_mul(2),
            unclosed: Vec::new(),
        }
    }

    /// The next row, blank ones included; empty cells at its end are left out.
    fn row(&mut self) -> Result<Option<Row>, ImportError> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        self.row = self.row.saturating_add(1);
        let mut cells = Vec::new();
        let mut empty = 0_usize;
        loop {
            let (text, after) = self.cell();
            if text.is_empty() {
                empty += 1;
            } else {
                if cells.len() + empty >= limits::COLUMNS {
                    return Err(ImportError::TooManyColumns { row: self.row });
                }
                cells.extend(std::iter::repeat_n(Cell::default(), empty));
                empty = 0;
                cells.push(Cell::text(text));
            }
            if after == After::Row {
                return Ok(Some(Row { number: self.row, cells }));
            }
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The first place from `at` on that is no blank; a tab that separates cells is none.
    fn after_blanks(&self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|byte| byte == b' ' || (byte == b'\t' && self.delimiter != b'\t')) {
            at += 1;
        }
        at
    }

    fn cell(&mut self) -> (String, After) {
        let start = self.at;
        let quote = self.after_blanks(start);
        if self.byte(quote) == Some(b'"') {
            if let Some((text, end)) = self.quoted(quote) {
                return (text, self.step_over(end));
            }
            self.unclosed.push(self.row);
        }
        let end = self
            .text
            .as_bytes()
            .iter()
            .skip(start)
            .position(|byte| *byte == self.delimiter || matches!(byte, b'\n' | b'\r'))
            .map_or(self.text.len(), |length| start + length);
        (self.slice(start, end).to_owned(), self.step_over(end))
    }

    /// Moves behind the delimiter or the line break at `end`.
    fn step_over(&mut self, end: usize) -> After {
        self.at = end + 1;
        match self.byte(end) {
            Some(byte) if byte == self.delimiter => After::Cell,
            Some(b'\r') => {
                self.at += usize::from(self.byte(end + 1) == Some(b'\n'));
                After::Row
            }
            _ => After::Row,
        }
    }

    /// The text of the quoted cell whose quotation mark is at `open`, and where it ends; `None` if the mark seems
    /// not to be closed and should be read as text.
    ///
    /// A mark inside that is neither doubled nor followed by the end of the cell is taken as text, as people write
    /// it. But one that opens a cell on a later line means that it was the first one that was never closed.
    fn quoted(&mut self, open: usize) -> Option<(String, usize)> {
        let mut text = String::new();
        let mut from = open + 1;
        let mut at = from;
        let mut broken = false;
        loop {
            match self.byte(at) {
                None => {
                    if self.second_look(at - open) {
                        return None;
                    }
                    self.unclosed.push(self.row);
                    text.push_str(self.slice(from, at));
                    return Some((text, at));
                }
                Some(b'"') if self.byte(at + 1) == Some(b'"') => {
                    text.push_str(self.slice(from, at + 1));
                    at += 2;
                    from = at;
                }
                Some(b'"') => {
                    let end = self.after_blanks(at + 1);
                    if self
                        .byte(end)
                        .is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'))
                    {
                        text.push_str(self.slice(from, at));
                        return Some((text, end));
                    }
                    let opens = self
                        .byte(at.wrapping_sub(1))
                        .is_some_and(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
                    if broken && opens && self.second_look(at - open) {
                        return None;
                    }
                    at += 1;
                }
                Some(byte) => {
                    broken |= matches!(byte, b'\n' | b'\r');
                    at += 1;
                }
            }
        }
    }

    /// Whether `length` bytes may be read again.
    fn second_look(&mut self, length: usize) -> bool {
        match self.second_looks.checked_sub(length) {
            Some(left) => {
                self.second_looks = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn table(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = sheet(text, false).unwrap();
        sheet
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells.into_iter().map(|cell| cell.text).collect()))
            .collect()
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        table(text).into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn every_delimiter_is_found() {
        for delimiter in [",", ";", "\t", "|"] {
            let text = ["Project,Owner,Cost", "Alpha,Ada,1", "Beta,Ben,2"].join("\n").replace(',', delimiter);
            assert_eq!(
                cells(&text),
                [["Project", "Owner", "Cost"], ["Alpha", "Ada", "1"], ["Beta", "Ben", "2"]]
            );
        }
    }

    #[test]
    fn decimal_commas_do_not_beat_the_semicolon() {
        assert_eq!(cells("Vorhaben;Kosten\nA, B und C;1,5\nD;2,75\n")[1], ["A, B und C", "1,5"]);
    }

    #[test]
    fn a_list_of_names_with_commas_in_them_is_one_column() {
        let list = "Project\nMerge billing, phase 2\nFleet\nDepots, north\nDepots, south, and yards\nLab\n";
        assert!(cells(list).iter().all(|row| row.len() == 1));
    }

    #[test]
    fn a_declared_separator_is_followed_and_is_no_row() {
        assert_eq!(table("sep=|\r\nA|B,C\r\n"), [(1, vec!["A".to_owned(), "B,C".to_owned()])]);
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
        assert_eq!(numbers, [1, 3, 5, 7]);
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
        let sheet = sheet(text, false).unwrap();
        assert_eq!(sheet.notes.len(), 1);
        assert_eq!(sheet.notes[0].row, Some(2));
    }

    #[test]
    fn quotation_marks_inside_a_cell_are_kept_as_written() {
        assert_eq!(
            cells("Project,Summary\nThe \"big\" one,\"He said \"no\" to it\"\n 5\" pipes, \"spaced\" \n"),
            [["Project", "Summary"], ["The \"big\" one", "He said \"no\" to it"], [" 5\" pipes", "spaced"]]
        );
    }

    #[test]
    fn many_open_quotation_marks_are_read_in_linear_time() {
        for pattern in ["\"a\n", ",\"\"x", "\"\"\"a,\n", "\"a\nb,\"c\n"] {
            let text = pattern.repeat(1_000_000 / pattern.len());
            // Quadratic reading of a megabyte would not come back.
            let _ = sheet(&text, false);
        }
    }

    #[test]
    fn empty_cells_at_the_end_are_no_columns_and_too_many_filled_ones_an_error() {
        assert_eq!(cells(&format!("Project,Cost{}\nA,1\n", ",".repeat(5_000)))[0].len(), 2);
        let wide = format!("Project,Cost\n{}\n", "a,".repeat(limits::COLUMNS + 1));
        assert_eq!(sheet(&wide, false).unwrap_err(), ImportError::TooManyColumns { row: 2 });
    }
}
