//! Markdown to read and to keep (GitHub's dialect, for its tables).

use super::amount::Amount;
use super::escape::{cell, inline, line, paragraph};
use super::record::{Record, Row, decision_heading, decision_order, lacks};
use super::summary::Sum;
use crate::log::words;

/// The whole record: what was decided first, then the piles, then the strategy that they were sorted by.
pub(super) fn render(record: &Record) -> String {
    let mut out = String::new();
    head(&mut out, record);
    if let Some(checkpoint) = &record.checkpoint {
        checkpoint.markdown(&mut out);
    }
    summary(&mut out, record);
    decisions(&mut out, record);
    missing(&mut out, record);
    asked(&mut out, record);
    whole(&mut out, record);
    piles(&mut out, record);
    strategy(&mut out, record);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn head(out: &mut String, record: &Record) {
    let title = if record.title.trim().is_empty() { "a session" } else { record.title.as_str() };
    line!(out, "# Decisions of {}", inline(title));
    line!(out);
    if !record.purpose.trim().is_empty() {
        line!(out, "{}", paragraph(&record.purpose));
        line!(out);
    }
    line!(
        out,
        "- Exported: {}{}",
        record.exported_at,
        if record.closed { "" } else { " (the session is not closed yet)" }
    );
    for (heading, text) in [("Decider", &record.decider), ("Rule", &record.rule)] {
        if !text.trim().is_empty() {
            line!(out, "- {heading}: {}", inline(text));
        }
    }
    line!(out, "- Entries in the decision log: {}", record.log.1);
    line!(out, "- Hash of the last one: `{}`", record.log.0);
    line!(out);
}

fn summary(out: &mut String, record: &Record) {
    line!(out, "## Where the portfolio stands");
    line!(out);
    line!(out, "| Pile | Projects | {} | Cost known | People | People known |", cost_heading(record));
    line!(out, "| --- | ---: | ---: | ---: | ---: | ---: |");
    let mut write = |name: &str, projects: usize, cost: Sum, people: Sum| {
        line!(
            out,
            "| {} | {projects} | {} | {} of {projects} | {} | {} of {projects} |",
            cell(name),
            known(cost),
            cost.known,
            known(people),
            people.known
        );
    };
    for pile in &record.summary.piles {
        write(&pile.name, pile.projects, pile.cost, pile.people);
    }
    write("All", record.summary.projects, record.summary.cost, record.summary.people);
    line!(out);
    line!(out, "| Verdict | Projects |");
    line!(out, "| --- | ---: |");
    for verdict in &record.summary.verdicts {
        line!(out, "| {} | {} |", verdict.name(), verdict.projects);
    }
    line!(out);
    flags(out, record);
}

/// What was asked *is this a hobby?* of.
fn flags(out: &mut String, record: &Record) {
    let flagged: Vec<&Row> = record.rows.iter().filter(|row| row.flags.count > 0).collect();
    if flagged.is_empty() {
        return;
    }
    line!(out, "## Is this a hobby?");
    line!(out);
    line!(out, "| Project | Asked by | Why |");
    line!(out, "| --- | ---: | --- |");
    for row in flagged {
        line!(out, "| {} | {} | {} |", cell(&row.name), row.flags.count, cell(&row.flags.reasons.join("\n")));
    }
    line!(out);
}

/// A sum, or a dash where nothing is known: that is not the same as nothing.
fn known(sum: Sum) -> String {
    if sum.known == 0 { "–".to_owned() } else { sum.sum.grouped() }
}

fn decisions(out: &mut String, record: &Record) {
    let decided: Vec<&Row> = record.rows.iter().filter(|row| row.is_decided()).collect();
    line!(out, "## Decisions");
    line!(out);
    if decided.is_empty() {
        line!(out, "Nothing has been decided yet.");
        line!(out);
        return;
    }
    for row in decided {
        line!(out, "### {}", inline(&row.name));
        line!(out);
        let verdict = row.verdict.map_or("none yet", |verdict| verdict.as_str());
        line!(out, "- Verdict: **{verdict}**");
        for (heading, text) in logged(row) {
            line!(out, "- {heading}: {}", inline(&text));
        }
        let mut facts: Vec<(&str, &str)> = vec![
            ("Owner", &row.decision_owner),
            ("Reference", &row.reference),
            ("Came from", &row.came_from),
            ("Pile", record.pile_name(row)),
            ("Sponsor", &row.sponsor),
        ];
        let mut further: Vec<(&str, &str)> =
            row.decision.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        further.sort_by_key(|(name, _)| decision_order(name));
        facts.extend(further.into_iter().map(|(name, text)| (decision_heading(name), text)));
        for (heading, text) in facts {
            if !text.trim().is_empty() {
                line!(out, "- {}: {}", inline(heading), inline(text));
            }
        }
        line!(out);
        if !row.rationale.trim().is_empty() {
            line!(out, "{}", paragraph(&row.rationale));
            line!(out);
        }
        if let Some(against) = &row.against {
            line!(out, "Against the room: {}", inline(&words::against(against)));
            line!(out);
        }
        let evidence =
            row.evidence.iter().map(|asked| format!("{}: {}", words::heading(asked), words::told(asked)));
        let said = row.dissent.iter().map(|said| format!("Said unsigned: {}", said.text));
        let lines: Vec<String> =
            evidence.chain(row.sign_offs.iter().map(words::signed)).chain(said).collect();
        for text in &lines {
            line!(out, "- {}", inline(text));
        }
        if !lines.is_empty() {
            line!(out);
        }
    }
}

/// Where the log has a decision, and what it says of it.
fn logged(row: &Row) -> Vec<(&'static str, String)> {
    let Some(decided) = &row.decided else { return Vec::new() };
    let mut facts = match decided.record.number {
        0 => vec![("In the log", "not yet: the session is to be closed".to_owned())],
        number => vec![
            ("Number in the log", number.to_string()),
            ("Stands", decided.standing.status.words().to_owned()),
        ],
    };
    facts.extend(decided.standing.superseded_by.map(|number| ("Superseded by", number.to_string())));
    facts.extend(decided.standing.told.as_ref().map(|told| ("Told", words::told_of(told))));
    let done = words::done_of(&decided.standing);
    facts.extend((!done.is_empty()).then_some(("Done", done)));
    facts.extend(decided.standing.progress.next_review.clone().map(|day| ("Next review", day)));
    facts
}

/// What decisions need and do not have, and on how many projects nothing was decided.
fn missing(out: &mut String, record: &Record) {
    let lacking: Vec<&Row> = record.rows.iter().filter(|row| !row.missing.is_empty()).collect();
    if lacking.is_empty() {
        return;
    }
    line!(out, "## What is missing");
    line!(out);
    line!(out, "| Project | Verdict | Missing |");
    line!(out, "| --- | --- | --- |");
    for row in lacking {
        let verdict = row.verdict.map_or("", |verdict| verdict.as_str());
        line!(out, "| {} | {verdict} | {} |", cell(&row.name), cell(&lacks(row)));
    }
    line!(out);
}

/// What was asked in private of projects on which nothing was decided: of the others it stands beside the decision.
fn asked(out: &mut String, record: &Record) {
    let open = |row: &&Row| !row.is_decided() && !row.evidence.is_empty();
    let rows: Vec<&Row> = record.rows.iter().filter(open).collect();
    if rows.is_empty() {
        return;
    }
    line!(out, "## What the room said, where nothing is decided");
    line!(out);
    line!(out, "| Project | In private |");
    line!(out, "| --- | --- |");
    for row in rows {
        let told =
            row.evidence.iter().map(|asked| format!("{}: {}", words::heading(asked), words::told(asked)));
        line!(out, "| {} | {} |", cell(&row.name), cell(&told.collect::<Vec<_>>().join("\n")));
    }
    line!(out);
}

/// What was asked, signed and said about the whole.
fn whole(out: &mut String, record: &Record) {
    let told = record.asked.iter().map(|asked| format!("{}: {}", words::heading(asked), words::told(asked)));
    let said = record.dissent.iter().map(|said| format!("Said unsigned: {}", said.text));
    let lines: Vec<String> = told.chain(record.sign_offs.iter().map(words::signed)).chain(said).collect();
    if lines.is_empty() {
        return;
    }
    line!(out, "## How far it is carried");
    line!(out);
    for text in &lines {
        line!(out, "- {}", inline(text));
    }
    line!(out);
}

fn piles(out: &mut String, record: &Record) {
    line!(out, "## Projects");
    line!(out);
    for pile in &record.summary.piles {
        line!(out, "### {} ({})", inline(&pile.name), pile.projects);
        line!(out);
        if pile.projects == 0 {
            line!(out, "None.");
            line!(out);
            continue;
        }
        line!(
            out,
            "| Reference | Project | Sponsor | Owner | Origin | {} | People | Verdict |",
            cost_heading(record)
        );
        line!(out, "| --- | --- | --- | --- | --- | ---: | ---: | --- |");
        for row in record.rows.iter().filter(|row| row.pile == pile.pile) {
            let amount = |amount: Option<Amount>| amount.map_or_else(String::new, Amount::grouped);
            line!(
                out,
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                cell(&row.reference),
                cell(&row.name),
                cell(&row.sponsor),
                cell(&row.owner),
                row.origin.map_or("", |origin| origin.as_str()),
                amount(row.cost),
                amount(row.people),
                row.verdict.map_or("", |verdict| verdict.as_str())
            );
        }
        line!(out);
    }
}

fn strategy(out: &mut String, record: &Record) {
    if record.pillars.is_empty() {
        return;
    }
    line!(out, "## The strategy it was sorted by");
    line!(out);
    for pillar in &record.pillars {
        line!(out, "### {}", inline(&pillar.name));
        line!(out);
        if !pillar.intent.trim().is_empty() {
            line!(out, "{}", paragraph(&pillar.intent));
            line!(out);
        }
        let facts = pillar.goals.iter().map(|goal| ("Goal", goal)).chain([
            ("Measure", &pillar.measure),
            ("Rules out", &pillar.rules_out),
            ("Owner", &pillar.owner),
        ]);
        let mut any = false;
        for (heading, text) in facts.filter(|(_, text)| !text.trim().is_empty()) {
            any = true;
            line!(out, "- {heading}: {}", inline(text));
        }
        if any {
            line!(out);
        }
    }
}

fn cost_heading(record: &Record) -> String {
    cell(&record.cost_heading())
}
