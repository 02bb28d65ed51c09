//! Tests of the settings as a whole, in runs of the program without the program: a config file, variables and flags.

mod file;
mod key_homes;
mod resolved;

use std::path::PathBuf;

use super::*;

const DEFAULT: &str = DEFAULT_BASE_URL;
const A: &str = "https://a.example/v1";
const B: &str = "https://b.example/v1";
const HOUSE: &str = "https://house.example/v1";
/// `whole` names URL and key, `key` only a key, `url` only a URL (`urlhouse`: the house's), `mute` neither.
const PROFILES: &str = r#"
[profiles.whole]
base_url = "https://a.example/v1"
api_key_env = "A_KEY"
[profiles.key]
api_key_env = "A_KEY"
[profiles.url]
base_url = "https://a.example/v1"
[profiles.urlhouse]
base_url = "https://house.example/v1"
[profiles.consents]
base_url = "https://a.example/v1"
api_key_env = "NOVITA_API_KEY"
[profiles.mute]
protected = true
"#;
/// URL and key outside of the profiles.
const HOUSE_LINES: &str = "base_url = \"https://house.example/v1\"\napi_key_file = \"/house.key\"\n";

/// A run of the program: a config file, variables and flags.
struct Run {
    file: String,
    variables: Vec<(String, String)>,
    flags: Flags,
    dir: tempfile::TempDir,
}

impl Run {
    fn new(file: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().to_str().unwrap().to_owned();
        Self {
            file: file.to_owned(),
            variables: vec![("HOME".into(), home)],
            flags: Flags::default(),
            dir,
        }
    }

    fn with_profiles(house: &str) -> Self {
        Self::new(&format!("{house}{PROFILES}"))
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    fn flag_profile(mut self, name: &str) -> Self {
        self.flags.profile = Some(name.into());
        self
    }

    fn flags(mut self, change: impl FnOnce(&mut Flags)) -> Self {
        change(&mut self.flags);
        self
    }

    fn env(&self) -> Environment {
        Environment::from_pairs(self.variables.clone())
    }

    fn config_path(&self) -> PathBuf {
        self.dir.path().join(".config/novita-edit/config.toml")
    }

    fn resolve(&self) -> Result<Config, ConfigError> {
        let path = self.config_path();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &self.file).unwrap();
        Config::resolve(&self.flags, &self.env())
    }

    /// Base URL and key source as they are shown, or which refusal it was.
    fn outcome(&self) -> Result<(String, String), &'static str> {
        match self.resolve() {
            Ok(Config {
                connection: Connection::Api { base_url, key },
                ..
            }) => Ok((base_url.value.to_string(), key.to_string())),
            Ok(Config {
                connection: Connection::Demo,
                ..
            }) => Err("demo"),
            Err(ConfigError::MissingKey { .. }) => Err("missing"),
            Err(ConfigError::ProfileWithoutKey { .. }) => Err("profile without key"),
            Err(ConfigError::VariableKeyElsewhere(_)) => Err("variable's key elsewhere"),
            Err(ConfigError::ProfileKeyElsewhere(_)) => Err("profile's key elsewhere"),
            Err(ConfigError::EmptyVariable(_)) => Err("empty variable"),
            Err(other) => panic!("{other}"),
        }
    }

    #[track_caller]
    fn gives(&self, base_url: &str, key: &str) {
        assert_eq!(self.outcome(), Ok((base_url.to_owned(), key.to_owned())));
    }

    #[track_caller]
    fn refused(&self, why: &'static str) {
        assert_eq!(self.outcome(), Err(why));
    }
}

const KEY: &str = "environment variable NOVITA_API_KEY";
const A_KEY: &str = "environment variable A_KEY";
const HOUSE_KEY: &str = "file /house.key";

/// The same run with the profile chosen by `NOVITA_PROFILE` and by `default_profile`.
fn by_default(house: &str, profile: &str) -> [Run; 2] {
    [
        Run::with_profiles(house).variable(PROFILE_VARIABLE, profile),
        Run::with_profiles(&format!("default_profile = \"{profile}\"\n{house}")),
    ]
}
