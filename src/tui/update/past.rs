//! The history: what was sent, the difference from now, and putting something back as an edit.

use crossterm::event::KeyEvent;

use crate::endpoint::edit::Edit;
use crate::store::History;
use crate::text::when;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{Model, Overlay, Past, PastPage, Screen};
use crate::tui::redacted;
use crate::tui::redacted::to_be_entered;
use crate::tui::screen::lines;

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let id = form.work.base().config.id.clone();
    model.overlay = Some(Overlay::Past(Past::default()));
    vec![Effect::LoadPast(id)]
}

pub(super) fn came(model: &mut Model, id: &str, mut read: Result<History, String>) {
    if let Ok(history) = &mut read {
        redacted::restore_history(model, history);
    }
    if let (Screen::Form(form), Some(Overlay::Past(past))) = (&model.screen, &mut model.overlay)
        && form.work.base().config.id == id
    {
        past.read(read);
    }
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let page = usize::from(model.size.height.saturating_sub(4)).max(1);
    let lines = lines::of_overlay(model).len();
    let Some(Overlay::Past(past)) = &mut model.overlay else {
        return Vec::new();
    };
    let open = past.open.is_some();
    let (at, last) = if open {
        (&mut past.scroll, lines.saturating_sub(page))
    } else {
        let last = past.sends().len().saturating_sub(1);
        (&mut past.at, last)
    };
    match keymap().action(Context::History, key) {
        Some(Action::Down) => *at = (*at + 1).min(last),
        Some(Action::Up) => *at = at.saturating_sub(1),
        Some(Action::PageDown) => *at = (*at + page).min(last),
        Some(Action::PageUp) => *at = at.saturating_sub(page),
        Some(Action::First) => *at = 0,
        Some(Action::Last) => *at = last,
        // What would be put back is seen first.
        Some(Action::Edit | Action::PutBack) if !open && past.focused().is_some() => {
            (past.open, past.scroll) = (Some(PastPage::Before), 0);
        }
        Some(Action::NextView) => {
            past.scroll = 0;
            past.open = past.open.map(|page| match page {
                PastPage::Before => PastPage::Sent,
                PastPage::Sent => PastPage::Before,
            });
        }
        Some(Action::RevealAll) => past.reveal = !past.reveal,
        Some(Action::Help) => super::help(model),
        Some(Action::PutBack) => put_back(model),
        Some(Action::Back) if open => past.open = None,
        Some(Action::Back) => model.overlay = None,
        _ => {}
    }
    Vec::new()
}

/// Makes what is looked at the edited configuration, as one step of undo. Sends nothing.
fn put_back(model: &mut Model) {
    let Some(Overlay::Past(past)) = &model.overlay else {
        return;
    };
    let (Some(send), Screen::Form(form)) = (past.focused(), &mut model.screen) else {
        return;
    };
    let Some(page) = past.open else {
        return;
    };
    let at = when(&send.record.at);
    let what = match page {
        PastPage::Before => format!("put back what was before {at}"),
        PastPage::Sent => format!("put back what was sent {at}"),
    };
    let old = form.work.now().clone();
    let mut new = send.config(page).clone();
    new.id.clone_from(&old.id);
    if new.workers.request_timeout.is_unknown() {
        new.workers.request_timeout = old.workers.request_timeout.clone();
    }
    if new == old {
        model.say("The form holds just that already.");
        return;
    }
    let edit = Edit::Whole {
        name: what,
        old: Box::new(old),
        new: Box::new(new),
    };
    let name = edit.name();
    form.work.apply(edit);
    let again = to_be_entered(form.work.now());
    form.look_again();
    model.overlay = None;
    let (review, undo) = (form_key(Action::Review), form_key(Action::Undo));
    model.say(format!(
        "Done: {name}. It is an edit: {review} reviews it, {undo} takes it back.{again}"
    ));
}
