//! What is shown of `$EDITOR` and of files: that it runs, what came back, what would come in, and where to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Places;
use super::excerpt::excerpt;
use super::sheet::sheet;
use crate::endpoint::dotenv::{Fate, Joined, Lines, counted, incoming};
use crate::endpoint::words::secret_worded;
use crate::secret::Secret;
use crate::store::{Unread, UnreadOf};
use crate::text::look_alike;
use crate::text::width::shown_width;
use crate::text::{capital, when};
use crate::tui::model::{Form, Import, Model, PathBox, PathFor, Screen, Target};
use crate::tui::theme;
use crate::tui::update::saved_changes;
use crate::tui::widgets::key_bar::{self as hints, Rank, fixed};
use crate::tui::widgets::notice::fitted;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::paint;

/// The editor is being started, or has the terminal.
pub(super) fn draw_outside(name: &str, buffer: &mut Buffer, area: Rect) {
    let inside = paint::window(buffer, paint::centered(area, 46, 3), "Editor");
    let text = format!("Opening {name} in the editor…");
    paint::text(buffer, inside.x + 1, inside.y, inside.width - 1, &text, theme::plain());
    hints::draw(&fixed(&[("Esc", "stop waiting", Rank::Way)]), buffer, area);
}

/// A text that can't be read.
pub(super) fn draw_rejected(model: &Model, buffer: &mut Buffer, area: Rect) {
    let newest = match &model.screen {
        Screen::Form(form) => form.unread.last(),
        _ => None,
    };
    let is_saved = newest.is_some_and(|unread| unread.saved_at().is_some());
    let (enter, e) = if is_saved {
        ("take| it", Some(("e", "edit it", Rank::Useful)))
    } else {
        ("go on| editing", None)
    };
    // Whatever is left out: nothing else discards.
    let ways = [
        ("Enter", enter, Rank::Way),
        ("Esc", "later", Rank::Way),
        ("Ctrl-X", "discard| it", Rank::Way),
    ];
    let keys: Vec<_> = ways.into_iter().chain(e).collect();
    let keys = fixed(&keys);
    sheet(model, "Not taken", 0, &keys, buffer, area);
}

/// What would come in.
pub(super) fn draw_import(model: &Model, import: &Import, buffer: &mut Buffer, area: Rect) {
    let values = if import.reveal { "mask values" } else { "show values" };
    let keys = fixed(&[
        ("Enter", "take", Rank::Way),
        ("Esc", "leave", Rank::Way),
        ("V", values, Rank::Needed),
        ("↑↓", "scroll", Rank::Extra),
    ]);
    sheet(model, &capital(&import.name), import.scroll, &keys, buffer, area);
}

/// The box for a path; where the cursor stands.
pub(super) fn draw_path(asked: &PathBox, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Position {
    let (title, does) = match asked.what {
        PathFor::Import => ("Import variables from a .env file", "read it"),
        PathFor::Export => ("Export the environment to a .env file", "write it"),
    };
    let (text, style) = if asked.exists {
        (
            "It exists: y writes over it, Esc goes back.".to_owned(),
            theme::warning(),
        )
    } else if let Some(said) = &asked.said {
        (said.clone(), theme::error())
    } else if asked.waiting {
        ("…".to_owned(), theme::dim())
    } else if asked.what == PathFor::Export {
        (
            "An empty line means .env. All values go into it in clear; only you can read it.".to_owned(),
            theme::dim(),
        )
    } else {
        ("What it brings is shown before it is taken.".to_owned(), theme::dim())
    };
    let width = area.width.min(70);
    let room = width - 4;
    let said = fitted(
        &text,
        usize::from(room),
        usize::from(area.height.saturating_sub(5)).max(1),
        "",
    );
    let rows = u16::try_from(said.len().max(3)).unwrap_or(3);
    let whole = Rect::new(area.x, area.y, area.width, area.height - 1);
    let inside = paint::window(buffer, paint::centered(whole, width, rows + 3), title);
    for (row, line) in said.iter().enumerate() {
        let y = inside.y + 1 + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, room, line, style);
    }
    let keys = if asked.exists {
        fixed(&[("y", "write over it", Rank::Way), ("Esc", "back", Rank::Way)])
    } else {
        fixed(&[("Enter", does, Rank::Way), ("Esc", "close", Rank::Way)])
    };
    hints::draw(&keys, buffer, area);
    let typed = Rect::new(inside.x + 1, inside.y, room, 1);
    places.put_text(typed, false);
    if asked.text.text().is_empty() {
        paint::text(buffer, typed.x, typed.y, typed.width, asked.what.usual(), theme::dim());
    }
    asked.text.draw_line(buffer, typed)
}

/// Where the text is that waits.
fn kept(model: &Model, form: &Form, unread: &Unread) -> String {
    match form.why_not_kept() {
        _ if !model.around.redactor.keeps_values() && !matches!(unread.what, UnreadOf::Field(_)) => {
            "your text is only in memory (keep_secrets = false)".to_owned()
        }
        None => "your text is in the draft on disk, too".to_owned(),
        Some(why) => format!("your text is only in memory: {why}"),
    }
}

impl Page {
    pub(super) fn rejected(&mut self, model: &Model, form: &Form) {
        let Some(unread) = form.unread.last() else { return };
        let name = Target::of(&unread.what).name();
        if unread.saved_at().is_some() {
            return self.saved_text(model, form, unread);
        }
        let text = format!("✗ What came from the editor for {name} can't be read.");
        self.wrapped(&text, theme::error(), 2);
        self.gap();
        self.wrapped(
            &format!("{}.", capital(&unread.misread().to_string())),
            theme::strong(),
            2,
        );
        if let Some((line, column)) = excerpt(unread, self.width.saturating_sub(2)) {
            self.add(format!("  {line}"), theme::plain());
            self.add(format!("  {}^", " ".repeat(column)), theme::error());
        }
        self.gap();
        let kept = kept(model, form, unread);
        let text = format!("Nothing is changed in the form, and {kept}. Enter opens the editor with it again.");
        self.wrapped(&text, theme::plain(), 0);
    }

    /// What of the text is in none of the values, and which lines are one: quotes may have been meant otherwise.
    fn how_read(&mut self, lines: &Lines) {
        match lines.quoted {
            0 => {}
            1 => self.wrapped("1 pair of quotes was taken off.", theme::plain(), 2),
            count => self.wrapped(&format!("{count} pairs of quotes were taken off."), theme::plain(), 2),
        }
        for Joined { key, first, last } in &lines.joined {
            let text = format!("{key}: lines {first}–{last} became one value.");
            self.wrapped(&text, theme::plain(), 2);
        }
    }

    /// A text that can be read, and was saved when nobody was there to take it.
    fn saved_text(&mut self, model: &Model, form: &Form, unread: &Unread) {
        let (name, at) = (Target::of(&unread.what).name(), unread.saved_at().unwrap_or_default());
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
        let kept = kept(model, form, unread);
        let text = format!("Nothing is changed in the form yet, and {kept}. Enter takes it as one step of undo.");
        self.wrapped(&text, theme::plain(), 0);
    }

    /// An empty line, where there is room for one.
    fn gap(&mut self) {
        if self.width >= 45 {
            self.add("", theme::plain());
        }
    }

    pub(super) fn import(&mut self, form: &Form, import: &Import) {
        let Lines { envs, misread, .. } = &import.lines;
        for misread in misread {
            self.wrapped(&format!("✗ Left out, {misread}"), theme::error(), 2);
        }
        let read = self.lines.len();
        self.how_read(&import.lines);
        if !misread.is_empty() || self.lines.len() > read {
            self.add("", theme::plain());
        }
        let all = incoming(form.work.now(), envs);
        let counts = counted(&all, misread.len());
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
