//! Search, and a filter by origin and sponsor.

use std::collections::BTreeSet;

use leptos::{ev, html, prelude::*};
use plumbline_shared::{board::Pile, words::Origin};

use super::{Icon, Later, Show, panel::origin_name};
use crate::{
    desk::{Desk, Filter, pile_key, pile_of_key},
    effect::memo,
    parts,
    text::text,
};

/// The field by which `keys` finds the search.
pub(crate) const SEARCH: &str = "search";

/// Search and filter.
#[component]
pub(crate) fn Filters() -> impl IntoView {
    let desk = Desk::used();
    let words = &text().board;
    let input = NodeRef::<html::Input>::new();
    let open = RwSignal::new(false);
    let narrowed = memo(move |_| desk.filter.with(Filter::narrows));
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            event.stop_propagation();
            desk.filter.update(|filter| filter.words.clear());
            if let Some(input) = input.get() {
                input.blur().ok();
            }
            desk.focus_lead();
        }
        "Enter" => select_first(desk),
        _ => {}
    };
    // Told once the person has paused, not with every letter.
    let found = StoredValue::new(None::<TimeoutHandle>);
    let tell = move || {
        if let Some(before) = found.get_value() {
            before.clear();
        }
        let later = set_timeout_with_handle(
            move || {
                let shown = desk.live.board.cards().iter().filter(|card| card.shown.get_untracked()).count();
                if desk.filter.with_untracked(|filter| !filter.is_open()) {
                    desk.live.notices().say((text().spoken.found)(shown));
                }
            },
            std::time::Duration::from_millis(700),
        );
        found.set_value(later.ok());
    };
    on_cleanup(move || {
        if let Some(timer) = found.try_get_value().flatten() {
            timer.clear();
        }
    });
    view! {
        <div class="filters" role="search">
            <div class="search">
                {Icon::Search}
                <input
                    node_ref=input
                    type="search"
                    data-testid="search"
                    data-field=SEARCH
                    aria-label=words.search
                    placeholder=words.search
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || desk.filter.with(|filter| filter.words.clone())
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        desk.filter.update(|filter| filter.words = typed);
                        tell();
                    }
                    on:keydown=key
                />
                <kbd aria-hidden="true">"/"</kbd>
            </div>
            <button
                type="button"
                class="icon-button"
                class:active=move || narrowed.get()
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=words.filter
                title=words.filter
                data-testid="filter"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {Icon::Filter}
            </button>
            <button
                type="button"
                class="icon-button"
                class:active=move || desk.compact.get()
                aria-pressed=move || if desk.compact.get() { "true" } else { "false" }
                aria-label=words.compact
                title=words.compact
                data-testid="compact"
                on:click=move |_| desk.compact.update(|compact| *compact = !*compact)
            >
                {Icon::Compact}
            </button>
            <Show when=move || open.get()>
                <Later part=move || parts::choices(open) />
            </Show>
        </div>
    }
}

/// Selects the first card that the search has found.
fn select_first(desk: Desk) {
    let first = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector(".card:not([hidden])").ok().flatten())
        .and_then(|card| card.get_attribute("data-project"))
        .and_then(|id| id.parse().ok());
    if let Some(id) = first {
        desk.select(id);
        if let Some(card) = crate::dom::card(id) {
            card.focus().ok();
        }
    }
}

/// The filter's choices, as far as the board's cards differ in them.
/// What the board can be narrowed to.
#[component]
pub(crate) fn Choices(open: RwSignal<bool>) -> impl IntoView {
    let desk = Desk::used();
    let words = &text().board;
    let board = desk.live.board;
    let sponsors = memo(move |_| {
        board.shape.track();
        let mut sponsors = BTreeSet::new();
        for card in board.cards() {
            sponsors.insert(card.project.with(|project| project.sponsor.clone()));
        }
        sponsors.remove("");
        sponsors.into_iter().collect::<Vec<_>>()
    });
    let origins = memo(move |_| {
        board.shape.track();
        let mut there = BTreeSet::new();
        there.extend(board.cards().iter().filter_map(|card| card.project.with(|project| project.origin)));
        there.into_iter().collect::<Vec<Origin>>()
    });
    view! {
        <div class="choices" data-testid="choices">
            <Show when=move || !origins.with(Vec::is_empty)>
                <div class="chips" role="group" aria-label=words.filter_origin>
                    <span class="chips-title">{words.filter_origin}</span>
                    {move || {
                        origins
                            .get()
                            .into_iter()
                            .map(|origin| {
                                let on = move || desk.filter.with(|filter| filter.origin == Some(origin));
                                view! {
                                    <button
                                        type="button"
                                        class="chip"
                                        aria-pressed=move || if on() { "true" } else { "false" }
                                        on:click=move |_| {
                                            desk.filter
                                                .update(|filter| {
                                                    filter.origin = if filter.origin == Some(origin) {
                                                        None
                                                    } else {
                                                        Some(origin)
                                                    };
                                                });
                                        }
                                    >
                                        {origin_name(origin)}
                                    </button>
                                }
                            })
                            .collect_view()
                    }}
                </div>
            </Show>
            <div class="chips">
                <button
                    type="button"
                    class="chip"
                    data-testid="filter-flagged"
                    aria-pressed=move || if desk.filter.with(|filter| filter.flagged) { "true" } else { "false" }
                    on:click=move |_| desk.filter.update(|filter| filter.flagged = !filter.flagged)
                >
                    {words.filter_flagged}
                </button>
                <button
                    type="button"
                    class="chip"
                    data-testid="filter-unsorted"
                    aria-pressed=move || {
                        if desk.filter.with(|filter| filter.pile == Some(Pile::Unsorted)) { "true" } else { "false" }
                    }
                    on:click=move |_| {
                        desk.filter
                            .update(|filter| {
                                let on = filter.pile == Some(Pile::Unsorted);
                                filter.pile = (!on).then_some(Pile::Unsorted);
                            });
                    }
                >
                    {words.unsorted}
                </button>
            </div>
            <label class="choice-select">
                <span class="chips-title">{words.filter_pile}</span>
                <select
                    data-testid="filter-pile"
                    on:change:target=move |event| {
                        let pile = pile_of_key(&event.target().value());
                        desk.filter.update(|filter| filter.pile = pile);
                    }
                    prop:value=move || {
                        desk.filter.with(|filter| filter.pile).map(pile_key).unwrap_or_default()
                    }
                >
                    <option value="">{words.anywhere}</option>
                    {move || {
                        let pillars = board
                            .pillars
                            .with(|pillars| {
                                pillars.iter().map(|pillar| Pile::Pillar(pillar.id)).collect::<Vec<_>>()
                            });
                        pillars
                            .into_iter()
                            .chain([Pile::Off, Pile::Unsorted])
                            .map(|pile| {
                                let chosen = desk.filter.with_untracked(|filter| filter.pile == Some(pile));
                                view! {
                                    <option value=pile_key(pile) selected=chosen>
                                        {board.pile_name(pile)}
                                    </option>
                                }
                            })
                            .collect_view()
                    }}
                </select>
            </label>
            <Show when=move || !sponsors.with(Vec::is_empty)>
                <label class="choice-select">
                    <span class="chips-title">{words.filter_sponsor}</span>
                    <select on:change:target=move |event| {
                        let chosen = event.target().value();
                        desk.filter
                            .update(|filter| filter.sponsor = (!chosen.is_empty()).then_some(chosen));
                    }>
                        <option value="">{words.anyone}</option>
                        {move || {
                            sponsors
                                .get()
                                .into_iter()
                                .map(|sponsor| {
                                    let chosen = desk
                                        .filter
                                        .with_untracked(|filter| filter.sponsor.as_ref() == Some(&sponsor));
                                    view! {
                                        <option value=sponsor.clone() selected=chosen>
                                            {sponsor.clone()}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                </label>
            </Show>
            <button
                type="button"
                class="button small"
                data-testid="filter-clear"
                on:click=move |_| {
                    desk.filter.set(Filter::default());
                    open.set(false);
                }
            >
                {words.filter_clear}
            </button>
        </div>
    }
}
