//! What a checkpoint has found and what it comes to: figures in whole counts, and the projects behind them.

use leptos::prelude::*;
use plumbline_shared::checkpoint::{Figure, checkpoint_report, figures, findings, lists};

use super::watched;
use crate::{effect::memo, format, session::BoardView, text::text};

/// A figure as people read it: `31 of 40`, with its coverage where that is a question.
fn told(figure: &Figure, currency: &str) -> String {
    let words = &text().checkpoint;
    let of = match figure.key {
        "cost_then" | "cost_now" => (words.of)(
            &format::short_money(figure.count, currency),
            &format::short_money(figure.of, currency),
        ),
        _ => (words.of)(&format::number(figure.count), &format::number(figure.of)),
    };
    match figure.known {
        Some((known, all)) if known < all => format!("{of} · {}", (words.known)(known, all)),
        _ => of,
    }
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
        let figures: Vec<(&'static str, &'static str, String)> = figures(&report)
            .iter()
            .map(|figure| {
                let currency = if figure.key == "cost_then" { &then } else { &currency };
                (figure.key, figure.label, told(figure, currency))
            })
            .collect();
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
                            <dl class="checkpoint-figures">
                                {figures
                                    .into_iter()
                                    .map(|(key, label, says)| {
                                        view! {
                                            <div data-testid="checkpoint-figure" data-key=key>
                                                <dt>{label}</dt>
                                                <dd class="tabular">{says}</dd>
                                            </div>
                                        }
                                    })
                                    .collect_view()}
                            </dl>
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
                                                                <span class="quiet">{says}</span>
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
