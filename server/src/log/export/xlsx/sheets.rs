//! The sheets beside the projects and the decisions.

use plumbline_shared::words::{Question, Verdict};

use crate::log::{
    decisions::Decided,
    export::{
        record::decision_heading,
        report::{Report, Subject},
        table::{Cell, Table},
    },
    record::{Asked, Counted, Origin, Place},
    words,
};

fn headings(headings: &[&str]) -> Vec<String> {
    headings.iter().map(|heading| (*heading).to_owned()).collect()
}

/// What is different from before: what was put on another pillar than it came from, what stops, what waits.
pub(super) fn changes(report: &Report) -> Table {
    let names = [
        "Reference",
        "Project",
        "Number in the log",
        "Pillar before",
        "Pillar after",
        "Verdict",
        "Owner",
        "Holds from",
        "Ends",
        "Wait is over",
        "Cost",
        "Currency",
        "People",
    ];
    let rows = report.standing().filter(|decided| is_different(decided)).map(|decided| {
        let (record, project) = (&decided.record, &decided.record.project);
        vec![
            Cell::text(project.reference.as_str()),
            Cell::text(project.name.as_str()),
            number(decided),
            Cell::text(words::origin(&record.from)),
            Cell::text(words::place(&record.to)),
            Cell::text(record.verdict.map_or("", |verdict| verdict.as_str())),
            Cell::text(record.owner.as_str()),
            Cell::day(&record.effective()),
            Cell::decided("ends", record.field("ends")),
            Cell::decided("expires", record.field("expires")),
            Cell::amount(project.cost),
            Cell::text(project.currency.as_str()),
            Cell::amount(project.people),
        ]
    });
    Table { headings: headings(&names), rows: rows.collect() }
}

fn is_different(decided: &Decided) -> bool {
    let record = &decided.record;
    let moved = match (&record.from, &record.to) {
        (Origin::Unknown | Origin::Split, _) => false,
        (Origin::Off, to) => *to != Place::Off,
        (Origin::Pillar { id, .. }, Place::Pillar { id: to, .. }) => id != to,
        (Origin::Pillar { .. }, Place::Off | Place::Unsorted) => true,
    };
    moved || matches!(record.verdict, Some(Verdict::Stop | Verdict::Wait))
}

fn number(decided: &Decided) -> Cell {
    Cell::count((decided.record.number > 0).then_some(decided.record.number))
}

/// What decisions need and do not have, a row for each lack; and of a session the projects of which nothing is decided.
pub(super) fn missing(report: &Report) -> Table {
    let names = ["Reference", "Project", "Number in the log", "Verdict", "Owner", "Missing"];
    let mut rows = Vec::new();
    for decided in report.standing() {
        let (record, project) = (&decided.record, &decided.record.project);
        for field in &record.missing {
            rows.push(vec![
                Cell::text(project.reference.as_str()),
                Cell::text(project.name.as_str()),
                number(decided),
                Cell::text(record.verdict.map_or("", |verdict| verdict.as_str())),
                Cell::text(record.owner.as_str()),
                Cell::text(if field == "owner" { "Owner" } else { decision_heading(field) }),
            ]);
        }
    }
    if let Subject::Session(record) = &report.about {
        for row in record.rows.iter().filter(|row| row.verdict.is_none()) {
            rows.push(vec![
                Cell::text(row.reference.as_str()),
                Cell::text(row.name.as_str()),
                Cell::Empty,
                Cell::Empty,
                Cell::text(row.decision_owner.as_str()),
                Cell::text("Verdict"),
            ]);
        }
    }
    Table { headings: headings(&names), rows }
}

/// What was asked, a row for each round and project, in numbers as far as they are some.
pub(super) fn evidence(report: &Report) -> Table {
    let names = [
        "Reference",
        "Project",
        "Session",
        "Step",
        "Round",
        "Question",
        "About",
        "Eligible",
        "Answered",
        "Sat out",
        "On paper",
        "Off strategy",
        "On a pillar",
        "Did not know",
        "Claims strategy",
        "Claims revenue",
        "Claims cost",
        "Claims needed now",
        "Claims nothing",
        "Move",
        "Wait",
        "Stop",
        "Dots",
        "People who gave dots",
        "Gave 0",
        "Gave 1",
        "Gave 2",
        "Gave 3",
        "Gave 4",
        "Gave 5",
        "Came to",
    ];
    let mut rows = Vec::new();
    match &report.about {
        // Also of projects on which nothing is decided.
        Subject::Session(record) => {
            for row in &record.rows {
                let asked = row.evidence.iter();
                rows.extend(asked.map(|asked| line([&row.reference, &row.name, &record.title], asked)));
            }
            rows.extend(record.asked.iter().map(|asked| line(["", "", &record.title], asked)));
        }
        Subject::Log(_) => {
            for decided in &report.decided {
                let (project, session) = (&decided.record.project, &decided.record.session);
                let of = [project.reference.as_str(), &project.name, &session.title];
                rows.extend(decided.record.evidence.iter().map(|asked| line(of, asked)));
            }
        }
    }
    Table { headings: headings(&names), rows }
}

fn line(of: [&str; 3], asked: &Asked) -> Vec<Cell> {
    let mut cells: Vec<Cell> = of.map(Cell::text).to_vec();
    cells.extend([
        Cell::text(asked.title.as_str()),
        Cell::amount(Some(asked.round.into())),
        Cell::text(words::question(asked.question)),
        Cell::text(if asked.about == crate::log::record::About::Session {
            "the session"
        } else {
            "the project"
        }),
    ]);
    let people = [asked.eligible, asked.answered, asked.sat_out, asked.on_paper];
    cells.extend(people.map(|count| Cell::amount(Some(count.into()))));
    let mut counts: [Option<u32>; 19] = [None; 19];
    let mut set = |at: usize, values: &[u32]| {
        for (place, value) in counts.iter_mut().skip(at).zip(values) {
            *place = Some(*value);
        }
    };
    match &asked.counts {
        Some(Counted::Placement { off, pillars, unknown }) => {
            set(0, &[*off, pillars.iter().map(|pillar| pillar.count).sum(), *unknown]);
        }
        Some(Counted::Hobby { strategy, revenue, expense, required, none, .. }) => {
            set(3, &[*strategy, *revenue, *expense, *required, *none]);
        }
        Some(Counted::Verdict { r#move, wait, stop, .. }) => set(8, &[*r#move, *wait, *stop]),
        Some(Counted::Dots { dots, people }) => set(11, &[*dots, *people]),
        Some(Counted::Scale { counts }) => set(13, counts),
        None => {}
    }
    cells.extend(counts.map(|count| Cell::amount(count.map(Into::into))));
    let told = if asked.question == Question::Text { String::new() } else { words::told(asked) };
    cells.push(Cell::text(told));
    cells
}

/// What has been entered about decisions since.
pub(super) fn entries(report: &Report) -> Table {
    let names = ["Entry", "Decision", "Project", "What"];
    let mut rows: Vec<(u64, Vec<Cell>)> = Vec::new();
    for decided in &report.decided {
        for change in &decided.changes {
            rows.push((
                change.number,
                vec![
                    Cell::count(Some(change.number)),
                    number(decided),
                    Cell::text(decided.record.project.name.as_str()),
                    Cell::text(words::change(change)),
                ],
            ));
        }
    }
    rows.sort_by_key(|(number, _)| *number);
    Table { headings: headings(&names), rows: rows.into_iter().map(|(_, row)| row).collect() }
}
