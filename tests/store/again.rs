//! Other processes: this test program once more, which runs one of its ignored tests as a helper.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What a helper is told: its state directory.
pub const HOME: &str = "NOVITA_EDIT_TEST_HOME";

/// The state directory of a helper; `None` when somebody runs all ignored tests.
pub fn home() -> Option<std::path::PathBuf> {
    std::env::var_os(HOME).map(Into::into)
}

/// The command that runs a helper.
pub fn command(helper: &str, home: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", helper, "--ignored", "--nocapture", "--test-threads=1"])
        .env(HOME, home)
        .stdin(Stdio::null());
    command
}

/// A process that ends with the test, also when that fails.
pub struct Helper(pub Child);

impl Helper {
    pub fn start(helper: &str, home: &Path) -> Self {
        Self(command(helper, home).stdout(Stdio::null()).spawn().unwrap())
    }

    /// As `kill -9`; waits for the end.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    pub fn wait(mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
