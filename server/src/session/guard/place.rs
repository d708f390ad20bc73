//! Where a block stands: under which key of which map, or in which text.

use super::{Id, Kind};

/// A map that holds keys: a root by its name, or the map that an element made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Parent<S> {
    Root(S),
    Item(Id),
}

/// What is known of an element once it has been taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held<S> {
    /// Collected: dead, and where it stood is forgotten.
    Gc,
    /// A unit of the text that this element made.
    Text(Id),
    /// A write of one key: a plain value, or what is left of anything deleted.
    Entry { parent: Parent<S>, key: S },
    /// A map or text made at one key.
    Made { kind: Kind, parent: Parent<S>, key: S },
}

/// [`Held`] without what stands there: two elements in one place can be each other's origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<S> {
    Text(Id),
    Slot { parent: Parent<S>, key: S },
}

impl<S: Copy> Held<S> {
    /// `None` for what is collected.
    pub(super) fn place(&self) -> Option<Place<S>> {
        match *self {
            Held::Gc => None,
            Held::Text(text) => Some(Place::Text(text)),
            Held::Entry { parent, key } | Held::Made { parent, key, .. } => Some(Place::Slot { parent, key }),
        }
    }
}

impl<S> Held<S> {
    /// The same with its strings borrowed, shared or owned differently.
    pub(super) fn map<'s, T>(&'s self, mut f: impl FnMut(&'s S) -> T) -> Held<T> {
        match self {
            Held::Gc => Held::Gc,
            Held::Text(text) => Held::Text(*text),
            Held::Entry { parent, key } => Held::Entry { parent: parent.map(&mut f), key: f(key) },
            Held::Made { kind, parent, key } => {
                Held::Made { kind: *kind, parent: parent.map(&mut f), key: f(key) }
            }
        }
    }
}

impl<S> Place<S> {
    pub(super) fn map<'s, T>(&'s self, mut f: impl FnMut(&'s S) -> T) -> Place<T> {
        match self {
            Place::Text(text) => Place::Text(*text),
            Place::Slot { parent, key } => Place::Slot { parent: parent.map(&mut f), key: f(key) },
        }
    }
}

impl<S> Parent<S> {
    pub(super) fn map<'s, T>(&'s self, f: impl FnOnce(&'s S) -> T) -> Parent<T> {
        match self {
            Parent::Root(name) => Parent::Root(f(name)),
            Parent::Item(id) => Parent::Item(*id),
        }
    }
}
