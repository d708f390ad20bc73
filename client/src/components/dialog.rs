//! A dialog: the browser's own, which keeps the focus inside, closes with Escape and makes the rest inert.

use leptos::{html, prelude::*};

use super::{Icon, Show};
use crate::{effect::effect, text::text};

/// A dialog that is open while `open` is.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is a wide one.
    #[prop(optional)]
    wide: bool,
    /// What is in it; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            dialog.show_modal().ok();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    // A selection that is drawn out of a field and let go on the backdrop ends with a click there, too.
    let pressed = StoredValue::new(false);
    let heading = format!("dialog-{}", uuid::Uuid::now_v7().simple());
    let labelled = heading.clone();
    view! {
        <dialog
            node_ref=dialog
            class="dialog"
            class:wide=wide
            aria-labelledby=labelled
            on:close=move |_| open.set(false)
            on:pointerdown=move |event| pressed.set_value(event.target() == event.current_target())
            on:click=move |event| {
                // A click on the dialog itself, not on what is in it, is one on its backdrop.
                if event.target() == event.current_target() && pressed.get_value() {
                    open.set(false);
                }
            }
        >
            <div class="dialog-body">
                <header>
                    <h2 id=heading>{title}</h2>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=text().general.close
                        on:click=move |_| open.set(false)
                    >
                        {Icon::Close}
                    </button>
                </header>
                <Show when=move || open.get()>{children()}</Show>
            </div>
        </dialog>
    }
}
