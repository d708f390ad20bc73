//! The pages, by an HTML parser.

use crate::{
    dom::{all, parsed, table, text},
    material::{book, decided, log_file, session_file, texts, words},
};
use plumbline::log::{
    decisions::Decided,
    export::{Format, Reader},
    record::{Change, Deed, Says},
};
use plumbline_shared::words::Verdict;

fn of(verdict: Verdict) -> Vec<Decided> {
    decided()
        .into_iter()
        .filter(|decided| decided.holds() && decided.record.verdict == Some(verdict))
        .collect()
}

/// By the entries about it: on which day something was done.
fn done(decided: &Decided, deed: Deed) -> Option<String> {
    let of = |change: &Change| match &change.says {
        Says::Done { what, done_on, .. } if *what == deed => Some(done_on.clone()),
        _ => None,
    };
    decided.changes.iter().rev().find_map(of)
}

/// When it is looked at again, as the last entry about a review says.
fn next_review(decided: &Decided) -> String {
    let of = |change: &Change| match &change.says {
        Says::Done { what: Deed::Review, next_review, .. } => Some(next_review.clone().unwrap_or_default()),
        _ => None,
    };
    decided.changes.iter().rev().find_map(of).unwrap_or_default()
}

#[test]
fn the_offices_page_has_the_stops_the_moves_the_waits_what_is_open_and_what_goes_against_the_room() {
    for file in [log_file(Format::Html, Reader::Office), session_file(Format::Html, Reader::Office)] {
        let page = parsed(&file);
        assert_eq!(text(&all(&page, "code")[0]), book().head().to_string());
        let stops = table(&page, "What stops, and what it frees");
        assert_eq!(stops.len(), of(Verdict::Stop).len());
        for decided in &of(Verdict::Stop) {
            let record = &decided.record;
            let row = stops.iter().find(|row| row[0].contains(&format!("decision{}", record.number)));
            let row = row.filter(|row| row[0].starts_with(&words(&record.project.name))).unwrap();
            let ended = done(decided, Deed::Ends).map(|day| words(&format!("ended on {day}")));
            assert_eq!(row[1], format!("{}{}", record.field("ends"), ended.unwrap_or_default()));
            if let Some(day) = done(decided, Deed::FirstStep) {
                assert!(row[3].ends_with(&words(&format!("taken on {day}"))), "{}", row[3]);
            }
            assert_eq!(row[2], words(&record.owner));
            assert!(row[3].starts_with(&words(record.field("first_step"))));
            assert_eq!(row[4], words(record.field("frees")));
            let told =
                decided.standing.told.as_ref().map(|told| words(&format!("by {} on {}", told.by, told.on)));
            assert_eq!(row[7], told.unwrap_or_else(|| "notyet".to_owned()));
        }
        let days: Vec<&str> = stops.iter().map(|row| &row[1][.."2026-12-20".len()]).collect();
        assert!(days.is_sorted(), "the first one first");
        let moves = table(&page, "What moves, in order");
        assert_eq!(moves.len(), of(Verdict::Move).len());
        for (row, decided) in moves.iter().zip(of(Verdict::Move)) {
            assert!(row[1].starts_with(&words(&decided.record.project.name)));
            assert!(row[4].starts_with(&words(decided.record.field("measure"))));
            if let Some(day) = done(&decided, Deed::Measure) {
                assert!(row[4].ends_with(&words(&format!("taken on {day}"))), "{}", row[4]);
            }
            assert_eq!(row[5], words(decided.record.field("obstacles")));
        }
        let waits = table(&page, "What waits, and for what");
        for decided in of(Verdict::Wait) {
            let said = (words(decided.record.field("trigger")), decided.record.field("expires"));
            assert!(waits.iter().any(|row| (row[1].clone(), row[2].as_str()) == said));
        }
        let open = table(&page, "What is open");
        for decided in of(Verdict::Open) {
            assert!(open.iter().any(|row| row[1] == words(decided.record.field("decided_by"))));
        }
        let against = table(&page, "Against the room");
        let holds =
            decided().into_iter().filter(|decided| decided.holds() && decided.record.against.is_some());
        let holds: Vec<Decided> = holds.collect();
        assert_eq!(against.len(), holds.len());
        for (row, decided) in against.iter().zip(&holds) {
            let said = decided.record.against.as_ref().unwrap();
            assert_eq!((row[1].as_str(), &row[3], &row[4]), ("stop", &words(&said.by), &words(&said.reason)));
        }
        // Within thirty days of the evening, and no later.
        let near = table(&page, "The next thirty days");
        let ended =
            of(Verdict::Stop).into_iter().find(|decided| done(decided, Deed::Ends).is_some()).unwrap();
        let name = words(&ended.record.project.name);
        assert!(
            !near.iter().any(|row| row[1] == "Ends" && row[2].starts_with(&name)),
            "what is done is not due"
        );
        assert!(!near.is_empty() && near.iter().all(|row| row[0].starts_with("2026-12-20")), "{near:?}");
    }
}

#[test]
fn everyones_page_has_what_was_decided_and_why_and_nothing_that_stays_in_the_room() {
    for file in [log_file(Format::Html, Reader::Everyone), session_file(Format::Html, Reader::Everyone)] {
        let page = parsed(&file);
        let articles = all(&page, "article");
        let told: Vec<Decided> = decided()
            .into_iter()
            .filter(|decided| decided.holds())
            .filter(|decided| {
                decided.record.verdict != Some(Verdict::Stop) || decided.standing.told.is_some()
            })
            .collect();
        assert_eq!(articles.len(), told.len());
        let untold = of(Verdict::Stop).into_iter().filter(|decided| decided.standing.told.is_none()).count();
        assert!(untold > 1, "there are stops that are not on it");
        for decided in &told {
            let record = &decided.record;
            let article =
                articles.iter().find(|article| text(article).starts_with(&words(&record.project.name)));
            let said = text(article.unwrap());
            for part in
                [&record.rationale, record.field("alternatives"), record.field("assumptions"), &record.owner]
            {
                assert!(said.contains(&words(part)), "{part}");
            }
            for field in ["ends", "expires", "trigger", "frees", "measure"] {
                assert!(said.contains(&words(record.field(field))), "{field}");
            }
            let review = match done(decided, Deed::Review) {
                Some(_) => next_review(decided),
                None => record.field("review").to_owned(),
            };
            assert!(said.contains(&review), "{review}");
        }
        // No stop that nobody was told of, no number that would be missing, no counts, nothing unsigned.
        let names: Vec<String> = all(&page, "h3").iter().map(text).collect();
        for decided in of(Verdict::Stop).iter().filter(|decided| decided.standing.told.is_none()) {
            assert!(!names.contains(&words(&decided.record.project.name)));
        }
        let whole = text(&all(&page, "main")[0]);
        for private in ["decision1", "answered", "Theroomsaid", "Against", "Saidunsigned", "12of12", "Stop9"]
        {
            assert!(!whole.contains(private), "{private}");
        }
    }
    // A dissent that stands nowhere else.
    let quiet = "The one who dissents says this and nobody else does";
    let mut closed = crate::material::closed();
    for results in closed.board.results.values_mut() {
        results.dissent.iter_mut().for_each(|said| said.text = quiet.to_owned());
    }
    let report = plumbline::log::export::Report::of_session(
        &closed,
        Vec::new(),
        Default::default(),
        crate::material::EVENING,
    );
    for (reader, says) in [(Reader::Everyone, false), (Reader::Office, false)] {
        let page = String::from_utf8(Format::Html.render(&report, reader)).unwrap();
        assert_eq!(page.contains(quiet), says);
    }
    assert!(String::from_utf8(Format::Markdown.render(&report, Reader::Office)).unwrap().contains(quiet));
    assert!(texts().iter().all(|text| !text.contains(quiet)));
}
