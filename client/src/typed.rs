//! What people type and are called, as it is meant.

use plumbline_shared::{decimal, limits};

/// The names in `typed`, one a line, without the bullets and numbers of the list that they were pasted from.
pub(crate) fn names(typed: &str) -> Vec<String> {
    typed
        .lines()
        .map(|line| {
            let line = line.trim().trim_start_matches(['-', '*', '•', '–']).trim_start();
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            let rest = &line[digits..];
            let numbered = digits > 0 && rest.starts_with(['.', ')']);
            let line = if numbered { rest[1..].trim_start() } else { line };
            line.chars().take(limits::TITLE).collect::<String>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// A pillar as it was typed or pasted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PillarRow {
    pub(crate) name: String,
    pub(crate) intent: String,
    pub(crate) goals: Vec<String>,
    pub(crate) measure: String,
    pub(crate) rules_out: String,
    pub(crate) owner: String,
}

/// The columns of a table of pillars, in the order in which they are read where no heading says otherwise, with the
/// words by which a heading says so.
const COLUMNS: [&[&str]; 6] = [
    &["pillar", "name", "objective", "theme", "perspective"],
    &["intent", "purpose", "description", "aim", "why"],
    &["goal", "key result", "target"],
    &["measure", "metric", "kpi", "indicator"],
    &["rules out", "excludes", "says no"],
    &["owner", "lead", "responsible", "accountable"],
];

/// The pillars in `typed`: a list of names, or a table with tabs between its cells, with or without headings. A name
/// that comes again adds its goals to the first.
pub(crate) fn pillars(typed: &str) -> Vec<PillarRow> {
    if !typed.contains('\t') {
        return names(typed).into_iter().map(|name| PillarRow { name, ..PillarRow::default() }).collect();
    }
    let mut rows = typed.lines().filter(|line| !line.trim().is_empty()).peekable();
    let mut columns: Vec<Option<usize>> = (0..COLUMNS.len()).map(Some).collect();
    let headings: Vec<Option<usize>> =
        rows.peek().map(|row| row.split('\t').map(column).collect()).unwrap_or_default();
    if headings.contains(&Some(0)) {
        columns = headings;
        rows.next();
    }
    let mut pillars: Vec<PillarRow> = Vec::new();
    for row in rows {
        let mut pillar = PillarRow::default();
        for (cell, place) in row.split('\t').zip(&columns) {
            let cell = cell.trim().trim_matches('"');
            let text = || cell.chars().take(limits::LINE).collect::<String>();
            match place {
                Some(0) => pillar.name = cell.chars().take(limits::TITLE).collect(),
                Some(1) => pillar.intent = text(),
                Some(2) => pillar.goals = goals(cell.split(';')),
                Some(3) => pillar.measure = text(),
                Some(4) => pillar.rules_out = text(),
                Some(5) => pillar.owner = text(),
                _ => {}
            }
        }
        match pillars.iter_mut().find(|known| known.name == pillar.name) {
            _ if pillar.name.is_empty() => {}
            Some(known) => {
                known.goals.append(&mut pillar.goals);
                known.goals.truncate(limits::LIST);
            }
            None => pillars.push(pillar),
        }
    }
    pillars
}

/// The goals among `parts`: no more, and none longer, than a pillar holds.
pub(crate) fn goals<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.chars().take(limits::LINE).collect()).take(limits::LIST).collect()
}

/// The column that a heading names.
fn column(heading: &str) -> Option<usize> {
    let heading = heading.trim().to_lowercase();
    COLUMNS.iter().position(|words| words.iter().any(|word| heading.contains(word)))
}

/// The figure in `typed`, signs for thousands left out; none where nothing was typed.
///
/// # Errors
/// When it is no figure.
pub(crate) fn figure(typed: &str) -> Result<Option<f64>, ()> {
    let digits: String =
        typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | ',' | '_')).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    let figure = decimal::read(digits.strip_prefix('+').unwrap_or(&digits));
    figure.map(Some).ok_or(())
}

/// The first letters of the first and the last part of a name.
pub(crate) fn initials(name: &str) -> String {
    let mut parts = name.split_whitespace().filter_map(|part| part.chars().find(|c| c.is_alphanumeric()));
    let first = parts.next();
    first.into_iter().chain(parts.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_list_loses_its_bullets_and_numbers() {
        assert_eq!(
            names("1. Customers\n 2) Platform \n\n• Safe & lawful\n- Net zero"),
            ["Customers", "Platform", "Safe & lawful", "Net zero"]
        );
        assert_eq!(names("2030 goals\n5G"), ["2030 goals", "5G"]);
    }

    #[test]
    fn a_pasted_table_is_read_by_its_headings_or_by_its_order() {
        let row = |name: &str, goals: &[&str], owner: &str| PillarRow {
            name: name.to_owned(),
            goals: goals.iter().map(|goal| (*goal).to_owned()).collect(),
            owner: owner.to_owned(),
            ..PillarRow::default()
        };
        let by_heading = pillars("Owner\tPillar\tKey results\nAda\tGrow\tA; B\nAda\tGrow\tC\n\tSafe\t\n");
        assert_eq!(by_heading, [row("Grow", &["A", "B", "C"], "Ada"), row("Safe", &[], "")]);
        let by_order = pillars("Grow\tMore of it\nSafe\t");
        assert_eq!(by_order[0].intent, "More of it");
        assert_eq!(by_order.len(), 2);
        assert_eq!(pillars("1. Grow\n2. Safe").len(), 2);
    }

    #[test]
    fn a_pillar_gets_no_more_goals_and_no_longer_ones_than_it_holds() {
        let long = "ä".repeat(limits::LINE + 1);
        let many = "A;".repeat(limits::LIST);
        let pillars = pillars(&format!("Grow\tMore\t{long}\nSafe\t\t{many}B\nGrow\t\t{many}"));
        assert_eq!(pillars[0].goals[0].chars().count(), limits::LINE);
        assert_eq!(pillars.iter().map(|pillar| pillar.goals.len()).collect::<Vec<_>>(), [limits::LIST; 2]);
        assert!(!pillars[1].goals.contains(&"B".to_owned()), "the last one is what is left out");
    }

    #[test]
    fn a_figure_may_have_signs_for_thousands() {
        assert_eq!(figure("1,200 000"), Ok(Some(1_200_000.0)));
        assert_eq!(figure("  "), Ok(None));
        assert_eq!(figure("a lot"), Err(()));
        assert_eq!(figure("inf"), Err(()));
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Anna Maria Okafor"), "AO");
        assert_eq!(initials("mika"), "M");
        assert_eq!(initials("  "), "");
    }
}
