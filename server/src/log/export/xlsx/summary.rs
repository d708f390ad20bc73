//! The first sheet: what it comes to, and the head of the log's chain.

use plumbline_shared::words::Verdict;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{Look, clean, put};
use crate::log::export::{
    amount::Amount,
    record::Record,
    report::{Report, Subject},
    summary::Sum,
    table::Cell,
    totals::load,
};

pub(super) fn write(sheet: &mut Worksheet, report: &Report, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 36)?;
    sheet.set_column_range_width(1, 5, 16)?;
    let row = match &report.about {
        Subject::Session(record) => of_session(sheet, record, look)?,
        Subject::Log(_) => of_log(sheet, report, look)?,
    };
    put(sheet, look, row, 0, &Cell::text("Entries in the decision log"))?;
    put(sheet, look, row, 1, &Cell::count(Some(report.entries)))?;
    put(sheet, look, row + 1, 0, &Cell::text("Hash of the last one"))?;
    // It would not fit, and is to be copied.
    sheet.write_string(row + 1, 1, report.head.to_string())?;
    Ok(())
}

/// What the piles come to, with how many figures each sum rests on, and the verdicts. The row after it.
fn of_session(sheet: &mut Worksheet, record: &Record, look: &Look) -> Result<u32, XlsxError> {
    sheet.write_string_with_format(0, 0, clean(&record.title), &look.title)?;
    let state = if record.closed { "Exported" } else { "Exported, before the session was closed" };
    sheet.write_string(1, 0, state)?;
    sheet.write_string(1, 1, record.exported_at.to_string())?;
    let cost = record.cost_heading();
    // Not a word for projects: an import must not take the piles for them.
    headings(
        sheet,
        look,
        3,
        &["Pile", "How many", cost.as_str(), "Cost known for", "People", "People known for"],
    )?;
    let piles =
        record.summary.piles.iter().map(|pile| (pile.name.as_str(), pile.projects, pile.cost, pile.people));
    let all = ("All", record.summary.projects, record.summary.cost, record.summary.people);
    let mut row = 4;
    for (name, projects, cost, people) in piles.chain([all]) {
        line(sheet, look, row, name, projects, &[cost, people])?;
        row += 1;
    }
    row += 1;
    headings(sheet, look, row, &["Verdict", "How many"])?;
    for verdict in &record.summary.verdicts {
        row += 1;
        line(sheet, look, row, verdict.name(), verdict.projects, &[])?;
    }
    Ok(row + 2)
}

/// What the decisions that hold come to, by verdict; costs by currency, since a sum of two says nothing. The row after it.
fn of_log(sheet: &mut Worksheet, report: &Report, look: &Look) -> Result<u32, XlsxError> {
    sheet.write_string_with_format(0, 0, "Decision log", &look.title)?;
    sheet.write_string(1, 0, "Exported")?;
    sheet.write_string(1, 1, report.exported_at.to_string())?;
    headings(
        sheet,
        look,
        3,
        &[
            "Verdict, of what holds",
            "How many",
            "Cost",
            "Cost known for",
            "People",
            "People known for",
            "Currency",
        ],
    )?;
    let mut row = 4;
    for verdict in Verdict::ALL {
        let of = report.standing().filter(|decided| decided.record.verdict == Some(*verdict));
        let load = load(of);
        let mut costs = load.cost.into_iter();
        let (currency, cost) = costs.next().unwrap_or_default();
        line(sheet, look, row, verdict.as_str(), load.projects, &[cost, load.people])?;
        put(sheet, look, row, 6, &Cell::text(currency))?;
        row += 1;
        for (currency, cost) in costs {
            put(sheet, look, row, 2, &known(cost))?;
            put(sheet, look, row, 3, &count(cost.known))?;
            put(sheet, look, row, 6, &Cell::text(currency))?;
            row += 1;
        }
    }
    line(
        sheet,
        look,
        row,
        "Superseded or taken back",
        report.decided.len() - report.standing().count(),
        &[],
    )?;
    Ok(row + 2)
}

fn headings(sheet: &mut Worksheet, look: &Look, row: u32, headings: &[&str]) -> Result<(), XlsxError> {
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(row, column, clean(heading), &look.heading)?;
    }
    Ok(())
}

/// A name, how many there are, and sums with how many of them are known.
fn line(
    sheet: &mut Worksheet,
    look: &Look,
    row: u32,
    name: &str,
    projects: usize,
    sums: &[Sum],
) -> Result<(), XlsxError> {
    let sums = sums.iter().flat_map(|sum| [known(*sum), count(sum.known)]);
    let cells = [Cell::Text(name.to_owned()), count(projects)].into_iter().chain(sums);
    for (column, cell) in (0..).zip(cells) {
        put(sheet, look, row, column, &cell)?;
    }
    Ok(())
}

fn count(count: usize) -> Cell {
    Cell::count(u64::try_from(count).ok())
}

/// A sum; nothing where nothing is known, which is not the same as zero.
fn known(sum: Sum) -> Cell {
    let amount: Option<Amount> = (sum.known > 0).then_some(sum.sum);
    Cell::amount(amount)
}
