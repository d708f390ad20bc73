//! Frames: the Yjs protocol as `y-websocket` speaks it, and message 100 beside it.
//!
//! A frame is one WebSocket message and holds one protocol message. Decoding is strict: every byte is consumed, and
//! a length is at most what remains. What stands inside (updates, state vectors) is not looked at here.

use serde::{Deserialize, Serialize};

/// The WebSocket subprotocol of clients that want typed messages.
pub const SUBPROTOCOL: &str = "plumbline.1";
/// The subprotocol that carries a token: this, then the token's text.
pub const TOKEN_SUBPROTOCOL: &str = "token.";

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const QUERY_AWARENESS: u64 = 3;
const TYPED: u64 = 100;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

/// The id under which the server writes to the board: above every id that an unmodified Yjs client draws.
pub const SERVER_CLIENT: u64 = 1 << 32;

/// Why the server closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u16)]
pub enum CloseCode {
    /// Not admitted: no token, or one that is not valid any more.
    NotAdmitted = 4401,
    /// Removed from the session, or refused for what was sent.
    Refused = 4403,
    /// No such session.
    NoSuchSession = 4404,
    /// Too slow to read.
    TooSlow = 4408,
    /// Replaced: the same page has connected again.
    Replaced = 4409,
    /// A frame, or what was new in it, was too large.
    TooLarge = 4413,
    /// Too many frames in too short a time.
    TooFast = 4429,
    /// A fault of the server.
    Fault = 4500,
    /// The server is going away for a moment.
    GoingAway = 1001,
}

impl CloseCode {
    /// The code's number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// A sentence that says what to do, short enough for a close frame (123 bytes).
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotAdmitted => "This link or code is not valid any more. Join again.",
            Self::Refused => "You were taken out of this session, or sent what it cannot take.",
            Self::NoSuchSession => "There is no such session. Check the link.",
            Self::TooSlow => "Your connection is too slow to follow. Reload on a better one.",
            Self::Replaced => "This page is open elsewhere.",
            Self::TooLarge => "That was too much at once. Send it in smaller parts.",
            Self::TooFast => "That was too fast. Wait a moment.",
            Self::Fault => "The server has a fault. It will try again.",
            Self::GoingAway => "The server restarts. Your page reconnects by itself.",
        }
    }
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Sync step 1: a state vector.
    Step1(&'a [u8]),
    /// Sync step 2: an update that answers a step 1.
    Step2(&'a [u8]),
    /// An update.
    Update(&'a [u8]),
    /// Presence: an awareness update.
    Awareness(&'a [u8]),
    /// A wish for everybody's presence.
    QueryAwareness,
    /// A typed message: JSON.
    Typed(&'a str),
}

/// A frame that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It ended too early, or a length ran past its end.
    #[error("the frame ends before its content does")]
    Truncated,
    /// Bytes followed its end.
    #[error("the frame has bytes after its content")]
    Trailing,
    /// A kind that this server does not know.
    #[error("the frame is of a kind that is not known here")]
    Unknown,
    /// A typed message that is no text.
    #[error("the typed message is not valid UTF-8")]
    NotText,
}

impl<'a> Frame<'a> {
    /// Reads one frame.
    ///
    /// # Errors
    /// When the bytes are not exactly one frame of a known kind.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let mut rest = bytes;
        let frame = match read_uint(&mut rest)? {
            SYNC => match read_uint(&mut rest)? {
                STEP_1 => Self::Step1(read_bytes(&mut rest)?),
                STEP_2 => Self::Step2(read_bytes(&mut rest)?),
                UPDATE => Self::Update(read_bytes(&mut rest)?),
                _ => return Err(FrameError::Unknown),
            },
            AWARENESS => Self::Awareness(read_bytes(&mut rest)?),
            QUERY_AWARENESS => Self::QueryAwareness,
            TYPED => {
                let text = read_bytes(&mut rest)?;
                Self::Typed(std::str::from_utf8(text).map_err(|_| FrameError::NotText)?)
            }
            _ => return Err(FrameError::Unknown),
        };
        if rest.is_empty() { Ok(frame) } else { Err(FrameError::Trailing) }
    }

    /// Writes the frame.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (head, content): (&[u64], &[u8]) = match self {
            Self::Step1(bytes) => (&[SYNC, STEP_1], bytes),
            Self::Step2(bytes) => (&[SYNC, STEP_2], bytes),
            Self::Update(bytes) => (&[SYNC, UPDATE], bytes),
            Self::Awareness(bytes) => (&[AWARENESS], bytes),
            Self::QueryAwareness => (&[QUERY_AWARENESS], &[]),
            Self::Typed(text) => (&[TYPED], text.as_bytes()),
        };
        let mut out = Vec::with_capacity(content.len() + 8);
        for number in head {
            write_uint(&mut out, *number);
        }
        if !matches!(self, Self::QueryAwareness) {
            write_uint(&mut out, content.len() as u64);
            out.extend_from_slice(content);
        }
        out
    }
}

/// One entry of an awareness update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwarenessEntry<'a> {
    /// The awareness id.
    pub client: u64,
    /// Its clock: the higher one wins.
    pub clock: u64,
    /// The state as JSON; `null` when gone.
    pub json: &'a str,
}

/// Reads an awareness update.
///
/// # Errors
/// When the bytes are not exactly one awareness update.
pub fn read_awareness(bytes: &[u8]) -> Result<Vec<AwarenessEntry<'_>>, FrameError> {
    awareness(bytes).collect()
}

/// Reads an awareness update entry by entry: it may hold hundreds of thousands. The last entry may be an error: the
/// bytes were not exactly one awareness update then.
pub fn awareness(bytes: &[u8]) -> impl Iterator<Item = Result<AwarenessEntry<'_>, FrameError>> {
    let mut rest = bytes;
    let mut left = read_uint(&mut rest);
    std::iter::from_fn(move || match left {
        Ok(0) if rest.is_empty() => None,
        Ok(0) => {
            rest = &[];
            Some(Err(FrameError::Trailing))
        }
        Ok(count) => {
            let entry = read_awareness_entry(&mut rest);
            left = match entry {
                Ok(_) => Ok(count - 1),
                Err(_) => Ok(0),
            };
            if entry.is_err() {
                rest = &[];
            }
            Some(entry)
        }
        Err(error) => {
            left = Ok(0);
            rest = &[];
            Some(Err(error))
        }
    })
}

fn read_awareness_entry<'a>(rest: &mut &'a [u8]) -> Result<AwarenessEntry<'a>, FrameError> {
    let client = read_uint(rest)?;
    let clock = read_uint(rest)?;
    let json = std::str::from_utf8(read_bytes(rest)?).map_err(|_| FrameError::NotText)?;
    Ok(AwarenessEntry { client, clock, json })
}

/// Writes an awareness update.
#[must_use]
pub fn write_awareness<'a>(entries: impl ExactSizeIterator<Item = AwarenessEntry<'a>>) -> Vec<u8> {
    let mut out = Vec::new();
    write_uint(&mut out, entries.len() as u64);
    for entry in entries {
        write_uint(&mut out, entry.client);
        write_uint(&mut out, entry.clock);
        write_uint(&mut out, entry.json.len() as u64);
        out.extend_from_slice(entry.json.as_bytes());
    }
    out
}

fn read_uint(rest: &mut &[u8]) -> Result<u64, FrameError> {
    let mut number = 0u64;
    // Ten groups of seven bits hold 64; an eleventh would shift past the end.
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first().ok_or(FrameError::Truncated)?;
        *rest = tail;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(FrameError::Truncated)
}

fn read_bytes<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], FrameError> {
    let length = usize::try_from(read_uint(rest)?).map_err(|_| FrameError::Truncated)?;
    let (bytes, tail) = rest.split_at_checked(length).ok_or(FrameError::Truncated)?;
    *rest = tail;
    Ok(bytes)
}

fn write_uint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was() {
        let long = vec![7; 300];
        for frame in [
            Frame::Step1(&[0]),
            Frame::Step2(&long),
            Frame::Update(&[]),
            Frame::Awareness(&[1, 2]),
            Frame::QueryAwareness,
            Frame::Typed("{\"ä\":1}"),
        ] {
            assert_eq!(Frame::decode(&frame.encode()), Ok(frame));
        }
    }

    #[test]
    fn a_truncated_frame_is_no_clean_end() {
        let whole = Frame::Update(&[1, 2, 3]).encode();
        for end in 0..whole.len() {
            assert_eq!(Frame::decode(&whole[..end]), Err(FrameError::Truncated));
        }
        let mut more = whole;
        more.push(0);
        assert_eq!(Frame::decode(&more), Err(FrameError::Trailing));
    }

    #[test]
    fn a_length_past_the_end_allocates_nothing() {
        assert_eq!(Frame::decode(&[0, 2, 0xff, 0xff, 0xff, 0xff, 0x7f]), Err(FrameError::Truncated));
        assert_eq!(read_awareness(&[0xff, 0xff, 0xff, 0xff, 0x7f]), Err(FrameError::Truncated));
    }

    #[test]
    fn presence_comes_back_as_it_was() {
        let entry = AwarenessEntry { client: u64::from(u32::MAX) + 9, clock: 3, json: "null" };
        let bytes = write_awareness([entry].into_iter());
        assert_eq!(read_awareness(&bytes), Ok(vec![entry]));
    }
}
