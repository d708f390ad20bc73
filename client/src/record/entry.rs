//! What somebody enters about a decision.

use plumbline_shared::{day::Day, json::Json};

use super::{Deed, Status};

/// A further entry, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NewEntry {
    /// It stands otherwise now.
    Status {
        /// How.
        status: Status,
        /// Why.
        reason: String,
        /// Which decision takes its place.
        superseded_by: Option<u64>,
        /// Who says so.
        by: String,
    },
    /// Something that it asks for is done.
    Done(NewDone),
    /// Those whom it concerns have been told.
    Told {
        /// By whom.
        told_by: String,
        /// On which day.
        told_on: Day,
        /// Who says so.
        by: String,
    },
}

/// That something is done, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewDone {
    /// What.
    pub(crate) what: Deed,
    /// By whom.
    pub(crate) done_by: String,
    /// On which day.
    pub(crate) done_on: Day,
    /// What came of it.
    pub(crate) note: String,
    /// When it is looked at again.
    pub(crate) next_review: Option<Day>,
    /// Who says so.
    pub(crate) by: String,
}

impl NewEntry {
    /// Where it goes, behind the decision's own path.
    pub(crate) const fn path(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Told { .. } => "told",
            Self::Done(_) => "done",
        }
    }
}

impl From<&NewEntry> for Json {
    fn from(entry: &NewEntry) -> Self {
        match entry {
            NewEntry::Status { status, reason, superseded_by, by } => Self::sparse(vec![
                ("status", status.as_str().into()),
                ("reason", reason.into()),
                ("superseded_by", (*superseded_by).into()),
                ("by", by.into()),
            ]),
            NewEntry::Done(NewDone { what, done_by, done_on, note, next_review, by }) => Self::sparse(vec![
                ("what", what.as_str().into()),
                ("done_by", done_by.into()),
                ("done_on", done_on.to_string().into()),
                ("note", note.into()),
                ("next_review", next_review.map(|day| day.to_string()).as_ref().into()),
                ("by", by.into()),
            ]),
            NewEntry::Told { told_by, told_on, by } => Self::sparse(vec![
                ("told_by", told_by.into()),
                ("told_on", told_on.to_string().into()),
                ("by", by.into()),
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_entry_goes_where_it_belongs_with_what_it_says() {
        let told_on = Day::parse("2026-11-28").unwrap();
        let told = NewEntry::Told { told_by: "Ben".to_owned(), told_on, by: String::new() };
        assert_eq!(told.path(), "told");
        assert_eq!(Json::from(&told).to_string(), r#"{"told_by":"Ben","told_on":"2026-11-28","by":""}"#);
        let done = NewEntry::Done(NewDone {
            what: Deed::FirstStep,
            done_by: "Ben".to_owned(),
            done_on: told_on,
            note: "Done".to_owned(),
            next_review: None,
            by: String::new(),
        });
        assert_eq!(done.path(), "done");
        let says = r#"{"what":"first_step","done_by":"Ben","done_on":"2026-11-28","note":"Done","by":""}"#;
        assert_eq!(Json::from(&done).to_string(), says);
        let (reason, by) = ("Sold".to_owned(), "Office".to_owned());
        let status = NewEntry::Status { status: Status::Superseded, reason, superseded_by: Some(7), by };
        assert_eq!(status.path(), "status");
        let says = r#"{"status":"superseded","reason":"Sold","superseded_by":7,"by":"Office"}"#;
        assert_eq!(Json::from(&status).to_string(), says);
    }
}
