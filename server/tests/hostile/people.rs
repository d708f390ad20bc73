//! Documents of people, and the honest things that they do.

use plumbline_shared::order;
use serde_json::{Map as Object, Value};
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, MapPrelim, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextPrelim, Transact,
    TransactionMut, Update, WriteTxn, types::ToJson, updates::decoder::Decode,
};

use crate::chance::Chance;

/// A page's document.
pub(crate) fn document(client: u64) -> Doc {
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(yrs::ClientID::new(client))
    })
}

/// Takes in what the server has sent.
pub(crate) fn receive(doc: &Doc, update: &[u8]) {
    doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
}

/// Changes a document, and gives the change.
pub(crate) fn change(doc: &Doc, act: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
    let mut txn = doc.transact_mut();
    act(&mut txn);
    txn.encode_update_v1()
}

/// All of a document.
pub(crate) fn whole(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// The keys under a root, sorted.
pub(crate) fn keys(doc: &Doc, root: &str) -> Vec<String> {
    let txn = doc.transact();
    let mut keys: Vec<String> =
        txn.get_map(root).map_or_else(Vec::new, |map| map.keys(&txn).map(str::to_owned).collect());
    keys.sort();
    keys
}

/// Every root as JSON.
pub(crate) fn json(doc: &Doc) -> Value {
    let txn = doc.transact();
    let mut roots = Object::new();
    let names: Vec<String> = txn.root_refs().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        if let Some(map) = txn.get_map(name.as_str()) {
            roots.insert(name, plain(&map.to_json(&txn)));
        }
    }
    Value::Object(roots)
}

fn plain(any: &Any) -> Value {
    match any {
        Any::Null | Any::Undefined | Any::Buffer(_) => Value::Null,
        Any::Bool(flag) => Value::Bool(*flag),
        Any::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Any::String(text) => Value::String(text.to_string()),
        Any::Array(parts) => Value::Array(parts.iter().map(plain).collect()),
        Any::Map(fields) => fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
    }
}

/// What an honest person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Place,
    AddProject,
    AddNote,
    Write,
}

impl Deed {
    pub(crate) fn any(chance: &mut Chance) -> Self {
        *chance.pick(&[
            Self::Place,
            Self::Place,
            Self::Place,
            Self::AddProject,
            Self::AddNote,
            Self::Write,
            Self::Write,
        ])
    }

    /// Does it; gives the change, which may be none.
    pub(crate) fn by(self, who: &str, doc: &Doc, chance: &mut Chance) -> Vec<u8> {
        let (projects, pillars, notes) = (keys(doc, "projects"), keys(doc, "pillars"), keys(doc, "notes"));
        let id = Uuid::from_u64_pair(chance.draw(), chance.draw()).to_string();
        change(doc, |txn| match self {
            Self::Place => {
                let pile = if chance.percent(20) { "off" } else { chance.pick(&pillars).as_str() };
                let value: Vec<Any> = vec![pile.into(), order::between(None, None).into()];
                txn.get_or_insert_map("placements").insert(txn, chance.pick(&projects).as_str(), value);
            }
            Self::AddProject => {
                let map = txn.get_or_insert_map("projects").insert(txn, id.as_str(), MapPrelim::default());
                map.insert(txn, "name", "One more");
                map.insert(txn, "added_by", who);
            }
            Self::AddNote => {
                let map = txn.get_or_insert_map("notes").insert(txn, id.as_str(), MapPrelim::default());
                map.insert(txn, "about", chance.pick(&projects).as_str());
                map.insert(txn, "author", who);
                map.insert(txn, "text", TextPrelim::new("Some words, é and 😀"));
            }
            Self::Write => {
                if notes.is_empty() {
                    return;
                }
                let note = chance.pick(&notes);
                let Some(Out::YMap(map)) = txn.get_or_insert_map("notes").get(txn, note) else { return };
                let Some(Out::YText(text)) = map.get(txn, "text") else { return };
                // A text does not grow without end.
                if text.len(txn) > 400 {
                    text.remove_range(txn, 0, 200);
                } else {
                    text.insert(txn, 0, "x");
                }
            }
        })
    }
}
