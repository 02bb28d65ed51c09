//! `novita-edit completions`: a script for the shell, and what that script asks this program for at each Tab.
//!
//! The script calls the program with [`VARIABLE`] set; that is answered before anything else is done. What may be typed
//! comes from the definition of the arguments (`candidates.rs`), the rest from what can be known for the line
//! (`line.rs`). Nothing is ever said on stderr.

mod candidates;
mod line;
mod scripts;

use std::ffi::OsString;
use std::io;

use clap_complete::engine::{CompletionCandidate, complete};
use clap_complete::env::Shells;

use super::args::{CompletionsArgs, Shell};
use super::failure::Failure;
use super::output;
use crate::exit_code::Exit;

/// Set by the script: which shell asks.
const VARIABLE: &str = "_NOVITA_EDIT_COMPLETE";

impl Shell {
    fn word(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Elvish => "elvish",
            Self::Powershell => "powershell",
        }
    }
}

/// Prints the script.
///
/// # Errors
/// It can't be made or written.
pub fn run(args: CompletionsArgs) -> Result<Exit, Failure> {
    let script = match args.shell {
        Shell::Bash => scripts::bash(),
        Shell::Zsh => scripts::zsh(),
        shell => {
            let mut script = Vec::new();
            if let Some(shell) = Shells::builtins().completer(shell.word()) {
                shell.write_registration(VARIABLE, "novita-edit", "novita-edit", "novita-edit", &mut script)?;
            }
            String::from_utf8_lossy(&script).trim_start().to_owned()
        }
    };
    output::exact(&script)?;
    Ok(Exit::Done)
}

/// Answers a shell that asks what may be typed; `None`: no shell asks. `arguments` are the script's: the program, `--`,
/// and the words on the command line. Whatever goes wrong, nothing is offered, and nothing is said.
pub fn answer(arguments: &[OsString]) -> Option<Exit> {
    let shell = std::env::var_os(VARIABLE)?;
    let words: Vec<OsString> = arguments
        .iter()
        .skip_while(|word| *word != "--")
        .skip(1)
        .cloned()
        .collect();
    let (Some(shell), false) = (shell.to_str(), words.is_empty()) else {
        return Some(Exit::Done);
    };
    if let Some(offered) = offered(shell, words) {
        let _ = io::Write::write_all(&mut io::stdout().lock(), &offered);
    }
    Some(Exit::Done)
}

/// The candidates as the script of a shell reads them.
fn offered(shell: &str, words: Vec<OsString>) -> Option<Vec<u8>> {
    let mut definition = candidates::definition(&words);
    let here = std::env::current_dir().ok();
    if !["bash", "zsh"].contains(&shell) {
        let mut offered = Vec::new();
        let shells = Shells::builtins();
        let shell = shells.completer(shell)?;
        let written = shell.write_complete(&mut definition, words, here.as_deref(), &mut offered);
        return written.ok().map(|()| offered);
    }
    // Either hands over nothing behind the cursor.
    let last = words.len() - 1;
    let all = complete(&mut definition, words, last, here.as_deref()).ok()?;
    let line = |one: &CompletionCandidate| {
        let value = one.get_value().to_string_lossy();
        let help = one.get_help().filter(|_| shell == "zsh").map(ToString::to_string);
        let help = help.and_then(|help| help.lines().next().map(|first| format!("\t{first}")));
        format!("{value}{}\n", help.unwrap_or_default())
    };
    Some(all.iter().map(line).collect::<String>().into_bytes())
}
