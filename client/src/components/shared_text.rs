//! A text that several people write at once, with everybody's caret in it.
//!
//! The browser's own text field, so that spelling, dictation, input methods and screen readers work as everywhere.
//! Behind it lies a copy of the text that nobody sees: it makes the field as high as its text, and holds the carets.

use leptos::{html, prelude::*};
use plumbline_shared::{
    board::Board,
    ids::{NoteId, ProjectId},
    limits,
    messages::Caret,
    sorted::sort,
};
use plumbline_sync::{Intent, Splice};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use crate::{
    desk::Desk,
    dom,
    effect::effect,
    session::{Live, Writer},
};

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// What a note says.
    Note(NoteId),
    /// Why a project was decided as it was.
    Rationale(ProjectId),
}

impl Writing {
    fn id(self) -> Uuid {
        match self {
            Self::Note(id) => id.0,
            Self::Rationale(id) => id.0,
        }
    }

    /// What is meant by a change of it.
    pub(crate) fn intent(self, splice: Splice) -> Intent {
        match self {
            Self::Note(id) => Intent::EditNoteText { id, splice },
            Self::Rationale(project) => Intent::EditRationale { project, splice },
        }
    }

    /// What it says.
    pub(crate) fn on(self, board: &Board) -> &str {
        let says = match self {
            Self::Note(id) => board.notes.get(&id).map(|note| &note.text),
            Self::Rationale(id) => board.decisions.get(&id).map(|decision| &decision.rationale),
        };
        says.map_or("", String::as_str)
    }
}

/// A field for it.
#[component]
pub(crate) fn SharedText(
    /// Which text.
    writing: Writing,
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// What stands in it while it is empty.
    placeholder: &'static str,
    /// The name by which tests know it.
    name: &'static str,
    /// Why it cannot be written in, while it cannot.
    denied: Memo<Option<String>>,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    focus: bool,
    /// Called when the person goes on to something else, with whether it is empty.
    #[prop(optional, into)]
    left: Option<Callback<bool>>,
) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let (area, copy) = (NodeRef::<html::Textarea>::new(), NodeRef::<html::Div>::new());
    let pen = Pen { live, writing, area, copy, held: StoredValue::new_local(Held::default()) };
    effect(move || {
        live.board.written.track();
        if area.get().is_some() {
            pen.follow();
        }
    });
    effect(move || {
        let own: Vec<Writer> = live
            .board
            .writers
            .with(|writers| writers.iter().filter(|writer| writer.text == writing.id()).cloned().collect());
        let changed =
            pen.held.try_update_value(|held| std::mem::replace(&mut held.writers, own.clone()) != own);
        if changed == Some(true) {
            pen.draw();
        }
    });
    if focus {
        effect(move || {
            if let Some(area) = area.get() {
                request_animation_frame(move || {
                    dom::focus_quietly(&area);
                    dom::bring_into_sight(&area);
                });
            }
        });
    }
    let key = move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            // The browser's own undo would also take back what others wrote.
            "z" | "Z" | "y" if command => {
                event.prevent_default();
                if event.key() == "y" || event.shift_key() {
                    live.redo()
                } else {
                    live.undo()
                }
                pen.follow();
            }
            "Escape" => {
                event.stop_propagation();
                event.prevent_default();
                if let Some(area) = area.get_untracked() {
                    area.blur().ok();
                }
                desk.focus_lead();
            }
            _ => {}
        }
    };
    on_cleanup(move || live.presence(|presence| presence.caret = None));
    view! {
        <div class="shared-text">
            <div node_ref=copy class="shared-copy" aria-hidden="true" />
            <textarea
                node_ref=area
                rows="1"
                data-testid=name
                aria-label=label
                placeholder=placeholder
                maxlength=limits::TEXT.to_string()
                readonly=move || denied.get().is_some()
                title=move || denied.get()
                on:input=move |_| pen.typed()
                on:compositionstart=move |_| pen.composes(true)
                on:compositionend=move |_| pen.composes(false)
                on:keydown=key
                on:keyup=move |_| pen.show_caret()
                on:pointerup=move |_| pen.show_caret()
                on:focus=move |_| pen.show_caret()
                on:blur=move |_| {
                    live.presence(|presence| presence.caret = None);
                    // Whoever looks something up in another window goes on here when they come back.
                    let stays = document().has_focus().unwrap_or(true);
                    if let Some(left) = left.filter(|_| stays) {
                        left.run(writing.on(&live.board_now()).trim().is_empty());
                    }
                }
            />
        </div>
    }
}

/// What the field holds.
#[derive(Default)]
struct Held {
    /// The text that the field and the document last agreed on.
    shown: String,
    /// Where the others' carets stand in it.
    writers: Vec<Writer>,
    /// Whether an input method is at work, under which the field must not change.
    composing: bool,
}

#[derive(Clone, Copy)]
struct Pen {
    live: Live,
    writing: Writing,
    area: NodeRef<html::Textarea>,
    copy: NodeRef<html::Div>,
    held: StoredValue<Held, LocalStorage>,
}

impl Pen {
    fn area(self) -> Option<HtmlTextAreaElement> {
        self.area.get_untracked()
    }

    fn composes(self, composing: bool) {
        self.held.update_value(|held| held.composing = composing);
        if !composing {
            self.typed();
        }
    }

    /// Something was typed: it is done on the document, behind what has arrived there meanwhile.
    fn typed(self) {
        let Some(area) = self.area() else { return };
        let value = area.value();
        let before = self.held.try_update_value(|held| {
            (!held.composing).then(|| std::mem::replace(&mut held.shown, value.clone()))
        });
        let Some(Some(before)) = before else { return };
        if let Some(mine) = Splice::between(&before, &value) {
            let board = self.live.board_now();
            let mine_now = match Splice::between(&before, self.writing.on(&board)) {
                Some(theirs) => mine.after(&theirs),
                None => mine.clone(),
            };
            self.held.update_value(|held| carry(&mut held.writers, &mine));
            self.live.act(self.writing.intent(mine_now));
        }
        self.follow();
        self.draw();
        self.show_caret();
    }

    /// Brings the field up to the document, with the person's own selection where it was in the text.
    fn follow(self) {
        let Some(area) = self.area() else { return };
        let board = self.live.board_now();
        let now = self.writing.on(&board);
        let splice = self.held.try_update_value(|held| {
            if held.composing {
                return None;
            }
            let splice = Splice::between(&held.shown, now)?;
            now.clone_into(&mut held.shown);
            carry(&mut held.writers, &splice);
            Some(splice)
        });
        let Some(Some(splice)) = splice else { return self.draw() };
        let carried = |at: Result<Option<u32>, _>| at.ok().flatten().map(|at| splice.carry(at));
        let selection = (carried(area.selection_start()), carried(area.selection_end()));
        area.set_value(now);
        if let (Some(start), Some(end)) = selection {
            area.set_selection_range(start, end).ok();
        }
        self.draw();
    }

    /// Shows the others where this person writes.
    fn show_caret(self) {
        let Some(area) = self.area() else { return };
        let has_focus = dom::focused().is_some_and(|element| element == **area);
        let at = area.selection_end().ok().flatten().filter(|_| has_focus && !area.read_only());
        let caret = at.map(|at| Caret { text: self.writing.id(), at });
        self.live.presence(|presence| presence.caret = caret);
    }

    /// Draws the copy behind the field: the text, with a mark at each caret.
    fn draw(self) {
        let Some(copy) = self.copy.get_untracked() else { return };
        self.held.try_with_value(|held| {
            copy.set_text_content(None);
            let mut writers: Vec<&Writer> = held.writers.iter().collect();
            sort(&mut writers, |a, b| a.at.cmp(&b.at));
            let (mut rest, mut written) = (held.shown.as_str(), 0);
            for writer in writers {
                let (before, behind) = split(rest, writer.at.saturating_sub(written));
                copy.append_with_str_1(before).ok();
                rest = behind;
                written = writer.at.max(written);
                if let Some(mark) = mark(writer) {
                    copy.append_child(&mark).ok();
                }
            }
            // A line that ends the text has to have its height.
            copy.append_with_str_2(rest, "\u{200b}").ok();
        });
    }
}

fn carry(writers: &mut [Writer], splice: &Splice) {
    for writer in writers {
        writer.at = splice.carry(writer.at);
    }
}

/// Divides `text` behind so many UTF-16 units, never inside a character.
fn split(text: &str, units: u32) -> (&str, &str) {
    let mut passed = 0;
    let at = text.char_indices().find(|(_, letter)| {
        let here = passed >= units;
        passed += letter.len_utf16() as u32;
        here
    });
    text.split_at(at.map_or(text.len(), |(at, _)| at))
}

fn mark(writer: &Writer) -> Option<HtmlElement> {
    let mark: HtmlElement = document().create_element("span").ok()?.dyn_into().ok()?;
    mark.set_class_name("caret");
    mark.set_attribute("data-testid", "caret").ok();
    mark.set_attribute("data-name", &writer.name).ok();
    let colour = format!("var(--{})", super::faces::token(&writer.colour));
    mark.style().set_property("--hand", &colour).ok();
    Some(mark)
}
