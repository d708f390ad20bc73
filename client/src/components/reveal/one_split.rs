//! Where the room splits, on a phone: one project at a time.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    readings::{Signs, Sorting, placed},
};

use super::{Named, PileBars, Told, camps_mark, focus, words};
use crate::{
    components::Icon,
    effect::{effect, memo},
    text::text,
};

/// One project, with the way to the next and the one before.
#[component]
pub(super) fn OneSplit(told: Told, sorting: Memo<Sorting>) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.sorting;
    let at = RwSignal::new(0_usize);
    let count = memo(move |_| sorting.with(|sorting| sorting.contested.len()));
    let lit = focus(told.live);
    // What everybody talks about is what is looked at, until the person goes on.
    effect(move || {
        let place =
            lit.get().and_then(|lit| sorting.with(|of| of.contested.iter().position(|id| *id == lit)));
        if let Some(place) = place {
            at.set(place);
        }
    });
    let shown = memo(move |_| {
        sorting.with(|of| of.contested.get(at.get().min(of.contested.len().max(1) - 1)).copied())
    });
    let go = move |by: isize| {
        let count = count.get_untracked().max(1);
        at.update(|at| *at = (*at).min(count - 1).saturating_add_signed(by).min(count - 1));
    };
    let one = move || {
        let project = shown.get()?;
        let of = told.item(&Item::project(project))?;
        let counts = told.read(|round| placed(round, &Item::project(project)).cloned()).flatten()?;
        let signs = Signs::of(&counts);
        let of_all = counts.answered() + counts.unknown;
        let (off, answered) = (counts.off, counts.answered());
        let says = words::piles(board, &counts);
        Some(view! {
            <Named project=project />
            <p class="one-split-says">{(words.off_on)(off, answered - off)}</p>
            <PileBars board=board counts=counts of=of_all />
            <p class="unseen">{says}</p>
            {signs.two_camps.then(camps_mark)}
            {signs.dim.then(|| view! { <p class="hint">{words.dim_mark}</p> })}
            {words::heard(&of, told.usual()).map(|says| view! { <p class="hint">{says}</p> })}
        })
    };
    view! {
        <div class="one-split" data-testid="one-split" data-item=move || shown.get().map(|id| id.to_string())>
            <div class="one-split-body" aria-live="polite">{one}</div>
            <div class="one-split-ways">
                <button
                    type="button"
                    class="button"
                    data-testid="split-previous"
                    disabled=move || at.get() == 0
                    on:click=move |_| go(-1)
                >
                    {Icon::Back}
                    <span>{words.previous}</span>
                </button>
                <span class="tabular">{move || (words.one_of)(at.get() + 1, count.get())}</span>
                <button
                    type="button"
                    class="button"
                    data-testid="split-next"
                    disabled=move || { at.get() + 1 >= count.get() }
                    on:click=move |_| go(1)
                >
                    <span>{words.next}</span>
                    {Icon::Next}
                </button>
            </div>
        </div>
    }
}
