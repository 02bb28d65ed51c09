//! Which field of the body a server's message names.

use crate::endpoint::schema::{FIELDS, ServerName};
use crate::endpoint::{FieldId, Place};

/// The first field that a message names by its path (`workerConfig.maxNum`, `volumeMounts[1].mountPath`, also in the
/// spellings `WorkerConfig.MaxNum` and `worker_config.max_num`); without one, by its last name (`maxNum`).
pub(super) fn place(message: &str) -> Option<Place> {
    let tokens = || tokens(message);
    tokens()
        .find_map(|token| by_path(&token))
        .or_else(|| tokens().find_map(|token| by_name(&token)))
}

/// A word of the message that could be a path.
struct Token {
    /// In lower case, without underscores, indices taken out: `volumemounts[].mountpath`.
    text: String,
    /// The first index.
    row: Option<usize>,
    /// In quotes, or the message's first word.
    stands_out: bool,
}

fn tokens(message: &str) -> impl Iterator<Item = Token> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    let mut rest = message;
    let mut before = None;
    std::iter::from_fn(move || {
        let start = rest.find(is_part)?;
        before = rest[..start].chars().next_back().or(before);
        rest = &rest[start..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let quoted = before.is_some_and(is_quote) && after.chars().next().is_some_and(is_quote);
        let first = before.is_none();
        rest = after;
        before = word.chars().next_back();
        let (text, row) = without_indices(word.trim_matches('.'));
        Some(Token {
            text,
            row,
            stands_out: quoted || first,
        })
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’')
}

fn without_indices(word: &str) -> (String, Option<usize>) {
    let mut text = String::new();
    let mut row = None;
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (index, after) = after.split_once(']').unwrap_or((after, ""));
        row = row.or_else(|| index.parse().ok());
        text.push_str("[]");
        rest = after;
    }
    text.push_str(rest);
    (text.to_ascii_lowercase().replace('_', ""), row)
}

fn by_path(token: &Token) -> Option<Place> {
    let spec = FIELDS.iter().find(|spec| {
        let path = spec.path.to_ascii_lowercase().replace("[0]", "[]");
        // A validator may put the message's name in front: `UpdateEndpointRequest.workerConfig.maxNum`.
        let behind = |path: &str| {
            token
                .text
                .strip_suffix(path)
                .is_some_and(|front| front.is_empty() || front.ends_with('.'))
        };
        path.contains('.') && (behind(&path) || behind(&path.replace("[]", "")))
    })?;
    Some(placed(spec.id, token.row))
}

fn by_name(token: &Token) -> Option<Place> {
    let last = token.text.rsplit('.').next().unwrap_or_default();
    let is_named = |name: &ServerName| match name {
        ServerName::Sure(name) => name.eq_ignore_ascii_case(last),
        ServerName::Word(word) => *word == last && token.stands_out,
    };
    let spec = FIELDS.iter().find(|spec| spec.named.iter().any(is_named))?;
    Some(placed(spec.id, token.row))
}

fn placed(field: FieldId, row: Option<usize>) -> Place {
    match row {
        Some(row) if field.is_row_part() => Place::row(field, row),
        _ => Place::of(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_recognised_by_its_path_in_every_spelling() {
        for (message, field) in [
            ("workerConfig.maxNum must be between 0 and 10", FieldId::MaxWorkers),
            (
                "invalid WorkerConfig.MaxNum: value must be inside range [0, 10]",
                FieldId::MaxWorkers,
            ),
            ("worker_config.max_num: out of range", FieldId::MaxWorkers),
            ("UpdateEndpointRequest.workerConfig.minNum: bad", FieldId::MinWorkers),
            (
                "invalid UpdateRequest.WorkerConfig: embedded message | caused by: invalid WorkerConfig.GpuNum: no",
                FieldId::GpusPerWorker,
            ),
            ("value of 'requestTimeout' is missing", FieldId::RequestTimeout),
            ("maxNum is too large", FieldId::MaxWorkers),
            ("the image.command is too long", FieldId::Command),
            ("ports[0].port is reserved", FieldId::HttpPort),
            ("ports.port is reserved", FieldId::HttpPort),
            ("ports must have one entry", FieldId::HttpPort),
            ("port 2222 is reserved", FieldId::HttpPort),
            ("bad \"port\"", FieldId::HttpPort),
            ("policy.value must be positive.", FieldId::PolicyValue),
            ("unknown policy.type", FieldId::PolicyType),
            ("healthy.path is required", FieldId::HealthPath),
            ("clusterID does not match", FieldId::ClusterId),
            ("clusterId does not match", FieldId::ClusterId),
            ("name: too long", FieldId::Name),
            ("too many envs", FieldId::Environment),
            ("volumeMounts[0] is bad", FieldId::Volumes),
        ] {
            assert_eq!(place(message), Some(Place::of(field)), "{message}");
        }
    }

    #[test]
    fn a_row_is_recognised_by_its_index() {
        assert_eq!(
            place("volumeMounts[1].mountPath is taken"),
            Some(Place::row(FieldId::VolumeMountPath, 1))
        );
        assert_eq!(place("bad envs[12].value"), Some(Place::row(FieldId::EnvValue, 12)));
        assert_eq!(
            place("VolumeMounts[2].Size: 40"),
            Some(Place::row(FieldId::VolumeSize, 2))
        );
        assert_eq!(place("volumeMounts.size: 40"), Some(Place::of(FieldId::VolumeSize)));
        assert_eq!(
            place("envs[99999999999999999999999].key"),
            Some(Place::of(FieldId::EnvKey))
        );
    }

    #[test]
    fn a_full_path_wins_over_a_last_name_before_it() {
        assert_eq!(
            place("maxNum is below workerConfig.minNum"),
            Some(Place::of(FieldId::MinWorkers))
        );
    }

    #[test]
    fn ordinary_words_name_nothing() {
        for message in [
            "",
            "invalid value",
            "no such image in this region",
            "the name of the account is missing",
            "id not found",
            "wrong type",
            "path not found",
            "balance too low.",
            "[0]",
            "...",
            "[",
            "]]][[[",
            "日本語 “ ”",
        ] {
            assert_eq!(place(message), None, "{message}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_message_panics(message in ".{0,200}") {
            let _ = place(&message);
        }
    }
}
