//! *Second person on this device*: one hands it over, and says what becomes of their place.

use leptos::prelude::*;

use crate::{
    components::{Dialog, Icon},
    desk::Desk,
    pages::Seats,
    storage::{self, Covered},
    text::text,
};

/// Hands the device over. Nothing where the page has no seats to change.
#[component]
pub(super) fn SecondPerson() -> impl IntoView {
    let words = &text().ballot.cover;
    let seats = use_context::<Seats>()?;
    let live = use_context::<Desk>()?.live;
    live.me.get_untracked().participant?;
    let open = RwSignal::new(false);
    let hand_over = move |how: Covered| {
        if let Some(me) = live.me.get_untracked().participant {
            storage::cover(live.id, me, how);
            seats.changed();
        }
    };
    Some(view! {
        <div class="second-person">
            <button type="button" class="button" data-testid="second-person" on:click=move |_| open.set(true)>
                {Icon::Phone}
                <span>{words.second}</span>
            </button>
            <p class="hint">{words.second_hint}</p>
        </div>
        <Dialog open=open title=words.ask_title.to_owned()>
            <p>{words.ask}</p>
            <div class="cover-choices">
                <button
                    type="button"
                    class="button large"
                    data-testid="cover-stay"
                    on:click=move |_| hand_over(Covered::Stays)
                >
                    {words.comes_back}
                </button>
                <p class="hint">{words.comes_back_hint}</p>
                <button
                    type="button"
                    class="button large"
                    data-testid="cover-leave"
                    on:click=move |_| hand_over(Covered::Leaves)
                >
                    {words.leaves}
                </button>
                <p class="hint">{words.leaves_hint}</p>
            </div>
        </Dialog>
    })
}
