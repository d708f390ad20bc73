//! The guard: decides what of a client's update may be appended, and writes it anew.
//!
//! No byte from outside reaches yrs. A few dozen crafted bytes make yrs crash the process, hang or
//! allocate a gigabyte, so an update is read here first, by a strict decoder of the v1 format that
//! knows of every block the document ever held whose it is and which path it writes.
//! What is left after trimming away what is known already, resolving every reference and asking the
//! policy about every path is encoded again, and that encoding alone is appended and applied.
//!
//! The guard is a pure function of (index, ahead, author, bytes, limits, judge). It never panics,
//! recurses no deeper than values and maps may nest, and allocates no more than a small multiple of
//! its input. It knows no policy: the caller's judge is asked about each [`Change`].
//!
//! ```text
//! bytes ─▶ scan ─▶ resolve, in dependency order ─▶ judge ─▶ encode ─▶ Admitted ─▶ log ─▶ yrs
//!          every count checked, known blocks           each path          │
//!          skipped, first new block of each            once               ▼
//!          client found                                         Index::absorb / Ahead::push
//! ```
//!
//! How to use it:
//!
//! - *Pre-check*, before the append: [`examine`] with the folded [`Index`] and the connection's
//!   [`Ahead`]; append [`Admitted::update`]; [`Ahead::push`] its [`Delta`].
//! - *Apply*: [`examine`] the appended bytes again with an empty `Ahead`, apply
//!   [`Admitted::update`] to yrs, restore what [`Admitted::compensate`] names under
//!   [`SERVER_CLIENT`] in the same transaction, and hand the transaction's own
//!   `encode_update_v1()` to [`Index::absorb`] before it is committed.
//! - *The server's own writes*: [`Index::learn`] with the transaction's `encode_update_v1()`.
//!
//! Every replica that absorbs the same sequence holds the same [`Index`], byte for byte when encoded.

mod ahead;
mod block;
mod change;
mod encode;
mod examine;
mod index;
mod layer;
mod lib0;
mod place;
mod ranges;
mod refusal;
mod resolve;
mod scan;
mod snapshot;
mod state_vector;
mod tables;
mod value;
mod view;

#[cfg(any(test, fuzzing))]
mod tests;

/// One run of the fuzzer (`cargo xtask fuzz guard`).
#[cfg(fuzzing)]
pub fn fuzzed(bytes: &[u8]) {
    tests::fuzzed::run(bytes);
}

pub use ahead::Ahead;
pub use change::{Change, Judgement, Kind, Path, Standing, What};
pub use examine::{Admitted, Examined, examine};
pub use index::{Disagreement, Index};
pub use layer::Delta;
pub use lib0::Malformed;
pub use refusal::Refusal;
pub use snapshot::CorruptIndex;
pub use state_vector::decode_state_vector;
pub use value::{List, Value};

/// The client id under which the server writes to the board.
///
/// Above every id that an unmodified Yjs client draws (those have 32 bits), so that nobody draws it by
/// chance; and Yjs lets the higher id win where two writes of one key meet, so the server's stands.
pub const SERVER_CLIENT: u64 = 1 << 32;

/// Client ids lie below this: JavaScript's exact integers, and the bits that yrs keeps.
pub const MAX_CLIENT: u64 = 1 << 53;

/// Clocks, and the ends of blocks, lie below this.
pub const MAX_CLOCK: u32 = 1 << 31;

/// How deep arrays may nest in a plain value.
pub const MAX_VALUE_DEPTH: usize = 16;

/// How many maps and texts may stand inside each other, the root not counted.
pub const MAX_PATH_DEPTH: usize = 8;

/// How many client ids may bring something new in one update. An honest one brings one, or two after
/// a reload with unsent changes.
pub const MAX_NEW_CLIENTS: usize = 64;

/// How many client ids one author may hold in a session; each reload of an unmodified client takes one.
pub const MAX_CLIENTS_PER_AUTHOR: usize = 4096;

/// What one update may cost yrs, in blocks walked over; see [`Admitted::steps`]. A tenth of a second.
///
/// Where a block lands among others that were written at the same place, yrs finds by walking over them. A
/// frame of 64 KiB can be made so that this takes seconds and grows with each; honest updates need a few
/// hundred steps.
pub const MAX_STEPS: u32 = 4_000_000;

/// How many blocks one text may come to: some 10,000 runs of typing, each somewhere else than the one before.
pub const MAX_TEXT_BLOCKS: u32 = 20_000;

/// What a run of typing may add to a text's blocks: itself, and the split of the one in which it stands.
const BLOCKS_OF_A_RUN: u32 = 2;

/// The dense number of a participant in a session. The session maps participant ids to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Author(pub u32);

impl Author {
    /// The server itself.
    pub const SERVER: Author = Author(0);
}

/// What one update may bring; depends on who sends it and on the board's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole update, known content included.
    pub frame: usize,
    /// Bytes of [`Admitted::update`], which holds what is new and nothing else.
    pub content: usize,
    /// Whether something may be written and deleted again at a key where a map or text stands and stays. It reads like the
    /// deletion of that and, by its place among the writes of the key, may be none. Only forgers make it; logs may have it.
    pub cleared_over_made: bool,
    /// Whether the judge is asked about what is made in a root before all else of an update, so that the rest may rest on it,
    /// in whatever order both were written. Else it is asked in the order of the update.
    pub made_first: bool,
}

/// The name of one element: the client that made it, and its place in that client's sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) client: u64,
    pub(crate) clock: u32,
}
