//! What was decided, field by field, in words.

use leptos::prelude::*;
use plumbline_shared::{
    day::Day,
    words::{StopKind, Verdict},
};

use crate::{
    format,
    record::{DayName, Record},
    text::{record::record, text},
};

/// The fields that are told beside the promise itself: why, and under what conditions.
const WHY: [&str; 5] = ["alternatives", "assumptions", "obstacles", "scope", "outcome"];

/// What was promised under a verdict, in the order in which it is told.
fn promised(verdict: Option<Verdict>) -> &'static [&'static str] {
    match verdict {
        Some(Verdict::Stop) => &["kind", "ends", "first_step", "first_step_due", "frees"],
        Some(Verdict::Wait) => &["trigger", "expires"],
        Some(Verdict::Move) => &["measure", "measure_due"],
        Some(Verdict::Open) => &["decided_by", "decide_by"],
        None => &[],
    }
}

/// What a field says as people read it; none where it says nothing.
fn says(of: &Record, name: &str) -> Option<String> {
    let said = of.fields.get(name).text().filter(|text| !text.trim().is_empty())?;
    Some(match name {
        "kind" => StopKind::parse(said)
            .map_or_else(|| said.to_owned(), |kind| (text().decide.form.kind)(kind).to_owned()),
        _ => Day::parse(said).map_or_else(|| said.to_owned(), format::calendar_day),
    })
}

/// A term and what is said of it.
fn fact(name: &'static str, term: &'static str, says: String) -> AnyView {
    view! {
        <div class="decision-fact" data-fact=name>
            <dt>{term}</dt>
            <dd>{says}</dd>
        </div>
    }
    .into_any()
}

/// What was promised, and who answers for it. What the verdict needs and does not have is told, too.
#[component]
pub(crate) fn Promise(of: Record) -> impl IntoView {
    let words = &record().decision;
    let days = [DayName::Review, DayName::Effective];
    let owner = match of.owner.is_empty() {
        true => record().log.no_owner.to_owned(),
        false => of.owner.clone(),
    };
    let mut facts = vec![fact("owner", (words.field)("owner"), owner)];
    let names = ["coalition"].into_iter().chain(promised(of.verdict).iter().copied());
    let names = names.chain(days.iter().map(|day| day.as_str())).chain(["consulted", "informed"]);
    for name in names {
        if let Some(says) = says(&of, name) {
            facts.push(fact(name, (words.field)(name), says));
        }
    }
    let lacks = (!of.missing.is_empty()).then(|| {
        let names: Vec<&str> = of.missing.iter().map(|name| (words.field)(name)).collect();
        view! { <p class="decision-lacks" data-testid="decision-lacks">{(words.lacks)(&names.join(", "))}</p> }
    });
    view! {
        <section class="decision-part decision-promise" aria-labelledby="decision-promise">
            <h2 id="decision-promise">{words.promise}</h2>
            <dl class="decision-facts" data-testid="decision-facts">
                {facts}
            </dl>
            {lacks}
        </section>
    }
}

/// Why, what else was weighed, and what goes against the room.
#[component]
pub(crate) fn Reasons(of: Record) -> impl IntoView {
    let words = &record().decision;
    let rationale = of.rationale.trim().to_owned();
    let rationale = match rationale.is_empty() {
        true => view! { <p class="quiet">{words.no_rationale}</p> }.into_any(),
        false => view! { <p class="decision-rationale" data-testid="decision-rationale">{rationale}</p> }
            .into_any(),
    };
    let facts: Vec<AnyView> =
        WHY.into_iter().filter_map(|name| Some(fact(name, (words.field)(name), says(&of, name)?))).collect();
    let against = of.against.map(|against| {
        let reason = match against.reason.trim() {
            "" => words.against_no_reason.to_owned(),
            reason => reason.to_owned(),
        };
        view! {
            <div class="decision-against" data-testid="decision-against">
                <h3>{(words.against)(against.room)}</h3>
                <p>{reason}</p>
                {(!against.by.is_empty()).then(|| view! { <p class="hint">{(words.against_by)(&against.by)}</p> })}
            </div>
        }
    });
    view! {
        <section class="decision-part" aria-labelledby="decision-why">
            <h2 id="decision-why">{words.why}</h2>
            {rationale}
            {(!facts.is_empty()).then(|| view! { <dl class="decision-facts long">{facts}</dl> })}
            {against}
        </section>
    }
}
