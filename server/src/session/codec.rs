//! How ids and words stand in entries and snapshots: ids as sixteen bytes, words as their text.

/// Ids.
pub(crate) mod id {
    use minicbor::{
        Decoder, Encoder,
        bytes::ByteArray,
        decode::Error as DecodeError,
        encode::{Error as EncodeError, Write},
    };
    use uuid::Uuid;

    pub(crate) fn encode<C, W: Write, T: Copy + Into<Uuid>>(
        id: &T,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        let id: Uuid = (*id).into();
        e.bytes(id.as_bytes())?.ok()
    }

    pub(crate) fn decode<'b, C, T: From<Uuid>>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<T, DecodeError> {
        let bytes: ByteArray<16> = minicbor::Decode::decode(d, ctx)?;
        Ok(Uuid::from_bytes(bytes.into()).into())
    }
}

/// Words: a type with `as_str` and `parse`.
pub(crate) mod word {
    use minicbor::{
        Decoder, Encoder,
        decode::Error as DecodeError,
        encode::{Error as EncodeError, Write},
    };
    use plumbline_shared::words::{Origin, Question, Role, StepKind, StepState};

    pub(crate) trait Word: Copy {
        fn text(self) -> &'static str;
        fn read(text: &str) -> Option<Self>;
    }

    macro_rules! word {
        ($($type:ty),+) => {$(
            impl Word for $type {
                fn text(self) -> &'static str {
                    self.as_str()
                }
                fn read(text: &str) -> Option<Self> {
                    Self::parse(text)
                }
            }
        )+};
    }

    word!(Role, StepKind, StepState, Origin, Question);

    pub(crate) fn encode<C, W: Write, T: Word>(
        word: &T,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        e.str(word.text())?.ok()
    }

    pub(crate) fn decode<'b, C, T: Word>(d: &mut Decoder<'b>, _: &mut C) -> Result<T, DecodeError> {
        T::read(d.str()?).ok_or_else(|| DecodeError::message("a word that this release does not know"))
    }
}
