//! Checks that a text that a third-party parser accepts has no syntax error.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::parse(input));
