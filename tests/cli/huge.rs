//! Servers that answer with millions of things: told, or cut, within an ordinary amount of memory.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use crate::run::LLAMA;

/// What the whole program may map, kilobytes. A reader without bounds takes several times as much.
const MOST: &str = "700000";

/// Answers every request with what `body` makes of its path; the base URL.
fn server(body: impl Fn(&str) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let body = Arc::new(body);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, body) = (stream.unwrap(), Arc::clone(&body));
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
                    if line.starts_with("GET") {
                        let path = line.split(' ').nth(1).unwrap().to_owned();
                        let answer = body(&path);
                        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
                        if stream.write_all((head + &answer).as_bytes()).is_err() {
                            return;
                        }
                    }
                    line.clear();
                }
            });
        }
    });
    format!("http://{address}")
}

/// Exit code and stderr of a command with so little memory.
fn run(base: &str, words: &[&str]) -> (Option<i32>, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new("/bin/sh")
        .args([
            "-c",
            &format!("ulimit -v {MOST}; exec \"$@\""),
            "sh",
            env!("CARGO_BIN_EXE_novita-edit"),
        ])
        .args(words)
        .env_clear()
        .env("HOME", home.path())
        .env("NOVITA_API_KEY", "sk_test")
        .env("NOVITA_BASE_URL", base)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(2000).collect();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// An endpoint with so much of one thing that the answer is just under 16 MiB.
fn endpoint(key: &str, entry: &str) -> String {
    let many = vec![entry; (16_000_000) / (entry.len() + 1)].join(",");
    format!(
        r#"{{"endpoint":{{"id":"{LLAMA}","name":"x","workerConfig":{{"minNum":1,"maxNum":2}},"image":{{"image":"i"}},"{key}":[{many}]}}}}"#
    )
}

#[test]
fn lists_of_millions_in_one_answer() {
    for (key, entry, code, said) in [
        // What is only shown is cut.
        ("workers", "{}", 0, ""),
        ("products", "0", 0, ""),
        // What would be written back is an error.
        ("envs", "{}", 7, "envs can't be read"),
        ("volumeMounts", "{}", 7, "volumeMounts can't be read"),
        ("ports", "{}", 7, "ports can't be read"),
    ] {
        let answer = endpoint(key, entry);
        let base = server(move |path| match path {
            "/endpoint/limit" => "{}".to_owned(),
            _ if path.starts_with("/endpoints") => format!(r#"{{"endpoints":[{{"id":"{LLAMA}"}}],"total":1}}"#),
            _ => answer.clone(),
        });
        let (ended, out, err) = run(&base, &["show", LLAMA]);
        let told = ended.is_some_and(|ended| ended == code || code != 0 && ended != 0);
        assert!(told && err.contains(said), "{key}: {ended:?} {out} {err}");
    }
}

#[test]
fn an_object_of_millions_of_members() {
    let members: String = (0..1_000_000).map(|at| format!("\"k{at}\":0,")).collect();
    let answer = format!("{{{members}\"id\":\"{LLAMA}\"}}");
    let base = server(move |_| answer.clone());
    let (ended, out, err) = run(&base, &["show", LLAMA]);
    assert!(
        ended.is_some_and(|ended| ended != 0) && err.contains("at most"),
        "{ended:?} {out} {err}"
    );
}

#[test]
fn a_list_whose_pages_never_end_and_are_full_of_new_ids() {
    let base = server(|path| {
        let page: u64 = path
            .rsplit('=')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0);
        let entries: Vec<String> = (0..19_000)
            .map(|at| format!("{{\"id\":\"e{}\"}}", page * 19_000 + at))
            .collect();
        format!("{{\"endpoints\":[{}]}}", entries.join(","))
    });
    let (ended, _, err) = run(&base, &["list"]);
    assert!(
        ended.is_some_and(|ended| ended != 0) && err.contains("it doesn't end within"),
        "{ended:?} {err}"
    );
}
