//! The whole of it: what every page shares, and which page is shown.

use leptos::prelude::*;

use crate::{
    components::{Later, Notes},
    keep_focus,
    navigate::Router,
    notices::Notices,
    pages::{BoardPage, JoinPage, UnknownPage},
    parts,
    route::Route,
    text,
    theme::Theme,
};

/// Shows the page in the browser's language and the theme that was chosen.
pub(crate) fn start() {
    let wanted = window().navigator().languages();
    let chosen = text::choose(wanted.iter().filter_map(|tag| tag.as_string()));
    if let Some(root) = document().document_element() {
        root.set_attribute("lang", chosen.tag).ok();
    }
    Theme::kept().show();
    mount_to_body(App);
}

/// Every page.
#[component]
fn App() -> impl IntoView {
    Notices::start();
    keep_focus::watch();
    let router = Router::start();
    view! {
        <a class="skip" href="#content">
            {text::text().general.skip_to_content}
        </a>
        {move || match router.get() {
            Route::Workspace => view! { <Later part=parts::workspace /> }.into_any(),
            Route::NewSession => view! { <Later part=parts::new_session /> }.into_any(),
            Route::Join(code) => view! { <JoinPage code=code.unwrap_or_default() /> }.into_any(),
            Route::Board(session) => view! { <BoardPage session=session /> }.into_any(),
            Route::Wall(session) => view! { <Later part=move || parts::wall(session) /> }.into_any(),
            Route::Watch(session) => view! { <Later part=move || parts::watched(session) /> }.into_any(),
            Route::Print(session) => view! { <Later part=move || parts::print(session) /> }.into_any(),
            Route::Log(asked) => view! { <Later part=move || parts::log(asked.clone()) /> }.into_any(),
            Route::Request => view! { <Later part=parts::request /> }.into_any(),
            Route::RequestStatus => view! { <Later part=parts::request_status /> }.into_any(),
            Route::Requests => view! { <Later part=parts::requests /> }.into_any(),
            Route::Pillars => view! { <Later part=parts::pillars /> }.into_any(),
            Route::Pillar(id) => view! { <Later part=move || parts::pillar(id) /> }.into_any(),
            Route::Webhooks => view! { <Later part=parts::webhooks /> }.into_any(),
            Route::Decision(number) => view! { <Later part=move || parts::decision(number) /> }.into_any(),
            Route::ApiKeys => view! { <Later part=parts::api_keys /> }.into_any(),
            Route::Unknown => view! { <UnknownPage /> }.into_any(),
        }}
        <Notes />
    }
}
