//! Every format is written without a panic, and other readers accept the JSON formats.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::render(input));
