//! A place where there is nothing yet, and what to do about it.

use leptos::prelude::*;

/// Says that there is nothing, and what to do; the children are what can be done.
#[component]
pub(crate) fn Empty(
    /// What there is not.
    #[prop(into)]
    title: Signal<String>,
    /// What to do.
    #[prop(into)]
    says: Signal<String>,
    /// Buttons and links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{title}</h2>
            <p>{says}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
