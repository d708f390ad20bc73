//! Any bytes as a portfolio file: read without a panic and in time, and what comes of it keeps the limits.
#![no_main]
#![allow(clippy::unwrap_used)]

#[path = "../../server/tests/import/promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::read_any(bytes));
