//! Answers as they are kept: sealed with what only the call itself brings.
//!
//! They hold tokens, for an hour. The key to one is made of the caller's token, the call's path and its
//! `Idempotency-Key`, none of which is kept: whoever reads the process's memory later, or the store that several nodes share,
//! finds nothing to open them with.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce, aead::Aead};
use minicbor::bytes::ByteVec;

use super::answers::Answer;

/// What opens one answer.
#[derive(Clone, Copy)]
pub(super) struct Opener(pub(super) [u8; 32]);

/// An answer that only its caller can open.
#[derive(Clone)]
pub(super) struct Sealed {
    /// Fresh for each: one key may seal a second answer, once the first is forgotten.
    nonce: [u8; 12],
    content: Vec<u8>,
}

/// Status, fields of the head, body.
type Written = (u16, Vec<(String, ByteVec)>, ByteVec);

impl Opener {
    /// Seals an answer.
    ///
    /// # Panics
    /// If the system has no random numbers to give; nothing could be safe then.
    pub(super) fn seal(self, answer: &Answer) -> Sealed {
        let fields = answer.headers.iter();
        let fields = fields.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec().into()));
        let written: Written = (answer.status.as_u16(), fields.collect(), answer.body.to_vec().into());
        let plain = minicbor::to_vec(&written).expect("writing to memory does not fail");
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).expect("the system gives random numbers");
        let content = self.cipher().encrypt(&Nonce::from(nonce), plain.as_slice());
        Sealed { nonce, content: content.expect("an answer is far shorter than what this cipher takes") }
    }

    /// Opens one; none where another call has sealed it.
    pub(super) fn open(self, sealed: &Sealed) -> Option<Answer> {
        let plain = self.cipher().decrypt(&Nonce::from(sealed.nonce), sealed.content.as_slice()).ok()?;
        let (status, fields, body): Written = minicbor::decode(&plain).ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            let name = HeaderName::try_from(name).ok()?;
            headers.append(name, HeaderValue::from_bytes(&value).ok()?);
        }
        Some(Answer {
            status: StatusCode::from_u16(status).ok()?,
            headers,
            body: Bytes::from(Vec::from(body)),
        })
    }

    fn cipher(self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.0.into())
    }
}

impl Sealed {
    /// To be kept elsewhere: the nonce, and what is sealed.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&self.nonce[..], &self.content].concat()
    }

    /// Reads it back; none where that is shorter than a nonce.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (nonce, content) = bytes.split_first_chunk()?;
        Some(Self { nonce: *nonce, content: content.to_vec() })
    }

    /// The bytes that it takes.
    pub(super) fn len(&self) -> usize {
        self.content.len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_comes_back_as_it_was_to_its_caller_and_to_nobody_else() {
        let mut headers = HeaderMap::new();
        headers.append("set-cookie", HeaderValue::from_static("a=pp_SECRET"));
        headers.append("set-cookie", HeaderValue::from_static("b=1"));
        let answer = Answer { status: StatusCode::CREATED, headers, body: Bytes::from_static(b"pf_SECRET") };
        let sealed = Opener([1; 32]).seal(&answer);
        assert!(!sealed.content.windows(6).any(|part| part == b"SECRET"));
        let again = Opener([1; 32]).open(&Sealed::from_bytes(&sealed.to_bytes()).unwrap()).unwrap();
        assert_eq!(
            (again.status, &again.headers, &again.body),
            (answer.status, &answer.headers, &answer.body)
        );
        assert!(Opener([2; 32]).open(&sealed).is_none());
        assert_ne!(Opener([1; 32]).seal(&answer).content, sealed.content);
    }
}
