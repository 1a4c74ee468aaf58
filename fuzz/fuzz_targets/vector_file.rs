//! Bytes as a vector file: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("vector_file", bytes));
