//! Meeting what somebody else changed: merged by itself where that is plain, else decided clash by clash.

use crossterm::event::KeyEvent;

use super::editing::{Pressed, pressed};
use super::form;
use crate::endpoint::LoadedEndpoint;
use crate::endpoint::edit::Row;
use crate::endpoint::field::Kind;
use crate::endpoint::merge::{Choice, Side, Slot};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Between, Conflict, Editing, Model, Overlay, RowEdit, Screen};
use crate::tui::screen::lines;
use crate::tui::widget::text_edit::TextEdit;

/// Where a merge leads to when nothing has to be decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The review, which has to be seen anew.
    Review,
    /// Where the person is.
    Stay,
}

/// The server holds something else than the base. Merges it, or opens the conflict screen. Nothing is ever sent by it.
pub(super) fn meet(model: &mut Model, theirs: LoadedEndpoint, read_at: String, then: Then) {
    let Screen::Form(form) = &mut model.screen else { return };
    let merge = form.work.merge_with(&theirs.config);
    if !merge.clashes().is_empty() {
        model.overlay = Some(Overlay::Conflict(Box::new(Conflict::new(
            merge,
            Between::FormAndServer {
                theirs: Box::new(theirs),
                read_at,
            },
        ))));
        return;
    }
    form.work.merge(theirs, &[]);
    form.read_at = read_at;
    form::look_again(form);
    let changed = form::names(form.work.others());
    let left = form.work.is_changed();
    if then == Then::Review {
        super::review::open(model);
    }
    match then {
        _ if !left => model.say(format!("Nothing of yours is left to send; taken over: {changed}.")),
        Then::Review => model.say(format!(
            "Nothing was sent. Somebody else changed {changed}: merged, look again."
        )),
        Then::Stay => model.say(format!(
            "Changed on the server, and merged: {changed}. Your edits stand."
        )),
    }
}

/// Once nothing is edited any more, what the server was found to have meanwhile is merged.
pub(super) fn meet_what_waits(model: &mut Model) {
    let then = match &model.overlay {
        None => Then::Stay,
        Some(Overlay::Review(_)) => Then::Review,
        Some(_) => return,
    };
    let Screen::Form(form) = &mut model.screen else { return };
    if form.editing.is_none()
        && let Some((theirs, read_at)) = form.met.take()
    {
        meet(model, *theirs, read_at, then);
    }
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let most = lines::of_overlay(model).len().saturating_sub(1);
    let page = usize::from(model.size.height / 3).max(1);
    let Some(Overlay::Conflict(conflict)) = &mut model.overlay else {
        return Vec::new();
    };
    if conflict.editing.is_some() {
        if let Err(why) = edit_key(conflict, key) {
            model.complain(why);
        }
        return Vec::new();
    }
    let last = conflict.choices.len() - 1;
    let at = conflict.at;
    match keymap().action(Context::Conflict, key) {
        Some(Action::ChooseLoaded) => choose(conflict, Choice::Loaded),
        Some(Action::ChooseMine) => choose(conflict, Choice::Mine),
        Some(Action::ChooseTheirs) => choose(conflict, Choice::Theirs),
        Some(Action::Edit) => {
            if let Err(why) = start_edit(conflict) {
                model.complain(why);
            }
        }
        Some(Action::Accept) => return accept(model),
        Some(Action::Down) => conflict.at = (at + 1).min(last),
        Some(Action::Up) => conflict.at = at.saturating_sub(1),
        Some(Action::First) => conflict.at = 0,
        Some(Action::Last) => conflict.at = last,
        Some(Action::PageDown) => conflict.scroll = (conflict.scroll + page).min(most),
        Some(Action::PageUp) => conflict.scroll = conflict.scroll.saturating_sub(page),
        Some(Action::RevealAll) => conflict.reveal = !conflict.reveal,
        Some(Action::Help) => {
            let key = |action| keymap().word(Context::Conflict, action);
            let text = format!(
                "{}, {} and {} choose, {} edits, Enter goes on when all is decided.",
                key(Action::ChooseLoaded),
                key(Action::ChooseMine),
                key(Action::ChooseTheirs),
                key(Action::Edit)
            );
            model.say(text);
        }
        Some(Action::Back) => {
            if let Some(Overlay::Conflict(conflict)) = model.overlay.take() {
                match conflict.between {
                    Between::DraftAndServer(draft) => super::keeping::ask_again(model, draft),
                    Between::FormAndServer { .. } => {
                        model.say("Nothing was merged and nothing was sent. Your edits stand; w meets the same again.");
                    }
                }
            }
        }
        _ => {}
    }
    if let Some(Overlay::Conflict(conflict)) = &mut model.overlay
        && conflict.at != at
    {
        conflict.scroll = 0;
    }
    Vec::new()
}

/// Decides the focused clash, and goes on to the next that isn't decided.
fn choose(conflict: &mut Conflict, choice: Choice) {
    conflict.choices[conflict.at] = Some(choice);
    let count = conflict.choices.len();
    let open = (1..count)
        .map(|by| (conflict.at + by) % count)
        .find(|at| conflict.choices[*at].is_none());
    conflict.at = open.unwrap_or(conflict.at);
}

/// Opens the focused clash for typing, with what was chosen so far, else with mine.
fn start_edit(conflict: &mut Conflict) -> Result<(), String> {
    let clash = conflict.clash();
    let chosen = match &conflict.choices[conflict.at] {
        Some(Choice::Loaded) => &clash.loaded,
        Some(Choice::Theirs) => &clash.theirs,
        Some(Choice::Edited(side)) => side,
        Some(Choice::Mine) | None => &clash.mine,
    };
    let editing = match (&clash.slot, chosen) {
        (Slot::Field(field), Side::Text(text)) => match field.spec().kind {
            Kind::Choice(words) => Editing::Choice {
                field: *field,
                at: words.iter().position(|(word, _)| word == text),
            },
            _ => Editing::Field {
                field: *field,
                text: TextEdit::new(text),
            },
        },
        (Slot::Rows { .. }, Side::Rows(rows)) => {
            let row = match (&rows[..], &clash.mine, &clash.theirs) {
                ([row], ..) => row,
                // What is to be deleted has nothing to edit: what the other side has is.
                ([], Side::Rows(mine), Side::Rows(theirs)) => match (&mine[..], &theirs[..]) {
                    ([row], _) | ([], [row]) => row,
                    _ => return Err(SEVERAL.to_owned()),
                },
                _ => return Err(SEVERAL.to_owned()),
            };
            let part = row_part(row);
            let mut edit = RowEdit::new(0, Some(row.clone()), row.clone(), part);
            edit.reveal = conflict.reveal;
            Editing::Row(Box::new(edit))
        }
        _ => return Err("An order can't be typed: choose one, and move rows in the form afterwards.".to_owned()),
    };
    conflict.editing = Some(editing);
    Ok(())
}

const SEVERAL: &str = "These are several rows of one name: choose a side, and edit them in the form afterwards.";

/// The part of a row that is most likely to be edited.
pub(super) fn row_part(row: &Row) -> crate::endpoint::FieldId {
    use crate::endpoint::FieldId;
    match row {
        Row::Env(_) => FieldId::EnvValue,
        Row::Volume(volume) if volume.kind.has_storage_id() => FieldId::VolumeStorageId,
        Row::Volume(_) => FieldId::VolumeMountPath,
    }
}

fn edit_key(conflict: &mut Conflict, key: &KeyEvent) -> Result<(), String> {
    let Some(editing) = conflict.editing.as_mut() else {
        return Ok(());
    };
    match pressed(editing, key)? {
        Pressed::Typed => {}
        Pressed::Leave => conflict.editing = None,
        Pressed::Take | Pressed::TakeAndGo(_) => {
            let side = match conflict.editing.take() {
                Some(Editing::Field { text, .. }) => Some(Side::Text(text.text())),
                Some(Editing::Choice { field, at }) => match (field.spec().kind, at) {
                    (Kind::Choice(words), Some(at)) => Some(Side::Text(words[at].0.to_owned())),
                    _ => None,
                },
                Some(Editing::Row(row)) => Some(Side::Rows(vec![row.whole()])),
                None => None,
            };
            if let Some(side) = side {
                choose(conflict, Choice::Edited(side));
            }
        }
    }
    Ok(())
}

/// All decided: merged, and to the review, which has to be seen anew.
fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Conflict(conflict)) = &mut model.overlay else {
        return Vec::new();
    };
    if let Some(open) = conflict.choices.iter().position(Option::is_none) {
        conflict.at = open;
        let name = conflict.clash().name();
        model.complain(format!("{name} is not decided yet: 1, 2, 3 or e."));
        return Vec::new();
    }
    let Some(Overlay::Conflict(conflict)) = model.overlay.take() else {
        return Vec::new();
    };
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let (theirs, read_at) = match conflict.between {
        Between::FormAndServer { theirs, read_at } => (theirs, read_at),
        Between::DraftAndServer(draft) => {
            form.work.restore(&draft, &conflict.choices);
            super::keeping::restored(model, &draft);
            return Vec::new();
        }
    };
    form.work.merge(*theirs, &conflict.choices);
    form.read_at = read_at;
    form::look_again(form);
    let left = form.work.is_changed();
    super::review::open(model);
    model.say(if left {
        "Decided. Nothing was sent yet: look at what goes, then Enter sends."
    } else {
        "Decided as the server has it: nothing of yours is left to send."
    });
    Vec::new()
}
