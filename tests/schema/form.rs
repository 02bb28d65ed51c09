//! The form and its find.

use novita_edit::endpoint::FieldId;
use novita_edit::endpoint::schema::{FIELDS, Kind};

use crate::harness::Editor;
use crate::sample::{endpoint, places, text};

#[test]
fn every_field_is_shown_and_found_by_its_label() {
    for spec in FIELDS.iter().filter(|spec| !spec.id.is_row_part()) {
        let mut editor = Editor::on(endpoint(), (160, 60));
        editor.shows(spec.label);
        editor.keys(&format!("/{}<Enter>", spec.label));
        assert_eq!(editor.form_state().focus.field(), spec.id, "{}", spec.label);
    }
}

#[test]
fn every_field_is_found_by_what_stands_there_and_a_secret_never_is() {
    for place in places() {
        let (field, text) = (place.field, text(place));
        // Several may have the same word.
        if matches!(field.spec().kind, Kind::Choice(_)) {
            continue;
        }
        let mut editor = Editor::on(endpoint(), (160, 60));
        editor.keys(&format!("/{text}"));
        if field == FieldId::EnvValue {
            editor.shows("nothing is called so");
            continue;
        }
        // What a volume's type doesn't use isn't shown.
        let is_hidden = editor.screen().contains("nothing is called so");
        let is_unused =
            matches!(field, FieldId::VolumeSize | FieldId::VolumeStorageId) && !editor_shows(place.row, field);
        assert_eq!(is_hidden, is_unused, "{text}\n{}", editor.screen());
        if !is_hidden {
            editor.keys("<Enter>");
            assert_eq!(
                editor.form_state().focus.field(),
                crate::sample::told_of(field),
                "{text}"
            );
        }
    }
}

fn editor_shows(row: Option<usize>, field: FieldId) -> bool {
    let volume = &endpoint().config.volumes[row.unwrap()];
    match field {
        FieldId::VolumeSize => volume.kind.has_size(),
        _ => volume.kind.has_storage_id(),
    }
}
