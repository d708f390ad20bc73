//! Whether the decision log is what was written.

use serde::Serialize;
use utoipa::ToSchema;

use super::{LogError, PAGE};
use crate::{
    log::chain::{self, Hash},
    store::{LogId, Position, Store},
};

/// What became of going through the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LogVerified)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LogFault)]
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

/// Goes through a log entry by entry, wherever they come from.
#[derive(Debug)]
pub struct Chain {
    verified: Verified,
    noted: Option<Hash>,
}

impl Chain {
    /// Before the first entry. `noted` is the hash of an entry that was noted elsewhere, if it is asked whether that is there.
    pub fn new(noted: Option<Hash>) -> Self {
        let has_hash = noted.map(|_| false);
        Self { verified: Verified { entries: 0, head: Hash::default(), first_fault: None, has_hash }, noted }
    }

    /// Takes in the next entry.
    pub fn add(&mut self, bytes: &[u8]) {
        let Self { verified, noted } = self;
        verified.entries += 1;
        let previous = std::mem::replace(&mut verified.head, chain::claimed(bytes));
        let read = chain::read(bytes).and_then(|entry| chain::follows(&entry, verified.entries, previous));
        if let (Err(fault), None) = (read, &verified.first_fault) {
            verified.first_fault = Some(Fault { number: verified.entries, what: fault.to_string() });
        }
        if *noted == Some(verified.head) {
            verified.has_hash = Some(true);
        }
    }

    /// What became of it.
    pub fn end(self) -> Verified {
        self.verified
    }
}

/// Goes through the whole log. With the hash of an entry that was noted elsewhere it is asked whether that entry is
/// there: a log that was rewritten as a whole does not have it.
///
/// # Errors
/// When the log cannot be read.
pub async fn verify(store: &dyn Store, noted: Option<Hash>) -> Result<Verified, LogError> {
    let mut chain = Chain::new(noted);
    let mut after = Position::ZERO;
    loop {
        let page = store.read(&LogId::decisions(), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(chain.end()) };
        after = last.position;
        for stored in &page {
            chain.add(&stored.bytes);
        }
    }
}
