//! What is in front: the text that is typed into, and what a key does there.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::discarding;
use crate::tui::event::{Effect, Press};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::Model;
use crate::tui::screen::hit_map;
use crate::tui::view::{Flow, View};
use crate::tui::views::help::Help;
use crate::tui::views::of_screen;
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, goes_by_rows};

/// Gives the view in front the model that it stands in.
pub(super) fn with<T>(model: &mut Model, ask: impl FnOnce(&mut dyn View<Model>, &mut Model) -> T) -> T {
    match model.views.take_front() {
        Some(mut taken) => {
            let answer = ask(&mut *taken.view, model);
            model.views.put_back(taken);
            answer
        }
        None => ask(&mut *of_screen(&model.screen), model),
    }
}

/// Does something with the text that is typed into now; `None` where letters mean something else.
pub(super) fn with_text<T>(model: &mut Model, ask: impl FnOnce(&mut TextEdit) -> T) -> Option<T> {
    with(model, |view, model| view.text(model).map(|(text, _)| ask(text)))
}

/// Whether a text is typed into now.
pub(super) fn is_typing(model: &mut Model) -> bool {
    with_text(model, |_| ()).is_some()
}

/// The table by which a key is read now; `None` where something is edited or the view has its own few keys.
pub(super) fn context(model: &mut Model) -> Option<Context> {
    with(model, |view, model| view.context().filter(|_| !view.is_editing(model)))
}

/// Before a key that goes by drawn rows: a text or a page that no frame has shown yet is laid out where nobody sees it,
/// so that keys that come in one read do what they do one by one.
pub(super) fn lay_out(model: &mut Model, key: &KeyEvent) {
    let text = goes_by_rows(key) && with_text(model, |text| !text.is_laid_out()) == Some(true);
    let scroll = model.views.front_mut().and_then(View::scroll);
    if text || scroll.is_some_and(|scroll| !scroll.is_laid_out()) {
        drop(hit_map(model));
    }
}

/// The terminal has another size: nothing is laid out for it yet.
pub(super) fn forget_layout(model: &mut Model) {
    with_text(model, |text| text.forget_layout());
    if let Some(scroll) = model.views.front_mut().and_then(View::scroll) {
        scroll.forget_layout();
    }
}

/// What a key is bound to in the view in front, by its commands or its table.
pub(super) fn bound(model: &mut Model, key: &KeyEvent) -> Option<Action> {
    with(model, |view, model| {
        if view.is_editing(model) {
            return None;
        }
        let commands = view.commands(model);
        let by_command = commands.iter().find_map(|command| command.action(key));
        by_command.or_else(|| {
            let context = view.context().filter(|_| view.text(model).is_none())?;
            keymap().action(context, key)
        })
    })
}

/// What a key means to a view in which it is bound to this.
pub(super) fn action_of(
    view: &mut dyn View<Model>,
    model: &mut Model,
    key: &KeyEvent,
    bound: Option<Action>,
) -> Option<Action> {
    if bound.is_some() || view.is_editing(model) || view.text(model).is_some() {
        return bound;
    }
    view.otherwise().or_else(|| {
        let asks = view.context().is_none() && view.has_help() && key.code == KeyCode::Char('?');
        asks.then_some(Action::Help)
    })
}

/// Does what a key means to the view in front.
pub(super) fn act(model: &mut Model, press: &Press, action: Option<Action>) -> Vec<Effect> {
    if !model.is_bare() && discarding::is_asked(model) {
        return Vec::new();
    }
    if !model.is_bare() && action != Some(Action::Discard) {
        discarding::stay(model);
    }
    if action == Some(Action::Help)
        && let Some(help) = with(model, help)
    {
        model.views.push(help);
        return Vec::new();
    }
    let flow = match model.views.take_front() {
        Some(mut taken) => {
            let flow = take(&mut *taken.view, model, press, action);
            if !flow.closes {
                model.views.put_back(taken);
            }
            flow
        }
        None => take(&mut *of_screen(&model.screen), model, press, action),
    };
    let mut effects = flow.effects;
    if let Some(action) = flow.then {
        effects.extend(act_on_screen(model, action, press));
    }
    effects
}

/// The keys of a view, to come over it; `None` where they can't be asked for.
fn help(view: &mut dyn View<Model>, model: &mut Model) -> Option<Help> {
    view.has_help().then(|| {
        view.ask_no_more();
        Help::new(view, model)
    })
}

/// What becomes of a view by a key.
fn take(view: &mut dyn View<Model>, model: &mut Model, press: &Press, action: Option<Action>) -> Flow {
    match action {
        Some(action) if view.scroll().is_some_and(|scroll| scroll.act(action)) => Flow::stay(),
        Some(action) => view.act(model, action, press),
        None if view.is_editing(model) => view.edit(model, press),
        None => match view.text(model).map(|(text, kind)| text.press(&press.key, kind)) {
            Some(Ok(KeyEffect::Changed)) => {
                view.typed(model, None);
                Flow::stay()
            }
            Some(Ok(KeyEffect::Kept | KeyEffect::Ignored)) => Flow::stay(),
            Some(Err(why)) => {
                view.typed(model, Some(why));
                Flow::stay()
            }
            None => view.stray(model, press),
        },
    }
}

/// Does what is asked for on the screen by what was in front of it.
fn act_on_screen(model: &mut Model, action: Action, press: &Press) -> Vec<Effect> {
    match action {
        Action::Redraw => vec![Effect::Redraw],
        Action::Suspend => vec![Effect::Suspend],
        Action::Help => {
            let help = Help::new(&*of_screen(&model.screen), model);
            model.views.push(help);
            Vec::new()
        }
        _ => of_screen(&model.screen).act(model, action, press).effects,
    }
}
