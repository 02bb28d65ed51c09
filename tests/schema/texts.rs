//! The body, files with endpoints, and answers.

use novita_edit::api::wire;
use novita_edit::endpoint::document::{DocumentFormat, read};
use novita_edit::endpoint::schema::{FIELDS, Kind};
use novita_edit::endpoint::{EndpointConfig, FieldId, Place, body, diff};
use novita_edit::secret::MASK;
use novita_edit::text::yaml;
use serde_json::{Value, json};

use crate::sample::{ID, config, other_text, places, pointer, put, take, text, told_of, value, whole, whole_but};

fn body_of(config: &EndpointConfig) -> Value {
    serde_json::from_str(&body::text(config)).unwrap()
}

/// The paths of the values of a tree.
fn leaves(tree: &Value, path: &str, found: &mut Vec<String>) {
    match tree {
        Value::Object(members) => {
            let dot = if path.is_empty() { "" } else { "." };
            members
                .iter()
                .for_each(|(key, value)| leaves(value, &format!("{path}{dot}{key}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, value)| leaves(value, &format!("{path}[{at}]"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// What another value in a place makes of the sample: itself and nothing else.
#[track_caller]
fn is_changed(place: Place, read: &EndpointConfig) {
    let before = config();
    let changes = diff::changes(&before, read);
    let is_sent = |config| body_of(config).pointer(&pointer(place)).is_some();
    if !is_sent(&before) && !is_sent(read) {
        assert_eq!(changes, [], "{} counts for nothing", place.path());
        return;
    }
    let fields: Vec<FieldId> = changes.iter().map(|change| change.field).collect();
    // A row that gets another name is told twice.
    assert!(!fields.is_empty(), "{} isn't read", place.path());
    assert!(
        fields.iter().all(|field| *field == told_of(place.field)),
        "{}: {fields:?}",
        place.path()
    );
    let wanted = value(place, &other_text(place));
    assert_eq!(
        body_of(read).pointer(&pointer(place)),
        Some(&wanted),
        "{}",
        place.path()
    );
}

#[test]
fn every_field_stands_in_the_body_and_nothing_else_does() {
    let body = body_of(&config());
    let mut paths = Vec::new();
    leaves(&body, "", &mut paths);
    paths.retain(|path| path != "id");
    let mut sent = Vec::new();
    for place in places() {
        if let Some(found) = body.pointer(&pointer(place)) {
            assert_eq!(found, &value(place, &text(place)), "{}", place.path());
            sent.push(place);
        }
    }
    paths.sort();
    let mut wanted: Vec<String> = sent.iter().map(|place| place.path()).collect();
    wanted.sort();
    assert_eq!(paths, wanted);
    for spec in FIELDS.iter().filter(|spec| spec.kind != Kind::Rows) {
        assert!(
            sent.iter().any(|place| place.field == spec.id),
            "{} is never sent",
            spec.path
        );
    }
}

#[test]
fn of_a_masked_body_only_secrets_are_masked() {
    let masked: Value = serde_json::from_str(&body::masked(&config())).unwrap();
    for place in places() {
        if let Some(found) = masked.pointer(&pointer(place)) {
            let is_masked = found == &json!(MASK);
            assert_eq!(is_masked, place.field == FieldId::EnvValue, "{}", place.path());
        }
    }
}

#[test]
fn every_field_is_read_from_files_in_both_forms() {
    for place in places() {
        let tree = whole_but(place);
        for (text, form) in [
            (tree.to_string(), DocumentFormat::Json),
            (yaml::pretty(&tree), DocumentFormat::Yaml),
        ] {
            let documents = read(&text, form);
            let config = documents[0]
                .config(None)
                .unwrap_or_else(|faults| panic!("{faults:?} in {text}"));
            is_changed(place, &config);
            assert!(documents[0].place_of(&place.path()).is_some());
        }
    }
}

#[test]
fn a_field_that_a_file_lacks_or_has_in_another_form_is_told_by_its_path() {
    let sent = body_of(&config());
    for place in places()
        .into_iter()
        .filter(|place| sent.pointer(&pointer(*place)).is_some())
    {
        for form in [json!({}), Value::Null] {
            let mut tree = sent.clone();
            match form {
                Value::Null => take(&mut tree, place),
                form => put(&mut tree, place, form),
            }
            for (text, form) in [
                (tree.to_string(), DocumentFormat::Json),
                (yaml::pretty(&tree), DocumentFormat::Yaml),
            ] {
                let faults = read(&text, form)[0].config(None).expect_err(&place.path());
                assert!(faults.iter().any(|fault| fault.path == place.path()), "{faults:?}");
            }
        }
    }
}

#[test]
fn every_field_is_read_from_an_answer() {
    for place in places() {
        let tree = whole_but(place);
        let mut answers = vec![tree.clone(), json!({ "endpoint": tree })];
        if place.field.spec().kind == Kind::Integer {
            // 64-bit numbers come as texts.
            let mut told = tree.clone();
            put(&mut told, place, json!(other_text(place)));
            answers.push(told);
        }
        for answer in answers {
            let read = wire::endpoint(answer.to_string().as_bytes(), ID).unwrap();
            is_changed(place, &read.config);
        }
    }
}

#[test]
fn a_field_that_an_answer_has_in_another_form_is_told_by_its_path() {
    let sent = body_of(&config());
    for place in places()
        .into_iter()
        .filter(|place| sent.pointer(&pointer(*place)).is_some())
    {
        let mut answer = whole();
        put(&mut answer, place, json!([7]));
        let why = wire::endpoint(answer.to_string().as_bytes(), ID).expect_err(&place.path());
        assert_eq!(why.path(), Some(place.path().as_str()));
    }
}
