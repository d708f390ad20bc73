//! Light, dark, or as the system has it.

use leptos::prelude::*;

use crate::{text::text, theme::Theme};

/// The switch, as a small choice of three.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new(Theme::kept());
    let label = |theme| match theme {
        Theme::System => text().general.theme_system,
        Theme::Light => text().general.theme_light,
        Theme::Dark => text().general.theme_dark,
    };
    view! {
        <fieldset class="switch">
            <legend class="unseen">{text().general.theme}</legend>
            {Theme::ALL
                .map(|theme| {
                    view! {
                        <label>
                            <input
                                type="radio"
                                name="theme"
                                prop:checked=move || chosen.get() == theme
                                on:change=move |_| {
                                    chosen.set(theme);
                                    theme.keep();
                                }
                            />
                            <span>{label(theme)}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
