//! Two endpoints beside each other (`diff A B`), and one's configuration on another (`apply --to`).

use serde_json::{Value, json};

use crate::run::{Ended, LLAMA, TOKEN, User};
use crate::schema::holds;
use crate::writing::posts;

const COMFY: &str = "ep_b40c55de";
const COPY: &str = "ep_00c0ffee";

/// A user with a copy of an endpoint, which this changes.
fn with_copy(change: impl FnOnce(&mut Value)) -> User {
    let user = User::new();
    let mut copy = user.server.endpoint(LLAMA).unwrap();
    copy["id"] = json!(COPY);
    copy["name"] = json!("llama-staging");
    change(&mut copy);
    user.server.add_endpoint(copy);
    user
}

fn paths(ended: &Ended) -> Vec<String> {
    let all = ended.json();
    let path = |change: &Value| change["path"].as_str().unwrap().to_owned();
    all.as_array().unwrap().iter().map(path).collect()
}

#[test]
fn two_endpoints_differ_in_what_is_listed_and_what_is_ignored_is_left_out() {
    let user = with_copy(|copy| {
        copy["workerConfig"]["maxNum"] = json!(2);
        copy["envs"][0]["value"] = json!("other");
    });
    let key = user.server.endpoint(LLAMA).unwrap()["envs"][0]["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let env = format!("envs.{key}");
    let diff = |more: &[&str]| user.run(&[&["diff", "llama-3-8b", COPY, "-o", "json"][..], more].concat());
    let all = diff(&[]).with(1);
    holds("diff", &all.json());
    assert_eq!(paths(&all), ["id", "name", "workerConfig.maxNum", &env]);
    assert_eq!(
        paths(&diff(&["--ignore", "id,name"]).with(1)),
        ["workerConfig.maxNum", &env]
    );
    let both = ["--ignore", "id,name,workerConfig", "--ignore", &env];
    assert_eq!(paths(&diff(&both).with(0)), [""; 0]);
    assert_eq!(
        paths(&diff(&["--ignore", "id,name,envs,workerConfig.maxNum"]).with(0)),
        [""; 0]
    );
    // As a unified diff, in which a value is masked and shows as changed all the same.
    let text = user.run(&["diff", LLAMA, COPY]).with(1);
    for line in [
        "--- llama-3-8b (ep_7f3a91c2)",
        "+++ llama-staging (ep_00c0ffee)",
        "-  \"id\": \"ep_7f3a91c2\",",
        "+    \"maxNum\": 2,",
    ] {
        assert!(text.out.lines().any(|shown| shown == line), "{line}\n{}", text.out);
    }
    assert!(
        !text.out.contains(TOKEN) && text.err.contains("masked"),
        "{}{}",
        text.out,
        text.err
    );
}

#[test]
fn what_only_tells_them_apart_is_said_to_be_that() {
    let user = with_copy(|_| ());
    let only = user.run(&["diff", LLAMA, COPY]).with(1);
    assert!(only.err.contains("--ignore id,name leaves it out"), "{}", only.err);
    let none = user.run(&["diff", LLAMA, COPY, "--ignore", "name,id"]).with(0);
    assert!(
        none.err.contains("No difference.") && none.out.is_empty(),
        "{}",
        none.err
    );
    // What no update sets is told, and is no difference.
    let other = user.run(&["diff", LLAMA, COMFY, "--ignore", "id"]).with(1);
    assert!(
        other.err.contains("What no update sets differs as well: ") && other.err.contains("products"),
        "{}",
        other.err
    );
}

#[test]
fn what_can_not_be_compared_is_told() {
    let user = User::new();
    for (code, arguments, said) in [
        (2, &["diff", LLAMA][..], "Name another endpoint, or a file behind -f"),
        (2, &["diff"], "Name two endpoints, or a file behind -f"),
        (2, &["diff", LLAMA, COMFY, COPY], "one endpoint too many"),
        (2, &["diff", LLAMA, COMFY, "--ignore", "workerConfig.maxNm"], "maxNum"),
        (3, &["diff", LLAMA, "nobody"], "no endpoint has the id or name nobody"),
    ] {
        let ended = user.run(arguments).with(code);
        assert!(
            ended.err.contains(said) && ended.out.is_empty(),
            "{arguments:?} {}",
            ended.err
        );
    }
}

#[test]
fn drift_that_is_expected_is_ignored_beside_a_file_too() {
    let user = User::new();
    let body = user.run(&["get", LLAMA]).with(0).out;
    user.file("a.json", &body);
    user.server
        .edit(LLAMA, |endpoint| endpoint["workerConfig"]["minNum"] = json!(2));
    user.run(&["diff", "-f", "a.json"]).with(1);
    user.run(&["diff", "-f", "a.json", "--ignore", "workerConfig.minNum"])
        .with(0);
}

#[test]
fn one_endpoints_configuration_goes_on_another_which_keeps_its_id_and_name() {
    let user = with_copy(|copy| {
        copy["workerConfig"]["maxNum"] = json!(2);
        copy["envs"] = json!([{"key": "ONLY", "value": "here"}]);
        copy["cudaVersion"] = json!("11.8");
    });
    let apply = ["apply", "--from", COPY, "--to", "llama-3-8b", "--yes"];
    let dry = user.run(&[&apply[..], &["--dry-run"]].concat()).with(0);
    assert!(
        dry.err.contains("llama-3-8b (ep_7f3a91c2) keeps its id and its name."),
        "{}",
        dry.err
    );
    assert_eq!(posts(&user), []);
    let json = user.run(&[&apply[..], &["-o", "json"]].concat()).with(0).json();
    holds("writes", &json);
    assert_eq!(
        (&json[0]["id"], &json[0]["name"]),
        (&json!(LLAMA), &json!("llama-3-8b"))
    );
    let stored = user.server.endpoint(LLAMA).unwrap();
    assert_eq!(stored["workerConfig"]["maxNum"], 2);
    assert_eq!(stored["envs"], json!([{"key": "ONLY", "value": "here"}]));
    assert_eq!((&stored["name"], posts(&user).len()), (&json!("llama-3-8b"), 1));
    user.run(&["diff", LLAMA, COPY, "--ignore", "id,name"]).with(0);
}

#[test]
fn a_file_of_another_endpoint_goes_on_the_one_that_is_named() {
    let user = with_copy(|copy| copy["workerConfig"]["maxNum"] = json!(2));
    let body = user.run(&["get", COPY, "-o", "yaml"]).with(0).out;
    user.file("a.yaml", &body);
    // Without --to the id in it counts.
    let other = user.run(&["apply", "-f", "a.yaml", "--id", LLAMA, "--yes"]).with(4);
    assert!(other.err.contains("id"), "{}", other.err);
    user.run(&["apply", "-f", "a.yaml", "--to", LLAMA, "--yes"]).with(0);
    let stored = user.server.endpoint(LLAMA).unwrap();
    assert_eq!(
        (&stored["name"], &stored["workerConfig"]["maxNum"]),
        (&json!("llama-3-8b"), &json!(2))
    );
    // What is wrong in it is told by its place.
    user.file("b.yaml", &body.replace("maxNum: 2", "maxNum: 2000"));
    let wrong = user.run(&["apply", "-f", "b.yaml", "--to", LLAMA, "--yes"]).with(4);
    assert!(
        wrong.err.contains("b.yaml:") && wrong.err.contains("2000"),
        "{}",
        wrong.err
    );
}

#[test]
fn what_stays_otherwise_is_told_and_a_masked_secret_goes_nowhere() {
    let user = with_copy(|copy| copy["envs"] = json!([{"key": "HF_TOKEN", "value": "hf_****123"}]));
    let masked = user.run(&["apply", "--from", COPY, "--to", LLAMA, "--yes"]).with(4);
    assert!(masked.err.contains("masked"), "{}", masked.err);
    let told = user
        .run(&["apply", "--from", LLAMA, "--to", COMFY, "--dry-run", "-o", "json"])
        .with(0);
    let warnings = told.json()[0]["warnings"].to_string();
    assert!(
        warnings.contains("What no update sets stays as it is") && warnings.contains("products"),
        "{warnings}"
    );
    for (arguments, said) in [
        (
            &["apply", "--from", LLAMA, "--to", "llama-3-8b"][..],
            "both what is copied and where it would go",
        ),
        (&["apply", "--from", LLAMA], "--to"),
        (&["apply", "--to", LLAMA], "--file"),
        (&["apply", "-f", "a.json", "--id", LLAMA, "--to", COMFY], "--id"),
    ] {
        let ended = user.run(&[arguments, &["--yes"]].concat()).with(2);
        assert!(ended.err.contains(said), "{arguments:?} {}", ended.err);
    }
    assert_eq!(posts(&user), []);
}
