//! What folds out below the line: all steps, what the session is for and who decides; for who drives, the script, the
//! predicted end, and the way to any step.

use leptos::prelude::*;
use plumbline_shared::{ids::StepId, messages::Command};

use super::{
    advice,
    script::Script,
    stand::{Clock, titled},
};
use crate::{
    components::{BoardDialog, For, Show},
    effect::memo,
    session::Live,
    text::text,
};

/// The fold-out.
#[component]
pub(crate) fn More(dialog: RwSignal<Option<BoardDialog>>, clock: Clock) -> impl IntoView {
    let live = clock.live;
    let console = &text().agenda.console;
    let ends = advice::ends(clock);
    let closed = memo(move |_| live.board.session.with(|session| session.closed));
    let endless = move |_| {
        if let Some(seen) = live.seen() {
            live.command(Command::Timer { seen, seconds: 0 });
        }
    };
    view! {
        <div class="agenda-plan">
            <Purpose live=live />
            <Steps live=live />
            <Show when=move || live.drives()>
                <p class="agenda-ends tabular" data-testid="agenda-ends">
                    {move || ends.get()}
                </p>
                <div class="actions">
                    <button
                        type="button"
                        class="button small"
                        data-testid="agenda-edit"
                        on:click=move |_| dialog.set(Some(BoardDialog::Agenda))
                    >
                        {console.edit}
                    </button>
                    <button
                        type="button"
                        class="button small"
                        data-testid="console-no-limit"
                        disabled=move || closed.get() || live.board.session.with(|session| session.deadline.is_none())
                        on:click=endless
                    >
                        {console.no_limit}
                    </button>
                </div>
            </Show>
        </div>
        <Show when=move || live.drives()>
            <Script live=live />
        </Show>
    }
}

/// What the session is for, who decides, and by what rule.
#[component]
pub(super) fn Purpose(live: Live) -> impl IntoView {
    let words = &text().agenda.about;
    let about = memo(move |_| {
        live.board.session.with(|session| {
            let trimmed = |text: &String| text.trim().trim_end_matches('.').to_owned();
            (session.purpose.clone(), trimmed(&session.decider), trimmed(&session.rule))
        })
    });
    view! {
        <div class="agenda-about" data-testid="agenda-about">
            {move || {
                let (purpose, decider, rule) = about.get();
                let decides = if decider.is_empty() && rule.is_empty() {
                    words.unsaid.to_owned()
                } else {
                    (words.decides)(&decider, &rule)
                };
                view! {
                    {(!purpose.trim().is_empty()).then(|| view! { <p class="agenda-purpose">{purpose}</p> })}
                    <p>{decides}</p>
                }
            }}
        </div>
    }
}

/// All steps, with what is planned for each; who drives goes to any of them.
#[component]
fn Steps(live: Live) -> impl IntoView {
    let board = live.board;
    let words = &text().agenda;
    let ids =
        memo(move |_| board.agenda.with(|agenda| agenda.iter().map(|step| step.id).collect::<Vec<_>>()));
    let total = move || {
        board.agenda.with(|agenda| {
            (words.bar.all_minutes)(agenda.len(), agenda.iter().map(|step| step.minutes).sum())
        })
    };
    let current = memo(move |_| board.session.with(|session| session.step));
    let closed = memo(move |_| board.session.with(|session| session.closed));
    let go = move |step: StepId| {
        if let Some(seen) = live.seen() {
            live.command(Command::GoTo { seen, step });
        }
    };
    let row = move |id: StepId| {
        let step = memo(move |_| {
            board.agenda.with(|agenda| {
                agenda
                    .iter()
                    .find(|step| step.id == id)
                    .map(|step| (titled(step), step.minutes))
                    .unwrap_or_default()
            })
        });
        let behind = memo(move |_| {
            ids.with(|ids| {
                let place = |wanted: Option<StepId>| ids.iter().position(|id| Some(*id) == wanted);
                place(Some(id)) < place(current.get())
            })
        });
        let now = move || current.get() == Some(id);
        view! {
            <li
                class="agenda-row"
                class:behind=move || behind.get()
                aria-current=move || now().then_some("step")
                data-testid="agenda-row"
            >
                <span class="agenda-row-title">{move || step.get().0}</span>
                {move || behind.get().then(|| view! { <span class="unseen">{words.bar.over_already}</span> })}
                <span class="hint tabular">{move || (words.bar.minutes)(step.get().1)}</span>
                <Show when=move || live.drives()>
                    <button
                        type="button"
                        class="button small"
                        data-testid="agenda-go"
                        disabled=move || now() || closed.get()
                        aria-label=move || (words.console.go_to)(&step.get().0)
                        on:click=move |_| go(id)
                    >
                        {words.console.go}
                    </button>
                </Show>
            </li>
        }
    };
    view! {
        <ol class="agenda-rows">
            <For each=move || ids.get() let:id>
                {row(id)}
            </For>
        </ol>
        <p class="hint tabular">{total}</p>
    }
}
