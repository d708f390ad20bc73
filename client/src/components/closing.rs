//! Closing a session and resuming it, each with what it means said before.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::messages::Command;

use crate::{api, effect::effect, session::Live, text::text};

/// The title of the dialog that [`CloseSession`] stands in; tracked.
pub(crate) fn closing_title(live: Live) -> String {
    let words = &text().prepare.close;
    let closed = live.board.session.with(|session| session.closed);
    (if closed { words.resume } else { words.close }).to_owned()
}

/// Says what closing means, or resuming where it is closed, and does it.
#[component]
pub(crate) fn CloseSession(
    /// The session.
    live: Live,
    /// Called when it is done, or not wanted.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let words = &text().prepare.close;
    let session = live.board.session;
    let closed = session.with_untracked(|session| session.closed);
    // Another facilitator may have done it meanwhile.
    effect(move || {
        if session.with(|session| session.closed) != closed {
            done.run(());
        }
    });
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let go = move |_| {
        let Some(seen) = live.seen().filter(|_| !busy.get_untracked()) else { return };
        let command = if closed { Command::Resume { seen } } else { Command::Close { seen } };
        busy.set(true);
        refused.set(None);
        let token = live.token();
        spawn_local(async move {
            let answer = api::command(live.id, &token, command).await;
            // The dialog may be closed meanwhile.
            busy.try_set(false);
            match answer {
                Ok(()) => drop(done.try_run(())),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    let means = if closed { words.resume_means } else { words.close_means };
    view! {
        <ul class="means" data-testid="close-means">
            {means.iter().map(|says| view! { <li>{*says}</li> }).collect_view()}
        </ul>
        {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
        <div class="actions end">
            <button type="button" class="button" on:click=move |_| done.run(())>
                {text().general.cancel}
            </button>
            <button
                type="button"
                class="button primary"
                data-testid="close-submit"
                aria-disabled=move || busy.get().then_some("true")
                on:click=go
            >
                {if closed { words.resume } else { words.close }}
            </button>
        </div>
    }
}
