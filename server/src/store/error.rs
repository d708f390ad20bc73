//! What can go wrong with a store, said so that somebody can act on it.

use std::path::PathBuf;

/// Why a call to a store was not carried out.
///
/// Whoever appends may repeat the same call after any of them: what was refused is not in the log. The one
/// exceptions are those of which [`StoreError::may_have_landed`] says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk that holds {place} is full; free some space and what waits is saved by itself")]
    Full {
        /// The directory, or the server's address.
        place: String,
    },
    /// The data may not be written.
    #[error(
        "{place} cannot be written to; make the disk and the files writable for the user that runs this server, and what waits is saved by itself"
    )]
    ReadOnly {
        /// The directory, or the server's address.
        place: String,
    },
    /// Somebody else keeps the data locked.
    #[error("another program keeps the data in {place} locked; close it, and what waits is saved by itself")]
    Busy {
        /// The directory, or the server's address.
        place: String,
    },
    /// The server that keeps the data has no memory left.
    #[error(
        "the Redis at {place} has no memory left; raise its `maxmemory` or free some, and what waits is saved by itself"
    )]
    Memory {
        /// The server's address.
        place: String,
    },
    /// The server that keeps the data follows another one and takes no writes.
    #[error(
        "the Redis at {place} is a replica and takes no writes; what waits is saved by itself once a primary is there"
    )]
    Replica {
        /// The server's address.
        place: String,
    },
    /// The server that keeps the data does not do what it is asked.
    #[error(
        "the Redis at {place} refuses ({what}); see to its users and its disk, and what waits is saved by itself"
    )]
    Refused {
        /// The server's address.
        place: String,
        /// What was said.
        what: String,
    },
    /// The server that keeps the data cannot be reached, or is not ready: it was not asked, or has done nothing.
    #[error(
        "the Redis at {place} cannot be reached ({what}); what waits is saved by itself once it is there"
    )]
    Unreachable {
        /// The server's address.
        place: String,
        /// What was said.
        what: String,
    },
    /// The server that keeps the data was asked, and no answer came.
    #[error("the Redis at {place} has not answered ({what}); what waits is saved by itself, and counts once")]
    Unanswered {
        /// The server's address.
        place: String,
        /// What was said.
        what: String,
    },
    /// The data was removed, replaced, or lies on a disk that is gone, while the server was using it.
    #[error(
        "the data in {place} was removed or replaced under the running server; put it back, or stop the server and start it again"
    )]
    Gone {
        /// The directory, or the server's address.
        place: String,
    },
    /// The data is damaged.
    #[error(
        "the data in {place} is damaged ({what}); stop the server, copy the directory, run `plumbline check`, and restore a backup if it says so"
    )]
    Damaged {
        /// The directory, or the server's address.
        place: String,
        /// What was found.
        what: String,
    },
    /// One entry or snapshot is larger than a store takes.
    #[error(
        "{size} bytes are more than the {limit} that one entry or snapshot may have; make the change in smaller parts"
    )]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The store was closed: the server is stopping.
    #[error("the server is stopping; connect again in a moment")]
    Closed,
    /// Anything else.
    #[error("saving in {place} failed ({what}); look at the disk that holds it, and at the server's log")]
    Fault {
        /// The directory, or the server's address.
        place: String,
        /// What was said.
        what: String,
    },
}

impl StoreError {
    /// Whether the same call can succeed later without anybody changing what it asks: worth trying again.
    pub fn passes(&self) -> bool {
        match self {
            Self::Full { .. }
            | Self::ReadOnly { .. }
            | Self::Busy { .. }
            | Self::Gone { .. }
            | Self::Memory { .. }
            | Self::Replica { .. }
            | Self::Refused { .. }
            | Self::Unreachable { .. }
            | Self::Unanswered { .. }
            | Self::Fault { .. } => true,
            Self::Damaged { .. } | Self::TooLarge { .. } | Self::Closed => false,
        }
    }

    /// Whether the call may have been carried out all the same: the answer was lost on the way, or a crash at that very
    /// moment may have kept it.
    pub fn may_have_landed(&self) -> bool {
        matches!(self, Self::Unanswered { .. } | Self::Fault { .. })
    }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be made or used.
    #[error(
        "the data directory {} cannot be used ({source}); name another one with --data, or make this one writable for you", path.display()
    )]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process uses the data directory.
    #[error(
        "another Plumbline{} is using {}; stop it, or give this one a directory of its own with --data",
        process.map(|id| format!(" (process {id})")).unwrap_or_default(), path.display()
    )]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The other process, if it said who it is.
        process: Option<u32>,
    },
    /// The file is a database of something else.
    #[error("{} is not Plumbline's; name another directory with --data", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The data was written by a newer Plumbline.
    #[error(
        "{} was written by a newer Plumbline (its schema is {found}, this one knows up to {known}); use that version or a later one", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest version that we know.
        known: i64,
    },
    /// An address of Redis does not read. It is not repeated: there may be a password in it.
    #[error(
        "the address of Redis does not read; write redis://host:6379, redis://user:password@host:6379/0, or rediss://… with TLS, and several with commas between"
    )]
    Address,
    /// The server is too old.
    #[error("the Redis at {place} is version {found}; use 6.2 or later, 7 or later if you can, or Valkey")]
    TooOld {
        /// The server's address.
        place: String,
        /// Its version.
        found: String,
    },
    /// The store itself refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
