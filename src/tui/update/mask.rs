//! Values that are shown are masked again when nobody has pressed anything for a while.

use crate::endpoint::edit::Row;
use crate::tui::model::{Editing, Model, Screen};
use crate::tui::view::View;
use crate::tui::views::review::Review;

/// Everything that says whether values are shown, one after the other.
fn each(model: &mut Model, mut switch: impl FnMut(&mut bool)) {
    let mut editing = |editing: &mut Option<Editing>| {
        // The value of a new row is not there yet to be hidden.
        if let Some(Editing::Row(row)) = editing
            && row.old.is_some()
            && matches!(row.row, Row::Env(_))
        {
            switch(&mut row.reveal);
        }
    };
    if let Screen::Form(form) = &mut model.screen {
        editing(&mut form.editing);
    }
    if let Screen::Form(form) = &mut model.screen {
        let mut any = !form.revealed.is_empty();
        switch(&mut any);
        if !any {
            form.revealed.clear();
        }
        switch(&mut form.reveal_all);
    }
}

/// Whether any value is shown that could be masked.
pub(super) fn is_anything_shown(model: &mut Model) -> bool {
    let mut any = false;
    each(model, |shown| any |= *shown);
    any || model.views.iter().any(View::is_revealing)
}

/// Masks all of them.
pub(super) fn mask(model: &mut Model) {
    let was = is_anything_shown(model);
    each(model, |shown| *shown = false);
    model.views.iter_mut().for_each(View::mask);
    if was {
        model.say("Nobody pressed a key for a minute: the values are masked again.");
        // The masked lines are others: what has to be seen before something is sent is seen anew.
        if let Some(review) = model.views.find_mut::<Review>() {
            review.restart();
        }
    }
}
