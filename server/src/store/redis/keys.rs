//! The names of a log's keys. What stands in braces decides the slot in a cluster, so that a log's keys share one.

use crate::store::LogId;

/// What all keys and channels begin with: for ACL rules, `~plumbline:*` and `&plumbline:*`.
pub(super) const PREFIX: &str = "plumbline:";

/// What the key of a log's state ends with.
const STATE: &str = ":state";

/// The keys of one log.
pub(super) struct Keys {
    base: String,
}

impl Keys {
    pub(super) fn of(log: &LogId) -> Self {
        Self { base: format!("{PREFIX}{{{log}}}") }
    }

    pub(super) fn entries(&self) -> String {
        format!("{}:entries", self.base)
    }

    pub(super) fn state(&self) -> String {
        format!("{}{STATE}", self.base)
    }

    pub(super) fn snapshot(&self, slot: &str) -> String {
        format!("{}:snapshot:{slot}", self.base)
    }

    /// Where a snapshot is brought before it counts.
    pub(super) fn incoming(&self, name: &str) -> String {
        format!("{}:incoming:{name}", self.base)
    }

    /// The entries of a log that begins anew, as they were.
    pub(super) fn before(&self) -> String {
        format!("{}:before", self.base)
    }

    /// Where nodes tell each other of the log.
    pub(super) fn channel(&self) -> String {
        format!("{}:told", self.base)
    }
}

/// What finds the states of all logs.
pub(super) fn all_states() -> String {
    format!("{PREFIX}{{*}}{STATE}")
}

/// The log whose state this key is.
pub(super) fn log_of_state(key: &str) -> Option<LogId> {
    key.strip_prefix(PREFIX)?.strip_prefix('{')?.strip_suffix(STATE)?.strip_suffix('}')?.parse().ok()
}
