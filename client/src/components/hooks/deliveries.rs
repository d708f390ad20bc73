//! The deliveries of a webhook, the newest first.

use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::delivery::TheDelivery;
use crate::{
    api::{self, Delivery, DeliveryPage, DeliveryState, Hook, HookState},
    components::{For, Show},
    effect::{effect, memo},
    notices::{Notices, Tone},
    storage,
    text::hooks::hooks,
};

/// What is shown of the deliveries. A handle.
#[derive(Clone, Copy)]
struct Shown {
    webhook: Uuid,
    state: RwSignal<Option<DeliveryState>>,
    page: RwSignal<Option<DeliveryPage>>,
    problem: RwSignal<Option<String>>,
    /// How often was asked: an answer to an earlier question is no answer.
    asked: StoredValue<u32>,
}

impl Shown {
    /// Fetches as many as are shown, or a page more of them.
    fn fetch(self, more: bool) {
        let Some(key) = storage::workspace_key() else { return };
        let turn = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(turn);
        let shown = self.page.with_untracked(|page| page.as_ref().map_or(0, |page| page.items.len()));
        let wanted = if more { shown + 1 } else { shown.max(1) };
        let state = self.state.get_untracked();
        spawn_local(async move {
            let mut page = DeliveryPage { items: Vec::new(), next: None };
            loop {
                match api::deliveries(&key, self.webhook, state, page.next.as_deref()).await {
                    Ok(next) => {
                        page.items.extend(next.items);
                        page.next = next.next;
                    }
                    Err(problem) => {
                        self.problem.try_set(Some(problem.says));
                        return;
                    }
                }
                if page.next.is_none() || page.items.len() >= wanted {
                    break;
                }
            }
            if self.asked.try_get_value() == Some(turn) {
                self.problem.try_set(None);
                if self.page.try_with_untracked(|shown| shown.as_ref() == Some(&page)) == Some(false) {
                    self.page.try_set(Some(page));
                }
            }
        });
    }

    fn choose(self, state: Option<DeliveryState>) {
        self.state.set(state);
        self.page.set(None);
        self.fetch(false);
    }
}

/// The deliveries.
#[component]
pub(super) fn Deliveries(hook: Memo<Option<Hook>>, changed: Callback<()>) -> impl IntoView {
    let Some(webhook) = hook.with_untracked(|hook| hook.as_ref().map(|hook| hook.id)) else {
        return ().into_any();
    };
    let words = &hooks().list;
    let shown = Shown {
        webhook,
        state: RwSignal::new(None),
        page: RwSignal::new(None),
        problem: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    // Whenever the webhook is looked at anew, its deliveries are.
    let moved = memo(move |_| {
        hook.with(|hook| {
            hook.as_ref().map(|hook| (hook.waiting, hook.failed, hook.taken_at.clone(), hook.state))
        })
    });
    effect(move || {
        moved.track();
        shown.fetch(false);
    });
    // What waits is tried while somebody looks on.
    let look = set_interval_with_handle(
        move || {
            if moved.try_with_untracked(|moved| moved.as_ref().is_some_and(|of| of.0 > 0)) == Some(true) {
                shown.fetch(false);
            }
        },
        std::time::Duration::from_secs(3),
    );
    on_cleanup(move || {
        if let Ok(look) = look {
            look.clear();
        }
    });
    let numbers = memo(move |_| {
        shown.page.with(|page| {
            let items = page.as_ref().map(|page| page.items.as_slice()).unwrap_or_default();
            items.iter().map(|delivery| delivery.id as u32).collect::<Vec<u32>>()
        })
    });
    let is_off =
        memo(move |_| hook.with(|hook| hook.as_ref().is_none_or(|hook| hook.state == HookState::Off)));
    let nothing = move || shown.page.with(|page| page.as_ref().is_some_and(|page| page.items.is_empty()));
    let says_nothing = move || if shown.state.get().is_some() { words.none_like_that } else { words.none };
    let of = move |number: u32| {
        memo(move |_| {
            shown.page.with(|page| {
                let found = page.as_ref()?.items.iter().find(|delivery| delivery.id as u32 == number);
                found.cloned()
            })
        })
    };
    view! {
        <section class="hook-list" aria-label=hooks().deliveries>
            <Which shown=shown hook=hook is_off=is_off changed=changed />
            {move || shown.problem.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <Show when=nothing>
                <p class="quiet" data-testid="deliveries-none">{says_nothing}</p>
            </Show>
            <ul class="deliveries" data-testid="deliveries">
                <For each=move || numbers.get() let:number>
                    <TheDelivery delivery=of(number) is_off=is_off replay=move |of: Delivery| replay(shown, of, changed) />
                </For>
            </ul>
            <Show when=move || shown.page.with(|page| page.as_ref().is_some_and(|page| page.next.is_some()))>
                <button type="button" class="button" data-testid="deliveries-more" on:click=move |_| shown.fetch(true)>
                    {words.more}
                </button>
            </Show>
        </section>
    }
    .into_any()
}

fn replay(shown: Shown, delivery: Delivery, changed: Callback<()>) {
    let Some(key) = storage::workspace_key() else { return };
    let notices = Notices::used();
    spawn_local(async move {
        match api::replay(&key, shown.webhook, delivery.id).await {
            Ok(_) => {
                notices.show(Tone::Plain, hooks().list.replayed);
                shown.fetch(false);
                changed.run(());
            }
            Err(problem) => notices.show(Tone::Warning, problem.says),
        }
    });
}

/// Which deliveries are shown, and all that failed once more.
#[component]
fn Which(shown: Shown, hook: Memo<Option<Hook>>, is_off: Memo<bool>, changed: Callback<()>) -> impl IntoView {
    let words = &hooks().list;
    let notices = Notices::used();
    let failed = memo(move |_| hook.with(|hook| hook.as_ref().map_or(0, |hook| hook.failed)));
    let again = move |_| {
        let Some(key) = storage::workspace_key() else { return };
        spawn_local(async move {
            match api::replay_failed(&key, shown.webhook).await {
                Ok(_) => {
                    notices.show(Tone::Plain, words.replayed);
                    changed.run(());
                }
                Err(problem) => notices.show(Tone::Warning, problem.says),
            }
        });
    };
    let states =
        [None, Some(DeliveryState::Waiting), Some(DeliveryState::Failed), Some(DeliveryState::Delivered)];
    view! {
        <div class="deliveries-head">
            <div class="segments" role="group" aria-label=words.which>
                {states
                    .into_iter()
                    .map(|state| {
                        let name = state.map_or(words.all, words.state);
                        let id = state.map_or("all", DeliveryState::as_str);
                        view! {
                            <button
                                type="button"
                                data-testid=format!("deliveries-{id}")
                                aria-pressed=move || (shown.state.get() == state).to_string()
                                on:click=move |_| shown.choose(state)
                            >
                                {name}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <Show when=move || { failed.get() > 0 && !is_off.get() }>
                <button type="button" class="button" data-testid="deliveries-again" on:click=again>
                    {move || (words.replay_failed)(failed.get())}
                </button>
            </Show>
        </div>
    }
}
