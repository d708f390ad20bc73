//! A step's options as `[heading, text]` pairs: set by name, without touching what is not known here.

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
        use plumbline_shared::agenda::option;
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
}
