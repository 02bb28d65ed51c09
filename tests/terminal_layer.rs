//! The terminal layer in real pseudo-terminals: what only a kernel can show.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::terminal::{Batch, ESC_TIMEOUT, GoneReason, Input, InputEvent, InputParser, InputReader};
use novita_edit::terminal::{
    CopyError, EXIT_PANIC, OSC52_LIMIT, RESTORE, ScreenOptions, TerminalScreen, install_panic_hook, restore_now,
};
use novita_edit::terminal::{FramesWritten, Output, Seen};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::layout::Position;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Nothing here takes near as long; what does hangs.
const HANG: Duration = Duration::from_secs(20);

/// A pseudo-terminal of 80×24: the emulator's side and the program's.
struct Pty {
    master: OwnedFd,
    slave: OwnedFd,
}

impl Pty {
    fn open() -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        let pty = Self { master, slave };
        pty.set_size(80, 24);
        pty
    }

    fn raw() -> Self {
        let pty = Self::open();
        let mut modes = tcgetattr(&pty.slave).unwrap();
        modes.make_raw();
        tcsetattr(&pty.slave, OptionalActions::Now, &modes).unwrap();
        pty
    }

    fn set_size(&self, columns: u16, rows: u16) {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&self.slave, size).unwrap();
    }

    fn slave(&self) -> OwnedFd {
        self.slave.try_clone().unwrap()
    }

    fn type_keys(&self, bytes: &[u8]) {
        File::from(self.master.try_clone().unwrap()).write_all(bytes).unwrap();
    }

    fn screen(&self, options: ScreenOptions) -> (TerminalScreen, mpsc::Receiver<Output>) {
        let (tell, told) = mpsc::channel();
        let screen = TerminalScreen::enter_on(self.slave(), self.slave(), options, move |output| {
            let _ = tell.send(output);
        });
        (screen.unwrap(), told)
    }

    fn modes(&self) -> String {
        format!("{:?}", tcgetattr(&self.slave).unwrap())
    }
}

/// All that can be read now, and what follows until it is silent for a while.
fn drain(master: impl AsFd) -> Vec<u8> {
    let silence = Timespec::try_from(Duration::from_millis(200)).unwrap();
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    while poll(&mut [PollFd::new(&master, PollFlags::IN)], Some(&silence)).unwrap() > 0 {
        match rustix::io::read(&master, &mut buffer) {
            Ok(n) if n > 0 => all.extend_from_slice(&buffer[..n]),
            _ => break,
        }
    }
    all
}

fn emulate(bytes: &[u8]) -> vt100::Parser {
    let mut emulator = vt100::Parser::new(NonZeroU16::new(24).unwrap(), NonZeroU16::new(80).unwrap(), 0);
    emulator.process(bytes);
    emulator
}

fn show(screen: &mut TerminalScreen, text: &str) -> u64 {
    screen
        .draw(|frame| {
            frame.render_widget(text, frame.area());
            frame.set_cursor_position(Position::new(3, 0));
        })
        .unwrap()
}

/// The screen full of one letter.
fn full_of(seed: u64) -> String {
    let letter = char::from(b'a' + (seed % 26) as u8);
    vec![letter.to_string().repeat(80); 24].join("\n")
}

fn fill(screen: &mut TerminalScreen, seed: u64) -> u64 {
    let text = full_of(seed);
    screen
        .draw(|frame| frame.render_widget(ratatui::text::Text::raw(text), frame.area()))
        .unwrap()
}

fn wait_written(told: &mpsc::Receiver<Output>, number: u64) -> Vec<u64> {
    let mut written = Vec::new();
    while written.last() != Some(&number) {
        match told.recv_timeout(HANG).unwrap() {
            Output::Written(n) => written.push(n),
            Output::Failed(error) => panic!("{error}"),
        }
    }
    written
}

/// The process has one active terminal, so these take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reader(pty: &Pty) -> (InputReader, UnboundedReceiver<Input>, Arc<FramesWritten>) {
    let (to, from) = unbounded_channel();
    let frames = Arc::new(FramesWritten::default());
    (
        InputReader::start(pty.slave(), InputParser::new(ESC_TIMEOUT), Arc::clone(&frames), to).unwrap(),
        from,
        frames,
    )
}

/// The next input, or `None` when the reader has ended; fails when nothing comes.
fn next(from: &mut UnboundedReceiver<Input>) -> Option<Input> {
    let started = Instant::now();
    loop {
        match from.try_recv() {
            Ok(input) => return Some(input),
            Err(tokio::sync::mpsc::error::TryRecvError::Disconnected) => return None,
            Err(_) => assert!(started.elapsed() < HANG, "nothing came"),
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn next_batch(from: &mut UnboundedReceiver<Input>) -> Batch {
    match next(from) {
        Some(Input::Batch(batch)) => batch,
        other => panic!("{other:?}"),
    }
}

fn key(code: KeyCode) -> InputEvent {
    InputEvent::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

#[test]
fn five_thousand_keys_in_one_write_all_arrive() {
    let pty = Pty::raw();
    let (_reader, mut from, _) = reader(&pty);
    let keys: String = ('a'..='z').cycle().take(5000).collect();
    let master = pty.master.try_clone().unwrap();
    let sent = keys.clone();
    let typing = thread::spawn(move || File::from(master).write_all(sent.as_bytes()).unwrap());
    let mut got = String::new();
    while got.len() < 5000 {
        got.extend(next_batch(&mut from).events.iter().filter_map(|e| match e {
            InputEvent::Key(key) => key.code.as_char(),
            _ => None,
        }));
    }
    typing.join().unwrap();
    assert_eq!(got, keys);
}

#[test]
fn a_hang_up_ends_the_reader_with_a_reason() {
    let mut pty = Pty::raw();
    let (_reader, mut from, _) = reader(&pty);
    pty.type_keys(b"a");
    assert_eq!(next_batch(&mut from).events, [key(KeyCode::Char('a'))]);
    pty.master = File::open("/dev/null").unwrap().into();
    assert!(matches!(
        next(&mut from),
        Some(Input::Gone(GoneReason::HangUp | GoneReason::EndOfInput))
    ));
    // The thread has let go of its sender: it has ended and can't spin.
    assert!(next(&mut from).is_none());
}

#[test]
fn the_end_of_a_pipe_is_the_end_of_input_and_what_was_held_comes_first() {
    let (read, write) = rustix::pipe::pipe().unwrap();
    let (to, mut from) = unbounded_channel();
    let _reader = InputReader::start(read, InputParser::new(HANG), Arc::new(FramesWritten::default()), to).unwrap();
    rustix::io::write(&write, b"a\x1b").unwrap();
    drop(write);
    let mut events = Vec::new();
    let reason = loop {
        match next(&mut from) {
            Some(Input::Batch(batch)) => events.extend(batch.events),
            Some(Input::Gone(reason)) => break reason,
            None => panic!("no reason"),
        }
    };
    assert_eq!(events, [key(KeyCode::Char('a')), key(KeyCode::Esc)]);
    // Linux reports an emptied pipe without writers by POLLHUP alone.
    assert!(matches!(reason, GoneReason::EndOfInput | GoneReason::HangUp));
}

#[test]
fn a_lone_esc_comes_by_itself() {
    let pty = Pty::raw();
    let (_reader, mut from, _) = reader(&pty);
    pty.type_keys(b"\x1b");
    assert_eq!(next_batch(&mut from).events, [key(KeyCode::Esc)]);
}

#[test]
fn a_paused_reader_leaves_what_is_typed_to_others() {
    let pty = Pty::raw();
    let (reader, mut from, _) = reader(&pty);
    pty.type_keys(b"a");
    assert_eq!(next_batch(&mut from).events, [key(KeyCode::Char('a'))]);
    assert!(reader.pause());
    pty.type_keys(b"for the child");
    thread::sleep(Duration::from_millis(100));
    assert_eq!(drain(&pty.slave), b"for the child");
    reader.resume();
    pty.type_keys(b"z");
    assert_eq!(next_batch(&mut from).events, [key(KeyCode::Char('z'))]);
}

#[test]
fn batches_tell_which_frame_could_be_seen() {
    let pty = Pty::raw();
    let (_reader, mut from, frames) = reader(&pty);
    pty.type_keys(b"a");
    assert_eq!(next_batch(&mut from).seen, Seen::default());
    frames.note(7, Instant::now());
    pty.type_keys(b"b");
    assert_eq!(next_batch(&mut from).seen.newest, 7);
}

#[test]
fn a_reader_stops_when_dropped() {
    let pty = Pty::raw();
    let (running, mut from, _) = reader(&pty);
    drop(running);
    assert!(next(&mut from).is_none());
    let (paused, mut from, _) = reader(&pty);
    assert!(paused.pause());
    drop(paused);
    assert!(next(&mut from).is_none());
}

#[test]
fn a_frame_is_shown_and_leaving_leaves_everything_as_it_was() {
    let _turn = turn();
    let pty = Pty::open();
    let modes = pty.modes();
    let (mut screen, told) = pty.screen(ScreenOptions {
        mouse: true,
        ..ScreenOptions::default()
    });
    assert_ne!(pty.modes(), modes);
    screen.set_title("novita\x1b]0;evil\x07-edit\u{202e}");
    let number = show(&mut screen, "hello – world");
    wait_written(&told, number);
    assert_eq!(screen.frames_written().seen(Instant::now()).newest, number);
    let bytes = drain(&pty.master);
    let emulator = emulate(&bytes);
    assert_eq!(emulator.screen().contents(), "hello – world");
    assert_eq!(emulator.screen().cursor_position(), (0, 3));
    assert!(emulator.screen().alternate_screen() && emulator.screen().bracketed_paste());
    assert_eq!(
        emulator.screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::PressRelease
    );
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(text.matches("\x1b[2J").count(), 1);
    assert!(text.contains("\x1b]2;novita␛]0;evil␇-edit⟨U+202E⟩\x07"), "{text:?}");
    // Nothing is ever asked of the terminal.
    assert!(!text.contains("\x1b[6n") && !text.contains("\x1b[c") && !text.contains("1003"));

    screen.leave();
    let rest = drain(&pty.master);
    assert_eq!(rest, RESTORE);
    assert_eq!(pty.modes(), modes);
    let emulator = emulate(&[bytes, rest].concat());
    assert!(!emulator.screen().alternate_screen() && !emulator.screen().bracketed_paste());
    assert!(!emulator.screen().hide_cursor());
    assert_eq!(emulator.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

#[test]
fn restore_now_works_from_any_thread_and_only_once_and_nothing_is_drawn_after_it() {
    let _turn = turn();
    let pty = Pty::open();
    let modes = pty.modes();
    let (mut screen, told) = pty.screen(ScreenOptions::default());
    let number = show(&mut screen, "on");
    wait_written(&told, number);
    let threads: Vec<_> = (0..4).map(|_| thread::spawn(restore_now)).collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    assert_eq!(pty.modes(), modes);
    show(&mut screen, "over the shell");
    screen.leave();
    restore_now();
    let bytes = drain(&pty.master);
    assert!(bytes.ends_with(RESTORE));
    assert_eq!(bytes.windows(RESTORE.len()).filter(|w| *w == RESTORE).count(), 1);
    assert!(!String::from_utf8_lossy(&bytes).contains("shell"));
}

#[test]
fn a_released_terminal_is_taken_again_with_everything_on_it() {
    let _turn = turn();
    let pty = Pty::open();
    let modes = pty.modes();
    let (mut screen, told) = pty.screen(ScreenOptions {
        mouse: true,
        ..ScreenOptions::default()
    });
    screen.set_title("title");
    wait_written(&told, show(&mut screen, "before"));
    screen.release();
    assert_eq!(pty.modes(), modes);
    show(&mut screen, "meanwhile");
    drain(&pty.master);
    pty.set_size(40, 10);
    assert_eq!(screen.reclaim().unwrap(), (40, 10).into());
    assert_ne!(pty.modes(), modes);
    let number = show(&mut screen, "after");
    wait_written(&told, number);
    let bytes = drain(&pty.master);
    let emulator = emulate(&bytes);
    assert_eq!(emulator.screen().contents(), "after");
    assert!(!emulator.screen().hide_cursor());
    assert!(emulator.screen().alternate_screen());
    assert_eq!(
        emulator.screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::PressRelease
    );
    assert!(String::from_utf8_lossy(&bytes).contains("\x1b]2;title\x07"));
    screen.leave();
}

#[test]
fn a_new_size_is_drawn_from_scratch() {
    let _turn = turn();
    let pty = Pty::open();
    let (mut screen, told) = pty.screen(ScreenOptions::default());
    wait_written(&told, show(&mut screen, "same"));
    drain(&pty.master);
    pty.set_size(100, 30);
    assert_eq!(screen.resized().unwrap(), (100, 30).into());
    wait_written(&told, show(&mut screen, "same"));
    let bytes = drain(&pty.master);
    assert_eq!(String::from_utf8_lossy(&bytes), "\x1b[2J\x1b[Hsame\x08");
    screen.leave();
}

#[test]
fn a_terminal_that_does_not_read_holds_nobody_up_and_gets_the_newest_frame() {
    let _turn = turn();
    let pty = Pty::open();
    let (mut screen, told) = pty.screen(ScreenOptions::default());
    let mut last = 0;
    for seed in 1..=400 {
        last = fill(&mut screen, seed);
        if seed % 20 == 0 {
            thread::sleep(Duration::from_millis(5));
        }
    }
    assert!(
        screen.frames_written().seen(Instant::now()).newest < last,
        "the terminal took everything"
    );
    let bytes = drain(&pty.master);
    let written = wait_written(&told, last);
    assert!(written.len() < 300, "{} frames were written", written.len());
    assert_eq!(
        emulate(&bytes).screen().contents().replace('\n', ""),
        full_of(400).replace('\n', "")
    );
    screen.leave();
}

#[test]
fn leaving_does_not_wait_for_a_terminal_that_does_not_read() {
    let _turn = turn();
    let pty = Pty::open();
    let modes = pty.modes();
    let (mut screen, _told) = pty.screen(ScreenOptions::default());
    for seed in 0..400 {
        fill(&mut screen, seed);
        if seed % 20 == 0 {
            thread::sleep(Duration::from_millis(5));
        }
    }
    let (done, left) = mpsc::channel();
    thread::spawn(move || {
        screen.leave();
        done.send(()).unwrap();
    });
    left.recv_timeout(HANG).expect("leave() hangs");
    assert_eq!(pty.modes(), modes);
}

#[test]
fn a_terminal_that_is_gone_is_reported_once() {
    let _turn = turn();
    let pty = Pty::open();
    let (mut screen, told) = pty.screen(ScreenOptions::default());
    wait_written(&told, show(&mut screen, "there"));
    drop(pty);
    fill(&mut screen, 1);
    assert!(matches!(told.recv_timeout(HANG), Ok(Output::Failed(_))));
    assert!(matches!(
        told.recv_timeout(HANG),
        Err(mpsc::RecvTimeoutError::Disconnected)
    ));
    assert!(screen.resized().is_err());
    screen.leave();
}

#[test]
fn a_copy_goes_out_in_order_and_a_long_one_is_refused() {
    let _turn = turn();
    let pty = Pty::open();
    let (mut screen, told) = pty.screen(ScreenOptions::default());
    wait_written(&told, show(&mut screen, "x"));
    drain(&pty.master);
    assert_eq!(
        screen.copy_osc52(&vec![b'x'; OSC52_LIMIT + 1]),
        Err(CopyError::TooLong(OSC52_LIMIT + 1))
    );
    screen.copy_osc52(b"value").unwrap();
    wait_written(&told, show(&mut screen, "xy"));
    let bytes = String::from_utf8(drain(&pty.master)).unwrap();
    assert!(bytes.starts_with("\x1b]52;c;dmFsdWU=\x07"), "{bytes:?}");
    // What would drive a terminal elsewhere is carried as it is.
    let evil = "a\x1b]0;x\x07\u{9b}2J\u{202e}\0\r\n\u{200b}é";
    screen.copy_osc52(evil.as_bytes()).unwrap();
    wait_written(&told, show(&mut screen, "xyz"));
    let bytes = String::from_utf8(drain(&pty.master)).unwrap();
    let (carried, _) = bytes.strip_prefix("\x1b]52;c;").unwrap().split_once('\x07').unwrap();
    assert_eq!(BASE64_STANDARD.decode(carried).unwrap(), evil.as_bytes());
    screen.leave();
}

/// Runs one of the ignored tests below as a process of its own in a terminal; gives its exit code, what it wrote and
/// whether the terminal's modes were the same afterwards.
fn child(name: &str) -> (u32, String, bool) {
    let pty = native_pty_system()
        .openpty(PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    let modes = || format!("{:?}", pty.master.get_termios());
    let before = modes();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    let mut output = pty.master.try_clone_reader().unwrap();
    let reading = thread::spawn(move || {
        let mut all = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = output.read(&mut buffer) {
            all.extend_from_slice(&buffer[..n]);
        }
        String::from_utf8_lossy(&all).into_owned()
    });
    let mut child = pty.slave.spawn_command(command).unwrap();
    let status = child.wait().unwrap();
    let same = modes() == before;
    drop(pty);
    (status.exit_code(), reading.join().unwrap(), same)
}

#[test]
#[ignore = "run by a_panic_in_any_thread_restores_reports_and_exits_with_101"]
fn child_panics() {
    install_panic_hook(|_| eprintln!("draft written"), |info| eprintln!("report: {info}"));
    let mut screen = TerminalScreen::enter(ScreenOptions::default(), |_| ()).unwrap();
    show(&mut screen, "drawn");
    thread::sleep(Duration::from_millis(100));
    let _ = thread::spawn(|| panic!("in a thread")).join();
    // A loop that goes on drawing, as after a panic that tokio caught.
    loop {
        show(&mut screen, "drawn over the shell");
    }
}

#[test]
fn a_panic_in_any_thread_restores_reports_and_exits_with_101() {
    let (code, output, same) = child("child_panics");
    assert_eq!(code, EXIT_PANIC as u32, "{output:?}");
    assert!(same, "raw mode was left on");
    let (screen, rest) = output
        .split_once(std::str::from_utf8(RESTORE).unwrap())
        .expect("restored");
    assert!(screen.contains("drawn"));
    let draft = rest.find("draft written").unwrap();
    assert!(
        draft < rest.find("report: ").unwrap() && rest.contains("in a thread"),
        "{rest:?}"
    );
    assert!(!rest.contains("shell"));
}

#[test]
#[ignore = "run by an_orphan_that_suspends_itself_goes_on"]
fn child_suspends() {
    let mut screen = TerminalScreen::enter(ScreenOptions::default(), |_| ()).unwrap();
    show(&mut screen, "first");
    thread::sleep(Duration::from_millis(100));
    screen.suspend().unwrap();
    show(&mut screen, "second");
    thread::sleep(Duration::from_millis(100));
    screen.leave();
}

#[test]
fn an_orphan_that_suspends_itself_goes_on() {
    let (code, output, same) = child("child_suspends");
    assert_eq!(code, 0, "{output:?}");
    assert!(same);
    let parts: Vec<_> = output.split(std::str::from_utf8(RESTORE).unwrap()).collect();
    assert_eq!(parts.len(), 3, "{output:?}");
    assert!(
        parts[0].contains("first") && parts[1].contains("\x1b[?1049h") && parts[1].contains("second"),
        "{output:?}"
    );
}
