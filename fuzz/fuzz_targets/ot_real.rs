//! The parties of ot, from base OTs up, and the ring semantics: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("ot_real", bytes));
