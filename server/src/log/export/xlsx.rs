//! A workbook to read, sort and calculate with: what the portfolio comes to, all projects, and what was
//! decided.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError, worksheet::ColNum,
};

use super::amount::Amount;
use super::record::Record;
use super::summary::Sum;
use super::table::{Cell, Table};

/// The longest text that a cell takes, in UTF-16 units.
const LONGEST: usize = 32_767;
/// The widest and the narrowest column, in characters.
const WIDEST: usize = 60;
const NARROWEST: usize = 8;

/// The file. All text is written as text: none can be taken for a formula, whatever it begins with.
pub(super) fn render(record: &Record) -> Vec<u8> {
    write(record).expect("names, counts and lengths are within what a workbook takes")
}

fn write(record: &Record) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut about = DocProperties::new().set_title(clean(&record.title));
    if let Ok(made) = ExcelDateTime::from_timestamp(record.exported_at.as_second()) {
        about = about.set_creation_datetime(&made);
    }
    book.set_properties(&about);
    let look = Look::new();
    summary(book.add_worksheet(), record, &look)?;
    // Before the decisions: whoever imports the workbook again gets all projects.
    table(book.add_worksheet(), "Projects", &Table::of(record, record.rows.iter()), &look)?;
    let decided = record.rows.iter().filter(|row| row.is_decided());
    table(book.add_worksheet(), "Decisions", &Table::of(record, decided), &look)?;
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

/// What the piles come to, with how many figures each sum rests on, and the verdicts.
fn summary(sheet: &mut Worksheet, record: &Record, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 36)?;
    sheet.set_column_range_width(1, 5, 16)?;
    sheet.write_string_with_format(0, 0, clean(&record.title), &look.title)?;
    let state = if record.closed { "Exported" } else { "Exported, before the session was closed" };
    sheet.write_string(1, 0, state)?;
    sheet.write_string(1, 1, record.exported_at.to_string())?;
    let cost = record.cost_heading();
    // Not a word for projects: an import must not take the piles for them.
    let headings = ["Pile", "How many", cost.as_str(), "Cost known for", "People", "People known for"];
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(3, column, clean(heading), &look.heading)?;
    }
    let piles =
        record.summary.piles.iter().map(|pile| (pile.name.as_str(), pile.projects, pile.cost, pile.people));
    let all = ("All", record.summary.projects, record.summary.cost, record.summary.people);
    let mut row = 4;
    for (name, projects, cost, people) in piles.chain([all]) {
        let cells = [
            Cell::Text(name.to_owned()),
            count(projects),
            known(cost),
            count(cost.known),
            known(people),
            count(people.known),
        ];
        for (column, cell) in (0..).zip(&cells) {
            put(sheet, look, row, column, cell)?;
        }
        row += 1;
    }
    row += 1;
    for (column, heading) in (0..).zip(["Verdict", "How many"]) {
        sheet.write_string_with_format(row, column, heading, &look.heading)?;
    }
    for verdict in &record.summary.verdicts {
        row += 1;
        put(sheet, look, row, 0, &Cell::Text(verdict.name().to_owned()))?;
        put(sheet, look, row, 1, &count(verdict.projects))?;
    }
    Ok(())
}

fn count(count: usize) -> Cell {
    Cell::Number(u32::try_from(count).unwrap_or(u32::MAX).into())
}

/// A sum; nothing where nothing is known, which is not the same as zero.
fn known(sum: Sum) -> Cell {
    let amount: Option<Amount> = (sum.known > 0).then_some(sum.sum);
    amount.map_or(Cell::Empty, Cell::Number)
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
