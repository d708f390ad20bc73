//! Where else an agenda comes from, and where it goes: templates of the server's, and files.

use leptos::{html, prelude::*, task::spawn_local};
use plumbline_shared::json::Json;
use plumbline_sync::Connection;
use wasm_bindgen_futures::JsFuture;

use super::editor::Editing;
use crate::{
    agenda::template::Template,
    api,
    components::{Show, changing},
    dom,
    effect::memo,
    text::text,
};

/// Templates, *Open a file*, *Save as a file*.
#[component]
pub(super) fn Exchange(editing: Editing) -> impl IntoView {
    let live = editing.live;
    let words = &text().agenda.edit;
    let templates = RwSignal::new(Vec::<Template>::new());
    spawn_local(async move {
        if let Ok(all) = api::templates().await {
            templates.try_set(all);
        }
    });
    // What would take the agenda's place, once somebody is sure.
    let wanted = RwSignal::new(None::<Template>);
    let busy = RwSignal::new(false);
    let want = move |template: Template| {
        wanted.set(Some(template));
        request_animation_frame(|| {
            if let Some(button) = dom::by_attribute("data-testid", "agenda-replace") {
                button.focus().ok();
            }
        });
    };
    let away = memo(move |_| live.status.with(|status| status.connection != Connection::Live));
    let replace = move |_| {
        let Some(template) = wanted.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let token = live.token();
        spawn_local(async move {
            let done = api::bring_agenda(live.id, &token, &template.json).await;
            busy.try_set(false);
            if wanted.try_set(None).is_some() {
                return;
            }
            editing.say(
                done.map(|()| (text().agenda.edit.replaced)(&template.title)).map_err(|problem| problem.says),
            );
        });
    };
    let input = NodeRef::<html::Input>::new();
    let opened = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file can be chosen again, after it was changed.
        input.set_value("");
        let content = file.text();
        let name = file.name();
        spawn_local(async move {
            let content = JsFuture::from(content).await.ok().and_then(|content| content.as_string());
            let json = content.and_then(|content| Json::read(content.trim_start_matches('\u{feff}')));
            match json.and_then(|json| Template::read(&json)) {
                Some(mut template) => {
                    if template.title.is_empty() {
                        template.title = name;
                    }
                    if wanted.try_with_untracked(|_| ()).is_some() {
                        want(template);
                    }
                }
                None => editing.say(Err(text().agenda.edit.import_unreadable.to_owned())),
            }
        });
    };
    let save = move |_| {
        let token = live.token();
        spawn_local(async move {
            if let Err(problem) = api::export_agenda(live.id, &token).await {
                editing.say(Err(problem.says));
            }
        });
    };
    let picked = move |event: leptos::ev::Event| {
        let id = event_target_value(&event);
        let found = templates.with_untracked(|all| all.iter().find(|template| template.id == id).cloned());
        if let Some(template) = found {
            want(template);
        }
    };
    let asking = move || {
        let template = wanted.get()?;
        Some(view! {
            <div class="sure" role="group" aria-label=words.replace_yes>
                <p role="alert">{(words.replace_ask)(&template.title)}</p>
                <p class="hint">{template.steps.join(" · ")}</p>
                <div class="actions">
                    <button
                        type="button"
                        class="button primary"
                        data-testid="agenda-replace"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=replace
                    >
                        {words.replace_yes}
                    </button>
                    <button type="button" class="button" on:click=move |_| wanted.set(None)>
                        {text().general.cancel}
                    </button>
                </div>
            </div>
        })
    };
    view! {
        <div class="agenda-exchange">
            <Show when=move || away.get()>
                <p class="problem" role="status">{words.offline}</p>
            </Show>
            <div class="actions">
                <label class="step-template">
                    <span class="hint">{text().agenda.templates.pick}</span>
                    <select
                        data-testid="agenda-template"
                        disabled=move || away.get()
                        prop:value=move || wanted.get().map(|template| template.id).unwrap_or_default()
                        on:change=picked
                    >
                        <option value="">{text().agenda.templates.choose}</option>
                        {move || {
                            templates
                                .get()
                                .into_iter()
                                .map(|template| {
                                    view! {
                                        <option value=template.id>
                                            {format!(
                                                "{} ({})",
                                                template.title,
                                                (text().agenda.templates.facts)(template.minutes, template.steps.len()),
                                            )}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                </label>
                <label class="button" class:disabled=move || away.get()>
                    {words.import}
                    <input
                        node_ref=input
                        type="file"
                        class="unseen"
                        accept=".json,application/json"
                        data-testid="agenda-import"
                        disabled=move || away.get()
                        on:change=opened
                    />
                </label>
                <button type="button" class="button" data-testid="agenda-export" disabled=move || away.get() on:click=save>
                    {words.export}
                </button>
            </div>
            {changing(asking)}
        </div>
    }
}
