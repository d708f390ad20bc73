//! The state vectors of sync step 1.

use std::collections::BTreeSet;

use super::lib0::{Malformed, Reader};

/// Reads a state vector: for each client the next clock that its sender lacks, in the order sent.
///
/// Held to the rules of updates: as many entries as the bytes can hold, client ids below 2^53, clocks below
/// 2^31, no client twice, nothing left over.
pub fn decode_state_vector(bytes: &[u8]) -> Result<Vec<(u64, u32)>, Malformed> {
    let mut reader = Reader::new(bytes);
    let count = reader.count(2)?;
    let mut entries = Vec::with_capacity(count);
    let mut seen = BTreeSet::new();
    for _ in 0..count {
        let id = reader.id()?;
        if !seen.insert(id.client) {
            return Err(Malformed::Repeated);
        }
        entries.push((id.client, id.clock));
    }
    reader.finish()?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::{Malformed, decode_state_vector};

    #[test]
    fn a_state_vector_is_held_to_its_bytes() {
        assert_eq!(decode_state_vector(&[0]), Ok(vec![]));
        assert_eq!(decode_state_vector(&[2, 7, 3, 5, 1]), Ok(vec![(7, 3), (5, 1)]));
        assert_eq!(decode_state_vector(&[]), Err(Malformed::Truncated));
        assert_eq!(decode_state_vector(&[0xff, 0xff, 0xff, 0x7f]), Err(Malformed::Truncated));
        assert_eq!(decode_state_vector(&[1, 7]), Err(Malformed::Truncated));
        assert_eq!(decode_state_vector(&[1, 7, 3, 0]), Err(Malformed::Trailing));
        assert_eq!(decode_state_vector(&[2, 7, 3, 7, 1]), Err(Malformed::Repeated));
        assert_eq!(decode_state_vector(&[1, 7, 0xff, 0xff, 0xff, 0xff, 0x0f]), Err(Malformed::Number));
    }
}
