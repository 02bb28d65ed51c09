//! `--dry-run`: what would be sent, byte for byte, and all that is to be known of it.

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};
use crate::schema::holds;
use crate::writing::posts;

const COMFY: &str = "ep_b40c55de";

#[test]
fn what_is_revealed_are_the_bytes_of_the_update() {
    let user = User::new();
    user.server
        .edit(LLAMA, |endpoint| endpoint["name"] = json!("a\u{202e}b é"));
    let scale = ["scale", LLAMA, "--max", "8"];
    let shown = user.run(&[&scale[..], &["--dry-run", "--reveal"]].concat()).with(0);
    let listed = user
        .run(&[&scale[..], &["--dry-run", "--reveal", "-o", "json"]].concat())
        .with(0);
    holds("writes", &listed.json());
    assert_eq!(posts(&user), []);
    user.run(&[&scale[..], &["--yes"]].concat()).with(0);
    let sent = String::from_utf8(posts(&user)[0].body.clone()).unwrap();
    assert_eq!(shown.out, sent);
    let entry = &listed.json()[0];
    assert_eq!(entry["bodyText"], json!(sent));
    assert_eq!(entry["body"], serde_json::from_str::<serde_json::Value>(&sent).unwrap());
    assert!(sent.contains(TOKEN));
    // And they are an update.
    let url = format!("{}/endpoint/update", user.server.base_url());
    let host = user.host();
    let path = url.split_once(&host).unwrap().1.to_owned();
    let mut stream = std::net::TcpStream::connect(&host).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer sk_test\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        shown.out.len()
    );
    std::io::Write::write_all(&mut stream, (head + &shown.out).as_bytes()).unwrap();
    let answer = std::io::read_to_string(stream).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn masked_or_several_bodies_are_lines_for_people() {
    let user = User::new();
    let masked = user.run(&["scale", LLAMA, "--max", "8", "--dry-run"]).with(0);
    assert!(
        masked.out.ends_with("}\n") && !masked.out.contains(TOKEN),
        "{masked:#?}"
    );
    let several = user
        .run(&["scale", LLAMA, COMFY, "--max", "7", "--dry-run", "--reveal"])
        .with(0);
    assert_eq!(several.out.matches("\n}\n").count(), 2, "{several:#?}");
    let listed = user
        .run(&["scale", LLAMA, "--max", "8", "--dry-run", "-o", "json"])
        .with(0);
    assert!(!listed.out.contains("bodyText") && !listed.out.contains(TOKEN));
}

#[test]
fn where_nothing_changes_it_says_so() {
    let user = User::new();
    let arguments = ["scale", LLAMA, COMFY, "--max", "5", "--dry-run", "-o", "json"];
    let json = user.run(&arguments).with(0).json();
    holds("writes", &json);
    assert_eq!(
        (&json[0]["outcome"], &json[0]["changes"]),
        (&json!("unchanged"), &json!([]))
    );
    assert_eq!(json[0]["body"]["id"], LLAMA);
    assert_eq!(json[1]["outcome"], "dryRun");
}

#[test]
fn what_stderr_warns_of_stands_in_the_json() {
    let user = User::new();
    let refusal = Fault::Instead(Reply::error(400, "UNKNOWN_THING", "no"));
    user.server.faults().add(Call::Limits, When::always(), refusal);
    let user = user.env("XDG_STATE_HOME", "/dev/null/x");
    let arguments = [
        "set",
        LLAMA,
        "workerConfig.maxNum=8",
        "envs.GONE-",
        "--allow-masked",
        "NONE",
        "--yes",
    ];
    let ended = user.run(&[&arguments[..], &["-o", "json"]].concat()).with(0);
    let json = ended.json();
    holds("write", &json);
    let listed: Vec<&str> = json["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    let told: Vec<&str> = ended
        .err
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("warning: "))
        .collect();
    assert!(told.len() >= 5, "{ended:#?}");
    for one in &told {
        assert!(listed.contains(one), "{one}\n{listed:#?}");
    }
    for said in [
        "ranges are not known",
        "is not kept in the history",
        "--allow-masked NONE",
        "There is no envs.GONE",
    ] {
        assert!(listed.iter().any(|one| one.contains(said)), "{said}: {listed:#?}");
    }
    assert_eq!(listed.len(), told.len(), "each once: {listed:#?}");
}
