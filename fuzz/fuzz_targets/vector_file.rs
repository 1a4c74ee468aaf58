//! Bytes as a vector file: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_conformance::fuzz::check("vector_file", bytes));
