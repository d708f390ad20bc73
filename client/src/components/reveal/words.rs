//! Counts in words, and what rounds are about by name.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    ids::ProjectId,
    methods::{ClaimCounts, HobbyOutcome, PileChoice, PileCounts, VerdictCounts},
    readings::as_pile,
    results::{Counts, ItemTally, Round},
    words::{Claim, Verdict},
};

use crate::{session::BoardView, text::text};

/// What an item is called; tracked.
pub(crate) fn item_name(board: BoardView, round: &Round, item: &Item) -> String {
    let words = &text().reveal;
    if let Some(at) = item.as_statement() {
        return round.statements.get(at).cloned().unwrap_or_else(|| words.gone.to_owned());
    }
    let id = item.as_str();
    if let Some(card) = item.as_project().and_then(|id| board.card(id)) {
        return card.project.with(|project| project.name.clone());
    }
    if item.as_project().is_none() {
        return words.scale.session.to_owned();
    }
    let pillar = board.pillars.with(|pillars| {
        pillars.iter().find(|pillar| pillar.id.to_string() == id).map(|pillar| pillar.name.clone())
    });
    pillar.unwrap_or_else(|| words.gone.to_owned())
}

/// What a project is called; tracked.
pub(crate) fn project_name(board: BoardView, project: ProjectId) -> String {
    board.card(project).map_or_else(
        || text().reveal.gone.to_owned(),
        |card| card.project.with(|project| project.name.clone()),
    )
}

/// A chosen pile by its name; tracked.
pub(crate) fn choice_name(board: BoardView, choice: PileChoice) -> String {
    let name = board.pile_name(as_pile(choice));
    if name.is_empty() { text().reveal.gone.to_owned() } else { name }
}

/// "6 off, 5 on Grow the core, 1 on Net zero; 2 of 14 don't know it"; tracked.
pub(crate) fn piles(board: BoardView, counts: &PileCounts) -> String {
    let words = &text().reveal.sorting;
    let order = counts.in_words_order();
    let one = |(choice, count): &(PileChoice, u32)| match choice {
        PileChoice::Off => (words.off_count)(*count),
        PileChoice::Pillar(_) => (words.on)(*count, &choice_name(board, *choice)),
    };
    let mut says = order.piles.iter().map(one).collect::<Vec<_>>().join(", ");
    if order.unknown > 0 {
        if !says.is_empty() {
            says.push_str("; ");
        }
        says.push_str(&(words.do_not_know)(order.unknown, order.answered + order.unknown));
    }
    says
}

/// "No claim for 7 of 12; strategy 5; revenue 2".
pub(crate) fn claims(counts: &ClaimCounts) -> String {
    let words = &text().reveal.claims;
    let mut says = vec![(words.none_of)(counts.none, counts.answered)];
    for claim in Claim::ALL {
        let ticked = ticks(counts, *claim);
        if ticked > 0 {
            says.push((words.claimed)(*claim, ticked));
        }
    }
    says.join("; ")
}

/// How many ticked a claim.
pub(crate) fn ticks(counts: &ClaimCounts, claim: Claim) -> u32 {
    match claim {
        Claim::Strategy => counts.strategy,
        Claim::Revenue => counts.revenue,
        Claim::Expense => counts.expense,
        Claim::Required => counts.required,
    }
}

/// The verdicts that can be answered, each with how many chose it.
pub(crate) fn by_verdict(counts: &VerdictCounts) -> [(Verdict, u32); 3] {
    [(Verdict::Move, counts.move_on), (Verdict::Wait, counts.wait), (Verdict::Stop, counts.stop)]
}

/// "7 move, 3 wait, 2 stop".
pub(crate) fn verdicts(counts: &VerdictCounts) -> String {
    let words = &text().reveal.verdict;
    let said = by_verdict(counts).into_iter().filter(|(_, count)| *count > 0);
    said.map(|(verdict, count)| (words.words)(verdict, count)).collect::<Vec<_>>().join(", ")
}

/// What a round came to for one item, in words; why nothing is told where nothing is. Tracked.
pub(crate) fn told(board: BoardView, round: &Round, of: &ItemTally) -> String {
    match &of.counts {
        None => text().reveal.too_few.to_owned(),
        Some(Counts::Placement(counts)) => piles(board, counts),
        Some(Counts::Hobby(counts, _)) => claims(counts),
        Some(Counts::Verdict(counts)) => verdicts(counts),
        Some(Counts::Dots(counts)) => (text().reveal.dots.says)(counts.dots, counts.people),
        Some(Counts::Scale(counts)) if !round.words.is_empty() => {
            super::scale::in_words(counts, &round.words)
        }
        Some(Counts::Scale(counts)) => {
            let chosen = (0..).zip(counts.counts).filter(|(_, count)| *count > 0);
            chosen
                .map(|(value, count)| (text().reveal.scale.chosen)(value, count))
                .collect::<Vec<_>>()
                .join(", ")
        }
        Some(Counts::Text(texts)) => {
            texts.iter().map(|said| format!("“{said}”")).collect::<Vec<_>>().join(" ")
        }
    }
}

/// How many answered about one item, where that is not plain: somebody sat out, or others answered than the `usual`
/// number, which stands at the head of the round.
pub(crate) fn heard(of: &ItemTally, usual: u32) -> Option<String> {
    let words = &text().reveal;
    if of.sat_out > 0 {
        return Some((words.sat_out)(of.answered, of.sat_out));
    }
    (of.answered != usual).then(|| (words.heard)(of.answered, of.eligible))
}

/// The design token of what the four questions came to.
pub(crate) fn outcome_colour(outcome: HobbyOutcome) -> &'static str {
    match outcome {
        HobbyOutcome::Strategic => "var(--move)",
        HobbyOutcome::MissionCritical => "var(--p1)",
        HobbyOutcome::Hobby => "var(--hobby)",
        HobbyOutcome::Contested => "var(--wait)",
        HobbyOutcome::TooFew => "var(--edge)",
    }
}

/// The design token of a verdict.
pub(crate) fn verdict_colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Move => "var(--move)",
        Verdict::Wait => "var(--wait)",
        Verdict::Stop => "var(--stop)",
        Verdict::Open => "var(--edge)",
    }
}

/// Seconds as a clock shows them: `12:40`.
pub(crate) fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
