//! Decisions as a table for spreadsheet programs: a row for each, every field in a column.

use plumbline_shared::words::Question;

use super::record::{ASKED, DECISION_FIELDS};
use super::table::{Cell, Table};
use crate::log::chain::Hash;
use crate::log::decisions::Decided;
use crate::log::record::Record;
use crate::log::words;

/// The further fields of decisions that have a column: what goes against the room has columns of its own.
fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    DECISION_FIELDS.iter().copied().filter(|(name, _)| !matches!(*name, "status" | "override"))
}

/// The decisions; with the hash of the log's last entry in every row, if it is given.
pub(super) fn of<'d>(decided: impl IntoIterator<Item = &'d Decided>, head: Option<Hash>) -> Table {
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
        "Told by",
        "Told on",
        "Done",
        "Next review",
        "Changes since",
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
    let end = [
        "Is this a hobby?",
        "Signed",
        "Said unsigned",
        "How it came about",
        "Session id",
        "Project id",
        "Schema",
        "Hash",
    ];
    let mut headings: Vec<String> = first.map(str::to_owned).to_vec();
    headings.extend(fields().map(|(_, heading)| heading.to_owned()));
    headings.extend(last.map(str::to_owned));
    headings.extend(ASKED.map(|question| words::question(question).to_owned()));
    headings.extend(end.map(str::to_owned));
    let table = Table { headings, rows: decided.into_iter().map(row).collect() };
    match head {
        Some(head) => table.with_head(head),
        None => table,
    }
}

fn row(decided: &Decided) -> Vec<Cell> {
    let record: &Record = &decided.record;
    let standing = &decided.standing;
    let told = standing.told.as_ref();
    let changes: Vec<String> = decided.changes.iter().map(words::change).collect();
    let project = &record.project;
    let mut cells = vec![
        Cell::count((record.number > 0).then_some(record.number)),
        Cell::text(record.decided_on.as_str()),
        Cell::text(record.session.title.as_str()),
        Cell::text(project.name.as_str()),
        Cell::text(project.reference.as_str()),
        Cell::text(record.verdict.map_or("", |verdict| verdict.as_str())),
        Cell::text(standing.status.words()),
        Cell::count(record.supersedes),
        Cell::count(standing.superseded_by),
        Cell::text(told.map_or("", |told| told.by.as_str())),
        told.map_or(Cell::Empty, |told| Cell::day(&told.on)),
        Cell::text(words::done_of(standing)),
        standing.progress.next_review.as_ref().map_or(Cell::Empty, |day| Cell::day(day)),
        Cell::text(changes.join("\n")),
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
        Cell::text(words::provenance(record).join("\n")),
        Cell::text(record.session.id.to_string()),
        Cell::text(project.id.to_string()),
        Cell::count(Some(record.schema.into())),
        Cell::text(decided.hash.map(|hash| hash.to_string()).unwrap_or_default()),
    ]);
    cells
}
