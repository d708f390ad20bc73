//! Whether somebody may come in just now, whoever they are: where they come from, how often, and from whose page.

mod address;
mod crowd;
mod origin;
mod paces;
mod penalty;
mod rate;
mod scopes;
mod wrong_codes;

pub use address::{ClientAddress, TrustedProxies, network, note_address};
pub use crowd::{Crowd, PlaceInCrowd};
pub use origin::{NotAnOrigin, Origin, Origins, refuse_other_sites};
pub use paces::{JOINS, Paces, READS, REQUESTS};
pub use penalty::Penalties;
pub use rate::{Bucket, Rate, UPDATES};
pub use scopes::{KEY_ITSELF, SCOPES, by_key, scope_of};
pub use wrong_codes::WrongCodes;
