//! `/` in the form: a field, an env key, a volume by fuzzy match, or by what stands there. Values of envs are never looked
//! into: what is masked could be guessed letter by letter.

use crossterm::event::{KeyCode, KeyEvent};

use super::editing;
use crate::endpoint::diff::volume_words;
use crate::endpoint::words::worded;
use crate::endpoint::{FieldId, List};
use crate::secret::MASK;
use crate::tui::event::Effect;
use crate::tui::fuzzy::{Fuzzy, Match};
use crate::tui::model::{Focus, Form, Model, Overlay, Screen, with_name};
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, TextKind, is_alt};

/// A place that can be found.
pub struct Place {
    /// Where.
    pub focus: Focus,
    /// Its label, env key or mount path.
    pub name: String,
    /// What stands there, as it may be shown.
    pub holds: String,
}

/// Opens the box. It lists everything until something is typed, with the focus where it is in the form.
pub(super) fn open(model: &mut Model) {
    let Screen::Form(form) = &model.screen else { return };
    let at = places(form).iter().rposition(|place| place.focus == form.focus);
    model.overlay = Some(Overlay::Find(TextEdit::new(""), at.unwrap_or(0)));
}

/// The places that match, the best first: by their names or by a part of what stands there, and after those by letters scattered
/// over their names.
pub fn matches(form: &Form, text: &str) -> Vec<Place> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let held = |place: &Place| {
        let holds = place.holds.to_lowercase();
        let of_an_env = matches!(place.focus, Focus::Row(List::Envs, _));
        !of_an_env && words.iter().all(|word| holds.contains(word))
    };
    Fuzzy::new(text).best_by(places(form), |fuzzy, place| {
        let by_name = fuzzy.text(&place.name);
        by_name.max(held(place).then_some(Match::WEAKEST_LITERAL))
    })
}

fn places(form: &Form) -> Vec<Place> {
    let config = form.work.now();
    let mut places = Vec::new();
    for field in FieldId::canonical() {
        let (focus, holds) = match field.spec().pane.list() {
            Some(list) => match list.len(config) {
                0 => (Focus::Empty(list), "(none)".to_owned()),
                rows => (Focus::Row(list, 0), rows.to_string()),
            },
            None => {
                let text = config.text(field);
                let holds = match with_name(form.work.account(), field, text) {
                    named if named != text => named,
                    _ => worded(field, text, config),
                };
                (Focus::Field(field), holds)
            }
        };
        let name = field.label().to_owned();
        places.push(Place { focus, name, holds });
    }
    for (row, env) in config.envs.iter().enumerate() {
        let shown = if form.is_revealed(row) {
            env.value.reveal()
        } else {
            MASK
        };
        places.push(Place {
            focus: Focus::Row(List::Envs, row),
            name: env.key.clone(),
            holds: shown.to_owned(),
        });
    }
    for (row, volume) in config.volumes.iter().enumerate() {
        let focus = Focus::Row(List::Volumes, row);
        let holds = if volume.kind.has_storage_id() {
            let storage = with_name(form.work.account(), FieldId::VolumeStorageId, &volume.storage_id);
            volume_words(volume).replace(&volume.storage_id, &storage)
        } else {
            volume_words(volume)
        };
        let name = volume.mount_path.clone();
        places.push(Place { focus, name, holds });
    }
    places
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let (Some(Overlay::Find(text, at)), Screen::Form(form)) = (&mut model.overlay, &mut model.screen) else {
        return Vec::new();
    };
    match key.code {
        _ if editing::is_leave(key) => model.overlay = None,
        KeyCode::Enter if !is_alt(key) => {
            // Where nothing matches the word stays, to be mended.
            if let Some(place) = matches(form, text.text()).into_iter().nth(*at) {
                form.go(place.focus);
                model.overlay = None;
            }
        }
        KeyCode::Down if !is_alt(key) => {
            let count = matches(form, text.text()).len();
            *at = (*at + 1).min(count.saturating_sub(1));
        }
        KeyCode::Up if !is_alt(key) => *at = at.saturating_sub(1),
        _ => match text.press(key, TextKind::WORDS) {
            Ok(KeyEffect::Changed) => *at = 0,
            Ok(KeyEffect::Kept | KeyEffect::Ignored) => {}
            Err(why) => model.complain(why),
        },
    }
    Vec::new()
}
