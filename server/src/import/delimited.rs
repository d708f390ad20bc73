//! CSV in all its dialects, and tables pasted from a spreadsheet: which delimiter, and then the [`rows`].

mod rows;

use rows::Rows;

use super::error::ImportError;
use super::header;
use super::limits;
use super::sheet::Sheet;

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
    let mut rows = Rows::new(body, delimiter);
    let mut sheet = Sheet { comma: delimiter == b';', ..Sheet::default() };
    while let Some(row) = rows.read()? {
        sheet.push(row);
    }
    sheet.notes = rows.into_notes();
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
    let mut reader = Rows::new(sample, delimiter);
    let mut rows = Vec::new();
    while rows.len() < SAMPLE_ROWS {
        // A row that is too wide is an error for whoever reads the file, and no reason to choose here.
        let Ok(Some(row)) = reader.read() else { break };
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
    fn empty_cells_at_the_end_are_no_columns_and_too_many_filled_ones_an_error() {
        assert_eq!(cells(&format!("Project,Cost{}\nA,1\n", ",".repeat(5_000)))[0].len(), 2);
        let wide = format!("Project,Cost\n{}\n", "a,".repeat(limits::COLUMNS + 1));
        assert_eq!(sheet(&wide, false).unwrap_err(), ImportError::TooManyColumns { row: 2 });
    }
}
