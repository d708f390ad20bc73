//! Bytes as text, for a browser's storage: base64, as RFC 4648 has it, without padding.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes as text.
pub(crate) fn write(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for n in 0..=three.len() {
            let sextet = all >> (18 - 6 * n) & 63;
            text.push(char::from(LETTERS[sextet as usize]));
        }
    }
    text
}

/// The bytes that were written as `text`; `None` if that is no such text.
pub(crate) fn read(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.as_bytes().chunks(4) {
        let mut all = 0u32;
        for n in 0..4 {
            let sextet = match four.get(n) {
                Some(letter) => LETTERS.iter().position(|known| known == letter)?,
                None => 0,
            };
            all = all << 6 | sextet as u32;
        }
        let count = four.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend_from_slice(&all.to_be_bytes()[1..=count]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were() {
        for length in 0..70u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37).wrapping_add(length)).collect();
            assert_eq!(read(&write(&bytes)), Some(bytes));
        }
        assert_eq!(write(&[0xff, 0, 0xfe, 1]), "/wD+AQ");
    }

    #[test]
    fn what_is_no_such_text_is_not_read() {
        for text in ["A", "AAAAA", "AA=", "A B", "é"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
