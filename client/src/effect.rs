//! Effects through one copy of their machinery, memos through one for each type of value: Leptos compiles it for each
//! closure, at half a kilobyte to two.

use leptos::prelude::{Effect, Memo};

/// Does `act` once the page is there, and again whenever a signal that it has read changes. Ends with its owner.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    run(Box::new(act));
}

fn run(act: Box<dyn FnMut()>) {
    Effect::new(act);
}

type Value<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// What `value` gives, kept until a signal that it has read changes; it is passed what it gave before.
pub(crate) fn memo<T>(value: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let value: Value<T> = Box::new(value);
    Memo::new(value)
}
