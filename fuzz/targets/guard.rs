//! Updates from forgers and honest people, as the bytes decide, against the guard and yrs behind it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plumbline::session::guard::fuzzed(bytes));
