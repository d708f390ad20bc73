//! What is decided of a project, on its open card. Kept by who decides; the others see it and why they cannot change it.

use leptos::prelude::*;
use plumbline_shared::ids::ProjectId;

use super::DecisionForm;
use crate::text::text;

/// The decision about one project.
#[component]
pub(crate) fn DecisionOf(
    /// The project.
    project: ProjectId,
) -> impl IntoView {
    view! {
        <section class="decision" data-testid="decision">
            <h3>{text().open_card.decision}</h3>
            <DecisionForm project=project />
        </section>
    }
}
