//! Effects through one copy of their machinery: Leptos compiles it for each closure, at a kilobyte or two.

use leptos::prelude::Effect;

/// Does `act` once the page is there, and again whenever a signal that it has read changes. Ends with its owner.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    run(Box::new(act));
}

fn run(act: Box<dyn FnMut()>) {
    Effect::new(act);
}
