//! Checks that every format is written without a panic, and that other parsers accept the JSON formats.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::render(input));
