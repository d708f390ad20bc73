//! CSV, by a reader of its own after RFC 4180, and workbooks, by calamine.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use plumbline::log::{
    decisions::Decided,
    export::{Format, Reader},
    record::{Deed, Says},
};

use crate::material::{book, decided, log_file, session_file};

/// Rows and cells after RFC 4180.
fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}

/// A text as a spreadsheet program takes it for text.
fn unformula(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').unwrap_or(cell);
    if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { rest } else { cell }
}

/// The headings and what a decision has under them.
fn facts(decided: &Decided) -> Vec<(&'static str, String)> {
    let record = &decided.record;
    let text = |text: &str| text.to_owned();
    let told = decided.standing.told.as_ref();
    // The last word about each, in the order of the words.
    let mut last = std::collections::BTreeMap::new();
    let mut next = None;
    for change in &decided.changes {
        if let Says::Done { what, done_by, done_on, next_review, .. } = &change.says {
            let what = match what {
                Deed::Review => (0, "review held"),
                Deed::FirstStep => (1, "first step taken"),
                Deed::Ends => (2, "ended"),
                Deed::Measure => (3, "measure taken"),
            };
            last.insert(what, format!("{} on {done_on}, by {done_by}", what.1));
            next.clone_from(next_review);
        }
    }
    let done: Vec<String> = last.into_values().collect();
    let mut facts = vec![
        ("Number", record.number.to_string()),
        ("Decided on", text(&record.decided_on)),
        ("Session", text(&record.session.title)),
        ("Project", text(&record.project.name)),
        ("Reference", text(&record.project.reference)),
        ("Verdict", text(record.verdict.map_or("", |verdict| verdict.as_str()))),
        ("Status", text(decided.standing.status.words())),
        ("Told by", told.map_or_else(String::new, |told| told.by.clone())),
        ("Told on", told.map_or_else(String::new, |told| told.on.clone())),
        ("Done", done.join("; ")),
        ("Next review", next.unwrap_or_default()),
        ("Owner", text(&record.owner)),
        ("Rationale", text(&record.rationale)),
        ("Decider", text(&record.decider)),
        ("Rule", text(&record.rule)),
        ("Sponsor", text(&record.project.sponsor)),
        ("Run by", text(&record.project.owner)),
        ("Cost", record.project.cost.map_or_else(String::new, |cost| cost.to_string())),
        ("Currency", text(&record.project.currency)),
        ("People", record.project.people.map_or_else(String::new, |people| people.to_string())),
        ("Said unsigned", text(&record.dissent[0].text)),
        ("Session id", record.session.id.to_string()),
        ("Project id", record.project.id.to_string()),
        ("Hash", decided.hash.unwrap().to_string()),
    ];
    for (field, heading) in [
        ("kind", "Kind"),
        ("coalition", "Carried by"),
        ("assumptions", "Assumptions"),
        ("scope", "Scope"),
        ("outcome", "Outcome"),
        ("measure", "Measure"),
        ("measure_due", "Measure due"),
        ("obstacles", "What will resist"),
        ("first_step", "First step"),
        ("first_step_due", "First step due"),
        ("ends", "Ends"),
        ("frees", "Frees"),
        ("trigger", "Trigger"),
        ("expires", "Expires"),
        ("decide_by", "Decide by"),
        ("review", "Review"),
        ("effective", "Effective from"),
        ("alternatives", "Alternatives considered"),
        ("consulted", "Consulted"),
        ("informed", "Informed"),
    ] {
        facts.push((heading, text(record.field(field))));
    }
    if let Some(against) = &record.against {
        facts.push(("The room said", text(against.room.as_str())));
        facts.push(("Against it because", text(&against.reason)));
        facts.push(("Against it by", text(&against.by)));
    }
    facts
}

#[test]
fn csv_has_every_field_of_every_decision_as_text_that_is_no_formula() {
    let rows = csv(&log_file(Format::Csv, Reader::Office));
    let decided = decided();
    assert_eq!(rows.len(), decided.len() + 1);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    for (row, decided) in rows[1..].iter().zip(&decided) {
        for (heading, text) in facts(decided) {
            let at = rows[0].iter().position(|name| name == heading).unwrap_or_else(|| panic!("{heading}"));
            assert_eq!(unformula(&row[at]), text, "{heading} of {}", decided.record.number);
            let is_number = text.parse::<f64>().is_ok();
            assert!(!row[at].starts_with(['=', '+', '-', '@']) || is_number, "{heading}: {}", row[at]);
        }
        assert_eq!(row.last().unwrap(), &book().head().to_string());
    }
}

/// A text as a cell of a workbook has it.
fn in_cell(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_workbook_has_every_field_of_every_decision_numbers_as_numbers_and_days_as_days() {
    let mut workbook = Xlsx::new(Cursor::new(log_file(Format::Xlsx, Reader::Office))).unwrap();
    let names = ["Summary", "Decisions", "Changes only", "Missing", "Evidence", "Entries since", "Columns"];
    assert_eq!(workbook.sheet_names(), names);
    for name in names {
        let formulas = workbook.worksheet_formula(name).unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty), "{name}");
    }
    let decided = decided();
    let rows = sheet(&mut workbook, "Decisions");
    assert_eq!(rows.len(), decided.len() + 1);
    for (row, decided) in rows[1..].iter().zip(&decided) {
        for (heading, text) in facts(decided) {
            let at = rows[0].iter().position(|name| name == heading).unwrap_or_else(|| panic!("{heading}"));
            let cell = &row[at];
            let is_day = matches!(
                heading,
                "Told on"
                    | "Next review"
                    | "Measure due"
                    | "First step due"
                    | "Ends"
                    | "Expires"
                    | "Decide by"
                    | "Review"
                    | "Effective from"
            );
            match heading {
                _ if text.is_empty() => assert_eq!(cell, &Data::Empty, "{heading}"),
                "Number" | "Cost" | "People" => {
                    assert_eq!(cell, &Data::Float(text.parse().unwrap()), "{heading}");
                }
                _ if is_day => {
                    let Data::DateTime(day) = cell else { panic!("{heading}: {cell:?}") };
                    let (year, month, day, ..) = day.to_ymd_hms_milli();
                    assert_eq!(format!("{year:04}-{month:02}-{day:02}"), text, "{heading}");
                }
                _ => assert_eq!(cell, &Data::String(in_cell(&text)), "{heading}"),
            }
        }
    }
    let evidence = sheet(&mut workbook, "Evidence");
    assert_eq!(evidence.len(), 1 + 2 * decided.len());
    let at = |heading: &str| evidence[0].iter().position(|cell| cell == heading).unwrap();
    assert_eq!(
        (&evidence[1][at("Off strategy")], &evidence[1][at("Eligible")]),
        (&Data::Float(4.0), &Data::Float(12.0))
    );
    assert_eq!(evidence[2][at("Stop")], Data::Float(9.0));
    let summary = sheet(&mut workbook, "Summary");
    assert!(summary.iter().flatten().any(|cell| cell == book().head().to_string().as_str()));
    let stops: Vec<_> = decided
        .iter()
        .filter(|decided| decided.holds() && decided.record.verdict.unwrap().as_str() == "stop")
        .collect();
    let row = summary.iter().find(|row| row[0] == "stop").unwrap();
    let cost: f64 =
        stops.iter().filter_map(|decided| decided.record.project.cost).map(|cost| cost.value()).sum();
    let known = stops.iter().filter(|decided| decided.record.project.people.is_some()).count();
    assert_eq!((&row[1], &row[2]), (&Data::Float(stops.len() as f64), &Data::Float(cost)));
    assert_eq!(row[5], Data::Float(known as f64));
    assert_eq!(sheet(&mut workbook, "Entries since").len(), 9, "a heading and eight entries");
}

#[test]
fn a_sessions_workbook_says_what_is_different_what_is_missing_and_what_each_column_means() {
    let mut workbook = Xlsx::new(Cursor::new(session_file(Format::Xlsx, Reader::Office))).unwrap();
    let names = ["Summary", "Projects", "Decisions", "Changes only", "Missing", "Evidence", "Columns"];
    assert_eq!(workbook.sheet_names(), names);
    let columns = sheet(&mut workbook, "Columns");
    for name in &names[1..6] {
        for heading in sheet(&mut workbook, name).remove(0) {
            let meaning = columns.iter().find(|row| row[0] == *name && row[1] == heading);
            let meaning = meaning.unwrap_or_else(|| panic!("{name}: {heading}"))[2].to_string();
            assert!(!meaning.starts_with("A column of the imported"), "{name}: {heading} has no meaning");
        }
    }
    let changes = sheet(&mut workbook, "Changes only");
    let at = |heading: &str| changes[0].iter().position(|cell| cell == heading).unwrap();
    // What moves and stayed where it was is not among them.
    assert!(changes[1..].iter().all(|row| {
        let before = row[at("Pillar before")].to_string();
        let moved = !before.is_empty() && before != "Split" && before != row[at("Pillar after")].to_string();
        moved || ["stop", "wait"].contains(&row[at("Verdict")].to_string().as_str())
    }));
    assert!(changes.len() > 5);
}
