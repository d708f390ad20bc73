//! Notes on a project: each begun by somebody, written by everybody.

use leptos::prelude::*;
use plumbline_shared::ids::{NoteId, ProjectId};
use plumbline_sync::{Intent, Splice};
use uuid::Uuid;

use super::{For, Icon, SharedText, Show, Writing};
use crate::{desk::Desk, effect::memo, session::Live, text::text};

/// The notes on one project.
#[component]
pub(crate) fn CardNotes(
    /// The project.
    project: ProjectId,
) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().open_card;
    let notes = memo(move |_| {
        live.board.written.track();
        let about = project.to_string();
        let board = live.board.board();
        board.notes.iter().filter(|(_, note)| note.about == about).map(|(id, _)| *id).collect::<Vec<_>>()
    });
    // The one that was just begun here takes the focus as it appears.
    let begun = StoredValue::new(None::<NoteId>);
    let add = move |id| Intent::AddNote { id, about: project.0, text: String::new() };
    let denied = live.why_not(add(NoteId(Uuid::nil())));
    let begin = move |_| {
        let id = NoteId(Uuid::now_v7());
        begun.set_value(Some(id));
        live.act(add(id));
    };
    view! {
        <section class="card-notes" data-testid="card-notes">
            <h3>{words.notes}</h3>
            <For each=move || notes.get() let:id>
                <Note id=id live=live focus=begun.get_value() == Some(id) />
            </For>
            <button
                type="button"
                class="button small"
                data-testid="add-note"
                disabled=move || denied.get().is_some()
                title=denied
                on:click=begin
            >
                {Icon::Add}
                <span>{words.add_note}</span>
            </button>
        </section>
    }
}

#[component]
fn Note(id: NoteId, live: Live, focus: bool) -> impl IntoView {
    let words = &text().open_card;
    let author = memo(move |_| {
        live.board.written.track();
        let author = live.board.board().notes.get(&id)?.author?;
        let (name, colour) = live
            .board
            .roster
            .with(|roster| roster.get(&author).map(|person| (person.name.clone(), person.colour.clone())))?;
        Some((author, name, colour))
    });
    let name = move || author.get().map_or_else(|| words.someone_gone.to_owned(), |(_, name, _)| name);
    let colour =
        move || author.get().map(|(_, _, colour)| format!("var(--{})", super::faces::token(&colour)));
    let label = Signal::derive(move || (words.note_by)(&name()));
    let writing = Writing::Note(id);
    let denied = live.why_not(writing.intent(Splice { at: 0, remove: 0, insert: " ".to_owned() }));
    let keeps = live.why_not(Intent::RemoveNote { id });
    let mine = move || {
        author.with_untracked(|author| author.as_ref().map(|(id, ..)| *id))
            == live.me.get_untracked().participant
    };
    let others_write =
        move || live.board.writers.with_untracked(|writers| writers.iter().any(|writer| writer.text == id.0));
    view! {
        <article class="card-note" data-testid="note">
            <header>
                <span class="note-author" style:--hand=colour>
                    {name}
                </span>
                <Show when=move || keeps.get().is_none()>
                    <button
                        type="button"
                        class="icon-button"
                        data-testid="remove-note"
                        aria-label=words.remove_note
                        title=words.remove_note
                        on:click=move |_| {
                            live.act(Intent::RemoveNote { id });
                        }
                    >
                        {Icon::Close}
                    </button>
                </Show>
            </header>
            <SharedText
                writing
                label=label
                placeholder=words.note_placeholder
                name="note-text"
                denied=denied
                focus=focus
                // A note of one's own that says nothing was not meant, unless somebody else is about to write in it.
                left=Callback::new(move |empty: bool| {
                    if empty && mine() && !others_write() && live.board_now().notes.contains_key(&id) {
                        live.act(Intent::RemoveNote { id });
                    }
                })
            />
        </article>
    }
}
