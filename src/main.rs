//! Arguments → run → exit code.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything secret is read.
    novita_edit::hardening::seal();
    novita_edit::report::install();
    novita_edit::file_limit::outlive();
    novita_edit::cli::run(std::env::args_os()).into()
}
