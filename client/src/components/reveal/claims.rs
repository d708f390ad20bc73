//! The four questions: per project how many ticked what, what that makes it, and which claims wait to be checked.

use leptos::{html, prelude::*};
use plumbline_shared::{
    answer::Item,
    ids::ProjectId,
    messages::Command,
    methods::HobbyOutcome,
    readings::{Tested, tested},
    sorted::sort,
    words::Claim,
};

use super::{Named, Told, words};
use crate::{
    components::{For, Icon, Show},
    effect::memo,
    text::text,
};

/// What the four questions can come to, in the order in which it is summed up.
pub(crate) const OUTCOMES: [HobbyOutcome; 5] = [
    HobbyOutcome::Hobby,
    HobbyOutcome::Contested,
    HobbyOutcome::MissionCritical,
    HobbyOutcome::Strategic,
    HobbyOutcome::TooFew,
];

/// What the four questions came to for one project of the round that is shown; tracked.
pub(crate) fn tested_now(told: Told, project: ProjectId) -> Option<Tested> {
    told.read(|round| told.results.with(|results| tested(results, round, &Item::project(project)))).flatten()
}

/// The projects of the round, those for which least is claimed first: an order that no check changes. Tracked.
pub(crate) fn by_claims(told: Told) -> Vec<ProjectId> {
    told.live.board.shape.track();
    let mut rows = told
        .read(|round| {
            let row = |item: &Item| {
                let id = item.as_project().filter(|id| told.live.board.card(*id).is_some())?;
                let counts = told.results.with(|results| tested(results, round, item)).map(|of| of.counts);
                let (none, of) = counts.map_or((0, 0), |counts| (counts.none, counts.answered));
                Some((none, of, id))
            };
            round.items.iter().filter_map(row).collect::<Vec<_>>()
        })
        .unwrap_or_default();
    // The larger share first; what is not told, last.
    sort(&mut rows, |(a_none, a_of, a), (b_none, b_of, b)| {
        let share = |none: u32, of: u32| u64::from(none) * u64::from(of.max(1));
        (*a_of == 0).cmp(&(*b_of == 0)).then(share(*b_none, *a_of).cmp(&share(*a_none, *b_of))).then(a.cmp(b))
    });
    rows.into_iter().map(|(_, _, id)| id).collect()
}

/// How many projects came to what, with those that are not told among the too few; tracked.
pub(crate) fn summary(told: Told, rows: &[ProjectId]) -> Vec<(HobbyOutcome, usize)> {
    let outcomes: Vec<HobbyOutcome> = rows
        .iter()
        .map(|id| tested_now(told, *id).map_or(HobbyOutcome::TooFew, |tested| tested.outcome))
        .collect();
    let counted = OUTCOMES.map(|outcome| (outcome, outcomes.iter().filter(|of| **of == outcome).count()));
    counted.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// What the four questions came to.
#[component]
pub(super) fn Claims(told: Told) -> impl IntoView {
    let live = told.live;
    let words = &text().reveal.claims;
    let rows = memo(move |_| by_claims(told));
    let waiting = memo(move |_| {
        rows.with(|rows| {
            rows.iter()
                .filter_map(|id| tested_now(told, *id))
                .map(|tested| tested.waiting.len())
                .sum::<usize>()
        })
    });
    // Who may check: the same for every claim.
    let any = Command::Check { step: told.step, item: Item::session(), claim: Claim::Revenue, stands: None };
    let denied = live.why_not_command(any);
    view! {
        <ul class="sums" data-testid="claims-summary">
            {move || {
                rows.with(|rows| summary(told, rows))
                    .into_iter()
                    .map(|(outcome, count)| {
                        view! {
                            <li style:--c=words::outcome_colour(outcome)>
                                {(words.outcomes)(outcome, count)}
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        <Show when=move || { waiting.get() > 0 }>
            <p class="reveal-warning" data-testid="claims-wait">{move || (words.waits)(waiting.get())}</p>
        </Show>
        <ol class="told-list">
            <For each=move || rows.get() let:project>
                <Row told=told project=project denied=denied />
            </For>
        </ol>
    }
}

#[component]
fn Row(told: Told, project: ProjectId, denied: Memo<Option<String>>) -> impl IntoView {
    let words = &text().reveal.claims;
    let item = Item::project(project);
    let of = memo(move |_| tested_now(told, project));
    let tally = memo(move |_| told.item(&item));
    let outcome = memo(move |_| of.with(|of| of.as_ref().map(|of| of.outcome)));
    // Every claim of fact that somebody made.
    let facts = memo(move |_| {
        of.with(|of| {
            let made = |claim: &Claim| {
                claim.is_checked() && of.as_ref().is_some_and(|of| words::ticks(&of.counts, *claim) > 0)
            };
            Claim::ALL.iter().copied().filter(made).collect::<Vec<_>>()
        })
    });
    view! {
        <li class="told" data-testid="told" data-item=project.to_string() data-outcome=move || outcome.get().map(outcome_key)>
            <div class="told-head">
                <Named project=project />
                {move || {
                    outcome
                        .get()
                        .map(|outcome| {
                            view! {
                                <span class="tag" style:--c=words::outcome_colour(outcome) title=(words.outcome_means)(outcome)>
                                    {(outcome == HobbyOutcome::Hobby).then(|| Icon::Hobby.into_render())}
                                    {(words.outcome)(outcome)}
                                </span>
                            }
                        })
                }}
                {move || {
                    of.with(|of| of.as_ref().is_some_and(|of| of.one_vote_away))
                        .then(|| view! { <span class="tag quiet" data-testid="one-vote-away">{words.one_vote_away}</span> })
                }}
            </div>
            <p class="told-words tabular">
                {move || {
                    of.with(|of| {
                        of.as_ref().map_or_else(
                            || text().reveal.too_few.to_owned(),
                            |of| words::claims(&of.counts),
                        )
                    })
                }}
            </p>
            {move || {
                tally.with(|tally| tally.as_ref().and_then(|of| words::heard(of, told.usual())))
                    .map(|says| view! { <p class="hint">{says}</p> })
            }}
            {move || {
                facts
                    .get()
                    .into_iter()
                    .map(|claim| view! { <Fact told=told project=project claim=claim of=of denied=denied /> })
                    .collect_view()
            }}
        </li>
    }
}

/// A name for a test to find it by.
fn outcome_key(outcome: HobbyOutcome) -> &'static str {
    match outcome {
        HobbyOutcome::Strategic => "strategic",
        HobbyOutcome::MissionCritical => "mission-critical",
        HobbyOutcome::Hobby => "hobby",
        HobbyOutcome::Contested => "contested",
        HobbyOutcome::TooFew => "too-few",
    }
}

/// A claim of fact: where it can be checked, what the check came to, and the buttons for whoever may check.
#[component]
fn Fact(
    told: Told,
    project: ProjectId,
    claim: Claim,
    of: Memo<Option<Tested>>,
    denied: Memo<Option<String>>,
) -> impl IntoView {
    let words = &text().reveal.claims;
    let checked = memo(move |_| of.with(|of| of.as_ref().and_then(|of| of.checks.of(claim))));
    let says = move || {
        let ticked = of.with(|of| of.as_ref().map_or(0, |of| words::ticks(&of.counts, claim)));
        match checked.get() {
            Some(stands) => (words.checked)(claim, stands).to_owned(),
            None => (words.waiting)(claim, ticked),
        }
    };
    let sources = move || {
        of.with(|of| {
            let all = of.as_ref().map(|of| of.sources.as_slice()).unwrap_or_default();
            let named = all.iter().filter(|(of, at)| *of == claim && !at.trim().is_empty());
            named.map(|(_, at)| at.clone()).collect::<Vec<_>>()
        })
    };
    let buttons = NodeRef::<html::Div>::new();
    let check = move |stands: Option<bool>| {
        let item = Item::project(project);
        told.live.command(Command::Check { step: told.step, item, claim, stands });
        // The button that was pressed goes with the answer; who works by keyboard stays in the row.
        if let Some(buttons) = buttons.get_untracked() {
            buttons.focus().ok();
        }
    };
    let button = move |says: &'static str, stands: Option<bool>| {
        let word = stands.map_or("back", |stands| if stands { "true" } else { "false" });
        view! {
            <button
                type="button"
                class="button small"
                data-testid="check-claim"
                data-item=format!("{project} {} {word}", claim.as_str())
                aria-label=format!("{}: {says}", (words.check)(claim))
                on:click=move |_| check(stands)
            >
                {says}
            </button>
        }
    };
    view! {
        <div class="fact" class:waits=move || checked.get().is_none() data-testid="fact" data-claim=claim.as_str()>
            <p>{says}</p>
            {move || {
                let sources = sources();
                if sources.is_empty() {
                    view! { <p class="hint">{words.no_source}</p> }.into_any()
                } else {
                    let sources = sources.into_iter().map(|at| view! { <li>{at}</li> }).collect_view();
                    view! { <ul class="sources" aria-label=words.sources>{sources}</ul> }.into_any()
                }
            }}
            <div node_ref=buttons class="actions" tabindex="-1">
                {move || match (denied.get().is_none(), checked.get()) {
                    (false, _) => ().into_any(),
                    (true, None) => {
                        (
                            button(words.stands, Some(true)),
                            button(words.falls, Some(false)),
                        )
                            .into_any()
                    }
                    (true, Some(_)) => button(words.take_back, None).into_any(),
                }}
            </div>
        </div>
    }
}
