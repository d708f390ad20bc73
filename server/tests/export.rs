//! Exports, parsed back.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;

use calamine::{Data, Reader};
use plumbline::import;
use plumbline::log::chain::Hash;
use plumbline::log::export::{Format, Reader as Whom, Record, Report, RowPile};
use plumbline::log::record::Closed;
use plumbline::store::Position;
use plumbline_shared::board::{Board, Decision, Flags, Pillar, Placement, Project};
use plumbline_shared::ids::{PillarId, ProjectId, SessionId};
use plumbline_shared::words::{Origin, Verdict};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use uuid::Uuid;

/// 2026-11-20T18:59:39.500Z
const MOMENT: u64 = 1_795_201_179_500;

fn id(number: u128) -> ProjectId {
    ProjectId(Uuid::from_u128(number))
}

fn pillar(number: u128, name: &str) -> Pillar {
    Pillar {
        id: PillarId(Uuid::from_u128(number)),
        name: name.to_owned(),
        intent: "Why it is there.".to_owned(),
        goals: vec!["Halve it: tonnes a year".to_owned()],
        measure: "tonnes".to_owned(),
        rules_out: "Offsets".to_owned(),
        owner: "Finance Director".to_owned(),
        colour: "p1".to_owned(),
        order: String::new(),
    }
}

fn project(name: &str, cost: Option<f64>, people: Option<f64>) -> Project {
    Project { name: name.to_owned(), cost, people, ..Project::default() }
}

/// Two pillars; one project on the second, one off, two unsorted, one of them decided.
fn board() -> Board {
    let mut board = Board::default();
    board.session.title = "Spring | *review*".to_owned();
    board.session.purpose = "1. Choose.\nThen keep to it.".to_owned();
    board.session.decider = "The chief executive".to_owned();
    board.session.rule = "Majority, the decider may overrule".to_owned();
    board.session.currency = "GBP".to_owned();
    board.pillars = vec![pillar(900, "Net zero"), pillar(901, "Safe <water>")];
    board.projects.insert(id(1), project("Alpha", Some(1_200_000.0), Some(4.0)));
    board.projects.insert(id(2), project("=HYPERLINK(\"http://x\",\"y\")", Some(-300.0), None));
    board.projects.insert(
        id(3),
        Project {
            reference: "P|3".to_owned(),
            summary: "Line one\nline \"two\"".to_owned(),
            sponsor: "+Ada".to_owned(),
            owner: "Ben".to_owned(),
            origin: Some(Origin::Pet),
            people: Some(2.5),
            more: vec![
                ("Start".to_owned(), "-2024".to_owned()),
                ("@Note".to_owned(), "-1+1".to_owned()),
                ("Note".to_owned(), "a;=1+1".to_owned()),
            ],
            ..project("<img src=x> | **Pledge**\nof 2024", None, None)
        },
    );
    board.projects.insert(id(4), project("Delta", None, None));
    let place = |pile: &str| Placement { pile: pile.to_owned(), order: "a".to_owned() };
    board.placements.insert(id(1), place(&PillarId(Uuid::from_u128(901)).to_string()));
    board.placements.insert(id(3), place("off"));
    board.placements.insert(id(4), place(&PillarId(Uuid::from_u128(999)).to_string()));
    board.decisions.insert(
        id(3),
        Decision {
            verdict: Some(Verdict::Stop),
            owner: "Cyd".to_owned(),
            rationale: "Worth doing,\n# and not ours.".to_owned(),
            more: BTreeMap::from([
                ("ends".to_owned(), "2027-03-31".to_owned()),
                ("decided_by".to_owned(), "The decider".to_owned()),
                ("frees".to_owned(), "14 people".to_owned()),
            ]),
        },
    );
    board
}

fn record() -> Record {
    Record::of(&board(), MOMENT)
}

/// A session with this board as a file.
fn file(format: Format, board: &Board) -> Vec<u8> {
    let closed = Closed {
        session: SessionId(Uuid::from_u128(77)),
        at: Position { at: MOMENT, n: 0 },
        board: board.clone(),
        imports: Vec::new(),
        attendance: Vec::new(),
    };
    let report = Report::of_session(&closed, Vec::new(), (Hash::default(), 0), MOMENT);
    format.render(&report, Whom::Office)
}

#[test]
fn a_record_has_every_project_once_by_pile_and_sums_with_their_coverage() {
    let record = record();
    let piles: Vec<(&str, RowPile)> = record.rows.iter().map(|row| (row.name.as_str(), row.pile)).collect();
    assert_eq!(
        piles,
        [
            ("Alpha", RowPile::Pillar(1)),
            ("<img src=x> | **Pledge**\nof 2024", RowPile::Off),
            ("=HYPERLINK(\"http://x\",\"y\")", RowPile::Unsorted),
            ("Delta", RowPile::Unsorted),
        ]
    );
    let sums: Vec<(&str, usize, f64, usize, f64, usize)> = record
        .summary
        .piles
        .iter()
        .map(|pile| {
            (
                pile.name.as_str(),
                pile.projects,
                pile.cost.sum.value(),
                pile.cost.known,
                pile.people.sum.value(),
                pile.people.known,
            )
        })
        .collect();
    assert_eq!(
        sums,
        [
            ("Net zero", 0, 0.0, 0, 0.0, 0),
            ("Safe <water>", 1, 1_200_000.0, 1, 4.0, 1),
            ("Off strategy", 1, 0.0, 0, 2.5, 1),
            ("Unsorted", 2, -300.0, 1, 0.0, 0),
        ]
    );
    assert_eq!((record.summary.projects, record.summary.cost.known, record.summary.people.known), (4, 2, 2));
    assert_eq!(record.exported_at.to_string(), "2026-11-20T18:59:39.5Z");
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn csv_is_read_back_and_no_cell_is_a_formula() {
    let bytes = file(Format::Csv, &board());
    let rows = table(&bytes);
    assert_eq!(
        rows[0],
        [
            "Reference",
            "Project",
            "Came from",
            "Pillar",
            "Verdict",
            "Decision owner",
            "Rationale",
            "Decided by",
            "Ends",
            "Frees",
            "Number in the log",
            "Stands",
            "Superseded by",
            "Told by",
            "Told on",
            "Done",
            "Next review",
            "Missing",
            "Summary",
            "Sponsor",
            "Owner",
            "Origin",
            "Cost (GBP)",
            "People",
            "Start",
            "'@Note",
            "Note",
            "Head of the log",
        ]
    );
    assert_eq!(rows[1][..5], ["", "Alpha", "", "Safe <water>", ""]);
    assert_eq!(rows[1][22..24], ["1200000", "4"]);
    assert_eq!(
        rows[2],
        [
            "P|3",
            "<img src=x> | **Pledge**\nof 2024",
            "",
            "Off strategy",
            "stop",
            "Cyd",
            "Worth doing,\n# and not ours.",
            "The decider",
            "2027-03-31",
            "14 people",
            "",
            "proposed",
            "",
            "",
            "",
            "",
            "",
            rows[2][17].as_str(),
            "Line one\nline \"two\"",
            "'+Ada",
            "Ben",
            "pet",
            "",
            "2.5",
            "-2024",
            "'-1+1",
            "a;=1+1",
            "0000000000000000000000000000000000000000000000000000000000000000",
        ]
    );
    assert!(rows[2][17].contains("step"), "what a stop lacks is named: {}", rows[2][17]);
    assert_eq!(rows[3][1], "'=HYPERLINK(\"http://x\",\"y\")");
    assert_eq!(rows[3][22], "-300");
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\"a;=1+1\"") && text.contains(",-300,"), "texts are quoted, numbers are not");
    assert!(text.ends_with("\r\n"));
}

#[test]
fn an_exported_portfolio_can_be_imported_again() {
    let portfolio = import::read(&file(Format::Csv, &board()), Some("text/csv"), None).unwrap();
    assert_eq!((portfolio.projects.len(), portfolio.skipped.len()), (4, 0));
    let off = &portfolio.projects[1];
    assert_eq!((off.reference.as_str(), off.origin, off.people), ("P|3", Some(Origin::Pet), Some(3)));
    assert_eq!(portfolio.projects[0].cost, Some(1_200_000));
    assert_eq!((off.owner.as_str(), portfolio.currency.as_deref()), ("Ben", Some("GBP")));
}

#[test]
fn json_is_read_back() {
    let json: serde_json::Value = serde_json::from_slice(&file(Format::Json, &board())).unwrap();
    assert_eq!(json["format"], "plumbline.decisions");
    assert_eq!(json["version"], 1);
    assert_eq!(json["exported_at"], "2026-11-20T18:59:39.5Z");
    assert_eq!(json["session"]["decider"], "The chief executive");
    assert_eq!(json["pillars"][1]["goals"][0], "Halve it: tonnes a year");
    assert_eq!(json["summary"]["cost"], serde_json::json!({"sum": 1_199_700, "known": 2}));
    assert_eq!(json["summary"]["piles"][2]["pile"], "off");
    let projects = json["projects"].as_array().unwrap();
    assert_eq!(projects[0]["pillar_id"], PillarId(Uuid::from_u128(901)).to_string());
    assert_eq!(
        (&projects[0]["cost"], &projects[0]["decision"]),
        (&serde_json::json!(1_200_000), &serde_json::Value::Null)
    );
    assert_eq!(projects[1]["placement"], "off");
    assert_eq!(projects[1]["more"][2], serde_json::json!(["Note", "a;=1+1"]));
    assert_eq!(
        projects[1]["decision"],
        serde_json::json!({
            "verdict": "stop", "owner": "Cyd", "rationale": "Worth doing,\n# and not ours.",
            "ends": "2027-03-31", "decided_by": "The decider", "frees": "14 people",
            "missing": ["kind", "first_step", "first_step_due"], "against": null, "dissent": [], "sign_offs": [],
            "log": null,
        })
    );
}

/// The headings, and the cells of all tables, as a reader of Markdown sees them.
fn seen(markdown: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let (mut headings, mut rows, mut text, mut row) = (Vec::new(), Vec::new(), String::new(), Vec::new());
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH,
    ) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => text.clear(),
            Event::End(TagEnd::Heading(_)) => headings.push(std::mem::take(&mut text)),
            Event::End(TagEnd::TableCell) => row.push(std::mem::take(&mut text)),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => rows.push(std::mem::take(&mut row)),
            Event::Text(part) => text.push_str(&part),
            Event::InlineHtml(tag) if &*tag == "<br>" => text.push('\n'),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            // A hash is ours.
            Event::Code(hash) if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {}
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {
                panic!("a text became markup: {event:?}")
            }
            Event::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Emphasis,
            ) => {
                panic!("a text became markup: {event:?}")
            }
            _ => {}
        }
    }
    (headings, rows)
}

#[test]
fn markdown_is_read_back_with_nothing_in_a_text_as_markup() {
    let markdown = String::from_utf8(file(Format::Markdown, &board())).unwrap();
    let (headings, rows) = seen(&markdown);
    assert_eq!(
        headings,
        [
            "Decisions of Spring | *review*",
            "Where the portfolio stands",
            "Decisions",
            "<img src=x> | **Pledge** of 2024",
            "What is missing",
            "Projects",
            "Net zero (0)",
            "Safe <water> (1)",
            "Off strategy (1)",
            "Unsorted (2)",
            "The strategy it was sorted by",
            "Net zero",
            "Safe <water>",
        ]
    );
    for expected in [
        vec!["Pile", "Projects", "Cost (GBP)", "Cost known", "People", "People known"],
        vec!["Safe <water>", "1", "1,200,000", "1 of 1", "4", "1 of 1"],
        vec!["Off strategy", "1", "–", "0 of 1", "2.5", "1 of 1"],
        vec!["All", "4", "1,199,700", "2 of 4", "6.5", "2 of 4"],
        vec!["P|3", "<img src=x> | **Pledge**\nof 2024", "+Ada", "Ben", "pet", "", "2.5", "stop"],
    ] {
        assert!(rows.iter().any(|row| row == &expected), "{expected:?} in {rows:?}");
    }
    for line in [
        "- Exported: 2026-11-20T18:59:39.5Z (the session is not closed yet)",
        "- Verdict: **stop**",
        "- Frees: 14 people",
    ] {
        assert!(markdown.lines().any(|own| own == line), "{line}");
    }
}

type Book = calamine::Xlsx<std::io::Cursor<Vec<u8>>>;

fn book(board: &Board) -> Book {
    Book::new(std::io::Cursor::new(file(Format::Xlsx, board))).unwrap()
}

/// The cells of a sheet by column and row, from 0.
fn sheet(book: &mut Book, name: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn texts(row: &[Data]) -> Vec<String> {
    row.iter().map(ToString::to_string).collect()
}

#[test]
fn a_workbook_is_read_back_with_text_as_text_numbers_as_numbers_and_days_as_days() {
    let mut board = board();
    board.flags.insert(id(2), Flags { count: 3, reasons: vec!["=1+1".into(), "Nobody asked".into()] });
    let mut book = book(&board);
    assert_eq!(
        book.sheet_names(),
        ["Summary", "Projects", "Decisions", "Changes only", "Missing", "Evidence", "Columns"]
    );
    let projects = sheet(&mut book, "Projects");
    let at = |heading: &str| projects[0].iter().position(|cell| cell == heading).unwrap();
    assert_eq!(projects.len(), 5);
    assert_eq!(projects[1][at("Cost (GBP)")], Data::Float(1_200_000.0));
    assert_eq!(projects[2][at("People")], Data::Float(2.5));
    assert_eq!(projects[2][at("Sponsor")], Data::String("+Ada".into()));
    assert_eq!(projects[2][at("@Note")], Data::String("-1+1".into()));
    assert_eq!(projects[3][1], Data::String("=HYPERLINK(\"http://x\",\"y\")".into()));
    assert_eq!(projects[3][at("Is this a hobby?")], Data::Float(3.0));
    assert_eq!(projects[3][at("Why it is asked")], Data::String("=1+1\nNobody asked".into()));
    let Data::DateTime(ends) = &projects[2][at("Ends")] else { panic!("{:?}", projects[2]) };
    assert_eq!(ends.to_ymd_hms_milli(), (2027, 3, 31, 0, 0, 0, 0));
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty), "no cell is a formula");
    }
    let decisions = sheet(&mut book, "Decisions");
    assert_eq!((decisions.len(), decisions[1][4].to_string()), (2, "stop".to_owned()));
    let summary = sheet(&mut book, "Summary");
    let rows: Vec<Vec<String>> = summary.iter().map(|row| texts(row)).collect();
    for expected in [
        vec!["Pile", "How many", "Cost (GBP)", "Cost known for", "People", "People known for"],
        vec!["Off strategy", "1", "", "0", "2.5", "1"],
        vec!["All", "4", "1199700", "2", "6.5", "2"],
        vec!["stop", "1", "", "", "", ""],
        vec!["none yet", "3", "", "", "", ""],
    ] {
        assert!(rows.iter().any(|row| row == &expected), "{expected:?} in {rows:?}");
    }
}

#[test]
fn a_workbook_keeps_its_heading_in_sight_and_can_be_filtered() {
    let bytes = file(Format::Xlsx, &board());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    let mut file = archive.by_name("xl/worksheets/sheet2.xml").unwrap();
    std::io::Read::read_to_string(&mut file, &mut xml).unwrap();
    for part in ["state=\"frozen\"", "ySplit=\"1\"", "<autoFilter ref=\"A1:AA5\"/>", "customWidth=\"1\""] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(!xml.contains("<f>"));
}

#[test]
fn an_exported_workbook_can_be_imported_again() {
    let portfolio = import::read(&file(Format::Xlsx, &board()), None, None).unwrap();
    assert_eq!(portfolio.sheet.as_deref(), Some("Projects"));
    assert_eq!(portfolio.projects.len(), 4);
    assert_eq!(portfolio.projects[0].cost, Some(1_200_000));
}

#[test]
fn published_flags_are_told_and_nobody_by_name() {
    let mut board = board();
    board.flags.insert(id(1), Flags { count: 2, reasons: vec!["Why | not".into()] });
    let markdown = String::from_utf8(file(Format::Markdown, &board)).unwrap();
    assert!(seen(&markdown).1.contains(&vec!["Alpha".into(), "2".into(), "Why | not".into()]));
    let json: serde_json::Value = serde_json::from_slice(&file(Format::Json, &board)).unwrap();
    assert_eq!(json["projects"][0]["flags"], serde_json::json!({"count": 2, "reasons": ["Why | not"]}));
    assert_eq!(json["projects"][1].get("flags"), None);
    assert_eq!(json["summary"]["verdicts"][2], serde_json::json!({"verdict": "stop", "projects": 1}));
}

#[test]
fn an_empty_board_is_exported_too() {
    let board = Board::default();
    for format in Format::ALL {
        assert!(!file(format, &board).is_empty());
    }
    assert_eq!(table(&file(Format::Csv, &board)).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_survives_every_format(
        name in prop_oneof![any::<String>(), "[-=+@|<>*_`#!\\[\\]()~&$\\\\ a1.\r\n\t]{0,24}"],
        label in any::<String>(),
        text in prop_oneof![any::<String>(), "[-=+@|<>*_`#!\\[\\]()~&$\\\\ a1.\r\n\t]{0,24}"],
    ) {
        let mut board = Board::default();
        board.session.title = text.clone();
        board.session.purpose = name.clone();
        let more = vec![(label.clone(), text.clone())];
        board.projects.insert(id(1), Project { summary: text.clone(), reference: text.clone(), more, ..project(&name, None, None) });
        board.decisions.insert(id(1), Decision { rationale: text.clone(), owner: name.clone(), ..Decision::default() });

        let rows = table(&file(Format::Csv, &board));
        let plain = |cell: &str, text: &str| cell == text || cell.strip_prefix('\'') == Some(text);
        prop_assert!(plain(&rows[1][1], &name) && plain(&rows[1][0], &text));
        prop_assert!(rows[0].iter().any(|cell| plain(cell, &label)));

        let json: serde_json::Value = serde_json::from_slice(&file(Format::Json, &board)).unwrap();
        prop_assert_eq!(&json["projects"][0]["name"], &name);
        prop_assert_eq!(&json["projects"][0]["more"][0][1], &text);

        let projects = sheet(&mut book(&board), "Projects");
        let same = |cell: &Data, text: &str| {
            let plain = |text: &str| {
                text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect::<String>()
            };
            matches!(cell, Data::Empty | Data::String(_)) && plain(&cell.to_string()) == plain(text)
        };
        prop_assert!(same(&projects[1][1], &name) && same(&projects[1][0], &text), "{:?}", projects);

        let markdown = String::from_utf8(file(Format::Markdown, &board)).unwrap();
        let (_, tables) = seen(&markdown);
        let words = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
        let wanted = words(&name);
        prop_assert!(tables.iter().flatten().any(|cell| words(cell) == wanted), "{}", markdown);
    }
}
