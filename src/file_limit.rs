//! The limit for the size of files (`ulimit -f`).

use rustix::process::Signal;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// From now on a write beyond the limit fails with a reason that can be told, as on a full disk; without this the
/// system ends the program (SIGXFSZ). Children start with what is usual.
pub fn outlive() {
    // A handler once set stays: neither the runtime nor the receiver is needed for that, and nobody is told of the
    // signal.
    if let Ok(runtime) = Builder::new_current_thread().enable_io().build() {
        let _inside = runtime.enter();
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
    }
}
