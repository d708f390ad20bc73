//! Dots: the ranking, with how many people they came from. Ties stay ties.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    ids::ProjectId,
    methods::DotCounts,
    readings::ranking,
    results::{Counts, Round},
};

use super::{Named, Told, item_name, words};
use crate::{components::Show, effect::memo, text::text};

/// One row of the ranking.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RankRow {
    /// What it is of.
    pub(crate) item: Item,
    /// Its rank, in words.
    pub(crate) rank: String,
    /// Whether others share it.
    pub(crate) tied: bool,
    /// Dots and people.
    pub(crate) counts: DotCounts,
}

/// The ranking; what is not told has no row.
pub(crate) fn ranks(round: &Round) -> Vec<RankRow> {
    let words = &text().reveal.dots;
    let row = |(item, ranked): (Item, plumbline_shared::methods::Ranked)| {
        let Some(Counts::Dots(counts)) = round.of(&item)?.counts.clone() else { return None };
        let rank = if counts.dots == 0 { String::new() } else { (words.rank)(ranked.rank, ranked.tied) };
        Some(RankRow { item, rank, tied: ranked.tied && counts.dots > 0, counts })
    };
    ranking(round).into_iter().filter_map(row).collect()
}

/// The ranking.
#[component]
pub(super) fn Dots(told: Told) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.dots;
    let rows = memo(move |_| told.read(ranks).unwrap_or_default());
    let ties = memo(move |_| rows.with(|rows| rows.iter().any(|row| row.tied)));
    let untold =
        memo(move |_| told.read(|round| round.items.len()).unwrap_or_default() - rows.with(Vec::len));
    let list = move || {
        let rows = rows.get();
        let most = rows.first().map_or(1, |row| row.counts.dots.max(1));
        rows.into_iter()
            .map(|row| {
                let named: Option<ProjectId> = row.item.as_project().filter(|id| board.card(*id).is_some());
                let name = match named {
                    Some(project) => view! { <Named project=project /> }.into_any(),
                    None => {
                        let name = told.read(|round| item_name(board, round, &row.item));
                        view! { <span>{name}</span> }.into_any()
                    }
                };
                let share = f64::from(row.counts.dots) / f64::from(most);
                let heard = told.item(&row.item).as_ref().and_then(|of| words::heard(of, told.usual()));
                view! {
                    <li class="told rank" data-testid="told" data-item=row.item.to_string()>
                        <span class="rank-place tabular">{row.rank}</span>
                        <div>
                            <div class="told-head">{name}</div>
                            <span class="parts" aria-hidden="true">
                                <i class="dots-bar" style:--share=share.to_string() />
                            </span>
                            <p class="told-words tabular">
                                {(words.says)(row.counts.dots, row.counts.people)}
                            </p>
                            {heard.map(|says| view! { <p class="hint">{says}</p> })}
                        </div>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || ties.get()>
            <p class="hint">{words.ties}</p>
        </Show>
        <Show when=move || { untold.get() > 0 }>
            <p class="hint">{text().reveal.too_few}</p>
        </Show>
        <ol class="told-list">{list}</ol>
    }
}
