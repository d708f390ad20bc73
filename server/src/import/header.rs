//! Where the table begins: titles above, the header if there is one, the rows under it.

use std::collections::HashSet;

use super::amount::{Amount, Decimal, looks_like_date};
use super::limits;
use super::map::{ColumnMap, column_name};
use super::portfolio::Field;
use super::sheet::{Row, Sheet};
use super::text::{cut, is_blank, one_line};
use super::words;

/// A cell longer than this is no header, in bytes.
const LONGEST: usize = 120;

/// A sheet, divided.
#[derive(Debug)]
pub(crate) struct Table<'s> {
    /// Rows above the header.
    pub(crate) titles: &'s [Row],
    /// The header's row, if there is one.
    pub(crate) header: Option<&'s Row>,
    /// The rows under it.
    pub(crate) body: &'s [Row],
    /// A unique name for each column, empty for a column with nothing in it.
    pub(crate) labels: Vec<String>,
}

/// Divides a sheet.
pub(crate) fn table<'s>(sheet: &'s Sheet, map: Option<&ColumnMap>) -> Table<'s> {
    let rows = sheet.rows.as_slice();
    if let Some(keys) = &sheet.keys {
        return Table {
            titles: &[],
            header: None,
            body: rows,
            labels: labels(keys.iter().map(String::as_str), rows),
        };
    }
    match mapped(rows, map).or_else(|| known(rows)).or_else(|| unlike(rows)) {
        Some(at) => {
            let (titles, rest) = rows.split_at(at);
            let (header, body) = match rest.split_first() {
                Some((header, body)) => (Some(header), body),
                None => (None, rest),
            };
            let cells = header.into_iter().flat_map(|row| row.cells.iter().map(|cell| cell.text.as_str()));
            Table { titles, header, body, labels: labels(cells, body) }
        }
        None => {
            let first = first_full(rows);
            let (titles, body) = rows.split_at(first);
            Table { titles, header: None, body, labels: labels(std::iter::empty(), body) }
        }
    }
}

/// How many different fields the cells of a row are known headers of.
pub(crate) fn known_fields(row: &Row) -> usize {
    fields(row).len()
}

fn fields(row: &Row) -> HashSet<Field> {
    row.cells
        .iter()
        .filter(|cell| !cell.number && !cell.is_blank() && cell.text.len() <= LONGEST)
        .filter_map(|cell| words::best(&words::plain(&cell.text)))
        .filter(|(_, weight)| *weight >= words::SURE)
        .map(|(field, _)| field)
        .collect()
}

/// The row that has most of the columns which the map names.
fn mapped(rows: &[Row], map: Option<&ColumnMap>) -> Option<usize> {
    let map = map?;
    let counts = rows.iter().take(limits::HEADER_ROWS).enumerate().map(|(at, row)| {
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
        (map.matches(&cells), at)
    });
    first_best(counts)
}

/// The row with most known headers. One alone is enough only where nothing but titles stand above.
fn known(rows: &[Row]) -> Option<usize> {
    let first = first_full(rows);
    let scores = rows.iter().take(limits::HEADER_ROWS).enumerate().map(|(at, row)| {
        let fields = fields(row);
        let score = match fields.len() {
            0 => 0,
            1 if at == first => 1,
            1 => 0,
            count => count + usize::from(fields.contains(&Field::Name)),
        };
        (score, at)
    });
    first_best(scores)
}

/// The place with the highest score above zero, the first of equals.
fn first_best(scores: impl Iterator<Item = (usize, usize)>) -> Option<usize> {
    scores
        .filter(|(score, _)| *score > 0)
        .max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)))
        .map(|(_, at)| at)
}

/// The first row that is not much narrower than the table: what stands above are titles.
fn first_full(rows: &[Row]) -> usize {
    let mut widths: Vec<usize> = rows.iter().take(200).map(Row::filled).collect();
    widths.sort_unstable();
    let usual = widths.get(widths.len() / 2).copied().unwrap_or(0);
    rows.iter().take(limits::HEADER_ROWS).position(|row| row.filled() * 2 >= usual).unwrap_or(0)
}

/// A first row in words that are not known, but unlike the rows under it: short, different texts over columns of
/// which at least one holds numbers or dates.
fn unlike(rows: &[Row]) -> Option<usize> {
    let first = first_full(rows);
    let (header, body) = rows.get(first..)?.split_first()?;
    let mut seen = HashSet::new();
    let wordy = header.cells.iter().filter(|cell| !cell.is_blank()).all(|cell| {
        !cell.number
            && cell.text.len() <= LONGEST
            && !is_value(&cell.text)
            && seen.insert(cell.text.to_lowercase())
    });
    let over_values = |column: usize| {
        let mut cells =
            body.iter().take(200).map(|row| row.at(column)).filter(|text| !is_blank(text)).peekable();
        cells.peek().is_some() && {
            let (values, all) =
                cells.fold((0, 0), |(values, all), text| (values + usize::from(is_value(text)), all + 1));
            values * 10 >= all * 6
        }
    };
    let columns = || (0..header.cells.len()).filter(|column| !is_blank(header.at(*column)));
    (wordy && header.filled() > 1 && columns().any(over_values)).then_some(first)
}

fn is_value(text: &str) -> bool {
    Amount::read(text.trim().trim_end_matches('%'), Decimal::Point).is_some() || looks_like_date(text)
}

/// A name for each column: its header, told apart by a number where two are the same, lettered where it has none,
/// empty where nothing is under it either.
fn labels<'c>(headers: impl Iterator<Item = &'c str>, body: &[Row]) -> Vec<String> {
    let mut labels: Vec<String> =
        headers.map(|header| cut(&one_line(header), limits::HEADER_CHARS).0).collect();
    let width = body.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(labels.len());
    labels.resize(width, String::new());
    let mut used = vec![false; width];
    for row in body {
        for (cell, used) in row.cells.iter().zip(&mut used) {
            *used |= !cell.is_blank();
        }
    }
    let mut taken: HashSet<String> = HashSet::new();
    for (at, (label, used)) in labels.iter_mut().zip(used).enumerate() {
        if label.is_empty() {
            if !used {
                continue;
            }
            *label = column_name(at);
        }
        if !taken.insert(label.to_lowercase()) {
            // Never more attempts than there are columns.
            for number in 2.. {
                let numbered = format!("{label} ({number})");
                if taken.insert(numbered.to_lowercase()) {
                    *label = numbered;
                    break;
                }
            }
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::delimited;
    use super::*;

    fn parts(text: &str) -> (Vec<u32>, Option<u32>, Vec<String>, usize) {
        let sheet = delimited::sheet(text, false).unwrap();
        let table = table(&sheet, None);
        let titles = table.titles.iter().map(|row| row.number).collect();
        (titles, table.header.map(|row| row.number), table.labels.clone(), table.body.len())
    }

    #[test]
    fn titles_above_the_header_are_set_aside() {
        let (titles, header, labels, rows) =
            parts("Portfolio review 2024,,\nProjects,,\n\nProject,Owner,Cost\nAlpha,Ada,1\nBeta,Ben,2\n");
        assert_eq!((titles, header, rows), (vec![1, 2], Some(4), 2));
        assert_eq!(labels, ["Project", "Owner", "Cost"]);
    }

    #[test]
    fn a_header_in_unknown_words_is_told_by_the_numbers_under_it() {
        let (titles, header, labels, rows) =
            parts("Stand 2024;;\nVorhaben;Kosten;Ende\nAlpha;12;31.12.2024\nBeta;13;\n");
        assert_eq!((titles, header, rows), (vec![1], Some(2), 2));
        assert_eq!(labels, ["Vorhaben", "Kosten", "Ende"]);
    }

    #[test]
    fn a_table_without_a_header_gets_lettered_columns() {
        let (titles, header, labels, rows) = parts("P-1,Billing renewal,1200\nP-2,Fleet,300\n");
        assert_eq!((titles, header, rows), (Vec::new(), None, 2));
        assert_eq!(labels, ["Column A", "Column B", "Column C"]);
    }

    #[test]
    fn equal_headers_are_numbered_and_empty_columns_have_none() {
        let (_, _, labels, _) = parts("Project,Cost,cost,,Cost (2),Owner,\nA,1,2,x,3,,\n");
        assert_eq!(labels, ["Project", "Cost", "cost (2)", "Column D", "Cost (2) (2)", "Owner"]);
    }

    #[test]
    fn a_list_of_names_under_one_word_is_a_table() {
        let (titles, header, labels, rows) = parts("Project\nAlpha\nBeta\n");
        assert_eq!((titles, header, rows), (Vec::new(), Some(1), 2));
        assert_eq!(labels, ["Project"]);
    }
}
