//! The paper ballot of somebody without a device, typed in by somebody neutral, and out of sight as soon as it is entered.

use std::collections::BTreeMap;

use leptos::{ev, prelude::*, task::spawn_local};
use plumbline_shared::{
    answer::{Answer, Item, Source, UNKNOWN},
    ids::ParticipantId,
    limits,
    messages::OwnAnswer,
    words::{Claim, OFF, Question, Role, Verdict},
};

use super::{
    answering::{Answering, claim_words},
    claims,
    pads::VERDICTS,
};
use crate::{
    api,
    components::{Show, changing, verdict_name},
    effect::memo,
    text::text,
};

/// The form.
#[component]
pub(super) fn PaperBallot(answering: Answering) -> impl IntoView {
    let entered = RwSignal::new(None::<String>);
    let words = &text().ballot.paper;
    changing(move || match entered.get() {
        Some(says) => view! {
            <p class="hint done" role="status" data-testid="paper-entered">
                {says}
            </p>
            <div class="actions end">
                <button
                    type="button"
                    class="button primary"
                    data-testid="paper-another"
                    on:click=move |_| entered.set(None)
                >
                    {words.another}
                </button>
            </div>
        }
        .into_any(),
        None => view! { <PaperForm answering=answering entered=entered /> }.into_any(),
    })
}

/// What has been typed in so far, in memory alone.
type Typed = RwSignal<BTreeMap<Item, Answer>>;

#[component]
fn PaperForm(answering: Answering, entered: RwSignal<Option<String>>) -> impl IntoView {
    let words = &text().ballot.paper;
    let live = answering.live;
    let me = live.me.get_untracked().participant;
    let roster = live.board.roster;
    let own_name = memo(move |_| {
        roster.with(|roster| me.and_then(|me| roster.get(&me)).map(|p| p.name.clone())).unwrap_or_default()
    });
    // Who is here by a device of their own needs no paper; who is not may have one all the same, and the server knows.
    let people = memo(move |_| {
        let mut people = roster.with(|roster| {
            roster
                .iter()
                .filter(|(id, person)| Some(**id) != me && person.role != Role::Observer)
                .map(|(id, person)| (person.name.clone(), *id))
                .collect::<Vec<_>>()
        });
        people.sort();
        live.board.others.with(|others| {
            people.retain(|(_, id)| !others.iter().any(|other| other.id == *id));
        });
        people
    });
    let whose = RwSignal::new(None::<ParticipantId>);
    let typed: Typed = RwSignal::default();
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    // Projects by their names, under which they are looked for; all else in the order in which it is asked.
    let mut items = answering.round(|round| round.items.clone());
    if items.iter().all(|item| answering.card(item).is_some()) {
        items.sort_by_cached_key(|item| untrack(|| answering.name(item)).to_lowercase());
    }
    let order = StoredValue::new(items.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(participant) = whose.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        let answers = typed.with_untracked(|typed| {
            order.with_value(|items| {
                let own =
                    |item: &Item| Some(OwnAnswer { item: item.clone(), value: typed.get(item)?.clone() });
                items.iter().filter_map(own).collect::<Vec<_>>()
            })
        });
        if answers.is_empty() {
            return refused.set(Some(words.empty.to_owned()));
        }
        let name = people.with_untracked(|people| {
            people.iter().find(|(_, id)| *id == participant).map(|(name, _)| name.clone()).unwrap_or_default()
        });
        let count = answers.len();
        let command = answering.paper(participant, answers);
        let token = live.token();
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            let answer = api::command(live.id, &token, command).await;
            busy.try_set(false);
            match answer {
                Ok(()) => drop(entered.try_set(Some((words.entered)(&name, count)))),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    let spent = memo(move |_| {
        typed.with(|typed| {
            typed.values().map(|value| if let Answer::Dots { dots } = value { *dots } else { 0 }).sum::<u32>()
        })
    });
    view! {
        <form class="paper" novalidate on:submit=submit data-testid="paper-form">
            <p class="paper-seen">{move || (words.seen)(&own_name.get())} " " {words.marked}</p>
            <div class="field">
                <label for="paper-whose">{words.whose}</label>
                <select
                    id="paper-whose"
                    data-testid="paper-whose"
                    aria-describedby="paper-whose-hint"
                    on:change=move |event| whose.set(event_target_value(&event).parse().ok())
                >
                    <option value="">{words.choose}</option>
                    {move || {
                        people
                            .get()
                            .into_iter()
                            .map(|(name, id)| {
                                let chosen = whose.get_untracked() == Some(id);
                                view! {
                                    <option value=id.to_string() selected=chosen>
                                        {name}
                                    </option>
                                }
                            })
                            .collect_view()
                    }}
                </select>
                <p class="hint" id="paper-whose-hint">
                    {words.whose_hint}
                    " "
                    {words.replaces}
                </p>
            </div>
            <p class="ballot-question">{answering.prompt()}</p>
            <Show when=move || answering.question() == Question::Dots>
                <p class="hint" role="status">
                    {move || (words.spent)(spent.get(), answering.round(|round| round.budget))}
                </p>
            </Show>
            <ul class="paper-rows">
                {items.into_iter().map(|item| row(answering, typed, item)).collect_view()}
            </ul>
            {move || refused.get().map(|says| view! { <p class="problem" role="alert" data-testid="paper-refused">{says}</p> })}
            <div class="actions end">
                <button
                    type="submit"
                    class="button primary"
                    data-testid="paper-submit"
                    aria-disabled=move || (busy.get() || whose.get().is_none()).then_some("true")
                >
                    {move || if busy.get() { words.submitting } else { words.submit }}
                </button>
            </div>
        </form>
    }
}

fn row(answering: Answering, typed: Typed, item: Item) -> AnyView {
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
            let lowest = answering.round(|round| round.lowest);
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
