//! What a checkpoint comes to: the strategy's share then and now, and what became of what was decided, in whole counts.

use leptos::prelude::*;
use plumbline_shared::checkpoint::Figure;

use crate::{format, text::text};

/// A figure as people read it: `31 of 40`.
fn told(figure: &Figure, currency: &str) -> String {
    let words = &text().checkpoint;
    match figure.key {
        "cost_then" | "cost_now" => (words.of)(
            &format::short_money(figure.count, currency),
            &format::short_money(figure.of, currency),
        ),
        _ => (words.of)(&format::number(figure.count), &format::number(figure.of)),
    }
}

/// A figure ready to be shown.
#[derive(Clone, PartialEq)]
pub(super) struct Line {
    key: &'static str,
    label: &'static str,
    says: String,
    /// Of how many projects it is known, where not of all.
    known: Option<String>,
    share: f64,
}

/// The figures ready to be shown; money *then* may have been in another currency.
pub(super) fn lines(figures: &[Figure], then: &str, now: &str) -> Vec<Line> {
    figures
        .iter()
        .map(|figure| Line {
            key: figure.key,
            label: figure.label,
            says: told(figure, if figure.key == "cost_then" { then } else { now }),
            known: figure
                .known
                .filter(|(known, all)| known < all)
                .map(|(known, all)| (text().checkpoint.known)(known, all)),
            share: if figure.of > 0.0 { figure.count / figure.of } else { 0.0 },
        })
        .collect()
}

/// The figures in the order in which the wall tells them: the strategy's share and the stops first. Each with its label, and of
/// how many projects it is known where not of all.
pub(super) fn in_order(lines: &[Line]) -> Vec<(String, String, Option<String>)> {
    const ORDER: [&str; 20] = [
        "projects_then",
        "projects_now",
        "stopped",
        "cost_then",
        "cost_now",
        "winding_down",
        "people_then",
        "people_now",
        "stopped_and_seen",
        "not_seen",
        "reached",
        "behind",
        "assumptions",
        "confident",
        "carried",
        "found",
        "hold",
        "changed",
        "taken_back",
        "untouched",
    ];
    let told = |key: &&str| {
        let line = lines.iter().find(|line| line.key == *key)?;
        Some((line.label.to_owned(), line.says.clone(), line.known.clone()))
    };
    ORDER.iter().filter_map(told).collect()
}

fn value(line: &Line, when: Option<&'static str>) -> AnyView {
    view! {
        <dd data-testid="checkpoint-figure" data-key=line.key>
            {when.map(|when| view! { <span class="comes-when">{when}</span> })}
            <span class="comes-track" aria-hidden="true">
                <i style:--share=line.share.to_string() />
            </span>
            <b class="tabular">{line.says.clone()}</b>
            {line.known.clone().map(|known| view! { <span class="comes-known">{known}</span> })}
        </dd>
    }
    .into_any()
}

/// The groups in which the figures are told; a group of which there is nothing to tell is left out.
pub(super) fn groups(lines: &[Line]) -> AnyView {
    let words = &text().checkpoint;
    let find = |key: &str| lines.iter().find(|line| line.key == key);
    let pairs = [
        (words.projects, "projects_then", "projects_now"),
        (words.cost, "cost_then", "cost_now"),
        (words.people, "people_then", "people_now"),
    ];
    let pairs = pairs
        .into_iter()
        .filter(|(_, then, now)| find(then).is_some() || find(now).is_some())
        .map(|(label, then, now)| {
            let side = |key, when| find(key).map(|line| value(line, Some(when)));
            view! {
                <div class="comes-pair">
                    <dt>{label}</dt>
                    {side(then, words.then)}
                    {side(now, words.now)}
                </div>
            }
        })
        .collect::<Vec<_>>();
    let share = (!pairs.is_empty()).then(|| group(words.share, pairs));
    let rest = [
        (words.stops, &["stopped", "winding_down", "stopped_and_seen", "not_seen"][..]),
        (words.moves, &["reached", "behind", "assumptions"]),
        (words.confidence, &["confident", "carried"]),
        (words.decisions, &["found", "hold", "untouched", "changed", "taken_back"]),
    ];
    let rest = rest
        .into_iter()
        .filter_map(|(title, keys)| {
            let rows: Vec<_> = keys
                .iter()
                .filter_map(|key| find(key))
                .map(|line| {
                    view! {
                        <div>
                            <dt>{line.label}</dt>
                            {value(line, None)}
                        </div>
                    }
                })
                .collect();
            (!rows.is_empty()).then(|| group(title, rows))
        })
        .collect_view();
    view! { <div class="comes-to">{share} {rest}</div> }.into_any()
}

fn group<V: IntoView + 'static>(title: &'static str, rows: Vec<V>) -> AnyView {
    view! {
        <section class="comes-group">
            <h4>{title}</h4>
            <dl>{rows.into_iter().collect_view()}</dl>
        </section>
    }
    .into_any()
}
