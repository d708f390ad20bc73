//! The frame of every page but the board and the wall.

use leptos::prelude::*;

use super::{Mark, ThemeSwitch};
use crate::text::text;

/// Mark, name and theme above, the page below.
#[component]
pub(crate) fn Shell(
    /// Whether the page is a narrow one: a form, a sentence.
    #[prop(optional)]
    narrow: bool,
    /// The ways to the other pages of the workspace.
    #[prop(optional)]
    ways: Option<AnyView>,
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="shell">
            <header class="shell-header">
                <a href="/" class="brand" data-testid="home">
                    <Mark />
                    <span>{text().general.name}</span>
                </a>
                {ways}
                <ThemeSwitch />
            </header>
            <main id="content" tabindex="-1" class="shell-main" class:narrow=narrow>
                {children()}
            </main>
        </div>
    }
}
