//! For whoever drives, and the record: how far the room agrees over the whole board, in two numbers, each with what it
//! means.

use leptos::prelude::*;
use plumbline_shared::{
    methods::{alpha, alpha_interval, alpha_misleads, mean_agreement},
    readings::told as told_counts,
};

use super::Told;
use crate::{effect::memo, format, text::text};

/// The two numbers; they are computed once it is opened.
#[component]
pub(super) fn Detail(told: Told) -> impl IntoView {
    let words = &text().reveal.detail;
    let open = RwSignal::new(false);
    let board = memo(move |_| told.read(told_counts).unwrap_or_default());
    let numbers = move || {
        open.get().then(|| {
            board.with(|board| {
                let alpha_says = alpha(board).map_or_else(
                    || words.alpha_none.to_owned(),
                    |alpha| {
                        let ends = alpha_interval(board).map(|interval| {
                            (format::hundredths(interval.low), format::hundredths(interval.high))
                        });
                        let ends = ends.as_ref().map(|(low, high)| (low.as_str(), high.as_str()));
                        (words.alpha_says)(&format::hundredths(alpha), ends)
                    },
                );
                let mean_says = mean_agreement(board).map_or_else(
                    || words.mean_none.to_owned(),
                    |mean| (words.mean_says)(&format::percent(mean.mean), mean.projects),
                );
                let misleads =
                    alpha_misleads(board).then(|| view! { <p class="reveal-warning">{words.misleads}</p> });
                view! {
                    <dl class="detail-numbers">
                        <div>
                            <dt>{words.mean}</dt>
                            <dd data-testid="mean-agreement">{mean_says}</dd>
                        </div>
                        <div>
                            <dt>{words.alpha}</dt>
                            <dd data-testid="alpha">{alpha_says}</dd>
                        </div>
                    </dl>
                    <p class="hint">{words.alpha_means}</p>
                    {misleads}
                }
            })
        })
    };
    view! {
        <details
            class="reveal-detail"
            data-testid="reveal-detail"
            on:toggle:target=move |event| open.set(event.target().open())
        >
            <summary data-testid="reveal-detail-open">{words.title}</summary>
            {numbers}
        </details>
    }
}
