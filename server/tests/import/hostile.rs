//! Files made to hurt.

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use plumbline::import::{self, ImportError};
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

/// Far above what any of these takes, far below what a quadratic reading would.
const PATIENCE: Duration = Duration::from_secs(20);

fn small_workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, text) in (0..).zip(["Project", "Alpha", "Beta"]) {
        sheet.write_string(row, 0, text).unwrap();
        sheet.write_string(row, 1, "x").unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// The small workbook with one part changed, or added.
fn with_part(name: &str, change: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(small_workbook())).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let mut found = false;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let part_name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if part_name == name {
            found = true;
            content = change(std::str::from_utf8(&content).unwrap());
        }
        writer.start_file(part_name, options).unwrap();
        writer.write_all(&content).unwrap();
    }
    if !found {
        writer.start_file(name, options).unwrap();
        writer.write_all(&change("")).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refusal(bytes: &[u8]) -> ImportError {
    let start = Instant::now();
    let error = import::read(bytes, None, None).unwrap_err();
    assert!(start.elapsed() < PATIENCE);
    error
}

#[test]
fn the_workbook_that_the_others_are_made_from_is_fine() {
    let bytes = with_part("xl/sharedStrings.xml", |part| part.as_bytes().to_vec());
    assert_eq!(import::read(&bytes, None, None).unwrap().projects.len(), 2);
}

#[test]
fn a_zip_bomb_is_refused_by_what_comes_out_of_it() {
    let bytes = with_part("xl/media/image1.png", |_| vec![0; 60 * 1024 * 1024]);
    assert!(bytes.len() < 200_000);
    assert_eq!(refusal(&bytes), ImportError::UnpacksTooLarge);
}

#[test]
fn a_bomb_that_lies_about_its_size_is_refused_too() {
    let mut bytes = with_part("xl/media/image1.png", |_| vec![0; 60 * 1024 * 1024]);
    // The size that the archive states, wherever it states it, becomes ten bytes.
    let stated = (60_u32 * 1024 * 1024).to_le_bytes();
    let places: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, window)| *window == stated).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    refusal(&bytes);
}

#[test]
fn announced_counts_set_no_memory_aside() {
    for announced in ["18446744073709551615", "99999999999", "+00099999999999", "5000000"] {
        let bytes = with_part("xl/sharedStrings.xml", |part| {
            let at = part.find("uniqueCount=\"").unwrap() + "uniqueCount=\"".len();
            let end = at + part[at..].find('"').unwrap();
            format!("{}{announced}{}", &part[..at], &part[end..]).into_bytes()
        });
        assert_eq!(refusal(&bytes), ImportError::UnpacksTooLarge, "{announced}");
    }
}

#[test]
fn a_count_cannot_be_hidden_in_another_encoding() {
    let utf_16 = with_part("xl/sharedStrings.xml", |part| {
        let part = part.replace("UTF-8", "UTF-16").replace("uniqueCount=\"", "uniqueCount=\"9999999999");
        [0xFEFF].into_iter().chain(part.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    });
    assert!(matches!(refusal(&utf_16), ImportError::Damaged { .. }));
    let declared =
        with_part("xl/sharedStrings.xml", |part| part.replace("UTF-8", "ISO-2022-JP").into_bytes());
    assert!(matches!(refusal(&declared), ImportError::Damaged { .. }));
}

#[test]
fn masses_of_tags_are_refused() {
    let bytes = with_part("xl/sharedStrings.xml", |part| {
        part.replace("</sst>", &format!("{}</sst>", "<si/>".repeat(4_500_000))).into_bytes()
    });
    assert_eq!(refusal(&bytes), ImportError::UnpacksTooLarge);
}

#[test]
fn one_long_string_in_many_cells_is_counted_for_each() {
    let bytes = with_part("xl/worksheets/sheet1.xml", |part| {
        let cells: String = (10..3_000)
            .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"))
            .collect();
        part.replace("</sheetData>", &format!("{cells}</sheetData>")).into_bytes()
    });
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = String::new();
        part.read_to_string(&mut content).unwrap();
        if name == "xl/sharedStrings.xml" {
            content = content.replacen("Project", &"P".repeat(1_000_000), 1);
        }
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    assert_eq!(refusal(&writer.finish().unwrap().into_inner()), ImportError::UnpacksTooLarge);
}

#[test]
fn a_cell_far_away_sets_no_memory_aside() {
    for (reference, fits) in
        [("B1048576", true), ("XFD9", false), ("ZZZZZZZZZZ9", false), ("A99999999999999", false)]
    {
        let bytes = with_part("xl/worksheets/sheet1.xml", |part| {
            let cell = format!("<row><c r=\"{reference}\" t=\"str\"><v>far</v></c></row>");
            part.replace("</sheetData>", &format!("{cell}</sheetData>")).into_bytes()
        });
        let start = Instant::now();
        let read = import::read(&bytes, None, None);
        assert!(start.elapsed() < PATIENCE);
        if fits {
            let portfolio = read.unwrap();
            assert_eq!(portfolio.skipped[0].row, 1_048_576, "it has no name");
        }
    }
}

#[test]
fn rows_out_of_order_are_refused() {
    let bytes = with_part("xl/worksheets/sheet1.xml", |part| {
        part.replace("</sheetData>", "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>again</v></c></row></sheetData>")
            .into_bytes()
    });
    assert!(matches!(refusal(&bytes), ImportError::Damaged { .. }));
}

#[test]
fn a_megabyte_of_any_one_thing_take_no_longer_than_any_other() {
    let whole = 1024 * 1024;
    for pattern in [
        "\"",
        "\"a\n",
        ",\"\"x",
        "\"\"\"a,\n",
        "\"a\nb,\"c\n",
        ",",
        "a,",
        "a\n",
        "\n",
        "\r",
        "Total\n",
        "[",
        "[[],",
        "{\"a\":",
        "[{\"a\":1},",
        " ",
        "é,",
        "\u{0}",
        "1,",
        "(",
        "a b;",
        "\t",
        "£1m,",
        "\" \" ",
        "x\ny,\n",
    ] {
        let text = format!("Project,Cost\n{}", pattern.repeat(whole / pattern.len()));
        for text in [text.as_str(), text.strip_prefix("Project,Cost\n").unwrap()] {
            let start = Instant::now();
            let _ = import::read(text.as_bytes(), None, None);
            assert!(start.elapsed() < PATIENCE, "{pattern:?}: {:?}", start.elapsed());
        }
    }
}
