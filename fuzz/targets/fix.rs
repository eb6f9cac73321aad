//! Checks that fixes remove all syntax errors, and that other parsers still accept the text if they accepted it before.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::fix(input));
