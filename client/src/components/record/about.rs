//! Who stands behind a decision, how it came about, and its place in the chain.

use leptos::prelude::*;

use super::line::decided;
use crate::{
    components::copyable::Copyable,
    format,
    record::{Record, Said, SignOff},
    text::record::record,
};

/// Who signed, and what was said unsigned: of the decision itself, then of all of them.
#[component]
pub(crate) fn Behind(of: Record) -> impl IntoView {
    let words = &record().decision;
    let Record { sign_offs, dissent, .. } = of;
    if sign_offs.is_empty() && dissent.is_empty() {
        return ().into_any();
    }
    let sign = |of: SignOff| {
        let says = (words.signed)(of.stance);
        let reason = (!of.reason.trim().is_empty())
            .then(|| view! { <span class="decision-reason">{of.reason}</span> });
        let whole = (of.about == "session").then(|| view! { <span class="hint">{words.of_the_whole}</span> });
        view! {
            <li data-stance=of.stance.as_str()>
                <span><b>{of.name}</b> " " {says}</span>
                {reason}
                {whole}
            </li>
        }
    };
    let said = |of: Said| {
        let whole = (of.about == "session").then(|| view! { <span class="hint">{words.of_the_whole}</span> });
        view! {
            <li>
                <q>{of.text}</q>
                {whole}
            </li>
        }
    };
    let dissent = (!dissent.is_empty()).then(|| {
        view! {
            <h3>{words.dissent}</h3>
            <ul class="decision-dissent" data-testid="decision-dissent">
                {dissent.into_iter().map(said).collect_view()}
            </ul>
        }
    });
    view! {
        <section class="decision-part" aria-labelledby="decision-behind">
            <h2 id="decision-behind">{words.behind}</h2>
            <ul class="decision-signed" data-testid="decision-signed">
                {sign_offs.into_iter().map(sign).collect_view()}
            </ul>
            {dissent}
        </section>
    }
    .into_any()
}

/// The project as it was, who decides and by what rule, who was here, what was imported and what was erased.
#[component]
pub(crate) fn CameAbout(of: Record) -> impl IntoView {
    let words = &record().decision;
    let Record { session, project, decider, rule, imports, attendance, erased, .. } = of;
    let mut facts: Vec<(&'static str, String)> =
        vec![(words.session, session.title), (words.purpose, session.purpose)];
    facts.push((words.decider, decider));
    facts.push((words.rule, rule));
    facts.push((words.reference, project.reference));
    facts.push((words.sponsor, project.sponsor));
    facts.push((words.run_by, project.owner));
    facts.extend(project.cost.map(|cost| (words.cost, format::money(cost, &project.currency))));
    facts.extend(project.people.map(|people| (words.team, format::number(people))));
    let facts = facts.into_iter().filter(|(_, says)| !says.trim().is_empty()).map(|(term, says)| {
        view! {
            <div class="decision-fact">
                <dt>{term}</dt>
                <dd>{says}</dd>
            </div>
        }
    });
    let here = (!attendance.is_empty()).then(|| {
        let steps = attendance.into_iter().map(|step| {
            view! { <li>{(words.here)(&step.title, step.here, step.joined)}</li> }
        });
        view! {
            <h3>{words.attendance}</h3>
            <ul class="decision-attendance" data-testid="decision-attendance">
                {steps.collect_view()}
            </ul>
        }
    });
    let imports = (!imports.is_empty()).then(|| {
        let files = imports.into_iter().map(|file| {
            let says = (words.import)(file.rows, &file.format, &decided(&file.imported_on));
            view! {
                <li>
                    {says}
                    <code>{file.sha256}</code>
                </li>
            }
        });
        view! {
            <h3>{words.imports}</h3>
            <ul class="decision-imports" data-testid="decision-imports">
                {files.collect_view()}
            </ul>
        }
    });
    let erased = erased.map(|erased| {
        view! {
            <h3>{words.erased}</h3>
            <p data-testid="decision-erased">{erased.statement}</p>
        }
    });
    view! {
        <section class="decision-part" aria-labelledby="decision-about">
            <h2 id="decision-about">{words.came_about}</h2>
            <dl class="decision-facts">{facts.collect_view()}</dl>
            {here}
            {imports}
            {erased}
        </section>
    }
}

/// Its hash and the one before.
#[component]
pub(crate) fn InChain(hash: String, previous: String) -> impl IntoView {
    let words = &record().decision;
    view! {
        <section class="decision-part" aria-labelledby="decision-chain">
            <h2 id="decision-chain">{words.in_chain}</h2>
            <p class="hint">{words.chain_says}</p>
            <Copyable value=hash id="decision-hash" label=words.hash />
            <Copyable value=previous id="decision-previous" label=words.previous />
        </section>
    }
}
