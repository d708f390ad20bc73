//! The paper ballot of somebody without a device, typed in by somebody neutral, and out of sight as soon as it is entered.

use std::collections::BTreeMap;

use leptos::{ev, prelude::*, task::spawn_local};
use plumbline_shared::{
    answer::{Answer, Item},
    ids::ParticipantId,
    messages::OwnAnswer,
    words::{Question, Role},
};

use super::{answering::Answering, paper_row::row};
use crate::{
    api,
    components::{Show, changing},
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
pub(super) type Typed = RwSignal<BTreeMap<Item, Answer>>;

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
