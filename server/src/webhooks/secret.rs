//! What an endpoint's deliveries are signed with, by the Standard Webhooks specification.
//!
//! A signature needs the secret itself: unlike a token, it cannot be kept as a hash. It has no `Display`, and its
//! `Debug` shows nothing, so that none reaches a log by mistake.

use std::fmt;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use minicbor::{Decode, Encode};
use sha2::Sha256;

/// The bytes of a secret that we make. The specification asks for 24 to 64.
const SECRET_BYTES: usize = 32;

/// What a secret begins with where it is written down.
const PREFIX: &str = "whsec_";

/// The secret that an endpoint and this server share.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Secret(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>);

impl Secret {
    /// A new secret from the system's random numbers.
    ///
    /// # Panics
    /// If the system has no random numbers to give; nothing could be safe then.
    pub fn fresh() -> Self {
        let mut bytes = vec![0; SECRET_BYTES];
        getrandom::fill(&mut bytes).expect("the system gives random numbers");
        Self(bytes)
    }

    /// The text, to be given to whoever runs the endpoint and to nobody else: `whsec_` and base64.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", BASE64.encode(&self.0))
    }

    /// The signature of a delivery: `v1,` and the HMAC-SHA-256 of its id, its time in seconds and its body, in base64.
    pub fn sign(&self, id: &str, seconds: u64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of every length");
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The specification's own example.
    #[test]
    fn a_signature_is_what_the_specification_says() {
        let key = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature =
            Secret(key).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_told_when_asked_for_and_never_by_the_way() {
        let secret = Secret::fresh();
        let text = secret.reveal();
        assert_eq!(BASE64.decode(text.strip_prefix("whsec_").unwrap().as_bytes()).unwrap().len(), 32);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_ne!(Secret::fresh().reveal(), text);
    }
}
