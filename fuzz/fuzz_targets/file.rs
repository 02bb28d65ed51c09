#![no_main]

#[allow(dead_code, reason = "each target takes one of the entries")]
#[path = "../../tests/fuzzing/entries/mod.rs"]
mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::file(data));
