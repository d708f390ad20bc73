//! English: deciding, committing and closing.

use crate::text::decide::Decide;

/// English.
pub(super) const DECIDE: Decide = Decide { title: "Decide" };
