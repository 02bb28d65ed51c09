//! `novita-edit [ID]`: the settings made ready, then the editor.

use std::time::Duration;

use super::failure::Failure;
use super::runtime::runtime;
use super::{args, output, words};
use crate::config::{Config, Connection, Environment, Flags, KeySource};
use crate::exit_code::Exit;
use crate::platform::Platform;
use crate::tui::user_files::UserFiles;

/// How long the server is asked whether a word that looks like a mistyped command is an endpoint.
const PATIENCE: Duration = Duration::from_secs(3);

/// Resolves the settings and takes the key, both before the screen is touched, and opens the editor on the endpoint
/// `id`, or on the picker without one. What is wrong with keys and themes is told and stops nothing.
///
/// # Errors
/// Wrong settings, no usable key, or what the editor itself ended with.
pub fn run(flags: &Flags, id: Option<String>, env: &Environment) -> Result<Exit, Failure> {
    Failure::if_key(id.as_deref().unwrap_or_default())?;
    let config = Config::resolve(flags, env)?;
    tracing::info!(connection = ?config.connection, profile = ?config.profile, "settings resolved");
    let look = UserFiles::read(&config);
    for problem in &look.problems {
        output::note(&format!("novita-edit: {}", output::safe(&problem.to_string())));
    }
    let key = config.read_key(env)?;
    Ok(crate::tui::run(config, look, key, id)?)
}

/// Refuses a word that looks like a mistyped command, unless an endpoint is called exactly so. The server alone knows
/// that, so it is asked, quickly; where it can't be, the word counts as a slip.
///
/// # Errors
/// [`Failure::Usage`] with the command that was likely meant, and how to mean an endpoint.
pub fn refuse_slip(flags: &Flags, word: &str, env: &Environment) -> Result<(), Failure> {
    let Some(command) = words::nearest_command(&args::definition(), word) else {
        return Ok(());
    };
    if is_endpoint(flags, word, env).unwrap_or(false) {
        return Ok(());
    }
    let word = output::safe(word);
    Err(Failure::Usage(format!(
        "there is no command {word}. Did you mean the command `novita-edit {command}`? To edit an endpoint that is called so, \
         write `novita-edit -- {word}`."
    )))
}

/// Whether an endpoint has exactly this id or name; `None` where that can't be told. No `api_key_command` is run for it:
/// it may ask for a passphrase, which nobody expects of a slip.
fn is_endpoint(flags: &Flags, word: &str, env: &Environment) -> Option<bool> {
    let config = Config::resolve(flags, env).ok()?;
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
    let asked = async {
        if client.endpoint(word).await.is_ok() {
            return Some(true);
        }
        let mut found = false;
        let read = client.endpoints(|page| found |= page.iter().any(|endpoint| endpoint.name == word));
        let is_whole = read.await.is_ok();
        (found || is_whole).then_some(found)
    };
    let found = runtime.block_on(async { tokio::time::timeout(PATIENCE, asked).await.ok().flatten() });
    runtime.shutdown_timeout(Duration::ZERO);
    found
}
