//! `/` in the form: a field, an env key, a volume by fuzzy match, or by what stands there. Values of envs are never
//! looked into: what is masked could be guessed letter by letter.

use crate::endpoint::diff::volume_words;
use crate::endpoint::format::worded;
use crate::endpoint::{FieldId, List};
use crate::secret::MASK;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::fuzzy::{Fuzzy, Match};
use crate::tui::guard::Weight;
use crate::tui::hit_map::{Target, Window};
use crate::tui::keymap::Action;
use crate::tui::model::{Focus, Form, Model, Screen, with_name};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::search_box::SearchBox;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// What is looked for.
#[derive(Debug)]
pub struct Find {
    search: SearchBox,
}

impl Find {
    /// It lists everything until something is typed, with the focus where it is in the form.
    pub fn new(form: &Form) -> Self {
        let at = places(form).iter().rposition(|place| place.focus == form.focus);
        Self {
            search: SearchBox::new(at.unwrap_or(0)),
        }
    }

    /// The places that match what is typed.
    fn found(&self, model: &Model) -> Vec<FormPlace> {
        match &model.screen {
            Screen::Form(form) => matches(form, self.search.text.text()),
            _ => Vec::new(),
        }
    }
}

impl View<Model> for Find {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        SearchBox::commands("go there")
    }

    fn weight(&self, _model: &Model, action: Action) -> Weight {
        match action {
            Action::Accept => Weight::Accepts,
            _ => Weight::Light,
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let found = self.found(model);
        if self.search.chosen.act(action, found.len(), 1) {
            return Flow::stay();
        }
        if action == Action::Accept {
            // Where nothing matches the word stays, to be mended.
            let (Some(place), Screen::Form(form)) = (found.get(self.search.chosen.at()), &mut model.screen) else {
                return Flow::stay();
            };
            form.go(place.focus);
        }
        Flow::close()
    }

    fn text<'a>(&'a mut self, _model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        Some((&mut self.search.text, TextKind::WORDS))
    }

    fn typed(&mut self, model: &mut Model, refused: Option<String>) {
        match refused {
            Some(why) => model.complain(why),
            None => self.search.typed(),
        }
    }

    fn click(&mut self, _model: &mut Model, target: Target) {
        self.search.click(target);
    }

    fn wheel(&mut self, _model: &mut Model, rows: i64, window: Window) {
        self.search.chosen.by(rows, window.count);
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let found = self.found(model).into_iter();
        let rows: Vec<_> = found.map(|place| (place.name, place.holds)).collect();
        let says = ("Find a field, an env key, a volume", "/");
        self.search.draw(says, &rows, model.notice.as_ref(), canvas);
    }
}

/// A place that can be found.
struct FormPlace {
    /// The stop of the form that is gone to.
    focus: Focus,
    /// Its label, env key or mount path.
    name: String,
    /// What stands there, as it may be shown.
    holds: String,
}

/// The places that match, the best first: by their names or by a part of what stands there, and after those by letters
/// scattered over their names.
fn matches(form: &Form, text: &str) -> Vec<FormPlace> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let held = |place: &FormPlace| {
        let holds = place.holds.to_lowercase();
        let of_an_env = matches!(place.focus, Focus::Row(List::Envs, _));
        !of_an_env && words.iter().all(|word| holds.contains(word))
    };
    Fuzzy::new(text).best_by(places(form), |fuzzy, place| {
        let by_name = fuzzy.text(&place.name);
        by_name.max(held(place).then_some(Match::WEAKEST_LITERAL))
    })
}

fn places(form: &Form) -> Vec<FormPlace> {
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
        places.push(FormPlace { focus, name, holds });
    }
    for (row, env) in config.envs.iter().enumerate() {
        let shown = if form.is_revealed(row) {
            env.value.reveal()
        } else {
            MASK
        };
        places.push(FormPlace {
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
        places.push(FormPlace { focus, name, holds });
    }
    places
}
