//! One request, for who looks after them: what was asked, where it stands, and what can be said of it.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::limits;

use super::{AskedWords, Paragraph};
use crate::{
    api::{self, RequestRow},
    components::Field,
    effect::effect,
    format,
    notices::{Notices, Tone},
    request::Stands,
    storage::{self, requests as kept},
    text::requests::requests,
};

/// What is about to be said of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Decline,
    Mark,
    Erase,
}

/// A request, folded until it is opened.
#[component]
pub(crate) fn RequestLine(
    /// The request.
    row: RequestRow,
    /// Called when something was done about it.
    #[prop(into)]
    changed: Callback<()>,
) -> impl IntoView {
    let words = &requests().page;
    let (number, stands) = (row.number.to_string(), row.stands.as_str());
    let summary = view! {
        <summary>
            <span class="ask-reference">{row.asked.reference.clone()}</span>
            <span class="ask-name">{row.asked.name.clone()}</span>
            <span class="ask-stands" data-stands=row.stands.as_str()>
                {(words.stands)(row.stands)}
            </span>
            <span class="ask-line-facts">{(requests().asked.by)(&row.asked.asked_by, &format::day(row.asked.asked_at))}</span>
        </summary>
    };
    view! {
        <li>
            <details class="ask-line" data-testid="request" data-number=number data-stands=stands>
                {summary}
                <div class="ask-line-body">
                    <History row=row.clone() />
                    <AskedWords asked=row.asked.clone() />
                    <Deeds row=row changed=changed />
                </div>
            </details>
        </li>
    }
}

/// What has become of it so far.
#[component]
fn History(row: RequestRow) -> impl IntoView {
    let words = &requests().page;
    let taken = row.taken.iter().map(|taken| {
        let title = taken.title.as_deref();
        let says =
            if taken.passed { (words.passed)(title) } else { (words.taken)(title, &format::day(taken.at)) };
        view! { <li>{says}</li> }
    });
    let taken = taken.collect_view();
    let stopped =
        row.decision.as_ref().and_then(|it| it.verdict) == Some(plumbline_shared::words::Verdict::Stop);
    let decision = row.decision.map(|it| {
        let verdict = (requests().status.verdict)(it.verdict);
        view! {
            <li>
                <b>{verdict}</b>
                ". "
                {(words.decision)(it.number, &it.session)}
            </li>
            {stopped.then(|| view! { <li class="ask-warns">{words.told_at_once}</li> })}
        }
    });
    let answer = row.answer.map(|it| {
        let day = format::day(it.at);
        let says = match it.duplicate_of {
            Some(of) => (words.duplicate)(of, &it.by, &day),
            None => (words.declined)(&it.by, &day),
        };
        view! {
            <li>
                {says}
                {(!it.reason.is_empty()).then(|| view! { <q class="ask-reason">{it.reason}</q> })}
            </li>
        }
    });
    view! { <ul class="ask-history">{taken} {decision} {answer}</ul> }
}

#[component]
fn Deeds(row: RequestRow, changed: Callback<()>) -> impl IntoView {
    let words = &requests().page;
    let deed = RwSignal::new(None::<Deed>);
    let (by, reason, of) =
        (RwSignal::new(kept::answers_as()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let notices = Notices::used();
    let (number, reference) = (row.number, row.asked.reference);
    let done = move |answer: Result<(), String>| {
        busy.try_set(false);
        match answer {
            Ok(()) => changed.run(()),
            Err(says) => drop(refused.try_set(Some(says))),
        }
    };
    let say = move |answer: &'static str, of: Option<u64>| {
        let Some(key) = storage::workspace_key() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let (by, reason) = (by.get_untracked(), reason.get_untracked());
        kept::keep_answers_as(by.trim());
        spawn_local(async move {
            let answer = api::answer_request(&key, number, answer, &by, &reason, of).await;
            done(answer.map(drop).map_err(|problem| problem.says));
        });
    };
    let erase = move |_| {
        let Some(key) = storage::workspace_key() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let reference = reference.clone();
        spawn_local(async move {
            let answer = api::erase_request(&key, number).await;
            if answer.is_ok() {
                notices.show(Tone::Plain, (words.erased)(&reference));
            }
            done(answer.map_err(|problem| problem.says));
        });
    };
    // What was said of words that are others now is not said of these.
    effect(move || {
        by.track();
        reason.track();
        of.track();
        refused.set(None);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if by.with_untracked(|by| by.trim().is_empty()) {
            refused.set(Some(words.by_missing.to_owned()));
            return;
        }
        match deed.get_untracked() {
            Some(Deed::Mark) => {
                let typed = of.get_untracked();
                let typed = typed.trim().trim_start_matches(['R', 'r', '-', ' ']);
                match typed.parse() {
                    Ok(of) => say("duplicate", Some(of)),
                    Err(_) => refused.set(Some(words.of_missing.to_owned())),
                }
            }
            Some(Deed::Decline) => say("declined", None),
            Some(Deed::Erase) | None => {}
        }
    };
    let erase = StoredValue::new(erase);
    let form = move || {
        let deed = deed.get()?;
        Some(match deed {
            Deed::Erase => view! {
                <p>{words.erase_says}</p>
                <div class="actions">
                    <button type="button" class="button danger" data-testid="request-erase-sure" on:click=move |event| erase.with_value(|erase| erase(event))>
                        {words.erase_sure}
                    </button>
                </div>
            }
            .into_any(),
            Deed::Decline | Deed::Mark => view! {
                <form class="form" novalidate on:submit=submit>
                    {(deed == Deed::Mark)
                        .then(|| view! { <Field label=words.of name="request-of" value=of hint=words.of_hint most=20 focus=true /> })}
                    <Field label=words.by name="request-by" value=by hint=words.by_hint autocomplete="name" most=limits::NAME />
                    <Paragraph
                        label=words.reason
                        hint=words.reason_hint
                        name="request-reason"
                        value=reason
                        most=limits::REQUEST_TEXT
                        optional=deed == Deed::Mark
                    />
                    <div class="actions">
                        <button
                            type="submit"
                            class="button primary"
                            data-testid="request-submit"
                            aria-disabled=move || busy.get().then_some("true")
                        >
                            {if deed == Deed::Mark { words.do_mark } else { words.do_decline }}
                        </button>
                    </div>
                </form>
            }
            .into_any(),
        })
    };
    let toggle = move |which: Deed| {
        refused.set(None);
        deed.update(|deed| *deed = if *deed == Some(which) { None } else { Some(which) });
    };
    let button = move |which: Deed, says: &'static str, id: &'static str| {
        view! {
            <button
                type="button"
                class="button"
                data-testid=id
                aria-expanded=move || (deed.get() == Some(which)).to_string()
                on:click=move |_| toggle(which)
            >
                {says}
            </button>
        }
    };
    let may_answer = row.stands != Stands::Decided;
    let answered = matches!(row.stands, Stands::Declined | Stands::Duplicate);
    view! {
        <div class="ask-deeds">
            <div class="actions">
                {(may_answer && !answered)
                    .then(|| {
                        view! {
                            {button(Deed::Decline, words.decline, "request-decline")}
                            {button(Deed::Mark, words.mark, "request-mark")}
                        }
                    })}
                {answered
                    .then(|| {
                        view! {
                            <button type="button" class="button" data-testid="request-wait" on:click=move |_| say("waiting", None)>
                                {words.wait_again}
                            </button>
                        }
                    })}
                {button(Deed::Erase, words.erase, "request-erase")}
            </div>
            {form}
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
        </div>
    }
}
