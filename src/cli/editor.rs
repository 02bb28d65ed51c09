//! `novita-edit [ID]`: the settings made ready, then the editor.

use super::exit::Exit;
use super::failure::Failure;
use crate::config::{ApiKey, Config, Environment, Flags};

/// Resolves the settings and takes the key, both before the screen is touched, and opens the editor on the endpoint
/// `id`, or on the picker without one.
///
/// # Errors
/// Wrong settings, no usable key, or what the editor itself ended with.
pub fn run(flags: &Flags, id: Option<String>, env: &Environment) -> Result<Exit, Failure> {
    let config = Config::resolve(flags, env)?;
    tracing::info!(connection = ?config.connection, profile = ?config.profile, "settings resolved");
    let key = config.read_key(env)?;
    open(config, key, id)
}

fn open(config: Config, key: Option<ApiKey>, id: Option<String>) -> Result<Exit, Failure> {
    Ok(crate::tui::run(config, key, id)?)
}
