//! A file with endpoints as a person wrote it: what is read of it, and everything that is told of what can't be.

use novita_edit::api::wire;
use novita_edit::endpoint::document::{Document, DocumentFault, DocumentFormat, ValueSource, read, read_edited};
use novita_edit::endpoint::masked::MeantValues;
use novita_edit::endpoint::{EndpointConfig, EnvVar, Number, PolicyType, VolumeMount, VolumeType, body};
use novita_edit::secret::{MASK, Secret};
use novita_edit::text::yaml;
use proptest::prelude::*;

const ID: &str = "ep_7f3a91c2";

const YAML: &str = "\
# what a person keeps in a repository
id: ep_1
name: llama
clusterID: ''
workerConfig: {minNum: 0, maxNum: 5, freeTimeout: 300, maxConcurrent: 8, gpuNum: 1, requestTimeout: 600}
ports:
  - port: 8000
policy:
  type: queue
  value: 60
image:
  image: vllm/vllm-openai:v0.6.3
  authId: \"\"
  command: |-
    --model a
    --max-model-len 8192
volumeMounts:
- type: local
  size: 30
  mountPath: /data
- {type: network, id: stor_9, mountPath: /models}
envs:
- key: HF_TOKEN
  value: hf_secret
- key: EMPTY
  value: ''
healthy:
  path: /health
";

fn llama() -> EndpointConfig {
    wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), ID)
        .unwrap()
        .config
}

fn one(text: &str) -> Document {
    let mut documents = read(text, DocumentFormat::Guess);
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

#[track_caller]
fn good(text: &str) -> EndpointConfig {
    one(text).config(None).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn told(text: &str) -> Vec<String> {
    let faults = one(text).config(None).expect_err("something is wrong");
    faults.iter().map(ToString::to_string).collect()
}

/// All that is told of the example after a replacement.
#[track_caller]
fn told_of(from: &str, to: &str) -> Vec<String> {
    assert_eq!(YAML.matches(from).count(), 1, "{from}");
    told(&YAML.replacen(from, to, 1))
}

fn as_yaml(config: &EndpointConfig) -> String {
    yaml::pretty(&serde_json::from_str::<serde_json::Value>(&body::text(config)).unwrap())
}

#[test]
fn yaml_as_people_write_it_is_read() {
    let config = good(YAML);
    assert_eq!(config.workers.max_num, Number::of(5));
    assert_eq!(config.port, "8000");
    assert_eq!(config.image.command, "--model a\n--max-model-len 8192");
    assert_eq!(config.volumes[1].storage_id, "stor_9");
    assert_eq!(config.envs[0], EnvVar::new("HF_TOKEN", "hf_secret"));
    assert_eq!(config.health_path, "/health");
    let json = body::text(&config);
    assert_eq!(good(&json), config);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_line_and_column() {
    let text = YAML
        .replace("maxNum: 5", "maxNm: 5")
        .replace("clusterID: ''\n", "clusterId: ''\n")
        .replace("  value: 60", "  value: [60]")
        .replace("value: ''", "value:");
    assert_eq!(
        told(&text),
        [
            "line 4, column 1: clusterId: unknown key; did you mean clusterID?",
            "line 5, column 27: workerConfig.maxNm: unknown key; did you mean maxNum?",
            "line 10, column 10: policy.value: a list stands where a whole number belongs",
            "line 26, column 8: envs[1].value: nothing stands here; write \"\" for an empty text",
        ]
    );
}

#[test]
fn json_tells_the_same_places() {
    let text = "{\"id\": \"é\",\n \"nam\" : 1,\n\"envs\":[{\"key\":\"A\", \"valu\":\"sesame\"}, 7]}";
    let all = told(text);
    assert!(
        all.contains(&"line 2, column 2: nam: unknown key; did you mean name?".to_owned()),
        "{all:?}"
    );
    assert!(all.contains(&"line 3, column 21: envs[0].valu: unknown key; did you mean value?".to_owned()));
    assert!(all.contains(&"line 3, column 39: envs[1]: a number stands where an object belongs".to_owned()));
    assert!(all.contains(&"line 1, column 1: workerConfig: missing; an update has to have it".to_owned()));
    assert!(!all.concat().contains("sesame"));
}

#[test]
fn where_a_text_belongs_whatever_yaml_takes_for_something_else_wants_quotes() {
    for (word, noun) in [
        ("no", "true or false"),
        ("True", "true or false"),
        ("1.10", "a number"),
        ("0x1f", "a number"),
        ("007", "a number"),
        ("12:30", "a number"),
        ("2024-01-31", "a date"),
    ] {
        let wanted = format!("{noun} stands where a text belongs; put it in quotes");
        let of_env = told_of("value: hf_secret", &format!("value: {word}"));
        assert_eq!(of_env, [format!("line 24, column 10: envs[0].value: {wanted}")]);
        let of_name = told_of("name: llama", &format!("name: {word}"));
        assert_eq!(of_name, [format!("line 3, column 7: name: {wanted}")]);
        for quoted in [format!("'{word}'"), format!("\"{word}\""), format!("!!str {word}")] {
            assert_eq!(good(&YAML.replace("hf_secret", &quoted)).envs[0].value.reveal(), word);
        }
    }
    assert_eq!(
        told_of("value: hf_secret", "value: ~"),
        ["line 24, column 10: envs[0].value: nothing stands here; write \"\" for an empty text"]
    );
}

#[test]
fn a_number_is_decimal_digits_or_the_text_that_a_body_has_for_it() {
    for word in ["0x1f", "010", "1.0", "1e3", "1_000", "+5", "1:30"] {
        assert_eq!(
            told_of("maxNum: 5", &format!("maxNum: {word}")),
            [format!(
                "line 5, column 35: workerConfig.maxNum: {word} is not a whole number in decimal digits"
            )]
        );
    }
    let read = |word: &str| {
        good(&YAML.replace("maxNum: 5", &format!("maxNum: {word}")))
            .workers
            .max_num
    };
    assert_eq!(read("'08'").text(), "08");
    assert_eq!(read("lots").text(), "lots", "what breaks a rule is told by the rules");
    assert_eq!(read("-3"), Number::of(-3));
    assert!(read("null").is_unknown());
    assert_eq!(
        told_of("maxNum: 5", "maxNum: yes"),
        ["line 5, column 35: workerConfig.maxNum: true or false stands where a whole number belongs"]
    );
}

#[test]
fn keys_that_stand_twice_are_told_in_both_forms() {
    assert_eq!(
        told_of("name: llama", "name: llama\nname: llama"),
        ["line 4, column 1: name: stands there more than once; which one counts?"]
    );
    let json = body::text(&good(YAML)).replacen("\"maxNum\": 5,", "\"maxNum\": 5, \"maxNum\": 5,", 1);
    assert_eq!(
        told(&json),
        ["line 7, column 18: workerConfig.maxNum: stands there more than once; which one counts?"]
    );
}

#[test]
fn what_only_an_answer_of_the_server_has_is_told_to_be_left_out() {
    assert_eq!(
        told_of("name: llama", "name: llama\nstate: {state: serving}"),
        ["line 4, column 1: state: no update sets this; leave it out"]
    );
}

#[test]
fn aliases_are_read_and_merge_keys_are_not() {
    let text = YAML
        .replace("- type: local\n  size: 30", "- type: local\n  size: &size 30")
        .replace("value: hf_secret", "value: &token hf_secret")
        .replace("value: ''", "value: *token");
    assert_eq!(good(&text).envs[1].value.reveal(), "hf_secret");
    assert_eq!(
        told_of("- {type: network,", "- {<<: {a: b}, type: network,"),
        ["line 21, column 4: volumeMounts[1].<<: keys are not merged here; write them out"]
    );
    assert_eq!(
        told_of("value: hf_secret", "value: !vault hf_secret"),
        [
            "line 24, column 17: envs[0].value: a tag (a word that begins with !) means nothing here; leave it out, or quote the text"
        ]
    );
}

#[test]
fn an_alias_bomb_and_deep_nesting_end_in_one_sentence() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for at in 1..12 {
        let before = format!("*a{}", at - 1);
        bomb.push_str(&format!("a{at}: &a{at} [{}]\n", [before.as_str(); 10].join(", ")));
    }
    let all = told(&bomb);
    assert_eq!(all.len(), 1);
    assert!(
        all[0].ends_with("anchors and aliases make more than 16 MiB of this"),
        "{all:?}"
    );
    assert!(told("a: &a [*a]")[0].contains("an alias inside the very thing"));
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(5000), close.repeat(5000));
        for form in [DocumentFormat::Json, DocumentFormat::Yaml] {
            let document = read(&deep, form).remove(0);
            assert!(!document.config(None).unwrap_err().is_empty());
        }
    }
}

#[test]
fn a_missing_key_is_told_whichever_it_is() {
    let config = good(YAML);
    let full: serde_json::Value = serde_json::from_str(&body::text(&config)).unwrap();
    let mut gone = 0;
    for pointer in paths(&full) {
        let mut less = full.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        less.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        let path = pointer[1..].replace('/', ".").replace(".0", "[0]").replace(".1", "[1]");
        for text in [less.to_string(), yaml::pretty(&less)] {
            let read = one(&text).config(None);
            if path == "healthy" {
                assert_eq!(read.unwrap().health_path, "");
                continue;
            }
            let faults = read.expect_err(&path);
            let [fault] = faults.as_slice() else {
                panic!("{faults:?}")
            };
            assert_eq!(fault.path, path);
            assert!(fault.message.starts_with("missing"), "{fault}");
        }
        gone += 1;
    }
    assert_eq!(gone, 33, "every key was left out once");
}

/// The pointer of each key of each object.
fn paths(value: &serde_json::Value) -> Vec<String> {
    let mut all = Vec::new();
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                all.push(format!("/{key}"));
                all.extend(paths(value).into_iter().map(|path| format!("/{key}{path}")));
            }
        }
        serde_json::Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                all.extend(paths(item).into_iter().map(|path| format!("/{at}{path}")));
            }
        }
        _ => {}
    }
    all
}

#[test]
fn what_a_type_does_not_use_may_be_there() {
    let config = good(
        &YAML
            .replace("size: 30", "size: 30\n  id: ''")
            .replace("id: stor_9", "id: stor_9, size: 30"),
    );
    assert_eq!(config, good(YAML));
}

#[test]
fn the_mask_is_no_value() {
    assert_eq!(
        told_of("value: hf_secret", &format!("value: {MASK}")),
        ["line 24, column 10: envs[0].value: the value is the mask itself, not the secret behind it; write the value"]
    );
}

/// The example, with this in the place of the first value.
fn with_value(value: &str) -> String {
    YAML.replace("value: hf_secret", &format!("value: {value}"))
}

#[test]
fn a_value_may_be_had_from_elsewhere_and_a_text_never_is() {
    let source = |text: &str| {
        let mut found = Vec::new();
        one(text).fill(|source| {
            found.push(source.clone());
            None
        });
        found
    };
    let env = vec![ValueSource::Env("HF_TOKEN".into())];
    for text in [
        "{fromEnv: HF_TOKEN}",
        "\n    fromEnv: HF_TOKEN",
        "{\"fromEnv\": \"HF_TOKEN\"}",
    ] {
        assert_eq!(source(&with_value(text)), env, "{text}");
    }
    assert_eq!(
        source(&with_value("{fromFile: ./x}")),
        [ValueSource::File("./x".into())]
    );
    assert_eq!(source(&with_value("{fromServer: true}")), [ValueSource::Server]);
    for text in [
        "'{fromEnv: HF_TOKEN}'",
        "$HF_TOKEN",
        "${HF_TOKEN}",
        "'${{ secrets.A }}'",
        "'{fromServer: true}'",
        "fromEnv",
    ] {
        assert_eq!(source(&with_value(text)), [], "{text}");
        let wanted = text.trim_matches('\'');
        assert_eq!(good(&with_value(text)).envs[0].value.reveal(), wanted);
    }
    let mut filled = one(&with_value("{fromEnv: HF_TOKEN}"));
    filled.fill(|_| Some(Ok(Secret::new("sesame"))));
    assert_eq!(filled.config(None).unwrap().envs[0].value.reveal(), "sesame");
    let mut failed = one(&with_value("{fromEnv: HF_TOKEN}"));
    failed.fill(|_| Some(Err("nobody has it".into())));
    let faults = failed.config(None).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "line 24, column 10: envs[0].value: nobody has it"
    );
}

#[test]
fn what_means_to_be_had_from_elsewhere_and_is_wrong_is_told() {
    let one_of = "line 24, column 10: envs[0].value: a text, {fromEnv: NAME}, {fromFile: PATH} or {fromServer: true} belongs here";
    for (value, said) in [
        ("{}", one_of),
        ("{fromVault: sesame}", one_of),
        ("{sesame: x}", one_of),
        ("{fromEnv: A, fromFile: b}", one_of),
        (
            "[sesame]",
            "line 24, column 10: envs[0].value: a list stands where a text belongs",
        ),
        (
            "{fromEnv: 1}",
            "line 24, column 20: envs[0].value: behind fromEnv belongs the name of a variable, as a text",
        ),
        (
            "{fromEnv: ' '}",
            "line 24, column 20: envs[0].value: behind fromEnv belongs the name of a variable, as a text",
        ),
        (
            "{fromFile: }",
            "line 24, column 19: envs[0].value: behind fromFile belongs the path of a file, as a text",
        ),
        (
            "{fromServer: false}",
            "line 24, column 23: envs[0].value: behind fromServer belongs true",
        ),
        (
            "{fromServer: yes}",
            "line 24, column 23: envs[0].value: behind fromServer belongs true",
        ),
        (
            "{fromServer: 'true'}",
            "line 24, column 23: envs[0].value: behind fromServer belongs true",
        ),
    ] {
        assert_eq!(
            told_of("value: hf_secret", &format!("value: {value}")),
            [said],
            "{value}"
        );
    }
    assert_eq!(
        told_of("name: llama", "name: {fromEnv: NAME}"),
        ["line 3, column 7: name: only the value of an environment variable may be had from elsewhere; write a text"]
    );
    assert_eq!(
        told_of("key: HF_TOKEN", "key: {fromServer: true}"),
        [
            "line 23, column 8: envs[0].key: only the value of an environment variable may be had from elsewhere; write a text"
        ]
    );
}

#[test]
fn a_value_of_the_endpoint_is_that_of_the_variable_of_this_name_by_its_turn() {
    let mut before = good(YAML);
    before.envs = vec![
        EnvVar::new("A", "first"),
        EnvVar::new("B", "hf_****123"),
        EnvVar::new("A", "second"),
        EnvVar::new("EMPTY", ""),
    ]
    .into();
    let envs = |rows: &str| {
        let (head, _) = YAML.split_once("envs:\n").unwrap();
        one(&format!("{head}envs: [{rows}]\n"))
    };
    let both = "{key: A, value: {fromServer: true}}, {key: EMPTY, value: {fromServer: true}}, {key: A, value: {fromServer: true}}";
    let read = envs(both).config(Some(&before)).unwrap();
    let values: Vec<&str> = read.envs.iter().map(|env| env.value.reveal()).collect();
    assert_eq!(values, ["first", "", "second"]);
    assert!(envs(both).config(None).is_ok(), "nobody is asked yet");
    let wrong = envs("{key: B, value: {fromServer: true}}, {key: C, value: {fromServer: true}}");
    let faults: Vec<String> = wrong
        .config(Some(&before))
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        faults[0].contains("envs[0].value: the server shows a mask in the place of this value"),
        "{faults:?}"
    );
    assert!(
        faults[1].contains("envs[1].value: the endpoint has no such variable"),
        "{faults:?}"
    );
    let mut meant = MeantValues::default();
    meant.add(&before.envs[1]);
    let masked = envs("{key: B, value: {fromServer: true}}");
    assert_eq!(
        masked.config_beside(Some(&before), &meant).unwrap().envs[0],
        before.envs[1]
    );
}

#[test]
fn without_secrets_a_body_reads_back_as_the_endpoint_has_it() {
    let config = llama();
    let text = body::written(&body::Body::without_secrets(&config));
    assert!(
        config
            .envs
            .iter()
            .all(|env| env.value.is_empty() || !text.contains(&format!("\"{}\"", env.value.reveal())))
    );
    for text in [text, yaml::pretty(&body::Body::without_secrets(&config))] {
        assert_eq!(one(&text).config(Some(&config)).unwrap(), config);
    }
}

#[test]
fn what_is_edited_holds_its_values_itself() {
    let before = good(YAML);
    for value in [
        "{\"fromServer\": true}",
        "{\"fromEnv\": \"HOME\"}",
        "{\"fromFile\": \"x\"}",
    ] {
        let text = body::text(&before).replace("\"hf_secret\"", value);
        let why = read_edited(&text, &before).unwrap_err().to_string();
        assert!(
            why.contains("envs[0].value: only a file for `apply` may say where a value is to be had"),
            "{why}"
        );
    }
}

#[test]
fn without_an_id_somebody_else_has_to_say_which_endpoint_it_is() {
    let before = good(YAML);
    let without = YAML.replace("id: ep_1\n", "");
    assert_eq!(one(&without).id(), None);
    assert_eq!(
        told(&without),
        ["line 2, column 1: id: missing; an update has to have it"]
    );
    assert_eq!(one(&without).config(Some(&before)).unwrap(), before);
    let other = one(&YAML.replace("id: ep_1", "id: ep_2"));
    assert_eq!(other.id(), Some("ep_2"));
    let faults = other.config(Some(&before)).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "line 2, column 1: id: \"ep_2\" stands here, and ep_1 is the endpoint that the command names; leave one of the two out"
    );
    assert_eq!(
        told_of("id: ep_1", "id: ' '"),
        ["line 2, column 5: id: is blank; it says which endpoint this is for"]
    );
}

#[test]
fn what_says_the_same_as_before_stays_as_it_was_to_the_letter() {
    let mut before = good(YAML);
    before.workers.max_num = Number::typed(" 05 ");
    before.volumes[1].size = Number::of(17);
    let read = one(YAML).config(Some(&before)).unwrap();
    assert_eq!(read.workers.max_num.text(), " 05 ");
    assert_eq!(read.volumes[1].size, Number::of(17));
}

#[test]
fn twenty_thousand_faults_have_each_their_own_line() {
    let text = format!("{YAML}{}", "zzz: 1\n".repeat(20_000));
    let faults = one(&text).config(None).unwrap_err();
    assert_eq!(
        (faults.len(), faults.last().unwrap().line),
        (20_000, YAML.lines().count() + 20_000)
    );
}

#[test]
fn a_path_is_found_in_the_text() {
    let document = one(YAML);
    assert_eq!(document.place_of("workerConfig.maxNum"), Some((5, 35)));
    assert_eq!(document.place_of("envs[1].value"), Some((26, 10)));
    assert_eq!(document.place_of("ports[0].port"), Some((7, 11)));
    assert_eq!(document.place_of("ports[7].port"), Some((7, 3)), "what is around it");
    assert_eq!(document.place_of("zzz"), Some((2, 1)));
    assert_eq!(one("{").place_of("name"), None);
}

#[test]
fn several_documents_follow_each_other_in_both_forms() {
    let json = body::text(&good(YAML));
    let second = json.replacen("ep_1", "ep_2", 1);
    let ids = |text: &str| -> Vec<(Option<String>, usize)> {
        let documents = read(text, DocumentFormat::Guess);
        documents
            .iter()
            .map(|document| (document.id().map(str::to_owned), document.line()))
            .collect()
    };
    let lines = json.lines().count();
    let wanted = |line| vec![(Some("ep_1".to_owned()), 1), (Some("ep_2".to_owned()), line)];
    assert_eq!(ids(&format!("{json}\n{second}")), wanted(lines + 1));
    assert_eq!(ids(&format!("\u{feff}{json}{second}")), wanted(lines));
    let yaml = YAML.split_once('\n').unwrap().1;
    assert_eq!(
        ids(&format!(
            "{yaml}---\n# nothing\n---\n{}---\n",
            yaml.replace("ep_1", "ep_2")
        )),
        wanted(yaml.lines().count() + 4)
    );
    for nothing in ["", " \n", "# a comment\n", "---\n---\n"] {
        assert!(read(nothing, DocumentFormat::Guess).is_empty(), "{nothing:?}");
    }
    assert!(told("[{}]")[0].contains("several endpoints stand one after another"));
    assert_eq!(
        told("just words"),
        ["line 1, column 1: a text stands where an object belongs"]
    );
}

#[test]
fn a_document_that_is_broken_keeps_no_other_from_being_read() {
    let broken = format!("id: [1\n---\n{YAML}");
    let documents = read(&broken, DocumentFormat::Yaml);
    assert_eq!(documents.len(), 2);
    let faults = documents[0].config(None).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].to_string(), "line 1, column 5: unclosed bracket '['");
    assert_eq!(documents[1].config(None).unwrap(), good(YAML));
    let cut = "{\"id\": \"é\",\n  \"name\": \"sesame";
    let faults: Vec<DocumentFault> = one(cut).config(None).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "line 2, column 17: the text ends before the closing \" of a text"
    );
    let half = told("{\"id\": \"\\ud800 sesame\"}");
    assert!(
        half.iter()
            .any(|told| told.starts_with("line 1, column 8: id: this can't be read")),
        "{half:?}"
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9_/:.-]{0,20}",
        2 => "[0-9.:_+eExX-]{1,12}",
        1 => prop::sample::select(vec!["", " ", "no", "Yes", "~", "null", "1.10", "0x1f", "on", "y", "- a", "a: b", "#x", "*a", "|", "2024-01-01"])
            .prop_map(str::to_owned),
        2 => "[中文e\u{301}🚀\u{200d}\u{202e}\t\n\r \u{a0}é\u{0}\u{1b}\u{85}\u{feff}\u{2028}\u{e0041}\u{ffff}'\"\\\\{}#&*!|>%@`-]{0,30}",
        1 => "\\PC{0,60}",
        1 => any::<String>(),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        4 => any::<i64>().prop_map(Number::of),
        1 => text().prop_map(Number::typed),
        1 => Just(Number::unknown()),
    ]
}

fn configs() -> impl Strategy<Value = EndpointConfig> {
    let kind = prop_oneof![
        Just(VolumeType::Local),
        Just(VolumeType::Network),
        text().prop_map(|word| VolumeType::from_word(&word)),
    ];
    let volume = (kind, number(), text(), text()).prop_map(|(kind, size, storage_id, mount_path)| VolumeMount {
        kind,
        size,
        storage_id,
        mount_path,
    });
    let numbers = prop::collection::vec(number(), 7);
    let texts = prop::collection::vec(text(), 8);
    let volumes = prop::collection::vec(volume, 0..3);
    let envs = prop::collection::vec((text(), text()), 0..4);
    (numbers, texts, volumes, envs).prop_map(|(n, t, volumes, envs)| {
        let mut config = EndpointConfig {
            id: format!("ep_{}", t[0]),
            name: t[1].clone(),
            cluster_id: t[2].clone(),
            // The body has a list of ports without blanks around them.
            port: t[3].split(',').map(str::trim).collect::<Vec<_>>().join(", "),
            health_path: t[4].clone(),
            volumes,
            envs: envs.into_iter().map(|(key, value)| EnvVar::new(key, value)).collect(),
            ..EndpointConfig::default()
        };
        config.image.image = t[5].clone();
        config.image.auth_id = t[6].clone();
        config.image.command = t[7].clone();
        config.policy.kind = PolicyType::from_word(&t[6]);
        let [a, b, c, d, e, f, g] = n.try_into().expect("seven");
        config.workers.min_num = a;
        config.workers.max_num = b;
        config.workers.free_timeout = c;
        config.workers.max_concurrent = d;
        config.workers.gpu_num = e;
        config.workers.request_timeout = f;
        config.policy.value = g;
        config
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_printed_of_any_endpoint_is_read_as_the_same_endpoint(config in configs()) {
        let json = body::text(&config);
        prop_assert_eq!(&one(&json).config(None).unwrap(), &config);
        let yaml = as_yaml(&config);
        let documents = read(&yaml, DocumentFormat::Yaml);
        prop_assert_eq!(documents.len(), 1);
        match documents[0].config(None) {
            Ok(read) => prop_assert_eq!(&read, &config, "{}", yaml),
            Err(faults) => prop_assert!(false, "{:?}\n{}", faults, yaml),
        }
    }

    #[test]
    fn any_text_at_all_is_read_without_a_panic_and_without_its_values(text in "(\\PC|[-\\[\\]{}:,\\\\'\"#&*!|>% \n\r\t=a]){0,80}") {
        for form in [DocumentFormat::Json, DocumentFormat::Yaml, DocumentFormat::Guess] {
            for document in read(&text, form) {
                let _ = document.config(None);
                let _ = (document.id(), document.line());
            }
        }
    }

    #[test]
    fn a_body_with_any_part_of_it_torn_out_is_read_or_told(from in 0_usize..2000, most in 1_usize..40) {
        let yaml = as_yaml(&llama());
        for text in [body::text(&llama()), yaml] {
            let from = from.min(text.len());
            let chars = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            let cuts: Vec<usize> = chars.filter(|at| *at >= from).take(most + 1).collect();
            let torn = format!("{}{}", &text[..cuts[0]], &text[*cuts.last().unwrap()..]);
            for document in read(&torn, DocumentFormat::Guess) {
                if let Err(faults) = document.config(None) {
                    prop_assert!(!faults.is_empty());
                    let told = format!("{faults:?}");
                    prop_assert!(!told.contains("hf_demo"), "{}", told);
                }
            }
        }
    }
}

#[test]
fn yaml_that_can_not_be_parsed_says_only_that() {
    for text in [
        "id: ep_1\nname: x\nworkerConfig:\n  minNum: 1\n maxNum: 2\n",
        "id: ep_1\nname: \"x\nworkerConfig: 3\n",
        "id: ep_1\nname: x\n\tb: 3\n",
        "id: ep_1\n}\n",
        // The parser ends the document here, and finds the fault behind it.
        " id: ep_1\nname: x\n",
        "{id: ep_1}\nname: x\n",
    ] {
        let documents = read(text, DocumentFormat::Yaml);
        let faults: Vec<DocumentFault> = documents.iter().flat_map(|one| one.config(None).unwrap_err()).collect();
        assert_eq!(faults.len(), 1, "{text}: {faults:#?}");
        assert_eq!(faults[0].path, "");
    }
    // One that is whole keeps its faults.
    let documents = read("id: ep_1\n---\nname: \"x\n", DocumentFormat::Yaml);
    assert_eq!(documents.len(), 2);
    assert!(documents[0].config(None).unwrap_err().len() > 1);
}

#[test]
fn a_text_where_a_number_belongs_is_told_with_all_the_rest() {
    let documents = read(
        "{\"policy\": {\"type\": \"queue\", \"value\": \"x\"}, \"ports\": 8000}",
        DocumentFormat::Json,
    );
    let faults = documents[0].config(None).unwrap_err();
    let said = |path: &str| {
        faults
            .iter()
            .find(|fault| fault.path == path)
            .map(|fault| fault.message.as_str())
    };
    assert_eq!(said("policy.value"), Some("\"x\" is not a whole number"));
    assert_eq!(said("ports"), Some("a number stands where a list belongs"));
}
