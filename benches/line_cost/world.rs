//! The account that is measured: a simulated API in this process, near or 200 ms away.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use novita_edit::demo::{DemoOptions, DemoServer, Pace};
use serde_json::json;

use crate::pty::Session;

pub const ID: &str = "ep_7f3a91c2";
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_novita-edit");

/// A server whose time stands still, so that nothing moves while it is measured; `None` keeps what the demo has.
pub fn server(envs: Option<(usize, usize)>, endpoints: usize) -> DemoServer {
    let options = DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    };
    let server = DemoServer::start(options).expect("a free port");
    if let Some((count, length)) = envs {
        let envs: Vec<_> = (0..count)
            .map(|at| json!({"key": format!("VARIABLE_{at}"), "value": "x".repeat(length)}))
            .collect();
        server.edit(ID, |endpoint| endpoint["envs"] = json!(envs));
    }
    let model = server.endpoint(ID).expect("a demo endpoint");
    for at in 3..endpoints {
        let mut endpoint = model.clone();
        endpoint["id"] = json!(format!("ep_{at:06}"));
        endpoint["name"] = json!(format!("endpoint-{at}"));
        server.add_endpoint(endpoint);
    }
    server
}

/// The editor on a server.
pub fn editor(base_url: &str, home: &Path, id: Option<&str>) -> Session {
    let mut arguments = vec!["--base-url", base_url];
    arguments.extend(id);
    Session::start(PROGRAM, &arguments, home, &[])
}

/// The editor with its form on the screen and nothing under way.
pub fn form(server: &DemoServer, home: &Path) -> Session {
    let mut session = editor(&server.base_url(), home, Some(ID));
    session.wait_for("0–10");
    // What is looked up in the background comes last.
    std::thread::sleep(Duration::from_millis(300));
    session.settle();
    session
}

/// The same server, each way so far away. What was opened first is counted, too.
pub fn far(server: &DemoServer, one_way: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let base = server.base_url();
    let host = base.split('/').nth(2).expect("a host").to_owned();
    let here = host.clone();
    std::thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let Ok(there) = TcpStream::connect(&here) else { continue };
            for (from, to) in [
                (near.try_clone(), there.try_clone()),
                (there.try_clone(), near.try_clone()),
            ] {
                let (Ok(from), Ok(to)) = (from, to) else { continue };
                delayed(from, to, one_way);
            }
        }
    });
    base.replace(&host, &format!("127.0.0.1:{port}"))
}

/// Carries bytes on after a while, in order, without making the next ones wait for these.
fn delayed(mut from: TcpStream, mut to: TcpStream, by: Duration) {
    let (tell, due) = std::sync::mpsc::channel::<(Instant, Vec<u8>)>();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if tell.send((Instant::now() + by, buffer[..count].to_vec())).is_err() {
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
