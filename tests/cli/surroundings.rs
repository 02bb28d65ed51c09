//! What a machine brings along: its time zone, a home that is none, variables that are set to nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::run::{Ended, LLAMA, User};
use crate::writing::max;

impl User {
    /// With this variable beside the user's own; `None`: without it.
    fn run_where(&self, variables: &[(&str, Option<&str>)], arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        for (name, value) in variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let output = command.stdin(std::process::Stdio::null()).output().unwrap();
        Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn times_are_told_in_the_zone_that_tz_says() {
    let user = User::new();
    for zone in [
        "Asia/Kolkata",
        ":Asia/Kolkata",
        "IST-5:30",
        "/usr/share/zoneinfo/Asia/Kolkata",
    ] {
        let watch = ["watch", LLAMA, "--until", "serving", "-o", "json"];
        let ended = user.run_where(&[("TZ", Some(zone))], &watch).with(0);
        assert!(
            ended.out.lines().next().unwrap().contains("+05:30\""),
            "{zone}: {ended:#?}"
        );
        assert_eq!(ended.err, "", "{zone}");
    }
    let ended = user.run_where(&[("TZ", Some("Nowhere/Land"))], &["limits"]).with(0);
    assert_eq!(
        ended.err,
        "warning: TZ names no time zone that is known (Nowhere/Land), so times are told in UTC. Set it to one such as \
         Europe/Berlin.\n"
    );
}

#[test]
fn a_history_is_told_in_one_zone_with_the_year_where_it_is_another() {
    let user = User::new();
    user.run(&["scale", LLAMA, "--max", "6", "--yes"]).with(0);
    let new_york = [("TZ", Some("America/New_York"))];
    user.run_where(&new_york, &["scale", LLAMA, "--max", "7", "--yes"])
        .with(0);
    let history = user.path("state/novita-edit/history");
    let account = std::fs::read_dir(history).unwrap().next().unwrap().unwrap().path();
    let file = account.join(format!("{LLAMA}.jsonl"));
    let text = std::fs::read_to_string(&file).unwrap();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let at = first["at"].as_str().unwrap();
    std::fs::write(&file, text.replacen(at, "2019-12-31T20:00:00.000+00:00", 1)).unwrap();
    let kolkata = [("TZ", Some("Asia/Kolkata"))];
    let table = user.run_where(&kolkata, &["history", LLAMA]).with(0);
    let rows: Vec<&str> = table.out.lines().skip(1).collect();
    assert!(rows[1].starts_with("2  1 Jan 2020 01:30  "), "{table:#?}");
    let zone = TimeZone::get("Asia/Kolkata").unwrap();
    let today = Timestamp::now().to_zoned(zone).strftime("1  %-d %b ").to_string();
    assert!(rows[0].starts_with(&today), "{today}: {table:#?}");
    assert_eq!(table.err, "Times are in Asia/Kolkata.\n");
    let page = user.run_where(&kolkata, &["history", LLAMA, "2"]).with(0);
    assert!(page.out.starts_with("2: 1 Jan 2020 01:30, "), "{page:#?}");
    let json = user
        .run_where(&kolkata, &["history", LLAMA, "-o", "json"])
        .with(0)
        .json();
    for send in json.as_array().unwrap() {
        assert!(send["at"].as_str().unwrap().ends_with("+05:30"), "{json}");
    }
    // A zone without a name is told by its offset.
    let posix = user.run_where(&[("TZ", Some("IST-5:30"))], &["history", LLAMA]).with(0);
    assert_eq!(posix.err, "Times are in +05:30.\n");
}

#[test]
fn a_variable_that_is_set_to_nothing_is_refused_where_it_would_count() {
    let user = User::new();
    let base = user.server.base_url();
    user.file("key", "sk_test");
    std::fs::set_permissions(user.path("key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let config = format!(
        "[profiles.own]\nbase_url = \"{base}\"\napi_key_file = \"{}\"\n",
        user.path("key").display()
    );
    std::fs::create_dir_all(user.path("config/novita-edit")).unwrap();
    user.file("config/novita-edit/config.toml", &config);
    for name in ["NOVITA_BASE_URL", "NOVITA_API_KEY", "NOVITA_PROFILE"] {
        let ended = user.run_where(&[(name, Some(""))], &["list"]).with(2);
        let said = format!("novita-edit: {name} is set but empty; give it a value, or unset it to go without\n");
        assert_eq!((ended.err.as_str(), ended.out.as_str()), (said.as_str(), ""));
        // What passes it over doesn't care.
        user.run_where(&[(name, Some(""))], &["list", "--profile", "own"])
            .with(0);
        user.run_where(&[(name, Some(""))], &["config", "path"]).with(0);
    }
    let empty = [("NOVITA_BASE_URL", Some("")), ("NOVITA_API_KEY", Some(""))];
    user.run_where(&empty, &["list", "--demo"]).with(0);
    let url = ["list", "--base-url", &base];
    user.run_where(&[("NOVITA_BASE_URL", Some(""))], &url).with(0);
}

#[test]
fn a_home_that_is_no_directory_is_none() {
    let user = User::new();
    let homeless = |arguments: &[&str]| {
        let none = [
            ("XDG_CONFIG_HOME", None),
            ("XDG_STATE_HOME", None),
            ("HOME", Some("/dev/null")),
        ];
        user.run_where(&none, arguments)
    };
    let body = homeless(&["get", LLAMA]).with(0).out;
    user.file("body.json", &body);
    for arguments in [
        &["list"][..],
        &["show", LLAMA],
        &["limits"],
        &["validate", LLAMA],
        &["diff", "-f", "body.json"],
        &["watch", LLAMA, "--until", "serving"],
        &["config", "path"],
        &["config", "check"],
        &["completions", "bash"],
        &["man"],
    ] {
        let ended = homeless(arguments).with(0);
        assert!(!ended.err.contains("/dev/null"), "{arguments:?} {ended:#?}");
    }
    let ended = homeless(&["history", LLAMA, "-o", "json"]).with(0);
    let said = "Without a home directory (HOME, XDG_STATE_HOME) nothing that is sent is kept.\n";
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("[]\n", said));
    let ended = homeless(&["draft", "list"]).with(0);
    let said = "There is no home directory (HOME, XDG_STATE_HOME), so there are no drafts.\n";
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", said));
    homeless(&["draft", "show", LLAMA]).with(3);
    let ended = homeless(&["scale", LLAMA, "--max", "7", "--yes"]).with(0);
    assert!(
        ended
            .err
            .contains("The send is not kept in the history: there is no home directory"),
        "{ended:#?}"
    );
    assert_eq!(max(&user, LLAMA), 7);
    let ended = homeless(&["rollback", LLAMA, "--yes"]).with(2);
    assert!(ended.err.contains("there is no home directory"), "{ended:#?}");
    homeless(&["config", "init"]).with(2);
}

#[test]
fn a_zone_that_is_no_file_is_none_and_nobody_waits_for_it() {
    let user = User::new();
    for zone in [":/dev/zero", "/dev/zero", ":/dev"] {
        let ended = user.run_where(&[("TZ", Some(zone))], &["limits"]).with(0);
        assert!(
            ended.err.contains("TZ names no time zone that is known"),
            "{}",
            ended.err
        );
    }
}
