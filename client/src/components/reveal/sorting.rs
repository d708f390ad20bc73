//! The three beats of a round of sorting: the shape, what the room agrees on, where it splits. Whoever drives steps
//! through them for everybody; everybody may scroll.

use leptos::{html, prelude::*};
use plumbline_shared::{messages::Command, readings::Sorting, words::Beat};

use super::{Told, agreed::Agreed, beat, detail::Detail, shape::Shape, splits::Splits, spotlight};
use crate::{
    components::Show,
    desk::Desk,
    dom,
    effect::{effect, memo},
    text::text,
};

const BEATS: [Beat; 3] = [Beat::Shape, Beat::Agreed, Beat::Splits];

/// What a beat is called in short, with how many there are; tracked.
fn tab_name(beat: Beat, sorting: Memo<Sorting>) -> String {
    let words = &text().reveal.sorting;
    match beat {
        Beat::Agreed => sorting.with(|of| (words.agreed_tab)(of.agreed.len())),
        Beat::Splits => sorting.with(|of| (words.splits_tab)(of.contested.len())),
        Beat::Shape => words.shape.to_owned(),
        Beat::Beside => text().reveal.side_by_side.to_owned(),
    }
}

/// The beats of the round that is shown, one below the other.
#[component]
pub(super) fn Beats(told: Told) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().reveal.sorting;
    let by_cost = RwSignal::new(false);
    let sorting = told.sorting(by_cost);
    let now = memo(move |_| beat(live));
    let (root, nav) = (NodeRef::<html::Div>::new(), NodeRef::<html::Nav>::new());
    let go_to = move |beat: Beat| {
        let Some(root) = root.get_untracked() else { return };
        let part = root.query_selector(&format!("[data-beat={}]", beat.as_str())).ok().flatten();
        let area = root.closest("[data-testid=reveal]").ok().flatten();
        if let (Some(part), Some(area)) = (part, area) {
            // Under the row of beats, which stays in sight.
            let above = nav.get_untracked().map_or(0.0, |nav| f64::from(nav.offset_height()));
            dom::bring_to_top(&area, &part, above);
        }
    };
    effect(move || {
        let beat = now.get();
        // Who comes to the first beat is there already.
        if root.get().is_some() && beat != Beat::Shape {
            request_animation_frame(move || go_to(beat));
        }
    });
    let show = move |beat: Beat| {
        if untrack(|| live.drives())
            && let Some(seen) = live.seen()
        {
            live.command(Command::Show { seen, beat });
            // What is talked about holds the wall where it is.
            if live.board.session.with_untracked(|session| session.focus.is_some()) {
                spotlight(live, None, false);
            }
        }
        go_to(beat);
    };
    let tabs = BEATS.map(|beat| {
        view! {
            <button
                type="button"
                data-testid="beat"
                data-shows=beat.as_str()
                aria-current=move || (now.get() == beat).then_some("step")
                on:click=move |_| show(beat)
            >
                {move || tab_name(beat, sorting)}
            </button>
        }
    });
    view! {
        <nav node_ref=nav class="beats" aria-label=words.beats>
            {tabs.into_iter().collect_view()}
        </nav>
        <div node_ref=root class="beat-parts">
            <section data-beat=Beat::Shape.as_str() aria-label=words.shape>
                <Shape told=told sorting=sorting />
            </section>
            <section data-beat=Beat::Agreed.as_str() aria-label=words.agreed>
                <Agreed told=told sorting=sorting />
            </section>
            <section data-beat=Beat::Splits.as_str() aria-label=words.splits>
                <Splits told=told sorting=sorting by_cost=by_cost />
            </section>
            <Show when=move || live.drives()>
                <Detail told=told />
            </Show>
        </div>
    }
}
