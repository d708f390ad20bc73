//! Files as people send them, one kind of mess each.

use plumbline::import::{self, Field, ImportError, Origin};

use crate::{costs, header, more, names, read, read_with};

#[test]
fn every_delimiter_and_a_pasted_table_are_read() {
    let table = "Project,Sponsor,Cost\nAlpha,Finance,1200\nBeta,Operations,300\n";
    for delimiter in [",", ";", "\t", "|"] {
        let portfolio = read(&table.replace(',', delimiter));
        assert_eq!(names(&portfolio), ["Alpha", "Beta"], "{delimiter:?}");
        assert_eq!(costs(&portfolio), [Some(1200), Some(300)]);
    }
    let pasted = "Project\tSummary\nAlpha\tOne, two; three\n";
    let portfolio = import::read(pasted.as_bytes(), Some("text/tab-separated-values"), None).unwrap();
    assert_eq!(portfolio.projects[0].summary, "One, two; three");
}

#[test]
fn every_encoding_gives_the_same_names() {
    let text = "Project;Owner;Cost\nCafé – Größe;Zoë Müller;1.200 €\nŒuvre;Jürgen Weiß;80 €\n";
    let utf_16 = |little: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    };
    let files: [Vec<u8>; 7] = [
        text.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        utf_16(true),
        utf_16(false),
        [b"\xFF\xFE".to_vec(), utf_16(true)].concat(),
        [b"\xFE\xFF".to_vec(), utf_16(false)].concat(),
        text.chars()
            .map(|c| match c {
                '–' => 0x96,
                '€' => 0x80,
                'Œ' => 0x8C,
                c => u8::try_from(u32::from(c)).unwrap(),
            })
            .collect(),
    ];
    for bytes in files {
        let portfolio = import::read(&bytes, Some("text/csv"), None).unwrap();
        assert_eq!(names(&portfolio), ["Café – Größe", "Œuvre"]);
        assert_eq!(costs(&portfolio), [Some(1200), Some(80)]);
        assert_eq!(portfolio.currency.as_deref(), Some("EUR"));
    }
}

#[test]
fn quoted_line_breaks_stay_in_their_cell_and_rows_keep_their_numbers() {
    let portfolio =
        read("Project,Summary\r\n\"Alpha\r\nrenewal\",\"One\r\ntwo, \"\"three\"\"\"\r\n\r\nBeta,x\r\n");
    assert_eq!(names(&portfolio), ["Alpha renewal", "Beta"]);
    assert_eq!(portfolio.projects[0].summary, "One\ntwo, \"three\"");
    assert_eq!(portfolio.projects.iter().map(|project| project.row).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn an_unclosed_quotation_mark_loses_nothing() {
    let portfolio = read("Project,Summary\nAlpha,\"never closed\nBeta,\"closed\"\nGamma,z\n");
    assert_eq!(names(&portfolio), ["Alpha", "Beta", "Gamma"]);
    assert_eq!(portfolio.projects[0].summary, "\"never closed");
    assert_eq!(portfolio.notes[0].row, Some(2));
}

#[test]
fn ragged_rows_keep_their_extra_cells_and_miss_what_they_lack() {
    let portfolio = read("Project,Owner\nAlpha\nBeta,Ben,surplus,,more\n");
    assert_eq!(portfolio.projects[0].owner, "");
    assert_eq!(more(&portfolio.projects[1], "Column C"), Some("surplus"));
    assert_eq!(more(&portfolio.projects[1], "Column E"), Some("more"));
    assert!(portfolio.columns.iter().all(|column| column.header != "Column D"));
}

#[test]
fn titles_blank_rows_repeated_headers_and_sums_are_no_projects_and_each_is_named() {
    let portfolio = read(
        "Portfolio review,,\nas of March,,\n,,\nProject,Owner,Cost\nAlpha,Ada,1\n,,\nProject,Owner,Cost\nBeta,Ben,2\n,Cyd,3\nTotal,,6\nGrand total:,,6\n,Total,6\n",
    );
    assert_eq!(names(&portfolio), ["Alpha", "Beta"]);
    let skipped: Vec<(u32, &str)> =
        portfolio.skipped.iter().map(|skipped| (skipped.row, skipped.reason.as_str())).collect();
    assert_eq!(
        skipped,
        [
            (1, "Stands above the table and was taken for a title: “Portfolio review”."),
            (2, "Stands above the table and was taken for a title: “as of March”."),
            (7, "Repeats the header."),
            (9, "Has no name: the column “Project” is empty here."),
            (10, "A row of sums (“Total”), not a project."),
            (11, "A row of sums (“Grand total:”), not a project."),
            (12, "A row of sums (“Total”), not a project."),
        ]
    );
}

#[test]
fn costs_are_read_as_they_are_written_and_kept_as_text_where_that_says_more() {
    let portfolio = read(
        "Project,Cost (£m),FTE\nA,\"£1,234.5m\",3.5\nB,(1 200),12 FTE\nC,12k,0.2\nD,1.2bn,\nE,n/a,tbc\nF,Exempt under Section 43 of the Act,5-7\nG,2.5,4\nH,Ł3,-1\nI,45%,10\n",
    );
    assert_eq!(
        costs(&portfolio),
        [
            Some(1_234_500_000),
            Some(-1_200_000_000),
            Some(12_000),
            Some(1_200_000_000),
            None,
            None,
            Some(2_500_000),
            Some(3_000_000),
            None
        ]
    );
    let people: Vec<Option<i64>> = portfolio.projects.iter().map(|project| project.people).collect();
    assert_eq!(people, [Some(4), Some(12), Some(1), None, None, None, Some(4), None, Some(10)]);
    assert_eq!(more(&portfolio.projects[0], "Cost (£m)"), Some("£1,234.5m"));
    assert_eq!(more(&portfolio.projects[0], "FTE"), Some("3.5"));
    assert_eq!(more(&portfolio.projects[4], "Cost (£m)"), Some("n/a"));
    assert_eq!(more(&portfolio.projects[5], "Cost (£m)"), Some("Exempt under Section 43 of the Act"));
    assert_eq!(more(&portfolio.projects[6], "FTE"), None);
    assert_eq!(portfolio.currency.as_deref(), Some("GBP"));
}

#[test]
fn decimal_commas_are_known_by_the_column_they_stand_in() {
    let portfolio = read("Project;Kosten (€)\nA;1.234,50 €\nB;1.200\nC;12,5\n");
    assert_eq!(header(&portfolio, Field::Cost), Some("Kosten (€)"), "by the currency in it");
    assert_eq!(costs(&portfolio), [Some(1235), Some(1200), Some(13)]);
    let portfolio = read("Project,Cost\nA,\"1,200\"\nB,12.5\n");
    assert_eq!(costs(&portfolio), [Some(1200), Some(13)]);
}

#[test]
fn a_cost_in_another_currency_is_kept_as_text_and_not_added_up() {
    let portfolio = read("Project,Cost\nA,£5\nB,£6\nC,$7\n");
    assert_eq!(costs(&portfolio), [Some(5), Some(6), None]);
    assert_eq!(more(&portfolio.projects[2], "Cost"), Some("$7"));
    assert_eq!(portfolio.notes[0].row, Some(4));
}

#[test]
fn dates_and_everything_without_a_field_are_kept_as_text() {
    let portfolio = read("Project,Start,RAG,Cost RAG\nAlpha,31/03/2024,Amber,Red\n");
    assert_eq!(
        portfolio.projects[0].more,
        [("Start", "31/03/2024"), ("RAG", "Amber"), ("Cost RAG", "Red")]
            .map(|(label, text)| (label.to_owned(), text.to_owned()))
    );
}

#[test]
fn equal_headers_are_told_apart() {
    let portfolio = read("Project,Note,Note,note\nAlpha,x,y,z\n");
    assert_eq!(more(&portfolio.projects[0], "Note"), Some("x"));
    assert_eq!(more(&portfolio.projects[0], "Note (2)"), Some("y"));
    assert_eq!(more(&portfolio.projects[0], "note (3)"), Some("z"));
}

#[test]
fn a_table_without_a_header_is_read_by_its_content() {
    let portfolio =
        read("P-01,Billing renewal,£1.2m\nP-02,Fleet telematics,£300k\nP-03,Leak detection pilot,£80k\n");
    assert_eq!(names(&portfolio), ["Billing renewal", "Fleet telematics", "Leak detection pilot"]);
    assert_eq!(portfolio.projects[1].reference, "P-02");
    assert_eq!(costs(&portfolio), [Some(1_200_000), Some(300_000), Some(80_000)]);
    assert!(portfolio.notes[0].text.contains("No row looks like a header"));
    assert_eq!(
        names(&read("Billing renewal\nFleet, phase 2\nDepots\n")),
        ["Billing renewal", "Fleet, phase 2", "Depots"]
    );
}

#[test]
fn headers_in_a_language_that_is_not_known_are_read_by_content() {
    let portfolio =
        read("Vorhaben;Kosten in T€;Ende\nKläranlage Nord;1.200;31.12.2025\nNetzleitstelle;80,5;\n");
    assert_eq!(names(&portfolio), ["Kläranlage Nord", "Netzleitstelle"]);
}

#[test]
fn the_same_name_twice_is_two_projects_only_with_different_references() {
    let portfolio = read("Ref,Project\n1-A,Depots\n1-B,depots \n1-A,Depots\n,Depots\n,Lab\n9-Z,LAB\n");
    assert_eq!(names(&portfolio), ["Depots", "depots", "Lab"]);
    let skipped: Vec<(u32, bool)> = portfolio
        .skipped
        .iter()
        .map(|skipped| (skipped.row, skipped.reason.contains("same name as row")))
        .collect();
    assert_eq!(skipped, [(4, true), (5, true), (7, true)]);
    assert!(portfolio.skipped[0].reason.contains("row 2 "), "{}", portfolio.skipped[0].reason);
    assert!(portfolio.skipped[2].reason.contains("row 6 "), "{}", portfolio.skipped[2].reason);
}

#[test]
fn a_shared_reference_is_noted_and_both_projects_stay() {
    let portfolio = read("Ref,Project\nP-1,Alpha\nP-2,Beta\nP-1,Gamma\n");
    assert_eq!(names(&portfolio), ["Alpha", "Beta", "Gamma"]);
    assert_eq!(portfolio.notes[0].row, Some(4));
}

#[test]
fn a_running_number_is_no_reference() {
    let portfolio = read("No,Project\n1,Alpha\n2,Beta\n3,Gamma\n");
    assert_eq!(header(&portfolio, Field::Reference), None);
    assert_eq!(more(&portfolio.projects[2], "No"), Some("3"));
    let portfolio = read("Project ID,Project\n4711,Alpha\n4810,Beta\n");
    assert_eq!(portfolio.projects[0].reference, "4711");
}

#[test]
fn sponsors_owners_and_origins_are_found() {
    let portfolio = read(
        "Project name,Senior Responsible Owner,Project Manager,Department,Origin\nA,Ada,Ben,IT,Strategic\nB,Cyd,Dee,HR,Pet project\nC,Eve,Fay,HR,Something else\nD,Gus,Hal,IT,planned\n",
    );
    let first = &portfolio.projects[0];
    assert_eq!((first.sponsor.as_str(), first.owner.as_str()), ("Ada", "Ben"));
    assert_eq!(more(first, "Department"), Some("IT"));
    let origins: Vec<Option<Origin>> = portfolio.projects.iter().map(|project| project.origin).collect();
    assert_eq!(origins, [Some(Origin::Planned), Some(Origin::Pet), None, Some(Origin::Planned)]);
    assert_eq!(more(first, "Origin"), Some("Strategic"), "the word says more than the family");
    assert_eq!(more(&portfolio.projects[2], "Origin"), Some("Something else"));
    assert_eq!(more(&portfolio.projects[3], "Origin"), None);
}

#[test]
fn exports_of_issue_trackers_are_read() {
    let portfolio = read(
        "Issue key,Issue Type,Summary,Assignee,Description\nPB-12,Epic,Move billing to the new ledger,Ada,Longer text\nPB-13,Epic,Retire the old ledger,Ben,Another\n",
    );
    assert_eq!(portfolio.projects[0].reference, "PB-12");
    assert_eq!(portfolio.projects[0].name, "Move billing to the new ledger");
    assert_eq!(portfolio.projects[0].summary, "Longer text");
    assert_eq!(portfolio.projects[0].owner, "Ada");
}

#[test]
fn json_is_read_in_each_of_its_shapes() {
    let array = r#"[{"id":"P-1","projectName":"Alpha","cost":1200.4,"fte":2,"tags":["x","y"]},{"projectName":"Beta","owner":"Ben"}]"#;
    for text in [array.to_owned(), format!("{{\"projects\":{array}}}")] {
        let portfolio = import::read(text.as_bytes(), Some("application/json"), None).unwrap();
        assert_eq!(names(&portfolio), ["Alpha", "Beta"]);
        let first = &portfolio.projects[0];
        assert_eq!((first.row, first.cost, first.people), (1, Some(1200), Some(2)));
        assert_eq!((first.reference.as_str(), more(first, "tags")), ("P-1", Some("x; y")));
        assert_eq!((portfolio.projects[1].row, portfolio.projects[1].owner.as_str()), (2, "Ben"));
    }
    let names_only = read(r#"["Alpha", "Beta"]"#);
    assert_eq!(names(&names_only), ["Alpha", "Beta"]);
}

#[test]
fn a_wrong_content_type_does_not_matter() {
    let csv = b"Project,Cost\nAlpha,1\n";
    for content_type in
        ["application/json", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "x"]
    {
        let read = import::read(csv, Some(content_type), None);
        // Only JSON was promised and is not there.
        assert_eq!(read.is_err(), content_type == "application/json", "{content_type}");
    }
    let json = br#"[{"name":"Alpha"}]"#;
    assert_eq!(names(&import::read(json, Some("text/csv"), None).unwrap()), ["Alpha"]);
}

#[test]
fn the_map_overrules_the_guess_and_mistakes_in_it_are_answered() {
    let text = "Name,Project,Budget,Actual\nAda,Alpha,1,2\nBen,Beta,3,4\n";
    assert_eq!(names(&read(text)), ["Alpha", "Beta"]);
    let portfolio = read_with(text, "owner:Name,name:project,cost:Actual").unwrap();
    assert_eq!(portfolio.projects[0].owner, "Ada");
    assert_eq!(costs(&portfolio), [Some(2), Some(4)]);
    assert_eq!(more(&portfolio.projects[0], "Budget"), Some("1"));
    assert_eq!(costs(&read_with(text, "cost:").unwrap()), [None, None]);
    assert_eq!(
        read_with(text, "cost:Spend").unwrap_err().to_string(),
        "There is no column “Spend” in this file. Columns found: “Name”, “Project”, “Budget”, “Actual”."
    );
}

#[test]
fn the_map_finds_the_header_and_letters_name_columns_without_one() {
    let portfolio = read_with("Stand heute,\nVorhaben,Wer\nAlpha,Ada\n", "name:Vorhaben,owner:Wer").unwrap();
    assert_eq!((names(&portfolio), portfolio.projects[0].owner.as_str()), (vec!["Alpha"], "Ada"));
    let portfolio = read_with("7,Alpha,x\n9,Beta,y\n", "name:B,reference:Column A").unwrap();
    assert_eq!((names(&portfolio), portfolio.projects[1].reference.as_str()), (vec!["Alpha", "Beta"], "9"));
}

#[test]
fn long_texts_are_cut_with_a_note() {
    let portfolio = read(&format!(
        "Project,Summary,Owner,Note\n{},{},{},{}\n",
        "n".repeat(301),
        "s".repeat(4_001),
        "o".repeat(1_001),
        "x".repeat(1_001)
    ));
    let project = &portfolio.projects[0];
    let lengths = [&project.name, &project.summary, &project.owner].map(|text| text.chars().count());
    assert_eq!(lengths, [300, 4_000, 1_000]);
    assert_eq!(more(project, "Note").unwrap().chars().count(), 1_000);
    assert_eq!(portfolio.notes.len(), 4);
    assert!(portfolio.notes.iter().all(|note| note.row == Some(2) && note.text.ends_with("was cut.")));
}

#[test]
fn cells_beyond_forty_are_noted() {
    let headers: Vec<String> = (0..50).map(|at| format!("Extra {at}")).collect();
    let portfolio = read(&format!("Project,{}\nAlpha,{}\n", headers.join(","), vec!["x"; 50].join(",")));
    assert_eq!(portfolio.projects[0].more.len(), 40);
    assert!(portfolio.notes[0].text.contains("10 more of this row are not"));
}

#[test]
fn more_projects_than_a_session_holds_are_skipped_and_named() {
    let mut text = "Project,Cost\n".to_owned();
    for at in 0..1_005 {
        text.push_str(&format!("Project {at},1\n"));
    }
    let portfolio = read(&text);
    assert_eq!((portfolio.projects.len(), portfolio.skipped.len()), (1_000, 5));
    assert_eq!(portfolio.skipped[0].row, 1_002);
    assert_eq!(
        portfolio.skipped[0].reason,
        "A session holds 1000 projects, and the rows before this one fill it."
    );
}

#[test]
fn very_many_rows_are_counted_instead_of_named() {
    let portfolio =
        read(&format!("Project\n{}", (0..30_000).map(|at| format!("P {at}\n")).collect::<String>()));
    assert_eq!(portfolio.projects.len(), 1_000);
    let last = &portfolio.skipped[portfolio.skipped.len() - 1];
    assert_eq!(last.row, 10_001);
    assert!(last.reason.contains("rows from here to row 30001 were not read"), "{}", last.reason);
}

#[test]
fn a_file_without_projects_says_what_to_do() {
    let sentence = |text: &str| import::read(text.as_bytes(), None, None).unwrap_err().to_string();
    assert_eq!(
        sentence("Sponsor,Cost\nAda,5\nAda,6\n"),
        "No column looks like the projects' names. Say which one it is with ?map=name:COLUMN. Columns found: “Sponsor”, “Cost”."
    );
    assert_eq!(
        sentence("Project,Cost\n"),
        "There is a header in row 1, but no rows under it. Add a row for each project, and import again."
    );
    assert!(sentence("").starts_with("There is nothing in this file."));
    assert!(sentence("\n , \n").starts_with("There is nothing in this file."));
    assert!(sentence("%PDF-1.7").contains("looks like a PDF"));
    assert_eq!(import::read(&vec![b'a'; 5 * 1024 * 1024 + 1], None, None), Err(ImportError::TooLarge));
}
