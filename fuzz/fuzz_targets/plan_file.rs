//! Bytes as a plan file: see `deepshare_conformance::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deepshare_fuzz::check("plan_file", bytes));
