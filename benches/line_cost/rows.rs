//! The rows of the table: each a figure of the real binary beside its goal.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, Fault, When};

use crate::pty::{Cost, Session};
use crate::world::{ID, PROGRAM, editor, far, form, server};
use crate::{median, ms};

/// How often a start is measured.
const STARTS: usize = 21;

struct Table {
    lines: Vec<[String; 4]>,
}

impl Table {
    fn add(&mut self, what: &str, goal: &str, figure: impl Into<String>, vim: impl Into<String>) {
        let line = [what.to_owned(), goal.to_owned(), figure.into(), vim.into()];
        println!("| {} |", line.join(" | "));
        self.lines.push(line);
    }
}

pub fn print() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let home = home.path();
    let vim = has_vim().then(|| vim_typing(home));
    println!("| what | goal | measured | vim |");
    println!("| --- | --- | --- | --- |");
    let mut table = Table { lines: Vec::new() };
    keys(&mut table, home, vim.as_ref());
    first_screen(&mut table, home);
    many(&mut table, home);
    starts(&mut table, home);
    requests(&mut table, home);
    idle(&mut table, home);
    memory(&mut table, home);
    let size = std::fs::metadata(PROGRAM).map_or(0, |file| file.len());
    let mib = size as f64 / (1024.0 * 1024.0);
    table.add("release binary, stripped", "≤ 9 MiB", format!("{mib:.2} MiB"), "");
    bursts(&mut table, home);
    stalled(&mut table, home);
    println!();
}

fn has_vim() -> bool {
    Command::new("vim").arg("--version").output().is_ok()
}

fn vim(home: &Path) -> Session {
    let file = home.join("text.txt");
    std::fs::write(&file, "some words of a line\n").expect("a file");
    let file = file.to_string_lossy().into_owned();
    Session::start("vim", &["-u", "NONE", "-n", &file], home, &[])
}

/// Typed at a line's end in vim: bytes and time.
fn vim_typing(home: &Path) -> Vec<Cost> {
    let mut vim = vim(home);
    vim.wait_for("some words");
    vim.settle();
    vim.key(b"A");
    "abcdefghijklmnopqrstuvwxyz"
        .bytes()
        .map(|letter| vim.key(&[letter]))
        .collect()
}

fn bytes(costs: &[Cost]) -> usize {
    median(costs.iter().map(|cost| cost.bytes).collect())
}

fn time(costs: &[Cost]) -> Duration {
    median(costs.iter().map(|cost| cost.time).collect())
}

/// Presses each of them in turn, and what each came to.
fn press(session: &mut Session, keys: &[&str]) -> Vec<Cost> {
    keys.iter().map(|key| session.key(key.as_bytes())).collect()
}

fn keys(table: &mut Table, home: &Path, vim: Option<&Vec<Cost>>) {
    let server = server(None, 0);
    let mut session = form(&server, home);
    // The name: its title counts nothing, and no mark changes after the first letter.
    press(&mut session, &["/", "n", "a", "m", "e", "\r", "\r"]);
    let letters: Vec<String> = "abcdefghijklmnopqrstuvwxyz".chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    // The first one makes the marks of a change.
    session.key(b"x");
    let typed = press(&mut session, &letters[..12]);
    let of_vim = vim.map_or(String::new(), |vim| format!("{} bytes", bytes(vim)));
    table.add(
        "a character typed at the end of a text field",
        "≤ vim (13–15 bytes)",
        format!("{} bytes", bytes(&typed)),
        of_vim,
    );
    table.add(
        "key to the last byte of its frame",
        "≤ 1 ms",
        ms(time(&typed)),
        vim.map_or(String::new(), |vim| ms(time(vim))),
    );
    session.key(b"\x1b");
    press(&mut session, &["/", "i", "m", "a", "g", "e", "\r", "\r"]);
    let counted = press(&mut session, &letters[..12]);
    table.add(
        "the same with a counter that changes",
        "≤ 60 bytes",
        format!("{} bytes", bytes(&counted)),
        "",
    );
    session.key(b"\x1b");
    press(&mut session, &["/", "m", "i", "n", "\r"]);
    let moved = press(&mut session, &["j", "j", "j", "k", "j", "k", "j", "k"]);
    table.add(
        "the focus moves between two fields without problems",
        "≤ 120 bytes",
        format!("{} bytes", bytes(&moved)),
        "",
    );
    let marked = press(&mut session, &["+", "-", "+", "-"]);
    table.add(
        "a number one more, and one less (marks and counters change)",
        "",
        format!("{} bytes", bytes(&marked)),
        "",
    );
}

fn first_screen(table: &mut Table, home: &Path) {
    let server = server(None, 0);
    let mut session = editor(&server.base_url(), home, Some(ID));
    session.wait_for("0–10");
    session.settle();
    table.add(
        "the whole first screen, from the start to the filled form",
        "≤ 4,000 bytes",
        format!("{} bytes", session.written),
        "",
    );
}

fn many(table: &mut Table, home: &Path) {
    let large = server(Some((5000, 200)), 0);
    let mut session = form(&large, home);
    press(&mut session, &["/", "n", "a", "m", "e", "\r", "\r", "x"]);
    let typed = press(&mut session, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]);
    table.add("the same with 5,000 variables", "≤ 1 ms", ms(time(&typed)), "");
    drop(session);
    let many = server(None, 10_000);
    let mut session = editor(&many.base_url(), home, None);
    session.wait_for("of 10000");
    session.settle();
    let moved = press(&mut session, &["j"; 21]);
    table.add("a move in the list of 10,000 endpoints", "≤ 1 ms", ms(time(&moved)), "");
    session.key(b"/");
    let typed = press(&mut session, &["e", "n", "d", "p", "o", "i", "n", "t", "-", "9", "9"]);
    table.add(
        "a letter of its filter",
        "≤ 1 ms",
        format!(
            "{} (the slowest: {})",
            ms(time(&typed)),
            ms(typed.iter().map(|cost| cost.time).max().unwrap_or_default())
        ),
        "",
    );
}

fn starts(table: &mut Table, home: &Path) {
    // Nobody answers there, and nobody refuses either.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("bound"));
    let ours = (0..STARTS).map(|_| editor(&url, home, Some(ID)).wait_for(ID)).collect();
    let ours = median(ours);
    let theirs = has_vim().then(|| median((0..STARTS).map(|_| vim(home).wait_for("some words")).collect()));
    table.add(
        "start to the first frame, before any answer",
        "≤ 1.2 × vim",
        match theirs {
            Some(vim) => format!("{} ({:.2} × vim)", ms(ours), ours.as_secs_f64() / vim.as_secs_f64()),
            None => ms(ours),
        },
        theirs.map_or(String::new(), ms),
    );
}

fn requests(table: &mut Table, home: &Path) {
    let server = server(None, 0);
    let url = far(&server, Duration::from_millis(100));
    let filled = median((0..5).map(|_| editor(&url, home, Some(ID)).wait_for("0–10")).collect());
    table.add(
        "start to the filled form, server 200 ms away",
        "one round trip: 200 ms and what a start takes",
        ms(filled),
        "",
    );
    let mut session = editor(&url, home, Some(ID));
    session.wait_for("0–10");
    std::thread::sleep(Duration::from_millis(900));
    session.settle();
    press(&mut session, &["/", "m", "a", "x", "\r", "+", "w"]);
    session.wait_for("→");
    // Its Enter counts when it has been there for 0.3 s.
    std::thread::sleep(Duration::from_millis(400));
    let before = server.requests().len();
    let begun = Instant::now();
    session.send(b"\r");
    session.wait_for("Saved");
    let time = begun.elapsed();
    let made = server.requests().split_off(before);
    let calls: Vec<&str> = made.iter().map(|request| request.method.as_str()).collect();
    table.add(
        "a save, server 200 ms away",
        "three requests, 600 ms",
        format!("{}: {}", calls.join(", "), ms(time)),
        "",
    );
}

fn idle(table: &mut Table, home: &Path) {
    let server = server(None, 0);
    let mut session = form(&server, home);
    std::thread::sleep(Duration::from_secs(1));
    session.settle();
    let before = session.waits();
    std::thread::sleep(Duration::from_secs(10));
    let after = session.waits();
    // A thread that ended meanwhile is in neither sum.
    let wakeups: u64 = after
        .iter()
        .map(|(thread, count)| count - before.get(thread).copied().unwrap_or(0))
        .sum();
    let written = session.settle().bytes;
    table.add(
        "10 s idle with the form open",
        "no wake-ups, no bytes",
        format!("{wakeups} wake-ups, {written} bytes"),
        "",
    );
}

fn memory(table: &mut Table, home: &Path) {
    let small = server(None, 0);
    let mut session = form(&small, home);
    press(&mut session, &["w", "\t", "\x1b"]);
    let peak = |session: &Session| format!("{:.1} MiB", session.peak() as f64 / 1024.0);
    table.add("peak memory, a typical endpoint", "≤ 10 MiB", peak(&session), "");
    drop(session);
    let large = server(Some((5000, 200)), 0);
    let mut session = form(&large, home);
    press(&mut session, &["w", "\t", "\x1b"]);
    table.add(
        "peak memory, 5,000 variables of 200 characters",
        "≤ 30 MiB",
        peak(&session),
        "",
    );
}

fn bursts(table: &mut Table, home: &Path) {
    let server = server(None, 0);
    let mut session = form(&server, home);
    press(&mut session, &["/", "c", "o", "m", "m", "a", "n", "d", "\r", "\r"]);
    let mut paste = b"\x1b[200~".to_vec();
    paste.resize(paste.len() + 1024 * 1024, b'x');
    paste.extend_from_slice(b"\x1b[201~");
    let begun = Instant::now();
    session.send(&paste);
    let cost = session.cost_since(begun, Duration::from_secs(5));
    table.add(
        "a paste of 1 MB into a value",
        "within 100 ms, drawn once",
        format!("{}, {} bytes, {} write(s)", ms(cost.time), cost.bytes, cost.pieces),
        "",
    );
    session.key(b"\x1b");
    press(&mut session, &["/", "n", "a", "m", "e", "\r", "\r"]);
    let keys: Vec<u8> = (0..5000).map(|at| b'a' + (at % 26) as u8).collect();
    let last: String = keys[4992..].iter().map(|byte| char::from(*byte)).collect();
    let before = session.written;
    let begun = Instant::now();
    session.send(&keys);
    session.wait_for(&last);
    let time = begun.elapsed();
    session.settle();
    table.add(
        "5,000 keys in one write",
        "all applied, drawn a few times",
        format!("{}, {} bytes", ms(time), session.written - before),
        "",
    );
}

/// A terminal that doesn't read while the server is slow: the answer is taken all the same, and one frame follows.
fn stalled(table: &mut Table, home: &Path) {
    let server = server(None, 0);
    server
        .faults()
        .add(Call::Load, When::nth(2), Fault::DelayAfter(Duration::from_secs(1)));
    let mut session = form(&server, home);
    session.stall(true);
    // Enough to fill the terminal many times over.
    for _ in 0..4000 {
        session.send(b"\x0c");
    }
    session.send(b"r");
    std::thread::sleep(Duration::from_secs(30));
    let asked = server.requests().iter().filter(|r| r.method == "GET").count();
    session.stall(false);
    let cost = session.cost_since(Instant::now(), Duration::from_secs(5));
    table.add(
        "a terminal that reads nothing for 30 s",
        "answers are taken, then one frame",
        format!("{asked} reads answered, then {} bytes", cost.bytes),
        "",
    );
}
