//! The question about a draft: an earlier run left edits, which are restored or discarded. Restored, they are laid over
//! what the form holds.

pub mod discarded;
mod page;
mod resume;

use std::sync::Arc;

use resume::{kept_typing, resume};

use crate::endpoint::FieldId;
use crate::endpoint::diff::few_names;
use crate::endpoint::merge::Resolution;
use crate::fs::when;
use crate::session::{OpenSend, SendAnswer};
use crate::store::Draft;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::discarding;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, form_key, with_keys};
use crate::tui::model::{Discard, DraftState, Editing, Focus, Model, Screen};
use crate::tui::press::Press;
use crate::tui::redacted;
use crate::tui::view::{Flow, View};
use crate::tui::views::conflict::{Between, Conflict, Ways};
use crate::tui::views::external_editor::{NotTaken, decide_with};
use crate::tui::views::form::edit_keys;
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// A draft that waits for a decision: a page with what restoring would do.
#[derive(Debug)]
pub struct DraftQuestion {
    draft: Box<Draft>,
    /// What there is to say of the newest send, a sentence each.
    pub said: Vec<String>,
    /// What else there is to be told: it stands there until the question is answered.
    pub notes: Vec<String>,
    scroll: Scroll,
    /// Environment values are shown.
    reveal: bool,
}

/// Asks about a draft, in the place of whatever lies over the form.
pub fn ask(model: &mut Model, draft: Box<Draft>) {
    model.show_view(DraftQuestion {
        draft,
        said: Vec::new(),
        notes: Vec::new(),
        scroll: Scroll::default(),
        reveal: false,
    });
}

impl View<Model> for DraftQuestion {
    fn context(&self) -> Option<Context> {
        Some(Context::Draft)
    }

    fn commands(&self, _model: &Model) -> Vec<Command> {
        let bound = |action, says, rank| Command::bound(Context::Draft, &[action], says, rank);
        vec![
            bound(Action::Restore, "restore", Rank::Way),
            bound(Action::Discard, "discard", Rank::Needed),
            bound(Action::RevealAll, "values", Rank::Needed),
            bound(Action::Picker, "later|, to the picker", Rank::Way),
            bound(Action::Quit, "quit", Rank::Useful),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Restore => {
                restore(model, self.draft.clone());
                return Flow::close();
            }
            Action::Discard => return self.discard(model),
            Action::RevealAll => self.reveal = !self.reveal,
            Action::Picker | Action::Quit if matches!(&model.screen, Screen::Form(form) if form.carried.is_some()) => {
                model.complain(
                    "Decide about these first: your own edits of this session come after them, and are only here.",
                );
            }
            Action::Picker => return Flow::close().with(model.open_picker()),
            Action::Quit => return Flow::stay().with([Effect::Quit]),
            _ => {}
        }
        Flow::stay()
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        discarding::name_key(model, &press.key);
        Flow::stay()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn reveals(&mut self) -> Option<&mut bool> {
        Some(&mut self.reveal)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Form(form) = &model.screen else { return };
        let title = format!("Unsaved edits · {}", model.around.subject(&form.work.base().config));
        Sheet::new(&title, &self.scroll, model.notice.as_ref()).draw(canvas, |page| page.draft(form, self));
    }
}

impl DraftQuestion {
    /// Discards the draft: it is put aside first, or goes for good where that can't be done and was told.
    fn discard(&self, model: &mut Model) -> Flow {
        let loses = self.loses_values(model);
        let Screen::Form(form) = &mut model.screen else {
            return Flow::stay();
        };
        // Where nothing can be written it stays on disk, and nothing has to be put aside.
        if form.draft_state != DraftState::Ours || discarding::is_for_good(form) {
            discarding::stay(model);
            return Flow::close().with(self.discarded(model, ""));
        }
        if loses && !discarding::is_told(form) {
            discarding::tell(form, discarding::NEW_VALUES);
            model.complain(discarding::NEW_VALUES);
            return Flow::stay();
        }
        Flow::stay().with(discarding::ask(form, Discard::Draft))
    }

    /// Whether it has values that may not be put aside.
    fn loses_values(&self, model: &Model) -> bool {
        let draft = &self.draft;
        model.loses_values(&draft.edited, draft.typing.as_ref(), &draft.editor_texts)
    }

    /// It is discarded: it was put aside, which `kept` says as the end of a sentence, or goes for good now.
    fn discarded(&self, model: &mut Model, kept: &str) -> Vec<Effect> {
        let Screen::Form(form) = &mut model.screen else {
            return Vec::new();
        };
        let draft = &self.draft;
        let at = when(&draft.saved_at);
        let ours = form.draft_state == DraftState::Ours;
        if ours {
            decide_with(form, &draft.editor_texts);
        }
        // As long as this session lasts, redo has them.
        let redo = form.carried.is_none() && form.work.merge_of(draft).clashes().is_empty();
        if redo {
            form.work.restore(draft, &[]);
            // What was being typed is a step of its own, after the others.
            if let Some(typing) = kept_typing(draft) {
                resume(form, draft, Editing::of(typing));
                edit_keys::take(form);
                form.work.undo();
            }
            form.work.undo();
            form.focus = Focus::Field(FieldId::MinWorkers);
        }
        carry(model);
        if !ours {
            model.complain(format!(
                "The unsaved edits of {at} stay on disk: nothing can be written there."
            ));
            return Vec::new();
        }
        let back = match redo {
            true if draft.typing.is_some() => {
                with_keys(" {redo} brings them back, and once more what was being typed.")
            }
            true => with_keys(" {redo} brings them back."),
            false => String::new(),
        };
        model.say(format!("The unsaved edits of {at} are discarded{kept}.{back}"));
        vec![Effect::DiscardDraft]
    }
}

/// The draft that is asked about is aside.
pub fn put_aside(model: &mut Model) -> Vec<Effect> {
    let Some(question) = model.views.take::<DraftQuestion>() else {
        return Vec::new();
    };
    let kept = discarding::aside(question.loses_values(model));
    question.discarded(model, &kept)
}

/// Lays the edits of a draft over what the form holds; where both changed the same, that is decided first.
fn restore(model: &mut Model, draft: Box<Draft>) {
    lay_over(model, Between::DraftAndServer(draft), |model, between| {
        if let Between::DraftAndServer(draft) = between {
            ask(model, draft.clone());
        }
    });
}

/// The edits that this session had when it took over are laid over what there is now.
pub fn carry(model: &mut Model) {
    let Screen::Form(form) = &mut model.screen else { return };
    if let Some(draft) = form.carried.take() {
        restore(model, draft);
    }
}

/// Lays the edits of a draft over the other side; `left` is what comes if that is to be decided, and isn't.
fn lay_over(model: &mut Model, between: Between, left: fn(&mut Model, &Between)) {
    let (Some((draft, _)), Screen::Form(form)) = (between.draft(), &model.screen) else {
        return;
    };
    let merge = form.work.merge_of(draft);
    if merge.clashes().is_empty() {
        laid_over(model, &between, &[]);
    } else {
        let ways = Ways {
            decided: laid_over,
            left,
        };
        model.notice = None;
        model.show_view(Conflict::new(merge, between, ways));
    }
}

/// The edits of a draft are to be in the form, with these decisions: and what belongs to them follows.
fn laid_over(model: &mut Model, between: &Between, choices: &[Option<Resolution>]) {
    let (Some((draft, called)), Screen::Form(form)) = (between.draft(), &mut model.screen) else {
        return;
    };
    form.with_focus_kept(|work| work.restore(draft, choices));
    if let Some(sent) = &draft.sent
        && form.unknown.as_ref().is_none_or(|open| *open.sent != *sent)
    {
        // Of an earlier run, perhaps a moment ago.
        form.unknown = Some(OpenSend {
            sent: Arc::new(sent.clone()),
            answer: SendAnswer::Nothing(None),
            until: None,
            is_over: false,
        });
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
