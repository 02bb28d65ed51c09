//! Editing a field, a choice or a row: text keys type, Enter takes it, Esc leaves it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::pick;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::incoming::{Adjustment, Taken};
use crate::endpoint::schema::Kind;
use crate::endpoint::{FieldId, List, dotenv};
use crate::secret::Secret;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Editing, Focus, Form, Model, RowEdit, Screen, suggestions, text_kind};
use crate::tui::views::details::Details;
use crate::tui::views::import;
use crate::tui::views::other_cluster::OtherCluster;
use crate::tui::views::review;
use crate::tui::widgets::text_edit::{KeyEffect, MOST_BYTES, TextEdit, is_alt, is_leave, means_nothing};

/// Opens the focused field or row for editing.
pub fn start(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    match form.focus {
        Focus::Field(field) => match field.spec().kind {
            Kind::Choice(words) => {
                let now = form.work.now().text(field);
                let at = words.iter().position(|(word, _)| *word == now);
                form.editing = Some(Editing::Choice { field, at });
            }
            _ => {
                let text = form.work.now().text(field).to_owned();
                if !too_long(model, &text) {
                    edit_with(model, opened(field, &text));
                }
            }
        },
        Focus::Row(list, at) => {
            let Some(row) = Row::of(form.work.now(), list, at) else {
                return;
            };
            let part = row_part(&row);
            if !too_long(model, row.text(part)) {
                let Screen::Form(form) = &mut model.screen else { return };
                start_row(form, RowEdit::new(at, Some(row.clone()), row, part));
            }
        }
        Focus::Empty(_) if form.filter.is_some() => model.say("No variable matches the filter; Esc takes it off."),
        Focus::Empty(_) => model.say(with_keys("The list is empty; {add} adds a row.")),
    }
}

/// The part of a row that is most likely to be edited.
pub fn row_part(row: &Row) -> FieldId {
    match row {
        Row::Env(_) => FieldId::EnvValue,
        Row::Volume(volume) if volume.kind.has_storage_id() => FieldId::VolumeStorageId,
        Row::Volume(_) => FieldId::VolumeMountPath,
    }
}

fn too_long(model: &mut Model, text: &str) -> bool {
    let long = text.len() > MOST_BYTES;
    if long {
        model.complain(format!(
            "{} KiB are more than can be edited here (64 KiB); {} opens it in the editor.",
            text.len() / 1024,
            form_key(Action::Editor)
        ));
    }
    long
}

/// Opens the focused single field with this text.
pub fn start_with(model: &mut Model, text: &str) {
    edit_with(model, TextEdit::new(text));
}

fn edit_with(model: &mut Model, text: TextEdit) {
    let Screen::Form(form) = &mut model.screen else { return };
    if let Focus::Field(field) = form.focus {
        form.editing = Some(Editing::Field { field, text });
        form.check_typed();
    }
}

/// What a key on a number field starts editing with: a digit, or the `m` of `min` and `max`.
pub fn begins_a_number(focus: Focus, key: &KeyEvent) -> Option<String> {
    let (KeyCode::Char(first), KeyModifiers::NONE, Focus::Field(field)) = (key.code, key.modifiers, focus) else {
        return None;
    };
    let begins = match first {
        '0'..='9' => focus.is_number(),
        'm' => field.spec().kind == Kind::Integer,
        _ => false,
    };
    begins.then(|| first.to_string())
}

/// A field opened for editing. A number is selected, and an id that is looked up: mostly another one is to be typed,
/// `max` too, and a movement keeps it.
pub fn opened(field: FieldId, text: &str) -> TextEdit {
    if Focus::Field(field).is_number() || matches!(field, FieldId::ClusterId | FieldId::AuthId) {
        TextEdit::selected(text)
    } else {
        TextEdit::new(text)
    }
}

/// Opens a row of a list.
pub fn start_row(form: &mut Form, mut row: RowEdit) {
    if form.is_revealed(row.at) {
        row.show();
    }
    form.editing = Some(Editing::Row(Box::new(row)));
    form.check_typed();
}

/// Takes what is edited as one step.
pub fn take(form: &mut Form) {
    if let Some(edit) = form.typed_edit() {
        if let Edit::Insert { at, row } = &edit {
            form.focus = Focus::Row(row.list(), *at);
            form.revealed.clear();
        }
        form.work.apply(edit);
        // What was just typed stays in sight, even where the filter would hide it now.
        form.go(form.focus);
    }
    form.editing = None;
    form.pick = None;
    form.typed_problems = None;
    form.settle();
}

/// Leaves the field as it was; redo brings the typed text back, if there is any: then that is told.
fn leave(form: &mut Form) -> Option<String> {
    let mut said = None;
    // A new row in which nothing was typed is nothing to bring back.
    let touched = |editing: &Editing| editing.is_touched(form.work.now());
    if form.editing.as_ref().is_some_and(touched)
        && let Some(edit) = form.typed_edit()
    {
        form.work.keep_for_redo(edit);
        said = Some(with_keys("Left as it was; {redo} brings the typed text back."));
    }
    form.editing = None;
    form.pick = None;
    form.typed_problems = None;
    said
}

/// A key for what is edited in the form.
pub fn key(model: &mut Model, key: &KeyEvent) {
    let Screen::Form(form) = &mut model.screen else { return };
    let here = suggestions(&model.lookups, form);
    if pick::moved(here.clone(), &mut form.pick, key) {
        return;
    }
    if let Some(editing) = &mut form.editing {
        pick::settle(here, &mut form.pick, editing, key);
    }
    match (key.code, key.modifiers) {
        (KeyCode::F(1), _) if !is_alt(key) => {
            model.views.push(Details::default());
            return;
        }
        (KeyCode::Char('s'), KeyModifiers::CONTROL) => {
            take(form);
            review::open(model);
            return;
        }
        _ => {}
    }
    let (before, storage) = (form.editing.as_ref().and_then(pick::typed), pick::new_storage(form));
    let Some(editing) = form.editing.as_mut() else { return };
    let mut asks = None;
    match pressed(editing, key) {
        Ok(Pressed::Typed) => {}
        Ok(Pressed::Take) => {
            take(form);
            asks = storage;
        }
        Ok(Pressed::TakeAndGo(by)) => {
            take(form);
            let stops = form.stops();
            let at = stops.iter().position(|s| *s == form.focus).unwrap_or(0);
            form.focus = stops[(at + stops.len()).saturating_add_signed(by) % stops.len()];
        }
        Ok(Pressed::Leave) => {
            if let Some(said) = leave(form) {
                model.say(said);
            }
        }
        Err(why) => model.complain(why),
    }
    if let Screen::Form(form) = &mut model.screen {
        form.check_typed();
        if form.editing.as_ref().and_then(pick::typed) != before {
            form.pick = None;
        }
    }
    if let (Some(storage), Screen::Form(form)) = (asks, &model.screen)
        && let Some(question) = OtherCluster::of(form, &storage)
    {
        model.show_view(question);
    }
}

/// What a key comes to in something that is edited.
pub enum Pressed {
    /// It was typed, or did nothing.
    Typed,
    /// What is typed is to be taken.
    Take,
    /// The same, and the focus goes so many places on.
    TakeAndGo(isize),
    /// It is left as it was.
    Leave,
}

/// A key for what is edited.
///
/// # Errors
/// A sentence when it can't be taken.
pub fn pressed(editing: &mut Editing, key: &KeyEvent) -> Result<Pressed, String> {
    if is_leave(key) {
        return Ok(Pressed::Leave);
    }
    match editing {
        Editing::Field { field, text } => match (key.code, key.modifiers) {
            (KeyCode::Enter, KeyModifiers::NONE) => Ok(Pressed::Take),
            (KeyCode::Tab, _) if !is_alt(key) => Ok(Pressed::TakeAndGo(1)),
            (KeyCode::BackTab, _) if !is_alt(key) => Ok(Pressed::TakeAndGo(-1)),
            _ => {
                let kind = text_kind(*field, text.text());
                text.press(key, kind).map(|_| Pressed::Typed)
            }
        },
        Editing::Choice { field, at } => Ok(choice_key(*field, at, key)),
        Editing::Row(row) => row_key(row, key),
    }
}

fn choice_key(field: FieldId, at: &mut Option<usize>, key: &KeyEvent) -> Pressed {
    let Kind::Choice(words) = field.spec().kind else {
        return Pressed::Typed;
    };
    match key.code {
        KeyCode::Enter => return Pressed::Take,
        KeyCode::Tab => return Pressed::TakeAndGo(1),
        KeyCode::Down | KeyCode::Right | KeyCode::Char('j' | 'l' | ' ') => {
            *at = Some(at.map_or(0, |at| (at + 1) % words.len()));
        }
        KeyCode::Up | KeyCode::Left | KeyCode::Char('k' | 'h') => {
            *at = Some(at.map_or(0, |at| (at + words.len() - 1) % words.len()));
        }
        KeyCode::Char(c) => {
            let begins = |(word, called): &(&str, &str)| word.starts_with(c) || called.starts_with(c);
            *at = words.iter().position(begins).or(*at);
        }
        _ => {}
    }
    Pressed::Typed
}

fn row_key(row: &mut RowEdit, key: &KeyEvent) -> Result<Pressed, String> {
    let last = row.row.parts().last() == Some(&row.part);
    let is_new = row.old.is_none();
    match (key.code, key.modifiers) {
        _ if is_alt(key) => part_key(row, key)?,
        // A new row is filled part by part; Enter on its last part takes it.
        (KeyCode::Enter, KeyModifiers::NONE) if is_new && !last => row.go(true),
        (KeyCode::Enter, KeyModifiers::NONE) => return Ok(Pressed::Take),
        (KeyCode::Tab | KeyCode::Down, _) if key.code == KeyCode::Tab || row.part != FieldId::EnvValue => row.go(true),
        (KeyCode::BackTab | KeyCode::Up, _) if key.code == KeyCode::BackTab || row.part != FieldId::EnvValue => {
            row.go(false);
        }
        _ => part_key(row, key)?,
    }
    Ok(Pressed::Typed)
}

/// A key for the focused part of a row.
///
/// # Errors
/// A sentence when the key can't be taken.
fn part_key(row: &mut RowEdit, key: &KeyEvent) -> Result<(), String> {
    if let Kind::Choice(words) = row.part.spec().kind {
        if is_alt(key) {
            return Err(means_nothing(key));
        }
        part_choice_key(row, words, key);
        return Ok(());
    }
    if row.part == FieldId::EnvKey && key.code == KeyCode::Char('=') && !is_alt(key) {
        return end_of_name(row);
    }
    let kind = text_kind(row.part, row.text.text());
    let effect = row.text.press(key, kind)?;
    // A masked value is shown from the first edit on: nobody can edit what they don't see.
    row.reveal |= row.part == FieldId::EnvValue && effect == KeyEffect::Changed;
    Ok(())
}

/// `=` behind the name of a variable: the value comes next, and belongs into its own part, which is masked and may not be
/// kept on disk.
fn end_of_name(row: &mut RowEdit) -> Result<(), String> {
    let name = row.text.text().to_owned();
    let mut ended = row.text.clone();
    ended.insert("=")?;
    // Whatever is typed last stands at the end.
    if name.is_empty() || !ended.text().ends_with('=') || ended.text().len() != name.len() + 1 {
        return Err("A name has no =; behind the whole name it leads to the value, as Tab does.".to_owned());
    }
    row.part_name(&name, "");
    Ok(())
}

/// What came for the name of a variable, with a value behind a `=`: each goes into its own part. `None`: there is none.
///
/// # Errors
/// There are several variables.
fn parted(row: &mut RowEdit, pasted: &str) -> Result<Option<String>, String> {
    if !pasted.contains('=') {
        return Ok(None);
    }
    let alone = row.text.text().is_empty() || row.text.is_selected();
    let lines = dotenv::read(pasted);
    let (name, value) = match lines.envs.as_slice() {
        [env] if alone && lines.parse_errors.is_empty() => (env.key.clone(), env.value.clone()),
        [_, _, ..] => {
            return Err(format!(
                "The paste has {} variables, and this is one: leave it, and paste into the list.",
                lines.envs.len()
            ));
        }
        _ => {
            let mut whole = row.text.clone();
            whole.insert(&pasted.trim_end_matches('\n').replace('\n', " "))?;
            let (name, value) = whole.text().split_once('=').unwrap_or((whole.text(), ""));
            (name.to_owned(), Secret::new(value))
        }
    };
    row.part_name(&name, value.reveal());
    Ok(Some(
        "The paste was parted at its =: what stood behind it is the value now.".to_owned(),
    ))
}

fn part_choice_key(row: &mut RowEdit, words: &[(&str, &str)], key: &KeyEvent) {
    if !matches!(key.code, KeyCode::Left | KeyCode::Right | KeyCode::Char(_)) {
        return;
    }
    let now = row.row.text(row.part).to_owned();
    let at = words.iter().position(|(word, _)| *word == now);
    let next = match key.code {
        KeyCode::Char(c) if c != ' ' => words.iter().position(|(word, _)| word.starts_with(c)).or(at),
        _ => Some(at.map_or(0, |at| (at + 1) % words.len())),
    };
    if let Some(next) = next {
        row.choose(words[next].0);
    }
}

/// A paste goes into what is edited in the form.
pub fn paste(model: &mut Model, came: &Taken, last: bool) {
    let Screen::Form(form) = &mut model.screen else { return };
    let Some(editing) = &mut form.editing else { return };
    let told = insert(editing, came, last);
    form.pick = None;
    form.check_typed();
    tell_insert(model, told);
}

/// Puts what came into what is edited; what there is to be told of it, if anything.
///
/// # Errors
/// Why it isn't taken.
pub fn insert(editing: &mut Editing, came: &Taken, last: bool) -> Result<Option<String>, String> {
    let (text, kind) = match editing {
        Editing::Field { field, text } => (text, field.spec().kind),
        Editing::Row(row) => {
            if row.part == FieldId::EnvKey
                && let Some(said) = parted(row, came.text.reveal())?
            {
                return Ok(Some(said));
            }
            row.reveal |= row.part == FieldId::EnvValue;
            (&mut row.text, row.part.spec().kind)
        }
        Editing::Choice { .. } => return Ok(None),
    };
    let multiline = matches!(kind, Kind::Text { multiline: true, .. });
    if matches!(kind, Kind::Choice(_)) {
        return Ok(None);
    }
    let pasted = came.text.reveal();
    if multiline {
        text.insert(pasted)?;
    } else if last {
        text.insert(&pasted.trim_end_matches('\n').replace('\n', " "))?;
    } else {
        text.insert(&pasted.replace('\n', " "))?;
    }
    Ok(Some(pasted_words(came, multiline)).filter(|said| !said.is_empty()))
}

/// Tells what there is to be told of a paste.
pub fn tell_insert(model: &mut Model, told: Result<Option<String>, String>) {
    match told {
        Err(why) => model.complain(why),
        Ok(Some(said)) => model.say(said),
        Ok(None) => {}
    }
}

/// Nothing in front takes a paste: what would.
pub fn not_pasted(model: &mut Model, pasted: &str) {
    let Screen::Form(form) = &model.screen else { return };
    let edit = form_key(Action::Edit);
    let lines = dotenv::read(pasted);
    let in_list = import::takes(form);
    model.say(match lines.parse_errors.first() {
        _ if !in_list && !lines.envs.is_empty() => {
            "Variables are pasted into the list: move to Environment and paste there.".to_owned()
        }
        Some(first) if in_list && pasted.contains('=') => format!("There is no KEY=value line in the paste; {first}."),
        _ => {
            let what = if matches!(form.focus, Focus::Row(List::Envs, _)) {
                "the value"
            } else {
                "the field"
            };
            format!("Pasted text goes into a field being edited: press {edit} on {what} first.")
        }
    });
}

/// What a field took of a paste otherwise than it came, in sentences; empty: nothing.
fn pasted_words(came: &Taken, multiline: bool) -> String {
    const ONE_LINE: &str = "this field has one line";
    let text = came.text.reveal();
    let ends = if multiline {
        None
    } else if text.trim_end_matches('\n').contains('\n') {
        Some(format!("The line breaks of the paste became spaces: {ONE_LINE}."))
    } else if text.ends_with('\n') || came.said.contains(&Adjustment::LastLineBreak) {
        Some(format!(
            "The line break at the end of the paste was left out: {ONE_LINE}."
        ))
    } else {
        None
    };
    // How lines ended is no news where there are none.
    let said = came.said.iter().filter(|note| multiline || **note == Adjustment::Mark);
    let said = said.map(|note| note.sentence("the paste"));
    said.chain(ends).collect::<Vec<_>>().join(" ")
}
