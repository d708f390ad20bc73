//! Above the answers: how far one is, whether everything has been received, what was promised. Below: back and on.

use leptos::prelude::*;
use plumbline_shared::words::Question;
use plumbline_sync::Connection;

use super::{answering::Answering, course::is_settled, overview::takes_part_key, promise::PromiseLine};
use crate::{
    ballot::sheet::Saving,
    components::{Icon, Show},
    effect::memo,
    storage,
    text::text,
};

/// How far one is.
#[component]
pub(super) fn Top(answering: Answering, takes_part: RwSignal<bool>, drives: bool) -> impl IntoView {
    let words = &text().ballot.way;
    let live = answering.live;
    let count = memo(move |_| answering.sheet.with(|sheet| (sheet.answered(), sheet.of_all())));
    let connected = memo(move |_| live.status.get().connection == Connection::Live);
    let saving = memo(move |_| answering.sheet.with(|sheet| sheet.saving(connected.get())));
    let share = move || {
        let (done, of) = count.get();
        format!("{}%", 100 * done / of.max(1))
    };
    let by_item = is_by_item(answering.question());
    let mode = move |list: bool, says: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="ballot-view"
                    data-testid=if list { "ballot-as-list" } else { "ballot-as-cards" }
                    prop:checked=move || answering.as_list.get() == list
                    on:change=move |_| answering.show_as_list(list)
                />
                <span>{says}</span>
            </label>
        }
    };
    view! {
        <header class="ballot-top">
            <div class="ballot-line">
                <p class="tabular" data-testid="ballot-progress" data-answered=move || count.get().0.to_string()>
                    <strong>{move || (words.answered)(count.get().0, count.get().1)}</strong>
                    " "
                    <span
                        class="ballot-saving"
                        data-testid="ballot-saving"
                        data-state=move || saving.get().word()
                        data-waiting=move || saving.get() != Saving::Confirmed
                    >
                        {move || match saving.get() {
                            Saving::Confirmed => words.confirmed.to_owned(),
                            Saving::Sending(count) => (words.sending)(count),
                            Saving::Kept(count) => (words.kept)(count),
                        }}
                    </span>
                </p>
                {by_item
                    .then(|| {
                        view! {
                            <span class="switch" role="radiogroup" aria-label=words.view>
                                {mode(false, words.cards)}
                                {mode(true, words.list)}
                            </span>
                        }
                    })}
                {drives
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button small"
                                data-testid="to-overview"
                                on:click=move |_| {
                                    storage::write(&takes_part_key(answering), false);
                                    takes_part.set(false);
                                }
                            >
                                {text().ballot.states.to_overview}
                            </button>
                        }
                    })}
            </div>
            <div class="ballot-bar" aria-hidden="true">
                <i style:width=share />
            </div>
            <PromiseLine />
            {by_item.then(|| view! { <p class="unseen">{words.keys}</p> })}
        </header>
    }
}

/// Whether a question is answered item by item.
fn is_by_item(question: Question) -> bool {
    matches!(question, Question::Placement | Question::Hobby | Question::Verdict)
}

/// Back, on, and to the end.
#[component]
pub(super) fn Foot(answering: Answering) -> impl IntoView {
    let words = &text().ballot.way;
    let here = memo(move |_| answering.current.with(Option::is_some));
    let settled = memo(move |_| is_settled(answering));
    let shown = is_by_item(answering.question());
    view! {
        <Show when=move || shown && here.get()>
            <footer class="ballot-foot">
                <button type="button" class="button large" data-testid="ballot-back" on:click=move |_| answering.go_beside(true)>
                    {Icon::Back}
                    <span>{words.back}</span>
                </button>
                <button
                    type="button"
                    class="button large"
                    class:primary=move || settled.get()
                    data-testid="ballot-on"
                    on:click=move |_| answering.go_on()
                >
                    <span>{move || if settled.get() { words.next } else { words.skip }}</span>
                    {Icon::On}
                </button>
                <button type="button" class="button large" data-testid="ballot-end" on:click=move |_| answering.go_to(None)>
                    {words.look_over}
                </button>
            </footer>
        </Show>
    }
}
