//! The options of a step: which there are, where each belongs, and what it may say.

use plumbline_shared::{
    agenda::{WORDS, option, subjects_of},
    ids, limits,
    words::{Question, Subjects},
};

/// How many statements one ballot asks at most: a page shows them all.
pub(super) const STATEMENTS: usize = 24;

/// Names that begin like this are the author's own: kept, and not read.
const OWN: &str = "x-";

/// Every option that is read, but for the script's texts after the reveal.
const ASKS: &[&str] = &[
    option::SUBJECTS,
    option::SHORTLIST,
    option::STATEMENT,
    option::PROMPT,
    option::BUDGET,
    option::CAP,
    option::LOWEST,
    option::WORD,
    option::ASKS,
    option::HALF,
    option::REVEAL,
];

/// A step as far as its options depend on it.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    pub(super) question: Option<Question>,
    pub(super) minutes: u32,
}

/// Whether `name` is one of the author's own.
fn is_own(name: &str) -> bool {
    name.len() > OWN.len() && name.starts_with(OWN)
}

/// Whether an option can have several texts.
pub(super) fn is_list(name: &str) -> bool {
    name == option::STATEMENT || name == option::WORD || is_own(name)
}

/// Whether an option is one, and of such a step; otherwise what to do.
pub(super) fn belongs(asker: Asker, name: &str) -> Result<(), String> {
    let script = option::SCRIPT.contains(&name);
    let revealed = name.strip_prefix(option::REVEALED).is_some_and(|rest| option::SCRIPT.contains(&rest));
    if !(script || revealed || is_own(name) || ASKS.contains(&name)) {
        let known = [ASKS, &option::SCRIPT].concat().join(", ");
        return Err(format!(
            "`{name}` is no option. There are {known}, the last five with `{}` before them too, and your own, which \
             begin with `{OWN}`",
            option::REVEALED
        ));
    }
    if name.chars().count() > limits::TITLE {
        return Err(format!("the name of an option has at most {} characters", limits::TITLE));
    }
    if asker.question.is_none() && (revealed || ASKS.contains(&name)) {
        return Err(format!("`{name}` belongs to a step that asks something: a ballot, or commit"));
    }
    match name {
        option::BUDGET | option::CAP if asker.question != Some(Question::Dots) => {
            Err(format!("`{name}` belongs to a ballot of dots"))
        }
        option::LOWEST | option::WORD | option::ASKS if asker.question != Some(Question::Scale) => {
            Err(format!("`{name}` belongs to a ballot on a scale"))
        }
        _ => Ok(()),
    }
}

/// Whether the text of an option that belongs to the step fits it; otherwise what to do.
pub(super) fn fits(asker: Asker, name: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("`{name}` says nothing. Leave it out, or write something"));
    }
    match name {
        option::SUBJECTS => subjects(asker, text),
        option::SHORTLIST => {
            within(name, text, limits::PARAGRAPH)?;
            if text.trim() == text && text.split_whitespace().all(ids::is_canonical) {
                return Ok(());
            }
            Err("`shortlist` has the ids of projects, with blanks between them".to_owned())
        }
        option::BUDGET | option::CAP => match whole(text) {
            Some(1..=limits::DOTS) => Ok(()),
            _ => Err(format!("`{name}` is a whole number from 1 to {}, in digits", limits::DOTS)),
        },
        option::LOWEST => one_of(name, text, &["0", "1"]),
        option::HALF => one_of(name, text, &["yes", "no"]),
        option::REVEAL => match whole(text) {
            Some(minutes) if minutes <= asker.minutes => Ok(()),
            _ => Err(format!(
                "`reveal` says how many of the step's {} minutes are for what was revealed, in digits",
                asker.minutes
            )),
        },
        option::ASKS => one_of(name, text, &["seen", "target", "assumptions"]),
        option::WORD => line(name, text, limits::TITLE),
        option::STATEMENT | option::NOW => line(name, text, limits::LINE),
        _ if name.strip_prefix(option::REVEALED) == Some(option::NOW) => line(name, text, limits::LINE),
        option::PROMPT => within(name, text, limits::LINE),
        _ => within(name, text, limits::PARAGRAPH),
    }
}

/// Whether the options of a step fit each other; otherwise what to do.
pub(super) fn check_together(pairs: &[(String, String)]) -> Result<(), String> {
    let find = |name: &str| pairs.iter().find(|(heading, _)| heading == name).map(|(_, text)| text.as_str());
    let statements = pairs.iter().filter(|(heading, _)| heading == option::STATEMENT).count();
    let words = pairs.iter().filter(|(heading, _)| heading == option::WORD).count();
    if words > 0 && !WORDS.contains(&words) {
        return Err(format!(
            "it has {words} `word`. A scale in words has {} to {}",
            WORDS.start(),
            WORDS.end()
        ));
    }
    if words > 0 && find(option::LOWEST).is_some() {
        return Err("it has `word` and `lowest`: a scale in words has no numbers. Leave one out".to_owned());
    }
    if find(option::ASKS).is_some() && words < 3 {
        return Err(
            "it has `asks`, which takes three `word`, the least first; a fourth is for who cannot tell"
                .to_owned(),
        );
    }
    match (find(option::SUBJECTS) == Some(Subjects::Statements.as_str()), statements) {
        (true, 0) => return Err("it is about statements and has none: add `statement`".to_owned()),
        (false, 1..) => {
            return Err("it has statements and is not about them: set `subjects` to `statements`".to_owned());
        }
        (true, count) if count > STATEMENTS => {
            return Err(format!("it has {count} statements. Ask {STATEMENTS} at most"));
        }
        _ => {}
    }
    if let (Some(cap), Some(budget)) =
        (find(option::CAP).and_then(whole), find(option::BUDGET).and_then(whole))
        && cap > budget
    {
        return Err(format!("`cap` is {cap} and `budget` {budget}: nobody has as many dots"));
    }
    if pairs.len() > limits::LIST {
        return Err(format!("it has more than {} options, statements counted one by one", limits::LIST));
    }
    Ok(())
}

fn subjects(asker: Asker, text: &str) -> Result<(), String> {
    let possible = asker.question.map_or(&[][..], subjects_of);
    if possible.iter().any(|subjects| subjects.as_str() == text) {
        return Ok(());
    }
    let words = possible.iter().map(|subjects| subjects.as_str()).collect::<Vec<_>>().join(", ");
    Err(format!("`subjects` is one of {words}"))
}

fn one_of(name: &str, text: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&text) { Ok(()) } else { Err(format!("`{name}` is {}", words.join(" or "))) }
}

fn line(name: &str, text: &str, most: usize) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err(format!("`{name}` is one line"));
    }
    within(name, text, most)
}

fn within(name: &str, text: &str, most: usize) -> Result<(), String> {
    if text.chars().count() > most {
        return Err(format!("`{name}` has more than {most} characters. Shorten it"));
    }
    Ok(())
}

/// A whole number in digits, as its only spelling.
fn whole(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text && number < 10_000).then_some(number)
}
