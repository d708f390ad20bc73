//! All that speaks for and against a project, beside its verdict.

use leptos::prelude::*;
use plumbline_shared::{
    board::{Flags, Pile},
    deciding::{Evidence, Told},
    ids::ProjectId,
    methods::{
        HobbyOutcome, PileChoice, PileCounts, Thresholds, VerdictCounts, is_agreed, one_vote_away,
        waiting_claims,
    },
    words::{Claim, Question, Verdict},
};

use super::deciding::heard;
use crate::{
    session::BoardView,
    text::{decide::EvidenceText, text},
};

/// The evidence about one project: a tile for each kind.
#[component]
pub(super) fn EvidenceOf(board: BoardView, project: ProjectId) -> impl IntoView {
    let words = &text().decide.evidence;
    let tiles = move || {
        let known = heard(board);
        // A pile keeps its name only on the board.
        board.pillars.track();
        let evidence = Evidence::of(&known, project);
        let mut tiles = vec![alone(&evidence, board), together(&evidence, board)];
        tiles.extend(questions(&evidence));
        tiles.extend(verdict(&evidence));
        tiles.extend(dots(&evidence));
        tiles.extend(evidence.flags.map(flags));
        tiles
    };
    view! {
        <section class="decide-evidence" aria-label=words.title data-testid="evidence">
            {move || tiles()}
        </section>
    }
}

fn words() -> &'static EvidenceText {
    &text().decide.evidence
}

/// A tile: what was asked, what came of it in few words, and the rest.
fn tile(name: &'static str, heading: &'static str, headline: AnyView, rest: Vec<String>) -> AnyView {
    view! {
        <div class="decide-tile" data-testid=name>
            <h3>{heading}</h3>
            <p class="decide-headline">{headline}</p>
            {rest.into_iter().filter(|line| !line.is_empty()).map(|line| view! { <p>{line}</p> }).collect_view()}
        </div>
    }
    .into_any()
}

/// Where everybody put it, in words: *6 off, 5 on core, 1 on net zero*.
fn piles(counts: &PileCounts, board: BoardView) -> String {
    let told = counts.in_words_order();
    let mut says: Vec<String> = told
        .piles
        .iter()
        .map(|(pile, count)| match pile {
            PileChoice::Off => (words().off)(*count),
            PileChoice::Pillar(id) => (words().on_pile)(*count, &board.pile_name(Pile::Pillar(*id))),
        })
        .collect();
    if told.unknown > 0 {
        says.push((words().unknown)(told.unknown));
    }
    says.join(", ")
}

fn heard_by(told: &Told<'_>) -> String {
    (words().answered)(told.tally.answered, told.tally.sat_out)
}

fn alone(evidence: &Evidence<'_>, board: BoardView) -> AnyView {
    let rounds: Vec<&Told<'_>> = evidence.rounds(Question::Placement).collect();
    let says = |told: &Told<'_>| match told.placement() {
        Some(counts) => piles(counts, board),
        None => words().too_few.to_owned(),
    };
    let Some((last, earlier)) = rounds.split_last() else {
        return tile("evidence-alone", words().alone, quiet(words().not_asked), Vec::new());
    };
    let mut rest = Vec::new();
    if let Some(counts) = last.placement().filter(|counts| counts.answered() >= 2) {
        let agrees = is_agreed(counts, &Thresholds::default());
        rest.push((if agrees { words().room_agrees } else { words().room_splits }).to_owned());
    }
    rest.push(heard_by(last));
    rest.extend(earlier.iter().rev().map(|told| format!("{}: {}", (words().round)(told.number), says(told))));
    tile("evidence-alone", words().alone, says(last).into_any(), rest)
}

fn quiet(says: &'static str) -> AnyView {
    view! { <span class="quiet">{says}</span> }.into_any()
}

fn together(evidence: &Evidence<'_>, board: BoardView) -> AnyView {
    let name = board.pile_name(evidence.pile);
    let rest = if evidence.pile == Pile::Unsorted { Vec::new() } else { vec![words().after_talk.to_owned()] };
    let mark = view! {
        <i class="decide-pile" style:--c=board.pile_colour(evidence.pile) aria-hidden="true" />
        {name}
    };
    tile("evidence-together", words().together, mark.into_any(), rest)
}

fn questions(evidence: &Evidence<'_>) -> Option<AnyView> {
    let told = evidence.last(Question::Hobby)?;
    let (Some(claims), Some(outcome)) = (evidence.claims(), evidence.outcome()) else {
        return Some(tile("evidence-questions", words().questions, quiet(words().too_few), Vec::new()));
    };
    let hobby = outcome == HobbyOutcome::Hobby;
    let headline = view! {
        <span class:decide-hobby=hobby>
            {hobby.then_some("◇ ")} {(words().outcome)(outcome)}
        </span>
    };
    let counts = [
        (Claim::Strategy, claims.strategy),
        (Claim::Revenue, claims.revenue),
        (Claim::Expense, claims.expense),
        (Claim::Required, claims.required),
    ];
    let claimed = counts.map(|(claim, count)| (words().claimed)(claim, count));
    let mut rest = vec![(words().no_claim)(claims.none, claims.answered), claimed.join(" · ")];
    if one_vote_away(claims, told.tally.eligible, &evidence.checks) {
        rest.push(words().one_vote_away.to_owned());
    }
    let waiting = waiting_claims(claims, &evidence.checks);
    rest.extend(waiting.into_iter().map(|claim| (words().waits)(claim).to_owned()));
    Some(tile("evidence-questions", words().questions, headline.into_any(), rest))
}

/// *stop 7 · wait 2 · move 2*: the most first.
fn said(counts: &VerdictCounts) -> String {
    let mut said =
        vec![(Verdict::Move, counts.move_on), (Verdict::Wait, counts.wait), (Verdict::Stop, counts.stop)];
    plumbline_shared::sorted::sort(&mut said, |a, b| b.1.cmp(&a.1));
    said.into_iter().map(|(verdict, count)| (words().said)(verdict, count)).collect::<Vec<_>>().join(" · ")
}

fn verdict(evidence: &Evidence<'_>) -> Option<AnyView> {
    let told = evidence.last(Question::Verdict)?;
    let Some(counts) = evidence.verdicts() else {
        return Some(tile("evidence-verdict", words().verdict, quiet(words().too_few), Vec::new()));
    };
    let room = evidence.room();
    let headline = view! {
        <span class="decide-room-says" data-verdict=room.map(Verdict::as_str)>
            {room.map_or(words().no_majority, words().majority)}
        </span>
    };
    let mut rest = vec![said(counts), heard_by(told)];
    let earlier = evidence.rounds(Question::Verdict).rev().skip(1);
    rest.extend(earlier.filter_map(|told| match &told.tally.counts {
        Some(plumbline_shared::results::Counts::Verdict(counts)) => {
            Some(format!("{}: {}", (words().round)(told.number), said(counts)))
        }
        _ => None,
    }));
    Some(tile("evidence-verdict", words().verdict, headline.into_any(), rest))
}

fn dots(evidence: &Evidence<'_>) -> Option<AnyView> {
    evidence.last(Question::Dots)?;
    let headline = match evidence.dots() {
        Some(dots) if dots.dots == 0 => quiet(words().no_dots),
        Some(dots) => (words().dots_from)(dots.dots, dots.people).into_any(),
        None => quiet(words().too_few),
    };
    Some(tile("evidence-dots", words().dots, headline, Vec::new()))
}

fn flags(flags: &Flags) -> AnyView {
    let silent = flags.count.saturating_sub(flags.reasons.len() as u32);
    let reasons = flags.reasons.iter().map(|reason| format!("“{reason}”"));
    let silent = (silent > 0 && !flags.reasons.is_empty()).then(|| (words().without_reason)(silent));
    let asked = view! { <span class="decide-hobby">{(words().flagged)(flags.count)}</span> };
    tile("evidence-flags", words().flags, asked.into_any(), reasons.chain(silent).collect())
}
