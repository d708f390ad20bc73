//! In one's own words: the interpretation check. What was typed is kept as soon as the hand rests.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use plumbline_shared::{
    answer::{Answer, Item},
    limits,
};

use super::{
    answering::Answering,
    course::{SitOut, SitsOut},
    mark::Unconfirmed,
    review::Finish,
    second::SecondPerson,
    subject::Subject,
};
use crate::{components::For, effect::memo, text::text};

/// How long a hand rests before what it has typed is kept.
const REST: Duration = Duration::from_millis(800);

/// Every item with a field.
#[component]
pub(super) fn Writings(answering: Answering) -> impl IntoView {
    let each =
        move || answering.sheet.with(|sheet| (0..u32::try_from(sheet.lines.len()).unwrap_or(0)).collect());
    view! {
        <div class="ballot-page writings">
            <h2 tabindex="-1" data-testid="ballot-heading">
                {answering.prompt()}
            </h2>
            <ol>
                <For each=each let:at>
                    <Row answering=answering at=at as usize />
                </For>
            </ol>
            <Finish answering=answering />
            <SecondPerson />
        </div>
    }
}

#[component]
fn Row(answering: Answering, at: usize) -> impl IntoView {
    let item = memo(move |_| answering.sheet.with(|sheet| sheet.lines.get(at).map(|line| line.item.clone())));
    let out = memo(move |_| item.get().is_some_and(|item| answering.is_out(&item)));
    view! {
        <li class="writing-row" data-testid="writing-row" data-item=move || item.get().map(|item| item.to_string())>
            {move || {
                out.track();
                item.get().map(|item| writing(answering, item))
            }}
        </li>
    }
}

fn writing(answering: Answering, item: Item) -> AnyView {
    let words = &text().ballot.asks;
    let whole = item == Item::session();
    let called = item.clone();
    let name = memo(move |_| if whole { answering.prompt() } else { answering.name(&called) });
    let about = item.clone();
    let head = (!whole).then(|| {
        view! {
            <h3 class="row-name">{move || name.get()}</h3>
            <Subject answering=answering item=about />
        }
    });
    if untrack(|| answering.is_out(&item)) {
        return view! {
            {head}
            <SitsOut answering=answering item=item />
        }
        .into_any();
    }
    let said = |answer: Option<Answer>| match answer {
        Some(Answer::Text { text }) => text,
        _ => String::new(),
    };
    let typed = RwSignal::new(said(untrack(|| answering.answer(&item))));
    let kept = StoredValue::new(typed.get_untracked());
    let of = StoredValue::new(item.clone());
    let keep = move || {
        let Some(now) = typed.try_get_untracked().map(|typed| typed.trim().to_owned()) else { return };
        if let Some(item) = of.try_get_value()
            && kept.try_get_value().is_some_and(|before| before != now)
        {
            kept.try_set_value(now.clone());
            answering.cast(item, (!now.is_empty()).then_some(Answer::Text { text: now }));
        }
    };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let rest = move || {
        timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
            *timer = set_timeout_with_handle(keep, REST).ok();
        });
    };
    // A reload, and a step that goes on, take what was typed along.
    let leaving = window_event_listener(ev::pagehide, move |_| keep());
    on_cleanup(move || {
        leaving.remove();
        keep();
        timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    });
    let id = format!("writing-{item}");
    let sit_out = item.clone();
    let count = move || (words.written)(typed.with(|typed| typed.chars().count()), limits::ANSWER);
    view! {
        {head}
        <div class="field">
            <label for=id.clone() class:unseen=!whole>
                {words.writing}
            </label>
            <textarea
                id=id.clone()
                rows="4"
                maxlength=limits::ANSWER.to_string()
                data-testid="writing"
                aria-describedby=format!("{id}-count")
                prop:value=typed
                on:input:target=move |event| {
                    typed.set(event.target().value());
                    rest();
                }
                on:change=move |_| keep()
            />
            <p class="hint writing-count" id=format!("{id}-count")>
                <Unconfirmed answering=answering item=item />
                <span class="tabular">{count}</span>
            </p>
        </div>
        <SitOut answering=answering item=sit_out />
    }
    .into_any()
}
