//! CSV for spreadsheet programs.

use std::collections::BTreeSet;

use super::record::{Record, Row, decision_heading, decision_order};

/// So that spreadsheet programs read it as UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// Portfolio columns that get a column of their own; the others share the last one.
const OWN_COLUMNS: usize = 64;

/// One row per project, with every column of the portfolio that was kept.
///
/// Every text is in quotation marks and none can be taken for a formula, see [`safe`].
pub(super) fn render(record: &Record) -> Vec<u8> {
    let decisions = decision_columns(record);
    let (own, shared) = portfolio_columns(record);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        // Unquoted text could be split, and its parts calculated, where semicolons separate cells.
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(MARK.to_vec());
    let cost =
        if record.currency.is_empty() { "Cost".to_owned() } else { format!("Cost ({})", record.currency) };
    let fixed = ["Reference", "Project", "Pillar", "Verdict", "Decision owner", "Rationale"];
    let project = ["Summary", "Sponsor", "Owner", "Origin", cost.as_str(), "People"];
    let mut header: Vec<String> = fixed.map(safe).to_vec();
    header.extend(decisions.iter().map(|name| safe(decision_heading(name))));
    header.extend(project.map(safe));
    header.extend(own.iter().map(safe));
    if shared {
        header.push("Further columns".to_owned());
    }
    write(&mut writer, &header);
    for row in &record.rows {
        let mut cells: Vec<String> = [
            row.reference.as_str(),
            &row.name,
            record.pile_name(row),
            row.verdict.map_or("", |verdict| verdict.as_str()),
            &row.decision_owner,
            &row.rationale,
        ]
        .map(safe)
        .to_vec();
        cells.extend(decisions.iter().map(|name| safe(row.decision.get(*name).map_or("", String::as_str))));
        cells.extend(
            [row.summary.as_str(), &row.sponsor, &row.owner, row.origin.map_or("", |origin| origin.as_str())]
                .map(safe),
        );
        cells.extend(
            [row.cost, row.people].map(|amount| amount.map_or_else(String::new, |amount| amount.to_string())),
        );
        cells.extend(own.iter().map(|label| safe(texts(row, label))));
        if shared {
            let rest = row.more.iter().filter(|(label, _)| !own.contains(&label.as_str()));
            let rest: Vec<String> = rest.map(|(label, text)| format!("{label}: {text}")).collect();
            cells.push(safe(rest.join("\n")));
        }
        write(&mut writer, &cells);
    }
    writer.into_inner().expect("writing to memory does not fail")
}

fn write(writer: &mut csv::Writer<Vec<u8>>, cells: &[String]) {
    writer.write_record(cells).expect("writing rows of one length to memory does not fail");
}

/// The further fields of decisions that any project has, in their order.
fn decision_columns(record: &Record) -> Vec<&str> {
    let names: BTreeSet<&str> =
        record.rows.iter().flat_map(|row| row.decision.keys().map(String::as_str)).collect();
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by_key(|name| decision_order(name));
    names
}

/// The portfolio's further columns in the order in which they first come, and whether some have to share one.
fn portfolio_columns(record: &Record) -> (Vec<&str>, bool) {
    let mut seen = BTreeSet::new();
    let mut columns: Vec<&str> = record
        .rows
        .iter()
        .flat_map(|row| &row.more)
        .map(|(label, _)| label.as_str())
        .filter(|label| seen.insert(*label))
        .collect();
    let shared = columns.len() > OWN_COLUMNS;
    columns.truncate(OWN_COLUMNS);
    (columns, shared)
}

/// What a project has in a further column; one that it has twice has both.
fn texts(row: &Row, label: &str) -> String {
    let texts: Vec<&str> =
        row.more.iter().filter(|(own, _)| own == label).map(|(_, text)| text.as_str()).collect();
    texts.join("\n")
}

/// Text that a spreadsheet program takes for text: where it begins like a formula an apostrophe stands before it.
/// What is a plain number stays one.
///
/// The signs are those of the OWASP advice on CSV injection, full-width ones included.
fn safe<S: AsRef<str>>(text: S) -> String {
    let text = text.as_ref();
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula && !is_number(text) { format!("'{text}") } else { text.to_owned() }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_looks_like_a_formula_is_left_one() {
        for text in ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "--1", "-1-1", "-"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        for text in ["", "a=1", "-12.5", "-3", " x", "'x"] {
            assert_eq!(safe(text), text);
        }
    }
}
