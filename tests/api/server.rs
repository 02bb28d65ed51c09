//! A raw HTTP server in this process, down to single bytes: what a well-behaved framework can't be made to do.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use novita_edit::api::{ApiError, Client, ClientOptions};
use novita_edit::config::Timeouts;
use novita_edit::secret::Secret;

/// The key that every test client sends.
pub const KEY: &str = "sk-test-5ecret";

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which connection it came on, from 0.
    pub connection: usize,
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What becomes of the connection after a request.
pub enum Then {
    /// It takes the next request.
    Keep,
    /// It is closed.
    Close,
    /// Nothing more is said on it until the client goes away.
    Hang,
}

pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Calls `handle` for each request, which writes what it likes.
    pub fn start(handle: impl Fn(&Request, &mut TcpStream) -> Then + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (handle, seen) = (Arc::new(handle), Arc::clone(&requests));
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let (handle, seen, stream) = (Arc::clone(&handle), Arc::clone(&seen), stream.unwrap());
                thread::spawn(move || serve(connection, stream, &*handle, &seen));
            }
        });
        Self { address, requests }
    }

    /// Gives the same answer to every request, and keeps the connection.
    pub fn answering(answer: Vec<u8>) -> Self {
        Self::start(move |_, stream| {
            let _ = stream.write_all(&answer);
            Then::Keep
        })
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn posts(&self) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.method == "POST")
            .count()
    }

    pub fn base(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn client(&self) -> Client {
        client(&self.base("/v1"))
    }
}

fn serve(
    connection: usize,
    mut stream: TcpStream,
    handle: &dyn Fn(&Request, &mut TcpStream) -> Then,
    seen: &Mutex<Vec<Request>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Ok(Some(request)) = read(connection, &mut reader) {
        seen.lock().unwrap().push(request.clone());
        match handle(&request, &mut stream) {
            Then::Keep => {}
            Then::Close => break,
            Then::Hang => {
                let _ = io::copy(&mut reader, &mut io::sink());
                break;
            }
        }
    }
    let _ = stream.shutdown(std::net::Shutdown::Both);
}

fn read(connection: usize, reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request {
        connection,
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body: Vec::new(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    request.body = vec![0; length];
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}

/// A whole answer with a length.
pub fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for header in headers {
        bytes.extend_from_slice(format!("{header}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

pub fn ok(body: &str) -> Vec<u8> {
    answer("200 OK", &["content-type: application/json"], body.as_bytes())
}

/// An endpoint `ep_1` that can be read.
pub fn endpoint_answer() -> Vec<u8> {
    ok(r#"{"endpoint":{"id":"ep_1","workerConfig":{"maxNum":3},"image":{"image":"nginx"}}}"#)
}

pub fn options(base: &str) -> ClientOptions {
    ClientOptions {
        base_url: base.parse().unwrap(),
        key: Secret::new(KEY),
        key_source: "the test's key".to_owned(),
        timeouts: Timeouts::default(),
    }
}

pub fn client(base: &str) -> Client {
    Client::new(options(base)).unwrap()
}

/// The same, or what keeps it from being made.
pub fn try_client(base: &str) -> Result<Client, ApiError> {
    Client::new(options(base))
}

/// A client that loses patience soon; only for servers that never answer.
pub fn impatient(base: &str) -> Client {
    Client::new(ClientOptions {
        timeouts: Timeouts {
            connect: Duration::from_millis(300),
            request: Duration::from_millis(400),
            total: Duration::from_millis(1200),
        },
        ..options(base)
    })
    .unwrap()
}
