//! The words of requests for new work: the form, what became of one, the page of who looks after them, and a session that
//! takes them.
//!
//! They stand apart from [`super::Text`], so that whoever only joins a session does not load them.

use plumbline_shared::words::Verdict;

use super::{en, text};
use crate::request::{Lacks, Stands};

/// Requests.
pub(crate) struct Requests {
    pub(crate) form: Form,
    pub(crate) status: Status,
    pub(crate) page: Page,
    pub(crate) take: Take,
    pub(crate) asked: Asked,
}

/// The form.
pub(crate) struct Form {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_hint: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) purpose_hint: &'static str,
    pub(crate) pillar: &'static str,
    pub(crate) pillar_hint: &'static str,
    pub(crate) no_pillar: &'static str,
    pub(crate) no_pillar_says: &'static str,
    pub(crate) measure: &'static str,
    pub(crate) measure_hint: &'static str,
    pub(crate) target: &'static str,
    pub(crate) target_hint: &'static str,
    pub(crate) instead: &'static str,
    pub(crate) something: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) nothing_says: &'static str,
    pub(crate) instead_name: &'static str,
    pub(crate) instead_hint: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) owner_hint: &'static str,
    pub(crate) figures_hint: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) people: &'static str,
    pub(crate) asked_by: &'static str,
    pub(crate) asked_by_hint: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) not_kept: &'static str,
    pub(crate) unsent: &'static str,
    pub(crate) lacks: fn(Lacks) -> &'static str,
    pub(crate) put_right: fn(usize) -> String,
    pub(crate) who_sees: &'static str,
    pub(crate) no_link_title: &'static str,
    pub(crate) no_link: &'static str,
    pub(crate) dead_title: &'static str,
    pub(crate) dead: &'static str,
    pub(crate) closed_title: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) draft_waits: &'static str,
    pub(crate) yours: &'static str,
    pub(crate) already: &'static str,
    pub(crate) arrived: fn(&str) -> String,
}

/// What became of a request.
pub(crate) struct Status {
    pub(crate) title: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) waiting_says: &'static str,
    pub(crate) waits_again: fn(Option<&str>) -> String,
    pub(crate) taken: fn(Option<&str>, &str) -> String,
    pub(crate) taken_says: &'static str,
    pub(crate) declined: &'static str,
    pub(crate) declined_by: fn(&str, &str) -> String,
    pub(crate) duplicate: fn(&str) -> String,
    pub(crate) duplicate_says: &'static str,
    pub(crate) duplicate_gone: &'static str,
    pub(crate) other_stands: fn(Stands) -> &'static str,
    pub(crate) verdict: fn(Option<Verdict>) -> &'static str,
    pub(crate) verdict_says: fn(Option<Verdict>) -> &'static str,
    pub(crate) told_first: &'static str,
    pub(crate) superseded: &'static str,
    pub(crate) decided: fn(&str, &str) -> String,
    pub(crate) no_reason: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) field: fn(&str) -> Option<&'static str>,
    pub(crate) what: &'static str,
    pub(crate) link: &'static str,
    pub(crate) link_says: &'static str,
    pub(crate) another: &'static str,
    pub(crate) gone_title: &'static str,
    pub(crate) gone: &'static str,
}

/// What was asked, as its fields are called.
pub(crate) struct Asked {
    pub(crate) purpose: &'static str,
    pub(crate) pillar: &'static str,
    pub(crate) none: &'static str,
    pub(crate) measure: &'static str,
    pub(crate) target: &'static str,
    pub(crate) instead: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) people: &'static str,
    pub(crate) by: fn(&str, &str) -> String,
}

/// The page of who looks after them.
pub(crate) struct Page {
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
    pub(crate) door: &'static str,
    pub(crate) never: &'static str,
    pub(crate) make: &'static str,
    pub(crate) open: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) close_it: &'static str,
    pub(crate) open_it: &'static str,
    pub(crate) link: &'static str,
    /// Of the picture of the link.
    pub(crate) picture: &'static str,
    pub(crate) link_says: &'static str,
    pub(crate) not_shown: &'static str,
    pub(crate) renew: &'static str,
    pub(crate) renew_sure: &'static str,
    pub(crate) names: &'static str,
    pub(crate) names_says: &'static str,
    pub(crate) counted: fn(usize) -> String,
    pub(crate) which: &'static str,
    pub(crate) all: &'static str,
    pub(crate) stands: fn(Stands) -> &'static str,
    pub(crate) none: &'static str,
    pub(crate) none_says: &'static str,
    pub(crate) none_so: &'static str,
    pub(crate) more: &'static str,
    pub(crate) taken: fn(Option<&str>, &str) -> String,
    pub(crate) passed: fn(Option<&str>) -> String,
    pub(crate) decision: fn(u64, &str) -> String,
    pub(crate) told_at_once: &'static str,
    pub(crate) declined: fn(&str, &str) -> String,
    pub(crate) duplicate: fn(u64, &str, &str) -> String,
    pub(crate) decline: &'static str,
    pub(crate) mark: &'static str,
    pub(crate) wait_again: &'static str,
    pub(crate) erase: &'static str,
    pub(crate) erase_says: &'static str,
    pub(crate) erase_sure: &'static str,
    pub(crate) erased: fn(&str) -> String,
    pub(crate) by: &'static str,
    pub(crate) by_hint: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) reason_hint: &'static str,
    pub(crate) of: &'static str,
    pub(crate) of_hint: &'static str,
    pub(crate) of_missing: &'static str,
    pub(crate) by_missing: &'static str,
    pub(crate) do_decline: &'static str,
    pub(crate) do_mark: &'static str,
}

/// A session that takes them.
pub(crate) struct Take {
    pub(crate) says: &'static str,
    pub(crate) none: &'static str,
    pub(crate) none_says: &'static str,
    pub(crate) all: &'static str,
    pub(crate) on_board: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) submit: fn(usize) -> String,
    pub(crate) taking: &'static str,
    pub(crate) took: fn(usize) -> String,
    pub(crate) left: fn(u64, &str) -> String,
    pub(crate) done: &'static str,
}

/// By the tags of their languages.
static ALL: &[(&str, &Requests)] = &[("en", &en::requests::REQUESTS)];

/// The texts of requests in the language of [`text`].
pub(crate) fn requests() -> &'static Requests {
    let own = ALL.iter().find(|(tag, _)| *tag == text().tag);
    own.map_or(&en::requests::REQUESTS, |(_, requests)| requests)
}
