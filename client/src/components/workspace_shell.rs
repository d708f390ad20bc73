//! The frame of the workspace's pages, with the ways from one to the other for whoever holds its key, and what such a
//! page says where it is not let in.

use leptos::{html, prelude::*};

use super::Shell;
use crate::{
    api::Problem,
    effect::effect,
    route::Route,
    storage,
    text::{hooks::hooks, record::record, text},
};

/// A page of the workspace that the others lead to. Another one is a line here, in [`Section::ALL`], in
/// [`Section::way`] and in the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The sessions.
    Sessions,
    /// The decision log.
    Decisions,
    /// The pillars over the sessions.
    Pillars,
    /// The requests for new work.
    Requests,
    /// Who outside is told.
    Webhooks,
    /// The API keys.
    ApiKeys,
}

impl Section {
    const ALL: &[Self] =
        &[Self::Sessions, Self::Decisions, Self::Pillars, Self::Requests, Self::Webhooks, Self::ApiKeys];

    /// What it is called, and where it is.
    fn way(self) -> (&'static str, Route) {
        match self {
            Self::Sessions => (text().workspace.title, Route::Workspace),
            Self::Decisions => (record().log.title, Route::Log(String::new())),
            Self::Pillars => (text().prepare.pillars.title, Route::Pillars),
            Self::Requests => (record().requests, Route::Requests),
            Self::Webhooks => (hooks().title, Route::Webhooks),
            Self::ApiKeys => (record().keys.title, Route::ApiKeys),
        }
    }
}

/// What a page of the workspace has asked the server for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer<T> {
    /// There is no key to ask with.
    NoKey,
    /// It is on its way.
    Coming,
    /// Here it is.
    Here(T),
    /// The key is not this server's.
    WrongKey,
    /// It has not come.
    Failed(Problem),
}

impl<T> Answer<T> {
    /// Whether the key is there and has not been turned away.
    pub(crate) fn admits(&self) -> bool {
        !matches!(self, Self::NoKey | Self::WrongKey)
    }
}

impl<T> From<Result<T, Problem>> for Answer<T> {
    fn from(answer: Result<T, Problem>) -> Self {
        match answer {
            Ok(here) => Self::Here(here),
            Err(problem) if problem.is_unauthorised() => Self::WrongKey,
            Err(problem) => Self::Failed(problem),
        }
    }
}

/// A page of the workspace in its frame.
#[component]
pub(crate) fn WorkspaceShell(
    /// Where it belongs.
    section: Section,
    /// Whether the key opens the workspace: nobody else is shown ways that are closed to them.
    #[prop(into)]
    admitted: Signal<bool>,
    /// Whether the page is a narrow one.
    #[prop(optional)]
    narrow: bool,
    /// The page.
    children: Children,
) -> impl IntoView {
    let ways = (move || admitted.get().then(|| view! { <Ways section=section /> })).into_any();
    view! {
        <Shell narrow=narrow ways=ways>
            {children()}
        </Shell>
    }
}

#[component]
fn Ways(section: Section) -> impl IntoView {
    let row = NodeRef::<html::Nav>::new();
    // On a phone they may be wider than the screen: the one where people are is in sight.
    effect(move || {
        if let Some(row) = row.get()
            && let Ok(Some(current)) = row.query_selector("[aria-current]")
        {
            let ends = current.get_bounding_client_rect().right() - row.get_bounding_client_rect().right();
            #[allow(clippy::cast_possible_truncation, reason = "pixels of a screen")]
            row.set_scroll_left(ends.max(0.0) as i32);
        }
    });
    view! {
        <nav class="ways" aria-label=record().workspace node_ref=row data-testid="ways">
            {Section::ALL
                .iter()
                .map(|other| {
                    let (name, route) = other.way();
                    let current = (*other == section).then_some("page");
                    view! {
                        <a href=route.path() aria-current=current>
                            {name}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// What a page of the workspace says to who has no key, or one of another server.
#[component]
pub(crate) fn NotAdmitted(
    /// What the page is called.
    title: &'static str,
    /// Whether there is a key, which does not open it.
    wrong: bool,
    /// The key was forgotten.
    #[prop(into)]
    forgotten: Callback<()>,
) -> impl IntoView {
    let words = &text().workspace;
    let forget = move |_| {
        storage::keep_workspace_key(None);
        forgotten.run(());
    };
    view! {
        <h1>{if wrong { words.wrong_key_title } else { title }}</h1>
        <p class="lead">{if wrong { words.wrong_key } else { record().needs_key }}</p>
        <div class="actions">
            <a class="button" href=Route::Workspace.path()>
                {text().general.to_start}
            </a>
            {wrong
                .then(|| {
                    view! {
                        <button type="button" class="button" data-testid="forget-key" on:click=forget>
                            {words.forget_key}
                        </button>
                    }
                })}
        </div>
    }
}
