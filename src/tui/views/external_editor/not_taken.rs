//! The newest text from `$EDITOR` that was not taken: it can't be read, or nobody was there to take it.

use std::sync::Arc;

use super::excerpt::excerpt;
use super::saved::{forget, saved_changes, waits};
use super::{ended, run};
use crate::fs::KEPT_DAYS;
use crate::fs::when;
use crate::store::{EditorText, EditorTextOf, Snapshot, Unsaved};
use crate::text::capital;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::discarding;
use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Discard, Edited, EditorTarget, Form, Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// The page about that text; the form has it.
#[derive(Debug, Default)]
pub struct NotTaken {
    scroll: Scroll,
}

impl View<Model> for NotTaken {
    fn commands(&self, model: &Model) -> Vec<Command> {
        let is_saved = newest(model).is_some_and(|editor_text| editor_text.saved_at().is_some());
        let enter = if is_saved { "take| it" } else { "go on| editing" };
        let edit = Command::fixed(&[("e", Action::Editor)], "edit it", Rank::Useful);
        vec![
            // It takes what can be read, and opens the editor on what can't.
            Command::fixed(&[("enter", Action::Accept)], enter, Rank::Way),
            Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], "later", Rank::Way),
            // Whatever is left out: nothing else discards.
            Command::fixed(&[("ctrl-x", Action::Discard)], "discard| it", Rank::Way),
            if is_saved { edit } else { edit.unlisted() },
            Command::scrolling().unlisted(),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let Some(editor_text) = newest(model).cloned() else {
            return Flow::close();
        };
        match action {
            Action::Accept if editor_text.saved_at().is_some() => {
                ended(
                    model,
                    EditorTarget::of(&editor_text.what),
                    Edited::Text(editor_text.text.clone()),
                );
                Flow::close()
            }
            Action::Accept | Action::Editor => Flow::stay().with(run(model, EditorTarget::of(&editor_text.what))),
            Action::Discard => Flow::stay().with(discard(model, editor_text)),
            _ => {
                let said = match &model.screen {
                    Screen::Form(form) => waits(form),
                    _ => None,
                };
                model.say(format!("The text is kept. {}", said.unwrap_or_default()));
                Flow::close()
            }
        }
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        discarding::name_key(model, &press.key);
        Flow::stay()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        Sheet::new("Not taken", &self.scroll, model.notice.as_ref()).draw(canvas, |page| {
            if let (Some(editor_text), Screen::Form(form)) = (newest(model), &model.screen) {
                match editor_text.saved_at() {
                    Some(at) => page.saved_text(model, form, editor_text, at),
                    None => page.unreadable_text(model, form, editor_text),
                }
            }
        });
    }
}

fn newest(model: &Model) -> Option<&Arc<EditorText>> {
    match &model.screen {
        Screen::Form(form) => form.editor_texts.last(),
        _ => None,
    }
}

/// What is told before a text is thrown away that may not be put aside.
const TEXT: &str = "This text can't be kept aside (keep_secrets = false). Ctrl-X once more throws it away for good.";

/// Puts the text aside, or throws it away where that can't be done and was told.
fn discard(model: &mut Model, editor_text: Arc<EditorText>) -> Vec<Effect> {
    let (read_only, withholds) = (model.around.read_only, !model.around.redactor.keeps_values());
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    if read_only || discarding::is_told(form) {
        discarding::stay(model);
        return thrown_away(model, &editor_text, "thrown away for good");
    }
    if withholds && !matches!(editor_text.what, EditorTextOf::Field(_)) {
        discarding::tell(form, TEXT);
        model.complain(TEXT);
        return Vec::new();
    }
    let base = form.work.base();
    let alone = Unsaved {
        loaded: Arc::new(Snapshot::from(base)),
        edited: Arc::new(base.config.clone()),
        typing: None,
        sent: None,
        editor_texts: vec![editor_text],
    };
    discarding::ask(form, Discard::Text(Box::new(alone)))
}

/// The text is aside.
pub fn put_aside(model: &mut Model, editor_text: &Arc<EditorText>) -> Vec<Effect> {
    let kept = format!("discarded; it is kept aside for {KEPT_DAYS} days");
    thrown_away(model, editor_text, &kept)
}

/// A text was discarded: it is aside, or gone for good. Another one that waits is not opened: the same key once more
/// would discard that, too.
fn thrown_away(model: &mut Model, gone: &Arc<EditorText>, kept: &str) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    form.editor_texts.retain(|editor_text| !Arc::ptr_eq(editor_text, gone));
    let effects = forget(form, gone);
    let name = EditorTarget::of(&gone.what).name();
    let more = waits(form).map(|said| format!(" {said}")).unwrap_or_default();
    model.close_all();
    model.say(format!(
        "The editor's text of {name} is {kept}. The form is as it was.{more}"
    ));
    effects
}

/// Where the text is that waits.
fn kept(model: &Model, form: &Form, editor_text: &EditorText) -> String {
    match form.why_not_kept() {
        _ if !model.around.redactor.keeps_values() && !matches!(editor_text.what, EditorTextOf::Field(_)) => {
            "your text is only in memory (keep_secrets = false)".to_owned()
        }
        None => "your text is in the draft on disk, too".to_owned(),
        Some(why) => format!("your text is only in memory: {why}"),
    }
}

impl Page {
    /// A text that can't be read: why, and where in it.
    fn unreadable_text(&mut self, model: &Model, form: &Form, editor_text: &EditorText) {
        let name = EditorTarget::of(&editor_text.what).name();
        let text = format!("✗ What came from the editor for {name} can't be read.");
        self.wrapped(&text, theme::error(), 2);
        self.gap();
        let parse_error = capital(&editor_text.parse_error().to_string());
        self.wrapped(&format!("{parse_error}."), theme::strong(), 2);
        if let Some((line, column)) = excerpt(editor_text, self.width.saturating_sub(2)) {
            self.add(format!("  {line}"), theme::plain());
            self.add(format!("  {}^", " ".repeat(column)), theme::error());
        }
        self.gap();
        let kept = kept(model, form, editor_text);
        let text = format!("Nothing is changed in the form, and {kept}. Enter opens the editor with it again.");
        self.wrapped(&text, theme::plain(), 0);
    }

    /// A text that can be read, and was saved when nobody was there to take it; `at` that time, empty where it isn't
    /// known.
    fn saved_text(&mut self, model: &Model, form: &Form, editor_text: &EditorText, at: &str) {
        let name = EditorTarget::of(&editor_text.what).name();
        let text = match at {
            "" => format!("! The editor had saved a text of {name} before it ended."),
            at => format!("! The editor saved a text of {name}, {}, that was not taken.", when(at)),
        };
        self.wrapped(&text, theme::warning(), 2);
        self.gap();
        let changes = saved_changes(form);
        let names = match changes.names {
            Some(names) => format!("It changes: {names}."),
            None => "As the form is now, it changes nothing, or can't be read.".to_owned(),
        };
        self.wrapped(&names, theme::strong(), 2);
        if let Some(warning) = changes.warning {
            self.wrapped(&format!("! {warning}"), theme::warning(), 2);
        }
        self.gap();
        let kept = kept(model, form, editor_text);
        let text = format!("Nothing is changed in the form yet, and {kept}. Enter takes it as one step of undo.");
        self.wrapped(&text, theme::plain(), 0);
    }

    /// An empty line, where there is room for one.
    fn gap(&mut self) {
        if self.width >= 45 {
            self.add("", theme::plain());
        }
    }
}
