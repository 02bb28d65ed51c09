//! The limits for files: how large they may be (`ulimit -f`), and how many may be open (`ulimit -n`).

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use thiserror::Error;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// How many files this program has open at a time, at most, and some more: the editor has some 25, terminal, signals,
/// connections and drafts counted.
const OPEN_FILES: u64 = 32;

/// This program may not open as many files as it needs.
#[derive(Debug, Error)]
#[error(
    "only {most} files may be open at a time here (`ulimit -n`), and this program needs {OPEN_FILES}: raise that limit, and \
     start it again"
)]
pub struct TooFewFiles {
    most: u64,
}

/// Sees that as many files may be open as the program needs; raises what it may raise by itself.
///
/// # Errors
/// [`TooFewFiles`]: everything would fail somewhere, and tell of something else.
pub fn enough() -> Result<(), TooFewFiles> {
    let limit = getrlimit(Resource::Nofile);
    // `None` is no limit.
    let Some(most) = limit.current.filter(|most| *most < OPEN_FILES) else {
        return Ok(());
    };
    if limit.maximum.is_none_or(|maximum| maximum >= OPEN_FILES) {
        let raised = Rlimit {
            current: Some(OPEN_FILES),
            ..limit
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            return Ok(());
        }
    }
    Err(TooFewFiles { most })
}

/// From now on a write beyond the limit for a file's size fails with a reason that can be told, as on a full disk;
/// without this the system ends the program (SIGXFSZ). Children start with what is usual.
pub fn outlive() {
    // A handler once set stays: neither the runtime nor the receiver is needed for that, and nobody is told of the
    // signal.
    if let Ok(runtime) = Builder::new_current_thread().enable_io().build() {
        let _inside = runtime.enter();
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
    }
}
