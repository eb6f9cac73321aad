//! Checks that no format shows a secret after a few damaged bytes around it.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| streamlint_fuzz::mask(input));
