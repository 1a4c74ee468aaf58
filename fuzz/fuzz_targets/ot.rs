//! The parties of ot, on ideal OTs, and the ring semantics: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_conformance::fuzz::check("ot", bytes));
