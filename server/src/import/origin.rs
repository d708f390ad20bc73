//! Where a project comes from.

pub use plumbline_shared::words::Origin;
