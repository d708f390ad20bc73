//! Names that are alike: a person says whether two are one. By keyboard: yes, no, and on to the next.

use leptos::{ev, html, prelude::*};
use plumbline_shared::{
    checkpoint::{Likeness, likenesses},
    ids::ProjectId,
    messages::Command,
    words::Found,
};

use super::watched;
use crate::{
    components::{For, Show},
    effect::memo,
    session::Live,
    text::text,
};

/// A pair as it is shown: the earlier project with its name, the row with its own, and how alike they are.
#[derive(Clone, PartialEq)]
struct Pair {
    project: ProjectId,
    row: ProjectId,
    before: String,
    now: String,
    percent: u32,
}

/// The pairs that wait for a word, and those that were confirmed.
#[component]
pub(super) fn Likenesses(live: Live) -> impl IntoView {
    let words = &text().checkpoint;
    let board = live.board;
    let list = NodeRef::<html::Section>::new();
    let pairs = memo(move |_| {
        let known = watched(board);
        let named = |Likeness { project, row, percent }: Likeness| {
            let before = known.earlier.get(&project).map(|earlier| earlier.name.clone()).unwrap_or_default();
            let now = known.projects.get(&row).map(|project| project.name.clone()).unwrap_or_default();
            Pair { project, row, before, now, percent }
        };
        likenesses(&known).into_iter().map(named).collect::<Vec<_>>()
    });
    let confirmed = memo(move |_| {
        let known = watched(board);
        let of = |(id, earlier): (&ProjectId, &plumbline_shared::checkpoint::Earlier)| {
            let row = earlier.row.filter(|_| earlier.found == Some(Found::Likeness))?;
            let now = known.projects.get(id)?.name.clone();
            Some(Pair { project: *id, row, before: earlier.name.clone(), now, percent: 0 })
        };
        known.earlier.iter().filter_map(of).collect::<Vec<_>>()
    });
    let say = move |pair: &Pair, is: bool| {
        live.command(Command::Recognise { project: pair.project, row: pair.row, is });
        let says = if is { (words.said_one)(&pair.now) } else { (words.said_two)(&pair.now) };
        live.notices().say(says);
    };
    // The first pair is the one before the person: y and n answer it, wherever in the list the focus is.
    let keyed = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let is = match event.key().as_str() {
            "y" | "Y" => true,
            "n" | "N" => false,
            _ => return,
        };
        let first = pairs.with_untracked(|pairs| pairs.first().cloned());
        if let Some(first) = first {
            event.prevent_default();
            say(&first, is);
            if let Some(list) = list.get_untracked() {
                list.focus().ok();
            }
        }
    };
    let drives = memo(move |_| live.drives());
    // A project is in one pair at most.
    let keys = move || pairs.get().into_iter().map(|pair| pair.project).collect::<Vec<_>>();
    let row = move |project: ProjectId| {
        let pair = move || pairs.with(|pairs| pairs.iter().find(|pair| pair.project == project).cloned());
        move || {
            let pair = pair()?;
            let (yes, no) = (pair.clone(), pair.clone());
            Some(view! {
                <p class="alike-names">
                    <span>{pair.before.clone()}</span>
                    <span class="quiet" aria-hidden="true">"→"</span>
                    <span>{pair.now.clone()}</span>
                    <span class="quiet tabular">{(words.alike)(pair.percent)}</span>
                </p>
                <p class="actions">
                    <button
                        type="button"
                        class="button small"
                        data-testid="alike-yes"
                        aria-label=(words.yes_for)(&pair.before, &pair.now)
                        disabled=move || !drives.get()
                        on:click=move |_| say(&yes, true)
                    >
                        {words.yes}
                    </button>
                    <button
                        type="button"
                        class="button small"
                        data-testid="alike-no"
                        aria-label=(words.no_for)(&pair.before, &pair.now)
                        disabled=move || !drives.get()
                        on:click=move |_| say(&no, false)
                    >
                        {words.no}
                    </button>
                </p>
            })
        }
    };
    view! {
        <Show when=move || { pairs.with(|pairs| !pairs.is_empty()) || confirmed.with(|pairs| !pairs.is_empty()) }>
            <section
                class="alike"
                node_ref=list
                tabindex="-1"
                aria-labelledby="alike-title"
                data-testid="likenesses"
                on:keydown=keyed
            >
                <h3 id="alike-title">{move || (words.likenesses)(pairs.with(Vec::len))}</h3>
                <p class="hint">{words.likenesses_says}</p>
                <ol>
                    <For each=keys let:project>
                        <li data-testid="alike">{row(project)}</li>
                    </For>
                </ol>
                <Show when=move || confirmed.with(|pairs| !pairs.is_empty())>
                    <details class="alike-said">
                        <summary>{move || (words.confirmed)(confirmed.with(Vec::len))}</summary>
                        <ul>
                            {move || {
                                confirmed
                                    .get()
                                    .into_iter()
                                    .map(|pair| {
                                        let back = pair.clone();
                                        view! {
                                            <li>
                                                <p class="alike-names">
                                                    <span>{pair.before.clone()}</span>
                                                    <span class="quiet" aria-hidden="true">"→"</span>
                                                    <span>{pair.now.clone()}</span>
                                                </p>
                                                <button
                                                    type="button"
                                                    class="button small"
                                                    data-testid="alike-back"
                                                    aria-label=(words.no_for)(&pair.before, &pair.now)
                                                    disabled=move || !drives.get()
                                                    on:click=move |_| say(&back, false)
                                                >
                                                    {words.back}
                                                </button>
                                            </li>
                                        }
                                    })
                                    .collect_view()
                            }}
                        </ul>
                    </details>
                </Show>
            </section>
        </Show>
    }
}
