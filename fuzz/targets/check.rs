//! Checks that every span of a report lies on character boundaries of the text, alone and among other files.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::check(input));
