//! Numbers of a scale: the distribution, the median and the spread; for whoever drives, in a word how far together.

use leptos::prelude::*;
use plumbline_shared::{
    methods::{Quartiles, Scale, ScaleCounts, consensus, quartiles},
    results::{Counts, ItemTally, Round},
};

use super::{Told, item_name, words};
use crate::{components::For, effect::memo, text::text};

/// A number of the scale, or the middle between two: `3`, `3½`.
pub(crate) fn half(value: f64) -> String {
    // On a scale to 5, in steps of a half.
    let doubled = (value * 2.0) as u32;
    if doubled.is_multiple_of(2) { (doubled / 2).to_string() } else { format!("{}½", doubled / 2) }
}

/// The distribution as columns, each with its number below and how many chose it above.
pub(crate) fn columns(counts: &ScaleCounts, round: &Round) -> AnyView {
    if !round.words.is_empty() {
        return word_rows(counts, &round.words);
    }
    number_columns(counts, round.lowest)
}

/// The same of a scale in numbers, from the lowest on.
pub(crate) fn number_columns(counts: &ScaleCounts, lowest: u8) -> AnyView {
    let most = counts.counts.iter().copied().max().unwrap_or(0).max(1);
    let columns = (0_u32..).zip(counts.counts).skip(lowest.into()).map(|(value, count)| {
        let share = f64::from(count) / f64::from(most);
        let says = (text().reveal.scale.chosen)(value, count);
        view! {
            <li class:none=count == 0>
                <span class="unseen">{says}</span>
                <b class="tabular" aria-hidden="true">{count}</b>
                <i style:--share=share.to_string() aria-hidden="true" />
                <span class="tabular" aria-hidden="true">{value}</span>
            </li>
        }
    });
    view! { <ol class="columns">{columns.collect_view()}</ol> }.into_any()
}

/// The distribution of a scale in words: a row for each word, with how many chose it.
pub(crate) fn word_rows(counts: &ScaleCounts, labels: &[String]) -> AnyView {
    let most = counts.counts.iter().copied().max().unwrap_or(0).max(1);
    let rows = labels.iter().zip(counts.counts).map(|(label, count)| {
        let share = f64::from(count) / f64::from(most);
        view! {
            <li class:none=count == 0>
                <span class="word">{label.clone()}</span>
                <i style:--share=share.to_string() aria-hidden="true" />
                <b class="tabular">{count}</b>
            </li>
        }
    });
    view! { <ul class="word-rows">{rows.collect_view()}</ul> }.into_any()
}

/// How many chose which word, in words: `9 No, 2 Some`.
pub(crate) fn in_words(counts: &ScaleCounts, labels: &[String]) -> String {
    let chosen = labels.iter().zip(counts.counts).filter(|(_, count)| *count > 0);
    chosen.map(|(label, count)| format!("{label}: {count}")).collect::<Vec<_>>().join(", ")
}

/// The median, and between which numbers the middle half of the room lies.
pub(crate) fn middle(counts: &ScaleCounts) -> Option<(String, String)> {
    let words = &text().reveal.scale;
    let Quartiles { low, median, high } = quartiles(counts)?;
    Some(((words.median)(&half(median)), (words.spread)(&half(low), &half(high))))
}

/// How far together the room is, in a word: from four parts of five of the most consensus that there can be on.
fn together(counts: &ScaleCounts, lowest: u8) -> Option<&'static str> {
    let words = &text().reveal.scale;
    let scale = if lowest == 0 { Scale::ZeroToFive } else { Scale::OneToFive };
    let consensus = consensus(counts, scale)?;
    Some(match consensus {
        c if c >= 0.8 => words.together,
        c if c >= 0.6 => words.near,
        c if c >= 0.4 => words.apart,
        _ => words.far,
    })
}

/// Every item with its distribution.
#[component]
pub(super) fn Scales(told: Told) -> impl IntoView {
    let live = told.live;
    let items = memo(move |_| {
        let count = told.read(|round| round.items.len()).unwrap_or_default();
        (0..u32::try_from(count).unwrap_or(u32::MAX)).collect::<Vec<u32>>()
    });
    let one = move |at: u32| {
        let (name, of, asked) = told
            .read(|round| {
                let item = round.items.get(at as usize)?;
                Some((item_name(live.board, round, item), round.of(item).cloned()?, bare(round)))
            })
            .flatten()?;
        Some(view! {
            <h3>{name}</h3>
            {said(&of, &asked, live.drives())}
            {words::heard(&of, told.usual()).map(|says| view! { <p class="hint">{says}</p> })}
        })
    };
    view! {
        <ul class="told-scales">
            <For each=move || items.get() let:at>
                <li class="told" data-testid="told">{move || one(at)}</li>
            </For>
        </ul>
    }
}

/// What is known of a round beside its items.
fn bare(round: &Round) -> Round {
    Round { items: Vec::new(), pillars: Vec::new(), tally: None, ..round.clone() }
}

fn said(of: &ItemTally, round: &Round, drives: bool) -> AnyView {
    let Some(Counts::Scale(counts)) = &of.counts else {
        return view! { <p class="told-words">{text().reveal.too_few}</p> }.into_any();
    };
    if !round.words.is_empty() {
        return columns(counts, round);
    }
    let consensus = together(counts, round.lowest).filter(|_| drives);
    view! {
        {columns(counts, round)}
        {middle(counts)
            .map(|(median, spread)| {
                view! {
                    <p class="told-words tabular">
                        <b>{median}</b>
                        " "
                        {spread}
                    </p>
                }
            })}
        {consensus.map(|says| view! { <p class="hint" data-testid="consensus">{says}</p> })}
    }
    .into_any()
}
