//! Tidying the text of a cell without changing what it says.

/// Text on one line: line breaks and control characters become single spaces, ends are trimmed.
pub(crate) fn one_line(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut after_break = false;
    for c in raw.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            after_break = true;
        } else {
            if after_break && !out.ends_with(' ') && c != ' ' {
                out.push(' ');
            }
            after_break = false;
            out.push(c);
        }
    }
    trim(&out).to_owned()
}

/// Text that may have several lines: line breaks become `\n`, other control characters but tabs go, ends are
/// trimmed.
pub(crate) fn lines(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    trim(&out).to_owned()
}

/// Without white space at the ends, and without the byte order marks that pasting leaves there.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Whether there is nothing to read in it.
pub(crate) fn is_blank(text: &str) -> bool {
    trim(text).is_empty()
}

/// At most `limit` characters, the last of them an ellipsis if something was cut, and whether it was.
pub(crate) fn cut(text: &str, limit: usize) -> (String, bool) {
    // Bytes bound characters from above, so most texts need no counting.
    if text.len() <= limit || text.chars().count() <= limit {
        return (text.to_owned(), false);
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    (short, true)
}

/// Two names are the same name if their keys are equal: case, white space, and the kinds of dashes and quotation
/// marks that programs replace on their own make no difference.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => {
                if !key.is_empty() && !key.ends_with(' ') {
                    key.push(' ');
                }
            }
            '‐' | '‑' | '‒' | '–' | '—' | '−' => key.push('-'),
            '‘' | '’' | '‚' | 'ʼ' | '´' | '`' => key.push('\''),
            '“' | '”' | '„' | '«' | '»' => key.push('"'),
            '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
            c => key.extend(c.to_lowercase()),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_another_case_spacing_and_typography() {
        assert_eq!(name_key("  Chief  Executive’s –\u{a0}Pledge "), name_key("chief executive's - pledge"));
        assert_ne!(name_key("Phase 1"), name_key("Phase 2"));
    }

    #[test]
    fn a_cut_text_has_the_limit_in_characters_and_shows_that_it_was_cut() {
        assert_eq!(cut("äöü", 3), ("äöü".to_owned(), false));
        assert_eq!(cut("äöüß", 3), ("äö…".to_owned(), true));
    }

    #[test]
    fn line_breaks_become_one_space_on_one_line_and_one_break_in_a_text() {
        assert_eq!(one_line(" a\r\n b\u{0}c "), "a b c");
        assert_eq!(lines("a\r\nb\rc\u{0}d\n"), "a\nb\ncd");
    }
}
