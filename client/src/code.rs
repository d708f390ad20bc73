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

/// Where a code is typed, as people read it aloud: what stands before `/join/…` in the join link.
pub(crate) fn door(join_url: &str) -> &str {
    let address = join_url.split_once("://").map_or(join_url, |(_, address)| address);
    address.rfind("/join/").map_or(address, |end| &address[..end])
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

    #[test]
    fn the_door_is_where_the_join_link_leads() {
        assert_eq!(door("https://plumbline.example.org/join/K7Q4M2XD"), "plumbline.example.org");
        assert_eq!(door("http://10.0.0.7:8080/work/join/K7Q4M2XD"), "10.0.0.7:8080/work");
    }
}
