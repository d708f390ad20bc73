//! Light, dark, or as the system has it.

use leptos::prelude::*;

use crate::storage;

const KEY: &str = "plumbline.theme";

/// What the person has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Theme {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What was chosen in this browser.
    pub(crate) fn kept() -> Self {
        let word: Option<String> = storage::read(KEY);
        Self::ALL.into_iter().find(|theme| Some(theme.word()) == word.as_deref()).unwrap_or(Self::System)
    }

    /// Shows the page in this theme from now on, in this browser.
    pub(crate) fn keep(self) {
        match self {
            Self::System => storage::remove(KEY),
            other => {
                storage::write(KEY, other.word());
            }
        }
        self.show();
    }

    /// Shows the page in this theme.
    pub(crate) fn show(self) {
        let Some(root) = document().document_element() else { return };
        match self {
            Self::System => root.remove_attribute("data-theme").ok(),
            other => root.set_attribute("data-theme", other.word()).ok(),
        };
    }
}
