//! On a narrow screen: all piles by name and number, to go to one, and to let a card fall onto one.

use leptos::prelude::*;
use plumbline_shared::board::Pile;

use super::{For, pile::PileCount};
use crate::{
    desk::{Desk, pile_key},
    dom,
    effect::effect,
    text::text,
};

/// The row of piles.
#[component]
pub(crate) fn PileTabs(
    /// The pile that is in sight.
    current: RwSignal<Pile>,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let piles = board.piles_between(&[Pile::Unsorted], &[Pile::Off]);
    effect(move || {
        let current = pile_key(current.get());
        if dom::is_narrow()
            && let Some(tab) = dom::by_attribute("data-drop", &current)
        {
            dom::bring_into_sight(&tab);
        }
    });
    view! {
        <nav class="pile-tabs" aria-label=text().board.places>
          <div class="pile-tabs-row">
            <For each=move || piles.get() let:pile>
                <button
                    type="button"
                    class="pile-tab"
                    class:current=move || current.get() == pile
                    class:over=move || desk.over.get() == Some(pile)
                    aria-current=move || (current.get() == pile).then_some("true")
                    data-drop=pile_key(pile)
                    style:--c=move || board.pile_colour(pile)
                    on:click=move |_| go_to(pile)
                >
                    <span class="pile-tab-name">{move || board.pile_name(pile)}</span>
                    <PileCount pile=pile />
                </button>
            </For>
          </div>
        </nav>
    }
}

/// Brings a pile into sight.
fn go_to(pile: Pile) {
    if let Some(column) = dom::by_attribute("data-pile", &pile_key(pile)) {
        dom::bring_to_start(&column);
    }
}
