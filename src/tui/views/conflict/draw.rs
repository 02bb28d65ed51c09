//! How the clashes are drawn: as a list, and the focused one's three sides in full under each other.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::{Between, Conflict};
use crate::endpoint::EndpointConfig;
use crate::endpoint::diff::volume_words;
use crate::endpoint::edit::Row;
use crate::endpoint::format::{secret_worded, sides_look_alike, worded_with};
use crate::endpoint::merge::{Clash, Location, Resolution, SideValue};
use crate::text::width::{cut_middle, shown_width};
use crate::text::with_ends;
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::{Scrolls, Target};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Form, Model};
use crate::tui::theme;
use crate::tui::views::form::edit_box::EditBox;
use crate::tui::views::form::suggestion_list::SuggestionList;
use crate::tui::widgets::areas::{Areas, SIDES, cells};
use crate::tui::widgets::page::{Line, LinesFrom, Page};
use crate::tui::widgets::paint;
use crate::tui::widgets::rule::TitledRule;

/// Columns of what was decided.
const DECIDED: u16 = 12;
/// From this width on the list also tells mine and theirs of each.
const WIDE: u16 = 100;
/// On a screen lower than this what a side holds stands beside its title, from this column on, where it is short.
const LOW: u16 = 20;
const BESIDE: usize = 14;

impl Conflict {
    /// Draws it over the form.
    pub(super) fn draw_over(&self, model: &Model, form: &Form, canvas: &mut Canvas<'_>) {
        let area = canvas.area;
        paint::clear(canvas.buffer, area);
        let count = self.choices.len();
        let decided = format!("  {} of {count} decided", self.decided());
        let said = match self.between {
            Between::FormAndServer(_) => "   you and somebody else changed the same",
            Between::DraftAndServer(_) => "   the unsaved edits meet what is here now",
            Between::DiscardedAndForm(_) => "   the discarded edits meet what is here now",
        };
        let said = if area.width >= 70 { said } else { "" };
        let title = [
            ("Conflict", theme::strong()),
            (&decided, theme::strong()),
            (said, theme::dim()),
        ];
        let [first, below] = canvas.above_keys().split_top(1);
        let [rule, below] = below.split_top(1);
        paint::pieces(canvas.buffer, first.inner(SIDES), &title);
        let subject = model.around.subject(&form.work.base().config);
        TitledRule::new(&subject, theme::strong()).render(rule, canvas.buffer);
        let configs = self.sides(form);
        let [list, below] = below.split_top(self.list_rows(area.height) + 1);
        self.draw_list(configs, list, canvas);
        let notice = model.notice.as_ref();
        let told = notice.map_or(1, |notice| notice.rows(area.width - 2, area.height));
        let [room, _] = below.inner(SIDES).split_bottom(told);
        canvas.hit_map.window(room, Scrolls::Front, 0, 0);
        let lines = blocks(model, self, form);
        let height = usize::from(room.height);
        let first = self.scroll.first_of(lines.len(), height, height);
        LinesFrom::new(&lines, first).render(room, canvas.buffer);
        if let Some(notice) = notice {
            // A long one lies over the list, too.
            let [_, foot] = canvas.above_keys().split_bottom(told);
            paint::clear(canvas.buffer, foot);
            notice.render(foot.inner(SIDES), canvas.buffer);
        }
        if let Some(editing) = &self.editing {
            let choices = self.suggestions(model);
            let pick = self.pick.as_deref();
            let edited = EditBox {
                editing,
                config: configs[1],
                limits: form.work.limits(),
                problems: &[],
                suggestions: choices.as_ref().map(|choices| SuggestionList::new(choices, pick)),
            };
            let [above, _] = area.split_bottom(3);
            canvas.hit_map.cover();
            edited.draw(above, canvas);
        }
    }

    /// Rows of the list of the clashes, on a screen so high.
    fn list_rows(&self, height: u16) -> u16 {
        cells(self.choices.len()).min((height / 4).max(2))
    }

    /// Draws the list of the clashes, and in the last row the rule under it.
    fn draw_list(&self, configs: [&EndpointConfig; 3], area: Rect, canvas: &mut Canvas<'_>) {
        let [list, below] = area.split_bottom(1);
        let (count, at, rows) = (self.choices.len(), self.at.at(), usize::from(list.height));
        let first = (at + 1).saturating_sub(rows).min(count - rows);
        let widest = self.merge.clashes().iter().map(|clash| shown_width(&clash.name()));
        let name_width = cells(widest.max().unwrap_or(0)).min(area.width.saturating_sub(DECIDED + 6));
        canvas.cursor = Some(list.as_position());
        for (row, line) in (first..).zip(list.rows()) {
            if row == at {
                canvas.cursor = Some(line.as_position());
            }
            let [line, _] = line.split_right(1);
            canvas.hit_map.put(line, Target::Row(row));
            let clash = ClashRow {
                conflict: self,
                row,
                name_width,
                configs,
            };
            clash.render(line, canvas.buffer);
        }
        let more = match (first, count - first - rows) {
            (0, 0) => String::new(),
            (above, 0) => format!("{above} above"),
            (0, below) => format!("{below} more"),
            (above, below) => format!("{above} above, {below} more"),
        };
        TitledRule::new(&more, theme::dim()).render(below, canvas.buffer);
    }
}

/// A row of the list; where there is room, with what is mine and what is theirs.
struct ClashRow<'a> {
    conflict: &'a Conflict,
    /// Which of the clashes, by its place.
    row: usize,
    /// Columns of the names.
    name_width: u16,
    configs: [&'a EndpointConfig; 3],
}

impl Widget for ClashRow<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let Self {
            conflict,
            row,
            name_width,
            configs,
        } = self;
        let (clash, names) = (&conflict.merge.clashes()[row], conflict.names());
        let (chosen, decided) = match &conflict.choices[row] {
            None => ("not decided", false),
            Some(Resolution::Loaded) => (names[0], true),
            Some(Resolution::Mine) => (names[1], true),
            Some(Resolution::Theirs) => (names[2], true),
            Some(Resolution::Edited(_)) => ("edited", true),
        };
        let (sign, style) = if decided {
            ("✓", theme::good())
        } else {
            ("?", theme::warning())
        };
        let (lead, name_style) = if row == conflict.at.at() {
            ("›", theme::focus())
        } else {
            (" ", theme::plain())
        };
        let lead = [(lead, theme::focus()), (sign, style), (" ", style)];
        let mut x = area.x + paint::pieces(buffer, area, &lead);
        paint::text(buffer, x, area.y, name_width, &clash.name(), name_style);
        x += name_width + 2;
        paint::text(buffer, x, area.y, DECIDED, chosen, style);
        x += DECIDED + 2;
        if area.width < WIDE || matches!(clash.mine, SideValue::Order(_)) {
            return;
        }
        let half = area.right().saturating_sub(x + 2) / 2;
        for (at, side) in [(1, &clash.mine), (2, &clash.theirs)] {
            let text = in_short(clash, side, configs[at], conflict.reveal);
            let name = format!("{} ", names[at]);
            let used = paint::text(buffer, x, area.y, half, &name, theme::dim());
            let room = half.saturating_sub(used);
            let text = cut_middle(&text, usize::from(room));
            paint::text(buffer, x + used, area.y, room, &text, theme::plain());
            x += half + 2;
        }
    }
}

/// One side in one line.
fn in_short(clash: &Clash, side: &SideValue, config: &EndpointConfig, reveal: bool) -> String {
    let mut page = Page::new(u16::MAX);
    side_lines(&mut page, clash, side, config, reveal);
    let lines: Vec<&str> = page.lines.iter().map(|line| line.text.trim()).collect();
    lines.join(", ")
}

/// The lines of the focused clash: what was loaded, mine, theirs, and what was typed instead.
fn blocks(model: &Model, conflict: &Conflict, form: &Form) -> Vec<Line> {
    let mut page = Page::new(model.size.width.saturating_sub(2));
    let clash = conflict.clash();
    let choice = conflict.choice();
    let [loaded, mine, theirs] = conflict.sides(form);
    let key = |action| keymap().word(Context::Conflict, action);
    let names = conflict.names();
    let beside = are_beside(model, conflict, [loaded, mine, theirs]);
    if model.size.height < LOW && !beside {
        // All three are seen at once, whatever their length; what is cut here stands whole below.
        let room = usize::from(model.size.width).saturating_sub(2 + BESIDE);
        for (action, name, side, config) in [
            (Action::ChooseLoaded, names[0], &clash.loaded, loaded),
            (Action::ChooseMine, names[1], &clash.mine, mine),
            (Action::ChooseTheirs, names[2], &clash.theirs, theirs),
        ] {
            let text = in_short(clash, side, config, conflict.reveal);
            let title = format!("  {} {name}", key(action));
            let gap = " ".repeat(BESIDE.saturating_sub(shown_width(&title)));
            page.add(format!("{title}{gap}{}", cut_middle(&text, room)), theme::plain());
        }
    }
    for (action, name, side, config, chosen) in [
        (
            Action::ChooseLoaded,
            names[0],
            &clash.loaded,
            loaded,
            matches!(choice, Some(Resolution::Loaded)),
        ),
        (
            Action::ChooseMine,
            names[1],
            &clash.mine,
            mine,
            matches!(choice, Some(Resolution::Mine)),
        ),
        (
            Action::ChooseTheirs,
            names[2],
            &clash.theirs,
            theirs,
            matches!(choice, Some(Resolution::Theirs)),
        ),
    ] {
        let title = format!("{} {name}", key(action));
        block(&mut page, &title, chosen, beside, |page| {
            side_lines(page, clash, side, config, conflict.reveal);
        });
    }
    if let Some(Resolution::Edited(side)) = choice {
        block(
            &mut page,
            &format!("{} edited", key(Action::Edit)),
            true,
            beside,
            |page| {
                side_lines(page, clash, side, mine, conflict.reveal);
            },
        );
    }
    page.lines
}

/// Whether each side's text goes beside its title: on a low screen all three are to be seen at once, where each is
/// short.
fn are_beside(model: &Model, conflict: &Conflict, sides: [&EndpointConfig; 3]) -> bool {
    let clash = conflict.clash();
    let room = usize::from(model.size.width).saturating_sub(2 + BESIDE);
    model.size.height < LOW
        && [&clash.loaded, &clash.mine, &clash.theirs]
            .into_iter()
            .zip(sides)
            .all(|(side, config)| shown_width(&in_short(clash, side, config, conflict.reveal)) <= room)
}

/// A title with what stands under it, or beside it.
fn block(page: &mut Page, title: &str, chosen: bool, beside: bool, side: impl FnOnce(&mut Page)) {
    let (title, style) = if chosen {
        (format!("✓ {title}"), theme::good().add_modifier(Modifier::BOLD))
    } else {
        (format!("  {title}"), theme::strong())
    };
    let at = page.lines.len();
    page.add(title, style);
    side(page);
    if beside && page.lines.len() == at + 2 {
        let text = page.lines.remove(at + 1).text;
        let title = &mut page.lines[at].text;
        let gap = BESIDE.saturating_sub(shown_width(title));
        title.push_str(&format!("{}{}", " ".repeat(gap), text.trim_start()));
    }
}

fn side_lines(page: &mut Page, clash: &Clash, side: &SideValue, config: &EndpointConfig, reveal: bool) {
    let ends = sides_look_alike(clash);
    let mut say = |text: &str| page.wrapped(&format!("    {text}"), theme::plain(), 4);
    match (&clash.location, side) {
        (Location::Field(field), SideValue::Text(text)) => say(&worded_with(*field, text, config, ends)),
        (_, SideValue::Rows(rows)) if rows.is_empty() => say("(not there)"),
        (_, SideValue::Rows(rows)) => {
            for row in rows {
                match row {
                    Row::Env(env) => say(&format!("{} = {}", env.key, secret_worded(&env.value, reveal, ends))),
                    Row::Volume(volume) => {
                        let words = volume_words(volume);
                        let words = if ends { with_ends(&words) } else { words };
                        say(&format!("{}: {words}", volume.mount_path));
                    }
                }
            }
        }
        (_, SideValue::Order(names)) => say(&names.join(", ")),
        (_, SideValue::Text(text)) => say(text),
    }
}
