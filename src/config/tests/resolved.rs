//! The settings that no table is needed for.

use std::path::Path;
use std::time::Duration;

use super::*;

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
    let name = |run: Run| run.variable(KEY_VARIABLE, "k").resolve().unwrap().profile.unwrap().name;
    let file = "default_profile = \"mute\"\n";
    assert_eq!(name(Run::with_profiles(file)), "mute");
    let empty = Run::with_profiles(file).variable(PROFILE_VARIABLE, "").resolve();
    let text = empty.unwrap_err().to_string();
    assert!(text.contains("NOVITA_PROFILE is set but empty"), "{text}");
    assert_eq!(name(Run::with_profiles(file).variable(PROFILE_VARIABLE, "key")), "key");
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
    assert_eq!(label(run().flag_profile("whole").flags(here)), "whole@127.0.0.1:99");
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
    assert_eq!(label(run().flag_profile("mute").variable(BASE_URL_VARIABLE, B)), "mute");
}

#[test]
fn a_wrong_base_url_names_its_place() {
    let key = |run: Run| run.variable(KEY_VARIABLE, "k").resolve().unwrap_err().to_string();
    let flag = Run::new("").flags(|flags| flags.base_url = Some("http://x.example".into()));
    assert!(key(flag).starts_with("--base-url: http://x.example would"));
    let variable = Run::new("").variable(BASE_URL_VARIABLE, "x.example");
    assert!(key(variable).starts_with("environment variable NOVITA_BASE_URL: the base URL has no scheme"));
}

#[test]
fn read_only_comes_from_flag_profile_or_file() {
    let read_only = |run: Run| run.variable(KEY_VARIABLE, "k").resolve().unwrap().read_only;
    let profiles = "[profiles.yes]\nread_only = true\n[profiles.no]\nread_only = false\n[profiles.silent]\n";
    let run = |top: &str| Run::new(&format!("{top}\n{profiles}"));
    assert!(!read_only(run("")));
    assert!(read_only(run("read_only = true")));
    assert!(read_only(run("").flag_profile("yes")));
    assert!(read_only(run("read_only = true").flag_profile("silent")));
    assert!(!read_only(run("read_only = true").flag_profile("no")));
    assert!(read_only(
        run("").flag_profile("no").flags(|flags| flags.read_only = true)
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
    let config = run.flags(|flags| flags.config = Some(other.clone())).resolve().unwrap();
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
    let key = run.resolve().unwrap().read_key(&run.env()).unwrap().unwrap();
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

#[test]
fn secrets_are_kept_unless_the_file_or_the_profile_says_otherwise() {
    let keeps = |file: &str| {
        let run = Run::new(file).variable(KEY_VARIABLE, "k");
        run.resolve().unwrap().keep_secrets
    };
    assert!(keeps(""));
    assert!(!keeps("keep_secrets = false"));
    let profile = "default_profile = \"p\"\n[profiles.p]\napi_key_env = \"NOVITA_API_KEY\"\n";
    assert!(!keeps(&format!("keep_secrets = false\n{profile}")));
    assert!(keeps(&format!("keep_secrets = false\n{profile}keep_secrets = true")));
    assert!(!keeps(&format!("{profile}keep_secrets = false")));
}

#[test]
fn no_child_inherits_a_variable_that_holds_a_key_of_any_profile() {
    let config = Run::with_profiles("").variable(KEY_VARIABLE, "k").resolve().unwrap();
    let mut child = std::process::Command::new("true");
    config.key_variables.keep_from(&mut child);
    let removed: Vec<_> = child.get_envs().filter(|(_, value)| value.is_none()).collect();
    let names: Vec<_> = removed.iter().map(|(name, _)| name.to_str().unwrap()).collect();
    assert_eq!(names, ["A_KEY", KEY_VARIABLE]);
}
