//! The words by which headers, origins and totals are recognised: data, one file per language.
//!
//! All words are in the form that [`plain`] gives: lower case, single spaces, no punctuation.

mod en;

use super::Origin;
use super::portfolio::Field;

/// Every language that is known. A file may mix them; the heaviest word wins.
const LANGUAGES: &[&Language] = &[&en::ENGLISH];

/// What one language calls things.
pub(crate) struct Language {
    /// Headers, by the field that they stand for.
    headers: &'static [(Field, &'static [Word])],
    /// Words in a header that rule a field out, whatever else it says: *cost centre* is no cost.
    never: &'static [(Field, &'static [&'static str])],
    /// What a row of sums is called.
    totals: &'static [&'static str],
    /// What may follow such a word in the name of a row of sums.
    summed: &'static [&'static str],
    /// What is written where an origin is meant.
    origins: &'static [(Origin, &'static [&'static str])],
    /// Words before or after an amount that do not change it.
    filler: &'static [&'static str],
    /// Words for powers of ten.
    scales: &'static [(&'static str, u32)],
}

/// A word or phrase that a header may consist of, or contain.
pub(crate) struct Word {
    text: &'static str,
    /// How sure it makes, 1 to 100.
    weight: u32,
    /// Whether it counts as a part of a longer header, too.
    within: bool,
}

const fn whole(text: &'static str, weight: u32) -> Word {
    Word { text, weight, within: false }
}

const fn part(text: &'static str, weight: u32) -> Word {
    Word { text, weight, within: true }
}

/// Weight from which a header says by itself what it is, and does not need its column's content to agree.
pub(crate) const SURE: u32 = 60;
/// What each further word of a header takes off a phrase that is a part of it.
const DILUTION: u32 = 4;
/// A header with more words than this is a sentence.
const LONGEST: usize = 12;

/// Lower case, words separated by one space, without punctuation, units and what stands in brackets.
///
/// `WholeLifeCost`, `whole_life_cost` and `Whole-life cost (£m)` are all `whole life cost`.
pub(crate) fn plain(header: &str) -> String {
    let bare = without_brackets(header);
    let bare =
        if bare.chars().any(char::is_alphanumeric) || bare.contains('#') { bare.as_str() } else { header };
    let mut out = String::with_capacity(bare.len());
    let mut previous = ' ';
    for c in bare.chars() {
        match c {
            '\'' | '’' => {}
            '&' => out.push_str(" and "),
            '#' => out.push_str(" # "),
            // The unit of *Cost £m* says nothing about what the column is.
            '£' | '€' | '$' | '¥' => out.push(c),
            c if c.is_alphanumeric() => {
                if c.is_uppercase() && previous.is_lowercase() {
                    out.push(' ');
                }
                out.extend(c.to_lowercase());
            }
            _ => out.push(' '),
        }
        previous = c;
    }
    let words = out.split_whitespace().filter(|word| !word.contains(['£', '€', '$', '¥']));
    words.collect::<Vec<_>>().join(" ")
}

fn without_brackets(header: &str) -> String {
    let mut depth = 0_u32;
    header
        .chars()
        .filter(|c| match c {
            '(' | '[' => {
                depth += 1;
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

/// Whether `phrase` stands in `text` as whole words.
fn contains(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + found.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether a header, in its [`plain`] form, cannot mean a field.
pub(crate) fn rules_out(plain: &str, field: Field) -> bool {
    LANGUAGES
        .iter()
        .flat_map(|language| language.never.iter())
        .filter(|(of, _)| *of == field)
        .flat_map(|(_, phrases)| phrases.iter())
        .any(|phrase| contains(plain, phrase))
}

/// How well a header, in its [`plain`] form, names a field: 0 not at all, 100 without a doubt.
pub(crate) fn weight(plain: &str, field: Field) -> u32 {
    let words = plain.split(' ').count();
    if plain.is_empty() || words > LONGEST || rules_out(plain, field) {
        return 0;
    }
    LANGUAGES
        .iter()
        .flat_map(|language| language.headers.iter())
        .filter(|(of, _)| *of == field)
        .flat_map(|(_, phrases)| phrases.iter())
        .filter_map(|word| {
            if plain == word.text {
                Some(word.weight)
            } else if word.within && contains(plain, word.text) {
                let others = u32::try_from(words - word.text.split(' ').count()).unwrap_or(u32::MAX);
                // A little less than the phrase alone, but still something however long the header is.
                Some(word.weight.saturating_sub(10 + DILUTION.saturating_mul(others)).max(5))
            } else {
                None
            }
        })
        .max()
        .unwrap_or(0)
}

/// The field that a header names best, and how well.
pub(crate) fn best(plain: &str) -> Option<(Field, u32)> {
    Field::ALL
        .into_iter()
        .map(|field| (field, weight(plain, field)))
        .filter(|(_, weight)| *weight > 0)
        .max_by_key(|(field, weight)| (*weight, std::cmp::Reverse(*field)))
}

/// Whether a row of this name is a sum of others.
pub(crate) fn is_total(name: &str) -> bool {
    let plain = plain(name);
    LANGUAGES.iter().any(|language| {
        language.totals.iter().any(|total| match plain.strip_prefix(total) {
            Some("") => true,
            Some(rest) => {
                rest.starts_with(' ') && rest.split_whitespace().all(|word| language.summed.contains(&word))
            }
            None => false,
        })
    })
}

/// The origin that a cell means, if its words are known.
pub(crate) fn origin(cell: &str) -> Option<Origin> {
    let plain = plain(cell);
    let cell = if plain.is_empty() { super::text::trim(cell) } else { plain.as_str() };
    LANGUAGES
        .iter()
        .flat_map(|language| language.origins.iter())
        .find(|(_, phrases)| phrases.contains(&cell))
        .map(|(origin, _)| *origin)
}

/// Whether a lower-case word beside an amount can be left out.
pub(crate) fn is_filler(word: &str) -> bool {
    LANGUAGES.iter().any(|language| language.filler.contains(&word))
}

/// The power of ten that a lower-case word beside an amount stands for.
pub(crate) fn scale(word: &str) -> Option<u32> {
    LANGUAGES
        .iter()
        .flat_map(|language| language.scales.iter())
        .find(|(text, _)| *text == word)
        .map(|(_, power)| *power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(header: &str) -> Option<Field> {
        best(&plain(header)).filter(|(_, weight)| *weight >= SURE).map(|(field, _)| field)
    }

    #[test]
    fn one_header_in_many_spellings_is_one_header() {
        for header in [
            "WholeLifeCost",
            "whole_life_cost",
            "Whole-life cost (£m)",
            "WHOLE LIFE COST",
            "Whole life cost £m",
        ] {
            assert_eq!(plain(header), "whole life cost", "{header}");
        }
        assert_eq!(plain("(Name)"), "name");
        assert_eq!(plain("#"), "#");
    }

    #[test]
    fn usual_headers_are_known() {
        for (header, field) in [
            ("Project", Field::Name),
            ("Project name", Field::Name),
            ("initiative_title", Field::Name),
            ("Description", Field::Summary),
            ("Senior Responsible Owner", Field::Sponsor),
            ("SRO", Field::Sponsor),
            ("Exec Sponsor (name)", Field::Sponsor),
            ("Project Manager", Field::Owner),
            ("Origin", Field::Origin),
            ("Budget 2024/25 (£k)", Field::Cost),
            ("Cost this year", Field::Cost),
            ("FTE (2024)", Field::People),
            ("No. of people", Field::People),
            ("Project ID", Field::Reference),
            ("GMPP ID Number", Field::Reference),
        ] {
            assert_eq!(named(header), Some(field), "{header}");
        }
    }

    #[test]
    fn a_word_in_other_company_means_something_else() {
        for header in
            ["Cost centre", "Project status", "Budget variance", "Cost RAG", "Staff satisfaction survey done"]
        {
            assert_eq!(named(header), None, "{header}");
        }
    }

    #[test]
    fn sums_are_told_from_projects_about_totals() {
        for name in ["Total", "TOTAL:", "Grand total", "Sub-total", "Total cost", "Total (all projects)"] {
            assert!(is_total(name), "{name}");
        }
        for name in ["Total Rewards refresh", "Totally digital", "Summary cards", ""] {
            assert!(!is_total(name), "{name}");
        }
    }

    #[test]
    fn origins_are_known_by_their_usual_words() {
        assert_eq!(origin("Strategic plan"), Some(Origin::Planned));
        assert_eq!(origin("Carried over"), Some(Origin::Legacy));
        assert_eq!(origin("pet project"), Some(Origin::Pet));
        assert_eq!(origin("Ad-hoc"), Some(Origin::New));
        assert_eq!(origin("?"), Some(Origin::Unknown));
        assert_eq!(origin("Infrastructure"), None);
    }
}
