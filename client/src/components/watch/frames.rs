//! Console, phone and wall beside each other, each a page of its own in a frame; where there is no room for three, one of
//! them.

use leptos::prelude::*;
use plumbline_shared::ids::SessionId;

use crate::{
    route::Route,
    storage::watched::Watched,
    text::{text, watch::Frame},
};

/// What is shown of a session, in the order of the choice.
const FRAMES: [&str; 3] = ["phone", "console", "wall"];

fn words(frame: &str) -> &'static Frame {
    let words = &text().watch;
    match frame {
        "console" => &words.console,
        "wall" => &words.wall,
        _ => &words.phone,
    }
}

/// The three.
#[component]
pub(crate) fn Frames(session: SessionId, watched: Watched) -> impl IntoView {
    let shown = RwSignal::new(FRAMES[0]);
    let address = move |frame: &str| {
        let (route, token) = match frame {
            "console" => (Route::Board(session), &watched.console),
            "wall" => (Route::Wall(session), &watched.wall),
            _ => (Route::Board(session), &watched.phone),
        };
        format!("{}#only={token}", route.path())
    };
    view! {
        <div class="watch-choice" role="group" aria-label=text().watch.shown data-testid="watch-choice">
            {FRAMES
                .map(|frame| {
                    view! {
                        <button
                            type="button"
                            data-testid=format!("watch-{frame}")
                            aria-pressed=move || if shown.get() == frame { "true" } else { "false" }
                            on:click=move |_| shown.set(frame)
                        >
                            {words(frame).name}
                        </button>
                    }
                })
                .into_iter()
                .collect_view()}
        </div>
        {FRAMES
            .map(|frame| {
                let Frame { name, says } = words(frame);
                view! {
                    <figure class="watch-frame" data-frame=frame class:shown=move || shown.get() == frame>
                        <figcaption>
                            <b>{*name}</b>
                            <span>{*says}</span>
                            <em>{text().watch.mark}</em>
                        </figcaption>
                        <div class="watch-glass">
                            <iframe
                                title=format!("{name}: {says}")
                                src=address(frame)
                                data-testid=format!("frame-{frame}")
                            />
                        </div>
                    </figure>
                }
            })
            .into_iter()
            .collect_view()}
    }
}
