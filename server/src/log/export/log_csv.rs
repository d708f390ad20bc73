//! The decision log as a table for spreadsheet programs: a row for each entry, every field in a column.

use plumbline_shared::words::Question;

use super::amount::Amount;
use super::csv;
use super::record::{ASKED, DECISION_FIELDS};
use super::table::{Cell, Table};
use crate::log::chain::Entry;
use crate::log::record::Record;
use crate::log::words;

/// The further fields of decisions that have a column: what goes against the room has columns of its own.
fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    DECISION_FIELDS.iter().copied().filter(|(name, _)| !matches!(*name, "status" | "override"))
}

pub(super) fn render(entries: &[(Entry, Option<u64>)]) -> Vec<u8> {
    let first = [
        "Number",
        "Decided on",
        "Session",
        "Project",
        "Reference",
        "Verdict",
        "Status",
        "Takes the place of",
        "Superseded by",
        "Owner",
        "Came from",
        "Stands on",
        "Rationale",
    ];
    let last = [
        "Missing",
        "The room said",
        "Against it because",
        "Against it by",
        "Decider",
        "Rule",
        "Sponsor",
        "Run by",
        "Cost",
        "Currency",
        "People",
    ];
    let end = ["Is this a hobby?", "Signed", "Said unsigned", "Session id", "Project id", "Hash"];
    let mut headings: Vec<String> = first.map(str::to_owned).to_vec();
    headings.extend(fields().map(|(_, heading)| heading.to_owned()));
    headings.extend(last.map(str::to_owned));
    headings.extend(ASKED.map(|question| words::question(question).to_owned()));
    headings.extend(end.map(str::to_owned));
    let rows = entries.iter().map(|(entry, superseded)| row(entry, *superseded)).collect();
    csv::table(&Table { headings, rows })
}

fn row(entry: &Entry, superseded: Option<u64>) -> Vec<Cell> {
    let record: &Record = &entry.record;
    let number = |number: Option<u64>| {
        let small = number.and_then(|number| u32::try_from(number).ok());
        Cell::amount(small.map(Amount::from))
    };
    let project = &record.project;
    let mut cells = vec![
        number(Some(record.number)),
        Cell::text(record.decided_on.as_str()),
        Cell::text(record.session.title.as_str()),
        Cell::text(project.name.as_str()),
        Cell::text(project.reference.as_str()),
        Cell::text(record.verdict.map_or("", |verdict| verdict.as_str())),
        Cell::text(record.status.as_str()),
        number(record.supersedes),
        number(superseded),
        Cell::text(record.owner.as_str()),
        Cell::text(words::origin(&record.from)),
        Cell::text(words::place(&record.to)),
        Cell::text(record.rationale.as_str()),
    ];
    cells.extend(fields().map(|(name, _)| Cell::decided(name, record.field(name))));
    let against = record.against.as_ref();
    cells.extend([
        Cell::text(record.missing.join(", ")),
        Cell::text(against.map_or("", |against| against.room.as_str())),
        Cell::text(against.map_or("", |against| against.reason.as_str())),
        Cell::text(against.map_or("", |against| against.by.as_str())),
        Cell::text(record.decider.as_str()),
        Cell::text(record.rule.as_str()),
        Cell::text(project.sponsor.as_str()),
        Cell::text(project.owner.as_str()),
        Cell::amount(project.cost),
        Cell::text(project.currency.as_str()),
        Cell::amount(project.people),
    ]);
    cells.extend(ASKED.map(|question: Question| Cell::text(words::rounds(&record.evidence, question))));
    cells.extend([
        Cell::amount((record.flags > 0).then(|| record.flags.into())),
        Cell::text(record.sign_offs.iter().map(words::signed).collect::<Vec<_>>().join("\n")),
        Cell::text(words::dissent(&record.dissent)),
        Cell::text(record.session.id.to_string()),
        Cell::text(project.id.to_string()),
        Cell::text(entry.hash.to_string()),
    ]);
    cells
}
