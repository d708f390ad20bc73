//! Join codes: what is read off a wall and typed into a phone.

use std::fmt;

/// The letters of a code, without those that look like others (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many letters a code has, of five bits each.
const LENGTH: usize = 8;

/// Lets whoever has it join one session: 40 random bits as eight letters. It is a secret of the room, and has no
/// `Display` and no telling `Debug`, as a token has none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinCode([u8; LENGTH]);

impl JoinCode {
    /// A new code from the system's random numbers.
    ///
    /// # Panics
    /// If the system has no random numbers to give; nothing could be safe then.
    pub fn fresh() -> Self {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).expect("the system gives random numbers");
        // 256 is a multiple of 32: every letter is as likely as every other.
        Self(bytes.map(|byte| LETTERS[usize::from(byte) % LETTERS.len()]))
    }

    /// Reads a code as people type it: in any case, with spaces and hyphens anywhere, and with the letters O, I and
    /// L for the digits that they were taken for.
    ///
    /// # Errors
    /// Says what a code looks like.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let mut code = [0; LENGTH];
        let mut letters = text.chars().filter(|c| !is_separator(*c));
        for place in &mut code {
            *place = letters.next().and_then(letter).ok_or(NotACode)?;
        }
        if letters.next().is_some() { Err(NotACode) } else { Ok(Self(code)) }
    }

    /// In two groups, for people: `K7Q4 M2XD`.
    pub fn spaced(&self) -> String {
        let text = self.compact();
        let (first, second) = text.split_at(LENGTH / 2);
        format!("{first} {second}")
    }

    /// In one piece, for links and for keeping: `K7Q4M2XD`.
    pub fn compact(&self) -> String {
        self.0.iter().map(|letter| char::from(*letter)).collect()
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn letter(typed: char) -> Option<u8> {
    let upper = u8::try_from(typed).ok()?.to_ascii_uppercase();
    let meant = match upper {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    LETTERS.contains(&meant).then_some(meant)
}

impl fmt::Debug for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinCode(…)")
    }
}

/// The text cannot be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is not a code: it has eight letters and digits, like K7Q4 M2XD")]
pub struct NotACode;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written() {
        for _ in 0..200 {
            let code = JoinCode::fresh();
            assert_eq!(JoinCode::parse(&code.spaced()), Ok(code));
            assert_eq!(JoinCode::parse(&code.compact()), Ok(code));
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = JoinCode::parse("K7Q4 M20D").unwrap();
        for typed in ["k7q4m20d", " K7Q4-M2OD ", "k7q4–m2od", "k 7 q 4 m 2 o d", "K7Q4\u{a0}M20D"] {
            assert_eq!(JoinCode::parse(typed), Ok(code), "{typed}");
        }
        assert_eq!(JoinCode::parse("iIlL 1111").unwrap().spaced(), "1111 1111");
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        for text in ["", "K7Q4 M2X", "K7Q4 M2XDD", "K7Q4 M2XU", "K7Q4 M2X!", "K7Q4 M2Xé", "Ｋ7Q4 M2XD"] {
            assert_eq!(JoinCode::parse(text), Err(NotACode), "{text}");
        }
    }

    #[test]
    fn a_code_is_not_shown() {
        assert_eq!(format!("{:?}", JoinCode::fresh()), "JoinCode(…)");
    }

    #[test]
    fn every_letter_comes_up() {
        let seen: std::collections::BTreeSet<char> =
            (0..200).flat_map(|_| JoinCode::fresh().compact().chars().collect::<Vec<_>>()).collect();
        assert_eq!(seen.len(), LETTERS.len());
    }
}
