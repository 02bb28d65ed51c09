//! `/` in the form: a field, an env key, a volume by fuzzy match.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::editing;
use crate::endpoint::diff::volume_words;
use crate::endpoint::words::worded;
use crate::endpoint::{FieldId, List};
use crate::secret::MASK;
use crate::tui::event::Effect;
use crate::tui::fuzzy::Fuzzy;
use crate::tui::model::{Focus, Form, Model, Overlay, Screen};
use crate::tui::widget::text_edit::TextEdit;

/// A place that can be found.
pub struct Place {
    /// Where.
    pub focus: Focus,
    /// Its label, env key or mount path.
    pub name: String,
    /// What stands there, as it may be shown.
    pub holds: String,
}

pub(super) fn open(model: &mut Model) {
    model.overlay = Some(Overlay::Find(TextEdit::new(""), 0));
}

/// The places that match, the best first.
pub fn matches(form: &Form, text: &str) -> Vec<Place> {
    Fuzzy::new(text).best(places(form), |place| &place.name)
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
            None => (Focus::Field(field), worded(field, config.text(field), config)),
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
        let holds = volume_words(volume);
        let name = volume.mount_path.clone();
        places.push(Place { focus, name, holds });
        if volume.kind.has_storage_id() {
            places.push(Place {
                focus,
                name: volume.storage_id.clone(),
                holds: volume.mount_path.clone(),
            });
        }
    }
    places
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let (Some(Overlay::Find(text, at)), Screen::Form(form)) = (&mut model.overlay, &mut model.screen) else {
        return Vec::new();
    };
    match (key.code, key.modifiers) {
        (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL) => model.overlay = None,
        (KeyCode::Enter, _) => {
            let wanted = text.text();
            let found = matches(form, &wanted).into_iter().nth(*at);
            model.overlay = None;
            match found {
                _ if wanted.trim().is_empty() => {}
                Some(place) => form.go(place.focus),
                None => model.complain(format!("Nothing is called {wanted:?}.")),
            }
        }
        (KeyCode::Down, _) => {
            let count = matches(form, &text.text()).len();
            *at = (*at + 1).min(count.saturating_sub(1));
        }
        (KeyCode::Up, _) => *at = at.saturating_sub(1),
        _ => {
            *at = 0;
            drop(editing::text_key(text, key, false));
        }
    }
    Vec::new()
}
