//! Honest parties beside a hostile one, and the specification: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("hostile", bytes));
