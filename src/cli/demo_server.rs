//! `novita-edit demo-server`: the simulated API on its own.

use super::args::DemoServerArgs;
use super::exit::Exit;
use super::failure::Failure;

/// Serves on 127.0.0.1 until it is interrupted.
///
/// # Errors
/// The port is taken.
pub fn run(args: &DemoServerArgs) -> Result<Exit, Failure> {
    serve(args.port, &args.base_path)
}

/// THE SEAM: the one call of the simulated API, `crate::demo::run_alone(port, base_path)`.
fn serve(port: u16, base_path: &str) -> Result<Exit, Failure> {
    let _ = (port, base_path);
    Err(Failure::NotBuilt("the simulated API"))
}
