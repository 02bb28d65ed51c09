//! A save under way, and how it ended.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::form;
use super::is_close;
use super::merging::{Then, meet, merge_in};
use crate::endpoint::diff::few_names;
use crate::session::{NotSaved, Outcome, Progress, ReviewedBody, Step};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, with_keys};
use crate::tui::model::{Met, Model, Overlay, Screen};
use crate::tui::screen::lines;
use crate::tui::views::review;

/// Esc stops waiting and says what is and isn't known.
pub(super) fn waiting_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let stop = is_close(key);
    let Some(Overlay::Saving { progress, body }) = &model.overlay else {
        return Vec::new();
    };
    if !stop {
        return Vec::new();
    }
    let (step, body) = (progress.as_ref().map(|p| p.step), body.clone());
    model.overlay = None;
    match step {
        Some(Step::Turn) => model.say("Stopped waiting: nothing was sent."),
        None | Some(Step::Check) => model.say("Stopped while checking: nothing was sent."),
        Some(Step::Send | Step::Verify) => {
            if let Screen::Form(form) = &mut model.screen {
                form.unknown = Some(body.shared_config());
            }
            model.complain(with_keys(
                "Stopped waiting: the update was sent, and whether it was stored is not known. {reload} reads the server.",
            ));
        }
    }
    vec![Effect::CancelSave]
}

pub(super) fn done(model: &mut Model, outcome: Box<Outcome>, at: String) -> Vec<Effect> {
    // After Esc the answer may still have been on its way; then nobody waits for it.
    let Some(Overlay::Saving { body, .. }) = &model.overlay else {
        return Vec::new();
    };
    let body = body.clone();
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let before = Box::new(form.work.base().config.clone());
    match &*outcome {
        Outcome::Saved { fresh, .. } => {
            form.unknown = None;
            form.work.saved((**fresh).clone(), body.config());
            form.read_at = at;
            form.look_again();
            // From there it is the list of endpoints that one goes back to, else the form.
            form.scaling = form.scaling.filter(|scale| scale.from_picker);
            if let Some(scale) = &mut form.scaling {
                scale.saved = true;
            }
        }
        Outcome::Refused(error) => {
            form::follow(form, error);
        }
        Outcome::NotSaved { fresh, how, .. } => {
            form.unknown = None;
            form.work.set_facts(fresh.facts.clone());
            form.read_at = at.clone();
            let clashes = !form.work.merge_with(&fresh.config).clashes().is_empty();
            if *how == NotSaved::ChangedSince && !clashes {
                // What was sent is stored: it is no edit any more.
                let met = Met {
                    theirs: fresh.clone(),
                    read_at: at,
                    sent: Some(body.shared_config()),
                    after_send: true,
                };
                merge_in(form, met, &[]);
            }
        }
        Outcome::NotKnown { .. } => form.unknown = Some(body.shared_config()),
        Outcome::ServerChanged { theirs, .. } => {
            model.overlay = None;
            // What changed may be what this session sent itself, when nobody could tell.
            return form::reread(model, (**theirs).clone(), at, true);
        }
        Outcome::CheckFailed(_) | Outcome::NotSent(_) | Outcome::Forbidden(_) => {}
    }
    model.show(Overlay::Result {
        outcome,
        body,
        before,
        scroll: 0,
    });
    Vec::new()
}

/// Sends the very body that was reviewed once more: another decision, with its own check.
fn send_again(model: &mut Model, body: ReviewedBody) -> Vec<Effect> {
    // There the name is typed before each send.
    if model.around.protected {
        review::open(model);
        return Vec::new();
    }
    if !super::keeping::may_send(model) {
        return Vec::new();
    }
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let base = Box::new(form.work.base().clone());
    model.next_request();
    model.overlay = Some(Overlay::Saving {
        progress: None,
        body: body.clone(),
    });
    vec![Effect::Save(base, body)]
}

/// What a key means to the page that tells how a save ended.
pub(super) fn result_action(model: &Model, key: &KeyEvent) -> Option<Action> {
    let Some(Overlay::Result { outcome, .. }) = &model.overlay else {
        return None;
    };
    Some(match key.code {
        KeyCode::Down | KeyCode::Char('j') => Action::Down,
        KeyCode::Up | KeyCode::Char('k') => Action::Up,
        KeyCode::PageDown | KeyCode::Char(' ') => Action::PageDown,
        KeyCode::PageUp => Action::PageUp,
        KeyCode::Enter if key.modifiers == KeyModifiers::NONE => match &**outcome {
            // Asked again, with the same bytes on both sides.
            Outcome::NotKnown { .. } => Action::Reload,
            Outcome::NotSaved { how, .. } if *how != NotSaved::Unchanged => Action::Review,
            Outcome::NotSaved { .. } | Outcome::NotSent(_) | Outcome::CheckFailed(_) => Action::Send,
            _ => Action::Back,
        },
        KeyCode::Char('q') => Action::Back,
        _ if is_close(key) => Action::Back,
        _ => return None,
    })
}

pub(super) fn result_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let page = usize::from(model.size.height.saturating_sub(4)).max(1);
    let most = lines::of_overlay(model).len().saturating_sub(page);
    let action = result_action(model, key);
    let Some(Overlay::Result {
        outcome, body, scroll, ..
    }) = &mut model.overlay
    else {
        return Vec::new();
    };
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    match action {
        Some(Action::Down) => *scroll = (*scroll + 1).min(most),
        Some(Action::Up) => *scroll = scroll.saturating_sub(1),
        Some(Action::PageDown) => *scroll = (*scroll + page).min(most),
        Some(Action::PageUp) => *scroll = scroll.saturating_sub(page),
        Some(Action::Reload) => {
            let (base, body) = (Box::new(form.work.base().clone()), body.clone());
            model.overlay = Some(Overlay::Saving {
                progress: Some(Progress {
                    step: Step::Verify,
                    again: None,
                }),
                body: body.clone(),
            });
            return vec![Effect::Verify(base, body)];
        }
        Some(Action::Review) => {
            let Outcome::NotSaved { fresh, how, .. } = &**outcome else {
                return Vec::new();
            };
            let merged = form.work.base().config == fresh.config;
            let met = Met {
                theirs: fresh.clone(),
                read_at: form.read_at.clone(),
                sent: (*how == NotSaved::ChangedSince).then(|| body.shared_config()),
                after_send: true,
            };
            model.overlay = None;
            if merged {
                let changed = few_names(form.work.others());
                review::open(model);
                model.say(format!("Nothing of yours is left to send; taken over: {changed}."));
            } else {
                meet(model, met, Then::Review);
            }
        }
        Some(Action::Send) => {
            let body = body.clone();
            return send_again(model, body);
        }
        Some(Action::Back) => model.overlay = None,
        _ => {}
    }
    Vec::new()
}
