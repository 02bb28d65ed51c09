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
    let guard = tracing::subscriber::set_default(subscriber);
    let body = r#"{"endpoint":{"id":"ep_1","workerConfig":{},"image":{},"envs":[{"key":"HF","value":"hf_v4lue"}]}}"#;
    let server = Server::answering(ok(body));
    server.client().endpoint("ep_1").await.unwrap();
    server.client().update(b"{\"sent\":\"s3nt\"}".to_vec()).await.unwrap();
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for there in [
        "GET /endpoint",
        "status=200",
        "ms=",
        "POST /endpoint/update",
        "sent=15",
        &format!("received={}", body.len()),
    ] {
        assert!(text.contains(there), "{there} is missing in {text}");
    }
    for secret in [KEY, "hf_v4lue", "s3nt", "Bearer"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}
