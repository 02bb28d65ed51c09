//! The emulator's side of a pseudo-terminal: it can stop reading, and it can go away.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use portable_pty::{MasterPty, PtySize};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

type Read = dyn Fn(&[u8]) + Send + Sync;

/// Dropped, it hangs up.
pub struct Wire {
    master: Box<dyn MasterPty + Send>,
    keys: File,
    reader: Option<(JoinHandle<()>, io::PipeWriter)>,
    read: Arc<Read>,
}

impl Wire {
    /// `read` is called on a thread of its own with everything that the program writes.
    pub fn new(master: Box<dyn MasterPty + Send>, read: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        let fd = master.as_raw_fd().expect("a pseudo-terminal of Unix has one");
        // SAFETY: `master` owns the descriptor and outlives this borrow, which ends in the next statement. The writer
        // that portable-pty offers types a newline and Ctrl-D when it is dropped, which a line that is cut doesn't do.
        let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
        let keys = borrowed.try_clone_to_owned().unwrap().into();
        let mut wire = Self {
            master,
            keys,
            reader: None,
            read: Arc::new(read),
        };
        wire.go_on_reading();
        wire
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
    }

    pub fn resize(&self, size: PtySize) {
        self.master.resize(size).unwrap();
    }

    /// The terminal's modes, to be compared.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios())
    }

    pub fn go_on_reading(&mut self) {
        let (stop, stopper) = io::pipe().unwrap();
        let (master, read) = (self.keys.try_clone().unwrap(), Arc::clone(&self.read));
        let thread = thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            loop {
                let mut fds = [PollFd::new(&stop, PollFlags::IN), PollFd::new(&master, PollFlags::IN)];
                if poll(&mut fds, None).is_err() || !fds[0].revents().is_empty() {
                    return;
                }
                match rustix::io::read(&master, &mut bytes) {
                    Ok(count @ 1..) => read(&bytes[..count]),
                    // No program has the terminal open any more.
                    _ => return,
                }
            }
        });
        self.reader = Some((thread, stopper));
    }

    /// From now on nothing is read from the program.
    pub fn stop_reading(&mut self) {
        if let Some((thread, stopper)) = self.reader.take() {
            drop(stopper);
            let _ = thread.join();
        }
    }

    /// Stops reading, and leaves no room for what the program writes from now on. What fills it up shows nothing.
    pub fn stall(&mut self) {
        self.stop_reading();
        let slave = self.slave(OFlags::NONBLOCK);
        loop {
            while rustix::io::write(&slave, &[0; 1024]).is_ok() {}
            // What was written may still be moved on to where the emulator would read it, which makes room once more.
            let soon = Timespec::try_from(std::time::Duration::from_millis(50)).unwrap();
            if poll(&mut [PollFd::new(&slave, PollFlags::OUT)], Some(&soon)) == Ok(0) {
                return;
            }
        }
    }

    /// The end of input, as read(2) has it: no bytes.
    pub fn end_input(&mut self) {
        let slave = self.slave(OFlags::empty());
        let mut modes = tcgetattr(&slave).unwrap();
        modes.local_modes |= LocalModes::ICANON;
        tcsetattr(&slave, OptionalActions::Now, &modes).unwrap();
        self.send(b"\x04");
    }

    fn slave(&self, flags: OFlags) -> OwnedFd {
        let name = self.master.tty_name().expect("a pseudo-terminal has a name");
        open(
            Path::new(&name),
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | flags,
            Mode::empty(),
        )
        .unwrap()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stop_reading();
    }
}
