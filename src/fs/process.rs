//! Which process wrote something, and whether it still lives.

use std::process::{Command, Stdio};

use ring::digest::{SHA256, digest};
use rustix::process::{Pid, Signal, test_kill_process};

use crate::text::hex;

/// A process on a host. Its start tells it from a later one with the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Clock ticks from the boot to its start; `None` where there is no `/proc`.
    pub start: Option<u64>,
    /// The name of its host.
    pub host: String,
}

impl Process {
    /// This one.
    pub fn this() -> Self {
        let pid = std::process::id();
        Self {
            pid,
            start: start_of(pid),
            host: host(),
        }
    }

    /// Whether it surely is no more. Of another host nothing is known.
    pub fn is_dead(&self) -> bool {
        self.host == host() && !is_alive(self.pid, self.start)
    }
}

/// The name of this host.
pub(super) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Few letters for this host, for names of files.
pub fn this_host() -> String {
    host_digits(&host())
}

/// Few letters for a host: its name may be long, and may hold anything.
pub(super) fn host_digits(host: &str) -> String {
    hex(&digest(&SHA256, host.as_bytes()).as_ref()[..4])
}

/// When the process of that number started, in clock ticks from the boot; `None` where there is no `/proc`.
pub fn start_of(pid: u32) -> Option<u64> {
    stat(pid).map(|(_, start)| start)
}

/// Whether the process of that number lives here, and is the one that started then.
pub fn is_alive(pid: u32, start: Option<u64>) -> bool {
    if stat(std::process::id()).is_some() {
        return match (stat(pid), start) {
            // Ended, and only not waited for yet.
            (Some(('Z' | 'X', _)), _) => false,
            // Gone; or hidden, as another's are where `/proc` is mounted with `hidepid`: this program isn't open to
            // itself.
            (None, _) => can_be_signalled(pid),
            (Some((_, now)), Some(then)) => now == then,
            (Some(_), None) => true,
        };
    }
    can_be_signalled(pid)
}

/// Whether there is a process of that number, seen or not.
fn can_be_signalled(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    // Not allowed to signal it: it is there.
    pid.is_some_and(|pid| !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)))
}

/// Whether this process ignores a signal, as whoever started it wanted. To be asked before a handler takes its place.
pub fn is_ignored(signal: Signal) -> bool {
    let number = signal.as_raw();
    ignored_mask().map_or_else(|| outlives(number), |mask| mask >> (number - 1) & 1 == 1)
}

/// The signals that this process ignores, a bit each, from `/proc`.
fn ignored_mask() -> Option<u64> {
    let text = std::fs::read("/proc/self/status").ok()?;
    let text = String::from_utf8_lossy(&text);
    let mask = text.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// The same where there is no `/proc`: a child inherits what is ignored, and outlives it.
fn outlives(number: i32) -> bool {
    let mut child = Command::new("sh");
    child.args(["-c", &format!("kill -{number} $$")]);
    let quiet = child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|ended| ended.success())
}

/// State and start of a process, from `/proc`.
fn stat(pid: u32) -> Option<(char, u64)> {
    let text = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let text = String::from_utf8_lossy(&text);
    // The program's name, in parentheses, may hold anything: the fields are counted from behind it.
    let mut fields = text.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_another_start_is_another_process() {
        let this = Process::this();
        assert!(!this.is_dead());
        if let Some(start) = this.start {
            assert!(!is_alive(this.pid, Some(start + 1)));
        }
        assert!(is_alive(this.pid, None));
    }

    #[test]
    fn a_process_is_dead_once_it_ended_also_before_it_was_waited_for() {
        let mut child = Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap();
        assert!(is_alive(child.id(), None));
        child.kill().unwrap();
        let ended = std::time::Instant::now();
        while is_alive(child.id(), None) && ended.elapsed().as_secs() < 5 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(!cfg!(target_os = "linux") || !is_alive(child.id(), None));
        child.wait().unwrap();
        assert!(!is_alive(child.id(), None));
    }

    #[test]
    fn of_another_host_nothing_is_known() {
        let other = Process {
            pid: 1 << 30,
            start: None,
            host: "elsewhere.test".into(),
        };
        assert!(!other.is_dead());
        assert!(Process { host: host(), ..other }.is_dead());
    }
}
