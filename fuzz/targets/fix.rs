//! Fixes reach a text that has no more syntax errors, and that other parsers accept if they accepted it before.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::fix(input));
