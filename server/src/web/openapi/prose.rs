//! The little Markdown of descriptions: paragraphs, lists, `code`, **strong** and *stressed* words.

use maud::{Markup, html};

/// Paragraphs and lists.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
            @if block.lines().all(|line| line.starts_with("- ")) {
                ul { @for line in block.lines() { li { (inline(line.trim_start_matches("- "))) } } }
            } @else {
                p { (inline(block)) }
            }
        }
    }
}

/// One paragraph's words.
pub(super) fn inline(text: &str) -> Markup {
    html! { @for (mark, part) in parts(text) { @match mark {
        Mark::Plain => { (part) }
        Mark::Code => { code { (part) } }
        Mark::Strong => { strong { (part) } }
        Mark::Stressed => { em { (part) } }
    } } }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark {
    Plain,
    Code,
    Strong,
    Stressed,
}

/// The text in parts. A mark that is not closed is a sign like others.
fn parts(text: &str) -> Vec<(Mark, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    'text: while !rest.is_empty() {
        for (at, _) in rest.char_indices().filter(|(_, c)| matches!(c, '`' | '*')) {
            for (sign, mark) in [("`", Mark::Code), ("**", Mark::Strong), ("*", Mark::Stressed)] {
                let Some(inner) = rest[at..].strip_prefix(sign) else { continue };
                if let Some(end) = inner.find(sign).filter(|end| *end > 0) {
                    parts.push((Mark::Plain, &rest[..at]));
                    parts.push((mark, &inner[..end]));
                    rest = &inner[end + sign.len()..];
                    continue 'text;
                }
            }
        }
        parts.push((Mark::Plain, rest));
        break;
    }
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_what_is_none_stays() {
        let told = parts("**Lists** are `{items, next}`, *unsigned*; 2 * 3 is 6.");
        let wanted = [
            (Mark::Strong, "Lists"),
            (Mark::Plain, " are "),
            (Mark::Code, "{items, next}"),
            (Mark::Plain, ", "),
            (Mark::Stressed, "unsigned"),
            (Mark::Plain, "; 2 * 3 is 6."),
        ];
        assert_eq!(told, wanted);
        assert_eq!(parts("a ` b"), [(Mark::Plain, "a ` b")]);
        assert_eq!(
            prose("- `a`: <b>\n- c\n\nd").into_string(),
            "<ul><li><code>a</code>: &lt;b&gt;</li><li>c</li></ul><p>d</p>"
        );
    }
}
