//! The words of a session that is only shown, and of going on from one that is over.

/// Watching, rehearsing, going on.
pub(crate) struct Watch {
    pub(crate) title: &'static str,
    pub(crate) offer: &'static str,
    pub(crate) begin: &'static str,
    pub(crate) beginning: &'static str,
    pub(crate) mark: &'static str,
    /// What one sees, how long it takes, and what becomes of it.
    pub(crate) intro: &'static str,
    pub(crate) rehearsal_intro: &'static str,
    /// The same in a few words, where there is little room.
    pub(crate) about: &'static str,
    pub(crate) console: Frame,
    pub(crate) phone: Frame,
    pub(crate) wall: Frame,
    /// The label of the choice between the three where there is room for one.
    pub(crate) shown: &'static str,
    pub(crate) step: fn(usize, usize, &str) -> String,
    pub(crate) coming: &'static str,
    pub(crate) to_sessions: &'static str,
    pub(crate) to_own: &'static str,
    pub(crate) over: &'static str,
    pub(crate) over_says: &'static str,
    pub(crate) files: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) again: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) gone_says: &'static str,
    pub(crate) not_here: &'static str,
    pub(crate) not_here_says: &'static str,
    pub(crate) no_key: &'static str,
    /// In the list of sessions.
    pub(crate) listed: &'static str,
    /// In place of what a close says of the decision log.
    pub(crate) closed_says: &'static str,
    pub(crate) rehearse: &'static str,
    pub(crate) rehearse_says: &'static str,
    pub(crate) rehearse_begin: &'static str,
    pub(crate) go_on: &'static str,
    pub(crate) go_on_says: &'static str,
    pub(crate) going_on: &'static str,
    pub(crate) go_on_no_key: &'static str,
    pub(crate) go_on_title: fn(&str) -> String,
}

/// One of the three that are shown side by side.
pub(crate) struct Frame {
    pub(crate) name: &'static str,
    pub(crate) says: &'static str,
}
