//! Writes carried out in a document.

use std::collections::BTreeMap;

use plumbline_shared::schema::Root;
use yrs::{Any, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim, TextRef, TransactionMut};

use crate::{
    Splice,
    site::Site,
    write::{Deed, Write, any, value},
};

/// Carries out one write under `root`, unless what it says stands there already.
///
/// A splice that was done before is done at its `site`.
///
/// Maps and texts are made empty and filled afterwards, and values are never objects: both encode in one order only.
pub(crate) fn carry_out(txn: &mut TransactionMut<'_>, root: &MapRef, write: &Write, site: Option<&Site>) {
    let map = match &write.field {
        None => root.clone(),
        Some(_) => match root.get(txn, &write.key) {
            Some(Out::YMap(entry)) => entry,
            _ => return,
        },
    };
    let key = write.field.as_deref().unwrap_or(&write.key);
    match &write.deed {
        Deed::Set(new) => {
            let new = any(new);
            let same = matches!(map.get(txn, key), Some(Out::Any(old)) if same(&old, &new));
            if !same {
                map.insert(txn, key, new);
            }
        }
        Deed::MakeMap => {
            if !map.contains_key(txn, key) {
                map.insert(txn, key, MapPrelim::default());
            }
        }
        Deed::MakeText => {
            if !map.contains_key(txn, key) {
                map.insert(txn, key, TextPrelim::new(""));
            }
        }
        Deed::Unset => {
            map.remove(txn, key);
        }
        Deed::Splice(splice) => {
            if let Some(Out::YText(text)) = map.get(txn, key) {
                match site {
                    Some(site) => site.carry_out(txn, &text, splice),
                    None => splice_text(txn, &text, splice),
                }
            }
        }
    }
}

/// Numbers are the same whether they came as whole or as broken ones.
fn same(old: &Any, new: &Any) -> bool {
    value(old).is_some_and(|old| Some(old) == value(new))
}

fn splice_text(txn: &mut TransactionMut<'_>, text: &TextRef, splice: &Splice) {
    let (at, remove) = within(&text.get_string(txn), splice);
    if remove > 0 {
        text.remove_range(txn, at, remove);
    }
    if !splice.insert.is_empty() {
        text.insert(txn, at, &splice.insert);
    }
}

/// Where a splice falls in `text`: never past its end, never inside a surrogate pair.
pub(crate) fn within(text: &str, splice: &Splice) -> (u32, u32) {
    let end_of_removal = splice.at.saturating_add(splice.remove);
    let (mut start, mut end, mut units) = (None, None, 0u32);
    for letter in text.chars() {
        let next = units + letter.len_utf16() as u32;
        if next > splice.at {
            start.get_or_insert(units);
        }
        // A pair that is half inside goes as a whole.
        if units >= end_of_removal {
            end.get_or_insert(units);
        }
        units = next;
    }
    let start = start.unwrap_or(units);
    let end = end.unwrap_or(units).max(start);
    (start, if splice.remove == 0 { 0 } else { end - start })
}

/// The text at the path of the one splice that `writes` are, with that splice.
pub(crate) fn spliced<'a, T: ReadTxn>(
    txn: &T,
    roots: &BTreeMap<Root, MapRef>,
    writes: &'a [Write],
) -> Option<(TextRef, &'a Splice)> {
    let [Write { root, key, field: Some(field), deed: Deed::Splice(splice) }] = writes else { return None };
    let Some(Out::YMap(entry)) = roots.get(root)?.get(txn, key) else { return None };
    let Some(Out::YText(text)) = entry.get(txn, field) else { return None };
    Some((text, splice))
}

/// Whether what the write says stands under `root`. Of a text, only that it is there: what was written in it moves on.
pub(crate) fn stands<T: ReadTxn>(txn: &T, root: &MapRef, write: &Write) -> bool {
    let found = match (&write.field, root.get(txn, &write.key)) {
        (None, found) => found,
        (Some(field), Some(Out::YMap(entry))) => entry.get(txn, field),
        (Some(_), _) => None,
    };
    match (&write.deed, found) {
        (Deed::Set(new), Some(Out::Any(old))) => value(&old).as_ref() == Some(new),
        (Deed::MakeMap, Some(Out::YMap(_))) | (Deed::MakeText | Deed::Splice(_), Some(Out::YText(_))) => true,
        (Deed::Unset, None) => true,
        _ => false,
    }
}
