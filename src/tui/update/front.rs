//! The text that is typed into now, whatever it is in.

use crossterm::event::KeyEvent;

use crate::tui::model::{Editing, Model, Overlay, Screen};
use crate::tui::screen::places;
use crate::tui::widget::text_edit::{TextEdit, goes_by_rows};

/// The text that is typed into now; `None` where letters mean something else.
pub(super) fn text_in_front(model: &mut Model) -> Option<&mut TextEdit> {
    match (&mut model.overlay, &mut model.screen) {
        (Some(Overlay::Find(text, _) | Overlay::Palette(text, _)), _) => Some(text),
        (Some(Overlay::Path(asked)), _) => asked.is_typed().then_some(&mut asked.text),
        (Some(Overlay::Review(review)), _) => review.confirm.as_mut(),
        (Some(Overlay::Conflict(conflict)), _) => typed(&mut conflict.editing),
        (Some(Overlay::Scale(_)), Screen::Form(form)) => typed(&mut form.editing),
        (None, Screen::Form(form)) => {
            let form = &mut **form;
            if form.editing.is_some() {
                return typed(&mut form.editing);
            }
            let filter = form.filter.as_mut().filter(|filter| filter.typing);
            filter.map(|filter| &mut filter.text)
        }
        (None, Screen::Picker(picker)) => picker.filtering.then(|| picker.filter_text_mut()),
        _ => None,
    }
}

fn typed(editing: &mut Option<Editing>) -> Option<&mut TextEdit> {
    editing.as_mut().and_then(Editing::text_mut)
}

/// Before a key that goes by drawn rows: a text that no frame has shown yet is laid out where nobody sees it, so that
/// keys that come in one read do what they do one by one.
pub(super) fn lay_out(model: &mut Model, key: &KeyEvent) {
    if goes_by_rows(key) && text_in_front(model).is_some_and(|text| !text.is_laid_out()) {
        drop(places(model));
    }
}
