//! What the board says about deciding: the evidence for a verdict, what waits for one, what one still lacks, and what
//! they all come to. Derived from the board alone, the same on every page and in the record.

mod agreed;
mod asked;
mod capacity;
mod carried;
mod closing;
mod evidence;
mod missing;
mod queue;

#[cfg(test)]
pub(crate) mod room;

pub use agreed::{agreed_moves, is_agreed_move};
pub use asked::{asked_about, before};
pub use capacity::{Capacity, Load, capacity};
pub use carried::{Carried, carried, own_stance};
pub use closing::{Due, dues, shares};
pub use evidence::{Evidence, Told};
pub use missing::{EVERY, FIRST_DAYS, Need, fields, is_against, lacking, missing};
pub use queue::{Queued, Why, queue};
