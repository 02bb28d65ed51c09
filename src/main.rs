//! Arguments → run → exit code.

#![forbid(unsafe_code)]

use std::io::Write;
use std::process::ExitCode;

use novita_edit::exit_code::Exit;

fn main() -> ExitCode {
    // Before anything secret is read.
    novita_edit::hardening::seal();
    novita_edit::report::install();
    if let Err(too_few) = novita_edit::file_limit::enough() {
        let _ = writeln!(std::io::stderr(), "novita-edit: {too_few}.");
        return Exit::Usage.into();
    }
    novita_edit::file_limit::outlive();
    novita_edit::cli::run(std::env::args_os()).into()
}
