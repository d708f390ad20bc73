//! The agenda: where the session stands, what to do now, and the facilitator's console.

/// The agenda: where the session stands, what to do now, and the facilitator's console.
pub(crate) struct Agenda {
    pub(crate) waits_title: &'static str,
}
