//! Every rule of the update body, of the account's ranges and of usual practice: at both ends and one past.
//!
//! Each test says what is wrong as `severity source path`, so that place, severity and source are checked together.

use novita_edit::api::wire;
use novita_edit::endpoint::limits::{NoRange, Range, RangeKeys, pair};
use novita_edit::endpoint::schema::range_keys;
use novita_edit::endpoint::validate::validate;
use novita_edit::endpoint::{
    EndpointConfig, EnvVar, FieldId, Inventory, Limits, LoadedEndpoint, Number, PolicyType, Problem, Storage,
    VolumeMount, VolumeType,
};
use novita_edit::secret::{MASK, Secret};

/// An endpoint in which nothing is wrong: a local and a network volume, a health check, three envs.
fn sound() -> LoadedEndpoint {
    let json = include_bytes!("../../assets/demo/llama-3-8b.json");
    let mut endpoint = wire::endpoint(json, "ep_7f3a91c2").unwrap();
    endpoint.config.envs.truncate(3);
    endpoint
}

fn limits() -> Limits {
    wire::limits(include_bytes!("../../assets/demo/limits.json")).unwrap()
}

/// Limits with this range for each pair.
fn limits_of(range: impl Fn(RangeKeys) -> Range) -> Limits {
    Limits::of(range_keys().into_iter().map(|keys| (keys, range(keys))))
}

fn told(problems: &[Problem]) -> Vec<String> {
    let told = |p: &Problem| format!("{:?} {} {}", p.severity, p.source, p.place.path()).to_lowercase();
    problems.iter().map(told).collect()
}

/// What is wrong after an edit of the sound endpoint.
fn after(edit: impl FnOnce(&mut EndpointConfig)) -> Vec<String> {
    let base = sound();
    let mut config = base.config.clone();
    edit(&mut config);
    told(&validate(&config, &base, &limits(), &Inventory::default()))
}

/// What is wrong when the server already has it so, and nobody touched it.
fn loaded(edit: impl FnOnce(&mut EndpointConfig)) -> Vec<String> {
    let mut base = sound();
    edit(&mut base.config);
    told(&validate(&base.config.clone(), &base, &limits(), &Inventory::default()))
}

fn with(field: FieldId, text: &str) -> Vec<String> {
    after(|c| c.set_text(field, text))
}

fn none() -> Vec<String> {
    Vec::new()
}

fn local(size: &str, path: &str) -> VolumeMount {
    VolumeMount {
        kind: VolumeType::Local,
        size: Number::typed(size),
        storage_id: String::new(),
        mount_path: path.into(),
    }
}

fn network(id: &str, path: &str) -> VolumeMount {
    VolumeMount {
        kind: VolumeType::Network,
        storage_id: id.into(),
        mount_path: path.into(),
        ..VolumeMount::default()
    }
}

#[test]
fn the_sound_endpoint_has_no_problem() {
    assert_eq!(after(|_| {}), none());
}

/// Field, path in the body, both ends of the demo account's range; queue policy.
const RANGES: [(FieldId, &str, i64, i64); 7] = [
    (FieldId::MinWorkers, "workerConfig.minNum", 0, 10),
    (FieldId::MaxWorkers, "workerConfig.maxNum", 0, 10),
    (FieldId::IdleTimeout, "workerConfig.freeTimeout", 60, 3600),
    (FieldId::MaxConcurrency, "workerConfig.maxConcurrent", 1, 500),
    (FieldId::GpusPerWorker, "workerConfig.gpuNum", 1, 8),
    (FieldId::RequestTimeout, "workerConfig.requestTimeout", 1, 3600),
    (FieldId::PolicyValue, "policy.value", 1, 600),
];

/// Keeps min and max workers from contradicting each other, so that only the range is looked at.
fn set_worker_number(config: &mut EndpointConfig, field: FieldId, value: i64) {
    match field {
        FieldId::MinWorkers => config.workers.max_num = Number::of(10),
        FieldId::MaxWorkers => config.workers.min_num = Number::of(0),
        _ => {}
    }
    config.set_text(field, &value.to_string());
}

fn range_problems(all: &[String]) -> Vec<&String> {
    all.iter().filter(|p| p.contains("parameter limits")).collect()
}

#[test]
fn both_ends_of_every_account_range_are_inside() {
    for (field, _, low, high) in RANGES {
        for value in [low, high] {
            let all = after(|c| set_worker_number(c, field, value));
            assert_eq!(range_problems(&all).len(), 0, "{} {value}: {all:?}", field.label());
            let all = loaded(|c| set_worker_number(c, field, value));
            assert_eq!(range_problems(&all).len(), 0, "{} {value}: {all:?}", field.label());
        }
    }
}

#[test]
fn one_past_an_account_range_is_an_error_when_typed_and_a_warning_when_loaded() {
    for (field, path, low, high) in RANGES {
        for value in [low - 1, high + 1] {
            let path = path.to_lowercase();
            let typed = after(|c| set_worker_number(c, field, value));
            assert!(
                typed.contains(&format!("error parameter limits {path}")),
                "{} {value}: {typed:?}",
                field.label()
            );
            let found = loaded(|c| set_worker_number(c, field, value));
            assert!(
                found.contains(&format!("warning parameter limits {path}")),
                "{} {value}: {found:?}",
                field.label()
            );
        }
    }
}

#[test]
fn typing_the_loaded_value_again_does_not_make_its_warning_an_error() {
    let mut base = sound();
    base.config.workers.gpu_num = Number::of(9);
    let mut config = base.config.clone();
    config.workers.gpu_num = Number::typed(" 09 ");
    let found = told(&validate(&config, &base, &limits(), &Inventory::default()));
    assert_eq!(found, ["warning parameter limits workerconfig.gpunum"]);
}

#[test]
fn a_range_message_names_value_end_and_account() {
    let base = sound();
    let mut config = base.config.clone();
    config.workers.max_num = Number::of(12);
    let problems = validate(&config, &base, &limits(), &Inventory::default());
    assert_eq!(
        problems[0].sentence(&config),
        "Max workers: 12 is above 10, the most this account may have (parameter limits)."
    );
    config.workers.max_num = Number::of(5);
    config.workers.free_timeout = Number::of(59);
    let problems = validate(&config, &base, &limits(), &Inventory::default());
    assert_eq!(
        problems[0].sentence(&config),
        "Idle timeout: 59 is below 60, the least this account may have (parameter limits)."
    );
}

#[test]
fn a_number_field_refuses_what_is_no_whole_number() {
    for (field, path, ..) in RANGES {
        let path = path.to_lowercase();
        for text in [
            "five",
            "1.5",
            "5 s",
            "0x10",
            "1e3",
            "",
            "  ",
            "99999999999999999999",
            "５",
        ] {
            assert_eq!(
                with(field, text),
                [format!("error update body {path}")],
                "{} {text:?}",
                field.label()
            );
        }
    }
}

#[test]
fn an_unreported_request_timeout_has_to_be_entered() {
    let mut base = sound();
    base.config.workers.request_timeout = Number::unknown();
    let problems = validate(&base.config, &base, &limits(), &Inventory::default());
    assert_eq!(told(&problems), ["error update body workerconfig.requesttimeout"]);
    assert!(
        problems[0].message.contains("not reported by the server"),
        "{}",
        problems[0].message
    );
    let mut config = base.config.clone();
    config.workers.request_timeout = Number::of(1);
    assert_eq!(
        told(&validate(&config, &base, &limits(), &Inventory::default())),
        none()
    );
}

#[test]
fn lengths_count_characters() {
    let fields = [
        (FieldId::ClusterId, "clusterid", 255),
        (FieldId::Image, "image.image", 511),
        (FieldId::AuthId, "image.authid", 255),
        (FieldId::Command, "image.command", 2047),
    ];
    for (field, path, most) in fields {
        for letter in ["a", "é", "中", "🚀", "\u{301}"] {
            // No registry has an image of such a name, whatever its length.
            let odd = field == FieldId::Image && letter != "a";
            let odd = odd.then(|| format!("warning convention {path}"));
            let all: Vec<String> = odd.iter().cloned().collect();
            assert_eq!(with(field, &letter.repeat(most)), all, "{path} {letter} {most}");
            let error = format!("error update body {path}");
            let all: Vec<String> = [error].into_iter().chain(odd).collect();
            assert_eq!(
                with(field, &letter.repeat(most + 1)),
                all,
                "{path} {letter} {}",
                most + 1
            );
        }
    }
}

#[test]
fn a_mount_path_has_at_most_255_characters() {
    let path = |letters: usize| format!("/{}", "🚀".repeat(letters - 1));
    assert_eq!(after(|c| c.volumes[0].mount_path = path(255)), none());
    assert_eq!(
        after(|c| c.volumes[0].mount_path = path(256)),
        ["error update body volumemounts[0].mountpath"]
    );
}

#[test]
fn a_name_over_220_characters_is_only_a_warning() {
    assert_eq!(with(FieldId::Name, &"🚀".repeat(220)), none());
    assert_eq!(with(FieldId::Name, &"🚀".repeat(221)), ["warning convention name"]);
    assert_eq!(with(FieldId::Name, ""), none());
}

#[test]
fn a_port_is_one_whole_number_outside_the_platforms_own() {
    for port in ["1", "80", "2221", "2225", "65535", "80 ", " 80\n"] {
        assert_eq!(with(FieldId::HttpPort, port), none(), "{port}");
    }
    let bad = [
        "",
        "  ",
        "0",
        "65536",
        "99999999999999999999",
        "2222",
        "2223",
        "2224",
        "02222",
        "http",
        "8 0",
        "-80",
        "+80",
        "8000, 9000",
        "80.5",
        "８０",
    ];
    for port in bad {
        assert_eq!(
            with(FieldId::HttpPort, port),
            ["error update body ports[0].port"],
            "{port:?}"
        );
    }
}

#[test]
fn an_endpoint_without_a_port_is_told_what_is_missing_why_and_what_sending_one_does() {
    let mut base = sound();
    base.config.port = String::new();
    let problems = validate(&base.config, &base, &limits(), &Inventory::default());
    assert_eq!(told(&problems), ["error update body ports[0].port"]);
    let said = &problems[0].message;
    for part in [
        "the endpoint has no port",
        "an update must name exactly one",
        "sending it would give the endpoint that port",
    ] {
        assert!(said.contains(part), "{said}");
    }
    // One that had a port is told of a field that was emptied.
    let mut emptied = sound();
    emptied.config.port = String::new();
    let problems = validate(&emptied.config, &sound(), &limits(), &Inventory::default());
    assert_eq!(problems[0].message, "is blank, but required");
}

#[test]
fn several_ports_are_an_error_that_lists_them_until_one_is_entered() {
    let mut base = sound();
    base.config.port = "8000, 9000".into();
    let problems = validate(&base.config, &base, &limits(), &Inventory::default());
    assert_eq!(told(&problems), ["error update body ports[0].port"]);
    assert!(problems[0].message.contains("8000, 9000"), "{}", problems[0].message);
    let mut config = base.config.clone();
    config.port = "9000".into();
    assert_eq!(
        told(&validate(&config, &base, &limits(), &Inventory::default())),
        none()
    );
}

#[test]
fn min_workers_above_max_is_an_error_on_both() {
    assert_eq!(with(FieldId::MinWorkers, "5"), none(), "equal is allowed");
    assert_eq!(
        with(FieldId::MinWorkers, "6"),
        [
            "error consistency workerconfig.minnum",
            "error consistency workerconfig.maxnum"
        ]
    );
}

#[test]
fn max_workers_zero_is_a_warning() {
    let found = after(|c| {
        c.workers.min_num = Number::of(0);
        c.workers.max_num = Number::of(0);
    });
    assert_eq!(found, ["warning convention workerconfig.maxnum"]);
}

#[test]
fn required_texts_may_not_be_blank() {
    for blank in ["", " ", "\t\n"] {
        assert_eq!(
            with(FieldId::Image, blank),
            ["error update body image.image"],
            "{blank:?}"
        );
    }
    for optional in [FieldId::Name, FieldId::AuthId, FieldId::Command] {
        assert_eq!(with(optional, ""), none(), "{}", optional.label());
    }
}

#[test]
fn a_policy_type_has_to_be_one_of_the_two() {
    for kind in [PolicyType::Unset, PolicyType::Other("latency".into())] {
        assert_eq!(
            loaded(|c| c.policy.kind = kind.clone()),
            ["error update body policy.type"],
            "{kind:?}"
        );
    }
}

#[test]
fn the_policy_type_changes_the_range_of_its_value() {
    let requests = |value: i64| {
        after(|c| {
            c.policy.kind = PolicyType::Concurrency;
            c.policy.value = Number::of(value);
        })
    };
    assert_eq!(requests(1), none());
    assert_eq!(requests(100), none());
    assert_eq!(requests(0), ["error parameter limits policy.value"]);
    assert_eq!(requests(101), ["error parameter limits policy.value"]);
    assert_eq!(with(FieldId::PolicyValue, "101"), none(), "seconds go to 600");
}

#[test]
fn a_loaded_value_that_a_new_policy_type_puts_out_of_range_is_an_error() {
    let mut base = sound();
    base.config.policy.value = Number::of(300);
    let mut config = base.config.clone();
    config.policy.kind = PolicyType::Concurrency;
    assert_eq!(
        told(&validate(&config, &base, &limits(), &Inventory::default())),
        ["error parameter limits policy.value"]
    );
}

#[test]
fn a_local_volume_has_a_size_in_the_accounts_range() {
    let size = FieldId::VolumeSize.range_keys(&EndpointConfig::default());
    let wide = limits_of(|keys| match Some(keys) == size {
        true => pair(Some(10), Some(100)),
        false => limits().range(keys).clone(),
    });
    let base = sound();
    for (size, error) in [("10", false), ("100", false), ("9", true), ("101", true)] {
        let mut config = base.config.clone();
        config.volumes[0].size = Number::typed(size);
        let wanted: &[&str] = if error {
            &["error parameter limits volumemounts[0].size"]
        } else {
            &[]
        };
        assert_eq!(
            told(&validate(&config, &base, &wide, &Inventory::default())),
            wanted,
            "{size}"
        );
    }
    let found = loaded(|c| c.volumes[0].size = Number::of(50));
    assert_eq!(
        found,
        ["warning parameter limits volumemounts[0].size"],
        "loaded and untouched"
    );
}

#[test]
fn without_a_range_a_local_volume_has_30_gb() {
    let base = sound();
    for (size, error) in [("30", false), ("29", true), ("31", true), ("", true), ("big", true)] {
        let mut config = base.config.clone();
        config.volumes[0].size = Number::typed(size);
        let wanted: &[&str] = if error {
            &["error update body volumemounts[0].size"]
        } else {
            &[]
        };
        assert_eq!(
            told(&validate(&config, &base, &Limits::unknown(), &Inventory::default())),
            wanted,
            "{size:?}"
        );
    }
    let mut base = sound();
    base.config.volumes[0].size = Number::of(50);
    let found = |config: &EndpointConfig| told(&validate(config, &base, &Limits::unknown(), &Inventory::default()));
    assert_eq!(
        found(&base.config),
        ["warning update body volumemounts[0].size"],
        "loaded and untouched"
    );
    let mut config = base.config.clone();
    config.volumes[0].size = Number::of(60);
    assert_eq!(found(&config), ["error update body volumemounts[0].size"]);
}

#[test]
fn the_words_for_the_ends_of_a_range_say_why_there_is_none() {
    let base = sound();
    let mut config = base.config.clone();
    config.workers.free_timeout = Number::typed("max");
    let none = limits_of(|_| Err(NoRange::NoMaximum));
    let problems = validate(&config, &base, &none, &Inventory::default());
    let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        said,
        ["\"max\" can't be told, since the account's limits name no maximum; enter the number"]
    );
}

#[test]
fn an_unknown_volume_type_is_an_error_on_its_row() {
    let found = loaded(|c| c.volumes[1].kind = VolumeType::Other("nvme".into()));
    assert_eq!(found, ["error update body volumemounts[1].type"]);
}

#[test]
fn a_network_volume_needs_a_storage_and_a_cluster() {
    for blank in ["", "  "] {
        assert_eq!(
            after(|c| c.volumes[1].storage_id = blank.into()),
            ["error update body volumemounts[1].id"]
        );
        assert_eq!(with(FieldId::ClusterId, blank), ["error update body clusterid"]);
    }
    let without_network = after(|c| {
        c.cluster_id.clear();
        c.volumes.truncate(1);
    });
    assert_eq!(without_network, none(), "only a network volume needs the cluster");
}

#[test]
fn a_mount_path_is_there_absolute_and_unique() {
    for blank in ["", " "] {
        assert_eq!(
            after(|c| c.volumes[0].mount_path = blank.into()),
            ["error update body volumemounts[0].mountpath"]
        );
    }
    assert_eq!(
        after(|c| c.volumes[0].mount_path = "data".into()),
        ["warning convention volumemounts[0].mountpath"]
    );
    assert_eq!(
        after(|c| c.volumes[0].mount_path = "/models".into()),
        [
            "warning convention volumemounts[0].mountpath",
            "warning convention volumemounts[1].mountpath"
        ]
    );
    assert_eq!(
        after(|c| c.volumes = vec![local("30", "/a"), network("stor_9", "/a/b")]),
        none(),
        "one below the other is no duplicate"
    );
    for odd in ["/", "//", "/my data", "/data/../x", "/.."] {
        assert_eq!(
            after(|c| c.volumes[0].mount_path = odd.into()),
            ["warning convention volumemounts[0].mountpath"],
            "{odd}"
        );
    }
    assert_eq!(
        after(|c| c.volumes = vec![local("30", "/a/"), network("stor_9", "/a"), local("30", "/b/")]),
        [
            "warning convention volumemounts[0].mountpath",
            "warning convention volumemounts[1].mountpath"
        ],
        "a slash at the end makes no other directory"
    );
}

#[test]
fn an_image_is_what_a_registry_can_have() {
    for odd in [
        "vllm openai",
        "https://ghcr.io/a/b:v1",
        "ghcr.io/Org/b:v1",
        "a/b:",
        "a\u{200b}/b",
        "a/b:v1 ",
        "a//b",
    ] {
        assert_eq!(with(FieldId::Image, odd), ["warning convention image.image"], "{odd:?}");
    }
    for good in ["vllm/vllm-openai:v0.6.3", "ghcr.io/a/b", "localhost:5000/a"] {
        assert_eq!(with(FieldId::Image, good), none(), "{good}");
    }
    assert_eq!(with(FieldId::Image, " "), ["error update body image.image"]);
}

#[test]
fn a_health_path_begins_with_a_slash_and_is_no_url() {
    for odd in ["health", "/my health", "http://localhost:8000/health", "/health "] {
        assert_eq!(
            with(FieldId::HealthPath, odd),
            ["warning convention healthy.path"],
            "{odd}"
        );
    }
    for good in ["/", "/v1/health?deep=1"] {
        assert_eq!(with(FieldId::HealthPath, good), none(), "{good}");
    }
}

#[test]
fn what_begins_or_ends_with_a_blank_or_can_not_be_seen_is_a_warning_on_its_row() {
    let valued = |value: &str| after(|c| c.envs[1].value = Secret::new(value));
    for odd in ["a ", " a", "a\n", "a\nb\n", "a\0b", "a\u{feff}", "a\r\nb", " "] {
        assert_eq!(valued(odd), ["warning convention envs[1].value"], "{odd:?}");
    }
    for good in ["a b", "a\nb", "a\n\tb", "👩\u{200d}🚀"] {
        assert_eq!(valued(good), none(), "{good:?}");
    }
    for (field, path) in [
        (FieldId::Name, "name"),
        (FieldId::ClusterId, "clusterid"),
        (FieldId::AuthId, "image.authid"),
        (FieldId::Command, "image.command"),
    ] {
        for odd in ["a ", "\ta", "a\n", "a\0b"] {
            assert_eq!(with(field, odd), [format!("warning convention {path}")], "{odd:?}");
        }
    }
    assert_eq!(with(FieldId::Command, "one\ntwo"), none());
    assert_eq!(with(FieldId::Name, "one\ntwo"), ["warning convention name"]);
    assert_eq!(
        after(|c| c.volumes[1].storage_id.push(' ')),
        ["warning convention volumemounts[1].id"]
    );
}

#[test]
fn a_sentence_quotes_what_can_not_be_seen_as_the_screen_shows_it() {
    let base = sound();
    let mut config = base.config.clone();
    config.set_text(FieldId::HttpPort, "\u{feff}80\u{200d}");
    let problems = validate(&config, &base, &limits(), &Inventory::default());
    let sentence = problems[0].sentence(&config);
    assert!(sentence.contains("\"⟨U+FEFF⟩80⟨ZWJ⟩\" is not a port"), "{sentence}");
}

#[test]
fn a_number_that_stayed_when_the_policy_type_changed_is_a_warning() {
    let mut base = sound();
    base.config.policy.value = Number::of(60);
    let mut config = base.config.clone();
    config.policy.kind = PolicyType::Concurrency;
    let problems = validate(&config, &base, &limits(), &Inventory::default());
    assert_eq!(told(&problems), ["warning convention policy.value"]);
    assert_eq!(
        problems[0].sentence(&config),
        "Policy value: 60 s became 60 req with the policy type, and the number is as it was; enter it, the same if it \
         is meant (convention)."
    );
    config.policy.value = Number::of(5);
    assert_eq!(
        told(&validate(&config, &base, &limits(), &Inventory::default())),
        none()
    );
    for kind in [PolicyType::Unset, PolicyType::Other("other".into())] {
        base.config.policy.kind = kind;
        base.config.policy.value = Number::of(5);
        let problems = validate(&config, &base, &limits(), &Inventory::default());
        assert_eq!(told(&problems), none(), "a number without a type meant nothing else");
    }
}

#[test]
fn an_env_key_is_there_unique_and_readable_by_a_shell() {
    let keyed = |key: &str| after(|c| c.envs[1].key = key.into());
    for good in ["A", "_", "a1_B2", "_9"] {
        assert_eq!(keyed(good), none(), "{good}");
    }
    for blank in ["", " "] {
        assert_eq!(keyed(blank), ["error update body envs[1].key"], "{blank:?}");
    }
    for odd in ["9LIVES", "WITH-DASH", "WITH SPACE", "ÜBER", "A=B", " A"] {
        assert_eq!(keyed(odd), ["warning convention envs[1].key"], "{odd:?}");
    }
    assert_eq!(
        keyed("HF_TOKEN"),
        ["warning convention envs[0].key", "warning convention envs[1].key"]
    );
    assert_eq!(keyed("hf_token"), none(), "the case tells keys apart");
}

#[test]
fn a_value_that_is_the_mask_is_an_error_and_an_empty_one_is_not() {
    let valued = |value: &str| after(|c| c.envs[1] = EnvVar::new("KEY", value));
    assert_eq!(valued(MASK), ["error update body envs[1].value"]);
    assert_eq!(valued(""), none());
    // Not this program's own, but a mask all the same.
    assert_eq!(valued(&format!("x{MASK}")), ["error masked values envs[1].value"]);
    for masked in ["***", "hf_****123", "xxxxxxxx", "[REDACTED]"] {
        assert_eq!(valued(masked), ["error masked values envs[1].value"], "{masked}");
    }
    assert_eq!(valued("*.example.com"), none());
}

#[test]
fn a_health_path_that_was_there_may_not_be_emptied() {
    assert_eq!(with(FieldId::HealthPath, ""), ["error update body healthy.path"]);
    assert_eq!(with(FieldId::HealthPath, " "), ["error update body healthy.path"]);
    let mut base = sound();
    base.config.health_path.clear();
    base.has_health_check = false;
    assert_eq!(
        told(&validate(&base.config, &base, &limits(), &Inventory::default())),
        none(),
        "there never was one"
    );
    let mut config = base.config.clone();
    config.health_path = "/health".into();
    assert_eq!(
        told(&validate(&config, &base, &limits(), &Inventory::default())),
        none(),
        "one may be added"
    );
}

#[test]
fn without_limits_any_number_from_0_passes_and_the_fixed_rules_hold() {
    let base = sound();
    let unknown = |field: FieldId, text: &str| {
        let mut config = base.config.clone();
        config.workers.min_num = Number::of(0);
        config.set_text(field, text);
        told(&validate(&config, &base, &Limits::unknown(), &Inventory::default()))
    };
    for (field, path, ..) in RANGES {
        if field != FieldId::MinWorkers {
            assert_eq!(unknown(field, "1000000"), none(), "{}", field.label());
        }
        let path = path.to_lowercase();
        let negative = unknown(field, "-1");
        assert!(
            negative.contains(&format!("error update body {path}")),
            "{}: {negative:?}",
            field.label()
        );
    }
    assert_eq!(
        unknown(FieldId::Image, &"a".repeat(512)),
        ["error update body image.image"]
    );
    assert_eq!(unknown(FieldId::HttpPort, "65536"), ["error update body ports[0].port"]);
}

#[test]
fn a_range_that_no_value_can_meet_blocks_nothing() {
    let base = sound();
    for range in [
        pair(Some(0), Some(0)),
        pair(Some(9), Some(8)),
        pair(Some(1), None),
        pair(None, None),
    ] {
        let odd = limits_of(|_| range.clone());
        let mut config = base.config.clone();
        config.workers.max_num = Number::of(5000);
        assert_eq!(
            told(&validate(&config, &base, &odd, &Inventory::default())),
            none(),
            "{range:?}"
        );
    }
}

#[test]
fn problems_come_in_the_order_of_the_form() {
    let found = after(|c| {
        c.envs[0].key.clear();
        c.volumes[0].mount_path.clear();
        c.image.image.clear();
        c.policy.kind = PolicyType::Unset;
        c.workers.max_num = Number::of(11);
        c.port.clear();
    });
    assert_eq!(
        found,
        [
            "error update body ports[0].port",
            "error parameter limits workerconfig.maxnum",
            "error update body policy.type",
            "error update body image.image",
            "error update body volumemounts[0].mountpath",
            "error update body envs[0].key"
        ]
    );
}

/// What the demo account has.
fn account() -> Inventory {
    let storages = include_str!("../../assets/demo/networkstorages.json");
    let page = wire::storage_page(format!("{{\"data\": {storages}}}").as_bytes()).unwrap();
    Inventory {
        storages: Some(page.items.into()),
        ..Inventory::default()
    }
}

/// What is wrong with this storage and this cluster, as the account is known.
fn stored(storage: &str, cluster: &str, account: &Inventory) -> Vec<String> {
    let mut base = sound();
    base.config.volumes[1].storage_id = storage.into();
    base.config.cluster_id = cluster.into();
    let problems = validate(&base.config, &base, &limits(), account);
    problems.iter().map(|p| p.sentence(&base.config)).collect()
}

#[test]
fn a_storage_in_the_endpoints_cluster_is_right() {
    assert_eq!(stored("stor_9", "us-dallas-nas-2", &account()), none());
}

#[test]
fn a_storage_in_another_cluster_is_an_error_with_both_names() {
    let base = sound();
    let mut config = base.config.clone();
    config.cluster_id = "eu-frankfurt-nas-1".into();
    assert_eq!(
        told(&validate(&config, &base, &limits(), &account())),
        ["error update body clusterid", "error update body volumemounts[1].id"]
    );
    let said = stored("stor_9", "eu-frankfurt-nas-1", &account()).join("\n");
    let wanted = "hf-cache (stor_9) lies in US Dallas NAS 2 (us-dallas-nas-2), but Cluster ID is EU Frankfurt NAS 1 \
                  (eu-frankfurt-nas-1)";
    assert!(said.contains(wanted), "{said}");
    // A cluster that nobody names is told by its id.
    let said = stored("stor_9", "mars", &account()).join("\n");
    assert!(said.contains("but Cluster ID is mars"), "{said}");
}

#[test]
fn an_unknown_storage_is_a_warning() {
    let base = sound();
    let mut config = base.config.clone();
    config.volumes[1].storage_id = "stor_0".into();
    assert_eq!(
        told(&validate(&config, &base, &limits(), &account())),
        ["warning the account's storages volumemounts[1].id"]
    );
    let nothing = Inventory {
        storages: Some([].into()),
        ..Inventory::default()
    };
    assert_eq!(told(&validate(&base.config, &base, &limits(), &nothing)).len(), 1);
}

#[test]
fn nothing_is_said_of_storages_that_were_not_looked_up_nor_twice_of_blank_ones() {
    assert_eq!(stored("stor_0", "mars", &Inventory::default()), none());
    for (storage, cluster) in [("", "us-dallas-nas-2"), ("stor_9", "")] {
        let said = stored(storage, cluster, &account());
        assert_eq!(said, stored(storage, cluster, &Inventory::default()));
        assert_eq!(said.len(), 1, "{said:?}");
    }
    // The storage of a local volume isn't sent.
    let base = sound();
    let mut config = base.config.clone();
    config.volumes[0].storage_id = "stor_0".into();
    assert_eq!(told(&validate(&config, &base, &limits(), &account())), none());
}

#[test]
fn a_storage_whose_cluster_is_not_told_is_not_held_against_anything() {
    let account = Inventory {
        storages: Some(
            [Storage {
                id: "stor_9".into(),
                ..Storage::default()
            }]
            .into(),
        ),
        ..Inventory::default()
    };
    assert_eq!(stored("stor_9", "us-dallas-nas-2", &account), none());
}
