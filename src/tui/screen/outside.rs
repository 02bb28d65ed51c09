//! What is shown of `$EDITOR` and of files: that it runs, what came back, what would come in, and where to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Places;
use super::sheet::sheet;
use crate::endpoint::dotenv::{Fate, Joined, Lines, counted, incoming};
use crate::endpoint::format::secret_worded;
use crate::secret::Secret;
use crate::text::capital;
use crate::text::look_alike;
use crate::text::width::shown_width;
use crate::tui::model::{Form, Import, Model, PathBox, PathFor};
use crate::tui::theme;
use crate::tui::widgets::key_bar::{self as hints, Rank, fixed};
use crate::tui::widgets::notice::fitted;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::paint;

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

impl Page {
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

    pub(super) fn import(&mut self, form: &Form, import: &Import) {
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
