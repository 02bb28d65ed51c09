//! The simulated API as a program of its own: `novita-edit demo-server --port N`.

use std::io::{self, Write};

use super::server::{DemoOptions, DemoServer};

/// A key that any demo server takes; it opens nothing else.
pub const DEMO_KEY: &str = "demo";

/// Serves the demo account until Ctrl-C, after writing the base URL (first line, alone) and how to use it to `out`.
///
/// # Errors
/// The port is taken or may not be had; `out` can't be written; Ctrl-C can't be waited for.
pub fn run_alone(port: u16, base_path: &str, out: &mut dyn Write) -> io::Result<()> {
    let server = DemoServer::start(DemoOptions {
        port,
        base_path: base_path.to_owned(),
        ..DemoOptions::default()
    })?;
    let url = server.base_url();
    writeln!(out, "{url}")?;
    writeln!(
        out,
        "Any API key will do: NOVITA_API_KEY={DEMO_KEY} novita-edit --base-url {url}"
    )?;
    writeln!(out, "Ctrl-C stops it.")?;
    out.flush()?;
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?
        .block_on(tokio::signal::ctrl_c())
}
