//! Servers that store something else than they were sent, by the names that the page gives them.

use novita_edit::demo::{Call, DemoServer, Fault, When};
use serde_json::{Value, json};

use crate::harness::ID;
use crate::table::{Different, differences_of_store};
use crate::walk::store_walk;

/// What the endpoint holds before, where that has to be something else; and what the server makes of an update.
pub type Made = (fn(&mut Value), fn(&mut Value));

fn nothing(_: &mut Value) {}

fn env(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": value })
}

fn envs(endpoint: &mut Value) -> &mut Vec<Value> {
    endpoint["envs"].as_array_mut().unwrap()
}

/// What a row's name stands for.
pub fn made(name: &str) -> Option<Made> {
    Some(match name {
        "another value of a variable" => (nothing, |it| envs(it)[0]["value"] = json!("other")),
        "no variables" => (nothing, |it| it["envs"] = json!([])),
        "no volume" => (nothing, |it| drop(it["volumeMounts"].as_array_mut().unwrap().remove(0))),
        "variables sorted" => (nothing, |it| envs(it).sort_by_key(|env| env["key"].to_string())),
        "a duplicate dropped" => (|it| envs(it).push(env("HF_TOKEN", "twice")), |it| drop(envs(it).pop())),
        "an empty variable dropped" => (|it| envs(it).push(env("NOTHING", "")), |it| drop(envs(it).pop())),
        "the name in capitals" => (nothing, |it| it["name"] = json!("LLAMA-3-8B")),
        "docker.io/ in front" => (nothing, |it| {
            it["image"]["image"] = json!("docker.io/vllm/vllm-openai:v0.6.3")
        }),
        "a slash at the end" => (nothing, |it| it["volumeMounts"][0]["mountPath"] = json!("/data/")),
        "blanks cut" => (
            |it| it["image"]["command"] = json!("serve --now "),
            |it| it["image"]["command"] = json!("serve --now"),
        ),
        "a number clamped" => (nothing, |it| it["workerConfig"]["maxNum"] = json!(7)),
        "a variable added" => (nothing, |it| envs(it).push(env("REGION", "eu"))),
        "another policy type" => (nothing, |it| it["policy"]["type"] = json!("concurrency")),
        "another command" => (nothing, |it| it["image"]["command"] = json!("sleep 1")),
        "more GPUs" => (nothing, |it| it["workerConfig"]["gpuNum"] = json!(2)),
        "nothing of the edit, and another name" => (nothing, |it| {
            it["workerConfig"]["maxNum"] = json!(5);
            it["name"] = json!("renamed");
        }),
        _ => return None,
    })
}

/// Does so on a server, at its next update.
pub fn strike(server: &DemoServer, (before, after): Made) {
    assert!(server.edit(ID, before));
    server
        .faults()
        .add(Call::Update, When::next(1), Fault::store_other(after));
}

#[test]
fn every_way_to_store_something_else_is_told_as_the_page_says() {
    let rows = differences_of_store();
    assert!(rows.len() >= 14, "{} rows", rows.len());
    for Different {
        stored,
        first,
        kind,
        aside,
    } in rows
    {
        let made = made(&stored).unwrap_or_else(|| panic!("nobody knows how to do {stored:?}"));
        let (screen, back) = store_walk(|server| strike(server, made));
        assert!(screen.contains(&first), "{stored}: no {first:?} in {screen}");
        match kind.as_str() {
            "" => assert!(!screen.contains("differs in"), "{stored}: {screen}"),
            kind => assert!(screen.contains(&format!("differs in: {kind}")), "{stored}: {screen}"),
        }
        assert_eq!(back.as_deref().unwrap_or(""), aside, "{stored}: {screen}");
    }
}
