//! A workbook for a project office, to read, sort and calculate with: what it comes to, all projects, what was decided,
//! what is different from before, what is missing, the evidence, and what each column means.

mod columns;
mod sheets;
mod summary;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError, worksheet::ColNum,
};

use super::log_table;
use super::record::Row;
use super::report::{Report, Subject};
use super::table::{Cell, Table};

/// The longest text that a cell takes, in UTF-16 units.
const LONGEST: usize = 32_767;
/// The widest and the narrowest column, in characters.
const WIDEST: usize = 60;
const NARROWEST: usize = 8;

/// The file. All text is written as text: none can be taken for a formula, whatever it begins with.
pub(super) fn render(report: &Report) -> Vec<u8> {
    write(report).expect("names, counts and lengths are within what a workbook takes")
}

fn write(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut about = DocProperties::new().set_title(clean(&report.title())).set_comment(format!(
        "Entries in the decision log: {}. Hash of the last one: {}",
        report.entries, report.head
    ));
    if let Ok(made) = ExcelDateTime::from_timestamp(report.exported_at.as_second()) {
        about = about.set_creation_datetime(&made);
    }
    book.set_properties(&about);
    let look = Look::new();
    summary::write(book.add_worksheet(), report, &look)?;
    let mut sheets: Vec<(&str, Table)> = Vec::new();
    match &report.about {
        Subject::Session(record) => {
            // Before the decisions: whoever imports the workbook again gets all projects.
            sheets.push(("Projects", Table::of(record, record.rows.iter())));
            let decided = record.rows.iter().filter(|row: &&Row| row.is_decided());
            sheets.push(("Decisions", Table::of(record, decided)));
        }
        Subject::Log(_) => sheets.push(("Decisions", log_table::of(&report.decided, None))),
    }
    sheets.push(("Changes only", sheets::changes(report)));
    sheets.push(("Missing", sheets::missing(report)));
    sheets.push(("Evidence", sheets::evidence(report)));
    if let Subject::Log(_) = &report.about {
        sheets.push(("Entries since", sheets::entries(report)));
    }
    let columns = columns::of(&sheets);
    sheets.push(("Columns", columns));
    for (name, content) in &sheets {
        table(book.add_worksheet(), name, content, &look)?;
    }
    book.save_to_buffer()
}

/// How cells look.
struct Look {
    heading: Format,
    title: Format,
    text: Format,
    whole: Format,
    broken: Format,
    day: Format,
}

impl Look {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            heading: top().set_bold().set_text_wrap(),
            title: Format::new().set_bold().set_font_size(14),
            text: top().set_text_wrap(),
            whole: top().set_num_format("#,##0"),
            broken: top().set_num_format("#,##0.00"),
            day: top().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// Puts a cell in its place.
fn put(sheet: &mut Worksheet, look: &Look, row: u32, column: ColNum, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, clean(text), &look.text)?;
        }
        Cell::Number(amount) => {
            let value = amount.value();
            let format = if value.fract() == 0.0 { &look.whole } else { &look.broken };
            sheet.write_number_with_format(row, column, value, format)?;
        }
        Cell::Day(day) => {
            let date = u16::try_from(day.year()).ok().zip(u8::try_from(day.month()).ok());
            let date = date.zip(u8::try_from(day.day()).ok());
            let date = date.and_then(|((year, month), day)| ExcelDateTime::from_ymd(year, month, day).ok());
            match date {
                Some(date) => sheet.write_datetime_with_format(row, column, &date, &look.day)?,
                // Before 1900 there are no days in a workbook.
                None => sheet.write_string_with_format(row, column, day.to_string(), &look.text)?,
            };
        }
    }
    Ok(())
}

/// A sheet with a heading that stays in sight and can be filtered by.
fn table(sheet: &mut Worksheet, name: &str, table: &Table, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    for (column, heading) in (0..).zip(&table.headings) {
        sheet.write_string_with_format(0, column, clean(heading), &look.heading)?;
        let cells = table.rows.iter().filter_map(|row| row.get(usize::from(column)));
        sheet.set_column_width(column, width(heading, cells))?;
    }
    for (number, cells) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            put(sheet, look, number, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    let last_row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let last_column = ColNum::try_from(table.headings.len().saturating_sub(1)).unwrap_or(ColNum::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}

fn width<'t>(heading: &str, cells: impl Iterator<Item = &'t Cell>) -> f64 {
    let longest = cells.map(|cell| match cell {
        Cell::Empty => 0,
        Cell::Text(text) => text.lines().map(|line| line.chars().count()).max().unwrap_or(0),
        Cell::Number(amount) => amount.grouped().len(),
        Cell::Day(_) => "2026-11-20".len(),
    });
    let longest = longest.max().unwrap_or(0).max(heading.chars().count() + 3);
    // At most sixty: exact in any number.
    longest.clamp(NARROWEST, WIDEST) as f64
}

/// Text as a cell takes it: no longer than it may be, and without what XML has no place for.
fn clean(text: &str) -> String {
    let mut units = 0;
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !(c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}')))
        .take_while(|c| {
            units += c.len_utf16();
            units <= LONGEST
        })
        .collect()
}
