//! A session takes what waits onto its board: one by one, or all.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};

use super::AskedWords;
use crate::{
    api::{self, OfferedRequest, TookRequests},
    components::{Empty, Show},
    desk::Desk,
    text::{requests::requests, text},
};

/// What waits, and what of it is taken.
#[component]
pub(crate) fn TakeRequests(
    /// Called when all is done.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let words = &requests().take;
    let live = Desk::used().live;
    let offered = RwSignal::new(None::<Vec<OfferedRequest>>);
    let refused = RwSignal::new(None::<String>);
    let took = RwSignal::new(None::<TookRequests>);
    let chosen = RwSignal::new(BTreeSet::<u64>::new());
    let busy = RwSignal::new(false);
    let load = move || {
        refused.set(None);
        let token = live.token();
        spawn_local(async move {
            match api::offered_requests(live.id, &token).await {
                Ok(all) => drop(offered.try_set(Some(all))),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    load();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let numbers: Vec<u64> = chosen.get_untracked().into_iter().collect();
        if busy.get_untracked() || numbers.is_empty() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let token = live.token();
        spawn_local(async move {
            let answer = api::take_requests(live.id, &token, &numbers).await;
            busy.try_set(false);
            match answer {
                Ok(came) => {
                    chosen.try_update(BTreeSet::clear);
                    took.try_set(Some(came));
                    load();
                }
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
        });
    };
    let free = move || -> Vec<u64> {
        offered.with(|all| {
            let all = all.iter().flatten();
            all.filter(|it| !it.on_board && !it.elsewhere).map(|it| it.number).collect()
        })
    };
    let list = move || {
        let Some(all) = offered.get() else {
            return view! { <div class="skeleton row" aria-hidden="true" /> }.into_any();
        };
        if all.is_empty() {
            return view! { <Empty title=words.none says=words.none_says /> }.into_any();
        }
        let rows = all.into_iter().map(|it| view! { <Offer request=it chosen=chosen /> }).collect_view();
        view! {
            <p>{words.says}</p>
            <Show when=move || { free().len() > 1 }>
                <label class="ask-choice">
                    <input
                        type="checkbox"
                        data-testid="requests-all"
                        prop:checked=move || chosen.with(|chosen| free().iter().all(|number| chosen.contains(number)))
                        on:change:target=move |event| {
                            let all = free();
                            chosen.update(|chosen| if event.target().checked() { chosen.extend(all) } else { chosen.clear() });
                        }
                    />
                    <span class="ask-choice-text">
                        <b>{words.all}</b>
                    </span>
                </label>
            </Show>
            <ul class="ask-offers">{rows}</ul>
        }
        .into_any()
    };
    let told = move || {
        took.get().map(|came| {
            let left =
                came.left.into_iter().map(|it| view! { <li>{(words.left)(it.number, &it.reason)}</li> });
            let left = left.collect_view();
            view! {
                <div role="status" data-testid="requests-took">
                    <p>
                        <b>{(words.took)(came.taken.len())}</b>
                    </p>
                    <ul class="ask-history">{left}</ul>
                </div>
            }
        })
    };
    view! {
        <form class="form" data-testid="take-requests" on:submit=submit>
            {told}
            {list}
            {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <div class="actions end">
                <button type="button" class="button" data-testid="requests-done" on:click=move |_| done.run(())>
                    {move || if took.get().is_some() { words.done } else { text().general.cancel }}
                </button>
                <button
                    type="submit"
                    class="button primary"
                    data-testid="requests-take"
                    aria-disabled=move || (busy.get() || chosen.with(BTreeSet::is_empty)).then_some("true")
                >
                    {move || if busy.get() { words.taking.to_owned() } else { (words.submit)(chosen.with(BTreeSet::len)) }}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Offer(request: OfferedRequest, chosen: RwSignal<BTreeSet<u64>>) -> impl IntoView {
    let words = &requests().take;
    let OfferedRequest { number, asked, on_board, elsewhere } = request;
    let note = match (on_board, elsewhere) {
        (true, _) => Some(words.on_board),
        (false, true) => Some(words.elsewhere),
        (false, false) => None,
    };
    let choose = move |is_chosen: bool| {
        chosen.update(|chosen| {
            if is_chosen {
                chosen.insert(number);
            } else {
                chosen.remove(&number);
            }
        });
    };
    view! {
        <li class="ask-offer" data-testid="request-offer" data-number=number.to_string()>
            <label class="ask-choice">
                <input
                    type="checkbox"
                    disabled=on_board
                    prop:checked=move || on_board || chosen.with(|chosen| chosen.contains(&number))
                    on:change:target=move |event| choose(event.target().checked())
                />
                <span class="ask-choice-text">
                    <b>
                        <span class="ask-reference">{asked.reference.clone()}</span>
                        " "
                        {asked.name.clone()}
                    </b>
                    {note.map(|note| view! { <span class="ask-choice-says">{note}</span> })}
                </span>
            </label>
            <details>
                <summary>{requests().status.what}</summary>
                <AskedWords asked=asked />
            </details>
        </li>
    }
}
