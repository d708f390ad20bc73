//! What a checkpoint has found and what it comes to: figures in whole counts, and the projects behind them.

use leptos::prelude::*;
use plumbline_shared::{
    checkpoint::{checkpoint_report, figures, findings, lists},
    day::Day,
};

use super::{comes_to, watched};
use crate::{effect::memo, format, session::BoardView, text::text};

/// What is told of a project, with its days as this browser writes days.
fn with_days(says: &str) -> String {
    let day = |word: &str| Day::parse(word).map_or_else(|| word.to_owned(), format::calendar_day);
    says.split(' ').map(day).collect::<Vec<_>>().join(" ")
}

/// The report: its figures, the three questions, and the projects behind them.
#[component]
pub(crate) fn CheckpointReport(board: BoardView) -> impl IntoView {
    let words = &text().checkpoint;
    let report = memo(move |_| {
        let known = watched(board);
        let report = checkpoint_report(&known, format::today())?;
        let currency = known.session.currency.clone();
        let then = known.session.earlier.as_ref().map(|earlier| earlier.currency.clone()).unwrap_or_default();
        let figures = comes_to::lines(&figures(&report), &then, &currency);
        let statements: Vec<(String, String)> = report
            .statements
            .iter()
            .map(|(statement, counts)| {
                let says = counts.as_ref().map_or_else(
                    || text().reveal.too_few.to_owned(),
                    |counts| {
                        let given = (0_u32..).zip(counts.counts).filter(|(_, count)| *count > 0);
                        given
                            .map(|(value, count)| (text().reveal.scale.chosen)(value, count))
                            .collect::<Vec<_>>()
                            .join(", ")
                    },
                );
                (statement.clone(), says)
            })
            .collect();
        Some((figures, statements, lists(&known, &report)))
    });
    view! {
        {move || {
            report
                .get()
                .map(|(figures, statements, lists)| {
                    view! {
                        <section aria-label=words.report data-testid="checkpoint-report">
                            <h3>{words.report}</h3>
                            {comes_to::groups(&figures)}
                            <ul class="checkpoint-statements">
                                {statements
                                    .into_iter()
                                    .map(|(statement, says)| {
                                        view! {
                                            <li>
                                                <b>{statement}</b>
                                                " "
                                                <span class="quiet tabular">{says}</span>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </section>
                        <section aria-label=words.findings data-testid="checkpoint-findings">
                            <h3>{words.findings}</h3>
                            {lists
                                .into_iter()
                                .map(|list| {
                                    view! {
                                        <details
                                            class="checkpoint-list"
                                            data-testid="checkpoint-list"
                                            data-key=list.key
                                            open=matches!(list.key, "still_runs" | "expired")
                                        >
                                            <summary>
                                                <span>{list.label}</span>
                                                <b class="tabular">{list.items.len()}</b>
                                            </summary>
                                            <ul>
                                                {list
                                                    .items
                                                    .into_iter()
                                                    .map(|(_, name, says)| {
                                                        view! {
                                                            <li>
                                                                <span>{name}</span>
                                                                <span class="quiet">{with_days(&says)}</span>
                                                            </li>
                                                        }
                                                    })
                                                    .collect_view()}
                                            </ul>
                                        </details>
                                    }
                                })
                                .collect_view()}
                        </section>
                    }
                })
        }}
    }
}

/// What the wall tells of it at the close: a figure's label, what it comes to, and of how many projects that is known; tracked.
pub(crate) fn comes_to_in_order(board: BoardView) -> Vec<(String, String, Option<String>)> {
    let known = watched(board);
    let Some(report) = checkpoint_report(&known, format::today()) else { return Vec::new() };
    let then = known.session.earlier.as_ref().map(|earlier| earlier.currency.clone()).unwrap_or_default();
    comes_to::in_order(&comes_to::lines(&figures(&report), &then, &known.session.currency))
}

/// On the wall, beside the board: how many are where.
#[component]
pub(crate) fn WallFound(board: BoardView) -> impl IntoView {
    let counts = memo(move |_| {
        let known = watched(board);
        let report = checkpoint_report(&known, format::today())?;
        findings(&known, format::today())?;
        Some(
            lists(&known, &report).into_iter().map(|list| (list.label, list.items.len())).collect::<Vec<_>>(),
        )
    });
    view! {
        {move || {
            counts
                .get()
                .filter(|counts| !counts.is_empty())
                .map(|counts| {
                    view! {
                        <section class="wall-found" data-testid="wall-found">
                            <h2>{text().checkpoint.findings}</h2>
                            <ul>
                                {counts
                                    .into_iter()
                                    .map(|(label, count)| {
                                        view! {
                                            <li>
                                                <b class="tabular">{count}</b>
                                                <span>{label}</span>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </section>
                    }
                })
        }}
    }
}
