//! How agreement on a pillar went over the sessions: a small line, and its numbers beside it.

use leptos::prelude::*;

use crate::{
    api::{Agreement, SightSession},
    sight::points,
    text::pillars::pillars,
};

/// The size of the line.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 56.0;

/// The line, and the table with its numbers.
#[component]
pub(crate) fn AgreementLine(
    /// The sessions.
    sessions: Vec<SightSession>,
    /// How far each agreed; none where nobody sorted alone.
    agreement: Vec<Option<Agreement>>,
) -> impl IntoView {
    let words = pillars();
    if agreement.iter().all(Option::is_none) {
        return view! { <p class="hint">{words.agreement_none}</p> }.into_any();
    }
    #[allow(clippy::cast_precision_loss, reason = "answers of a room")]
    let share =
        |it: &Option<Agreement>| it.filter(|it| it.answers > 0).map(|it| it.here as f64 / it.answers as f64);
    let shares: Vec<Option<f64>> = agreement.iter().map(share).collect();
    let points = points(&shares, WIDTH, HEIGHT);
    let line = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let dots = points.iter().map(|(x, y)| {
        view! { <circle class="sight-dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="4" /> }
    });
    let dots = dots.collect_view();
    let rows = sessions.into_iter().zip(agreement).map(|(session, it)| {
        let says = match it {
            Some(it) => view! {
                <td>{(words.here)(it.here, it.answers)}</td>
                <td>{(words.agreed)(it.agreed, it.projects)}</td>
            }
            .into_any(),
            None => view! { <td colspan="2" class="quiet">{words.nobody_asked}</td> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{session.title}</th>
                {says}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <p class="hint">{words.agreement_says}</p>
        <div class="sight-agreement">
            <svg viewBox=format!("-6 -6 {:.0} {:.0}", WIDTH + 12.0, HEIGHT + 12.0) aria-hidden="true">
                <line class="sight-base" x1="0" x2=WIDTH.to_string() y1=HEIGHT.to_string() y2=HEIGHT.to_string() />
                <line class="sight-base" x1="0" x2=WIDTH.to_string() y1="0" y2="0" />
                <polyline class="sight-line" points=line />
                {dots}
            </svg>
            <table data-testid="agreement">
                <caption class="unseen">{words.agreement}</caption>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
