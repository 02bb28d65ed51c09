//! `list` and `limits`: tables that fit, forms for programs, and every way in which reading ends.

use std::process::Stdio;

use novita_edit::demo::{Call, DemoOptions, Fault, Pace, Quirks, Reply, Seed, When};
use novita_edit::text::width::shown_width;
use serde_json::json;

use crate::run::{LLAMA, User};

#[test]
fn no_line_of_the_table_is_wider_than_the_terminal() {
    let user = User::new();
    for columns in [26, 40, 60, 80, 100, 120] {
        let shown = user.on_terminal(columns, &["list"]);
        assert_eq!(shown.code, 0);
        let text = shown.text();
        assert_eq!(text.lines().count(), 4, "{text}");
        for line in text.lines() {
            assert!(shown_width(line) <= columns.into(), "{columns}: {line}");
        }
        assert!(
            text.contains(LLAMA) && text.contains("NAME"),
            "ids and names stay: {text}"
        );
    }
    let wide = user.on_terminal(200, &["list"]).text();
    assert!(wide.contains("registry.example.com/render/comfyui-worker:2025.10.3-cu126"));
    let narrow = user.on_terminal(60, &["list"]).text();
    assert!(narrow.contains("MIN–MAX") && !narrow.contains("IMAGE"), "{narrow}");
}

#[test]
fn states_are_matched_in_any_case_and_filters_find_any_part() {
    let user = User::new();
    let names = |arguments: &[&str]| user.run(&[&["list", "-o", "name"], arguments].concat()).with(0).out;
    assert_eq!(names(&["--state", "FAILED"]), "ep_19e0d3aa\n");
    assert_eq!(
        names(&["--state", "serving", "--filter", "COMFYUI-worker"]),
        "ep_b40c55de\n"
    );
    assert_eq!(names(&["--state", "failed", "--state", "serving"]).lines().count(), 3);
    assert_eq!(names(&["--filter", "7f3a"]), format!("{LLAMA}\n"));
    assert_eq!(names(&["--state", "failed", "--filter", "llama"]), "");
}

#[test]
fn rows_are_sorted_and_columns_chosen_for_people_and_programs() {
    let user = User::new();
    let ids = |arguments: &[&str]| {
        let out = user.run(&[&["list", "-o", "name"], arguments].concat()).with(0).out;
        out.replace("ep_", "").replace('\n', " ")
    };
    for (arguments, order) in [
        (&["--sort", "id"][..], "19e0d3aa 7f3a91c2 b40c55de "),
        (&["--sort", "-id"], "b40c55de 7f3a91c2 19e0d3aa "),
        (&["--sort=-max,name"], "b40c55de 7f3a91c2 19e0d3aa "),
        (&["--sort", "state,-running"], "19e0d3aa 7f3a91c2 b40c55de "),
        (&["--sort", "state", "--sort", "max"], "19e0d3aa 7f3a91c2 b40c55de "),
        (
            &["--sort", "state,-running", "--reverse"],
            "b40c55de 7f3a91c2 19e0d3aa ",
        ),
        (&["--reverse"], "19e0d3aa b40c55de 7f3a91c2 "),
    ] {
        assert_eq!(ids(arguments), order, "{arguments:?}");
    }
    let json = user.run(&["list", "--sort", "id", "-o", "json"]).with(0).json();
    assert_eq!(json[0]["id"], "ep_19e0d3aa");
    let bare = ["list", "--sort", "id", "--columns", "ID,max,cluster", "--no-headers"];
    assert_eq!(
        user.run(&bare).with(0).out,
        "ep_19e0d3aa  2  -\nep_7f3a91c2  5  us-dallas-nas-2\nep_b40c55de  8  eu-frankfurt-nas-1\n"
    );
    // Columns that were asked for stay, however narrow it is.
    let narrow = user
        .on_terminal(30, &["list", "--columns", "id,state,gpus,image"])
        .text();
    assert!(narrow.contains("GPUS") && narrow.contains("IMAGE"), "{narrow}");
    for (arguments, said) in [
        (&["--sort", "imgae"][..], "did you mean image?"),
        (&["--sort", "-clutser"], "did you mean cluster?"),
        (&["--columns", "id,colour"], "there is no column colour"),
        (&["--columns", "id", "-o", "json"], "pick keys with jq"),
    ] {
        let ended = user.run(&[&["list"], arguments].concat()).with(2);
        assert!(ended.err.contains(said), "{arguments:?} {ended:#?}");
    }
    assert_eq!(user.run(&["list", "--no-headers", "--state", "none"]).with(0).out, "");
}

#[test]
fn wide_has_all_that_the_list_tells_and_what_it_does_not_tell_is_a_dash() {
    let user = User::new();
    user.server.edit("ep_19e0d3aa", |endpoint| {
        endpoint["workerConfig"] = json!(null);
        for key in ["ports", "envs", "volumeMounts", "healthy", "url", "products"] {
            endpoint[key] = json!(null);
        }
    });
    let wide = user.run(&["list", "-o", "wide"]).with(0).out;
    let lines: Vec<&str> = wide.lines().collect();
    for heading in [
        "CONCURRENCY",
        "IDLE TIMEOUT",
        "PORT",
        "HEALTH PATH",
        "VOLUMES",
        "ENVS",
        "CLUSTER",
        "URL",
    ] {
        assert!(lines[0].contains(heading), "{heading}: {wide}");
    }
    for told in ["us-dallas-nas-2", "300s", "600s", "8000", "/health", "12"] {
        assert!(lines[1].contains(told), "{told}: {wide}");
    }
    assert!(lines[3].matches(" -").count() >= 8, "{wide}");
    let narrow = user.on_terminal(80, &["list", "-o", "wide"]).text();
    assert!(narrow.contains("URL"), "as wide as it is: {narrow}");
}

#[test]
fn an_account_without_endpoints_is_told_so() {
    let user = User::with(DemoOptions {
        seed: Seed::without_endpoints(),
        ..DemoOptions::default()
    });
    let ended = user.run(&["list"]).with(0);
    assert_eq!(
        (ended.out.as_str(), ended.err.as_str()),
        ("", "This account has no endpoints.\n")
    );
    assert_eq!(user.run(&["list", "-o", "json"]).with(0).json(), json!([]));
}

#[test]
fn a_thousand_endpoints_are_one_array() {
    let user = User::new();
    for at in 0..1000 {
        let mut endpoint = user.server.endpoint(LLAMA).unwrap();
        endpoint["id"] = json!(format!("ep_{at:04}"));
        user.server.add_endpoint(endpoint);
    }
    let listed = user.run(&["list", "-o", "json"]).with(0).json();
    assert_eq!(listed.as_array().unwrap().len(), 1003);
}

#[test]
fn numbers_that_are_not_told_are_null_and_empty() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        endpoint["workerConfig"] = json!(null);
        endpoint["policy"] = json!(null);
    });
    let ended = user.run(&["list", "--filter", "llama", "-o", "json"]).with(0).json();
    assert_eq!(ended[0]["gpus"], json!(null));
    assert_eq!(ended[0]["workers"]["max"], json!(null));
    assert_eq!(ended[0]["policy"], json!({"type": "", "value": null}));
    user.run(&["list", "--filter", "llama"]).with(0);
}

#[test]
fn ranges_that_are_none_say_why() {
    let user = User::new();
    user.server
        .set_limits(json!({"minWorkerNum": 1, "maxWorkerNum": 8, "minGPUNum": 9, "maxGPUNum": 8}));
    let limits = user.run(&["limits", "-o", "json"]).with(0).json();
    let of = |path: &str| {
        limits
            .as_array()
            .unwrap()
            .iter()
            .find(|range| range["path"] == path)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&of("workerConfig.maxNum")["max"], &of("workerConfig.maxNum")["why"]),
        (&json!(8), &json!(null))
    );
    assert_eq!(of("workerConfig.gpuNum")["min"], json!(null));
    assert_eq!(
        of("workerConfig.gpuNum")["why"],
        "the account's limits say 9–8, which no value can meet"
    );
    let table = user.run(&["limits"]).with(0).out;
    assert!(table.lines().next().unwrap().ends_with("WHY NONE"), "{table}");
    assert!(table.contains("GPUs per worker"));
    for columns in [30, 60, 80] {
        let shown = user.on_terminal(columns, &["limits"]).text();
        assert!(
            shown.lines().all(|line| shown_width(line) <= columns.max(42).into()),
            "{shown}"
        );
    }
}

#[test]
fn every_end_has_its_exit_code() {
    let user = User::new();
    for (command, call) in [("list", Call::List), ("limits", Call::Limits)] {
        let fails = |reply: Reply| user.server.faults().add(call, When::always(), Fault::Instead(reply));
        fails(Reply::error(401, "INVALID_API_KEY", "who are you"));
        let refused = user.run(&[command]).with(6);
        assert!(
            refused.err.contains("NOVITA_API_KEY") && !refused.err.contains("sk_test"),
            "{}",
            refused.err
        );
        assert_eq!(refused.out, "");
        user.server.faults().clear();
        fails(Reply::status(500).header("Retry-After", "300"));
        user.run(&[command]).with(7);
        user.server.faults().clear();
        user.run(&[command, "-o", "xml"]).with(2);
        user.run(&[command, "--profile", "none"]).with(2);
    }
    let away = User::new().env("NOVITA_BASE_URL", "http://127.0.0.1:9");
    let ended = away.run(&["list"]).with(7);
    assert!(ended.err.contains("Again in 0.5 s (1 of 3)."), "{}", ended.err);
    let nobody = User::new().env("NOVITA_API_KEY", "");
    nobody.run(&["list"]).with(2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let user = User::new();
    for form in ["table", "json"] {
        let mut child = user
            .command(&["list", "-o", form])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = user.command(&["list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("the result can't be written")
    );
}

#[test]
fn an_interrupt_while_reading_ends_it_at_once() {
    let user = User::with(DemoOptions {
        pace: Pace::fast(),
        ..DemoOptions::default()
    });
    let hangs = Fault::DelayBefore(std::time::Duration::from_secs(20));
    user.server.faults().add(Call::List, When::always(), hangs);
    let child = user
        .command(&["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while user.server.requests().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = rustix::process::Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
}

/// A user of a server that gives ten endpoints a page, 23 in all, and writes its lists in this way.
fn of_23(quirks: Quirks) -> User {
    let user = User::with(DemoOptions {
        pace: Pace::manual(),
        quirks: Quirks {
            page_cap: Some(10),
            ..quirks
        },
        ..DemoOptions::default()
    });
    for at in 0..20 {
        let mut endpoint = user.server.endpoint(LLAMA).unwrap();
        endpoint["id"] = json!(format!("ep_{at:04}"));
        endpoint["name"] = json!(format!("copy-{at}"));
        user.server.add_endpoint(endpoint);
    }
    user
}

#[test]
fn a_list_that_is_short_is_printed_and_is_no_success() {
    let user = of_23(Quirks {
        total_off: 1,
        ..Quirks::default()
    });
    let ended = user.run(&["list", "-o", "name"]).with(6);
    assert_eq!(ended.out.lines().count(), 23);
    assert!(
        ended.err.starts_with("warning: Only 23 of 24 endpoints came: "),
        "{}",
        ended.err
    );
    // An id needs no list; a name might be the missing one's, too.
    user.run(&["show", "ep_0007"]).with(0);
    let ended = user.run(&["show", "copy-7"]).with(6);
    assert!(ended.err.contains("Only 23 of 24 endpoints came"), "{}", ended.err);
    let told = "Whether copy-7 is the name of ep_0007 alone is not known: give the id.";
    assert!(ended.err.contains(told) && ended.out.is_empty(), "{}", ended.err);
    let ended = user.run(&["scale", "nobody", "--max", "1", "--yes"]).with(6);
    assert!(
        ended.err.contains("None of these has the id or the name nobody."),
        "{}",
        ended.err
    );
}

#[test]
fn a_list_that_breaks_off_prints_what_came_and_says_what_is_missing() {
    let user = of_23(Quirks::default());
    let fails = Fault::Instead(Reply::error(403, "FORBIDDEN", "not this page"));
    user.server.faults().add(Call::List, When::nth(3), fails);
    let ended = user.run(&["list", "-o", "json"]).with(6);
    let came = ended.json().as_array().unwrap().len();
    assert!(came == 20 || came == 13, "{came}");
    let told = format!("warning: Only {came} of 23 endpoints came. ");
    assert!(
        ended.err.starts_with(&told) && ended.err.contains("not this page."),
        "{}",
        ended.err
    );
    // What asking again brings is asked for again.
    user.server.faults().clear();
    let fails = Fault::Instead(Reply::status(503));
    user.server.faults().add(Call::List, When::nth(3), fails);
    let ended = user.run(&["list", "-o", "name"]).with(0);
    assert_eq!(ended.out.lines().count(), 23);
    assert!(ended.err.contains("of 23 endpoints came."), "{}", ended.err);
}

#[test]
fn an_answer_that_is_no_list_is_no_empty_account() {
    let user = of_23(Quirks {
        endpoints_under_data: true,
        ..Quirks::default()
    });
    let ended = user.run(&["list"]).with(6);
    assert!(
        ended.err.contains("it has no endpoints") && ended.out.is_empty(),
        "{}",
        ended.err
    );
    user.server.set_limits(json!({}));
    let ended = user.run(&["limits"]).with(6);
    assert!(ended.err.contains("none of the known limits is in it"), "{}", ended.err);
}

#[test]
fn an_endpoint_that_is_gone_is_3_and_a_server_that_wants_to_be_asked_later_is_7() {
    for gone_status in [None, Some(404), Some(410)] {
        let user = of_23(Quirks {
            gone_status,
            ..Quirks::default()
        });
        assert!(user.server.delete(LLAMA));
        user.run(&["show", LLAMA]).with(3);
    }
    let user = User::new();
    let busy = Reply::error(429, "RATE_LIMIT_EXCEEDED", "slow down").header("Retry-After", "3600");
    user.server
        .faults()
        .add(Call::Load, When::always(), Fault::Instead(busy));
    let ended = user.run(&["show", LLAMA]).with(7);
    assert!(ended.err.contains("Wait 3600 s, then try again."), "{}", ended.err);
}
