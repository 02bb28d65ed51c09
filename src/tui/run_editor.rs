//! `$EDITOR` as a child of the loop: started, waited for, ended.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use super::model::{Edited, Target};
use super::private_file::PrivateFile;
use crate::config::KeyVariables;

/// How long an editor has to end when this program is told to.
const PATIENCE: Duration = Duration::from_millis(300);

/// An editor that has the terminal.
#[derive(Debug)]
pub struct RunningEditor {
    child: Child,
    /// What it edits.
    pub target: Target,
    file: PrivateFile,
}

impl RunningEditor {
    /// Starts `$VISUAL`, `$EDITOR` or vi on a file, without the variables that hold keys. The terminal has to be left to it before.
    ///
    /// # Errors
    /// A sentence.
    pub fn start(target: Target, file: PrivateFile, keys: &KeyVariables) -> Result<Self, String> {
        let (variable, line) = line(|name| std::env::var(name).ok());
        // Words as a shell splits them, without a shell: nothing in them is run or replaced.
        let words = shlex::split(&line).filter(|words| !words.is_empty());
        let Some(words) = words else {
            return Err(format!("{variable} can't be split into words: {line}."));
        };
        let mut command = Command::new(&words[0]);
        keys.keep_from(command.as_std_mut());
        match command.args(&words[1..]).arg(file.path()).spawn() {
            Ok(child) => Ok(Self { child, target, file }),
            Err(error) => Err(format!("The editor {} ({variable}) did not start: {error}.", words[0])),
        }
    }

    /// Waits for its end.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// What it edited and its file, to be read where waiting is allowed; or why nothing is to be read.
    pub fn done(self, status: std::io::Result<ExitStatus>) -> (Target, PrivateFile, Result<(), String>) {
        let how = match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => match status.code() {
                Some(code) => Err(format!("The editor ended with code {code}.")),
                None => Err("The editor was ended by a signal.".to_owned()),
            },
            Err(error) => Err(format!("The editor can't be waited for: {error}.")),
        };
        (self.target, self.file, how)
    }

    /// Asks it to end, and waits a moment for that: this program ends, and the terminal is to be left in order. What it edited,
    /// and its file.
    pub fn end(mut self) -> (Target, PrivateFile) {
        let pid = self
            .child
            .id()
            .and_then(|pid| i32::try_from(pid).ok())
            .and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        (self.target, self.file)
    }
}

/// The variable that names the editor, and what it says.
fn line(variable: impl Fn(&str) -> Option<String>) -> (&'static str, String) {
    for name in ["VISUAL", "EDITOR"] {
        if let Some(line) = variable(name).filter(|line| !line.trim().is_empty()) {
            return (name, line);
        }
    }
    ("neither VISUAL nor EDITOR is set", "vi".to_owned())
}

/// Reads a file back, or takes its failure over; the file goes.
pub fn taken(file: PrivateFile, how: Result<(), String>) -> Edited {
    match how {
        Ok(()) => file.read(),
        Err(why) => Edited::Failed(why),
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn visual_goes_before_editor_and_blank_ones_are_passed_over() {
        let set = |visual: &'static str, editor: &'static str| {
            line(move |name| Some(if name == "VISUAL" { visual } else { editor }.to_owned())).1
        };
        assert_eq!(set("code --wait", "vi"), "code --wait");
        assert_eq!(set(" ", "nano"), "nano");
        assert_eq!(set("", ""), "vi");
    }
}
