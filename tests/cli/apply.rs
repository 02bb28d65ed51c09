//! `apply`: endpoints as a file says them.

use novita_edit::demo::{Call, Fault, Reply, When};
use serde_json::json;

use crate::run::{LLAMA, TOKEN, User};
use crate::schema::holds;
use crate::writing::{max, posts};

const COMFY: &str = "ep_b40c55de";

fn body(user: &User, ids: &[&str], form: &str) -> String {
    user.run(&[&["get"], ids, &["-o", form]].concat()).with(0).out
}

#[test]
fn what_get_prints_changes_nothing_in_either_form() {
    let user = User::new();
    for form in ["json", "yaml"] {
        let printed = body(&user, &[LLAMA, COMFY, "ep_19e0d3aa"], form);
        let ended = user.run_with(&["apply", "-f", "-", "--yes"], &printed).with(0);
        assert_eq!(ended.out.matches("Nothing to change: ").count(), 3, "{ended:#?}");
    }
    assert_eq!(posts(&user), []);
}

#[test]
fn several_documents_are_applied_one_by_one() {
    let user = User::new();
    for (form, old, new) in [("json", "\"maxNum\": ", "4"), ("yaml", "maxNum: ", "3")] {
        let printed = body(&user, &[LLAMA, COMFY], form);
        let changed: Vec<String> = printed
            .lines()
            .map(|line| match line.split_once(old) {
                Some((lead, tail)) => format!("{lead}{old}{new}{}", if tail.ends_with(',') { "," } else { "" }),
                None => line.to_owned(),
            })
            .collect();
        let file = user.file(&format!("endpoints.{form}"), &(changed.join("\n") + "\n"));
        let ended = user
            .run(&["apply", "-f", file.to_str().unwrap(), "--yes", "-o", "json"])
            .with(0);
        holds("writes", &ended.json());
        assert_eq!(
            (max(&user, LLAMA).to_string(), max(&user, COMFY).to_string()),
            (new.to_owned(), new.to_owned())
        );
    }
    assert_eq!(posts(&user).len(), 4);
}

#[test]
fn a_file_that_is_not_in_order_is_told_in_full_and_nothing_is_asked_or_sent() {
    let user = User::new();
    let good = body(&user, &[COMFY], "json").replace("\"maxNum\": 8", "\"maxNum\": 4");
    let faulty = body(&user, &[LLAMA], "json")
        .replace("\"envs\"", "\"env\"")
        .replace("\"maxNum\"", "\"maxNm\"")
        .replace("  \"clusterID\": \"us-dallas-nas-2\",\n", "")
        .replace(TOKEN, "••••••");
    let before = user.server.requests().len();
    let text = format!("{good}{faulty}");
    let ended = user.run_with(&["apply", "-f", "-", "--yes"], &text).with(4);
    for said in [
        "\nstandard input:215:5: error: workerConfig.maxNm: unknown key; did you mean maxNum?\n",
        "standard input:210:1: error: clusterID: missing; an update has to have it: write \"\" for none\n",
        "\nstandard input:247:3: error: env: unknown key; did you mean envs?\n",
    ] {
        assert!(ended.err.contains(said), "{said} {ended:#?}");
    }
    assert!(
        ended.err.lines().last().unwrap().contains("novita-edit get"),
        "{ended:#?}"
    );
    let masked = body(&user, &[LLAMA], "json").replace(TOKEN, "••••••");
    let json = user
        .run_with(&["apply", "-f", "-", "--yes", "-o", "json"], &masked)
        .with(4)
        .json();
    holds("writes", &json);
    assert!(
        json[0]["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains("the mask itself"),
        "{json:#}"
    );
    assert_eq!(user.server.requests().len(), before + 1, "only the get");
    assert_eq!(posts(&user), []);
}

#[test]
fn a_value_out_of_range_in_one_document_keeps_all_from_going() {
    let user = User::new();
    let text = body(&user, &[COMFY, LLAMA], "json")
        .replace("\"maxNum\": 8", "\"maxNum\": 6")
        .replace("\"maxNum\": 5", "\"maxNum\": 50");
    let ended = user.run_with(&["apply", "-f", "-", "--yes"], &text).with(4);
    assert!(
        ended.err.contains("standard input:216:15: error: ep_7f3a91c2: workerConfig.maxNum: 50 is above 10, the most this account may have (parameter limits)\n"),
        "{ended:#?}"
    );
    assert_eq!(posts(&user), []);
}

#[test]
fn the_id_is_in_the_file_or_given_and_never_two_different_ones() {
    let user = User::new();
    let whole = body(&user, &[LLAMA], "json").replace("\"maxNum\": 5", "\"maxNum\": 6");
    let without = whole.replace("  \"id\": \"ep_7f3a91c2\",\n", "");
    let ended = user.run_with(&["apply", "-f", "-", "--yes"], &without).with(4);
    assert!(
        ended.err.contains("standard input:1:1: error: id: missing"),
        "{ended:#?}"
    );
    user.run_with(&["apply", "-f", "-", "--id", "llama-3-8b", "--yes"], &without)
        .with(0);
    assert_eq!(max(&user, LLAMA), 6);
    let ended = user
        .run_with(&["apply", "-f", "-", "--id", COMFY, "--yes"], &whole)
        .with(4);
    assert!(
        ended
            .err
            .contains("standard input:2:3: error: id: \"ep_7f3a91c2\" stands here, and ep_b40c55de is the endpoint that the command names; leave one of"),
        "{ended:#?}"
    );
    let by_name = whole.replace("\"id\": \"ep_7f3a91c2\"", "\"id\": \"llama-3-8b\"");
    let ended = user.run_with(&["apply", "-f", "-", "--yes"], &by_name).with(4);
    let said = "standard input:2:3: error: id: \"llama-3-8b\" is the endpoint's name; write its id, ep_7f3a91c2, or leave it out";
    assert!(ended.err.contains(said), "{ended:#?}");
    let two = body(&user, &[LLAMA, COMFY], "json");
    user.run_with(&["apply", "-f", "-", "--id", COMFY, "--yes"], &two)
        .with(2);
    assert_eq!(posts(&user).len(), 1);
}

#[test]
fn a_file_that_can_not_be_read_is_told_apart_from_one_with_nothing_in_it() {
    let user = User::new();
    let ended = user.run(&["apply", "-f", "no-such-file", "--yes"]).with(2);
    assert!(ended.err.contains("no-such-file can't be read"), "{ended:#?}");
    user.run_with(&["apply", "-f", "-", "--yes"], "# nothing\n").with(4);
    user.run_with(&["apply", "-f", "-", "--yes"], "{").with(4);
    user.run(&["apply", "--yes"]).with(2);
    assert_eq!(user.server.requests(), []);
}

#[test]
fn an_endpoint_of_the_file_that_is_not_there_is_not_found() {
    let user = User::new();
    let text = body(&user, &[LLAMA], "json").replace(LLAMA, "ep_nowhere");
    user.run_with(&["apply", "-f", "-", "--yes"], &text).with(3);
    assert_eq!(posts(&user), []);
}

#[test]
fn one_document_that_is_refused_does_not_stop_the_next() {
    let user = User::new();
    let refusal = Fault::Instead(Reply::error(400, "IMAGE_NOT_FOUND", "image not found"));
    user.server.faults().add(Call::Update, When::next(1), refusal);
    let text = body(&user, &[LLAMA, COMFY], "json").replace("\"name\": \"", "\"name\": \"x-");
    let ended = user.run_with(&["apply", "-f", "-", "--yes", "-o", "json"], &text);
    let json = ended.with(6).json();
    assert_eq!(
        (&json[0]["outcome"], &json[1]["outcome"]),
        (&json!("refused"), &json!("saved"))
    );
}

#[test]
fn on_a_terminal_a_bar_tells_how_far_it_is() {
    let user = User::new();
    let changed = body(&user, &[LLAMA, COMFY], "yaml")
        .replace("maxNum: 5", "maxNum: 6")
        .replace("maxNum: 8", "maxNum: 7");
    user.file("endpoints.yaml", &changed);
    let slow = Fault::DelayBefore(std::time::Duration::from_millis(300));
    user.server.faults().add(Call::Update, When::always(), slow);
    let shown = user.talk(80, &["apply", "-f", "endpoints.yaml"], &[("[y/N]", "y\n")]);
    assert_eq!(shown.code, 0, "{}", shown.text());
    assert!(
        shown.raw.contains("1/2 comfy-render-eu (ep_b40c55de): sending…"),
        "{}",
        shown.raw
    );
    assert_eq!(shown.text().matches("Saved: ").count(), 2, "{}", shown.text());
    assert_eq!(posts(&user).len(), 2);
}
