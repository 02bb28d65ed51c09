//! One request on one connection, written and read by hand, so that a test sees what was really on the wire.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use novita_edit::demo::DemoServer;
use serde_json::Value;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body is as long as its Content-Length says.
    pub complete: bool,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn refusal(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        (self.status, text("reason"), text("message"))
    }
}

/// The connection ended before a whole response head had come.
#[derive(Debug, PartialEq, Eq)]
pub struct NoAnswer;

pub fn get(server: &DemoServer, path: &str) -> Result<Answer, NoAnswer> {
    send(server, "GET", path, &[("Authorization", "Bearer k")], b"")
}

pub fn post(server: &DemoServer, path: &str, body: &[u8]) -> Result<Answer, NoAnswer> {
    let headers = [("Authorization", "Bearer k"), ("Content-Type", "application/json")];
    send(server, "POST", path, &headers, body)
}

/// Sends one request to `path` below the server's base URL and reads until the server closes.
pub fn send(
    server: &DemoServer,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer, NoAnswer> {
    let mut stream = open(server, method, path, headers, body);
    let mut bytes = Vec::new();
    // A reset after some bytes is an end like any other; what counts is what came.
    let _ = stream.read_to_end(&mut bytes);
    parse(&bytes)
}

/// The connection after the request was written, for tests that read it in their own way or not at all.
pub fn open(server: &DemoServer, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
    let url = server.base_url();
    let rest = url.strip_prefix("http://").unwrap();
    let (host, base) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let mut head = format!("{method} {base}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");

    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream
}

fn parse(bytes: &[u8]) -> Result<Answer, NoAnswer> {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or(NoAnswer)?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let body = bytes[end + 4..].to_vec();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers: Vec<_> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status: status.parse().unwrap(),
        headers,
        complete: true,
        body,
    };
    if let Some(length) = answer.header("content-length") {
        answer.complete = length == answer.body.len().to_string();
    }
    Ok(answer)
}
