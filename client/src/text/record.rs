//! The words of the workspace's record: the ways between its pages, the decision log, a decision.
//!
//! They stand apart from [`super::Text`], so that whoever only joins a session does not load them.

use plumbline_shared::words::{Claim, Question, Stance, Verdict};

use super::{api_keys::ApiKeys, en, text};
use crate::record::{DayName, Deed, Due, Status};

/// The record.
pub(crate) struct Record {
    /// What the ways between the pages are called.
    pub(crate) workspace: &'static str,
    /// To who has no key.
    pub(crate) needs_key: &'static str,
    /// What the page of requests is called among the ways.
    pub(crate) requests: &'static str,
    pub(crate) keys: &'static ApiKeys,
    pub(crate) log: Log,
    pub(crate) chain: Chain,
    pub(crate) decision: Decision,
    pub(crate) entering: Entering,
}

/// The decision log.
pub(crate) struct Log {
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty: &'static str,
    /// How many decisions there are, and how many of them hold.
    pub(crate) counted: fn(usize, usize) -> String,
    /// What is due, above all else.
    pub(crate) due_title: &'static str,
    pub(crate) nothing_due: &'static str,
    pub(crate) over: fn(usize) -> String,
    pub(crate) soon: fn(usize) -> String,
    pub(crate) untold: fn(usize) -> String,
    pub(crate) all_due: &'static str,
    pub(crate) all: &'static str,
    pub(crate) found_title: &'static str,
    /// Said once what was looked for is there: how many are shown, and whether there are more.
    pub(crate) found: fn(usize, bool) -> String,
    pub(crate) nothing_title: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) more: &'static str,
    pub(crate) take_along: &'static str,
    pub(crate) take_along_says: &'static str,
    pub(crate) seek: &'static str,
    pub(crate) search: &'static str,
    /// Of the button that unfolds the choices: how many are made.
    pub(crate) filters: fn(usize) -> String,
    pub(crate) any: &'static str,
    pub(crate) by_verdict: &'static str,
    pub(crate) by_status: &'static str,
    pub(crate) by_due: &'static str,
    pub(crate) by_owner: &'static str,
    pub(crate) by_pillar: &'static str,
    pub(crate) by_session: &'static str,
    pub(crate) only_what_holds: &'static str,
    pub(crate) only_untold: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) verdict: fn(Option<Verdict>) -> &'static str,
    pub(crate) status: fn(Status) -> &'static str,
    pub(crate) superseded_by: fn(u64) -> String,
    /// On which day what was stopped has ended.
    pub(crate) ended: fn(&str) -> String,
    /// A day of a decision, such as *Review*.
    pub(crate) day: fn(DayName) -> &'static str,
    /// How far a day is from today, in days; less than none: it is over.
    pub(crate) in_days: fn(i32) -> String,
    /// By when something has to be due.
    pub(crate) due: fn(Due) -> String,
    pub(crate) decided: fn(&str) -> String,
    pub(crate) no_owner: &'static str,
    pub(crate) not_told: &'static str,
    pub(crate) against: &'static str,
    pub(crate) lacks: fn(usize) -> String,
}

/// Whether the log is what was written.
pub(crate) struct Chain {
    pub(crate) title: &'static str,
    pub(crate) coming: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) whole: fn(usize) -> String,
    pub(crate) head: &'static str,
    pub(crate) note_it: &'static str,
    /// In the place of [`Self::whole`]: the number of the first that is not, and how many there are.
    pub(crate) fault: fn(u64, usize) -> String,
    pub(crate) tampered: fn(u64) -> String,
    pub(crate) tampered_how: fn(&str) -> String,
    /// What to do.
    pub(crate) tampered_says: fn(u64) -> String,
    pub(crate) noted: &'static str,
    pub(crate) look: &'static str,
    pub(crate) malformed: &'static str,
    pub(crate) there: &'static str,
    pub(crate) missing: &'static str,
}

/// A decision's own page.
pub(crate) struct Decision {
    pub(crate) title: &'static str,
    /// Of the browser's tab, before and after the project's name is known.
    pub(crate) tab: fn(u64) -> String,
    pub(crate) tab_of: fn(u64, &str) -> String,
    pub(crate) number: fn(u64) -> String,
    /// On which day, in which session.
    pub(crate) made: fn(&str, &str) -> String,
    pub(crate) supersedes: fn(u64) -> String,
    pub(crate) to_log: &'static str,
    pub(crate) print: &'static str,
    /// What was promised.
    pub(crate) promise: &'static str,
    /// A field by its name in the schema.
    pub(crate) field: fn(&str) -> &'static str,
    pub(crate) lacks: fn(&str) -> String,
    /// What happened since.
    pub(crate) since: &'static str,
    pub(crate) was_decided: fn(&str, &str) -> String,
    pub(crate) became: fn(Status) -> &'static str,
    pub(crate) was_told: fn(&str, &str) -> String,
    /// What was done, by whom, on which day, and when it is looked at again.
    pub(crate) was_done: fn(Deed, &str, &str, Option<&str>) -> String,
    /// By which checkpoint.
    pub(crate) confirmed: fn(&str) -> String,
    /// The entry's number, the day, and who said so, or nobody.
    pub(crate) entered: fn(u64, &str, &str) -> String,
    pub(crate) untold: &'static str,
    /// Which day is over, without that what it is for is done.
    pub(crate) nothing_since: fn(DayName, &str, &str) -> String,
    /// Why.
    pub(crate) why: &'static str,
    pub(crate) no_rationale: &'static str,
    pub(crate) against: fn(Verdict) -> &'static str,
    pub(crate) against_no_reason: &'static str,
    pub(crate) against_by: fn(&str) -> String,
    /// From where to where.
    pub(crate) place: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) pile: fn(&str) -> &'static str,
    pub(crate) pillar_measure: &'static str,
    pub(crate) pillar_rules_out: &'static str,
    /// The evidence.
    pub(crate) evidence: &'static str,
    pub(crate) evidence_says: &'static str,
    pub(crate) no_evidence: &'static str,
    pub(crate) of_session: &'static str,
    pub(crate) flags: fn(usize) -> String,
    pub(crate) question: fn(Question) -> &'static str,
    pub(crate) round: fn(&str, usize) -> String,
    /// How many answered, of how many who could, how many sat out, and answered on paper.
    pub(crate) people: fn(usize, usize, usize, usize) -> String,
    pub(crate) too_few: &'static str,
    pub(crate) own_words: &'static str,
    pub(crate) dots: fn(u32, u32) -> String,
    pub(crate) pillar_gone: &'static str,
    pub(crate) did_not_know: &'static str,
    pub(crate) claim: fn(Claim) -> &'static str,
    pub(crate) no_claim: &'static str,
    pub(crate) outcome: fn(&str) -> &'static str,
    pub(crate) checked: fn(Claim, bool, &str) -> String,
    pub(crate) room: fn(Option<Verdict>) -> &'static str,
    /// Who stands behind it.
    pub(crate) behind: &'static str,
    pub(crate) signed: fn(Stance) -> &'static str,
    pub(crate) of_the_whole: &'static str,
    pub(crate) dissent: &'static str,
    /// The project over time.
    pub(crate) history: &'static str,
    pub(crate) only_decision: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) pillar: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) none: &'static str,
    /// What was otherwise before: what, as it was, as it is.
    pub(crate) differs: fn(&str, &str, &str) -> String,
    /// How it came about.
    pub(crate) came_about: &'static str,
    pub(crate) session: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) decider: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) sponsor: &'static str,
    pub(crate) run_by: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) team: &'static str,
    pub(crate) attendance: &'static str,
    pub(crate) here: fn(&str, usize, usize) -> String,
    pub(crate) imports: &'static str,
    pub(crate) import: fn(usize, &str, &str) -> String,
    pub(crate) erased: &'static str,
    /// Its place in the chain.
    pub(crate) in_chain: &'static str,
    pub(crate) chain_says: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) previous: &'static str,
}

/// Entering what happened to a decision.
pub(crate) struct Entering {
    pub(crate) title: &'static str,
    pub(crate) over: &'static str,
    pub(crate) told: &'static str,
    pub(crate) status: fn(Status) -> &'static str,
    pub(crate) told_by: &'static str,
    pub(crate) told_by_missing: &'static str,
    pub(crate) told_on: &'static str,
    pub(crate) told_on_missing: &'static str,
    pub(crate) told_on_later: &'static str,
    pub(crate) done: &'static str,
    pub(crate) deed: &'static str,
    /// What can be done.
    pub(crate) deeds: fn(Deed) -> &'static str,
    pub(crate) done_by: &'static str,
    pub(crate) done_by_missing: &'static str,
    pub(crate) done_on: &'static str,
    pub(crate) done_on_missing: &'static str,
    pub(crate) done_on_later: &'static str,
    pub(crate) note: &'static str,
    /// What is asked for, of a measure.
    pub(crate) note_of_measure: &'static str,
    pub(crate) next_review: &'static str,
    pub(crate) next_review_says: &'static str,
    pub(crate) next_review_wrong: &'static str,
    pub(crate) next_review_over: &'static str,
    pub(crate) successor: &'static str,
    pub(crate) successor_says: &'static str,
    pub(crate) successor_missing: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) reason_missing: &'static str,
    pub(crate) by: &'static str,
    pub(crate) by_says: &'static str,
    pub(crate) for_good: &'static str,
    pub(crate) enter: &'static str,
    pub(crate) entering: &'static str,
    pub(crate) entered: fn(u64) -> String,
}

/// By the tags of their languages.
static RECORDS: &[(&str, &Record)] = &[("en", &en::record::RECORD)];

/// The texts of the record in the language of [`text`].
pub(crate) fn record() -> &'static Record {
    let own = RECORDS.iter().find(|(tag, _)| *tag == text().tag);
    own.map_or(&en::record::RECORD, |(_, record)| record)
}
