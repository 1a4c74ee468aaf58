//! The parties of garbled, on ideal base OTs, and the ring semantics: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("garbled_extension", bytes));
