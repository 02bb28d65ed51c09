//! The question before the form is left with unsaved edits.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::discarding;
use crate::tui::model::{Form, Leaving, Model, Screen};
use crate::tui::theme;
use crate::tui::update::can_keep;
use crate::tui::widgets::key_bar::{self as hints, Rank, fixed};
use crate::tui::widgets::notice::fitted;
use crate::tui::widgets::paint;

/// Whether unsaved edits are to be thrown away.
pub(super) fn leave(model: &Model, leaving: Leaving, buffer: &mut Buffer, area: Rect) {
    let kept = can_keep(model);
    let why = match &model.screen {
        _ if model.around.read_only => Some("Read-only: they can be neither sent nor kept.".to_owned()),
        Screen::Form(form) => match form.why_not_kept() {
            _ if form.discarding.withheld().is_some() => form.discarding.withheld().map(str::to_owned),
            _ if form.discarding.why_failed().is_some() => form.discarding.why_failed().map(discarding::failed),
            Some(why) => Some(format!("They can't be kept as a draft: {why}.")),
            None => {
                not_in_draft(model, form).map(|what| format!("A draft is kept without {what} (keep_secrets = false)."))
            }
        },
        _ => None,
    };
    let review = if model.is_read_only() {
        "review them"
    } else {
        "review and save them"
    };
    let (keep, discard) = match leaving {
        Leaving::Quit => ("keep them as a draft and quit", "discard them and quit"),
        Leaving::Picker if area.width < 46 => ("keep them, to the picker", "discard them, to the picker"),
        Leaving::Picker => ("keep them as a draft, to the picker", "discard them, to the picker"),
    };
    let (mut choices, mut keys) = (Vec::new(), Vec::new());
    if let Screen::Form(form) = &model.screen {
        if form.work.is_changed() {
            choices.push(("w", review));
            keys.push(("w", "review", Rank::Way));
        }
        if !form.unread.is_empty() {
            let is_fine = form.unread.last().is_some_and(|unread| unread.saved_at().is_some());
            let (choice, key) = if is_fine {
                ("look at the text from the editor", "see the text")
            } else {
                ("mend the text from the editor", "mend the text")
            };
            choices.push(("e", choice));
            keys.push(("e", key, Rank::Way));
        }
    }
    if kept {
        choices.push(("k", keep));
        keys.push(("k", "keep", Rank::Needed));
    }
    choices.extend([("Ctrl-X", discard), ("Esc", "go back")]);
    keys.extend([("Ctrl-X", "discard", Rank::Useful), ("Esc", "go back", Rank::Way)]);
    let most = usize::from(area.height).saturating_sub(choices.len() + 4);
    let said = fitted(
        why.as_deref().unwrap_or_default(),
        usize::from(area.width.min(46) - 4),
        most,
        "",
    );
    let told = u16::try_from(said.len() + usize::from(!said.is_empty())).unwrap_or(0);
    let rows = u16::try_from(choices.len()).unwrap_or(4) + told;
    let inside = paint::window(buffer, paint::centered(area, 46, rows + 2), "Unsaved changes");
    for (row, line) in said.iter().enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, inside.width - 2, line, theme::plain());
    }
    hints::draw(&fixed(&keys), buffer, area);
    for (row, (key, says)) in choices.iter().enumerate() {
        let y = inside.y + told + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, 7, key, theme::key());
        paint::text(buffer, inside.x + 8, y, inside.width - 8, says, theme::plain());
    }
}

/// What a draft would be without that the server hasn't got either.
fn not_in_draft(model: &Model, form: &Form) -> Option<&'static str> {
    let unsaved = model.unsaved_in(form)?;
    let texts = unsaved.unread.iter().map(|unread| &**unread);
    let values = model.loses_values(&unsaved.edited, unsaved.typing.as_ref(), []);
    match (values, model.loses_values(&form.work.base().config, None, texts)) {
        (true, true) => Some("new values of the environment and texts from the editor"),
        (true, false) => Some("new values of the environment"),
        (false, true) => Some("the text from the editor"),
        (false, false) => None,
    }
}
