//! The rules, asked about writes: on the document as it is, or on a board as it stood.

use std::collections::BTreeMap;

use plumbline_shared::{
    ids::ParticipantId,
    policy::{Actor, Denied, Facts, Moment, Standing, permits},
    schema::Root,
};
use yrs::{Any, Map, MapRef, Out, ReadTxn, Text};

use crate::{
    Value,
    write::{Deed, Sheet, Stand, Write},
};

/// What can be asked of a board, live or as it stood.
pub(crate) trait Stood: Facts {
    fn made_by(&self, root: Root, key: &str) -> Option<ParticipantId>;
    fn units(&self, root: Root, key: &str, field: &str) -> usize;
}

/// The document as it is.
pub(crate) struct Live<'a, T> {
    pub(crate) txn: &'a T,
    pub(crate) roots: &'a BTreeMap<Root, MapRef>,
}

impl<T: ReadTxn> Live<'_, T> {
    fn field(&self, root: Root, key: &str, field: &str) -> Option<Out> {
        match self.roots.get(&root)?.get(self.txn, key) {
            Some(Out::YMap(entry)) => entry.get(self.txn, field),
            _ => None,
        }
    }
}

impl<T: ReadTxn> Facts for Live<'_, T> {
    fn standing(&self, root: Root, key: &str) -> Standing {
        let stands = self.roots.get(&root).is_some_and(|map| map.contains_key(self.txn, key));
        // What a page names once stood before its eyes.
        if stands { Standing::Stands } else { Standing::Gone }
    }

    fn count(&self, root: Root) -> usize {
        self.roots.get(&root).map_or(0, |map| map.len(self.txn) as usize)
    }

    fn signed(&self, root: Root, key: &str) -> Option<ParticipantId> {
        self.made_by(root, key)
    }
}

impl<T: ReadTxn> Stood for Live<'_, T> {
    fn made_by(&self, root: Root, key: &str) -> Option<ParticipantId> {
        match self.field(root, key, root.signature()?)? {
            Out::Any(Any::String(id)) => id.parse().ok(),
            _ => None,
        }
    }

    fn units(&self, root: Root, key: &str, field: &str) -> usize {
        match self.field(root, key, field) {
            Some(Out::YText(text)) => text.len(self.txn) as usize,
            _ => 0,
        }
    }
}

/// A board as it stood.
pub(crate) struct Former<'a>(pub(crate) &'a Sheet);

impl Former<'_> {
    fn get(&self, root: Root, key: &str, field: Option<&str>) -> Option<&Stand> {
        self.0.get(&(root, key.to_owned(), field.map(str::to_owned)))
    }
}

impl Facts for Former<'_> {
    fn standing(&self, root: Root, key: &str) -> Standing {
        if self.get(root, key, None).is_some() { Standing::Stands } else { Standing::Gone }
    }

    fn count(&self, root: Root) -> usize {
        self.0.keys().filter(|(other, _, field)| *other == root && field.is_none()).count()
    }

    fn signed(&self, root: Root, key: &str) -> Option<ParticipantId> {
        self.made_by(root, key)
    }
}

impl Stood for Former<'_> {
    fn made_by(&self, root: Root, key: &str) -> Option<ParticipantId> {
        match self.get(root, key, Some(root.signature()?))? {
            Stand::Value(Value::Text(id)) => id.parse().ok(),
            _ => None,
        }
    }

    fn units(&self, root: Root, key: &str, field: &str) -> usize {
        match self.get(root, key, Some(field)) {
            Some(Stand::Text(text)) => text.encode_utf16().count(),
            _ => 0,
        }
    }
}

/// Asks the rules about every path of `writes`, in their order.
///
/// # Errors
/// The first reason against them.
pub(crate) fn permit(
    actor: &Actor,
    moment: &Moment,
    stood: &dyn Stood,
    writes: &[Write],
) -> Result<(), Denied> {
    ask(actor, moment, Making { stood, made: Vec::new(), back: BTreeMap::new() }, writes)
}

/// The same about what brings back how it was: the names under it are those that stood there. Whether they did, only
/// the server remembers.
///
/// # Errors
/// The first reason against them.
pub(crate) fn permit_back(
    actor: &Actor,
    moment: &Moment,
    stood: &dyn Stood,
    writes: &[Write],
) -> Result<(), Denied> {
    let name = |write: &Write| match &write.deed {
        Deed::Set(Value::Text(id)) if write.field.as_deref() == write.root.signature() => {
            Some(((write.root, write.key.clone()), id.parse().ok()?))
        }
        _ => None,
    };
    let back = writes.iter().filter_map(name).collect();
    ask(actor, moment, Making { stood, made: Vec::new(), back }, writes)
}

fn ask<'a>(actor: &Actor, moment: &Moment, mut facts: Making<'a>, writes: &'a [Write]) -> Result<(), Denied> {
    let stood = facts.stood;
    for write in writes {
        let own = facts.made.contains(&(write.root, write.key.as_str()));
        let made_by = match write.deed {
            Deed::MakeMap => None,
            _ if own => Some(actor.participant),
            _ => stood.made_by(write.root, &write.key),
        };
        let units = write.field.as_deref().map_or(0, |field| stood.units(write.root, &write.key, field));
        for change in write.changes(units, made_by) {
            permits(actor, moment, &facts, &change)?;
        }
        if write.deed == Deed::MakeMap {
            facts.made.push((write.root, &write.key));
        }
    }
    Ok(())
}

/// A board with what the same act has made on it.
struct Making<'a> {
    stood: &'a dyn Stood,
    made: Vec<(Root, &'a str)>,
    /// The names that it brings back.
    back: BTreeMap<(Root, String), ParticipantId>,
}

impl Facts for Making<'_> {
    fn standing(&self, root: Root, key: &str) -> Standing {
        if self.made.contains(&(root, key)) { Standing::Stands } else { self.stood.standing(root, key) }
    }

    fn count(&self, root: Root) -> usize {
        self.stood.count(root) + self.made.iter().filter(|(other, _)| *other == root).count()
    }

    fn signed(&self, root: Root, key: &str) -> Option<ParticipantId> {
        let back = self.back.get(&(root, key.to_owned())).copied();
        back.or_else(|| self.stood.signed(root, key))
    }
}
