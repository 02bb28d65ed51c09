//! What is kept between runs: on a real file system, with real processes where it matters.

mod again;
mod discarded;
mod drafts;
mod full_disk;
mod harness;
mod keeping;
mod listing;
mod owners;
mod past;
mod places;
mod round_trip;
mod secrets;
mod turn;
