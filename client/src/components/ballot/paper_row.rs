//! One line of a paper ballot: a field for its answer, by the kind of question.

use leptos::prelude::*;
use plumbline_shared::{
    answer::{Answer, Item, Source, UNKNOWN},
    limits,
    words::{Claim, OFF, Question, Verdict},
};

use super::{answering::Answering, claims, pads::VERDICTS, paper::Typed, words::claim_words};
use crate::{components::verdict_name, effect::memo, text::text};

/// The line of an item.
pub(super) fn row(answering: Answering, typed: Typed, item: Item) -> AnyView {
    let named = item.clone();
    let name = move || {
        if named == Item::session() { answering.prompt() } else { answering.name(&named) }
    };
    let label = format!("paper-{item}");
    let set = {
        let item = item.clone();
        move |answer: Option<Answer>| {
            typed.update(|typed| match answer {
                Some(answer) => drop(typed.insert(item.clone(), answer)),
                None => drop(typed.remove(&item)),
            });
        }
    };
    let field = match answering.question() {
        Question::Hobby => claims_of(answering, typed, &item),
        Question::Text => view! {
            <textarea
                rows="2"
                aria-labelledby=label.clone()
                data-testid="paper-answer"
                maxlength=limits::ANSWER.to_string()
                autocomplete="off"
                on:input:target=move |event| {
                    let text = event.target().value();
                    set((!text.trim().is_empty()).then_some(Answer::Text { text }));
                }
            />
        }
        .into_any(),
        Question::Dots => view! {
            <input
                type="number"
                min="0"
                max=answering.round(|round| round.cap).to_string()
                inputmode="numeric"
                aria-labelledby=label.clone()
                data-testid="paper-answer"
                autocomplete="off"
                on:input:target=move |event| {
                    let dots = event.target().value().parse().unwrap_or(0);
                    set((dots > 0).then_some(Answer::Dots { dots }));
                }
            />
        }
        .into_any(),
        Question::Placement | Question::Verdict | Question::Scale => {
            let choices = choices(answering);
            let given =
                StoredValue::new(choices.iter().map(|(answer, _)| answer.clone()).collect::<Vec<_>>());
            view! {
                <select
                    aria-labelledby=label.clone()
                    data-testid="paper-answer"
                    on:change=move |event| {
                        let at = event_target_value(&event).parse::<usize>().ok();
                        set(at.and_then(|at| given.with_value(|given| given.get(at).cloned())));
                    }
                >
                    <option value="">{text().ballot.paper.none}</option>
                    {choices
                        .into_iter()
                        .enumerate()
                        .map(|(at, (_, says))| view! { <option value=at.to_string()>{says}</option> })
                        .collect_view()}
                </select>
            }
            .into_any()
        }
    };
    view! {
        <li data-item=item.to_string()>
            <span class="row-name" id=label>
                {name}
            </span>
            {field}
        </li>
    }
    .into_any()
}

/// Every answer that is one of a few, with its words.
fn choices(answering: Answering) -> Vec<(Answer, String)> {
    let words = &text().ballot.asks;
    match answering.question() {
        Question::Placement => {
            let pillars = untrack(|| answering.pillars());
            let mut all: Vec<_> = pillars
                .into_iter()
                .map(|(id, name)| (Answer::Pile { pillar: id.to_string() }, name))
                .collect();
            all.push((Answer::Pile { pillar: OFF.to_owned() }, words.off.to_owned()));
            all.push((Answer::Pile { pillar: UNKNOWN.to_owned() }, words.unknown.to_owned()));
            all
        }
        Question::Verdict => {
            let of = |verdict: Verdict| (Answer::Verdict { verdict }, verdict_name(verdict).to_owned());
            VERDICTS.into_iter().map(of).collect()
        }
        _ => {
            let (lowest, labels) = answering.round(|round| (round.lowest, round.words.clone()));
            if !labels.is_empty() {
                return (0..).zip(labels).map(|(scale, label)| (Answer::Scale { scale }, label)).collect();
            }
            (lowest..=5).map(|scale| (Answer::Scale { scale }, scale.to_string())).collect()
        }
    }
}

/// Boxes for the claims, one for none of them, and where they can be checked.
fn claims_of(answering: Answering, typed: Typed, item: &Item) -> AnyView {
    let words = &text().ballot.asks;
    let asked = claims::asked(answering, item);
    let of = StoredValue::new(item.clone());
    let current = move || typed.with(|typed| of.with_value(|item| typed.get(item).cloned()));
    let set = move |answer: Option<Answer>| {
        typed.update(|typed| match answer {
            Some(answer) => drop(typed.insert(of.get_value(), answer)),
            None => drop(typed.remove(&of.get_value())),
        });
    };
    let toggle = move |claim: Claim| {
        let (mut claims, mut sources) = claims::ticked(untrack(current).as_ref());
        if claims.contains(&claim) {
            claims.retain(|other| *other != claim);
            sources.retain(|source| source.claim != claim);
        } else {
            claims.push(claim);
            claims.sort();
        }
        set((!claims.is_empty()).then_some(Answer::Claims { claims, sources }));
    };
    let source = move |claim: Claim, text: String| {
        let (claims, mut sources) = claims::ticked(untrack(current).as_ref());
        sources.retain(|source| source.claim != claim);
        if !text.trim().is_empty() {
            sources.push(Source { claim, text });
        }
        if claims.contains(&claim) {
            set(Some(Answer::Claims { claims, sources }));
        }
    };
    let none = move || current() == Some(claims::nothing());
    let boxes = asked
        .into_iter()
        .map(|claim| {
            let is_ticked = memo(move |_| claims::ticked(current().as_ref()).0.contains(&claim));
            let asks = match claim {
                Claim::Revenue => words.source_of_revenue,
                _ => words.source_of_required,
            };
            view! {
                <label class="paper-claim">
                    <input
                        type="checkbox"
                        data-testid="paper-claim"
                        prop:checked=move || is_ticked.get()
                        on:change=move |_| toggle(claim)
                    />
                    <span>{claim_words(claim)}</span>
                </label>
                {move || {
                    (claim.is_checked() && is_ticked.get())
                        .then(|| {
                            view! {
                                <input
                                    type="text"
                                    class="paper-source"
                                    aria-label=asks
                                    placeholder=asks
                                    autocomplete="off"
                                    maxlength=limits::SOURCE.to_string()
                                    on:change:target=move |event| source(claim, event.target().value())
                                />
                            }
                        })
                }}
            }
        })
        .collect_view();
    view! {
        <div class="paper-claims">
            {boxes}
            <label class="paper-claim">
                <input
                    type="checkbox"
                    data-testid="paper-none"
                    prop:checked=none
                    on:change=move |_| set((!untrack(none)).then(claims::nothing))
                />
                <span>{words.none_true}</span>
            </label>
        </div>
    }
    .into_any()
}
