//! *Is this a hobby?*: asked with a reason, unsigned, and private until it is published with others.

use leptos::{html, prelude::*};
use plumbline_shared::{ids::ProjectId, limits, messages::Command};

use super::{Icon, Show};
use crate::{desk::Desk, dom, effect::memo, text::text};

/// The question about one project: what has been published, and the own part in it.
#[component]
pub(crate) fn Hobby(
    /// The project.
    project: ProjectId,
) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let words = &text().hobby;
    let published = memo(move |_| {
        live.board.flagged.track();
        live.board.board().flags.get(&project).cloned().unwrap_or_default()
    });
    let own = memo(move |_| {
        live.board
            .own_flags
            .with(|own| own.iter().find(|flag| flag.project == project).map(|flag| flag.reason.clone()))
    });
    let denied = live.why_not_command(Command::Flag { project, reason: None });
    let asking = memo(move |_| desk.asking.get() == Some(project) && denied.get().is_none());
    view! {
        <section class="hobby" data-testid="hobby">
            <h3>{words.question}</h3>
            {move || {
                let flags = published.get();
                (flags.count > 0)
                    .then(|| {
                        view! {
                            <p class="flag-count" data-testid="flag-count">
                                {(words.asked_by)(flags.count)}
                            </p>
                            <ul class="flag-reasons">
                                {flags.reasons.into_iter().map(|why| view! { <li>{why}</li> }).collect_view()}
                            </ul>
                        }
                    })
            }}
            {move || match (asking.get(), own.get()) {
                (true, own) => view! { <Ask project=project before=own.unwrap_or_default() /> }.into_any(),
                (false, Some(why)) => {
                    view! {
                        <div class="own-flag" data-testid="own-flag">
                            <p>
                                <strong>{words.yours}</strong>
                                " "
                                {why}
                            </p>
                            <p class="hint">{words.yours_hint}</p>
                            <button
                                type="button"
                                class="button small"
                                data-testid="flag-back"
                                disabled=move || denied.get().is_some()
                                title=denied
                                on:click=move |_| live.flag(project, None)
                            >
                                {words.take_back}
                            </button>
                        </div>
                    }
                        .into_any()
                }
                (false, None) => {
                    view! {
                        <button
                            type="button"
                            class="button small"
                            data-testid="flag"
                            disabled=move || denied.get().is_some()
                            title=denied
                            on:click=move |_| desk.asking.set(Some(project))
                        >
                            {Icon::Flag}
                            <span>{words.ask}</span>
                            <kbd class="for-keys">"F"</kbd>
                        </button>
                        // What was raised under tokens that others may hold is told to nobody, and this page cannot know
                        // of it: what can be said is what is always so.
                        <Show when=move || denied.get().is_none()>
                            <details class="flag-elsewhere" data-testid="flag-elsewhere">
                                <summary>{words.elsewhere}</summary>
                                <p>{words.elsewhere_means}</p>
                            </details>
                        </Show>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Why: the form of the question.
#[component]
fn Ask(project: ProjectId, before: String) -> impl IntoView {
    let desk = Desk::used();
    let words = &text().hobby;
    let area = NodeRef::<html::Textarea>::new();
    let reason = RwSignal::new(before);
    crate::effect::effect(move || {
        if let Some(area) = area.get() {
            request_animation_frame(move || {
                dom::focus_quietly(&area);
                dom::bring_into_sight(&area);
            });
        }
    });
    let done = move || {
        desk.asking.set(None);
        desk.focus_lead();
    };
    let ask = move || {
        desk.live.flag(project, Some(reason.get_untracked().trim().to_owned()));
        desk.live.notices().say(words.asked);
        done();
    };
    view! {
        <form
            class="ask"
            on:submit=move |event| {
                event.prevent_default();
                ask();
            }
        >
            <textarea
                node_ref=area
                rows="2"
                data-testid="flag-reason"
                aria-label=words.reason
                placeholder=words.reason
                maxlength=limits::REASON.to_string()
                prop:value=reason
                on:input:target=move |event| reason.set(event.target().value())
                on:keydown=move |event| match event.key().as_str() {
                    "Escape" => {
                        event.prevent_default();
                        event.stop_propagation();
                        done();
                    }
                    "Enter" if event.ctrl_key() || event.meta_key() => {
                        event.prevent_default();
                        ask();
                    }
                    _ => {}
                }
            />
            <p class="hint">{words.unsigned}</p>
            <div class="actions end">
                <button type="button" class="button small" on:click=move |_| done()>
                    {text().general.cancel}
                </button>
                <button type="submit" class="button small primary" data-testid="flag-submit">
                    {words.send}
                </button>
            </div>
        </form>
    }
}
