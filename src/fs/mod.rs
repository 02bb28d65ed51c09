//! Files, opened and written without trusting what stands in their place.
//!
//! Every file that this program reads or writes comes through here: [`open()`] says what each kind has to be before
//! it is used, [`AtomicFile`] writes one whole or not at all, [`make_private`] makes the directories that nobody else
//! may enter, and [`TemporaryDir`] one that goes again. `process.rs` tells who wrote something and whether it lives,
//! `clock.rs` times as they are written and said, and what nobody wants any more. What may not live here: what is in a file, and sentences about settings and
//! keys, which have their own.

mod atomic_file;
mod clock;
mod error;
mod open;
mod private_dir;
mod process;

pub use atomic_file::{AtomicFile, create_file, refuse_irregular};
pub use clock::{
    KEPT_DAYS, day, is_over, is_stale_temporary, kept_until, now, time_here, time_in_name, time_of_name, when,
    zone_is_known, zone_name,
};
pub use error::FsError;
pub use open::{OpenError, OpenFile, OpenFor, Rules, Unfit, open, open_stream, read};
pub use private_dir::{
    DirLock, TemporaryDir, create_dirs, create_private, is_own_dir, is_still_at, make_private, open_private,
};
pub use process::{Process, is_alive, is_ignored, start_of, this_host};
