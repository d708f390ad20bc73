//! The projects as a table: what spreadsheet programs get, in whichever form.

use std::collections::BTreeSet;

use jiff::civil::Date;
use plumbline_shared::schema::{Root, Shape};
use plumbline_shared::words::Question;

use super::amount::Amount;
use super::record::{ASKED, Record, Row, decision_heading, decision_order, lacks};
use crate::log::{chain::Hash, decisions::Decided, record::Standing, words};

/// Portfolio columns that get a column of their own; the others share the last one.
const OWN_COLUMNS: usize = 64;

/// Headings, and a row of cells for each project.
pub(super) struct Table {
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Text, whatever it looks like.
    Text(String),
    /// A number to calculate with.
    Number(Amount),
    /// A day.
    Day(Date),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub(super) fn amount(amount: Option<Amount>) -> Self {
        amount.map_or(Self::Empty, Self::Number)
    }

    pub(super) fn count(count: Option<u64>) -> Self {
        // A log of more than four thousand million entries is none of ours.
        Self::amount(count.map(|count| Amount::from(u32::try_from(count).unwrap_or(u32::MAX))))
    }

    /// A day; what is none stays as it is written.
    pub(super) fn day(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::text(text), Self::Day)
    }

    /// A further field of a decision: a day where the schema says so.
    pub(super) fn decided(name: &str, text: &str) -> Self {
        let is_day = Root::Decisions.fields().contains(&(name, Shape::Day));
        if is_day { Self::day(text) } else { Self::text(text) }
    }
}

impl Table {
    /// One row per project, with every column of the portfolio that was kept.
    pub(super) fn of<'r>(record: &'r Record, rows: impl Iterator<Item = &'r Row> + Clone) -> Self {
        let decisions = decision_columns(rows.clone());
        let (own, shared) = portfolio_columns(rows.clone());
        let flagged = rows.clone().any(|row| row.flags.count > 0);
        let lacking = rows.clone().any(|row| !row.missing.is_empty());
        let asked: Vec<Question> = ASKED
            .into_iter()
            .filter(|question| {
                rows.clone().any(|row| row.evidence.iter().any(|asked| asked.question == *question))
            })
            .collect();
        let cost = record.cost_heading();
        let fixed = ["Reference", "Project", "Came from", "Pillar", "Verdict", "Decision owner", "Rationale"];
        let logged = rows.clone().any(|row| row.decided.is_some());
        let project = ["Summary", "Sponsor", "Owner", "Origin", cost.as_str(), "People"];
        let mut headings: Vec<String> = fixed.map(str::to_owned).to_vec();
        headings.extend(decisions.iter().map(|name| decision_heading(name).to_owned()));
        if logged {
            headings.extend(LOGGED.map(str::to_owned));
        }
        if lacking {
            headings.push("Missing".to_owned());
        }
        headings.extend(asked.iter().map(|question| words::question(*question).to_owned()));
        headings.extend(project.map(str::to_owned));
        if flagged {
            headings.extend(["Is this a hobby?", "Why it is asked"].map(str::to_owned));
        }
        headings.extend(own.iter().map(|label| (*label).to_owned()));
        if shared {
            headings.push("Further columns".to_owned());
        }
        let rows = rows.map(|row| {
            let mut cells: Vec<Cell> = [
                row.reference.as_str(),
                &row.name,
                &row.came_from,
                record.pile_name(row),
                row.verdict.map_or("", |verdict| verdict.as_str()),
                &row.decision_owner,
                &row.rationale,
            ]
            .map(Cell::text)
            .to_vec();
            cells.extend(
                decisions
                    .iter()
                    .map(|name| Cell::decided(name, row.decision.get(*name).map_or("", String::as_str))),
            );
            if logged {
                cells.extend(logged_cells(row.decided.as_ref()));
            }
            if lacking {
                cells.push(Cell::text(lacks(row)));
            }
            cells.extend(asked.iter().map(|question| Cell::text(words::rounds(&row.evidence, *question))));
            let origin = row.origin.map_or("", |origin| origin.as_str());
            cells.extend([row.summary.as_str(), &row.sponsor, &row.owner, origin].map(Cell::text));
            cells.extend([row.cost, row.people].map(Cell::amount));
            if flagged {
                cells.push(Cell::amount((row.flags.count > 0).then(|| row.flags.count.into())));
                cells.push(Cell::text(row.flags.reasons.join("\n")));
            }
            cells.extend(own.iter().map(|label| Cell::text(texts(row, label))));
            if shared {
                let rest = row.more.iter().filter(|(label, _)| !own.contains(&label.as_str()));
                let rest: Vec<String> = rest.map(|(label, text)| format!("{label}: {text}")).collect();
                cells.push(Cell::text(rest.join("\n")));
            }
            cells
        });
        Self { rows: rows.collect(), headings }
    }

    /// With the hash of the log's last entry in every row: a table has no other place for it.
    pub(super) fn with_head(mut self, head: Hash) -> Self {
        self.headings.push("Head of the log".to_owned());
        self.rows.iter_mut().for_each(|row| row.push(Cell::text(head.to_string())));
        self
    }
}

/// What the log says of a decision beside what the board says.
const LOGGED: [&str; 7] =
    ["Number in the log", "Stands", "Superseded by", "Told by", "Told on", "Done", "Next review"];

fn logged_cells(decided: Option<&Decided>) -> [Cell; LOGGED.len()] {
    let Some(decided) = decided else { return [const { Cell::Empty }; LOGGED.len()] };
    let Standing { status, superseded_by, told, progress, .. } = &decided.standing;
    [
        Cell::count((decided.record.number > 0).then_some(decided.record.number)),
        Cell::text(status.words()),
        Cell::count(*superseded_by),
        Cell::text(told.as_ref().map_or("", |told| told.by.as_str())),
        told.as_ref().map_or(Cell::Empty, |told| Cell::day(&told.on)),
        Cell::text(words::done_of(&decided.standing)),
        progress.next_review.as_ref().map_or(Cell::Empty, |day| Cell::day(day)),
    ]
}

/// The further fields of decisions that any project has, in their order.
fn decision_columns<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<&'r str> {
    let names: BTreeSet<&str> = rows.flat_map(|row| row.decision.keys().map(String::as_str)).collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by_key(|name| decision_order(name));
    names
}

/// The portfolio's further columns in the order in which they first come, and whether some have to share one.
fn portfolio_columns<'r>(rows: impl Iterator<Item = &'r Row>) -> (Vec<&'r str>, bool) {
    let mut seen = BTreeSet::new();
    let mut columns: Vec<&str> = rows
        .flat_map(|row| &row.more)
        .map(|(label, _)| label.as_str())
        .filter(|label| seen.insert(*label))
        .collect();
    let shared = columns.len() > OWN_COLUMNS;
    columns.truncate(OWN_COLUMNS);
    (columns, shared)
}

/// What a project has in a further column; one that it has twice has both.
fn texts(row: &Row, label: &str) -> String {
    let texts: Vec<&str> =
        row.more.iter().filter(|(own, _)| own == label).map(|(_, text)| text.as_str()).collect();
    texts.join("\n")
}
