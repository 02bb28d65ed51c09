//! `novita-edit demo-server`: the simulated API on its own.

use super::args::DemoServerArgs;
use super::failure::Failure;
use super::output;
use crate::exit_code::Exit;

/// Serves on 127.0.0.1 until it is interrupted.
///
/// # Errors
/// The port is taken, or its address can't be printed.
pub fn run(args: &DemoServerArgs) -> Result<Exit, Failure> {
    crate::demo::run_alone(args.port, &args.base_path, output::exact)?;
    Ok(Exit::Done)
}
