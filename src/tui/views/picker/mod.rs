//! The picker: the list of endpoints. Letters act, `/` filters.

mod draw;
pub mod list;

use crossterm::event::{KeyCode, KeyEvent};

use self::list::Picker;
use super::palette::Palette;
use crate::api::ApiError;
use crate::endpoint::Summary;
use crate::endpoint::incoming::Taken;
use crate::tui::canvas::Canvas;
use crate::tui::command::{Command, weight_in_filter};
use crate::tui::event::Effect;
use crate::tui::guard::Weight;
use crate::tui::hit_map::{Target, Window};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Model, Screen};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::list_window::ListWindow;
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, TextKind, is_alt, is_leave};

/// Characters of a name that is repeated in a message, at most.
const NAMED: usize = 60;

pub(in crate::tui) fn page(model: &mut Model, page: Vec<Summary>) {
    model.again = None;
    if let Screen::Picker(picker) = &mut model.screen {
        picker.take(page);
    }
}

/// What was opened before is known.
pub(in crate::tui) fn remembered(model: &mut Model, recent: Vec<String>) {
    model.recent.clone_from(&recent);
    if let Screen::Picker(picker) = &mut model.screen {
        picker.remember(recent);
    }
}

pub(in crate::tui) fn end(model: &mut Model, end: Result<(), ApiError>) -> Vec<Effect> {
    model.again = None;
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    picker.end(end.err());
    let all = picker.error.is_none();
    if matches!(picker.error, Some(ApiError::Incomplete(_))) {
        picker.show_named();
    }
    match picker.named.take_if(|_| all) {
        Some((name, error)) => named(model, &name, error),
        None => Vec::new(),
    }
}

/// The program was started with a name: all endpoints are known now. Opens the only one of that name, unless the person
/// goes another way already.
fn named(model: &mut Model, name: &str, error: ApiError) -> Vec<Effect> {
    let is_bare = model.is_bare();
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    // Nothing is taken from under the hands of somebody who is choosing already.
    let waits = !picker.moved && !picker.filtering && picker.filter().is_empty() && is_bare;
    match &picker.ids_of(name)[..] {
        [id] if waits => {
            let id = id.clone();
            return model.open(id);
        }
        [_] => {}
        // It is an id all the same: why it can't be read is what there is to tell.
        [] if picker.has_id(name) && waits => model.could_not_open(name.to_owned(), error),
        [] if picker.has_id(name) => model.complain(error.to_string()),
        [] => {
            // Those that come near are a better beginning than all.
            if waits {
                picker.set_filter(name);
                if picker.shown_count() == 0 {
                    picker.set_filter("");
                }
            }
            let begins: String = name.chars().take(NAMED).collect();
            model.complain(format!("No endpoint has the id or the name {begins}. Choose one:"));
        }
        several => {
            let count = several.len();
            if waits {
                picker.set_filter(name);
            }
            model.complain(format!("{count} endpoints have this name. Choose one:"));
        }
    }
    Vec::new()
}

/// The list of endpoints; what it shows is the model's [`Picker`].
#[derive(Debug)]
pub struct PickerView;

impl View<Model> for PickerView {
    fn context(&self) -> Option<Context> {
        Some(Context::Picker)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        let Screen::Picker(picker) = &model.screen else {
            return Vec::new();
        };
        if picker.filtering {
            return Command::of_filter(picker.filter_text());
        }
        let show_all = (!picker.filter().is_empty()).then(|| Command::of_text("Esc", "show all", Rank::Way));
        let bound = [
            (Action::Edit, "open", Rank::Way),
            (Action::Scale, "scale", Rank::Useful),
            (Action::Find, "filter", Rank::Needed),
            (Action::SortList, "sort", Rank::Extra),
            (Action::Reload, "reload", Rank::Useful),
            (Action::Help, "help", Rank::Needed),
            (Action::Quit, "quit", Rank::Way),
        ]
        .map(|(action, says, rank)| Command::bound(Context::Picker, &[action], says, rank));
        show_all.into_iter().chain(bound).collect()
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            // While a filter is typed.
            Action::Help => Flow::ask_for(action),
            _ => Flow::stay().with(act(model, action)),
        }
    }

    fn text<'a>(&'a mut self, model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        match &mut model.screen {
            Screen::Picker(picker) if picker.filtering => Some((picker.filter_text_mut(), TextKind::WORDS)),
            _ => None,
        }
    }

    fn paste(&mut self, model: &mut Model, pasted: &Taken, _last: bool) {
        if let Screen::Picker(picker) = &mut model.screen
            && picker.filtering
        {
            picker.paste_filter(&pasted.text.reveal().replace('\n', " "));
        }
    }

    fn is_editing(&self, model: &Model) -> bool {
        matches!(&model.screen, Screen::Picker(picker) if picker.filtering)
    }

    /// What is no key of the filter's text is one of the list.
    fn weight_of_typing(&self, _model: &Model, key: &KeyEvent) -> Option<Weight> {
        Some(weight_in_filter(Context::Picker, key))
    }

    fn edit(&mut self, model: &mut Model, press: &Press) -> Flow {
        let Screen::Picker(picker) = &mut model.screen else {
            return Flow::stay();
        };
        match typed(picker, &press.key) {
            Ok(Some(())) => Flow::stay(),
            Ok(None) => match keymap().action(Context::Picker, &press.key) {
                Some(action) => self.act(model, action, press),
                None => self.stray(model, press),
            },
            Err(why) => {
                model.complain(why);
                Flow::stay()
            }
        }
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        match press.key.code {
            KeyCode::Esc => Flow::stay().with(escape(model)),
            _ => Flow::stay(),
        }
    }

    fn click(&mut self, model: &mut Model, target: Target) {
        if let (Target::Row(row), Screen::Picker(picker)) = (target, &mut model.screen) {
            (picker.at, picker.moved) = (row, true);
            model.clicked = true;
        }
    }

    fn double_click(&mut self, model: &mut Model) -> Flow {
        Flow::stay().with(act(model, Action::Edit))
    }

    fn hold(&mut self, model: &mut Model, window: Window) {
        if let Screen::Picker(picker) = &mut model.screen {
            picker.top = Some(window.first);
        }
    }

    fn wheel(&mut self, model: &mut Model, rows: i64, window: Window) {
        let Screen::Picker(picker) = &mut model.screen else {
            return;
        };
        let first = window.moved(rows);
        let (low, high) = ListWindow::new(Some(first), usize::from(window.area.height), window.count, None).free();
        (picker.top, picker.moved) = (Some(first), true);
        picker.at = picker.at.clamp(low, high);
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        if let Screen::Picker(picker) = &model.screen {
            draw::draw(model, picker, canvas);
        }
    }
}

/// Esc: the filter goes, else the reading stops.
fn escape(model: &mut Model) -> Vec<Effect> {
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    if !picker.filter().is_empty() {
        picker.set_filter("");
    } else if picker.loading {
        picker.loading = false;
        model.next_request();
        let key = keymap().word(Context::Picker, Action::Reload);
        model.say(format!("Stopped reading; {key} reads the list again."));
        return vec![Effect::CancelRead];
    }
    Vec::new()
}

/// Does what a key or the palette asks for.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(model.size.height.saturating_sub(6)).max(1);
    let Screen::Picker(picker) = &mut model.screen else {
        return Vec::new();
    };
    let last = picker.shown_count().saturating_sub(1);
    picker.moved |= matches!(
        action,
        Action::Down | Action::Up | Action::First | Action::Last | Action::PageDown | Action::PageUp
    );
    match action {
        Action::Down => picker.at = (picker.at + 1).min(last),
        Action::Up => picker.at = picker.at.saturating_sub(1),
        Action::First => picker.at = 0,
        Action::Last => picker.at = last,
        Action::PageDown => picker.at = (picker.at + page).min(last),
        Action::PageUp => picker.at = picker.at.saturating_sub(page),
        Action::SortList => picker.sort_next(),
        Action::Find => picker.filtering = true,
        Action::Reload => {
            let mut effects = model.open_picker();
            effects.push(Effect::LoadLimits);
            return effects;
        }
        Action::Palette => model.views.push(Palette::default()),
        Action::Mouse => return model.toggle_mouse(),
        Action::Quit => return vec![Effect::Quit],
        Action::Scale => {
            if let Some(id) = picker.focused().map(|s| s.id.clone()) {
                return model.open_to_scale(id);
            }
        }
        Action::Edit => {
            if let Some(id) = picker.focused().map(|s| s.id.clone()) {
                return model.open(id);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// A key while the filter is typed; `None` when it is not for the filter.
///
/// # Errors
/// A sentence when the key can't be taken.
fn typed(picker: &mut Picker, key: &KeyEvent) -> Result<Option<()>, String> {
    match key.code {
        _ if is_leave(key) => {
            picker.filtering = false;
            picker.set_filter("");
        }
        // However many are left, and whatever is still to come: the next Enter opens.
        KeyCode::Enter if !is_alt(key) => picker.end_filter(),
        KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown if !is_alt(key) => return Ok(None),
        _ => return Ok((picker.press_filter(key)? != KeyEffect::Ignored).then_some(())),
    }
    Ok(Some(()))
}
