//! `novita-edit [ID]`: the settings made ready, then the editor.

use std::time::Duration;

use super::failure::Failure;
use super::{args, output, quick, words};
use crate::config::{Config, Environment, Flags};
use crate::exit_code::Exit;
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

/// Whether an endpoint has exactly this id or name; `None` where that can't be told.
fn is_endpoint(flags: &Flags, word: &str, env: &Environment) -> Option<bool> {
    let platform = quick::platform(flags, env)?;
    quick::ask(&platform, PATIENCE, async |client| {
        if client.endpoint(word).await.is_ok() {
            return Some(true);
        }
        let mut found = false;
        let read = client.endpoints(|page| found |= page.iter().any(|endpoint| endpoint.name == word));
        let is_whole = read.await.is_ok();
        (found || is_whole).then_some(found)
    })
}
