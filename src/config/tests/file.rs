//! The config file: everything it may hold, and each way it can be wrong.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::error::FILE_SIZE_LIMIT;
use crate::config::file::{FileSettings, read_text};
use crate::config::key::KeySource;

fn parse(text: &str) -> Result<FileSettings, String> {
    FileSettings::parse(Path::new("/c/config.toml"), text, Some(Path::new("/h"))).map_err(|error| error.to_string())
}

#[track_caller]
fn wrong(text: &str, expected: &str) {
    let error = parse(text).unwrap_err();
    assert_eq!(error, format!("/c/config.toml, {expected}"), "{text}");
    assert!(!error.contains('\n') && !error.contains("hidden"), "{error}");
}

#[test]
fn everything_a_file_may_hold_is_read() {
    let settings = parse(
        r#"
base_url = "https://api.ppio.com/gpu-instance/openapi/v1/"
api_key_command = "pass show novita"
default_profile = "prod"
esc_timeout_ms = 0x19
ascii = false
read_only = true
timeouts = { connect = 2.5, request = 20, total = 3600 }

[profiles.prod]
base_url = "https://a.example"
api_key_file = "~/keys/prod"
protected = true
read_only = false

[profiles."eu-1.b"]
api_key_env = "EU_KEY"
"#,
    )
    .unwrap();
    assert_eq!(
        settings.base_url.unwrap().value.to_string(),
        "https://api.ppio.com/gpu-instance/openapi/v1"
    );
    assert_eq!(settings.key.unwrap().to_string(), "the command in /c/config.toml");
    assert_eq!(settings.default_profile.unwrap().value, "prod");
    assert_eq!(settings.esc_timeout, Duration::from_millis(25));
    assert_eq!((settings.ascii, settings.read_only), (Some(false), true));
    assert_eq!(settings.timeouts.connect, Duration::from_millis(2500));
    assert_eq!(settings.timeouts.request, Duration::from_secs(20));
    assert_eq!(settings.timeouts.total, Duration::from_secs(3600));
    let prod = &settings.profiles["prod"];
    assert_eq!(prod.key, Some(KeySource::File("/h/keys/prod".into())));
    assert_eq!(
        prod.base_url.as_ref().unwrap().origin.to_string(),
        "profile prod (/c/config.toml, line 11)"
    );
    assert_eq!((prod.protected, prod.read_only), (true, Some(false)));
    assert_eq!(
        settings.profiles["eu-1.b"].key,
        Some(KeySource::Variable("EU_KEY".into()))
    );
}

#[test]
fn an_empty_file_is_all_defaults() {
    let settings = parse("# nothing\n").unwrap();
    assert!(settings.base_url.is_none() && settings.key.is_none() && settings.profiles.is_empty());
    assert_eq!(settings.esc_timeout, Duration::from_millis(50));
    assert_eq!(settings.ascii, None);
}

#[test]
fn key_file_paths_are_relative_to_the_config_file() {
    let path = |text: &str| parse(&format!("api_key_file = \"{text}\"")).unwrap().key;
    assert_eq!(path("k"), Some(KeySource::File(PathBuf::from("/c/k"))));
    assert_eq!(path("/k"), Some(KeySource::File(PathBuf::from("/k"))));
    assert_eq!(path("~/k"), Some(KeySource::File(PathBuf::from("/h/k"))));
    let homeless = FileSettings::parse(Path::new("/c"), "api_key_file = \"~/k\"", None);
    assert!(homeless.unwrap_err().to_string().contains("no home directory"));
}

#[test]
fn syntax_errors_have_line_and_key_and_never_the_text() {
    for (text, line, key) in [
        ("ascii = true\nbase_url = https://hidden\n", 2, Some("base_url")),
        ("\n\napi_key = sk_hidden\n", 3, Some("api_key")),
        ("api_key_env = \"hidden\n", 1, Some("api_key_env")),
        ("[profiles.x\nascii = true", 1, None),
        ("ascii = true\nascii = false\n", 2, Some("ascii")),
        ("[timeouts]\nconnect = 1\nconnect = 2", 3, Some("connect")),
    ] {
        let error = parse(text).unwrap_err();
        let key = key.map(|key| format!("`{key}`: ")).unwrap_or_default();
        let expected = format!("/c/config.toml, line {line}: {key}not valid TOML: ");
        assert!(error.starts_with(&expected), "{error}");
        assert!(!error.contains("hidden") && !error.contains('\n'), "{error}");
    }
}

#[test]
fn unknown_keys_are_told_with_the_nearest_known_one() {
    wrong(
        "ascii = true\nbase_ulr = \"hidden\"",
        "line 2: `base_ulr` is not a known setting; did you mean `base_url`?",
    );
    wrong(
        "esc-timeout-ms = 1",
        "line 1: `esc-timeout-ms` is not a known setting; did you mean `esc_timeout_ms`?",
    );
    wrong(
        "[timeouts]\n\nconect = 1",
        "line 3: `timeouts.conect` is not a known setting; did you mean `connect`?",
    );
    wrong(
        "[profiles.prod]\nprotect = true",
        "line 2: `profiles.prod.protect` is not a known setting; did you mean `protected`?",
    );
    wrong(
        "[timeouts]\nxyz = 1",
        "line 2: `timeouts.xyz` is not a known setting; known here: connect, request, total",
    );
    let first_of_two = "zzz = 1\naaa = 2";
    assert!(parse(first_of_two).unwrap_err().contains("line 1: `zzz`"));
}

#[test]
fn a_key_in_the_file_is_refused_without_being_shown() {
    for text in [
        "api_key = \"sk_hidden\"",
        "[profiles.p]\napi_key = \"sk_hidden\"",
        "token = \"sk_hidden\"",
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains("api_key_file") && !error.contains("hidden"), "{error}");
    }
    let error = parse("sk_hidden_key = 1").unwrap_err();
    assert!(!error.contains("hidden"), "{error}");
}

#[test]
fn wrong_types_are_told_with_the_right_one() {
    wrong(
        "base_url = 3",
        "line 1: `base_url` must be a text in quotes, not a whole number",
    );
    wrong(
        "ascii = \"hidden\"",
        "line 1: `ascii` must be true or false, not a text",
    );
    wrong(
        "esc_timeout_ms = 5.0",
        "line 1: `esc_timeout_ms` must be a whole number of milliseconds from 1 to 5000, not a number with a fraction",
    );
    wrong(
        "timeouts = 3",
        "line 1: `timeouts` must be a table ([timeouts]), not a whole number",
    );
    wrong(
        "[timeouts]\ntotal = \"5s\"",
        "line 2: `timeouts.total` must be a number of seconds from 0.1 to 3600, not a text",
    );
    wrong(
        "profiles = []",
        "line 1: `profiles` must be a table ([profiles]), not a list",
    );
    wrong(
        "[profiles]\nprod = true",
        "line 2: `profiles.prod` must be a table ([profiles.prod]), not true or false",
    );
    wrong(
        "read_only = 2020-01-01",
        "line 1: `read_only` must be true or false, not a date",
    );
}

#[test]
fn numbers_are_taken_at_both_ends_of_their_range_and_not_beyond() {
    for good in ["0.1", "1", "3600", "3600.0", "0xff", "1_0"] {
        assert!(parse(&format!("[timeouts]\nconnect = {good}")).is_ok(), "{good}");
    }
    for bad in [
        "0",
        "0.09",
        "-1",
        "3600.1",
        "3601",
        "inf",
        "nan",
        "-inf",
        "99999999999999999999999",
    ] {
        let error = parse(&format!("[timeouts]\nconnect = {bad}")).unwrap_err();
        assert!(
            error.contains("line 2: `timeouts.connect` must be a number of seconds from 0.1 to 3600, not"),
            "{error}"
        );
    }
    for good in ["1", "5000"] {
        assert!(parse(&format!("esc_timeout_ms = {good}")).is_ok());
    }
    for bad in ["0", "5001", "-1"] {
        wrong(
            &format!("esc_timeout_ms = {bad}"),
            &format!("line 1: `esc_timeout_ms` must be a whole number of milliseconds from 1 to 5000, not {bad}"),
        );
    }
}

#[test]
fn blank_texts_are_refused() {
    wrong("base_url = \" \"", "line 1: `base_url` must not be blank");
    wrong(
        "\napi_key_command = \"\"",
        "line 2: `api_key_command` must not be blank",
    );
}

#[test]
fn a_wrong_base_url_is_told_where_it_stands_also_in_profiles_not_in_use() {
    let error = parse("[profiles.old]\nprotected = true\nbase_url = \"http://localhost:1/v1\"").unwrap_err();
    assert!(
        error.starts_with("/c/config.toml, line 3: `profiles.old.base_url` is wrong: "),
        "{error}"
    );
    assert!(error.ends_with("write http://127.0.0.1:1/v1"), "{error}");
}

#[test]
fn two_key_sources_in_one_place_are_refused() {
    wrong(
        "api_key_file = \"/k\"\napi_key_command = \"hidden\"",
        "line 2: `api_key_command` stands beside `api_key_file`; keep one of them, the API key comes from one place",
    );
    for second in ["api_key_file = \"/k\"", "api_key_command = \"hidden\""] {
        let error = parse(&format!("[profiles.p]\n{second}\napi_key_env = \"V\"")).unwrap_err();
        assert!(
            error.contains("line 3: `profiles.p.api_key_env` stands beside"),
            "{error}"
        );
    }
}

#[test]
fn a_variables_name_is_checked_and_a_key_in_its_place_not_shown() {
    for bad in ["a b", "1X", "X=Y", "$X", "é"] {
        let error = parse(&format!("[profiles.p]\napi_key_env = \"{bad}\"")).unwrap_err();
        assert!(
            error.contains("`profiles.p.api_key_env` must be the name of an environment variable"),
            "{error}"
        );
    }
    wrong(
        "[profiles.p]\napi_key_env = \"sk_hidden_key\"",
        "line 2: `profiles.p.api_key_env` must be the name of an environment variable that holds the key, and this looks like the key itself",
    );
    // Outside of profiles NOVITA_API_KEY is the variable.
    assert!(
        parse("api_key_env = \"X\"")
            .unwrap_err()
            .contains("not a known setting")
    );
}

#[test]
fn a_default_profile_must_exist_and_names_must_be_showable() {
    wrong(
        "default_profile = \"x\"\n[profiles.a]\n[profiles.b]",
        "line 1: `default_profile` names a profile that is not in this file; known: a, b",
    );
    wrong(
        "default_profile = \"x\"",
        "line 1: `default_profile` names a profile that is not in this file; it has no [profiles.NAME]",
    );
    for name in ["", "a b", "a\\u001b", "a\\u202eb"] {
        let error = parse(&format!("[profiles.\"{name}\"]\n")).unwrap_err();
        assert!(error.contains("is no profile's name"), "{error}");
        assert!(!error.contains('\u{1b}') && !error.contains('\u{202e}'), "{error:?}");
    }
}

#[test]
fn unreadable_files_are_told_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let load = || FileSettings::load(&path, false, None).map_err(|error| error.to_string());
    assert!(load().unwrap().path.is_none());
    std::fs::write(&path, b"ascii = true\n# \xff\n").unwrap();
    assert_eq!(
        load().unwrap_err(),
        format!("{}, line 2: the config file is not UTF-8 text", path.display())
    );
    std::fs::write(&path, "#".repeat(FILE_SIZE_LIMIT + 1)).unwrap();
    assert!(load().unwrap_err().contains("larger than 1024 KiB"));
    std::fs::write(&path, "\u{feff}ascii = true\r\n").unwrap();
    assert_eq!(load().unwrap().ascii, Some(true));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(load().unwrap_err().contains("is no regular file"));
    // A link that leads nowhere is no missing file: what it should say would not be missed.
    std::fs::remove_dir(&path).unwrap();
    std::os::unix::fs::symlink(dir.path().join("absent"), &path).unwrap();
    assert!(load().unwrap_err().contains("can't be read"));
}

#[test]
fn a_file_that_others_may_write_is_refused_with_the_way_to_mend_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    std::fs::write(&path, "").unwrap();
    let set = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o666, 0o602] {
        set(mode);
        let told = read_text(&path).unwrap_err().to_string();
        assert!(told.ends_with(&format!("chmod go-w {}", path.display())), "{told}");
    }
    for mode in [0o600, 0o644, 0o400] {
        set(mode);
        assert!(read_text(&path).is_ok());
    }
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(read_text(&link).is_ok());
    assert_eq!(read_text(Path::new("/dev/null")).unwrap(), "");
}

#[test]
fn a_directory_that_others_may_write_is_refused_with_what_mends_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("novita-edit");
    std::fs::create_dir(&dir).unwrap();
    let path = dir.join("config.toml");
    std::fs::write(&path, "read_only = true").unwrap();
    let load = || FileSettings::load(&path, false, None).map_err(|error| error.to_string());
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o777)).unwrap();
    let (file, shown) = (path.display(), dir.display());
    let refused = format!(
        "the config file {file} is in {shown}, where others can put another file in its place (mode 0777), and would decide \
         what this program does; mend it with: chmod go-w {shown}"
    );
    assert_eq!(load().unwrap_err(), refused);
    // Its settings may be gone because somebody took them away.
    std::fs::remove_file(&path).unwrap();
    assert_eq!(load().unwrap_err(), refused);
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(!load().unwrap().read_only);
    std::fs::write(&path, "read_only = true").unwrap();
    assert!(load().unwrap().read_only);
    // One that isn't there at all is no settings.
    assert!(FileSettings::load(&home.path().join("none/config.toml"), false, None).is_ok());
}
