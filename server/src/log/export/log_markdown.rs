//! The decision log as one document to read and to keep.

use super::escape::{cell, inline, line, paragraph};
use super::record::{decision_heading, decision_order};
use super::report::Report;
use crate::log::decisions::Decided;
use crate::log::record::{Record, Status};
use crate::log::words;

/// The log: what holds first, in a table, then every entry.
pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    line!(&mut out, "# Decision log");
    line!(&mut out);
    line!(&mut out, "- Exported: {}", report.exported_at);
    line!(&mut out, "- Decisions: {}, of which {} hold", report.decided.len(), report.standing().count());
    line!(&mut out, "- Entries: {}", report.entries);
    line!(&mut out, "- Hash of the last one: `{}`", report.head);
    line!(&mut out);
    if report.decided.is_empty() {
        line!(&mut out, "Nothing has been decided yet.");
        return out;
    }
    line!(&mut out, "## What holds");
    line!(&mut out);
    line!(&mut out, "| No. | Decided | Verdict | Project | Owner | Missing | Session |");
    line!(&mut out, "| ---: | --- | --- | --- | --- | --- | --- |");
    for decided in report.standing() {
        let record = &decided.record;
        line!(
            &mut out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            record.number,
            record.decided_day(),
            verdict(record),
            cell(&record.project.name),
            cell(&record.owner),
            cell(&lacks(record)),
            cell(&record.session.title)
        );
    }
    line!(&mut out);
    line!(&mut out, "## Every decision");
    line!(&mut out);
    for decided in &report.decided {
        entry(&mut out, decided);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// One decision under its heading.
pub(crate) fn entry(out: &mut String, decided: &Decided) {
    let record = &decided.record;
    let title = format!("{}: {}", inline(&record.project.name), verdict(record));
    match record.number {
        0 => line!(out, "### {title}"),
        number => line!(out, "### {number}. {title}"),
    }
    line!(out);
    body(out, decided, true);
}

/// What is told of a decision under its heading, with the reason or without.
pub(super) fn body(out: &mut String, decided: &Decided, why: bool) {
    let Decided { record, standing, .. } = decided;
    let status = match (standing.status, standing.superseded_by) {
        (Status::Superseded, Some(number)) => format!("superseded by {number}"),
        (Status::Reversed, Some(number)) => format!("reversed by {number}"),
        (status, _) => status.words().to_owned(),
    };
    let told = standing.told.as_ref().map(words::told_of).unwrap_or_default();
    let done = words::done_of(standing);
    let next_review = standing.progress.next_review.as_deref().unwrap_or_default();
    let supersedes = record.supersedes.map(|number| number.to_string()).unwrap_or_default();
    let cost = record.project.cost.map(|cost| format!("{} {}", cost.grouped(), record.project.currency));
    let people = record.project.people.map(|people| people.grouped());
    let (day, cost, people) = (record.decided_day(), cost.unwrap_or_default(), people.unwrap_or_default());
    let lacks = lacks(record);
    let mut facts: Vec<(&str, &str)> = vec![
        ("Status", &status),
        ("Told", &told),
        ("Done", &done),
        ("Next review", next_review),
        ("Takes the place of", &supersedes),
        ("Decided", &day),
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
    if why && !record.rationale.trim().is_empty() {
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
    let changes = decided.changes.iter().map(words::change);
    let lines = told.chain(flags).chain(record.sign_offs.iter().map(words::signed)).chain(said);
    let lines = lines.chain(words::provenance(record)).chain(changes);
    let lines: Vec<String> = lines.collect();
    for text in &lines {
        line!(out, "- {}", inline(text));
    }
    if !lines.is_empty() {
        line!(out);
    }
}

pub(super) fn verdict(record: &Record) -> &'static str {
    match (record.verdict, record.status) {
        (Some(verdict), _) => verdict.as_str(),
        (None, Status::Reversed) => "taken back",
        (None, _) => "none",
    }
}

pub(super) fn lacks(record: &Record) -> String {
    record.missing.iter().map(|field| decision_heading(field).to_lowercase()).collect::<Vec<_>>().join(", ")
}
