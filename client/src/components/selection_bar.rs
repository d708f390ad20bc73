//! Several selected cards: how many, where to, and, for who drives, whether two of them are one.

use leptos::prelude::*;
use plumbline_shared::{ids::ProjectId, messages::Command};

use super::Icon;
use crate::{desk::Desk, dom, text::text};

/// The bar; empty while fewer than two cards are selected.
#[component]
pub(crate) fn SelectionBar() -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let words = &text().selection;
    let selected = move || desk.selected.get();
    let name = move |id: ProjectId| {
        live.board.card(id).map(|card| card.project.with(|project| project.name.clone())).unwrap_or_default()
    };
    let merge = move |from, into| {
        live.command(Command::MergeProjects { from, into });
        desk.select(into);
        desk.focus_lead();
    };
    // The lesser of the two is the one that came later: what was imported stays, what was added goes into it.
    let pair = move || match selected()[..] {
        [a, b] if live.drives() => Some((a.min(b), a.max(b))),
        _ => None,
    };
    let asked = RwSignal::new(false);
    crate::effect::effect(move || {
        desk.selected.track();
        asked.set(false);
    });
    move || {
        let count = desk.selected.with(Vec::len);
        (count > 1).then(|| {
            view! {
                <div class="selection-bar" role="group" aria-label=words.bar data-testid="selection-bar">
                    <strong>{(text().card.selected)(count)}</strong>
                    {move || match pair() {
                        Some((into, from)) if asked.get() => {
                            let choice = move |keep: ProjectId, other: ProjectId| {
                                view! {
                                    <button
                                        type="button"
                                        class="button small"
                                        data-testid="merge-into"
                                        data-keep=keep.to_string()
                                        on:click=move |_| merge(other, keep)
                                    >
                                        {(words.keep)(&name(keep))}
                                    </button>
                                }
                            };
                            view! {
                                <span>{words.which_stays}</span>
                                {choice(into, from)}
                                {choice(from, into)}
                            }
                                .into_any()
                        }
                        pair => {
                            view! {
                                {pair
                                    .map(|_| {
                                        view! {
                                            <button
                                                type="button"
                                                class="button small"
                                                data-testid="merge"
                                                title=words.merge_hint
                                                on:click=move |_| asked.set(true)
                                            >
                                                {words.merge}
                                            </button>
                                        }
                                    })}
                                <button
                                    type="button"
                                    class="button small"
                                    data-testid="place-selected"
                                    on:click=move |_| {
                                        desk.open.set(true);
                                        request_animation_frame(|| {
                                            if let Some(place) = dom::by_attribute("data-testid", "place-on") {
                                                place.focus().ok();
                                            }
                                        });
                                    }
                                >
                                    {words.place_on}
                                </button>
                            }
                                .into_any()
                        }
                    }}
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=words.let_go
                        title=words.let_go
                        data-testid="let-go"
                        on:click=move |_| desk.clear()
                    >
                        {Icon::Close}
                    </button>
                </div>
            }
        })
    }
}
