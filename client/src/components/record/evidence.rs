//! What was asked in private about a decision, in counts: drawn as the reveal drew it.

use leptos::prelude::*;
use plumbline_shared::{
    json::Json,
    methods::ScaleCounts,
    words::{Claim, Question, Verdict},
};

use crate::{
    components::reveal::{Bar, bars, number_columns, word_rows},
    record::{Asked, Record},
    text::record::record,
};

/// Every round about the project, then how sure people were of the whole.
#[component]
pub(crate) fn Evidence(of: Record) -> impl IntoView {
    let words = &record().decision;
    let (about_it, of_session): (Vec<Asked>, Vec<Asked>) =
        of.evidence.into_iter().partition(|asked| asked.about == "project");
    let nothing = about_it.is_empty() && of_session.is_empty() && of.flags == 0;
    let flags = (of.flags > 0).then(|| view! { <p class="decision-flags">{(words.flags)(of.flags)}</p> });
    let of_session = (!of_session.is_empty()).then(|| {
        view! {
            <h3>{words.of_session}</h3>
            <div class="decision-rounds">{of_session.into_iter().map(round).collect_view()}</div>
        }
    });
    view! {
        <section class="decision-part" aria-labelledby="decision-evidence">
            <h2 id="decision-evidence">{words.evidence}</h2>
            <p class="hint">{if nothing { words.no_evidence } else { words.evidence_says }}</p>
            <div class="decision-rounds">{about_it.into_iter().map(round).collect_view()}</div>
            {flags}
            {of_session}
        </section>
    }
}

/// A round: what was asked, by how many it was answered, and what came of it.
fn round(asked: Asked) -> AnyView {
    let words = &record().decision;
    let title = match asked.title.trim() {
        "" => (words.question)(asked.question).to_owned(),
        title => title.to_owned(),
    };
    let heading = (words.round)(&title, asked.round);
    let people = (words.people)(asked.answered, asked.eligible, asked.sat_out, asked.on_paper);
    let prompt =
        (!asked.prompt.trim().is_empty()).then(|| view! { <p class="hint">{asked.prompt.clone()}</p> });
    let drawn = drawn(&asked);
    view! {
        <div class="decision-round" data-testid="decision-round" data-question=asked.question.as_str()>
            <h3>{heading}</h3>
            {prompt}
            {drawn}
            <p class="hint">{people}</p>
        </div>
    }
    .into_any()
}

fn quiet(says: &'static str) -> AnyView {
    view! { <p class="quiet">{says}</p> }.into_any()
}

fn count(json: &Json, name: &str) -> u32 {
    json.get(name).small().unwrap_or_default()
}

fn bar(name: impl Into<String>, colour: impl Into<String>, count: u32) -> Bar {
    Bar { name: name.into(), colour: colour.into(), count, says: String::new() }
}

/// The counts.
fn drawn(asked: &Asked) -> AnyView {
    let words = &record().decision;
    if asked.counts == Json::Null {
        let own_words = asked.question == Question::Text;
        return quiet(if own_words { words.own_words } else { words.too_few });
    }
    let counts = asked.counts.get(asked.question.as_str());
    let of = u32::try_from(asked.answered).unwrap_or(u32::MAX);
    match asked.question {
        Question::Placement => placement(counts, of),
        Question::Hobby => claims(counts, of),
        Question::Verdict => verdicts(counts, of),
        Question::Dots => {
            let (dots, people) = (count(counts, "dots"), count(counts, "people"));
            view! { <p class="decision-told">{(words.dots)(dots, people)}</p> }.into_any()
        }
        Question::Scale => {
            let given = counts.get("counts").list().iter().map(|count| count.small().unwrap_or_default());
            let mut scale = ScaleCounts::default();
            for (place, given) in scale.counts.iter_mut().zip(given) {
                *place = given;
            }
            match asked.words.as_slice() {
                [] => number_columns(&scale, 0),
                words => word_rows(&scale, words),
            }
        }
        Question::Text => quiet(words.own_words),
    }
}

fn placement(counts: &Json, of: u32) -> AnyView {
    let words = &record().decision;
    let pillar = |(at, pillar): (usize, &Json)| {
        let name = pillar.get("name").string().filter(|name| !name.is_empty());
        let colour = format!("var(--p{})", at % 8 + 1);
        bar(name.unwrap_or_else(|| words.pillar_gone.to_owned()), colour, count(pillar, "count"))
    };
    let mut all: Vec<Bar> = counts.get("pillars").list().iter().enumerate().map(pillar).collect();
    let off = count(counts, "off");
    if off > 0 {
        all.push(bar((words.pile)("off"), "var(--off)", off));
    }
    plumbline_shared::sorted::sort(&mut all, |a, b| b.count.cmp(&a.count));
    let unknown = count(counts, "unknown");
    if unknown > 0 {
        all.push(bar(words.did_not_know, "var(--unsorted)", unknown));
    }
    bars(all, of)
}

fn claims(counts: &Json, of: u32) -> AnyView {
    let words = &record().decision;
    let claimed = Claim::ALL.iter().map(|claim| {
        let hue = if *claim == Claim::Strategy { "var(--p1)" } else { "var(--p8)" };
        bar((words.claim)(*claim), hue, count(counts, claim.as_str()))
    });
    let none = bar(words.no_claim, "var(--hobby)", count(counts, "none"));
    let outcome = counts.get("outcome").text().map(words.outcome).unwrap_or_default();
    let checks = counts.get("checks").list().iter().filter_map(|check| {
        let claim = check.get("claim").text().and_then(Claim::parse)?;
        let by = check.get("by").string().unwrap_or_default();
        let says = (words.checked)(claim, check.get("stands").is_true(), &by);
        Some(view! { <p class="hint">{says}</p> })
    });
    view! {
        <p class="decision-told">{outcome}</p>
        {bars(claimed.chain([none]).collect(), of)}
        {checks.collect_view()}
    }
    .into_any()
}

fn verdicts(counts: &Json, of: u32) -> AnyView {
    let words = &record().decision;
    let all = [Verdict::Move, Verdict::Wait, Verdict::Stop];
    let all = all.map(|verdict| {
        let name = (record().log.verdict)(Some(verdict));
        bar(name, format!("var(--{})", verdict.as_str()), count(counts, verdict.as_str()))
    });
    let room = counts.get("room").text().and_then(Verdict::parse);
    view! {
        <p class="decision-told">{(words.room)(room)}</p>
        {bars(all.to_vec(), of)}
    }
    .into_any()
}
