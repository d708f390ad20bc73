//! The days that decisions name as a calendar (iCalendar, RFC 5545), to be imported or subscribed to.
//!
//! An entry's identifier is made of the session, the project and what is due, and not of the decision's number: whoever
//! imports the calendar again gets the day that holds now in the place of the one before, and what does not hold any more
//! is cancelled.

use std::collections::BTreeMap;

use icalendar::{Calendar, Component, Event, EventStatus, Property};
use jiff::{Timestamp, civil::Date};

use super::report::Report;
use super::totals::DUES;
use crate::log::decisions::Decided;

pub(super) fn render(report: &Report) -> String {
    let mut events: BTreeMap<String, Event> = BTreeMap::new();
    for decided in &report.decided {
        for (field, what) in DUES {
            if let Some((uid, event)) = event(report, decided, field, what) {
                // A later decision's day takes the place of an earlier one's.
                events.insert(uid, event);
            }
        }
    }
    let mut calendar = Calendar::new();
    calendar
        .name(&one_line(&report.title()))
        .append_property(Property::new("PRODID", "-//Plumbline//Decision log//EN"))
        .append_property(Property::new("X-PLUMBLINE-ENTRIES", report.entries.to_string()))
        .append_property(Property::new("X-PLUMBLINE-HEAD", report.head.to_string()));
    for (_, event) in events {
        calendar.push(event);
    }
    calendar.done().to_string()
}

fn event(report: &Report, decided: &Decided, field: &str, what: &str) -> Option<(String, Event)> {
    let record = &decided.record;
    let day: Date = decided.day(field).parse().ok()?;
    let done = decided.done(field);
    let uid = format!("{}.{}.{field}@plumbline", record.session.id, record.project.id);
    let compact = |day: Date| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day());
    let next = day.tomorrow().ok()?;
    let mut about = vec![format!("Owner: {}", or_nobody(&record.owner))];
    let facts = [
        ("Reference", record.project.reference.as_str()),
        ("Session", record.session.title.as_str()),
        ("First step", record.field("first_step")),
        ("Frees", record.field("frees")),
        ("Until", record.field("trigger")),
        ("Measure", record.field("measure")),
        ("Why", record.rationale.as_str()),
    ];
    about.extend(
        facts.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}: {text}")),
    );
    about.extend(done.map(|done| format!("Done: on {}, by {}", done.on, done.by)));
    about.push(match record.number {
        0 => "Not in the decision log yet.".to_owned(),
        number => format!("Decision {number}; head of the log {}", report.head),
    });
    let what = if done.is_some() { format!("Done: {what}") } else { what.to_owned() };
    // Whatever was entered about it last is the later word for whoever imports the calendar again.
    let last = decided.changes.last().map_or(record.number, |change| change.number.max(record.number));
    let mut event = Event::new();
    event
        .uid(&uid)
        .summary(&one_line(&format!("{what}: {}", record.project.name)))
        .description(&plain(&about.join("\n")))
        .append_property(date("DTSTART", &compact(day)))
        .append_property(date("DTEND", &compact(next)))
        .append_property(Property::new("DTSTAMP", utc(&record.decided_on)))
        .append_property(Property::new("SEQUENCE", last.to_string()))
        .append_property(Property::new("TRANSP", "TRANSPARENT"))
        .append_property(Property::new("X-PLUMBLINE-FIELD", field))
        .append_property(Property::new("X-PLUMBLINE-DECISION", record.number.to_string()))
        .status(if decided.holds() { EventStatus::Confirmed } else { EventStatus::Cancelled });
    Some((uid, event.done()))
}

/// A property that is a day and no time.
fn date(name: &str, day: &str) -> Property {
    Property::new(name, day).add_parameter("VALUE", "DATE").done()
}

fn or_nobody(name: &str) -> &str {
    if name.is_empty() { "nobody yet" } else { name }
}

/// Text with line breaks of one kind, and nothing else that controls.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

fn one_line(text: &str) -> String {
    plain(text).split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A time in RFC 3339 as a calendar writes it; one that is none reads as 1970.
fn utc(time: &str) -> String {
    let time: Timestamp = time.parse().unwrap_or_default();
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}
