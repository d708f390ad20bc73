//! The page for everyone: what was decided, why, and what was considered.
//!
//! There are no tallies on it, no dissent, no signatures, and nothing that tells of a decision against the room. A stop of
//! which those whom it concerns have not been told is not on it, and nothing counts it: not even numbers of decisions, of
//! which one would be missing.

use maud::{Markup, html};
use plumbline_shared::words::Verdict;

use super::{fact, text};
use crate::log::{
    decisions::Decided,
    export::report::{Report, Subject},
    words,
};

pub(super) fn title(report: &Report) -> String {
    match &report.about {
        Subject::Session(record) if !record.title.trim().is_empty() => {
            format!("What was decided: {}", record.title)
        }
        _ => "What was decided".to_owned(),
    }
}

/// Whether everybody may know of it.
fn is_told(decided: &Decided) -> bool {
    decided.record.verdict != Some(Verdict::Stop) || decided.standing.told.is_some()
}

pub(super) fn page(report: &Report) -> Markup {
    let of = |verdict: Verdict| -> Vec<&Decided> {
        let standing = report.standing().filter(|decided| is_told(decided));
        standing.filter(|decided| decided.record.verdict == Some(verdict)).collect()
    };
    html! {
        @for (verdict, heading, says) in [
            (Verdict::Move, "Moves", "These go on, and come first."),
            (Verdict::Wait, "Waits", "These wait for something, and not for ever."),
            (Verdict::Stop, "Stops", "These come to an end."),
            (Verdict::Open, "Still to be decided", "Of these it is settled who decides, and by when."),
        ] {
            @let decided = of(verdict);
            @if !decided.is_empty() {
                section {
                    h2 { (heading) }
                    p.soft { (says) }
                    @for decided in decided { (one(decided)) }
                }
            }
        }
        @if !report.standing().any(is_told) {
            p { "There is nothing to tell yet." }
        }
    }
}

fn one(decided: &Decided) -> Markup {
    let record = &decided.record;
    let facts = [
        ("Owner", record.owner.as_str()),
        ("Pillar", words::place(&record.to)),
        ("What was considered", record.field("alternatives")),
        ("What has to be true", record.field("assumptions")),
        ("What will be different", record.field("outcome")),
        ("What is in, what is out", record.field("scope")),
        ("Measure", record.field("measure")),
        ("First step", record.field("first_step")),
        ("Ends", record.field("ends")),
        ("Ended on", decided.done("ends").map_or("", |done| done.on.as_str())),
        ("What it frees", record.field("frees")),
        ("Until", record.field("trigger")),
        ("Over on, in any case", record.field("expires")),
        ("Who decides", if record.verdict == Some(Verdict::Open) { record.field("decided_by") } else { "" }),
        ("Decided by", record.field("decide_by")),
        ("Looked at again on", if decided.done("review").is_some() { "" } else { decided.day("review") }),
        ("Decided on", &record.decided_day()),
        ("Holds from", record.field("effective")),
    ];
    html! {
        article {
            h3 dir="auto" { (record.project.name) }
            @if !record.rationale.trim().is_empty() { p { (text(&record.rationale)) } }
            dl { @for (name, said) in facts { (fact(name, said)) } }
        }
    }
}
