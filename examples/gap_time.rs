//! How long the gap of a save is: from the last byte of the check's answer to the first byte of the update, seen on the
//! wire, while the disk takes 3 s for each write and the account's limits take 2 s.
//!
//! `cargo build && cargo run --example gap_time`: it runs the debug program, which a disk can be made slow for. Prints
//! milliseconds, one line a save.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Pace, When};

/// What passed the relay: the request that a chunk is of, whether it is the answer, and when.
type Passed = Arc<Mutex<Vec<(String, bool, Instant)>>>;

fn relay(mut client: TcpStream, to: String, passed: Passed) {
    let Ok(mut server) = TcpStream::connect(to) else { return };
    let request = Arc::new(Mutex::new(String::new()));
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let (asked, noted) = (Arc::clone(&request), Arc::clone(&passed));
    thread::spawn(move || {
        let mut chunk = [0; 65536];
        while let Ok(size @ 1..) = from_server.read(&mut chunk) {
            let _ = to_client.write_all(&chunk[..size]);
            noted
                .lock()
                .unwrap()
                .push((asked.lock().unwrap().clone(), true, Instant::now()));
        }
    });
    let mut chunk = [0; 65536];
    while let Ok(size @ 1..) = client.read(&mut chunk) {
        let now = Instant::now();
        let text = String::from_utf8_lossy(&chunk[..size]).into_owned();
        if text.starts_with("GET ") || text.starts_with("POST ") {
            let line = text.lines().next().unwrap_or_default();
            *request.lock().unwrap() = line.to_owned();
            passed.lock().unwrap().push((line.to_owned(), false, now));
        }
        let _ = server.write_all(&chunk[..size]);
    }
}

fn gap(passed: &[(String, bool, Instant)]) -> Option<Duration> {
    let is_post = |(line, is_answer, _): &&(String, bool, Instant)| line.starts_with("POST ") && !is_answer;
    let sent = passed.iter().find(is_post)?.2;
    let is_check = |(line, is_answer, at): &&(String, bool, Instant)| {
        line.starts_with("GET ") && line.contains("/endpoint?") && *is_answer && *at < sent
    };
    Some(sent - passed.iter().rfind(is_check)?.2)
}

fn main() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/debug/novita-edit");
    for slow in [false, true, true, true, true, true] {
        let server = DemoServer::start(DemoOptions {
            pace: Pace::fast(),
            ..DemoOptions::default()
        })
        .unwrap();
        let base = server.base_url();
        let (host, path) = base.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let passed = Passed::default();
        let (to, noted) = (host.to_owned(), Arc::clone(&passed));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (to, noted) = (to.clone(), Arc::clone(&noted));
                thread::spawn(move || relay(client, to, noted));
            }
        });
        let home = tempfile::tempdir().unwrap();
        let hanging = home.path().join("hanging");
        if slow {
            let late = Fault::DelayBefore(Duration::from_secs(2));
            server.faults().add(Call::Limits, When::always(), late);
            std::fs::write(&hanging, "").unwrap();
            let hanging = hanging.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_secs(3));
                let _ = std::fs::remove_file(hanging);
            });
        }
        let done = Command::new(&program)
            .args(["scale", "ep_7f3a91c2", "--max", "8", "--yes"])
            .env_clear()
            .env("HOME", home.path())
            .env("NOVITA_API_KEY", "sk_test")
            .env("NOVITA_BASE_URL", format!("http://127.0.0.1:{port}/{path}"))
            .env("NOVITA_EDIT_TEST_DISK", format!("sync:{}", hanging.display()))
            .output()
            .unwrap();
        let gap = gap(&passed.lock().unwrap()).map(|gap| gap.as_secs_f64() * 1000.0);
        println!("slow {slow}: gap {gap:?} ms, {}", done.status);
    }
}
