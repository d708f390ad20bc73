//! The public sign-off: by name, for all of it and for single decisions.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    deciding::own_stance,
    ids::ProjectId,
    limits,
    messages::Command,
    words::{Role, Stance},
};

use super::{
    commit::called,
    confidence::{Gap, carried_here, results_here},
};
use crate::{
    components::{For, Show},
    effect::memo,
    session::Live,
    text::text,
};

/// The own signature, those of the others, and the gap between private and public.
#[component]
pub(super) fn SignOff(live: Live, decided: Memo<Vec<ProjectId>>) -> impl IntoView {
    let words = &text().decide.commit;
    let board = live.board;
    let about = Item::session();
    let carried = carried_here(live, about.clone());
    let all = memo(move |_| {
        board.roster.with(|roster| roster.values().filter(|person| person.role != Role::Observer).count())
    });
    let denied =
        live.why_not_command(Command::Sign { about: about.clone(), stance: None, reason: String::new() });
    let takes_part = move || live.me.get().participant.is_some();
    view! {
        <p class="hint">{move || denied.get().unwrap_or_else(|| words.public_says.to_owned())}</p>
        <Show when=takes_part>
            <Sign live=live about=Item::session() denied=denied />
            <Show when=move || !decided.with(Vec::is_empty)>
                <details class="commit-single">
                    <summary>{move || (words.single)(decided.with(Vec::len))}</summary>
                    <For each=move || decided.get() let:id>
                        <Sign live=live about=Item::project(id) denied=denied />
                    </For>
                </details>
            </Show>
        </Show>
        <section class="commit-signed">
            <p role="status" data-testid="signed-count">
                {move || match carried.with(|carried| carried.signatures()) {
                    0 => words.nobody_signed.to_owned(),
                    n => (words.signed_by)(n as usize, all.get().max(n as usize)),
                }}
            </p>
            <ul data-testid="signatures">{move || signatures(live)}</ul>
        </section>
        <Gap carried=carried />
    }
}

/// Every signature: who, about what, how and why.
fn signatures(live: Live) -> AnyView {
    let words = &text().decide.commit;
    let results = results_here(live);
    live.board.roster.with(|roster| {
        results
            .signed
            .iter()
            .filter_map(|signed| {
                let who = roster.get(&signed.participant)?.name.clone();
                let about = signed.about.as_project().map(|_| called(live, &signed.about));
                Some(view! {
                    <li data-stance=signed.stance.as_str() data-testid="signature">
                        <strong>{who}</strong>
                        " "
                        {(words.you_signed)(signed.stance)}
                        {about.map(|about| format!(": {about}"))}
                        {(!signed.reason.is_empty()).then(|| view! { <q>{signed.reason.clone()}</q> })}
                    </li>
                })
            })
            .collect_view()
            .into_any()
    })
}

/// The own signature under one thing.
#[component]
fn Sign(live: Live, about: Item, denied: Memo<Option<String>>) -> impl IntoView {
    let words = &text().decide.commit;
    let about = StoredValue::new(about);
    let own = memo(move |_| {
        let me = live.me.get().participant?;
        let results = results_here(live);
        about.with_value(|about| {
            own_stance(&results, me, about).map(|signed| (signed.stance, signed.reason.clone()))
        })
    });
    // What was chosen and is not signed yet: a reservation waits for its reason.
    let chosen = RwSignal::new(None::<Stance>);
    let reason = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    let field = NodeRef::<leptos::html::Textarea>::new();
    // What was signed and is on its way, so that a press shows at once, without a connection too.
    let sent = RwSignal::new(None::<Option<Stance>>);
    crate::effect::effect(move || {
        own.track();
        if live.status.with(|status| status.unanswered == 0) {
            sent.set(None);
        }
    });
    let sign = move |stance: Option<Stance>, reason: String| {
        let about = about.get_value();
        sent.set(Some(stance));
        live.command(Command::Sign { about, stance, reason });
    };
    let choose = move |stance: Stance| {
        asked.set(false);
        let signed = own.with_untracked(|own| own.as_ref().map(|own| own.0));
        let signed = sent.get_untracked().unwrap_or(signed);
        if signed == Some(stance) && chosen.get_untracked().is_none() {
            // Pressed again it is taken back.
            return sign(None, String::new());
        }
        if stance == Stance::Carry {
            chosen.set(None);
            return sign(Some(stance), String::new());
        }
        reason.set(own.with_untracked(|own| own.as_ref().map(|own| own.1.clone()).unwrap_or_default()));
        chosen.set(Some(stance));
        request_animation_frame(move || {
            if let Some(field) = field.get_untracked() {
                field.focus().ok();
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let why = reason.get_untracked().trim().to_owned();
        if why.is_empty() {
            return asked.set(true);
        }
        sign(chosen.get_untracked(), why);
        chosen.set(None);
    };
    let shown = memo(move |_| {
        let signed = || own.with(|own| own.as_ref().map(|own| own.0));
        chosen.get().or_else(|| sent.get().unwrap_or_else(signed))
    });
    let name = Signal::derive(move || about.with_value(|about| called(live, about)));
    view! {
        <div class="commit-sign" data-testid="sign" data-about=about.with_value(Item::to_string)>
            <p class="commit-what">{name}</p>
            <div class="commit-stances" role="group" aria-label=move || (words.stance_of)(&name.get())>
                {Stance::ALL
                    .iter()
                    .copied()
                    .map(|stance| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                data-testid=format!("sign-{}", stance.as_str())
                                data-stance=stance.as_str()
                                aria-pressed=move || if shown.get() == Some(stance) { "true" } else { "false" }
                                disabled=move || denied.get().is_some()
                                on:click=move |_| choose(stance)
                            >
                                {(words.stance)(stance)}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <Show when=move || chosen.get().is_some()>
                <form class="ask" on:submit=submit>
                    <textarea
                        node_ref=field
                        rows="2"
                        data-testid="sign-reason"
                        aria-label=move || (words.reason)(chosen.get().unwrap_or(Stance::Reservation))
                        placeholder=move || (words.reason)(chosen.get().unwrap_or(Stance::Reservation))
                        aria-invalid=move || asked.get().then_some("true")
                        maxlength=limits::REASON.to_string()
                        prop:value=reason
                        on:input:target=move |event| reason.set(event.target().value())
                    />
                    <Show when=move || asked.get()>
                        <p class="error" role="alert">{words.reason_missing}</p>
                    </Show>
                    <div class="actions end">
                        <button type="button" class="button small" on:click=move |_| chosen.set(None)>
                            {text().general.cancel}
                        </button>
                        <button type="submit" class="button small primary" data-testid="sign-submit">
                            {words.sign}
                        </button>
                    </div>
                </form>
            </Show>
        </div>
    }
}
