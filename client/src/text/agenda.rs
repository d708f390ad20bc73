//! The agenda: where the session stands, what to do now, and the facilitator's console.

use plumbline_shared::words::{Beat, Question, StepKind, StepState, Subjects};

use crate::agenda::pace::Cut;

/// The agenda: where the session stands, what to do now, and the facilitator's console.
pub(crate) struct Agenda {
    pub(crate) bar: Bar,
    pub(crate) console: Console,
    pub(crate) script: Script,
    pub(crate) about: About,
    pub(crate) edit: Edit,
    pub(crate) templates: Templates,
    pub(crate) sponsors: Sponsors,
}

/// The line on every page.
pub(crate) struct Bar {
    pub(crate) title: &'static str,
    /// Where we are: the step's number, and how many there are.
    pub(crate) step_of: fn(usize, usize) -> String,
    /// What to do now, where the step does not say.
    pub(crate) now: fn(StepKind, Option<Question>, StepState) -> &'static str,
    pub(crate) now_done: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) next: fn(&str) -> String,
    pub(crate) last: &'static str,
    /// The time left, in seconds; less than nothing when it is over.
    pub(crate) left: fn(i64) -> String,
    pub(crate) time: &'static str,
    /// What is read out when the session goes on: the step's number, of how many, its title, what to do.
    pub(crate) said: fn(usize, usize, &str, &str) -> String,
    pub(crate) untitled: &'static str,
    pub(crate) spotlight: &'static str,
    pub(crate) minutes: fn(u32) -> String,
    pub(crate) over_already: &'static str,
    pub(crate) current: &'static str,
    pub(crate) all_minutes: fn(usize, u32) -> String,
}

/// The facilitator's console.
pub(crate) struct Console {
    pub(crate) title: &'static str,
    pub(crate) begin: fn(&str) -> String,
    /// What is shown next of what was revealed.
    pub(crate) show: fn(Beat) -> &'static str,
    pub(crate) open: &'static str,
    pub(crate) seal: &'static str,
    pub(crate) reveal: &'static str,
    pub(crate) close: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) back: fn(&str) -> String,
    pub(crate) no_back: &'static str,
    pub(crate) extend: &'static str,
    pub(crate) extend_says: &'static str,
    pub(crate) no_limit: &'static str,
    pub(crate) again: &'static str,
    pub(crate) spotlight: fn(&str) -> String,
    pub(crate) spotlight_none: &'static str,
    pub(crate) spotlight_end: &'static str,
    pub(crate) only: &'static str,
    pub(crate) done: fn(u32, u32) -> String,
    pub(crate) nobody: &'static str,
    pub(crate) seal_few: fn(u32, u32) -> String,
    pub(crate) seal_unknown: &'static str,
    pub(crate) seal_yes: &'static str,
    pub(crate) again_ask: fn(u32) -> String,
    pub(crate) again_yes: &'static str,
    pub(crate) ends: fn(&str, i64) -> String,
    pub(crate) ends_if_begun: fn(&str) -> String,
    /// How many minutes late, and what to cut.
    pub(crate) cut: fn(u32, &[Cut]) -> String,
    pub(crate) go: &'static str,
    pub(crate) go_to: fn(&str) -> String,
    pub(crate) edit: &'static str,
    pub(crate) clicker: &'static str,
    pub(crate) clicker_key: &'static str,
    pub(crate) clicker_does: &'static str,
}

/// What the facilitator says and does.
pub(crate) struct Script {
    pub(crate) title: &'static str,
    pub(crate) say: &'static str,
    pub(crate) todo: &'static str,
    pub(crate) objection: &'static str,
    pub(crate) late: &'static str,
    pub(crate) none: &'static str,
}

/// What the session is for, who decides, and by what rule.
pub(crate) struct About {
    pub(crate) title: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) purpose_placeholder: &'static str,
    pub(crate) decider: &'static str,
    pub(crate) decider_placeholder: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) rule_placeholder: &'static str,
    /// Rules that are usual, to choose from.
    pub(crate) rules: [&'static str; 4],
    /// Who decides, and by what rule; either may be empty, not both.
    pub(crate) decides: fn(&str, &str) -> String,
    pub(crate) unsaid: &'static str,
}

/// Editing the agenda.
pub(crate) struct Edit {
    pub(crate) title: &'static str,
    pub(crate) counted: fn(usize, u32) -> String,
    pub(crate) none: &'static str,
    pub(crate) full: fn(usize) -> String,
    pub(crate) up: fn(&str) -> String,
    pub(crate) down: fn(&str) -> String,
    pub(crate) remove: fn(&str) -> String,
    pub(crate) removed: fn(&str) -> String,
    pub(crate) current_stays: &'static str,
    pub(crate) add: &'static str,
    pub(crate) added: fn(&str) -> String,
    /// What is done in a step, by kind and question.
    pub(crate) does: fn(StepKind, Option<Question>) -> &'static str,
    /// What such a step is called, before anybody has given it a title.
    pub(crate) usual: fn(StepKind, Option<Question>) -> &'static str,
    pub(crate) does_label: &'static str,
    pub(crate) name: &'static str,
    pub(crate) minutes_of: fn(&str) -> String,
    pub(crate) subjects: &'static str,
    pub(crate) subject: fn(Subjects) -> &'static str,
    pub(crate) shortlist: &'static str,
    pub(crate) shortlist_counted: fn(usize) -> String,
    pub(crate) statements: &'static str,
    pub(crate) statements_hint: &'static str,
    pub(crate) prompt: &'static str,
    pub(crate) prompt_hint: &'static str,
    pub(crate) budget: &'static str,
    pub(crate) cap: &'static str,
    pub(crate) lowest: &'static str,
    pub(crate) lowest_zero: &'static str,
    pub(crate) lowest_one: &'static str,
    pub(crate) half: &'static str,
    pub(crate) half_hint: &'static str,
    pub(crate) now: &'static str,
    pub(crate) now_hint: &'static str,
    pub(crate) script: &'static str,
    pub(crate) script_revealed: &'static str,
    pub(crate) reveal: &'static str,
    pub(crate) under_way: &'static str,
    pub(crate) done: &'static str,
    pub(crate) export: &'static str,
    pub(crate) import: &'static str,
    pub(crate) import_unreadable: &'static str,
    pub(crate) replace_ask: fn(&str) -> String,
    pub(crate) replace_yes: &'static str,
    pub(crate) replaced: fn(&str) -> String,
    pub(crate) offline: &'static str,
}

/// Choosing how a session goes.
pub(crate) struct Templates {
    pub(crate) title: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) open_board: &'static str,
    pub(crate) open_board_says: &'static str,
    pub(crate) facts: fn(u32, usize) -> String,
    pub(crate) failed: &'static str,
    pub(crate) pick: &'static str,
    pub(crate) choose: &'static str,
}

/// Who the sponsors are.
pub(crate) struct Sponsors {
    pub(crate) title: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) none: &'static str,
    pub(crate) who_is: fn(&str) -> String,
    pub(crate) nobody: &'static str,
    pub(crate) several: &'static str,
    pub(crate) projects: fn(usize) -> String,
    pub(crate) save: &'static str,
    pub(crate) saved: fn(&str, &str) -> String,
    pub(crate) saved_nobody: fn(&str) -> String,
}
