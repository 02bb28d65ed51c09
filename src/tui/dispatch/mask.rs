//! Values that are shown are masked again when nobody has pressed anything for a while.

use crate::tui::model::{Model, Screen};
use crate::tui::view::View;
use crate::tui::views::review::Review;

/// Whether any value is shown that could be masked.
pub(super) fn is_anything_shown(model: &mut Model) -> bool {
    let in_form = matches!(&model.screen, Screen::Form(form) if form.is_revealing());
    in_form || model.views.iter_mut().any(View::is_revealing)
}

/// Masks all of them.
pub(super) fn mask(model: &mut Model) {
    let was = is_anything_shown(model);
    if let Screen::Form(form) = &mut model.screen {
        form.mask();
    }
    model.views.iter_mut().for_each(View::mask);
    if was {
        model.say("Nobody pressed a key for a minute: the values are masked again.");
        // The masked lines are others: what has to be seen before something is sent is seen anew.
        if let Some(review) = model.views.find_mut::<Review>() {
            review.restart();
        }
    }
}
