//! What lies over a screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::sheet::sheet;
use super::{Places, Scrolls, result};
use crate::session::{MOST_RETRIES, Progress, Step};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::theme;
use crate::tui::widgets::key_bar::{self as hints, Rank, fixed};
use crate::tui::widgets::notice::fitted;
use crate::tui::widgets::paint;

/// Draws an overlay; where the cursor stands.
pub fn draw(
    model: &Model,
    overlay: &Overlay,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Option<Position> {
    if is_page(overlay) {
        let whole = Rect::new(area.x, area.y, area.width, area.height - 1);
        places.window(whole, Scrolls::Front, 0, 0);
    }
    match overlay {
        Overlay::Import(import) => super::outside::draw_import(model, import, buffer, area),
        Overlay::Path(asked) => return Some(super::outside::draw_path(asked, buffer, area, places)),
        Overlay::Draft(question) => super::keeping::draw_draft(model, question, buffer, area),
        Overlay::Saving { progress, .. } => saving(progress.as_ref(), buffer, area),
        Overlay::Result { outcome, scroll, .. } => {
            let title = match &model.screen {
                Screen::Form(form) => format!(
                    "{} · {}",
                    result::title(outcome),
                    model.around.subject(&form.work.base().config)
                ),
                _ => result::title(outcome).to_owned(),
            };
            let scaling = match &model.screen {
                Screen::Form(form) => form.scaling,
                _ => None,
            };
            sheet(model, &title, *scroll, &result::hints(outcome, scaling), buffer, area);
        }
    }
    None
}

/// Whether it is a page of lines that the wheel moves; lists say themselves which rows they show.
fn is_page(overlay: &Overlay) -> bool {
    matches!(overlay, Overlay::Draft(_) | Overlay::Import(_) | Overlay::Result { .. })
}

fn saving(progress: Option<&Progress>, buffer: &mut Buffer, area: Rect) {
    let again = progress.and_then(|p| p.again.as_ref());
    let why = again.and_then(|again| again.why.as_ref()).map(ToString::to_string);
    let width = area.width.min(64);
    let why = why.unwrap_or_default();
    let lines = paint::wrap(&why, usize::from(width.saturating_sub(5))).len();
    let rows = if again.is_some_and(|again| again.why.is_some()) {
        u16::try_from(lines).unwrap_or(4).min(area.height.saturating_sub(8)) + 1
    } else {
        0
    };
    let inside = paint::window(buffer, paint::centered(area, width, 7 + rows), "Saving");
    let waits = progress.is_some_and(|p| p.step == Step::Turn);
    let at = match progress.map(|p| p.step) {
        None | Some(Step::Turn | Step::Check) => 0,
        Some(Step::Send) => 1,
        Some(Step::Verify) => 2,
    };
    let steps = if waits {
        // Another program on this machine saves the same endpoint.
        let check = if width < 64 {
            "Waits for another novita-edit"
        } else {
            "Another novita-edit saves this endpoint: waiting"
        };
        [check, "Send", "Verify"]
    } else if width < 64 {
        ["Check: reading it", "Send: the body", "Verify: reading back"]
    } else {
        [
            "Check: reading the endpoint again",
            "Send: the reviewed body, once",
            "Verify: reading back",
        ]
    };
    for (row, text) in steps.iter().enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        let (sign, style) = match row.cmp(&at) {
            std::cmp::Ordering::Less => ("✓", theme::good()),
            std::cmp::Ordering::Equal => ("›", theme::strong()),
            std::cmp::Ordering::Greater => (" ", theme::dim()),
        };
        let tail = match again {
            Some(again) if row == at => format!(" (again, {} of {MOST_RETRIES})…", again.count),
            None if row == at => "…".to_owned(),
            _ => String::new(),
        };
        paint::pieces(
            buffer,
            inside.x + 1,
            y,
            inside.width - 1,
            &[(sign, style), (" ", style), (text, style), (&tail, style)],
        );
    }
    let room = usize::from(inside.bottom().saturating_sub(inside.y + 4));
    for (row, line) in fitted(&why, usize::from(width.saturating_sub(5)), room, "")
        .iter()
        .enumerate()
    {
        let y = inside.y + 4 + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, inside.width - 1, line, theme::warning());
    }
    hints::draw(&fixed(&[("Esc", "stop waiting", Rank::Way)]), buffer, area);
}
