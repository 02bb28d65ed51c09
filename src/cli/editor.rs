//! `novita-edit [ID]`: the settings made ready, then the editor.

use super::failure::Failure;
use super::{args, output};
use crate::config::{Config, Environment, Flags};
use crate::exit_code::Exit;
use crate::tui::user_files::UserFiles;

/// Resolves the settings and takes the key, both before the screen is touched, and opens the editor on the endpoint
/// `id`, or on the picker without one. What is wrong with keys and themes is told and stops nothing.
///
/// # Errors
/// Wrong settings, no usable key, or what the editor itself ended with.
pub fn run(flags: &Flags, id: Option<String>, env: &Environment) -> Result<Exit, Failure> {
    // It may be an endpoint all the same; this still stands there when the editor is left.
    if let Some(command) = id.as_deref().and_then(args::nearest_command) {
        let id = id.as_deref().map(output::safe).unwrap_or_default();
        output::note(&output::faint(&format!(
            "{id} is taken for an endpoint. Did you mean the command `novita-edit {command}`?"
        )));
    }
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
