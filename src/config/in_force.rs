//! The settings in force, each with where it comes from; of the key only its source.

use std::time::Duration;

use serde_json::{Value, json};

use super::Flags;
use super::connection::{self, ChosenProfile};
use super::environment::{Environment, default_config_file};
use super::error::ConfigError;
use super::file::FileSettings;
use super::key::KeySource;
use super::key_rules::KEY_VARIABLE;
use super::origin::Origin;

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingInForce {
    /// As the config file has it; `profile` for the one in use.
    pub name: &'static str,
    /// `null`: nothing is set, and nothing is so by default.
    pub value: Value,
    /// Who set it.
    pub origin: Origin,
}

/// All of them.
#[derive(Debug)]
pub struct SettingsInForce {
    /// In the order of the documentation.
    pub all: Vec<SettingInForce>,
    /// Why there is no key that could be used, or none that may be sent there.
    pub no_key: Option<ConfigError>,
}

impl SettingsInForce {
    /// Reads the config file and puts file, environment and flags together, as a start does. No key is read, and no
    /// command is run for one.
    ///
    /// # Errors
    /// The first thing that is wrong, but for the key.
    pub fn find(flags: &Flags, env: &Environment) -> Result<Self, ConfigError> {
        let path = flags.config.clone().or_else(|| default_config_file(env));
        let file = match &path {
            Some(path) => FileSettings::load(path, flags.config.is_some(), env.home())?,
            None => FileSettings::default(),
        };
        let chosen = connection::choose(flags, env, &file, path.as_ref())?;
        let found = SettingSources {
            file: &file,
            chosen: chosen.as_ref(),
        };
        let mut all = vec![found.profile()];
        let mut no_key = None;
        if flags.demo {
            let demo = Origin::Flag("--demo");
            all.push(setting("base_url", "demo", demo.clone()));
            all.push(setting("api_key", Value::Null, demo));
        } else {
            let (base_url, key) = connection::decide_each(flags, env, &file, chosen.as_ref(), path.as_ref())?;
            all.push(setting("base_url", base_url.value.to_string(), base_url.origin));
            match key {
                Ok(key) => all.push(setting("api_key", key.to_string(), found.key_origin(flags, &key))),
                Err(error) => {
                    all.push(setting("api_key", Value::Null, Origin::Default));
                    no_key = Some(error);
                }
            }
        }
        all.extend(found.others(flags));
        Ok(Self { all, no_key })
    }
}

fn setting(name: &'static str, value: impl Into<Value>, origin: Origin) -> SettingInForce {
    SettingInForce {
        name,
        value: value.into(),
        origin,
    }
}

/// The file, and the profile of it that is in use.
struct SettingSources<'a> {
    file: &'a FileSettings,
    chosen: Option<&'a ChosenProfile<'a>>,
}

impl SettingSources<'_> {
    fn profile(&self) -> SettingInForce {
        match self.chosen {
            Some(chosen) => setting("profile", chosen.profile.name.as_str(), chosen.by.clone()),
            None => setting("profile", Value::Null, Origin::Default),
        }
    }

    fn others(&self, flags: &Flags) -> Vec<SettingInForce> {
        let (file, profile) = (self.file, self.chosen.map(|chosen| chosen.profile));
        let read_only = profile.and_then(|profile| profile.read_only).unwrap_or(file.read_only);
        let keep_secrets = profile
            .and_then(|profile| profile.keep_secrets)
            .unwrap_or(file.keep_secrets);
        let theme = profile
            .and_then(|profile| profile.theme.as_ref())
            .or(file.theme.as_ref());
        let of = |name, value| setting(name, value, self.origin(&[name]));
        let seconds = |name, time: Duration| match time.subsec_nanos() {
            0 => of(name, json!(time.as_secs())),
            _ => of(name, json!(time.as_secs_f64())),
        };
        vec![
            of("protected", json!(profile.is_some_and(|profile| profile.protected))),
            match flags.read_only {
                true => setting("read_only", true, Origin::Flag("--read-only")),
                false => of("read_only", json!(read_only)),
            },
            of("keep_secrets", json!(keep_secrets)),
            seconds("timeouts.connect", file.timeouts.connect),
            seconds("timeouts.request", file.timeouts.request),
            seconds("timeouts.total", file.timeouts.total),
            of("theme", json!(theme.map_or("terminal", |theme| theme.value.as_str()))),
            of("ascii", json!(file.ascii)),
            of("mouse", json!(file.mouse)),
            of("esc_timeout_ms", json!(file.esc_timeout.as_millis() as u64)),
        ]
    }

    fn key_origin(&self, flags: &Flags, key: &KeySource) -> Origin {
        if flags.api_key_file.is_some() {
            return Origin::Flag("--api-key-file");
        }
        let is_profiles = self
            .chosen
            .is_some_and(|chosen| chosen.profile.key.as_ref() == Some(key));
        if !is_profiles && key.variable() == Some(KEY_VARIABLE) {
            return Origin::Variable(KEY_VARIABLE);
        }
        self.origin(&["api_key_file", "api_key_command", "api_key_env"])
    }

    /// Where one of these keys stands: in the profile, else in the file outside of profiles.
    fn origin(&self, keys: &[&str]) -> Origin {
        let Some(path) = self.file.path.clone() else {
            return Origin::Default;
        };
        let in_profile = self.chosen.and_then(|chosen| {
            let line = keys.iter().find_map(|key| chosen.profile.lines.get(*key))?;
            Some((chosen.profile.name.clone(), *line))
        });
        if let Some((name, line)) = in_profile {
            return Origin::Profile { name, path, line };
        }
        match keys.iter().find_map(|key| self.file.lines.get(*key)) {
            Some(line) => Origin::File { path, line: *line },
            None => Origin::Default,
        }
    }
}
