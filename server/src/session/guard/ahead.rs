//! What has been appended but not folded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layer::{Delta, Typed, run_at, typed_at};
use super::place::{Held, Parent, Place};
use super::ranges::Ranges;
use super::{Author, Id, Index};

/// What a connection has had appended and the index has not absorbed yet: clients send on without waiting.
///
/// For the pre-check alone, whose verdict is not the last. Where the index has caught up, it is the index
/// that counts, so an `Ahead` that is never cleared gives no wrong answers; it only grows.
#[derive(Clone, Debug, Default)]
pub struct Ahead {
    clients: BTreeMap<u64, Client>,
    newest: Slots<Id>,
}

#[derive(Clone, Debug, Default)]
struct Client {
    author: Option<Author>,
    next: u32,
    runs: Vec<(u32, Held<Arc<str>>)>,
    typed: Vec<Typed>,
    dead: Ranges,
}

impl Ahead {
    /// Takes in an update that has been appended.
    pub fn push(&mut self, delta: &Delta) {
        for (&client, part) in &delta.clients {
            let known = self.clients.entry(client).or_default();
            part.dead.iter().for_each(|range| known.dead.insert(range));
            if !part.runs.is_empty() {
                let goes_on = part.follows
                    && known.next == part.runs[0].0
                    && known.runs.last().is_some_and(|(_, last)| *last == part.runs[0].1);
                known.author = Some(delta.author);
                known.next = part.end;
                known.runs.extend(part.runs[usize::from(goes_on)..].iter().cloned());
                let first = part.runs[0].0 + u32::from(goes_on);
                known.typed.extend(part.typed.iter().filter(|typed| typed.start >= first));
            }
        }
        for touched in &delta.touched {
            if let (Place::Slot { parent, key }, Some(newest)) = (&touched.place, touched.newest) {
                self.newest.insert(parent.clone(), Arc::clone(key), newest);
            }
        }
    }

    /// Forgets everything: all of it is folded, or an append has failed.
    pub fn clear(&mut self) {
        *self = Ahead::default();
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Forgets what the index has absorbed by now. Takes as long as there is in it.
    pub fn settle(&mut self, index: &Index) {
        self.clients.retain(|&client, ahead| {
            ahead.next > index.next_clock(client)
                || ahead.dead.iter().any(|range| !index.dead_covers(client, range))
        });
        for (&client, ahead) in &mut self.clients {
            let folded = ahead.runs.partition_point(|(start, _)| *start <= index.next_clock(client));
            ahead.runs.drain(..folded.saturating_sub(1));
            let first = ahead.runs.first().map_or(0, |(start, _)| *start);
            ahead.typed.retain(|typed| typed.start >= first);
        }
        self.newest.retain(|id| id.clock >= index.next_clock(id.client));
    }

    pub(super) fn next(&self, client: u64) -> u32 {
        self.clients.get(&client).map_or(0, |client| client.next)
    }

    pub(super) fn author(&self, client: u64) -> Option<Author> {
        self.clients.get(&client)?.author
    }

    /// Only for what the index does not know yet.
    pub(super) fn find(&self, id: Id) -> Option<Held<&str>> {
        let client = self.clients.get(&id.client)?;
        if id.clock >= client.next {
            return None;
        }
        run_at(&client.runs, id.clock).map(|(_, held)| held.map(|name| &**name))
    }

    pub(super) fn typed_at(&self, client: u64, start: u32) -> Option<Typed> {
        typed_at(&self.clients.get(&client)?.typed, start).copied()
    }

    pub(super) fn runs(&self, client: u64) -> &[(u32, Held<Arc<str>>)] {
        self.clients.get(&client).map_or(&[], |client| &client.runs)
    }

    pub(super) fn dead(&self, client: u64) -> Option<&Ranges> {
        self.clients.get(&client).map(|client| &client.dead)
    }

    /// How many client ids it would bind to this author.
    pub(super) fn clients_of(&self, author: Author) -> usize {
        self.clients.values().filter(|client| client.author == Some(author)).count()
    }

    pub(super) fn newest(&self, parent: Parent<&str>, key: &str) -> Option<Id> {
        self.newest.get(parent, key).copied()
    }
}

/// A map by (parent, key) that can be asked with borrowed strings.
#[derive(Clone, Debug)]
pub(super) struct Slots<V> {
    roots: BTreeMap<Arc<str>, BTreeMap<Arc<str>, V>>,
    nested: BTreeMap<Id, BTreeMap<Arc<str>, V>>,
}

impl<V> Default for Slots<V> {
    fn default() -> Self {
        Slots { roots: BTreeMap::new(), nested: BTreeMap::new() }
    }
}

impl<V> Slots<V> {
    fn get(&self, parent: Parent<&str>, key: &str) -> Option<&V> {
        match parent {
            Parent::Root(name) => self.roots.get(name)?.get(key),
            Parent::Item(id) => self.nested.get(&id)?.get(key),
        }
    }

    fn insert(&mut self, parent: Parent<Arc<str>>, key: Arc<str>, value: V) {
        match parent {
            Parent::Root(name) => self.roots.entry(name).or_default().insert(key, value),
            Parent::Item(id) => self.nested.entry(id).or_default().insert(key, value),
        };
    }

    fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        for keys in self.roots.values_mut() {
            keys.retain(|_, value| keep(value));
        }
        for keys in self.nested.values_mut() {
            keys.retain(|_, value| keep(value));
        }
        self.roots.retain(|_, keys| !keys.is_empty());
        self.nested.retain(|_, keys| !keys.is_empty());
    }
}
