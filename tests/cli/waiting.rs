//! Until a command really waits for what a test holds back, however slow the machine is: a signal that comes before
//! that tells nothing.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat, open};
use rustix::io::ioctl_fionread;
use rustix::process::{Pid, Signal, kill_process};

use crate::run::User;

/// Longer than any machine needs.
const PATIENCE: Duration = Duration::from_secs(60);

#[track_caller]
fn until<T>(what: &str, mut come: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(come) = come() {
            return come;
        }
        assert!(begun.elapsed() < PATIENCE, "it never {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// A named pipe in the home.
pub fn fifo(user: &User, name: &str) -> PathBuf {
    let path = user.path(name);
    mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    path
}

/// The end of a named pipe that is written to, once somebody has the other one. As long as it lives more may come.
#[track_caller]
pub fn writer_of(fifo: &Path) -> File {
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    until("opened the pipe", || open(fifo, flags, Mode::empty()).ok()).into()
}

/// Once the command has taken a blank from its standard input; it waits for more then.
#[track_caller]
pub fn until_it_reads(stdin: &mut ChildStdin) {
    stdin.write_all(b" ").unwrap();
    until("read its standard input", || {
        (ioctl_fionread(&*stdin).unwrap() == 0).then_some(())
    });
}

pub fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Its exit code and what it told on stderr. Where it doesn't end it is ended, and has no code.
pub fn ended(mut child: Child) -> (Option<i32>, String) {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}
