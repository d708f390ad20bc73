//! What a ballot shows while there is nothing to answer: not opened, on its way, sealed, nothing asked, looking on,
//! closed.

use leptos::prelude::*;
use plumbline_shared::{agenda::option, words::Question};
use plumbline_sync::Connection;

use super::{answering::Answering, mark::Mark, promise::Promises, second::SecondPerson, words::prompt};
use crate::{
    components::{Icon, Show, changing},
    effect::memo,
    session::Live,
    text::text,
};

/// A title, a sentence, and more.
#[component]
pub(super) fn Say(
    /// For tests.
    name: &'static str,
    title: &'static str,
    says: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="ballot-say" data-testid=name>
            <h2 tabindex="-1" data-testid="ballot-heading">
                {title}
            </h2>
            <p class="lead">{says}</p>
            {children.map(|children| children())}
        </section>
    }
}

/// Somebody looks on while the room answers.
#[component]
pub(super) fn LooksOn(live: Live) -> impl IntoView {
    let words = &text().ballot.states;
    let room = move || {
        live.board.progress.get().map(|progress| (text().ballot.way.room)(progress.done, progress.of))
    };
    view! {
        <Say name="ballot-looks-on" title=words.looks_on_title says=words.looks_on>
            <p role="status" data-testid="ballot-progress">
                {room}
            </p>
        </Say>
    }
}

/// The round has not been opened: what will be asked, and what is promised.
#[component]
pub(super) fn Waits(live: Live) -> impl IntoView {
    let words = &text().ballot.states;
    let asked = memo(move |_| {
        let step = live.board.session.with(|session| session.step);
        live.board.agenda.with(|agenda| {
            let step = agenda.iter().find(|known| Some(known.id) == step)?;
            let question = step.question?;
            let hint = question == Question::Placement && step.option(option::PROMPT).is_empty();
            Some((prompt(question, step.option(option::PROMPT)), hint))
        })
    });
    view! {
        <Say name="ballot-waits" title=words.waits_title says=words.waits>
            {move || {
                asked
                    .get()
                    .map(|(question, hint)| {
                        let hint = hint.then_some(text().ballot.asks.placement_hint);
                        view! {
                            <div class="will-ask">
                                <h3>{words.will_ask}</h3>
                                <p>{question}</p>
                                {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
                            </div>
                        }
                    })
            }}
            <div class="will-ask">
                <h3>{text().ballot.promise.title}</h3>
                <Promises />
            </div>
            <SecondPerson />
        </Say>
    }
}

/// The round is open, and the own ballot has not arrived.
#[component]
pub(super) fn OnItsWay(live: Live) -> impl IntoView {
    let words = &text().ballot.states;
    let away = memo(move |_| live.status.get().connection != Connection::Live);
    changing(move || {
        view! {
            <section class="ballot-say" data-testid="ballot-loading" aria-busy="true">
                <p class="lead">{if away.get() { words.loading_offline } else { words.loading }}</p>
            </section>
        }
    })
}

/// Answers that reached the server after the seal.
#[component]
pub(super) fn TooLate(answering: Answering) -> impl IntoView {
    let words = &text().ballot.states;
    let items = memo(move |_| answering.not_counted());
    view! {
        {move || {
            let items = items.get();
            (!items.is_empty())
                .then(|| {
                    let names: Vec<_> = items.iter().map(|item| answering.name(item)).collect();
                    view! {
                        <div class="problem too-late" role="alert" data-testid="too-late">
                            <strong>{(words.not_counted_title)(names.len())}</strong>
                            <p>{words.not_counted_hint}</p>
                            <ul>{names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
                        </div>
                    }
                })
        }}
    }
}

/// No more answers are taken: what one has answered.
#[component]
pub(super) fn Sealed(answering: Answering) -> impl IntoView {
    let words = &text().ballot.states;
    let answered = memo(move |_| {
        answering.sheet.with(|sheet| {
            let lines = sheet.lines.iter().filter(|line| line.answer.is_some() && !line.out);
            lines.map(|line| line.item.clone()).collect::<Vec<_>>()
        })
    });
    view! {
        <section class="ballot-say sealed" data-testid="ballot-sealed">
            {Icon::Lock}
            <h2 tabindex="-1" data-testid="ballot-heading">
                {words.sealed_title}
            </h2>
            <TooLate answering=answering />
            <p class="lead">
                {move || if answered.with(Vec::is_empty) { words.sealed_none } else { words.sealed }}
            </p>
            <Show when=move || !answered.with(Vec::is_empty)>
                <section class="review-part">
                    <ul>
                        {move || {
                            answered
                                .get()
                                .into_iter()
                                .map(|item| {
                                    let name = answering.name(&item);
                                    view! {
                                        <li class="row-head">
                                            <span class="row-name">{name}</span>
                                            <Mark answering=answering item=item />
                                        </li>
                                    }
                                })
                                .collect_view()
                        }}
                    </ul>
                </section>
            </Show>
            <SecondPerson />
        </section>
    }
}
