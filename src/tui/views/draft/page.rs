//! The page about a draft: what it holds, and what restoring it would change.

use super::DraftQuestion;
use crate::endpoint::diff::{self, differences};
use crate::endpoint::format::EMPTY;
use crate::fs::when;
use crate::secret::MASK;
use crate::store::Typing;
use crate::text::capital;
use crate::tui::model::{EditorTarget, Form};
use crate::tui::theme;
use crate::tui::widgets::change_list::others_sign;
use crate::tui::widgets::page::Page;

impl Page {
    /// What a draft holds, and what restoring it would change.
    pub(super) fn draft(&mut self, form: &Form, question: &DraftQuestion) {
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
        let text = match typing.text.reveal() {
            "" => EMPTY,
            _ if secret && !reveal => MASK,
            text => text,
        };
        let said = if typing.text.is_redacted() {
            format!("{MASK} (was being typed, and was not kept)")
        } else {
            format!("{} (being typed, not taken yet)", text.replace('\n', "␊"))
        };
        self.entry(&format!("› {name}"), self.column, &said, theme::plain());
    }
}
