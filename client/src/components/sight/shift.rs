//! The picture of the portfolio's shift, and the table with the same numbers.

use leptos::prelude::*;

use super::of_pillar;
use crate::{
    api::{FlowPlace, PileSum, Sight, SightFlow, Weight},
    format,
    sight::{COLUMN, Picture, STEP, Way, picture},
    text::pillars::pillars,
};

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Projects,
    Cost,
    People,
}

impl Measure {
    const ALL: [Self; 3] = [Self::Projects, Self::Cost, Self::People];

    fn name(self) -> &'static str {
        let words = pillars();
        match self {
            Self::Projects => words.projects,
            Self::Cost => words.cost,
            Self::People => words.people,
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Projects => "shift-projects",
            Self::Cost => "shift-cost",
            Self::People => "shift-people",
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "projects of a board")]
    fn of(self, sum: &PileSum) -> f64 {
        match self {
            Self::Projects => sum.projects as f64,
            Self::Cost => sum.cost.sum,
            Self::People => sum.people.sum,
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "projects of a board")]
    fn of_flow(self, flow: &SightFlow) -> (f64, f64) {
        let sums = |before: Weight, after: Weight| (before.sum, after.sum);
        match self {
            Self::Projects => (flow.projects as f64, flow.projects as f64),
            Self::Cost => sums(flow.cost_before, flow.cost_after),
            Self::People => sums(flow.people_before, flow.people_after),
        }
    }

    fn told(self, amount: f64, currency: &str) -> String {
        match self {
            Self::Cost => format::short_money(amount, currency),
            Self::Projects | Self::People => format::number(amount),
        }
    }
}

/// A pile over the sessions.
#[derive(Clone)]
struct Pile {
    place: FlowPlace,
    name: String,
    colour: String,
    stands: Vec<Option<PileSum>>,
}

/// The piles in their order: the pillars, off strategy, unsorted, stopped. Those on which nothing ever stood but for
/// pillars are left out.
fn piles(sight: &Sight) -> Vec<Pile> {
    let words = pillars();
    let pillar = |line: &crate::api::SightLine| Pile {
        place: FlowPlace::Pillar(line.id.clone()),
        name: line.name.clone(),
        colour: of_pillar(&line.colour),
        stands: line.stands.clone(),
    };
    let other = |word: &str, name: &str, token: &str, sums: &[PileSum]| Pile {
        place: FlowPlace::Other(word.to_owned()),
        name: name.to_owned(),
        colour: format!("var(--{token})"),
        stands: sums.iter().copied().map(Some).collect(),
    };
    let others = [
        other("off", words.off, "off", &sight.off),
        other("unsorted", words.unsorted, "unsorted", &sight.unsorted),
        other("stopped", words.stopped, "stop", &sight.stopped),
    ];
    let some = |pile: &Pile| pile.stands.iter().flatten().any(|sum| sum.projects > 0);
    sight.pillars.iter().map(pillar).chain(others.into_iter().filter(some)).collect()
}

/// The picture and its table.
#[component]
pub(crate) fn Shift(
    /// The pillars over the sessions.
    sight: Sight,
) -> impl IntoView {
    let words = pillars();
    let measure = RwSignal::new(Measure::Projects);
    let one_currency = sight.sessions.windows(2).all(|pair| pair[0].currency == pair[1].currency);
    let currency = sight.sessions.last().map(|session| session.currency.clone()).unwrap_or_default();
    let single = sight.sessions.len() == 1;
    let choice = move |which: Measure| {
        view! {
            <label>
                <input
                    type="radio"
                    name="shift-measure"
                    data-testid=which.id()
                    prop:checked=move || measure.get() == which
                    on:change=move |_| measure.set(which)
                />
                <span>{which.name()}</span>
            </label>
        }
    };
    let choices = Measure::ALL.map(choice).into_iter().collect_view();
    let sight = StoredValue::new(sight);
    let body = move || {
        let measure = measure.get();
        sight.with_value(|sight| {
            let piles = piles(sight);
            let drawn = measure != Measure::Cost || one_currency;
            let currency = currency.clone();
            view! {
                {if drawn {
                    view! { <Drawing sight=sight.clone() piles=piles.clone() measure=measure currency=currency /> }.into_any()
                } else {
                    view! { <p class="hint">{words.currencies}</p> }.into_any()
                }}
                <Numbers sight=sight.clone() piles=piles.clone() measure=measure />
                <Ways sight=sight.clone() piles=piles />
            }
        })
    };
    view! {
        <section class="sight-shift" aria-labelledby="shift-title" data-testid="shift">
            <div class="page-head">
                <h2 id="shift-title">{words.shift}</h2>
                <div class="segments" role="radiogroup" aria-label=words.measure>
                    {choices}
                </div>
            </div>
            {single.then(|| view! { <p data-testid="no-shift">{words.no_shift}</p> })}
            {body}
        </section>
    }
}

#[component]
fn Drawing(sight: Sight, piles: Vec<Pile>, measure: Measure, currency: String) -> impl IntoView {
    let words = pillars();
    let columns: Vec<Vec<f64>> = (0..sight.sessions.len())
        .map(|at| {
            let amount =
                |pile: &Pile| pile.stands.get(at).copied().flatten().map_or(0.0, |sum| measure.of(&sum));
            piles.iter().map(amount).collect()
        })
        .collect();
    let find = |place: &FlowPlace| piles.iter().position(|pile| pile.place == *place);
    let ways: Vec<Way> = sight
        .flows
        .iter()
        .filter_map(|flow| {
            let (before, after) = measure.of_flow(flow);
            Some(Way { column: flow.session, from: find(&flow.from)?, to: find(&flow.to)?, before, after })
        })
        .collect();
    let Picture { width, height, parts, ribbons } = picture(&columns, &ways);
    if parts.is_empty() {
        return view! { <p class="hint">{words.not_yet}</p> }.into_any();
    }
    let ribbons = ribbons.into_iter().map(|ribbon| {
        let colour = piles[ribbon.from].colour.clone();
        let says = (words.from_to)(&piles[ribbon.from].name, &piles[ribbon.to].name);
        view! {
            <path class="sight-ribbon" style:--c=colour d=ribbon.path>
                <title>{says}</title>
            </path>
        }
    });
    let ribbons = ribbons.collect_view();
    let last = sight.sessions.len() - 1;
    let parts = parts.into_iter().map(|part| {
        let pile = &piles[part.pile];
        let says = measure.told(part.amount, &currency);
        let (x, y) = (part.x, part.y + part.height / 2.0 + 4.0);
        // Beside the column: to its right, where the ribbons begin, and before the last one to its left.
        let (at, anchor) =
            if part.column == last && last > 0 { (x - 6.0, "end") } else { (x + COLUMN + 6.0, "start") };
        view! {
            <rect
                class="sight-part"
                style:--c=pile.colour.clone()
                x=format!("{x:.1}")
                y=format!("{:.1}", part.y)
                width=COLUMN.to_string()
                height=format!("{:.1}", part.height)
                rx="2"
            />
            <text class="sight-number" x=format!("{at:.1}") y=format!("{y:.1}") text-anchor=anchor>
                {says}
            </text>
        }
    });
    let parts = parts.collect_view();
    let titles = sight.sessions.iter().enumerate().map(|(at, session)| {
        #[allow(clippy::cast_precision_loss, reason = "a few sessions")]
        let x = at as f64 * STEP;
        let (x, anchor) = match at {
            0 => (x, "start"),
            _ if at == last => (x + COLUMN, "end"),
            _ => (x + COLUMN / 2.0, "middle"),
        };
        let title: String = session.title.chars().take(24).collect();
        let title = if session.title.chars().count() > 24 { format!("{title}…") } else { title };
        view! {
            <text class="sight-title" x=format!("{x:.1}") y="-28" text-anchor=anchor>
                {title}
            </text>
            <text class="sight-day" x=format!("{x:.1}") y="-12" text-anchor=anchor>
                {format::day(session.closed_at)}
            </text>
        }
    });
    let titles = titles.collect_view();
    // A single column has its numbers to its right.
    let wide = if last == 0 { width + 120.0 } else { width };
    let label = (words.picture)(sight.sessions.len(), &measure.name().to_lowercase());
    view! {
        <div class="sight-picture" tabindex="0" role="group" aria-label=words.shift>
            <svg
                role="img"
                aria-label=label
                viewBox=format!("-4 -46 {:.0} {:.0}", wide + 8.0, height + 54.0)
                style:min-width=format!("{:.0}px", (wide * 0.8).max(280.0))
                style:max-width=format!("{:.0}px", (wide * 1.6).max(640.0))
            >
                {ribbons}
                {parts}
                {titles}
            </svg>
        </div>
    }
    .into_any()
}

/// The same numbers as a table, with of how many projects they are known.
#[component]
fn Numbers(sight: Sight, piles: Vec<Pile>, measure: Measure) -> impl IntoView {
    let words = pillars();
    let heads = sight.sessions.iter().map(|session| view! { <th scope="col">{session.title.clone()}</th> });
    let heads = heads.collect_view();
    let rows = piles.into_iter().map(|pile| {
        let cells = pile.stands.iter().zip(&sight.sessions).map(|(sum, session)| {
            let Some(sum) = sum else { return view! { <td class="quiet">{words.not_yet}</td> }.into_any() };
            let amount = measure.told(measure.of(sum), &session.currency);
            let known = match measure {
                Measure::Projects => String::new(),
                Measure::Cost => (words.known)(sum.cost.known, sum.projects),
                Measure::People => (words.known)(sum.people.known, sum.projects),
            };
            view! {
                <td>
                    {amount}
                    {(!known.is_empty()).then(|| view! { <span class="sight-known">{known}</span> })}
                </td>
            }
            .into_any()
        });
        let cells = cells.collect_view();
        view! {
            <tr style:--c=pile.colour>
                <th scope="row">
                    <span class="sight-swatch" aria-hidden="true" />
                    {pile.name}
                </th>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="sight-table" tabindex="0" role="group" aria-label=(words.table)(measure.name())>
            <table data-testid="shift-table">
                <caption class="unseen">{(words.table)(measure.name())}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.pile}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// What went where, in words.
#[component]
fn Ways(sight: Sight, piles: Vec<Pile>) -> impl IntoView {
    let words = pillars();
    let name = |place: &FlowPlace| match place {
        FlowPlace::Other(word) if word == "new" => words.new.to_owned(),
        FlowPlace::Other(word) if word == "gone" => words.gone.to_owned(),
        place => {
            piles.iter().find(|pile| pile.place == *place).map(|pile| pile.name.clone()).unwrap_or_default()
        }
    };
    let shifts = (1..sight.sessions.len()).map(|at| {
        let (from, to) = (&sight.sessions[at - 1].title, &sight.sessions[at].title);
        let flows = sight.flows.iter().filter(|flow| flow.session + 1 == at && flow.from != flow.to);
        let flows = flows.map(|flow| {
            view! { <li>{(words.way)(flow.projects, &name(&flow.from), &name(&flow.to))}</li> }
        });
        let flows = flows.collect_view();
        view! {
            <h3>{(words.from_to)(from, to)}</h3>
            <ul>{flows}</ul>
        }
    });
    let shifts = shifts.collect_view();
    (sight.sessions.len() > 1).then(|| {
        view! {
            <details class="sight-ways" data-testid="shift-ways">
                <summary>{words.went}</summary>
                {shifts}
            </details>
        }
    })
}
