//! What is in front: the text that is typed into, and what a key does there.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::discarding;
use crate::tui::event::{Effect, Press};
use crate::tui::keymap::{Action, keymap};
use crate::tui::model::{Editing, Model, Screen};
use crate::tui::screen::places;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, goes_by_rows};

/// The text that is typed into now; `None` where letters mean something else.
pub(super) fn text_in_front(model: &mut Model) -> Option<&mut TextEdit> {
    if let Some(view) = model.views.front_mut() {
        if view.types_into_form() {
            return match &mut model.screen {
                Screen::Form(form) => typed(&mut form.editing),
                _ => None,
            };
        }
        return view.text().map(|(text, _)| text);
    }
    match &mut model.screen {
        Screen::Form(form) => {
            let form = &mut **form;
            if form.editing.is_some() {
                return typed(&mut form.editing);
            }
            let filter = form.filter.as_mut().filter(|filter| filter.typing);
            filter.map(|filter| &mut filter.text)
        }
        Screen::Picker(picker) => picker.filtering.then(|| picker.filter_text_mut()),
        Screen::Loading { .. } => None,
    }
}

fn typed(editing: &mut Option<Editing>) -> Option<&mut TextEdit> {
    editing.as_mut().and_then(Editing::text_mut)
}

/// Before a key that goes by drawn rows: a text or a page that no frame has shown yet is laid out where nobody sees it, so
/// that keys that come in one read do what they do one by one.
pub(super) fn lay_out(model: &mut Model, key: &KeyEvent) {
    let text = goes_by_rows(key) && text_in_front(model).is_some_and(|text| !text.is_laid_out());
    let scroll = model.views.front_mut().and_then(View::scroll);
    if text || scroll.is_some_and(|scroll| !scroll.is_laid_out()) {
        drop(places(model));
    }
}

/// The terminal has another size: nothing is laid out for it yet.
pub(super) fn forget_layout(model: &mut Model) {
    if let Some(text) = text_in_front(model) {
        text.forget_layout();
    }
    if let Some(scroll) = model.views.front_mut().and_then(View::scroll) {
        scroll.forget_layout();
    }
}

/// What a key means to a view.
pub(super) fn action_of(view: &mut dyn View<Model>, model: &Model, key: &KeyEvent) -> Option<Action> {
    if view.is_editing(model) {
        return None;
    }
    let commands = view.commands(model);
    if let Some(action) = commands.iter().find_map(|command| command.action(key)) {
        return Some(action);
    }
    if view.text().is_some() {
        return None;
    }
    let bound = view.context().and_then(|context| keymap().action(context, key));
    bound.or(view.otherwise()).or_else(|| {
        let asks = view.context().is_none() && key.code == KeyCode::Char('?');
        asks.then_some(Action::Help)
    })
}

/// Does what a key means to the view in front.
pub(super) fn act(model: &mut Model, press: &Press) -> Vec<Effect> {
    if discarding::is_asked(model) {
        return Vec::new();
    }
    let Some(mut taken) = model.views.take_front() else {
        return Vec::new();
    };
    let view = &mut *taken.view;
    let action = action_of(view, model, &press.key);
    if action != Some(Action::Discard) {
        discarding::stay(model);
    }
    let flow = match action {
        None if view.is_editing(model) => view.edit(model, press),
        Some(action) if view.scroll().is_some_and(|scroll| scroll.act(action)) => Flow::stay(),
        Some(Action::Help) if view.otherwise().is_none() => {
            model.views.put_back(taken);
            super::help(model);
            return Vec::new();
        }
        Some(action) => view.act(model, action, press),
        None => {
            match view.text().map(|(text, kind)| text.press(&press.key, kind)) {
                Some(Ok(KeyEffect::Changed)) => view.typed(model, None),
                Some(Ok(KeyEffect::Kept | KeyEffect::Ignored)) => {}
                Some(Err(why)) => view.typed(model, Some(why)),
                None => view.stray(model, press),
            }
            Flow::stay()
        }
    };
    if !flow.closes {
        model.views.put_back(taken);
    }
    let mut effects = flow.effects;
    if let Some(action) = flow.then {
        effects.extend(super::act_on_screen(model, action));
    }
    effects
}
