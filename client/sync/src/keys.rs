//! Order keys for what is put between two neighbours.

use plumbline_shared::order;
use uuid::Uuid;

/// Bits by which two things that are put into one gap at once differ.
const SALT_BITS: u32 = 12;

/// Hexadecimal digits up to which a key is salted. Salt costs about one byte of every key, and a gap that has been
/// filled many times over has none to spare.
const SALTED: usize = 48;

/// A key after `before` and ahead of `after`, either of which may be missing.
///
/// People drop cards at the same spot at the same time, above all at a pile's end. The id of what is put there
/// chooses a place within the gap, so that two cards get two keys and a third still fits between them.
pub(crate) fn between(id: Uuid, before: Option<&str>, after: Option<&str>) -> String {
    let plain = order::between(before, after);
    if plain.len() > SALTED {
        // A gap too deep for a key at all: right behind the one before, which at worst is a few cards too far.
        return if order::is_key(&plain) { plain } else { order::between(before, None) };
    }
    let mut low = plain.clone();
    let mut high = match after {
        Some(after) if *after > *plain => after.to_owned(),
        _ => order::between(Some(&plain), None),
    };
    let salt = salt(id);
    for bit in 0..SALT_BITS {
        let middle = order::between(Some(&low), Some(&high));
        if salt >> bit & 1 == 0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    order::between(Some(&low), Some(&high))
}

/// Ids are version 7: their first bits are a time that things made together share, so all bits are mixed.
fn salt(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    crate::mix::mix(high ^ low.rotate_left(32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lies_in_its_gap_and_two_ids_get_two_keys() {
        let first = between(Uuid::from_u128(1), None, None);
        let last = between(Uuid::from_u128(2), Some(&first), None);
        let middle = between(Uuid::from_u128(3), Some(&first), Some(&last));
        let beside = between(Uuid::from_u128(4), Some(&first), Some(&last));
        assert!(first < middle && middle < last && first < beside && beside < last);
        assert_ne!(middle, beside);
        assert_ne!(
            between(Uuid::from_u128(5), Some(&last), None),
            between(Uuid::from_u128(6), Some(&last), None)
        );
    }

    #[test]
    fn keys_stay_short_however_cards_are_put() {
        for pattern in 0..4u64 {
            let mut keys: Vec<String> = Vec::new();
            for n in 0..2_000u64 {
                let at = match pattern {
                    0 => keys.len(),
                    1 => 0,
                    2 if n > 200 => break,
                    2 => keys.len() / 2,
                    _ => crate::mix::mix(n) as usize % (keys.len() + 1),
                };
                let before = at.checked_sub(1).map(|at| keys[at].as_str());
                let key = between(
                    Uuid::from_u128(u128::from(crate::mix::mix(n))),
                    before,
                    keys.get(at).map(String::as_str),
                );
                assert!(order::is_key(&key), "{key} after {n} in pattern {pattern}");
                keys.insert(at, key);
            }
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "pattern {pattern}");
            let longest = keys.iter().map(String::len).max().unwrap();
            assert!(pattern == 2 || longest <= 96, "{longest} in pattern {pattern}");
        }
    }
}
