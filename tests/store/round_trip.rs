//! Any configuration comes back as it was, text by text.

use std::sync::Arc;

use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::schema::FIELDS;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, Number, ParseError, PolicyType, VolumeMount, VolumeType};
use novita_edit::secret::Secret;
use novita_edit::store::{EditorText, EditorTextOf, SendFacts, Snapshot, Typing, TypingTarget, Unsaved};
use proptest::prelude::*;

use crate::harness::*;

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-zA-Z0-9_/:.-]{0,12}",
        1 => Just(String::new()),
        1 => "[中🚀\u{200d}\u{202e}\t\n\r\0\"\\\\ é,]{0,12}",
        1 => any::<String>(),
    ]
    .boxed()
}

fn number() -> BoxedStrategy<Number> {
    prop_oneof![
        3 => any::<i64>().prop_map(Number::of),
        1 => prop::sample::select(vec!["", " ", "08", "-0", "+7", "eight", "1.5", "1e3", "null", "99999999999999999999", " 8"])
            .prop_map(Number::typed),
        1 => text().prop_map(Number::typed),
    ]
        .boxed()
}

fn volume() -> BoxedStrategy<VolumeMount> {
    let kind = prop_oneof![
        Just(VolumeType::Local),
        Just(VolumeType::Network),
        text().prop_map(|word| VolumeType::from_word(&word)),
    ];
    (kind, number(), text(), text())
        .prop_map(|(kind, size, storage_id, mount_path)| VolumeMount {
            kind,
            size,
            storage_id,
            mount_path,
        })
        .boxed()
}

fn env() -> BoxedStrategy<EnvVar> {
    (text(), text())
        .prop_map(|(key, value)| EnvVar::new(key, value))
        .boxed()
}

fn editor_text() -> BoxedStrategy<EditorText> {
    let what = prop_oneof![
        Just(EditorTextOf::Field(FieldId::Command)),
        (0usize..9, env()).prop_map(|(at, old)| EditorTextOf::Env { at, old }),
        Just(EditorTextOf::Environment),
        Just(EditorTextOf::Body),
    ];
    let base = prop::option::of(any_config());
    (what, text(), text(), 1usize..99, base)
        .prop_map(|(what, text, why, place, base)| {
            let parse_error = ParseError {
                line: place,
                column: place + 1,
                why,
            };
            let base = base.map(|config| {
                Box::new(Snapshot {
                    config,
                    has_health_check: true,
                    settings: Vec::new(),
                })
            });
            EditorText::new(what, Secret::new(text), parse_error).with_base(base)
        })
        .boxed()
}

fn any_config() -> BoxedStrategy<EndpointConfig> {
    let texts = prop::collection::vec(text(), 7);
    let numbers = prop::collection::vec(number(), 7);
    let lists = (
        prop::collection::vec(volume(), 0..4),
        prop::collection::vec(env(), 0..4),
    );
    (texts, numbers, text(), lists)
        .prop_map(|(t, n, policy, (volumes, envs))| {
            let mut config = EndpointConfig {
                id: ID.into(),
                name: t[0].clone(),
                cluster_id: t[1].clone(),
                port: t[2].clone(),
                health_path: t[3].clone(),
                volumes,
                envs: envs.into(),
                ..EndpointConfig::default()
            };
            config.image.image = t[4].clone();
            config.image.auth_id = t[5].clone();
            config.image.command = t[6].clone();
            config.policy.kind = PolicyType::from_word(&policy);
            config.policy.value = n[0].clone();
            config.workers.min_num = n[1].clone();
            config.workers.max_num = n[2].clone();
            config.workers.free_timeout = n[3].clone();
            config.workers.max_concurrent = n[4].clone();
            config.workers.gpu_num = n[5].clone();
            config.workers.request_timeout = n[6].clone();
            config
        })
        .boxed()
}

fn volume_texts(volume: &VolumeMount) -> [String; 4] {
    let VolumeMount {
        kind,
        size,
        storage_id,
        mount_path,
    } = volume;
    [
        kind.word().into(),
        size.text().into(),
        storage_id.clone(),
        mount_path.clone(),
    ]
}

/// Every text of a configuration: `==` takes `08` for `8` and passes over what a volume's type doesn't use.
fn texts(config: &EndpointConfig) -> Vec<String> {
    let single = FieldId::canonical().map(|field| config.text(field).to_owned());
    let volumes = config.volumes.iter().flat_map(volume_texts);
    let envs = config
        .envs
        .iter()
        .flat_map(|env| [env.key.clone(), env.value.reveal().to_owned()]);
    std::iter::once(config.id.clone())
        .chain(single)
        .chain(volumes)
        .chain(envs)
        .collect()
}

fn field() -> BoxedStrategy<FieldId> {
    (0..FIELDS.len()).prop_map(|at| FIELDS[at].id).boxed()
}

fn row() -> BoxedStrategy<Row> {
    prop_oneof![volume().prop_map(Row::Volume), env().prop_map(Row::Env)].boxed()
}

fn typing() -> BoxedStrategy<Typing> {
    let what = prop_oneof![
        field().prop_map(TypingTarget::Field),
        field().prop_map(TypingTarget::Choice),
        (any::<u16>(), prop::option::of(row()), row(), field()).prop_map(|(at, old, row, part)| TypingTarget::Row {
            at: at.into(),
            old,
            row,
            part
        }),
    ];
    (what, text(), any::<(u16, u16)>())
        .prop_map(|(what, text, cursor)| Typing {
            what,
            text: Secret::new(text),
            cursor: (cursor.0.into(), cursor.1.into()),
        })
        .boxed()
}

fn row_texts(row: &Row) -> Vec<String> {
    match row {
        Row::Volume(volume) => volume_texts(volume).into(),
        Row::Env(env) => vec![env.key.clone(), env.value.reveal().to_owned()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_of_a_draft_comes_back(
        loaded in any_config(), edited in any_config(), sent in prop::option::of(any_config()),
        typing in prop::option::of(typing()), editor_texts in prop::collection::vec(editor_text(), 0..3), has_health_check in any::<bool>(),
    ) {
        let (_home, files) = files();
        let own = mine(&files);
        let unsaved = Unsaved {
            loaded: Arc::new(Snapshot { config: loaded, has_health_check, settings: Vec::new() }),
            edited: Arc::new(edited),
            typing,
            sent: sent.map(Arc::new),
            editor_texts: editor_texts.iter().cloned().map(Arc::new).collect(),
        };
        own.write_draft(&unsaved).unwrap();
        let read = draft(&files).unwrap();
        prop_assert_eq!(texts(&read.loaded.config), texts(&unsaved.loaded.config));
        prop_assert_eq!(texts(&read.edited), texts(&unsaved.edited));
        prop_assert_eq!(read.loaded.has_health_check, has_health_check);
        prop_assert_eq!(read.sent.as_ref().map(texts), unsaved.sent.as_deref().map(texts));
        prop_assert_eq!(&read.typing, &unsaved.typing);
        prop_assert_eq!(&read.editor_texts, &editor_texts);
        if let (Some(TypingTarget::Row { row: a, .. }), Some(TypingTarget::Row { row: b, .. })) =
            (read.typing.map(|t| t.what), unsaved.typing.map(|t| t.what))
        {
            prop_assert_eq!(row_texts(&a), row_texts(&b));
        }
    }

    #[test]
    fn every_text_of_a_send_comes_back(before in any_config(), after in any_config(), reason in text()) {
        use novita_edit::store::SendOutcome;
        let (_home, files) = files();
        let before = Snapshot { config: before, has_health_check: false, settings: Vec::new() };
        let send = files.record_send(&before, &after, &SendFacts::default()).unwrap();
        files.record_outcome(&send, SendOutcome::Refused(reason.clone())).unwrap();
        let history = files.history().unwrap();
        prop_assert_eq!(history.skipped, 0);
        prop_assert_eq!(texts(&history.records[0].before.config), texts(&before.config));
        prop_assert_eq!(texts(&history.records[0].after), texts(&after));
        prop_assert_eq!(&history.records[0].outcome, &SendOutcome::Refused(reason));
    }

    #[test]
    fn no_bytes_in_the_drafts_place_are_lost_or_bring_the_program_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use novita_edit::store::FoundDraft;
        let (_home, files) = files();
        std::fs::write(files.draft_path(), &bytes).unwrap();
        let FoundDraft::SetAside { name, .. } = files.read_draft().unwrap() else {
            panic!("random bytes make no draft");
        };
        prop_assert_eq!(std::fs::read(name).unwrap(), bytes);
    }
}
