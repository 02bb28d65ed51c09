//! Arguments → run → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything secret is read.
    novita_edit::sealing::seal();
    // Fails only if somebody installed hooks before: then reports look otherwise, and that is all.
    let _ = color_eyre::install();
    novita_edit::cli::run(std::env::args_os()).into()
}
