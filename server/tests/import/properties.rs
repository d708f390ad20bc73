//! What must hold for any bytes and any table.

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use plumbline::import::{self, ColumnMap, ImportError};
use proptest::prelude::*;

use crate::promises::read_any;
use crate::published;

/// A small generator of its own (SplitMix64), so that a seed replays.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// Things that matter to a reader of tables.
const SALT: [&[u8]; 24] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\xC3",
    b"\xE2\x82",
    b"Project",
    b"Cost",
    b"Total",
    b"[{",
    b"}]",
    b"sep=;\n",
    b"-",
    b"1.234,5",
    b"(",
    b"<",
];

fn mutate(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let seed = &seeds[dice.below(seeds.len())];
    let start = dice.below(seed.len());
    let mut bytes = if dice.below(3) == 0 { seed.clone() } else { seed[start..].to_vec() };
    bytes.truncate(600 + dice.below(1_000));
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 if !bytes.is_empty() => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            1 if !bytes.is_empty() => drop(bytes.remove(at)),
            2 => {
                let end = (at + dice.below(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => bytes.truncate(at.max(1)),
            _ => drop(bytes.splice(at..at, SALT[dice.below(SALT.len())].iter().copied())),
        }
    }
    bytes
}

/// How long a test may go on trying. `PLUMBLINE_FUZZ_SECONDS` makes it longer.
fn budget() -> Duration {
    let seconds = std::env::var("PLUMBLINE_FUZZ_SECONDS").ok().and_then(|value| value.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

#[test]
fn mutated_texts_never_panic() {
    let json = br#"{"projects":[{"id":"P-1","name":"Alpha","cost":"1.2m","tags":["x",{"y":null}]},{"name":"Beta"}]}"#;
    let seeds = [
        published("gmpp-2022.csv"),
        published("gmpp-2021.csv"),
        json.to_vec(),
        b"Title\n\nRef;Project;Cost (\xE2\x82\xACk);FTE;Origin\n1;A;1.200,5;2,5;new\n2;\"B\n\"\"x\"\"\";(3);n/a;pet\nTotal;;;\n".to_vec(),
        b"\xFF\xFEP\0r\0o\0j\0e\0c\0t\0\n\0A\0\n\0".to_vec(),
    ];
    let (start, mut dice, mut runs) = (Instant::now(), Dice(1), 0);
    while runs < 100_000 && start.elapsed() < budget() {
        read_any(&mutate(&mut dice, &seeds));
        runs += 1;
    }
    eprintln!("{runs} mutated texts in {:?}", start.elapsed());
    assert!(runs > 500);
}

#[test]
fn mutated_workbooks_never_panic() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip([["Project", "Owner"], ["Alpha", "Ada"], ["Beta", "Ben"]]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
        sheet.write_number(row, 2, f64::from(row)).unwrap();
    }
    let whole = workbook.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(whole.as_slice())).unwrap();
    let parts: Vec<(String, Vec<u8>)> = (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect();
    let (start, mut dice, mut runs) = (Instant::now(), Dice(2), 0);
    // The library's own panics are caught and would only fill the output.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(move || {
        while runs < 20_000 && start.elapsed() < budget() {
            if runs % 4 == 0 {
                read_any(&mutate(&mut dice, std::slice::from_ref(&whole)));
            } else {
                let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
                let options = zip::write::SimpleFileOptions::default()
                    .compression_method(zip::CompressionMethod::Stored);
                let chosen = dice.below(parts.len());
                for (at, (name, content)) in parts.iter().enumerate() {
                    let mut content = content.clone();
                    for _ in 0..if at == chosen { 1 + dice.below(4) } else { 0 } {
                        let place = dice.below(content.len());
                        match dice.below(3) {
                            0 => content[place] = b"<>\"'/=0129AZ& \n"[dice.below(15)],
                            1 => drop(content.remove(place)),
                            _ => {
                                let end = (place + dice.below(60)).min(content.len());
                                let copy = content[place..end].to_vec();
                                content.splice(place..place, copy);
                            }
                        }
                    }
                    writer.start_file(name.as_str(), options).unwrap();
                    writer.write_all(&content).unwrap();
                }
                read_any(&writer.finish().unwrap().into_inner());
            }
            runs += 1;
        }
        eprintln!("{runs} mutated workbooks in {:?}", start.elapsed());
        runs
    });
    std::panic::set_hook(hook);
    assert!(outcome.unwrap() > 200);
}

/// A cell as people and machines fill it.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z äöü0-9.,;|\"'\t\r\n£€-]{0,20}",
        1 => any::<String>(),
        1 => Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        read_any(&bytes);
    }

    #[test]
    fn a_map_from_arbitrary_text_never_panics(text in "[a-z:,\" A-Z]{0,40}", any_text in any::<String>()) {
        for text in [text, any_text] {
            if let Ok(map) = ColumnMap::parse(&text) {
                let read = import::read(b"Project,Cost,Owner\nA,1,x\n", None, Some(&map));
                prop_assert!(read.is_ok() || read.is_err_and(|error: ImportError| error.to_string().ends_with('.')));
            }
        }
    }

    #[test]
    fn pillars_from_arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[\\[\\]{}\",:a-z]{0,60}") {
        let _ = import::read_pillars(&bytes);
        let _ = import::read_pillars(text.as_bytes());
    }

    /// What a writer of CSV puts into a file comes out of it, cell by cell.
    #[test]
    fn a_written_table_is_read_back(
        rows in proptest::collection::vec((cell(), cell(), cell()), 1..12),
        delimiter in proptest::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["Project", "Sponsor", "One", "Two"]).unwrap();
        for (at, (a, b, c)) in rows.iter().enumerate() {
            writer.write_record([&format!("Number {at}"), a, b, c]).unwrap();
        }
        let map = ColumnMap::parse("name:Project,sponsor:Sponsor,summary:,owner:,origin:,cost:,people:,reference:").unwrap();
        let portfolio = import::read(&writer.into_inner().unwrap(), None, Some(&map)).unwrap();
        prop_assert_eq!(portfolio.projects.len(), rows.len());
        let tidy = |text: &str, single: bool| {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let text: String = text.chars().filter(|c| single || matches!(c, '\n' | '\t') || !c.is_control()).collect();
            text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}')).to_owned()
        };
        for (project, (a, b, c)) in portfolio.projects.iter().zip(&rows) {
            let words = |text: &str| text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&project.sponsor), words(&tidy(a, true)));
            for (label, text) in [("One", b), ("Two", c)] {
                let kept = project.more.iter().find(|(header, _)| header == label).map_or("", |(_, text)| text);
                prop_assert_eq!(kept, tidy(text, false));
            }
        }
    }
}
