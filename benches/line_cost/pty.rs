//! A program in a pseudo-terminal, seen from outside: what it writes, and when.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// No byte for so long: the program has said what it had to say.
const QUIET: Duration = Duration::from_millis(30);

pub const COLUMNS: u16 = 80;
pub const ROWS: u16 = 24;

pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    to: Box<dyn Write + Send>,
    from: Receiver<(Instant, Vec<u8>)>,
    /// The terminal reads nothing.
    stalled: Arc<AtomicBool>,
    parser: vt100::Parser,
    pub started: Instant,
    /// All bytes so far.
    pub written: usize,
}

/// What one key came to.
#[derive(Clone, Copy)]
pub struct Cost {
    pub bytes: usize,
    /// From the key to the last byte.
    pub time: Duration,
    /// How many pieces the bytes arrived in.
    pub pieces: usize,
}

impl Session {
    /// Starts `program` in `home`, which is all the environment that it has, but for these variables.
    pub fn start(program: &str, arguments: &[&str], home: &Path, variables: &[(&str, &str)]) -> Self {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.cwd(home);
        command.env("HOME", home);
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("NOVITA_API_KEY", "sk_bench"),
        ]
        .iter()
        .chain(variables)
        {
            command.env(name, value);
        }
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let to = pair.master.take_writer().expect("a writer");
        let (tell, from) = channel();
        let stalled = Arc::new(AtomicBool::new(false));
        let is_stalled = Arc::clone(&stalled);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                while is_stalled.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                let Ok(count @ 1..) = reader.read(&mut buffer) else {
                    break;
                };
                if tell.send((Instant::now(), buffer[..count].to_vec())).is_err() {
                    break;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("it starts");
        Self {
            child,
            _master: pair.master,
            to,
            from,
            stalled,
            parser: vt100::Parser::new(
                NonZeroU16::new(ROWS).expect("not 0"),
                NonZeroU16::new(COLUMNS).expect("not 0"),
                0,
            ),
            started,
            written: 0,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).expect("the terminal takes it");
        self.to.flush().expect("the terminal takes it");
    }

    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// The next piece of output.
    fn next(&mut self, patience: Duration) -> Option<(Instant, usize)> {
        match self.from.recv_timeout(patience) {
            Ok((at, bytes)) => {
                self.parser.process(&bytes);
                self.written += bytes.len();
                Some((at, bytes.len()))
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    /// Waits until a text is on the screen; when the piece that brought it came.
    pub fn wait_for(&mut self, text: &str) -> Duration {
        let begun = Instant::now();
        loop {
            if self.screen().contains(text) {
                return self.started.elapsed();
            }
            match self.next(Duration::from_secs(1)) {
                Some((at, _)) if self.screen().contains(text) => return at - self.started,
                _ => {}
            }
            assert!(begun.elapsed().as_secs() < 60, "no {text:?} in\n{}", self.screen());
        }
    }

    /// Takes whatever comes until nothing came for a while.
    pub fn settle(&mut self) -> Cost {
        self.cost_since(Instant::now(), QUIET)
    }

    /// The terminal reads nothing from the next piece on, or reads again.
    pub fn stall(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::Relaxed);
    }

    /// What comes until nothing came for a while; for the first piece it is waited for so long.
    pub fn cost_since(&mut self, begun: Instant, first: Duration) -> Cost {
        let mut cost = Cost {
            bytes: 0,
            time: Duration::ZERO,
            pieces: 0,
        };
        let mut patience = first;
        while let Some((at, count)) = self.next(patience) {
            cost.bytes += count;
            cost.time = at - begun;
            cost.pieces += 1;
            patience = QUIET;
        }
        cost
    }

    /// Presses a key, and waits until what it comes to is written.
    pub fn key(&mut self, bytes: &[u8]) -> Cost {
        let begun = Instant::now();
        self.send(bytes);
        self.cost_since(begun, Duration::from_millis(500))
    }

    /// Peak memory, KiB.
    pub fn peak(&self) -> u64 {
        field(Path::new(&format!("/proc/{}/status", self.pid())), "VmHWM:")
    }

    /// How often each of its threads waited for something, by the thread's number.
    pub fn waits(&self) -> BTreeMap<String, u64> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.pid()));
        let count = |task: std::fs::DirEntry| {
            let name = task.file_name().to_string_lossy().into_owned();
            (name, field(&task.path().join("status"), "voluntary_ctxt_switches:"))
        };
        tasks.into_iter().flatten().flatten().map(count).collect()
    }
}

fn field(path: &Path, name: &str) -> u64 {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
