//! Markdown to read and to keep (GitHub's dialect, for its tables).

use std::fmt::Write;

use super::amount::Amount;
use super::record::{Record, Row, decision_heading, decision_order};
use super::summary::Sum;

/// The whole record: what was decided first, then the piles, then the strategy that they were sorted by.
pub(super) fn render(record: &Record) -> String {
    let mut out = String::new();
    head(&mut out, record);
    summary(&mut out, record);
    decisions(&mut out, record);
    piles(&mut out, record);
    strategy(&mut out, record);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Writes a line; writing to a string cannot fail.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => {{ let _ = writeln!($out, $($arg)*); }};
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
        let mut facts: Vec<(&str, &str)> = vec![
            ("Owner", &row.decision_owner),
            ("Reference", &row.reference),
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
    }
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

/// Text that shows as it is: nothing in it is markup or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Text on one line.
fn inline(text: &str) -> String {
    lines(text).map(escaped).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    lines(text).map(|line| escaped(line.trim())).collect::<Vec<_>>().join("<br>")
}

/// Text in paragraphs of its own: line breaks stay, and no line begins a list, a heading or a rule.
fn paragraph(text: &str) -> String {
    let lines: Vec<String> = lines(text)
        .map(|line| {
            let line = escaped(line.trim());
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            match line.chars().nth(digits) {
                Some('-' | '+' | '=' | ':') if digits == 0 => format!("\\{line}"),
                Some(sign @ ('.' | ')')) if digits > 0 => {
                    let (number, rest) = line.split_at(digits);
                    format!("{number}\\{sign}{}", rest.get(1..).unwrap_or_default())
                }
                _ => line,
            }
        })
        .collect();
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            let breaks = !line.is_empty() && !lines.get(at - 1).is_some_and(String::is_empty);
            out.push_str(if breaks { "  \n" } else { "\n" });
        }
        out.push_str(line);
    }
    out.trim().to_owned()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim()
        .split(['\n', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'])
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(
            inline("<script>a|b</script> *x* [y](z) `w` \\ &amp;"),
            "&lt;script&gt;a\\|b&lt;/script&gt; \\*x\\* \\[y\\](z) \\`w\\` \\\\ &amp;amp;"
        );
        assert_eq!(cell("a|b\r\nc"), "a\\|b<br>c");
        assert_eq!(inline("a\nb"), "a b");
    }

    #[test]
    fn no_line_of_a_paragraph_begins_something_else() {
        assert_eq!(
            paragraph("- a\n1. b\n# c\n---\n\n    d\n2) e\n1.5 f"),
            "\\- a  \n1\\. b  \n\\# c  \n\\---\n\nd  \n2\\) e  \n1\\.5 f"
        );
    }
}
