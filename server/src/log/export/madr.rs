//! One Markdown file for each decision in the manner of MADR (Markdown architectural decision records, version 4), and an
//! index: an archive to unpack in a git repository. Equal decisions give equal bytes, but for the index's head and date.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::escape::{cell, inline, line, paragraph};
use super::log_markdown::{body, lacks, verdict};
use super::report::Report;
use crate::log::decisions::Decided;
use crate::log::record::Record;
use crate::log::words;

/// How many characters of a project's name stand in the name of its file.
const SLUG: usize = 40;

pub(super) fn render(report: &Report) -> Vec<u8> {
    write(report).expect("writing to memory does not fail, and names are short")
}

fn write(report: &Report) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Its time is in the file: the archive's own would make two of equal decisions differ.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    archive.start_file("README.md", options)?;
    archive.write_all(index(report).as_bytes())?;
    for (at, decided) in (1..).zip(&report.decided) {
        archive.start_file(name(at, decided), options)?;
        archive.write_all(one(decided).as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The name of a decision's file: its number, so that files stand in their order and no two are called the same, and what
/// can stand in a file name everywhere of what its project is called.
fn name(at: u64, decided: &Decided) -> String {
    let record = &decided.record;
    // What is not in the log has no number of its own.
    let number = if record.number > 0 { format!("{:04}", record.number) } else { format!("new-{at:04}") };
    let mut slug = String::new();
    for c in record.project.name.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(SLUG).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { format!("decisions/{number}.md") } else { format!("decisions/{number}-{slug}.md") }
}

fn index(report: &Report) -> String {
    let mut out = String::new();
    let out = &mut out;
    line!(out, "# {}", inline(&report.title()));
    line!(out);
    line!(out, "- Exported: {}", report.exported_at);
    line!(out, "- Decisions: {}, of which {} hold", report.decided.len(), report.standing().count());
    line!(out, "- Entries in the decision log: {}", report.entries);
    line!(out, "- Hash of the last one: `{}`", report.head);
    line!(out);
    line!(out, "| No. | Decided | Verdict | Status | Project | Owner | Missing |");
    line!(out, "| ---: | --- | --- | --- | --- | --- | --- |");
    for (at, decided) in (1..).zip(&report.decided) {
        let record = &decided.record;
        let number = if record.number > 0 { record.number.to_string() } else { String::new() };
        line!(
            out,
            "| {number} | {} | {} | {} | [{}](<{}>) | {} | {} |",
            record.decided_day(),
            verdict(record),
            decided.standing.status.words(),
            cell(&record.project.name),
            name(at, decided),
            cell(&record.owner),
            cell(&lacks(record))
        );
    }
    std::mem::take(out)
}

/// A decision as MADR tells it: front matter, the problem, what was weighed, what came of it, what follows.
fn one(decided: &Decided) -> String {
    let record = &decided.record;
    let mut out = String::new();
    let out = &mut out;
    line!(out, "---");
    let told = decided.standing.told.as_ref().map(words::told_of).unwrap_or_default();
    let done = words::done_of(&decided.standing);
    for (name, text) in [
        ("status", decided.standing.status.words()),
        ("date", &record.decided_day()),
        ("decision-makers", &deciders(record)),
        ("owner", &record.owner),
        ("consulted", record.field("consulted")),
        ("informed", record.field("informed")),
        ("told", &told),
        ("done", &done),
        ("next-review", decided.standing.progress.next_review.as_deref().unwrap_or_default()),
    ] {
        if !text.is_empty() {
            // A text in JSON is a text in YAML.
            line!(out, "{name}: {}", serde_json::Value::from(text));
        }
    }
    line!(out, "---");
    line!(out);
    line!(out, "# {}: {}", inline(&record.project.name), verdict(record));
    line!(out);
    line!(out, "## Context and Problem Statement");
    line!(out);
    if !record.session.purpose.trim().is_empty() {
        line!(out, "{}", paragraph(&record.session.purpose));
        line!(out);
    }
    let from = words::origin(&record.from);
    if !from.is_empty() {
        line!(out, "- Came from: {}", inline(from));
    }
    line!(out, "- Stands on: {}", inline(words::place(&record.to)));
    line!(out);
    let considered = record.field("alternatives");
    if !considered.is_empty() {
        line!(out, "## Considered Options");
        line!(out);
        line!(out, "{}", paragraph(considered));
        line!(out);
    }
    line!(out, "## Decision Outcome");
    line!(out);
    let why = record.rationale.trim();
    let chosen = record.verdict.map_or("taken back", |verdict| verdict.as_str());
    if why.is_empty() {
        line!(out, "Chosen: **{chosen}**. Nobody has said why.");
    } else {
        line!(out, "Chosen: **{chosen}**, because:");
        line!(out);
        line!(out, "{}", paragraph(why));
    }
    line!(out);
    section(out, record, "### Consequences", &["outcome", "scope", "frees", "obstacles", "assumptions"]);
    section(
        out,
        record,
        "### Confirmation",
        &["measure", "measure_due", "first_step", "first_step_due", "ends", "trigger", "expires", "review"],
    );
    line!(out, "## More Information");
    line!(out);
    body(out, decided, false);
    if let Some(hash) = decided.hash {
        line!(out, "- Hash of its entry: `{hash}`");
    }
    let mut out = std::mem::take(out);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn section(out: &mut String, record: &Record, heading: &str, fields: &[&str]) {
    let said: Vec<&&str> = fields.iter().filter(|field| !record.field(field).is_empty()).collect();
    if said.is_empty() {
        return;
    }
    line!(out, "{heading}");
    line!(out);
    for field in said {
        line!(out, "- {}: {}", super::record::decision_heading(field), inline(record.field(field)));
    }
    line!(out);
}

fn deciders(record: &Record) -> String {
    let by = record.field("decided_by");
    if by.is_empty() { record.decider.clone() } else { by.to_owned() }
}
