//! `KEY=value` lines about to come into the environment, pasted or from a file: shown before they are taken.

use crate::endpoint::dotenv::{self, Fate, Lines, counted, incoming};
use crate::endpoint::format::secret_worded;
use crate::endpoint::{List, ParseError};
use crate::secret::Secret;
use crate::text::width::shown_width;
use crate::text::{capital, look_alike};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Focus, Form, Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// Variables about to come in.
#[derive(Debug)]
pub struct Import {
    /// What the step will be called.
    name: String,
    /// They, what of the text can't be read, and how it was read.
    lines: Lines,
    scroll: Scroll,
    /// Values are shown.
    reveal: bool,
}

/// Whether a paste in the form goes into the list: the focus is in it.
pub fn takes(form: &Form) -> bool {
    matches!(form.focus, Focus::Row(List::Envs, _) | Focus::Empty(List::Envs))
}

/// Shows what a text would bring in; false when there is no variable in it. `name` says what the step will be called
/// that brings in so many.
pub fn preview(model: &mut Model, text: &str, name: impl Fn(usize) -> String) -> bool {
    let lines = dotenv::read(text);
    let Screen::Form(form) = &model.screen else {
        return false;
    };
    if lines.envs.is_empty() {
        return false;
    }
    // As many as there are keys: that is what is counted on the page.
    let keys = incoming(form.work.now(), &lines.envs).len();
    model.show_view(Import {
        name: name(keys),
        lines,
        scroll: Scroll::default(),
        reveal: false,
    });
    true
}

impl View<Model> for Import {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        let values = if self.reveal { "mask values" } else { "show values" };
        let reveal = [("V", Action::RevealAll), ("v", Action::RevealAll)];
        vec![
            Command::fixed(&[("enter", Action::Accept)], "take", Rank::Way),
            Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], "leave", Rank::Way),
            Command::fixed(&reveal, values, Rank::Needed),
            Command::scrolling(),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Accept => self.take(model),
            Action::Back => model.say("Left; nothing is changed."),
            Action::RevealAll => {
                self.reveal = !self.reveal;
                return Flow::stay();
            }
            _ => return Flow::stay(),
        }
        Flow::close()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn reveals(&mut self) -> Option<&mut bool> {
        Some(&mut self.reveal)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Form(form) = &model.screen else { return };
        let title = capital(&self.name);
        Sheet::new(&title, &self.scroll, model.notice.as_ref()).draw(canvas, |page| page.import(form, self));
    }
}

impl Import {
    /// The paste that it is of was cut behind so many bytes of `text`: what stands there is a part of a value, and no
    /// value.
    pub fn was_cut(&mut self, text: &str, whole: usize) {
        let cut = ParseError::at(text, whole, "the paste is longer than 2 MiB and was cut in this line");
        self.lines.parse_errors.push(cut);
    }

    /// Takes what is shown, as one step.
    fn take(&self, model: &mut Model) {
        let Screen::Form(form) = &mut model.screen else { return };
        let envs = &self.lines.envs;
        let counts = counted(&incoming(form.work.now(), envs), self.lines.parse_errors.len());
        match dotenv::import(form.work.now(), envs, self.name.clone()) {
            Some(edit) => {
                let name = edit.name();
                form.with_focus_kept(|work| work.apply(edit));
                let undo = form_key(Action::Undo);
                model.say(format!("Done: {name}: {counts}. {undo} takes it back."));
            }
            None => model.say(format!("All of it is there already: {counts}.")),
        }
    }
}

impl Page {
    /// What of the text is in none of the values, and which lines are one: quotes may have been meant otherwise.
    fn how_read(&mut self, lines: &Lines) {
        for note in lines.notes() {
            self.wrapped(&note, theme::plain(), 2);
        }
    }

    /// What would come in, and what of the text is left out.
    fn import(&mut self, form: &Form, import: &Import) {
        let Lines { envs, parse_errors, .. } = &import.lines;
        for error in parse_errors {
            self.wrapped(&format!("✗ Left out, {error}"), theme::error(), 2);
        }
        let read = self.lines.len();
        self.how_read(&import.lines);
        if !parse_errors.is_empty() || self.lines.len() > read {
            self.add("", theme::plain());
        }
        let all = incoming(form.work.now(), envs);
        let counts = counted(&all, parse_errors.len());
        self.wrapped(&format!("{counts}:"), theme::strong(), 2);
        let widest = all.iter().map(|one| shown_width(&one.env.key)).max().unwrap_or(0);
        let column = (widest + 4).clamp(12, self.width.max(20) * 3 / 5);
        for one in &all {
            let texts: Vec<&str> = one.old.iter().chain([&one.env.value]).map(Secret::reveal).collect();
            let ends = look_alike(&texts);
            let shown = |value| secret_worded(value, import.reveal, ends);
            let new = shown(&one.env.value);
            let (sign, style, mut text) = match (one.fate, &one.old) {
                (Fate::New, _) => ("+", theme::good(), new),
                (Fate::Changed, Some(old)) => ("*", theme::changed(), format!("{} → {new}", shown(old))),
                (Fate::Changed, None) => ("*", theme::changed(), new),
                (Fate::Same, _) => ("=", theme::dim(), new),
            };
            if one.times > 1 {
                text.push_str(&format!("  (came {} times; the last one counts)", one.times));
            }
            self.entry(&format!("{sign} {}", one.env.key), column, &text, style);
        }
    }
}
