//! What a command costs, as a process from its start to its end, beside curl doing the same requests.
//!
//! The simulated API runs in this process and has 1,000 endpoints; the machine's cores are shared with it, the same for
//! both.

use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Pace, When};
use serde_json::json;

const ID: &str = "ep_7f3a91c2";

/// What an answer takes on a slow line.
const SLOW: Duration = Duration::from_millis(100);

fn server() -> DemoServer {
    let options = DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    };
    let server = DemoServer::start(options).expect("a free port");
    let model = server.endpoint(ID).expect("a demo endpoint");
    for at in 0..997 {
        let mut endpoint = model.clone();
        endpoint["id"] = json!(format!("ep_{at:04}"));
        endpoint["name"] = json!(format!("endpoint-{at}"));
        server.add_endpoint(endpoint);
    }
    server
}

fn novita_edit(server: &DemoServer, home: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_novita-edit"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("NOVITA_BASE_URL", server.base_url())
        .env("NOVITA_API_KEY", "sk_bench");
    command
}

/// One curl for all requests that the command made: over one connection as far as the server lets it, or all at a time.
fn curl(urls: &[String], at_a_time: bool) -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--fail", "--compressed"]);
    if at_a_time {
        command.args(["--parallel", "--parallel-immediate"]);
    }
    command.args(["--header", "Authorization: Bearer sk_bench"]);
    for url in urls {
        command.args(["--output", "/dev/null", url]);
    }
    command
}

fn run(command: &mut Command) {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("the program is there").success());
}

fn commands(c: &mut Criterion) {
    let home = tempfile::tempdir().expect("a temporary directory");
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    let mut group = c.benchmark_group("command_line");
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    for (name, arguments, is_slow) in [
        ("version, no request", &["--version"][..], false),
        ("list of 1000", &["list"], false),
        ("list of 1000 as JSON", &["list", "-o", "json"], false),
        ("list of 1000, 100 ms a request", &["list"], true),
        ("scale --dry-run", &["scale", ID, "--max", "8", "--dry-run"], false),
    ] {
        let server = server();
        if is_slow {
            server
                .faults()
                .add(Call::List, When::always(), Fault::DelayBefore(SLOW));
        }
        run(&mut novita_edit(&server, home.path(), arguments));
        let made = server.requests();
        let root = server.base_url();
        let host = root.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let urls: Vec<String> = made.iter().map(|request| format!("{host}{}", request.target)).collect();
        group.bench_function(format!("novita-edit/{name}"), |b| {
            b.iter(|| run(&mut novita_edit(&server, home.path(), arguments)));
        });
        if has_curl && !urls.is_empty() {
            println!("{name}: {} requests", urls.len());
            group.bench_function(format!("curl/{name}"), |b| b.iter(|| run(&mut curl(&urls, is_slow))));
        }
    }
    group.finish();
}

criterion_group!(benches, commands);
criterion_main!(benches);
