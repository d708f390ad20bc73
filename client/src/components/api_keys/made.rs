//! A key that was just made: shown this once.

use leptos::{html, prelude::*};

use crate::{api::KeyMade, components::Copyable, effect::effect, text::record::record};

/// The key. It stands on the page and not in a dialog: a click beside that would lose it.
#[component]
pub(crate) fn TheApiKey(
    /// It.
    key: KeyMade,
    /// Called when it was copied.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let words = &record().keys.made;
    let title = NodeRef::<html::H2>::new();
    effect(move || {
        if let Some(title) = title.get() {
            // After the dialog, which gives the focus back to what has opened it.
            request_animation_frame(move || {
                title.focus().ok();
            });
        }
    });
    let heading = format!("made-{}", key.id.simple());
    let labelled = heading.clone();
    view! {
        <section class="key-made" aria-labelledby=labelled data-testid="key-made">
            <h2 id=heading tabindex="-1" dir="auto" node_ref=title>
                {(words.title)(&key.name)}
            </h2>
            <p>{words.says}</p>
            <Copyable value=key.key id="the-key" label=words.label />
            <p class="hint">{words.how}</p>
            <div class="actions">
                <button type="button" class="button primary" data-testid="key-done" on:click=move |_| done.run(())>
                    {words.done}
                </button>
            </div>
        </section>
    }
}
