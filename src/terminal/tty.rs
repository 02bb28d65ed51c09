//! The terminal as a device: raw mode, entering it, and its certain undoing.
//!
//! One [`Tty`] is active in the process; [`restore_now`] finds it from anywhere. Restoring never blocks: it writes one
//! constant string, skipped when the terminal doesn't take it within 300 ms, and then sets the terminal's modes. A
//! panic in any thread comes to that too: the screen back, the draft written, the report on stderr, exit code 101.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

/// How long restoring waits for a terminal that doesn't read.
const RESTORE_PATIENCE: Duration = Duration::from_millis(300);

/// The exit code of a panic, as Rust's own runtime has it.
pub const EXIT_PANIC: i32 = 101;

/// Undoes everything: ends a string or sequence that was cut off (ST), synchronized output off, attributes off,
/// cleared, mouse off, paste off, wrapping on, cursor on, the title from the stack, the main screen.
///
/// Where there is no other screen (the Linux console, GNU screen unless told otherwise) what was drawn would stay, with
/// the shell's prompt in the middle of it: so it is cleared.
pub const RESTORE: &[u8] =
    b"\x1b\\\x1b[?2026l\x1b[m\x1b[H\x1b[2J\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[23;0t\x1b[?1049l";

/// The same for a screen that wasn't entered yet: it is still the user's, and so is the title.
const RESTORE_UNDRAWN: &[u8] = b"\x1b\\\x1b[?2026l\x1b[m\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";

/// The title onto the stack; not repeated when the terminal is entered again without having been left.
const PUSH_TITLE: &[u8] = b"\x1b[22;0t";

/// What is set whenever the terminal is entered or drawn anew. First, an ST and the defaults of what another program
/// may have left behind: the ASCII character set in use (`ESC ( B`, shift-in), origin mode, insert mode and margins
/// off. Then our own: bracketed paste on, wrapping off (the encoder relies on that), cursor hidden.
macro_rules! modes {
    () => {
        "\x1b(B\x0f\x1b[?6l\x1b[4l\x1b[?69l\x1b[r\x1b[?2004h\x1b[?7l\x1b[?25l"
    };
}

/// Alternate screen, all modes, home, attributes off, cleared. The ST ends what another program may have left open.
const ENTER: &[u8] = concat!("\x1b\\\x1b[?1049h", modes!(), "\x1b[H\x1b[m\x1b[2J").as_bytes();

/// All modes once more, for a drawing from scratch after somebody else wrote to the terminal.
pub(super) const SET_MODES: &[u8] = concat!("\x1b\\", modes!()).as_bytes();

/// Most columns and rows that are drawn; a larger terminal is used in its upper left part. Larger than any screen with
/// letters that can be read; and sizes up to 65535×65535 can be asked for, which no memory holds.
const LARGEST: Size = Size::new(1000, 500);

/// The terminal that [`restore_now`] restores.
static ACTIVE: Mutex<Option<Arc<Tty>>> = Mutex::new(None);

/// A terminal that was or is in raw mode, with the modes it had before.
#[derive(Debug)]
pub struct Tty {
    input: OwnedFd,
    /// Non-blocking wherever it could be opened a second time. If not, a write to a terminal that doesn't read blocks
    /// the writer thread and nobody else.
    output: OwnedFd,
    saved: Termios,
    /// Counts the times that the terminal was entered; 0 while it is left. Odd jobs of an older epoch may not write.
    epoch: AtomicU64,
    entered: AtomicU64,
    title_pushed: AtomicBool,
    /// Held for the time of one write(2), so that nothing is written after the restoring.
    writing: Mutex<()>,
    restoring: Mutex<()>,
}

impl Tty {
    /// Sets `input` to raw mode and makes it the terminal that [`restore_now`] restores. `output` is the same terminal,
    /// seen from the other side; nothing is written yet.
    ///
    /// # Errors
    /// When the modes can't be read or set: no terminal, or no access to it.
    pub fn open(input: OwnedFd, output: OwnedFd) -> io::Result<Arc<Self>> {
        let saved = tcgetattr(&input)?;
        let output = reopen_nonblocking(&output).unwrap_or(output);
        let tty = Arc::new(Self {
            input,
            output,
            saved,
            epoch: AtomicU64::new(0),
            entered: AtomicU64::new(0),
            title_pushed: AtomicBool::new(false),
            writing: Mutex::new(()),
            restoring: Mutex::new(()),
        });
        *lock(&ACTIVE) = Some(Arc::clone(&tty));
        tty.enter().inspect_err(|_| tty.close())?;
        Ok(tty)
    }

    /// Raw mode on, and a new epoch: the writer enters the screen again. Also right when it was never left (after
    /// SIGCONT).
    ///
    /// # Errors
    /// When the modes can't be set.
    pub fn enter(&self) -> io::Result<()> {
        let _alone = lock(&self.restoring);
        let mut raw = self.saved.clone();
        raw.make_raw();
        // One byte is enough to return from a read; after some programs it isn't so.
        raw.special_codes[rustix::termios::SpecialCodeIndex::VMIN] = 1;
        raw.special_codes[rustix::termios::SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&self.input, OptionalActions::Now, &raw)?;
        let epoch = self.entered.fetch_add(1, Ordering::SeqCst) + 1;
        self.epoch.store(epoch, Ordering::SeqCst);
        Ok(())
    }

    /// The number of the current entering; `None` while the terminal is left.
    pub fn epoch(&self) -> Option<u64> {
        Some(self.epoch.load(Ordering::SeqCst)).filter(|&e| e != 0)
    }

    /// What enters the screen; written by the writer at the beginning of each epoch.
    pub(super) fn enter_bytes(&self) -> Vec<u8> {
        let push = if self.title_pushed.swap(true, Ordering::SeqCst) {
            &[][..]
        } else {
            PUSH_TITLE
        };
        [push, ENTER].concat()
    }

    /// One write(2), or `None` when the terminal was left or entered anew since `epoch`.
    pub(super) fn write(&self, epoch: u64, bytes: &[u8]) -> Option<Result<usize, Errno>> {
        let _alone = lock(&self.writing);
        (self.epoch() == Some(epoch)).then(|| rustix::io::write(&self.output, bytes))
    }

    pub(super) fn output(&self) -> BorrowedFd<'_> {
        self.output.as_fd()
    }

    pub(super) fn input(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    /// Columns and rows by `TIOCGWINSZ`, 1000×500 at most; 80×24 for a terminal that doesn't know (a serial line).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn size(&self) -> io::Result<Size> {
        let size = tcgetwinsize(&self.output)?;
        if size.ws_col == 0 || size.ws_row == 0 {
            return Ok(Size::new(80, 24));
        }
        Ok(Size::new(
            size.ws_col.min(LARGEST.width),
            size.ws_row.min(LARGEST.height),
        ))
    }

    /// Leaves the terminal as it was found; does nothing when it is left already. Returns within about a third
    /// of a second.
    pub fn restore(&self) {
        // Whoever comes second waits for the first, so that the process doesn't end in the middle of it.
        let _alone = lock(&self.restoring);
        if self.epoch.swap(0, Ordering::SeqCst) == 0 {
            return;
        }
        let deadline = Instant::now() + RESTORE_PATIENCE;
        let drawn = self.title_pushed.swap(false, Ordering::SeqCst);
        if let Some(_alone) = lock_until(&self.writing, deadline) {
            self.write_until(if drawn { RESTORE } else { RESTORE_UNDRAWN }, deadline);
        }
        // Nothing can be done about a failure, and the terminal is gone then.
        let _ = tcsetattr(&self.input, OptionalActions::Now, &self.saved);
    }

    /// Writes what the terminal takes until `deadline`.
    fn write_until(&self, mut bytes: &[u8], deadline: Instant) {
        while !bytes.is_empty() {
            let patience = deadline.saturating_duration_since(Instant::now());
            // Shorter than a second, so the conversion can't fail.
            let patience = Timespec::try_from(patience).unwrap_or_default();
            let mut fds = [PollFd::new(&self.output, PollFlags::OUT)];
            match poll(&mut fds, Some(&patience)) {
                Ok(1..) if fds[0].revents().contains(PollFlags::OUT) => {}
                Err(Errno::INTR) => continue,
                _ => return,
            }
            match rustix::io::write(&self.output, bytes) {
                Ok(n) => bytes = &bytes[n..],
                Err(Errno::INTR | Errno::AGAIN) if Instant::now() < deadline => {}
                Err(_) => return,
            }
        }
    }

    /// Leaves the terminal for good.
    pub(super) fn close(&self) {
        self.restore();
        let mut active = lock(&ACTIVE);
        if active.as_ref().is_some_and(|tty| std::ptr::eq(&**tty, self)) {
            *active = None;
        }
    }
}

/// Leaves the terminal as it was found, from any thread: a panic hook, the way out after a signal. Does nothing when
/// there is no terminal or it is left already; returns within about a third of a second whatever the terminal does.
///
/// Not for a raw signal handler, which may interrupt a thread that holds the lock: call it where the signal is
/// delivered (tokio's `signal`).
pub fn restore_now() {
    let tty = lock(&ACTIVE).clone();
    if let Some(tty) = tty {
        tty.restore();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while holding one; and if it did, the terminal must be restored all the more.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A write that blocks can hold it for ever.
fn lock_until<T>(mutex: &Mutex<T>, deadline: Instant) -> Option<MutexGuard<'_, T>> {
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(Duration::from_millis(2)),
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}

/// A second descriptor for the terminal behind `fd` that doesn't block, without making anybody else's descriptor so:
/// the flag belongs to the open file, and the shell shares that one with us.
///
/// # Errors
/// When it can't be opened, as after `su`, or where there is no `/proc`; a plain duplicate serves then.
pub(super) fn reopen_nonblocking(fd: impl AsFd) -> io::Result<OwnedFd> {
    let path = format!("/proc/self/fd/{}", fd.as_fd().as_raw_fd());
    Ok(open(
        path,
        OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC,
        Mode::empty(),
    )?)
}

/// Makes every panic end the process, also one in a task that tokio would catch: after it nobody knows what is true.
///
/// The terminal is restored first, since a panic in a hook aborts the process there and then. Then `before` runs (it
/// writes the draft; it may not wait for locks that the panicking thread can hold), then `report`, which writes to
/// stderr, for example color-eyre's `PanicHook::panic_report`. Neither may panic: write with `writeln!` and ignore the
/// error, for `eprintln!` panics where stderr has hung up. A second thread that panics meanwhile waits for the end.
pub fn install_panic_hook(
    before: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static,
    report: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static,
) {
    static PANICKING: AtomicBool = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |info| {
        if PANICKING.swap(true, Ordering::SeqCst) {
            loop {
                thread::park();
            }
        }
        restore_now();
        before(info);
        report(info);
        std::process::exit(EXIT_PANIC);
    }));
}

#[cfg(test)]
mod tests {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    #[test]
    fn bytes_meant_for_a_terminal_that_was_left_or_entered_anew_are_not_written() {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let slave = open(
            ptsname(&master, Vec::new()).unwrap(),
            OFlags::RDWR | OFlags::NOCTTY,
            Mode::empty(),
        )
        .unwrap();
        let tty = Tty::open(slave.try_clone().unwrap(), slave).unwrap();
        let first = tty.epoch().unwrap();
        assert_eq!(tty.write(first, b"x"), Some(Ok(1)));
        tty.restore();
        assert_eq!(tty.epoch(), None);
        assert_eq!(tty.write(first, b"x"), None);
        tty.enter().unwrap();
        assert_eq!(tty.write(first, b"x"), None);
        assert_eq!(tty.write(tty.epoch().unwrap(), b"x"), Some(Ok(1)));
        tty.close();
    }
}
