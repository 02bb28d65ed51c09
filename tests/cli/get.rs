//! `get`: the body exactly, masked where a person looks.

use novita_edit::api::wire;
use novita_edit::demo::{Call, Fault, Reply, When};
use novita_edit::endpoint::document::{DocumentFormat, read};
use novita_edit::endpoint::{EndpointConfig, body};
use novita_edit::secret::MASK;

use crate::run::{LLAMA, TOKEN, User};

const COMFY: &str = "ep_b40c55de";

fn config(text: &[u8], id: &str) -> EndpointConfig {
    wire::endpoint(text, id).unwrap().config
}

fn llama() -> EndpointConfig {
    config(include_bytes!("../../assets/demo/llama-3-8b.json"), LLAMA)
}

fn comfy() -> EndpointConfig {
    config(include_bytes!("../../assets/demo/comfy-render.json"), COMFY)
}

#[test]
fn into_a_pipe_the_body_is_the_one_that_is_sent_byte_for_byte() {
    let user = User::new();
    let by_id = user.run(&["get", LLAMA]).with(0);
    assert_eq!(by_id.out, body::text(&llama()) + "\n");
    assert_eq!(by_id.err, "");
    let by_name = user.run(&["get", "llama-3-8b", "-o", "json", "--reveal"]).with(0);
    assert_eq!(by_name.out, by_id.out);
    let yaml = user.run(&["get", LLAMA, "-o", "yaml"]).with(0);
    assert_eq!(read(&yaml.out, DocumentFormat::Yaml)[0].config(None).unwrap(), llama());
}

#[test]
fn several_are_several_documents() {
    let user = User::new();
    for form in ["json", "yaml"] {
        let both = user.run(&["get", LLAMA, COMFY, "-o", form]).with(0);
        let documents = read(&both.out, DocumentFormat::Guess);
        let configs: Vec<EndpointConfig> = documents.iter().map(|d| d.config(None).unwrap()).collect();
        assert_eq!(configs, [llama(), comfy()]);
    }
}

#[test]
fn one_value_is_printed_bare_on_a_line() {
    let user = User::new();
    let field = |path: &str, more: &[&str]| {
        let ended = user.run(&[&["get", LLAMA, "--field", path], more].concat()).with(0);
        assert_eq!(ended.err, "", "{path}");
        ended.out
    };
    for (path, bare) in [
        ("image.image", "vllm/vllm-openai:v0.6.3\n"),
        ("workerConfig.maxNum", "5\n"),
        ("ports[0].port", "8000\n"),
        ("id", "ep_7f3a91c2\n"),
        ("envs.HF_TOKEN", "hf_demo_not_a_real_token\n"),
        ("policy", "{\"type\":\"queue\",\"value\":60}\n"),
        ("ports", "[{\"port\":\"8000\"}]\n"),
        ("volumeMounts[/data].size", "30\n"),
    ] {
        assert_eq!(field(path, &[]), bare);
    }
    assert_eq!(field("ports[0].port", &["-o", "json"]), "\"8000\"\n");
    assert_eq!(field("workerConfig.maxNum", &["-o", "json"]), "5\n");
    assert_eq!(field("policy", &["-o", "yaml"]), "type: queue\nvalue: 60\n");
    // What set takes comes out again, whatever it holds.
    user.file("key", "-----BEGIN-----\nabc\n-----END-----\n");
    user.run(&["set", LLAMA, "envs.KEY=@key", "envs.ODD=a\u{1b}[2J", "--yes"])
        .with(0);
    assert_eq!(field("envs.KEY", &[]), "-----BEGIN-----\nabc\n-----END-----\n");
    assert_eq!(field("envs.ODD", &[]), "a\u{1b}[2J\n");
    assert_eq!(field("envs.ODD", &["-o", "json"]), "\"a\\u001b[2J\"\n");
}

#[test]
fn one_value_of_several_endpoints_is_a_line_each() {
    let user = User::new();
    let both = user
        .run(&["get", LLAMA, COMFY, "--field", "workerConfig.maxNum"])
        .with(0);
    assert_eq!(both.out, "5\n8\n");
    let missing = user.run(&["get", LLAMA, COMFY, "--field", "envs.S3_BUCKET"]).with(4);
    assert!(
        missing.out.is_empty() && missing.err.contains("ep_7f3a91c2 has no envs.S3_BUCKET."),
        "{missing:#?}"
    );
    for id in [LLAMA, COMFY] {
        user.run(&["set", id, "envs.KEY=a\nb", "--yes"]).with(0);
    }
    let long = user.run(&["get", LLAMA, COMFY, "--field", "envs.KEY"]).with(2);
    assert!(long.out.is_empty() && long.err.contains("for -o json."), "{long:#?}");
    let json = user
        .run(&["get", LLAMA, COMFY, "--field", "envs.KEY", "-o", "json"])
        .with(0);
    assert_eq!(json.out, "\"a\\nb\"\n\"a\\nb\"\n");
}

#[test]
fn one_value_on_a_terminal_is_masked_and_drives_nothing() {
    let user = User::new();
    let masked = user.on_terminal(80, &["get", LLAMA, "--field", "envs.HF_TOKEN"]);
    assert!(!masked.raw.contains(TOKEN), "{}", masked.raw);
    assert_eq!(
        masked.text(),
        format!("{MASK}\n1 environment value is masked; --reveal shows it.\n")
    );
    let shown = user.on_terminal(80, &["get", LLAMA, "--field", "envs.HF_TOKEN", "--reveal"]);
    assert_eq!(shown.text(), format!("{TOKEN}\n"));
    user.run(&["set", LLAMA, "name=a\u{1b}[2Jb", "--yes"]).with(0);
    let shown = user.on_terminal(80, &["get", LLAMA, "--field", "name"]);
    assert_eq!(shown.text(), "a␛[2Jb\n");
}

#[test]
fn a_path_that_is_none_is_told_before_anything_is_asked() {
    let user = User::new();
    let ended = user.run(&["get", LLAMA, "--field", "maxNum"]).with(2);
    assert!(ended.err.contains("did you mean workerConfig.maxNum?"), "{ended:#?}");
    assert_eq!(user.server.requests(), []);
    let ended = user.run(&["get", LLAMA, "--field", "envs.HF_TOKN"]).with(4);
    assert_eq!(
        ended.err,
        "novita-edit: ep_7f3a91c2 has no envs.HF_TOKN. Did you mean envs.HF_TOKEN?\n"
    );
}

#[test]
fn on_a_terminal_values_are_masked_unless_asked_for() {
    let user = User::new();
    for form in ["json", "yaml"] {
        let masked = user.on_terminal(80, &["get", LLAMA, "-o", form]);
        assert_eq!(masked.code, 0);
        assert!(
            masked.text().contains(MASK) && !masked.raw.contains(TOKEN),
            "{}",
            masked.raw
        );
        let last = masked.text().lines().last().unwrap().to_owned();
        assert_eq!(last, "12 environment values are masked; --reveal shows them.");
        let shown = user.on_terminal(80, &["get", LLAMA, "-o", form, "--reveal"]);
        assert!(shown.text().contains(TOKEN) && !shown.text().contains(MASK));
    }
}

#[test]
fn what_is_printed_masked_is_no_endpoint_to_apply() {
    let user = User::new();
    let masked = user.on_terminal(80, &["get", LLAMA]).text();
    let body = &masked[..=masked.rfind('}').unwrap()];
    let faults = read(body, DocumentFormat::Json)[0].config(None).unwrap_err();
    assert_eq!(faults.len(), 12, "{faults:?}");
}

#[test]
fn what_no_update_takes_is_told_beside_the_body() {
    let user = User::new();
    user.server.edit(LLAMA, |endpoint| {
        endpoint["ports"] = serde_json::json!([{"port": "8000"}, {"port": "9000"}]);
        endpoint["policy"] = serde_json::json!(null);
        endpoint["workerConfig"]["requestTimeout"] = serde_json::json!(null);
    });
    let ended = user.run(&["get", LLAMA]).with(0);
    assert!(
        ended.out.contains("\"requestTimeout\": null") && ended.out.contains("\"9000\""),
        "{}",
        ended.out
    );
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(lines.len(), 5, "{lines:#?}");
    assert!(lines[0].starts_with("error ports[0].port: "), "{lines:#?}");
    assert!(
        lines[1].starts_with("error workerConfig.requestTimeout: not reported by the server"),
        "{lines:#?}"
    );
    assert!(lines[2].starts_with("error policy.type: is not set"), "{lines:#?}");
    assert!(lines[4].starts_with("warning: No update takes this"), "{lines:#?}");
    assert!(!ended.err.contains(TOKEN));
}

#[test]
fn an_endpoint_that_is_not_there_is_exit_code_3_and_nothing_is_printed() {
    let user = User::new();
    let ended = user.run(&["get", LLAMA, "lama-3-8b"]).with(3);
    assert_eq!(ended.out, "");
    assert!(
        ended.err.contains("llama-3-8b"),
        "the candidates are named: {}",
        ended.err
    );
    assert!(ended.err.ends_with("Give the id of one of them, or its name.\n"));
}

#[test]
fn a_wrong_key_and_a_server_that_fails_have_exit_codes_of_their_own() {
    let user = User::new();
    user.server.faults().add(
        Call::Load,
        When::next(1),
        Fault::Instead(Reply::error(401, "INVALID_API_KEY", "no")),
    );
    user.run(&["get", LLAMA]).with(6);
    user.server.faults().add(
        Call::Load,
        When::always(),
        Fault::Instead(Reply::status(503).header("Retry-After", "120")),
    );
    user.run(&["get", LLAMA]).with(7);
    user.run(&["get"]).with(2);
    user.run(&["get", LLAMA, "-o", "table"]).with(2);
}

#[test]
fn a_range_that_was_not_asked_for_is_no_fault_of_the_endpoint() {
    let user = User::new();
    user.server.edit("ep_19e0d3aa", |endpoint| {
        endpoint["volumeMounts"][0]["size"] = serde_json::json!(100);
    });
    assert_eq!(user.run(&["get", "ep_19e0d3aa"]).with(0).err, "");
}

#[test]
fn a_number_that_can_not_be_read_says_where_it_is_to_be_mended() {
    let user = User::new();
    user.server
        .edit(LLAMA, |endpoint| endpoint["workerConfig"]["maxNum"] = "five".into());
    let ended = user.run(&["get", LLAMA]).with(6);
    assert!(ended.err.contains("workerConfig.maxNum can't be read"), "{ended:#?}");
    assert!(
        ended.err.ends_with("such as the platform's console, and try again.\n"),
        "{ended:#?}"
    );
}
