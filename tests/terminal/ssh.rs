//! Over a real sshd, on a line that stalls in the middle of keys and of a paste. Where there is no sshd, the tests say
//! so and pass.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

use novita_edit::demo::DemoServer;

use crate::harness::{ENTER, LLAMA, Session, Start, posts, server};
use crate::home::Home;

const SSHD: &str = "/usr/sbin/sshd";
/// How long the line stalls.
const STALL: Duration = Duration::from_millis(1500);
/// Between two keys of a person: each is a packet of its own.
const APART: Duration = Duration::from_millis(60);

/// An sshd of its own; it ends with its test.
struct Daemon {
    child: Child,
    port: u16,
    home: Home,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Daemon {
    fn start() -> Option<Self> {
        let home = Home::new();
        let key = |name: &str| {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(home.path().join(name))
                .stdout(Stdio::null())
                .status();
            made.is_ok_and(|status| status.success())
        };
        // sshd keeps what it does before a login in there.
        let ready = fs::create_dir_all("/run/sshd").is_ok() || Path::new("/run/sshd").exists();
        if !Path::new(SSHD).exists() || !ready || !key("host") || !key("key") {
            println!("skipped: no sshd");
            return None;
        }
        fs::copy(home.path().join("key.pub"), home.path().join("allowed")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {0}/host\nAuthorizedKeysFile {0}/allowed\nStrictModes no\nUsePAM no\n\
             PidFile none\nPermitRootLogin yes\nPrintMotd no\nPrintLastLog no\n",
            home.path().display()
        );
        let file = home.path().join("sshd_config");
        fs::write(&file, config).unwrap();
        let child = Command::new(SSHD)
            .args(["-D", "-q", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let daemon = Self { child, port, home };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(daemon);
            }
            sleep(Duration::from_millis(50));
        }
        println!("skipped: sshd doesn't start here");
        None
    }
}

/// What goes up through it waits while it is stalled, and then arrives at once.
struct Relay {
    port: u16,
    stalled: Arc<(Mutex<bool>, Condvar)>,
}

impl Relay {
    fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stalled: Arc<(Mutex<bool>, Condvar)> = Arc::default();
        let gate = Arc::clone(&stalled);
        spawn(move || {
            for near in listener.incoming().flatten() {
                let far = TcpStream::connect(("127.0.0.1", to)).unwrap();
                let (up, down) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let gate = Arc::clone(&gate);
                spawn(move || {
                    carry(up, far, |bytes| {
                        let (stalled, changed) = &*gate;
                        drop(changed.wait_while(stalled.lock().unwrap(), |stalled| *stalled));
                        bytes
                    })
                });
                spawn(move || carry(down, near, |bytes| bytes));
            }
        });
        Self { port, stalled }
    }

    /// Keys that are typed while the line stalls, each a packet of its own.
    fn stalls_while(&self, type_keys: impl FnOnce()) {
        let (stalled, changed) = &*self.stalled;
        *stalled.lock().unwrap() = true;
        type_keys();
        sleep(STALL);
        *stalled.lock().unwrap() = false;
        changed.notify_all();
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, wait: impl Fn(usize) -> usize) {
    let mut bytes = [0; 65536];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..wait(count)]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}

/// The editor over ssh, through the relay, with an edit.
fn over_ssh(daemon: &Daemon, relay: &Relay, server: &DemoServer) -> Session {
    let home = daemon.home.path();
    let remote = format!(
        "NOVITA_API_KEY=sk_test XDG_STATE_HOME={0}/state XDG_CONFIG_HOME={0}/config LANG=C.UTF-8 exec {1} --base-url {2} {LLAMA}",
        home.display(),
        env!("CARGO_BIN_EXE_novita-edit"),
        server.base_url()
    );
    let mut ssh = Start::program("ssh");
    for argument in [
        "-tt",
        "-q",
        "-i",
        &home.join("key").to_string_lossy(),
        "-p",
        &relay.port.to_string(),
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        // Keys are spread in time otherwise, which is not what is looked at here.
        "-o",
        "IgnoreUnknown=ObscureKeystrokeTiming",
        "-o",
        "ObscureKeystrokeTiming=no",
        "127.0.0.1",
        &remote,
    ] {
        ssh = ssh.arg(argument);
    }
    let mut session = ssh.spawn();
    session.wait_for("0–10");
    session.set_max_workers(8);
    session
}

fn type_apart(session: &mut Session, keys: &[&[u8]]) {
    for key in keys {
        session.wire().send(key);
        sleep(APART);
    }
}

#[test]
fn keys_that_a_stalled_line_brings_at_once_send_and_discard_nothing() {
    let Some(daemon) = Daemon::start() else { return };
    let (relay, server) = (Relay::start(daemon.port), server());
    let mut session = over_ssh(&daemon, &relay, &server);
    // Out of the review, to the next pane, into the field: as somebody types who doesn't wait for the line.
    session.type_and_see("w", "Enter SEND");
    relay.stalls_while(|| type_apart(&mut session, &[b"\x1b", b"\t", b"\r"]));
    session.wait_gone("Enter SEND");
    assert_eq!(posts(&server).len(), 0);
    session.type_and_see("\x1b", "Max workers *8");
    // The review and its Enter, before the review can have been seen.
    relay.stalls_while(|| type_apart(&mut session, &[b"w", b"\r"]));
    session.wait_for("Press Enter again");
    assert_eq!(posts(&server).len(), 0);
    session.type_and_see("\x1b", "Max workers *8");
    // A question, and the letters of a name.
    relay.stalls_while(|| type_apart(&mut session, &[b"q", b"g", b"c", b"l", b"o", b"u", b"d", b"\x18"]));
    session.wait_for("Unsaved changes");
    session.type_and_see("\x1b", "Max workers *8");
    assert!(!session.shows("Unsaved changes"));
}

#[test]
fn a_stall_in_the_middle_of_an_arrow_or_of_a_paste_types_no_part_of_it() {
    let Some(daemon) = Daemon::start() else { return };
    let (relay, server) = (Relay::start(daemon.port), server());
    let mut session = over_ssh(&daemon, &relay, &server);
    session.find("name");
    session.type_and_see(ENTER, "Enter take");
    session.wire().send(b"\x1b[1;");
    sleep(APART);
    relay.stalls_while(|| type_apart(&mut session, &[b"5C"]));
    session.wire().send(b"\x1b[200~pas");
    sleep(APART);
    relay.stalls_while(|| type_apart(&mut session, &[b"ted\x1b[2", b"01~!"]));
    session.wait_for("pasted!");
    assert!(!session.shows("5C") && !session.shows("01~"), "{}", session.screen());
    session.send(ENTER);
    session.wait_gone("Enter take");
    assert_eq!(posts(&server).len(), 0);
}
