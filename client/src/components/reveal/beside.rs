//! Two rounds side by side: what changed, in counts and words, and never that it is right.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    readings::{Beside as Compared, Sorting},
    results::Round,
    words::Question,
};

use super::{Named, Told, item_name, words};
use crate::{effect::memo, text::text};

/// One item in both rounds, in words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BothRow {
    /// What it is about.
    pub(crate) item: Item,
    /// What that is called.
    pub(crate) name: String,
    /// What the first round said.
    pub(crate) before: String,
    /// What the second said.
    pub(crate) after: String,
}

/// What two rounds have in common, and what not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Both {
    /// What it comes to, in sentences.
    pub(crate) says: Vec<String>,
    /// What was told otherwise in the second.
    pub(crate) rows: Vec<BothRow>,
}

/// Compares the two rounds with these numbers; tracked.
pub(crate) fn both(told: Told, (first, second): (u32, u32)) -> Option<Both> {
    let board = told.live.board;
    let words = &text().reveal.beside;
    board.shape.track();
    told.results.with(|results| {
        let (before, after) = (results.rounds.get(&first)?, results.rounds.get(&second)?);
        let compared = Compared::of(before, after);
        let mut says = Vec::new();
        if after.question == Question::Placement {
            let sorting =
                |round: &Round| Sorting::of(round, &board.board().projects, false).unwrap_or_default();
            let (before, after) = (sorting(before), sorting(after));
            says.push((words.agreed)(before.agreed.len(), after.agreed.len()));
            says.push((words.split)(before.contested.len(), after.contested.len()));
        }
        if compared.changed.is_empty() {
            says.push(words.all_same.to_owned());
        } else {
            says.push((words.changed)(compared.changed.len(), compared.same));
        }
        if compared.alone > 0 {
            says.push((words.alone)(compared.alone));
        }
        let said = |round: &Round, item: &Item| {
            round.of(item).map(|of| words::told(board, round, of)).unwrap_or_default()
        };
        let row = |item: &Item| BothRow {
            item: item.clone(),
            name: item_name(board, after, item),
            before: said(before, item),
            after: said(after, item),
        };
        Some(Both { says, rows: compared.changed.iter().map(row).collect() })
    })
}

/// The last two rounds.
#[component]
pub(super) fn Beside(told: Told, two: (u32, u32)) -> impl IntoView {
    let words = &text().reveal.beside;
    let board = told.live.board;
    let both = memo(move |_| both(told, two).unwrap_or_default());
    let rows = move || {
        both.get()
            .rows
            .into_iter()
            .map(|row| {
                let project = row.item.as_project().filter(|id| board.card(*id).is_some());
                let name = match project {
                    Some(project) => view! { <Named project=project /> }.into_any(),
                    None => view! { <span>{row.name}</span> }.into_any(),
                };
                view! {
                    <tr data-row=row.item.to_string()>
                        <th scope="row">{name}</th>
                        <td data-round=(text().reveal.round)(two.0)>{row.before}</td>
                        <td data-round=(text().reveal.round)(two.1)>{row.after}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <div class="beside" data-testid="beside">
            <div class="beat-head">
                <h3>{(words.title)(two.0, two.1)}</h3>
            </div>
            <ul class="reveal-says">
                {move || both.get().says.into_iter().map(|says| view! { <li>{says}</li> }).collect_view()}
            </ul>
            <p class="hint">{words.never}</p>
            {move || {
                both.with(|both| !both.rows.is_empty())
                    .then(|| {
                        view! {
                            <table class="both tabular">
                                <thead>
                                    <tr>
                                        <td></td>
                                        <th scope="col">{(text().reveal.round)(two.0)}</th>
                                        <th scope="col">{(text().reveal.round)(two.1)}</th>
                                    </tr>
                                </thead>
                                <tbody>{rows}</tbody>
                            </table>
                        }
                    })
            }}
        </div>
    }
}
