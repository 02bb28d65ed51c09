//! The question about a draft: an earlier run left edits, which are restored or discarded.

use crate::endpoint::diff::differences;
use crate::endpoint::{FieldId, diff};
use crate::secret::MASK;
use crate::store::{Draft, Typing};
use crate::text::{capital, when};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::discarding;
use crate::tui::dispatch::draft_state;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, Context, with_keys};
use crate::tui::model::{Discard, DraftState, Editing, EditorTarget, Focus, Form, Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::views::external_editor::decide_with;
use crate::tui::views::form::edit_keys;
use crate::tui::widgets::change_list::others_sign;
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::page::{Page, sheet_width};
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet;

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
                draft_state::restore(model, self.draft.clone());
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

    fn is_revealing(&self) -> bool {
        self.reveal
    }

    fn mask(&mut self) {
        self.reveal = false;
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Form(form) = &model.screen else { return };
        let mut page = Page::new(sheet_width(canvas.area.width));
        page.draft(form, self);
        let title = format!("Unsaved edits · {}", model.around.subject(&form.work.base().config));
        sheet::draw(canvas, &title, &page.lines, &self.scroll, model.notice.as_ref());
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
            if let Some(typing) = draft_state::kept_typing(draft) {
                draft_state::resume(form, draft, Editing::of(typing));
                edit_keys::take(form);
                form.work.undo();
            }
            form.work.undo();
            form.focus = Focus::Field(FieldId::MinWorkers);
        }
        draft_state::carry(model);
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

impl Page {
    /// What a draft holds, and what restoring it would change.
    fn draft(&mut self, form: &Form, question: &DraftQuestion) {
        let draft = &question.draft;
        let at = when(&draft.saved_at);
        let text = format!("An earlier session (process {}) left unsaved edits of {at}.", draft.pid);
        self.wrapped(&text, theme::strong(), 0);
        for said in question.said.iter().chain(&question.notes) {
            self.wrapped(said, theme::warning(), 0);
        }
        self.add("", theme::plain());
        let (base, server) = (form.work.now(), &form.work.base().config);
        let merge = form.work.merge_of(draft);
        let merged = merge.resolve(&[]);
        let clashing: Vec<String> = merge.clashes().iter().map(|clash| clash.name()).collect();
        let changes = diff::changes(base, &merged);
        if !changes.is_empty() {
            self.add("Restoring them changes:", theme::strong());
        }
        let others = differences(&draft.loaded.config, server);
        self.column_for(changes.iter().chain(&others));
        for change in &changes {
            self.change(change, (base, &merged), question.reveal);
        }
        if let Some(typing) = &draft.typing {
            self.typing(typing, question.reveal);
        }
        for editor_text in &draft.editor_texts {
            let name = format!("› {}", capital(&EditorTarget::of(&editor_text.what).name()));
            let said = if editor_text.text.is_redacted() {
                "a text from the editor, which was not kept".to_owned()
            } else if editor_text.saved_at().is_some() {
                "a text that the editor saved, not taken yet".to_owned()
            } else {
                format!(
                    "a text from the editor that can't be read yet: {}",
                    editor_text.parse_error()
                )
            };
            self.entry(&name, self.column, &said, theme::plain());
        }
        let lost: Vec<&str> = merged.redacted().collect();
        if !lost.is_empty() {
            self.add("", theme::plain());
            let text = format!(
                "! Values are not kept on disk (keep_secrets = false). These will have to be entered again: {}.",
                lost.join(", ")
            );
            self.wrapped(&text, theme::warning(), 2);
        }
        if draft.sent.is_some() && question.said.is_empty() {
            self.add("", theme::plain());
            let text = "! They were sent, and whether they were stored was not known then.";
            self.wrapped(text, theme::warning(), 2);
        }
        if !others.is_empty() {
            self.add("", theme::plain());
            self.wrapped(
                "Somebody else changed since then, and the server holds:",
                theme::strong(),
                0,
            );
            for change in &others {
                self.change_as(
                    Some((others_sign(change), theme::plain())),
                    change,
                    (&draft.loaded.config, server),
                    question.reveal,
                );
            }
        }
        if !clashing.is_empty() {
            self.add("", theme::plain());
            let text = format!(
                "! Changed on both sides, to be decided when you restore: {}.",
                clashing.join(", ")
            );
            self.wrapped(&text, theme::warning(), 2);
        }
    }

    /// What was being typed.
    fn typing(&mut self, typing: &Typing, reveal: bool) {
        let (name, secret) = typing.place();
        let text = if secret && !reveal { MASK } else { typing.text.reveal() };
        let said = if typing.text.is_redacted() {
            format!("{MASK} (was being typed, and was not kept)")
        } else {
            format!("{} (being typed, not taken yet)", text.replace('\n', "␊"))
        };
        self.entry(&format!("› {name}"), self.column, &said, theme::plain());
    }
}
