//! Where the open card lies within its pile, and buttons that shift it there, for who has no keys and for who does not
//! know them.

use leptos::prelude::*;
use plumbline_shared::board::Pile;
use plumbline_sync::Intent;

use super::{Icon, Show};
use crate::{desk::Desk, effect::memo, session::CardView, shift::Shift, text::text};

/// The row of buttons; empty for an unsorted card, since the unsorted have no order of their own.
#[component]
pub(crate) fn ShiftInPile(
    /// The open card.
    card: CardView,
) -> impl IntoView {
    let desk = Desk::used();
    let board = desk.live.board;
    let words = &text().card;
    // The card's place from 1, and how many there are.
    let at = memo(move |_| {
        board.pile(card.pile.get()).with(|cards| {
            let at = cards.iter().position(|id| *id == card.id)?;
            Some((at + 1, cards.len()))
        })
    });
    let intent = Intent::Place { projects: vec![card.id], pile: Pile::Off, before: None };
    let denied = desk.live.why_not(intent);
    let buttons = [
        (Shift::Top, "shift-top", words.to_top, Icon::Top),
        (Shift::Up, "shift-up", words.up, Icon::Up),
        (Shift::Down, "shift-down", words.down, Icon::Down),
        (Shift::End, "shift-end", words.to_end, Icon::End),
    ];
    view! {
        <Show when=move || card.pile.get() != Pile::Unsorted>
            <div class="shift" role="group" aria-label=words.in_pile>
                <span class="hint tabular" data-testid="shift-at">
                    {move || at.get().map(|(place, all)| (words.place_of)(place, all))}
                </span>
                {buttons
                    .map(|(by, name, label, icon)| {
                        view! {
                            <button
                                type="button"
                                class="icon-button"
                                data-testid=name
                                aria-label=label
                                title=label
                                disabled=move || denied.get().is_some()
                                on:click=move |_| desk.shift(by)
                            >
                                {icon}
                            </button>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </div>
        </Show>
    }
}
