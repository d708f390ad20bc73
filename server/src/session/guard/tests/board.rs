//! A board as the server keeps it: a yrs document, and the index beside it.

use yrs::block::ClientID;
use yrs::types::ToJson;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Any, Doc, Map, MapPrelim, MapRef, OffsetKind, Options, Out, ReadTxn, StateVector, Transact, Update,
    WriteTxn,
};

use super::super::{
    Admitted, Ahead, Author, Change, Examined, Index, Judgement, Limits, Path, Refusal, SERVER_CLIENT,
    examine,
};

pub(super) const ROOTS: [&str; 4] = ["placements", "notes", "projects", "decisions"];
pub(super) const LIMITS: Limits =
    Limits { frame: 1 << 20, content: 64 << 10, cleared_over_made: true, made_first: false };

pub(super) fn document(client: u64) -> Doc {
    let options =
        Options { offset_kind: OffsetKind::Utf16, ..Options::with_client_id(ClientID::new(client)) };
    let doc = Doc::with_options(options);
    for root in ROOTS {
        doc.get_or_insert_map(root);
    }
    doc
}

pub(super) fn json(doc: &Doc) -> String {
    let mut out = String::new();
    write_json(&doc.to_json(&doc.transact()), &mut out);
    out
}

/// The board as JSON, numbers as JavaScript has them, characters outside the basic plane as two U+FFFD.
pub(super) fn json_value(doc: &Doc) -> serde_json::Value {
    plain(&doc.to_json(&doc.transact()))
}

fn plain(any: &Any) -> serde_json::Value {
    match any {
        Any::Map(map) => map.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        Any::Array(list) => list.iter().map(plain).collect(),
        Any::String(text) => {
            let flat = |character| {
                if character > '\u{ffff}' { "\u{fffd}\u{fffd}".into() } else { String::from(character) }
            };
            text.chars().map(flat).collect::<String>().into()
        }
        Any::Bool(yes) => (*yes).into(),
        Any::Number(number) => number.as_f64().into(),
        _ => serde_json::Value::Null,
    }
}

/// The same, of JSON that JavaScript wrote.
pub(super) fn javascript(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(list) => list.iter().map(javascript).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), javascript(value))).collect(),
        other => other.clone(),
    }
}

/// JSON with sorted keys.
fn write_json(any: &Any, out: &mut String) {
    match any {
        Any::Map(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort();
            out.push('{');
            for key in keys {
                out.push_str(&format!("{key:?}:"));
                write_json(&map[key], out);
                out.push(',');
            }
            out.push('}');
        }
        Any::Array(list) => {
            out.push('[');
            list.iter().for_each(|value| write_json(value, out));
            out.push(']');
        }
        // yrs reads whole numbers above 2^31 back as floating point.
        Any::Number(number) => out.push_str(&format!("{:?},", number.as_f64())),
        other => out.push_str(&format!("{other:?},")),
    }
}

/// Applies bytes that are known to be good.
pub(super) fn apply(doc: &Doc, bytes: &[u8]) {
    doc.transact_mut().apply_update(Update::decode_v1(bytes).unwrap()).unwrap();
}

pub(super) fn whole(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// Allows everything in the board's roots.
pub(super) fn allow(change: &Change<'_>) -> Judgement<String> {
    if ROOTS.contains(&change.root) { Judgement::Allowed } else { Judgement::Denied("no such root".into()) }
}

/// What the server did with an update.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    Nothing,
    /// The frame that everybody gets.
    Applied(Vec<u8>),
    Gap,
    Refused(Refusal<String>),
}

pub(super) struct Board {
    pub(super) doc: Doc,
    pub(super) index: Index,
}

impl Board {
    /// A board with one decision of the server's making.
    pub(super) fn new() -> Self {
        let board = Board { doc: document(SERVER_CLIENT), index: Index::new() };
        let mut board = board;
        board.write(|txn| {
            let decisions = txn.get_or_insert_map("decisions");
            let decision = decisions.insert(txn, "d1", MapPrelim::default());
            decision.insert(txn, "verdict", "open");
            decision.insert(txn, "rationale", yrs::TextPrelim::new(""));
        });
        board
    }

    /// A write of the server's own.
    pub(super) fn write(&mut self, f: impl FnOnce(&mut yrs::TransactionMut<'_>)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        f(&mut txn);
        let integrated = txn.encode_update_v1();
        drop(txn);
        self.index.learn(&integrated).unwrap();
        integrated
    }

    /// Examines and, if it passes, applies as a replica would.
    pub(super) fn offer(
        &mut self,
        author: u32,
        bytes: &[u8],
        judge: &mut dyn FnMut(&Change<'_>) -> Judgement<String>,
    ) -> Outcome {
        match examine(&self.index, &Ahead::default(), Author(author), bytes, &LIMITS, &mut 0, judge) {
            Examined::Nothing => Outcome::Nothing,
            Examined::Gap => Outcome::Gap,
            Examined::Refused(refusal) => Outcome::Refused(refusal),
            Examined::Pass(admitted) => Outcome::Applied(self.apply(*admitted)),
        }
    }

    fn apply(&mut self, admitted: Admitted<String>) -> Vec<u8> {
        let Admitted { update, compensate, delta, .. } = admitted;
        let mut txn = self.doc.transact_mut();
        let old: Vec<_> = compensate
            .into_iter()
            .map(|(path, _)| {
                let value = holder(&mut txn, &path).and_then(|map| map.get(&txn, path.keys.last().unwrap()));
                (path, value)
            })
            .collect();
        txn.apply_update(Update::decode_v1(&update).unwrap()).unwrap();
        for (path, value) in old {
            let key = path.keys.last().unwrap();
            let Some(map) = holder(&mut txn, &path) else { continue };
            match value {
                Some(Out::Any(value)) if map.get(&txn, key) != Some(Out::Any(value.clone())) => {
                    map.insert(&mut txn, &**key, value);
                }
                None if map.contains_key(&txn, key) => {
                    map.remove(&mut txn, key);
                }
                _ => {}
            }
        }
        let integrated = txn.encode_update_v1();
        drop(txn);
        self.index.absorb(delta, &integrated).unwrap();
        integrated
    }

    /// What must hold between the document and its index at any time.
    pub(super) fn check(&self) {
        let txn = self.doc.transact();
        assert!(!txn.has_missing_updates(), "the document holds something pending");
        let mut clocks: Vec<(u64, u32)> = txn
            .state_vector()
            .iter()
            .map(|(client, clock)| (client.get(), *clock))
            .filter(|(_, clock)| *clock > 0)
            .collect();
        clocks.sort_unstable();
        assert_eq!(self.index.state_vector().collect::<Vec<_>>(), clocks, "state vectors differ");
        let mut dead: Vec<(u64, std::ops::Range<u32>)> = txn
            .snapshot()
            .delete_set
            .iter()
            .flat_map(|(client, ranges)| {
                ranges.iter().map(|range| (client.get(), range.clone())).collect::<Vec<_>>()
            })
            .collect();
        dead.sort_unstable_by_key(|(client, range)| (*client, range.start));
        assert_eq!(self.index.dead_ranges().collect::<Vec<_>>(), dead, "delete sets differ");
    }

    /// The document survives its own encoding, and the index its.
    pub(super) fn check_reload(&self) {
        let bytes = whole(&self.doc);
        let again = document(SERVER_CLIENT);
        apply(&again, &bytes);
        let bytes = whole(&again);
        let third = document(SERVER_CLIENT);
        apply(&third, &bytes);
        assert_eq!(whole(&third), bytes, "the document does not settle");
        assert_eq!(json(&again), json(&self.doc), "the document changes on reload");
        let index = self.index.encode();
        let decoded = Index::decode(&index).unwrap();
        assert!(decoded == self.index, "the index changes on reload");
        assert_eq!(decoded.encode(), index);
    }

    pub(super) fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }
}

fn holder(txn: &mut yrs::TransactionMut<'_>, path: &Path) -> Option<MapRef> {
    let mut map = txn.get_or_insert_map(&*path.root);
    for key in &path.keys[..path.keys.len() - 1] {
        match map.get(txn, key) {
            Some(Out::YMap(below)) => map = below,
            _ => return None,
        }
    }
    Some(map)
}
