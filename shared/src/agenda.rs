//! What a step of the agenda brings along: its options, read out of the `[heading, text]` pairs that stand on the board.
//!
//! They stand as pairs so that a template can say more than this release knows: what is not read here is kept.

use crate::{
    ids::ProjectId,
    limits,
    words::{Question, Subjects},
};

/// The names of the options that are read.
pub mod option {
    /// What the ballot is about: a word of [`super::Subjects`].
    pub const SUBJECTS: &str = "subjects";
    /// The projects of a shortlist: ids, with blanks between.
    pub const SHORTLIST: &str = "shortlist";
    /// One statement to be answered; comes as often as there are statements.
    pub const STATEMENT: &str = "statement";
    /// The question in the words in which it is asked.
    pub const PROMPT: &str = "prompt";
    /// How many dots each person has.
    pub const BUDGET: &str = "budget";
    /// How many dots of one person may lie on one project.
    pub const CAP: &str = "cap";
    /// The lowest number of the scale, 0 or 1.
    pub const LOWEST: &str = "lowest";
    /// One word of a scale that is answered in words, the least first; comes as often as there are words.
    pub const WORD: &str = "word";
    /// At a checkpoint: what the answers are taken for. A word of [`super::Asks`].
    pub const ASKS: &str = "asks";
    /// `yes`: each person has half of the cards.
    pub const HALF: &str = "half";
    /// How many of the step's minutes are for looking at what was revealed; the others are for answering.
    pub const REVEAL: &str = "reveal";
    /// What to do now, in one sentence, for everybody.
    pub const NOW: &str = "now";
    /// For the facilitator: what to say.
    pub const SAY: &str = "say";
    /// For the facilitator: what to do.
    pub const TODO: &str = "do";
    /// For the facilitator: what if the most powerful person in the room objects.
    pub const OBJECTION: &str = "objection";
    /// For the facilitator: what if it is late.
    pub const LATE: &str = "late";
    /// The script: what each of these says may be another thing once the step's tally is shown.
    pub const SCRIPT: [&str; 5] = [NOW, SAY, TODO, OBJECTION, LATE];
    /// What stands before the name of a text of the script for the time after the reveal: `revealed_now`.
    pub const REVEALED: &str = "revealed_";
}

/// A text of a step's script: `name` is one of [`option::SCRIPT`]. Once the tally is shown, the text for that time, if
/// there is one. Empty where the step has none.
#[must_use]
pub fn script<'p>(pairs: &'p [(String, String)], name: &str, revealed: bool) -> &'p str {
    let later = pairs.iter().find(|(heading, _)| heading.strip_prefix(option::REVEALED) == Some(name));
    let usual = pairs.iter().find(|(heading, _)| heading == name);
    later.filter(|_| revealed).or(usual).map_or("", |(_, text)| text)
}

/// How many words a scale may have.
pub const WORDS: std::ops::RangeInclusive<usize> = 2..=6;

/// What a checkpoint takes the answers of a step for: a scale of three words, the least first, and perhaps a fourth for
/// who cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Of stops: whether people or money are still seen on it. No, some, as much as before.
    Seen,
    /// Of moves: where it is against its target. Behind, on course, reached.
    Target,
    /// Of moves: whether its assumptions still hold. No, in part, yes.
    Assumptions,
}

/// What a checkpoint takes the answers of a step for, going by its options.
#[must_use]
pub fn asks(pairs: &[(String, String)]) -> Option<Asks> {
    let (_, text) = pairs.iter().find(|(heading, _)| heading == option::ASKS)?;
    match text.trim() {
        "seen" => Some(Asks::Seen),
        "target" => Some(Asks::Target),
        "assumptions" => Some(Asks::Assumptions),
        _ => None,
    }
}

/// How many of a step's `minutes` are for answering, and how many for what was revealed after that. A step that does
/// not say has all of them for the first.
#[must_use]
pub fn minutes_in_two(minutes: u32, pairs: &[(String, String)]) -> (u32, u32) {
    let said = pairs.iter().find(|(heading, _)| heading == option::REVEAL);
    let after = said.and_then(|(_, text)| text.trim().parse().ok()).unwrap_or(0).min(minutes);
    (minutes - after, after)
}

/// What a ballot that asks `question` can be about, the usual first.
#[must_use]
pub const fn subjects_of(question: Question) -> &'static [Subjects] {
    use Subjects::{
        All, Contested, Decided, Flagged, Moved, Off, Pillars, Session, Shortlist, Statements, Stopped,
    };
    match question {
        Question::Placement => &[All, Off, Contested, Flagged, Shortlist, Decided, Stopped, Moved],
        Question::Hobby => &[Off, Contested, Flagged, Shortlist, Decided, Stopped, Moved, All],
        Question::Verdict | Question::Dots => {
            &[Shortlist, Contested, Off, Flagged, Decided, Stopped, Moved, All]
        }
        Question::Scale => {
            &[Session, Statements, Decided, Stopped, Moved, Pillars, Shortlist, Contested, Off, Flagged, All]
        }
        Question::Text => {
            &[Session, Pillars, Statements, Shortlist, Decided, Stopped, Moved, Contested, Off, Flagged, All]
        }
    }
}

/// The options of a step, as far as they are known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What a ballot is about.
    pub subjects: Subjects,
    /// The projects of a shortlist, in the order in which they were picked.
    pub shortlist: Vec<ProjectId>,
    /// The statements, in their order.
    pub statements: Vec<String>,
    /// The words of a scale that is answered in words, the least first; none: it is answered in numbers.
    pub words: Vec<String>,
    /// The question in its own words; empty for the usual ones.
    pub prompt: String,
    /// Dots that each person has.
    pub budget: u32,
    /// Dots of one person on one project at most.
    pub cap: u32,
    /// The lowest number of the scale: 0 (fist to five) or 1.
    pub lowest: u8,
    /// Whether each person has half of the cards.
    pub half: bool,
}

/// Dots that each person has where the step does not say.
const BUDGET: u32 = 5;

impl Options {
    /// Reads the options of a step that asks `question`. What is missing or cannot be read is the usual.
    #[must_use]
    pub fn read(question: Question, pairs: &[(String, String)]) -> Self {
        let find =
            |name: &str| pairs.iter().find(|(heading, _)| heading == name).map(|(_, text)| text.trim());
        let number = |name: &str| find(name).and_then(|text| text.parse::<u32>().ok());
        let usual = subjects_of(question)[0];
        let budget = number(option::BUDGET).unwrap_or(BUDGET).clamp(1, limits::DOTS);
        let every = |name: &str| -> Vec<String> {
            let named = pairs.iter().filter(|(heading, text)| heading == name && !text.trim().is_empty());
            named.map(|(_, text)| text.trim().to_owned()).collect()
        };
        let mut words = if question == Question::Scale { every(option::WORD) } else { Vec::new() };
        if !WORDS.contains(&words.len()) {
            words.clear();
        }
        Self {
            subjects: find(option::SUBJECTS).and_then(Subjects::parse).unwrap_or(usual),
            shortlist: find(option::SHORTLIST)
                .unwrap_or_default()
                .split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect(),
            statements: every(option::STATEMENT),
            prompt: find(option::PROMPT).unwrap_or_default().to_owned(),
            budget,
            cap: number(option::CAP).unwrap_or(budget).clamp(1, budget),
            lowest: if words.is_empty() { u8::from(number(option::LOWEST) == Some(1)) } else { 0 },
            words,
            half: find(option::HALF) == Some("yes"),
        }
    }
}

impl Options {
    /// The options as releases read them that knew no checkpoints: a log of theirs is never judged anew.
    #[must_use]
    pub fn as_before_checkpoints(mut self, question: Question, pairs: &[(String, String)]) -> Self {
        self.words.clear();
        let find =
            |name: &str| pairs.iter().find(|(heading, _)| heading == name).map(|(_, text)| text.trim());
        self.lowest = u8::from(find(option::LOWEST).and_then(|text| text.parse::<u32>().ok()) == Some(1));
        if self.subjects.is_of_checkpoint() {
            self.subjects = subjects_of(question)[0];
        }
        self
    }
}

/// How many of `done` are told while `of` people answer: in steps that point at nobody. Below four people only nobody
/// and everybody are told apart, from four to eleven halves, above that thirds and quarters of the room.
#[must_use]
pub fn done_as_told(done: usize, of: usize) -> usize {
    if done >= of {
        return of;
    }
    let step = match of {
        0..=3 => of,
        4..=11 => of.div_ceil(2),
        _ => of.div_ceil(4),
    };
    done / step.max(1) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn what_a_step_leaves_out_is_the_usual() {
        let dots = Options::read(Question::Dots, &pairs(&[("budget", "7"), ("cap", "99")]));
        assert_eq!((dots.budget, dots.cap, dots.subjects), (7, 7, Subjects::Shortlist));
        let sort = Options::read(Question::Placement, &pairs(&[("half", "yes"), ("subjects", "nonsense")]));
        assert!(sort.half);
        assert_eq!(sort.subjects, Subjects::All);
        let pulse = Options::read(Question::Scale, &pairs(&[("lowest", "1"), ("statement", "I know why")]));
        assert_eq!((pulse.lowest, pulse.statements.len()), (1, 1));
    }

    #[test]
    fn a_script_goes_on_after_the_reveal() {
        let step =
            pairs(&[("now", "Sort."), ("revealed_now", "Look."), ("say", "Silence."), ("reveal", "5")]);
        assert_eq!((script(&step, "now", false), script(&step, "now", true)), ("Sort.", "Look."));
        assert_eq!((script(&step, "say", true), script(&step, "late", true)), ("Silence.", ""));
        assert_eq!(minutes_in_two(19, &step), (14, 5));
        assert_eq!(minutes_in_two(3, &step), (0, 3));
        assert_eq!(minutes_in_two(19, &pairs(&[("reveal", "soon")])), (19, 0));
    }

    #[test]
    fn every_ballot_is_about_projects_and_what_is_asked_in_general_about_anything() {
        for question in Question::ALL {
            let all = subjects_of(*question);
            let general = matches!(question, Question::Scale | Question::Text);
            for subjects in Subjects::ALL {
                let project =
                    !matches!(subjects, Subjects::Pillars | Subjects::Statements | Subjects::Session);
                let there = all.iter().filter(|other| *other == subjects).count();
                assert_eq!(there, usize::from(project || general), "{question}: {subjects}");
            }
        }
    }

    #[test]
    fn how_many_are_done_is_told_in_steps_that_point_at_nobody() {
        for of in 0..40 {
            let told: Vec<usize> = (0..=of).map(|done| done_as_told(done, of)).collect();
            assert_eq!(told.last(), Some(&of));
            assert!(told.windows(2).all(|pair| pair[0] <= pair[1]));
            assert!(told.iter().enumerate().all(|(done, told)| *told <= done));
            // No two people in a row can be told from each other, but for the last one.
            let steps = told[..of].windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert!(of < 4 || steps <= of / 2, "{of}: {told:?}");
        }
        assert_eq!((done_as_told(11, 12), done_as_told(5, 12), done_as_told(3, 7)), (9, 3, 0));
    }
}
