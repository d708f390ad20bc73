//! Dots out of a budget, which stays in sight; more than it holds cannot be given.

use leptos::{ev, prelude::*};
use plumbline_shared::answer::{Answer, Item};

use super::{
    answering::Answering,
    course::{SitOut, SitsOut},
    mark::Unconfirmed,
    review::Finish,
    second::SecondPerson,
    subject::Subject,
};
use crate::{
    ballot::budget::{Budget, NoMore, dots},
    components::For,
    effect::memo,
    text::text,
};

/// The items with their dots.
#[component]
pub(super) fn Dots(answering: Answering) -> impl IntoView {
    let words = &text().ballot.asks;
    let budget = answering.round(Budget::of);
    let left = memo(move |_| answering.sheet.with(|sheet| budget.left(sheet)));
    // Why the last dot was not laid.
    let refused = RwSignal::new(None::<String>);
    let each =
        move || answering.sheet.with(|sheet| (0..u32::try_from(sheet.lines.len()).unwrap_or(0)).collect());
    view! {
        <div class="ballot-page">
            <div class="dots-left" data-testid="dots-left" data-left=move || left.get().to_string()>
                <div>
                    <h2 tabindex="-1" data-testid="ballot-heading">
                        {answering.prompt()}
                    </h2>
                    <p role="status" data-testid="dots-said">
                        <strong>{move || (words.dots_left)(left.get(), budget.all)}</strong>
                        " "
                        {move || match refused.get() {
                            Some(why) => Some(view! { <span class="error">{why}</span> }.into_any()),
                            None => (budget.cap < budget.all).then(|| (words.dots_cap)(budget.cap).into_any()),
                        }}
                    </p>
                </div>
                {(budget.all <= 20).then(|| pips(move || (budget.all - left.get().min(budget.all), budget.all)))}
            </div>
            <ol class="dots-rows">
                <For each=each let:at>
                    <Row answering=answering at=at as usize budget=budget left=left refused=refused />
                </For>
            </ol>
            <Finish answering=answering />
            <SecondPerson />
        </div>
    }
}

/// So many full ones of so many.
fn pips(counts: impl Fn() -> (u32, u32) + Send + Sync + 'static) -> AnyView {
    view! {
        <span class="pips" aria-hidden="true">
            {move || {
                let (full, all) = counts();
                (0..all).map(|at| view! { <i class:full=at < full /> }).collect_view()
            }}
        </span>
    }
    .into_any()
}

#[component]
fn Row(
    answering: Answering,
    at: usize,
    budget: Budget,
    left: Memo<u32>,
    refused: RwSignal<Option<String>>,
) -> impl IntoView {
    let words = &text().ballot.asks;
    let item = memo(move |_| answering.sheet.with(|sheet| sheet.lines.get(at).map(|line| line.item.clone())));
    let on = memo(move |_| item.get().map_or(0, |item| dots(answering.answer(&item).as_ref())));
    let out = memo(move |_| item.get().is_some_and(|item| answering.is_out(&item)));
    let name = memo(move |_| item.get().map(|item| answering.name(&item)).unwrap_or_default());
    let why = move |no_more: NoMore| match no_more {
        NoMore::Spent => words.dots_spent.to_owned(),
        NoMore::Full => (words.dots_full)(budget.cap),
    };
    let no_more = memo(move |_| budget.no_more(on.get(), left.get()).map(why));
    let lay = move |more: bool| {
        let Some(item) = item.get_untracked() else { return };
        let on = on.get_untracked();
        if more && let Some(why) = no_more.get_untracked() {
            return refused.set(Some(why));
        }
        refused.set(None);
        let now = if more { on + 1 } else { on.saturating_sub(1) };
        if now != on {
            answering.cast(item, (now > 0).then_some(Answer::Dots { dots: now }));
            // How many are left is said by the line above.
            answering.live.notices().say(format!("{}: {}", name.get_untracked(), (words.dots_on)(now)));
        }
    };
    let keyed = move |event: ev::KeyboardEvent| {
        let more = match event.key().as_str() {
            "+" | "=" | "ArrowRight" => true,
            "-" | "ArrowLeft" => false,
            _ => return,
        };
        event.prevent_default();
        lay(more);
    };
    view! {
        <li
            class="dots-row"
            class:some=move || { on.get() > 0 }
            data-testid="dots-row"
            data-item=move || item.get().map(|item| item.to_string())
            on:keydown=keyed
        >
            <details class="dots-about">
                <summary class="row-name">{move || name.get()}</summary>
                {move || {
                    item.get()
                        .map(|item: Item| {
                            view! {
                                <Subject answering=answering item=item.clone() />
                                <SitOut answering=answering item=item />
                            }
                        })
                }}
            </details>
            {move || {
                if out.get() {
                    return item.get().map(|item| view! { <SitsOut answering=answering item=item /> }.into_any());
                }
                Some(
                    view! {
                        <div class="dots-acts">
                            {move || item.get().map(|item| view! { <Unconfirmed answering=answering item=item /> })}
                            {(budget.cap <= 10).then(|| pips(move || (on.get(), on.get())))}
                            <button
                                type="button"
                                class="round-button"
                                data-testid="dot-less"
                                aria-label=move || (words.dot_less)(&name.get())
                                aria-disabled=move || (on.get() == 0).then_some("true")
                                on:click=move |_| lay(false)
                            >
                                "−"
                            </button>
                            <output class="tabular" data-testid="dots-on">
                                {move || on.get().to_string()}
                            </output>
                            <button
                                type="button"
                                class="round-button"
                                data-testid="dot-more"
                                aria-label=move || (words.dot_more)(&name.get())
                                aria-disabled=move || no_more.get().is_some().then_some("true")
                                title=move || no_more.get()
                                on:click=move |_| lay(true)
                            >
                                "+"
                            </button>
                        </div>
                    }
                        .into_any(),
                )
            }}
        </li>
    }
}
