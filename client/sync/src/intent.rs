//! What people do, in the design's words.
//!
//! An intent says what was meant, not how the document changes, so that it can be done again on another state of
//! the board: after a reload, or when the document had to be dropped.

use plumbline_shared::{
    board::Pile,
    ids::{NoteId, PillarId, ProjectId, StepId},
    words::StepKind,
};
use uuid::Uuid;

/// The number of an intent, in the order in which one page did them. It survives a reload with the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub u64);

/// A plain value of a field: a scalar or an array, never an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Empties the field.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list: of lines, or of `[heading, text]` pairs.
    List(Vec<Value>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<String>> for Value {
    fn from(lines: Vec<String>) -> Self {
        Self::List(lines.into_iter().map(Self::Text).collect())
    }
}

impl From<Vec<(String, String)>> for Value {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let pair = |(heading, text)| Self::List(vec![Self::Text(heading), Self::Text(text)]);
        Self::List(pairs.into_iter().map(pair).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Characters taken out of a text and others written in their place. All counts are UTF-16 units, as in a
/// browser's text fields. Positions past the end mean the end; a position inside a surrogate pair means its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Where.
    pub at: u32,
    /// How many units are taken out from there.
    pub remove: u32,
    /// What is written there.
    pub insert: String,
}

impl Splice {
    /// The shortest splice that makes `before` into `after`; `None` where they are equal.
    #[must_use]
    pub fn between(before: &str, after: &str) -> Option<Self> {
        if before == after {
            return None;
        }
        let units = |text: &str| text.encode_utf16().count() as u32;
        let head: usize =
            before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let tail: usize = before[head..]
            .chars()
            .rev()
            .zip(after[head..].chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        Some(Self {
            at: units(&before[..head]),
            remove: units(&before[head..before.len() - tail]),
            insert: after[head..after.len() - tail].to_owned(),
        })
    }

    /// Where a position stands once this splice is done. One at which it writes stays in front of what it writes.
    #[must_use]
    pub fn carry(&self, at: u32) -> u32 {
        if at <= self.at {
            at
        } else {
            let written = self.insert.encode_utf16().count() as u32;
            (at - self.at).saturating_sub(self.remove) + self.at + written
        }
    }

    /// This splice as it has to be done once `other`, made on the same text, is done. It never takes out what the
    /// other has written: of a removal around that, only the part in front of it is left.
    #[must_use]
    pub fn after(&self, other: &Self) -> Self {
        let end = self.at + self.remove;
        let (start, mut stop) = (other.carry(self.at), other.carry(end));
        if self.at < other.at && other.at < end && !other.insert.is_empty() {
            stop = other.at;
        }
        Self { at: start, remove: stop.saturating_sub(start), insert: self.insert.clone() }
    }
}

/// What somebody does to the board. Ids of new things are made by the page, fresh (UUID v7) each time. Fields are
/// named as in `plumbline_shared::schema`.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Places cards on a pile, in the order in which they are named. [`Pile::Unsorted`] takes their placements away.
    Place {
        /// Which cards.
        projects: Vec<ProjectId>,
        /// Where to.
        pile: Pile,
        /// The card of that pile before which they are put; none, or one that is not there: at the pile's end.
        before: Option<ProjectId>,
    },
    /// Takes cards off their piles: they are unsorted again.
    Unplace {
        /// Which cards.
        projects: Vec<ProjectId>,
    },
    /// Adds a project.
    AddProject {
        /// Its id, fresh.
        id: ProjectId,
        /// Its name.
        name: String,
        /// Further fields. Who added it is filled in here.
        with: Vec<(String, Value)>,
    },
    /// Sets a field of a project.
    EditProject {
        /// Which project.
        id: ProjectId,
        /// The field's name.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// Takes a project off the board.
    RemoveProject {
        /// Which project.
        id: ProjectId,
    },
    /// Adds a pillar, behind the others.
    AddPillar {
        /// Its id, fresh.
        id: PillarId,
        /// Its name.
        name: String,
        /// Further fields.
        with: Vec<(String, Value)>,
    },
    /// Sets a field of a pillar.
    EditPillar {
        /// Which pillar.
        id: PillarId,
        /// The field's name.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// Moves a pillar among the others.
    ShiftPillar {
        /// Which pillar.
        id: PillarId,
        /// The one before which it is put; none: at the end.
        before: Option<PillarId>,
    },
    /// Takes a pillar off the board. What stood on it is unsorted.
    RemovePillar {
        /// Which pillar.
        id: PillarId,
    },
    /// Adds a step to the agenda, behind the others.
    AddStep {
        /// Its id, fresh.
        id: StepId,
        /// What is done in it.
        kind: StepKind,
        /// Its title.
        title: String,
        /// Further fields.
        with: Vec<(String, Value)>,
    },
    /// Sets a field of a step.
    EditStep {
        /// Which step.
        id: StepId,
        /// The field's name.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// Moves a step within the agenda.
    ShiftStep {
        /// Which step.
        id: StepId,
        /// The one before which it is put; none: at the end.
        before: Option<StepId>,
    },
    /// Takes a step out of the agenda.
    RemoveStep {
        /// Which step.
        id: StepId,
    },
    /// Adds a note.
    AddNote {
        /// Its id, fresh.
        id: NoteId,
        /// The project or pillar that it is about.
        about: Uuid,
        /// What it says.
        text: String,
    },
    /// Writes in a note.
    EditNoteText {
        /// Which note.
        id: NoteId,
        /// What changes in its text.
        splice: Splice,
    },
    /// Takes a note off the board.
    RemoveNote {
        /// Which note.
        id: NoteId,
    },
    /// Sets a field of a decision.
    SetDecision {
        /// The project that it is about.
        project: ProjectId,
        /// The field's name.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// Writes in a decision's rationale.
    EditRationale {
        /// The project that the decision is about.
        project: ProjectId,
        /// What changes in the text.
        splice: Splice,
    },
    /// Takes the own last change back. The same as [`crate::Replica::undo`].
    Undo,
    /// Does again what was taken back last. The same as [`crate::Replica::redo`].
    Redo,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_splice_makes_one_text_into_the_other() {
        assert_eq!(Splice::between("same", "same"), None);
        let splice = Splice::between("a 𝄞 note", "a 𝄢 note").unwrap();
        assert_eq!(splice, Splice { at: 2, remove: 2, insert: "𝄢".to_owned() });
        assert_eq!(
            Splice::between("aa", "aaa").unwrap(),
            Splice { at: 2, remove: 0, insert: "a".to_owned() }
        );
        assert_eq!(Splice::between("abc", "").unwrap(), Splice { at: 0, remove: 3, insert: String::new() });
    }

    #[test]
    fn two_splices_of_one_text_go_one_after_the_other() {
        let splice = |at, remove, insert: &str| Splice { at, remove, insert: insert.to_owned() };
        let theirs = splice(4, 0, "old ");
        assert_eq!(splice(6, 2, "x").after(&theirs), splice(10, 2, "x"));
        assert_eq!(splice(2, 1, "x").after(&theirs), splice(2, 1, "x"));
        // What was written inside of what is taken out stays.
        assert_eq!(splice(2, 6, "").after(&theirs), splice(2, 2, ""));
        // What both take out is taken out once.
        assert_eq!(splice(2, 6, "").after(&splice(4, 8, "")), splice(2, 2, ""));
        assert_eq!(splice(5, 2, "y").after(&splice(4, 8, "")), splice(4, 0, "y"));
        assert_eq!((theirs.carry(4), theirs.carry(5), splice(4, 8, "").carry(6)), (4, 9, 4));
    }
}
