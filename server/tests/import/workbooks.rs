//! Excel workbooks, built here.

use plumbline::import::{self, Field, ImportError};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use crate::{costs, header, more, names};

const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn fill(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, cells) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), 0, rows);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_like_a_text_with_titles_blank_rows_and_sums() {
    let bytes = workbook(&[
        &["Portfolio 2024"],
        &[],
        &["Ref", "Project", "Owner", "Note"],
        &["P-1", "Alpha", "Ada", "Line one\nline two"],
        &[],
        &["P-2", "Beta", "Ben"],
        &["", "Total", ""],
    ]);
    let portfolio = import::read(&bytes, Some(TYPE), None).unwrap();
    assert_eq!(names(&portfolio), ["Alpha", "Beta"]);
    assert_eq!(portfolio.projects.iter().map(|project| project.row).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(more(&portfolio.projects[0], "Note"), Some("Line one\nline two"));
    assert_eq!(portfolio.skipped.iter().map(|skipped| skipped.row).collect::<Vec<_>>(), [1, 7]);
    assert_eq!(portfolio.sheet.as_deref(), Some("Sheet1"));
}

#[test]
fn numbers_dates_percentages_and_truths_show_as_a_spreadsheet_shows_them() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, 0, &[&["Project", "Cost", "FTE", "Start", "Done", "Live", "When"], &["Alpha"], &["Beta"]]);
    let money = Format::new().set_num_format("[$£-809]#,##0.00");
    sheet.write_number_with_format(1, 1, 1_234.1 + 0.2, &money).unwrap();
    sheet.write_number_with_format(2, 1, 1.234, &money).unwrap();
    sheet.write_number(1, 2, 2.5).unwrap();
    let date = ExcelDateTime::from_ymd(2024, 3, 31).unwrap();
    sheet.write_datetime_with_format(1, 3, &date, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    sheet.write_number_with_format(1, 4, 0.07, &Format::new().set_num_format("0%")).unwrap();
    sheet.write_boolean(1, 5, true).unwrap();
    let moment = ExcelDateTime::from_ymd(2024, 3, 31).unwrap().and_hms(9, 30, 0).unwrap();
    sheet
        .write_datetime_with_format(1, 6, &moment, &Format::new().set_num_format("dd/mm/yyyy hh:mm"))
        .unwrap();
    let portfolio = import::read(&workbook.save_to_buffer().unwrap(), None, None).unwrap();
    let alpha = &portfolio.projects[0];
    assert_eq!(costs(&portfolio), [Some(1_234), Some(1)]);
    assert_eq!(portfolio.currency.as_deref(), Some("GBP"));
    assert_eq!(alpha.people, Some(3));
    for (label, text) in [
        ("Cost", "£1234.3"),
        ("FTE", "2.5"),
        ("Start", "2024-03-31"),
        ("Done", "7%"),
        ("Live", "TRUE"),
        ("When", "2024-03-31 09:30"),
    ] {
        assert_eq!(more(alpha, label), Some(text));
    }
}

#[test]
fn formulas_are_read_by_their_results() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, 0, &[&["Project", "Budget"], &["Alpha"]]);
    sheet.write_formula(1, 1, rust_xlsxwriter::Formula::new("=600*2").set_result("1200")).unwrap();
    let portfolio = import::read(&workbook.save_to_buffer().unwrap(), None, None).unwrap();
    assert_eq!(costs(&portfolio), [Some(1_200)]);
}

#[test]
fn the_first_visible_sheet_with_a_plausible_table_is_read_and_the_others_are_named() {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet().set_name("Cover").unwrap(), 0, &[&["Confidential"], &["Version", "3"]]);
    let hidden = workbook.add_worksheet().set_name("Old").unwrap();
    fill(hidden, 0, &[&["Project", "Owner"], &["Gone", "Ada"]]);
    hidden.set_hidden(true);
    fill(
        workbook.add_worksheet().set_name("Projects").unwrap(),
        2,
        &[&["Project", "Owner"], &["Alpha", "Ada"]],
    );
    fill(workbook.add_worksheet().set_name("Ideas").unwrap(), 0, &[&["Project", "Owner"], &["Beta", "Ben"]]);
    let portfolio = import::read(&workbook.save_to_buffer().unwrap(), None, None).unwrap();
    assert_eq!(names(&portfolio), ["Alpha"]);
    assert_eq!((portfolio.sheet.as_deref(), portfolio.projects[0].row), (Some("Projects"), 4));
    assert!(portfolio.notes[0].text.contains("Not read: “Cover”, “Ideas”."), "{}", portfolio.notes[0].text);
}

#[test]
fn a_workbook_of_the_published_portfolio_gives_the_same_projects() {
    let bytes = crate::published("gmpp-2022.csv");
    let expected = import::read(&bytes, None, None).unwrap();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    for (row, record) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(&record.unwrap()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).map(drop).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).map(drop).unwrap(),
            }
        }
    }
    let portfolio = import::read(&workbook.save_to_buffer().unwrap(), Some(TYPE), None).unwrap();
    assert_eq!((portfolio.projects.len(), portfolio.skipped.len(), portfolio.notes.len()), (235, 0, 0));
    assert_eq!(costs(&portfolio), costs(&expected));
    assert_eq!(names(&portfolio), names(&expected));
    assert_eq!(header(&portfolio, Field::Sponsor), Some("Department"));
}

#[test]
fn an_archive_that_is_no_workbook_and_a_damaged_one_are_named() {
    let mut bytes = workbook(&[&["Project"], &["Alpha"]]);
    bytes.truncate(bytes.len() / 2);
    assert!(matches!(import::read(&bytes, None, None), Err(ImportError::Damaged { .. })));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(matches!(import::read(&bytes, None, None), Err(ImportError::Unsupported { .. })));
}
