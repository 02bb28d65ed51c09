//! `novita-edit completions`: a script for the shell, and what that script asks this program for at each Tab.
//!
//! The script calls the program with [`VARIABLE`] set; that is answered before anything else is done. What may be typed
//! comes from the definition of the arguments, ids and names of endpoints from the API. Nothing is ever said on stderr,
//! nobody is ever asked for a passphrase, and after [`PATIENCE`] there are no ids: a Tab that hangs is worse than one
//! that knows less.

use std::ffi::{OsStr, OsString};
use std::io;
use std::time::Duration;

use clap::{Command, FromArgMatches};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::Shells;

use super::args::{self, CompletionsArgs, GlobalArgs, Shell};
use super::failure::Failure;
use super::runtime::runtime;
use super::{output, set};
use crate::api::ApiError;
use crate::config::{Config, Connection, Environment, KeySource};
use crate::endpoint::Summary;
use crate::exit_code::Exit;
use crate::platform::Platform;
use crate::text::has_invisible;

/// Set by the script: which shell asks.
const VARIABLE: &str = "_NOVITA_EDIT_COMPLETE";

/// The longest that a Tab waits for the API.
const PATIENCE: Duration = Duration::from_secs(2);

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
    let mut script = Vec::new();
    let shells = Shells::builtins();
    if let Some(shell) = shells.completer(args.shell.word()) {
        shell.write_registration(VARIABLE, "novita-edit", "novita-edit", "novita-edit", &mut script)?;
    }
    output::exact(String::from_utf8_lossy(&script).trim_start())?;
    Ok(Exit::Done)
}

/// Answers a shell that asks what may be typed; `None`: no shell asks. `arguments` are the script's: the program, `--`,
/// and the words on the command line. Whatever goes wrong, nothing is offered, and nothing is said.
pub fn answer(arguments: &[OsString]) -> Option<Exit> {
    let shell = std::env::var_os(VARIABLE)?;
    let shells = Shells::builtins();
    let words: Vec<OsString> = arguments
        .iter()
        .skip_while(|word| *word != "--")
        .skip(1)
        .cloned()
        .collect();
    let (Some(shell), false) = (shell.to_str().and_then(|name| shells.completer(name)), words.is_empty()) else {
        return Some(Exit::Done);
    };
    let mut definition = completed(&words);
    let mut offered = Vec::new();
    let here = std::env::current_dir().ok();
    if shell
        .write_complete(&mut definition, words, here.as_deref(), &mut offered)
        .is_ok()
    {
        let _ = io::Write::write_all(&mut io::stdout().lock(), &offered);
    }
    Some(Exit::Done)
}

/// The definition of the arguments, with what may stand for each.
fn completed(words: &[OsString]) -> Command {
    // Options are offered where one is begun, and where nothing else can stand.
    let begins_option = words
        .last()
        .is_some_and(|word| word.as_encoded_bytes().starts_with(b"-"));
    let words = words.to_vec();
    let endpoints = ArgValueCompleter::new(move |typed: &OsStr| endpoints(typed, &words));
    with_candidates(args::definition(), &endpoints, begins_option)
}

fn with_candidates(command: Command, endpoints: &ArgValueCompleter, begins_option: bool) -> Command {
    let command = command.mut_args(|arg| {
        let arg = match arg
            .get_value_names()
            .and_then(|names| names.first())
            .map(|name| name.as_str())
        {
            Some("ID") => arg.add(endpoints.clone()),
            Some("PATH=VALUE") => arg.add(ArgValueCompleter::new(paths)),
            Some("FILE") => arg.add(ArgValueCompleter::new(|typed: &OsStr| {
                shown(PathCompleter::file(), typed)
            })),
            Some("DIR") => arg.add(ArgValueCompleter::new(|typed: &OsStr| {
                shown(PathCompleter::dir(), typed)
            })),
            _ => arg,
        };
        let is_hidden = arg.is_hide_set() || !arg.is_positional() && !begins_option;
        arg.hide(is_hidden)
    });
    command.mut_subcommands(|command| with_candidates(command, endpoints, begins_option))
}

/// The names that can be seen: any other would be several candidates to a shell, or would drive its terminal.
fn shown(paths: PathCompleter, typed: &OsStr) -> Vec<CompletionCandidate> {
    let names = paths.complete(typed).into_iter();
    names
        .filter(|name| name.get_value().to_str().is_some_and(|name| !has_invisible(name)))
        .collect()
}

/// The paths that `set` knows, as far as they can be said without an endpoint.
fn paths(typed: &OsStr) -> Vec<CompletionCandidate> {
    let single = set::single_paths().map(|path| format!("{path}="));
    let rows = ["envs.", "volumeMounts["].map(str::to_owned);
    let typed = typed.to_string_lossy();
    single
        .chain(rows)
        .filter(|path| path.starts_with(&*typed))
        .map(CompletionCandidate::new)
        .collect()
}

/// Ids and names that begin like this.
fn endpoints(typed: &OsStr, words: &[OsString]) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let all = listed(words, &Environment::of_process()).unwrap_or_default();
    let mut candidates = Vec::new();
    for endpoint in &all {
        let state = &endpoint.state;
        let names_it_alone = all.iter().filter(|other| other.name == endpoint.name).count() == 1;
        for (word, help) in [
            (&endpoint.name, format!("{}, {state}", endpoint.id)),
            (&endpoint.id, format!("{}, {state}", endpoint.name)),
        ] {
            let is_name = std::ptr::eq(word, &endpoint.name);
            if word.starts_with(&*typed) && is_plain(word) && (names_it_alone || !is_name) {
                candidates.push(CompletionCandidate::new(word).help(Some(output::safe(&help).into())));
            }
        }
    }
    candidates
}

/// Whether a word means just itself in every shell: a shell would run what stands in an endpoint's name.
fn is_plain(word: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !word.is_empty() && !word.starts_with('-') && word.chars().all(is_sign)
}

/// All endpoints, if the settings on the command line and the usual ones lead to them in time.
fn listed(words: &[OsString], env: &Environment) -> Option<Vec<Summary>> {
    let definition = args::definition().ignore_errors(true);
    let matches = definition.try_get_matches_from(words).ok()?;
    let flags = GlobalArgs::from_arg_matches(&matches).ok()?.flags();
    // The key goes to no address that stands on a line which nobody has entered yet.
    if flags.base_url.is_some() {
        return None;
    }
    let config = Config::resolve(&flags, env).ok()?;
    if let Connection::Api {
        key: KeySource::Command { .. },
        ..
    } = &config.connection
    {
        return None;
    }
    let key = config.read_key(env).ok()?;
    // Held until the end: the demo's server ends with it.
    let platform = Platform::new(config, key).ok()?;
    let client = platform.client().ok()?;
    let runtime = runtime().ok()?;
    let listed = runtime.block_on(async {
        let mut all = Vec::new();
        let read = client.endpoints(|page| all.extend(page));
        match tokio::time::timeout(PATIENCE, read).await.ok()? {
            Ok(()) | Err(ApiError::Incomplete(_)) => Some(all),
            Err(_) => None,
        }
    });
    runtime.shutdown_timeout(Duration::ZERO);
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_mean_themselves_in_every_shell_are_offered() {
        assert!(is_plain("llama-3-8b") && is_plain("ep_7f3a.1"));
        for wrong in ["", "a b", "$(reboot)", "`x`", "a;b", "-rf", "a'b", "é", "a\nb", "a:b"] {
            assert!(!is_plain(wrong), "{wrong:?}");
        }
    }
}
