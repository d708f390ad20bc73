//! Private confidence, dissent without a name, and then the public sign-off by name.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    board::Step,
    words::{Question, StepState},
};

use super::{
    confidence::Confidence,
    dissent::{DissentOn, Said},
    sign::SignOff,
};
use crate::{
    components::{BallotView, Show},
    desk::Desk,
    effect::memo,
    session::Live,
    text::text,
};

/// What something that is signed or disagreed with is called; tracked.
pub(super) fn called(live: Live, about: &Item) -> String {
    let project = about.as_project().and_then(|id| {
        let card = live.board.card(id)?;
        Some(card.project.with(|project| project.name.clone()))
    });
    project.unwrap_or_else(|| text().decide.commit.whole.to_owned())
}

/// Private confidence, dissent, and the public sign-off.
#[component]
pub(crate) fn CommitView() -> impl IntoView {
    let desk = Desk::used();
    desk.clear();
    let live = desk.live;
    let words = &text().decide.commit;
    let board = live.board;
    let current = move || {
        let step = board.session.with(|session| session.step);
        board.agenda.with(|agenda| agenda.iter().find(|known| Some(known.id) == step).cloned())
    };
    let step = memo(move |_: Option<&Option<Step>>| current());
    let asks = memo(move |_| step.with(|step| step.as_ref().is_some_and(|step| step.question.is_some())));
    let revealed =
        memo(move |_| board.session.with(|session| session.step_state == Some(StepState::Revealed)));
    let signs = memo(move |_| revealed.get() || !asks.get());
    // About what somebody disagrees: a decision, or all of it.
    let about = RwSignal::new(Item::session());
    let decided = memo(move |_| {
        board.written.track();
        let known = board.board();
        known
            .decisions
            .iter()
            .filter(|(_, decision)| decision.verdict.is_some())
            .map(|(id, _)| *id)
            .collect::<Vec<_>>()
    });
    let choose = move |event| {
        if let Some(item) = Item::parse(&event_target_value(&event)) {
            about.set(item);
        }
    };
    let is_scale =
        move || step.with(|step| step.as_ref().and_then(|step| step.question) == Some(Question::Scale));
    view! {
        <section class="commit" aria-label=words.title data-testid="commit">
            <header class="commit-head">
                <h2 tabindex="-1">{words.title}</h2>
                <p>{words.says}</p>
            </header>
            <div class="commit-parts">
                <section class="commit-private" aria-label=words.private>
                    <h3>{words.private}</h3>
                    <Show
                        when=move || asks.get()
                        fallback=move || view! { <p class="hint">{words.no_ballot}</p> }
                    >
                        <Show
                            when=move || revealed.get()
                            fallback=move || view! { <div class="commit-ballot"><BallotView /></div> }
                        >
                            <Show when=is_scale>
                                <Confidence live=live />
                            </Show>
                        </Show>
                    </Show>
                    <Show when=move || live.me.get().participant.is_some()>
                        <label class="field commit-about">
                            <span>{words.dissent_about}</span>
                            <select
                                data-testid="dissent-about"
                                prop:value=move || about.with(|about| about.to_string())
                                on:change=choose
                            >
                                <option value="session">{words.whole}</option>
                                {move || {
                                    decided
                                        .get()
                                        .into_iter()
                                        .map(|id| {
                                            let item = Item::project(id);
                                            view! { <option value=item.to_string()>{called(live, &item)}</option> }
                                        })
                                        .collect_view()
                                }}
                            </select>
                        </label>
                        <DissentOn live=live about=about />
                    </Show>
                    <Said live=live />
                </section>
                <section class="commit-public" aria-label=words.public>
                    <h3>{words.public}</h3>
                    <Show
                        when=move || signs.get()
                        fallback=move || view! { <p class="hint" data-testid="sign-later">{words.public_later}</p> }
                    >
                        <SignOff live=live decided=decided />
                    </Show>
                </section>
            </div>
        </section>
    }
}
