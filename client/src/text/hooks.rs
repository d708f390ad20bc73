//! The words of the webhooks' page. They stand apart, as the record's do.

use super::{en, text};
use crate::hooks::{DeliveryState, EventKind, HookState};

/// The webhooks.
pub(crate) struct Hooks {
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
    pub(crate) add: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty: &'static str,
    /// As many as there can be.
    pub(crate) full: &'static str,
    pub(crate) state: fn(HookState) -> &'static str,
    /// Why it is off, and since when.
    pub(crate) off: fn(&str, &str) -> String,
    /// Since when it has taken nothing.
    pub(crate) failing: fn(&str) -> String,
    /// When it last took something.
    pub(crate) taken: fn(&str) -> String,
    pub(crate) never_taken: &'static str,
    /// Until when both secrets sign.
    pub(crate) both_until: fn(&str) -> String,
    pub(crate) waiting: fn(usize) -> String,
    pub(crate) failed: fn(usize) -> String,
    pub(crate) told: fn(EventKind) -> &'static str,
    pub(crate) told_all: &'static str,
    pub(crate) with_names: &'static str,
    pub(crate) test: &'static str,
    pub(crate) tested: &'static str,
    pub(crate) deliveries: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) rotate: &'static str,
    pub(crate) turn_off: &'static str,
    pub(crate) turn_on: &'static str,
    pub(crate) turned_off: &'static str,
    pub(crate) turned_on: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) form: Form,
    pub(crate) secret: Secret,
    pub(crate) removing: Removing,
    pub(crate) list: List,
}

/// Adding or changing one.
pub(crate) struct Form {
    pub(crate) add_title: &'static str,
    pub(crate) edit_title: &'static str,
    pub(crate) url: &'static str,
    pub(crate) url_hint: &'static str,
    pub(crate) url_missing: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_example: &'static str,
    pub(crate) events: &'static str,
    pub(crate) events_missing: &'static str,
    pub(crate) event: fn(EventKind) -> (&'static str, &'static str),
    pub(crate) content: &'static str,
    pub(crate) thin: &'static str,
    pub(crate) thin_says: &'static str,
    pub(crate) everyone: &'static str,
    pub(crate) everyone_says: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) save: &'static str,
    pub(crate) busy: &'static str,
}

/// What deliveries are signed with.
pub(crate) struct Secret {
    pub(crate) label: &'static str,
    pub(crate) says: &'static str,
    pub(crate) how: &'static str,
    pub(crate) done: &'static str,
    pub(crate) rotate_title: &'static str,
    pub(crate) rotate_says: &'static [&'static str],
    pub(crate) rotate: &'static str,
}

/// Taking one away.
pub(crate) struct Removing {
    pub(crate) title: &'static str,
    pub(crate) says: fn(&str) -> String,
    pub(crate) yes: &'static str,
    pub(crate) gone: &'static str,
}

/// The deliveries.
pub(crate) struct List {
    pub(crate) all: &'static str,
    pub(crate) state: fn(DeliveryState) -> &'static str,
    pub(crate) which: &'static str,
    pub(crate) none: &'static str,
    pub(crate) none_like_that: &'static str,
    pub(crate) about: fn(EventKind, Option<u64>) -> String,
    /// When the next attempt comes.
    pub(crate) next: fn(&str) -> String,
    pub(crate) paused: &'static str,
    pub(crate) tries: fn(u64) -> String,
    pub(crate) replay: &'static str,
    pub(crate) replay_failed: fn(usize) -> String,
    pub(crate) replayed: &'static str,
    /// What came of an attempt: the status, and the trouble.
    pub(crate) outcome: fn(Option<u64>, Option<&str>) -> String,
    pub(crate) took: fn(u64) -> String,
    pub(crate) answered: &'static str,
    pub(crate) attempts: &'static str,
    pub(crate) event: &'static str,
    pub(crate) more: &'static str,
}

/// By the tags of their languages.
static HOOKS: &[(&str, &Hooks)] = &[("en", &en::hooks::HOOKS)];

/// The texts of the webhooks in the language of [`text`].
pub(crate) fn hooks() -> &'static Hooks {
    let own = HOOKS.iter().find(|(tag, _)| *tag == text().tag);
    own.map_or(&en::hooks::HOOKS, |(_, hooks)| hooks)
}
