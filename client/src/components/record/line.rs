//! A decision as a line of a list.

use leptos::prelude::*;
use plumbline_shared::{day::Day, words::Verdict};

use crate::{
    format,
    record::{DayName, Deed, Listed},
    route::Route,
    text::record::record,
};

/// A decision in short: what, about what, who answers for it, what is due, and where it stands.
#[component]
pub(crate) fn DecisionLine(
    /// The decision.
    decision: Listed,
    /// The day that it is.
    today: Day,
) -> impl IntoView {
    let words = &record().log;
    let holds = decision.holds();
    let due = decision.due();
    let ended =
        decision.done.of(Deed::Ends).filter(|_| holds).map(|day| (words.ended)(&format::calendar_day(day)));
    let status = match decision.superseded_by {
        Some(number) => (words.superseded_by)(number),
        None => (words.status)(decision.status).to_owned(),
    };
    let untold = holds && decision.verdict == Some(Verdict::Stop) && decision.told.is_none();
    let owner = match (decision.owner.as_str(), decision.verdict) {
        ("", Some(verdict)) if verdict != Verdict::Open && holds => Some(words.no_owner.to_owned()),
        ("", _) => None,
        (owner, _) => Some(owner.to_owned()),
    };
    let facts = format!("{} · {}", decision.session, (words.decided)(&decided(&decision.decided_on)));
    let warnings = [
        untold.then(|| words.not_told.to_owned()),
        (holds && decision.against).then(|| words.against.to_owned()),
        (holds && !decision.missing.is_empty()).then(|| (words.lacks)(decision.missing.len())),
    ];
    let warnings: Vec<String> = warnings.into_iter().flatten().collect();
    view! {
        <li
            class="log-line"
            class:over=!holds
            data-testid="decision-line"
            data-number=decision.number.to_string()
            data-verdict=decision.verdict.map(Verdict::as_str)
        >
            <span class="log-verdict">{(words.verdict)(decision.verdict)}</span>
            <a class="log-project" href=Route::Decision(decision.number).path()>
                {decision.project}
            </a>
            <span class="log-facts">
                {owner.map(|owner| view! { <span class="log-owner">{owner}</span> " · " })}
                {facts}
            </span>
            {(!warnings.is_empty())
                .then(|| view! { <span class="log-warnings">{warnings.join(" · ")}</span> })}
            <span class="log-due">
                {due.map(|due| due_day(due, today))} {ended.filter(|_| due.is_none())}
            </span>
            <span class="log-status" data-status=decision.status.as_str()>
                {status}
            </span>
        </li>
    }
}

/// What is due, and how far that is.
pub(crate) fn due_day((name, day): (DayName, Day), today: Day) -> AnyView {
    let words = &record().log;
    let left = day.0 - today.0;
    view! {
        <span class="log-day" class:late={left < 0} class:soon={(0..=7).contains(&left)}>
            <b>{(words.day)(name)}</b>
            " "
            {format::calendar_day(day)}
            <span class="log-left">{(words.in_days)(left)}</span>
        </span>
    }
    .into_any()
}

/// The day of a time of the log's, as people here write it.
pub(crate) fn decided(stamp: &str) -> String {
    let day = stamp.get(..10).and_then(Day::parse);
    day.map_or_else(|| stamp.to_owned(), format::calendar_day)
}
