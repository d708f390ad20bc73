//! Text as Markdown shows it: as it is.

/// Writes a line; writing to a string cannot fail.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => {{
        use std::fmt::Write as _;
        let _ = writeln!($out, $($arg)*);
    }};
}
pub(super) use line;

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
pub(super) fn inline(text: &str) -> String {
    lines(text).map(escaped).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Text in a cell of a table.
pub(super) fn cell(text: &str) -> String {
    lines(text).map(|line| escaped(line.trim())).collect::<Vec<_>>().join("<br>")
}

/// Text in paragraphs of its own: line breaks stay, and no line begins a list, a heading or a rule.
pub(super) fn paragraph(text: &str) -> String {
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
