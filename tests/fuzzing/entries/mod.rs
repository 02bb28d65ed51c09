//! What is fuzzed: any bytes as an answer of the API, as what a terminal sends, as a file of ours or of the user's.
//! Each entry panics when something doesn't hold. `fuzz/` calls them with libFuzzer's bytes, `tests/fuzzing/` with a
//! saved corpus and with random ones.

mod answer;
mod file;
mod keys;
mod screen;

pub use answer::answer;
pub use file::file;
pub use keys::keys;
