//! The lines of one's own ballot, in one's own order, and the way through them.

use plumbline_shared::{
    answer::{Answer, Item},
    messages::OwnBallot,
};

/// One line of a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What it is about.
    pub(crate) item: Item,
    /// The answer; none: not answered.
    pub(crate) answer: Option<Answer>,
    /// Whether its person sits out on it.
    pub(crate) out: bool,
    /// Whether the server has confirmed what stands here.
    pub(crate) confirmed: bool,
}

impl Line {
    /// Whether it waits for an answer.
    pub(crate) fn is_open(&self) -> bool {
        self.answer.is_none() && !self.out
    }
}

/// How far one's answers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saving {
    /// The server has all of them.
    Confirmed,
    /// So many are on their way.
    Sending(usize),
    /// There is no connection: so many are kept on this device.
    Kept(usize),
}

impl Saving {
    /// The one word for it: for styles and tests.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Sending(_) => "sending",
            Self::Kept(_) => "kept",
        }
    }
}

/// One's own part in a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// The lines, in one's own order.
    pub(crate) lines: Vec<Line>,
    /// Whether its person has said that they have finished.
    pub(crate) done: bool,
}

impl Sheet {
    /// Of a ballot, what is still there: `is_there` says so of an item. What its person sits out on stands in its place
    /// where the order names it, else at the end.
    pub(crate) fn of(own: &OwnBallot, unconfirmed: &[Item], is_there: impl Fn(&Item) -> bool) -> Self {
        let out: Vec<Item> = own.out.iter().map(|project| Item::project(*project)).collect();
        let mut items = own.items.clone();
        items.extend(out.iter().filter(|item| !own.items.contains(item)).cloned());
        // Where cards are shared out, one that was answered may be somebody else's by now; the answer counts.
        let given = own.answers.iter().map(|own| &own.item).filter(|item| !items.contains(item));
        items.extend(given.cloned().collect::<Vec<_>>());
        items.retain(is_there);
        let lines = items
            .into_iter()
            .map(|item| {
                let answer = own.answers.iter().find(|own| own.item == item).map(|own| own.value.clone());
                let (out, confirmed) = (out.contains(&item), !unconfirmed.contains(&item));
                Line { item, answer, out, confirmed }
            })
            .collect();
        Self { lines, done: own.done }
    }

    /// Where an item stands.
    pub(crate) fn at(&self, item: &Item) -> Option<usize> {
        self.lines.iter().position(|line| line.item == *item)
    }

    /// The line of an item.
    pub(crate) fn line(&self, item: &Item) -> Option<&Line> {
        self.lines.iter().find(|line| line.item == *item)
    }

    /// The answer to an item.
    pub(crate) fn answer(&self, item: &Item) -> Option<&Answer> {
        self.line(item)?.answer.as_ref()
    }

    /// How many lines are answered.
    pub(crate) fn answered(&self) -> usize {
        self.lines.iter().filter(|line| line.answer.is_some() && !line.out).count()
    }

    /// How many there are to answer.
    pub(crate) fn of_all(&self) -> usize {
        self.lines.iter().filter(|line| !line.out).count()
    }

    /// Whether nothing waits for an answer.
    pub(crate) fn is_full(&self) -> bool {
        !self.lines.iter().any(Line::is_open)
    }

    /// The first line that waits for an answer.
    pub(crate) fn first_open(&self) -> Option<Item> {
        self.lines.iter().find(|line| line.is_open()).map(|line| line.item.clone())
    }

    /// Where to go on behind `item`: to the next line that waits for an answer. A line on which its person sits out
    /// is passed by as well, so that they know. None: at the end, where what is left is looked over.
    pub(crate) fn next(&self, item: &Item) -> Option<Item> {
        let behind = self.at(item)? + 1;
        let rest = self.lines.get(behind..).unwrap_or_default();
        // Lines that one sits out on are worth a stop only on the way to something.
        let on = rest.iter().position(Line::is_open)?;
        rest[..=on].iter().find(|line| line.is_open() || line.out).map(|line| line.item.clone())
    }

    /// The line beside `item` in the order, answered or not.
    pub(crate) fn beside(&self, item: &Item, back: bool) -> Option<Item> {
        let at = self.at(item)?;
        let to = if back { at.checked_sub(1)? } else { at + 1 };
        self.lines.get(to).map(|line| line.item.clone())
    }

    /// The last line: where *back* leads from the end.
    pub(crate) fn last(&self) -> Option<Item> {
        self.lines.last().map(|line| line.item.clone())
    }

    /// How far the answers are kept, by whether there is a connection.
    pub(crate) fn saving(&self, connected: bool) -> Saving {
        match (self.lines.iter().filter(|line| !line.confirmed).count(), connected) {
            (0, _) => Saving::Confirmed,
            (count, true) => Saving::Sending(count),
            (count, false) => Saving::Kept(count),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use plumbline_shared::{ids::ProjectId, messages::OwnAnswer, words::OFF};
    use uuid::Uuid;

    use super::*;

    fn project(n: u128) -> ProjectId {
        ProjectId(Uuid::from_u128(n))
    }

    fn item(n: u128) -> Item {
        Item::project(project(n))
    }

    /// A ballot over `items`, with answers to some and without a part in others.
    fn ballot(items: &[u128], answered: &[u128], out: &[u128]) -> OwnBallot {
        let value = Answer::Pile { pillar: OFF.to_owned() };
        OwnBallot {
            items: items.iter().map(|n| item(*n)).collect(),
            answers: answered.iter().map(|n| OwnAnswer { item: item(*n), value: value.clone() }).collect(),
            out: out.iter().map(|n| project(*n)).collect(),
            ..OwnBallot::default()
        }
    }

    fn sheet(items: &[u128], answered: &[u128], out: &[u128]) -> Sheet {
        Sheet::of(&ballot(items, answered, out), &[], |_| true)
    }

    #[test]
    fn the_order_is_ones_own() {
        let sheet = sheet(&[5, 2, 9], &[], &[]);
        assert_eq!(sheet.first_open(), Some(item(5)));
        assert_eq!(sheet.next(&item(5)), Some(item(2)));
        assert_eq!(sheet.next(&item(2)), Some(item(9)));
        assert_eq!(sheet.beside(&item(9), true), Some(item(2)));
        assert_eq!(sheet.beside(&item(5), true), None);
        assert_eq!(sheet.last(), Some(item(9)));
    }

    #[test]
    fn nothing_is_asked_twice() {
        let sheet = sheet(&[1, 2, 3, 4], &[1, 3], &[]);
        assert_eq!(sheet.first_open(), Some(item(2)));
        assert_eq!(sheet.next(&item(2)), Some(item(4)), "what is answered is passed over");
        assert_eq!((sheet.answered(), sheet.of_all(), sheet.is_full()), (2, 4, false));
    }

    #[test]
    fn what_was_skipped_is_left_for_the_end() {
        let before = sheet(&[1, 2, 3], &[2, 3], &[]);
        assert_eq!(before.next(&item(1)), None, "nothing behind it waits, so what is left is looked over");
        assert_eq!(before.first_open(), Some(item(1)));
        assert!(sheet(&[1, 2], &[1, 2], &[]).is_full());
    }

    #[test]
    fn a_sponsor_passes_their_own_project_and_it_counts_for_nothing() {
        let sheet = sheet(&[1, 2, 3], &[], &[2]);
        assert_eq!(sheet.next(&item(1)), Some(item(2)), "they see that they sit out");
        assert_eq!(sheet.next(&item(2)), Some(item(3)));
        assert_eq!(sheet.of_all(), 2);
        let full = self::sheet(&[1, 2, 3], &[1, 3], &[2]);
        assert!(full.is_full());
        assert_eq!(full.next(&item(1)), None, "it is no errand of its own");
        assert_eq!(
            self::sheet(&[3, 1], &[], &[2]).lines[2].item,
            item(2),
            "it stands at the end, if nowhere"
        );
    }

    #[test]
    fn an_answer_stays_with_its_person_when_the_card_is_shared_out_anew() {
        let mut own = ballot(&[1, 2], &[2], &[]);
        own.items.pop();
        let sheet = Sheet::of(&own, &[], |_| true);
        assert_eq!((sheet.answered(), sheet.of_all()), (1, 2));
    }

    #[test]
    fn what_was_taken_off_the_board_is_not_asked() {
        let sheet = Sheet::of(&ballot(&[1, 2, 3], &[], &[]), &[], |there| *there != item(2));
        assert_eq!(sheet.next(&item(1)), Some(item(3)));
        assert_eq!(sheet.next(&item(2)), None);
    }

    #[test]
    fn each_answer_is_known_as_confirmed_or_not() {
        let sheet = Sheet::of(&ballot(&[1, 2], &[1, 2], &[]), &[item(2)], |_| true);
        assert!(sheet.line(&item(1)).unwrap().confirmed && !sheet.line(&item(2)).unwrap().confirmed);
        assert_eq!(sheet.saving(true), Saving::Sending(1));
        assert_eq!(sheet.saving(false), Saving::Kept(1));
        assert_eq!(self::sheet(&[1], &[1], &[]).saving(false), Saving::Confirmed);
    }
}
