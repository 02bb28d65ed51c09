//! Meeting what somebody else changed: merged by itself where that is plain, else decided clash by clash.

use crossterm::event::KeyEvent;

use super::editing::{Pressed, opened, pressed, row_part};
use super::lookups;
use crate::endpoint::diff::differences;
use crate::endpoint::diff::few_names;
use crate::endpoint::merge::{Choice, Side, Slot};
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{Between, Conflict, Editing, Form, Lookups, Met, Model, Overlay, RowEdit, Screen, offers_for};
use crate::tui::screen::lines;

/// Where a merge leads to when nothing has to be decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The review, which has to be seen anew.
    Review,
    /// Where the person is.
    Stay,
}

/// The server holds something else than the base. Merges it, or opens the conflict screen. Nothing is ever sent by it.
pub(super) fn meet(model: &mut Model, met: Met, then: Then) {
    let Screen::Form(form) = &mut model.screen else { return };
    let merge = form.work.merge_with(&met.theirs.config);
    if !merge.clashes().is_empty() {
        let conflict = Conflict::new(merge, Between::FormAndServer(met));
        model.show(Overlay::Conflict(Box::new(conflict)));
        return;
    }
    let before = form.work.now().clone();
    let (sent, after_send) = (met.sent.is_some(), met.after_send);
    merge_in(form, met, &[]);
    // What others took back themselves is no change of theirs any more, and still it is another value in the form.
    let just_now = differences(&before, form.work.now());
    let mut changed = form.work.others().to_vec();
    changed.extend(
        just_now
            .into_iter()
            .filter(|c| form.work.others().iter().all(|o| o.name() != c.name())),
    );
    let changed = few_names(&changed);
    let left = form.work.is_changed();
    if then == Then::Review {
        super::review::open(model);
    }
    let stored = if sent { "Your last send is stored. " } else { "" };
    model.say(match then {
        _ if !left => format!("{stored}Nothing of yours is left to send; taken over: {changed}."),
        Then::Review if sent => format!("{stored}Somebody else changed {changed} since: merged, look again."),
        Then::Review if after_send => format!("The server holds something else by now: {changed}. Merged, look again."),
        Then::Review => format!("Nothing was sent. Somebody else changed {changed}: merged, look again."),
        Then::Stay => format!("{stored}Changed on the server, and merged: {changed}. Your edits stand."),
    });
}

/// What the server has becomes the base, with one's own edits over it as decided.
pub(super) fn merge_in(form: &mut Form, met: Met, choices: &[Option<Choice>]) {
    form.with_focus_kept(|work| {
        if let Some(sent) = &met.sent {
            work.know((**sent).clone());
        }
        work.merge(*met.theirs, choices);
    });
    form.read_at = met.read_at;
}

/// Once nothing is edited any more, what the server was found to have meanwhile is merged.
pub(super) fn meet_what_waits(model: &mut Model) {
    let then = match &model.overlay {
        _ if !model.views.is_empty() => return,
        None => Then::Stay,
        Some(Overlay::Review(_)) => Then::Review,
        Some(_) => return,
    };
    let Screen::Form(form) = &mut model.screen else { return };
    if form.editing.is_none()
        && let Some(met) = form.met.take()
    {
        meet(model, met, then);
    }
}

pub(super) fn key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let most = lines::of_overlay(model).len().saturating_sub(1);
    let page = usize::from(model.size.height / 3).max(1);
    let (Some(Overlay::Conflict(conflict)), Screen::Form(form)) = (&mut model.overlay, &model.screen) else {
        return Vec::new();
    };
    if conflict.editing.is_some() {
        match edit_key(conflict, form, &model.lookups, key) {
            Ok(said) => said.into_iter().for_each(|said| model.say(said)),
            Err(why) => model.complain(why),
        }
        return Vec::new();
    }
    let last = conflict.choices.len() - 1;
    let at = conflict.at;
    let asked = std::mem::take(&mut conflict.leaving);
    match keymap().action(Context::Conflict, key) {
        Some(Action::ChooseLoaded) => choose(conflict, Choice::Loaded),
        Some(Action::ChooseMine) => choose(conflict, Choice::Mine),
        Some(Action::ChooseTheirs) => choose(conflict, Choice::Theirs),
        Some(Action::Edit) => {
            if let Err(why) = start_edit(conflict) {
                model.complain(why);
            }
        }
        Some(Action::Redo) => match conflict.left.take() {
            Some((at, side)) => {
                conflict.at = at;
                choose(conflict, Choice::Edited(side));
            }
            None => model.say("Nothing that was typed is left to bring back."),
        },
        Some(Action::Accept) => return accept(model),
        Some(Action::Down) => conflict.at = (at + 1).min(last),
        Some(Action::Up) => conflict.at = at.saturating_sub(1),
        Some(Action::First) => conflict.at = 0,
        Some(Action::Last) => conflict.at = last,
        Some(Action::PageDown) => conflict.scroll = (conflict.scroll + page).min(most),
        Some(Action::PageUp) => conflict.scroll = conflict.scroll.saturating_sub(page),
        Some(Action::RevealAll) => conflict.reveal = !conflict.reveal,
        Some(Action::Help) => super::help(model),
        Some(Action::Back) if conflict.decided() > 0 && !asked => {
            conflict.leaving = true;
            model.complain("Once more throws away what you decided here; nothing was merged yet.");
            return Vec::new();
        }
        Some(Action::Back) => {
            if let Some(Overlay::Conflict(conflict)) = model.overlay.take() {
                match conflict.between {
                    Between::DraftAndServer(draft) => super::keeping::ask(model, draft),
                    Between::DiscardedAndForm(_) => {
                        model.say("Nothing was brought back; the form is as it was. What was discarded is kept.");
                    }
                    Between::FormAndServer(met) => {
                        let sent = if met.after_send { "" } else { " and nothing was sent" };
                        let review = form_key(Action::Review);
                        model.say(format!(
                            "Nothing was merged{sent}. Your edits stand; {review} meets the same again."
                        ));
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
                text: opened(*field, text),
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
            if conflict.reveal {
                edit.show();
            }
            Editing::Row(Box::new(edit))
        }
        _ => return Err("An order can't be typed: choose one, and move rows in the form afterwards.".to_owned()),
    };
    conflict.was = match &editing {
        Editing::Field { text, .. } => text.text().to_owned(),
        _ => String::new(),
    };
    conflict.pick = None;
    conflict.began = typed(&editing, str::to_owned);
    conflict.editing = Some(editing);
    Ok(())
}

/// What is being typed, as a decision. `number` says what the text of a single field stands for.
fn typed(editing: &Editing, number: impl FnOnce(&str) -> String) -> Option<Side> {
    match editing {
        Editing::Field { text, .. } => Some(Side::Text(number(text.text()))),
        Editing::Choice { field, at } => match (field.spec().kind, *at) {
            (Kind::Choice(words), Some(at)) => Some(Side::Text(words[at].0.to_owned())),
            _ => None,
        },
        Editing::Row(row) => Some(Side::Rows(vec![row.whole()])),
    }
}

const SEVERAL: &str = "These are several rows of one name: choose a side, and edit them in the form afterwards.";

/// What there is to say of a key that is for the text being typed.
///
/// # Errors
/// Why it does nothing.
fn edit_key(
    conflict: &mut Conflict,
    form: &Form,
    looked_up: &Lookups,
    key: &KeyEvent,
) -> Result<Option<String>, String> {
    let Some(editing) = &conflict.editing else {
        return Ok(None);
    };
    let here = offers_for(looked_up, conflict.sides(form)[1], editing, &conflict.was);
    let Some(editing) = conflict.editing.as_mut() else {
        return Ok(None);
    };
    if lookups::moved(here.clone(), &mut conflict.pick, key) {
        return Ok(None);
    }
    lookups::settle(here, &mut conflict.pick, editing, key);
    let before = lookups::typed(editing);
    let pressed = pressed(editing, key)?;
    if lookups::typed(editing) != before {
        conflict.pick = None;
    }
    match pressed {
        Pressed::Typed => {}
        Pressed::Leave | Pressed::Take | Pressed::TakeAndGo(_) => {
            let side = conflict.editing.take().and_then(|editing| {
                let mine = conflict.sides(form)[1];
                // As in the form: `max` and `5m` stand for numbers.
                typed(&editing, |text| match &editing {
                    Editing::Field { field, .. } => number_text(*field, text, mine, form.work.limits()),
                    _ => text.to_owned(),
                })
            });
            match side {
                Some(side) if !matches!(pressed, Pressed::Leave) => choose(conflict, Choice::Edited(side)),
                Some(side) if conflict.began.as_ref() != Some(&side) => {
                    conflict.left = Some((conflict.at, side));
                    let redo = keymap().word(Context::Conflict, Action::Redo);
                    return Ok(Some(format!("Left as it was; {redo} brings the typed text back.")));
                }
                _ => {}
            }
        }
    }
    Ok(None)
}

/// All decided: merged, and to the review, which has to be seen anew.
fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Conflict(conflict)) = &mut model.overlay else {
        return Vec::new();
    };
    if let Some(open) = conflict.choices.iter().position(Option::is_none) {
        conflict.at = open;
        let name = conflict.clash().name();
        let key = |action| keymap().word(Context::Conflict, action);
        let [loaded, mine, theirs] = [Action::ChooseLoaded, Action::ChooseMine, Action::ChooseTheirs].map(key);
        let edit = key(Action::Edit);
        model.complain(format!(
            "{name} is not decided yet: {loaded}, {mine}, {theirs} or {edit}."
        ));
        return Vec::new();
    }
    let Some(Overlay::Conflict(conflict)) = model.overlay.take() else {
        return Vec::new();
    };
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    match conflict.between {
        Between::FormAndServer(met) => merge_in(form, met, &conflict.choices),
        Between::DraftAndServer(draft) => {
            form.with_focus_kept(|work| work.restore(&draft, &conflict.choices));
            super::keeping::restored(model, &draft, "unsaved");
            return Vec::new();
        }
        Between::DiscardedAndForm(draft) => {
            form.with_focus_kept(|work| work.restore(&draft, &conflict.choices));
            super::keeping::restored(model, &draft, "discarded");
            return Vec::new();
        }
    }
    let left = form.work.is_changed();
    super::review::open(model);
    let errors = matches!(&model.screen, Screen::Form(form) if form.work.error_count() > 0);
    let send = keymap().word(Context::Review, Action::Send);
    model.say(if errors {
        "Decided. Nothing was sent, and what is marked ✗ has to be mended first.".to_owned()
    } else if left {
        format!("Decided. Nothing was sent yet: look at what goes, then {send} sends.")
    } else {
        "Decided as the server has it: nothing of yours is left to send.".to_owned()
    });
    Vec::new()
}
