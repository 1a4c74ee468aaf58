//! A request to an adapter, carried out: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("operations", bytes));
