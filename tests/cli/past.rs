//! `history` and `rollback`: what was sent, and the way back.

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::json;

use crate::run::{LLAMA, User};
use crate::schema::holds;
use crate::writing::{max, posts};

fn scaled(user: &User, max: &str) {
    user.run(&["scale", LLAMA, "--max", max, "--yes"]).with(0);
}

#[test]
fn sends_are_listed_the_newest_first_without_asking_the_server() {
    let user = User::new();
    scaled(&user, "6");
    let refusal = Fault::Instead(Reply::error(400, "OPERATION_LIMIT", "quota exceeded"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    user.run(&["scale", LLAMA, "--max", "7", "--yes"]).with(6);
    user.run(&["set", LLAMA, "envs.NEW=n", "name=renamed", "--yes"]).with(0);
    let before = user.server.requests().len();
    let json = user.run(&["history", LLAMA, "-o", "json"]).with(0).json();
    holds("history", &json);
    let outcomes: Vec<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|send| send["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["saved", "refused", "saved"]);
    assert!(json[1]["reason"].as_str().unwrap().contains("quota exceeded"));
    let table = user.run(&["history", LLAMA]).with(0).out;
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[1].contains("stored") && lines[1].ends_with("Name llama-3-8b → renamed, +NEW"),
        "{table}"
    );
    assert!(
        lines[2].contains("refused") && lines[3].ends_with("Max workers 5 → 6"),
        "{table}"
    );
    let page = user.run(&["history", LLAMA, "2"]).with(0).out;
    assert!(
        page.contains("refused\n  * Max workers: 6 → 7\n") && page.contains("quota exceeded"),
        "{page}"
    );
    assert_eq!(user.run(&["history", LLAMA, "-o", "name"]).with(0).out, "1\n2\n3\n");
    assert_eq!(user.server.requests().len(), before, "asked for what is here");
    // A name is asked of the server.
    assert_eq!(user.run(&["history", "renamed", "-o", "json"]).with(0).json(), json);
    user.run(&["history", "llama-3-8b"]).with(3);
    user.run(&["history", LLAMA, "4"]).with(3);
    user.run(&["history", LLAMA, "0"]).with(2);
}

#[test]
fn what_was_never_sent_to_has_no_history() {
    let user = User::new();
    let ended = user.run(&["history", LLAMA]).with(0);
    assert_eq!(
        (ended.out.as_str(), ended.err.as_str()),
        ("", "Nothing was sent to this endpoint from here yet.\n")
    );
    assert_eq!(user.run(&["history", LLAMA, "-o", "json"]).with(0).json(), json!([]));
    let ended = user.run(&["rollback", LLAMA, "--yes"]).with(3);
    assert!(
        ended.err.contains("nothing was sent to ep_7f3a91c2 from here yet"),
        "{ended:#?}"
    );
    user.run(&["history", "no-such"]).with(3);
}

#[test]
fn a_rollback_goes_behind_the_newest_send_that_was_taken() {
    let user = User::new();
    scaled(&user, "6");
    scaled(&user, "7");
    let refusal = Fault::Instead(Reply::error(400, "OPERATION_LIMIT", "quota"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(6);
    let ended = user.run(&["rollback", LLAMA, "--yes", "-o", "json"]).with(0);
    holds("write", &ended.json());
    assert!(ended.err.contains("Back to before send 2, of "), "{ended:#?}");
    assert!(ended.err.contains("  * Max workers: 7 → 6\n"), "{ended:#?}");
    assert_eq!(max(&user, LLAMA), 6);
    // It is a send like any other, and the numbers count it.
    user.run(&["rollback", "llama-3-8b", "4", "--yes"]).with(0);
    assert_eq!(max(&user, LLAMA), 5);
    user.run(&["rollback", LLAMA, "9", "--yes"]).with(3);
    user.run(&["rollback", LLAMA, "2"]).with(2);
    assert_eq!(max(&user, LLAMA), 5);
}

#[test]
fn a_rollback_shows_what_others_changed_since_as_going_back_too() {
    let user = User::new();
    scaled(&user, "6");
    user.server.edit(LLAMA, |endpoint| endpoint["name"] = json!("theirs"));
    let ended = user.run(&["rollback", LLAMA, "--dry-run"]).with(0);
    assert!(
        ended
            .err
            .contains("  * Name: theirs → llama-3-8b\n  * Max workers: 6 → 5\n"),
        "{ended:#?}"
    );
    assert_eq!(ended.json()["name"], "llama-3-8b");
    let named = "warning: Name was changed since by somebody else, not from here; that goes back too.\n";
    assert!(
        ended.err.contains(named) && !ended.err.contains("Max workers was"),
        "{ended:#?}"
    );
    assert_eq!(posts(&user).len(), 1);
    // Unseen it is not taken back.
    let ended = user.run(&["rollback", LLAMA, "--yes", "-o", "json"]).with(5);
    let json = ended.json();
    holds("write", &json);
    assert_eq!(json["outcome"], "conflict");
    assert_eq!(
        json["conflicts"],
        json!([{"path": "name", "name": "Name", "loaded": "llama-3-8b", "mine": "llama-3-8b", "theirs": "theirs"}])
    );
    let last = ended.err.lines().last().unwrap();
    assert!(last.contains(": Name. Say --on-conflict mine"), "{ended:#?}");
    assert_eq!(posts(&user).len(), 1);
    user.run(&["rollback", LLAMA, "--yes", "--on-conflict", "theirs"])
        .with(0);
    let stored = user.server.endpoint(LLAMA).unwrap();
    assert_eq!(
        (&stored["name"], &stored["workerConfig"]["maxNum"]),
        (&json!("theirs"), &json!(5))
    );
    user.server.edit(LLAMA, |endpoint| endpoint["name"] = json!("again"));
    let ended = user
        .run(&["rollback", LLAMA, "2", "--yes", "--on-conflict", "mine"])
        .with(0);
    assert!(
        ended.err.contains("Name was changed since by somebody else"),
        "{ended:#?}"
    );
    assert_eq!(user.server.endpoint(LLAMA).unwrap()["name"], "llama-3-8b");
}

#[test]
fn at_the_terminal_what_others_changed_is_seen_before_it_goes_back() {
    let user = User::new();
    scaled(&user, "6");
    user.server.edit(LLAMA, |endpoint| endpoint["name"] = json!("theirs"));
    let shown = user.talk(80, &["rollback", LLAMA], &[("goes back too.", ""), ("[y/N]", "y\n")]);
    assert_eq!(shown.code, 0, "{}", shown.text());
    assert_eq!(user.server.endpoint(LLAMA).unwrap()["name"], "llama-3-8b");
}

#[test]
fn where_all_was_refused_there_is_no_way_back() {
    let user = User::new();
    let refusal = Fault::Instead(Reply::error(400, "OPERATION_LIMIT", "quota"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    user.run(&["scale", LLAMA, "--max", "8", "--yes"]).with(6);
    let ended = user.run(&["rollback", LLAMA, "--yes"]).with(3);
    assert!(
        ended
            .err
            .contains("nothing that was sent to ep_7f3a91c2 from here was taken"),
        "{ended:#?}"
    );
    // By its number it can be named all the same: that is what the server held then.
    assert!(
        user.run(&["rollback", LLAMA, "1", "--yes"])
            .with(0)
            .out
            .contains("Nothing to change")
    );
}

#[test]
fn a_line_of_the_history_that_can_not_be_read_is_counted() {
    let user = User::new();
    scaled(&user, "6");
    let dir = user.path("state/novita-edit/history");
    let account = std::fs::read_dir(dir).unwrap().next().unwrap().unwrap().path();
    let file = account.join(format!("{LLAMA}.jsonl"));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{{\"torn\n{text}")).unwrap();
    let ended = user.run(&["history", LLAMA]).with(0);
    assert!(ended.err.contains("1 line of the history can't be read."), "{ended:#?}");
    std::fs::write(user.path("state2"), "in the way").unwrap();
    let user = user.env("XDG_STATE_HOME", "/dev/null/x");
    let ended = user.run(&["history", LLAMA]).with(2);
    assert!(ended.err.contains("the history can't be read"), "{ended:#?}");
}
