//! How long the list of 1,000 endpoints takes where each request takes 100 ms: against the simulated API, seven times.
//!
//! `cargo run --example list_time`; the figure stands in `docs/performance.md`.

use std::time::{Duration, Instant};

use novita_edit::api::{Client, ClientOptions};
use novita_edit::config::Timeouts;
use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Pace, When};
use novita_edit::secret::Secret;
use serde_json::json;

const REQUEST: Duration = Duration::from_millis(100);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    })?;
    for at in 0..997 {
        // Small ones: the time of making JSON isn't what is measured.
        server.add_endpoint(json!({
            "id": format!("ep_{at:04}"),
            "name": format!("endpoint-{at}"),
            "state": { "state": "serving" },
            "workerConfig": { "minNum": 0, "maxNum": 5, "gpuNum": 1 },
            "policy": { "type": "queue", "value": 60 },
            "image": { "image": "vllm/vllm-openai:v0.6.3" },
        }));
    }
    server
        .faults()
        .add(Call::List, When::always(), Fault::DelayBefore(REQUEST));
    for _ in 0..7 {
        let client = Client::new(ClientOptions {
            base_url: server.base_url().parse()?,
            key: Secret::new("sk_example"),
            key_source: "the example's key".to_owned(),
            timeouts: Timeouts::default(),
        })?;
        let (mut count, started) = (0, Instant::now());
        client.endpoints(|page| count += page.len()).await?;
        println!("{count} endpoints in {} ms", started.elapsed().as_millis());
    }
    Ok(())
}
