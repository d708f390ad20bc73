//! A checkpoint: a session that tests the decisions of an earlier one against what happened.
//!
//! What was decided stands on the checkpoint's own board, project by project ([`Earlier`]), written by the server when it
//! is opened. So every page, the wall and the record see it, and it outlives the erasing of the earlier session. A project
//! keeps its id from session to session; an import recognises it by its reference or its name, and a person may say that
//! a row of the import is one that goes by another name. Everything here is derived from the board and the day alone.

mod again;
mod earlier;
mod findings;
mod likeness;
mod report;
#[cfg(test)]
mod tests;
mod told;

pub use again::{Again, HOLDS, again};
pub use earlier::{Earlier, EarlierSession, IMPORTED_KEY, SESSION_KEY, done_field};
pub use findings::{Findings, OwnerChange, StopState, findings};
pub use likeness::{ALIKE, Likeness, likeness, likenesses};
pub use report::{Answered, CheckpointReport, Happened, Part, Shares, checkpoint_report};
pub use told::{Figure, List, figures, lists};
