//! Deciding, committing and closing.

/// Deciding, committing and closing.
pub(crate) struct Decide {
    pub(crate) title: &'static str,
}
