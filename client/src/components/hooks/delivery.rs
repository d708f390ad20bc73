//! One delivery, with its attempts.

use leptos::prelude::*;

use crate::{
    api::{Attempt, Delivery, DeliveryState},
    components::Show,
    effect::memo,
    format,
    text::hooks::hooks,
};

/// A delivery; its attempts fold out.
#[component]
pub(super) fn TheDelivery(
    /// It; nothing once it is not shown any more.
    delivery: Memo<Option<Delivery>>,
    /// Whether nothing is delivered at the moment.
    is_off: Memo<bool>,
    /// Delivers it once more.
    #[prop(into)]
    replay: Callback<Delivery>,
) -> impl IntoView {
    let words = &hooks().list;
    let of = move |tell: fn(&Delivery) -> String| {
        memo(move |_| delivery.with(|delivery| delivery.as_ref().map(tell).unwrap_or_default()))
    };
    let state = of(|delivery| delivery.state.as_str().to_owned());
    let attempts = memo(move |_| {
        delivery
            .with(|delivery| delivery.as_ref().map(|delivery| delivery.attempts.clone()).unwrap_or_default())
    });
    let waits = memo(move |_| {
        let next =
            delivery.with(|delivery| delivery.as_ref().and_then(|delivery| delivery.next_at.clone()))?;
        Some(if is_off.get() { words.paused.to_owned() } else { (words.next)(&format::moment(&next)) })
    });
    let can = move || {
        let waits = delivery.with(|delivery| {
            delivery.as_ref().is_none_or(|delivery| delivery.state == DeliveryState::Waiting)
        });
        !waits && !is_off.get()
    };
    let again = move |_| {
        if let Some(delivery) = delivery.get_untracked() {
            replay.run(delivery);
        }
    };
    view! {
        <li class="delivery" data-testid="delivery" data-state=move || state.get()>
            <details>
                <summary data-testid="delivery-fold">
                    <span class="delivery-state" data-state=move || state.get()>
                        {of(|delivery| (hooks().list.state)(delivery.state).to_owned())}
                    </span>
                    <span class="delivery-about">
                        {of(|delivery| (hooks().list.about)(delivery.kind, delivery.decision))}
                    </span>
                    <span class="delivery-last">{of(last)}</span>
                    <span class="delivery-at">{of(|delivery| format::moment(&delivery.made_at))}</span>
                </summary>
                <div class="delivery-more">
                    <p class="hint">
                        {words.event} " " <code>{of(|delivery| delivery.event.clone())}</code>
                    </p>
                    {move || waits.get().map(|says| view! { <p class="delivery-next">{says}</p> })}
                    <ol class="attempts" aria-label=words.attempts>
                        {move || attempts.get().into_iter().rev().map(|attempt| view! { <TheAttempt attempt=attempt /> }).collect_view()}
                    </ol>
                    <Show when=can>
                        <button type="button" class="button" data-testid="delivery-again" on:click=again>
                            {words.replay}
                        </button>
                    </Show>
                </div>
            </details>
        </li>
    }
}

/// What came of the last attempt, or how many there were.
fn last(delivery: &Delivery) -> String {
    let words = &hooks().list;
    match delivery.attempts.last() {
        Some(attempt) if delivery.state != DeliveryState::Delivered => {
            let outcome = (words.outcome)(attempt.status, attempt.trouble.as_deref());
            format!("{outcome} {}", (words.tries)(delivery.tries))
        }
        Some(attempt) => (words.took)(attempt.took_ms),
        None => String::new(),
    }
}

#[component]
fn TheAttempt(attempt: Attempt) -> impl IntoView {
    let words = &hooks().list;
    let outcome = (words.outcome)(attempt.status, attempt.trouble.as_deref());
    let taken = attempt.status.is_some_and(|status| (200..300).contains(&status));
    let facts = format!("{} · {}", format::moment(&attempt.at), (words.took)(attempt.took_ms));
    view! {
        <li class="attempt" data-taken=taken.to_string()>
            <p class="attempt-outcome">{outcome}</p>
            <p class="hint">{facts}</p>
            {(!attempt.answer.is_empty())
                .then(|| {
                    let label = attempt.status.is_some().then_some(words.answered);
                    view! {
                        <p class="attempt-answer" dir="auto">
                            {label.map(|label| view! { <span class="quiet">{label} ": "</span> })}
                            {attempt.answer}
                        </p>
                    }
                })}
        </li>
    }
}
