//! Tokens and join codes: what lets somebody in.
//!
//! A token is 256 random bits, kept by the server as a hash alone. Neither a token nor a code has a `Display`, and
//! their `Debug` shows nothing, so that none reaches a log by mistake.

use std::{fmt, hash};

use data_encoding::BASE64URL_NOPAD;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The bytes of a token that we make: 256 bits.
const TOKEN_BYTES: usize = 32;

/// The fewest characters of a token, which also bounds a workspace key that somebody chose.
pub const SHORTEST_TOKEN: usize = 32;

/// The most characters of a token.
pub const LONGEST_TOKEN: usize = 128;

/// Whom a token lets in. Each kind has a prefix, so that one that was pasted in the wrong place can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A facilitator of one session: `pf_`.
    Facilitator,
    /// A participant of one session: `pp_`.
    Participant,
    /// An observer of one session: `po_`.
    Observer,
    /// The workspace key: `pw_`.
    Workspace,
    /// Whoever asks for new work: `pi_`.
    Intake,
    /// Whoever has asked, and looks what became of it: `pq_`.
    Request,
    /// A link that is good for one use, to be exchanged for a participant's token: `pl_`.
    Link,
    /// An integration of the workspace: `pk_`.
    Api,
}

impl TokenKind {
    const ALL: [Self; 8] = [
        Self::Facilitator,
        Self::Participant,
        Self::Observer,
        Self::Workspace,
        Self::Intake,
        Self::Request,
        Self::Link,
        Self::Api,
    ];

    /// What a token of this kind begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Facilitator => "pf_",
            Self::Participant => "pp_",
            Self::Observer => "po_",
            Self::Workspace => "pw_",
            Self::Intake => "pi_",
            Self::Request => "pq_",
            Self::Link => "pl_",
            Self::Api => "pk_",
        }
    }
}

/// A token as its holder has it.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new token from the system's random numbers.
    ///
    /// # Panics
    /// If the system has no random numbers to give; nothing could be safe then.
    pub fn fresh(kind: TokenKind) -> Self {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).expect("the system gives random numbers");
        Self(format!("{}{}", kind.prefix(), BASE64URL_NOPAD.encode(&bytes)))
    }

    /// A token that whoever holds `key` can make again, with a salt that stands on the server alone: neither of the two
    /// tells anything of it, and it tells nothing of the key.
    pub fn derived(kind: TokenKind, key: &Self, salt: &Salt) -> Self {
        let hash = Sha256::new()
            .chain_update(kind.prefix())
            .chain_update(salt.0)
            .chain_update(key.0.as_bytes())
            .finalize();
        Self(format!("{}{}", kind.prefix(), BASE64URL_NOPAD.encode(&hash)))
    }

    /// Takes a text as a token. Any text of [`SHORTEST_TOKEN`] to [`LONGEST_TOKEN`] letters, digits, `-` and `_` is
    /// one, since a workspace key may be chosen by its owner; whether it lets anybody in, its hash decides.
    ///
    /// # Errors
    /// Says what a token looks like, without repeating the text.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if is_plain && (SHORTEST_TOKEN..=LONGEST_TOKEN).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAToken)
        }
    }

    /// What its prefix says that it is; `None` for a workspace key that somebody chose.
    pub fn kind(&self) -> Option<TokenKind> {
        TokenKind::ALL.into_iter().find(|kind| self.0.starts_with(kind.prefix()))
    }

    /// The text, to be given to its holder and to nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the server keeps of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}…)", self.kind().map_or("", TokenKind::prefix))
    }
}

/// The text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "that is not a token: it has {SHORTEST_TOKEN} to {LONGEST_TOKEN} letters, digits, hyphens and underscores; copy the whole link"
)]
pub struct NotAToken;

/// What a derived token comes from beside the key: 256 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Salt(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl Salt {
    /// A new one from the system's random numbers.
    ///
    /// # Panics
    /// If the system has no random numbers to give; nothing could be safe then.
    pub fn fresh() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system gives random numbers");
        Self(bytes)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// The SHA-256 of a token's text: all that the server keeps. Compared in constant time.
#[derive(Clone, Copy, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct TokenHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl hash::Hash for TokenHash {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_fresh_token_says_its_kind_and_is_like_no_other() {
        for kind in TokenKind::ALL {
            let (one, other) = (Token::fresh(kind), Token::fresh(kind));
            assert_eq!(one.kind(), Some(kind));
            assert_eq!(one.reveal().len(), 3 + 43);
            assert_ne!(one.reveal(), other.reveal());
            assert_ne!(one.hash(), other.hash());
        }
    }

    #[test]
    fn a_derived_token_is_made_again_with_the_same_key_and_salt_and_with_no_other() {
        let (key, salt) = (Token::fresh(TokenKind::Workspace), Salt::fresh());
        let derived = Token::derived(TokenKind::Intake, &key, &salt);
        assert_eq!(derived.kind(), Some(TokenKind::Intake));
        assert_eq!(Token::parse(derived.reveal()).unwrap().hash(), derived.hash());
        assert_eq!(Token::derived(TokenKind::Intake, &key, &salt).hash(), derived.hash());
        assert_ne!(Token::derived(TokenKind::Intake, &key, &Salt::fresh()).hash(), derived.hash());
        let other = Token::fresh(TokenKind::Workspace);
        assert_ne!(Token::derived(TokenKind::Intake, &other, &salt).hash(), derived.hash());
    }

    #[test]
    fn a_token_is_read_as_it_is_written() {
        let token = Token::fresh(TokenKind::Participant);
        assert_eq!(Token::parse(token.reveal()).unwrap().hash(), token.hash());
    }

    #[test]
    fn a_workspace_key_may_be_chosen_if_it_is_long_enough() {
        assert_eq!(Token::parse("correct-horse-battery-staple-1234").unwrap().kind(), None);
        for text in ["", "short", &"x".repeat(LONGEST_TOKEN + 1), &"with space ".repeat(4), &"é".repeat(20)]
        {
            assert_eq!(Token::parse(text).err(), Some(NotAToken));
        }
    }

    #[test]
    fn neither_a_token_nor_its_hash_is_shown() {
        let token = Token::fresh(TokenKind::Facilitator);
        assert_eq!(format!("{token:?}"), "Token(pf_…)");
        assert_eq!(format!("{:?}", token.hash()), "TokenHash(…)");
        assert!(!NotAToken.to_string().contains(token.reveal()));
    }

    #[test]
    fn a_hash_is_the_sha_256_of_the_text_and_is_kept_as_32_bytes() {
        let hash = Token::parse("abcdefghijklmnopqrstuvwxyz0123456789").unwrap().hash();
        let bytes = minicbor::to_vec(hash).unwrap();
        assert_eq!(bytes[..2], [0x58, 32]);
        assert_eq!(data_encoding::HEXLOWER.encode(&hash.0[..8]), "011fc2994e39d251");
        assert_eq!(minicbor::decode::<TokenHash>(&bytes).unwrap(), hash);
    }
}
