//! English: the workspace's record.

use plumbline_shared::words::Verdict;

use super::{
    decision::{DECISION, ENTERING},
    plural,
};
use crate::{
    record::{DayName, Due, Status},
    text::record::{Chain, Log, Record},
};

/// English.
pub(in crate::text) static RECORD: Record = Record {
    workspace: "Workspace",
    needs_key: "This page is for whoever holds the workspace key. Open the link that the server printed at its latest \
                start once in this browser, then come back to this address.",
    requests: "Requests",
    keys: &super::api_keys::API_KEYS,
    log: Log {
        title: "Decisions",
        says: "What was decided in every session of this workspace, and what happened afterwards.",
        empty_title: "No decision yet",
        empty: "When a session is closed, what it has decided is entered here, and stays: with its owner, its days and the \
                evidence behind it.",
        counted: |all, hold| match (all, hold) {
            (1, 1) => "One decision, which holds.".to_owned(),
            (all, hold) if all == hold => format!("{all} decisions, all of which hold."),
            (all, hold) => format!("{hold} decisions hold, of {all} that were made."),
        },
        due_title: "What is due",
        nothing_due: "Nothing is due within thirty days.",
        over: |n| format!("{n} overdue"),
        soon: |n| format!("{n} due within 30 days"),
        untold: |n| match n {
            1 => "1 stop that nobody was told of".to_owned(),
            n => format!("{n} stops that nobody was told of"),
        },
        all_due: "All that is due",
        all: "All decisions",
        found_title: "What was found",
        found: |shown, more| match (shown, more) {
            (0, _) => "No decision is found.".to_owned(),
            (1, false) => "One decision is found.".to_owned(),
            (shown, false) => format!("{shown} decisions are found."),
            (shown, true) => format!("The first {shown} decisions that are found are shown."),
        },
        nothing_title: "No decision is like that",
        nothing: "Look for fewer words, or take away a filter.",
        more: "Show more",
        take_along: "Take along",
        take_along_says: "The whole log, as a file.",
        seek: "Look for decisions",
        search: "Search projects, people and reasons",
        filters: |n| if n == 0 { "Filter".to_owned() } else { format!("Filter · {n}") },
        any: "Any",
        by_verdict: "Verdict",
        by_status: "Status",
        by_due: "Due",
        by_owner: "Owner",
        by_pillar: "Pillar",
        by_session: "Session",
        only_what_holds: "Only what holds",
        only_untold: "Only stops to be told",
        clear: "Show all",
        verdict: |verdict| match verdict {
            Some(Verdict::Move) => "Move",
            Some(Verdict::Wait) => "Wait",
            Some(Verdict::Stop) => "Stop",
            Some(Verdict::Open) => "Open",
            None => "Taken back",
        },
        status: |status| match status {
            Status::Proposed => "Proposed",
            Status::Accepted => "Accepted",
            Status::Open => "Open",
            Status::WindingDown => "Winding down",
            Status::Superseded => "Superseded",
            Status::Reversed => "Reversed",
        },
        ended: |day| format!("Ended {day}"),
        superseded_by: |number| format!("Superseded by {number}"),
        day: |name| match name {
            DayName::Review => "Review",
            DayName::Ends => "Ends",
            DayName::Expires => "Wait expires",
            DayName::DecideBy => "To be decided",
            DayName::FirstStepDue => "First step",
            DayName::MeasureDue => "Measure due",
            DayName::Effective => "In force from",
        },
        in_days: |days| match days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "1 day over".to_owned(),
            2.. => format!("in {days} days"),
            _ => format!("{} days over", days.unsigned_abs()),
        },
        due: |due| match due {
            Due::Any => "Due at any time".to_owned(),
            Due::Over => "Overdue".to_owned(),
            Due::Within(0) => "Due today or over".to_owned(),
            Due::Within(days) => format!("Due within {}", plural(days.into(), "day", "days")),
            Due::By(day) => format!("Due by {day}"),
        },
        decided: |day| format!("decided {day}"),
        no_owner: "nobody answers for it",
        not_told: "those whom it concerns have not been told",
        against: "against the room",
        lacks: |n| format!("{n} missing"),
    },
    chain: Chain {
        title: "Is this what was written?",
        coming: "Going through every entry…",
        nothing: "There are no entries yet.",
        whole: |entries| match entries {
            1 => "The one entry of this log is as it was written.".to_owned(),
            entries => format!("All {entries} entries of this log are as they were written."),
        },
        head: "Hash of the last entry",
        note_it: "Each entry carries the hash of the one before. Note this one where nobody can change it, in the minutes or \
                  in a mail: with it, somebody can show later that the log was not written anew.",
        fault: |number, entries| {
            format!("Of {entries} entries, number {number} is the first that is not as it was written.")
        },
        tampered: |number| format!("Entry {number} is not what was written"),
        tampered_how: |what| format!("What was found: {what}."),
        tampered_says: |number| {
            let before = match number {
                1 => "Do not rely on the log",
                2 => "Entry 1 is as it was written; do not rely on what comes after it",
                _ => "The entries before it are as they were written; do not rely on those from it on",
            };
            format!(
                "{before}. Keep the server's files as they are, and ask who could write to them. Then restore the log from a \
                 backup, or with plumbline log import from a decisions.json that was taken along before."
            )
        },
        noted: "A hash that was noted elsewhere",
        look: "Look for it",
        malformed: "This is no hash: it has 64 digits from 0 to 9 and a to f. Copy all of it.",
        there: "An entry of this log has this hash: everything up to it is what it was when the hash was noted.",
        missing: "No entry of this log has this hash. If it was copied right, the log was written anew since, or its last \
                  entries were taken away: compare it with a decisions.json from that time.",
    },
    decision: DECISION,
    entering: ENTERING,
};
