//! What a server says of a field, and what we say of it.

use novita_edit::endpoint::Place;
use novita_edit::endpoint::schema::{FIELDS, Kind};

use crate::harness::refused;
use crate::sample::places;

/// `worker_config.max_num`.
fn with_underscores(path: &str) -> String {
    let mut text = String::new();
    for c in path.chars() {
        if c.is_ascii_uppercase() && !text.ends_with(|c: char| c.is_ascii_uppercase()) {
            text.push('_');
        }
        text.push(c);
    }
    text.to_ascii_lowercase()
}

/// `WorkerConfig.MaxNum`.
fn with_capitals(path: &str) -> String {
    let parts = path.split('.').map(|part| part[..1].to_ascii_uppercase() + &part[1..]);
    parts.collect::<Vec<_>>().join(".")
}

#[test]
fn a_refusal_that_names_a_field_in_any_spelling_points_at_it() {
    let lists = FIELDS
        .iter()
        .filter(|spec| spec.kind == Kind::Rows)
        .map(|spec| Place::of(spec.id));
    for place in places().into_iter().chain(lists) {
        let path = place.path();
        for spelled in [path.clone(), with_capitals(&path), with_underscores(&path)] {
            let error = refused(
                "POST /endpoint/update",
                400,
                "VALIDATOR_PARAM",
                &format!("{spelled}: not allowed"),
            );
            assert_eq!(error.place(), Some(place), "{spelled}");
        }
    }
}

#[test]
fn every_field_has_its_help() {
    for spec in FIELDS {
        let about = spec.help;
        for text in [about.what, about.rule, about.example] {
            assert!(!text.trim().is_empty(), "{}: {about:?}", spec.label);
        }
        assert!(!spec.label.is_empty());
    }
}
