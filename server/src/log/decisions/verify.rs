//! Whether the decision log is what was written.

use serde::Serialize;

use super::{LogError, PAGE};
use crate::{
    log::chain::{self, Hash},
    store::{LogId, Position, Store},
};

/// What became of going through the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last one; zeros where there is none.
    pub head: Hash,
    /// The first entry that is not what was written.
    pub first_fault: Option<Fault>,
    /// Whether the hash that was asked for is that of an entry; `null` where none was.
    pub has_hash: Option<bool>,
}

/// An entry that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its number.
    pub number: u64,
    /// What is wrong with it, in words.
    pub what: String,
}

impl Verified {
    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        self.first_fault.is_none() && self.has_hash != Some(false)
    }
}

/// Goes through the whole log. With the hash of an entry that was noted elsewhere it is asked whether that entry is
/// there: a log that was rewritten as a whole does not have it.
///
/// # Errors
/// When the log cannot be read.
pub async fn verify(store: &dyn Store, noted: Option<Hash>) -> Result<Verified, LogError> {
    let mut verified =
        Verified { entries: 0, head: Hash::default(), first_fault: None, has_hash: noted.map(|_| false) };
    let mut after = Position::ZERO;
    loop {
        let page = store.read(&LogId::decisions(), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(verified) };
        after = last.position;
        for stored in &page {
            verified.entries += 1;
            let previous = std::mem::replace(&mut verified.head, chain::claimed(&stored.bytes));
            let read = chain::read(&stored.bytes)
                .and_then(|entry| chain::follows(&entry, verified.entries, previous));
            if let (Err(fault), None) = (read, &verified.first_fault) {
                verified.first_fault = Some(Fault { number: verified.entries, what: fault.to_string() });
            }
            if noted == Some(verified.head) {
                verified.has_hash = Some(true);
            }
        }
    }
}
