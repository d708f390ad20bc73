//! What is known of one project by now, for who talks about it or decides it: sorted alone, the four questions, the
//! verdict, the dots. As far as it was revealed.

use leptos::prelude::*;
use plumbline_shared::{
    deciding::Evidence, ids::ProjectId, methods::PileCounts, readings::Signs, words::Question,
};

use super::{PileBars, camps_mark, words};
use crate::{session::BoardView, text::text};

/// What is known of one project, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Known {
    /// How people sorted it alone.
    pub(crate) sorted: Option<Sorted>,
    /// The rest: what was asked, and what it came to.
    pub(crate) lines: Vec<(&'static str, String)>,
}

/// How people sorted a project alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sorted {
    /// In which round.
    pub(crate) title: String,
    /// How many put it where; none where too few answered.
    pub(crate) counts: Option<PileCounts>,
    /// In words.
    pub(crate) says: String,
    /// Who sat out, or did not answer.
    pub(crate) heard: Option<String>,
    /// What the round before said.
    pub(crate) earlier: Option<String>,
}

/// What is known of a project; tracked.
pub(crate) fn evidence_of(board: BoardView, project: ProjectId) -> Known {
    board.results.track();
    board.agenda.track();
    let words = &text().reveal.evidence;
    let known = board.board();
    let evidence = Evidence::of(&known, project);
    let mut rounds = evidence.rounds(Question::Placement).rev();
    let sorted = rounds.next().map(|last| {
        let before = rounds.next().filter(|before| before.step == last.step);
        Sorted {
            title: if last.number > 1 {
                (words.alone_round)(last.tally.answered, last.number)
            } else {
                (words.alone)(last.tally.answered)
            },
            says: words::told(board, last.round, last.tally),
            heard: words::heard(last.tally, last.tally.eligible),
            counts: last.placement().cloned(),
            earlier: before.map(|before| {
                (words.earlier)(before.number, &words::told(board, before.round, before.tally))
            }),
        }
    });
    let mut lines = Vec::new();
    if let Some(last) = evidence.last(Question::Hobby) {
        let mut says = words::told(board, last.round, last.tally);
        if let Some(outcome) = evidence.outcome() {
            says = format!("{}. {says}", (text().reveal.claims.outcome)(outcome));
        }
        lines.push((words.four_questions, says));
    }
    if let Some(last) = evidence.last(Question::Verdict) {
        let mut says = words::told(board, last.round, last.tally);
        if evidence.verdicts().is_some() {
            let verdicts = &text().reveal.verdict;
            let room = evidence.room().map_or(verdicts.no_majority, |verdict| (verdicts.room)(verdict));
            says = format!("{room}. {says}");
        }
        lines.push((words.verdict, says));
    }
    if let Some(last) = evidence.last(Question::Dots) {
        lines.push((words.dots, words::told(board, last.round, last.tally)));
    }
    Known { sorted, lines }
}

/// What is known of a project, on its open card; nothing where nothing is.
#[component]
pub(crate) fn EvidenceOf(
    /// The board.
    board: BoardView,
    /// The project.
    project: ProjectId,
) -> impl IntoView {
    super::changing(move || {
        let evidence = evidence_of(board, project);
        let none = evidence.sorted.is_none() && evidence.lines.is_empty();
        (!none).then(|| {
            view! {
                <section class="evidence" data-testid="card-evidence">
                    {evidence.sorted.map(|sorted| sorted_alone(board, sorted))}
                    {evidence
                        .lines
                        .into_iter()
                        .map(|(title, says)| view! { <h3>{title}</h3> <p class="tabular">{says}</p> })
                        .collect_view()}
                </section>
            }
        })
    })
}

/// How people sorted it alone: bars, what they say in words, and what stands beside it.
pub(crate) fn sorted_alone(board: BoardView, sorted: Sorted) -> AnyView {
    let words = &text().reveal.sorting;
    let signs = sorted.counts.as_ref().map(Signs::of).unwrap_or_default();
    let bars = match sorted.counts {
        Some(counts) => {
            let of = counts.answered() + counts.unknown;
            view! {
                <PileBars board=board counts=counts of=of />
                <p class="in-words">{sorted.says}</p>
            }
            .into_any()
        }
        None => view! { <p>{sorted.says}</p> }.into_any(),
    };
    view! {
        <h3>{sorted.title}</h3>
        {bars}
        {signs.two_camps.then(camps_mark)}
        {signs.dim.then(|| view! { <p class="hint">{words.dim_mark}</p> })}
        {sorted.heard.map(|says| view! { <p class="hint">{says}</p> })}
        {sorted.earlier.map(|says| view! { <p class="hint">{says}</p> })}
    }
    .into_any()
}
