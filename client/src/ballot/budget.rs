//! Dots: so many each, so many on one at most.

use plumbline_shared::{answer::Answer, results::Round};

use super::sheet::Sheet;

/// What one person has to give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Dots together.
    pub(crate) all: u32,
    /// Dots on one item at most.
    pub(crate) cap: u32,
}

/// Why there is no other dot for an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoMore {
    /// All dots are given.
    Spent,
    /// No more may lie on one.
    Full,
}

impl Budget {
    /// What a round gives each person.
    pub(crate) fn of(round: &Round) -> Self {
        Self { all: round.budget, cap: round.cap }
    }

    /// How many dots are not given yet.
    pub(crate) fn left(self, sheet: &Sheet) -> u32 {
        self.all.saturating_sub(sheet.lines.iter().map(|line| dots(line.answer.as_ref())).sum())
    }

    /// Why none can be laid on an item with `on` dots while `left` are left, if none can.
    pub(crate) fn no_more(self, on: u32, left: u32) -> Option<NoMore> {
        if on >= self.cap {
            Some(NoMore::Full)
        } else if left == 0 {
            Some(NoMore::Spent)
        } else {
            None
        }
    }
}

/// The dots that an answer lays.
pub(crate) fn dots(answer: Option<&Answer>) -> u32 {
    match answer {
        Some(Answer::Dots { dots }) => *dots,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use plumbline_shared::{
        answer::Item,
        messages::{OwnAnswer, OwnBallot},
    };

    use super::*;

    fn sheet(given: &[u32]) -> Sheet {
        let own = OwnBallot {
            items: (0..given.len()).map(Item::statement).collect(),
            answers: given
                .iter()
                .enumerate()
                .map(|(at, dots)| OwnAnswer {
                    item: Item::statement(at),
                    value: Answer::Dots { dots: *dots },
                })
                .collect(),
            ..OwnBallot::default()
        };
        Sheet::of(&own, &[], |_| true)
    }

    #[test]
    fn nobody_gives_more_than_they_have() {
        let budget = Budget { all: 5, cap: 3 };
        assert_eq!(budget.left(&sheet(&[])), 5);
        let given = sheet(&[2, 1]);
        assert_eq!(budget.left(&given), 2);
        assert_eq!(budget.no_more(2, budget.left(&given)), None);
        assert_eq!(budget.no_more(3, 2), Some(NoMore::Full));
        assert_eq!(budget.no_more(1, 0), Some(NoMore::Spent));
        assert_eq!(budget.left(&sheet(&[3, 3])), 0, "a budget that was cut meanwhile is spent");
    }
}
