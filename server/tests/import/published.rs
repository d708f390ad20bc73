//! Real portfolios, whole.

use std::collections::HashSet;

use plumbline::import::{self, Existing, Field, Match, Portfolio, reconcile};
use uuid::Uuid;

use crate::{header, more, names, published};

fn gmpp(name: &str) -> Portfolio {
    import::read(&published(name), Some("text/csv"), None).unwrap()
}

#[test]
fn the_portfolio_of_2022_gives_235_projects_and_nothing_skipped() {
    let portfolio = gmpp("gmpp-2022.csv");
    assert_eq!(portfolio.projects.len(), 235);
    assert_eq!(portfolio.skipped, []);
    assert_eq!(portfolio.notes, []);
    assert_eq!(portfolio.currency.as_deref(), Some("GBP"));
    for (field, column) in [
        (Field::Reference, "Reference"),
        (Field::Name, "Project"),
        (Field::Summary, "Description"),
        (Field::Sponsor, "Department"),
        (Field::Cost, "Budget this year (£m)"),
    ] {
        assert_eq!(header(&portfolio, field), Some(column));
    }
    assert_eq!(header(&portfolio, Field::Origin), None);
    let first = &portfolio.projects[0];
    assert_eq!((first.row, first.name.as_str()), (2, "Submarine Dismantling Project"));
    assert_eq!((first.reference.as_str(), first.sponsor.as_str()), ("MOD_0135_2122-Q1", "MOD"));
    assert_eq!(first.cost, Some(33_730_000));
    assert_eq!(
        first.more,
        [
            ("Category", "Military Capability"),
            ("Whole Life Cost (£m)", "278.0"),
            ("Budget this year (£m)", "33.73"),
            ("Delivery Confidence", "Amber"),
            ("End", "2026-12-31"),
        ]
        .map(|(label, text)| (label.to_owned(), text.to_owned()))
    );
    assert!(portfolio.projects[1].summary.contains("announced that Ł2.5bn"), "text is kept as it is");
    assert_eq!(portfolio.projects.iter().filter(|project| project.cost.is_some()).count(), 198);
}

#[test]
fn the_portfolio_of_2021_gives_184_projects_and_nothing_skipped() {
    let portfolio = gmpp("gmpp-2021.csv");
    assert_eq!((portfolio.projects.len(), portfolio.skipped.len(), portfolio.notes.len()), (184, 0, 0));
}

#[test]
fn every_cell_of_a_published_portfolio_is_found_again() {
    let bytes = published("gmpp-2022.csv");
    let portfolio = gmpp("gmpp-2022.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let headers = reader.headers().unwrap().clone();
    for (record, project) in reader.records().zip(&portfolio.projects) {
        for (label, cell) in headers.iter().zip(&record.unwrap()) {
            let cell = cell.replace("\r\n", "\n").replace('\r', "\n");
            let cell = cell.trim();
            let fields = [&project.name, &project.summary, &project.sponsor, &project.reference];
            let kept = cell.is_empty()
                || fields.iter().any(|field| field.as_str() == cell)
                || more(project, label) == Some(cell);
            assert!(kept, "row {}, {label}: {cell}", project.row);
        }
    }
}

#[test]
fn the_map_chooses_another_cost() {
    let map = import::ColumnMap::parse("name:Project,cost:Whole Life Cost (£m)").unwrap();
    let portfolio = import::read(&published("gmpp-2022.csv"), None, Some(&map)).unwrap();
    assert_eq!(portfolio.projects[0].cost, Some(278_000_000));
    assert_eq!(more(&portfolio.projects[0], "Budget this year (£m)"), Some("33.73"));
}

#[test]
fn the_same_in_utf_16_and_with_other_delimiters_gives_the_same_projects() {
    let expected = gmpp("gmpp-2022.csv").projects;
    let text = String::from_utf8(published("gmpp-2022.csv")).unwrap();
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(import::read(&utf_16, None, None).unwrap().projects, expected);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for delimiter in [b';', b'\t', b'|'] {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        for record in &records {
            writer.write_record(record).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        assert_eq!(import::read(&bytes, None, None).unwrap().projects, expected);
    }
}

/// What the board holds after an import.
fn board(existing: &[Existing], portfolio: &Portfolio) -> Vec<Existing> {
    let mut board = existing.to_vec();
    for (project, found) in portfolio.projects.iter().zip(reconcile(existing, portfolio)) {
        let imported = |id| Existing { id, name: project.name.clone(), reference: project.reference.clone() };
        match found {
            Match::New => board.push(imported(Uuid::from_u128(board.len() as u128))),
            Match::Update(id) => {
                let slot = board.iter_mut().find(|existing| existing.id == id).unwrap();
                *slot = imported(id);
            }
        }
    }
    board
}

#[test]
fn importing_again_adds_nothing_and_importing_the_next_year_never_doubles() {
    let (old, new) = (gmpp("gmpp-2021.csv"), gmpp("gmpp-2022.csv"));
    let first = board(&[], &old);
    assert_eq!(first.len(), 184);
    assert_eq!(board(&first, &old), first);
    let second = board(&first, &new);
    assert_eq!(board(&second, &new), second);
    // Every project of either year is there, and each of the new year once.
    let references: HashSet<&str> = second.iter().map(|project| project.reference.as_str()).collect();
    let both: HashSet<&str> =
        old.projects.iter().chain(&new.projects).map(|project| project.reference.as_str()).collect();
    assert_eq!(references, both);
    let on_board: Vec<&str> = second.iter().map(|project| project.name.as_str()).collect();
    for name in names(&new) {
        assert!(on_board.contains(&name), "{name}");
    }
    assert_eq!(second.len(), both.len());
}

#[test]
fn the_sample_is_what_it_says() {
    let (portfolio, pillars) = import::sample();
    assert_eq!((portfolio.projects.len(), pillars.len()), (63, 6));
    assert_eq!((portfolio.skipped.len(), portfolio.notes.len()), (0, 0));
    assert_eq!(portfolio.projects.iter().filter(|project| project.cost.is_some()).count(), 49);
    for project in &portfolio.projects {
        assert!(project.summary.len() > 40, "{}", project.name);
        for text in [&project.sponsor, &project.owner, &project.reference] {
            assert!(!text.is_empty(), "{}", project.name);
        }
        assert!(project.origin.is_some() && project.people.is_some(), "{}", project.name);
    }
    for pillar in &pillars {
        assert!(!pillar.goals.is_empty() && !pillar.measure.is_empty() && !pillar.rules_out.is_empty());
    }
}
