//! What must hold of whatever is read from any bytes. The fuzzer holds the importer to the same.

use plumbline::import::{self, Portfolio, limits};

/// Every limit holds, and every row is in one place.
fn check(portfolio: &Portfolio) {
    assert!(portfolio.projects.len() <= limits::PROJECTS);
    assert!(portfolio.notes.len() <= limits::NOTES + 2);
    let mut last = 0;
    for project in &portfolio.projects {
        assert!(project.row > last);
        last = project.row;
        let length = |text: &str| text.chars().count();
        assert!(!project.name.trim().is_empty() && length(&project.name) <= limits::NAME_CHARS);
        assert!(!project.name.chars().any(char::is_control));
        assert!(length(&project.summary) <= limits::SUMMARY_CHARS);
        for text in [&project.sponsor, &project.owner, &project.reference] {
            assert!(length(text) <= limits::TEXT_CHARS);
        }
        assert!(project.more.len() <= limits::MORE);
        for (label, text) in &project.more {
            assert!(!label.is_empty() && length(label) <= limits::HEADER_CHARS + 8);
            assert!(!text.is_empty() && length(text) <= limits::TEXT_CHARS);
        }
        assert!(project.cost.is_none_or(|cost| cost.abs() <= limits::COST));
        assert!(project.people.is_none_or(|people| (0..=limits::PEOPLE).contains(&people)));
    }
    for skipped in &portfolio.skipped {
        assert!(skipped.reason.ends_with('.'));
        assert!(portfolio.projects.iter().all(|project| project.row != skipped.row));
    }
}

/// Reads anything, and looks at what comes of it.
pub(crate) fn read_any(bytes: &[u8]) {
    match import::read(bytes, None, None) {
        Ok(portfolio) => check(&portfolio),
        Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
    }
}
