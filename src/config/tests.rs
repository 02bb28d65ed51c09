//! The table of the module documentation row by row, and the settings that no table is needed for.

use std::path::{Path, PathBuf};
use std::time::Duration;

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
const HOUSE_LINES: &str =
    "base_url = \"https://house.example/v1\"\napi_key_file = \"/house.key\"\n";

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

#[test]
fn row_1_without_a_profile_each_setting_stands_for_itself() {
    for run in [
        |file: &str| Run::new(file),
        |file: &str| Run::with_profiles(file).flag_profile("mute"),
    ] {
        run("").refused("missing");
        run("").variable(KEY_VARIABLE, "k").gives(DEFAULT, KEY);
        run("").variable(KEY_VARIABLE, "").refused("missing");
        run("")
            .variable(KEY_VARIABLE, "k")
            .variable(BASE_URL_VARIABLE, B)
            .gives(B, KEY);
        run(HOUSE_LINES).gives(HOUSE, HOUSE_KEY);
        run(HOUSE_LINES)
            .variable(BASE_URL_VARIABLE, B)
            .gives(B, HOUSE_KEY);
        run(HOUSE_LINES)
            .variable(BASE_URL_VARIABLE, "")
            .gives(HOUSE, HOUSE_KEY);
        run(HOUSE_LINES)
            .variable(KEY_VARIABLE, "k")
            .gives(HOUSE, KEY);
        run(HOUSE_LINES)
            .variable(KEY_VARIABLE, "k")
            .variable(BASE_URL_VARIABLE, B)
            .gives(B, KEY);
    }
    for run in by_default(HOUSE_LINES, "mute") {
        run.variable(KEY_VARIABLE, "k")
            .variable(BASE_URL_VARIABLE, B)
            .gives(B, KEY);
    }
}

/// No variable, each alone, and both.
fn all_variables() -> [Vec<(&'static str, &'static str)>; 4] {
    [
        vec![],
        vec![(BASE_URL_VARIABLE, B)],
        vec![(KEY_VARIABLE, "k")],
        vec![(BASE_URL_VARIABLE, B), (KEY_VARIABLE, "k")],
    ]
}

#[test]
fn row_2_a_profile_with_a_key_named_by_flag_beats_both_variables() {
    for variables in all_variables() {
        let run = |house: &str, profile: &str| {
            variables
                .iter()
                .fold(
                    Run::with_profiles(house).flag_profile(profile),
                    |run, (name, value)| run.variable(name, value),
                )
                .variable(PROFILE_VARIABLE, "no-such-profile")
        };
        run(HOUSE_LINES, "whole").gives(A, A_KEY);
        run("", "whole").gives(A, A_KEY);
        run(HOUSE_LINES, "key").gives(HOUSE, A_KEY);
        run("", "key").gives(DEFAULT, A_KEY);
        run(HOUSE_LINES, "consents").gives(A, KEY);
    }
}

#[test]
fn row_3_a_profile_without_a_key_named_by_flag_borrows_only_a_key_that_is_at_home_there() {
    for variables in all_variables() {
        let run = |house: &str, profile: &str| {
            variables.iter().fold(
                Run::with_profiles(house).flag_profile(profile),
                |run, (name, value)| run.variable(name, value),
            )
        };
        run(HOUSE_LINES, "url").refused("profile without key");
        run("", "url").refused("profile without key");
        run("", "urlhouse").refused("profile without key");
    }
    let house = || Run::with_profiles(HOUSE_LINES).flag_profile("urlhouse");
    house().gives(HOUSE, HOUSE_KEY);
    house().variable(KEY_VARIABLE, "k").gives(HOUSE, KEY);
    house()
        .variable(BASE_URL_VARIABLE, B)
        .variable(KEY_VARIABLE, "k")
        .gives(HOUSE, HOUSE_KEY);
    house()
        .variable(BASE_URL_VARIABLE, B)
        .gives(HOUSE, HOUSE_KEY);
    let url = || Run::with_profiles(HOUSE_LINES).flag_profile("url");
    url()
        .variable(BASE_URL_VARIABLE, A)
        .variable(KEY_VARIABLE, "k")
        .gives(A, KEY);
    url()
        .variable(BASE_URL_VARIABLE, "nonsense")
        .variable(KEY_VARIABLE, "k")
        .refused("profile without key");
}

#[test]
fn row_4_both_variables_beat_a_profile_chosen_by_default() {
    for profile in ["whole", "key", "url", "urlhouse", "consents"] {
        for run in by_default(HOUSE_LINES, profile) {
            run.variable(BASE_URL_VARIABLE, B)
                .variable(KEY_VARIABLE, "k")
                .gives(B, KEY);
        }
    }
}

#[test]
fn rows_5_and_6_without_variables_a_profile_chosen_by_default_is_used_whole() {
    for (house, profile, base_url, key) in [
        (HOUSE_LINES, "whole", A, A_KEY),
        ("", "whole", A, A_KEY),
        (HOUSE_LINES, "key", HOUSE, A_KEY),
        ("", "key", DEFAULT, A_KEY),
        (HOUSE_LINES, "urlhouse", HOUSE, HOUSE_KEY),
    ] {
        for run in by_default(house, profile) {
            run.gives(base_url, key);
        }
    }
    for (house, profile) in [(HOUSE_LINES, "url"), ("", "url"), ("", "urlhouse")] {
        for run in by_default(house, profile) {
            run.refused("profile without key");
        }
    }
}

#[test]
fn row_7_the_variables_url_does_not_get_the_key_of_a_profile_chosen_by_default() {
    for (house, profile) in [
        (HOUSE_LINES, "whole"),
        (HOUSE_LINES, "key"),
        ("", "key"),
        ("", "consents"),
    ] {
        for run in by_default(house, profile) {
            run.variable(BASE_URL_VARIABLE, B)
                .refused("profile's key elsewhere");
        }
    }
    for (profile, home) in [("whole", "https://a.example/v1/"), ("key", HOUSE)] {
        for run in by_default(HOUSE_LINES, profile) {
            run.variable(BASE_URL_VARIABLE, home)
                .gives(home.trim_end_matches('/'), A_KEY);
        }
    }
}

#[test]
fn row_8_the_files_key_goes_to_the_variables_url_only_if_all_three_agree() {
    for run in by_default(HOUSE_LINES, "url") {
        run.variable(BASE_URL_VARIABLE, A)
            .refused("profile without key");
    }
    for run in by_default(HOUSE_LINES, "urlhouse") {
        run.variable(BASE_URL_VARIABLE, B)
            .refused("profile's key elsewhere");
    }
    for run in by_default(HOUSE_LINES, "urlhouse") {
        run.variable(BASE_URL_VARIABLE, HOUSE)
            .gives(HOUSE, HOUSE_KEY);
    }
}

#[test]
fn row_9_the_variables_key_does_not_go_to_the_url_of_a_profile_chosen_by_default() {
    for profile in ["whole", "url"] {
        for run in by_default(HOUSE_LINES, profile) {
            run.variable(KEY_VARIABLE, "k")
                .refused("variable's key elsewhere");
        }
    }
    for (house, profile, base_url) in [
        (HOUSE_LINES, "key", HOUSE),
        ("", "key", DEFAULT),
        (HOUSE_LINES, "urlhouse", HOUSE),
        (HOUSE_LINES, "consents", A),
    ] {
        for run in by_default(house, profile) {
            run.variable(KEY_VARIABLE, "k").gives(base_url, KEY);
        }
    }
}

#[test]
fn the_base_url_flag_sends_the_rows_key_where_it_says() {
    let here = |flags: &mut Flags| flags.base_url = Some(B.into());
    Run::with_profiles(HOUSE_LINES)
        .flags(here)
        .gives(B, HOUSE_KEY);
    Run::with_profiles(HOUSE_LINES)
        .variable(KEY_VARIABLE, "k")
        .variable(BASE_URL_VARIABLE, A)
        .flags(here)
        .gives(B, KEY);
    Run::with_profiles(HOUSE_LINES)
        .variable(KEY_VARIABLE, "k")
        .flag_profile("whole")
        .flags(here)
        .gives(B, A_KEY);
    Run::with_profiles(HOUSE_LINES)
        .variable(KEY_VARIABLE, "k")
        .flag_profile("url")
        .flags(here)
        .refused("profile without key");
    for run in by_default(HOUSE_LINES, "whole") {
        run.flags(here).gives(B, A_KEY);
    }
    for run in by_default(HOUSE_LINES, "whole") {
        run.variable(KEY_VARIABLE, "k").flags(here).gives(B, KEY);
    }
}

#[test]
fn the_key_file_flag_beats_every_key_and_nothing_is_refused() {
    let own = |flags: &mut Flags| flags.api_key_file = Some("/own.key".into());
    let key = "file /own.key";
    Run::new("").flags(own).gives(DEFAULT, key);
    Run::new(HOUSE_LINES)
        .variable(KEY_VARIABLE, "k")
        .flags(own)
        .gives(HOUSE, key);
    for profile in ["whole", "url", "consents"] {
        let run = || {
            Run::with_profiles(HOUSE_LINES)
                .variable(KEY_VARIABLE, "k")
                .flags(own)
        };
        run().flag_profile(profile).gives(A, key);
        run()
            .flag_profile(profile)
            .variable(BASE_URL_VARIABLE, B)
            .gives(A, key);
        run().variable(PROFILE_VARIABLE, profile).gives(A, key);
        run()
            .variable(PROFILE_VARIABLE, profile)
            .variable(BASE_URL_VARIABLE, B)
            .gives(B, key);
    }
}

#[test]
fn refusals_name_both_places_and_the_way_out() {
    let message = |run: &Run| run.resolve().unwrap_err().to_string();
    let [run, _] = by_default("", "whole");
    let text = message(&run.variable(KEY_VARIABLE, "sk_hidden"));
    for part in [
        KEY_VARIABLE,
        DEFAULT,
        A,
        "profile whole",
        "--profile whole",
        "environment variable NOVITA_PROFILE",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("hidden"));
    let [_, run] = by_default("", "url");
    let text = message(&run.variable(KEY_VARIABLE, "sk_hidden"));
    assert!(
        text.contains("api_key_env = \"NOVITA_API_KEY\"") && text.contains("config.toml, line 1"),
        "{text}"
    );
    let [run, _] = by_default("", "whole");
    let text = message(&run.variable(BASE_URL_VARIABLE, B));
    for part in [A, B, "NOVITA_BASE_URL", "--profile whole", "--base-url"] {
        assert!(text.contains(part), "{text}");
    }
    let text = message(&Run::with_profiles("").flag_profile("url"));
    assert!(
        text.contains("[profiles.url]") && text.contains("--api-key-file"),
        "{text}"
    );
}

#[test]
fn an_unknown_profile_is_told_with_the_known_ones_and_who_asked() {
    let message = |run: Run| run.resolve().unwrap_err().to_string();
    let text = message(Run::with_profiles("").flag_profile("pord"));
    assert_eq!(
        text,
        "there is no profile pord (asked for by --profile); known: consents, key, mute, url, urlhouse, whole"
    );
    let text = message(Run::new("").variable(PROFILE_VARIABLE, "x"));
    assert!(
        text.contains("environment variable NOVITA_PROFILE") && text.contains("has no profiles"),
        "{text}"
    );
    let text = message(
        Run::with_profiles("")
            .flag_profile("x")
            .flags(|flags| flags.demo = true),
    );
    assert!(text.contains("no profile x"), "{text}");
}

#[test]
fn a_flag_profile_beats_the_variable_and_that_beats_the_default() {
    let name = |run: Run| {
        run.variable(KEY_VARIABLE, "k")
            .resolve()
            .unwrap()
            .profile
            .unwrap()
            .name
    };
    let file = "default_profile = \"mute\"\n";
    assert_eq!(name(Run::with_profiles(file)), "mute");
    assert_eq!(
        name(Run::with_profiles(file).variable(PROFILE_VARIABLE, "")),
        "mute"
    );
    assert_eq!(
        name(Run::with_profiles(file).variable(PROFILE_VARIABLE, "key")),
        "key"
    );
    assert_eq!(
        name(
            Run::with_profiles(file)
                .variable(PROFILE_VARIABLE, "key")
                .flag_profile("consents")
        ),
        "consents"
    );
}

#[test]
fn a_profiles_label_tells_when_its_url_was_replaced() {
    let label = |run: Run| run.resolve().unwrap().profile.unwrap().label();
    let run = || Run::with_profiles(HOUSE_LINES);
    let here = |flags: &mut Flags| flags.base_url = Some("http://127.0.0.1:99/x".into());
    assert_eq!(label(run().flag_profile("whole")), "whole");
    assert_eq!(
        label(run().flag_profile("whole").flags(here)),
        "whole@127.0.0.1:99"
    );
    assert_eq!(
        label(
            run()
                .flag_profile("whole")
                .flags(|flags| flags.base_url = Some(A.into()))
        ),
        "whole"
    );
    let both = run()
        .variable(PROFILE_VARIABLE, "whole")
        .variable(BASE_URL_VARIABLE, B)
        .variable(KEY_VARIABLE, "k");
    assert_eq!(label(both), "whole@b.example");
    assert_eq!(
        label(run().flag_profile("mute").variable(BASE_URL_VARIABLE, B)),
        "mute"
    );
}

#[test]
fn a_wrong_base_url_names_its_place() {
    let key = |run: Run| {
        run.variable(KEY_VARIABLE, "k")
            .resolve()
            .unwrap_err()
            .to_string()
    };
    let flag = Run::new("").flags(|flags| flags.base_url = Some("http://x.example".into()));
    assert!(key(flag).starts_with("--base-url: http://x.example would"));
    let variable = Run::new("").variable(BASE_URL_VARIABLE, "x.example");
    assert!(
        key(variable)
            .starts_with("environment variable NOVITA_BASE_URL: the base URL has no scheme")
    );
}

#[test]
fn read_only_comes_from_flag_profile_or_file() {
    let read_only = |run: Run| run.variable(KEY_VARIABLE, "k").resolve().unwrap().read_only;
    let profiles =
        "[profiles.yes]\nread_only = true\n[profiles.no]\nread_only = false\n[profiles.silent]\n";
    let run = |top: &str| Run::new(&format!("{top}\n{profiles}"));
    assert!(!read_only(run("")));
    assert!(read_only(run("read_only = true")));
    assert!(read_only(run("").flag_profile("yes")));
    assert!(read_only(run("read_only = true").flag_profile("silent")));
    assert!(!read_only(run("read_only = true").flag_profile("no")));
    assert!(read_only(
        run("")
            .flag_profile("no")
            .flags(|flags| flags.read_only = true)
    ));
}

#[test]
fn a_protected_profile_stays_so_when_the_variables_replace_its_url_and_key() {
    let run = Run::new("default_profile = \"p\"\n[profiles.p]\nprotected = true\nbase_url = \"https://a.example\"\n")
        .variable(BASE_URL_VARIABLE, B)
        .variable(KEY_VARIABLE, "k");
    assert!(run.resolve().unwrap().profile.unwrap().protected);
}

#[test]
fn the_demo_needs_no_key_but_an_orderly_file() {
    let demo = |run: Run| run.flags(|flags| flags.demo = true);
    let run = demo(Run::with_profiles("default_profile = \"url\"\n"));
    let config = run.resolve().unwrap();
    assert_eq!(config.connection, Connection::Demo);
    assert_eq!(config.profile.as_ref().unwrap().label(), "url");
    assert_eq!(config.read_key(&run.env()).unwrap(), None);
    assert!(matches!(
        demo(Run::new("base_url = 3")).resolve(),
        Err(ConfigError::File(_))
    ));
    // A variable that is for the real API doesn't matter.
    assert!(
        demo(Run::new("").variable(BASE_URL_VARIABLE, "nonsense"))
            .resolve()
            .is_ok()
    );
}

#[test]
fn a_missing_file_is_an_empty_one_unless_it_was_named() {
    let run = Run::new("").variable(KEY_VARIABLE, "k");
    let config = Config::resolve(&Flags::default(), &run.env()).unwrap();
    assert_eq!(
        (config.config_file, config.esc_timeout),
        (None, Duration::from_millis(50))
    );
    assert_eq!(config.timeouts, Timeouts::default());
    let named = Flags {
        config: Some("/nowhere/c.toml".into()),
        ..Flags::default()
    };
    let text = Config::resolve(&named, &run.env()).unwrap_err().to_string();
    assert!(
        text.contains("/nowhere/c.toml") && text.contains("can't be read"),
        "{text}"
    );
}

#[test]
fn a_named_file_is_read_instead_of_the_usual_one() {
    let run = Run::new("base_url = 3").variable(KEY_VARIABLE, "k");
    let other = run.dir.path().join("other.toml");
    std::fs::write(&other, "esc_timeout_ms = 20\n").unwrap();
    let config = run
        .flags(|flags| flags.config = Some(other.clone()))
        .resolve()
        .unwrap();
    assert_eq!(config.esc_timeout, Duration::from_millis(20));
    assert_eq!(config.config_file.as_deref(), Some(Path::new(&other)));
}

#[test]
fn a_missing_key_is_told_in_three_lines() {
    let run = Run::new("");
    let text = run.resolve().unwrap_err().to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].contains(KEY_VARIABLE) && lines[0].contains(run.config_path().to_str().unwrap()),
        "{text}"
    );
    assert!(lines[1].contains("novita-edit --demo"), "{text}");
    assert!(lines[2].contains("Documentation"), "{text}");
}

#[test]
fn the_key_is_read_from_the_decided_source() {
    let run = Run::with_profiles("")
        .flag_profile("whole")
        .variable("A_KEY", "sk_a")
        .variable(KEY_VARIABLE, "sk_n");
    let key = run
        .resolve()
        .unwrap()
        .read_key(&run.env())
        .unwrap()
        .unwrap();
    assert_eq!(key.secret().reveal(), "sk_a");
    assert_eq!(key.source().to_string(), A_KEY);
}

#[test]
fn no_settings_show_a_key_or_a_command() {
    let run = Run::new("api_key_command = \"echo sk_hidden\"");
    let config = run.resolve().unwrap();
    let key = config.read_key(&run.env()).unwrap();
    assert_eq!(key.as_ref().unwrap().secret().reveal(), "sk_hidden");
    assert!(!format!("{config:?} {key:?}").contains("hidden"));
}
