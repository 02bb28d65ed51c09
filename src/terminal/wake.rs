//! A pipe that wakes a thread out of its `poll(2)`.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// The end that wakes.
#[derive(Debug)]
pub(super) struct Waker(PipeWriter);

/// The end that is woken; readable while a wake-up is due.
#[derive(Debug)]
pub(super) struct Woken(PipeReader);

/// Both ends, non-blocking, closed in children. Two calls instead of `pipe2`, which macOS doesn't have.
pub(super) fn wake_pipe() -> io::Result<(Woken, Waker)> {
    let (woken, waker) = io::pipe()?;
    for end in [woken.as_fd(), waker.as_fd()] {
        fcntl_setfl(end, fcntl_getfl(end)? | OFlags::NONBLOCK)?;
    }
    Ok((Woken(woken), Waker(waker)))
}

impl Waker {
    pub(super) fn wake(&self) {
        // A full pipe already has what wakes the thread.
        let _ = rustix::io::write(&self.0, &[0]);
    }
}

impl Woken {
    /// Takes all wake-ups that are due.
    pub(super) fn clear(&self) {
        while matches!(rustix::io::read(&self.0, &mut [0; 64][..]), Ok(n) if n > 0) {}
    }
}

impl AsFd for Woken {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
