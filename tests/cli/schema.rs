//! `docs/json-schema/` held to its word: what is printed, with unusual endpoints too, is what a schema says, and no
//! more.

use novita_edit::endpoint::document::{DocumentFormat, read};
use novita_edit::endpoint::json_schema;
use novita_edit::text::json::pretty;
use serde_json::{Value, json};

use crate::run::{LLAMA, User};

fn schema(name: &str) -> Value {
    let path = format!("{}/docs/json-schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap()
}

/// Panics with the path of what isn't as `docs/json-schema/NAME.json` has it.
#[track_caller]
pub fn holds(name: &str, value: &Value) {
    let root = schema(name);
    if let Err(why) = check(&root, &root, value, "") {
        panic!("{name}.json: {why}\n{value:#}");
    }
}

/// As much of JSON Schema as the files use; what they use beyond it is an error.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let wrong = |why: String| Err(format!("{at}: {why}"));
    for (keyword, rule) in schema.as_object().ok_or("a schema is an object")? {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                // Only within the file: nobody has to fetch another one beside it.
                let name = rule.as_str().and_then(|name| name.strip_prefix("#/$defs/"));
                let name = name.ok_or_else(|| format!("{at}: {rule} is in another file"))?;
                check(root, &root["$defs"][name], value, at)?;
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !types.iter().any(|name| is_a(name.as_str().unwrap(), value)) {
                    return wrong(format!("{value} is no {rule}"));
                }
            }
            "const" if value != rule => return wrong(format!("{value} is not {rule}")),
            "const" | "then" => {}
            "not" if check(root, rule, value, at).is_ok() => return wrong(format!("{value} is {rule}")),
            "not" => {}
            "allOf" => {
                for one in rule.as_array().unwrap() {
                    check(root, one, value, at)?;
                }
            }
            "if" if check(root, rule, value, at).is_ok() => check(root, &schema["then"], value, at)?,
            "if" => {}
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minimum" | "maximum" => {
                let size = match value {
                    Value::String(text) if keyword.ends_with("Length") => Some(text.chars().count() as i64),
                    Value::Array(items) if keyword.ends_with("Items") => Some(items.len() as i64),
                    Value::Number(number) if keyword.ends_with("imum") => number.as_i64(),
                    _ => None,
                };
                let most = rule.as_i64().unwrap();
                let fits = |size: i64| {
                    if keyword.starts_with("min") {
                        size >= most
                    } else {
                        size <= most
                    }
                };
                if !size.is_none_or(fits) {
                    return wrong(format!("{value} breaks {keyword} {rule}"));
                }
            }
            "pattern" => {
                assert_eq!(rule, "^[0-9]{1,5}$", "the only one that this test knows");
                let digits = |text: &str| matches!(text.len(), 1..=5) && text.bytes().all(|b| b.is_ascii_digit());
                if !value.as_str().is_none_or(digits) {
                    return wrong(format!("{value} is not like {rule}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => return wrong(format!("{value} is none of {rule}")),
            "enum" => {}
            "oneOf" => {
                let fit = rule
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|one| check(root, one, value, at).is_ok());
                if fit.count() != 1 {
                    return wrong(format!("{value} is not one of {rule}"));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}[{index}]"))?;
                }
            }
            "properties" => {
                for (key, rule) in rule.as_object().unwrap() {
                    if let Some(inside) = value.get(key) {
                        check(root, rule, inside, &format!("{at}.{key}"))?;
                    }
                }
            }
            "required" => {
                for key in rule.as_array().unwrap() {
                    if value.is_object() && value.get(key.as_str().unwrap()).is_none() {
                        return wrong(format!("{key} is missing"));
                    }
                }
            }
            "additionalProperties" => {
                for (key, inside) in value.as_object().into_iter().flatten() {
                    if schema["properties"].get(key).is_none() {
                        match rule {
                            Value::Bool(_) => return wrong(format!("{key} is unknown")),
                            rule => check(root, rule, inside, &format!("{at}.{key}"))?,
                        }
                    }
                }
            }
            other => return wrong(format!("this test doesn't know the keyword {other}")),
        }
    }
    Ok(())
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_schema_and_every_command_of_the_page_is_there() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page = std::fs::read_to_string(format!("{root}/docs/cli.md")).unwrap();
    for entry in std::fs::read_dir(format!("{root}/docs/json-schema")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(page.contains(&format!("(json-schema/{name})")), "{name}");
    }
    let user = User::new();
    let commands = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let words = commands.map(|line| line.split('`').next().unwrap().split(' '));
    let mut found = 0;
    for words in words {
        let name: Vec<&str> = words
            .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()))
            .collect();
        if name.is_empty() || ["table", "json", "yaml", "name"].contains(&name[0]) {
            continue;
        }
        let help = user.run(&[&name[..], &["--help"]].concat()).with(0).out;
        assert!(
            help.contains(&format!("Usage: novita-edit {}", name.join(" "))),
            "{help}"
        );
        found += 1;
    }
    assert!(found >= 9, "{found}");
}

/// Endpoints as they should be, and one where much is missing, odd or doubled.
fn user() -> User {
    let user = User::new();
    let mut odd = user.server.endpoint(LLAMA).unwrap();
    odd["id"] = json!("ep_odd");
    odd["name"] = json!(null);
    odd["state"] = json!(null);
    odd["workerConfig"]["requestTimeout"] = json!(null);
    odd["policy"] = json!(null);
    odd["rootfsSize"] = json!(null);
    odd["ports"] = json!([{"port": 1}, {"port": 2}]);
    odd["healthy"] = json!(null);
    odd["volumeMounts"] = json!([{"type": "nvme", "size": 1, "id": "x", "mountPath": ""}]);
    user.server.add_endpoint(odd);
    user
}

const IDS: [&str; 4] = [LLAMA, "ep_b40c55de", "ep_19e0d3aa", "ep_odd"];

#[test]
fn list_and_limits_are_as_documented() {
    let user = user();
    holds("list", &user.run(&["list", "-o", "json"]).with(0).json());
    holds("limits", &user.run(&["limits", "-o", "json"]).with(0).json());
    user.server.set_limits(json!({"cudaVersionList": ["12.4"]}));
    holds("limits", &user.run(&["limits", "-o", "json"]).with(0).json());
}

#[test]
fn an_endpoint_and_its_body_are_as_documented() {
    let user = user();
    for id in IDS {
        holds("body", &user.run(&["get", id]).with(0).json());
        for reveal in [&[][..], &["--reveal"]] {
            holds(
                "show",
                &user.run(&[&["show", id, "-o", "json"], reveal].concat()).with(0).json(),
            );
        }
    }
}

#[test]
fn problems_are_as_documented() {
    let user = user();
    let ended = user.run(&["validate", "ep_odd", "-o", "json"]).with(4).json();
    assert!(ended.as_array().unwrap().len() > 3, "{ended:#}");
    holds("validate", &ended);
    let file = "name: [x]\n---\nid: [\n";
    let ended = user
        .run_with(&["validate", "-f", "-", "-o", "json"], file)
        .with(4)
        .json();
    assert_eq!(ended[0]["endpoint"], json!(null));
    holds("validate", &ended);
}

#[test]
fn yaml_says_the_same_as_json() {
    let user = user();
    for arguments in [
        &["list"][..],
        &["limits"],
        &["show", LLAMA],
        &["show", "ep_odd"],
        &["validate", "ep_odd"],
    ] {
        let of = |form| user.run(&[arguments, &["-o", form]].concat());
        let (json, yaml) = (of("json"), of("yaml"));
        assert_eq!(json.code, yaml.code);
        assert_eq!(novita_edit::text::yaml::pretty(&json.json()), yaml.out);
    }
    let yaml = user.run(&["get", LLAMA, "-o", "yaml"]).out;
    assert_eq!(read(&yaml, DocumentFormat::Yaml).len(), 1);
}

#[test]
fn what_stands_in_two_files_is_the_same_in_both() {
    for (outer, inner) in [("show", "body"), ("writes", "write")] {
        let (outer, mut whole) = (schema(outer), schema(inner));
        let parts = whole.as_object_mut().unwrap();
        for key in ["$schema", "title"] {
            parts.remove(key);
        }
        for (name, part) in parts.remove("$defs").iter().flat_map(|defs| defs.as_object().unwrap()) {
            assert_eq!(&outer["$defs"][name], part, "{name}");
        }
        assert_eq!(outer["$defs"][inner], whole, "{inner}.json");
    }
}

/// What the table of the fields says: kept beside the other schemas, to be read and linked to.
#[test]
fn the_schemas_of_a_body_are_made_from_the_table() {
    let root = format!("{}/docs/json-schema", env!("CARGO_MANIFEST_DIR"));
    let printed = User::new().run(&["schema"]).with(0);
    assert_eq!(printed.err, "");
    let body = pretty(&json_schema::of_printed_bodies()) + "\n";
    for (name, text) in [("document", &printed.out), ("body", &body)] {
        let path = format!("{root}/{name}.json");
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, text).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(&kept, text, "{name}.json: UPDATE_SCHEMAS=1 writes it anew");
    }
}

/// A document that `apply` takes.
fn golden() -> Value {
    let user = User::new();
    let mut body = user.run(&["get", LLAMA, "--secrets", "server"]).with(0).json();
    body["volumeMounts"] = json!([
        {"type": "local", "size": 30, "mountPath": "/data"},
        {"type": "network", "id": "stor_9", "mountPath": "/models"},
    ]);
    body["envs"] = json!([
        {"key": "A", "value": ""},
        {"key": "B", "value": {"fromEnv": "HOME"}},
        {"key": "C", "value": {"fromFile": "golden.json"}},
        {"key": "HF_TOKEN", "value": {"fromServer": true}},
    ]);
    body
}

#[test]
fn what_apply_takes_is_what_the_schema_of_a_document_says() {
    let user = User::new();
    let golden = golden();
    let with = |pointer: &str, value: Value| {
        let mut changed = golden.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed
    };
    let without = |pointer: &str, key: &str| {
        let mut changed = golden.clone();
        changed
            .pointer_mut(pointer)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(key)
            .unwrap();
        changed
    };
    let good = [
        golden.clone(),
        without("", "healthy"),
        with("/ports/0/port", json!(8001)),
        with("/envs", json!([])),
        with("/policy", json!({"type": "concurrency", "value": 20})),
        with(
            "/volumeMounts/1",
            json!({"type": "network", "id": "stor_9", "mountPath": "/m", "size": 30}),
        ),
    ];
    let bad = [
        without("", "envs"),
        without("", "id"),
        without("/workerConfig", "gpuNum"),
        without("/image", "authId"),
        without("/volumeMounts/0", "size"),
        without("/volumeMounts/1", "id"),
        with("/ports", json!([])),
        with("/ports", json!([{"port": "1"}, {"port": "2"}])),
        with("/ports/0/port", json!("2222")),
        with("/ports/0/port", json!(70000)),
        with("/ports/0/port", json!("x")),
        with("/policy/type", json!("both")),
        with("/volumeMounts/0/type", json!("disk")),
        with("/volumeMounts/0/mountPath", json!("")),
        with("/image/image", json!("")),
        with("/image/image", json!("x".repeat(512))),
        with("/image/command", json!("x".repeat(2048))),
        with("/workerConfig/maxNum", json!("five")),
        with("/workerConfig/maxNum", json!(null)),
        with("/name", json!(7)),
        with("/name", json!({"fromEnv": "HOME"})),
        with("/envs/0/value", json!({"fromServer": false})),
        with("/envs/0/value", json!({"fromEnv": ""})),
        with("/envs/0/value", json!({"fromEnv": "HOME", "fromFile": "golden.json"})),
        with("/envs/0/value", json!({"fromVault": "x"})),
        with("/envs/0/value", json!(1)),
        with("/healthy", json!({})),
        with("/envs/0", json!({"key": "A", "value": "", "more": 1})),
    ];
    let schema = schema("document");
    let judge = |document: &Value| {
        user.file("golden.json", &document.to_string());
        let ended = user.run(&["validate", "-f", "golden.json", "--offline"]);
        (check(&schema, &schema, document, ""), ended)
    };
    for document in good {
        let (says, ended) = judge(&document);
        assert!(says.is_ok() && ended.code == 0, "{says:?} {ended:#?}");
        // The endpoint has a health check, and none can be taken away.
        if document.get("healthy").is_some() {
            user.run(&["apply", "-f", "golden.json", "--dry-run"]).with(0);
        }
    }
    for document in bad {
        let (says, ended) = judge(&document);
        assert!(says.is_err() && ended.code == 4, "{document:#} {says:?} {ended:#?}");
    }
}
