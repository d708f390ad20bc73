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
