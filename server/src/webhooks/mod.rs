//! Webhooks: who outside is told what happens here, by the Standard Webhooks specification.
//!
//! What has happened stands in logs that are there anyhow, and what is told of it follows from them ([`event`], `gather`). How
//! far each endpoint has been told, and what became of each delivery, is a log of its own ([`crate::store::LogId::webhooks`])
//! and its fold (`entry`, `state`), which has no clock and no chance. Whoever carries deliveries out (`courier`) keeps nothing:
//! it reads what is to be done from that state, and enters what came of it.

mod address;
mod body;
mod call;
mod courier;
mod entry;
mod event;
mod gather;
mod outbox;
mod schedule;
mod secret;
mod state;
#[cfg(test)]
mod tests;

pub use address::{Allowed, LONGEST_URL, Unfit, parse};
pub use body::SCHEMAS;
pub use call::reach;
pub use courier::{Courier, Options, Titles};
pub use entry::{Attempt, Content, EntryError, Off, Place, Then, Trouble};
pub use event::{Closing, Due, Happened, Kind, Mark};
pub use outbox::{Change, OutboxError, Shown, Wanted, Webhooks};
pub use schedule::{DELAYS, Schedule};
pub use secret::Secret;
pub use state::{Delivery, ENDPOINTS, Endpoint, KEPT, Stage, WAITING};
