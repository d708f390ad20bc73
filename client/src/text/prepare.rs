//! The words of preparing a session: checking a portfolio, pillars, people and links.

/// What a facilitator prepares.
pub(crate) struct Prepare {
    pub(crate) check: Check,
    pub(crate) pillars: Pillars,
    pub(crate) people: People,
    pub(crate) links: Links,
    pub(crate) close: Close,
    pub(crate) end: End,
    /// Taking requests for new work onto the board.
    pub(crate) take_requests: &'static str,
}

/// Checking a portfolio before it is imported.
pub(crate) struct Check {
    pub(crate) title: &'static str,
    pub(crate) go_on: &'static str,
    pub(crate) reading: &'static str,
    pub(crate) back: &'static str,
    pub(crate) import: fn(usize) -> String,
    pub(crate) nothing: &'static str,
    pub(crate) importing: &'static str,
    pub(crate) sheet: fn(&str) -> String,
    pub(crate) columns: &'static str,
    pub(crate) columns_hint: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) samples: &'static str,
    pub(crate) field: &'static str,
    /// The label of one column's choice.
    pub(crate) field_of: fn(&str) -> String,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) ignore: &'static str,
    pub(crate) first_rows: &'static str,
    pub(crate) no_name: &'static str,
    pub(crate) new: fn(usize) -> String,
    pub(crate) changed: fn(usize) -> String,
    pub(crate) unchanged: fn(usize) -> String,
    pub(crate) skipped: fn(usize) -> String,
    pub(crate) and_more: fn(usize) -> String,
}

/// Writing the pillars.
pub(crate) struct Pillars {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) counted: fn(usize, usize) -> String,
    pub(crate) full: fn(usize) -> String,
    pub(crate) name: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) length: fn(usize, usize) -> String,
    pub(crate) intent: &'static str,
    pub(crate) goals: &'static str,
    pub(crate) goals_hint: &'static str,
    pub(crate) measure: &'static str,
    pub(crate) rules_out: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) colour: &'static str,
    pub(crate) colour_of: fn(usize) -> String,
    pub(crate) up: fn(&str) -> String,
    pub(crate) down: fn(&str) -> String,
    pub(crate) remove: fn(&str) -> String,
    pub(crate) removed: fn(&str) -> String,
    pub(crate) taken_off: fn(&str) -> String,
    pub(crate) goals_counted: fn(usize) -> String,
    pub(crate) add: &'static str,
    pub(crate) add_hint: &'static str,
    pub(crate) add_placeholder: &'static str,
    pub(crate) add_counted: fn(usize) -> String,
    pub(crate) templates: &'static str,
    pub(crate) done: &'static str,
    pub(crate) template_added: fn(usize) -> String,
    pub(crate) template_known: &'static str,
    pub(crate) all: [Template; 3],
}

/// Pillars to begin from.
pub(crate) struct Template {
    pub(crate) label: &'static str,
    pub(crate) pillars: &'static [TemplatePillar],
}

/// A pillar to begin from.
pub(crate) struct TemplatePillar {
    pub(crate) name: &'static str,
    pub(crate) intent: &'static str,
    pub(crate) goals: &'static [&'static str],
    pub(crate) measure: &'static str,
    pub(crate) rules_out: &'static str,
}

/// The roster, and what a facilitator does with it.
pub(crate) struct People {
    pub(crate) title: &'static str,
    pub(crate) joined: fn(usize, usize) -> String,
    pub(crate) here: &'static str,
    pub(crate) away: &'static str,
    pub(crate) role: &'static str,
    pub(crate) facilitator: &'static str,
    pub(crate) scribe: &'static str,
    pub(crate) decider: &'static str,
    pub(crate) participant: &'static str,
    pub(crate) observer: &'static str,
    pub(crate) facilitator_hint: &'static str,
    pub(crate) scribe_hint: &'static str,
    pub(crate) decider_hint: &'static str,
    pub(crate) participant_hint: &'static str,
    pub(crate) observer_hint: &'static str,
    /// The button that gives somebody this role.
    pub(crate) make: fn(&str) -> String,
    pub(crate) name: &'static str,
    pub(crate) rename: &'static str,
    pub(crate) same_as: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) merge_with: &'static str,
    pub(crate) merge: &'static str,
    pub(crate) merge_ask: fn(&str, &str) -> String,
    pub(crate) remove: &'static str,
    pub(crate) remove_ask: fn(&str) -> String,
    pub(crate) remove_yes: &'static str,
    /// Beside a name: by whose link they came in.
    pub(crate) let_in: fn(&str) -> String,
    /// To everybody, when somebody does.
    pub(crate) let_in_now: fn(&str, &str) -> String,
    pub(crate) own_link: &'static str,
    pub(crate) own_link_hint: fn(&str) -> String,
    pub(crate) own_link_label: fn(&str) -> String,
    pub(crate) add: &'static str,
    pub(crate) add_hint: &'static str,
    pub(crate) add_button: &'static str,
    pub(crate) saved: &'static str,
    pub(crate) offline: &'static str,
}

/// Before a link is used that is good once.
pub(crate) struct Door {
    pub(crate) looking: &'static str,
    pub(crate) title: fn(&str) -> String,
    /// Who was here on another device made it.
    pub(crate) own: fn(&str) -> String,
    /// Somebody else made it for them.
    pub(crate) made: fn(&str, &str) -> String,
    pub(crate) come_in: &'static str,
    pub(crate) not_me: fn(&str) -> String,
    pub(crate) no_good: &'static str,
}

/// Links in and out of a session.
pub(crate) struct Links {
    pub(crate) test: &'static str,
    pub(crate) test_hint: &'static str,
    pub(crate) test_begin: &'static str,
    pub(crate) test_again: &'static str,
    pub(crate) test_end: &'static str,
    pub(crate) test_waiting: &'static str,
    pub(crate) test_alone: &'static str,
    pub(crate) test_qr: &'static str,
    pub(crate) test_link: &'static str,
    /// On the page that came by it.
    pub(crate) test_come: &'static str,
    /// On a page of the browser in which it was begun.
    pub(crate) test_own: &'static str,
    pub(crate) test_done: fn(&str) -> String,
    pub(crate) device: &'static str,
    pub(crate) device_hint: &'static str,
    pub(crate) device_make: &'static str,
    pub(crate) device_qr: &'static str,
    /// On one's other pages, once a link of one's own was used.
    pub(crate) entered: &'static str,
    pub(crate) door: Door,
    pub(crate) renew: &'static str,
    pub(crate) renew_hint: &'static str,
    pub(crate) renew_code: &'static str,
    pub(crate) renew_code_means: &'static str,
    pub(crate) renew_observer: &'static str,
    pub(crate) renew_observer_means: &'static str,
    pub(crate) renew_facilitator: &'static str,
    pub(crate) renew_facilitator_means: &'static str,
    pub(crate) renew_yes: &'static str,
    pub(crate) renew_sure: &'static str,
    pub(crate) renewed: &'static str,
    pub(crate) hand_over: &'static str,
    pub(crate) hand_over_hint: &'static str,
    pub(crate) hand_over_name: &'static str,
    pub(crate) no_observer_link: &'static str,
    pub(crate) observer_make: &'static str,
    pub(crate) observer_sure: &'static str,
    pub(crate) come_again: &'static str,
    pub(crate) continue_as: fn(&str) -> String,
    pub(crate) someone_else: &'static str,
    pub(crate) someone_else_hint: &'static str,
}

/// Closing a session, and resuming it.
pub(crate) struct Close {
    pub(crate) close: &'static str,
    pub(crate) close_means: &'static [&'static str],
    pub(crate) resume: &'static str,
    pub(crate) resume_means: &'static [&'static str],
}

/// Deleting a session.
pub(crate) struct End {
    pub(crate) title: &'static str,
    pub(crate) says: fn(&str) -> String,
    pub(crate) type_title: &'static str,
    pub(crate) does_not_match: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) deleting: &'static str,
    pub(crate) done: fn(&str) -> String,
    pub(crate) no_key: &'static str,
    pub(crate) button_for: fn(&str) -> String,
}
