//! The way through the items: one card at a time, or all of them as a list. The keys answer as the buttons do.

use leptos::{ev, prelude::*};
use plumbline_shared::{
    answer::{Answer, Item, UNKNOWN},
    words::{OFF, Question},
};

use super::{
    answering::Answering,
    claims::{self, ClaimPad},
    mark::Mark,
    pads::{PilePad, VERDICTS, VerdictPad},
    review::Review,
    subject::Subject,
};
use crate::{
    ballot::press::{Press, press},
    components::{For, Show, changing},
    dom,
    effect::memo,
    text::text,
};

/// The ballot of a question that is answered item by item.
#[component]
pub(super) fn Course(answering: Answering) -> impl IntoView {
    listen(answering);
    changing(move || match (answering.as_list.get(), answering.current.with(Option::is_none)) {
        (_, true) => view! { <Review answering=answering /> }.into_any(),
        (true, false) => view! { <Rows answering=answering /> }.into_any(),
        (false, false) => view! { <OneCard answering=answering /> }.into_any(),
    })
}

/// The question, as it stands above an item.
#[component]
pub(super) fn Asking(answering: Answering) -> impl IntoView {
    let words = &text().ballot.asks;
    let hint = match answering.question() {
        Question::Placement if answering.round(|round| round.prompt.is_empty()) => words.placement_hint,
        Question::Hobby => words.hobby_hint,
        _ => "",
    };
    view! {
        <p class="ballot-question">
            {answering.prompt()} " " {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
        </p>
    }
}

/// What is answered with, or that one sits out.
#[component]
fn Pad(answering: Answering) -> impl IntoView {
    let out = memo(move |_| {
        answering.current.get().filter(|item| answering.is_out(item)).map(|item| item.to_string())
    });
    changing(move || match out.get().and_then(|item| Item::parse(&item)) {
        Some(item) => view! { <SitsOut answering=answering item=item /> }.into_any(),
        None => match answering.question() {
            Question::Placement => view! { <PilePad answering=answering /> }.into_any(),
            Question::Verdict => view! { <VerdictPad answering=answering /> }.into_any(),
            _ => view! { <ClaimPad answering=answering /> }.into_any(),
        },
    })
}

/// Why there is no answer to give, and what can be done about it.
#[component]
pub(super) fn SitsOut(answering: Answering, item: Item) -> impl IntoView {
    let words = &text().ballot.way;
    let why = answering.why_out(&item);
    view! {
        <div class="sits-out" data-testid="sits-out">
            <p>
                <strong>{why}</strong>
                " "
                {words.sits_out_hint}
            </p>
            <button
                type="button"
                class="button"
                data-testid="take-part"
                on:click=move |_| answering.recuse(&item, false)
            >
                {words.take_part}
            </button>
        </div>
    }
}

/// Sits out on a project, where one takes part.
#[component]
pub(super) fn SitOut(answering: Answering, item: Item) -> impl IntoView {
    let words = &text().ballot.way;
    let shown = answering.card(&item).is_some() && !untrack(|| answering.is_out(&item));
    shown.then(|| {
        view! {
            <button
                type="button"
                class="quiet-button"
                data-testid="sit-out"
                on:click=move |_| answering.recuse(&item, true)
            >
                {words.sit_out}
            </button>
        }
    })
}

/// Small things about the item that is before the person: its answer taken back, sitting out.
#[component]
fn Aside(answering: Answering) -> impl IntoView {
    let words = &text().ballot.way;
    let takes_part = memo(move |_| answering.current.get().filter(|item| !answering.is_out(item)));
    let answered = memo(move |_| takes_part.get().is_some() && answering.current_answer().is_some());
    view! {
        <div class="aside-acts">
            <Show when=move || answered.get()>
                <button type="button" class="quiet-button" data-testid="take-back" on:click=move |_| answering.take_back()>
                    {words.take_back}
                </button>
            </Show>
            {move || takes_part.get().map(|item| view! { <SitOut answering=answering item=item /> })}
        </div>
    }
}

/// One card, its answers below or beside it.
#[component]
fn OneCard(answering: Answering) -> impl IntoView {
    let current = memo(move |_| answering.current.get());
    let name = move || current.get().map(|item| answering.name(&item)).unwrap_or_default();
    view! {
        <div class="one-card">
            <article class="ballot-card" data-testid="ballot-card" data-current=move || current.get().map(|i| i.to_string())>
                <Asking answering=answering />
                <h2 tabindex="-1" data-testid="ballot-heading">
                    {name}
                </h2>
                {move || current.get().map(|item| view! { <Subject answering=answering item=item /> })}
                <Aside answering=answering />
            </article>
            <Pad answering=answering />
        </div>
    }
}

/// All items, one of them open.
#[component]
fn Rows(answering: Answering) -> impl IntoView {
    let count = move || answering.sheet.with(|sheet| sheet.lines.len());
    let each = move || (0..u32::try_from(count()).unwrap_or(0)).collect();
    view! {
        <div class="ballot-rows">
            <h2 class="unseen" tabindex="-1" data-testid="ballot-heading">
                {answering.prompt()}
            </h2>
            <Asking answering=answering />
            <ol>
                <For each=each let:at>
                    <Row answering=answering at=at as usize />
                </For>
            </ol>
        </div>
    }
}

#[component]
fn Row(answering: Answering, at: usize) -> impl IntoView {
    let item = memo(move |_| answering.sheet.with(|sheet| sheet.lines.get(at).map(|line| line.item.clone())));
    let open = memo(move |_| item.get().is_some() && item.get() == answering.current.get());
    let name = move || item.get().map(|item| answering.name(&item)).unwrap_or_default();
    view! {
        <li class="ballot-row" class:open=move || open.get()>
            <button
                type="button"
                class="row-head"
                data-testid="ballot-row"
                data-item=move || item.get().map(|item| item.to_string())
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| answering.go_to(item.get_untracked())
            >
                <span class="row-name">{name}</span>
                {move || item.get().map(|item| view! { <Mark answering=answering item=item /> })}
            </button>
            <Show when=move || open.get()>
                <div class="row-body">
                    {move || item.get().map(|item| view! { <Subject answering=answering item=item /> })}
                    <Pad answering=answering />
                    <Aside answering=answering />
                </div>
            </Show>
        </li>
    }
}

/// The keys, for as long as the ballot is open.
fn listen(answering: Answering) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let meant_elsewhere = event.default_prevented()
            || dom::dialog_is_open()
            || dom::is_typing()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key();
        if !meant_elsewhere && pressed(answering, &event.key(), event.repeat()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Does what a key stands for; gives whether it stands for anything. `held`: the key repeats by itself.
fn pressed(answering: Answering, key: &str, held: bool) -> bool {
    let question = answering.question();
    let item = answering.current.get_untracked();
    let asked = match (&item, question) {
        (Some(item), Question::Hobby) => claims::asked(answering, item),
        _ => Vec::new(),
    };
    let pillars = untrack(|| answering.pillars());
    let choices = match question {
        Question::Placement => pillars.len(),
        Question::Verdict => VERDICTS.len(),
        _ => asked.len(),
    };
    let Some(press) = press(question, choices, key) else { return false };
    if item.is_none() && press != Press::Back {
        return false;
    }
    let out = item.as_ref().is_some_and(|item| untrack(|| answering.is_out(item)));
    if (held || out) && !matches!(press, Press::On | Press::Back) {
        return true;
    }
    let pile = |pillar: String| answering.answer_and_go_on(Answer::Pile { pillar }, 1);
    match (question, press) {
        (_, Press::On) if answering.as_list.get_untracked() || untrack(|| is_settled(answering)) => {
            answering.go_beside(false);
        }
        (_, Press::On) => answering.go_on(),
        (_, Press::Back) => answering.go_beside(true),
        (_, Press::TakeBack) => answering.take_back(),
        (Question::Placement, Press::Choice(at)) => pile(pillars[at].0.to_string()),
        (Question::Placement, Press::Neither) => pile(OFF.to_owned()),
        (Question::Placement, Press::Unknown) => pile(UNKNOWN.to_owned()),
        (Question::Verdict, Press::Choice(at)) => {
            answering.answer_and_go_on(Answer::Verdict { verdict: VERDICTS[at] }, 1);
        }
        (Question::Hobby, Press::Choice(at)) => claims::toggle(answering, asked[at]),
        (Question::Hobby, Press::Neither) => answering.answer_and_go_on(claims::nothing(), 1),
        _ => return false,
    }
    true
}

/// Whether what is before the person needs nothing more of them; tracked.
pub(super) fn is_settled(answering: Answering) -> bool {
    answering.current.get().is_some_and(|item| answering.is_out(&item) || answering.answer(&item).is_some())
}
