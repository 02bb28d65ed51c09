//! Drafts and owners: what is found on disk, what is asked about it, and what becomes of it.

use std::sync::Arc;

use crate::endpoint::diff::differences;
use crate::endpoint::diff::few_names;
use crate::endpoint::edit::Row;
use crate::store::{Draft, EditorText, Kept, Record, SendOutcome, Typing, Unsaved};
use crate::text::{day, when};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Discarding, DraftState, Editing, Focus, Form, KeptAside, Model, Opened, SavedText, Screen};
use crate::tui::redacted;
use crate::tui::views::conflict::{Between, Conflict};
use crate::tui::views::draft::{self, DraftQuestion};
use crate::tui::views::external_editor::NotTaken;
use crate::tui::views::note::Note;
use crate::tui::views::occupied::{Occupied, take_over_keys};
use crate::tui::views::saving::Saving;

/// What is on disk about an endpoint was found out; perhaps before the endpoint itself came.
pub(in crate::tui) fn came(model: &mut Model, id: &str, found: Box<Opened>) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Loading {
            id: waiting, opened, ..
        } if waiting == id => {
            *opened = Some(found);
            model.begin()
        }
        Screen::Form(form)
            if form.work.base().config.id == id && matches!(form.draft_state, DraftState::Nowhere(_)) =>
        {
            tried_again(model, *found)
        }
        _ => Vec::new(),
    }
}

/// Edits that had no place on disk may have one now. Nothing is asked in the middle of the work.
fn tried_again(model: &mut Model, found: Opened) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    if found.draft_state != DraftState::Ours {
        return Vec::new();
    }
    if found.draft.is_some() {
        form.not_kept =
            Some("an earlier session left unsaved edits, which would be lost; save, then open it again".to_owned());
        return vec![Effect::Disown];
    }
    (form.draft_state, form.not_kept) = (DraftState::Ours, None);
    Vec::new()
}

/// The endpoint and what is on disk about it are both there.
pub(in crate::tui) fn opened(model: &mut Model, mut found: Opened) -> Vec<Effect> {
    let read_only = model.around.read_only;
    redacted::restore_found(model, &mut found);
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    form.draft_state = found.draft_state;
    form.not_kept = match &form.draft_state {
        DraftState::Nowhere(why) if !read_only => Some(why.clone()),
        _ => None,
    };
    if matches!(form.draft_state, DraftState::Theirs(_)) {
        model.show_view(Occupied);
        return Vec::new();
    }
    let mut effects = Vec::new();
    let mut said = Vec::new();
    form.saved = in_order(std::mem::take(&mut found.texts), found.draft.as_deref());
    let asks = found.draft.as_ref().is_some_and(|draft| !is_there(form, draft));
    if let Some(last) = found.last {
        let (sentence, effect) = since(form, &last, asks);
        said.extend(sentence);
        effects.extend(effect);
    }
    let mut asked = false;
    if let Some(draft) = found.draft {
        if is_there(form, &draft) {
            said.push(format!(
                "The unsaved edits of {} are what the server holds.",
                when(&draft.saved_at)
            ));
            effects.push(Effect::DiscardDraft);
        } else {
            draft::ask(model, draft);
            asked = true;
        }
    }
    if !asked {
        carry(model);
    }
    if let Some(kept) = &found.discarded {
        said.push(kept_aside(kept));
    }
    if let Some(question) = model.views.find_mut::<DraftQuestion>() {
        // It lies over the place where messages stand.
        question.said = std::mem::take(&mut said);
        question.notes = std::mem::take(&mut found.notes);
    }
    if !found.notes.is_empty() && model.is_bare() {
        model.show_view(Note::new(found.notes.join("\n")));
    } else if !found.notes.is_empty() {
        model.complain(found.notes.join(" "));
    } else if !said.is_empty() {
        model.say(said.join(" "));
    }
    effects.extend((!found.told.is_empty()).then_some(Effect::LeftTold(found.told)));
    effects
}

/// Texts that were left, the newest last. What was saved before the draft was written is older than what that has.
fn in_order(mut texts: Vec<SavedText>, draft: Option<&Draft>) -> Vec<SavedText> {
    let moment = |time: &str| time.parse::<jiff::Timestamp>().ok();
    let written = draft.and_then(|draft| moment(&draft.saved_at));
    for text in &mut texts {
        text.before_draft = written.is_some() && moment(&text.at) < written;
    }
    texts.sort_by_key(|text| moment(&text.at));
    texts
}

/// That discarded edits can still be had back. It is told, and never asked.
fn kept_aside(kept: &KeptAside) -> String {
    let palette = form_key(Action::Palette);
    format!(
        "Edits discarded {} are kept until {}; {palette} {} brings them back.",
        when(&kept.at),
        day(&kept.until),
        Action::RestoreDiscarded.name()
    )
}

/// The edits that this session had when it took over are laid over what there is now.
pub(in crate::tui) fn carry(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    if let Some(draft) = form.carried.take() {
        restore(model, draft);
    }
}

/// Whether restoring a draft would change nothing.
fn is_there(form: &Form, draft: &Draft) -> bool {
    let merge = form.work.merge_of(draft);
    let base = form.work.now();
    let sent = draft
        .sent
        .as_ref()
        .is_none_or(|sent| differences(sent, base).is_empty());
    merge.clashes().is_empty()
        && merge.resolve(&[]) == *base
        && draft.typing.is_none()
        && draft.editor_texts.is_empty()
        && sent
}

/// What there is to say of the newest send, now that the server was read, and what is to be noted about it. `asked`: a question
/// is in front, and the form's keys don't work.
fn since(form: &Form, last: &Record, asked: bool) -> (Option<String>, Option<Effect>) {
    let base = &form.work.base().config;
    let changed = differences(&last.after, base);
    let at = when(&last.at);
    let settle = |outcome| Some(Effect::RecordOutcome(Arc::new(last.after.clone()), outcome));
    match &last.outcome {
        SendOutcome::Unknown if changed.is_empty() => (
            Some(format!("The send of {at}, of which nothing was known, is stored.")),
            settle(SendOutcome::Stored),
        ),
        SendOutcome::Unknown if differences(&last.before.config, base).is_empty() => (
            Some(format!("The send of {at}, of which nothing was known, is not stored.")),
            settle(SendOutcome::NotStored),
        ),
        SendOutcome::Unknown => (
            Some(format!(
                "Whether the send of {at} was stored is still not known: the server holds neither what was sent nor what \
                 was there before."
            )),
            None,
        ),
        SendOutcome::Stored if !changed.is_empty() => {
            let names = few_names(&changed);
            let shows = if asked {
                String::new()
            } else {
                format!(" {} shows it.", form_key(Action::History))
            };
            let said = format!("Changed by somebody else since your save of {at}: {names}.{shows}");
            (Some(said), None)
        }
        _ => (None, None),
    }
}

/// Asks for what was discarded of the endpoint.
pub(in crate::tui) fn load_discarded(model: &mut Model) -> Vec<Effect> {
    if model.around.read_only {
        model.complain("Read-only: this session reads no edits of others.");
        return Vec::new();
    }
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let id = form.work.base().config.id.clone();
    model.say(LOOKING);
    vec![Effect::LoadDiscarded(id)]
}

/// What is said while the disk is asked. Whatever is done meanwhile takes its place.
const LOOKING: &str = "Looking for what was discarded…";

/// Whether nothing was done since what was discarded was asked for: what comes is what was asked for then, and keys that
/// are on their way don't land in it.
fn is_looked_for(model: &Model) -> bool {
    model.notice.as_ref().is_some_and(|notice| notice.text == LOOKING)
}

/// Lays the newest of what was discarded over the form; of what the form has already, the one before.
pub(in crate::tui) fn bring_back(model: &mut Model, id: &str, read: Result<Vec<Draft>, String>) {
    let Screen::Form(form) = &model.screen else { return };
    // Something else is in front by now, or another endpoint is.
    if form.work.base().config.id != id || !model.is_bare() || form.editing.is_some() {
        return;
    }
    if !is_looked_for(model) {
        return model.complain(with_keys(
            "Nothing was brought back, for other keys came before it: {palette} restore-discarded asks again.",
        ));
    }
    let mut drafts = match read {
        Ok(drafts) => drafts,
        Err(why) => return model.complain(format!("What was discarded can't be read: {why}.")),
    };
    redacted::restore_drafts(model, &mut drafts);
    let Screen::Form(form) = &model.screen else { return };
    let any = !drafts.is_empty();
    // What came of a send since then is in the history; a discarded draft knows less.
    let drafts = drafts.into_iter().map(|draft| Draft { sent: None, ..draft });
    let newest = drafts.into_iter().find(|draft| !is_in(form, draft));
    match newest {
        Some(draft) => lay_over(model, Box::new(draft), "discarded", Between::DiscardedAndForm),
        None if any => model.say("All that was discarded of this endpoint is in the form already."),
        None => model.say("Nothing that was discarded of this endpoint is kept."),
    }
}

/// Whether the form has all of a draft: its edits, and its texts from the editor.
fn is_in(form: &Form, draft: &Draft) -> bool {
    let merge = form.work.merge_of(draft);
    let has = |editor_text: &EditorText| {
        form.editor_texts
            .iter()
            .any(|own| own.text == editor_text.text && own.what == editor_text.what)
    };
    merge.clashes().is_empty()
        && merge.resolve(&[]) == *form.work.now()
        && draft.typing.is_none()
        && draft.editor_texts.iter().all(has)
}

/// Lays the edits of a draft over what the form holds, or opens the conflict screen.
pub(in crate::tui) fn restore(model: &mut Model, draft: Box<Draft>) {
    lay_over(model, draft, "unsaved", Between::DraftAndServer);
}

/// The same for edits that are called so, and meet what is there as these.
fn lay_over(model: &mut Model, draft: Box<Draft>, called: &str, between: fn(Box<Draft>) -> Between) {
    let Screen::Form(form) = &mut model.screen else { return };
    let merge = form.work.merge_of(&draft);
    if merge.clashes().is_empty() {
        form.with_focus_kept(|work| work.restore(&draft, &[]));
        restored(model, &draft, called);
    } else {
        let conflict = Conflict::new(merge, between(draft));
        model.notice = None;
        model.show_view(conflict);
    }
}

/// The edits of a draft, `unsaved` or `discarded` ones, are in the form: what belongs to them follows.
pub(in crate::tui) fn restored(model: &mut Model, draft: &Draft, called: &str) {
    let Screen::Form(form) = &mut model.screen else { return };
    if let Some(sent) = &draft.sent {
        form.unknown = Some(Arc::new(sent.clone()));
    }
    if let Some(typing) = draft.typing.as_ref().filter(|typing| !typing.text.is_redacted()) {
        resume(form, draft, Editing::of(typing));
    }
    let kept = draft
        .editor_texts
        .iter()
        .filter(|editor_text| !editor_text.text.is_redacted());
    for editor_text in kept {
        // Another text of the same is another text.
        if form
            .editor_texts
            .iter()
            .all(|own| own.what != editor_text.what || own.text != editor_text.text)
        {
            form.editor_texts.push(Arc::new(editor_text.clone()));
        }
    }
    // The page would be in the way of what is being typed; on quitting it is asked about in any case.
    let page = !form.editor_texts.is_empty() && !draft.editor_texts.is_empty() && form.editing.is_none();
    let meanwhile = few_names(form.work.others());
    let what = match &draft.saved_at[..] {
        "" => "Your edits of this session are laid over it".to_owned(),
        at => format!("Restored the {called} edits of {}", when(at)),
    };
    // A text being typed, or one that can't be read, is no edit yet.
    // While one is being typed, the key would be a letter of it.
    let edits = form.work.is_changed() && form.editing.is_none();
    let again = redacted::to_be_entered(form.work.now());
    let said = if meanwhile.is_empty() && edits {
        format!("{what}; {} takes them back.", form_key(Action::Undo))
    } else if meanwhile.is_empty() {
        format!("{what}.")
    } else {
        format!("{what}, merged with what changed on the server: {meanwhile}.")
    };
    model.say(said + &again);
    if page {
        model.show_view(NotTaken::default());
    }
    carry(model);
}

/// What was being typed, unless it was the value of an env and was not kept.
pub(in crate::tui) fn kept_typing(draft: &Draft) -> Option<&Typing> {
    draft.typing.as_ref().filter(|typing| !typing.text.is_redacted())
}

/// Goes on typing where the draft left off: in the row of the same name, whatever that holds now. A row that isn't there any
/// more is a new one.
pub(in crate::tui) fn resume(form: &mut Form, draft: &Draft, mut editing: Editing) {
    form.focus = match &mut editing {
        Editing::Field { field, .. } | Editing::Choice { field, .. } => Focus::Field(*field),
        Editing::Row(row) => {
            let list = row.row.list();
            let now = form.work.now();
            let named = |config, at, name: &str| Row::of(config, list, at).is_some_and(|row| row.name() == name);
            let found = row.old.as_ref().and_then(|old| {
                let ordinal = (0..row.at).filter(|at| named(&draft.edited, *at, old.name())).count();
                (0..list.len(now)).filter(|at| named(now, *at, old.name())).nth(ordinal)
            });
            row.at = found.unwrap_or(row.at.min(list.len(now)));
            row.old = found.and_then(|at| Row::of(now, list, at));
            Focus::Row(list, row.at)
        }
    };
    form.filter = None;
    if !matches!(&editing, Editing::Row(row) if row.old.is_none()) {
        form.settle();
    }
    form.editing = Some(editing);
    form.check_typed();
}

impl Model {
    /// Takes the endpoint of the form over. What the form was loaded from may be old by now: everything is read again.
    pub(in crate::tui) fn take_over(&mut self) -> Vec<Effect> {
        let Screen::Form(form) = &self.screen else {
            return Vec::new();
        };
        let (id, scaled) = (form.work.base().config.id.clone(), form.scaling.is_some());
        let Screen::Form(form) = std::mem::replace(&mut self.screen, Screen::loading(id.clone())) else {
            return Vec::new();
        };
        let effects = self.read(id, Some(form));
        if let Screen::Loading { scale, .. } = &mut self.screen {
            *scale = scaled;
        }
        effects
    }
}

impl Model {
    /// What is to be on disk now: `Some(None)` is nothing, `None` leaves what is there.
    pub fn unsaved(&self) -> Option<Option<Unsaved>> {
        let Screen::Form(form) = &self.screen else { return None };
        let waits = form.carried.is_some() || form.discarding == Discarding::Asked || self.undecided_draft();
        if form.draft_state != DraftState::Ours || waits {
            return None;
        }
        // What is on its way is not known to be stored.
        let saving = self.views.find::<Saving>();
        let sent = saving.and_then(Saving::sent).or_else(|| form.unknown.clone());
        let typing = match self.views.find::<Conflict>() {
            Some(conflict) => conflict.editing.as_ref().map(Editing::typing),
            None => form.typing(),
        };
        Some(form.unsaved_with(sent, typing))
    }

    /// Whether a draft of an earlier run still waits for a decision, and so must stay as it is.
    fn undecided_draft(&self) -> bool {
        let conflict = self.views.find::<Conflict>();
        self.views.find::<DraftQuestion>().is_some()
            || conflict.is_some_and(|conflict| matches!(conflict.between, Between::DraftAndServer(_)))
    }
}

/// What became of the draft.
pub(in crate::tui) fn kept(model: &mut Model, kept: Kept) {
    let Screen::Form(form) = &mut model.screen else {
        if let Kept::Failed(why) = kept {
            model.complain(format!("{why}."));
        }
        return;
    };
    let theirs = match kept {
        Kept::Written | Kept::Removed => {
            form.not_kept = None;
            return;
        }
        Kept::Failed(why) => {
            form.not_kept = Some(why);
            return;
        }
        Kept::TakenOver(owner) => format!("taken over by {}", owner.in_words()),
        Kept::Gone(_) => "it took over and has left, or its file was deleted".to_owned(),
    };
    let how = take_over_keys();
    let said = format!("This one is read-only now: {theirs}. Your edits are still here. {how}");
    form.draft_state = DraftState::Theirs(theirs);
    model.complain(said);
}

/// Once, with the first edit where nothing can be sent: what becomes of it. It may be made, to look at the body.
pub(in crate::tui) fn tell_what_edits_are_worth(model: &mut Model) {
    if !model.is_read_only() {
        return;
    }
    let read_only = model.around.read_only;
    let Screen::Form(form) = &mut model.screen else { return };
    if form.told_not_kept || !form.work.is_changed() {
        return;
    }
    form.told_not_kept = true;
    let text = if read_only {
        "Read-only: edits are good for a look at the body; they are neither sent nor kept."
    } else {
        "Read-only: edits made here are not kept on disk until you take over."
    };
    match &mut model.notice {
        Some(notice) => notice.text = format!("{} {text}", notice.text),
        None => model.say(text),
    }
}

/// Whether this editor may send, and if not, why; opens the question where it can be answered.
pub(in crate::tui) fn may_send(model: &mut Model) -> bool {
    if model.around.read_only {
        model.complain("Read-only: this session can't send anything.");
        return false;
    }
    let Screen::Form(form) = &model.screen else {
        return false;
    };
    match &form.draft_state {
        DraftState::Ours | DraftState::Nowhere(_) => true,
        DraftState::Opening => {
            model.say("Whether another editor has this endpoint is being found out; try again in a moment.");
            false
        }
        DraftState::Theirs(_) => {
            model.show_view(Occupied);
            false
        }
    }
}
