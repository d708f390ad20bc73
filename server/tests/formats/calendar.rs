//! The calendar, by calcard.

use std::collections::BTreeMap;

use calcard::{
    Entry, Parser,
    icalendar::{ICalendarComponent, ICalendarProperty, ICalendarStatus, ICalendarValue},
};
use plumbline::log::{
    decisions::Decided,
    export::{Format, Reader},
    record::{Deed, Says},
};

use crate::material::{book, decided, log_file, session_file, words};

fn components(bytes: &[u8]) -> Vec<ICalendarComponent> {
    let text = std::str::from_utf8(bytes).unwrap();
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\n', '\r']), "{} octets: {line}", line.len());
    }
    let mut parser = Parser::new(text);
    let calendar = match parser.entry() {
        Entry::ICalendar(calendar) => calendar,
        other => panic!("no calendar: {other:?}"),
    };
    assert_eq!(parser.entry(), Entry::Eof);
    calendar.components
}

fn text(component: &ICalendarComponent, name: &ICalendarProperty) -> String {
    let entry = component.entries.iter().find(|entry| entry.name == *name);
    match entry.unwrap_or_else(|| panic!("{name:?}")).values.first().unwrap() {
        ICalendarValue::Text(text) => text.clone(),
        ICalendarValue::Integer(number) => number.to_string(),
        ICalendarValue::PartialDateTime(day) => {
            assert!(name == &ICalendarProperty::Dtstamp || day.hour.is_none(), "a day and no time");
            format!("{:04}-{:02}-{:02}", day.year.unwrap(), day.month.unwrap(), day.day.unwrap())
        }
        other => panic!("{name:?}: {other:?}"),
    }
}

const DUES: [(&str, &str); 6] = [
    ("first_step_due", "First step"),
    ("ends", "Ends"),
    ("expires", "The wait is over"),
    ("decide_by", "To be decided"),
    ("measure_due", "Measure due"),
    ("review", "Review"),
];

/// By the entries about it: whether what that day is for is done, and the day that it has since.
fn since(decided: &Decided, field: &str) -> (bool, Option<String>) {
    let (mut done, mut day) = (false, None);
    for change in &decided.changes {
        let Says::Done { what, next_review, .. } = &change.says else { continue };
        let of = match what {
            Deed::Review => "review",
            Deed::FirstStep => "first_step_due",
            Deed::Ends => "ends",
            Deed::Measure => "measure_due",
        };
        if of == field {
            done = next_review.is_none();
            day.clone_from(next_review);
        }
    }
    (done, day)
}

#[test]
fn every_day_of_every_decision_is_an_entry_with_an_identifier_that_stays() {
    for file in [log_file(Format::Calendar, Reader::Office), session_file(Format::Calendar, Reader::Office)] {
        let components = components(&file);
        let head = ICalendarProperty::Other("X-PLUMBLINE-HEAD".to_owned());
        assert_eq!(text(&components[0], &head), book().head().to_string());
        let events: BTreeMap<String, &ICalendarComponent> =
            components[1..].iter().map(|event| (text(event, &ICalendarProperty::Uid), event)).collect();
        let (mut expected, mut over, mut moved) = (0, 0, 0);
        for decided in decided() {
            let record = &decided.record;
            for (field, what) in DUES {
                let (is_done, since) = since(&decided, field);
                moved += u32::from(since.is_some());
                let day = since.as_deref().unwrap_or(record.field(field));
                if day.is_empty() {
                    continue;
                }
                expected += 1;
                over += u32::from(is_done);
                let uid = format!("{}.{}.{field}@plumbline", record.session.id, record.project.id);
                let event = events[&uid];
                assert_eq!(text(event, &ICalendarProperty::Dtstart), day);
                let next: jiff::civil::Date = day.parse().unwrap();
                assert_eq!(text(event, &ICalendarProperty::Dtend), next.tomorrow().unwrap().to_string());
                assert_eq!(text(event, &ICalendarProperty::Dtstamp), "2026-11-27");
                let summary = text(event, &ICalendarProperty::Summary);
                assert_eq!(
                    words(&summary),
                    words(&format!("{}{what}: {}", if is_done { "Done: " } else { "" }, record.project.name))
                );
                let about = text(event, &ICalendarProperty::Description);
                for said in [&record.owner, &record.rationale, &record.project.reference] {
                    assert!(about.contains(&said.replace("\r\n", "\n")), "{said:?} in {about:?}");
                }
                let last = decided.changes.last().map_or(record.number, |change| change.number);
                assert_eq!(text(event, &ICalendarProperty::Sequence), last.to_string());
                let status = event.entries.iter().find(|entry| entry.name == ICalendarProperty::Status);
                let holds =
                    if decided.holds() { ICalendarStatus::Confirmed } else { ICalendarStatus::Cancelled };
                assert_eq!(status.unwrap().values, [ICalendarValue::Status(holds)]);
            }
        }
        assert_eq!((events.len(), components.len()), (expected, expected + 1));
        assert!(expected > 25);
        assert_eq!(
            (over, moved),
            (3, 1),
            "a first step, an end and a measure; a review that has another day"
        );
    }
}
