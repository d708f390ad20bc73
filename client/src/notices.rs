//! What the page tells in passing: notes at its edge for the eyes, sentences for screen readers.

use leptos::prelude::*;

/// How a note is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something happened.
    Plain,
    /// Something was not done.
    Warning,
}

/// A note at the page's edge.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// Which one.
    pub(crate) id: u32,
    /// How it is meant.
    pub(crate) tone: Tone,
    /// What it says.
    pub(crate) says: String,
}

/// Notes shown at once; older ones give way.
const MOST: usize = 4;
/// How long a plain note stays, in milliseconds.
const PLAIN: u64 = 4_000;
/// How long a warning stays, in milliseconds: it has a reason to be read.
const WARNING: u64 = 10_000;

/// The notes of this page.
#[derive(Clone, Copy)]
pub(crate) struct Notices {
    notes: RwSignal<Vec<Note>>,
    spoken: RwSignal<String>,
    /// What is to be said next, all in one: a live region says only what stands in it last.
    saying: StoredValue<String>,
    next: StoredValue<u32>,
    /// The note that somebody is at, with the pointer or the focus: it stays.
    held: StoredValue<Option<u32>>,
}

impl Notices {
    /// Starts with none.
    pub(crate) fn start() -> Self {
        let notices = Self {
            notes: RwSignal::default(),
            spoken: RwSignal::default(),
            saying: StoredValue::new(String::new()),
            next: StoredValue::new(0),
            held: StoredValue::new(None),
        };
        provide_context(notices);
        notices
    }

    /// The notices of this page.
    pub(crate) fn used() -> Self {
        expect_context()
    }

    /// Shows a note, for as long as its tone asks. A warning is said as well.
    pub(crate) fn show(self, tone: Tone, says: impl Into<String>) {
        let says = says.into();
        if tone == Tone::Warning {
            self.say(says.as_str());
        }
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.notes.update(|notes| {
            // The same sentence twice is one sentence.
            notes.retain(|note| note.says != says);
            notes.push(Note { id, tone, says });
            let surplus = notes.len().saturating_sub(MOST);
            notes.drain(..surplus);
        });
        self.goes_after(id, if tone == Tone::Plain { PLAIN } else { WARNING });
    }

    /// Takes a note away when it has been shown for long enough, and nobody is at it.
    fn goes_after(self, id: u32, stays: u64) {
        let go = move || {
            if self.held.try_get_value() == Some(Some(id)) {
                self.goes_after(id, PLAIN)
            } else {
                self.dismiss(id)
            }
        };
        set_timeout(go, std::time::Duration::from_millis(stays));
    }

    /// Keeps a note for as long as somebody is at it, or lets it go.
    pub(crate) fn hold(self, id: Option<u32>) {
        self.held.set_value(id);
    }

    /// Takes a note away.
    pub(crate) fn dismiss(self, id: u32) {
        // The page, and its signals, may be gone when the timer comes.
        self.notes.try_update(|notes| notes.retain(|note| note.id != id));
    }

    /// The notes that are shown, by their ids; tracked.
    pub(crate) fn shown(self) -> Vec<u32> {
        self.notes.with(|notes| notes.iter().map(|note| note.id).collect())
    }

    /// The note with this id, while it is shown; not tracked.
    pub(crate) fn note(self, id: u32) -> Option<Note> {
        self.notes.with_untracked(|notes| notes.iter().find(|note| note.id == id).cloned())
    }

    /// Says a sentence to screen readers, together with what else is to be said at the moment.
    pub(crate) fn say(self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        let first = self.saying.try_update_value(|saying| {
            let first = saying.is_empty();
            if !saying.ends_with(&sentence) {
                if !first {
                    saying.push(' ');
                }
                saying.push_str(&sentence);
            }
            first
        });
        if first == Some(true) {
            set_timeout(move || self.speak(), std::time::Duration::ZERO);
        }
    }

    /// Says what was gathered.
    fn speak(self) {
        let Some(mut saying) = self.saying.try_update_value(std::mem::take) else { return };
        // A live region that gets the same text again stays silent; a space that nobody hears makes it new.
        if self.spoken.try_with_untracked(|last| *last == saying) == Some(true) {
            saying.push('\u{a0}');
        }
        self.spoken.try_set(saying);
    }

    /// What was said last; tracked.
    pub(crate) fn spoken(self) -> String {
        self.spoken.get()
    }
}
