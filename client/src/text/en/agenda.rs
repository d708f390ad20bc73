//! English: the agenda: where the session stands, what to do now, and the facilitator's console.

use crate::text::agenda::Agenda;

/// English.
pub(super) const AGENDA: Agenda = Agenda { waits_title: "This step has not begun" };
