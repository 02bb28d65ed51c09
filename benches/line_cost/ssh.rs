//! The real thing: over ssh on a line of 2 kB/s with 300 ms, an endpoint is opened, two fields are changed, and saved.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::ms;
use crate::pty::Session;
use crate::world::{ID, PROGRAM, server};

/// Bytes in a second, each way.
const RATE: usize = 2000;
/// One way.
const DELAY: Duration = Duration::from_millis(150);

/// sshd, ended with its owner.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn print() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let home = home.path();
    let Some((daemon, port)) = daemon(home) else {
        println!("skipped: no sshd");
        return;
    };
    let (port, [down, up]) = line(port);
    let server = server(None, 0);
    let remote = format!(
        "NOVITA_API_KEY=sk_bench XDG_STATE_HOME={} LANG=C.UTF-8 {PROGRAM} --base-url {} {ID}",
        home.join("state").display(),
        server.base_url()
    );
    let key = home.join("key").to_string_lossy().into_owned();
    let port = port.to_string();
    let mut ssh = Session::start(
        "ssh",
        &[
            "-tt",
            "-q",
            "-i",
            &key,
            "-p",
            &port,
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "127.0.0.1",
            "sh",
            "-c",
            &format!("'echo ready; read go; exec env {remote}'"),
        ],
        home,
        &[],
    );
    ssh.wait_for("ready");
    let totals = || (down.load(Ordering::Relaxed), up.load(Ordering::Relaxed));
    println!("| step | time | bytes down | bytes up | of the terminal |");
    println!("| --- | --- | --- | --- | --- |");
    let mut before = (totals(), ssh.written);
    let whole = before;
    let begun = Instant::now();
    let mut step = |ssh: &mut Session, name: &str, keys: &[&str], text: &str| {
        let begun = Instant::now();
        for key in keys {
            ssh.send(key.as_bytes());
        }
        ssh.wait_for(text);
        let time = begun.elapsed();
        // What still comes belongs to it.
        ssh.cost_since(Instant::now(), Duration::from_millis(800));
        let now = (totals(), ssh.written);
        println!(
            "| {name} | {} | {} | {} | {} |",
            ms(time),
            now.0.0 - before.0.0,
            now.0.1 - before.0.1,
            now.1 - before.1
        );
        before = now;
    };
    step(&mut ssh, "open", &["\r"], "0–10");
    step(
        &mut ssh,
        "max workers: find it, one more",
        &["/", "max w", "\r", "+"],
        "*6",
    );
    step(
        &mut ssh,
        "idle timeout: down, 600, Enter",
        &["j", "600", "\r"],
        "*600 s",
    );
    step(&mut ssh, "the review", &["w"], "2 changes");
    step(&mut ssh, "save", &["\r"], "Saved");
    step(&mut ssh, "back", &["\r"], "Enter edit");
    let ((down, up), written) = (totals(), ssh.written);
    println!(
        "| all | {} | {} | {} | {} |",
        ms(begun.elapsed()),
        down - whole.0.0,
        up - whole.0.1,
        written - whole.1
    );
    println!();
    drop(daemon);
}

fn daemon(home: &Path) -> Option<(Daemon, u16)> {
    let sshd = "/usr/sbin/sshd";
    if !Path::new(sshd).exists() {
        return None;
    }
    let _ = std::fs::create_dir_all("/run/sshd");
    let run = |name: &str| {
        let status = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(home.join(name))
            .status();
        status.is_ok_and(|status| status.success())
    };
    if !(run("host") && run("key")) {
        return None;
    }
    std::fs::copy(home.join("key.pub"), home.join("allowed")).ok()?;
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {0}/host\nAuthorizedKeysFile {0}/allowed\nStrictModes no\nUsePAM no\n\
         PidFile none\nPermitRootLogin yes\nPrintMotd no\nPrintLastLog no\n",
        home.display()
    );
    std::fs::write(home.join("sshd_config"), config).ok()?;
    let child = Command::new(sshd)
        .args(["-D", "-q", "-f"])
        .arg(home.join("sshd_config"))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let daemon = Daemon(child);
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some((daemon, port));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

/// The slow line in front of a port: its own port, and what went down and up on it.
fn line(port: u16) -> (u16, [Arc<AtomicUsize>; 2]) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let own = listener.local_addr().expect("bound").port();
    let counts: [Arc<AtomicUsize>; 2] = Default::default();
    let counted = counts.clone();
    std::thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let Ok(there) = TcpStream::connect(("127.0.0.1", port)) else {
                continue;
            };
            let [down, up] = counted.clone();
            if let (Ok(a), Ok(b), Ok(c), Ok(d)) =
                (there.try_clone(), near.try_clone(), near.try_clone(), there.try_clone())
            {
                slow(a, b, down);
                slow(c, d, up);
            }
        }
    });
    (own, counts)
}

/// Carries bytes on, so many in a second, each after the delay.
fn slow(mut from: TcpStream, mut to: TcpStream, count: Arc<AtomicUsize>) {
    let (tell, due) = std::sync::mpsc::channel::<(Instant, Vec<u8>)>();
    std::thread::spawn(move || {
        let mut buffer = [0; 200];
        // When the line is free again.
        let mut free = Instant::now();
        while let Ok(got @ 1..) = from.read(&mut buffer) {
            count.fetch_add(got, Ordering::Relaxed);
            free = free.max(Instant::now()) + Duration::from_secs_f64(got as f64 / RATE as f64);
            if tell.send((free + DELAY, buffer[..got].to_vec())).is_err() {
                break;
            }
        }
    });
    std::thread::spawn(move || {
        for (at, bytes) in due {
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
