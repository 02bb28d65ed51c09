//! How the list of endpoints is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::list::{Mark, Picker, Sort, Widths, workers_words};
use crate::api::ApiError;
use crate::endpoint::Summary;
use crate::text::width::{cut_middle, shown_width};
use crate::tui::canvas::Canvas;
use crate::tui::hit_map::{Scrolls, Target};
use crate::tui::model::Model;
use crate::tui::theme;
use crate::tui::widgets::areas::{Areas, SIDES, cells};
use crate::tui::widgets::list_window::{HiddenMark, ListWindow, Spot};
use crate::tui::widgets::paint;
use crate::tui::widgets::paint::fitted;

/// Draws the picker.
pub fn draw(model: &Model, picker: &Picker, canvas: &mut Canvas<'_>) {
    let Canvas {
        buffer, area, hit_map, ..
    } = canvas;
    let area = *area;
    let state = match (picker.loading, &picker.error) {
        (true, _) => "reading…".to_owned(),
        (false, Some(ApiError::Incomplete(list))) if !picker.is_from_before() => match list.total {
            Some(total) => format!("{} of {total} came", list.came),
            None => "broke off".to_owned(),
        },
        (false, Some(_)) => "broke off".to_owned(),
        (false, None) => format!("{} of {}", picker.shown_count(), picker.count()),
    };
    let state = match picker.sort() {
        Sort::Server => state,
        sort => format!("{state} {}", sort.says()),
    };
    let mut marks = Vec::new();
    if let Some(profile) = &model.around.profile {
        marks.push(format!("[{profile}]"));
    }
    if model.around.demo {
        marks.push("demo".to_owned());
    }
    if model.around.read_only {
        marks.push("read-only".to_owned());
    }
    let marks = marks.join(" ");
    // Where this is, and whether anything can be changed, is worth more than what everybody knows.
    let mut lead = vec![
        ("novita-edit  ", theme::strong()),
        ("Choose an endpoint  ", theme::plain()),
    ];
    let room = usize::from(area.width - 2).saturating_sub(shown_width(&state) + 2 + shown_width(&marks));
    while lead.iter().map(|(text, _)| text.len()).sum::<usize>() > room {
        lead.pop();
    }
    lead.extend([
        (state.as_str(), theme::dim()),
        ("  ", theme::plain()),
        (&marks, theme::warning()),
    ]);
    let sides = area.inner(SIDES);
    let [header, below] = sides.split_top(2);
    let [title, filter] = header.split_top(1);
    paint::pieces(buffer, title, &lead);
    let mut cursor = None;
    if picker.filtering || !picker.filter().is_empty() {
        let [mark, typed] = filter.split_left(1);
        paint::row(buffer, mark, "/", theme::strong());
        if picker.filtering {
            hit_map.put_text(typed, false);
            cursor = Some(picker.filter_text().draw_line(buffer, typed));
        } else {
            paint::row(buffer, typed, picker.filter(), theme::strong());
        }
    }
    // A message takes the rows that it needs; with an empty list it has the whole list's room.
    let (text, said_style) = message(model, picker);
    let most = usize::from(if picker.count() == 0 {
        area.height - 3
    } else {
        area.height / 2
    });
    let said = fitted(&text, usize::from(sides.width), most, "");
    // The last row is the key bar's.
    let [rows, message_area] = below.split_bottom(cells(said.len()).max(2) + 1);
    let list = Rect {
        x: area.x,
        width: area.width,
        ..rows
    };
    let height = usize::from(list.height);
    let count = picker.shown_count();
    let at = picker.at.min(count.saturating_sub(1));
    let window = ListWindow::new(picker.top, height, count, (count > 0).then_some(at));
    hit_map.window(list, Scrolls::Front, window.first, count);
    let columns = Columns::new(list.width, picker.widths(), picker.mark_width());
    let mut rows = picker.shown_from(window.first);
    for (line, spot) in list.rows().zip(window.spots()) {
        let summary = rows.next();
        match (spot, summary) {
            (Spot::Row(row), Some((summary, mark))) => {
                hit_map.put(line, Target::Row(row));
                let drawn = EndpointRow {
                    columns: &columns,
                    summary,
                    mark,
                    focused: row == at,
                };
                drawn.render(line, buffer);
                if row == at && cursor.is_none() {
                    cursor = Some(line.as_position());
                }
            }
            (Spot::Hidden(above, below), _) => HiddenMark(above, below).render(line, buffer),
            (Spot::Row(_), None) => {}
        }
    }
    paint::lines(buffer, message_area, &said, said_style);
    canvas.cursor = cursor;
}

/// What there is to be told under the list, and how.
fn message(model: &Model, picker: &Picker) -> (String, Style) {
    if let Some(again) = &model.again {
        return (format!("! Reading the list {}", again.in_words()), theme::warning());
    }
    match (&picker.error, &model.notice) {
        (Some(ApiError::Incomplete(list)), _) if list.is_short() => {
            (format!("! {}", ApiError::Incomplete(list.clone())), theme::warning())
        }
        (Some(error), _) if picker.is_from_before() => (
            format!("✗ The list was not read anew, and stands as it was before. {error}"),
            theme::error(),
        ),
        (Some(error), _) => (format!("✗ {error}"), theme::error()),
        (None, Some(notice)) if notice.bad => (format!("✗ {}", notice.text), theme::error()),
        (None, Some(notice)) => (notice.text.clone(), theme::plain()),
        (None, None) if picker.loading || picker.shown_count() > 0 => (String::new(), theme::plain()),
        (None, None) if picker.count() == 0 => ("This account has no serverless endpoints.".to_owned(), theme::plain()),
        (None, None) => ("No endpoint matches the filter.".to_owned(), theme::plain()),
    }
}

/// How wide each column of the list is; 0: it isn't shown.
#[derive(Debug, PartialEq, Eq)]
struct Columns {
    name: u16,
    id: u16,
    state: u16,
    /// What waits there, in a word.
    mark: u16,
    workers: u16,
    image: u16,
    gap: u16,
    /// Before the name, for the sign of what waits there; 0: nothing waits anywhere.
    sign: u16,
}

impl Columns {
    /// Every column as wide as its texts where there is room, else the image gives way first, then name, id and state.
    fn new(width: u16, widths: Widths, marks: Option<usize>) -> Self {
        let short = |columns: usize| cells(columns).min(width);
        let gap = if width >= 60 { 2 } else { 1 };
        let sign = u16::from(marks.is_some());
        let (mark, workers, image) = if width >= 60 {
            (short(marks.unwrap_or(0)), short(widths.workers), short(widths.image))
        } else {
            (0, 0, 0)
        };
        let mut columns = [
            (image, 16),
            (short(widths.name), 12),
            (short(widths.id), 11),
            (short(widths.state), 7),
            (mark, 6),
            (workers, 5),
        ];
        let gaps = gap * cells(columns.iter().filter(|(wide, _)| *wide > 0).count());
        let wanted: u16 = columns
            .iter()
            .fold(gaps + sign + 1, |sum, (wide, _)| sum.saturating_add(*wide));
        let mut over = wanted.saturating_sub(width);
        for (wide, least) in &mut columns {
            let gives = wide.saturating_sub(*least).min(over);
            *wide -= gives;
            over -= gives;
        }
        let [image, name, id, state, mark, workers] = columns.map(|(wide, _)| wide);
        Self {
            name,
            id,
            state,
            mark,
            workers,
            image,
            gap,
            sign,
        }
    }
}

/// An endpoint in the list.
struct EndpointRow<'a> {
    columns: &'a Columns,
    summary: &'a Summary,
    /// What waits there.
    mark: Option<Mark>,
    focused: bool,
}

impl Widget for EndpointRow<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let Self {
            columns,
            summary,
            mark,
            focused,
        } = self;
        let style = if focused { theme::focus() } else { theme::plain() };
        let lead = if focused { "›" } else { " " };
        paint::text(buffer, area.x, area.y, 1, lead, theme::focus());
        let state = match summary.state.as_str() {
            "serving" => theme::good(),
            "failed" => theme::error(),
            _ => theme::warning(),
        };
        let middle = |text: &str, wide| cut_middle(text, usize::from(wide)).into_owned();
        let mut x = area.x + 1;
        let (sign, mark_style) = match mark {
            Some(Mark::Draft) => ("*", theme::changed()),
            Some(Mark::InUse) => ("!", theme::warning()),
            None => ("", theme::plain()),
        };
        paint::text(buffer, x, area.y, columns.sign, sign, mark_style);
        x += columns.sign;
        let said = mark.map_or("", Mark::says).to_owned();
        for (text, wide, style) in [
            (middle(&summary.name, columns.name), columns.name, style),
            (summary.id.clone(), columns.id, theme::dim()),
            (summary.state.clone(), columns.state, state),
            (said, columns.mark, mark_style),
            (workers_words(summary), columns.workers, style),
            (middle(&summary.image, columns.image), columns.image, theme::plain()),
        ] {
            if wide > 0 {
                let room = area.right().saturating_sub(x);
                paint::text(buffer, x, area.y, wide.min(room), &text, style);
                x += wide + columns.gap;
            }
        }
    }
}
