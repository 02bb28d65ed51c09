//! Which key goes where: the table of the module documentation, row by row.

use super::*;

#[test]
fn row_1_without_a_profile_each_setting_stands_for_itself() {
    for run in [
        |file: &str| Run::new(file),
        |file: &str| Run::with_profiles(file).flag_profile("mute"),
    ] {
        run("").refused("missing");
        run("").variable(KEY_VARIABLE, "k").gives(DEFAULT, KEY);
        run("").variable(KEY_VARIABLE, "").refused("empty variable");
        run("")
            .variable(KEY_VARIABLE, "k")
            .variable(BASE_URL_VARIABLE, B)
            .gives(B, KEY);
        run(HOUSE_LINES).gives(HOUSE, HOUSE_KEY);
        run(HOUSE_LINES).variable(BASE_URL_VARIABLE, B).gives(B, HOUSE_KEY);
        run(HOUSE_LINES)
            .variable(BASE_URL_VARIABLE, "")
            .refused("empty variable");
        run(HOUSE_LINES).variable(KEY_VARIABLE, "k").gives(HOUSE, KEY);
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
                .fold(Run::with_profiles(house).flag_profile(profile), |run, (name, value)| {
                    run.variable(name, value)
                })
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
            variables
                .iter()
                .fold(Run::with_profiles(house).flag_profile(profile), |run, (name, value)| {
                    run.variable(name, value)
                })
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
    house().variable(BASE_URL_VARIABLE, B).gives(HOUSE, HOUSE_KEY);
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
            run.variable(BASE_URL_VARIABLE, B).refused("profile's key elsewhere");
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
        run.variable(BASE_URL_VARIABLE, A).refused("profile without key");
    }
    for run in by_default(HOUSE_LINES, "urlhouse") {
        run.variable(BASE_URL_VARIABLE, B).refused("profile's key elsewhere");
    }
    for run in by_default(HOUSE_LINES, "urlhouse") {
        run.variable(BASE_URL_VARIABLE, HOUSE).gives(HOUSE, HOUSE_KEY);
    }
}

#[test]
fn row_9_the_variables_key_does_not_go_to_the_url_of_a_profile_chosen_by_default() {
    for profile in ["whole", "url"] {
        for run in by_default(HOUSE_LINES, profile) {
            run.variable(KEY_VARIABLE, "k").refused("variable's key elsewhere");
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
    Run::with_profiles(HOUSE_LINES).flags(here).gives(B, HOUSE_KEY);
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
        let run = || Run::with_profiles(HOUSE_LINES).variable(KEY_VARIABLE, "k").flags(own);
        run().flag_profile(profile).gives(A, key);
        run().flag_profile(profile).variable(BASE_URL_VARIABLE, B).gives(A, key);
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
