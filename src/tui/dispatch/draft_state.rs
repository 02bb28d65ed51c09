//! Drafts and owners: what is found on disk, what is asked about it, and what becomes of it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::api::Accepted;
use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::differences;
use crate::endpoint::diff::few_names;
use crate::endpoint::masked::all_are_empty;
use crate::endpoint::respelled::as_read;
use crate::fs::{day, when};
use crate::session::{OpenSend, SendAnswer, settle};
use crate::store::{Draft, DraftReport, Record, Redactor, SendOutcome, Unsaved};
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Discarding, DraftState, Editing, Form, KeptAside, Model, Opened, SavedText, Screen};
use crate::tui::redacted;
use crate::tui::views::conflict::{Between, Conflict};
use crate::tui::views::draft::{self, DraftQuestion};
use crate::tui::views::note::Note;
use crate::tui::views::occupied::{Occupied, take_over_keys};
use crate::tui::views::saving::Saving;

/// What is on disk about an endpoint was found out; perhaps before the endpoint itself came.
pub(super) fn came(model: &mut Model, id: &str, found: Box<Opened>) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Loading(loading) if loading.id == id => {
            loading.opened = Some(found);
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
fn tried_again(model: &mut Model, mut found: Opened) -> Vec<Effect> {
    let redactor = model.around.redactor.clone();
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
    know_answers(form, &redactor, &mut found);
    Vec::new()
}

/// The endpoint and what is on disk about it are both there.
pub(super) fn opened(model: &mut Model, mut found: Opened) -> Vec<Effect> {
    let read_only = model.around.read_only;
    redacted::restore_found(model, &mut found);
    let redactor = model.around.redactor.clone();
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    know_answers(form, &redactor, &mut found);
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
        let (sentence, effect) = since(form, &last, asks, found.now);
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
        draft::carry(model);
    }
    if let Some(kept) = &found.discarded {
        said.push(kept_aside(kept, model.around.redactor.keeps_values()));
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

/// What was said once of the endpoint, and what is known of its values, holds for this form.
fn know_answers(form: &mut Form, redactor: &Redactor, found: &mut Opened) {
    form.answers.append(&mut found.answers);
    let had_values = std::mem::take(&mut found.had_values);
    if !form.answers.is_empty() || all_are_empty(&form.work.base().config.envs) {
        form.work.set_answers(redactor, &form.answers, had_values);
    }
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
fn kept_aside(kept: &KeptAside, keeps_values: bool) -> String {
    let palette = form_key(Action::Palette);
    let without = if keeps_values { "" } else { ", without new values" };
    format!(
        "Edits discarded {} are kept until {}{without}; {palette} {} brings them back.",
        when(&kept.at),
        day(&kept.until),
        Action::RestoreDiscarded.name()
    )
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

/// What there is to say of the newest send, now that the server was read, and what is to be noted about it. `asked`: a
/// question is in front, and the form's keys don't work.
fn since(form: &mut Form, last: &Record, asked: bool, now: Timestamp) -> (Option<String>, Option<Effect>) {
    let base = form.work.base().config.clone();
    let at = when(&last.at);
    let key = |action| if asked { None } else { Some(form_key(action)) };
    if last.outcome.is_open() {
        return of_open(form, last, &base, now);
    }
    let changed = differences(last.stored(), &base);
    match &last.outcome {
        SendOutcome::Stored | SendOutcome::StoredDifferently if !changed.is_empty() => {
            let names = few_names(&changed);
            if differences(&last.before.config, &base).is_empty() {
                let said = format!(
                    "The server shows {names} as before your save of {at}: it was taken back, or the answer is an old one."
                );
                return (Some(said), None);
            }
            let shows = key(Action::History).map_or_else(String::new, |key| format!(" {key} shows it."));
            let said = format!("Changed by somebody else since your save of {at}: {names}.{shows}");
            (Some(said), None)
        }
        SendOutcome::StoredDifferently => {
            form.put_aside(as_read(&last.before.config, &last.after, &base));
            let waits = form.waits_aside();
            let back = key(Action::PutBack).map_or_else(String::new, |key| format!(" {key} puts it back."));
            let said = format!("Your save of {at} was stored differently: {}.{back}", few_names(&waits));
            ((!waits.is_empty()).then_some(said), None)
        }
        _ => (None, None),
    }
}

/// The newest send is open: what this read tells of it, or until when it may still arrive.
fn of_open(form: &mut Form, last: &Record, base: &EndpointConfig, now: Timestamp) -> (Option<String>, Option<Effect>) {
    let at = when(&last.at);
    let sent = Arc::new(last.after.clone());
    if let Some(settled) = settle(std::slice::from_ref(last), base, now).into_iter().next() {
        let said = match settled.outcome {
            SendOutcome::Stored => format!("The send of {at}, of which nothing was known, is stored."),
            SendOutcome::Refused(_) => format!("The send of {at}, which the server refused, is not stored."),
            _ => format!("The send of {at}, of which nothing was known, is not stored."),
        };
        let effect = Effect::RecordOutcome(sent, Box::new(settled.outcome.into()));
        return (Some(said), Some(effect));
    }
    if !differences(&last.before.config, base).is_empty() {
        let said = format!(
            "Whether the send of {at} was stored is still not known: the server holds neither what was sent nor what was \
             there before."
        );
        return (Some(said), None);
    }
    let until: Option<Timestamp> = last.until.as_ref().and_then(|until| until.parse().ok());
    form.unknown = Some(OpenSend {
        sent,
        answer: match last.outcome {
            SendOutcome::NotShown => SendAnswer::Accepted(Accepted::default()),
            _ => SendAnswer::Nothing(None),
        },
        until,
        is_over: false,
    });
    let said = format!("Whether the send of {at} was stored is not known yet: it may still arrive.");
    (Some(said), None)
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
        let sent = saving.and_then(Saving::sent).or_else(|| form.sent());
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
pub(super) fn kept(model: &mut Model, kept: DraftReport) {
    if let DraftReport::Remade(dir) = &kept {
        return model.complain(format!(
            "The directory of your drafts was deleted while this editor ran. It is made anew, with your edits in it; what \
             else was there is gone: {}.",
            dir.display()
        ));
    }
    let Screen::Form(form) = &mut model.screen else {
        if let DraftReport::Failed(why) = kept {
            model.complain(format!("{why}."));
        }
        return;
    };
    let theirs = match kept {
        DraftReport::Written | DraftReport::Removed | DraftReport::Remade(_) => {
            form.not_kept = None;
            return;
        }
        DraftReport::Failed(why) => {
            form.not_kept = Some(why);
            return;
        }
        DraftReport::TakenOver(owner) => format!("taken over by {}", owner.in_words()),
        DraftReport::Gone(_) => "it took over and has left, or its file was deleted".to_owned(),
    };
    let how = take_over_keys();
    let said = format!("This one is read-only now: {theirs}. Your edits are still here. {how}");
    form.draft_state = DraftState::Theirs(theirs);
    model.complain(said);
}

/// Once, with the first edit where nothing can be sent: what becomes of it. It may be made, to look at the body.
pub(super) fn tell_what_edits_are_worth(model: &mut Model) {
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
