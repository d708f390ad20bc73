//! Join codes as people write them.

/// Letters and digits in a code.
pub(crate) const LENGTH: usize = 8;

/// A code as the server knows it: capitals and digits alone, whatever was typed between them.
pub(crate) fn normalise(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(LENGTH).collect()
}

/// A code as it is shown and read aloud: in two groups.
pub(crate) fn grouped(code: &str) -> String {
    let code = normalise(code);
    if code.len() > LENGTH / 2 {
        let (first, second) = code.split_at(LENGTH / 2);
        format!("{first} {second}")
    } else {
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        assert_eq!(normalise(" k7q4-m2xd "), "K7Q4M2XD");
        assert_eq!(normalise("K7Q4 M2XD and more"), "K7Q4M2XD");
        assert_eq!(grouped("k7q4m2xd"), "K7Q4 M2XD");
        assert_eq!(grouped("k7q"), "K7Q");
        assert_eq!(grouped(""), "");
    }
}
