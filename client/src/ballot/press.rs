//! What a key stands for while a ballot is open.

use plumbline_shared::words::Question;

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// The choice of that number, counted from 0.
    Choice(usize),
    /// None of them: off strategy, nothing ticked.
    Neither,
    /// *I don't know it*.
    Unknown,
    /// On, without an answer.
    On,
    /// Back to the one before.
    Back,
    /// Takes the answer back.
    TakeBack,
}

/// What `key` stands for in a round that asks `question` and offers so many `choices`.
pub(crate) fn press(question: Question, choices: usize, key: &str) -> Option<Press> {
    let digit = key.parse::<usize>().ok().filter(|_| key.len() == 1);
    match (question, digit) {
        // The fist is a choice like the others: numbers stand for themselves.
        (Question::Scale, Some(number)) => return (number <= 5).then_some(Press::Choice(number)),
        (Question::Placement | Question::Hobby, Some(0)) => return Some(Press::Neither),
        (Question::Placement | Question::Hobby | Question::Verdict, Some(number)) => {
            return number.checked_sub(1).filter(|at| *at < choices).map(Press::Choice);
        }
        _ => {}
    }
    match key {
        "u" | "U" if question == Question::Placement => Some(Press::Unknown),
        "ArrowRight" | "ArrowDown" => Some(Press::On),
        "ArrowLeft" | "ArrowUp" | "Backspace" => Some(Press::Back),
        "Delete" => Some(Press::TakeBack),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_the_pile_of_that_number() {
        let key = |key| press(Question::Placement, 6, key);
        assert_eq!(key("1"), Some(Press::Choice(0)));
        assert_eq!(key("6"), Some(Press::Choice(5)));
        assert_eq!(key("7"), None, "there are six");
        assert_eq!(key("0"), Some(Press::Neither));
        assert_eq!((key("u"), key("U")), (Some(Press::Unknown), Some(Press::Unknown)));
        assert_eq!((key("ArrowLeft"), key("Backspace")), (Some(Press::Back), Some(Press::Back)));
        assert_eq!((key("ArrowRight"), key("Delete")), (Some(Press::On), Some(Press::TakeBack)));
        assert_eq!((key("F1"), key("12"), key("Enter"), key("Tab")), (None, None, None, None));
    }

    #[test]
    fn other_questions_have_their_own() {
        assert_eq!(press(Question::Scale, 6, "0"), Some(Press::Choice(0)));
        assert_eq!(press(Question::Scale, 6, "6"), None);
        assert_eq!(press(Question::Verdict, 3, "3"), Some(Press::Choice(2)));
        assert_eq!((press(Question::Verdict, 3, "0"), press(Question::Verdict, 3, "u")), (None, None));
        assert_eq!(press(Question::Hobby, 3, "0"), Some(Press::Neither));
        assert_eq!(press(Question::Hobby, 3, "4"), None);
        assert_eq!(press(Question::Text, 0, "1"), None);
    }
}
