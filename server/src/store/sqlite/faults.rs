//! What SQLite says went wrong, in the words of the store.

use std::path::Path;

use rusqlite::{Error, ErrorCode, ffi};

use crate::store::StoreError;

/// SQLite's error, as somebody can act on it. `place` is the data directory.
pub(super) fn explain(place: &Path, error: &Error) -> StoreError {
    let place = place.display().to_string();
    let what = error.to_string();
    let Error::SqliteFailure(failure, _) = error else { return StoreError::Fault { place, what } };
    match (failure.code, failure.extended_code) {
        // The index beside the WAL is grown by the same disk; SQLite calls that a fault of input and output.
        (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => StoreError::Full { place },
        (ErrorCode::ReadOnly, ffi::SQLITE_READONLY_DBMOVED) => StoreError::Gone { place },
        (ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _) => StoreError::ReadOnly { place },
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => StoreError::Busy { place },
        (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => StoreError::Damaged { place, what },
        (ErrorCode::CannotOpen, _) => StoreError::Gone { place },
        _ => StoreError::Fault { place, what },
    }
}
