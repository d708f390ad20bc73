//! A step's options as `[heading, text]` pairs: set by name, without touching what is not known here.

use plumbline_shared::{
    agenda::{Options, option, subjects_of},
    words::{Question, Subjects},
};

/// The names of what a step says and has the facilitator say once its tally is shown, in the order of
/// [`plumbline_shared::agenda::option::SCRIPT`].
pub(crate) const REVEALED: [&str; 5] =
    ["revealed_now", "revealed_say", "revealed_do", "revealed_objection", "revealed_late"];

/// `options` with these texts under `name`, where its first stood, else behind all others. Empty ones are left out.
pub(crate) fn with(options: &[(String, String)], name: &str, texts: &[String]) -> Vec<(String, String)> {
    let first = options.iter().position(|(heading, _)| heading == name);
    let mut set: Vec<_> = options.iter().filter(|(heading, _)| heading != name).cloned().collect();
    // What stands before the first has other names, and stays where it is.
    let at = first.unwrap_or(set.len());
    let texts = texts.iter().filter(|text| !text.trim().is_empty());
    set.splice(at..at, texts.map(|text| (name.to_owned(), text.trim().to_owned())));
    set
}

/// What of `options` belongs to a step that asks `question` and takes so many minutes: as strict as who reads templates,
/// so that every agenda that was written on a page can be taken along and brought somewhere else.
pub(crate) fn fitting(
    question: Option<Question>,
    minutes: u32,
    options: &[(String, String)],
) -> Vec<(String, String)> {
    let read = question.map(|question| Options::read(question, options));
    let about = question.zip(read.as_ref()).map(|(question, read)| {
        let possible = subjects_of(question);
        if possible.contains(&read.subjects) { read.subjects } else { possible[0] }
    });
    let mut known: Vec<&str> = Vec::new();
    let mut fitting = Vec::with_capacity(options.len());
    for (name, text) in options {
        let revealed = name.strip_prefix(option::REVEALED).is_some_and(|rest| option::SCRIPT.contains(&rest));
        let fits = match name.as_str() {
            option::SUBJECTS => {
                let said = Subjects::parse(text.trim());
                question.zip(said).is_some_and(|(question, said)| subjects_of(question).contains(&said))
            }
            option::SHORTLIST => about == Some(Subjects::Shortlist),
            option::STATEMENT => about == Some(Subjects::Statements),
            option::BUDGET | option::CAP => question == Some(Question::Dots),
            option::WORD => read.as_ref().is_some_and(|read| !read.words.is_empty()),
            option::ASKS => read.as_ref().is_some_and(|read| read.words.len() >= 3),
            option::LOWEST => {
                question == Some(Question::Scale) && read.as_ref().is_some_and(|read| read.words.is_empty())
            }
            option::PROMPT | option::HALF | option::REVEAL => question.is_some(),
            _ => question.is_some() || !revealed,
        };
        // Of one name there is one text, but of statements and of what is not known here.
        let again = known.contains(&name.as_str()) && (is_read(name) || revealed) && !is_list(name);
        let text = match (name.as_str(), &read) {
            (option::BUDGET, Some(read)) => read.budget.to_string(),
            (option::CAP, Some(read)) => read.cap.to_string(),
            (option::LOWEST, Some(read)) => read.lowest.to_string(),
            (option::REVEAL, _) => text.trim().parse::<u32>().unwrap_or(0).min(minutes).to_string(),
            _ => text.trim().to_owned(),
        };
        if fits && !again && !text.is_empty() {
            known.push(name);
            fitting.push((name.clone(), text));
        }
    }
    fitting
}

/// Whether an option may come more than once.
fn is_list(name: &str) -> bool {
    name == option::STATEMENT || name == option::WORD
}

/// Whether an option is one that is read.
fn is_read(name: &str) -> bool {
    option::SCRIPT.contains(&name)
        || [
            option::SUBJECTS,
            option::SHORTLIST,
            option::PROMPT,
            option::BUDGET,
            option::CAP,
            option::LOWEST,
            option::ASKS,
            option::HALF,
            option::REVEAL,
        ]
        .contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_is_said_after_the_reveal_is_the_script_under_other_names() {
        assert_eq!(
            REVEALED.map(str::to_owned),
            option::SCRIPT.map(|name| format!("{}{name}", option::REVEALED))
        );
    }

    #[test]
    fn an_option_is_set_in_its_place_and_all_others_stay() {
        let options = pairs(&[("say", "Hello"), ("statement", "a"), ("unheard of", "x"), ("statement", "b")]);
        assert_eq!(
            with(&options, "statement", &texts(&["c ", "", "d"])),
            pairs(&[("say", "Hello"), ("statement", "c"), ("statement", "d"), ("unheard of", "x")])
        );
        assert_eq!(with(&options, "say", &[]), options[1..]);
        assert_eq!(with(&options, "late", &texts(&["Cut"])).last(), Some(&pairs(&[("late", "Cut")])[0]));
    }

    #[test]
    fn what_belongs_to_another_question_goes_with_it() {
        let dots = pairs(&[
            ("subjects", "shortlist"),
            ("shortlist", "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f"),
            ("budget", "07"),
            ("cap", "9"),
            ("reveal", "12"),
            ("x-mine", "a"),
            ("x-mine", "b"),
            ("say", "Hello"),
            ("revealed_say", "Look"),
        ]);
        let fit = fitting(Some(Question::Dots), 10, &dots);
        assert_eq!(fit[2..5], pairs(&[("budget", "7"), ("cap", "7"), ("reveal", "10")]));
        assert_eq!(fit.len(), dots.len());
        assert_eq!(
            fitting(Some(Question::Scale), 10, &dots),
            pairs(&[
                ("subjects", "shortlist"),
                ("shortlist", "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f"),
                ("reveal", "10"),
                ("x-mine", "a"),
                ("x-mine", "b"),
                ("say", "Hello"),
                ("revealed_say", "Look"),
            ])
        );
        assert_eq!(fitting(None, 10, &dots), pairs(&[("x-mine", "a"), ("x-mine", "b"), ("say", "Hello")]));
        let pulse =
            pairs(&[("subjects", "statements"), ("statement", "a"), ("statement", "b"), ("lowest", "1")]);
        assert_eq!(fitting(Some(Question::Scale), 5, &pulse), pulse);
        assert_eq!(fitting(Some(Question::Placement), 5, &pulse), []);
    }
}
