//! What happened to a decision since it left the room, and the project's decisions over time.

use leptos::prelude::*;
use plumbline_shared::{day::Day, words::Verdict};

use super::line::decided;
use crate::{
    format,
    record::{Change, Difference, Listed, Says, Shown},
    route::Route,
    text::record::record,
};

/// The decision's own way: decided, then every further entry.
#[component]
pub(crate) fn Since(of: Shown, today: Day) -> impl IntoView {
    let words = &record().decision;
    let Shown { record: written, changes, .. } = &of;
    let late = of.listed().and_then(Listed::due).filter(|(_, day)| *day < today).map(|(name, day)| {
        let says = (words.nothing_since)(name, (record().log.day)(name), &format::calendar_day(day));
        view! { <li class="late" data-testid="decision-nothing-since">{says}</li> }
    });
    let first = (words.was_decided)(&decided(&written.decided_on), &written.session.title);
    let entries = changes.iter().map(|change| {
        view! { <li data-testid="decision-change" data-number=change.number.to_string()>{entry(change)}</li> }
    });
    let untold = of.holds() && written.verdict == Some(Verdict::Stop) && of.told.is_none();
    view! {
        <ol class="decision-since" data-testid="decision-since">
            <li>{first}</li>
            {entries.collect_view()}
            {untold.then(|| view! { <li class="late" data-testid="decision-untold">{words.untold}</li> })}
            {late}
        </ol>
    }
}

fn entry(change: &Change) -> AnyView {
    let words = &record().decision;
    let entered = decided(&change.changed_on);
    let (says, reason, other) = match &change.says {
        Says::Told { by, on } => ((words.was_told)(by, &format::calendar_day(*on)), String::new(), None),
        Says::Done { what, by, on, note, next_review } => {
            let next = next_review.map(format::calendar_day);
            ((words.was_done)(*what, by, &format::calendar_day(*on), next.as_deref()), note.clone(), None)
        }
        Says::Confirmed { title } => ((words.confirmed)(title), String::new(), None),
        Says::Status { status, reason, superseded_by } => {
            ((words.became)(*status).to_owned(), reason.clone(), *superseded_by)
        }
    };
    let other = other.map(|number| {
        view! {
            " "
            <a href=Route::Decision(number).path()>{(words.number)(number)}</a>
        }
    });
    view! {
        <span class="decision-became">{says} {other}</span>
        {(!reason.is_empty()).then(|| view! { <span class="decision-reason">{reason}</span> })}
        <span class="hint">{(words.entered)(change.number, &entered, &change.by)}</span>
    }
    .into_any()
}

/// Every decision about the project, in order, each with what it says otherwise than the one before.
#[component]
pub(crate) fn History(history: Vec<Listed>, number: u64) -> impl IntoView {
    let words = &record().decision;
    let only = history.len() < 2;
    let before: Vec<Option<Listed>> =
        std::iter::once(None).chain(history.iter().cloned().map(Some)).collect();
    let lines = history.into_iter().zip(before).map(|(of, before)| {
        let changed: Vec<String> =
            before.map(|before| of.differs(&before).iter().map(says).collect()).unwrap_or_default();
        let verdict = (record().log.verdict)(of.verdict);
        let here = of.number == number;
        let link = match here {
            true => view! { <b aria-current="true">{(words.number)(of.number)}</b> }.into_any(),
            false => view! { <a href=Route::Decision(of.number).path()>{(words.number)(of.number)}</a> }.into_any(),
        };
        view! {
            <li data-verdict=of.verdict.map(Verdict::as_str) data-number=of.number.to_string()>
                <span class="log-verdict">{verdict}</span>
                <span>
                    {link}
                    {format!(" · {} · {} · {}", of.session, decided(&of.decided_on), (record().log.status)(of.status))}
                </span>
                {(!changed.is_empty())
                    .then(|| {
                        view! {
                            <ul class="decision-differs">
                                {changed.into_iter().map(|says| view! { <li>{says}</li> }).collect_view()}
                            </ul>
                        }
                    })}
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <section class="decision-part" aria-labelledby="decision-history">
            <h2 id="decision-history">{words.history}</h2>
            {only.then(|| view! { <p class="hint">{words.only_decision}</p> })}
            <ol class="decision-history" data-testid="decision-history">
                {lines}
            </ol>
        </section>
    }
}

fn says(difference: &Difference) -> String {
    let words = &record().decision;
    let or = |text: &str, none: &'static str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let (what, was, is) = match difference {
        Difference::Verdict(was, is) => {
            let name = record().log.verdict;
            (words.verdict, name(*was).to_owned(), name(*is).to_owned())
        }
        Difference::Owner(was, is) => ((words.field)("owner"), or(was, words.nobody), or(is, words.nobody)),
        Difference::Pile(was, is) => (words.pillar, or(was, words.none), or(is, words.none)),
        Difference::Day(name, was, is) => {
            let day = |day: &Option<Day>| day.map_or_else(|| words.none.to_owned(), format::calendar_day);
            ((record().log.day)(*name), day(was), day(is))
        }
    };
    (words.differs)(what, &was, &is)
}
