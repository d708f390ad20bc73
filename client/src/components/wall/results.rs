//! What a round came to, on the wall.

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    ids::ProjectId,
    methods::{HobbyOutcome, room_verdict},
    results::Counts,
    words::{Beat, Question},
};

use super::{sorting, turning};
use crate::{
    components::{
        For, Icon, Show,
        reveal::{
            Told, beat, by_claims, by_verdict, claims_in_words, claims_summary, columns, counts_of,
            item_name, middle, outcome_colour, parts, project_name, ranks, tested_now, verdict_colour,
            verdict_sums, verdicts_in_words,
        },
    },
    effect::memo,
    paging::{packed, page, pages},
    text::text,
};

/// How many projects with their claims there is room for.
const CLAIMS: usize = 6;
/// How many with their verdicts, each over a bar.
const VERDICTS: usize = 5;
/// How many places of a ranking.
const PLACES: usize = 8;
/// How many distributions.
const SCALES: usize = 2;
/// How many characters a line of text has, and how many lines there are.
const WIDTH: usize = 56;
const LINES: usize = 16;

/// What the step came to: by its question, or its last two rounds where they are asked for.
#[component]
pub(super) fn WallReveal(told: Told) -> impl IntoView {
    let question = memo(move |_| told.question());
    let both = memo(move |_| beat(told.live) == Beat::Beside && told.last_two().is_some());
    super::changing(move || match question.get() {
        None => view! { <p class="wall-lead">{text().reveal.not_revealed}</p> }.into_any(),
        Some(Question::Placement) => view! { <sorting::WallSorting told=told /> }.into_any(),
        Some(_) if both.get() => view! { <sorting::Both told=told /> }.into_any(),
        Some(Question::Hobby) => view! { <Claims told=told /> }.into_any(),
        Some(Question::Verdict) => view! { <Verdicts told=told /> }.into_any(),
        Some(question) => view! { <Plain told=told question=question /> }.into_any(),
    })
}

/// How many answered.
fn answered(told: Told) -> Option<String> {
    told.read(|round| {
        let of = round.tally.as_ref()?;
        Some((text().reveal.answered)(of.answered, of.eligible, of.on_paper))
    })
    .flatten()
}

/// Which page of how many, counted from 1, where there are several.
type Paged = Memo<Option<(usize, usize)>>;

/// The page of `rows` that stands on the wall: the one with what is talked about, or the next every so often.
fn paged(told: Told, rows: Memo<Vec<ProjectId>>, per: usize) -> (Memo<Vec<ProjectId>>, Paged) {
    let lit = crate::components::reveal::focus(told.live);
    let held = memo(move |_| {
        let lit = lit.get()?;
        rows.with(|rows| rows.iter().position(|id| *id == lit)).map(|at| at / per)
    });
    let count = memo(move |_| rows.with(|rows| pages(rows.len(), per)));
    let at = turning(count, held);
    let shown = memo(move |_| rows.with(|rows| page(rows, per, at.get())));
    (shown, memo(move |_| (count.get() > 1).then(|| (at.get() + 1, count.get()))))
}

/// The head of what a round came to.
fn head(told: Told, question: Question, at: Memo<Option<(usize, usize)>>) -> AnyView {
    let page = move || {
        at.get().map(|(at, of)| {
            view! { " " <span class="wall-page tabular">{(text().reveal.wall.page)(at, of)}</span> }
        })
    };
    view! {
        <h1>{(text().reveal.title)(question)} {page}</h1>
        <p class="wall-says">{move || answered(told)}</p>
    }
    .into_any()
}

#[component]
fn Claims(told: Told) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.claims;
    let all = memo(move |_| by_claims(told));
    let (rows, at) = paged(told, all, CLAIMS);
    let sums = move || {
        let sums = all.with(|rows| claims_summary(told, rows)).into_iter();
        sums.map(|(outcome, count)| {
            view! { <li style:--c=outcome_colour(outcome)>{(words.outcomes)(outcome, count)}</li> }
        })
        .collect_view()
    };
    let row = move |id: ProjectId| {
        let Some(of) = tested_now(told, id) else {
            return view! { <span>{text().reveal.too_few}</span> }.into_any();
        };
        let mut says = claims_in_words(&of.counts);
        if !of.waiting.is_empty() {
            says.push_str("; ");
            says.push_str(&(text().reveal.wall.waits)(of.waiting.len()));
        }
        let hobby = (of.outcome == HobbyOutcome::Hobby).then(|| Icon::Hobby.into_render());
        let away = of.one_vote_away.then(|| view! { <em>{words.one_vote_away}</em> });
        view! {
            <b class="wall-tag" style:--c=outcome_colour(of.outcome)>{hobby} {(words.outcome)(of.outcome)}</b>
            <span>{says}</span>
            {away}
        }
        .into_any()
    };
    view! {
        <div class="wall-scene" data-testid="wall-told">
            {head(told, Question::Hobby, at)}
            <ul class="sums">{sums}</ul>
            <ul class="wall-rows">
                <For each=move || rows.get() let:id>
                    <li>
                        <strong>{move || project_name(board, id)}</strong>
                        {move || row(id)}
                    </li>
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Verdicts(told: Told) -> impl IntoView {
    let board = told.live.board;
    let words = &text().reveal.verdict;
    let all = memo(move |_| by_verdict(told));
    let (rows, at) = paged(told, all, VERDICTS);
    let sums = move || {
        let sums = all.with(|rows| verdict_sums(told, rows)).into_iter();
        sums.map(|(verdict, says)| view! { <li style:--c=verdict_colour(verdict)>{says}</li> }).collect_view()
    };
    let row = move |id: ProjectId| {
        let Some(counts) = counts_of(told, id) else {
            return view! { <span>{text().reveal.too_few}</span> }.into_any();
        };
        let (colour, room) = match room_verdict(&counts) {
            Some(verdict) => (verdict_colour(verdict), (words.room)(verdict)),
            None => ("var(--edge)", words.no_majority),
        };
        view! {
            <b class="wall-tag" style:--c=colour>{room}</b>
            <span>{verdicts_in_words(&counts)}</span>
            {parts(&counts)}
        }
        .into_any()
    };
    view! {
        <div class="wall-scene" data-testid="wall-told">
            {head(told, Question::Verdict, at)}
            <ul class="sums">{sums}</ul>
            <ul class="wall-rows">
                <For each=move || rows.get() let:id>
                    <li>
                        <strong>{move || project_name(board, id)}</strong>
                        {move || row(id)}
                    </li>
                </For>
            </ul>
        </div>
    }
}

/// Dots, numbers and texts.
#[component]
pub(super) fn Plain(told: Told, question: Question) -> impl IntoView {
    let board = told.live.board;
    // What stands on each page: of dots all, of numbers a few items, of texts as many as fit.
    let sheets = memo(move |_| told.read(|round| sheets(round, question)).unwrap_or_default());
    let count = memo(move |_| sheets.with(Vec::len).max(1));
    let at = turning(count, memo(|_| None));
    let place = memo(move |_| (count.get() > 1).then(|| (at.get() + 1, count.get())));
    let body = move || {
        let sheet = sheets.with(|sheets| sheets.get(at.get()).cloned())?;
        told.read(|round| match question {
            Question::Dots => {
                let rows = page(&ranks(round), PLACES, at.get());
                let most = ranks(round).first().map_or(1, |row| row.counts.dots.max(1));
                let rows = rows.into_iter().map(|row| {
                    let share = f64::from(row.counts.dots) / f64::from(most);
                    view! {
                        <li>
                            <strong>
                                <small class="tabular">{row.rank}</small>
                                {item_name(board, round, &row.item)}
                            </strong>
                            <span class="tabular">{(text().reveal.dots.says)(row.counts.dots, row.counts.people)}</span>
                            <span class="parts" aria-hidden="true">
                                <i class="dots-bar" style:--share=share.to_string() />
                            </span>
                        </li>
                    }
                });
                view! { <ul class="wall-rows">{rows.collect_view()}</ul> }.into_any()
            }
            _ => {
                let items = sheet.into_iter().map(|(item, from, to)| {
                    let name = item_name(board, round, &item);
                    let body = match round.of(&item).and_then(|of| of.counts.as_ref()) {
                        Some(Counts::Scale(counts)) => {
                            let numbers = round.words.is_empty();
                            let says = middle(counts).filter(|_| numbers);
                            let says = says.map(|(median, spread)| format!("{median} {spread}"));
                            view! {
                                {columns(counts, round)}
                                <p class="wall-says">{says}</p>
                            }
                            .into_any()
                        }
                        Some(Counts::Text(texts)) => {
                            let said = texts.iter().take(to).skip(from);
                            let said = said.map(|said| view! { <li>{said.clone()}</li> }).collect_view();
                            view! { <ul class="said">{said}</ul> }.into_any()
                        }
                        _ => view! { <p class="wall-says">{text().reveal.too_few}</p> }.into_any(),
                    };
                    view! { <section><h2>{name}</h2> {body}</section> }
                });
                items.collect_view().into_any()
            }
        })
    };
    view! {
        <div class="wall-scene" data-testid="wall-told" data-question=question.as_str()>
            {head(told, question, place)}
            <div class="wall-sheet">{body}</div>
            <Show when=move || question == Question::Text>
                <p class="wall-says quiet">{text().reveal.texts.order}</p>
            </Show>
        </div>
    }
}

/// What stands on each page: items, each with the texts from which to which.
fn sheets(round: &plumbline_shared::results::Round, question: Question) -> Vec<Vec<(Item, usize, usize)>> {
    match question {
        Question::Scale => {
            let items: Vec<(Item, usize, usize)> =
                round.items.iter().map(|item| (item.clone(), 0, 0)).collect();
            (0..pages(items.len(), SCALES)).map(|at| page(&items, SCALES, at)).collect()
        }
        Question::Text => {
            let texts = |item: &Item| match round.of(item).and_then(|of| of.counts.as_ref()) {
                Some(Counts::Text(texts)) => {
                    texts.iter().map(|said| said.chars().count()).collect::<Vec<_>>()
                }
                _ => Vec::new(),
            };
            let (mut sheets, mut untold) = (Vec::new(), Vec::new());
            for item in &round.items {
                let lengths = texts(item);
                let starts = packed(&lengths, WIDTH, LINES);
                if starts.is_empty() {
                    untold.push((item.clone(), 0, 0));
                }
                let ends = starts.iter().skip(1).copied().chain([lengths.len()]);
                sheets.extend(starts.iter().zip(ends).map(|(from, to)| vec![(item.clone(), *from, to)]));
            }
            // What is not told takes no page of its own.
            sheets.extend(untold.chunks(CLAIMS).map(<[_]>::to_vec));
            sheets
        }
        _ => vec![Vec::new(); pages(ranks(round).len(), PLACES)],
    }
}
