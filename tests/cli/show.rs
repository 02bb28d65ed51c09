//! `show`: the whole of an endpoint, no secret unasked, on any width.

use novita_edit::demo::give_newer_settings;
use novita_edit::secret::MASK;
use novita_edit::text::width::shown_width;
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};

#[test]
fn values_are_masked_in_every_form_unless_asked_for() {
    let user = User::new();
    for form in ["table", "json", "yaml"] {
        let masked = user.run(&["show", LLAMA, "-o", form]).with(0);
        assert!(
            masked.out.contains(MASK) && !masked.out.contains(TOKEN),
            "{}",
            masked.out
        );
        assert_eq!(masked.err, "12 environment values are masked; --reveal shows them.\n");
        let shown = user.run(&["show", LLAMA, "-o", form, "--reveal"]).with(0);
        assert!(!shown.out.contains(MASK) && shown.out.contains(TOKEN), "{}", shown.out);
        assert_eq!(shown.err, "");
    }
}

#[test]
fn what_is_wrong_stands_under_its_field() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        endpoint["workerConfig"]["maxNum"] = json!(12);
        endpoint["workerConfig"]["requestTimeout"] = json!(null);
        endpoint["ports"] = json!([{"port": "8000"}, {"port": "9000"}]);
        endpoint["volumeMounts"][0]["mountPath"] = json!("data");
    });
    let out = user.run(&["show", LLAMA]).with(0).out;
    let lines: Vec<&str> = out.lines().collect();
    let below = |start: &str| {
        let at = lines.iter().position(|line| line.trim_start().starts_with(start));
        lines[at.unwrap_or_else(|| panic!("{start}: {out}")) + 1].trim()
    };
    assert_eq!(
        below("Max workers"),
        "! 12 is above 10, the most this account may have (parameter limits)"
    );
    assert_eq!(
        below("Request timeout  (unknown)"),
        "✗ not reported by the server; enter it, an update must send it (update body)"
    );
    assert!(below("HTTP port        8000, 9000").starts_with("✗ "), "{out}");
    assert_eq!(
        below("data  "),
        "! \"data\" is not an absolute path; write it from / on (convention)"
    );
    assert!(
        lines.contains(&"Workers ✗1 !1") && lines.contains(&"General ✗1"),
        "{out}"
    );
    let problems = &user.run(&["show", LLAMA, "-o", "json"]).json()["problems"];
    let paths: Vec<&str> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "ports[0].port",
            "workerConfig.maxNum",
            "workerConfig.requestTimeout",
            "volumeMounts[0].mountPath",
            "envs[4].key"
        ]
    );
}

#[test]
fn no_line_is_wider_than_the_terminal_and_nothing_is_cut_in_a_pipe() {
    let user = User::new();
    for id in ["ep_b40c55de", "ep_19e0d3aa", LLAMA] {
        let piped = user.run(&["show", id]).with(0).out;
        assert!(!piped.contains('…') && !piped.contains('\u{1b}'), "{piped}");
        for columns in [20, 40, 60, 80] {
            let shown = user.on_terminal(columns, &["show", id]);
            assert_eq!(shown.code, 0);
            for line in shown.text().lines().filter(|line| !line.contains("masked")) {
                assert!(shown_width(line) <= columns.into(), "{columns}: {line}");
                assert_eq!(line, line.trim_end());
            }
        }
    }
    let narrow = user.on_terminal(44, &["show", "ep_b40c55de"]).text();
    assert!(
        narrow.contains("  Image            registry.exa…5.10.3-cu126\n"),
        "{narrow}"
    );
    assert!(narrow.contains('…'));
}

#[test]
fn states_have_colours_beside_their_words() {
    let user = User::new();
    let good = user.on_terminal(80, &["show", LLAMA]).raw;
    assert!(good.contains("\u{1b}[32m● serving\u{1b}[0m"), "{good:?}");
    let bad = user.on_terminal(80, &["show", "ep_19e0d3aa"]).raw;
    assert!(bad.contains("\u{1b}[1m\u{1b}[31m● failed\u{1b}[0m"), "{bad:?}");
    let never = user.on_terminal(80, &["show", LLAMA, "--color", "never"]).raw;
    assert!(!never.contains('\u{1b}'));
    let always = user.run(&["show", LLAMA, "--color=always"]).with(0).out;
    assert!(always.contains("\u{1b}[32m● serving"));
}

#[test]
fn nothing_that_an_endpoint_says_can_drive_the_terminal() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        let evil = "a\u{1b}]0;x\u{7}\u{202e}b\nc";
        for pointer in [
            "/name",
            "/image/command",
            "/url",
            "/log",
            "/state/message",
            "/envs/0/key",
            "/envs/0/value",
        ] {
            *endpoint.pointer_mut(pointer).unwrap() = json!(evil);
        }
        endpoint["workers"][0]["id"] = json!(evil);
    });
    for form in ["table", "json", "yaml"] {
        let out = user.run(&["show", LLAMA, "--reveal", "-o", form]).with(0).out;
        assert!(!out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{form}: {out:?}");
    }
    let table = user.run(&["show", LLAMA]).with(0).out;
    assert!(table.starts_with("a␛]0;x␇⟨U+202E⟩b␊c  ep_7f3a91c2\n"), "{table}");
}

#[test]
fn without_ranges_and_workers_the_rest_is_shown() {
    let user = User::new();
    user.server.set_limits(json!({"maxWorkerNum": 0}));
    user.server.edit(LLAMA, |endpoint| endpoint["workers"] = json!([]));
    let out = user.run(&["show", LLAMA]).with(0).out;
    assert!(
        out.contains("● serving  no worker\n") && !out.contains("Workers now"),
        "{out}"
    );
    assert!(out.contains("  Max workers      5           no range\n"), "{out}");
}

#[test]
fn settings_that_no_update_carries_are_shown_secrets_masked() {
    let user = User::new();
    user.server.edit(LLAMA, give_newer_settings);
    let shown = user.run(&["show", LLAMA]).with(0).out;
    assert!(shown.contains("\nSettings that no update carries 12\n"), "{shown}");
    assert!(shown.contains("  queueConfig.maxPending    500\n"), "{shown}");
    assert!(
        shown.contains(&format!("  registry.accessKey        {MASK}\n")),
        "{shown}"
    );
    let revealed = user.run(&["show", LLAMA, "--reveal"]).with(0).out;
    assert!(revealed.contains("demo-access-key"), "{revealed}");
    let json = user.run(&["show", LLAMA, "-o", "json"]).json();
    let paths: Vec<&str> = json["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|setting| setting["path"].as_str().unwrap())
        .collect();
    assert!(
        paths.contains(&"type") && paths.contains(&"image.pullPolicy"),
        "{paths:?}"
    );
    assert!(!json.to_string().contains("demo-access-key"));
    assert_eq!(json["settingsLeftOut"], 0);
    assert_eq!(
        user.run(&["show", "ep_19e0d3aa", "-o", "json"]).json()["settings"],
        json!([])
    );
}
