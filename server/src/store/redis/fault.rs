//! What Redis says when it does not do what it was asked, in our words.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::store::StoreError;

/// An error as a store tells it. Whether the call may have been carried out all the same shows in its kind: only
/// [`StoreError::Unanswered`] and [`StoreError::Fault`] leave that open.
pub(super) fn fault(place: &str, error: &RedisError) -> StoreError {
    let place = place.to_owned();
    let what = told(error);
    match (error.kind(), error.code()) {
        (_, Some("OOM")) => StoreError::Memory { place },
        (ErrorKind::Server(ServerErrorKind::ReadOnly), _) => StoreError::Replica { place },
        (ErrorKind::AuthenticationFailed | ErrorKind::Server(ServerErrorKind::NoPerm), _)
        | (_, Some("NOAUTH" | "WRONGPASS" | "MISCONF")) => StoreError::Refused { place, what },
        (
            ErrorKind::Server(
                ServerErrorKind::BusyLoading
                | ServerErrorKind::ClusterDown
                | ServerErrorKind::MasterDown
                | ServerErrorKind::TryAgain,
            )
            | ErrorKind::ClusterConnectionNotFound,
            _,
        )
        | (_, Some("BUSY" | "NOREPLICAS")) => StoreError::Unreachable { place, what },
        // An answer that was cut off in its middle cannot be read, and whether anything was done nobody knows.
        (ErrorKind::Io | ErrorKind::Parse, _) => StoreError::Unanswered { place, what },
        // A script that ran into what would have refused a single command says so within its own words.
        _ if what.contains("OOM command not allowed") => StoreError::Memory { place },
        _ if what.contains("READONLY You can't write") => StoreError::Replica { place },
        _ if what.contains("MISCONF")
            || what.contains("NOPERM")
            || what.contains("permissions")
            || what.contains("can't run this command") =>
        {
            StoreError::Refused { place, what }
        }
        _ => StoreError::Fault { place, what },
    }
}

/// Why there is no connection: nothing was asked yet.
pub(super) fn no_connection(place: &str, error: &RedisError) -> StoreError {
    match fault(place, error) {
        StoreError::Unanswered { place, what } | StoreError::Fault { place, what } => {
            StoreError::Unreachable { place, what }
        }
        other => other,
    }
}

/// Redis' own words, in one line.
fn told(error: &RedisError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
