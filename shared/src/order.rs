//! Order within a pile: fractional keys, ties broken by the project's id.

use fractional_index::FractionalIndex;

/// A key between `before` and `after`, either of which may be missing (the pile's ends).
///
/// Keys that cannot be read, or that are not in order (two people placed at the same spot), count as missing: a
/// card always finds a place, at worst one beside the one that was meant.
#[must_use]
pub fn between(before: Option<&str>, after: Option<&str>) -> String {
    let before = before.and_then(read);
    let after = after.and_then(read);
    let key = match (&before, &after) {
        (Some(b), Some(a)) => {
            FractionalIndex::new_between(b, a).unwrap_or_else(|| FractionalIndex::new_after(b))
        }
        (Some(b), None) => FractionalIndex::new_after(b),
        (None, Some(a)) => FractionalIndex::new_before(a),
        (None, None) => FractionalIndex::default(),
    };
    key.to_string()
}

/// `count` keys in order, for filling an empty list.
#[must_use]
pub fn sequence(count: usize) -> Vec<String> {
    let mut last = FractionalIndex::default();
    let mut keys = Vec::with_capacity(count);
    for _ in 0..count {
        keys.push(last.to_string());
        last = FractionalIndex::new_after(&last);
    }
    keys
}

/// Whether `key` can stand as an order. Lower case only: keys are compared as text.
#[must_use]
pub fn is_key(key: &str) -> bool {
    key.len() <= crate::limits::ORDER
        && key.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && read(key).is_some()
}

fn read(key: &str) -> Option<FractionalIndex> {
    FractionalIndex::from_string(key).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_between_its_neighbours() {
        let first = between(None, None);
        let last = between(Some(&first), None);
        let middle = between(Some(&first), Some(&last));
        assert!(first < middle && middle < last);
        assert!(between(None, Some(&first)) < first);
        assert!(is_key(&middle));
    }

    #[test]
    fn keys_that_make_no_sense_still_give_a_key() {
        assert!(is_key(&between(Some("zz"), Some("not hex"))));
        let key = between(None, None);
        assert!(is_key(&between(Some(&key), Some(&key))));
        assert!(!is_key("zz"));
    }

    #[test]
    fn a_sequence_is_in_order() {
        let keys = sequence(1_000);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(keys.iter().all(|key| key.len() < 32));
    }
}
