//! *Place on…*: every pile as a button, with the key that does the same.

use leptos::prelude::*;
use plumbline_shared::{board::Pile, ids::ProjectId};
use plumbline_sync::Intent;

use super::{For, Icon, Show};
use crate::{
    desk::{Desk, pile_key},
    effect::memo,
    text::text,
};

/// The piles on which a card can be placed, the one on which it lies marked.
#[component]
pub(crate) fn PlaceOn(
    /// The card.
    project: ProjectId,
    /// Where it lies.
    lies_on: RwSignal<Pile>,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let piles = board.piles_between(&[], &[Pile::Off]);
    // The rules' answer changes with the session's state and with who one is.
    let may = memo(move |_| {
        board.session.track();
        desk.live.me.track();
        desk.live.refused.track();
        desk.live.may(&Intent::Place { projects: vec![project], pile: Pile::Off, before: None })
    });
    let place = move |pile| {
        let selected = desk.selected.get_untracked();
        let projects = if selected.contains(&project) { selected } else { vec![project] };
        desk.place(projects, pile, None);
    };
    let numbered = move |pile| {
        let at = piles.with(|piles| piles.iter().position(|other| *other == pile))?;
        match pile {
            Pile::Off => Some("0".to_owned()),
            _ if at < 9 => Some((at + 1).to_string()),
            _ => None,
        }
    };
    view! {
        <div class="place-on" role="group" aria-label=text().card.place_on>
            <For each=move || piles.get() let:pile>
                <button
                    type="button"
                    class="place"
                    class:off=pile == Pile::Off
                    data-testid="place-on"
                    data-pile-button=pile_key(pile)
                    aria-pressed=move || if lies_on.get() == pile { "true" } else { "false" }
                    disabled=move || !may.get()
                    style:--c=move || board.pile_colour(pile)
                    on:click=move |_| place(pile)
                >
                    <span>{move || board.pile_name(pile)}</span>
                    {move || {
                        if lies_on.get() == pile {
                            Icon::Check.into_render()
                        } else {
                            numbered(pile).map(|key| view! { <kbd>{key}</kbd> }).into_any()
                        }
                    }}
                </button>
            </For>
            <Show when=move || lies_on.get() != Pile::Unsorted>
                <button
                    type="button"
                    class="place back"
                    data-testid="place-on"
                    data-pile-button="unsorted"
                    disabled=move || !may.get()
                    on:click=move |_| place(Pile::Unsorted)
                >
                    <span>{text().card.back_to_unsorted}</span>
                    <kbd>"U"</kbd>
                </button>
            </Show>
        </div>
    }
}
