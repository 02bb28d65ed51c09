//! A program in a pseudo-terminal: bytes go in as keys, and what a person would see comes out.

use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroU16;
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use novita_edit::demo::{DemoOptions, DemoServer, Pace, Recorded};
use portable_pty::{Child, CommandBuilder, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::home::Home;
use crate::wire::Wire;

/// The endpoint that most tests open.
pub const LLAMA: &str = "ep_7f3a91c2";
/// A secret of that endpoint, never to be seen unasked.
pub const OLD_TOKEN: &str = "hf_demo_not_a_real_token";

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const LEFT: &str = "\x1b[D";
/// Panics with `NOVITA_EDIT_TEST_PANIC`.
pub const F12: &str = "\x1b[24~";
pub const CTRL_C: &str = "\x03";
pub const CTRL_U: &str = "\x15";
pub const CTRL_X: &str = "\x18";
pub const CTRL_Z: &str = "\x1a";

/// Nothing here takes near as long; what does hangs.
const HANG: Duration = Duration::from_secs(20);
/// How long leaving may take, and some more for a machine that is busy with other tests.
const SOON: Duration = Duration::from_millis(1500);
/// Most of a processor that leaving may take: much less than a loop that spins takes in that time.
const MOST_BUSY: Duration = Duration::from_millis(300);
/// The editor counts a frame as shown a moment after its bytes are out; keys that come before are dropped on purpose.
const SETTLED: Duration = Duration::from_millis(60);

/// A review has to be on the screen for 300 ms before its Enter counts.
const READ: Duration = Duration::from_millis(400);

/// A simulated API whose states have arrived by the next read.
pub fn server() -> DemoServer {
    server_with(DemoOptions::default())
}

pub fn server_with(options: DemoOptions) -> DemoServer {
    DemoServer::start(DemoOptions {
        pace: Pace::fast(),
        ..options
    })
    .expect("loopback has a free port")
}

/// The updates that the server was asked for.
pub fn posts(server: &DemoServer) -> Vec<Recorded> {
    server.requests().into_iter().filter(|r| r.method == "POST").collect()
}

struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    /// The screen's text after every piece of output.
    screens: Vec<String>,
    last: Instant,
}

/// A program, its pseudo-terminal, and the screen that a terminal would show.
pub struct Session {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// `None` once it is cut.
    wire: Option<Wire>,
    /// Kept open, so that the terminal's modes outlive the program.
    _slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    modes: String,
    pub home: Home,
}

/// How a program is started.
pub struct Start {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    program: String,
    config: Option<String>,
    columns: u16,
    rows: u16,
    home: Home,
    umask: Option<u32>,
    /// A shell command that makes mounts for the program, with the state directory's parent as `$S`.
    mounts: Option<String>,
}

impl Start {
    /// The editor on 80×24, on this base URL.
    pub fn editor(base_url: &str) -> Self {
        Self {
            arguments: vec!["--base-url".to_owned(), base_url.to_owned()],
            ..Self::program(env!("CARGO_BIN_EXE_novita-edit"))
        }
    }

    pub fn program(program: &str) -> Self {
        let variables = [
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("NOVITA_API_KEY", "sk_test"),
        ];
        Self {
            arguments: Vec::new(),
            variables: variables.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(),
            program: program.to_owned(),
            config: None,
            columns: 80,
            rows: 24,
            home: Home::new(),
            umask: None,
            mounts: None,
        }
    }

    pub fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The text of the config file.
    pub fn config(self, text: &str) -> Self {
        Self {
            config: Some(text.to_owned()),
            ..self
        }
    }

    pub fn size(self, columns: u16, rows: u16) -> Self {
        Self { columns, rows, ..self }
    }

    /// In a home that was there before.
    pub fn home(self, home: &Home) -> Self {
        Self {
            home: home.clone(),
            ..self
        }
    }

    /// The home that the program will have.
    pub fn home_path(&self) -> &std::path::Path {
        self.home.path()
    }

    pub fn umask(self, umask: u32) -> Self {
        Self {
            umask: Some(umask),
            ..self
        }
    }

    /// Behind mounts that only the program sees, as a shell command makes them below `$S`; see [`can_mount`].
    pub fn mounts(self, command: &str) -> Self {
        Self {
            mounts: Some(command.to_owned()),
            ..self
        }
    }

    pub fn spawn(mut self) -> Session {
        let home = self.home.clone();
        if let Some(mounts) = self.mounts.take() {
            let script = format!("{mounts} && exec \"$@\"");
            let program = std::mem::replace(&mut self.program, "unshare".to_owned());
            let shell = ["-rm", "sh", "-ec", &script, "sh", &program].map(str::to_owned);
            self.arguments.splice(0..0, shell);
            let state = home.path().join("state/novita-edit");
            fs::create_dir_all(&state).unwrap();
            self = self.env("S", state.to_str().unwrap());
        }
        if let Some(config) = &self.config {
            let dir = home.path().join("config/novita-edit");
            fs::create_dir_all(&dir).unwrap();
            fs::write(dir.join("config.toml"), config).unwrap();
        }
        let pair = native_pty_system().openpty(size(self.columns, self.rows)).unwrap();
        let modes = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.arguments);
        command.cwd(home.path());
        command.umask(self.umask);
        command.env_clear();
        for (variable, below) in [
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            command.env(variable, home.path().join(below));
        }
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        let seen = Arc::new((
            Mutex::new(Seen {
                parser: vt100::Parser::new(nonzero(self.rows), nonzero(self.columns), 0),
                raw: Vec::new(),
                screens: Vec::new(),
                last: Instant::now(),
            }),
            Condvar::new(),
        ));
        let child = pair.slave.spawn_command(command).unwrap();
        let wire = {
            let seen = Arc::clone(&seen);
            Wire::new(pair.master, move |bytes| came(&seen, bytes))
        };
        Session {
            seen,
            wire: Some(wire),
            _slave: pair.slave,
            child,
            modes,
            home,
        }
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn nonzero(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a size of one at least")
}

fn came(seen: &(Mutex<Seen>, Condvar), bytes: &[u8]) {
    let mut now = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
    now.parser.process(bytes);
    now.raw.extend_from_slice(bytes);
    let text = now.parser.screen().contents();
    now.screens.push(text);
    now.last = Instant::now();
    seen.1.notify_all();
}

/// Whether a program can be given mounts of its own here.
pub fn can_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["-rm", "sh", "-ec", "mount -t tmpfs -o size=64k tmpfs /mnt"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// State of a process, and the time that it took of a processor; `None` when there is none.
pub fn process(pid: u32) -> Option<(char, Duration)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?;
    Some((fields[0].chars().next()?, Duration::from_millis(ticks * 10)))
}

/// The words of a screen without frames and line breaks, so that a sentence is found however it was wrapped.
fn words(screen: &str) -> String {
    let mut all = String::new();
    for word in screen
        .split(|c: char| c.is_whitespace() || c == '│')
        .filter(|w| !w.is_empty())
    {
        let _ = write!(all, "{word} ");
    }
    all
}

impl Session {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The screen as it is now, a line a row.
    pub fn screen(&self) -> String {
        self.lock().parser.screen().contents()
    }

    /// Column and row of the cursor.
    pub fn cursor(&self) -> (u16, u16) {
        let (row, column) = self.lock().parser.screen().cursor_position();
        (column, row)
    }

    /// Every byte that came so far.
    pub fn raw(&self) -> Vec<u8> {
        self.lock().raw.clone()
    }

    /// Sends keys, as somebody who reads a review before pressing Enter.
    pub fn send(&mut self, keys: &str) {
        let sends = |screen: String| screen.starts_with(" Review ") || screen.contains("Enter try again");
        if keys.starts_with(ENTER) && sends(self.screen()) {
            self.wait_until_quiet("the review at rest", READ, |_| true);
        }
        self.wire().send(keys.as_bytes());
    }

    pub fn wire(&mut self) -> &mut Wire {
        self.wire.as_mut().expect("the line was cut before")
    }

    /// Closes the emulator's window, or cuts the line.
    pub fn hang_up(&mut self) {
        self.wire = None;
    }

    pub fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Sends keys and waits until the screen says something.
    pub fn type_and_see(&mut self, keys: &str, text: &str) {
        self.send(keys);
        self.wait_for(text);
    }

    /// Waits until the words stand on the screen, wrapped or not, and the screen is at rest.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?} on the screen"), |seen| {
            words(&seen.parser.screen().contents()).contains(text)
        });
    }

    /// Waits until the cursor stands at this column and row.
    pub fn wait_for_cursor(&self, at: (u16, u16)) {
        self.wait_for_cursor_quiet(at, SETTLED);
    }

    /// The same, without waiting until the screen is at rest.
    pub fn see_cursor(&self, at: (u16, u16)) {
        self.wait_for_cursor_quiet(at, Duration::ZERO);
    }

    fn wait_for_cursor_quiet(&self, (column, row): (u16, u16), rest: Duration) {
        self.wait_until_quiet(&format!("the cursor in column {column} of row {row}"), rest, |seen| {
            seen.parser.screen().cursor_position() == (row, column)
        });
    }

    /// Waits until the words are no longer there.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("{text:?} gone from the screen"), |seen| {
            !words(&seen.parser.screen().contents()).contains(text)
        });
    }

    fn wait_until(&self, what: &str, holds: impl Fn(&Seen) -> bool) {
        self.wait_until_quiet(what, SETTLED, holds);
    }

    fn wait_until_quiet(&self, what: &str, rest: Duration, holds: impl Fn(&Seen) -> bool) {
        let begun = Instant::now();
        let mut seen = self.lock();
        loop {
            let holds = holds(&seen);
            let quiet = seen.last.elapsed();
            if holds && quiet >= rest {
                return;
            }
            assert!(
                begun.elapsed() < HANG,
                "waited in vain for {what}; the cursor (row, column) at {:?}, the screen:\n{}",
                seen.parser.screen().cursor_position(),
                seen.parser.screen().contents()
            );
            let most = if holds { rest - quiet } else { Duration::from_secs(1) };
            seen = self
                .seen
                .1
                .wait_timeout(seen, most)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Whether the words stand on the screen now.
    pub fn shows(&self, text: &str) -> bool {
        words(&self.screen()).contains(text)
    }

    /// How many screens there were so far, for [`ever_showed`](Self::ever_showed).
    pub fn mark(&self) -> usize {
        self.lock().screens.len()
    }

    /// Whether any screen since a mark had the text.
    pub fn ever_showed(&self, text: &str, since: usize) -> bool {
        let seen = self.lock();
        seen.screens[since.saturating_sub(1)..].iter().any(|s| s.contains(text))
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        self.lock()
            .parser
            .screen_mut()
            .set_size(nonzero(rows), nonzero(columns));
        if let Some(wire) = &self.wire {
            wire.resize(size(columns, rows));
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a process of this system has a number")
    }

    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.pid()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Ends it as no program can prevent.
    pub fn kill(mut self) {
        self.signal(Signal::KILL);
        self.exit_code();
    }

    /// Does what ends the program, asserts that it is gone within a second and didn't spin meanwhile; its exit code.
    pub fn ends_soon(&mut self, end: impl FnOnce(&mut Self)) -> u32 {
        let busy = |session: &Self| process(session.pid()).map_or(Duration::ZERO, |(_, busy)| busy);
        let before = busy(self);
        let begun = Instant::now();
        end(self);
        // One that has ended stays in the list of processes until it is waited for.
        while process(self.pid()).is_some_and(|(state, _)| state != 'Z') {
            assert!(begun.elapsed() < HANG, "still running; the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(2));
        }
        let took = begun.elapsed();
        let busy = busy(self).saturating_sub(before);
        assert!(took < SOON, "it took {took:?} to end");
        assert!(busy < MOST_BUSY, "it was busy for {busy:?} of the {took:?}");
        self.exit_code()
    }

    /// Waits for the program's end; its exit code.
    pub fn exit_code(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(begun.elapsed() < HANG, "still running; the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asserts that the terminal is as it was before the program: modes, main screen, cursor, no bracketed paste.
    pub fn assert_restored(&self) {
        self.assert_main_screen();
        let seen = self.lock();
        assert!(
            seen.raw.ends_with(b"\x1b[?1049l"),
            "the last bytes: {:?}",
            String::from_utf8_lossy(&seen.raw[seen.raw.len().saturating_sub(60)..])
        );
    }

    /// The same, where something was written to the restored terminal.
    pub fn assert_main_screen(&self) {
        self.wait_until("the main screen", |seen| !seen.parser.screen().alternate_screen());
        let modes = self.wire.as_ref().map(Wire::modes);
        assert_eq!(modes.as_ref(), Some(&self.modes), "the terminal's modes");
        let seen = self.lock();
        let screen = seen.parser.screen();
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
    }

    /// Opens the endpoint where no file can be written; `None`, and said so, in a release build.
    pub fn on_a_full_disk(base_url: &str) -> Option<Self> {
        if !cfg!(debug_assertions) {
            eprintln!("skipped: release builds have no full disk on demand");
            return None;
        }
        let start = Start::editor(base_url).arg(LLAMA);
        Some(start.env("NOVITA_EDIT_TEST_DISK", "full").spawn())
    }

    /// A shell with job control, which knows the program as `$EDITOR_UNDER_TEST`.
    pub fn shell(base_url: &str) -> Self {
        let session = Start::program("/bin/sh")
            .arg("-i")
            .env("PS1", "prompt> ")
            .env("EDITOR_UNDER_TEST", env!("CARGO_BIN_EXE_novita-edit"))
            .env("NOVITA_BASE_URL", base_url)
            .spawn();
        session.wait_for("prompt>");
        session
    }

    /// Opens the form on the endpoint and waits for its limits.
    pub fn form(base_url: &str) -> Self {
        Self::form_in(&Home::new(), base_url)
    }

    /// The same in a home that was there before.
    pub fn form_in(home: &Home, base_url: &str) -> Self {
        let session = Start::editor(base_url).arg(LLAMA).home(home).spawn();
        session.wait_for("0–10");
        session
    }

    /// Opens the endpoint where unsaved edits are known to be, and waits for the question about them.
    pub fn asked(home: &Home, base_url: &str) -> Self {
        let session = Start::editor(base_url).arg(LLAMA).home(home).spawn();
        session.wait_for("left unsaved edits of");
        session
    }

    /// Begins to type a maximum of workers that isn't taken yet.
    pub fn begin_max_workers(&mut self, number: u32) {
        self.find("max w");
        self.type_and_see(&number.to_string(), "Enter take");
    }

    /// Puts the focus on the best match.
    pub fn find(&mut self, text: &str) {
        self.type_and_see("/", "Find a field");
        self.send(&format!("{text}{ENTER}"));
        self.wait_gone("Find a field");
    }

    /// Sets max workers, within the range.
    pub fn set_max_workers(&mut self, number: u32) {
        self.find("max w");
        self.send(&number.to_string());
        self.wait_for("Enter take");
        self.send(ENTER);
        self.wait_gone("Enter take");
        self.wait_for(&format!("Max workers *{number}"));
    }

    /// Opens the review and sends what it shows.
    pub fn review_and_send(&mut self) {
        self.type_and_see("w", "Enter SEND");
        self.send(ENTER);
    }
}

/// A program that failed to end is ended with its test.
impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
