//! A program in a pseudo-terminal: bytes go in as keys, and what a person would see comes out.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use novita_edit::demo::{DemoServer, Options, Pace, Recorded};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The endpoint that most tests open.
pub const LLAMA: &str = "ep_7f3a91c2";
/// A secret of that endpoint, never to be seen unasked.
pub const OLD_TOKEN: &str = "hf_demo_not_a_real_token";

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const CTRL_C: &str = "\x03";
pub const CTRL_U: &str = "\x15";
pub const CTRL_Z: &str = "\x1a";

/// Nothing here takes near as long; what does hangs.
const HANG: Duration = Duration::from_secs(20);
/// The editor counts a frame as shown a moment after its bytes are out; keys that come before are dropped on purpose.
const SETTLED: Duration = Duration::from_millis(60);

/// A simulated API whose states have arrived by the next read.
pub fn server() -> DemoServer {
    server_with(Options::default())
}

pub fn server_with(options: Options) -> DemoServer {
    DemoServer::start(Options {
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
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal's modes outlive the program.
    _slave: Box<dyn SlavePty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    modes: String,
    _home: TempDir,
}

/// How a program is started.
pub struct Start {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    program: String,
    config: Option<String>,
    columns: u16,
    rows: u16,
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

    pub fn spawn(self) -> Session {
        let home = tempfile::tempdir().unwrap();
        if let Some(config) = &self.config {
            let dir = home.path().join("config/novita-edit");
            fs::create_dir_all(&dir).unwrap();
            fs::write(dir.join("config.toml"), config).unwrap();
        }
        let pair = native_pty_system().openpty(size(self.columns, self.rows)).unwrap();
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.arguments);
        command.cwd(home.path());
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
        let modes = modes(&*pair.master);
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        watch(reader, Arc::clone(&seen));
        Session {
            seen,
            master: pair.master,
            _slave: pair.slave,
            writer,
            child,
            modes,
            _home: home,
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

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

fn watch(mut reader: Box<dyn Read + Send>, seen: Arc<(Mutex<Seen>, Condvar)>) {
    thread::spawn(move || {
        let mut bytes = [0; 65536];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            let mut now = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
            now.parser.process(&bytes[..count]);
            now.raw.extend_from_slice(&bytes[..count]);
            let text = now.parser.screen().contents();
            now.screens.push(text);
            now.last = Instant::now();
            seen.1.notify_all();
        }
    });
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

    pub fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
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
    pub fn wait_for_cursor(&self, (column, row): (u16, u16)) {
        self.wait_until(&format!("the cursor in column {column} of row {row}"), |seen| {
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
        let begun = Instant::now();
        let mut seen = self.lock();
        loop {
            let holds = holds(&seen);
            let quiet = seen.last.elapsed();
            if holds && quiet >= SETTLED {
                return;
            }
            assert!(
                begun.elapsed() < HANG,
                "waited in vain for {what}; the cursor (row, column) at {:?}, the screen:\n{}",
                seen.parser.screen().cursor_position(),
                seen.parser.screen().contents()
            );
            let most = if holds { SETTLED - quiet } else { Duration::from_secs(1) };
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
        self.master.resize(size(columns, rows)).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        let pid = self.child.process_id().and_then(|pid| i32::try_from(pid).ok());
        kill_process(pid.and_then(Pid::from_raw).unwrap(), signal).unwrap();
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
        self.wait_until("the main screen", |seen| !seen.parser.screen().alternate_screen());
        assert_eq!(modes(&*self.master), self.modes, "the terminal's modes");
        let seen = self.lock();
        let screen = seen.parser.screen();
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert!(
            seen.raw.ends_with(b"\x1b[?1049l"),
            "the last bytes: {:?}",
            String::from_utf8_lossy(&seen.raw[seen.raw.len().saturating_sub(60)..])
        );
    }

    /// Opens the form on the endpoint and waits for its limits.
    pub fn form(base_url: &str) -> Self {
        let session = Start::editor(base_url).arg(LLAMA).spawn();
        session.wait_for("0–10");
        session
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
