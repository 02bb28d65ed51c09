//! The log tells what was asked, and nothing of what was said.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::filter::LevelFilter;

use crate::server::{KEY, Server, ok};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_call_status_time_and_sizes_and_no_header_or_body() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For the whole process, with the other tests' calls in it: none of them may show the key either. A log of this
    // thread alone could miss call sites that another thread registers meanwhile.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let body = r#"{"endpoint":{"id":"ep_1","workerConfig":{},"image":{},"envs":[{"key":"HF","value":"hf_v4lue"}]}}"#;
    let server = Server::answering(ok(body));
    server.client().endpoint("ep_1").await.unwrap();
    server.client().update(b"{\"sent\":\"s3nt\"}".to_vec()).await.unwrap();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let received = format!("received={}", body.len());
    for call in [["GET /endpoint", "sent=0"], ["POST /endpoint/update", "sent=15"]] {
        let told = |line: &str| {
            let all = call
                .iter()
                .chain(&["status=200", "ms=", &received])
                .all(|part| line.contains(part));
            all && line.contains("novita_edit::api")
        };
        assert!(text.lines().any(told), "{call:?} is missing in {text}");
    }
    for secret in [KEY, "hf_v4lue", "s3nt", "Bearer"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}
