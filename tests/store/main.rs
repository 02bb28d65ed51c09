//! What is kept between runs: on a real file system, with real processes where it matters.

mod again;
mod discarded;
mod draft_writer;
mod drafts;
mod full_disk;
mod harness;
mod history;
mod listing;
mod other_keys;
mod owners;
mod places;
mod round_trip;
mod save_lock;
mod secrets;
