//! What somebody enters about a decision.

use plumbline_shared::{day::Day, json::Json};

use super::Status;

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

impl NewEntry {
    /// Where it goes, behind the decision's own path.
    pub(crate) const fn path(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Told { .. } => "told",
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
        let (reason, by) = ("Sold".to_owned(), "Office".to_owned());
        let status = NewEntry::Status { status: Status::Superseded, reason, superseded_by: Some(7), by };
        assert_eq!(status.path(), "status");
        let says = r#"{"status":"superseded","reason":"Sold","superseded_by":7,"by":"Office"}"#;
        assert_eq!(Json::from(&status).to_string(), says);
    }
}
