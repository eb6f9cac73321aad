//! A text that somebody else's parser accepts has no syntax error.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::parse(input));
