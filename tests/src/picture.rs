//! A board as it can be compared, whoever holds it: every root as JSON, numbers as numbers.

use std::collections::BTreeMap;

use plumbline_shared::{board::Board, schema::Root};
use serde_json::{Map as Object, Value};
use yrs::{Any, Doc, Map, Out, ReadTxn, Transact, types::ToJson};

/// Project id → pile: a pillar's id, `off` or `unsorted`.
pub type Piles = BTreeMap<String, String>;

/// Every root of `doc`, as Yjs clients would give it.
#[must_use]
pub fn of(doc: &Doc) -> Value {
    let txn = doc.transact();
    let mut roots = Object::new();
    for root in Root::ALL {
        let content =
            txn.get_map(root.name()).map_or_else(|| Any::Map(Default::default()), |map| map.to_json(&txn));
        roots.insert(root.name().to_owned(), plain(&content));
    }
    Value::Object(roots)
}

/// The piles of `doc`.
#[must_use]
pub fn piles(doc: &Doc) -> Piles {
    let board = Board::read(&doc.transact());
    board
        .projects
        .keys()
        .map(|id| (id.to_string(), board.pile(*id).key().unwrap_or_else(|| "unsorted".to_owned())))
        .collect()
}

/// The keys under a root.
#[must_use]
pub fn keys(doc: &Doc, root: Root) -> Vec<String> {
    let txn = doc.transact();
    let mut keys: Vec<String> =
        txn.get_map(root.name()).map(|map| map.keys(&txn).map(str::to_owned).collect()).unwrap_or_default();
    keys.sort();
    keys
}

/// The placement of a project, as `[pile, order]`.
#[must_use]
pub fn placement(doc: &Doc, project: &str) -> Option<(String, String)> {
    let txn = doc.transact();
    match txn.get_map(Root::Placements.name())?.get(&txn, project)? {
        Out::Any(Any::Array(parts)) => match &*parts {
            [Any::String(pile), Any::String(order)] => Some((pile.to_string(), order.to_string())),
            _ => None,
        },
        _ => None,
    }
}

/// The same numbers in the same form: JavaScript has one kind, Rust's JSON has three.
#[must_use]
pub fn level(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(parts) => Value::Array(parts.into_iter().map(level).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key, level(value))).collect())
        }
        other => other,
    }
}

/// What two boards differ in, for a person: the paths, at most twelve.
#[must_use]
pub fn difference(one: &Value, other: &Value) -> String {
    let mut found = Vec::new();
    compare("", one, other, &mut found);
    let more = found.len().saturating_sub(12);
    found.truncate(12);
    if more > 0 {
        found.push(format!("… and {more} more"));
    }
    found.join("; ")
}

fn compare(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = format!("{path}/{key}");
                compare(&path, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), found);
            }
        }
        _ if one != other => found.push(format!("{path}: {} ≠ {}", short(one), short(other))),
        _ => {}
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(80).collect()
}

fn plain(any: &Any) -> Value {
    match any {
        Any::Null | Any::Undefined | Any::Buffer(_) => Value::Null,
        Any::Bool(flag) => Value::Bool(*flag),
        Any::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Any::String(text) => Value::String(text.to_string()),
        Any::Array(parts) => Value::Array(parts.iter().map(plain).collect()),
        Any::Map(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
    }
}
