//! What is shown under a condition, and what is shown once for each of many: as in Leptos, with one copy of the
//! machinery for all of them instead of one for each place (nine kilobytes a list, two a condition).

use std::sync::{Arc, Mutex};

use leptos::{children::ViewFn, prelude::*, tachys::reactive_graph::SharedReactiveFunction};
use plumbline_shared::{
    board::Pile,
    ids::{NoteId, ParticipantId, PillarId, ProjectId, StepId},
};
use uuid::Uuid;

use crate::effect::memo;

/// Shows its children while `when` is true, else `fallback`. They are made anew when that changes, and only then.
#[component(transparent)]
pub(crate) fn Show<W>(
    /// The condition; tracked.
    when: W,
    /// What is shown under it.
    children: ChildrenFn,
    /// What is shown otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    show(Box::new(when), children, fallback)
}

fn show(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = memo(move |_| when());
    IntoAny::into_any(move || if when.get() { children() } else { fallback.run() })
}

/// A view that changes with the signals that it reads, where it is a component's whole view. Inside of `view!` a
/// closure in place does the same.
pub(crate) fn changing<V: 'static>(view: impl FnMut() -> V + Send + 'static) -> SharedReactiveFunction<V> {
    Arc::new(Mutex::new(view))
}

/// What a row of a list is known by.
pub(crate) trait RowKey: Copy + 'static {
    /// As a number, another for each.
    fn number(self) -> u128;
    /// The one that the number stands for.
    fn of(number: u128) -> Self;
}

macro_rules! row_keys {
    ($($id:ident),+) => { $(
        impl RowKey for $id {
            fn number(self) -> u128 {
                self.0.as_u128()
            }

            fn of(number: u128) -> Self {
                Self(Uuid::from_u128(number))
            }
        }
    )+ };
}

row_keys!(NoteId, ParticipantId, PillarId, ProjectId, StepId);

impl RowKey for Uuid {
    fn number(self) -> u128 {
        self.as_u128()
    }

    fn of(number: u128) -> Self {
        Self::from_u128(number)
    }
}

impl RowKey for u32 {
    fn number(self) -> u128 {
        self.into()
    }

    fn of(number: u128) -> Self {
        number as Self
    }
}

impl RowKey for Pile {
    fn number(self) -> u128 {
        match self {
            // No id of version 7 is one of these.
            Self::Unsorted => 0,
            Self::Off => 1,
            Self::Pillar(id) => id.number(),
        }
    }

    fn of(number: u128) -> Self {
        match number {
            0 => Self::Unsorted,
            1 => Self::Off,
            id => Self::Pillar(PillarId::of(id)),
        }
    }
}

/// Shows a row for each of `each`, in that order. A row is made once and stays, wherever it moves, for as long as it
/// is among them.
#[component(transparent)]
pub(crate) fn For<E, T, R, N>(
    /// What there is a row for, each once; tracked.
    each: E,
    /// Makes the row.
    children: R,
) -> impl IntoView
where
    E: Fn() -> Vec<T> + Send + Sync + 'static,
    T: RowKey,
    R: Fn(T) -> N + Send + Sync + 'static,
    N: IntoView + 'static,
{
    rows(
        Box::new(move || each().into_iter().map(T::number).collect()),
        Arc::new(move |number| children(T::of(number)).into_any()),
    )
}

fn rows(
    each: Box<dyn Fn() -> Vec<u128> + Send + Sync>,
    row: Arc<dyn Fn(u128) -> AnyView + Send + Sync>,
) -> AnyView {
    view! { <leptos::prelude::For each=each key=|number| *number children=move |number| row(number) /> }
        .into_any()
}
