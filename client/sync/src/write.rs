//! What an intent comes down to on one state of the document: values at paths.
//!
//! Writes are kept beside their intent, with order keys already chosen, so that doing them again leads to the same
//! board and what is there already is not written twice.

use std::{collections::BTreeMap, sync::Arc};

use plumbline_shared::{
    policy,
    schema::{Plain, Root},
};
use yrs::Any;

use crate::{Splice, Value, document::Changed};

/// One path, and what is done there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Write {
    pub(crate) root: Root,
    pub(crate) key: String,
    pub(crate) field: Option<String>,
    pub(crate) deed: Deed,
}

/// What is done at a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    /// A plain value is set.
    Set(Value),
    /// An empty map is made, unless one stands there.
    MakeMap,
    /// An empty text is made, unless one stands there.
    MakeText,
    /// What stands there is taken away.
    Unset,
    /// A text is changed.
    Splice(Splice),
}

impl Write {
    pub(crate) fn entry(root: Root, key: impl ToString, deed: Deed) -> Self {
        Self { root, key: key.to_string(), field: None, deed }
    }

    pub(crate) fn field(root: Root, key: impl ToString, field: &str, deed: Deed) -> Self {
        Self { root, key: key.to_string(), field: Some(field.to_owned()), deed }
    }

    /// Where it writes: `root/key` or `root/key/field`, as the server names it, too.
    pub(crate) fn path(&self) -> String {
        let entry = format!("{}/{}", self.root.name(), self.key);
        self.field.as_ref().map_or_else(|| entry.clone(), |field| format!("{entry}/{field}"))
    }

    /// Whether the write says by itself what `changed` did, so that it can be done again elsewhere. What was taken
    /// back in a text is read off the text, which does not always tell which characters went and came.
    pub(crate) fn repeats(&self, changed: &Changed) -> bool {
        let Deed::Splice(splice) = &self.deed else { return true };
        match &changed.site {
            Some(site) => {
                let written = splice.insert.encode_utf16().count() as u32;
                site.units() == splice.remove && changed.made.to - changed.made.from == written
            }
            None => splice.remove == 0,
        }
    }

    /// Bytes that the update of this write takes at most, by a generous estimate.
    pub(crate) fn weight(&self) -> usize {
        // Block head, ids of parent and origins, and the deletion of what stood there.
        const OVERHEAD: usize = 48;
        let deed = match &self.deed {
            Deed::Set(value) => weight(value),
            Deed::Splice(splice) => splice.insert.len(),
            Deed::MakeMap | Deed::MakeText | Deed::Unset => 0,
        };
        OVERHEAD + self.key.len() + self.field.as_ref().map_or(0, String::len) + deed
    }

    /// The changes that the rules are asked about. `units` is the length of the text at the path, if there is one;
    /// `made_by` who made the entry.
    pub(crate) fn changes(
        &self,
        units: usize,
        made_by: Option<plumbline_shared::ids::ParticipantId>,
    ) -> Vec<policy::Change<'_>> {
        let deeds = match &self.deed {
            Deed::Set(value) => vec![policy::Deed::Set(plain(value))],
            Deed::MakeMap => vec![policy::Deed::Make { text: false }],
            Deed::MakeText => vec![policy::Deed::Make { text: true }],
            Deed::Unset => vec![policy::Deed::Unset],
            Deed::Splice(splice) => {
                let written = splice.insert.encode_utf16().count();
                let mut deeds = Vec::new();
                if written > 0 {
                    deeds.push(policy::Deed::Write { units: units + written });
                }
                if splice.remove > 0 {
                    deeds.push(policy::Deed::Erase);
                }
                deeds
            }
        };
        let change = |deed| policy::Change {
            root: self.root.name(),
            key: &self.key,
            field: self.field.as_deref(),
            deed,
            made_by,
        };
        deeds.into_iter().map(change).collect()
    }
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(_) => 9,
        Value::Text(text) => text.len() + 4,
        Value::List(parts) => 4 + parts.iter().map(weight).sum::<usize>(),
    }
}

fn plain(value: &Value) -> Plain<'_> {
    match value {
        Value::Null => Plain::Null,
        Value::Bool(flag) => Plain::Bool(*flag),
        Value::Number(number) => Plain::Number(*number),
        Value::Text(text) => Plain::Text(text),
        Value::List(parts) => Plain::List(parts.iter().map(plain).collect()),
    }
}

/// The value as it stands in the document.
pub(crate) fn any(value: &Value) -> Any {
    match value {
        Value::Null => Any::Null,
        Value::Bool(flag) => Any::Bool(*flag),
        Value::Number(number) => Any::from(*number),
        Value::Text(text) => Any::from(text.as_str()),
        Value::List(parts) => Any::Array(parts.iter().map(any).collect::<Vec<_>>().into()),
    }
}

/// The value read back; `None` for what no client of ours writes (objects, bytes).
pub(crate) fn value(any: &Any) -> Option<Value> {
    match any {
        Any::Null | Any::Undefined => Some(Value::Null),
        Any::Bool(flag) => Some(Value::Bool(*flag)),
        Any::Number(number) => number.as_f64().map(Value::Number),
        Any::String(text) => Some(Value::Text((**text).to_owned())),
        Any::Array(parts) => parts.iter().map(value).collect::<Option<_>>().map(Value::List),
        Any::Map(_) | Any::Buffer(_) => None,
    }
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stand {
    Map,
    Text(Arc<str>),
    Value(Value),
}

/// The paths of a board that people write, with what stands there: entries first, then their fields.
pub(crate) type Sheet = BTreeMap<(Root, String, Option<String>), Stand>;

/// The writes that make `before` into `after`.
pub(crate) fn difference(before: &Sheet, after: &Sheet) -> Vec<Write> {
    let mut writes = Vec::new();
    for (path, stood) in before {
        let (root, key, field) = path;
        // What goes with its entry needs no word of its own.
        let with_entry = field.is_some() && !after.contains_key(&(*root, key.clone(), None));
        if !after.contains_key(path) && !with_entry {
            writes.push(Write { root: *root, key: key.clone(), field: field.clone(), deed: Deed::Unset });
        }
        debug_assert!(field.is_some() || matches!(stood, Stand::Map) || *root == Root::Placements);
    }
    for (path, stands) in after {
        let (root, key, field) = path;
        let mut push =
            |deed| writes.push(Write { root: *root, key: key.clone(), field: field.clone(), deed });
        let stood = before.get(path);
        match stands {
            _ if stood == Some(stands) => {}
            Stand::Map => push(Deed::MakeMap),
            Stand::Value(value) => push(Deed::Set(value.clone())),
            Stand::Text(text) => {
                let old = match stood {
                    Some(Stand::Text(old)) => &**old,
                    _ => {
                        push(Deed::MakeText);
                        ""
                    }
                };
                if let Some(splice) = Splice::between(old, text) {
                    push(Deed::Splice(splice));
                }
            }
        }
    }
    writes
}
