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
        (Some(b), Some(a)) => inside(b, a).unwrap_or_else(|| FractionalIndex::new_after(b)),
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

/// What `FractionalIndex::new_between` says, asked without the bytes that both share: with a zero among those, or
/// with bounds out of order, it subtracts one from nothing.
fn inside(before: &FractionalIndex, after: &FractionalIndex) -> Option<FractionalIndex> {
    if before >= after {
        return None;
    }
    let (before, after) = (before.as_bytes(), after.as_bytes());
    let most = before.len().min(after.len()) - 1;
    let shared = before.iter().zip(after).take(most).take_while(|(b, a)| b == a).count();
    let tail = |key: &[u8]| FractionalIndex::from_bytes(key[shared..].to_vec()).ok();
    let inner = FractionalIndex::new_between(&tail(before)?, &tail(after)?)?;
    FractionalIndex::from_bytes([&before[..shared], inner.as_bytes()].concat()).ok()
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
    fn a_key_fits_behind_a_prefix_of_zeros() {
        let mut first = between(None, None);
        let mut second = first.clone();
        for _ in 0..200 {
            (second, first) = (first.clone(), between(None, Some(&first)));
        }
        assert!(first.starts_with("00"));
        let middle = between(Some(&first), Some(&second));
        assert!(first < middle && middle < second, "{first} {middle} {second}");
        assert!(*between(Some("8180"), Some("0080")) > *"8180");
    }

    #[test]
    fn a_sequence_is_in_order() {
        let keys = sequence(1_000);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(keys.iter().all(|key| key.len() < 32));
    }
}
