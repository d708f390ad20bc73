//! Answers in one's own words: side by side, unsigned, in the order in which they are given, which is not that of
//! arrival.

use leptos::prelude::*;
use plumbline_shared::results::{Counts, ItemTally};

use super::{Told, item_name, words};
use crate::{components::For, effect::memo, text::text};

/// Every item with what was written about it.
#[component]
pub(super) fn Answers(told: Told) -> impl IntoView {
    let items = memo(move |_| {
        let count = told.read(|round| round.items.len()).unwrap_or_default();
        (0..u32::try_from(count).unwrap_or(u32::MAX)).collect::<Vec<u32>>()
    });
    let one = move |at: u32| {
        let (name, of) = told
            .read(|round| {
                let item = round.items.get(at as usize)?;
                Some((item_name(told.live.board, round, item), round.of(item).cloned()?))
            })
            .flatten()?;
        Some(view! {
            <h3>{name}</h3>
            {said(&of)}
            {words::heard(&of, told.usual()).map(|says| view! { <p class="hint">{says}</p> })}
        })
    };
    view! {
        <p class="hint">{text().reveal.texts.order}</p>
        <ul class="written-list">
            <For each=move || items.get() let:at>
                <li class="told" data-testid="told">{move || one(at)}</li>
            </For>
        </ul>
    }
}

/// The answers about one item.
pub(crate) fn said(of: &ItemTally) -> AnyView {
    let Some(Counts::Text(texts)) = &of.counts else {
        return view! { <p class="told-words">{text().reveal.too_few}</p> }.into_any();
    };
    let texts = texts.iter().map(|said| view! { <li>{said.clone()}</li> }).collect_view();
    view! { <ul class="said">{texts}</ul> }.into_any()
}
