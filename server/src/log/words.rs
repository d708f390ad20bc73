//! Evidence in words, as exports tell it: counts and whole numbers, never who.

use plumbline_shared::{
    limits,
    words::{Claim, Question, Stance},
};

use super::record::{
    Against, Asked, Change, Counted, Erased, Import, Origin, Outcome, Place, Record, Said, Says, SignOff,
    Standing, Told,
};

/// What was asked and in which round, as a heading.
pub(crate) fn heading(asked: &Asked) -> String {
    let title = if asked.title.trim().is_empty() { question(asked.question) } else { asked.title.as_str() };
    if asked.round > 1 { format!("{title}, round {}", asked.round) } else { title.to_owned() }
}

/// A question as a column is headed.
pub(crate) const fn question(question: Question) -> &'static str {
    match question {
        Question::Placement => "Sorted alone",
        Question::Hobby => "Four questions",
        Question::Verdict => "Private verdict",
        Question::Dots => "Dots",
        Question::Scale => "Scale",
        Question::Text => "In their own words",
    }
}

/// What a round came to, in counts.
pub(crate) fn told(asked: &Asked) -> String {
    let came_to = match &asked.counts {
        Some(Counted::Scale { counts }) if !asked.words.is_empty() => {
            let chosen = asked.words.iter().zip(counts).filter(|(_, count)| **count > 0);
            let parts = chosen.map(|(word, count)| format!("{word}: {count}")).collect();
            joined(parts, "nobody chose a word")
        }
        Some(counts) => counted(counts, asked.answered),
        None if asked.question == Question::Text => "what was written stays in the room".to_owned(),
        None => format!("fewer than {} answered, so there are no counts", limits::ANSWERS_SHOWN),
    };
    format!("{came_to} ({})", people(asked))
}

/// Every round of one question, a line for each.
pub(crate) fn rounds<'a>(evidence: impl IntoIterator<Item = &'a Asked>, of: Question) -> String {
    let rounds: Vec<&Asked> = evidence.into_iter().filter(|asked| asked.question == of).collect();
    let several = rounds.len() > 1;
    let line = |asked: &&Asked| match several {
        true => format!("{}: {}", heading(asked), told(asked)),
        false => told(asked),
    };
    rounds.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn people(asked: &Asked) -> String {
    let mut people = format!("{} of {} answered", asked.answered, asked.eligible);
    if asked.sat_out > 0 {
        people += &format!(", {} sat out", asked.sat_out);
    }
    if asked.on_paper > 0 {
        people += &format!(", {} of the room on paper", asked.on_paper);
    }
    people
}

fn counted(counts: &Counted, answered: u32) -> String {
    match counts {
        Counted::Placement { off, pillars, unknown } => {
            let mut piles: Vec<(u32, String)> = pillars
                .iter()
                .map(|pillar| {
                    let gone = pillar.name.trim().is_empty();
                    let name = if gone { "a pillar that is gone" } else { pillar.name.as_str() };
                    (pillar.count, format!("{} on {name}", pillar.count))
                })
                .collect();
            if *off > 0 {
                piles.push((*off, format!("{off} off strategy")));
            }
            // The fullest first; ties stay in their order.
            piles.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
            let mut parts: Vec<String> = piles.into_iter().map(|(_, words)| words).collect();
            if *unknown > 0 {
                parts.push(format!("{unknown} did not know it"));
            }
            joined(parts, "nobody chose a pile")
        }
        Counted::Hobby { strategy, revenue, expense, required, none, outcome, checks } => {
            let claims =
                [(strategy, "strategy"), (revenue, "revenue"), (expense, "cost"), (required, "needed now")];
            let claims = claims.into_iter().filter(|(count, _)| **count > 0);
            let mut parts = vec![format!("no claim for {none} of {answered}")];
            parts.extend(claims.map(|(count, claim)| format!("{claim} {count}")));
            let checks = checks.iter().map(|check| {
                let stands = if check.stands { "stands" } else { "does not stand" };
                format!("{} was checked and {stands}", claim(check.claim))
            });
            let last = std::iter::once(self::outcome(*outcome).to_owned()).chain(checks);
            format!("{}: {}", parts.join(", "), last.collect::<Vec<_>>().join("; "))
        }
        Counted::Verdict { r#move, wait, stop, room } => {
            let mut verdicts = [(*r#move, "move"), (*wait, "wait"), (*stop, "stop")];
            verdicts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
            let parts = verdicts.into_iter().filter(|(count, _)| *count > 0);
            let parts = parts.map(|(count, verdict)| format!("{verdict} {count}")).collect();
            let room = if room.is_none() { ", no majority" } else { "" };
            format!("{}{room}", joined(parts, "nobody chose one"))
        }
        Counted::Dots { dots, people } => format!("{} from {}", many(*dots, "dot"), many_people(*people)),
        Counted::Scale { counts } => {
            let given = counts.iter().enumerate().rev().filter(|(_, count)| **count > 0);
            let parts = given.map(|(value, count)| format!("{value} from {}", many_people(*count))).collect();
            joined(parts, "nobody gave a number")
        }
    }
}

fn joined(parts: Vec<String>, none: &str) -> String {
    if parts.is_empty() { none.to_owned() } else { parts.join(", ") }
}

fn many(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn many_people(count: u32) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

const fn claim(claim: Claim) -> &'static str {
    match claim {
        Claim::Strategy => "strategy",
        Claim::Revenue => "revenue",
        Claim::Expense => "cost",
        Claim::Required => "needed now",
    }
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Strategic => "tied to the strategy",
        Outcome::MissionCritical => "not tied to the strategy, and needed",
        // Outside of the room nobody's work is called a hobby.
        Outcome::Hobby => "no strategic or business need found",
        Outcome::Contested => "contested",
        Outcome::TooFew => "too few answered to say",
    }
}

/// A pile by its name.
pub(crate) fn place(place: &Place) -> &str {
    match place {
        Place::Unsorted => "Unsorted",
        Place::Off => "Off strategy",
        Place::Pillar { name, .. } => name,
    }
}

/// Where a project came from, by its name; empty where nobody sorted alone.
pub(crate) fn origin(origin: &Origin) -> &str {
    match origin {
        Origin::Unknown => "",
        Origin::Split => "Split",
        Origin::Off => "Off strategy",
        Origin::Pillar { name, .. } => name,
    }
}

/// A signature.
pub(crate) fn signed(sign: &SignOff) -> String {
    let how = match sign.stance {
        Stance::Carry => "carries it",
        Stance::Reservation => "carries it with a reservation",
        Stance::Decline => "does not carry it",
    };
    let reason = sign.reason.trim();
    if reason.is_empty() { format!("{} {how}", sign.name) } else { format!("{} {how}: {reason}", sign.name) }
}

/// Lines of what was said unsigned.
pub(crate) fn dissent(said: &[Said]) -> String {
    said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// A decision against the room's own verdict.
pub(crate) fn against(against: &Against) -> String {
    let reason = against.reason.trim();
    let by = against.by.trim();
    let mut words = format!("the room said {}", against.room);
    if !by.is_empty() {
        words += &format!("; decided by {by}");
    }
    words += &if reason.is_empty() { "; nobody said why".to_owned() } else { format!(": {reason}") };
    words
}

/// Who was told, by whom and when.
pub(crate) fn told_of(told: &Told) -> String {
    format!("by {} on {}", told.by, told.on)
}

/// What of a decision is done, in the order in which it is asked for; empty where nothing is.
pub(crate) fn done_of(standing: &Standing) -> String {
    let done = standing.progress.done.iter();
    done.map(|(deed, done)| format!("{} on {}, by {}", deed.words(), done.on, done.by))
        .collect::<Vec<_>>()
        .join("; ")
}

/// A further entry about a decision.
pub(crate) fn change(change: &Change) -> String {
    let day: String = change.changed_on.chars().take(10).collect();
    let by = change.by.trim();
    let by = if by.is_empty() { String::new() } else { format!(", says {by}") };
    let what = match &change.says {
        Says::Status { status, reason, superseded_by } => {
            let later = superseded_by.map(|number| format!(" by {number}")).unwrap_or_default();
            let reason = reason.trim();
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            format!("{}{later}{by}{reason}", status.words())
        }
        Says::Told { told_by, told_on } => {
            format!("{told_by} has told those whom it concerns, on {told_on}{by}")
        }
        Says::Done { what, done_by, done_on, note, next_review } => {
            let next = next_review.as_ref().map(|day| format!(", next review on {day}")).unwrap_or_default();
            let note = note.trim();
            let note = if note.is_empty() { String::new() } else { format!(": {note}") };
            format!("{} on {done_on}, by {done_by}{next}{by}{note}", what.words())
        }
        Says::Confirmed { title, .. } => format!("still holds, by the checkpoint {title}"),
    };
    format!("{day}, entry {}: {what}", change.number)
}

/// A file that was imported.
pub(crate) fn import(import: &Import) -> String {
    let day: String = import.imported_on.chars().take(10).collect();
    let Import { rows, format, bytes, sha256, .. } = import;
    format!("{rows} rows from a file ({format}, {bytes} bytes) on {day}, SHA-256 {sha256}")
}

/// How a decision came about: what was imported, who was here, what was erased; a line for each.
pub(crate) fn provenance(record: &Record) -> Vec<String> {
    let mut lines: Vec<String> =
        record.imports.iter().map(|file| format!("Imported: {}", import(file))).collect();
    let here = record.attendance.iter().map(|step| {
        let title = if step.title.trim().is_empty() { "a step that is gone" } else { step.title.as_str() };
        format!("{title} {} of {}", step.here, step.joined)
    });
    let here: Vec<String> = here.collect();
    if !here.is_empty() {
        lines.push(format!("Here, of those who had joined: {}", here.join(", ")));
    }
    lines.extend(record.erased.as_ref().map(|Erased { statement, .. }| format!("Erased: {statement}")));
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::log::record::{
        records,
        tests::{EVENING, closed},
    };

    #[test]
    fn evidence_reads_as_a_sentence_of_counts() {
        let [moves, waits] = &records(&closed(EVENING))[..] else { panic!("two") };
        let lines: Vec<String> = moves
            .evidence
            .iter()
            .chain(&waits.evidence)
            .map(|asked| format!("{}: {}", heading(asked), told(asked)))
            .collect();
        assert_eq!(
            lines,
            [
                "Sort alone: 10 on Net zero, 1 off strategy (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Order the moves: 9 dots from 5 people (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Commit: 5 from 1 person, 4 from 4 people, 3 from 3 people, 2 from 2 people, 1 from 1 person (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Sort alone: 6 off strategy, 4 on Net zero, 1 on Safe water, 1 did not know it (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Sort alone, round 2: 11 off strategy (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "In your own words: what was written stays in the room (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Four questions: no claim for 8 of 11, revenue 2, cost 1: no strategic or business need found; revenue was checked and does not stand (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Verdict: stop 7, move 2, wait 2 (11 of 11 answered, 1 sat out, 1 of the room on paper)",
                "Commit: 5 from 1 person, 4 from 4 people, 3 from 3 people, 2 from 2 people, 1 from 1 person (11 of 11 answered, 1 sat out, 1 of the room on paper)",
            ]
        );
        let few = Asked { counts: None, answered: 2, sat_out: 0, on_paper: 0, ..waits.evidence[0].clone() };
        assert_eq!(told(&few), "fewer than 3 answered, so there are no counts (2 of 11 answered)");
        assert_eq!(rounds(&waits.evidence, Question::Placement).lines().count(), 2, "round beside round");
    }

    #[test]
    fn what_goes_against_the_room_says_so_with_its_reason() {
        let waits = &records(&closed(EVENING))[1];
        let told = against(waits.against.as_ref().unwrap());
        assert_eq!(told, "the room said stop; decided by Chief executive: The city signs in spring.");
        assert_eq!(signed(&waits.sign_offs[2]), "Ben carries it with a reservation: Not before spring");
    }
}
