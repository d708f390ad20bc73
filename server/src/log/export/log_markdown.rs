//! The decision log as one document to read and to keep.

use jiff::Timestamp;

use super::escape::{cell, inline, line, paragraph};
use super::record::{decision_heading, decision_order};
use crate::log::chain::Entry;
use crate::log::record::{Record, Status};
use crate::log::words;

/// The log: what holds first, in a table, then every entry.
pub(super) fn render(entries: &[(Entry, Option<u64>)], exported_at: Timestamp) -> String {
    let mut out = String::new();
    let holds = |(entry, by): &&(Entry, Option<u64>)| by.is_none() && entry.record.verdict.is_some();
    line!(&mut out, "# Decision log");
    line!(&mut out);
    line!(&mut out, "- Exported: {exported_at}");
    line!(&mut out, "- Entries: {}, of which {} hold", entries.len(), entries.iter().filter(holds).count());
    line!(&mut out, "- Hash of the last one: `{}`", crate::log::decisions::head(entries));
    line!(&mut out);
    if entries.is_empty() {
        line!(&mut out, "Nothing has been decided yet.");
        return out;
    }
    line!(&mut out, "## What holds");
    line!(&mut out);
    line!(&mut out, "| No. | Decided | Verdict | Project | Owner | Missing | Session |");
    line!(&mut out, "| ---: | --- | --- | --- | --- | --- | --- |");
    for (entry, _) in entries.iter().filter(holds) {
        let record = &entry.record;
        line!(
            &mut out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            record.number,
            day(record),
            verdict(record),
            cell(&record.project.name),
            cell(&record.owner),
            cell(&lacks(record)),
            cell(&record.session.title)
        );
    }
    line!(&mut out);
    line!(&mut out, "## Every entry");
    line!(&mut out);
    for (entry, superseded) in entries {
        self::entry(&mut out, &entry.record, *superseded);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// One entry under its heading.
pub(crate) fn entry(out: &mut String, record: &Record, superseded: Option<u64>) {
    line!(out, "### {}. {}: {}", record.number, inline(&record.project.name), verdict(record));
    line!(out);
    let status = match superseded {
        Some(number) => format!("superseded by {number}"),
        None => record.status.as_str().to_owned(),
    };
    let supersedes = record.supersedes.map(|number| number.to_string()).unwrap_or_default();
    let cost = record.project.cost.map(|cost| format!("{} {}", cost.grouped(), record.project.currency));
    let people = record.project.people.map(|people| people.grouped());
    let (decided, cost, people) = (day(record), cost.unwrap_or_default(), people.unwrap_or_default());
    let lacks = lacks(record);
    let mut facts: Vec<(&str, &str)> = vec![
        ("Status", &status),
        ("Takes the place of", &supersedes),
        ("Decided", &decided),
        ("Session", &record.session.title),
        ("Owner", &record.owner),
        ("Missing", &lacks),
        ("Reference", &record.project.reference),
        ("Came from", words::origin(&record.from)),
        ("Stands on", words::place(&record.to)),
        ("Decider", &record.decider),
        ("Rule", &record.rule),
        ("Sponsor", &record.project.sponsor),
        ("Run by", &record.project.owner),
        ("Cost", cost.trim()),
        ("People", &people),
    ];
    let mut further: Vec<(&str, &str)> =
        record.fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    further.sort_by_key(|(name, _)| decision_order(name));
    facts.extend(further.into_iter().map(|(name, text)| (decision_heading(name), text)));
    for (heading, text) in facts {
        if !text.trim().is_empty() {
            line!(out, "- {}: {}", inline(heading), inline(text));
        }
    }
    line!(out);
    if !record.rationale.trim().is_empty() {
        line!(out, "{}", paragraph(&record.rationale));
        line!(out);
    }
    if let Some(against) = &record.against {
        line!(out, "Against the room: {}", inline(&words::against(against)));
        line!(out);
    }
    let told =
        record.evidence.iter().map(|asked| format!("{}: {}", words::heading(asked), words::told(asked)));
    let flags = (record.flags > 0).then(|| format!("Is this a hobby? Asked by {}", record.flags));
    let said = record.dissent.iter().map(|said| format!("Said unsigned: {}", said.text));
    let lines = told.chain(flags).chain(record.sign_offs.iter().map(words::signed)).chain(said);
    let lines: Vec<String> = lines.collect();
    for text in &lines {
        line!(out, "- {}", inline(text));
    }
    if !lines.is_empty() {
        line!(out);
    }
}

fn verdict(record: &Record) -> &'static str {
    match (record.verdict, record.status) {
        (Some(verdict), _) => verdict.as_str(),
        (None, Status::Reversed) => "taken back",
        (None, _) => "none",
    }
}

/// The day of the decision, as a calendar has it in Greenwich.
fn day(record: &Record) -> String {
    record.decided_on.chars().take(10).collect()
}

fn lacks(record: &Record) -> String {
    record.missing.iter().map(|field| decision_heading(field).to_lowercase()).collect::<Vec<_>>().join(", ")
}
