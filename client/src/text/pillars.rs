//! The words of the line of sight: the pillars over the sessions.
//!
//! They stand apart from [`super::Text`], so that whoever only joins a session does not load them.

use super::{en, text};

/// Line of sight.
pub(crate) struct Pillars {
    pub(crate) title: &'static str,
    pub(crate) lead: fn(usize, usize) -> String,
    pub(crate) empty_title: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) shift: &'static str,
    pub(crate) no_shift: &'static str,
    pub(crate) measure: &'static str,
    pub(crate) projects: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) people: &'static str,
    /// What the picture shows, for who does not see it: sessions and measure.
    pub(crate) picture: fn(usize, &str) -> String,
    pub(crate) table: fn(&str) -> String,
    pub(crate) pile: &'static str,
    pub(crate) off: &'static str,
    pub(crate) unsorted: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) not_yet: &'static str,
    pub(crate) went: &'static str,
    /// So many projects went from one pile to another.
    pub(crate) way: fn(usize, &str, &str) -> String,
    pub(crate) new: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) from_to: fn(&str, &str) -> String,
    pub(crate) currencies: &'static str,
    pub(crate) erased: fn(&str) -> String,
    pub(crate) resumed: fn(&str) -> String,
    pub(crate) left_out: fn(usize) -> String,
    pub(crate) current: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) counted: fn(usize, usize) -> String,
    pub(crate) known: fn(usize, usize) -> String,
    pub(crate) called_before: fn(&str) -> String,
    pub(crate) owner: &'static str,
    pub(crate) intent: &'static str,
    pub(crate) goals: &'static str,
    pub(crate) whole_measure: &'static str,
    pub(crate) rules_out: &'static str,
    pub(crate) capacity: &'static str,
    pub(crate) stands: &'static str,
    pub(crate) stands_none: &'static str,
    pub(crate) was_last: fn(&str) -> String,
    pub(crate) stops: &'static str,
    pub(crate) before: fn(&str) -> String,
    pub(crate) project: &'static str,
    pub(crate) decided: &'static str,
    pub(crate) undecided: &'static str,
    pub(crate) of_owner: &'static str,
    pub(crate) came: &'static str,
    pub(crate) agreement: &'static str,
    pub(crate) agreement_says: &'static str,
    pub(crate) agreement_none: &'static str,
    pub(crate) here: fn(usize, usize) -> String,
    pub(crate) agreed: fn(usize, usize) -> String,
    pub(crate) nobody_asked: &'static str,
    pub(crate) unknown_title: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) all: &'static str,
}

/// By the tags of their languages.
static ALL: &[(&str, &Pillars)] = &[("en", &en::pillars::PILLARS)];

/// The texts of the line of sight in the language of [`text`].
pub(crate) fn pillars() -> &'static Pillars {
    let own = ALL.iter().find(|(tag, _)| *tag == text().tag);
    own.map_or(&en::pillars::PILLARS, |(_, pillars)| pillars)
}
