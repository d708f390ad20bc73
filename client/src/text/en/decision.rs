//! English: a decision's own page, and entering what happened to it.

use plumbline_shared::words::{Claim, Question, Stance, Verdict};

use super::{fields, plural};
use crate::{
    record::{DayName, Deed, Status},
    text::record::{Decision, Entering},
};

pub(super) const DECISION: Decision = Decision {
    title: "Decision",
    tab: |number| format!("Decision {number}"),
    tab_of: |number, project| format!("{project} · Decision {number}"),
    number: |number| format!("Decision {number}"),
    made: |day, session| format!("Decided on {day} in {session}"),
    supersedes: |number| format!("Takes the place of decision {number}"),
    to_log: "To the decision log",
    print: "Print",
    promise: "What was promised",
    field: fields::name,
    lacks: |names| format!("Never said, and needed for this verdict: {names}."),
    since: "What happened since",
    was_decided: |day, session| format!("{day}: decided in {session}"),
    became: |status| match status {
        Status::Proposed => "Proposed",
        Status::Accepted => "Its owner has accepted it",
        Status::Open => "Open",
        Status::WindingDown => "It is winding down",
        Status::Superseded => "Superseded by",
        Status::Reversed => "Reversed",
    },
    was_done: |what, who, day, next| {
        let done = match what {
            Deed::Review => "The review was held",
            Deed::FirstStep => "The first step was taken",
            Deed::Ends => "It has ended",
            Deed::Measure => "The measure was taken",
        };
        match next {
            Some(next) => format!("{done}, on {day}, by {who}. The next review is on {next}"),
            None => format!("{done}, on {day}, by {who}"),
        }
    },
    confirmed: |checkpoint| format!("It still holds, as {checkpoint} confirmed"),
    was_told: |who, day| format!("{who} has told those whom it concerns, on {day}"),
    entered: |number, day, by| match by {
        "" => format!("entry {number}, {day}"),
        by => format!("entry {number}, {day}, says {by}"),
    },
    untold: "Nobody has told those whom it concerns. Until somebody has, this stop is left out of what everybody sees.",
    nothing_since: |name, what, day| match name {
        DayName::Expires | DayName::DecideBy => {
            format!("{what} {day} is over, and nothing was decided since.")
        }
        _ => format!("{what} {day} is over, and nobody has entered that it is done."),
    },
    why: "Why",
    no_rationale: "No reason was written down.",
    against: |room| match room {
        Verdict::Move => "Against the room, which said move",
        Verdict::Wait => "Against the room, which said wait",
        Verdict::Stop => "Against the room, which said stop",
        Verdict::Open => "Against the room",
    },
    against_no_reason: "Nobody said why.",
    against_by: |who| format!("decided by {who}"),
    place: "Where it stands",
    from: "Sorted alone, before the talk",
    to: "When it was decided",
    pile: |pile| match pile {
        "off" => "Off strategy",
        "split" => "The room split",
        "unsorted" => "Unsorted",
        _ => "Not known",
    },
    pillar_measure: "Measure:",
    pillar_rules_out: "Rules out:",
    evidence: "Evidence",
    evidence_says: "What was asked in private, in counts. Who answered what was never kept.",
    no_evidence: "Nothing was asked in private about it.",
    of_session: "Of all decisions together",
    flags: |n| match n {
        1 => "1 person asked: is this a hobby?".to_owned(),
        n => format!("{n} people asked: is this a hobby?"),
    },
    question: |question| match question {
        Question::Placement => "Sorted alone",
        Question::Hobby => "Four questions",
        Question::Verdict => "Private verdict",
        Question::Dots => "Dots",
        Question::Scale => "Scale",
        Question::Text => "In their own words",
    },
    round: |title, round| match round {
        0 | 1 => title.to_owned(),
        round => format!("{title}, round {round}"),
    },
    people: |answered, eligible, out, paper| {
        let mut says = format!("{answered} of {eligible} answered");
        if out > 0 {
            says += &format!(", {out} sat out");
        }
        if paper > 0 {
            says += &format!(", {paper} of the room on paper");
        }
        says
    },
    too_few: "Fewer than three answered, so there are no counts.",
    own_words: "What was written stays in the room.",
    dots: |dots, people| {
        let (dots, people) =
            (plural(dots as usize, "dot", "dots"), plural(people as usize, "person", "people"));
        format!("{dots} from {people}")
    },
    pillar_gone: "A pillar that is gone",
    did_not_know: "did not know it",
    claim: |claim| match claim {
        Claim::Strategy => "tied to the strategy",
        Claim::Revenue => "revenue",
        Claim::Expense => "cost",
        Claim::Required => "needed now",
    },
    no_claim: "no claim",
    outcome: |outcome| match outcome {
        "strategic" => "Tied to the strategy",
        "mission_critical" => "Not tied to the strategy, and needed",
        "hobby" => "No strategic or business need found",
        "contested" => "Contested",
        _ => "Too few answered to say",
    },
    checked: |claim, stands, by| {
        let claim = match claim {
            Claim::Strategy => "The tie to the strategy",
            Claim::Revenue => "Revenue",
            Claim::Expense => "Cost",
            Claim::Required => "“Needed now”",
        };
        let stands = if stands { "stands" } else { "does not stand" };
        match by {
            "" => format!("{claim} was checked and {stands}."),
            by => format!("{claim} was checked and {stands}, says {by}."),
        }
    },
    room: |room| match room {
        Some(Verdict::Move) => "The room: move",
        Some(Verdict::Wait) => "The room: wait",
        Some(Verdict::Stop) => "The room: stop",
        Some(Verdict::Open) | None => "No majority",
    },
    behind: "Who stands behind it",
    signed: |stance| match stance {
        Stance::Carry => "carries it",
        Stance::Reservation => "carries it, with a reservation",
        Stance::Decline => "does not carry it",
    },
    of_the_whole: "of all decisions together",
    dissent: "Said without a name",
    history: "This project over time",
    only_decision: "This is the only decision about it so far.",
    verdict: "Verdict",
    pillar: "Pillar",
    nobody: "nobody",
    none: "none",
    differs: |what, was, is| format!("{what}: {was} → {is}"),
    came_about: "How it came about",
    session: "Session",
    purpose: "What it was for",
    decider: "Who decides",
    rule: "By what rule",
    reference: "Reference",
    sponsor: "Sponsor",
    run_by: "Run by",
    cost: "Cost",
    team: "People",
    attendance: "Who was here, of those who had joined",
    here: |step, here, joined| {
        let step = if step.trim().is_empty() { "A step that is gone" } else { step };
        format!("{step}: {here} of {joined}")
    },
    imports: "The file that the portfolio came from",
    import: |rows, format, day| {
        format!("{} from a file ({format}), on {day}. SHA-256:", plural(rows, "row", "rows"))
    },
    erased: "What was erased",
    in_chain: "Its place in the log",
    chain_says: "Whoever changes an entry changes its hash, and with it every hash after it.",
    hash: "Hash of this entry",
    previous: "Hash of the entry before",
};

pub(super) const ENTERING: Entering = Entering {
    title: "Enter what happened",
    over: "This decision does not hold any more. What happens now is entered at the one that took its place.",
    told: "They were told",
    status: |status| match status {
        Status::Accepted => "Its owner accepts it",
        Status::WindingDown => "It is winding down",
        Status::Superseded => "Another one takes its place",
        Status::Reversed => "It is taken back",
        Status::Proposed => "Proposed",
        Status::Open => "Open",
    },
    told_by: "Who has told those whom it concerns?",
    told_by_missing: "Say who has told them.",
    told_on: "On which day?",
    told_on_missing: "Say on which day they were told.",
    told_on_later: "That day is still to come. Enter it once they were told.",
    done: "Something is done",
    deed: "What is done?",
    deeds: |deed| match deed {
        Deed::Review => "The review was held",
        Deed::FirstStep => "The first step was taken",
        Deed::Ends => "It has ended",
        Deed::Measure => "The measure was taken",
    },
    done_by: "By whom?",
    done_by_missing: "Say who has done it.",
    done_on: "On which day?",
    done_on_missing: "Say on which day it was done.",
    done_on_later: "That day is still to come. Enter it once it is done.",
    note: "What came of it",
    note_of_measure: "What was measured, and what came of it",
    next_review: "When is it looked at again?",
    next_review_says: "From then on it is due again. Without a day, a review that was held is over.",
    next_review_wrong: "This is no day. Give the next review a day, or leave it empty.",
    next_review_over: "The next review comes after today. Give it a later day, or leave it empty.",
    successor: "Which decision takes its place? Its number",
    successor_says: "A later decision that holds, for instance one about the same project.",
    successor_missing: "Give the number of the decision that takes its place.",
    reason: "Why?",
    reason_missing: "Say why it is taken back: who reads this later asks that first.",
    by: "Who says so",
    by_says: "Your name, for who reads this later.",
    for_good: "This is entered for good. It is not changed any more, only followed by a further entry.",
    enter: "Enter it",
    entering: "Entering…",
    entered: |number| format!("Entered, with number {number}."),
};
