//! A quick question to the server that nobody asked for: what Tab offers, whether a word is an endpoint. Nothing is said
//! of it, nobody is asked for a passphrase, and it is given up soon.

use std::time::Duration;

use super::runtime::runtime;
use crate::api::Client;
use crate::config::{Config, Connection, Environment, Flags, KeySource};
use crate::platform::Platform;

/// Whether the key comes of a command, which may ask for a passphrase.
pub fn asks_for_a_passphrase(config: &Config) -> bool {
    matches!(
        &config.connection,
        Connection::Api {
            key: KeySource::Command { .. },
            ..
        }
    )
}

/// The API that the settings lead to; `None` where they are wrong, or where a passphrase might be asked for.
pub fn platform(flags: &Flags, env: &Environment) -> Option<Platform> {
    let config = Config::resolve(flags, env).ok()?;
    if asks_for_a_passphrase(&config) {
        return None;
    }
    let key = config.read_key(env).ok()?;
    Platform::new(config, key).ok()
}

/// What the question comes to within that time.
pub fn ask<T>(platform: &Platform, patience: Duration, question: impl AsyncFnOnce(&Client) -> Option<T>) -> Option<T> {
    let client = platform.client().ok()?;
    let runtime = runtime().ok()?;
    let answer = runtime.block_on(async { tokio::time::timeout(patience, question(&client)).await.ok().flatten() });
    runtime.shutdown_timeout(Duration::ZERO);
    answer
}
