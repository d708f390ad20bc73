//! One project of the queue: what it is, the evidence, the form of its decision, notes and dissent.

use leptos::{html, prelude::*};
use plumbline_shared::{answer::Item, ids::ProjectId, messages::Command};

use super::{
    deciding::Deciding,
    dissent::DissentOn,
    evidence::EvidenceOf,
    form::DecisionForm,
    queue::{focus_case, focus_row},
};
use crate::{
    components::{CardNotes, Icon, Show},
    dom,
    effect::{effect, memo},
    format,
    text::text,
};

/// The chosen project.
#[component]
pub(super) fn Case(deciding: Deciding, project: ProjectId) -> impl IntoView {
    let words = &text().decide.queue;
    let evidence = &text().decide.evidence;
    let live = deciding.live;
    let board = live.board;
    let card = board.card(project);
    let title = NodeRef::<html::H2>::new();
    effect(move || {
        // On a phone it covers the queue, so it takes the focus.
        if let Some(title) = title.get()
            && dom::is_narrow()
        {
            dom::focus_quietly(&title);
        }
    });
    let lead = move || {
        let card = card?;
        let mut parts = vec![board.pile_name(card.pile.get())];
        card.project.with(|project| {
            if !project.sponsor.is_empty() {
                parts.push((evidence.sponsor)(&project.sponsor));
            }
            if !project.owner.is_empty() {
                parts.push((evidence.run_by)(&project.owner));
            }
            if let Some(people) = project.people {
                parts.push((evidence.people)(&format::number(people)));
            }
            if let Some(cost) = project.cost {
                parts.push(board.session.with(|session| format::short_money(cost, &session.currency)));
            }
        });
        Some(parts.join(" · "))
    };
    let summary = move || card.map(|card| card.project.with(|project| project.summary.clone()));
    let focus = memo(move |_| board.session.with(|session| session.focus == Some(project)));
    let show_all = move |_| {
        if let Some(seen) = live.seen() {
            let project = (!focus.get_untracked()).then_some(project);
            live.command(Command::Focus { seen, project, only: false });
        }
    };
    let back = move |_| {
        deciding.chosen.set(None);
        focus_row(project);
    };
    let next = memo(move |_| deciding.next_left());
    view! {
        <article class="decide-case" data-testid="decide-case" data-case=project.to_string()>
            <header>
                <button type="button" class="button small decide-back" data-testid="decide-back" on:click=back>
                    {words.back}
                </button>
                <div class="decide-steps">
                    <Show when=move || live.drives()>
                        <button
                            type="button"
                            class="button small"
                            data-testid="decide-spotlight"
                            aria-pressed=move || if focus.get() { "true" } else { "false" }
                            on:click=show_all
                        >
                            {move || if focus.get() { words.spotlight_off } else { words.spotlight }}
                        </button>
                    </Show>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=words.before
                        title=words.before
                        on:click=move |_| deciding.step(-1)
                    >
                        {Icon::Up}
                    </button>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=words.next
                        title=words.next
                        on:click=move |_| deciding.step(1)
                    >
                        {Icon::Down}
                    </button>
                </div>
                <h2 node_ref=title tabindex="-1">
                    {move || card.map(|card| card.project.with(|project| project.name.clone()))}
                </h2>
                <p class="decide-lead">{lead}</p>
                <p class="decide-summary">{summary}</p>
            </header>
            <EvidenceOf board=board project=project />
            <section class="decision" aria-label=text().open_card.decision data-testid="decision">
                <DecisionForm project=project />
            </section>
            <div class="actions">
                {move || match next.get() {
                    Some(id) => {
                        view! {
                            <button
                                type="button"
                                class="button primary"
                                data-testid="decide-next"
                                on:click=move |_| {
                                    deciding.chosen.set(Some(id));
                                    focus_case(id);
                                }
                            >
                                {words.next_left}
                                " "
                                <kbd class="for-keys">"N"</kbd>
                            </button>
                        }
                            .into_any()
                    }
                    None => view! { <p class="quiet">{words.all_decided}</p> }.into_any(),
                }}
            </div>
            <div class="decide-aside">
                <CardNotes project=project />
                <DissentOn live=live about=Item::project(project) />
            </div>
        </article>
    }
}
