//! Shares of a comparison function and the comparison: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("dcf", bytes));
