//! Line of sight: one pillar, what stands on it, and how the rooms agreed on that.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{ids::PillarId, words::Verdict};

use crate::{
    api::{self, OnPillar, OnePillar},
    components::{
        AgreementLine, Answer, Caveats, NotAdmitted, Section, WorkspaceShell, fact, of_pillar, verdict_name,
        weighed,
    },
    effect::memo,
    format,
    navigate::{name_tab, take_secret},
    route::{Route, Secret},
    storage,
    text::{pillars::pillars, record::record, text},
};

/// A pillar over the sessions.
#[component]
pub(crate) fn PillarPage(
    /// The pillar, by its id in any session.
    id: PillarId,
) -> impl IntoView {
    let words = pillars();
    name_tab(words.title);
    if let Some(Secret::Key(key)) = take_secret() {
        storage::keep_workspace_key(Some(&key));
    }
    let pillar = RwSignal::new(Answer::<OnePillar>::Coming);
    let load = move || {
        let Some(key) = storage::workspace_key() else { return pillar.set(Answer::NoKey) };
        pillar.set(Answer::Coming);
        spawn_local(async move {
            let answer = api::pillar(&key, id).await;
            pillar.try_set(answer.into());
        });
    };
    load();
    let admitted = memo(move |_| pillar.with(Answer::admits));
    let to_all = move || {
        view! {
            <p class="sight-to-all">
                <a href=Route::Pillars.path()>{words.all}</a>
            </p>
        }
    };
    view! {
        <WorkspaceShell section=Section::Pillars admitted=admitted>
            {move || match pillar.get() {
                Answer::Here(pillar) => view! { {to_all()} <One pillar=pillar /> }.into_any(),
                Answer::Coming => view! { <div class="skeleton row" aria-hidden="true" /> }.into_any(),
                Answer::Failed(problem) if problem.status == 404 => {
                    view! {
                        {to_all()}
                        <h1 data-testid="pillar-unknown">{words.unknown_title}</h1>
                        <p class="lead">{words.unknown}</p>
                    }
                        .into_any()
                }
                Answer::Failed(problem) => {
                    view! {
                        {to_all()}
                        <p class="problem" role="alert">
                            {problem.says}
                        </p>
                        <div class="actions">
                            <button type="button" class="button" on:click=move |_| load()>
                                {text().general.retry}
                            </button>
                        </div>
                    }
                        .into_any()
                }
                not @ (Answer::NoKey | Answer::WrongKey) => {
                    let wrong = not == Answer::WrongKey;
                    view! { <NotAdmitted title=words.title wrong=wrong forgotten=move |()| pillar.set(Answer::NoKey) /> }
                        .into_any()
                }
            }}
        </WorkspaceShell>
    }
}

fn is_stopped(on: &OnPillar) -> bool {
    on.decision.as_ref().is_some_and(|it| it.holds && it.verdict == Some(Verdict::Stop))
}

#[component]
fn One(pillar: OnePillar) -> impl IntoView {
    let words = pillars();
    name_tab(&pillar.line.name);
    let last = pillar.line.last;
    let currency = pillar.sessions.get(last).map(|session| session.currency.clone()).unwrap_or_default();
    let takes = pillar.line.stands.get(last).copied().flatten().map(|sum| weighed(sum, &currency));
    let facts = [
        (words.intent, pillar.line.intent.clone()),
        (words.goals, pillar.goals.join("\n")),
        (words.whole_measure, pillar.measure),
        (words.rules_out, pillar.rules_out),
        (words.owner, pillar.line.owner),
        (words.capacity, takes.unwrap_or_default()),
    ];
    let facts = facts.into_iter().map(|(name, says)| fact(name, &says)).collect_view();
    let (now, earlier): (Vec<OnPillar>, Vec<OnPillar>) =
        pillar.stands_on_it.into_iter().partition(|on| on.session == last);
    let (stops, runs): (Vec<OnPillar>, Vec<OnPillar>) = now.into_iter().partition(is_stopped);
    let was = (!pillar.current).then(|| {
        let title = pillar.sessions.get(last).map(|session| session.title.clone()).unwrap_or_default();
        view! { <p data-testid="pillar-was">{(words.was_last)(&title)}</p> }
    });
    let stands = if runs.is_empty() {
        view! { <p>{words.stands_none}</p> }.into_any()
    } else {
        view! { <Projects all=runs currency=currency.clone() /> }.into_any()
    };
    let stopped = (!stops.is_empty()).then(|| {
        view! {
            <section class="ask-part">
                <h2>{words.stops}</h2>
                <Projects all=stops currency=currency />
            </section>
        }
    });
    let before = (0..last).rev().filter_map(|at| {
        let there: Vec<OnPillar> = earlier.iter().filter(|on| on.session == at).cloned().collect();
        let session = pillar.sessions.get(at).filter(|_| !there.is_empty())?;
        Some(view! {
            <details class="sight-earlier">
                <summary>{(words.before)(&session.title)}</summary>
                <Projects all=there currency=session.currency.clone() />
            </details>
        })
    });
    let before = before.collect_view();
    let names = pillar.line.earlier_names.into_iter().rev();
    let names =
        names.map(|name| view! { <p class="sight-before">{(words.called_before)(&name)}</p> }).collect_view();
    view! {
        <header class="sight-head" style:--c=of_pillar(&pillar.line.colour)>
            <h1>{pillar.line.name}</h1>
            {names}
        </header>
        <dl class="ask-facts">{facts}</dl>
        <Caveats sessions=pillar.sessions.clone() left_out=pillar.left_out />
        <section class="ask-part" data-testid="pillar-stands">
            <h2>{words.stands}</h2>
            {was}
            {stands}
        </section>
        {stopped}
        <section class="ask-part" style:--c=of_pillar(&pillar.line.colour)>
            <h2>{words.agreement}</h2>
            <AgreementLine sessions=pillar.sessions agreement=pillar.agreement />
        </section>
        {before}
    }
}

#[component]
fn Projects(all: Vec<OnPillar>, currency: String) -> impl IntoView {
    let words = pillars();
    let rows = all.into_iter().map(|on| {
        let verdict = match &on.decision {
            Some(it) => format!("{} · {}", it.verdict.map_or("–", verdict_name), (record().log.status)(it.status)),
            None => words.undecided.to_owned(),
        };
        let (owner, measure) =
            on.decision.as_ref().map(|it| (it.owner.clone(), it.measure.clone())).unwrap_or_default();
        let link = on.decision.as_ref().map(|it| format!("/log/{}", it.number));
        let cost = on.cost.map(|cost| format::short_money(cost, &currency)).unwrap_or_default();
        let people = on.people.map(format::number).unwrap_or_default();
        view! {
            <tr>
                <th scope="row">
                    {on.name}
                    {(!on.reference.is_empty()).then(|| view! { <span class="sight-known">{on.reference}</span> })}
                    {on.came.then(|| view! { <span class="sight-known">{words.came}</span> })}
                </th>
                <td data-label=words.decided>
                    {match link {
                        Some(href) => view! { <a href=href>{verdict}</a> }.into_any(),
                        None => verdict.into_any(),
                    }}
                </td>
                <td data-label=words.of_owner>{owner}</td>
                <td data-label=words.whole_measure>{measure}</td>
                <td data-label=words.cost class="tabular">
                    {cost}
                </td>
                <td data-label=words.people class="tabular">
                    {people}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="sight-table" tabindex="0" role="group" aria-label=words.stands>
            <table class="sight-projects">
                <thead>
                    <tr>
                        <th scope="col">{words.project}</th>
                        <th scope="col">{words.decided}</th>
                        <th scope="col">{words.of_owner}</th>
                        <th scope="col">{words.whole_measure}</th>
                        <th scope="col">{words.cost}</th>
                        <th scope="col">{words.people}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
