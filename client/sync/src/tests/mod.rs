//! Replicas against a relay: a plain document that stands in for the server, whose own tests are elsewhere.

mod acting;
mod balloting;
mod convergence;
mod copying;
mod exchanging;
mod refusing;
mod relay;
mod reloading;
mod room;
mod typing;
