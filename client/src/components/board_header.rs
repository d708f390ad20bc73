//! The head of the board: which session, how others come in, whether all is saved, who is here.

use leptos::{ev, html, prelude::*, task::spawn_local};
use plumbline_shared::{messages::Command, words::Role};
use wasm_bindgen::JsCast;

use super::{
    Faces, Files, Icon, Mark, Show, StatusPill, ThemeSwitch, closing_title, has_agenda, is_checkpoint,
};
use crate::{
    api::{self, Exported, Invitation},
    code,
    desk::Desk,
    effect::memo,
    navigate::{Router, beside},
    notices::Tone,
    route::Route,
    storage,
    text::text,
};

/// A dialog of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BoardDialog {
    Share,
    /// What a checkpoint has found.
    Checkpoint,
    Keys,
    AddProject,
    Agenda,
    /// Going through it with simulated people.
    Rehearse,
    Pillars,
    Import,
    /// Taking requests for new work onto the board.
    Requests,
    People,
    /// Closing, or resuming where the session is closed.
    Close,
    Erase,
}

/// The head.
#[component]
pub(crate) fn BoardHeader(
    /// How others come in, once it is known.
    invitation: RwSignal<Option<Invitation>>,
    /// Which of the board's dialogs is open.
    dialog: RwSignal<Option<BoardDialog>>,
) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let words = &text().board;
    // What it is called is known once it has come; before that, a link says nothing of it.
    let title = move || {
        let known = live.board.session.with(|session| session.title.clone());
        match (known.is_empty(), live.refused.get()) {
            (false, _) => known,
            (true, false) => words.loading.to_owned(),
            (true, true) => text().general.name.to_owned(),
        }
    };
    let closed = memo(move |_| live.board.session.with(|session| session.closed));
    let locked = memo(move |_| live.board.session.with(|session| session.locked));
    let lock = move |_| {
        if let Some(seen) = live.seen() {
            live.command(Command::Lock { seen, locked: !locked.get_untracked() });
        }
    };
    let lock_says = move || if locked.get() { words.unlock } else { words.lock };
    view! {
        <header class="board-header">
            <a class="brand" href="/" aria-label=text().general.name>
                <Mark />
            </a>
            <h1 title=title>{title}</h1>
            {move || {
                invitation
                    .get()
                    .filter(|invitation| !invitation.code.is_empty() && !closed.get())
                    .map(|invitation| {
                        view! {
                            <p class="join-line">
                                {words.join_at} " " <b>{code::door(&invitation.join_url).to_owned()}</b> " · " {words.code} " "
                                <b class="tabular code" data-testid="code">
                                    {code::grouped(&invitation.code)}
                                </b>
                            </p>
                        }
                    })
            }}
            <span class="grow" />
            <StatusPill live=live />
            <Faces live=live />
            <div class="button-pair">
                <button
                    type="button"
                    class="icon-button"
                    data-testid="undo"
                    aria-label=words.undo
                    title=words.undo
                    disabled=move || !live.can_undo.get()
                    on:click=move |_| live.undo()
                >
                    {Icon::Undo}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="redo"
                    aria-label=words.redo
                    title=words.redo
                    disabled=move || !live.can_redo.get()
                    on:click=move |_| live.redo()
                >
                    {Icon::Redo}
                </button>
            </div>
            // With an agenda it stands in the console.
            <Show when=move || live.drives() && !has_agenda(live)>
                <button
                    type="button"
                    class="icon-button"
                    class:active=move || locked.get()
                    data-testid="lock"
                    aria-pressed=move || if locked.get() { "true" } else { "false" }
                    aria-label=lock_says
                    title=lock_says
                    disabled=move || closed.get()
                    on:click=lock
                >
                    {move || if locked.get() { Icon::Lock.into_render() } else { Icon::Unlock.into_render() }}
                </button>
            </Show>
            <Show when=move || is_checkpoint(live.board)>
                <button
                    type="button"
                    class="button small"
                    data-testid="checkpoint-open"
                    on:click=move |_| dialog.set(Some(BoardDialog::Checkpoint))
                >
                    {text().checkpoint.title}
                </button>
            </Show>
            <button
                type="button"
                class="button share-button"
                data-testid="share"
                aria-label=words.share
                on:click=move |_| dialog.set(Some(BoardDialog::Share))
            >
                {Icon::Share}
                <span>{words.share}</span>
            </button>
            <Menu dialog=dialog />
        </header>
    }
}

/// What is wanted seldom.
#[component]
fn Menu(dialog: RwSignal<Option<BoardDialog>>) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().board;
    let router = Router::used();
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    // A click anywhere else closes it.
    let elsewhere = window_event_listener(ev::pointerdown, move |event| {
        let inside = details
            .get_untracked()
            .is_some_and(|details| details.contains(Some(&event_target::<web_sys::Node>(&event))));
        if !inside {
            close();
        }
    });
    on_cleanup(move || elsewhere.remove());
    let leave = move || {
        // The button that was pressed goes out of sight with the list; the focus comes back to what stays.
        if let Some(summary) =
            details.get_untracked().and_then(|details| details.query_selector("summary").ok().flatten())
            && let Some(summary) = summary.dyn_ref::<web_sys::HtmlElement>()
        {
            summary.focus().ok();
        }
        close();
    };
    let open = move |which| {
        leave();
        dialog.set(Some(which));
    };
    // As many as the faces in the head, for which a phone has no room.
    let here = move || {
        let me = live.me.get().participant;
        let others =
            live.board.others.with(|others| others.iter().filter(|other| Some(other.id) != me).count());
        (words.here)(others + usize::from(me.is_some()))
    };
    let wall = memo(move |_| live.me.get().role == Role::Facilitator);
    let rehearsable =
        memo(move |_| live.board.session.with(|session| !session.demonstration && !session.closed));
    view! {
        <details
            class="menu"
            node_ref=details
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    close();
                }
            }
        >
            <summary class="icon-button" aria-label=words.menu title=words.menu data-testid="menu">
                {Icon::Menu}
            </summary>
            <div class="menu-list">
                <p class="on-phone hint" data-testid="menu-here">
                    {here}
                </p>
                <button
                    type="button"
                    class="on-phone"
                    data-testid="menu-redo"
                    disabled=move || !live.can_redo.get()
                    on:click=move |_| live.redo()
                >
                    {words.redo}
                    {Icon::Redo}
                </button>
                <ThemeSwitch />
                <button type="button" on:click=move |_| open(BoardDialog::Keys)>
                    {words.keys}
                    <kbd>"?"</kbd>
                </button>
                <Show when=move || live.drives()>
                    <button type="button" data-testid="menu-people" on:click=move |_| open(BoardDialog::People)>
                        {text().prepare.people.title}
                    </button>
                    <button type="button" data-testid="menu-agenda" on:click=move |_| open(BoardDialog::Agenda)>
                        {text().agenda.edit.title}
                    </button>
                    <button type="button" data-testid="menu-pillars" on:click=move |_| open(BoardDialog::Pillars)>
                        {text().prepare.pillars.title}
                    </button>
                    <Show when=move || rehearsable.get()>
                        <button type="button" data-testid="menu-rehearse" on:click=move |_| open(BoardDialog::Rehearse)>
                            {text().watch.rehearse}
                        </button>
                    </Show>
                    <button type="button" data-testid="menu-import" on:click=move |_| open(BoardDialog::Import)>
                        {words.import_title}
                    </button>
                    <Show when=move || rehearsable.get()>
                        <button type="button" data-testid="menu-requests" on:click=move |_| open(BoardDialog::Requests)>
                            {text().prepare.take_requests}
                        </button>
                    </Show>
                    <div class="menu-export" role="group" aria-labelledby="menu-export" data-testid="menu-export">
                        <span id="menu-export">{words.export}</span>
                        <Files
                            of=Exported::Session(live.id)
                            token=move |()| live.token()
                            name="export"
                            pressed=move |()| leave()
                        />
                    </div>
                </Show>
                <Show when=move || wall.get()>
                    <a href=move || beside(&Route::Wall(live.id)) target="_blank" rel="opener">
                        {words.wall}
                    </a>
                    <a
                        href=move || beside(&Route::Print(live.id))
                        target="_blank"
                        rel="opener"
                        data-testid="menu-print"
                    >
                        {text().decide.print.title}
                    </a>
                </Show>
                <a href="/">{words.workspace}</a>
                <Show when=move || live.drives()>
                    <button type="button" data-testid="menu-close" on:click=move |_| open(BoardDialog::Close)>
                        {move || closing_title(live)}
                    </button>
                    <button type="button" data-testid="menu-erase" on:click=move |_| open(BoardDialog::Erase)>
                        {text().prepare.end.title}
                    </button>
                </Show>
                <button
                    type="button"
                    data-testid="menu-leave"
                    on:click=move |_| {
                        leave();
                        spawn_local(async move {
                            let token = live.token();
                            // Whoever alone can drive the session stays. Without a connection only this browser forgets.
                            match api::leave(live.id, &token).await {
                                Err(problem) if problem.status == 409 => {
                                    live.notices().show(Tone::Warning, problem.says);
                                }
                                _ => {
                                    storage::forget_place(&token);
                                    router.go(Route::Workspace);
                                }
                            }
                        });
                    }
                >
                    {words.leave}
                </button>
            </div>
        </details>
    }
}
