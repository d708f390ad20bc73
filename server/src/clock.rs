//! This machine's clock. The fold reads none: what it knows of time stands in the log.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970; a clock that stands before 1970 counts as 1970.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
