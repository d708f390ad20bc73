//! All keys, in one list.

use leptos::prelude::*;

use super::Dialog;
use crate::text::text;

/// The dialog.
#[component]
pub(crate) fn KeysDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let words = &text().keys;
    let (command, alt) = if is_apple() { ("⌘", "⌥") } else { ("Ctrl", "Alt") };
    let console = &text().agenda.console;
    let list = move || {
        [
            (vec![words.arrow_keys], words.arrows),
            (vec!["1", "9"], words.pillar),
            (vec!["0"], words.off),
            (vec!["U"], words.unsorted),
            (vec![alt, "↑", "↓"], words.shift),
            (vec![words.enter_key], words.open),
            (vec![words.escape_key], words.close),
            (vec!["F"], words.hobby),
            (vec!["X"], words.pick),
            (vec!["Shift", words.arrow_keys], words.pick_next),
            (vec![command, words.click_key], words.several),
            (vec!["/"], words.search),
            (vec![command, "Z"], words.undo),
            (vec![command, "Shift", "Z"], words.redo),
            (vec!["?"], words.help),
            (vec![console.clicker_key], console.clicker_does),
        ]
    };
    view! {
        <Dialog open=open title=words.title.to_owned()>
            <dl class="keys-list">
                {list()
                    .into_iter()
                    .map(|(keys, says)| {
                        let range = keys == ["1", "9"];
                        view! {
                            <div>
                                <dt>
                                    {keys
                                        .into_iter()
                                        .enumerate()
                                        .map(|(at, key)| {
                                            (
                                                (at > 0).then_some(if range { "–" } else { " " }),
                                                view! { <kbd>{key}</kbd> },
                                            )
                                        })
                                        .collect_view()}
                                </dt>
                                <dd>{says}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <p class="hint">{words.drag}</p>
            <p class="hint">{text().ballot.way.keys}</p>
        </Dialog>
    }
}

fn is_apple() -> bool {
    window()
        .navigator()
        .platform()
        .is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}
