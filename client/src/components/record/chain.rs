//! Whether the decision log is what was written.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Problem, Verified},
    components::{Answer, Show, copyable::Copyable},
    storage,
    text::{record::record, text},
};

/// How many digits a hash has.
const DIGITS: usize = 64;

/// What a hash that was noted elsewhere came to.
#[derive(Clone, Debug, PartialEq)]
enum Noted {
    /// It is no hash.
    Malformed,
    /// The log is being gone through.
    Coming,
    /// It is there, or not.
    Told(bool),
    /// That cannot be told.
    Failed(Problem),
}

/// The first entry that is not what was written, and what to do; nothing while all are.
#[component]
pub(crate) fn Tampered(
    /// What going through the log came to.
    verified: RwSignal<Answer<Verified>>,
) -> impl IntoView {
    let words = &record().chain;
    let fault = move || match verified.get() {
        Answer::Here(Verified { first_fault: Some(fault), .. }) => Some(fault),
        _ => None,
    };
    move || {
        fault().map(|fault| {
            view! {
                <section class="log-tampered" role="alert" data-testid="log-tampered">
                    <h2>{(words.tampered)(fault.number)}</h2>
                    <p>{(words.tampered_how)(&fault.what)}</p>
                    <p>{(words.tampered_says)(fault.number)}</p>
                </section>
            }
        })
    }
}

/// How many entries are as they were written, the last one's hash to note down, and a place for one that was noted
/// elsewhere.
#[component]
pub(crate) fn ChainState(
    /// What going through the log came to.
    verified: RwSignal<Answer<Verified>>,
    /// Goes through it again.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let words = &record().chain;
    let state = move || match verified.get() {
        Answer::Coming | Answer::NoKey | Answer::WrongKey => {
            view! { <p class="quiet">{words.coming}</p> }.into_any()
        }
        Answer::Failed(problem) => view! {
            <p class="problem">{problem.says}</p>
            <div class="actions">
                <button type="button" class="button small" on:click=move |_| again.run(())>
                    {text().general.retry}
                </button>
            </div>
        }
        .into_any(),
        Answer::Here(Verified { entries: 0, .. }) => {
            view! { <p class="quiet">{words.nothing}</p> }.into_any()
        }
        Answer::Here(Verified { first_fault: Some(fault), entries, .. }) => view! {
            <p class="log-chain-says" data-testid="log-chain" data-state="tampered">
                {(words.fault)(fault.number, entries)}
            </p>
        }
        .into_any(),
        Answer::Here(Verified { entries, head, .. }) => view! {
            <p class="log-chain-says" data-testid="log-chain" data-state="whole">
                {(words.whole)(entries)}
            </p>
            <Copyable value=head id="log-head" label=words.head />
            <p class="hint">{words.note_it}</p>
        }
        .into_any(),
    };
    let there = move || verified.with(|verified| matches!(verified, Answer::Here(of) if of.entries > 0));
    view! {
        <section class="log-chain" aria-labelledby="log-chain-title">
            <h2 id="log-chain-title">{words.title}</h2>
            {move || state()}
            <Show when=there>
                <LookForHash />
            </Show>
        </section>
    }
}

/// A place for a hash that was noted elsewhere.
#[component]
fn LookForHash() -> impl IntoView {
    let words = &record().chain;
    let typed = RwSignal::new(String::new());
    let noted = RwSignal::new(None::<Noted>);
    let look = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        // As it comes out of a document: with spaces in it, or in capitals.
        let hash: String = typed.get_untracked().split_whitespace().collect::<String>().to_ascii_lowercase();
        if hash.len() != DIGITS || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return noted.set(Some(Noted::Malformed));
        }
        let Some(key) = storage::workspace_key() else { return };
        noted.set(Some(Noted::Coming));
        spawn_local(async move {
            let answer = match api::verify(&key, Some(&hash)).await {
                Ok(verified) => Noted::Told(verified.has_hash == Some(true)),
                Err(problem) => Noted::Failed(problem),
            };
            noted.try_set(Some(answer));
        });
    };
    let says = move || {
        noted.get().map(|noted| {
            let (state, says) = match noted {
                Noted::Malformed => ("malformed", words.malformed.to_owned()),
                Noted::Coming => ("coming", words.coming.to_owned()),
                Noted::Told(true) => ("there", words.there.to_owned()),
                Noted::Told(false) => ("missing", words.missing.to_owned()),
                Noted::Failed(problem) => ("failed", problem.says),
            };
            view! { <span data-testid="log-noted-says" data-state=state>{says}</span> }
        })
    };
    view! {
        <form class="log-noted" on:submit=look>
            <label for="log-noted">{words.noted}</label>
            <div class="log-noted-row">
                <input
                    id="log-noted"
                    data-testid="log-noted"
                    autocomplete="off"
                    spellcheck="false"
                    autocapitalize="off"
                    aria-describedby="log-noted-says"
                    on:input:target=move |event| {
                        typed.set(event.target().value());
                        noted.set(None);
                    }
                />
                <button type="submit" class="button" data-testid="log-noted-look">
                    {words.look}
                </button>
            </div>
            <p id="log-noted-says" class="log-noted-says" role="status">
                {says}
            </p>
        </form>
    }
}
