//! Questions, items and answers, as people read them.

use leptos::prelude::*;
use plumbline_shared::{
    answer::{Answer, Item, UNKNOWN},
    results::Round,
    words::{Claim, OFF, Question},
};

use crate::{
    components::verdict_name,
    session::{Live, pillar_colour},
    text::text,
};

/// What an item of a round is called; tracked.
pub(super) fn name_of(live: Live, round: &Round, item: &Item) -> String {
    if let Some(statement) = item.as_statement() {
        return round.statements.get(statement).cloned().unwrap_or_default();
    }
    if *item == Item::session() {
        return live.board.session.with(|session| session.title.clone());
    }
    if let Some(card) = item.as_project().and_then(|id| live.board.card(id)) {
        return card.project.with(|project| project.name.clone());
    }
    live.board.pillars.with(|pillars| {
        let pillar = pillars.iter().find(|pillar| pillar.id.to_string() == item.as_str());
        pillar.map(|pillar| pillar.name.clone()).unwrap_or_default()
    })
}

/// A question in its words: those of the round, or the usual ones.
pub(super) fn prompt(question: Question, own: &str) -> String {
    let words = &text().ballot.asks;
    let usual = match question {
        Question::Placement => words.placement,
        Question::Hobby => words.hobby,
        Question::Verdict => words.verdict,
        Question::Dots => words.dots,
        Question::Scale => words.scale,
        Question::Text => words.text,
    };
    if own.is_empty() { usual.to_owned() } else { own.to_owned() }
}

/// A claim in its words.
pub(super) fn claim_words(claim: Claim) -> &'static str {
    let words = &text().ballot.asks;
    match claim {
        Claim::Strategy => words.strategy,
        Claim::Revenue => words.revenue,
        Claim::Expense => words.expense,
        Claim::Required => words.required,
    }
}

/// An answer in words, as the round's own words have it; tracked.
pub(super) fn in_words(live: Live, labels: &[String], answer: &Answer) -> String {
    let words = &text().ballot.asks;
    match answer {
        Answer::Pile { pillar } if pillar == OFF => words.off.to_owned(),
        Answer::Pile { pillar } if pillar == UNKNOWN => words.unknown.to_owned(),
        Answer::Pile { pillar } => live.board.pillars.with(|pillars| {
            let found = pillars.iter().find(|other| other.id.to_string() == *pillar);
            found.map(|pillar| pillar.name.clone()).unwrap_or_default()
        }),
        Answer::Claims { claims, .. } if claims.is_empty() => words.none_ticked.to_owned(),
        Answer::Claims { claims, .. } => {
            claims.iter().map(|claim| claim_words(*claim)).collect::<Vec<_>>().join("; ")
        }
        Answer::Verdict { verdict } => verdict_name(*verdict).to_owned(),
        Answer::Dots { dots } => (words.dots_on)(*dots),
        Answer::Scale { scale } => {
            labels.get(usize::from(*scale)).cloned().unwrap_or_else(|| scale.to_string())
        }
        Answer::Text { text } => text.clone(),
    }
}

/// The colour in which an answer is shown, a design token; tracked.
pub(super) fn colour_of(live: Live, answer: &Answer) -> String {
    match answer {
        Answer::Pile { pillar } => match pillar.parse() {
            Ok(id) => live.board.pillars.with(|pillars| pillar_colour(pillars, id)),
            Err(_) if pillar == OFF => "var(--off)".to_owned(),
            Err(_) => "var(--unsorted)".to_owned(),
        },
        Answer::Verdict { verdict } => format!("var(--{verdict})"),
        _ => "var(--edge)".to_owned(),
    }
}
