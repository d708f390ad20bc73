//! The answers that one tap gives: piles and verdicts.

use leptos::prelude::*;
use plumbline_shared::{
    answer::{Answer, UNKNOWN},
    words::{OFF, Verdict},
};

use super::answering::Answering;
use crate::{components::verdict_name, session::pillar_colour, text::text};

/// The verdicts that can be given in a ballot.
pub(super) const VERDICTS: [Verdict; 3] = [Verdict::Move, Verdict::Wait, Verdict::Stop];

/// One answer as a button: what it says, a word more, the key that gives it, its colour.
struct Choice {
    answer: Answer,
    says: String,
    hint: &'static str,
    key: String,
    colour: String,
    class: &'static str,
}

fn button(answering: Answering, choice: Choice) -> AnyView {
    let Choice { answer, says, hint, key, colour, class } = choice;
    let word = match &answer {
        Answer::Pile { pillar } => pillar.clone(),
        Answer::Verdict { verdict } => verdict.to_string(),
        _ => String::new(),
    };
    let chosen = answer.clone();
    let pressed = move || answering.current_answer().as_ref() == Some(&chosen);
    view! {
        <button
            type="button"
            class=format!("choice {class}")
            data-testid="answer"
            data-answer=word
            style:--c=colour
            aria-pressed=move || if pressed() { "true" } else { "false" }
            on:click=move |event| answering.answer_and_go_on(answer.clone(), event.detail())
        >
            <span class="choice-says">
                {says}
                {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            </span>
            {(!key.is_empty()).then(|| view! { <kbd class="for-keys" aria-hidden="true">{key}</kbd> })}
        </button>
    }
    .into_any()
}

/// The pillars, *off strategy*, and *I don't know it*.
#[component]
pub(super) fn PilePad(answering: Answering) -> impl IntoView {
    let words = &text().ballot.asks;
    let choices = move || {
        let pillars = answering.pillars();
        let mut choices: Vec<Choice> = pillars
            .into_iter()
            .enumerate()
            .map(|(at, (id, name))| Choice {
                answer: Answer::Pile { pillar: id.to_string() },
                says: name,
                hint: "",
                key: if at < 9 { (at + 1).to_string() } else { String::new() },
                colour: answering.live.board.pillars.with(|pillars| pillar_colour(pillars, id)),
                class: "",
            })
            .collect();
        choices.push(Choice {
            answer: Answer::Pile { pillar: OFF.to_owned() },
            says: words.off.to_owned(),
            hint: "",
            key: "0".to_owned(),
            colour: "var(--off)".to_owned(),
            class: "off",
        });
        choices.push(Choice {
            answer: Answer::Pile { pillar: UNKNOWN.to_owned() },
            says: words.unknown.to_owned(),
            hint: "",
            key: "U".to_owned(),
            colour: "var(--unsorted)".to_owned(),
            class: "off unknown",
        });
        choices.into_iter().map(|choice| button(answering, choice)).collect_view()
    };
    view! {
        <div class="pad piles-pad" role="group" aria-label=text().ballot.way.answers>
            {choices}
        </div>
    }
}

/// Move, wait or stop.
#[component]
pub(super) fn VerdictPad(answering: Answering) -> impl IntoView {
    let words = &text().ballot.asks;
    let choices = VERDICTS
        .into_iter()
        .zip([words.move_hint, words.wait_hint, words.stop_hint])
        .enumerate()
        .map(|(at, (verdict, hint))| {
            let choice = Choice {
                answer: Answer::Verdict { verdict },
                says: verdict_name(verdict).to_owned(),
                hint,
                key: (at + 1).to_string(),
                colour: format!("var(--{verdict})"),
                class: "verdict-choice",
            };
            button(answering, choice)
        })
        .collect_view();
    view! {
        <div class="pad" role="group" aria-label=text().ballot.way.answers>
            {choices}
        </div>
    }
}
